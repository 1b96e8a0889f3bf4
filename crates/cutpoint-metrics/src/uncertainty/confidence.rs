//! What a confidence interval is, and the normal quantile of a confidence. How intervals come about is elsewhere.

use serde::{Serialize, Serializer};

use crate::normal::standard_normal_quantile;
use crate::{Error, Result};

/// Two numbers between which the truth lies, as far as the rows can tell; both finite. In JSON it is the list
/// `[low, high]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConfidenceInterval {
    low: f64,
    high: f64,
}

impl ConfidenceInterval {
    pub(crate) fn new(low: f64, high: f64) -> Self {
        debug_assert!(low <= high, "{low} and {high}");
        Self { low, high }
    }

    /// The lower end.
    pub fn low(self) -> f64 {
        self.low
    }

    /// The upper end.
    pub fn high(self) -> f64 {
        self.high
    }

    /// Whether both ends are the same number. Of a bootstrap that says that all replicates agree, as where a cell is
    /// empty, not that the truth is known.
    pub fn has_no_width(self) -> bool {
        self.low.total_cmp(&self.high).is_eq()
    }

    /// Whether a number lies inside, the ends included.
    pub fn contains(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

impl Serialize for ConfidenceInterval {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        [self.low, self.high].serialize(serializer)
    }
}

/// A confidence, if it is in `(0, 1)`.
pub(crate) fn check_confidence(confidence: f64) -> Result<f64> {
    if confidence > 0.0 && confidence < 1.0 {
        Ok(confidence)
    } else {
        Err(Error::Confidence { value: confidence })
    }
}

/// How many standard deviations on either side hold this share of a normal distribution.
pub(crate) fn two_sided_quantile(confidence: f64) -> f64 {
    -standard_normal_quantile((1.0 - confidence) / 2.0)
}
