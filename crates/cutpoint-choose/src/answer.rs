//! What the answers of several questions have in common (`docs/json.md`): objectives, constraints, intervals by metric.

use std::fmt::Display;

use cutpoint_metrics::{Constraint, Goal, Metric, Objective, Problem};
use serde::{Serialize, Serializer};

use crate::MetricInterval;

/// What a threshold was chosen for, and what it came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ObjectiveAnswer {
    /// The metric.
    pub name: String,
    /// Whether it is to be high or low.
    #[serde(serialize_with = "as_text")]
    pub goal: Goal,
    /// Both, as they are written.
    pub text: String,
    /// The value of the metric, at the prevalence if one is given.
    pub value: f64,
}

impl ObjectiveAnswer {
    pub(crate) fn new(objective: &Objective, value: f64) -> Self {
        Self {
            name: objective.metric().name().to_owned(),
            goal: objective.goal(),
            text: objective.to_string(),
            value,
        }
    }
}

/// A constraint, and what its metric came to.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ConstraintAnswer {
    /// The constraint.
    #[serde(serialize_with = "as_text")]
    pub constraint: Constraint,
    /// The value of its metric; `None` where that is undefined.
    pub value: Option<f64>,
    /// Whether the value meets the bound.
    pub is_met: bool,
}

impl ConstraintAnswer {
    /// All constraints of a problem; `value`: what a metric came to.
    pub(crate) fn all(problem: &Problem, value: impl Fn(&Metric) -> Option<f64>) -> Vec<Self> {
        let constraints = problem.constraints().iter();
        let answers = constraints.map(|constraint| {
            let value = value(constraint.metric());
            Self {
                constraint: constraint.clone(),
                value,
                is_met: value.is_some_and(|value| constraint.is_met_by(value)),
            }
        });
        answers.collect()
    }
}

/// As it is written.
pub(crate) fn as_text<S: Serializer>(
    value: &impl Display,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_str(value)
}

/// Intervals by the names of their metrics.
pub(crate) fn by_metric<S: Serializer>(
    intervals: &[MetricInterval],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    serializer.collect_map(intervals.iter().map(|told| (told.metric(), told.answer())))
}
