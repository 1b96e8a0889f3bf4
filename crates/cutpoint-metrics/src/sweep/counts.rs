//! From buckets of rows without weights to the table of a sweep: each bucket is sorted and counted while it is in
//! cache, and its part of the columns written at once.

use rayon::prelude::*;

use super::columns::{Count, Counts};
use super::memory::zeroed;
use super::partition::{Buckets, Sorter};
use super::record::{Sign, class, is_tied, score_bits};

/// Where a bucket stands in the whole.
#[derive(Debug, Clone, Copy)]
pub(super) struct Standing {
    /// The sign of all its scores.
    pub(super) sign: Sign,
    /// Rows in buckets before it.
    pub(super) n_rows_above: u64,
    /// Positive rows in buckets before it.
    pub(super) n_positives_above: u64,
    /// Positive rows of its own.
    pub(super) n_positives: u64,
}

/// The standing of each bucket.
pub(super) fn standings(buckets: &Buckets<u64>) -> Vec<Standing> {
    let n_positives = buckets.map(|rows| rows.iter().map(|&row| class(row)).sum::<u64>());
    let (mut n_rows_above, mut n_positives_above) = (0, 0);
    let spans = buckets.spans().iter().zip(n_positives);
    spans
        .map(|(span, n_positives)| {
            let standing = Standing {
                sign: span.sign,
                n_rows_above,
                n_positives_above,
                n_positives,
            };
            n_rows_above += span.n_rows as u64;
            n_positives_above += n_positives;
            standing
        })
        .collect()
}

/// Whether all rows of a bucket have one score.
pub(super) fn is_one_score(rows: &[u64]) -> bool {
    rows.iter().all(|&row| is_tied(row, rows[0]))
}

/// The thresholds and the columns of counts.
pub(super) fn count<C: Count>(mut buckets: Buckets<u64>) -> (Vec<f64>, Counts<C>) {
    let n_rows = buckets.n_rows();
    let standings = standings(&buckets);
    // Each bucket writes its thresholds in the place of its rows, its counts beside them.
    let mut tp = zeroed::<C>(n_rows);
    let mut rest = &mut tp[..];
    let places = buckets.spans().iter().map(|span| {
        let (place, others) = std::mem::take(&mut rest).split_at_mut(span.n_rows);
        rest = others;
        place
    });
    let places = places.collect::<Vec<_>>();
    let parts = buckets.map_sorted(
        places.into_iter().zip(standings),
        |sorter, rows, (tp, standing)| count_bucket(sorter, rows, tp, standing),
    );

    let sizes = buckets.spans().iter().map(|span| span.n_rows);
    let parts = sizes.zip(parts).collect::<Vec<_>>();
    let mut thresholds = buckets.into_records();
    let n_thresholds = parts
        .iter()
        .map(|(_, part)| part.n_thresholds)
        .sum::<usize>();
    let predicted = (n_thresholds < n_rows).then(|| {
        let gaps = || {
            let spans = parts
                .iter()
                .map(|(n_rows, part)| (*n_rows, part.n_thresholds));
            spans.collect::<Vec<_>>()
        };
        let ((), ((), predicted)) = rayon::join(
            || close_gaps(&mut thresholds, &gaps()),
            || {
                rayon::join(
                    || close_gaps(&mut tp, &gaps()),
                    || predicted(&parts, n_thresholds),
                )
            },
        );
        predicted
    });
    // Done in place: it changes the type and no bit.
    let thresholds = thresholds.into_iter().map(f64::from_bits).collect();
    (thresholds, Counts { tp, predicted })
}

/// What a bucket has given.
struct Part<C> {
    n_thresholds: usize,
    /// `tp + fp` at each; empty if no rows tie.
    predicted: Vec<C>,
}

fn count_bucket<C: Count>(
    sorter: &mut Sorter<u64>,
    rows: &mut [u64],
    tp: &mut [C],
    standing: Standing,
) -> Part<C> {
    let mut n_positives = standing.n_positives_above;
    let mut n_rows = standing.n_rows_above;
    if is_one_score(rows) {
        rows[0] = score_bits(rows[0], standing.sign);
        tp[0] = C::of(n_positives + standing.n_positives);
        let predicted = match rows.len() {
            1 => Vec::new(),
            n_tied => vec![C::of(n_rows + n_tied as u64)],
        };
        return Part {
            n_thresholds: 1,
            predicted,
        };
    }
    let sorted = sorter.sort(rows);
    let pairs = sorted.windows(2);
    let n_thresholds = 1 + pairs.filter(|pair| !is_tied(pair[0], pair[1])).count();
    if n_thresholds == sorted.len() {
        for ((&row, threshold), tp) in sorted.iter().zip(rows).zip(tp) {
            n_positives += class(row);
            *tp = C::of(n_positives);
            *threshold = score_bits(row, standing.sign);
        }
        return Part {
            n_thresholds,
            predicted: Vec::new(),
        };
    }
    // Of tied rows each overwrites what the one before it has written.
    let mut predicted = zeroed::<C>(n_thresholds);
    let mut place = 0;
    for (index, &row) in sorted.iter().enumerate() {
        n_positives += class(row);
        n_rows += 1;
        rows[place] = score_bits(row, standing.sign);
        tp[place] = C::of(n_positives);
        predicted[place] = C::of(n_rows);
        let next = sorted.get(index + 1);
        place += usize::from(next.is_some_and(|&next| !is_tied(row, next)));
    }
    Part {
        n_thresholds,
        predicted,
    }
}

/// Moves what is used of each span to where the one before it ends. A span is its size and how much of it is used.
fn close_gaps<T: Copy>(column: &mut Vec<T>, spans: &[(usize, usize)]) {
    let (mut from, mut to) = (0, 0);
    for &(size, n_used) in spans {
        if from > to {
            column.copy_within(from..from + n_used, to);
        }
        from += size;
        to += n_used;
    }
    column.truncate(to);
    column.shrink_to_fit();
}

fn predicted<C: Count>(parts: &[(usize, Part<C>)], n_thresholds: usize) -> Vec<C> {
    let mut predicted = zeroed::<C>(n_thresholds);
    let mut rest = &mut predicted[..];
    let mut n_rows_above = 0;
    let mut work = Vec::with_capacity(parts.len());
    for (n_rows, part) in parts {
        let (place, others) = std::mem::take(&mut rest).split_at_mut(part.n_thresholds);
        rest = others;
        work.push((place, part, n_rows_above));
        n_rows_above += *n_rows as u64;
    }
    work.into_par_iter()
        .for_each(|(place, part, n_rows_above)| {
            if part.predicted.is_empty() {
                for (predicted, n_rows) in place.iter_mut().zip(n_rows_above + 1..) {
                    *predicted = C::of(n_rows);
                }
            } else {
                place.copy_from_slice(&part.predicted);
            }
        });
    predicted
}
