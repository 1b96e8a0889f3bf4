//! A Parquet file as a table: only the columns asked for are read, parts of the rows in parallel.
//!
//! Nested columns, and types that are neither numbers nor labels, are errors as soon as they are asked for.
//!
//! The rows are cut into parts of about equal size, each a run of small row groups or a piece of a large one. Each
//! thread has a cursor of its own; in a large row group it passes over the pieces of the others, page by page, without
//! decompressing what it passes. So neither many small row groups nor one that holds the whole file takes more memory
//! than a few parts and pages.

use std::ops::Range;

use parquet::column::reader::ColumnReader;
use parquet::errors::ParquetError;
use rayon::prelude::*;

use crate::bad_value::BadValue;
use crate::columns::{Columns, ID_PART_ROWS, NumberColumn, Part, Projection, row_major};
use crate::parquet_file::{Kind, ParquetFile, guarded};
use crate::parquet_values::{Stored, skip};
use crate::row_block::LayoutKind;
use crate::{Error, Result};

/// Values of a part, about: 8 MiB of doubles.
const PART_VALUES: usize = 1 << 20;
/// Rows of a part at most.
const PART_ROWS: usize = 1 << 17;
/// The same where a column is of texts, each of which takes several times what a number does.
const TEXT_PART_ROWS: usize = 1 << 15;
/// Rows of a part at least, however many columns there are.
const MIN_PART_ROWS: usize = 1 << 10;

/// What a column must hold to be copied.
const ANYTHING: &str = "one value a row to be copied";

/// The rows of a Parquet file.
pub(crate) struct ParquetRows {
    file: ParquetFile,
    n_rows: u64,
    next: Position,
    cursors: Vec<Option<Cursor>>,
}

/// Where the next part begins.
#[derive(Debug, Clone, Copy)]
struct Position {
    group: usize,
    /// Row of the group.
    row: usize,
    /// Row of the file.
    file_row: u64,
}

/// Rows of one row group.
#[derive(Debug, Clone)]
struct Piece {
    group: usize,
    rows: Range<usize>,
}

/// Rows that are read at once.
#[derive(Debug, Clone)]
struct Stretch {
    first_row: u64,
    pieces: Vec<Piece>,
}

/// Readers of all columns that stand in a row group.
struct Cursor {
    group: usize,
    row: usize,
    readers: Vec<ColumnReader>,
}

impl ParquetRows {
    pub(crate) fn open(file: ParquetFile) -> Self {
        Self {
            n_rows: file.n_rows() as u64,
            file,
            next: Position {
                group: 0,
                row: 0,
                file_row: 0,
            },
            cursors: Vec::new(),
        }
    }

    pub(crate) fn n_rows(&self) -> u64 {
        self.n_rows
    }

    /// What the values of a column mean.
    pub(crate) fn kind(&self, column: usize) -> &Kind {
        &self.file.columns()[column].kind
    }

    /// About how many bytes have been passed.
    pub(crate) fn bytes_read(&self) -> u64 {
        let share = u128::from(self.file.n_bytes()) * u128::from(self.next.file_row);
        let passed = share.checked_div(u128::from(self.n_rows));
        passed.map_or(self.file.n_bytes(), |passed| {
            u64::try_from(passed).expect("a share of the file's size")
        })
    }

    /// What whole rows are.
    pub(crate) fn layout(&self) -> Result<LayoutKind> {
        Ok(LayoutKind::Columns {
            schema: self.file.schema(),
            metadata: self.file.key_values(),
            categories: self.file.categories()?,
        })
    }

    /// Reads what is wanted of the next rows, some parts at once; no parts after the last row.
    pub(crate) fn next_batches(
        &mut self,
        projection: Projection<'_>,
    ) -> Result<Vec<Result<Part<Vec<Stored>>>>> {
        let leaves = self.leaves(projection)?;
        let n_threads = rayon::current_num_threads();
        let kind = |&column: &usize| &self.file.columns()[column].kind;
        let mut texts = projection.texts.iter().map(kind);
        let most_rows = if projection.has_ids {
            ID_PART_ROWS
        } else if texts.any(|kind| matches!(kind, Kind::Text)) {
            TEXT_PART_ROWS
        } else {
            PART_ROWS
        };
        let parts = (0..n_threads)
            .map_while(|_| self.next_stretch(leaves.len(), most_rows))
            .collect::<Vec<_>>();
        self.cursors.resize_with(n_threads, || None);
        let file = &self.file;
        let read = |(part, cursor): (&Stretch, &mut Option<Cursor>)| {
            let stored = guarded(file.path(), || read(file, part, &leaves, cursor))?;
            columns(file, part, projection, stored)
        };
        let cursors = &mut self.cursors[..parts.len()];
        Ok(match &parts[..] {
            [part] => vec![read((part, &mut cursors[0]))],
            parts => parts.par_iter().zip(cursors).map(read).collect(),
        })
    }

    /// The leaf of each column wanted: numbers, then texts, then all columns if whole rows are.
    fn leaves(&self, projection: Projection<'_>) -> Result<Vec<usize>> {
        let numbers = projection
            .numbers
            .iter()
            .map(|number| (number.column, "numbers"));
        let texts = projection.kinds_of_texts();
        let all = (0..self.file.columns().len())
            .map(|column| (column, ANYTHING))
            .take_while(|_| projection.rows);
        numbers
            .chain(texts)
            .chain(all)
            .map(|(column, expected)| {
                let column = &self.file.columns()[column];
                let found = match (&column.kind, column.leaf) {
                    (Kind::Other(_), Some(leaf)) if expected == ANYTHING => return Ok(leaf),
                    (Kind::Other(found), _) => found.clone(),
                    (Kind::Text, _) if expected == "numbers" => "text".to_owned(),
                    (_, Some(leaf)) => return Ok(leaf),
                    (_, None) => unreachable!("a column without a leaf is of another kind"),
                };
                Err(Error::ColumnType {
                    path: self.file.path().to_owned(),
                    column: column.name.clone(),
                    expected,
                    found,
                })
            })
            .collect()
    }

    fn next_stretch(&mut self, n_leaves: usize, most_rows: usize) -> Option<Stretch> {
        let part_rows = PART_VALUES / n_leaves.max(1);
        let part_rows = part_rows.clamp(MIN_PART_ROWS, most_rows);
        let mut part = Stretch {
            first_row: self.next.file_row,
            pieces: Vec::new(),
        };
        let mut n_rows = 0;
        while n_rows < part_rows && self.next.group < self.file.n_row_groups() {
            let group_rows = self.file.group_rows(self.next.group);
            let end = group_rows.min(self.next.row + part_rows - n_rows);
            let rows = self.next.row..end;
            n_rows += rows.len();
            self.next.file_row += rows.len() as u64;
            if !rows.is_empty() {
                part.pieces.push(Piece {
                    group: self.next.group,
                    rows,
                });
            }
            self.next.row = end;
            if end == group_rows {
                self.next.group += 1;
                self.next.row = 0;
            }
        }
        (n_rows > 0).then_some(part)
    }
}

/// Reads the rows of a part, one column after the other.
fn read(
    file: &ParquetFile,
    part: &Stretch,
    leaves: &[usize],
    cursor: &mut Option<Cursor>,
) -> Result<Vec<Stored>, ParquetError> {
    let mut stored = Vec::new();
    for piece in &part.pieces {
        let mut at = match cursor.take() {
            Some(at) if at.group == piece.group && at.row <= piece.rows.start => at,
            _ => {
                let readers = leaves.iter().map(|&leaf| file.reader(piece.group, leaf));
                Cursor {
                    group: piece.group,
                    row: 0,
                    readers: readers.collect::<Result<_, _>>()?,
                }
            }
        };
        if stored.is_empty() {
            stored = at.readers.iter().map(Stored::new).collect();
        }
        for (reader, stored) in at.readers.iter_mut().zip(&mut stored) {
            if at.row < piece.rows.start {
                skip(reader, piece.rows.start - at.row)?;
            }
            stored.read(reader, piece.rows.len())?;
        }
        at.row = piece.rows.end;
        *cursor = Some(at);
    }
    Ok(stored)
}

fn columns(
    file: &ParquetFile,
    part: &Stretch,
    projection: Projection<'_>,
    stored: Vec<Stored>,
) -> Result<Part<Vec<Stored>>> {
    let located = |column: usize| {
        move |bad: BadValue| {
            let name = &file.columns()[column].name;
            bad.located(file.path(), part.first_row, name)
        }
    };
    let mut stored = stored.into_iter();
    let mut numbers = Vec::with_capacity(projection.numbers.len());
    for (&NumberColumn { column, domain }, stored) in projection.numbers.iter().zip(&mut stored) {
        let kind = &file.columns()[column].kind;
        let column_numbers = stored.numbers(kind, domain);
        numbers.push(column_numbers.map_err(located(column))?);
    }
    let mut texts = Vec::with_capacity(projection.texts.len());
    for (&column, stored) in projection.texts.iter().zip(&mut stored) {
        let kind = &file.columns()[column].kind;
        let text_column = stored.texts(kind, part.first_row);
        texts.push(text_column.map_err(located(column))?);
    }
    let n_rows = part.pieces.iter().map(|piece| piece.rows.len()).sum();
    Ok(Part {
        columns: Columns {
            n_rows,
            numbers: row_major(numbers),
            texts,
            has_fractions: false,
        },
        rows: projection.rows.then(|| stored.collect()),
    })
}
