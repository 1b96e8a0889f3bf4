//! What a row of a sweep is by itself: its threshold, its cells, and the thresholds around that give the same.

use cutpoint_core::Threshold;
use serde::{Serialize, Serializer};

use crate::Cells;

/// A score as a threshold.
pub(crate) fn at_score(score: f64) -> Threshold {
    Threshold::new(score).expect("scores are finite")
}

/// A threshold and its cells.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SweepRow {
    pub(super) threshold: Option<Threshold>,
    pub(super) cells: Cells,
}

impl SweepRow {
    /// The threshold; `None` for "predict none".
    pub fn threshold(&self) -> Option<Threshold> {
        self.threshold
    }

    /// The cells.
    pub fn cells(&self) -> Cells {
        self.cells
    }
}

impl From<SweepPoint> for SweepRow {
    fn from(point: SweepPoint) -> Self {
        Self {
            threshold: point.threshold,
            cells: point.cells,
        }
    }
}

/// A threshold, its cells, and the thresholds around that have the same.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct SweepPoint {
    /// The threshold; `None` for "predict none".
    pub threshold: Option<Threshold>,
    /// The thresholds that give the same matrix.
    pub interval: Interval,
    /// The cells, as they were counted in the data.
    pub cells: Cells,
}

impl SweepPoint {
    /// What holds in an interval, at the highest threshold inside.
    pub fn of(interval: Interval, cells: Cells) -> Self {
        Self {
            threshold: interval.upper,
            interval,
            cells,
        }
    }

    /// Whether its threshold is higher than another; "predict none" is higher than all.
    pub fn is_higher_than(&self, other: Option<Threshold>) -> bool {
        match (self.threshold, other) {
            (Some(threshold), Some(other)) => threshold > other,
            (threshold, other) => threshold.is_none() && other.is_some(),
        }
    }
}

/// The thresholds `(lower, upper]`, all of which give the same matrix. In JSON it is the list `[lower, upper]`, with
/// `null` for an end that is open.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::sweep;
///
/// let table = sweep(&Scores::new(vec![true, false], vec![3.0, 1.0])?);
/// let interval = table.interval(1);
/// assert_eq!(interval.lower(), Some(Threshold::new(1.0)?));
/// assert_eq!(interval.upper(), Some(Threshold::new(3.0)?));
/// assert_eq!(interval.midpoint(), Some(Threshold::new(2.0)?));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Interval {
    lower: Option<Threshold>,
    upper: Option<Threshold>,
}

impl Interval {
    /// The thresholds down to the next lower score, from the highest.
    pub fn new(lower: Option<Threshold>, upper: Option<Threshold>) -> Self {
        Self { lower, upper }
    }

    /// A threshold alone, where nothing is known of those around it.
    pub fn at(threshold: Threshold) -> Self {
        let lower = Threshold::new(threshold.value().next_down()).ok();
        Self::new(lower, Some(threshold))
    }

    /// The next lower score, itself outside; `None` in the last row, which holds however low the threshold is.
    pub fn lower(self) -> Option<Threshold> {
        self.lower
    }

    /// The highest threshold inside, the row's own score; `None` for "predict none", which holds however high it is.
    pub fn upper(self) -> Option<Threshold> {
        self.upper
    }

    /// Whether a threshold lies inside.
    pub fn contains(self, threshold: Threshold) -> bool {
        self.lower.is_none_or(|lower| threshold > lower)
            && self.upper.is_none_or(|upper| threshold <= upper)
    }

    /// The middle, farthest from the scores on both sides; `None` if one end is open. Between adjacent floats, where
    /// there is none, the upper end.
    pub fn midpoint(self) -> Option<Threshold> {
        let (lower, upper) = (self.lower?, self.upper?);
        let middle = Threshold::new(lower.value().midpoint(upper.value())).ok();
        // Rounding may bring the middle of two neighbours down to the lower one, which lies outside.
        Some(middle.filter(|middle| *middle > lower).unwrap_or(upper))
    }
}

impl Serialize for Interval {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.lower, self.upper].serialize(serializer)
    }
}
