//! The scores of several models, paired row by row: in blocks, in file order, as often as need be.
//!
//! It refuses files that do not hold the same rows. Rows in any order are for `ids`.

use anyhow::bail;
use cutpoint_core::{Label, Scores, counted};
use cutpoint_files::{ScoreReader, is_read_once};

use super::rows::{Block, Source, both_classes, bytes_of, differ};
use super::{ids, shown};
use crate::progress::ProgressBar;
use crate::vocabulary::beside;

/// The rows of all models. They are read in the first pass, kept while they fit, and otherwise read again in each pass.
pub(super) struct Input {
    sources: Vec<Source>,
    /// Bytes that kept rows may take.
    most_bytes: usize,
    /// Negative and positive; known behind the first pass.
    labels: Option<[Label; 2]>,
    /// All rows, as long as they fit.
    kept: Option<Vec<Block>>,
}

impl Input {
    /// The rows, paired by a column if one is named. `memory`: the bytes that all of this may take.
    pub(super) fn open(
        sources: Vec<Source>,
        id: Option<&str>,
        memory: usize,
    ) -> anyhow::Result<Self> {
        /// What is left to the sweeps is enough for the rows that are kept, whatever their scores: a row takes 9 bytes
        /// or 17 a model, a distinct score 80 or 120.
        const KEPT: usize = 10;
        let (labels, block) = match id {
            Some(_) => {
                let (labels, block) = ids::read(&sources, memory)?;
                (Some(labels), Some(block))
            }
            None => (None, None),
        };
        Ok(Self {
            sources,
            most_bytes: memory / KEPT,
            labels,
            kept: Some(block.into_iter().collect()),
        })
    }

    pub(super) fn names(&self) -> impl ExactSizeIterator<Item = &str> {
        self.sources.iter().map(|source| source.name.as_str())
    }

    /// Negative and positive.
    ///
    /// # Panics
    /// Before the first pass.
    pub(super) fn labels(&self) -> &[Label; 2] {
        self.labels.as_ref().expect("a pass has been made")
    }

    /// Hands on all rows, block by block.
    pub(super) fn for_each_block(
        &mut self,
        mut look: impl FnMut(&[Scores]) -> anyhow::Result<()>,
    ) -> anyhow::Result<()> {
        let is_first = self.labels.is_none();
        if let (false, Some(blocks)) = (is_first, &self.kept) {
            return blocks.iter().try_for_each(|block| look(block));
        }
        let mut once = self.sources.iter();
        if !is_first && let Some(source) = once.find(|source| is_read_once(&source.path)) {
            bail!(
                "{} can be read only once, and this takes more: name a file, or allow the rows more memory with \
                 `--memory`",
                shown(&source.path)
            );
        }
        let mut steps = Steps::open(&self.sources)?;
        let mut bar = ProgressBar::new("reading");
        let mut n_bytes = 0;
        while let Some(block) = steps.next()? {
            bar.update(steps.readers[0].progress());
            look(&block)?;
            n_bytes += block.iter().map(bytes_of).sum::<usize>();
            match &mut self.kept {
                Some(kept) if n_bytes <= self.most_bytes => kept.push(block),
                kept => *kept = None,
            }
        }
        bar.finish();
        self.labels = Some(steps.finish()?);
        Ok(())
    }
}

/// Files that are read in step, block by block.
struct Steps<'s> {
    sources: &'s [Source],
    readers: Vec<ScoreReader>,
    n_rows: usize,
    /// The first negative and the first positive row.
    first_rows: [Option<usize>; 2],
}

impl<'s> Steps<'s> {
    fn open(sources: &'s [Source]) -> anyhow::Result<Self> {
        /// Few, since there are as many blocks as models.
        const BLOCK_ROWS: usize = 1 << 16;
        let readers = sources.iter().map(|source| {
            let reader = ScoreReader::open(&source.path, &source.columns)?;
            Ok(reader.block_rows(BLOCK_ROWS))
        });
        Ok(Self {
            sources,
            readers: readers.collect::<anyhow::Result<_>>()?,
            n_rows: 0,
            first_rows: [None; 2],
        })
    }

    /// The next rows of every file.
    fn next(&mut self) -> anyhow::Result<Option<Block>> {
        let mut blocks = Vec::with_capacity(self.readers.len());
        for other in 0..self.readers.len() {
            let block = self.readers[other].next_block().map_err(anyhow::Error::new);
            let [first_name, name] = self.names(other);
            let block = match other {
                0 => block,
                _ => beside(block, first_name, self.readers[0].classes(), name),
            };
            blocks.push(block?);
        }
        if let Some(first) = &blocks[0] {
            for (class, first_row) in self.first_rows.iter_mut().enumerate() {
                let rows = first.is_positive();
                let row = || rows.iter().position(|&is| usize::from(is) == class);
                *first_row = first_row.or_else(|| Some(self.n_rows + row()?));
            }
        }
        let n_rows = |block: &Option<Scores>| block.as_ref().map_or(0, Scores::n_samples);
        for (other, block) in blocks.iter().enumerate().skip(1) {
            if let (Some(first), Some(block)) = (&blocks[0], block) {
                self.check_same(first, block, other)?;
            }
            if n_rows(&blocks[0]) != n_rows(block) {
                return Err(self.other_length(other));
            }
        }
        self.n_rows += n_rows(&blocks[0]);
        Ok(blocks.into_iter().collect())
    }

    /// What the classes are called, behind the last row: both have rows, and every file calls them the same.
    fn finish(self) -> anyhow::Result<[Label; 2]> {
        for (source, reader) in self.sources.iter().zip(&self.readers) {
            both_classes(&source.name, reader.classes())?;
        }
        for other in 1..self.readers.len() {
            self.check_names(other, usize::MAX)?;
        }
        let labels = [0, 1].map(|class| self.class_name(0, class == 1));
        Ok(labels.map(|label| label.expect("both classes have rows").clone()))
    }

    /// That rows have the same classes and weights in the first file and another, as far as there are as many.
    fn check_same(&self, first: &Scores, block: &Scores, other: usize) -> anyhow::Result<()> {
        let n_common = first.n_samples().min(block.n_samples());
        let class = |scores: &Scores, row: usize| scores.is_positive()[row];
        let weight = |scores: &Scores, row: usize| scores.weight().map_or(1.0, |all| all[row]);
        #[expect(clippy::float_cmp, reason = "weights that were read, not computed")]
        let is_other = |&row: &usize| {
            class(first, row) != class(block, row) || weight(first, row) != weight(block, row)
        };
        let Some(row) = (0..n_common).find(is_other) else {
            return Ok(());
        };
        self.check_names(other, self.n_rows + row)?;
        let which = row_name(self.n_rows + row);
        let classes = [class(first, row), class(block, row)];
        if classes[0] == classes[1] {
            let weights = [weight(first, row), weight(block, row)];
            bail!(differ(self.names(other), "weight", &weights, &which, CURE));
        }
        let labels = [(0, classes[0]), (other, classes[1])];
        let labels = labels.map(|(file, is_positive)| {
            let label = self.class_name(file, is_positive);
            format!("`{}`", label.expect("a row has it"))
        });
        bail!(differ(self.names(other), "label", &labels, &which, CURE));
    }

    /// That a file calls the classes as the first does, of rows before some row.
    fn check_names(&self, other: usize, before: usize) -> anyhow::Result<()> {
        let name = |file: usize, class: usize| self.class_name(file, class == 1);
        let differing = (0..2).filter(|&class| {
            let names = name(0, class).zip(name(other, class));
            names.is_some_and(|(first, other)| !first.is_same(other))
        });
        let row = |class: usize| Some((self.first_rows[class]?, class));
        let first = differing.filter_map(row).min();
        if let Some((row, class)) = first.filter(|(row, _)| *row < before) {
            let labels = [0, other].map(|file| {
                let label = name(file, class).expect("both have rows of it");
                format!("`{label}`")
            });
            bail!(differ(
                self.names(other),
                "label",
                &labels,
                &row_name(row),
                CURE
            ));
        }
        Ok(())
    }

    /// What a file calls a class that it has rows of.
    fn class_name(&self, file: usize, is_positive: bool) -> Option<&Label> {
        let reader = &self.readers[file];
        let positive = reader.positive();
        let mut classes = reader.classes().iter();
        classes.find(|class| (Some(*class) == positive) == is_positive)
    }

    /// The error for files of which one ends before the other.
    fn other_length(&mut self, other: usize) -> anyhow::Error {
        for file in [0, other] {
            // Whatever is wrong with the rest of a file is not what is wrong first.
            while let Ok(Some(_)) = self.readers[file].next_block() {}
        }
        let n_rows = |file: usize| self.readers[file].progress().rows_read();
        other_number(self.names(other), [n_rows(0), n_rows(other)])
    }

    /// The names of the first model and of another.
    fn names(&self, other: usize) -> [&str; 2] {
        [0, other].map(|file| self.sources[file].name.as_str())
    }
}

/// What may help where rows in file order are not the same.
const CURE: &str =
    "; if they stand in another order, name a column that tells rows apart with `--id COLUMN`";

/// The error for files with other numbers of rows.
pub(super) fn other_number([first, other]: [&str; 2], n_rows: [u64; 2]) -> anyhow::Error {
    let [n_first, n_rows] = n_rows;
    anyhow::anyhow!(
        "{first} and {other} must hold the same rows, got {} and {n_rows}",
        counted(n_first, "row")
    )
}

fn row_name(row: usize) -> String {
    format!("row {row} (counted from 0)")
}
