//! An `.npy` file as a table: a matrix whose columns have no names, or records whose fields are columns.
//!
//! Arrays of another shape are errors. Which column of a matrix is what, the reader that asks says.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::bad_value::BadValue;
use crate::columns::{Columns, ID_PART_ROWS, NumberColumn, Part, Projection, row_major};
use crate::npy_elements::Elements;
use crate::npy_header::{Element, Field, Header, Kind, Type, extent};
use crate::positioned::Positioned;
use crate::records::Records;
use crate::{Error, Result};

/// Values of a part, about.
const PART_VALUES: usize = 1 << 20;
/// Bytes of a part, about, whatever else the rows hold.
const PART_BYTES: usize = 1 << 24;
/// Rows of a part at most.
const PART_ROWS: usize = 1 << 17;
/// Bytes that a header may take; those of many fields take some thousands.
const MAX_HEADER: usize = 1 << 20;

/// How the columns of a matrix are called.
#[derive(Debug, Clone, Copy)]
pub(crate) enum MatrixNames<'n> {
    /// The first ones by these names, at least two.
    Roles(&'n [&'n str]),
    /// `x0`, `x1`, … and `y`.
    DataSet,
    /// As the model calls its features, and perhaps the target after them.
    Features {
        names: &'n [String],
        target: &'n str,
    },
}

impl MatrixNames<'_> {
    /// The columns of a matrix of scores.
    pub(crate) const SCORES: Self = Self::Roles(&["y_true", "y_score", "weight"]);
}

/// The rows of an array.
pub(crate) struct NpyRows {
    path: PathBuf,
    bytes: Positioned,
    names: Vec<String>,
    columns: Vec<Layout>,
    /// The fields of a row, padding included.
    fields: Vec<Field>,
    is_matrix: bool,
    /// Whether the rows lie whole one after the other, and where the first one starts.
    whole_rows: Option<u64>,
    n_rows: u64,
    next_row: u64,
}

/// Where the values of a column are.
#[derive(Debug, Clone)]
struct Layout {
    /// The first one.
    start: u64,
    /// From one to the next.
    stride: usize,
    of: Type,
}

impl NpyRows {
    pub(crate) fn open(path: &Path, matrix_names: MatrixNames<'_>) -> Result<Self> {
        let bytes = Positioned::open(path)?;
        let (header, start) =
            header(path, &bytes).map_err(|error| bytes.or_other_content(path, ".npy", error))?;
        let shape = || Error::ArrayShape {
            path: path.to_owned(),
            expected: matrix_names.expected(),
            found: shown(&header.shape),
        };
        let n_rows = *header.shape.first().ok_or_else(shape)?;
        let (names, columns, row_size) = match &header.element {
            Element::Plain(of) => {
                let [_, n_columns] = header.shape[..] else {
                    return Err(shape());
                };
                if n_columns > bytes.n_bytes() {
                    return Err(damaged(path, "the array is cut off"));
                }
                let n_columns = usize::try_from(n_columns).map_err(|_| shape())?;
                let names = matrix_names.names(n_columns).ok_or_else(shape)?;
                let row_size = of.size.checked_mul(n_columns).ok_or_else(shape)?;
                let column = |index: u64| {
                    let index = if header.is_fortran {
                        index.checked_mul(n_rows)?
                    } else {
                        index
                    };
                    Some(Layout {
                        start: start.checked_add(index.checked_mul(of.size as u64)?)?,
                        stride: if header.is_fortran { of.size } else { row_size },
                        of: of.clone(),
                    })
                };
                let columns = (0..n_columns as u64)
                    .map(column)
                    .collect::<Option<Vec<_>>>();
                (names, columns.ok_or_else(shape)?, row_size)
            }
            Element::Record(fields) => {
                if header.shape.len() != 1 {
                    return Err(shape());
                }
                let row_size = fields
                    .iter()
                    .try_fold(0_usize, |size, field| size.checked_add(field.of.size));
                let row_size = row_size.ok_or_else(shape)?;
                let (mut names, mut columns) = (Vec::new(), Vec::new());
                let mut offset = 0;
                for field in fields {
                    // What has no name is padding.
                    if !field.name.is_empty() {
                        names.push(field.name.clone());
                        columns.push(Layout {
                            start: start + offset,
                            stride: row_size,
                            of: field.of.clone(),
                        });
                    }
                    offset += field.of.size as u64;
                }
                (names, columns, row_size)
            }
        };
        if columns.is_empty() || row_size == 0 {
            return Err(shape());
        }
        let end = n_rows
            .checked_mul(row_size as u64)
            .and_then(|size| size.checked_add(start));
        if end.is_none_or(|end| end > bytes.n_bytes()) {
            return Err(damaged(path, "the array is cut off"));
        }
        let (fields, is_matrix) = fields(header.element, &names);
        Ok(Self {
            path: path.to_owned(),
            bytes,
            names,
            columns,
            fields,
            is_matrix,
            whole_rows: (!is_matrix || !header.is_fortran).then_some(start),
            n_rows,
            next_row: 0,
        })
    }

    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    pub(crate) fn n_rows(&self) -> u64 {
        self.n_rows
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.bytes.n_bytes()
    }

    /// About how many bytes have been passed.
    pub(crate) fn bytes_read(&self) -> u64 {
        let share = u128::from(self.n_bytes()) * u128::from(self.next_row);
        let passed = share.checked_div(u128::from(self.n_rows));
        passed.map_or(self.n_bytes(), |passed| {
            u64::try_from(passed).expect("a share of the file's size")
        })
    }

    /// The fields of a whole row, padding included.
    pub(crate) fn fields(&self) -> &[Field] {
        &self.fields
    }

    /// Whether rows are those of a matrix, whose columns have no names.
    pub(crate) fn is_matrix(&self) -> bool {
        self.is_matrix
    }

    /// Reads what is wanted of the next rows, some parts at once; no parts after the last row.
    pub(crate) fn next_batches(
        &mut self,
        projection: Projection<'_>,
    ) -> Result<Vec<Result<Part<Records>>>> {
        self.check_kinds(projection)?;
        let n_columns = projection.numbers.len() + projection.texts.len();
        let most_rows = if projection.has_ids {
            ID_PART_ROWS
        } else {
            PART_ROWS
        };
        let part_rows = (PART_VALUES / n_columns.max(1)).clamp(1, most_rows);
        let row_size = self
            .columns
            .first()
            .map_or(1, |column| column.stride.max(1));
        let part_rows = part_rows.min(PART_BYTES / row_size).max(1) as u64;
        let parts = (0..rayon::current_num_threads()).map_while(|_| {
            let first = self.next_row;
            let rows = self.n_rows.saturating_sub(first).min(part_rows);
            self.next_row += rows;
            let n_rows = usize::try_from(rows).expect("a part is small");
            (n_rows > 0).then_some((first, n_rows))
        });
        let parts = parts.collect::<Vec<_>>();
        let read = |&(first, n_rows): &(u64, usize)| self.part(first, n_rows, projection);
        Ok(match &parts[..] {
            [part] => vec![read(part)],
            parts => parts.par_iter().map(read).collect(),
        })
    }

    fn check_kinds(&self, projection: Projection<'_>) -> Result<()> {
        let numbers = projection
            .numbers
            .iter()
            .map(|number| (number.column, "numbers"));
        let texts = projection.kinds_of_texts();
        for (column, expected) in numbers.chain(texts) {
            let found = match &self.columns[column].of.kind {
                Kind::Other(descr) => format!("`{descr}` values"),
                Kind::Bytes | Kind::Text if expected == "numbers" => "text".to_owned(),
                _ => continue,
            };
            return Err(Error::ColumnType {
                path: self.path.clone(),
                column: self.names[column].clone(),
                expected,
                found,
            });
        }
        Ok(())
    }

    fn part(
        &self,
        first_row: u64,
        n_rows: usize,
        projection: Projection<'_>,
    ) -> Result<Part<Records>> {
        let failed = |source| Error::Read {
            path: self.path.clone(),
            source,
        };
        let start = |column: &Layout| column.start + first_row * column.stride as u64;
        let wanted_columns = projection.numbers.iter().map(|number| &number.column);
        let mut layouts = wanted_columns
            .chain(projection.texts)
            .map(|&column| &self.columns[column]);
        // Rows that lie whole one after the other are read at once; columns that do, one by one.
        let first = &self.columns[0];
        let rows = if layouts.any(|column| !column.is_apart()) {
            let n_bytes = (n_rows - 1) * first.stride + self.row_end();
            self.bytes.read(start(first), n_bytes).map_err(failed)?
        } else {
            Vec::new()
        };
        let values = |column: usize| -> Result<Elements<'_>> {
            let layout = &self.columns[column];
            let bytes = if layout.is_apart() {
                let n_bytes = n_rows * layout.of.size;
                Cow::Owned(self.bytes.read(start(layout), n_bytes).map_err(failed)?)
            } else {
                let offset = usize::try_from(layout.start - first.start);
                Cow::Borrowed(&rows[offset.expect("within a row")..])
            };
            Ok(Elements {
                bytes,
                stride: layout.stride,
                of: &layout.of,
            })
        };
        let located = |column: usize| {
            move |bad: BadValue| bad.located(&self.path, first_row, &self.names[column])
        };
        let mut numbers = Vec::with_capacity(projection.numbers.len());
        for &NumberColumn { column, domain } in projection.numbers {
            let column_numbers = values(column)?.numbers(domain);
            numbers.push(column_numbers.map_err(located(column))?);
        }
        let mut texts = Vec::with_capacity(projection.texts.len());
        for &column in projection.texts {
            let text_column = values(column)?.texts(first_row);
            texts.push(text_column.map_err(located(column))?);
        }
        let rows = projection.rows.then(|| self.records(first_row, n_rows));
        Ok(Part {
            columns: Columns {
                n_rows,
                numbers: row_major(numbers),
                texts,
                has_fractions: false,
            },
            rows: rows.transpose().map_err(failed)?,
        })
    }

    /// Whole rows as they stand; those of a matrix that lies column by column are put together.
    fn records(&self, first_row: u64, n_rows: usize) -> io::Result<Records> {
        let size = self.row_size();
        if let Some(start) = self.whole_rows {
            let bytes = self
                .bytes
                .read(start + first_row * size as u64, n_rows * size)?;
            return Ok(Records { bytes, size });
        }
        let mut bytes = vec![0; n_rows * size];
        let mut offset = 0;
        for column in &self.columns {
            let n_bytes = column.of.size;
            let start = column.start + first_row * column.stride as u64;
            let values = self.bytes.read(start, n_rows * n_bytes)?;
            for (row, value) in bytes
                .chunks_exact_mut(size)
                .zip(values.chunks_exact(n_bytes))
            {
                row[offset..offset + n_bytes].copy_from_slice(value);
            }
            offset += n_bytes;
        }
        Ok(Records { bytes, size })
    }

    /// Bytes of a whole row.
    fn row_size(&self) -> usize {
        self.fields.iter().map(|field| field.of.size).sum()
    }

    /// Bytes from the first column of a row to the end of its last.
    fn row_end(&self) -> usize {
        let first = self.columns[0].start;
        let ends = self
            .columns
            .iter()
            .map(|layout| layout.start - first + layout.of.size as u64);
        usize::try_from(ends.max().unwrap_or_default()).expect("a row fits into memory")
    }
}

/// The fields of a row, and whether they are those of a matrix.
fn fields(element: Element, names: &[String]) -> (Vec<Field>, bool) {
    match element {
        Element::Record(fields) => (fields, false),
        Element::Plain(of) => {
            let fields = names.iter().map(|name| Field {
                name: name.clone(),
                of: of.clone(),
            });
            (fields.collect(), true)
        }
    }
}

impl MatrixNames<'_> {
    /// The names of a matrix of that many columns.
    fn names(self, n_columns: usize) -> Option<Vec<String>> {
        match self {
            Self::Roles(names) => {
                let names = names.get(..n_columns).filter(|names| names.len() >= 2)?;
                Some(names.iter().map(|&name| name.to_owned()).collect())
            }
            Self::DataSet => {
                let n_features = n_columns.checked_sub(1)?;
                let features = (0..n_features).map(|feature| format!("x{feature}"));
                Some(features.chain(["y".to_owned()]).collect())
            }
            Self::Features { names, target } => {
                let mut names = names.to_vec();
                if n_columns == names.len() + 1 {
                    names.push(target.to_owned());
                }
                (n_columns == names.len()).then_some(names)
            }
        }
    }

    /// The shapes that it takes.
    fn expected(self) -> String {
        let named = |n_columns: usize| format!("(n, {n_columns})");
        let mut shapes = match self {
            Self::Roles(names) => (2..=names.len())
                .map(|n_columns| format!("{}: {}", named(n_columns), names[..n_columns].join(", ")))
                .collect(),
            Self::DataSet => vec!["(n, features + 1): the features, then the label".to_owned()],
            Self::Features { names, .. } => vec![
                named(names.len()),
                format!("with the label {}", named(names.len() + 1)),
            ],
        };
        shapes.push("or be records".to_owned());
        shapes.join("; ")
    }
}

impl Layout {
    /// Whether the values lie one after the other.
    fn is_apart(&self) -> bool {
        self.stride == self.of.size
    }
}

/// The header of a file, and where the elements start.
fn header(path: &Path, bytes: &Positioned) -> Result<(Header, u64)> {
    const START: usize = 12;
    let read = |start: u64, n_bytes: usize| {
        bytes.read(start, n_bytes).map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })
    };
    let n_start = usize::try_from(bytes.n_bytes()).unwrap_or(START).min(START);
    let (before, size) = extent(&read(0, n_start)?).map_err(|bad| not_npy(path, bad))?;
    let start = before as u64 + size as u64;
    if start > bytes.n_bytes() || size > MAX_HEADER {
        return Err(damaged(path, "the header is cut off"));
    }
    let text = read(before as u64, size)?;
    // Version 3 is UTF-8, earlier ones are Latin-1: the same for the names that most people give.
    let text = String::from_utf8(text)
        .unwrap_or_else(|latin| latin.into_bytes().into_iter().map(char::from).collect());
    let header = Header::parse(&text).map_err(|bad| not_npy(path, bad))?;
    Ok((header, start))
}

fn not_npy(path: &Path, source: impl std::error::Error + Send + Sync + 'static) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        format: ".npy",
        source: Box::new(source),
    }
}

fn damaged(path: &Path, what: &'static str) -> Error {
    Error::Damaged {
        path: path.to_owned(),
        format: ".npy",
        source: what.into(),
    }
}

/// A shape as NumPy shows it.
fn shown(shape: &[u64]) -> String {
    if let [length] = shape {
        return format!("({length},)");
    }
    let axes = shape.iter().map(u64::to_string).collect::<Vec<_>>();
    format!("({})", axes.join(", "))
}
