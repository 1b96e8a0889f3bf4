//! An `.npy` file as a table: a matrix whose columns have no names, or records whose fields are columns.
//!
//! It refuses arrays of another shape, and guesses no names: which column of a matrix is what, the reader that asks
//! says.

use std::borrow::Cow;
use std::io;
use std::path::{Path, PathBuf};

use parquet::data_type::ByteArray;
use rayon::prelude::*;

use crate::bad_value::{BadKind, BadValue, check, exact};
use crate::codes::text_column;
use crate::columns::{Columns, Domain, NumberColumn, TextColumn, Wanted};
use crate::names::text_of;
use crate::npy_header::{Element, Field, Header, Kind, Type, extent};
use crate::parquet_table::{ID_PART_ROWS, row_major};
use crate::parquet_values::Values;
use crate::positioned::Positioned;
use crate::row_block::{FormKind, Records, RowBlock};
use crate::short_floats::{of_f16, of_f32};
use crate::{Error, Place, Result};

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
pub(crate) enum Unnamed<'n> {
    /// The first ones by these names, at least two.
    Roles(&'n [&'n str]),
    /// `x0`, `x1`, … and `y`.
    DataSet,
    /// As the model calls its features, and perhaps the target behind them.
    Features {
        names: &'n [String],
        target: &'n str,
    },
}

impl Unnamed<'_> {
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
    /// Whether the rows lie whole one behind the other, and where the first one starts.
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
    pub(crate) fn open(path: &Path, unnamed: Unnamed<'_>) -> Result<Self> {
        let bytes = Positioned::open(path)?;
        let (header, start) =
            header(path, &bytes).map_err(|error| bytes.or_other_content(path, ".npy", error))?;
        let shape = || Error::ArrayShape {
            path: path.to_owned(),
            expected: unnamed.expected(),
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
                let names = unnamed.names(n_columns).ok_or_else(shape)?;
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

    /// What whole rows are.
    pub(crate) fn form(&self) -> FormKind {
        FormKind::Records {
            fields: self.fields.clone(),
            is_matrix: self.is_matrix,
        }
    }

    /// Reads what is wanted of the next rows, some parts at once; no parts behind the last row.
    pub(crate) fn next_wave(&mut self, wanted: Wanted<'_>) -> Result<Vec<Result<Columns>>> {
        self.check_kinds(wanted)?;
        let n_columns = wanted.numbers.len() + wanted.texts.len();
        let most_rows = if wanted.has_ids {
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
        let read = |&(first, n_rows): &(u64, usize)| self.part(first, n_rows, wanted);
        Ok(match &parts[..] {
            [part] => vec![read(part)],
            parts => parts.par_iter().map(read).collect(),
        })
    }

    fn check_kinds(&self, wanted: Wanted<'_>) -> Result<()> {
        let numbers = wanted
            .numbers
            .iter()
            .map(|number| (number.column, "numbers"));
        let texts = wanted.texts.iter().map(|&column| (column, "class labels"));
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

    fn part(&self, first_row: u64, n_rows: usize, wanted: Wanted<'_>) -> Result<Columns> {
        let failed = |source| Error::Read {
            path: self.path.clone(),
            source,
        };
        let start = |column: &Layout| column.start + first_row * column.stride as u64;
        let wanted_columns = wanted.numbers.iter().map(|number| &number.column);
        let mut layouts = wanted_columns
            .chain(wanted.texts)
            .map(|&column| &self.columns[column]);
        // Rows that lie whole one behind the other are read at once; columns that do, one by one.
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
        let mut numbers = Vec::with_capacity(wanted.numbers.len());
        for &NumberColumn { column, domain } in wanted.numbers {
            let column_numbers = values(column)?.numbers(domain);
            numbers.push(column_numbers.map_err(located(column))?);
        }
        let mut texts = Vec::with_capacity(wanted.texts.len());
        for &column in wanted.texts {
            let text_column = values(column)?.texts(first_row);
            texts.push(text_column.map_err(located(column))?);
        }
        let records = wanted.rows.then(|| self.records(first_row, n_rows));
        let records = records.transpose().map_err(failed)?;
        Ok(Columns {
            n_rows,
            numbers: row_major(numbers),
            texts,
            has_fractions: false,
            rows: records.map(RowBlock::Records),
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

impl Unnamed<'_> {
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
    /// Whether the values lie one behind the other.
    fn is_apart(&self) -> bool {
        self.stride == self.of.size
    }
}

/// Values of one column.
pub(crate) struct Elements<'b> {
    /// From the first value on.
    pub(crate) bytes: Cow<'b, [u8]>,
    /// From one value to the next.
    pub(crate) stride: usize,
    pub(crate) of: &'b Type,
}

/// The values of a primitive type.
macro_rules! values {
    ($elements:expr, $value:ty) => {{
        let is_big_endian = $elements.of.is_big_endian;
        $elements.rows().map(move |bytes| {
            let bytes = bytes.try_into().expect("a value of that size");
            if is_big_endian {
                <$value>::from_be_bytes(bytes)
            } else {
                <$value>::from_le_bytes(bytes)
            }
        })
    }};
}

impl Elements<'_> {
    fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let rows = self.bytes.chunks(self.stride);
        rows.map(|row| &row[..self.of.size])
    }

    fn numbers(&self, domain: Domain) -> Result<Vec<f64>, BadValue> {
        let numbers = match (&self.of.kind, self.of.size) {
            (Kind::Float, 2) => values!(self, u16).map(of_f16).collect(),
            (Kind::Float, 4) => values!(self, f32).map(of_f32).collect(),
            (Kind::Float, _) => values!(self, f64).collect(),
            (Kind::Bool, _) => self.rows().map(|byte| f64::from(byte[0] != 0)).collect(),
            (Kind::Signed, 1) => values!(self, i8).map(f64::from).collect(),
            (Kind::Signed, 2) => values!(self, i16).map(f64::from).collect(),
            (Kind::Signed, 4) => values!(self, i32).map(f64::from).collect(),
            (Kind::Signed, _) => exact(values!(self, i64).map(i128::from))?,
            (Kind::Unsigned, 1) => values!(self, u8).map(f64::from).collect(),
            (Kind::Unsigned, 2) => values!(self, u16).map(f64::from).collect(),
            (Kind::Unsigned, 4) => values!(self, u32).map(f64::from).collect(),
            (Kind::Unsigned, _) => exact(values!(self, u64).map(i128::from))?,
            (Kind::Bytes | Kind::Text | Kind::Other(_), _) => {
                unreachable!("columns of other kinds are refused before")
            }
        };
        check(&numbers, domain)?;
        Ok(numbers)
    }

    /// Texts as they would stand in a CSV file; the first is in the row `first_row` of the file.
    fn texts(&self, first_row: u64) -> Result<TextColumn, BadValue> {
        /// The values of a type as texts.
        macro_rules! texts {
            ($value:ty) => {{
                let values = values!(self, $value).collect::<Vec<_>>();
                text_column(&values, |value| value.to_string(), first_row)
            }};
        }
        Ok(match (&self.of.kind, self.of.size) {
            (Kind::Bool, _) => {
                let values = self.rows().map(|byte| byte[0] != 0).collect::<Vec<_>>();
                text_column(&values, |value| value.to_string(), first_row)
            }
            (Kind::Float, 2) => {
                let bits = values!(self, u16).collect::<Vec<_>>();
                text_column(&bits, |bits| text_of(of_f16(bits)), first_row)
            }
            (Kind::Float, 4) => {
                let bits = values!(self, f32).map(f32::to_bits).collect::<Vec<_>>();
                text_column(
                    &bits,
                    |bits| text_of(of_f32(f32::from_bits(bits))),
                    first_row,
                )
            }
            (Kind::Float, _) => {
                let bits = values!(self, f64).map(f64::to_bits).collect::<Vec<_>>();
                text_column(&bits, |bits| text_of(f64::from_bits(bits)), first_row)
            }
            (Kind::Signed, 1) => texts!(i8),
            (Kind::Signed, 2) => texts!(i16),
            (Kind::Signed, 4) => texts!(i32),
            (Kind::Signed, _) => texts!(i64),
            (Kind::Unsigned, 1) => texts!(u8),
            (Kind::Unsigned, 2) => texts!(u16),
            (Kind::Unsigned, 4) => texts!(u32),
            (Kind::Unsigned, _) => texts!(u64),
            (Kind::Bytes | Kind::Text | Kind::Other(_), _) => self.strings(first_row)?,
        })
    }

    fn strings(&self, first_row: u64) -> Result<TextColumn, BadValue> {
        let mut column = TextColumn::typed();
        for (row, bytes) in self.rows().enumerate() {
            let text = self.string(bytes).ok_or_else(|| not_text(row, bytes))?;
            column.push(&text, || Place::Row(first_row + row as u64));
        }
        Ok(column)
    }

    /// The values as Parquet stores them; nothing for what no reader here knows.
    pub(crate) fn stored(&self) -> Result<Values, BadValue> {
        Ok(match (&self.of.kind, self.of.size) {
            (Kind::Bool, _) => Values::Bool(self.rows().map(|byte| byte[0] != 0).collect()),
            (Kind::Float, 2) => {
                let halves = values!(self, u16).map(|bits| bits.to_le_bytes().to_vec());
                Values::Fixed(halves.map(|bytes| ByteArray::from(bytes).into()).collect())
            }
            (Kind::Float, 4) => Values::Float(values!(self, f32).collect()),
            (Kind::Float, _) => Values::Double(values!(self, f64).collect()),
            (Kind::Signed, 1) => Values::Int32(values!(self, i8).map(i32::from).collect()),
            (Kind::Signed, 2) => Values::Int32(values!(self, i16).map(i32::from).collect()),
            (Kind::Unsigned, 1) => Values::Int32(values!(self, u8).map(i32::from).collect()),
            (Kind::Unsigned, 2) => Values::Int32(values!(self, u16).map(i32::from).collect()),
            (Kind::Signed | Kind::Unsigned, 4) => Values::Int32(values!(self, i32).collect()),
            (Kind::Signed | Kind::Unsigned, _) => Values::Int64(values!(self, i64).collect()),
            (Kind::Bytes | Kind::Text | Kind::Other(_), _) => {
                let texts = self.rows().enumerate().map(|(row, bytes)| {
                    let text = self.string(bytes).ok_or_else(|| not_text(row, bytes))?;
                    Ok(ByteArray::from(text.into_bytes()))
                });
                Values::Bytes(texts.collect::<Result<_, BadValue>>()?)
            }
        })
    }

    /// The text of a value, less the zeros behind it.
    fn string(&self, bytes: &[u8]) -> Option<String> {
        if self.of.kind != Kind::Text {
            let text = std::str::from_utf8(bytes).ok()?;
            return Some(text.trim_end_matches('\0').to_owned());
        }
        let points = bytes.chunks_exact(4).map(|point| {
            let point = point.try_into().expect("four bytes");
            char::from_u32(if self.of.is_big_endian {
                u32::from_be_bytes(point)
            } else {
                u32::from_le_bytes(point)
            })
        });
        let text = points.collect::<Option<String>>()?;
        Some(text.trim_end_matches('\0').to_owned())
    }
}

fn not_text(row: usize, bytes: &[u8]) -> BadValue {
    BadValue {
        row,
        kind: BadKind::Field {
            expected: "text",
            found: String::from_utf8_lossy(bytes).into_owned(),
        },
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
