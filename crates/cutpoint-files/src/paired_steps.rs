//! Files of the same rows in the same order, read in step. Rows in any order are for `paired_ids`.

use cutpoint_choose::Classes;
use cutpoint_core::{Label, Scores};

use crate::pairing::{PairedRow, PairingError, beside, both_classes, row_differs};
use crate::{Error, Progress, Result, ScoreFile, ScoreReader};

/// Files that are read in step, block by block. That they hold the same rows is checked by labels and weights.
pub(crate) struct PairedSteps<'m> {
    models: &'m [(String, ScoreFile)],
    readers: Vec<ScoreReader>,
    n_rows: usize,
    /// The first negative and the first positive row.
    first_rows: [Option<usize>; 2],
}

impl<'m> PairedSteps<'m> {
    pub(crate) fn open(models: &'m [(String, ScoreFile)]) -> Result<Self> {
        /// Few, since there are as many blocks as models.
        const BLOCK_ROWS: usize = 1 << 16;
        let readers = models
            .iter()
            .map(|(_, file)| Ok(file.open()?.block_rows(BLOCK_ROWS)));
        Ok(Self {
            models,
            readers: readers.collect::<Result<_>>()?,
            n_rows: 0,
            first_rows: [None; 2],
        })
    }

    /// How far the first file has come.
    pub(crate) fn progress(&self) -> Progress {
        self.readers[0].progress()
    }

    /// The next rows of every file.
    pub(crate) fn next(&mut self) -> Result<Option<Vec<Scores>>> {
        let mut blocks = Vec::with_capacity(self.readers.len());
        for other in 0..self.readers.len() {
            let block = self.readers[other].next_block();
            blocks.push(match other {
                0 => block?,
                _ => beside(block, self.names(other), self.readers[0].classes())?,
            });
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

    /// What the classes are called, after the last row: both have rows, and every file calls them the same.
    pub(crate) fn finish(self) -> Result<Classes> {
        for ((name, _), reader) in self.models.iter().zip(&self.readers) {
            both_classes(name, reader.classes())?;
        }
        for other in 1..self.readers.len() {
            self.check_names(other, usize::MAX)?;
        }
        let labels = [0, 1].map(|class| self.class_name(0, class == 1));
        Ok(Classes {
            labels: labels.map(|label| label.expect("both classes have rows").clone()),
            present: self.readers[0].classes().to_vec(),
        })
    }

    /// That rows have the same classes and weights in the first file and another, as far as there are as many.
    fn check_same(&self, first: &Scores, block: &Scores, other: usize) -> Result<()> {
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
        let classes = [class(first, row), class(block, row)];
        let which = PairedRow::Number(self.n_rows + row);
        if classes[0] == classes[1] {
            let weights = [weight(first, row), weight(block, row)].map(|weight| weight.to_string());
            return Err(row_differs(self.names(other), "weight", weights, which));
        }
        Err(self.other_labels(other, classes, which))
    }

    /// That a file calls the classes as the first does, of rows before some row.
    fn check_names(&self, other: usize, before: usize) -> Result<()> {
        let name = |file: usize, class: usize| self.class_name(file, class == 1);
        let differing = (0..2).filter(|&class| {
            let names = name(0, class).zip(name(other, class));
            names.is_some_and(|(first, other)| !first.is_same(other))
        });
        let row = |class: usize| Some((self.first_rows[class]?, class));
        let first = differing.filter_map(row).min();
        match first.filter(|(row, _)| *row < before) {
            Some((row, class)) => {
                let row = PairedRow::Number(row);
                Err(self.other_labels(other, [class == 1; 2], row))
            }
            None => Ok(()),
        }
    }

    /// The error for a row with other labels in the first file and another, of these classes.
    fn other_labels(&self, other: usize, classes: [bool; 2], row: PairedRow) -> Error {
        let labels = [(0, classes[0]), (other, classes[1])].map(|(file, is_positive)| {
            let label = self.class_name(file, is_positive);
            format!("`{}`", label.expect("a row has it"))
        });
        row_differs(self.names(other), "label", labels, row)
    }

    /// What a file calls a class that it has rows of.
    fn class_name(&self, file: usize, is_positive: bool) -> Option<&Label> {
        let reader = &self.readers[file];
        let positive = reader.positive();
        let mut classes = reader.classes().iter();
        classes.find(|class| (Some(*class) == positive) == is_positive)
    }

    /// The error for files of which one ends before the other.
    fn other_length(&mut self, other: usize) -> Error {
        for file in [0, other] {
            // Whatever is wrong with the rest of a file is not what is wrong first.
            while let Ok(Some(_)) = self.readers[file].next_block() {}
        }
        let n_rows = [0, other].map(|file| self.readers[file].progress().rows_read());
        let [first, other] = self.names(other).map(str::to_owned);
        PairingError::RowNumber {
            first,
            other,
            n_rows,
        }
        .told()
    }

    /// The names of the first model and of another.
    fn names(&self, other: usize) -> [&str; 2] {
        [0, other].map(|file| self.models[file].0.as_str())
    }
}
