//! Ranges of scores, which a pass over the rows may be confined to. They neither hold nor count rows.

use cutpoint_core::Threshold;
use serde::{Deserialize, Serialize};

use crate::key::key_of;
use crate::{Error, Result};

/// The scores from `lowest` to `highest`, both included.
///
/// # Examples
/// ```
/// use cutpoint_metrics::ScoreRange;
///
/// let range = ScoreRange::new(0.25, 0.5)?;
/// assert!(range.contains(0.5) && range.contains(0.25) && !range.contains(0.2));
/// assert!(ScoreRange::new(0.5, 0.25).is_err());
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(try_from = "Ends")]
pub struct ScoreRange {
    lowest: f64,
    highest: f64,
}

/// The ends of a range, as they are read.
#[derive(Deserialize)]
struct Ends {
    lowest: f64,
    highest: f64,
}

impl TryFrom<Ends> for ScoreRange {
    type Error = Error;

    fn try_from(Ends { lowest, highest }: Ends) -> Result<Self> {
        Self::new(lowest, highest)
    }
}

impl ScoreRange {
    /// A range of scores.
    ///
    /// # Errors
    /// [`Error::Range`] unless both ends are finite and `lowest` is at most `highest`.
    pub fn new(lowest: f64, highest: f64) -> Result<Self> {
        if lowest.is_finite() && highest.is_finite() && lowest <= highest {
            Ok(Self { lowest, highest })
        } else {
            Err(Error::Range { lowest, highest })
        }
    }

    /// The range between two scores that are known to be in order.
    pub(super) fn between(lowest: f64, highest: f64) -> Self {
        debug_assert!(lowest <= highest);
        Self { lowest, highest }
    }

    /// The lowest score inside.
    pub fn lowest(self) -> f64 {
        self.lowest
    }

    /// The highest score inside.
    pub fn highest(self) -> f64 {
        self.highest
    }

    /// Whether a score lies inside.
    pub fn contains(self, score: f64) -> bool {
        (self.lowest..=self.highest).contains(&score)
    }
}

/// Ranges by their keys, ascending and apart; one of all keys if none is given.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct KeyRanges {
    ranges: Vec<KeyRange>,
}

/// Some keys in a row, both ends included.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub(super) struct KeyRange {
    pub(super) first: u64,
    pub(super) last: u64,
}

impl KeyRanges {
    /// All keys.
    pub(super) fn all() -> Self {
        Self {
            ranges: vec![KeyRange {
                first: 0,
                last: u64::MAX,
            }],
        }
    }

    /// Ranges in any order; those that overlap become one.
    pub(super) fn new(ranges: &[ScoreRange]) -> Self {
        let keys = ranges.iter().map(|range| KeyRange {
            first: key_of(range.highest),
            last: key_of(range.lowest),
        });
        let mut sorted = keys.collect::<Vec<_>>();
        sorted.sort_unstable();
        let mut ranges = Vec::<KeyRange>::with_capacity(sorted.len());
        for range in sorted {
            match ranges.last_mut() {
                Some(above) if above.last >= range.first => above.last = above.last.max(range.last),
                _ => ranges.push(range),
            }
        }
        Self { ranges }
    }

    /// All keys, parted where scores reach thresholds and where they do not.
    pub(super) fn cut_at(thresholds: &[Threshold]) -> Self {
        let keys = thresholds.iter().map(|threshold| key_of(threshold.value()));
        let mut cuts = keys.collect::<Vec<_>>();
        cuts.sort_unstable();
        cuts.dedup();
        let mut ranges = Vec::with_capacity(cuts.len() + 1);
        let mut first = 0;
        for last in cuts {
            ranges.push(KeyRange { first, last });
            // No score has the last key of all, which is that of a NaN.
            first = last + 1;
        }
        ranges.push(KeyRange {
            first,
            last: u64::MAX,
        });
        Self { ranges }
    }

    /// Whether there are any, ascending and apart.
    pub(super) fn is_valid(&self) -> bool {
        let is_sorted = self
            .ranges
            .windows(2)
            .all(|pair| pair[0].last < pair[1].first);
        let is_each = self.ranges.iter().all(|range| range.first <= range.last);
        !self.ranges.is_empty() && is_sorted && is_each
    }

    /// Whether every key lies in one.
    pub(super) fn is_all(&self) -> bool {
        let whole = KeyRange {
            first: 0,
            last: u64::MAX,
        };
        self.ranges == [whole]
    }

    /// The range that a key lies in.
    pub(super) fn find(&self, key: u64) -> Option<KeyRange> {
        let ends = (self.ranges.first()?, self.ranges.last()?);
        // Most keys of a narrow pass lie outside of all ranges.
        if key < ends.0.first || key > ends.1.last {
            return None;
        }
        let n_before = self.ranges.partition_point(|range| range.last < key);
        Some(self.ranges[n_before]).filter(|range| range.first <= key)
    }

    pub(super) fn cursor(&self) -> RangeCursor<'_> {
        RangeCursor {
            ranges: &self.ranges,
        }
    }
}

impl KeyRange {
    /// The keys that share the range and their leading bits with a key of the range: what a bin may hold.
    pub(super) fn slot(self, key: u64, n_bits: u32) -> Self {
        let low_bits = u64::MAX.checked_shr(n_bits).unwrap_or(0);
        Self {
            first: self.first.max(key & !low_bits),
            last: self.last.min(key | low_bits),
        }
    }
}

/// A place among the ranges, for keys in ascending order that lie in them.
#[derive(Debug)]
pub(super) struct RangeCursor<'r> {
    ranges: &'r [KeyRange],
}

impl RangeCursor<'_> {
    /// The range that a key lies in, which is not below those asked for before.
    ///
    /// # Panics
    /// If the key lies after all ranges.
    pub(super) fn find(&mut self, key: u64) -> KeyRange {
        while self.ranges[0].last < key {
            self.ranges = &self.ranges[1..];
        }
        self.ranges[0]
    }
}
