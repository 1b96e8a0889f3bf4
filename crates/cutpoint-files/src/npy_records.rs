//! Rows as records of `.npy`: copied as they stand, or made of typed columns.
//!
//! Nulls are errors, as records have no place for them.

use std::borrow::Cow;
use std::path::Path;

use parquet::basic::{LogicalType, Repetition, Type as Physical};
use parquet::data_type::ByteArray;
use parquet::schema::types::{ColumnDescriptor, Type as Schema, TypePtr};

use crate::bad_value::BadValue;
use crate::npy_elements::{Elements, not_text, values};
use crate::npy_header::{Element, Field, Header, Kind, Type};
use crate::parquet_text::Text;
use crate::parquet_values::{Stored, Values};
use crate::parquet_write::{float16_field, text_field};
use crate::records::Records;
use crate::spool::Spool;
use crate::{Error, Output, Result};

/// Writes records, or rows of a matrix, as many as come.
pub(crate) struct RecordWriter<'o> {
    output: &'o mut Output,
    header: Header,
}

impl<'o> RecordWriter<'o> {
    /// Leaves room for the header, which tells the number of rows. The columns of a matrix have no names.
    pub(crate) fn new(output: &'o mut Output, fields: Vec<Field>, is_matrix: bool) -> Result<Self> {
        let (element, shape) = match fields.first() {
            Some(first) if is_matrix => {
                let of = first.of.clone();
                (Element::Plain(of), vec![0, fields.len() as u64])
            }
            _ => (Element::Record(fields), vec![0]),
        };
        let header = Header {
            element,
            is_fortran: false,
            shape,
        };
        output.put(&header.to_bytes())?;
        Ok(Self { output, header })
    }

    /// Writes the bytes of a row.
    pub(crate) fn put(&mut self, record: &[u8]) -> Result<()> {
        self.header.shape[0] += 1;
        self.output.put(record)
    }

    /// Writes the header, now that the number of rows is known.
    pub(crate) fn finish(self) -> Result<()> {
        self.output.put_at_start(&self.header.to_bytes())
    }
}

/// The type of texts of so many characters at most.
pub(crate) fn text_type(n_characters: usize) -> Type {
    Type {
        kind: Kind::Text,
        // A text without characters is no type.
        size: 4 * n_characters.max(1),
        is_big_endian: false,
    }
}

/// Appends a text, with zeros after it.
pub(crate) fn push_text(record: &mut Vec<u8>, text: &str, of: &Type) {
    let end = record.len() + of.size;
    for character in text.chars() {
        record.extend_from_slice(&u32::from(character).to_le_bytes());
    }
    record.resize(end, 0);
}

/// The column of Parquet that holds the values of a field, or what they are.
pub(crate) fn schema_of(field: &Field) -> Result<Schema, String> {
    let (physical, bits) = match (&field.of.kind, field.of.size) {
        (Kind::Float, 2) => return Ok(float16_field(&field.name)),
        (Kind::Bool, _) => (Physical::BOOLEAN, None),
        (Kind::Float, 4) => (Physical::FLOAT, None),
        (Kind::Float, _) => (Physical::DOUBLE, None),
        (Kind::Signed | Kind::Unsigned, 1) => (Physical::INT32, Some(8)),
        (Kind::Signed | Kind::Unsigned, 2) => (Physical::INT32, Some(16)),
        (Kind::Signed | Kind::Unsigned, 4) => (Physical::INT32, Some(32)),
        (Kind::Signed | Kind::Unsigned, _) => (Physical::INT64, Some(64)),
        (Kind::Bytes | Kind::Text, _) => return Ok(text_field(&field.name)),
        (Kind::Other(descr), _) => return Err(format!("`{descr}` values")),
    };
    let is_signed = field.of.kind == Kind::Signed;
    let column = Schema::primitive_type_builder(&field.name, physical)
        .with_repetition(Repetition::REQUIRED)
        .with_logical_type(bits.map(|bits| LogicalType::integer(bits, is_signed)));
    Ok(column.build().expect("widths are those of the types"))
}

/// The values of the named fields of records, in the order of the fields.
pub(crate) fn columns(
    fields: &[Field],
    records: &Records,
    rows: &[usize],
) -> Result<Vec<Stored>, (usize, BadValue)> {
    let picked = rows.iter().map(|&row| records.record(row));
    let picked = picked.collect::<Vec<_>>().concat();
    let mut columns = Vec::new();
    let mut offset = 0;
    for field in fields {
        let start = offset.min(picked.len());
        offset += field.of.size;
        if field.name.is_empty() {
            continue;
        }
        let elements = Elements {
            bytes: Cow::Borrowed(&picked[start..]),
            stride: records.size,
            of: &field.of,
        };
        let values = stored(&elements).map_err(|bad| (columns.len(), bad))?;
        columns.push(Stored {
            values,
            levels: Vec::new(),
        });
    }
    Ok(columns)
}

/// Values as Parquet stores them; nothing for what no reader here knows.
fn stored(elements: &Elements<'_>) -> Result<Values, BadValue> {
    Ok(match (&elements.of.kind, elements.of.size) {
        (Kind::Bool, _) => Values::Bool(elements.rows().map(|byte| byte[0] != 0).collect()),
        (Kind::Float, 2) => {
            let halves = values!(elements, u16).map(|bits| bits.to_le_bytes().to_vec());
            Values::Fixed(halves.map(|bytes| ByteArray::from(bytes).into()).collect())
        }
        (Kind::Float, 4) => Values::Float(values!(elements, f32).collect()),
        (Kind::Float, _) => Values::Double(values!(elements, f64).collect()),
        (Kind::Signed, 1) => Values::Int32(values!(elements, i8).map(i32::from).collect()),
        (Kind::Signed, 2) => Values::Int32(values!(elements, i16).map(i32::from).collect()),
        (Kind::Unsigned, 1) => Values::Int32(values!(elements, u8).map(i32::from).collect()),
        (Kind::Unsigned, 2) => Values::Int32(values!(elements, u16).map(i32::from).collect()),
        (Kind::Signed | Kind::Unsigned, 4) => Values::Int32(values!(elements, i32).collect()),
        (Kind::Signed | Kind::Unsigned, _) => Values::Int64(values!(elements, i64).collect()),
        (Kind::Bytes | Kind::Text | Kind::Other(_), _) => {
            let texts = elements.rows().enumerate().map(|(row, bytes)| {
                let text = elements.string(bytes).ok_or_else(|| not_text(row, bytes))?;
                Ok(ByteArray::from(text.into_bytes()))
            });
            Values::Bytes(texts.collect::<Result<_, BadValue>>()?)
        }
    })
}

/// Typed columns, gathered until the widths of their texts are known.
pub(crate) struct GatheredRecords<'o> {
    output: &'o mut Output,
    fields: Vec<TypePtr>,
    texts: Vec<Text>,
    columns: Vec<Gathered>,
    /// Field after field, row after row: numbers as they are written, texts in UTF-8.
    rows: Spool,
}

/// What is known of a column of numbers, or of texts.
struct Gathered {
    /// Characters of the longest text.
    width: usize,
    /// The type of numbers.
    number: Option<Type>,
}

impl<'o> GatheredRecords<'o> {
    /// Begins columns with these names, types and ways to be written as text.
    pub(crate) fn new(
        output: &'o mut Output,
        fields: Vec<TypePtr>,
        descriptors: &[&ColumnDescriptor],
        texts: Vec<Text>,
    ) -> Self {
        let columns = descriptors
            .iter()
            .zip(&texts)
            .map(|(column, text)| Gathered {
                width: 0,
                number: number_type(column, *text),
            });
        Self {
            columns: columns.collect(),
            rows: Spool::beside(output),
            output,
            fields,
            texts,
        }
    }

    /// Takes rows: a column a field, all of one length.
    pub(crate) fn write(
        &mut self,
        columns: &[Stored],
        bad: impl Fn(usize, BadValue) -> Error,
    ) -> Result<()> {
        let mut parts = Vec::with_capacity(columns.len());
        for (index, (stored, gathered)) in columns.iter().zip(&mut self.columns).enumerate() {
            if stored.levels.contains(&0) {
                return Err(Error::NpyGap {
                    path: self.output.path().to_owned(),
                    column: self.fields[index].name().to_owned(),
                });
            }
            let n_values = stored.values.len();
            let mut part = ColumnPart::default();
            if let Some(of) = &gathered.number {
                push_numbers(&mut part.bytes, &stored.values, of.size);
                part.ends.extend((1..=n_values).map(|end| end * of.size));
            } else {
                for place in 0..n_values {
                    let start = part.bytes.len();
                    let pushed = self.texts[index].push(&mut part.bytes, &stored.values, place);
                    pushed.map_err(|not_text| bad(index, not_text.at(place)))?;
                    let text = std::str::from_utf8(&part.bytes[start..]);
                    let width = text.expect("it is checked above").chars().count();
                    gathered.width = gathered.width.max(width);
                    part.ends.push(part.bytes.len());
                }
            }
            parts.push(part);
        }
        for row in 0..columns.first().map_or(0, Stored::n_rows) {
            for part in &parts {
                self.rows.put(part.field(row))?;
            }
        }
        Ok(())
    }

    /// Writes all that was gathered.
    pub(crate) fn finish(self) -> Result<()> {
        let fields = self.fields.iter().zip(&self.columns);
        let fields = fields.map(|(field, column)| Field {
            name: field.name().to_owned(),
            of: column
                .number
                .clone()
                .unwrap_or_else(|| text_type(column.width)),
        });
        let fields = fields.collect::<Vec<_>>();
        let types = fields.iter().map(|field| field.of.clone());
        let types = types.collect::<Vec<_>>();
        let mut rows = self.rows.read()?;
        let mut writer = RecordWriter::new(self.output, fields, false)?;
        let (mut record, mut field) = (Vec::new(), Vec::new());
        loop {
            record.clear();
            for (column, of) in self.columns.iter().zip(&types) {
                if !rows.next(&mut field)? {
                    return writer.finish();
                }
                if column.number.is_some() {
                    record.extend_from_slice(&field);
                } else {
                    let text = std::str::from_utf8(&field);
                    push_text(&mut record, text.expect("it was checked"), of);
                }
            }
            writer.put(&record)?;
        }
    }
}

/// Some rows of a column as bytes, one after the other.
#[derive(Default)]
struct ColumnPart {
    bytes: Vec<u8>,
    /// Where each ends.
    ends: Vec<usize>,
}

impl ColumnPart {
    fn field(&self, row: usize) -> &[u8] {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.bytes[start..self.ends[row]]
    }
}

/// The type of a column of numbers; none if its values are written as text.
fn number_type(column: &ColumnDescriptor, text: Text) -> Option<Type> {
    let bits = match column.logical_type_ref() {
        Some(LogicalType::Integer(integer)) => usize::try_from(integer.bit_width).ok(),
        _ => None,
    };
    let (kind, size) = match (text, column.physical_type()) {
        (Text::Bool, _) => (Kind::Bool, 1),
        (Text::Float, Physical::FIXED_LEN_BYTE_ARRAY) => (Kind::Float, 2),
        (Text::Float, Physical::FLOAT) => (Kind::Float, 4),
        (Text::Float, _) => (Kind::Float, 8),
        (Text::Integer { is_signed }, physical) => {
            let whole = if physical == Physical::INT32 { 32 } else { 64 };
            let kind = if is_signed {
                Kind::Signed
            } else {
                Kind::Unsigned
            };
            (kind, bits.unwrap_or(whole).min(whole) / 8)
        }
        _ => return None,
    };
    Some(Type {
        kind,
        size,
        is_big_endian: false,
    })
}

/// Appends numbers, each in its lowest bytes.
fn push_numbers(bytes: &mut Vec<u8>, values: &Values, size: usize) {
    match values {
        Values::Bool(values) => bytes.extend(values.iter().map(|value| u8::from(*value))),
        Values::Int32(values) => {
            for value in values {
                bytes.extend_from_slice(&value.to_le_bytes()[..size]);
            }
        }
        Values::Int64(values) => {
            for value in values {
                bytes.extend_from_slice(&value.to_le_bytes()[..size]);
            }
        }
        Values::Float(values) => {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        Values::Double(values) => {
            bytes.extend(values.iter().flat_map(|value| value.to_le_bytes()));
        }
        Values::Fixed(values) => {
            bytes.extend(values.iter().flat_map(|value| value.data()));
        }
        Values::Int96(_) | Values::Bytes(_) => {
            unreachable!("columns of other types are written as text")
        }
    }
}

/// Refuses names that the header of a file cannot hold: no name is padding, and control characters have no place.
pub(crate) fn check_names(path: &Path, names: &[String]) -> Result<()> {
    let bad = |name: &String| name.is_empty() || name.contains(char::is_control);
    match names.iter().position(bad) {
        Some(column) if names[column].is_empty() => Err(Error::UnnamedColumn {
            path: path.to_owned(),
            column: column + 1,
        }),
        Some(column) => Err(Error::NpyName {
            path: path.to_owned(),
            column: names[column].clone(),
        }),
        None => Ok(()),
    }
}
