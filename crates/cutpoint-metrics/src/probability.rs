//! Losses of scores that are probabilities: no threshold, no table, one pass over the rows. Scores outside [0, 1] are
//! refused, never squeezed into it.

use cutpoint_core::Scores;

use crate::Result;
use crate::compensated::{CompensatedSum, power_of_two_scale};

/// Brier score: mean squared error of the probabilities, in `[0, 1]`; lower is better.
///
/// # Formula
/// ```text
/// sum of  weight (score - y)²  /  sum of weight,   y = 1 for positive rows, 0 for others
/// ```
///
/// # Errors
/// [`Error::Input`](crate::Error::Input) for a score outside `[0, 1]`; rows of weight 0 are not looked at.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::brier_loss;
///
/// // (0.5² + 0.25²) / 2
/// let scores = Scores::new(vec![true, false], vec![0.5, 0.25])?;
/// assert_eq!(brier_loss(&scores), Ok(0.15625));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Brier, 1950, *Verification of forecasts expressed in terms of probability*, Monthly Weather Review 78, 1–3 (half of
/// equation 2). scikit-learn 1.9.1, `brier_score_loss`.
pub fn brier_loss(scores: &Scores) -> Result<f64> {
    mean_loss(scores, |is_positive, probability| {
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
/// [`Error::Input`](crate::Error::Input) for a score outside `[0, 1]`; rows of weight 0 are not looked at.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::log_loss;
///
/// // Two rows, each thought as likely as not: ln 2.
/// let scores = Scores::new(vec![true, false], vec![0.5, 0.5])?;
/// assert!((log_loss(&scores).unwrap() - std::f64::consts::LN_2).abs() < 1e-15);
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Good, 1952, *Rational decisions*, Journal of the Royal Statistical Society B 14, 107–114. scikit-learn 1.9.1,
/// `log_loss`.
pub fn log_loss(scores: &Scores) -> Result<f64> {
    mean_loss(scores, |is_positive, probability| {
        let likelihood = if is_positive {
            probability
        } else {
            1.0 - probability
        };
        -likelihood.clamp(f64::EPSILON, 1.0 - f64::EPSILON).ln()
    })
}

fn mean_loss(scores: &Scores, loss: impl Fn(bool, f64) -> f64) -> Result<f64> {
    let n_samples = scores.n_samples();
    let weight = |row: usize| scores.weight().map_or(1.0, |weight| weight[row]);
    let total = (0..n_samples)
        .map(weight)
        .collect::<CompensatedSum>()
        .value();
    let scale = power_of_two_scale(total);
    let mut sum = CompensatedSum::default();
    let rows = scores.is_positive().iter().zip(scores.score()).enumerate();
    for (row, (&is_positive, &score)) in rows {
        let weight = scale * weight(row);
        if weight == 0.0 {
            continue;
        }
        if !(0.0..=1.0).contains(&score) {
            return Err(cutpoint_core::Error::Value {
                name: "score",
                domain: "in [0, 1]",
                value: score,
                row,
            }
            .into());
        }
        sum.add(weight * loss(is_positive, score));
    }
    Ok(sum.value() / (scale * total))
}
