//! What a file is by its first bytes, where its name says something else.
//!
//! It refuses to choose a reader: the ending of a name does that. Here is said why its reader cannot go on.

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
    /// Text in 16-bit units.
    Utf16,
    /// Text in UTF-8.
    Text,
}

impl Content {
    /// Tells by the first bytes, as many as there are or some hundred.
    pub(crate) fn of(start: &[u8]) -> Option<Self> {
        let signatures: [(&[u8], Self); 9] = [
            (b"PAR1", Self::Parquet),
            (b"\x93NUMPY", Self::Npy),
            (b"PK\x03\x04", Self::Zip),
            (b"\x1f\x8b", Self::Compressed { program: "gzip" }),
            (b"\x28\xb5\x2f\xfd", Self::Compressed { program: "zstd" }),
            (b"\xfd7zXZ\x00", Self::Compressed { program: "xz" }),
            (b"BZh", Self::Compressed { program: "bzip2" }),
            (b"\xff\xfe", Self::Utf16),
            (b"\xfe\xff", Self::Utf16),
        ];
        let known = signatures
            .iter()
            .find(|(signature, _)| start.starts_with(signature));
        known
            .map(|(_, content)| *content)
            .or_else(|| has_every_other_zero(start).then_some(Self::Utf16))
            .or_else(|| is_text(start).then_some(Self::Text))
    }

    /// The same, but for text, which is what a CSV file is.
    pub(crate) fn other_than_text(start: &[u8]) -> Option<Self> {
        // Text may well begin with these letters.
        let is_text = start.starts_with(b"BZh") && is_text(start);
        Self::of(start).filter(|content| *content != Self::Text && !is_text)
    }
}

/// Letters of most languages in UTF-16, without a mark before them.
fn has_every_other_zero(start: &[u8]) -> bool {
    let n_pairs = start.len().min(64) / 2;
    let zeros = |place: usize| {
        let pairs = start.chunks_exact(2).take(n_pairs);
        pairs.filter(|pair| pair[place] == 0).count()
    };
    let (first, second) = (zeros(0), zeros(1));
    n_pairs >= 4 && (first == 0 || second == 0) && 4 * (first + second) >= 3 * n_pairs
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
    let is_plain = |letter: char| !letter.is_control() || matches!(letter, '\n' | '\r' | '\t');
    !text.is_empty() && text.chars().all(is_plain)
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
            Self::Utf16 => "text in UTF-16",
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
        for (start, expected) in [
            (&b"PAR1\x15\x04"[..], Some(Content::Parquet)),
            (&utf16, Some(Content::Utf16)),
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
