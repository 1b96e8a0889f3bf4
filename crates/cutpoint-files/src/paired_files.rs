//! The scores of several models in files, as a source of rows that are the same for all: row by row, or joined by ids.

use std::sync::{Mutex, PoisonError};

use cutpoint_choose::{Classes, PairedPart, PairedPass, PairedSource};
use cutpoint_core::Scores;

use crate::paired_ids::{bytes_of, read_paired};
use crate::paired_steps::PairedSteps;
use crate::{Error, Result, ScoreFile};

/// Score files of the same rows, one a model; two of them may be one file with another column of scores.
///
/// Files may be larger than memory: rows are kept from the first pass on while they fit into a tenth of the memory, and
/// read again in each pass where they do not.
///
/// # Examples
/// ```
/// use cutpoint_choose::{CompareOptions, compare};
/// use cutpoint_files::{PairedFiles, ScoreColumns, ScoreFile};
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("scores.csv");
/// # std::fs::write(&path, "y_true,old,new\n1,0.8,0.9\n1,0.3,0.7\n0,0.6,0.2\n0,0.1,0.1\n")?;
/// let model = |name: &str| (name.to_owned(), ScoreFile::new(&path, ScoreColumns::default().score(name)));
/// let rows = PairedFiles::new([model("old"), model("new")], 64 << 20);
/// let comparison = compare(&rows, &CompareOptions::default(), 64 << 20)?;
/// assert_eq!(comparison.auc, [Some(0.75), Some(1.0)]);
/// assert_eq!(comparison.models[1].name, "new");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct PairedFiles {
    /// By what they are called.
    models: Vec<(String, ScoreFile)>,
    is_by_id: bool,
    memory: usize,
    kept: Mutex<Kept>,
}

/// What is known of the rows after a pass.
#[derive(Debug, Default)]
struct Kept {
    classes: Option<Classes>,
    /// All rows, if they fit.
    blocks: Option<Vec<Vec<Scores>>>,
}

impl PairedFiles {
    /// Models by what they are called, with their files, which are not opened yet. `memory`: the bytes that a question
    /// may take.
    pub fn new(models: impl IntoIterator<Item = (String, ScoreFile)>, memory: usize) -> Self {
        Self {
            models: models.into_iter().collect(),
            is_by_id: false,
            memory,
            kept: Mutex::default(),
        }
    }

    /// Pairs rows by a column that tells them apart, whatever their order is; they are all kept then. By default, they
    /// are paired in file order.
    #[must_use]
    pub fn by_id(mut self, column: &str) -> Self {
        for (_, file) in &mut self.models {
            let columns = file.columns().clone();
            *file = file.with_columns(columns.id(Some(column.to_owned())));
        }
        self.is_by_id = true;
        self
    }

    /// Hands on all rows, block by block.
    fn for_each_block(&self, mut look: impl FnMut(&[Scores]) -> Result<()>) -> Result<Classes> {
        /// What is left to the sweeps is enough for the rows that are kept, whatever their scores: a row takes 9 bytes
        /// or 17 a model, a distinct score 80 or 120.
        const KEPT: usize = 10;
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if self.is_by_id && kept.classes.is_none() {
            let (classes, block) = read_paired(&self.models, self.memory)?;
            *kept = Kept {
                classes: Some(classes),
                blocks: Some(vec![block]),
            };
        }
        if let (Some(classes), Some(blocks)) = (&kept.classes, &kept.blocks) {
            blocks.iter().try_for_each(|block| look(block))?;
            return Ok(classes.clone());
        }
        let mut steps = PairedSteps::open(&self.models)?;
        let mut watch = self.models[0].1.begin_watch();
        let mut blocks = kept.classes.is_none().then(Vec::new);
        let mut n_bytes = 0;
        while let Some(block) = steps.next()? {
            if let Some(watch) = &mut watch {
                watch(steps.progress());
            }
            look(&block)?;
            n_bytes += block.iter().map(bytes_of).sum::<usize>();
            match &mut blocks {
                Some(blocks) if n_bytes <= self.memory / KEPT => blocks.push(block),
                blocks => *blocks = None,
            }
        }
        let classes = steps.finish()?;
        *kept = Kept {
            classes: Some(classes.clone()),
            blocks,
        };
        Ok(classes)
    }
}

impl PairedSource for PairedFiles {
    type Error = Error;

    fn names(&self) -> Vec<String> {
        self.models.iter().map(|(name, _)| name.clone()).collect()
    }

    fn run(&self, pass: &PairedPass<'_>) -> Result<PairedPart> {
        let wrong = |error: cutpoint_choose::Error| self.error(error);
        let mut worker = pass.begin().map_err(wrong)?;
        let classes = self.for_each_block(|block| worker.add(block).map_err(wrong))?;
        Ok(worker.finish(classes))
    }

    fn error(&self, error: cutpoint_choose::Error) -> Error {
        match error {
            cutpoint_choose::Error::Model { model, source } => Error::Model {
                name: self.models[model].0.clone(),
                source,
            },
            source => Error::Models {
                source: Box::new(source),
            },
        }
    }
}
