//! A frontier as an answer, point by point: as values, all of its points would take ten times its own memory.

use cutpoint_metrics::MatrixAnswer;
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{FoundFrontier, FrontierPoint};

/// What `cutpoint choose --pareto --format json` prints.
#[derive(Debug, Clone, serde::Serialize)]
pub struct FrontierAnswer<'f> {
    /// Both objectives.
    pub objectives: [String; 2],
    /// The share of positive rows where the classifier will work, if it was given.
    pub at_prevalence: Option<f64>,
    /// From the best of the first objective to the best of the second: a [`FrontierPointAnswer`] each.
    pub points: FrontierPoints<'f>,
    /// What a reader should know, in the words of the front end, which adds them; empty until then.
    pub warnings: Vec<String>,
}

/// The points of a frontier, which become answers one by one.
#[derive(Debug, Clone)]
pub struct FrontierPoints<'f> {
    found: &'f FoundFrontier,
    names: [String; 2],
}

/// A point of a frontier.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct FrontierPointAnswer<'n> {
    /// The matrix.
    #[serde(flatten)]
    pub matrix: MatrixAnswer,
    /// What both objectives come to there: `recall_value`, `precision_value`.
    #[serde(flatten)]
    pub values: NamedValues<'n>,
}

/// Two values by their names.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedValues<'n>([(&'n str, f64); 2]);

impl Serialize for NamedValues<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(2))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

impl FoundFrontier {
    /// The frontier as an answer.
    pub fn answer(&self) -> FrontierAnswer<'_> {
        let objectives = &self.objectives;
        let name = |metric: &str| format!("{metric}_value");
        FrontierAnswer {
            objectives: objectives.each_ref().map(ToString::to_string),
            at_prevalence: self.at_prevalence,
            points: FrontierPoints {
                found: self,
                names: objectives
                    .each_ref()
                    .map(|objective| name(objective.metric().name())),
            },
            warnings: Vec::new(),
        }
    }
}

impl FrontierPoints<'_> {
    /// A point as an answer.
    pub fn answer(&self, point: &FrontierPoint) -> FrontierPointAnswer<'_> {
        let found = self.found;
        let at = point.point();
        let [first, second] = point.values();
        FrontierPointAnswer {
            matrix: MatrixAnswer::at_prevalence(
                at.threshold,
                &found.classes.labels,
                &at.cells,
                found.is_weighted,
                found.at_prevalence,
            ),
            values: NamedValues([(&self.names[0], first), (&self.names[1], second)]),
        }
    }
}

impl Serialize for FrontierPoints<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_seq(self.found.points.iter().map(|point| self.answer(point)))
    }
}
