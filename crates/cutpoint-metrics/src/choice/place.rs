//! A threshold that was looked at. Whether it is any good is not known here.

use crate::{Cells, Interval};

/// A threshold, its cells, and the next lower score.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Place {
    pub(crate) threshold: Option<f64>,
    pub(crate) cells: Cells,
    pub(crate) above: Option<f64>,
}

impl Place {
    /// The thresholds with the same cells.
    pub(crate) fn interval(&self) -> Interval {
        Interval::new(self.above, self.threshold)
    }

    /// Whether its threshold is above another; "predict none" is above all.
    pub(super) fn is_higher(&self, other: Option<f64>) -> bool {
        match (self.threshold, other) {
            (Some(threshold), Some(other)) => threshold > other,
            (threshold, other) => threshold.is_none() && other.is_some(),
        }
    }
}
