//! Values of Parquet columns: read as they are stored, turned into numbers or the texts of labels.
//!
//! Nulls are errors, and so are numbers that a double does not hold exactly.

use parquet::column::reader::ColumnReader;
use parquet::data_type::{ByteArray, FixedLenByteArray, Int96};
use parquet::errors::ParquetError;

use crate::Place;
use crate::bad_value::{BadKind, BadValue, check, exact};
use crate::columns::{Domain, TextColumn};
use crate::dictionary::text_column;
use crate::names::text_of;
use crate::parquet_file::Kind;
use crate::short_floats::{F16_FIRST_GAP, F32_FIRST_GAP, of_f16, of_f32};

/// Values in the order of the rows, as they are stored; nulls have none.
#[derive(Debug, Clone)]
pub(crate) enum Values {
    Bool(Vec<bool>),
    Int32(Vec<i32>),
    Int64(Vec<i64>),
    Int96(Vec<Int96>),
    Float(Vec<f32>),
    Double(Vec<f64>),
    Bytes(Vec<ByteArray>),
    Fixed(Vec<FixedLenByteArray>),
}

/// Rows of one column.
#[derive(Debug, Clone)]
pub(crate) struct Stored {
    pub(crate) values: Values,
    /// 1 for a row with a value, 0 for null; empty if the column has no nulls by its schema.
    pub(crate) levels: Vec<i16>,
}

/// Where the rows of a column are null, so that the value of any row is found without counting from the first.
#[derive(Debug)]
pub(crate) struct Nulls {
    /// How many values come before each span of rows; nothing if no row is null.
    values_before: Vec<usize>,
}

impl Nulls {
    /// Rows of a span.
    const SPAN: usize = 64;

    /// Which value a row has, `None` for null.
    fn place(&self, column: &Stored, row: usize) -> Option<usize> {
        let Some(before) = self.values_before.get(row / Self::SPAN) else {
            return Some(row);
        };
        let start = row - row % Self::SPAN;
        let has_value = column.levels[row] > 0;
        has_value.then(|| before + n_values_of(&column.levels[start..row]))
    }
}

fn n_values_of(levels: &[i16]) -> usize {
    levels.iter().filter(|&&level| level > 0).count()
}

/// Does something with a reader and the values of its type.
macro_rules! with_typed {
    ($reader:expr, $typed:ident => $body:expr) => {
        match $reader {
            ColumnReader::BoolColumnReader($typed) => $body,
            ColumnReader::Int32ColumnReader($typed) => $body,
            ColumnReader::Int64ColumnReader($typed) => $body,
            ColumnReader::Int96ColumnReader($typed) => $body,
            ColumnReader::FloatColumnReader($typed) => $body,
            ColumnReader::DoubleColumnReader($typed) => $body,
            ColumnReader::ByteArrayColumnReader($typed) => $body,
            ColumnReader::FixedLenByteArrayColumnReader($typed) => $body,
        }
    };
}

/// Passes over rows.
pub(crate) fn skip(reader: &mut ColumnReader, n_rows: usize) -> Result<(), ParquetError> {
    let skipped = with_typed!(reader, typed => typed.skip_records(n_rows))?;
    all_there(skipped, n_rows)
}

fn all_there(got: usize, expected: usize) -> Result<(), ParquetError> {
    if got == expected {
        Ok(())
    } else {
        Err(ParquetError::General(
            "a column has fewer values than rows".to_owned(),
        ))
    }
}

impl Values {
    pub(crate) fn len(&self) -> usize {
        match self {
            Self::Bool(values) => values.len(),
            Self::Int32(values) => values.len(),
            Self::Int64(values) => values.len(),
            Self::Int96(values) => values.len(),
            Self::Float(values) => values.len(),
            Self::Double(values) => values.len(),
            Self::Bytes(values) => values.len(),
            Self::Fixed(values) => values.len(),
        }
    }
}

impl Stored {
    /// Rows, those of null included.
    pub(crate) fn n_rows(&self) -> usize {
        self.levels.len().max(self.values.len())
    }

    /// No rows yet of what a reader reads.
    pub(crate) fn new(reader: &ColumnReader) -> Self {
        let values = match reader {
            ColumnReader::BoolColumnReader(_) => Values::Bool(Vec::new()),
            ColumnReader::Int32ColumnReader(_) => Values::Int32(Vec::new()),
            ColumnReader::Int64ColumnReader(_) => Values::Int64(Vec::new()),
            ColumnReader::Int96ColumnReader(_) => Values::Int96(Vec::new()),
            ColumnReader::FloatColumnReader(_) => Values::Float(Vec::new()),
            ColumnReader::DoubleColumnReader(_) => Values::Double(Vec::new()),
            ColumnReader::ByteArrayColumnReader(_) => Values::Bytes(Vec::new()),
            ColumnReader::FixedLenByteArrayColumnReader(_) => Values::Fixed(Vec::new()),
        };
        Self {
            values,
            levels: Vec::new(),
        }
    }

    /// Reads the next rows.
    pub(crate) fn read(
        &mut self,
        reader: &mut ColumnReader,
        n_rows: usize,
    ) -> Result<(), ParquetError> {
        let levels = &mut self.levels;
        /// Reads into the values of the variant that the reader has.
        macro_rules! read {
            ($($reader:ident => $values:ident),*) => {
                match (reader, &mut self.values) {
                    $((ColumnReader::$reader(reader), Values::$values(values)) => {
                        values.reserve_exact(n_rows);
                        reader.read_records(n_rows, Some(levels), None, values)?
                    })*
                    _ => unreachable!("all row groups of a file share its schema"),
                }
            };
        }
        let (n_read, _, _) = read!(
            BoolColumnReader => Bool,
            Int32ColumnReader => Int32,
            Int64ColumnReader => Int64,
            Int96ColumnReader => Int96,
            FloatColumnReader => Float,
            DoubleColumnReader => Double,
            ByteArrayColumnReader => Bytes,
            FixedLenByteArrayColumnReader => Fixed
        );
        all_there(n_read, n_rows)
    }

    /// Some of the rows, in the order named; `nulls`: those of this column. Bytes are copied, so that they do not hold
    /// on to the page they came from.
    pub(crate) fn pick(&self, rows: &[usize], nulls: &Nulls) -> Self {
        let levels = if self.levels.is_empty() {
            Vec::new()
        } else {
            rows.iter().map(|&row| self.levels[row]).collect()
        };
        let picked = rows.iter().filter_map(|&row| nulls.place(self, row));
        let bytes = |data: &[u8]| ByteArray::from(data.to_vec());
        let values = match &self.values {
            Values::Bool(values) => Values::Bool(picked.map(|place| values[place]).collect()),
            Values::Int32(values) => Values::Int32(picked.map(|place| values[place]).collect()),
            Values::Int64(values) => Values::Int64(picked.map(|place| values[place]).collect()),
            Values::Int96(values) => Values::Int96(picked.map(|place| values[place]).collect()),
            Values::Float(values) => Values::Float(picked.map(|place| values[place]).collect()),
            Values::Double(values) => Values::Double(picked.map(|place| values[place]).collect()),
            Values::Bytes(values) => {
                Values::Bytes(picked.map(|place| bytes(values[place].data())).collect())
            }
            Values::Fixed(values) => {
                let picked = picked.map(|place| bytes(values[place].data()).into());
                Values::Fixed(picked.collect())
            }
        };
        Self { values, levels }
    }

    /// Where rows are null, looked up once for as many as are to be picked.
    pub(crate) fn nulls(&self) -> Nulls {
        let mut n_values = 0;
        let spans = if self.levels.len() > self.values.len() {
            self.levels.chunks(Nulls::SPAN)
        } else {
            // Each row has a value.
            [].chunks(Nulls::SPAN)
        };
        let before = spans.map(|span| {
            let n_before = n_values;
            n_values += n_values_of(span);
            n_before
        });
        Nulls {
            values_before: before.collect(),
        }
    }

    /// Which value each row has, `None` for null; nothing if every row has the value of its number.
    pub(crate) fn places(&self) -> Option<Vec<Option<usize>>> {
        if self.levels.is_empty() {
            return None;
        }
        let mut n_values = 0;
        let places = self.levels.iter().map(|&level| {
            (level > 0).then(|| {
                n_values += 1;
                n_values - 1
            })
        });
        Some(places.collect())
    }

    /// Appends later rows of the same column.
    pub(crate) fn append(&mut self, more: Self) {
        self.levels.extend(more.levels);
        match (&mut self.values, more.values) {
            (Values::Bool(values), Values::Bool(more)) => values.extend(more),
            (Values::Int32(values), Values::Int32(more)) => values.extend(more),
            (Values::Int64(values), Values::Int64(more)) => values.extend(more),
            (Values::Int96(values), Values::Int96(more)) => values.extend(more),
            (Values::Float(values), Values::Float(more)) => values.extend(more),
            (Values::Double(values), Values::Double(more)) => values.extend(more),
            (Values::Bytes(values), Values::Bytes(more)) => values.extend(more),
            (Values::Fixed(values), Values::Fixed(more)) => values.extend(more),
            _ => unreachable!("a column keeps its type"),
        }
    }

    /// Text in every row.
    pub(crate) fn of_texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> Self {
        Self {
            values: Values::Bytes(texts.into_iter().map(ByteArray::from).collect()),
            levels: Vec::new(),
        }
    }

    /// The memory that the rows take, about.
    pub(crate) fn n_bytes(&self) -> usize {
        /// What an allocation takes besides its bytes.
        const EACH: usize = 16;
        let of_values = match &self.values {
            Values::Bool(values) => values.len(),
            Values::Int32(values) => size_of_val(&values[..]),
            Values::Int64(values) => size_of_val(&values[..]),
            Values::Int96(values) => size_of_val(&values[..]),
            Values::Float(values) => size_of_val(&values[..]),
            Values::Double(values) => size_of_val(&values[..]),
            Values::Bytes(values) => {
                let texts = values.iter().map(|text| text.len() + EACH);
                texts.sum::<usize>() + size_of_val(&values[..])
            }
            Values::Fixed(values) => {
                let texts = values.iter().map(|text| text.len() + EACH);
                texts.sum::<usize>() + size_of_val(&values[..])
            }
        };
        of_values + size_of_val(&self.levels[..])
    }

    /// Forgets all rows.
    pub(crate) fn clear(&mut self) {
        self.levels.clear();
        match &mut self.values {
            Values::Bool(values) => values.clear(),
            Values::Int32(values) => values.clear(),
            Values::Int64(values) => values.clear(),
            Values::Int96(values) => values.clear(),
            Values::Float(values) => values.clear(),
            Values::Double(values) => values.clear(),
            Values::Bytes(values) => values.clear(),
            Values::Fixed(values) => values.clear(),
        }
    }

    /// Numbers, one a row.
    pub(crate) fn numbers(self, kind: &Kind, domain: Domain) -> Result<Vec<f64>, BadValue> {
        self.no_nulls()?;
        let is_signed = *kind != Kind::Integer { is_signed: false };
        let numbers = match self.values {
            Values::Double(values) => values,
            Values::Float(values) => values.into_iter().map(of_f32).collect(),
            Values::Fixed(values) => values.iter().map(|value| of_f16(f16_bits(value))).collect(),
            Values::Bool(values) => values.into_iter().map(f64::from).collect(),
            Values::Int32(values) if is_signed => values.into_iter().map(f64::from).collect(),
            Values::Int32(values) => {
                let numbers = values
                    .into_iter()
                    .map(|value| f64::from(value.cast_unsigned()));
                numbers.collect()
            }
            Values::Int64(values) if is_signed => exact(values.into_iter().map(i128::from))?,
            Values::Int64(values) => exact(
                values
                    .into_iter()
                    .map(|value| i128::from(value.cast_unsigned())),
            )?,
            Values::Int96(_) | Values::Bytes(_) => {
                unreachable!("columns of other kinds are refused before")
            }
        };
        check(&numbers, domain)?;
        Ok(numbers)
    }

    /// Texts as they would stand in a CSV file, one a row; the first is in the row `first_row` of the file.
    pub(crate) fn texts(self, kind: &Kind, first_row: u64) -> Result<TextColumn, BadValue> {
        self.no_nulls()?;
        let is_signed = *kind != Kind::Integer { is_signed: false };
        Ok(match self.values {
            Values::Bool(values) => text_column(&values, |value| value.to_string(), first_row),
            Values::Int32(values) if is_signed => {
                text_column(&values, |value| value.to_string(), first_row)
            }
            Values::Int32(values) => text_column(
                &values,
                |value| value.cast_unsigned().to_string(),
                first_row,
            ),
            Values::Int64(values) if is_signed => {
                text_column(&values, |value| value.to_string(), first_row)
            }
            Values::Int64(values) => text_column(
                &values,
                |value| value.cast_unsigned().to_string(),
                first_row,
            ),
            Values::Float(values) => {
                let bits = values
                    .iter()
                    .map(|value| value.to_bits())
                    .collect::<Vec<_>>();
                text_column(
                    &bits,
                    |bits| text_of(of_f32(f32::from_bits(bits))),
                    first_row,
                )
                .with_first_gap(F32_FIRST_GAP)
            }
            Values::Double(values) => {
                let bits = values
                    .iter()
                    .map(|value| value.to_bits())
                    .collect::<Vec<_>>();
                text_column(&bits, |bits| text_of(f64::from_bits(bits)), first_row)
            }
            Values::Fixed(values) => {
                let bits = values.iter().map(f16_bits).collect::<Vec<_>>();
                text_column(&bits, |bits| text_of(of_f16(bits)), first_row)
                    .with_first_gap(F16_FIRST_GAP)
            }
            Values::Bytes(values) => strings(&values, first_row)?,
            Values::Int96(_) => {
                unreachable!("columns of other kinds are refused before")
            }
        })
    }

    fn no_nulls(&self) -> Result<(), BadValue> {
        match self.levels.iter().position(|&level| level == 0) {
            None => Ok(()),
            Some(row) => Err(BadValue {
                row,
                kind: BadKind::Null,
            }),
        }
    }
}

/// The bits of a float of 16 bits, the only values of fixed length that are numbers.
pub(crate) fn f16_bits(value: &FixedLenByteArray) -> u16 {
    let bytes = value.data().try_into();
    u16::from_le_bytes(bytes.expect("the schema was found to say two bytes"))
}

fn strings(values: &[ByteArray], first_row: u64) -> Result<TextColumn, BadValue> {
    let mut column = TextColumn::typed();
    for (row, value) in values.iter().enumerate() {
        let text = std::str::from_utf8(value.data()).map_err(|_| BadValue {
            row,
            kind: BadKind::Field {
                expected: "UTF-8 text",
                found: String::from_utf8_lossy(value.data()).into_owned(),
            },
        })?;
        column.push(text, || Place::Row(first_row + row as u64));
    }
    Ok(column)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_picked_among_nulls() {
        // Every third row is null, or none: the value of a row is its number.
        for gap in [3, 1000] {
            let rows = 0..300_i64;
            let is_null = |row: i64| row % gap == gap - 1;
            let column = Stored {
                levels: rows.clone().map(|row| i16::from(!is_null(row))).collect(),
                values: Values::Int64(rows.filter(|&row| !is_null(row)).collect()),
            };
            let picked = column.pick(&[299, 0, 64, 2, 63, 128, 127], &column.nulls());
            let expected = [299, 0, 64, 2, 63, 128, 127];
            let levels = expected.map(|row| i16::from(!is_null(row)));
            assert_eq!(picked.levels, levels);
            let expected = expected.into_iter().filter(|&row| !is_null(row));
            let Values::Int64(values) = picked.values else {
                panic!("of the same type");
            };
            assert_eq!(values, expected.collect::<Vec<_>>());
        }
    }
}
