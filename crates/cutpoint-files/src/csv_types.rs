//! What the fields of a CSV file are: truth values, whole numbers, numbers or text, and those fields as typed columns.
//!
//! Nothing is lost: what a number would not keep (leading zeros, more digits than a type has) is text.

use parquet::basic::{Repetition, Type as Physical};
use parquet::data_type::ByteArray;
use parquet::schema::types::Type as Schema;

use crate::csv_blocks::csv_reader;
use crate::lines::Lines;
use crate::parquet_values::{Stored, Values};
use crate::parquet_write::text_field;

/// Whole numbers up to here are doubles, too.
const EXACT: u64 = 1 << f64::MANTISSA_DIGITS;

/// What the fields of each column are, as far as they were looked at.
#[derive(Debug, Clone)]
pub(crate) struct CsvTypes {
    columns: Vec<ColumnType>,
}

#[derive(Debug, Clone, Copy)]
struct ColumnType {
    of: FieldType,
    has_gaps: bool,
    /// Whether a whole number is beyond those that are doubles.
    is_wide: bool,
}

/// What one field is, or all fields of a column that are not empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum FieldType {
    Empty,
    Bool,
    Integer,
    Float,
    Text,
}

impl CsvTypes {
    pub(crate) fn new(n_columns: usize) -> Self {
        let column = ColumnType {
            of: FieldType::Empty,
            has_gaps: false,
            is_wide: false,
        };
        Self {
            columns: vec![column; n_columns],
        }
    }

    /// Looks at the fields of rows.
    pub(crate) fn look(&mut self, lines: &Lines, rows: std::ops::Range<usize>) {
        if rows.is_empty() {
            return;
        }
        let mut reader = csv_reader(lines.of_rows(&rows));
        let mut record = csv::StringRecord::new();
        // The rows have been read before: they are UTF-8, and each has one field a column.
        while reader.read_record(&mut record).unwrap_or(false) {
            for (column, field) in self.columns.iter_mut().zip(&record) {
                column.look(field);
            }
        }
    }

    /// A column of Parquet for each column.
    pub(crate) fn fields(&self, names: &[String]) -> Vec<Schema> {
        let columns = names.iter().zip(&self.columns);
        let fields = columns.map(|(name, column)| {
            let physical = match column.of() {
                FieldType::Bool => Physical::BOOLEAN,
                FieldType::Integer => Physical::INT64,
                FieldType::Float => Physical::DOUBLE,
                FieldType::Empty | FieldType::Text => Physical::BYTE_ARRAY,
            };
            let (repetition, logical) = (column.repetition(), text_field(name));
            let logical = logical.get_basic_info().logical_type_ref().cloned();
            let logical = logical.filter(|_| physical == Physical::BYTE_ARRAY);
            Schema::primitive_type_builder(name, physical)
                .with_repetition(repetition)
                .with_logical_type(logical)
                .build()
                .expect("a plain type needs no more than a name")
        });
        fields.collect()
    }

    /// The fields of rows as they are typed.
    pub(crate) fn columns(&self, lines: &Lines, rows: std::ops::Range<usize>) -> Vec<Stored> {
        let columns = self.columns.iter().map(|column| column.empty());
        let mut columns = columns.collect::<Vec<_>>();
        let mut record = csv::StringRecord::new();
        // One for all rows: to make a reader takes longer than to read a row.
        let mut reader = csv_reader(lines.of_rows(&rows));
        for row in rows {
            let line = lines.line(row);
            // The rows have been read before: there is a record for each.
            if !reader.read_record(&mut record).unwrap_or(false) {
                record.clear();
            }
            let has_quoted_gaps = line.windows(2).any(|pair| pair == b"\"\"");
            let quoted = if has_quoted_gaps {
                quoted_fields(line)
            } else {
                Vec::new()
            };
            for (index, (column, stored)) in self.columns.iter().zip(&mut columns).enumerate() {
                let field = record.get(index).unwrap_or_default();
                let is_quoted = quoted.get(index).copied().unwrap_or_default();
                column.push(stored, field, is_quoted);
            }
        }
        columns
    }
}

impl ColumnType {
    fn look(&mut self, field: &str) {
        let of = FieldType::of(field);
        self.has_gaps |= of == FieldType::Empty;
        if of == FieldType::Integer {
            let number = field.trim().parse::<i64>();
            self.is_wide |= number.is_ok_and(|number| number.unsigned_abs() > EXACT);
        }
        self.of = match (self.of, of) {
            (FieldType::Empty, of) | (of, FieldType::Empty) => of,
            (FieldType::Integer | FieldType::Float, FieldType::Float)
            | (FieldType::Float, FieldType::Integer) => FieldType::Float,
            (of, other) if of == other => of,
            _ => FieldType::Text,
        };
    }

    /// What all fields are together.
    fn of(self) -> FieldType {
        match self.of {
            FieldType::Float if self.is_wide => FieldType::Text,
            of => of,
        }
    }

    fn repetition(self) -> Repetition {
        if self.has_gaps {
            Repetition::OPTIONAL
        } else {
            Repetition::REQUIRED
        }
    }

    fn empty(self) -> Stored {
        let values = match self.of() {
            FieldType::Bool => Values::Bool(Vec::new()),
            FieldType::Integer => Values::Int64(Vec::new()),
            FieldType::Float => Values::Double(Vec::new()),
            FieldType::Empty | FieldType::Text => Values::Bytes(Vec::new()),
        };
        Stored {
            values,
            levels: Vec::new(),
        }
    }

    /// Appends a field; an empty one is null, but for text in quotes.
    fn push(self, stored: &mut Stored, field: &str, is_quoted: bool) {
        let is_text = matches!(self.of(), FieldType::Empty | FieldType::Text);
        let is_null = if is_text {
            field.is_empty() && !is_quoted
        } else {
            field.trim().is_empty()
        };
        if self.has_gaps {
            stored.levels.push(i16::from(!is_null));
        }
        if is_null {
            return;
        }
        let number = field.trim();
        match &mut stored.values {
            Values::Bool(values) => values.push(number.eq_ignore_ascii_case("true")),
            Values::Int64(values) => values.push(number.parse().expect("all were looked at")),
            Values::Double(values) => values.push(number.parse().expect("all were looked at")),
            Values::Bytes(values) => values.push(ByteArray::from(field)),
            _ => unreachable!("fields are of four types"),
        }
    }
}

impl FieldType {
    fn of(field: &str) -> Self {
        let field = field.trim();
        let digits = field.strip_prefix('-').unwrap_or(field);
        let is_whole = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
        let unsigned = field.strip_prefix(['-', '+']).unwrap_or(field);
        let has_leading_zero =
            unsigned.starts_with('0') && unsigned.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
        match field {
            "" => Self::Empty,
            "true" | "false" | "True" | "False" => Self::Bool,
            // As numbers that are not finite are written here.
            "NaN" | "inf" | "-inf" => Self::Float,
            _ if has_leading_zero => Self::Text,
            // A whole number has no sign of zero.
            _ if is_whole && field != "-0" => match field.parse::<i64>() {
                Ok(_) => Self::Integer,
                Err(_) => Self::Text,
            },
            _ if !unsigned.starts_with(|first: char| first.is_ascii_digit() || first == '.') => {
                Self::Text
            }
            _ => match field.parse::<f64>() {
                Ok(number) if number.is_finite() => Self::Float,
                _ => Self::Text,
            },
        }
    }
}

/// Whether each field of a record stands in quotes.
fn quoted_fields(line: &[u8]) -> Vec<bool> {
    let mut quoted = Vec::new();
    let mut rest = line;
    loop {
        let is_quoted = rest.first() == Some(&b'"');
        quoted.push(is_quoted);
        let mut is_inside = is_quoted;
        let mut place = usize::from(is_quoted);
        // A doubled quote closes and opens again.
        while let Some(&byte) = rest.get(place) {
            match byte {
                b'"' if is_quoted => is_inside = !is_inside,
                b',' if !is_inside => break,
                _ => {}
            }
            place += 1;
        }
        match rest.get(place + 1..) {
            Some(behind) if place < rest.len() => rest = behind,
            _ => return quoted,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn lines(rows: &[&str]) -> Lines {
        let mut lines = Lines::default();
        for row in rows {
            lines.push(row.as_bytes());
        }
        lines
    }

    /// The physical type of a column of these fields, and whether it has gaps.
    #[track_caller]
    fn check(fields: &[&str], physical: Physical, is_optional: bool) {
        // A second column, so that no line is blank.
        let rows = fields.iter().map(|field| format!("{field},x"));
        let rows = rows.collect::<Vec<_>>();
        let lines = lines(&rows.iter().map(String::as_str).collect::<Vec<_>>());
        let mut types = CsvTypes::new(2);
        types.look(&lines, 0..fields.len());
        let names = ["a", "b"].map(str::to_owned);
        let field = &types.fields(&names)[0];
        assert_eq!(field.get_physical_type(), physical, "{fields:?}");
        assert_eq!(field.is_optional(), is_optional, "{fields:?}");
    }

    #[test]
    fn fields_have_the_narrowest_type_that_keeps_them() {
        check(&["1", "-20", " 3 "], Physical::INT64, false);
        check(&["1", "", "3"], Physical::INT64, true);
        check(&["1", "2.5", "1e-9"], Physical::DOUBLE, false);
        check(&["-0", "2"], Physical::DOUBLE, false);
        check(&["NaN", "0.5", "-inf"], Physical::DOUBLE, false);
        check(&["true", "False", ""], Physical::BOOLEAN, true);
        check(&["true", "1"], Physical::BYTE_ARRAY, false);
        check(&["007", "8"], Physical::BYTE_ARRAY, false);
        check(&["00.5"], Physical::BYTE_ARRAY, false);
        check(&["1", "x"], Physical::BYTE_ARRAY, false);
        check(&["", ""], Physical::BYTE_ARRAY, true);
        check(&["infinity"], Physical::BYTE_ARRAY, false);
        check(&["1e999"], Physical::BYTE_ARRAY, false);
        // 2^53 is a double, 2^53 + 1 is not; 2^63 is no whole number of 64 bits.
        check(&["9007199254740992", "0.5"], Physical::DOUBLE, false);
        check(&["9007199254740993", "0.5"], Physical::BYTE_ARRAY, false);
        check(&["9007199254740993", "5"], Physical::INT64, false);
        check(&["9223372036854775808"], Physical::BYTE_ARRAY, false);
    }

    #[test]
    fn quotes_tell_an_empty_text_from_none() {
        assert_eq!(quoted_fields(b""), [false]);
        assert_eq!(
            quoted_fields(b"a,\"\",,\"b,\"\"c\"\"\",d\"e"),
            [false, true, false, true, false]
        );
        assert_eq!(quoted_fields(b"\"\","), [true, false]);
        let lines = lines(&["\"\",1", ",2", "\"x\"\"y\",\"\""]);
        let mut types = CsvTypes::new(2);
        types.look(&lines, 0..3);
        let columns = types.columns(&lines, 0..3);
        let Values::Bytes(texts) = &columns[0].values else {
            panic!("text");
        };
        let texts = texts.iter().map(ByteArray::data).collect::<Vec<_>>();
        assert_eq!(
            (columns[0].levels.as_slice(), texts),
            (&[1, 0, 1][..], vec![&b""[..], b"x\"y"])
        );
        assert_eq!(columns[1].levels, [1, 1, 0]);
    }
}
