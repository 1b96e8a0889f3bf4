//! A file as a table of named columns: what columns there are is read at once, rows when they are asked for.
//!
//! What columns mean (features, labels, scores), the readers beside it say. What is particular to a format is in the
//! module of that format.

use std::collections::VecDeque;
use std::path::{Path, PathBuf};

use crate::columns::{Columns, Part, Projection};
use crate::csv_table::CsvRows;
use crate::npy_table::{MatrixNames, NpyRows};
use crate::open::open_stream;
use crate::parquet_file::{Kind, ParquetFile};
use crate::parquet_table::ParquetRows;
use crate::row_block::{LayoutKind, RowBlock, RowLayout};
use crate::{Error, Format, Progress, Result};

/// A file whose columns are known and whose rows have not all been read.
pub(crate) struct Table {
    path: PathBuf,
    names: Vec<String>,
    source: Source,
    /// Parts that were read ahead.
    parts: VecDeque<Result<Part<RowBlock>>>,
    rows_read: u64,
    n_bytes: Option<u64>,
}

enum Source {
    Csv(CsvRows),
    Parquet(Box<ParquetRows>),
    Npy(NpyRows),
}

impl Table {
    /// Opens a file, or stdin for `-`. The columns of a matrix without names are called as told.
    pub(crate) fn open(path: &Path, matrix_names: MatrixNames<'_>) -> Result<Self> {
        let (names, source, n_bytes) = match Format::of(path)? {
            Format::Csv => {
                let (input, n_bytes) = open_stream(path)?;
                let (names, rows) = CsvRows::open(path, input)?;
                (names, Source::Csv(rows), n_bytes)
            }
            Format::Parquet => {
                let file = ParquetFile::open(path)?;
                let names = file.columns().iter().map(|column| column.name.clone());
                let (names, n_bytes) = (names.collect(), file.n_bytes());
                let rows = Box::new(ParquetRows::open(file));
                (names, Source::Parquet(rows), Some(n_bytes))
            }
            Format::Npy => {
                let rows = NpyRows::open(path, matrix_names)?;
                let (names, n_bytes) = (rows.names().to_vec(), rows.n_bytes());
                (names, Source::Npy(rows), Some(n_bytes))
            }
        };
        Ok(Self {
            path: path.to_owned(),
            names,
            source,
            parts: VecDeque::new(),
            rows_read: 0,
            n_bytes,
        })
    }

    /// The path that the table is read from.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the columns.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// What whole rows are.
    pub(crate) fn row_layout(&self) -> Result<RowLayout> {
        Ok(RowLayout {
            path: self.path.clone(),
            names: self.names.clone(),
            kind: match &self.source {
                Source::Csv(rows) => LayoutKind::Lines {
                    header: rows.header().to_vec(),
                },
                Source::Parquet(rows) => rows.layout()?,
                Source::Npy(rows) => LayoutKind::Records {
                    fields: rows.fields().to_vec(),
                    is_matrix: rows.is_matrix(),
                },
            },
        })
    }

    /// The column of a name.
    pub(crate) fn find(&self, name: &str) -> Result<usize> {
        let found = self.names.iter().position(|other| other == name);
        found.ok_or_else(|| Error::MissingColumn {
            path: self.path.clone(),
            column: name.to_owned(),
            columns: self.names.clone(),
            near: nearest(name, &self.names),
        })
    }

    /// Whether the type of a column says that it holds floats, whatever they are.
    pub(crate) fn declares_floats(&self, column: usize) -> bool {
        match &self.source {
            Source::Parquet(rows) => rows.kind(column) == &Kind::Float,
            // CSV has no types, and a matrix but one.
            Source::Csv(_) | Source::Npy(_) => false,
        }
    }

    /// How far reading has come.
    pub(crate) fn progress(&self) -> Progress {
        let (n_rows, bytes_read) = match &self.source {
            Source::Csv(rows) => (None, rows.bytes_read()),
            Source::Parquet(rows) => (Some(rows.n_rows()), rows.bytes_read()),
            Source::Npy(rows) => (Some(rows.n_rows()), rows.bytes_read()),
        };
        Progress::new(self.rows_read, n_rows, bytes_read, self.n_bytes)
    }

    /// Reads what is wanted of the next rows; `None` after the last one. What is wanted must stay the same.
    ///
    /// Where parts begin and end depends on the file alone, and so does which of several faults is found first.
    pub(crate) fn next_part(
        &mut self,
        projection: Projection<'_>,
    ) -> Result<Option<Part<RowBlock>>> {
        if self.parts.is_empty() {
            match &mut self.source {
                Source::Csv(rows) => {
                    let batches = rows.next_batches(&self.path, &self.names, projection)?;
                    let parts = batches
                        .into_iter()
                        .map(|part| Ok(part?.with_rows(RowBlock::Lines)));
                    self.parts.extend(parts);
                }
                Source::Parquet(rows) => {
                    let batches = rows.next_batches(projection)?;
                    let parts = batches.into_iter().map(|part| {
                        let part = part?;
                        let n_rows = part.columns.n_rows;
                        Ok(part.with_rows(|columns| RowBlock::Columns { n_rows, columns }))
                    });
                    self.parts.extend(parts);
                }
                Source::Npy(rows) => {
                    let batches = rows.next_batches(projection)?;
                    let parts = batches
                        .into_iter()
                        .map(|part| Ok(part?.with_rows(RowBlock::Records)));
                    self.parts.extend(parts);
                }
            }
        }
        let part = self.parts.pop_front().transpose()?;
        if let Some(part) = &part {
            self.rows_read += part.columns.n_rows as u64;
        }
        Ok(part)
    }

    /// Reads what is wanted of every row; there must be at least one.
    pub(crate) fn read(self, projection: Projection<'_>) -> Result<Columns> {
        self.read_with(projection, |_| {})
    }

    /// Reads as [`Table::read`] does, and tells now and then how far it has come.
    pub(crate) fn read_with(
        self,
        projection: Projection<'_>,
        on_progress: impl FnMut(Progress),
    ) -> Result<Columns> {
        Ok(self.read_parts(projection, on_progress)?.columns)
    }

    /// Reads every row as [`Table::read`] does, and the same rows whole if that is wanted.
    pub(crate) fn read_whole(self, projection: Projection<'_>) -> Result<Part<RowBlock>> {
        self.read_parts(projection, |_| {})
    }

    fn read_parts(
        mut self,
        projection: Projection<'_>,
        mut on_progress: impl FnMut(Progress),
    ) -> Result<Part<RowBlock>> {
        let mut columns = Columns::empty(projection.texts.len());
        let mut rows = None::<RowBlock>;
        while let Some(part) = self.next_part(projection)? {
            columns.append(part.columns);
            match (&mut rows, part.rows) {
                (Some(rows), Some(part)) => rows.append(part),
                (rows, part) => *rows = rows.take().or(part),
            }
            on_progress(self.progress());
        }
        if columns.n_rows == 0 {
            return Err(self.no_rows());
        }
        Ok(Part { columns, rows })
    }

    /// The error for a table without rows.
    pub(crate) fn no_rows(&self) -> Error {
        Error::NoRows {
            path: self.path.clone(),
        }
    }
}

/// The name that reads most like one that is not there, if any comes close.
fn nearest(name: &str, names: &[String]) -> Option<String> {
    let wanted = name.to_lowercase();
    names
        .iter()
        .map(|other| {
            let distance = strsim::damerau_levenshtein(&wanted, &other.to_lowercase());
            (distance, other)
        })
        .filter(|(distance, other)| {
            let length = wanted.len().min(other.len());
            *distance <= 1 + length / 4 && *distance < length
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other.clone())
}
