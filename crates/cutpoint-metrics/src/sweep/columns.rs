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
    fn new(tp: &[u64], fp: &[u64]) -> Self {
        let predicted = || tp.iter().zip(fp).map(|(tp, fp)| tp + fp);
        Self {
            tp: tp.iter().map(|&count| C::of(count)).collect(),
            predicted: (!predicted().eq(1..=tp.len() as u64))
                .then(|| predicted().map(C::of).collect()),
        }
    }

    pub(super) fn tp(&self, place: usize) -> u64 {
        self.tp[place].into()
    }

    pub(super) fn fp(&self, place: usize) -> u64 {
        let predicted = match &self.predicted {
            Some(predicted) => predicted[place].into(),
            None => place as u64 + 1,
        };
        predicted - self.tp(place)
    }
}

/// Columns of sums, compensated so that the small cells left at either end of 10^8 rows keep their digits. A pair is the
/// two parts of a sum.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Weights {
    pub(super) tp: Vec<[f64; 2]>,
    pub(super) fp: Vec<[f64; 2]>,
}

impl Columns {
    /// Columns of counts made elsewhere, kept as those made here.
    pub(super) fn from_counts(tp: &[u64], fp: &[u64]) -> Self {
        let n_samples = tp.last().zip(fp.last()).map_or(0, |(tp, fp)| tp + fp);
        if n_samples <= u32::LARGEST {
            Self::Counts(Counts::new(tp, fp))
        } else {
            Self::LongCounts(Counts::new(tp, fp))
        }
    }

    /// Columns of sums made elsewhere.
    pub(super) fn from_sums(tp: &[CompensatedSum], fp: &[CompensatedSum]) -> Self {
        let parts = |sums: &[CompensatedSum]| sums.iter().map(|sum| sum.parts()).collect();
        Self::Weights(Weights {
            tp: parts(tp),
            fp: parts(fp),
        })
    }

    /// The counts `[tp, fp]` at a place; `None` for weights.
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
