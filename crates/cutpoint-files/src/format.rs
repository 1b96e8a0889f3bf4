//! Which format a file has, told by the ending of its name.
//!
//! What a file is must not depend on what is in it today, so the file is not looked into.

use std::path::Path;

use crate::{Error, Result};

/// A format that tables are read from and written to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Format {
    /// Comma-separated values in UTF-8 with a header line.
    Csv,
    /// Apache Parquet.
    Parquet,
    /// NumPy's format of one array.
    Npy,
}

impl Format {
    /// The format of a path by its ending, in any case: `.csv`; `.parquet` or `.pq`; `.npy`. `-` (stdin and stdout),
    /// and names without an ending, such as `/dev/stdin` and the pipes that shells make, are CSV.
    ///
    /// # Errors
    /// [`Error::UnsupportedFormat`] for every other ending.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_files::Format;
    ///
    /// assert_eq!(Format::of("scores.csv".as_ref())?, Format::Csv);
    /// assert_eq!(Format::of("scores.parquet".as_ref())?, Format::Parquet);
    /// assert!(Format::of("scores.xlsx".as_ref()).is_err());
    /// # Ok::<(), cutpoint_files::Error>(())
    /// ```
    pub fn of(path: &Path) -> Result<Self> {
        let Some(ending) = path.extension() else {
            return Ok(Self::Csv);
        };
        let formats = [
            ("csv", Self::Csv),
            ("parquet", Self::Parquet),
            ("pq", Self::Parquet),
            ("npy", Self::Npy),
        ];
        let known = formats
            .iter()
            .find(|(known, _)| ending.eq_ignore_ascii_case(known));
        known
            .map(|(_, format)| *format)
            .ok_or_else(|| Error::UnsupportedFormat {
                path: path.to_owned(),
                ending: format!(".{}", ending.to_string_lossy()),
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ending_decides() {
        for csv in ["a.csv", "a.CSV", "a.b.csv", "-", "/dev/stdin", "scores"] {
            assert_eq!(Format::of(csv.as_ref()).unwrap(), Format::Csv, "{csv}");
        }
        for parquet in ["a.parquet", "a.PQ", "a.csv.parquet"] {
            assert_eq!(Format::of(parquet.as_ref()).unwrap(), Format::Parquet);
        }
        assert_eq!(Format::of("a.npy".as_ref()).unwrap(), Format::Npy);
        for (other, ending) in [
            ("a.feather", "\".feather\""),
            ("a.npz", "\".npz\""),
            ("a.csv.gz", "\".gz\""),
        ] {
            let message = Format::of(other.as_ref()).unwrap_err().to_string();
            assert!(message.contains(ending), "{message}");
            assert!(message.contains("files are not supported; .csv, .parquet (.pq) and .npy are"));
        }
    }
}
