//! Makes the table of a sweep, or what can be had without a table, from scores: chooses how wide counts are kept and
//! hands the rows to the sort. It knows nothing of metrics.

use cutpoint_core::Scores;

use super::Sweep;
use super::columns::{Columns, Count};
use super::counts::count;
use super::pairs::{Pairs, pairs};
use super::partition::{Buckets, Plan};
use super::record::{PackedRows, PlainRows, Record, Rows as _, WeighedRows};
use super::weights::weigh;

pub(super) fn build(scores: &Scores, plan: Plan) -> Sweep {
    let Some(weight) = scores.weight() else {
        return counted(Buckets::new(&plain_rows(scores), plan));
    };
    // -0.0 is a weight of 0, too.
    let buckets = if weight.iter().all(|&weight| weight > 0.0) {
        let rows = plain_rows(scores);
        Buckets::new(&WeighedRows { rows, weight }, plan)
    } else {
        let has_weight = |row: &usize| weight[*row] > 0.0;
        let rows_with_weight = || (0..weight.len()).filter(has_weight);
        let is_positive = rows_with_weight().map(|row| scores.is_positive()[row]);
        let score = rows_with_weight().map(|row| scores.score()[row]);
        let rows = WeighedRows {
            rows: PlainRows {
                is_positive: &is_positive.collect::<Vec<_>>(),
                score: &score.collect::<Vec<_>>(),
            },
            weight: &rows_with_weight()
                .map(|row| weight[row])
                .collect::<Vec<_>>(),
        };
        Buckets::new(&rows, plan)
    };
    weighed(buckets)
}

/// Records that a sweep can be made of.
pub(crate) trait Swept: Record {
    /// The sweep of rows without weights or with weights above 0.
    fn sweep_rows(rows: PackedRows<Self>) -> Sweep;
}

impl Swept for u64 {
    fn sweep_rows(rows: PackedRows<Self>) -> Sweep {
        counted(buckets_of(rows))
    }
}

impl Swept for (u64, u64) {
    fn sweep_rows(rows: PackedRows<Self>) -> Sweep {
        weighed(buckets_of(rows))
    }
}

/// The rows are let go before columns are made.
fn buckets_of<R: Record>(rows: PackedRows<R>) -> Buckets<R> {
    let buckets = Buckets::new(&rows, Plan::new(rows.n_rows()));
    drop(rows);
    buckets
}

fn counted(buckets: Buckets<u64>) -> Sweep {
    let n_samples = buckets.n_rows();
    let (thresholds, columns) = if n_samples as u64 <= u32::LARGEST {
        let (thresholds, counts) = count(buckets);
        (thresholds, Columns::Counts(counts))
    } else {
        let (thresholds, counts) = count(buckets);
        (thresholds, Columns::LongCounts(counts))
    };
    Sweep {
        thresholds,
        columns,
        n_samples,
    }
}

fn weighed(buckets: Buckets<(u64, u64)>) -> Sweep {
    let n_samples = buckets.n_rows();
    let (thresholds, weights) = weigh(buckets);
    Sweep {
        thresholds,
        columns: Columns::Weights(weights),
        n_samples,
    }
}

/// The pairs of a positive and a negative row, whatever the weights.
pub(super) fn build_pairs(scores: &Scores, plan: Plan) -> Pairs {
    pairs(Buckets::new(&plain_rows(scores), plan))
}

fn plain_rows(scores: &Scores) -> PlainRows<'_> {
    PlainRows {
        is_positive: scores.is_positive(),
        score: scores.score(),
    }
}
