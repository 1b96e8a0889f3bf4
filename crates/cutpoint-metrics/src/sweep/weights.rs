//! From buckets of weighted rows to the table of a sweep: sorts all rows, then sums their weights block by block. The
//! blocks are cut by rank, so that a sum depends neither on the order of the input nor on the threads.

use std::ops::Range;

use rayon::prelude::*;

use super::columns::Weights;
use super::memory::zeroed;
use super::partition::Buckets;
use super::record::{Sign, class, is_tied, score_bits};
use crate::compensated::CompensatedSum;

/// Rows that are summed one after the other.
pub(super) const BLOCK_ROWS: usize = 1 << 16;

/// The thresholds and the columns of sums.
pub(super) fn weigh(mut buckets: Buckets<(u64, u64)>) -> (Vec<f64>, Weights) {
    let n_buckets = buckets.spans().len();
    buckets.map_sorted(vec![(); n_buckets], |sorter, rows, ()| {
        let sorted = sorter.sort(rows);
        rows.copy_from_slice(sorted);
    });
    let positive_spans = buckets.spans().iter();
    let positive_spans = positive_spans.take_while(|span| span.sign == Sign::Positive);
    let first_negative = positive_spans.map(|span| span.n_rows).sum();
    sum(&Ranking {
        rows: buckets.into_records(),
        first_negative,
    })
}

/// All rows, in descending order of score.
struct Ranking {
    rows: Vec<(u64, u64)>,
    /// The first row whose score is negative.
    first_negative: usize,
}

impl Ranking {
    /// Whether a row is the last of its score.
    fn is_last_of_score(&self, row: usize) -> bool {
        // Rows of different sign may look tied: the sign is not in the record.
        row + 1 == self.rows.len()
            || row + 1 == self.first_negative
            || !is_tied(self.rows[row].0, self.rows[row + 1].0)
    }

    fn score(&self, row: usize) -> f64 {
        let sign = if row < self.first_negative {
            Sign::Positive
        } else {
            Sign::Negative
        };
        f64::from_bits(score_bits(self.rows[row].0, sign))
    }
}

/// Weights of the two classes.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    tp: CompensatedSum,
    fp: CompensatedSum,
}

impl Sums {
    fn add(&mut self, (packed, weight_bits): (u64, u64)) {
        let weight = f64::from_bits(weight_bits);
        if class(packed) == 1 {
            self.tp.add(weight);
        } else {
            self.fp.add(weight);
        }
    }

    fn plus(self, other: Self) -> Self {
        Self {
            tp: self.tp.plus(other.tp),
            fp: self.fp.plus(other.fp),
        }
    }
}

fn sum(ranking: &Ranking) -> (Vec<f64>, Weights) {
    let n_rows = ranking.rows.len();
    let blocks = (0..n_rows)
        .step_by(BLOCK_ROWS)
        .map(|start| start..n_rows.min(start + BLOCK_ROWS))
        .collect::<Vec<_>>();
    let totals = blocks.par_iter().map(|block| total(ranking, block.clone()));
    let totals = totals.collect::<Vec<_>>();

    let n_thresholds = totals.iter().map(|(n_thresholds, _)| n_thresholds).sum();
    let mut thresholds = zeroed::<f64>(n_thresholds);
    let mut weights = Weights {
        tp: zeroed(n_thresholds),
        fp: zeroed(n_thresholds),
    };
    let mut work = Vec::with_capacity(blocks.len());
    let mut rest = (
        &mut thresholds[..],
        &mut weights.tp[..],
        &mut weights.fp[..],
    );
    let mut above = Sums::default();
    for (block, (n_thresholds, total)) in blocks.into_iter().zip(totals) {
        let (thresholds, others) = rest.0.split_at_mut(n_thresholds);
        let (tp, tp_others) = rest.1.split_at_mut(n_thresholds);
        let (fp, fp_others) = rest.2.split_at_mut(n_thresholds);
        rest = (others, tp_others, fp_others);
        work.push((block, above, thresholds, tp, fp));
        above = above.plus(total);
    }
    work.into_par_iter()
        .for_each(|(block, above, thresholds, tp, fp)| {
            let mut places = thresholds.iter_mut().zip(tp).zip(fp);
            let mut sums = Sums::default();
            for row in block {
                sums.add(ranking.rows[row]);
                if ranking.is_last_of_score(row) {
                    let ((threshold, tp), fp) = places.next().expect("thresholds were counted");
                    // Added to what is above and not carried on from it: the last row of a block then equals the start
                    // of the next, and a class without rows in a block keeps its sum to the bit.
                    let sums = above.plus(sums);
                    *threshold = ranking.score(row);
                    *tp = sums.tp.parts();
                    *fp = sums.fp.parts();
                }
            }
        });
    (thresholds, weights)
}

/// The thresholds that end in a block, and its weight.
fn total(ranking: &Ranking, block: Range<usize>) -> (usize, Sums) {
    let mut sums = Sums::default();
    let mut n_thresholds = 0;
    for row in block {
        sums.add(ranking.rows[row]);
        n_thresholds += usize::from(ranking.is_last_of_score(row));
    }
    (n_thresholds, sums)
}
