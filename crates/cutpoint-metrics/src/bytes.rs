//! What numbers that come from elsewhere as bytes have to be, so that nothing that is added up from them can break
//! later: checks for fields that are read. Which bytes these are is the caller's.

use serde::de::{Deserialize, Deserializer, Error};

use crate::compensated::CompensatedSum;

/// Numbers that can be checked.
pub(crate) trait Checked {
    /// Whether all of them are finite.
    fn is_finite(&self) -> bool;

    /// Whether all of them can be counts or sums of weights.
    fn is_amount(&self) -> bool;
}

/// The most rows that are counted anywhere: 2^53, up to which a double holds every count.
const MOST: u64 = 1 << 53;

impl Checked for u64 {
    fn is_finite(&self) -> bool {
        true
    }

    fn is_amount(&self) -> bool {
        *self <= MOST
    }
}

impl Checked for usize {
    fn is_finite(&self) -> bool {
        true
    }

    fn is_amount(&self) -> bool {
        *self as u64 <= MOST
    }
}

impl Checked for f64 {
    fn is_finite(&self) -> bool {
        f64::is_finite(*self)
    }

    fn is_amount(&self) -> bool {
        f64::is_finite(*self) && *self >= 0.0
    }
}

impl Checked for CompensatedSum {
    fn is_finite(&self) -> bool {
        self.parts().is_finite()
    }

    fn is_amount(&self) -> bool {
        self.is_finite() && self.value().is_amount()
    }
}

impl<T: Checked, const N: usize> Checked for [T; N] {
    fn is_finite(&self) -> bool {
        self.iter().all(T::is_finite)
    }

    fn is_amount(&self) -> bool {
        self.iter().all(T::is_amount)
    }
}

impl<T: Checked> Checked for Vec<T> {
    fn is_finite(&self) -> bool {
        self.iter().all(T::is_finite)
    }

    fn is_amount(&self) -> bool {
        self.iter().all(T::is_amount)
    }
}

impl<T: Checked> Checked for Option<T> {
    fn is_finite(&self) -> bool {
        self.as_ref().is_none_or(T::is_finite)
    }

    fn is_amount(&self) -> bool {
        self.as_ref().is_none_or(T::is_amount)
    }
}

/// Reads counts or sums of weights.
pub(crate) fn amounts<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Checked,
    D: Deserializer<'de>,
{
    let value = T::deserialize(deserializer)?;
    if value.is_amount() {
        Ok(value)
    } else {
        Err(D::Error::custom("no counts, and no sums of weights"))
    }
}

/// Reads numbers that are to be finite.
pub(crate) fn finite<'de, T, D>(deserializer: D) -> Result<T, D::Error>
where
    T: Deserialize<'de> + Checked,
    D: Deserializer<'de>,
{
    let value = T::deserialize(deserializer)?;
    if value.is_finite() {
        Ok(value)
    } else {
        Err(D::Error::custom("numbers that are not finite"))
    }
}
