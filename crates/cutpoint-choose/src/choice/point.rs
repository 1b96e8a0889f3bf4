//! A threshold that was not chosen, and how it does in a problem.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Cells, Interval, Metric, Problem, Rescaling, SweepPoint};

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
    /// ([`Objective::of_amounts`](cutpoint_metrics::Objective::of_amounts)).
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
