//! How the cumulative columns of a sweep are kept: counts in four bytes while they fit, and no column for what the rank
//! of a row tells.

use super::memory::Zeroed;
use crate::compensated::CompensatedSum;

/// The cumulative columns, one entry a threshold. `fn_` and `tn` are what is left of the totals, which are last.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Columns {
    /// Fewer than 2^32 rows of data.
    Counts(Counts<u32>),
    LongCounts(Counts<u64>),
    Weights(Weights),
}

/// A count in a column.
pub(super) trait Count: Zeroed + Into<u64> {
    /// The most that a column can hold.
    const LARGEST: u64;

    /// A count of at most [`Count::LARGEST`].
    fn of(count: u64) -> Self;
}

impl Count for u32 {
    const LARGEST: u64 = u32::MAX as u64;

    #[expect(
        clippy::cast_possible_truncation,
        reason = "columns are made for counts that fit"
    )]
    fn of(count: u64) -> Self {
        count as u32
    }
}

impl Count for u64 {
    const LARGEST: u64 = u64::MAX;

    fn of(count: u64) -> Self {
        count
    }
}

/// Columns of counts.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Counts<C> {
    pub(super) tp: Vec<C>,
    /// `tp + fp`, unless no two rows of data tie: then it is 1, 2, 3, … and is not kept.
    pub(super) predicted: Option<Vec<C>>,
}

impl<C: Count> Counts<C> {
    fn new(counts: impl Iterator<Item = [u64; 2]>, n_thresholds: usize, total: u64) -> Self {
        // Every threshold adds a row at least: without ties, just one.
        let has_ties = total != n_thresholds as u64;
        let mut columns = Self {
            tp: Vec::with_capacity(n_thresholds),
            predicted: has_ties.then(|| Vec::with_capacity(n_thresholds)),
        };
        for [tp, fp] in counts {
            columns.tp.push(C::of(tp));
            if let Some(predicted) = &mut columns.predicted {
                predicted.push(C::of(tp + fp));
            }
        }
        columns
    }

    #[inline]
    pub(super) fn tp(&self, place: usize) -> u64 {
        self.tp[place].into()
    }

    #[inline]
    pub(super) fn fp(&self, place: usize) -> u64 {
        let predicted = match &self.predicted {
            Some(predicted) => predicted[place].into(),
            None => place as u64 + 1,
        };
        predicted - self.tp(place)
    }
}

/// Columns of sums, compensated so that the small cells left at either end of 10^8 rows keep their digits. A pair is
/// the two parts of a sum.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    pub(super) tp: Vec<[f64; 2]>,
    pub(super) fp: Vec<[f64; 2]>,
}

impl Columns {
    /// Columns of cumulative counts made elsewhere, each pair greater than the one before, kept as those made here.
    pub(super) fn from_counts(
        counts: impl Iterator<Item = [u64; 2]>,
        n_thresholds: usize,
        total: u64,
    ) -> Self {
        if total <= u32::LARGEST {
            Self::Counts(Counts::new(counts, n_thresholds, total))
        } else {
            Self::LongCounts(Counts::new(counts, n_thresholds, total))
        }
    }

    /// Columns of cumulative sums made elsewhere.
    pub(super) fn from_sums(
        sums: impl Iterator<Item = [CompensatedSum; 2]>,
        n_thresholds: usize,
    ) -> Self {
        let mut columns = Weights {
            tp: Vec::with_capacity(n_thresholds),
            fp: Vec::with_capacity(n_thresholds),
        };
        for [tp, fp] in sums {
            columns.tp.push(tp.parts());
            columns.fp.push(fp.parts());
        }
        Self::Weights(columns)
    }

    /// The counts `[tp, fp]` at a place; `None` for weights.
    #[inline]
    pub(super) fn counts(&self, place: usize) -> Option<[u64; 2]> {
        match self {
            Self::Counts(counts) => Some([counts.tp(place), counts.fp(place)]),
            Self::LongCounts(counts) => Some([counts.tp(place), counts.fp(place)]),
            Self::Weights(_) => None,
        }
    }

    pub(super) fn tp(&self, place: usize) -> CompensatedSum {
        match self {
            Self::Counts(counts) => of_count(counts.tp(place)),
            Self::LongCounts(counts) => of_count(counts.tp(place)),
            Self::Weights(weights) => of_parts(weights.tp[place]),
        }
    }

    pub(super) fn fp(&self, place: usize) -> CompensatedSum {
        match self {
            Self::Counts(counts) => of_count(counts.fp(place)),
            Self::LongCounts(counts) => of_count(counts.fp(place)),
            Self::Weights(weights) => of_parts(weights.fp[place]),
        }
    }
}

fn of_count(count: u64) -> CompensatedSum {
    CompensatedSum::from_parts(count as f64, 0.0)
}

fn of_parts([high, low]: [f64; 2]) -> CompensatedSum {
    CompensatedSum::from_parts(high, low)
}
