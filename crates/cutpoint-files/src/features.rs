//! Features of rows to be scored, found by the names a model knows.
//!
//! Gaps are not filled, and text is not encoded.

use std::path::{Path, PathBuf};

use cutpoint_core::{Label, Labels};
use ndarray::Array2;

use crate::columns::{Columns, Domain, NumberColumn, Projection, TextColumn};
use crate::dataset::matrix;
use crate::labels::{Words, labels};
use crate::npy_table::MatrixNames;
use crate::table::Table;
use crate::{Error, Progress, Result};

/// Rows of a block unless there are many features.
const BLOCK_ROWS: usize = 1 << 17;
/// Numbers of a block, about: 32 MiB.
const BLOCK_VALUES: usize = 1 << 22;

/// Features of rows to be scored, and their labels if the file has them.
#[derive(Debug, Clone, PartialEq)]
pub struct Features {
    x: Array2<f64>,
    y: Option<Labels>,
}

impl Features {
    /// The features in the order they were asked for: `(rows, features)`.
    pub fn x(&self) -> &Array2<f64> {
        &self.x
    }

    /// The labels, if the file has the target column.
    pub fn y(&self) -> Option<&Labels> {
        self.y.as_ref()
    }
}

/// Reads the features of a model by their names, wherever they stand in the file; other columns are ignored. The
/// labels come along if the target column is there.
///
/// # Errors
/// Those of [`crate::read_dataset`], but for a missing target, which is no error.
pub fn read_features(path: &Path, feature_names: &[String], target: &str) -> Result<Features> {
    let mut reader = FeatureReader::open(path, feature_names, target)?;
    reader.block_rows = usize::MAX;
    match reader.next_block()? {
        Some(whole) => Ok(whole),
        None => Err(reader.table.no_rows()),
    }
}

/// Reads the features of a model block by block, in file order and in bounded memory.
///
/// # Examples
/// ```
/// use cutpoint_files::FeatureReader;
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("data.csv");
/// std::fs::write(&path, "id,b,a\n7,1,0.5\n8,2,1.5\n")?;
/// let names = ["a".to_owned(), "b".to_owned()];
/// let mut reader = FeatureReader::open(&path, &names, "y")?;
/// assert!(!reader.has_target());
/// let block = reader.next_block()?.expect("two rows are one block");
/// assert_eq!(block.x(), ndarray::array![[0.5, 1.0], [1.5, 2.0]]);
/// assert_eq!(reader.next_block()?, None);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct FeatureReader {
    table: Table,
    numbers: Vec<NumberColumn>,
    target: Option<Target>,
    block_rows: usize,
    rows_read: u64,
    is_done: bool,
}

/// The labels that come along.
struct Target {
    column: usize,
    name: String,
    /// The distinct texts so far.
    texts: TextColumn,
    /// What kind of labels earlier blocks had.
    kind: Option<Label>,
    words: Vec<String>,
}

impl FeatureReader {
    /// Opens a file and finds the columns. A target that is not there is no error.
    ///
    /// # Errors
    /// Those of [`crate::read_dataset`] for the file and the names of its columns.
    pub fn open(path: &Path, feature_names: &[String], target: &str) -> Result<Self> {
        let matrix_names = MatrixNames::Features {
            names: feature_names,
            target,
        };
        let table = Table::open(path, matrix_names)?;
        let numbers = feature_names.iter().map(|name| {
            let column = table.find(name)?;
            Ok(NumberColumn {
                column,
                domain: Domain::Finite,
            })
        });
        let numbers = numbers.collect::<Result<Vec<_>>>()?;
        let column = table.names().iter().position(|name| name == target);
        let block_rows = BLOCK_VALUES / numbers.len().max(1);
        Ok(Self {
            target: column.map(|column| Target {
                column,
                name: target.to_owned(),
                texts: TextColumn::default(),
                kind: None,
                words: Vec::new(),
            }),
            table,
            numbers,
            block_rows: block_rows.clamp(1, BLOCK_ROWS),
            rows_read: 0,
            is_done: false,
        })
    }

    /// Classes that are written as words for a missing value (`NA`, `None`), which are refused otherwise: those of a
    /// model. Default: none.
    #[must_use]
    pub fn words(mut self, words: Vec<String>) -> Self {
        if let Some(target) = &mut self.target {
            target.words = words;
        }
        self
    }

    /// Whether the labels come along.
    pub fn has_target(&self) -> bool {
        self.target.is_some()
    }

    /// How far reading has come.
    pub fn progress(&self) -> Progress {
        self.table.progress()
    }

    /// The next rows; `None` after the last ones, and after an error.
    ///
    /// # Errors
    /// Those of [`crate::read_dataset`] for the rows; [`Error::Field`] if labels that were whole numbers, or truth
    /// values, in all blocks before are so no longer.
    pub fn next_block(&mut self) -> Result<Option<Features>> {
        if self.is_done {
            return Ok(None);
        }
        let block = self.try_next_block();
        self.is_done = !matches!(block, Ok(Some(_)));
        block
    }

    fn try_next_block(&mut self) -> Result<Option<Features>> {
        let target = self.target.as_ref().map(|target| target.column);
        let projection = Projection {
            numbers: &self.numbers,
            texts: target.as_slice(),
            ..Projection::default()
        };
        let mut columns = Columns::empty(projection.texts.len());
        while columns.n_rows < self.block_rows {
            match self.table.next_part(projection)? {
                Some(part) => columns.append(part.columns),
                None => break,
            }
        }
        if columns.n_rows == 0 {
            return match self.rows_read {
                0 => Err(self.table.no_rows()),
                _ => Ok(None),
            };
        }
        self.rows_read += columns.n_rows as u64;
        let path = self.table.path().to_owned();
        let y = match (&mut self.target, &columns.texts[..]) {
            (Some(target), [texts]) => Some(target.take(path, texts)?),
            _ => None,
        };
        Ok(Some(Features {
            x: matrix(columns.n_rows, columns.numbers),
            y,
        }))
    }
}

impl Target {
    /// The labels of the next rows, with the classes of all rows so far.
    fn take(&mut self, path: PathBuf, part: &TextColumn) -> Result<Labels> {
        let codes = self.texts.absorb(part);
        let n_texts = u32::try_from(self.texts.distinct.len());
        self.texts.codes = (0..n_texts.expect("fewer than 2^32 distinct texts")).collect();
        let classes = labels(&path, &self.name, &self.texts, Words(&self.words))?;
        let first = classes.classes().first();
        if let (Some(kind), Some(first)) = (&self.kind, first)
            && std::mem::discriminant(kind) != std::mem::discriminant(first)
        {
            return Err(self.changed(path, kind));
        }
        self.kind = first.cloned();
        let class_codes = codes.iter().map(|&code| classes.codes()[code as usize]);
        let class_codes = class_codes.collect::<Vec<_>>();
        let codes = part.codes.iter().map(|&code| class_codes[code as usize]);
        Ok(
            Labels::from_codes(codes.collect(), classes.classes().to_vec())
                .expect("the codes and classes come from `Labels` themselves"),
        )
    }

    /// The error for a text that is not of the kind that all labels before it were.
    fn changed(&self, path: PathBuf, kind: &Label) -> Error {
        let (expected, is_kind): (_, fn(&str) -> bool) = match kind {
            Label::Bool(_) => ("`true` or `false`, as in the rows before", |text| {
                text.trim().parse::<bool>().is_ok()
            }),
            _ => ("a whole number, as in the rows before", |text| {
                text.trim().parse::<f64>().is_ok()
            }),
        };
        let texts = self.texts.distinct.iter().zip(&self.texts.first_places);
        let (text, place) = texts
            .clone()
            .find(|(text, _)| !is_kind(text))
            .or_else(|| texts.clone().next_back())
            .expect("there are labels");
        Error::Field {
            path,
            place: *place,
            column: self.name.clone(),
            expected,
            found: text.clone(),
        }
    }
}
