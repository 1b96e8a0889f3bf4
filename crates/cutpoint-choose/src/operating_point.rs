//! Operating points: a threshold to ship, what it was chosen for and on, and what to expect of it.
//!
//! Whether a point still holds on other rows is not judged here; its text is in `json`.

mod json;

use cutpoint_core::{Error, Label, Result, Threshold};
use cutpoint_metrics::{
    Cells, Constraint, Interval, Objective, PartialSweep, Problem, at_prevalence, formulas,
};
use serde::{Deserialize, Serialize};

use crate::digest::data_digest;
use crate::metric_interval::MetricInterval;

/// The rows that an operating point was chosen on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointData {
    n_samples: Option<usize>,
    is_weighted: bool,
    digest: String,
}

impl PointData {
    /// The rows of a sweep.
    pub fn of(partial: &PartialSweep) -> Self {
        Self {
            n_samples: partial.n_samples(),
            is_weighted: partial.is_weighted(),
            digest: data_digest(partial),
        }
    }

    /// Number of rows; `None` where only sums of weights are known.
    pub fn n_samples(&self) -> Option<usize> {
        self.n_samples
    }

    /// Whether the rows have weights.
    pub fn is_weighted(&self) -> bool {
        self.is_weighted
    }

    /// See [`data_digest`].
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// A threshold that was chosen, with all that is needed to use it, to explain it, and to see later whether it holds.
///
/// # Examples
/// ```
/// use cutpoint_choose::{OperatingPoint, View, choose_from};
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::Problem;
///
/// let rows = Scores::new(vec![true, true, false, true, false], vec![0.9, 0.8, 0.7, 0.6, 0.1])?;
/// let problem = Problem::new("precision".parse()?).subject_to("recall>=0.9".parse()?);
/// let point = choose_from(&View::of(&rows), &problem, 1 << 20)?.operating_point().expect("there is a threshold");
///
/// let back = OperatingPoint::from_json(&point.to_json())?;
/// assert_eq!(back, point);
/// assert_eq!((back.threshold().value(), back.constraints()[0].to_string()), (0.6, "recall>=0.9".to_owned()));
/// assert_eq!(back.decide(&[0.59, 0.6, 0.61])?, [false, true, true]);
/// // 4 of 5 rows are predicted positive.
/// assert_eq!(back.expected_alert_rate(), Some(0.8));
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OperatingPoint {
    threshold: Threshold,
    interval: Interval,
    labels: [Label; 2],
    cells: Cells,
    objective: ObjectivePart,
    constraints: Vec<Constraint>,
    prevalence: Option<f64>,
    confidence: Option<f64>,
    intervals: Vec<MetricInterval>,
    data: PointData,
}

impl OperatingPoint {
    /// A threshold, which need not be a score; the thresholds that give the same matrix; the negative and the positive
    /// class; the cells at the threshold as they were counted; what it was chosen for; and the rows it was chosen on.
    ///
    /// "Predict none" has no threshold and is no operating point.
    #[must_use]
    pub fn new(
        threshold: Threshold,
        interval: Interval,
        labels: [Label; 2],
        cells: Cells,
        problem: &Problem,
        data: PointData,
    ) -> Self {
        let objective = problem.objective();
        Self {
            threshold,
            interval,
            labels,
            cells,
            objective: ObjectivePart {
                name: objective.metric().to_string(),
                goal: objective.goal().to_string(),
                value: None,
            },
            constraints: problem.constraints().to_vec(),
            prevalence: problem.prevalence(),
            confidence: None,
            intervals: Vec::new(),
            data,
        }
    }

    /// What the objective came to. Default: not told; a number that is not finite is not told either.
    #[must_use]
    pub fn with_objective_value(mut self, value: f64) -> Self {
        self.objective.value = Some(value).filter(|value| value.is_finite());
        self
    }

    /// How sure metrics are at the prevalence that the threshold was chosen for, and with which confidence, in
    /// `(0, 1)`. Default none.
    #[must_use]
    pub fn with_intervals(mut self, confidence: f64, intervals: Vec<MetricInterval>) -> Self {
        self.confidence = Some(confidence).filter(|confidence| confidence.is_finite());
        self.intervals = intervals;
        self
    }

    /// The threshold.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The thresholds that give the same matrix.
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The middle of the interval.
    pub fn midpoint(&self) -> Option<Threshold> {
        self.interval.midpoint()
    }

    /// The negative and the positive class.
    pub fn labels(&self) -> &[Label; 2] {
        &self.labels
    }

    /// The positive class.
    pub fn positive(&self) -> &Label {
        &self.labels[1]
    }

    /// The cells of the rows that it was chosen on, as they were counted.
    pub fn cells(&self) -> Cells {
        self.cells
    }

    /// What it was chosen for: `maximize precision`.
    pub fn objective(&self) -> String {
        format!("{} {}", self.objective.goal, self.objective.name)
    }

    /// What it was chosen for, under which constraints and for which prevalence. `None` if the objective is a metric
    /// that this version does not know.
    pub fn problem(&self) -> Option<Problem> {
        let of_amounts = || {
            let name = &self.objective.name;
            let amounts = name.strip_prefix("cost(")?.strip_suffix(')')?;
            Some(Objective::of_amounts(amounts))
        };
        let objective = self.objective().parse().ok().or_else(of_amounts)?;
        let constraints = self.constraints.iter().cloned();
        let problem = constraints.fold(Problem::new(objective), Problem::subject_to);
        Some(match self.prevalence {
            Some(prevalence) => problem.at_prevalence(prevalence),
            None => problem,
        })
    }

    /// What the objective came to, if that was told.
    pub fn objective_value(&self) -> Option<f64> {
        self.objective.value
    }

    /// The constraints it has to satisfy.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The share of positive rows that it was chosen for, if that is not the share in the data.
    pub fn prevalence(&self) -> Option<f64> {
        self.prevalence
    }

    /// The share of positive rows where it will work.
    pub fn expected_prevalence(&self) -> Option<f64> {
        self.prevalence
            .or_else(|| formulas::prevalence(&self.cells))
    }

    /// The share of rows that will be predicted positive where it will work; `None` if a class had no rows.
    pub fn expected_alert_rate(&self) -> Option<f64> {
        let cells = match self.prevalence {
            Some(prevalence) => at_prevalence(&self.cells, prevalence).ok()??,
            None => self.cells,
        };
        formulas::predicted_positive_rate(&cells)
    }

    /// The confidence of the intervals.
    pub fn confidence(&self) -> Option<f64> {
        self.confidence
    }

    /// How sure metrics were, by the rows it was chosen on, at the prevalence that it was chosen for.
    pub fn intervals(&self) -> &[MetricInterval] {
        &self.intervals
    }

    /// Which scores are predicted positive: those that reach the threshold.
    ///
    /// # Errors
    /// [`Error::Value`] for a score that is NaN or infinite.
    pub fn decide(&self, score: &[f64]) -> Result<Vec<bool>> {
        if let Some(row) = score.iter().position(|value| !value.is_finite()) {
            return Err(Error::Value {
                name: "score",
                domain: "finite",
                value: score[row],
                row,
            });
        }
        let threshold = self.threshold;
        Ok(score
            .iter()
            .map(|&score| threshold.is_positive(score))
            .collect())
    }

    /// The rows it was chosen on.
    pub fn data(&self) -> &PointData {
        &self.data
    }
}

/// Kept as text: what a threshold was chosen for need not be something that a matrix tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ObjectivePart {
    name: String,
    goal: String,
    value: Option<f64>,
}
