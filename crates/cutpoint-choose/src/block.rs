//! Some rows of a source, and what their classes are called. Where they come from is not known here.

use cutpoint_core::{Label, Scores};
use cutpoint_metrics::{Error, Result};

/// Some rows in the order of their source.
#[derive(Debug, Clone, Copy)]
pub struct Block<'b> {
    /// Classes, scores and weights.
    pub scores: &'b Scores,
    /// Columns of amounts, as [`CostSpec::columns`](crate::CostSpec::columns) names them; one value a row.
    pub amounts: &'b [Vec<f64>],
    /// What the rows are called, one a row; nothing where rows are told apart by their places.
    pub ids: &'b [&'b str],
    /// The group of the rows, where groups are told apart.
    pub group: Option<&'b str>,
}

/// What the classes of a source are called.
#[derive(Debug, Clone, PartialEq)]
pub struct Classes {
    /// Negative and positive.
    pub labels: [Label; 2],
    /// Those that have rows.
    pub present: Vec<Label>,
}

impl Classes {
    /// Adds those that have rows elsewhere.
    pub(crate) fn merge(&mut self, other: Self) -> Result<()> {
        if self.labels != other.labels {
            return Err(Error::PartsDiffer { name: "labels" });
        }
        self.present.extend(other.present);
        self.present.sort_unstable();
        self.present.dedup();
        Ok(())
    }

    /// Those of rows in memory, called 0 and 1.
    pub(crate) fn in_memory(rows: &Scores) -> Self {
        let present = [false, true]
            .into_iter()
            .filter(|class| rows.is_positive().contains(class));
        Self {
            labels: [Label::Integer(0), Label::Integer(1)],
            present: present
                .map(|class| Label::Integer(i64::from(class)))
                .collect(),
        }
    }
}
