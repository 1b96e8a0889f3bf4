//! The groups of a score file as partial sweeps, in bounded memory: common passes over the file, memory divided among the
//! groups.
//!
//! It refuses to know what the sweeps are for; how many groups there may be is for the reader to refuse.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use anyhow::Context;
use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_files::ScoreReader;
use cutpoint_metrics::{PartialSweep, PartialSweepBuilder, ScoreRange};

use crate::gather::{Source, builder, labels};
use crate::progress::ProgressBar;

/// The least memory of a group, in bytes: some bins, however many groups there are.
pub(crate) const LEAST_MEMORY: usize = 1 << 10;

/// The sweep of each group of a file that has rows of weight above 0.
#[derive(Debug)]
pub(crate) struct GatheredGroups {
    /// Ascending by the name of the group.
    pub(crate) groups: Vec<(String, PartialSweep)>,
    /// Negative and positive.
    pub(crate) labels: [Label; 2],
    /// How often the file was read.
    pub(crate) n_passes: usize,
}

/// The largest groups of a file, and all others as one.
#[derive(Debug)]
pub(crate) struct LargestGroups {
    /// Ascending by the name of the group.
    pub(crate) groups: Vec<(String, PartialSweep)>,
    /// The rows of the others, and how many groups these are, if there are any.
    pub(crate) others: Option<(PartialSweep, usize)>,
}

/// What a pass over the groups of a file gives that sweeps each, as long as all rows together fit.
struct FirstPass {
    /// How much weight the rows of each group have; ascending by name.
    sizes: BTreeMap<String, f64>,
    /// The sweep of each, ascending by name, unless there were too many rows.
    groups: Option<Vec<(String, PartialSweep)>>,
    labels: [Label; 2],
}

impl Source {
    /// Sweeps each group of rows by itself; the matrices at some thresholds are exact, whatever the memory is.
    ///
    /// How much memory a group may take depends on how many there are. While all rows together fit, nobody needs to know;
    /// otherwise the file is read once more.
    pub(crate) fn sweep_groups(
        &self,
        memory: usize,
        thresholds: &[Threshold],
    ) -> anyhow::Result<GatheredGroups> {
        let first = self.first_pass(memory, thresholds)?;
        let labels = first.labels;
        if let Some(groups) = first.groups {
            return Ok(GatheredGroups {
                groups,
                labels,
                n_passes: 1,
            });
        }
        let each = memory_of_each(memory, first.sizes.len());
        let groups = self.sweep_by(str::to_owned, each, thresholds)?;
        let groups = groups.into_iter().collect();
        Ok(GatheredGroups {
            groups,
            labels,
            n_passes: 2,
        })
    }

    /// Sweeps the largest groups of rows, at most so many, each by itself and all others together, unless it is one group
    /// only that is left; the matrices at some thresholds are exact, whatever the memory is.
    pub(crate) fn sweep_largest_groups(
        &self,
        memory: usize,
        thresholds: &[Threshold],
        most: usize,
    ) -> anyhow::Result<LargestGroups> {
        let first = self.first_pass(memory, thresholds)?;
        let mut by_size = first.sizes.into_iter().collect::<Vec<_>>();
        // The largest first; of equal ones in the order of their names.
        by_size.sort_by(|(_, one), (_, other)| other.total_cmp(one));
        let others = if by_size.len() > most + 1 {
            by_size.split_off(most)
        } else {
            Vec::new()
        };
        let n_others = others.len();
        let is_largest = |name: &str| by_size.iter().any(|(largest, _)| largest == name);
        if let Some(groups) = first.groups {
            let (groups, others) = groups
                .into_iter()
                .partition::<Vec<_>, _>(|(name, _)| is_largest(name));
            let others = others.iter().map(|(_, partial)| partial);
            let pooled = (n_others > 0).then(|| PartialSweep::merge(others, memory));
            let others = pooled.transpose()?.map(|pooled| (pooled, n_others));
            return Ok(LargestGroups { groups, others });
        }
        let each = memory_of_each(memory, by_size.len() + 1);
        let key = |name: &str| is_largest(name).then(|| name.to_owned());
        let mut swept = self.sweep_by(key, each, thresholds)?;
        let others = swept.remove(&None).map(|pooled| (pooled, n_others));
        let groups = swept.into_iter();
        let groups = groups.filter_map(|(name, partial)| Some((name?, partial)));
        Ok(LargestGroups {
            groups: groups.collect(),
            others,
        })
    }

    /// Sweeps the rows of some groups in some ranges of scores, in one pass, in as much memory each.
    pub(crate) fn sweep_groups_within(
        &self,
        each: usize,
        ranges: &BTreeMap<&str, Vec<ScoreRange>>,
    ) -> anyhow::Result<BTreeMap<String, PartialSweep>> {
        self.refuse_second_pass()?;
        let mut builders = BTreeMap::new();
        for (&name, ranges) in ranges {
            let builder = PartialSweepBuilder::within(each, ranges)?;
            builders.insert(name.to_owned(), builder);
        }
        self.for_each_group_block(|name, rows, amounts| {
            let builder = builders.get_mut(name);
            builder.map_or(Ok(()), |builder| self.add_block(builder, rows, amounts))
        })?;
        self.finished(builders)
    }

    /// Sweeps each group, unless the rows are too many for the memory together.
    fn first_pass(&self, memory: usize, thresholds: &[Threshold]) -> anyhow::Result<FirstPass> {
        let most_rows = match self.costs {
            Some(_) => 2 * PartialSweepBuilder::max_ranges_with_costs(memory),
            None => PartialSweepBuilder::max_scores(memory),
        };
        let mut sizes = BTreeMap::<String, f64>::new();
        let mut builders = BTreeMap::new();
        let mut n_rows = 0;
        let reader = self.for_each_group_block(|name, rows, amounts| {
            let size = sizes.entry(name.to_owned()).or_default();
            // Row by row, so that no sum depends on how the file is cut into blocks.
            *size = match rows.weight() {
                Some(weight) => weight.iter().fold(*size, |sum, weight| sum + weight),
                None => *size + rows.n_samples() as f64,
            };
            n_rows += rows.n_samples();
            if n_rows > most_rows {
                // From here on, only how large the groups are is of interest.
                builders.clear();
                return Ok(());
            }
            let builder = match builders.entry(name.to_owned()) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(builder(memory, thresholds)?),
            };
            self.add_block(builder, rows, amounts)
        })?;
        let groups = if n_rows > most_rows {
            self.refuse_second_pass()?;
            None
        } else {
            Some(self.finished(builders)?.into_iter().collect())
        };
        Ok(FirstPass {
            sizes,
            groups,
            labels: labels(&reader),
        })
    }

    /// Sweeps the rows in one pass, those of all groups together that have one key, in as much memory each.
    fn sweep_by<K: Ord>(
        &self,
        key: impl Fn(&str) -> K,
        each: usize,
        thresholds: &[Threshold],
    ) -> anyhow::Result<BTreeMap<K, PartialSweep>> {
        let mut builders = BTreeMap::new();
        self.for_each_group_block(|name, rows, amounts| {
            let builder = match builders.entry(key(name)) {
                Entry::Occupied(known) => known.into_mut(),
                Entry::Vacant(vacant) => vacant.insert(builder(each, thresholds)?),
            };
            self.add_block(builder, rows, amounts)
        })?;
        self.finished(builders)
    }

    /// Hands on the rows and their columns of amounts, some of one group at a time; the reader behind the last row.
    fn for_each_group_block(
        &self,
        mut look: impl FnMut(&str, &Scores, &[Vec<f64>]) -> anyhow::Result<()>,
    ) -> anyhow::Result<ScoreReader> {
        let mut reader = self.open()?;
        let mut bar = ProgressBar::new("reading");
        while let Some(parts) = reader.next_groups()? {
            for (part, (group, rows)) in parts.into_iter().enumerate() {
                look(&reader.groups()[group], &rows, reader.amounts(part))?;
            }
            bar.update(reader.progress());
        }
        bar.finish();
        Ok(reader)
    }

    fn finished<K: Ord>(
        &self,
        builders: BTreeMap<K, PartialSweepBuilder>,
    ) -> anyhow::Result<BTreeMap<K, PartialSweep>> {
        let finished = builders.into_iter().map(|(key, builder)| {
            let partial = builder.finish().with_context(|| self.shown())?;
            Ok((key, partial))
        });
        finished.collect()
    }
}

/// What each of some groups may take, in bytes.
fn memory_of_each(memory: usize, n_groups: usize) -> usize {
    (memory / n_groups.max(1)).max(LEAST_MEMORY)
}
