//! Intervals of a proportion by formula. Which metrics are proportions is known to the catalogue (`Metric::share`);
//! those that are not are for the bootstrap.

use super::binomial_tail::{proportion_of_lower_tail, proportion_of_upper_tail};
use super::confidence::{ConfidenceInterval, check_confidence, two_sided_quantile};
use super::wilson;
use crate::{Cells, Error, Metric, Result};

/// How the interval of a proportion is computed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum ProportionInterval {
    /// Wilson's score interval: holds the truth as often as its confidence says, on average over proportions.
    #[default]
    Wilson,
    /// Clopper and Pearson's exact interval: holds the truth at least as often, whatever the proportion, and is wider.
    ClopperPearson,
}

/// The proportions that `successes` of `trials` do not rule out; `None` without trials.
///
/// `confidence`: in `(0, 1)`; larger is wider.
///
/// # Formula
/// ```text
/// Wilson:           (k + z²/2 ± z sqrt(k (n - k) / n + z²/4)) / (n + z²)    z: normal quantile of (1 + confidence) / 2
/// Clopper–Pearson:  from the p with P(at least k) = (1 - confidence) / 2
///                   to the p with P(at most k) = (1 - confidence) / 2
/// ```
/// At `k = 0` the interval starts at 0, at `k = n` it ends at 1.
///
/// # Errors
/// - [`Error::Confidence`] for a confidence outside its domain.
/// - [`Error::Successes`] for more successes than trials.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{ProportionInterval, proportion_interval};
///
/// // No failure in 4 trials: 0.025 is p^4 at the lower end.
/// let exact = proportion_interval(4, 4, ProportionInterval::ClopperPearson, 0.95)?.unwrap();
/// assert!((exact.low() - 0.025_f64.powf(0.25)).abs() < 1e-14);
/// assert_eq!(exact.high(), 1.0);
/// // Wilson's lower end is n / (n + z²), z = 1.95996.
/// let wilson = proportion_interval(4, 4, ProportionInterval::Wilson, 0.95)?.unwrap();
/// assert!((wilson.low() - 4.0 / (4.0 + 3.84146)).abs() < 1e-6);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Wilson, 1927, *Probable inference, the law of succession, and statistical inference*, Journal of the American
/// Statistical Association 22, 209–212. Clopper and Pearson, 1934, *The use of confidence or fiducial limits
/// illustrated in the case of the binomial*, Biometrika 26, 404–413. Brown, Cai and DasGupta, 2001, *Interval
/// estimation for a binomial proportion*, Statistical Science 16, 101–133 (which to use).
pub fn proportion_interval(
    successes: u64,
    trials: u64,
    method: ProportionInterval,
    confidence: f64,
) -> Result<Option<ConfidenceInterval>> {
    check_confidence(confidence)?;
    if successes > trials {
        return Err(Error::Successes { successes, trials });
    }
    if trials == 0 {
        return Ok(None);
    }
    let (low, high) = match method {
        ProportionInterval::Wilson => {
            let z = two_sided_quantile(confidence);
            wilson::interval(successes as f64, trials as f64, z)
        }
        ProportionInterval::ClopperPearson => clopper_pearson(successes, trials, confidence),
    };
    Ok(Some(ConfidenceInterval::new(low, high)))
}

pub(super) fn clopper_pearson(successes: u64, trials: u64, confidence: f64) -> (f64, f64) {
    let tail = (1.0 - confidence) / 2.0;
    let low = if successes == 0 {
        0.0
    } else {
        proportion_of_upper_tail(successes, trials, tail)
    };
    let high = if successes == trials {
        1.0
    } else {
        proportion_of_lower_tail(successes, trials, tail)
    };
    (low, high)
}

/// The interval of a metric of one matrix by formula; `None` if the metric is no proportion of rows, or undefined.
///
/// Proportions are accuracy, error rate, recall, specificity, precision, npv, fpr, fnr, fdr, for, prevalence and
/// predicted positive rate. Their denominators are taken as given: for precision, as many rows as were predicted
/// positive. The threshold must not have been chosen on the same rows.
///
/// # Errors
/// - [`Error::Confidence`] for a confidence outside its domain.
/// - [`Error::WeightedRows`] for cells that are not whole numbers: weights do not tell how many rows they stand for.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, ProportionInterval, metric_interval, proportion_interval};
///
/// let cells = Cells::from_counts(50, 5, 10, 100);
/// let recall = metric_interval(&"recall".parse()?, &cells, ProportionInterval::Wilson, 0.95)?;
/// assert_eq!(recall, proportion_interval(50, 60, ProportionInterval::Wilson, 0.95)?);
/// assert_eq!(metric_interval(&"f1".parse()?, &cells, ProportionInterval::Wilson, 0.95)?, None);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn metric_interval(
    metric: &Metric,
    cells: &Cells,
    method: ProportionInterval,
    confidence: f64,
) -> Result<Option<ConfidenceInterval>> {
    check_confidence(confidence)?;
    let counts = whole_counts(cells, "an interval by formula")?;
    let Some(share) = metric.share() else {
        return Ok(None);
    };
    let (successes, others) = share.of_counts(counts);
    proportion_interval(successes, successes + others, method, confidence)
}

/// The cells `[tp, fp, fn, tn]` as counts of rows.
pub(super) fn whole_counts(cells: &Cells, wanted: &'static str) -> Result<[u64; 4]> {
    cells.to_counts().ok_or(Error::WeightedRows { wanted })
}
