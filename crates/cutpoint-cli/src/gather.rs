//! Score files as sources of rows, with a bar of progress, and how much memory a run may take.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use anyhow::bail;
use bytesize::ByteSize;
use cutpoint_choose::{Block, Classes, Pass, PassPart, RowSource, Swept};
use cutpoint_core::{Label, Scores};
use cutpoint_files::{ScoreColumns, ScoreReader, is_read_once};
use cutpoint_metrics::ScoreSurvey;

use crate::mixed_up::{self, TakenFor};
use crate::progress::ProgressBar;

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
    /// Whether a pass was begun, by this or by one of its copies.
    is_opened: Arc<AtomicBool>,
}

impl RowSource for Source {
    type Error = anyhow::Error;

    fn run<'p>(&self, pass: &Pass<'p>) -> anyhow::Result<PassPart<'p>> {
        let wrong = |error: cutpoint_metrics::Error| self.error(error.into());
        let mut worker = pass.begin()?;
        let amounts = pass.costs.iter().flat_map(|costs| costs.columns());
        let amounts = amounts.map(str::to_owned).collect();
        let mut reader = self.open(&self.columns.clone().amounts(amounts))?;
        let mut bar = ProgressBar::new("reading");
        if pass.groups.is_some() {
            while let Some(parts) = reader.next_groups()? {
                for (part, (group, scores)) in parts.iter().enumerate() {
                    let block = Block {
                        scores,
                        amounts: reader.amounts(part),
                        group: Some(&reader.groups()[*group]),
                    };
                    worker.add(&block).map_err(wrong)?;
                }
                bar.update(reader.progress());
            }
        } else {
            while let Some(scores) = reader.next_block()? {
                let block = Block {
                    scores: &scores,
                    amounts: reader.amounts(0),
                    group: None,
                };
                worker.add(&block).map_err(wrong)?;
                bar.update(reader.progress());
            }
        }
        bar.finish();
        let classes = Classes {
            labels: labels(&reader),
            present: reader.classes().to_vec(),
        };
        worker.finish(classes).map_err(wrong)
    }

    fn error(&self, error: cutpoint_choose::Error) -> anyhow::Error {
        match error {
            cutpoint_choose::Error::Metrics(error) => {
                anyhow::Error::from(error).context(self.shown())
            }
            cutpoint_choose::Error::KeptRows { .. } => {
                anyhow::anyhow!("{}: {error}: allow more with `--memory`", self.shown())
            }
            other => anyhow::Error::from(other).context(self.shown()),
        }
    }

    fn is_read_once(&self) -> bool {
        is_read_once(&self.path)
    }

    fn refuse_second_pass(&self) -> anyhow::Result<()> {
        if self.is_read_once() {
            bail!(
                "{} can be read only once, and this takes more: name a file, or, if the scores do not fit into memory, \
                 allow more with `--memory`",
                self.shown()
            );
        }
        Ok(())
    }
}

impl Source {
    /// A file of which all rows take part.
    pub(crate) fn new(path: &Path, columns: ScoreColumns) -> Self {
        Self {
            path: path.to_owned(),
            columns,
            is_opened: Arc::default(),
        }
    }

    /// The same file with its rows in groups.
    pub(crate) fn grouped(&self, column: &str) -> Self {
        let mut grouped = self.clone();
        grouped.columns = grouped.columns.group(Some(column.to_owned()));
        grouped
    }

    /// Hands on the rows, block by block.
    pub(crate) fn for_each_block(&self, mut look: impl FnMut(&Scores)) -> anyhow::Result<()> {
        let mut reader = self.open(&self.columns)?;
        let mut bar = ProgressBar::new("reading");
        while let Some(block) = reader.next_block()? {
            look(&block);
            bar.update(reader.progress());
        }
        bar.finish();
        Ok(())
    }

    /// Opens the file, once if it can be read only once.
    fn open(&self, columns: &ScoreColumns) -> anyhow::Result<ScoreReader> {
        if self.is_opened.swap(true, Ordering::Relaxed) {
            self.refuse_second_pass()?;
        }
        Ok(ScoreReader::open(&self.path, columns)?)
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

/// What is odd about the rows of a file, and about scores that are taken for something.
pub(crate) fn warnings(swept: &Swept, taken_for: TakenFor) -> Vec<String> {
    warnings_of(
        &ScoreSurvey::of_partial(&swept.partial),
        &swept.classes,
        taken_for,
    )
}

/// The same of scores that were surveyed.
pub(crate) fn warnings_of(
    survey: &ScoreSurvey,
    classes: &Classes,
    taken_for: TakenFor,
) -> Vec<String> {
    let odd = mixed_up::warnings(survey, Some(&classes.labels), taken_for);
    let one_class = match &classes.present[..] {
        [class] => Some(format!(
            "all rows are of one class, `{class}`: what needs both is undefined"
        )),
        _ => None,
    };
    one_class.into_iter().chain(odd).collect()
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
