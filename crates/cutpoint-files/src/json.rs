//! JSON as scripts read it: keys in the order of the answer, lists without objects on one line, never NaN or infinity.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter};

use crate::{Output, Result};

/// An answer as a text, with a line break at its end.
///
/// # Panics
/// If the answer is no JSON: a map whose keys are neither text nor numbers.
///
/// # Examples
/// ```
/// use std::collections::BTreeMap;
///
/// let cells = BTreeMap::from([("fp", vec![9, 8]), ("tp", vec![48, 50])]);
/// assert_eq!(cutpoint_files::json::text(&cells), "{\n  \"fp\": [9, 8],\n  \"tp\": [48, 50]\n}\n");
/// ```
pub fn text(answer: &impl Serialize) -> String {
    let mut bytes = Vec::new();
    put(&mut bytes, answer).expect("an answer is JSON, and a Vec takes all bytes");
    String::from_utf8(bytes).expect("JSON is text")
}

/// Writes an answer as [`text`] says it, piece by piece: it may be longer than what can be held.
///
/// # Errors
/// [`crate::Error::Write`] if the system refuses.
///
/// # Panics
/// If the answer is no JSON, as [`text`].
pub fn write(output: &mut Output, answer: &impl Serialize) -> Result<()> {
    /// Keeps what the output says of a failure, which `io::Error` does not hold.
    struct Pieces<'o>(&'o mut Output, Result<()>);
    impl Write for Pieces<'_> {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.1 = self.0.put(bytes);
            match self.1 {
                Ok(()) => Ok(bytes.len()),
                Err(_) => Err(io::ErrorKind::Other.into()),
            }
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }
    let mut pieces = Pieces(output, Ok(()));
    let written = put(&mut pieces, answer);
    pieces.1?;
    written.expect("an answer is JSON");
    Ok(())
}

fn put<W: Write>(mut writer: W, answer: &impl Serialize) -> io::Result<()> {
    let mut serializer = serde_json::Serializer::with_formatter(&mut writer, Layout::default());
    answer.serialize(&mut serializer)?;
    writer.write_all(b"\n")
}

/// An answer, and what is odd about the rows it is of, which is told last.
#[derive(Debug, Clone, Copy, Serialize)]
pub struct WithWarnings<'a, A> {
    /// The answer, whose keys come first.
    #[serde(flatten)]
    pub answer: &'a A,
    /// What is odd, in words.
    pub warnings: &'a [String],
}

/// How JSON is laid out: every key and every object on a line of its own, a list without objects on one.
///
/// Whether a list holds an object is known of its first scalar or object only. So `[` waits for it: `[[1, 2]]` begins
/// with two brackets that wait for the 1, `[[{` with two that wait for the object, and then break their lines.
#[derive(Debug, Default)]
struct Layout {
    /// What is open: lists and objects, the outermost first.
    open: Vec<Open>,
    /// How many of the last are lists whose `[` is not written yet.
    n_waiting: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Open {
    ListOnOneLine,
    ListOfLines,
    Object { is_empty: bool },
}

impl Layout {
    /// Writes the lists that wait, now that it is known what they hold.
    fn settle<W: ?Sized + Write>(&mut self, writer: &mut W, list: Open) -> io::Result<()> {
        let first = self.open.len() - self.n_waiting;
        for place in first..self.open.len() {
            self.open[place] = list;
            writer.write_all(b"[")?;
            if list == Open::ListOfLines {
                break_line(writer, place + 1)?;
            }
        }
        self.n_waiting = 0;
        Ok(())
    }
}

fn break_line<W: ?Sized + Write>(writer: &mut W, depth: usize) -> io::Result<()> {
    write!(writer, "\n{:1$}", "", 2 * depth)
}

/// Scalars: what waits holds no object.
macro_rules! scalars {
    ($($name:ident($($value:ident: $kind:ty)?)),* $(,)?) => {
        $(fn $name<W: ?Sized + Write>(&mut self, writer: &mut W $(, $value: $kind)?) -> io::Result<()> {
            self.settle(writer, Open::ListOnOneLine)?;
            CompactFormatter.$name(writer $(, $value)?)
        })*
    };
}

impl Formatter for Layout {
    scalars!(
        write_null(),
        write_bool(value: bool),
        write_i8(value: i8),
        write_i16(value: i16),
        write_i32(value: i32),
        write_i64(value: i64),
        write_i128(value: i128),
        write_u8(value: u8),
        write_u16(value: u16),
        write_u32(value: u32),
        write_u64(value: u64),
        write_u128(value: u128),
        write_f32(value: f32),
        write_f64(value: f64),
        write_number_str(value: &str),
        begin_string(),
    );

    fn begin_array<W: ?Sized + Write>(&mut self, _writer: &mut W) -> io::Result<()> {
        self.open.push(Open::ListOnOneLine);
        self.n_waiting += 1;
        Ok(())
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        match self.open.last() {
            _ if is_first => Ok(()),
            Some(Open::ListOfLines) => {
                writer.write_all(b",")?;
                break_line(writer, self.open.len())
            }
            _ => writer.write_all(b", "),
        }
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.settle(writer, Open::ListOnOneLine)?;
        if self.open.pop() == Some(Open::ListOfLines) {
            break_line(writer, self.open.len())?;
        }
        writer.write_all(b"]")
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.settle(writer, Open::ListOfLines)?;
        self.open.push(Open::Object { is_empty: true });
        writer.write_all(b"{")
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        is_first: bool,
    ) -> io::Result<()> {
        if is_first {
            self.open.pop();
            self.open.push(Open::Object { is_empty: false });
        } else {
            writer.write_all(b",")?;
        }
        break_line(writer, self.open.len())
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(b": ")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        if self.open.pop() == Some(Open::Object { is_empty: false }) {
            break_line(writer, self.open.len())?;
        }
        writer.write_all(b"}")
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use cutpoint_core::Label;

    use super::*;

    #[test]
    fn it_prints_in_order_and_reads_back() {
        #[derive(Serialize)]
        struct Answer {
            threshold: f64,
            labels: [Label; 2],
            matrix: [[u64; 2]; 2],
            undefined: f64,
            none: Option<f64>,
            empty: BTreeMap<String, f64>,
            rows: Vec<BTreeMap<&'static str, u64>>,
        }
        let json = text(&Answer {
            threshold: 0.5,
            labels: [Label::from(0), Label::from("a\"b")],
            matrix: [[76, 9], [17, 48]],
            undefined: f64::NAN,
            none: None,
            empty: BTreeMap::new(),
            rows: vec![BTreeMap::from([("tp", u64::MAX)])],
        });
        assert_eq!(
            json.trim_end(),
            r#"{
  "threshold": 0.5,
  "labels": [0, "a\"b"],
  "matrix": [[76, 9], [17, 48]],
  "undefined": null,
  "none": null,
  "empty": {},
  "rows": [
    {
      "tp": 18446744073709551615
    }
  ]
}"#
        );
        let back = serde_json::from_str::<serde_json::Value>(&json).unwrap();
        assert_eq!(back["labels"][1], "a\"b");
    }
}
