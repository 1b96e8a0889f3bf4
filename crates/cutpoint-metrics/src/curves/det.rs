//! The detection error trade-off curve. Its columns are rates; whoever draws them takes their normal deviates.

use super::{Intermediate, Points, ends_of_equal_tp};
use crate::normal::standard_normal_quantile;
use crate::{Cells, Sweep};

/// False negative against false positive rate, thresholds ascending.
///
/// # Shapes
/// All columns: `(n_points,)`. The curve begins at the highest threshold without false negatives and ends at the lowest
/// one without false positives; what lies beyond either would only add errors of the other kind.
#[derive(Debug, Clone, PartialEq)]
pub struct DetCurve {
    thresholds: Vec<Option<f64>>,
    fpr: Option<Vec<f64>>,
    fnr: Option<Vec<f64>>,
}

/// Reads the detection error trade-off curve off a sweep.
///
/// With [`Intermediate::Drop`], of rows with the same false negative rate only the first and the last stay, as in
/// scikit-learn.
///
/// # Formula
/// ```text
/// fpr = fp / (fp + tn)        fnr = fn / (fn + tp)
/// ```
///
/// # Undefined
/// `fpr` without negative rows, `fnr` without positive rows (scikit-learn refuses both).
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Intermediate, det_curve, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let curve = det_curve(&sweep(&scores), Intermediate::Keep);
/// assert_eq!(curve.thresholds(), [Some(0.35), Some(0.4), Some(0.8)]);
/// assert_eq!(curve.fpr(), Some(&[0.5, 0.5, 0.0][..]));
/// assert_eq!(curve.fnr(), Some(&[0.0, 0.5, 0.5][..]));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Martin, Doddington, Kamm, Ordowski and Przybocki, 1997, *The DET curve in assessment of detection task performance*,
/// Eurospeech, 1895–1898. scikit-learn 1.9.1, `det_curve`.
pub fn det_curve(sweep: &Sweep, intermediate: Intermediate) -> DetCurve {
    let last = sweep.n_rows() - 1;
    let mut indices = match intermediate {
        Intermediate::Keep => (0..=last).collect(),
        Intermediate::Drop => ends_of_equal_tp(sweep, 0, last),
    };
    let is_without_fp = |&index: &usize| sweep.cells(index).fp() <= 0.0;
    let misses = |&index: &usize| sweep.cells(index).fn_() > 0.0;
    let first = indices.partition_point(is_without_fp) - 1;
    // A weight that is too small to count beside the others may put the two ends in the wrong order.
    let last = indices.partition_point(misses).max(first);
    indices.truncate(last + 1);
    let points = Points::of(sweep, indices.drain(first..).rev());
    DetCurve {
        fpr: points.shares(Cells::fp, sweep.negatives()),
        fnr: points.shares(Cells::fn_, sweep.positives()),
        thresholds: points.thresholds,
    }
}

/// Where a rate stands on an axis of a detection error trade-off curve: the point below which that share of the
/// standard normal distribution lies.
///
/// # Undefined
/// Outside (0, 1).
///
/// # Examples
/// ```
/// use cutpoint_metrics::normal_deviate;
///
/// assert_eq!(normal_deviate(0.5), Some(0.0));
/// assert!((normal_deviate(0.975).unwrap() - 1.959964).abs() < 1e-6);
/// assert_eq!(normal_deviate(0.0), None);
/// ```
pub fn normal_deviate(rate: f64) -> Option<f64> {
    (rate > 0.0 && rate < 1.0).then(|| standard_normal_quantile(rate))
}

impl DetCurve {
    /// The thresholds, ascending; `None` for "predict none", if the curve gets there.
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The false positive rates, descending; `None` without negative rows.
    pub fn fpr(&self) -> Option<&[f64]> {
        self.fpr.as_deref()
    }

    /// The false negative rates, ascending; `None` without positive rows.
    pub fn fnr(&self) -> Option<&[f64]> {
        self.fnr.as_deref()
    }
}
