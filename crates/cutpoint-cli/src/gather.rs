//! Score files as partial sweeps, in bounded memory: how much of it, how many passes over the file. Groups are in `groups`.
//!
//! It refuses to know what the sweeps are for.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::{Context, bail};
use bytesize::ByteSize;
use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_files::{ScoreColumns, ScoreReader, is_read_once};
use cutpoint_metrics::{
    Cells, CostTally, Costs, PartialSweep, PartialSweepBuilder, RowCosts, ScoreRange, ScoreSurvey,
    confusion_at,
};

use crate::mixed_up::{self, TakenFor};
use crate::progress::ProgressBar;
use crate::rows::{Dealer, RowFilter, keep};

/// How much memory a run may take.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct MemoryArgs {
    /// Memory to stay within, at least 64KiB. As long as the distinct scores fit (some 80 bytes each, 120 with weights),
    /// the sweep is exact; beyond, it is exact at as many thresholds as fit. The program and the rows that it reads take some
    /// 40MiB of it, and of less than that, beyond it
    #[arg(long, value_name = "SIZE", default_value = "512MiB", value_parser = memory)]
    memory: ByteSize,
}

/// What the program itself takes and the rows that are being read, in bytes.
const READING: usize = 96 << 20;

/// The least memory that can be asked for.
const LEAST: ByteSize = ByteSize::kib(64);

fn memory(text: &str) -> Result<ByteSize, String> {
    let size = text.trim().parse::<ByteSize>().ok();
    size.filter(|size| *size >= LEAST && usize::try_from(size.as_u64()).is_ok())
        .ok_or_else(|| format!("must be a size of at least {LEAST}, such as `512MiB` or `2GB`"))
}

impl MemoryArgs {
    /// What is left for bins, in bytes. The rest is for the program itself and the rows that are being read.
    pub(crate) fn for_bins(self) -> usize {
        let all = usize::try_from(self.memory.as_u64()).expect("checked when it was parsed");
        // Where there is not as much, reading takes less, though more than half but of the least.
        let share = (all / 2).min(all / 16 * 5 + (1 << 20));
        all.saturating_sub(READING).max(share)
    }

    /// How much to allow so that so much is left for bins.
    pub(crate) fn that_leaves(for_bins: usize) -> ByteSize {
        ByteSize::b(for_bins.saturating_add(READING) as u64)
    }
}

impl std::fmt::Display for MemoryArgs {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(formatter, "{}", self.memory)
    }
}

/// A score file that is read in blocks, as often as need be.
#[derive(Debug, Clone)]
pub(crate) struct Source {
    pub(crate) path: PathBuf,
    /// With the column of groups, if groups are told apart.
    pub(crate) columns: ScoreColumns,
    pub(crate) rows: RowFilter,
    /// What rows cost, if they cost by themselves.
    pub(crate) costs: Option<AmountCosts>,
    /// Whether a pass was begun, by this or by one of its copies.
    is_opened: Arc<AtomicBool>,
}

/// What rows cost in each cell, some of it by columns of amounts.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct AmountCosts {
    /// As they were written.
    pub(crate) text: String,
    /// What every row costs in a cell.
    pub(crate) constant: Costs,
    /// What one unit of the amount in a column costs in a cell; each column once.
    pub(crate) columns: Vec<(String, Costs)>,
}

/// What is known of a file behind its last row.
#[derive(Debug)]
pub(crate) struct Ends {
    /// Negative and positive.
    pub(crate) labels: [Label; 2],
    /// The classes that have rows.
    pub(crate) classes: Vec<Label>,
}

/// What one pass over a file gives.
#[derive(Debug)]
pub(crate) struct Gathered {
    pub(crate) partial: PartialSweep,
    /// Negative and positive.
    pub(crate) labels: [Label; 2],
    /// The classes that have rows.
    pub(crate) classes: Vec<Label>,
}

/// The rows of a file at a threshold.
#[derive(Debug, Clone)]
pub(crate) struct Counted {
    pub(crate) cells: Cells,
    /// What the rows cost by themselves; nothing was added if they do not.
    pub(crate) costs: CostTally,
}

impl Default for Counted {
    fn default() -> Self {
        Self {
            cells: Cells::from_counts(0, 0, 0, 0),
            costs: CostTally::default(),
        }
    }
}

impl Counted {
    /// Adds what was counted elsewhere.
    pub(crate) fn merge(&mut self, other: &Self) {
        self.cells = self.cells + other.cells;
        self.costs.merge(&other.costs);
    }
}

impl Source {
    /// A file of which all rows take part.
    pub(crate) fn new(path: &Path, columns: ScoreColumns) -> Self {
        Self {
            path: path.to_owned(),
            columns,
            rows: RowFilter::All,
            costs: None,
            is_opened: Arc::default(),
        }
    }

    /// The same file, whose rows cost by columns of amounts.
    pub(crate) fn with_costs(mut self, costs: Option<AmountCosts>) -> Self {
        let names = costs.iter().flat_map(|costs| &costs.columns);
        let names = names.map(|(name, _)| name.clone()).collect();
        self.columns = self.columns.amounts(names);
        self.costs = costs;
        self
    }

    /// The same file with other rows.
    pub(crate) fn with_rows(&self, rows: RowFilter) -> Self {
        Self {
            rows,
            ..self.clone()
        }
    }

    /// The same file with its rows in groups.
    pub(crate) fn grouped(&self, column: &str) -> Self {
        let mut grouped = self.clone();
        grouped.columns = grouped.columns.group(Some(column.to_owned()));
        grouped
    }

    /// Adds the rows that take part to a builder, with what they cost.
    fn add_to(&self, builder: &mut PartialSweepBuilder) -> anyhow::Result<Ends> {
        self.for_each_priced_block(|block, amounts| self.add_block(builder, block, amounts))
    }

    pub(crate) fn add_block(
        &self,
        builder: &mut PartialSweepBuilder,
        block: &Scores,
        amounts: &[Vec<f64>],
    ) -> anyhow::Result<()> {
        let Some(costs) = self.row_costs(block, amounts)? else {
            builder.add(block);
            return Ok(());
        };
        let added = builder.add_with_costs(block, &costs);
        added.with_context(|| self.shown())
    }

    /// What the rows of a block cost, if they cost by themselves.
    pub(crate) fn row_costs(
        &self,
        block: &Scores,
        amounts: &[Vec<f64>],
    ) -> anyhow::Result<Option<RowCosts>> {
        let Some(costs) = &self.costs else {
            return Ok(None);
        };
        let columns = amounts.iter().zip(&costs.columns);
        let columns = columns.map(|(amounts, (_, costs))| (&amounts[..], *costs));
        let costs = RowCosts::new(block, &costs.constant, &columns.collect::<Vec<_>>());
        costs.map(Some).with_context(|| self.shown())
    }

    /// Hands on the rows that take part, block by block.
    pub(crate) fn for_each_block(&self, mut look: impl FnMut(&Scores)) -> anyhow::Result<Ends> {
        self.for_each_priced_block(|block, _| {
            look(block);
            Ok(())
        })
    }

    /// Hands on the rows that take part and their columns of amounts, block by block.
    pub(crate) fn for_each_priced_block(
        &self,
        mut look: impl FnMut(&Scores, &[Vec<f64>]) -> anyhow::Result<()>,
    ) -> anyhow::Result<Ends> {
        let mut reader = self.open()?;
        let mut bar = ProgressBar::new("reading");
        match &self.rows {
            RowFilter::All => {
                while let Some(block) = reader.next_block()? {
                    look(&block, reader.amounts(0))?;
                    bar.update(reader.progress());
                }
            }
            RowFilter::Fold {
                folds,
                fold,
                is_inside,
            } => {
                let mut dealer = Dealer::new(*folds);
                while let Some(block) = reader.next_block()? {
                    let kept = keep(&block, |is_positive| {
                        (dealer.deal(is_positive) == *fold) == *is_inside
                    });
                    if let Some((rows, places)) = kept {
                        let pick =
                            |amounts: &Vec<f64>| places.iter().map(|&row| amounts[row]).collect();
                        let amounts = reader.amounts(0).iter().map(pick);
                        look(&rows, &amounts.collect::<Vec<_>>())?;
                    }
                    bar.update(reader.progress());
                }
            }
        }
        bar.finish();
        Ok(Ends {
            labels: labels(&reader),
            classes: reader.classes().to_vec(),
        })
    }

    /// Sweeps the rows; the matrices at some thresholds are exact, whatever the memory is.
    pub(crate) fn sweep(
        &self,
        memory: usize,
        thresholds: &[Threshold],
    ) -> anyhow::Result<Gathered> {
        let mut builder = builder(memory, thresholds)?;
        let ends = self.add_to(&mut builder)?;
        Ok(Gathered {
            partial: builder.finish().with_context(|| self.shown())?,
            labels: ends.labels,
            classes: ends.classes,
        })
    }

    /// Sweeps the rows in some ranges of scores.
    pub(crate) fn sweep_within(
        &self,
        memory: usize,
        ranges: &[ScoreRange],
    ) -> anyhow::Result<PartialSweep> {
        self.refuse_second_pass()?;
        let mut builder = PartialSweepBuilder::within(memory, ranges)?;
        self.add_to(&mut builder)?;
        builder.finish().with_context(|| self.shown())
    }

    /// Counts the rows at some thresholds, in one pass; where nothing is predicted positive, for `None`.
    pub(crate) fn count_at(
        &self,
        thresholds: &[Option<Threshold>],
    ) -> anyhow::Result<(Vec<Counted>, Ends)> {
        let mut sums = vec![Counted::default(); thresholds.len()];
        let ends = self.for_each_priced_block(|block, amounts| {
            let costs = self.row_costs(block, amounts)?;
            for (sum, &threshold) in sums.iter_mut().zip(thresholds) {
                let cells = match threshold {
                    Some(threshold) => confusion_at(block, threshold),
                    None => none_predicted(block)?,
                };
                sum.cells = sum.cells + cells;
                if let Some(costs) = &costs {
                    let added = sum.costs.add(block, costs, threshold);
                    added.with_context(|| self.shown())?;
                }
            }
            Ok(())
        })?;
        Ok((sums, ends))
    }

    /// Refuses to read stdin or a pipe again.
    pub(crate) fn refuse_second_pass(&self) -> anyhow::Result<()> {
        if self.is_read_once() {
            bail!(
                "{} can be read only once, and this takes more: name a file, or, if the scores do not fit into memory, \
                 allow more with `--memory`",
                self.shown()
            );
        }
        Ok(())
    }

    /// Opens the file, once if it can be read only once.
    pub(crate) fn open(&self) -> anyhow::Result<ScoreReader> {
        if self.is_opened.swap(true, Ordering::Relaxed) {
            self.refuse_second_pass()?;
        }
        Ok(ScoreReader::open(&self.path, &self.columns)?)
    }

    /// Whether there is no second pass: it is stdin or a pipe.
    pub(crate) fn is_read_once(&self) -> bool {
        is_read_once(&self.path)
    }

    fn is_stdin(&self) -> bool {
        self.path == Path::new("-")
    }

    pub(crate) fn shown(&self) -> String {
        if self.is_stdin() {
            "stdin".to_owned()
        } else {
            self.path.display().to_string()
        }
    }
}

impl Gathered {
    /// What is odd about the rows, and about scores that are taken for something.
    pub(crate) fn warnings(&self, taken_for: TakenFor) -> Vec<String> {
        let survey = ScoreSurvey::of_partial(&self.partial);
        let odd = mixed_up::warnings(&survey, Some(&self.labels), taken_for);
        let one_class = match &self.classes[..] {
            [class] => Some(format!(
                "all rows are of one class, `{class}`: what needs both is undefined"
            )),
            _ => None,
        };
        one_class.into_iter().chain(odd).collect()
    }
}

/// The cells of rows of which none is predicted positive.
fn none_predicted(block: &Scores) -> anyhow::Result<Cells> {
    // Every score reaches the lowest number there is: what is positive then is missed now.
    let all = confusion_at(block, Threshold::new(f64::MIN)?);
    Ok(Cells::from_weights(0.0, 0.0, all.tp(), all.fp())?)
}

pub(crate) fn builder(
    memory: usize,
    thresholds: &[Threshold],
) -> cutpoint_metrics::Result<PartialSweepBuilder> {
    if thresholds.is_empty() {
        PartialSweepBuilder::new(memory)
    } else {
        PartialSweepBuilder::cut_at(memory, thresholds)
    }
}

/// Negative and positive class, once all rows have been read.
pub(crate) fn labels(reader: &ScoreReader) -> [Label; 2] {
    let negative = reader.negative();
    let labels = negative.zip(reader.positive().cloned());
    labels
        .expect("the positive class is known behind the last row")
        .into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_read_from_text() {
        let bytes = |text| memory(text).map(|size| size.as_u64());
        assert_eq!(bytes("512MiB"), Ok(512 << 20));
        assert_eq!(bytes("2 GB"), Ok(2_000_000_000));
        assert_eq!(bytes("65536"), Ok(65_536));
        for refused in ["65535", "1KiB", "-1MiB", "much", "", "1e6"] {
            assert!(bytes(refused).is_err(), "{refused}");
        }
    }
}
