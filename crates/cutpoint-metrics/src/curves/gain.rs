//! The cumulative gain curve.

use super::{Points, lift::predicted_positive_rates};
use crate::{Cells, Sweep};

/// Which share of the positive rows is found, against which share of all rows is predicted positive; thresholds
/// descending.
///
/// # Shapes
/// All columns: `(n_rows,)` of the sweep, from (0, 0) to (1, 1).
#[derive(Debug, Clone, PartialEq)]
pub struct GainCurve {
    thresholds: Vec<Option<f64>>,
    predicted_positive_rate: Vec<f64>,
    gain: Option<Vec<f64>>,
}

/// Reads the cumulative gain curve off a sweep.
///
/// Chance is the diagonal; a perfect ranking rises by 1 / prevalence until all positive rows are found.
///
/// # Formula
/// ```text
/// predicted_positive_rate = (tp + fp) / n        gain = tp / (tp + fn)
/// ```
///
/// # Undefined
/// `gain` without positive rows.
///
/// # Examples
/// A fifth of the rows holds half of the positive ones, two fifths hold all.
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{gain_curve, sweep};
///
/// let scores = Scores::new(vec![true, true, false, false, false], vec![0.9, 0.7, 0.6, 0.6, 0.1])?;
/// let curve = gain_curve(&sweep(&scores));
/// assert_eq!(curve.predicted_positive_rate(), [0.0, 0.2, 0.4, 0.8, 1.0]);
/// assert_eq!(curve.gain(), Some(&[0.0, 0.5, 1.0, 1.0, 1.0][..]));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Vuk and Curk, 2006, *ROC curve, lift chart and calibration plot*, Metodološki zvezki 3, 89–108.
pub fn gain_curve(sweep: &Sweep) -> GainCurve {
    let points = Points::of(sweep, 0..sweep.n_rows());
    GainCurve {
        predicted_positive_rate: predicted_positive_rates(&points.cells),
        gain: points.shares(Cells::tp, sweep.positives()),
        thresholds: points.thresholds,
    }
}

impl GainCurve {
    /// The thresholds, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The share of rows predicted positive, ascending from 0 to 1.
    pub fn predicted_positive_rate(&self) -> &[f64] {
        &self.predicted_positive_rate
    }

    /// The share of positive rows found, ascending from 0 to 1; `None` without positive rows.
    pub fn gain(&self) -> Option<&[f64]> {
        self.gain.as_deref()
    }
}
