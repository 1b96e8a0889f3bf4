//! Whole rows as they stand in a file, whatever its format: lines of CSV, records of `.npy`, columns of Parquet.
//!
//! It refuses to convert them; `row_writer` and the modules of the formats do.

use std::path::PathBuf;

use parquet::file::metadata::KeyValue;
use parquet::schema::types::TypePtr;

use crate::npy_header::Field;
use crate::parquet_file::Categories;
use crate::parquet_values::Stored;

/// Some rows, one behind the other.
#[derive(Debug)]
pub(crate) enum RowBlock {
    Lines(Lines),
    Records(Records),
    Columns { n_rows: usize, columns: Vec<Stored> },
}

/// Records of CSV, less the line breaks between them.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) bytes: Vec<u8>,
    /// Where each record starts.
    pub(crate) starts: Vec<usize>,
}

/// Records of `.npy`, all of one size.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) bytes: Vec<u8>,
    pub(crate) size: usize,
}

/// What the rows of a file are.
#[derive(Debug, Clone)]
pub(crate) struct RowForm {
    /// Where they come from.
    pub(crate) path: PathBuf,
    /// The names of the columns.
    pub(crate) names: Vec<String>,
    pub(crate) kind: FormKind,
}

#[derive(Debug, Clone)]
pub(crate) enum FormKind {
    Lines {
        header: Vec<u8>,
    },
    Records {
        /// In the order of their bytes, padding included.
        fields: Vec<Field>,
        /// Whether they are rows of a matrix, whose columns have no names.
        is_matrix: bool,
    },
    Columns {
        schema: TypePtr,
        metadata: Option<Vec<KeyValue>>,
        /// The categories of columns that have some.
        categories: Vec<Option<Categories>>,
    },
}

impl RowBlock {
    pub(crate) fn n_rows(&self) -> usize {
        match self {
            Self::Lines(lines) => lines.starts.len(),
            Self::Records(records) => records.n_rows(),
            Self::Columns { n_rows, .. } => *n_rows,
        }
    }

    /// Appends later rows of the same file.
    ///
    /// # Panics
    /// If they come from a file of another format.
    pub(crate) fn append(&mut self, part: Self) {
        match (self, part) {
            (Self::Lines(lines), Self::Lines(part)) => {
                let first = lines.bytes.len();
                lines.bytes.extend_from_slice(&part.bytes);
                lines
                    .starts
                    .extend(part.starts.iter().map(|start| first + start));
            }
            (Self::Records(records), Self::Records(part)) => {
                records.bytes.extend_from_slice(&part.bytes);
            }
            (
                Self::Columns { n_rows, columns },
                Self::Columns {
                    n_rows: n_more,
                    columns: more,
                },
            ) => {
                *n_rows += n_more;
                for (column, more) in columns.iter_mut().zip(more) {
                    column.append(more);
                }
            }
            _ => unreachable!("all rows of a file are of one format"),
        }
    }
}

impl Lines {
    /// Records one behind the other, as they stand.
    pub(crate) fn of_rows(&self, rows: &std::ops::Range<usize>) -> &[u8] {
        let place = |row: usize| self.starts.get(row).copied().unwrap_or(self.bytes.len());
        &self.bytes[place(rows.start)..place(rows.end)]
    }

    /// A record as it stands.
    pub(crate) fn line(&self, row: usize) -> &[u8] {
        let end = self.starts.get(row + 1).copied();
        without_line_breaks(&self.bytes[self.starts[row]..end.unwrap_or(self.bytes.len())])
    }

    /// Appends a record.
    pub(crate) fn push(&mut self, line: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
    }
}

impl Records {
    pub(crate) fn n_rows(&self) -> usize {
        self.bytes.len().checked_div(self.size).unwrap_or_default()
    }

    pub(crate) fn record(&self, row: usize) -> &[u8] {
        &self.bytes[row * self.size..][..self.size]
    }
}

/// A record without the line breaks around it; one that belongs to it stands inside quotes.
pub(crate) fn without_line_breaks(record: &[u8]) -> &[u8] {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let start = record.iter().position(|byte| !is_break(byte));
    let end = record.iter().rposition(|byte| !is_break(byte));
    match (start, end) {
        (Some(start), Some(end)) => &record[start..=end],
        _ => &[],
    }
}
