//! A score file as a source of rows: questions of rows need not know that these are in a file.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use cutpoint_choose::{Block, Pass, PassPart, PassWorker, RowSource, SweepPlan, Swept};

use crate::{
    Error, LabelledScores, Progress, Result, ScoreColumns, ScoreReader, is_read_once,
    read_scores_with,
};

/// Rows whose names are read at a time: names may be long.
const NAMED_ROWS: usize = 1 << 13;

/// Says how far a pass has come, until it is dropped.
pub type PassProgress = Box<dyn FnMut(Progress)>;

/// A score file, of any length, that is read in blocks, as often as a question needs; stdin for `-`.
///
/// # Examples
/// ```
/// use cutpoint_choose::{View, choose_from};
/// use cutpoint_core::Threshold;
/// use cutpoint_files::{ScoreColumns, ScoreFile};
/// use cutpoint_metrics::Problem;
///
/// # let directory = tempfile::tempdir()?;
/// # let path = directory.path().join("scores.csv");
/// # std::fs::write(&path, "y_true,y_score\n1,0.9\n0,0.8\n1,0.7\n0,0.2\n")?;
/// let rows = ScoreFile::new(&path, ScoreColumns::default());
/// let problem = Problem::new("f1".parse()?).subject_to("recall>=0.9".parse()?);
/// let decision = choose_from(&View::of(&rows), &problem, 512 << 20)?;
/// assert_eq!(decision.choice.found().and_then(|best| best.threshold()), Threshold::new(0.7).ok());
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone)]
pub struct ScoreFile {
    path: PathBuf,
    columns: ScoreColumns,
    watch: Option<Arc<dyn Fn() -> PassProgress + Send + Sync>>,
    /// Whether a pass was begun, by this or by one of its copies.
    is_opened: Arc<AtomicBool>,
}

impl fmt::Debug for ScoreFile {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("ScoreFile")
            .field("path", &self.path)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

impl ScoreFile {
    /// A file, which is not opened yet. Where `columns` name one of groups, questions by group are about these, and
    /// where they name one of ids, rows by themselves are called so.
    pub fn new(path: &Path, columns: ScoreColumns) -> Self {
        Self {
            path: path.to_owned(),
            columns,
            watch: None,
            is_opened: Arc::default(),
        }
    }

    /// The same file, of which `watch` is told when a pass begins, and how far it has come.
    #[must_use]
    pub fn watched(mut self, watch: impl Fn() -> PassProgress + Send + Sync + 'static) -> Self {
        self.watch = Some(Arc::new(watch));
        self
    }

    /// The same file with other columns.
    #[must_use]
    pub fn with_columns(&self, columns: ScoreColumns) -> Self {
        Self {
            columns,
            ..self.clone()
        }
    }

    /// The file.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Its columns.
    pub fn columns(&self) -> &ScoreColumns {
        &self.columns
    }

    /// Opens the file, once if it can be read only once.
    ///
    /// # Errors
    /// [`Error::ReadOnce`], and those of [`ScoreReader::open`].
    pub fn open(&self) -> Result<ScoreReader> {
        self.open_with(&self.columns)
    }

    fn open_with(&self, columns: &ScoreColumns) -> Result<ScoreReader> {
        self.begin()?;
        ScoreReader::open(&self.path, columns)
    }

    /// Reads all rows at once.
    pub(crate) fn read(&self) -> Result<LabelledScores> {
        self.begin()?;
        let mut watch = self.begin_watch();
        read_scores_with(&self.path, &self.columns, |progress| {
            if let Some(watch) = &mut watch {
                watch(progress);
            }
        })
    }

    /// Remembers that the file was opened, which is possible once if it can be read only once.
    fn begin(&self) -> Result<()> {
        if self.is_opened.swap(true, Ordering::Relaxed) {
            self.refuse_second_pass()?;
        }
        Ok(())
    }

    /// Who is told how far a pass has come that begins now.
    pub(crate) fn begin_watch(&self) -> Option<PassProgress> {
        self.watch.as_ref().map(|watch| watch())
    }
}

impl RowSource for ScoreFile {
    type Error = Error;

    fn run(&self, pass: &Pass<'_>) -> Result<PassPart> {
        let wrong = |error: cutpoint_metrics::Error| self.error(error.into());
        let mut worker = pass.begin().map_err(wrong)?;
        let amounts = pass.costs.iter().flat_map(|costs| costs.columns());
        let amounts = amounts.map(str::to_owned).collect();
        let columns = self.columns.clone().amounts(amounts);
        // Names are read where rows are looked at by themselves.
        let has_ids = pass.sample.is_some() && columns.id.is_some();
        let mut reader = if has_ids {
            self.open_with(&columns)?.block_rows(NAMED_ROWS)
        } else {
            self.open_with(&columns.id(None))?
        };
        let mut watch = self.begin_watch();
        let tell = |progress| {
            if let Some(watch) = &mut watch {
                watch(progress);
            }
        };
        let added = add_rows(&mut reader, &mut worker, pass, tell);
        added.map_err(|error| match error {
            Unread::Rows(error) => self.error(error.into()),
            Unread::File(error) => error,
        })?;
        Ok(worker.finish(reader.class_names()))
    }

    fn error(&self, error: cutpoint_choose::Error) -> Error {
        let path = self.path.clone();
        match error {
            cutpoint_choose::Error::Metrics(source) => Error::Rows {
                path,
                source: Box::new(source),
            },
            source => Error::Question {
                path,
                source: Box::new(source),
            },
        }
    }

    fn is_read_once(&self) -> bool {
        is_read_once(&self.path)
    }

    fn refuse_second_pass(&self) -> Result<()> {
        if self.is_read_once() {
            return Err(Error::ReadOnce {
                path: self.path.clone(),
            });
        }
        Ok(())
    }
}

/// Why rows cannot be looked at: what a pass finds wrong with them, or what keeps them from being read.
enum Unread {
    Rows(cutpoint_metrics::Error),
    File(Error),
}

/// Shows all rows of a file to who answers a pass.
fn add_rows(
    reader: &mut ScoreReader,
    worker: &mut PassWorker<'_>,
    pass: &Pass<'_>,
    mut tell: impl FnMut(Progress),
) -> std::result::Result<(), Unread> {
    if pass.groups.is_some() {
        while let Some(parts) = reader.next_groups().map_err(Unread::File)? {
            for (part, (group, scores)) in parts.iter().enumerate() {
                let (amounts, group) = (reader.amounts(part), &reader.groups()[*group]);
                let block = Block {
                    scores,
                    amounts,
                    ids: &[],
                    group: Some(group),
                };
                worker.add(&block).map_err(Unread::Rows)?;
            }
            tell(reader.progress());
        }
    } else {
        // The next rows are read while those before are looked at.
        let mut next = reader.next_block().map_err(Unread::File)?;
        while let Some(scores) = next {
            let (amounts, ids) = reader.take_beside();
            let progress = reader.progress();
            let n_named = ids.as_ref().map_or(0, |_| scores.n_samples());
            let ids = ids.as_ref();
            let ids = (0..n_named).filter_map(|row| Some(ids?.get(row)));
            let block = Block {
                scores: &scores,
                amounts: &amounts,
                ids: &ids.collect::<Vec<_>>(),
                group: None,
            };
            let (added, read) = rayon::join(|| worker.add(&block), || reader.next_block());
            added.map_err(Unread::Rows)?;
            next = read.map_err(Unread::File)?;
            tell(progress);
        }
    }
    Ok(())
}

/// The sweep of every distinct score of a file that is open, however many there are.
pub(crate) fn sweep_all(
    mut reader: ScoreReader,
    path: &Path,
    tell: impl FnMut(Progress),
) -> Result<Swept> {
    let mut pass = Pass::within(usize::MAX);
    pass.sweep = Some(SweepPlan::default());
    let refused = |source: cutpoint_metrics::Error| Error::Rows {
        path: path.to_owned(),
        source: Box::new(source),
    };
    let mut worker = pass.begin().map_err(refused)?;
    let added = add_rows(&mut reader, &mut worker, &pass, tell);
    added.map_err(|error| match error {
        Unread::Rows(error) => refused(error),
        Unread::File(error) => error,
    })?;
    let part = worker.finish(reader.class_names());
    let sweep = part.sweep.expect("it was asked for");
    Ok(Swept {
        partial: sweep.finish().map_err(refused)?,
        classes: part.classes,
    })
}
