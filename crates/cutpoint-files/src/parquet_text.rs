//! Values of Parquet columns as text for people: numbers in the shortest form that reads back, dates and times as ISO
//! 8601 writes them.
//!
//! Types that have no such text are errors; which file and column it was, the caller says.

use std::io::Write;

use parquet::basic::{ConvertedType, LogicalType, TimeUnit, Type as Physical};
use parquet::data_type::Int96;
use parquet::schema::types::ColumnDescriptor;

use crate::bad_value::{BadKind, BadValue};
use crate::parquet_file::{Kind, kind};
use crate::parquet_values::{Values, f16_bits};
use crate::short_floats::of_f16;

/// How the values of a column are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Text {
    Bool,
    Integer {
        is_signed: bool,
    },
    Float,
    /// UTF-8 bytes.
    Plain,
    Date,
    Time {
        per_second: i64,
    },
    Timestamp {
        per_second: i64,
        is_utc: bool,
    },
    /// Days and nanoseconds, as Spark and Impala wrote times.
    Int96,
    Decimal {
        scale: usize,
    },
    Uuid,
}

/// Bytes that are not UTF-8 where text must be.
#[derive(Debug)]
pub(crate) struct NotText {
    pub(crate) found: String,
}

impl NotText {
    /// The error for a row.
    pub(crate) fn at(self, row: usize) -> BadValue {
        BadValue {
            row,
            kind: BadKind::Field {
                expected: "UTF-8 text",
                found: self.found,
            },
        }
    }
}

/// How the values of a column are written, or what they are.
pub(crate) fn text_of(column: &ColumnDescriptor) -> Result<Text, String> {
    let other = match kind(column) {
        Kind::Bool => return Ok(Text::Bool),
        Kind::Integer { is_signed } => return Ok(Text::Integer { is_signed }),
        Kind::Float => return Ok(Text::Float),
        Kind::Text => return Ok(Text::Plain),
        Kind::Other(other) => other,
    };
    let scale = |scale: i32| {
        let scale = usize::try_from(scale).map_err(|_| other.clone())?;
        Ok(Text::Decimal { scale })
    };
    match (column.logical_type_ref(), column.converted_type()) {
        (Some(LogicalType::Date), _) | (None, ConvertedType::DATE) => Ok(Text::Date),
        (Some(LogicalType::Time(time)), _) => Ok(Text::Time {
            per_second: per_second(time.unit),
        }),
        (None, ConvertedType::TIME_MILLIS) => Ok(Text::Time { per_second: 1000 }),
        (None, ConvertedType::TIME_MICROS) => Ok(Text::Time {
            per_second: 1_000_000,
        }),
        (Some(LogicalType::Timestamp(timestamp)), _) => Ok(Text::Timestamp {
            per_second: per_second(timestamp.unit),
            is_utc: timestamp.is_adjusted_to_u_t_c,
        }),
        (None, ConvertedType::TIMESTAMP_MILLIS) => Ok(Text::Timestamp {
            per_second: 1000,
            is_utc: true,
        }),
        (None, ConvertedType::TIMESTAMP_MICROS) => Ok(Text::Timestamp {
            per_second: 1_000_000,
            is_utc: true,
        }),
        (Some(LogicalType::Decimal(decimal)), _) => scale(decimal.scale),
        (None, ConvertedType::DECIMAL) => scale(column.type_scale()),
        (Some(LogicalType::Json), _) | (None, ConvertedType::JSON) => Ok(Text::Plain),
        (Some(LogicalType::Uuid), _) => Ok(Text::Uuid),
        (None, _) if column.physical_type() == Physical::INT96 => Ok(Text::Int96),
        _ => Err(other),
    }
}

fn per_second(unit: TimeUnit) -> i64 {
    match unit {
        TimeUnit::MILLIS => 1000,
        TimeUnit::MICROS => 1_000_000,
        TimeUnit::NANOS => 1_000_000_000,
    }
}

impl Text {
    /// Appends the text of a value.
    pub(crate) fn push(
        self,
        text: &mut Vec<u8>,
        values: &Values,
        place: usize,
    ) -> Result<(), NotText> {
        match (self, values) {
            (Self::Integer { is_signed: false }, Values::Int32(values)) => {
                push(text, format_args!("{}", values[place].cast_unsigned()));
            }
            (Self::Integer { is_signed: false }, Values::Int64(values)) => {
                push(text, format_args!("{}", values[place].cast_unsigned()));
            }
            (Self::Integer { .. }, Values::Int32(values)) => {
                push(text, format_args!("{}", values[place]));
            }
            (Self::Integer { .. }, Values::Int64(values)) => {
                push(text, format_args!("{}", values[place]));
            }
            (Self::Float, Values::Float(values)) if values[place].is_finite() => {
                let mut buffer = zmij::Buffer::new();
                text.extend_from_slice(buffer.format_finite(values[place]).as_bytes());
            }
            (Self::Float, Values::Double(values)) if values[place].is_finite() => {
                let mut buffer = zmij::Buffer::new();
                text.extend_from_slice(buffer.format_finite(values[place]).as_bytes());
            }
            (Self::Float, Values::Fixed(values)) => {
                let number = of_f16(f16_bits(&values[place]));
                if number.is_finite() {
                    let mut buffer = zmij::Buffer::new();
                    text.extend_from_slice(buffer.format_finite(number).as_bytes());
                } else {
                    push(text, format_args!("{number}"));
                }
            }
            (_, Values::Bool(values)) => push(text, format_args!("{}", values[place])),
            (_, Values::Float(values)) => push(text, format_args!("{}", values[place])),
            (_, Values::Double(values)) => push(text, format_args!("{}", values[place])),
            (Self::Decimal { scale }, Values::Bytes(values)) => {
                push_decimal(text, values[place].data(), scale);
            }
            (Self::Decimal { scale }, Values::Fixed(values)) => {
                push_decimal(text, values[place].data(), scale);
            }
            (Self::Decimal { scale }, Values::Int32(values)) => {
                push_decimal(text, &values[place].to_be_bytes(), scale);
            }
            (Self::Decimal { scale }, Values::Int64(values)) => {
                push_decimal(text, &values[place].to_be_bytes(), scale);
            }
            (_, Values::Int32(values)) => self.push_time(text, values[place].into()),
            (_, Values::Int64(values)) => self.push_time(text, values[place]),
            (_, Values::Int96(values)) => push_int96(text, values[place]),
            (_, Values::Fixed(values)) => {
                for (index, byte) in values[place].data().iter().enumerate() {
                    let dash = if matches!(index, 4 | 6 | 8 | 10) {
                        "-"
                    } else {
                        ""
                    };
                    push(text, format_args!("{dash}{byte:02x}"));
                }
            }
            (_, Values::Bytes(values)) => {
                let bytes = values[place].data();
                std::str::from_utf8(bytes).map_err(|_| NotText {
                    found: String::from_utf8_lossy(bytes).into_owned(),
                })?;
                text.extend_from_slice(bytes);
            }
        }
        Ok(())
    }

    /// Days, or parts of a second since midnight or since 1970.
    fn push_time(self, text: &mut Vec<u8>, value: i64) {
        match self {
            Self::Time { per_second } => push_clock(text, value, per_second),
            Self::Timestamp { per_second, is_utc } => {
                let per_day = 86_400 * per_second;
                push_date(text, value.div_euclid(per_day));
                text.push(b'T');
                push_clock(text, value.rem_euclid(per_day), per_second);
                if is_utc {
                    text.push(b'Z');
                }
            }
            _ => push_date(text, value),
        }
    }
}

fn push(text: &mut Vec<u8>, written: std::fmt::Arguments<'_>) {
    text.write_fmt(written).expect("a Vec takes all bytes");
}

/// A day since 1970-01-01 in the Gregorian calendar, also before it was there.
///
/// # References
/// Hinnant, 2013, *chrono-compatible low-level date algorithms*, `civil_from_days`.
fn push_date(text: &mut Vec<u8>, day: i64) {
    // Days since 0000-03-01, so that the leap day is the last of its year; eras are 400 years, which repeat.
    let day = day + 719_468;
    let (era, day) = (day.div_euclid(146_097), day.rem_euclid(146_097));
    let year = (day - day / 1460 + day / 36_524 - day / 146_096) / 365;
    let day = day - (365 * year + year / 4 - year / 100);
    let month = (5 * day + 2) / 153;
    let day = day - (153 * month + 2) / 5 + 1;
    let (month, next) = if month < 10 {
        (month + 3, 0)
    } else {
        (month - 9, 1)
    };
    let year = 400 * era + year + next;
    push(text, format_args!("{year:04}-{month:02}-{day:02}"));
}

/// A time of day, with as many digits of a second as its unit has, unless they are 0.
fn push_clock(text: &mut Vec<u8>, time: i64, per_second: i64) {
    let (seconds, part) = (time / per_second, time % per_second);
    let (hour, minute, second) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    push(text, format_args!("{hour:02}:{minute:02}:{second:02}"));
    if part != 0 {
        let digits = per_second.ilog10() as usize;
        push(text, format_args!(".{part:0digits$}"));
    }
}

fn push_int96(text: &mut Vec<u8>, value: Int96) {
    const JULIAN_DAY_OF_1970: i64 = 2_440_588;
    let [low, high, day] = [0, 1, 2].map(|word| i64::from(value.data()[word]));
    push_date(text, day - JULIAN_DAY_OF_1970);
    text.push(b'T');
    push_clock(text, (high << 32) | low, 1_000_000_000);
    text.push(b'Z');
}

/// A whole number in two's complement, highest byte first, with a point before its last digits.
fn push_decimal(text: &mut Vec<u8>, bytes: &[u8], scale: usize) {
    let is_negative = bytes.first().is_some_and(|byte| *byte >= 0x80);
    // Digits, lowest first, of the number without its sign.
    let mut digits = vec![0_u8];
    let mut magnitude = bytes.to_vec();
    if is_negative {
        let mut carry = true;
        for byte in magnitude.iter_mut().rev() {
            let (flipped, overflows) = (!*byte).overflowing_add(u8::from(carry));
            (*byte, carry) = (flipped, overflows);
        }
    }
    for byte in magnitude {
        let mut carry = u32::from(byte);
        for digit in &mut digits {
            let value = u32::from(*digit) * 256 + carry;
            *digit = u8::try_from(value % 10).expect("a digit");
            carry = value / 10;
        }
        while carry > 0 {
            digits.push(u8::try_from(carry % 10).expect("a digit"));
            carry /= 10;
        }
    }
    digits.resize(digits.len().max(scale + 1), 0);
    if is_negative {
        text.push(b'-');
    }
    for (place, digit) in digits.iter().enumerate().rev() {
        text.push(b'0' + digit);
        if place == scale && scale > 0 {
            text.push(b'.');
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(text: Text, values: &Values, expected: &str) {
        let mut written = Vec::new();
        text.push(&mut written, values, 0).unwrap();
        assert_eq!(String::from_utf8(written).unwrap(), expected);
    }

    #[test]
    fn days_and_times() {
        // Days from Python's `datetime.date(…).toordinal() - 719163`.
        for (day, expected) in [
            (0, "1970-01-01"),
            (-1, "1969-12-31"),
            (11_016, "2000-02-29"),
            (20_634, "2026-06-30"),
            (-719_162, "0001-01-01"),
            (2_932_896, "9999-12-31"),
        ] {
            check(Text::Date, &Values::Int32(vec![day]), expected);
        }
        let millis = Text::Timestamp {
            per_second: 1000,
            is_utc: true,
        };
        check(millis, &Values::Int64(vec![-1]), "1969-12-31T23:59:59.999Z");
        let nanos = Text::Timestamp {
            per_second: 1_000_000_000,
            is_utc: false,
        };
        let values = Values::Int64(vec![86_400_000_000_000 + 7]);
        check(nanos, &values, "1970-01-02T00:00:00.000000007");
        let time = Text::Time { per_second: 1000 };
        check(time, &Values::Int32(vec![3_661_000]), "01:01:01");
    }

    #[test]
    fn decimals_of_any_size() {
        let decimal = Text::Decimal { scale: 2 };
        check(decimal, &Values::Int64(vec![-5]), "-0.05");
        check(decimal, &Values::Int32(vec![123_456]), "1234.56");
        let whole = Text::Decimal { scale: 0 };
        check(whole, &Values::Int32(vec![-120]), "-120");
        // 2^127 - 1 and -2^127, the ends of sixteen bytes.
        let mut bytes = vec![0xff_u8; 16];
        bytes[0] = 0x7f;
        let highest = Values::Bytes(vec![bytes.into()]);
        check(whole, &highest, "170141183460469231731687303715884105727");
        let mut bytes = vec![0_u8; 16];
        bytes[0] = 0x80;
        let lowest = Values::Bytes(vec![bytes.into()]);
        check(
            decimal,
            &lowest,
            "-1701411834604692317316873037158841057.28",
        );
    }

    #[test]
    fn numbers_in_their_shortest_form() {
        check(Text::Float, &Values::Float(vec![0.1]), "0.1");
        check(
            Text::Float,
            &Values::Double(vec![0.1 + 0.2]),
            "0.30000000000000004",
        );
        check(Text::Float, &Values::Double(vec![f64::NAN]), "NaN");
        check(Text::Float, &Values::Float(vec![f32::NEG_INFINITY]), "-inf");
        let unsigned = Text::Integer { is_signed: false };
        check(unsigned, &Values::Int64(vec![-1]), "18446744073709551615");
        check(unsigned, &Values::Int32(vec![-1]), "4294967295");
    }
}
