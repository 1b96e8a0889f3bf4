//! What a file is by its first bytes, where its name says something else.
//!
//! The ending of a name chooses the reader; here is said why that reader cannot go on.

use std::fmt;

/// What the first bytes of a file are those of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Content {
    /// Apache Parquet.
    Parquet,
    /// NumPy's format of one array.
    Npy,
    /// An archive: `.npz`, a spreadsheet or any other.
    Zip,
    /// Bytes compressed by a program.
    Compressed {
        /// The program: `gzip`, `zstd`, `xz` or `bzip2`.
        program: &'static str,
    },
    /// Text in units of two or four bytes.
    Wide {
        /// As `iconv` calls it: `UTF-16` or `UTF-32` where a mark says in which order the bytes are, otherwise with
        /// `LE` or `BE`.
        encoding: &'static str,
    },
    /// Text in UTF-8.
    Text,
}

impl Content {
    /// Tells by the first bytes, as many as there are or some hundred.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let wide = |encoding| Self::Wide { encoding };
        let signatures: [(&[u8], Self); 11] = [
            (b"PAR1", Self::Parquet),
            (b"\x93NUMPY", Self::Npy),
            (b"PK\x03\x04", Self::Zip),
            (b"\x1f\x8b", Self::Compressed { program: "gzip" }),
            (b"\x28\xb5\x2f\xfd", Self::Compressed { program: "zstd" }),
            (b"\xfd7zXZ\x00", Self::Compressed { program: "xz" }),
            (b"BZh", Self::Compressed { program: "bzip2" }),
            // The mark of UTF-16 is where that of UTF-32 begins.
            (b"\xff\xfe\0\0", wide("UTF-32")),
            (b"\0\0\xfe\xff", wide("UTF-32")),
            (b"\xff\xfe", wide("UTF-16")),
            (b"\xfe\xff", wide("UTF-16")),
        ];
        let known = signatures
            .iter()
            .find(|(signature, _)| start.starts_with(signature));
        known
            .map(|(_, content)| *content)
            .or_else(|| wide_text(start).map(wide))
            .or_else(|| is_text(start).then_some(Self::Text))
    }

    /// The same, but for text, which is what a CSV file is.
    pub(crate) fn other_than_text(start: &[u8]) -> Option<Self> {
        // Text may well begin with these letters.
        let is_text = start.starts_with(b"BZh") && is_text(start);
        Self::of(start).filter(|content| *content != Self::Text && !is_text)
    }
}

/// Letters of most languages in units of two or four bytes, without a mark before them.
fn wide_text(start: &[u8]) -> Option<&'static str> {
    let n_pairs = start.len().min(64) / 2;
    let zeros = |place: usize| {
        let pairs = start.chunks_exact(2).take(n_pairs);
        pairs.filter(|pair| pair[place] == 0).count()
    };
    let quads = || start.as_chunks::<4>().0.iter().copied();
    let are_letters =
        |of: fn([u8; 4]) -> u32| quads().all(|quad| char::from_u32(of(quad)).is_some_and(is_plain));
    match (zeros(0), zeros(1)) {
        _ if n_pairs < 4 => None,
        _ if are_letters(u32::from_le_bytes) => Some("UTF-32LE"),
        _ if are_letters(u32::from_be_bytes) => Some("UTF-32BE"),
        (0, high) if 4 * high >= 3 * n_pairs => Some("UTF-16LE"),
        (high, 0) if 4 * high >= 3 * n_pairs => Some("UTF-16BE"),
        _ => None,
    }
}

fn is_text(start: &[u8]) -> bool {
    let text = match std::str::from_utf8(start) {
        Ok(text) => text,
        // Cut within a character.
        Err(error) if error.error_len().is_none() => {
            std::str::from_utf8(&start[..error.valid_up_to()]).unwrap_or_default()
        }
        Err(_) => return false,
    };
    !text.is_empty() && text.chars().all(is_plain)
}

fn is_plain(letter: char) -> bool {
    !letter.is_control() || matches!(letter, '\n' | '\r' | '\t')
}

impl fmt::Display for Content {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Parquet => "a Parquet file",
            Self::Npy => "an .npy file",
            Self::Zip => "a zip archive",
            Self::Compressed { program } => {
                return write!(formatter, "compressed by {program}");
            }
            Self::Wide { encoding } => return write!(formatter, "text in {encoding}"),
            Self::Text => "text",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_bytes_tell() {
        let utf16 = "y_true,y_score\n".encode_utf16();
        let utf16 = utf16.flat_map(u16::to_be_bytes).collect::<Vec<_>>();
        let letters = "y_true,sc\u{f6}re\n".chars().map(u32::from);
        let little = letters
            .clone()
            .flat_map(u32::to_le_bytes)
            .collect::<Vec<_>>();
        let big = letters.flat_map(u32::to_be_bytes).collect::<Vec<_>>();
        let wide = |encoding| Some(Content::Wide { encoding });
        for (start, expected) in [
            (&b"PAR1\x15\x04"[..], Some(Content::Parquet)),
            (&utf16, wide("UTF-16BE")),
            (&little, wide("UTF-32LE")),
            (&big, wide("UTF-32BE")),
            (&[b"\xff\xfe\0\0", &little[..]].concat(), wide("UTF-32")),
            (&[b"\0\0\xfe\xff", &big[..]].concat(), wide("UTF-32")),
            (&[b"\xfe\xff", &utf16[..]].concat(), wide("UTF-16")),
            ("y_true,sc\u{f6}re\n".as_bytes(), Some(Content::Text)),
            (b"caf\xe9,1\n", None),
            (b"", None),
            (&[0; 100], None),
        ] {
            assert_eq!(Content::of(start), expected, "{start:?}");
        }
        assert_eq!(Content::other_than_text(b"BZh,y_score\n1,2\n"), None);
        let bzip2 = Content::other_than_text(b"BZh91AY&SY\x01\x02");
        assert_eq!(bzip2, Some(Content::Compressed { program: "bzip2" }));
    }
}
