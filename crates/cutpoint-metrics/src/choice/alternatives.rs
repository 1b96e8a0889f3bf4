//! What a chosen threshold is compared with: one half, the thresholds that are best by usual metrics, and the one that
//! decision theory takes for calibrated scores. Nothing is chosen here.

use cutpoint_core::Threshold;

use super::{Criteria, Problem, Ranking, Table, scan};
use crate::prevalence::Rescaling;
use crate::{Cells, Costs, Goal, Interval, Metric, Objective, Optimum, Result, Sweep, SweepPoint};

/// A threshold, what comes of it, and how it does in a [`Problem`].
#[derive(Debug, Clone, PartialEq)]
pub struct Point {
    at: SweepPoint,
    value: Option<f64>,
    unmet: Vec<usize>,
}

impl Point {
    /// The threshold with its cells and the thresholds around that have the same.
    pub fn point(&self) -> SweepPoint {
        self.at
    }

    /// The threshold as it was asked for, which need not be a score; `None` for "predict none".
    pub fn threshold(&self) -> Option<Threshold> {
        self.at.threshold
    }

    /// The thresholds that give the same matrix.
    pub fn interval(&self) -> Interval {
        self.at.interval
    }

    /// The cells, as they were counted in the data.
    pub fn cells(&self) -> Cells {
        self.at.cells
    }

    /// The value of the problem's objective; `None` where it is undefined.
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// The constraints of the problem that are not met, by their places in [`Problem::constraints`].
    pub fn unmet(&self) -> &[usize] {
        &self.unmet
    }

    /// The same threshold where the objective comes to a value that the cells do not tell
    /// ([`Objective::of_amounts`](crate::Objective::of_amounts)).
    #[must_use]
    pub fn with_value(mut self, value: Option<f64>) -> Self {
        self.value = value.filter(|value| value.is_finite());
        self
    }

    /// A threshold of which the cells are known, with what they are worth in a problem.
    pub fn new(point: SweepPoint, problem: &Problem) -> Self {
        let cells = point.cells;
        let (positives, negatives) = (cells.positives(), cells.negatives());
        let rescaling = Rescaling::new(problem.prevalence(), positives, negatives);
        let value = |metric: &Metric| rescaling.value(metric, &cells);
        let constraints = problem.constraints().iter().enumerate();
        let unmet = constraints.filter(|(_, constraint)| {
            let value = value(constraint.metric());
            !value.is_some_and(|value| constraint.is_met_by(value))
        });
        Self {
            at: point,
            value: value(problem.objective().metric()),
            unmet: unmet.map(|(index, _)| index).collect(),
        }
    }
}

/// What comes of a threshold, which need not be a score, in a problem; of "predict none" if it is `None`.
///
/// # Errors
/// As [`Problem::check`].
pub fn point_at(sweep: &Sweep, threshold: Option<Threshold>, problem: &Problem) -> Result<Point> {
    problem.check()?;
    let index = threshold.map_or(0, |threshold| sweep.index_at(threshold));
    let point = SweepPoint {
        threshold,
        ..sweep.point(index)
    };
    Ok(Point::new(point, problem))
}

/// A threshold that a person may think of instead.
#[derive(Debug, Clone, PartialEq)]
pub struct Alternative {
    name: &'static str,
    point: Point,
}

impl Alternative {
    /// What it is: `half` (0.5), `max_f1`, `max_youden`, `bayes` ([`bayes_threshold`]) or `unconstrained` (the problem
    /// without its constraints).
    pub fn name(&self) -> &'static str {
        self.name
    }

    /// What comes of it.
    pub fn point(&self) -> &Point {
        &self.point
    }
}

/// The thresholds that a choice is compared with, as far as there are any: 0.5; the best F1 score and the best Youden's
/// J without constraints, at the problem's prevalence; the problem without its constraints, if it has any; and, if the
/// objective is a cost or a utility, what decision theory takes if the scores are calibrated probabilities.
///
/// # Errors
/// As [`Problem::check`].
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Problem, alternatives, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.9, 0.6, 0.4, 0.1])?;
/// let problem = Problem::new("minimize cost(fp=1,fn=4)".parse()?);
/// let others = alternatives(&sweep(&scores), &problem)?;
/// let told = others.iter().map(|other| (other.name(), other.point().threshold(), other.point().value()));
/// assert_eq!(told.collect::<Vec<_>>(), [
///     ("half", Threshold::new(0.5).ok(), Some(5.0)),
///     ("max_f1", Threshold::new(0.4).ok(), Some(1.0)),
///     ("max_youden", Threshold::new(0.9).ok(), Some(4.0)),
///     ("bayes", Threshold::new(0.2).ok(), Some(1.0)),
/// ]);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn alternatives(sweep: &Sweep, problem: &Problem) -> Result<Vec<Alternative>> {
    problem.check()?;
    let (positives, negatives) = (sweep.positives(), sweep.negatives());
    let rescaling = Rescaling::new(problem.prevalence(), positives, negatives);
    let mut others = Vec::new();
    let mut push = |name, point| others.push(Alternative { name, point });
    push("half", point_at(sweep, Some(Threshold::HALF), problem)?);
    let best = |objective: Objective| {
        let criteria = Criteria::best(objective, rescaling);
        let mut ranking = Ranking::new(criteria, Optimum::MOST_TIED);
        scan(&Table::of(sweep), &mut ranking);
        Some(Point::new(ranking.found()?.point, problem))
    };
    for (name, metric) in [("max_f1", "f1"), ("max_youden", "youden")] {
        let objective = Objective::new(metric.parse()?, Goal::Maximize);
        if let Some(point) = best(objective) {
            push(name, point);
        }
    }
    if !problem.constraints().is_empty()
        && let Some(point) = best(problem.objective().clone())
    {
        push("unconstrained", point);
    }
    let prevalence = positives / (positives + negatives);
    if let Some(threshold) = bayes_threshold_of(problem, prevalence) {
        push("bayes", point_at(sweep, Some(threshold), problem)?);
    }
    Ok(others)
}

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
