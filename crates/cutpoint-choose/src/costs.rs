//! What rows cost in each cell, some of it by columns of amounts: example-dependent costs, as they are written.

use cutpoint_core::Scores;
use cutpoint_metrics::{Costs, Result, RowCosts};

/// What rows cost in each cell: the same for all, and times amounts of their own.
#[derive(Debug, Clone, PartialEq)]
pub struct CostSpec {
    text: String,
    constant: Costs,
    columns: Vec<(String, Costs)>,
}

impl CostSpec {
    /// `text`: as it was written, such as `fp=5,fn=amount`. `constant`: what every row costs in a cell. `columns`: what
    /// one unit of the amount in a column costs in a cell, each column once.
    pub fn new(text: impl Into<String>, constant: Costs, columns: Vec<(String, Costs)>) -> Self {
        Self {
            text: text.into(),
            constant,
            columns,
        }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// The names of the columns of amounts; a [`Block`](crate::Block) has their values in this order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// What the rows of a block cost.
    ///
    /// # Errors
    /// Those of [`RowCosts::new`].
    pub fn of_rows(&self, scores: &Scores, amounts: &[Vec<f64>]) -> Result<RowCosts> {
        let columns = amounts.iter().zip(&self.columns);
        let columns = columns.map(|(amounts, (_, costs))| (&amounts[..], *costs));
        RowCosts::new(scores, &self.constant, &columns.collect::<Vec<_>>())
    }
}
