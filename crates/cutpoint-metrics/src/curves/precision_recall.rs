//! The precision-recall curve. The average precision is with the areas.

use super::{Intermediate, Points, ends_of_equal_tp};
use crate::{Cells, Sweep, formulas};

/// Precision against recall, thresholds ascending.
///
/// # Shapes
/// All columns: `(n_points,)`. The first point is the lowest score, where everything is predicted positive; the last is
/// (precision 1, recall 0), which belongs to no threshold: it is drawn so that the curve reaches the axis.
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionRecallCurve {
    thresholds: Vec<Option<f64>>,
    precision: Vec<f64>,
    recall: Option<Vec<f64>>,
}

/// Reads the precision-recall curve off a sweep.
///
/// With [`Intermediate::Drop`], of rows with the same recall only the first and the last stay, as in scikit-learn.
///
/// # Formula
/// ```text
/// precision = tp / (tp + fp)        recall = tp / (tp + fn)
/// ```
///
/// # Undefined
/// `recall` without positive rows (scikit-learn makes it 1 and warns). Precision is defined at every score, because at
/// least the row with that score is predicted positive.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Intermediate, precision_recall_curve, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let curve = precision_recall_curve(&sweep(&scores), Intermediate::Keep);
/// assert_eq!(curve.thresholds(), [Some(0.1), Some(0.35), Some(0.4), Some(0.8), None]);
/// assert_eq!(curve.precision(), [2.0 / 4.0, 2.0 / 3.0, 1.0 / 2.0, 1.0, 1.0]);
/// assert_eq!(curve.recall(), Some(&[1.0, 1.0, 0.5, 0.5, 0.0][..]));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Davis and Goadrich, 2006, *The relationship between precision-recall and ROC curves*, ICML, 233–240. scikit-learn
/// 1.9.1, `precision_recall_curve`.
pub fn precision_recall_curve(sweep: &Sweep, intermediate: Intermediate) -> PrecisionRecallCurve {
    let last = sweep.n_rows() - 1;
    let points = match intermediate {
        Intermediate::Keep => Points::of(sweep, (1..=last).rev()),
        Intermediate::Drop => Points::of(sweep, ends_of_equal_tp(sweep, 1, last).into_iter().rev()),
    };
    let precision = points.cells.iter();
    let precision = precision.map(|cells| formulas::precision(cells).unwrap_or(0.0));
    let recall = points.shares(Cells::tp, sweep.positives());
    PrecisionRecallCurve {
        precision: precision.chain([1.0]).collect(),
        recall: recall.map(|recall| recall.into_iter().chain([0.0]).collect()),
        thresholds: points.thresholds.into_iter().chain([None]).collect(),
    }
}

impl PrecisionRecallCurve {
    /// The thresholds, ascending; `None` for the last point.
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The precision at each threshold, and 1.
    pub fn precision(&self) -> &[f64] {
        &self.precision
    }

    /// The recall at each threshold, descending, and 0; `None` without positive rows.
    pub fn recall(&self) -> Option<&[f64]> {
        self.recall.as_deref()
    }
}
