//! The lift curve: how much denser in positives the highest scores are than all rows.

use super::Points;
use crate::formulas::{precision, predicted_positive_rate, prevalence, quotient};
use crate::{Cells, Sweep};

/// How many times richer in positive rows the highest scores are than all rows, against how many of the rows they are;
/// thresholds descending.
///
/// # Shapes
/// All columns: `(n_rows,)` of the sweep. The last lift is 1.
#[derive(Debug, Clone, PartialEq)]
pub struct LiftCurve {
    thresholds: Vec<Option<f64>>,
    predicted_positive_rate: Vec<f64>,
    lift: Vec<Option<f64>>,
}

/// Reads the lift curve off a sweep.
///
/// # Formula
/// ```text
/// predicted_positive_rate = (tp + fp) / n        lift = (tp / (tp + fp)) / ((tp + fn) / n)
/// ```
///
/// # Undefined
/// `lift` where nothing is predicted positive (the first row), and everywhere without positive rows.
///
/// # Examples
/// Two of five rows are positive; both of the two highest scores are: 100 % instead of 40 %.
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{lift_curve, sweep};
///
/// let scores = Scores::new(vec![true, true, false, false, false], vec![0.9, 0.7, 0.6, 0.6, 0.1])?;
/// let curve = lift_curve(&sweep(&scores));
/// assert_eq!(curve.predicted_positive_rate(), [0.0, 0.2, 0.4, 0.8, 1.0]);
/// assert_eq!(curve.lift(), [None, Some(2.5), Some(2.5), Some(1.25), Some(1.0)]);
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Vuk and Curk, 2006, *ROC curve, lift chart and calibration plot*, Metodološki zvezki 3, 89–108.
pub fn lift_curve(sweep: &Sweep) -> LiftCurve {
    let Points { thresholds, cells } = Points::of(sweep, 0..sweep.n_rows());
    LiftCurve {
        thresholds,
        predicted_positive_rate: predicted_positive_rates(&cells),
        lift: cells.iter().map(lift).collect(),
    }
}

/// The share of rows predicted positive; a sweep has rows, so it is defined.
pub(super) fn predicted_positive_rates(cells: &[Cells]) -> Vec<f64> {
    let rates = cells.iter().map(predicted_positive_rate);
    rates.map(Option::unwrap_or_default).collect()
}

fn lift(cells: &Cells) -> Option<f64> {
    quotient(precision(cells)?, prevalence(cells)?)
}

impl LiftCurve {
    /// The thresholds, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The share of rows predicted positive, ascending from 0 to 1.
    pub fn predicted_positive_rate(&self) -> &[f64] {
        &self.predicted_positive_rate
    }

    /// The lift, in `[0, inf)`; 1 is chance; `None` where it is undefined.
    pub fn lift(&self) -> &[Option<f64>] {
        &self.lift
    }
}
