//! The header of NumPy's `.npy` files: what kind of array follows.
//!
//! Arrays of Python objects are errors, as is what is no array. No element is read here.
//!
//! The header is a Python literal, `{'descr': '<f8', 'fortran_order': False, 'shape': (60, 2), }`. Crates that read it
//! bring a parser generator; a literal of texts, numbers, tuples and lists needs none.
//!
//! Reference: NumPy 2.4, `numpy/lib/_format_impl.py`, "Format Version 1.0" to "3.0".

use std::iter::Peekable;
use std::str::Chars;

/// An array, before its elements.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Header {
    pub(crate) element: Element,
    pub(crate) is_fortran: bool,
    pub(crate) shape: Vec<u64>,
}

/// What the elements of an array are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Element {
    Plain(Type),
    /// Records of named fields.
    Record(Vec<Field>),
}

/// A field of a record; padding has no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Field {
    pub(crate) name: String,
    pub(crate) of: Type,
}

/// The type of a value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Type {
    pub(crate) kind: Kind,
    /// Bytes of a value.
    pub(crate) size: usize,
    pub(crate) is_big_endian: bool,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Signed,
    Unsigned,
    Float,
    /// Bytes, 0 after the last one.
    Bytes,
    /// Code points of four bytes, 0 after the last one.
    Text,
    /// What no reader here knows, as NumPy writes it.
    Other(String),
}

/// What is wrong with a header.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct BadHeader(&'static str);

const BAD: BadHeader = BadHeader("the header is not what NumPy writes");
/// What the elements start at a multiple of.
const ALIGNMENT: usize = 64;
/// Lists within lists that a header may hold; NumPy's own have three.
const MAX_DEPTH: usize = 8;

/// Where a header is in a file: how many bytes lie before it, and how many it takes.
pub(crate) fn extent(start: &[u8]) -> Result<(usize, usize), BadHeader> {
    let Some(rest) = start.strip_prefix(b"\x93NUMPY") else {
        return Err(BadHeader("it does not begin as an .npy file does"));
    };
    match *rest {
        [1, _, low, high, ..] => Ok((10, u16::from_le_bytes([low, high]).into())),
        [2 | 3, _, a, b, c, d, ..] => {
            let size = u32::from_le_bytes([a, b, c, d]);
            Ok((12, usize::try_from(size).map_err(|_| BAD)?))
        }
        [1..=3, ..] => Err(BadHeader("the header is cut off")),
        _ => Err(BadHeader(
            "it is of a version of the format that is not known",
        )),
    }
}

impl Header {
    /// Reads the text of a header.
    pub(crate) fn parse(text: &str) -> Result<Self, BadHeader> {
        let mut chars = text.chars().peekable();
        let Literal::Dict(entries) = literal(&mut chars, 0)? else {
            return Err(BAD);
        };
        let get = |name: &str| {
            let found = entries.iter().find(|(key, _)| key == name);
            found.map(|(_, value)| value).ok_or(BAD)
        };
        let Literal::Bool(is_fortran) = *get("fortran_order")? else {
            return Err(BAD);
        };
        let Literal::List(axes) = get("shape")? else {
            return Err(BAD);
        };
        let shape = axes.iter().map(|axis| match axis {
            Literal::Integer(length) => Ok(*length),
            _ => Err(BAD),
        });
        let element = match get("descr")? {
            Literal::Text(descr) => Element::Plain(Type::parse(descr)?),
            Literal::List(fields) => {
                Element::Record(fields.iter().map(Field::of).collect::<Result<_, _>>()?)
            }
            _ => return Err(BAD),
        };
        Ok(Self {
            element,
            is_fortran,
            shape: shape.collect::<Result<_, _>>()?,
        })
    }
}

impl Header {
    /// The bytes of a header, aligned as NumPy aligns it. They stay as many whatever the number of rows (the first
    /// axis).
    pub(crate) fn to_bytes(&self) -> Vec<u8> {
        const MAGIC: &[u8] = b"\x93NUMPY";
        let size_of = |text: &str| text.len() + "\n".len();
        let text = self.text(self.shape.first().copied().unwrap_or_default());
        let longest = size_of(&self.text(u64::MAX));
        // Earlier versions than 3 are Latin-1, and only the first has a length of two bytes.
        let is_first = text.is_ascii() && longest < usize::from(u16::MAX) - ALIGNMENT;
        let n_before = MAGIC.len() + if is_first { 4 } else { 6 };
        let size = (n_before + longest).next_multiple_of(ALIGNMENT) - n_before;
        let mut bytes = MAGIC.to_vec();
        if let (true, Ok(size)) = (is_first, u16::try_from(size)) {
            bytes.extend_from_slice(&[1, 0]);
            bytes.extend_from_slice(&size.to_le_bytes());
        } else {
            let size = u32::try_from(size).expect("names of columns take less than 4 GiB");
            bytes.extend_from_slice(&[3, 0]);
            bytes.extend_from_slice(&size.to_le_bytes());
        }
        bytes.extend_from_slice(text.as_bytes());
        bytes.resize(n_before + size - 1, b' ');
        bytes.push(b'\n');
        bytes
    }

    fn text(&self, n_rows: u64) -> String {
        let element = match &self.element {
            Element::Plain(of) => format!("'{}'", of.descr()),
            Element::Record(fields) => {
                let fields = fields.iter().map(|field| {
                    let name = field.name.replace('\\', "\\\\").replace('\'', "\\'");
                    format!("('{name}', '{}')", field.of.descr())
                });
                format!("[{}]", fields.collect::<Vec<_>>().join(", "))
            }
        };
        let axes = self.shape.iter().skip(1).map(|axis| format!(" {axis}"));
        let axes = axes.collect::<Vec<_>>().join(",");
        let order = if self.is_fortran { "True" } else { "False" };
        format!("{{'descr': {element}, 'fortran_order': {order}, 'shape': ({n_rows},{axes}), }}")
    }
}

impl Field {
    fn of(literal: &Literal) -> Result<Self, BadHeader> {
        let Literal::List(parts) = literal else {
            return Err(BAD);
        };
        let name = match parts.first() {
            Some(Literal::Text(name)) => name.clone(),
            // A title and a name.
            Some(Literal::List(names)) => match &names[..] {
                [Literal::Text(_), Literal::Text(name)] => name.clone(),
                _ => return Err(BAD),
            },
            _ => return Err(BAD),
        };
        match &parts[1..] {
            [Literal::Text(descr)] => Ok(Self {
                name,
                of: Type::parse(descr)?,
            }),
            // How large a field of fields, or of several values, is, would have to be added up.
            _ => Err(BadHeader("a field holds several values")),
        }
    }
}

impl Type {
    /// The text of the type, as [`Type::parse`] takes it.
    pub(crate) fn descr(&self) -> String {
        let (letter, number) = match &self.kind {
            Kind::Bool => ('b', self.size),
            Kind::Signed => ('i', self.size),
            Kind::Unsigned => ('u', self.size),
            Kind::Float => ('f', self.size),
            Kind::Bytes => ('S', self.size),
            Kind::Text => ('U', self.size / 4),
            Kind::Other(descr) => return descr.clone(),
        };
        let order = match (letter, number) {
            ('b' | 'S', _) | ('i' | 'u', 1) => '|',
            _ if self.is_big_endian => '>',
            _ => '<',
        };
        format!("{order}{letter}{number}")
    }

    /// A type from its text, for example `<f8`.
    fn parse(descr: &str) -> Result<Self, BadHeader> {
        let mut chars = descr.chars();
        let order = chars.next().ok_or(BAD)?;
        let kind = chars.next().ok_or(BAD)?;
        if kind == 'O' {
            return Err(BadHeader("it holds Python objects"));
        }
        // A date has its unit after the size.
        let digits = chars.as_str().split('[').next().unwrap_or_default();
        let number = digits.parse::<usize>().map_err(|_| BAD)?;
        let size = match kind {
            'U' => number.checked_mul(4).ok_or(BAD)?,
            _ => number,
        };
        let kind = match (kind, number) {
            ('b', 1) => Kind::Bool,
            ('i', 1 | 2 | 4 | 8) => Kind::Signed,
            ('u', 1 | 2 | 4 | 8) => Kind::Unsigned,
            ('f', 2 | 4 | 8) => Kind::Float,
            ('S', 1..) => Kind::Bytes,
            ('U', 1..) => Kind::Text,
            _ => Kind::Other(descr.to_owned()),
        };
        Ok(Self {
            kind,
            size,
            is_big_endian: order == '>',
        })
    }
}

/// A Python literal; tuples and lists are one.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Literal {
    Text(String),
    Integer(u64),
    Bool(bool),
    List(Vec<Literal>),
    Dict(Vec<(String, Literal)>),
}

fn literal(chars: &mut Peekable<Chars<'_>>, depth: usize) -> Result<Literal, BadHeader> {
    if depth > MAX_DEPTH {
        return Err(BAD);
    }
    skip_spaces(chars);
    match chars.next().ok_or(BAD)? {
        quote @ ('\'' | '"') => text(chars, quote),
        '(' => list(chars, ')', depth),
        '[' => list(chars, ']', depth),
        '{' => dict(chars, depth),
        first @ ('0'..='9' | 'A'..='Z' | 'a'..='z') => {
            let mut word = String::from(first);
            while let Some(next) = chars.next_if(char::is_ascii_alphanumeric) {
                word.push(next);
            }
            match word.as_str() {
                "True" => Ok(Literal::Bool(true)),
                "False" => Ok(Literal::Bool(false)),
                // Python 2 wrote whole numbers with an L.
                digits => {
                    let digits = digits.strip_suffix('L').unwrap_or(digits);
                    digits.parse().map(Literal::Integer).map_err(|_| BAD)
                }
            }
        }
        _ => Err(BAD),
    }
}

fn skip_spaces(chars: &mut Peekable<Chars<'_>>) {
    while chars.next_if(char::is_ascii_whitespace).is_some() {}
}

fn text(chars: &mut Peekable<Chars<'_>>, quote: char) -> Result<Literal, BadHeader> {
    let mut text = String::new();
    loop {
        match chars.next().ok_or(BAD)? {
            end if end == quote => return Ok(Literal::Text(text)),
            '\\' => match chars.next().ok_or(BAD)? {
                escaped @ ('\\' | '\'' | '"') => text.push(escaped),
                _ => return Err(BadHeader("a field has control characters in its name")),
            },
            other => text.push(other),
        }
    }
}

fn list(chars: &mut Peekable<Chars<'_>>, end: char, depth: usize) -> Result<Literal, BadHeader> {
    let mut items = Vec::new();
    while !is_over(chars, end, !items.is_empty())? {
        items.push(literal(chars, depth + 1)?);
    }
    Ok(Literal::List(items))
}

fn dict(chars: &mut Peekable<Chars<'_>>, depth: usize) -> Result<Literal, BadHeader> {
    let mut entries = Vec::new();
    while !is_over(chars, '}', !entries.is_empty())? {
        let Literal::Text(key) = literal(chars, depth + 1)? else {
            return Err(BAD);
        };
        skip_spaces(chars);
        chars.next_if_eq(&':').ok_or(BAD)?;
        entries.push((key, literal(chars, depth + 1)?));
    }
    Ok(Literal::Dict(entries))
}

/// Passes a comma, which may stand before the end too; whether the end came.
fn is_over(chars: &mut Peekable<Chars<'_>>, end: char, has_items: bool) -> Result<bool, BadHeader> {
    skip_spaces(chars);
    if has_items && chars.next_if_eq(&end).is_none() {
        chars.next_if_eq(&',').ok_or(BAD)?;
        skip_spaces(chars);
    } else if has_items {
        return Ok(true);
    }
    Ok(chars.next_if_eq(&end).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(kind: Kind, size: usize, is_big_endian: bool) -> Type {
        Type {
            kind,
            size,
            is_big_endian,
        }
    }

    #[test]
    fn headers_as_numpy_writes_them() {
        let text = "{'descr': '<f8', 'fortran_order': False, 'shape': (60, 2), }          \n";
        let expected = Header {
            element: Element::Plain(plain(Kind::Float, 8, false)),
            is_fortran: false,
            shape: vec![60, 2],
        };
        assert_eq!(Header::parse(text).unwrap(), expected);
        let text = "{'descr': [('a', '|b1'), ('', '|V3'), (('title', \"it's\"), '>u4'), ('t', '<U4')], \
                    'fortran_order': True, 'shape': (7,)}";
        let header = Header::parse(text).unwrap();
        assert_eq!((header.is_fortran, &header.shape[..]), (true, &[7][..]));
        let Element::Record(fields) = header.element else {
            panic!("records");
        };
        let names = fields.iter().map(|field| &*field.name).collect::<Vec<_>>();
        assert_eq!(names, ["a", "", "it's", "t"]);
        let types = fields.into_iter().map(|field| field.of).collect::<Vec<_>>();
        let expected = [
            plain(Kind::Bool, 1, false),
            plain(Kind::Other("|V3".to_owned()), 3, false),
            plain(Kind::Unsigned, 4, true),
            plain(Kind::Text, 16, false),
        ];
        assert_eq!(types, expected);
        let text = "{'descr': '<M8[ns]', 'fortran_order': False, 'shape': (), }";
        assert!(Header::parse(text).unwrap().shape.is_empty());
    }

    #[test]
    fn what_is_written_reads_back() {
        let field = |name: &str, of: &str| Field {
            name: name.to_owned(),
            of: Type::parse(of).unwrap(),
        };
        let fields = [
            ("a", "|b1"),
            ("", "|V3"),
            ("it's \\", ">u4"),
            ("ü", "<U4"),
            ("s", "|S2"),
            ("d", "<M8[ns]"),
        ];
        let fields = fields.map(|(name, of)| field(name, of));
        let descrs = ["|i1", ">i8", "<f4", "|u1", "|b1", "<U1"];
        assert!(
            descrs
                .iter()
                .all(|descr| Type::parse(descr).unwrap().descr() == *descr)
        );
        let many = (0..9000).map(|index| field(&format!("column {index}"), "<f8"));
        for (element, shape) in [
            (Element::Plain(plain(Kind::Float, 8, false)), vec![60, 2]),
            (Element::Record(fields.to_vec()), vec![7]),
            (Element::Record(many.collect()), vec![7]),
        ] {
            let header = Header {
                element,
                is_fortran: false,
                shape,
            };
            let bytes = header.to_bytes();
            assert_eq!(bytes.len() % 64, 0);
            let (start, size) = extent(&bytes).unwrap();
            assert_eq!(start + size, bytes.len());
            let text = std::str::from_utf8(&bytes[start..]).unwrap();
            assert_eq!(Header::parse(text).unwrap(), header);
            let mut longer = header.clone();
            longer.shape[0] = u64::MAX;
            assert_eq!(longer.to_bytes().len(), bytes.len());
        }
    }

    #[test]
    fn what_is_no_header_is_refused() {
        let whole = "{'descr': '<f8', 'fortran_order': False, 'shape': (60, 2), }";
        for end in 0..whole.len() {
            assert!(Header::parse(&whole[..end]).is_err(), "{}", &whole[..end]);
        }
        for text in [
            "",
            "{}",
            "{'descr': '|O', 'fortran_order': False, 'shape': (1,)}",
            "{'descr': '<f8', 'fortran_order': 0, 'shape': (1,)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (-1,)}",
            "{'descr': '<f8', 'fortran_order': False, 'shape': (99999999999999999999,)}",
            "{'descr': [('a', '<f8', (2,))], 'fortran_order': False, 'shape': (1,)}",
            &"(".repeat(100_000),
        ] {
            assert!(Header::parse(text).is_err(), "{text}");
        }
    }

    #[test]
    fn the_extent_of_a_header() {
        assert_eq!(extent(b"\x93NUMPY\x01\x00\x76\x00{").unwrap(), (10, 118));
        assert_eq!(
            extent(b"\x93NUMPY\x02\x00\x00\x01\x00\x00{").unwrap(),
            (12, 256)
        );
        for start in [
            &b""[..],
            b"PAR1",
            b"\x93NUMPY",
            b"\x93NUMPY\x01\x00\x76",
            b"\x93NUMPY\x09\x00\x00\x00",
        ] {
            assert!(extent(start).is_err());
        }
    }
}
