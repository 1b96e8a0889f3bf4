//! The number of pairs in order, which is the ROC AUC: from buckets of rows without weights, by the work of a sweep
//! without its table, or from the table. Whole numbers, so that the order of adding them up does not matter.

use rayon::prelude::*;

use super::columns::{Columns, Count, Counts};
use super::counts::{Standing, is_one_score, standings};
use super::partition::{Buckets, Sorter};
use super::record::{class, is_tied};

/// Pairs of a positive and a negative row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Pairs {
    /// Twice the pairs in which the positive row scores higher, and once those that tie: whole, and exact.
    doubled_in_order: u128,
    /// All pairs.
    all: u128,
}

impl Pairs {
    fn new(n_positives: u64, n_negatives: u64, doubled_in_order: u128) -> Self {
        Self {
            doubled_in_order,
            all: u128::from(n_positives) * u128::from(n_negatives),
        }
    }

    /// The share of pairs in order, ties counting half; `None` without pairs.
    pub(crate) fn share_in_order(self) -> Option<f64> {
        (self.all > 0).then(|| self.doubled_in_order as f64 / (2 * self.all) as f64)
    }
}

/// Twice the pairs in order that the negative rows of one score are in, and once those in which they tie.
fn doubled_pairs(n_negatives: u64, n_positives_above: u64, n_positives: u64) -> u128 {
    u128::from(n_negatives) * (2 * u128::from(n_positives_above) + u128::from(n_positives))
}

/// The pairs of rows that are not yet sorted.
pub(super) fn pairs(mut buckets: Buckets<u64>) -> Pairs {
    let standings = standings(&buckets);
    let n_positives = standings.iter().map(|bucket| bucket.n_positives).sum();
    let n_negatives = buckets.n_rows() as u64 - n_positives;
    let parts = buckets.map_sorted(standings, |sorter, rows, standing| {
        pairs_of_bucket(sorter, rows, standing)
    });
    Pairs::new(n_positives, n_negatives, parts.into_iter().sum())
}

fn pairs_of_bucket(sorter: &mut Sorter<u64>, rows: &[u64], standing: Standing) -> u128 {
    let mut above = standing.n_positives_above;
    if is_one_score(rows) {
        let n_negatives = rows.len() as u64 - standing.n_positives;
        return doubled_pairs(n_negatives, above, standing.n_positives);
    }
    let sorted = sorter.sort(rows);
    let mut neighbours = sorted.windows(2);
    if !neighbours.any(|pair| is_tied(pair[0], pair[1])) {
        // The positive rows above are in order with each of the bucket's negative ones.
        let n_negatives = rows.len() as u64 - standing.n_positives;
        let (mut n_positives, mut in_order) = (0, 0_u128);
        for &row in sorted {
            in_order += u128::from((1 - class(row)) * n_positives);
            n_positives += class(row);
        }
        return doubled_pairs(n_negatives, above, 0) + 2 * in_order;
    }
    let mut sum = 0;
    for tied in sorted.chunk_by(|&left, &right| is_tied(left, right)) {
        let n_positives = tied.iter().map(|&row| class(row)).sum();
        sum += doubled_pairs(tied.len() as u64 - n_positives, above, n_positives);
        above += n_positives;
    }
    sum
}

/// The pairs of a table; `None` if its cells are weights.
pub(super) fn pairs_of_table(columns: &Columns) -> Option<Pairs> {
    match columns {
        Columns::Counts(counts) => Some(pairs_of_counts(counts)),
        Columns::LongCounts(counts) => Some(pairs_of_counts(counts)),
        Columns::Weights(_) => None,
    }
}

fn pairs_of_counts<C: Count>(counts: &Counts<C>) -> Pairs {
    /// Fewer rows are not worth waking a thread for.
    const BLOCK_ROWS: usize = 1 << 14;

    let n_thresholds = counts.tp.len();
    let in_order = (0..n_thresholds).into_par_iter().with_min_len(BLOCK_ROWS);
    let in_order = in_order.map(|place| {
        let (tp, fp) = (counts.tp(place), counts.fp(place));
        let (tp_above, fp_above) = match place.checked_sub(1) {
            Some(above) => (counts.tp(above), counts.fp(above)),
            None => (0, 0),
        };
        doubled_pairs(fp - fp_above, tp_above, tp - tp_above)
    });
    let last = n_thresholds - 1;
    Pairs::new(counts.tp(last), counts.fp(last), in_order.sum())
}
