//! The threshold that decision theory takes for calibrated scores. No data are looked at here.

use cutpoint_core::Threshold;

use crate::{Costs, Goal, Problem};

/// The best threshold for calibrated scores if a problem's objective is to lower a cost or to raise a utility; at the
/// prevalence that the problem names.
///
/// `prevalence`: that of the data, in `(0, 1)`, at which the scores are calibrated.
///
/// # Undefined
/// For other objectives; otherwise as for [`bayes_threshold`].
///
/// # Examples
/// ```
/// use cutpoint_core::Threshold;
/// use cutpoint_metrics::{Problem, bayes_threshold_of};
///
/// let problem = Problem::new("minimize cost(fp=1,fn=4)".parse()?);
/// assert_eq!(bayes_threshold_of(&problem, 0.5), Threshold::new(0.2).ok());
/// // Odds of 1 to 4 there are odds of 9 to 4 here, where positive rows are nine times as many for each negative one.
/// let rare = bayes_threshold_of(&problem.at_prevalence(0.1), 0.5).unwrap();
/// assert!((rare.value() - 9.0 / 13.0).abs() < 1e-15);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// As [`bayes_threshold`]; for another prevalence Saerens, Latinne and Decaestecker, 2002, *Adjusting the outputs of a
/// classifier to new a priori probabilities*, Neural Computation 14, 21–41, equation 4.
pub fn bayes_threshold_of(problem: &Problem, prevalence: f64) -> Option<Threshold> {
    let objective = problem.objective();
    let costs = objective.metric().costs()?;
    let costs = match objective.goal() {
        Goal::Minimize => *costs,
        Goal::Maximize => costs.negated(),
    };
    let threshold = bayes_threshold(&costs)?;
    match problem.prevalence() {
        Some(there) => threshold_of_prevalence(threshold, prevalence, there),
        None => Some(threshold),
    }
}

/// The probability from which on "positive" costs less on average than "negative", in `(0, 1)`: the best threshold for
/// calibrated scores, whatever the data.
///
/// # Formula
/// ```text
/// (cost_fp - cost_tn) / (cost_fp - cost_tn + cost_fn - cost_tp)
/// ```
///
/// # Undefined
/// Unless errors cost more than right predictions of the same class: `cost_fp > cost_tn` and `cost_fn > cost_tp`.
///
/// # Examples
/// ```
/// use cutpoint_core::Threshold;
/// use cutpoint_metrics::bayes_threshold;
///
/// assert_eq!(bayes_threshold(&"fp=1,fn=4".parse()?), Threshold::new(0.2).ok());
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Elkan, 2001, *The foundations of cost-sensitive learning*, IJCAI, 973–978, equation 2.
pub fn bayes_threshold(costs: &Costs) -> Option<Threshold> {
    let [of_positive, of_negative] = costs.slopes();
    let threshold = of_negative / (of_negative - of_positive);
    let is_reasonable = of_negative > 0.0 && of_positive < 0.0;
    inside(threshold).filter(|_| is_reasonable)
}

/// The score, calibrated at one prevalence, that stands for a probability at another.
///
/// # Formula
/// ```text
/// s / (1 - s)  =  p / (1 - p) · (1 - there) / there · here / (1 - here)
/// ```
///
/// # References
/// Saerens, Latinne and Decaestecker, 2002, *Adjusting the outputs of a classifier to new a priori probabilities*,
/// Neural Computation 14, 21–41, equation 4.
fn threshold_of_prevalence(threshold: Threshold, here: f64, there: f64) -> Option<Threshold> {
    let probability = threshold.value();
    let positive = probability * here * (1.0 - there);
    let negative = (1.0 - probability) * there * (1.0 - here);
    inside(positive / (positive + negative))
}

/// A threshold of probabilities in `(0, 1)`.
fn inside(probability: f64) -> Option<Threshold> {
    let is_inside = probability > 0.0 && probability < 1.0;
    Threshold::new(probability).ok().filter(|_| is_inside)
}
