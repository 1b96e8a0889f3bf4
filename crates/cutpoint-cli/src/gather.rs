//! Score files as sources of rows, with a bar of progress, and how much memory a run may take.

use std::path::Path;

use anyhow::anyhow;
use bytesize::ByteSize;
use cutpoint_choose::{Classes, Pass, PassPart, RowSource, Swept};
use cutpoint_files::{ScoreColumns, ScoreFile};
use cutpoint_metrics::ScoreSurvey;

use crate::mixed_up::{self, TakenFor};
use crate::progress::ProgressBar;

/// How much memory a run may take.
#[derive(Debug, Clone, Copy, clap::Args)]
pub(crate) struct MemoryArgs {
    /// Memory to stay within, at least 64KiB. As long as the rows fit (28 bytes each, 72 with weights) or the distinct
    /// scores (some 80 bytes each, 120 with weights), the sweep is exact; beyond, it is exact at as many thresholds as
    /// fit. The program and the rows that it reads take some 40MiB of it, and of less than that, beyond it
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

/// A score file that is read as often as need be, with a bar of progress, and whose errors name flags.
#[derive(Debug, Clone)]
pub(crate) struct Source(ScoreFile);

impl Source {
    pub(crate) fn new(path: &Path, columns: ScoreColumns) -> Self {
        let file = ScoreFile::new(path, columns);
        Self(file.watched(|| {
            let mut bar = ProgressBar::new("reading");
            Box::new(move |progress| bar.update(progress))
        }))
    }

    /// The same file with its rows in groups.
    pub(crate) fn grouped(&self, column: &str) -> Self {
        let columns = self.columns().clone().group(Some(column.to_owned()));
        Self(self.0.with_columns(columns))
    }

    pub(crate) fn path(&self) -> &Path {
        self.0.path()
    }

    pub(crate) fn columns(&self) -> &ScoreColumns {
        self.0.columns()
    }

    pub(crate) fn shown(&self) -> String {
        shown(self.path())
    }
}

impl RowSource for Source {
    type Error = anyhow::Error;

    fn run(&self, pass: &Pass<'_>) -> anyhow::Result<PassPart> {
        self.0.run(pass).map_err(worded)
    }

    fn error(&self, error: cutpoint_choose::Error) -> anyhow::Error {
        worded(self.0.error(error))
    }

    fn is_read_once(&self) -> bool {
        self.0.is_read_once()
    }

    fn refuse_second_pass(&self) -> anyhow::Result<()> {
        self.0.refuse_second_pass().map_err(worded)
    }
}

/// What flags can help with.
fn worded(error: cutpoint_files::Error) -> anyhow::Error {
    use cutpoint_choose::Error::{FoldMemory, KeptRows};
    match &error {
        cutpoint_files::Error::ReadOnce { .. } => anyhow!(
            "{error}: name a file, or, if the scores do not fit into memory, allow more with `--memory`"
        ),
        cutpoint_files::Error::Question { source, .. } => match &**source {
            KeptRows { .. } => anyhow!("{error}: {source}: allow more with `--memory`"),
            FoldMemory {
                n_folds,
                n_rows,
                bytes,
                ..
            } => anyhow!(
                "{error}: which of {n_folds} folds each of {n_rows} rows is in takes {}, more than half of what \
                 `--memory` leaves: allow up to {} with `--memory`",
                ByteSize::b(*bytes as u64),
                MemoryArgs::that_leaves(2 * bytes)
            ),
            _ => error.into(),
        },
        _ => error.into(),
    }
}

/// A file as messages name it.
pub(crate) fn shown(path: &Path) -> String {
    if path == Path::new("-") {
        "stdin".to_owned()
    } else {
        path.display().to_string()
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
