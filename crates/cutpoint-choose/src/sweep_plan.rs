//! How rows are swept: all of them or some ranges, and where cells are to be exact.

use std::borrow::Cow;

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{PartialSweepBuilder, Result, RowCosts, ScoreRange};
use serde::{Deserialize, Serialize};

/// How rows are swept.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct SweepPlan<'p> {
    /// The scores whose rows are swept; all if there are no ranges.
    pub ranges: Cow<'p, [ScoreRange]>,
    /// Thresholds at which the cells are exact, whatever the memory is; only without ranges.
    pub cut_at: Cow<'p, [Threshold]>,
}

impl SweepPlan<'_> {
    pub(crate) fn builder(&self, memory: usize) -> Result<PartialSweepBuilder> {
        if !self.ranges.is_empty() {
            PartialSweepBuilder::within(memory, &self.ranges)
        } else if self.cut_at.is_empty() {
            PartialSweepBuilder::new(memory)
        } else {
            PartialSweepBuilder::cut_at(memory, &self.cut_at)
        }
    }
}

/// Adds rows to a sweep, with what they cost if they cost by themselves.
pub(crate) fn add_to(
    builder: &mut PartialSweepBuilder,
    rows: &Scores,
    costs: Option<&RowCosts>,
) -> Result<()> {
    if let Some(costs) = costs {
        return builder.add_with_costs(rows, costs);
    }
    builder.add(rows);
    Ok(())
}
