//! The groups of rows as a pass finds them, in bounded memory: what it is to find out, who does so, and what comes out.
//! How many passes that takes is decided in `groups`.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    CompensatedSum, Error, PartialSweep, PartialSweepBuilder, Result, RowCosts, ScoreRange,
};
use serde::{Deserialize, Serialize};

use crate::sweep_plan::{SweepPlan, add_to};

/// What a pass finds out of groups.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GroupPlan<'p> {
    /// Thresholds at which the cells of each are exact.
    pub cut_at: Cow<'p, [Threshold]>,
    /// Which rows are swept.
    pub sweeps: GroupSweeps<'p>,
}

/// Which rows of groups are swept, and how much memory a sweep may take.
#[derive(Debug, Clone, Serialize, Deserialize)]
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
        names: Cow<'p, [String]>,
    },
    /// Those of these groups in some ranges.
    Within {
        /// Bytes of one sweep.
        memory: usize,
        /// The ranges of each.
        ranges: Cow<'p, BTreeMap<String, Vec<ScoreRange>>>,
    },
}

/// What a pass found of groups, or a part of it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct GroupParts {
    /// Rows of all groups.
    n_rows: usize,
    /// More than these are not swept.
    most_rows: Option<usize>,
    sizes: BTreeMap<String, CompensatedSum>,
    builders: BTreeMap<String, PartialSweepBuilder>,
    others: Option<PartialSweepBuilder>,
}

/// What a pass found of groups.
#[derive(Debug, Clone, Default)]
pub struct FoundGroups {
    /// How much weight the rows of each group have.
    pub sizes: BTreeMap<String, f64>,
    /// The sweep of each group that was swept by itself; `None` if there were too many rows.
    pub swept: Option<BTreeMap<String, PartialSweep>>,
    /// The rows of all others together.
    pub others: Option<PartialSweep>,
}

impl GroupParts {
    /// Takes over what was found elsewhere.
    ///
    /// # Errors
    /// [`cutpoint_metrics::Error::PartsDiffer`] for parts of another pass.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        if self.most_rows != other.most_rows {
            return Err(Error::PartsDiffer { name: "most_rows" });
        }
        for (name, size) in other.sizes {
            let own = self.sizes.entry(name).or_default();
            *own = own.plus(size);
        }
        self.n_rows += other.n_rows;
        if self.is_too_many() {
            self.builders.clear();
        } else {
            for (name, builder) in other.builders {
                match self.builders.entry(name) {
                    Entry::Occupied(known) => known.into_mut().merge(builder)?,
                    Entry::Vacant(vacant) => {
                        vacant.insert(builder);
                    }
                }
            }
        }
        match (&mut self.others, other.others) {
            (Some(own), Some(others)) => own.merge(others)?,
            (own, others) => *own = own.take().or(others),
        }
        Ok(())
    }

    /// What was found, once nothing is missing.
    ///
    /// # Errors
    /// [`cutpoint_metrics::Error::Input`] if a group whose rows were asked for has none.
    pub fn finish(self) -> Result<FoundGroups> {
        let is_too_many = self.is_too_many();
        let finished = self.builders.into_iter();
        let finished = finished.map(|(name, builder)| Ok((name, builder.finish()?)));
        let swept = finished.collect::<Result<BTreeMap<_, _>>>()?;
        let sizes = self.sizes.into_iter();
        Ok(FoundGroups {
            sizes: sizes.map(|(name, size)| (name, size.value())).collect(),
            swept: (!is_too_many).then_some(swept),
            others: self.others.map(PartialSweepBuilder::finish).transpose()?,
        })
    }

    fn is_too_many(&self) -> bool {
        self.most_rows
            .is_some_and(|most_rows| self.n_rows > most_rows)
    }
}

#[derive(Debug)]
pub(crate) struct GroupWorker<'p> {
    plan: &'p GroupPlan<'p>,
    memory: usize,
    parts: GroupParts,
}

impl<'p> GroupWorker<'p> {
    pub(crate) fn new(plan: &'p GroupPlan<'p>, memory: usize) -> Result<Self> {
        let mut builders = BTreeMap::new();
        if let GroupSweeps::Within { memory, ranges } = &plan.sweeps {
            for (name, ranges) in ranges.iter() {
                builders.insert(name.clone(), PartialSweepBuilder::within(*memory, ranges)?);
            }
        }
        let most_rows = match plan.sweeps {
            GroupSweeps::WhileFewer { most_rows } => Some(most_rows),
            _ => None,
        };
        Ok(Self {
            plan,
            memory,
            parts: GroupParts {
                n_rows: 0,
                most_rows,
                sizes: BTreeMap::new(),
                builders,
                others: None,
            },
        })
    }

    pub(crate) fn add(
        &mut self,
        name: &str,
        rows: &Scores,
        costs: Option<&RowCosts>,
    ) -> Result<()> {
        let parts = &mut self.parts;
        let builder = |memory| {
            let plan = SweepPlan {
                cut_at: Cow::Borrowed(&self.plan.cut_at),
                ..SweepPlan::default()
            };
            plan.builder(memory)
        };
        let memory = match &self.plan.sweeps {
            GroupSweeps::Within { .. } => {
                let known = parts.builders.get_mut(name);
                return known.map_or(Ok(()), |builder| add_to(builder, rows, costs));
            }
            GroupSweeps::Among { memory, names } if !names.iter().any(|known| known == name) => {
                let others = match &mut parts.others {
                    Some(others) => others,
                    none => none.insert(builder(*memory)?),
                };
                return add_to(others, rows, costs);
            }
            GroupSweeps::Among { memory, .. } | GroupSweeps::Each { memory } => *memory,
            GroupSweeps::WhileFewer { .. } => {
                let size = parts.sizes.entry(name.to_owned()).or_default();
                match rows.weight() {
                    Some(weight) => weight.iter().for_each(|&weight| size.add(weight)),
                    None => size.add(rows.n_samples() as f64),
                }
                parts.n_rows += rows.n_samples();
                if parts.is_too_many() {
                    // From here on, only how large the groups are is of interest.
                    parts.builders.clear();
                    return Ok(());
                }
                self.memory
            }
        };
        let builder = match parts.builders.entry(name.to_owned()) {
            Entry::Occupied(known) => known.into_mut(),
            Entry::Vacant(vacant) => vacant.insert(builder(memory)?),
        };
        add_to(builder, rows, costs)
    }

    pub(crate) fn finish(mut self) -> GroupParts {
        let builders = self.parts.builders.values_mut();
        for builder in builders.chain(&mut self.parts.others) {
            builder.settle();
        }
        self.parts
    }
}
