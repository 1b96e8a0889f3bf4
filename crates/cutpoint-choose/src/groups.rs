//! The groups of a source as partial sweeps, in bounded memory: what a pass finds out of them, and the passes that sweep each
//! group, as few as memory allows.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{PartialSweep, PartialSweepBuilder, Result, RowCosts, ScoreRange};

use crate::pass::add_to;
use crate::{Classes, RowSource, SweepPlan, View};

/// The least memory of a group, in bytes: some bins, however many groups there are.
pub const LEAST_MEMORY: usize = 1 << 10;

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
    /// Those of each group by itself, as long as there are no more rows than this; beyond, only how large the groups are is
    /// found out.
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

/// The sweep of each group of a source that has rows of weight above 0.
#[derive(Debug)]
pub struct SweptGroups {
    /// Ascending by the name of the group.
    pub groups: Vec<(String, PartialSweep)>,
    /// What the classes are called.
    pub classes: Classes,
    /// How often the rows were read.
    pub n_passes: usize,
}

/// The largest groups of a source, and all others as one.
#[derive(Debug)]
pub struct LargestGroups {
    /// Ascending by the name of the group.
    pub groups: Vec<(String, PartialSweep)>,
    /// The rows of the others, and how many groups these are, if there are any.
    pub others: Option<(PartialSweep, usize)>,
}

impl<S: RowSource> View<'_, S> {
    /// Sweeps each group of rows by itself; the matrices at some thresholds are exact, whatever the memory is.
    ///
    /// How much memory a group may take depends on how many there are. While all rows together fit, nobody needs to know;
    /// otherwise the rows are read once more.
    ///
    /// # Errors
    /// Those of [`RowSource::run`], and of [`RowSource::refuse_second_pass`] where one is needed.
    pub fn sweep_groups(
        &self,
        memory: usize,
        cut_at: &[Threshold],
    ) -> Result<SweptGroups, S::Error> {
        let (first, classes) = self.first_pass(memory, cut_at)?;
        let (swept, n_passes) = if let Some(swept) = first.swept {
            (swept, 1)
        } else {
            let memory = memory_of_each(memory, first.sizes.len());
            let (parts, _) = self.group_pass(memory, cut_at, GroupSweeps::Each { memory })?;
            (parts.swept.unwrap_or_default(), 2)
        };
        Ok(SweptGroups {
            groups: swept.into_iter().collect(),
            classes,
            n_passes,
        })
    }

    /// Sweeps the largest groups of rows, at most so many, each by itself and all others together, unless it is one group
    /// only that is left; the matrices at some thresholds are exact, whatever the memory is.
    ///
    /// # Errors
    /// As [`View::sweep_groups`].
    pub fn sweep_largest_groups(
        &self,
        memory: usize,
        cut_at: &[Threshold],
        most: usize,
    ) -> Result<LargestGroups, S::Error> {
        let (first, _) = self.first_pass(memory, cut_at)?;
        let mut by_size = first.sizes.into_iter().collect::<Vec<_>>();
        // The largest first; of equal ones in the order of their names.
        by_size.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let n_others = if by_size.len() > most + 1 {
            by_size.len() - most
        } else {
            0
        };
        by_size.truncate(by_size.len() - n_others);
        let names = by_size
            .into_iter()
            .map(|(name, _)| name)
            .collect::<Vec<_>>();
        if let Some(swept) = first.swept {
            let (groups, others) = swept
                .into_iter()
                .partition::<Vec<_>, _>(|(name, _)| names.contains(name));
            let others = others.iter().map(|(_, partial)| partial);
            let pooled = (n_others > 0)
                .then(|| PartialSweep::merge(others, memory))
                .transpose();
            let pooled = pooled.map_err(|error| self.source.error(error.into()))?;
            return Ok(LargestGroups {
                groups,
                others: pooled.map(|pooled| (pooled, n_others)),
            });
        }
        let each = memory_of_each(memory, names.len() + 1);
        let among = GroupSweeps::Among {
            memory: each,
            names: &names,
        };
        let (parts, _) = self.group_pass(memory, cut_at, among)?;
        Ok(LargestGroups {
            groups: parts.swept.unwrap_or_default().into_iter().collect(),
            others: parts.others.map(|pooled| (pooled, n_others)),
        })
    }

    /// Sweeps the rows of some groups in some ranges of scores, in one pass, in as much memory each.
    ///
    /// # Errors
    /// As [`View::sweep_groups`].
    pub fn sweep_groups_within(
        &self,
        each: usize,
        ranges: &BTreeMap<String, Vec<ScoreRange>>,
    ) -> Result<BTreeMap<String, PartialSweep>, S::Error> {
        self.refuse_second_pass()?;
        let within = GroupSweeps::Within {
            memory: each,
            ranges,
        };
        let (parts, _) = self.group_pass(each, &[], within)?;
        Ok(parts.swept.unwrap_or_default())
    }

    /// Sweeps each group, unless the rows are too many for the memory together.
    fn first_pass(
        &self,
        memory: usize,
        cut_at: &[Threshold],
    ) -> Result<(GroupParts, Classes), S::Error> {
        let most_rows = match self.costs {
            Some(_) => 2 * PartialSweepBuilder::max_ranges_with_costs(memory),
            None => PartialSweepBuilder::max_scores(memory),
        };
        let found = self.group_pass(memory, cut_at, GroupSweeps::WhileFewer { most_rows })?;
        if found.0.swept.is_none() {
            self.refuse_second_pass()?;
        }
        Ok(found)
    }

    fn group_pass(
        &self,
        memory: usize,
        cut_at: &[Threshold],
        sweeps: GroupSweeps<'_>,
    ) -> Result<(GroupParts, Classes), S::Error> {
        let mut pass = self.pass(memory);
        pass.groups = Some(GroupPlan { cut_at, sweeps });
        let part = self.source.run(&pass)?;
        Ok((part.groups.unwrap_or_default(), part.classes))
    }
}

/// What each of some groups may take, in bytes.
fn memory_of_each(memory: usize, n_groups: usize) -> usize {
    (memory / n_groups.max(1)).max(LEAST_MEMORY)
}
