//! JSON as scripts read it: keys in the order they were put, short lists on one line, never NaN or infinity.
//!
//! It refuses to know what the keys mean; each command writes its own.

use std::fmt::{self, Write};

use cutpoint_core::Label;
use cutpoint_files::Output;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Json {
    Null,
    Bool(bool),
    Integer(i64),
    Count(u64),
    /// In the shortest form that keeps its bits; `null` if it is not finite.
    Number(f64),
    Text(String),
    List(Vec<Json>),
    Object(Vec<(String, Json)>),
}

impl Json {
    /// An object from its keys and values.
    pub(crate) fn object<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        let entries = entries.into_iter().map(|(key, value)| (key.into(), value));
        Self::Object(entries.collect())
    }

    /// A list from anything that has a value.
    pub(crate) fn list<T: Into<Self>>(items: impl IntoIterator<Item = T>) -> Self {
        Self::List(items.into_iter().map(Into::into).collect())
    }
}

impl From<bool> for Json {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<u64> for Json {
    fn from(value: u64) -> Self {
        Self::Count(value)
    }
}

impl From<usize> for Json {
    fn from(value: usize) -> Self {
        Self::Count(value as u64)
    }
}

impl From<f64> for Json {
    fn from(value: f64) -> Self {
        Self::Number(value)
    }
}

impl From<&str> for Json {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<&String> for Json {
    fn from(value: &String) -> Self {
        Self::Text(value.clone())
    }
}

impl From<&Label> for Json {
    fn from(label: &Label) -> Self {
        match label {
            Label::Bool(value) => Self::Bool(*value),
            Label::Integer(value) => Self::Integer(*value),
            Label::Text(value) => Self::Text(value.clone()),
        }
    }
}

impl<T: Into<Self>> From<Option<T>> for Json {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

impl fmt::Display for Json {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write(formatter, self, 0)
    }
}

/// Writes an object of entries, a list, and more entries, the list item by item: it may be too long to be held. What
/// comes out is what the whole object would print.
pub(crate) fn put_with_list(
    output: &mut Output,
    before: &[(&str, Json)],
    (name, items): (&str, impl Iterator<Item = Json>),
    after: &[(&str, Json)],
) -> cutpoint_files::Result<()> {
    struct Inner<'j>(&'j Json, usize);
    impl fmt::Display for Inner<'_> {
        fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
            write(formatter, self.0, self.1)
        }
    }
    let entry =
        |(name, value): &(&str, Json)| format!("  {}: {}", Json::from(*name), Inner(value, 1));
    output.put(b"{\n")?;
    for known in before {
        output.put(format!("{},\n", entry(known)).as_bytes())?;
    }
    output.put(format!("  {}: [", Json::from(name)).as_bytes())?;
    let mut comma = "";
    for item in items {
        output.put(format!("{comma}\n    {}", Inner(&item, 2)).as_bytes())?;
        comma = ",";
    }
    output.put(if comma.is_empty() { b"]" } else { b"\n  ]" })?;
    for known in after {
        output.put(format!(",\n{}", entry(known)).as_bytes())?;
    }
    output.put(b"\n}\n")
}

fn write(formatter: &mut fmt::Formatter<'_>, json: &Json, depth: usize) -> fmt::Result {
    match json {
        Json::Null => formatter.write_str("null"),
        Json::Bool(value) => write!(formatter, "{value}"),
        Json::Integer(value) => write!(formatter, "{value}"),
        Json::Count(value) => write!(formatter, "{value}"),
        Json::Number(value) => write_scalar(formatter, value),
        Json::Text(value) => write_scalar(formatter, value),
        Json::List(items) => {
            let is_short = !items.iter().any(Json::holds_object);
            write_all(formatter, ('[', ']'), items, depth, is_short, write)
        }
        Json::Object(entries) => {
            let entry = |formatter: &mut fmt::Formatter<'_>, entry: &(String, Json), depth| {
                write_scalar(formatter, &entry.0)?;
                formatter.write_str(": ")?;
                write(formatter, &entry.1, depth)
            };
            write_all(formatter, ('{', '}'), entries, depth, false, entry)
        }
    }
}

impl Json {
    fn holds_object(&self) -> bool {
        match self {
            Self::Object(_) => true,
            Self::List(items) => items.iter().any(Self::holds_object),
            _ => false,
        }
    }
}

/// A number or text as `serde_json` writes it: shortest digits, escapes, `null` for what is not finite.
fn write_scalar(formatter: &mut fmt::Formatter<'_>, value: &impl serde::Serialize) -> fmt::Result {
    let text = serde_json::to_string(value).map_err(|_| fmt::Error)?;
    formatter.write_str(&text)
}

fn write_all<T>(
    formatter: &mut fmt::Formatter<'_>,
    (open, close): (char, char),
    items: &[T],
    depth: usize,
    is_short: bool,
    mut write: impl FnMut(&mut fmt::Formatter<'_>, &T, usize) -> fmt::Result,
) -> fmt::Result {
    formatter.write_char(open)?;
    let line_break = |formatter: &mut fmt::Formatter<'_>, depth: usize| {
        if is_short || items.is_empty() {
            Ok(())
        } else {
            write!(formatter, "\n{:1$}", "", 2 * depth)
        }
    };
    for (index, item) in items.iter().enumerate() {
        if index > 0 {
            formatter.write_str(if is_short { ", " } else { "," })?;
        }
        line_break(formatter, depth + 1)?;
        write(formatter, item, depth + 1)?;
    }
    line_break(formatter, depth)?;
    formatter.write_char(close)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_item_by_item_prints_as_the_whole() {
        let directory = tempfile::tempdir().unwrap();
        let row =
            |place: u64| Json::object([("tp", Json::Count(place)), ("m", Json::list([1_u64, 2]))]);
        let before = [
            ("of", Json::list(["a", "b"])),
            ("more", Json::object([("x", Json::Null)])),
        ];
        let after = [("warnings", Json::list::<u64>([]))];
        for n_items in [0, 1, 3] {
            let path = directory.path().join(format!("{n_items}.json"));
            let mut output = Output::create_named(&path, ".json").unwrap();
            put_with_list(
                &mut output,
                &before,
                ("rows", (0..n_items).map(row)),
                &after,
            )
            .unwrap();
            output.commit().unwrap();
            let list = [("rows", Json::List((0..n_items).map(row).collect()))];
            let whole = before.iter().chain(&list).chain(&after).cloned();
            let written = std::fs::read_to_string(&path).unwrap();
            assert_eq!(written, format!("{}\n", Json::object(whole)));
        }
    }

    #[test]
    fn it_prints_in_order_and_reads_back() {
        let json = Json::object([
            ("threshold", Json::from(0.5)),
            (
                "labels",
                Json::list([&Label::from(0), &Label::from("a\"b")]),
            ),
            (
                "matrix",
                Json::List(vec![Json::list([76_u64, 9]), Json::list([17_u64, 48])]),
            ),
            ("undefined", Json::from(f64::NAN)),
            ("none", Json::from(None::<f64>)),
            ("empty", Json::object::<&str>([])),
            (
                "rows",
                Json::List(vec![Json::object([("tp", Json::Count(u64::MAX))])]),
            ),
        ]);
        assert_eq!(
            json.to_string(),
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
        let back = serde_json::from_str::<serde_json::Value>(&json.to_string()).unwrap();
        assert_eq!(back["labels"][1], "a\"b");
    }
}
