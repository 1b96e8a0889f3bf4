//! The ROC curve. Its area is with the areas.

use super::{Intermediate, Points};
use crate::{Cells, Sweep};

/// True against false positive rate, one point a threshold, thresholds descending.
///
/// # Shapes
/// All columns: `(n_points,)`. The first point is (0, 0), "predict none", without a threshold; the last is (1, 1).
#[derive(Debug, Clone, PartialEq)]
pub struct RocCurve {
    thresholds: Vec<Option<f64>>,
    fpr: Option<Vec<f64>>,
    tpr: Option<Vec<f64>>,
}

/// Reads the ROC curve off a sweep.
///
/// With [`Intermediate::Drop`], rows in whose place neither `fp` nor `tp` changes its pace (both second differences are
/// 0) are left out, as scikit-learn does: the first and the last threshold always stay, and a row that is on a straight
/// line with unequal steps does, too.
///
/// # Formula
/// ```text
/// fpr = fp / (fp + tn)        tpr = tp / (tp + fn)
/// ```
///
/// # Undefined
/// `fpr` without negative rows, `tpr` without positive rows.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Intermediate, roc_curve, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let curve = roc_curve(&sweep(&scores), Intermediate::Keep);
/// assert_eq!(curve.thresholds(), [None, Some(0.8), Some(0.4), Some(0.35), Some(0.1)]);
/// assert_eq!(curve.fpr(), Some(&[0.0, 0.0, 0.5, 0.5, 1.0][..]));
/// assert_eq!(curve.tpr(), Some(&[0.0, 0.5, 0.5, 1.0, 1.0][..]));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Fawcett, 2006, *An introduction to ROC analysis*, Pattern Recognition Letters 27, 861–874. scikit-learn 1.9.1,
/// `roc_curve`.
pub fn roc_curve(sweep: &Sweep, intermediate: Intermediate) -> RocCurve {
    let points = match intermediate {
        Intermediate::Keep => Points::of(sweep, 0..sweep.n_rows()),
        Intermediate::Drop => Points::of(sweep, corners(sweep)),
    };
    RocCurve {
        fpr: points.shares(Cells::fp, sweep.negatives()),
        tpr: points.shares(Cells::tp, sweep.positives()),
        thresholds: points.thresholds,
    }
}

/// "Predict none", and the thresholds at which the curve may turn.
fn corners(sweep: &Sweep) -> Vec<usize> {
    let last = sweep.n_rows() - 1;
    let mut kept = vec![0];
    for index in 1..=last {
        // scikit-learn looks for corners before it puts "predict none" in front, so the first threshold always stays.
        if index == 1 || index == last || turns(sweep, index) {
            kept.push(index);
        }
    }
    kept
}

/// Whether either cell grows by another step after a row than before it.
fn turns(sweep: &Sweep, index: usize) -> bool {
    let [before, here, after] = [index - 1, index, index + 1].map(|index| sweep.cells(index));
    #[expect(clippy::float_cmp, reason = "whole counts have exact differences")]
    let is_uneven =
        |cell: fn(&Cells) -> f64| cell(&after) - cell(&here) != cell(&here) - cell(&before);
    is_uneven(Cells::fp) || is_uneven(Cells::tp)
}

impl RocCurve {
    /// The thresholds, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The false positive rates, ascending; `None` without negative rows.
    pub fn fpr(&self) -> Option<&[f64]> {
        self.fpr.as_deref()
    }

    /// The true positive rates, ascending; `None` without positive rows.
    pub fn tpr(&self) -> Option<&[f64]> {
        self.tpr.as_deref()
    }
}
