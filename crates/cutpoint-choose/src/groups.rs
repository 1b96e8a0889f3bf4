//! The groups of a source as partial sweeps, in bounded memory: the passes that sweep each group, as few as memory
//! allows.

use std::borrow::Cow;
use std::collections::BTreeMap;

use cutpoint_core::Threshold;
use cutpoint_metrics::{PartialSweep, PartialSweepBuilder, ScoreRange};

use crate::{Classes, FoundGroups, GroupPlan, GroupSweeps, RowSource, View};

/// The least memory of a group, in bytes: some bins, however many groups there are.
pub const LEAST_MEMORY: usize = 1 << 10;

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
    /// How much memory a group may take depends on how many there are. While all rows together fit, nobody needs to
    /// know; otherwise the rows are read once more.
    ///
    /// # Errors
    /// Those of [`RowSource::run`], and of [`RowSource::refuse_second_pass`] where one is needed.
    ///
    /// # Panics
    /// If the source leaves out what a pass asks for.
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

    /// Sweeps the largest groups of rows, at most so many, each by itself and all others together, unless it is one
    /// group only that is left; the matrices at some thresholds are exact, whatever the memory is.
    ///
    /// # Errors
    /// As [`View::sweep_groups`].
    ///
    /// # Panics
    /// If the source leaves out what a pass asks for.
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
            names: (&names).into(),
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
    ///
    /// # Panics
    /// If the source leaves out what a pass asks for.
    pub fn sweep_groups_within(
        &self,
        each: usize,
        ranges: &BTreeMap<String, Vec<ScoreRange>>,
    ) -> Result<BTreeMap<String, PartialSweep>, S::Error> {
        self.refuse_second_pass()?;
        let within = GroupSweeps::Within {
            memory: each,
            ranges: Cow::Borrowed(ranges),
        };
        let (parts, _) = self.group_pass(each, &[], within)?;
        Ok(parts.swept.unwrap_or_default())
    }

    /// Sweeps each group, unless the rows are too many for the memory together.
    fn first_pass(
        &self,
        memory: usize,
        cut_at: &[Threshold],
    ) -> Result<(FoundGroups, Classes), S::Error> {
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
    ) -> Result<(FoundGroups, Classes), S::Error> {
        let mut pass = self.pass(memory);
        pass.groups = Some(GroupPlan {
            cut_at: cut_at.into(),
            sweeps,
        });
        let part = self.source.run(&pass)?;
        let groups = part.groups.expect("groups were asked for").finish();
        let groups = groups.map_err(|error| self.source.error(error.into()))?;
        Ok((groups, part.classes))
    }
}

/// What each of some groups may take, in bytes.
fn memory_of_each(memory: usize, n_groups: usize) -> usize {
    (memory / n_groups.max(1)).max(LEAST_MEMORY)
}
