//! The area under the left part of the ROC curve. The whole area is with the areas.

use crate::compensated::CompensatedSum;
use crate::{Error, Result, Sweep, roc_auc};

/// Area under the ROC curve up to a false positive rate, standardised to `[0, 1]` (McClish); higher is better, 0.5 is
/// chance.
///
/// `max_fpr`, in `(0, 1]`: the highest false positive rate of interest; at 1 it is the whole area.
///
/// # Formula
/// ```text
/// 1/2 (1 + (area - least) / (most - least)),   least = max_fpr² / 2,   most = max_fpr
/// ```
/// `area` is that of the trapezoids, the last one cut at `max_fpr` on the straight line between two thresholds. It is
/// below 0.5 for what is worse than chance: 0 only for `max_fpr` 1.
///
/// # Undefined
/// When either class has no rows.
///
/// # Errors
/// [`Error::MaxFpr`] for a `max_fpr` outside its domain.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{partial_roc_auc, sweep};
///
/// // Up to fpr 0.5 the curve is flat at tpr 0.5: area 0.25, least 0.125, most 0.5.
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// assert_eq!(partial_roc_auc(&sweep(&scores), 0.5)?, Some((1.0 + 0.125 / 0.375) / 2.0));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// McClish, 1989, *Analyzing a portion of the ROC curve*, Medical Decision Making 9, 190–195. scikit-learn 1.9.1,
/// `roc_auc_score(max_fpr=…)`.
pub fn partial_roc_auc(sweep: &Sweep, max_fpr: f64) -> Result<Option<f64>> {
    if !(max_fpr > 0.0 && max_fpr <= 1.0) {
        return Err(Error::MaxFpr { value: max_fpr });
    }
    if max_fpr >= 1.0 {
        return Ok(roc_auc(sweep));
    }
    let (positives, negatives) = (sweep.positives(), sweep.negatives());
    if positives == 0.0 || negatives == 0.0 {
        return Ok(None);
    }
    let mut area = CompensatedSum::default();
    let (mut fpr, mut tpr) = (0.0, 0.0);
    for index in 1..sweep.n_rows() {
        let cells = sweep.cells(index);
        let (next_fpr, next_tpr) = (cells.fp() / negatives, cells.tp() / positives);
        let width = next_fpr - fpr;
        if next_fpr > max_fpr {
            let part = max_fpr - fpr;
            let height: f64 = tpr + (next_tpr - tpr) * (part / width);
            area.add_product(part, tpr.midpoint(height));
            break;
        }
        if width > 0.0 {
            area.add_product(width, next_tpr.midpoint(tpr));
        }
        (fpr, tpr) = (next_fpr, next_tpr);
    }
    let least = max_fpr * max_fpr / 2.0;
    let excess = area.value() - least;
    Ok(Some(f64::midpoint(1.0, excess / (max_fpr - least))))
}
