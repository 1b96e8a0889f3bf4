//! Builds the table of a sweep from scores: sorts each class by score, then merges the two. It knows the columns of
//! [`Sweep`] and nothing of metrics.

use cutpoint_core::Scores;
use rayon::slice::ParallelSliceMut;

use super::{Columns, Sweep};
use crate::compensated::CompensatedSum;

pub(super) fn build(scores: &Scores) -> Sweep {
    match scores.weight() {
        None => count(scores),
        Some(weight) => weigh(scores, weight),
    }
}

/// Sorts bare keys, one vector a class: nothing but eight bytes a row is moved.
fn count(scores: &Scores) -> Sweep {
    let n_positives = scores.is_positive().iter().filter(|is| **is).count();
    let n_samples = scores.n_samples();
    let mut positives = Vec::with_capacity(n_positives);
    let mut negatives = Vec::with_capacity(n_samples - n_positives);
    for (&is_positive, &score) in scores.is_positive().iter().zip(scores.score()) {
        let class = if is_positive {
            &mut positives
        } else {
            &mut negatives
        };
        class.push(descending_key(score));
    }
    sort_both(&mut positives, &mut negatives);

    let mut thresholds = Vec::with_capacity(n_samples);
    let (mut tp, mut fp) = (Vec::with_capacity(n_samples), Vec::with_capacity(n_samples));
    let (mut n_tp, mut n_fp) = (0, 0);
    while let Some(key) = lowest(positives.get(n_tp), negatives.get(n_fp)) {
        n_tp += run_length(&positives[n_tp..], |other| *other == key);
        n_fp += run_length(&negatives[n_fp..], |other| *other == key);
        thresholds.push(score_of(key));
        tp.push(n_tp as u64);
        fp.push(n_fp as u64);
    }
    for column in [&mut tp, &mut fp] {
        column.shrink_to_fit();
    }
    thresholds.shrink_to_fit();
    Sweep {
        thresholds,
        columns: Columns::Counts { tp, fp },
        n_samples,
    }
}

/// Sorts by score and then by weight, so that tied rows are summed in an order of their own, not that of the input.
fn weigh(scores: &Scores, weight: &[f64]) -> Sweep {
    let (mut positives, mut negatives) = (Vec::new(), Vec::new());
    let rows = scores.is_positive().iter().zip(scores.score()).zip(weight);
    for ((&is_positive, &score), &weight) in rows {
        // -0.0 is a weight of 0, too.
        if weight > 0.0 {
            let class = if is_positive {
                &mut positives
            } else {
                &mut negatives
            };
            // Bits of positive floats sort as the floats do.
            class.push((descending_key(score), weight.to_bits()));
        }
    }
    sort_both(&mut positives, &mut negatives);

    let n_samples = positives.len() + negatives.len();
    let mut thresholds = Vec::new();
    let (mut tp, mut fp) = (Vec::new(), Vec::new());
    let (mut tp_sum, mut fp_sum) = (CompensatedSum::default(), CompensatedSum::default());
    let (mut n_tp, mut n_fp) = (0, 0);
    while let Some(key) = lowest(
        positives.get(n_tp).map(|(key, _)| key),
        negatives.get(n_fp).map(|(key, _)| key),
    ) {
        n_tp += add_run(&positives[n_tp..], key, &mut tp_sum);
        n_fp += add_run(&negatives[n_fp..], key, &mut fp_sum);
        thresholds.push(score_of(key));
        tp.push(tp_sum);
        fp.push(fp_sum);
    }
    Sweep {
        thresholds,
        columns: Columns::Weights { tp, fp },
        n_samples,
    }
}

fn sort_both<T: Ord + Send>(positives: &mut [T], negatives: &mut [T]) {
    rayon::join(
        || positives.par_sort_unstable(),
        || negatives.par_sort_unstable(),
    );
}

/// Adds the weights of the rows that share the key; how many there are.
fn add_run(rows: &[(u64, u64)], key: u64, sum: &mut CompensatedSum) -> usize {
    let n_rows = run_length(rows, |(other, _)| *other == key);
    for (_, weight_bits) in &rows[..n_rows] {
        sum.add(f64::from_bits(*weight_bits));
    }
    n_rows
}

fn run_length<T>(rows: &[T], is_same: impl Fn(&T) -> bool) -> usize {
    rows.iter().take_while(|row| is_same(row)).count()
}

fn lowest(left: Option<&u64>, right: Option<&u64>) -> Option<u64> {
    match (left, right) {
        (Some(left), Some(right)) => Some(*left.min(right)),
        (left, right) => left.or(right).copied(),
    }
}

/// An integer that is the lower, the higher the score is. Only equal scores share one: adjacent floats differ by 1.
fn descending_key(score: f64) -> u64 {
    let bits = score.to_bits();
    if score.is_sign_negative() {
        bits
    } else {
        !bits & !SIGN
    }
}

/// The score of a key.
fn score_of(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key & !SIGN } else { key })
}

const SIGN: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_descend_as_scores_ascend_and_lead_back() {
        let ascending = [
            f64::MIN,
            -1.0,
            -f64::MIN_POSITIVE,
            -f64::from_bits(1),
            0.0,
            f64::from_bits(1),
            f64::MIN_POSITIVE,
            0.1,
            0.1_f64.next_up(),
            1.0,
            f64::MAX,
        ];
        for pair in ascending.windows(2) {
            assert!(
                descending_key(pair[0]) > descending_key(pair[1]),
                "{pair:?}"
            );
        }
        for score in ascending {
            assert_eq!(score_of(descending_key(score)).to_bits(), score.to_bits());
        }
        let key = descending_key(0.1);
        assert_eq!(descending_key(0.1_f64.next_up()), key - 1);
    }
}
