//! A constraint: a metric that must not fall below, or not exceed, a bound. Data that can be parsed, printed and
//! compared; which thresholds meet it is found elsewhere.

use std::fmt;
use std::str::FromStr;

use crate::{Bounds, Cells, Error, Metric, Result};

/// On which side of its bound a metric has to be; the bound itself will do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Relation {
    /// The bound or more.
    AtLeast,
    /// The bound or less.
    AtMost,
}

impl fmt::Display for Relation {
    /// `>=` or `<=`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::AtLeast => ">=",
            Self::AtMost => "<=",
        })
    }
}

/// A metric and the bound it has to keep.
///
/// Where the metric is undefined the constraint is not met.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, Constraint, Relation};
///
/// let constraint = "sensitivity >= 90%".parse::<Constraint>()?;
/// assert_eq!(constraint, Constraint::new("recall".parse()?, Relation::AtLeast, 0.9)?);
/// assert_eq!(constraint.to_string(), "recall>=0.9");
/// assert!(constraint.is_met(&Cells::from_counts(9, 4, 1, 6)));
///
/// // Room for 500 alerts, for 5 of 100 rows, for 20 false alarms.
/// for text in ["predicted_positives<=500", "predicted_positive_rate<=5%", "fp<=20"] {
///     text.parse::<Constraint>()?;
/// }
/// // A precision of nothing is none.
/// assert!(!"precision>=0".parse::<Constraint>()?.is_met(&Cells::from_counts(0, 0, 10, 10)));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Constraint {
    metric: Metric,
    relation: Relation,
    bound: f64,
}

impl Constraint {
    /// A metric and its bound, which is a finite number.
    ///
    /// # Errors
    /// [`Error::ConstraintBound`] for a bound that is not finite.
    pub fn new(metric: Metric, relation: Relation, bound: f64) -> Result<Self> {
        if !bound.is_finite() {
            return Err(Error::ConstraintBound { value: bound });
        }
        // -0.0 means 0.
        let bound = bound + 0.0;
        Ok(Self {
            metric,
            relation,
            bound,
        })
    }

    /// The metric.
    pub fn metric(&self) -> &Metric {
        &self.metric
    }

    /// On which side of the bound it has to be.
    pub fn relation(&self) -> Relation {
        self.relation
    }

    /// The bound.
    pub fn bound(&self) -> f64 {
        self.bound
    }

    /// The same of a part of the rows; see [`Problem::of_share`](crate::Problem::of_share).
    pub(crate) fn of_share(&self, share: f64) -> Self {
        let factor = if self.metric.is_total() { share } else { 1.0 };
        Self {
            bound: self.bound * factor,
            ..self.clone()
        }
    }

    /// Whether cells meet it.
    pub fn is_met(&self, cells: &Cells) -> bool {
        let value = self.metric.value(cells);
        value.is_some_and(|value| self.is_met_by(value))
    }

    /// Whether a value of the metric meets it.
    pub fn is_met_by(&self, value: f64) -> bool {
        match self.relation {
            Relation::AtLeast => value >= self.bound,
            Relation::AtMost => value <= self.bound,
        }
    }

    /// By how much a value of the metric misses the bound; 0 where the constraint is met.
    ///
    /// # Formula
    /// ```text
    /// |value - bound| / |bound|, or |value - bound| if the bound is 0
    /// ```
    ///
    /// # Examples
    /// ```
    /// use cutpoint_metrics::Constraint;
    ///
    /// // Three times what is allowed: by twice the bound.
    /// assert_eq!("fpr<=0.25".parse::<Constraint>()?.shortfall(0.75), 2.0);
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn shortfall(&self, value: f64) -> f64 {
        if self.is_met_by(value) {
            return 0.0;
        }
        let distance = (value - self.bound).abs();
        match self.bound.abs() {
            0.0 => distance,
            // The distance to a tiny bound may be too large for a double, which is far enough.
            size => (distance / size).min(f64::MAX),
        }
    }

    /// Whether a value within bounds can meet it.
    pub fn may_be_met(&self, bounds: Bounds) -> bool {
        self.is_met_by(match self.relation {
            Relation::AtLeast => bounds.high(),
            Relation::AtMost => bounds.low(),
        })
    }

    /// The least and the largest shortfall within bounds.
    pub fn shortfalls(&self, bounds: Bounds) -> [f64; 2] {
        let [best, worst] = match self.relation {
            Relation::AtLeast => [bounds.high(), bounds.low()],
            Relation::AtMost => [bounds.low(), bounds.high()],
        };
        [self.shortfall(best), self.shortfall(worst)]
    }
}

impl fmt::Display for Constraint {
    /// Metric, relation and bound: `recall>=0.9`. It reads back.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}{}{}", self.metric, self.relation, self.bound)
    }
}

impl FromStr for Constraint {
    type Err = Error;

    /// A metric, `>=` or `<=`, and a number; hundredths with `%` for metrics that are shares.
    ///
    /// # Errors
    /// - [`Error::ConstraintSyntax`] for other text, [`Error::ConstraintBound`] for a bound that is not finite.
    /// - [`Error::ConstraintPercent`] for hundredths of what is no share.
    /// - As [`Metric::from_str`].
    fn from_str(text: &str) -> Result<Self> {
        let syntax = || Error::ConstraintSyntax {
            text: text.to_owned(),
        };
        let relations = [
            (">=", Relation::AtLeast),
            ("<=", Relation::AtMost),
            ("≥", Relation::AtLeast),
            ("≤", Relation::AtMost),
        ];
        let split = relations.iter().find_map(|(sign, relation)| {
            let (metric, bound) = text.split_once(sign)?;
            Some((metric, *relation, bound.trim()))
        });
        let (metric, relation, bound) = split.ok_or_else(syntax)?;
        let number = bound.strip_suffix('%').map_or(bound, str::trim_end);
        let is_percent = number.len() < bound.len();
        let metric = metric.parse::<Metric>()?;
        let bound = if is_percent {
            parse_percent(number)
        } else {
            number.parse::<f64>().ok()
        };
        let bound = bound.ok_or_else(syntax)?;
        if is_percent && !metric.range().high().is_finite() {
            return Err(Error::ConstraintPercent {
                metric: metric.to_string(),
            });
        }
        Self::new(metric, relation, bound)
    }
}

/// The double nearest to hundredths of a decimal number, `None` if it is no number: 0.999 for `99.9`.
///
/// The decimal is shifted before it becomes a double: dividing the double by 100 would round twice, and 261 of the 999
/// tenths of a percent would be one bit off.
///
/// # Examples
/// ```
/// use cutpoint_metrics::parse_percent;
///
/// assert_eq!(parse_percent("99.9"), Some(0.999));
/// assert_eq!(parse_percent("5e-1"), Some(0.005));
/// assert_eq!(parse_percent("five"), None);
/// ```
pub fn parse_percent(text: &str) -> Option<f64> {
    let number = text.parse::<f64>().ok()?;
    if !number.is_finite() {
        return Some(number);
    }
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, exponent.parse::<i64>().ok()),
        None => (text, Some(0)),
    };
    // An exponent beyond 64 bits leaves 0 or infinity, of which hundredths are the same.
    let Some(exponent) = exponent else {
        return Some(number);
    };
    format!("{digits}e{}", exponent.saturating_sub(2))
        .parse()
        .ok()
}
