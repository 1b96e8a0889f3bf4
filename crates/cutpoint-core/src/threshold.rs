//! A decision threshold: a finite number that scores are held against.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// A decision threshold. A row is predicted positive iff `score >= threshold`. In JSON it is a number.
///
/// # Examples
/// ```
/// use cutpoint_core::Threshold;
///
/// let threshold = Threshold::new(0.5)?;
/// assert!(threshold.is_positive(0.5));
/// assert!(!threshold.is_positive(0.499));
/// assert!(Threshold::new(f64::NAN).is_err());
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Clone, Copy, PartialEq, PartialOrd, Serialize, Deserialize)]
#[serde(try_from = "f64")]
pub struct Threshold(f64);

impl Threshold {
    /// 0.5, what `predict` uses for probabilities when nobody chose.
    pub const HALF: Self = Self(0.5);

    /// A threshold.
    ///
    /// # Errors
    /// [`Error::Threshold`] for NaN and infinities.
    pub fn new(value: f64) -> Result<Self> {
        if value.is_finite() {
            Ok(Self(value + 0.0))
        } else {
            Err(Error::Threshold { value })
        }
    }

    /// The number.
    pub fn value(self) -> f64 {
        self.0
    }

    /// Whether a score is predicted positive.
    pub fn is_positive(self, score: f64) -> bool {
        score >= self.0
    }
}

impl fmt::Debug for Threshold {
    /// The number with all of its digits, and no more.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.0, formatter)
    }
}

impl fmt::Display for Threshold {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, formatter)
    }
}

impl TryFrom<f64> for Threshold {
    type Error = Error;

    fn try_from(value: f64) -> Result<Self> {
        Self::new(value)
    }
}
