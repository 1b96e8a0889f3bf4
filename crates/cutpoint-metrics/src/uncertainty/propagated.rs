//! Intervals of what follows from recall and the false positive rate alone, by the intervals of these two. What depends
//! on how many rows are positive needs to be given that.

use super::confidence::{ConfidenceInterval, check_confidence, two_sided_quantile};
use super::proportion::whole_counts;
use super::wilson;
use crate::prevalence::{Rescaling, check as check_prevalence};
use crate::{Cells, Metric, Result};

/// Parts of the quarter circle on which two errors share one confidence: the farthest end is missed by some 1 in 10 000
/// of the width at most.
const N_PARTS: u32 = 64;

/// The interval of a metric at a prevalence that is given, from how sure recall and the false positive rate are; `None`
/// where it is undefined or has no limit.
///
/// Unlike a bootstrap, which draws no false positive if there was none, it says what the rows cannot have seen: without
/// one false positive in 200 negative rows, precision at a prevalence of 0.02 and a recall of 0.28 is not 1 for sure,
/// but may be 0.23. Either end misses the truth about once in 40 times at a confidence of 0.95, by simulation from some
/// ten rows of each class on, as far as Wilson's interval of a rate does; percentiles of a bootstrap miss it at the
/// lower end once in three where about one false positive is to be expected.
///
/// `prevalence`: the share of positive rows, in `(0, 1)`; `None` for that of the rows, taken as given. `confidence`: in
/// `(0, 1)`; larger is wider.
///
/// # Formula
/// ```text
/// lowest and highest of  metric(recall', fpr')  over all angles from 0 to 90°,
/// recall' either end of Wilson's interval for z cos(angle), fpr' either end of that for z sin(angle)
/// ```
/// z is the normal quantile of `(1 + confidence) / 2`. The metric moves in one direction with either rate, so that
/// corners are the extremes.
///
/// # Errors
/// - [`Error::Confidence`](crate::Error::Confidence) for a confidence outside its domain.
/// - [`Error::Prevalence`](crate::Error::Prevalence) for a prevalence outside its domain.
/// - [`Error::WeightedRows`](crate::Error::WeightedRows) for cells that are not whole numbers.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, prevalence_interval};
///
/// // Without false positives recall does not matter at the upper end, and hardly at the lower: with the angle at 90°,
/// // recall is 0.28 and the rate 3.8415 / 203.8415, so that precision is 0.0056 / (0.0056 + 0.98 · 0.018845) = 0.2327.
/// let cells = Cells::from_counts(56, 0, 144, 200);
/// let interval = prevalence_interval(&"precision".parse()?, &cells, Some(0.02), 0.95)?.unwrap();
/// assert!((interval.low() - 0.2327).abs() < 0.005 && interval.low() <= 0.2327);
/// assert_eq!(interval.high(), 1.0);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Newcombe, 2011, *Propagating imprecision: combining confidence intervals from independent sources*, Communications
/// in Statistics – Theory and Methods 40, 3154–3180. Newcombe, 2012, *Confidence intervals for proportions and related
/// measures of effect size*, section 7.4.
pub fn prevalence_interval(
    metric: &Metric,
    cells: &Cells,
    prevalence: Option<f64>,
    confidence: f64,
) -> Result<Option<ConfidenceInterval>> {
    check_confidence(confidence)?;
    check_prevalence(prevalence)?;
    whole_counts(cells, "an interval by formula")?;
    let n_rows = [cells.positives(), cells.negatives()];
    let rescaling = Rescaling::new(prevalence, n_rows[0], n_rows[1]);
    Ok(propagated(cells, n_rows, confidence, |cells| {
        rescaling.value(metric, cells)
    }))
}

/// The interval of a function of the cells that moves in one direction with either class's rate, the classes being as
/// large as they are; `n_rows`: how many positive and negative rows tell of the rates.
pub(super) fn propagated(
    cells: &Cells,
    n_rows: [f64; 2],
    confidence: f64,
    value: impl Fn(&Cells) -> Option<f64>,
) -> Option<ConfidenceInterval> {
    let sizes = [cells.positives(), cells.negatives()];
    let tells = |&number: &f64| number.is_finite() && number > 0.0;
    if !sizes.iter().chain(&n_rows).all(tells) {
        return None;
    }
    let z = two_sided_quantile(confidence);
    let rate_ends = |called: f64, class: usize, z: f64| {
        // Of an empty cell and of a full one the share is exact.
        let called = called / sizes[class] * n_rows[class];
        let (low, high) = wilson::interval(called.min(n_rows[class]), n_rows[class], z);
        [low, high]
    };
    let observed = value(cells)?;
    let (mut low, mut high) = (observed, observed);
    for part in 0..=N_PARTS {
        let angle = f64::from(part) / f64::from(N_PARTS) * std::f64::consts::FRAC_PI_2;
        // The cosine of a right angle comes out a little above 0, which does no harm.
        for recall in rate_ends(cells.tp(), 0, z * angle.cos()) {
            for fpr in rate_ends(cells.fp(), 1, z * angle.sin()) {
                let corner = Cells::from_sums(
                    recall * sizes[0],
                    fpr * sizes[1],
                    (1.0 - recall) * sizes[0],
                    (1.0 - fpr) * sizes[1],
                );
                let value = value(&corner)?;
                (low, high) = (low.min(value), high.max(value));
            }
        }
    }
    Some(ConfidenceInterval::new(low, high))
}
