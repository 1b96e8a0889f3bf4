//! How many rows may be predicted positive, as it is written: a number or a percentage.

use std::fmt;
use std::str::FromStr;

use cutpoint_core::counted;
use cutpoint_metrics::{Constraint, Relation, parse_percent};

use crate::error::Error;

/// How many rows may be predicted positive.
///
/// # Examples
/// ```
/// use cutpoint_choose::Capacity;
///
/// assert_eq!("500".parse::<Capacity>()?.constraint().to_string(), "predicted_positives<=500");
/// assert_eq!("5%".parse::<Capacity>()?.constraint().to_string(), "predicted_positive_rate<=0.05");
/// assert!("101%".parse::<Capacity>().is_err());
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Capacity(Most);

#[derive(Debug, Clone, Copy, PartialEq)]
enum Most {
    Rows(f64),
    Share(f64),
}

impl Capacity {
    /// As a constraint.
    ///
    /// # Panics
    /// Never: the bound is finite, and the metrics are of the catalogue.
    pub fn constraint(self) -> Constraint {
        let (metric, most) = match self.0 {
            Most::Rows(most) => ("predicted_positives", most),
            Most::Share(most) => ("predicted_positive_rate", most),
        };
        let metric = metric.parse().expect("a name of the catalogue");
        Constraint::new(metric, Relation::AtMost, most).expect("finite")
    }
}

impl fmt::Display for Capacity {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.0 {
            Most::Rows(rows) => formatter.write_str(&counted(rows, "row")),
            Most::Share(share) => write!(formatter, "a share of {share} of the rows"),
        }
    }
}

impl FromStr for Capacity {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let trimmed = text.trim();
        let most = match trimmed.strip_suffix('%') {
            Some(percent) => parse_percent(percent.trim()).map(Most::Share),
            None => trimmed.parse().ok().map(Most::Rows),
        };
        let is_possible = |most: &Most| match most {
            Most::Rows(rows) => rows.is_finite() && *rows >= 0.0,
            Most::Share(share) => (0.0..=1.0).contains(share),
        };
        let most = most.filter(is_possible).map(Self);
        most.ok_or_else(|| Error::Capacity {
            text: text.to_owned(),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn capacity_is_a_number_or_a_share() {
        let capacity = |text: &str| text.parse::<Capacity>().ok();
        assert_eq!(capacity("500"), Some(Capacity(Most::Rows(500.0))));
        assert_eq!(capacity("5%"), Some(Capacity(Most::Share(0.05))));
        for refused in ["", "-1", "nan", "101%", "inf", "-5%", "%"] {
            assert_eq!(capacity(refused), None, "{refused}");
        }
    }
}
