//! Values of `.npy` columns: bytes turned into numbers or the texts of labels.
//!
//! Numbers that a double does not hold exactly are errors, and so are bytes that are no text.

use std::borrow::Cow;

use crate::Place;
use crate::bad_value::{BadKind, BadValue, check, exact};
use crate::columns::{Domain, TextColumn};
use crate::dictionary::text_column;
use crate::names::text_of;
use crate::npy_header::{Kind, Type};
use crate::short_floats::{F16_FIRST_GAP, F32_FIRST_GAP, of_f16, of_f32};

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

pub(crate) use values;

impl Elements<'_> {
    pub(crate) fn rows(&self) -> impl ExactSizeIterator<Item = &[u8]> {
        let rows = self.bytes.chunks(self.stride);
        rows.map(|row| &row[..self.of.size])
    }

    pub(crate) fn numbers(&self, domain: Domain) -> Result<Vec<f64>, BadValue> {
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
    pub(crate) fn texts(&self, first_row: u64) -> Result<TextColumn, BadValue> {
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
                    .with_first_gap(F16_FIRST_GAP)
            }
            (Kind::Float, 4) => {
                let bits = values!(self, f32).map(f32::to_bits).collect::<Vec<_>>();
                text_column(
                    &bits,
                    |bits| text_of(of_f32(f32::from_bits(bits))),
                    first_row,
                )
                .with_first_gap(F32_FIRST_GAP)
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

    /// The text of a value, less the zeros after it.
    pub(crate) fn string(&self, bytes: &[u8]) -> Option<String> {
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

pub(crate) fn not_text(row: usize, bytes: &[u8]) -> BadValue {
    BadValue {
        row,
        kind: BadKind::Field {
            expected: "text",
            found: String::from_utf8_lossy(bytes).into_owned(),
        },
    }
}
