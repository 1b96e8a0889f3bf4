//! The groups of rows as a pass finds them, in bounded memory: what it is to find out, who does so, and what comes out.
//! How many passes that takes is decided in `groups`.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{PartialSweep, PartialSweepBuilder, Result, RowCosts, ScoreRange};

use crate::sweep_plan::{SweepPlan, add_to};

/// What a pass finds out of groups.
#[derive(Debug, Clone)]
pub struct GroupPlan<'p> {
    /// Thresholds at which the cells of each are exact.
    pub cut_at: &'p [Threshold],
    /// Which rows are swept.
    pub sweeps: GroupSweeps<'p>,
}

/// Which rows of groups are swept, and how much memory a sweep may take.
#[derive(Debug, Clone)]
pub enum GroupSweeps<'p> {
    /// Those of each group by itself, as long as there are no more rows than this; beyond, only how large the groups
    /// are is found out.
    WhileFewer {
        /// The most rows.
        most_rows: usize,
    },
    /// Those of each group by itself.
    Each {
        /// Bytes of one sweep.
        memory: usize,
    },
    /// Those of each of these groups by itself, and all others together.
    Among {
        /// Bytes of one sweep.
        memory: usize,
        /// The groups.
        names: &'p [String],
    },
    /// Those of these groups in some ranges.
    Within {
        /// Bytes of one sweep.
        memory: usize,
        /// The ranges of each.
        ranges: &'p BTreeMap<String, Vec<ScoreRange>>,
    },
}

/// What a pass found of groups.
#[derive(Debug, Clone, Default)]
pub struct GroupParts {
    /// How much weight the rows of each group have.
    pub sizes: BTreeMap<String, f64>,
    /// The sweep of each group that was swept by itself; `None` if there were too many rows.
    pub swept: Option<BTreeMap<String, PartialSweep>>,
    /// The rows of all others together.
    pub others: Option<PartialSweep>,
}

#[derive(Debug)]
pub(crate) struct GroupWorker<'p> {
    plan: GroupPlan<'p>,
    memory: usize,
    n_rows: usize,
    sizes: BTreeMap<String, f64>,
    builders: BTreeMap<String, PartialSweepBuilder>,
    others: Option<PartialSweepBuilder>,
}

impl<'p> GroupWorker<'p> {
    pub(crate) fn new(plan: GroupPlan<'p>, memory: usize) -> Result<Self> {
        let mut builders = BTreeMap::new();
        if let GroupSweeps::Within { memory, ranges } = &plan.sweeps {
            for (name, ranges) in *ranges {
                builders.insert(name.clone(), PartialSweepBuilder::within(*memory, ranges)?);
            }
        }
        Ok(Self {
            plan,
            memory,
            n_rows: 0,
            sizes: BTreeMap::new(),
            builders,
            others: None,
        })
    }

    pub(crate) fn add(
        &mut self,
        name: &str,
        rows: &Scores,
        costs: Option<&RowCosts>,
    ) -> Result<()> {
        let builder = |memory| {
            SweepPlan {
                ranges: &[],
                cut_at: self.plan.cut_at,
            }
            .builder(memory)
        };
        let memory = match &self.plan.sweeps {
            GroupSweeps::Within { .. } => {
                let known = self.builders.get_mut(name);
                return known.map_or(Ok(()), |builder| add_to(builder, rows, costs));
            }
            GroupSweeps::Among { memory, names } if !names.iter().any(|known| known == name) => {
                let others = match &mut self.others {
                    Some(others) => others,
                    none => none.insert(builder(*memory)?),
                };
                return add_to(others, rows, costs);
            }
            GroupSweeps::Among { memory, .. } | GroupSweeps::Each { memory } => *memory,
            GroupSweeps::WhileFewer { most_rows } => {
                let size = self.sizes.entry(name.to_owned()).or_default();
                // Row by row, so that no sum depends on how the rows are cut into blocks.
                *size = match rows.weight() {
                    Some(weight) => weight.iter().fold(*size, |sum, weight| sum + weight),
                    None => *size + rows.n_samples() as f64,
                };
                self.n_rows += rows.n_samples();
                if self.n_rows > *most_rows {
                    // From here on, only how large the groups are is of interest.
                    self.builders.clear();
                    return Ok(());
                }
                self.memory
            }
        };
        let builder = match self.builders.entry(name.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(builder(memory)?),
        };
        add_to(builder, rows, costs)
    }

    pub(crate) fn finish(self) -> Result<GroupParts> {
        let is_too_many = match self.plan.sweeps {
            GroupSweeps::WhileFewer { most_rows } => self.n_rows > most_rows,
            _ => false,
        };
        let finished = self.builders.into_iter();
        let finished = finished.map(|(name, builder)| Ok((name, builder.finish()?)));
        let swept = finished.collect::<Result<BTreeMap<_, _>>>()?;
        Ok(GroupParts {
            sizes: self.sizes,
            swept: (!is_too_many).then_some(swept),
            others: self.others.map(PartialSweepBuilder::finish).transpose()?,
        })
    }
}
