//! Losses of scores that are probabilities, from the distinct scores of a sweep and their counts. Scores outside [0, 1]
//! are refused, never squeezed into it.

use crate::compensated::{CompensatedSum, power_of_two_scale};
use crate::moves::{of_step_blocks, steps_within};
use crate::{Error, Result, Sweep};

/// Brier score: mean squared error of the probabilities, in `[0, 1]`; lower is better.
///
/// Its parts are [`BrierDecomposition`](crate::BrierDecomposition).
///
/// # Formula
/// ```text
/// sum of  weight (score - y)²  /  sum of weight,   y = 1 for positive rows, 0 for others
/// ```
///
/// # Errors
/// [`Error::Probability`] for a score outside `[0, 1]`; rows of weight 0 are not looked at.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{brier_loss, sweep};
///
/// // (0.5² + 0.25²) / 2
/// let scores = Scores::new(vec![true, false], vec![0.5, 0.25])?;
/// assert_eq!(brier_loss(&sweep(&scores)), Ok(0.15625));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Brier, 1950, *Verification of forecasts expressed in terms of probability*, Monthly Weather Review 78, 1–3 (half of
/// equation 2). scikit-learn 1.9.1, `brier_score_loss`.
pub fn brier_loss(sweep: &Sweep) -> Result<f64> {
    mean_loss(sweep, |is_positive, probability| {
        let error = probability - f64::from(u8::from(is_positive));
        error * error
    })
}

/// Log loss: mean negative log-likelihood of the labels in nats, in `[0, 36.05]`; lower is better.
///
/// # Formula
/// ```text
/// - sum of  weight ln(q)  /  sum of weight,   q = score for positive rows, 1 - score for others
/// ```
/// `q` is kept within `[ε, 1 - ε]`, ε = 2⁻⁵² = 2.2e-16, as in scikit-learn: a row that was thought impossible costs
/// 36.04 instead of everything.
///
/// # Errors
/// [`Error::Probability`] for a score outside `[0, 1]`; rows of weight 0 are not looked at.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{log_loss, sweep};
///
/// // Two rows, each thought as likely as not: ln 2.
/// let scores = Scores::new(vec![true, false], vec![0.5, 0.5])?;
/// assert!((log_loss(&sweep(&scores)).unwrap() - std::f64::consts::LN_2).abs() < 1e-15);
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Good, 1952, *Rational decisions*, Journal of the Royal Statistical Society B 14, 107–114. scikit-learn 1.9.1,
/// `log_loss`.
pub fn log_loss(sweep: &Sweep) -> Result<f64> {
    mean_loss(sweep, |is_positive, probability| {
        let likelihood = if is_positive {
            probability
        } else {
            1.0 - probability
        };
        -likelihood.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
    })
}

/// Refuses scores that are no probabilities.
pub(crate) fn check_probabilities(sweep: &Sweep) -> Result<()> {
    let thresholds = sweep.thresholds();
    // They descend, so the ends speak for all.
    let ends = [thresholds.first(), thresholds.last()];
    match ends
        .into_iter()
        .flatten()
        .find(|score| !(0.0..=1.0).contains(*score))
    {
        Some(&value) => Err(Error::Probability { value }),
        None => Ok(()),
    }
}

/// The mean over the rows of a loss of the class and the probability.
fn mean_loss(sweep: &Sweep, loss: impl Fn(bool, f64) -> f64 + Sync) -> Result<f64> {
    check_probabilities(sweep)?;
    let total = sweep.positives() + sweep.negatives();
    let scale = power_of_two_scale(total);
    let sums = of_step_blocks(sweep, |block| {
        let mut sum = CompensatedSum::default();
        for step in steps_within(sweep, block) {
            for (is_positive, weight) in [(true, step.fn_to_tp()), (false, step.tn_to_fp())] {
                if weight > 0.0 {
                    sum.add_product(scale * weight, loss(is_positive, step.threshold()));
                }
            }
        }
        sum
    });
    let sum = sums.into_iter().reduce(CompensatedSum::plus);
    let sum = sum.unwrap_or_default();
    Ok(sum.value() / (scale * total))
}
