//! Whole rows as they stand in a file, whatever its format: lines of CSV, records of `.npy`, columns of Parquet.
//!
//! `row_writer` and the modules of the formats convert them.

use std::path::PathBuf;

use parquet::file::metadata::KeyValue;
use parquet::schema::types::TypePtr;

use crate::lines::Lines;
use crate::npy_header::Field;
use crate::parquet_file::Categories;
use crate::parquet_values::Stored;
use crate::records::Records;

/// Some rows, one after the other.
#[derive(Debug)]
pub(crate) enum RowBlock {
    Lines(Lines),
    Records(Records),
    Columns { n_rows: usize, columns: Vec<Stored> },
}

/// What the rows of a file are.
#[derive(Debug, Clone)]
pub(crate) struct RowLayout {
    /// Where they come from.
    pub(crate) path: PathBuf,
    /// The names of the columns.
    pub(crate) names: Vec<String>,
    pub(crate) kind: LayoutKind,
}

#[derive(Debug, Clone)]
pub(crate) enum LayoutKind {
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
