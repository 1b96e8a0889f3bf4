//! Which format a file has, told by the ending of its name.
//!
//! It refuses to look into the file: what a file is must not depend on what is in it today.

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
}

impl Format {
    /// The format of a path: `.csv`, `.parquet` or `.pq` in any case; `-` (stdin and stdout), and names without an ending, such as
    /// `/dev/stdin` and the pipes that shells make, are CSV.
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
        match path.extension() {
            None => Ok(Self::Csv),
            Some(ending) if ending.eq_ignore_ascii_case("csv") => Ok(Self::Csv),
            Some(ending)
                if ["parquet", "pq"]
                    .iter()
                    .any(|parquet| ending.eq_ignore_ascii_case(parquet)) =>
            {
                Ok(Self::Parquet)
            }
            Some(ending) => Err(Error::UnsupportedFormat {
                path: path.to_owned(),
                ending: format!(".{}", ending.to_string_lossy()),
            }),
        }
    }

    /// Refuses every format but CSV.
    pub(crate) fn csv_only(self, path: &Path) -> Result<()> {
        match self {
            Self::Csv => Ok(()),
            Self::Parquet => Err(Error::UnsupportedFormat {
                path: path.to_owned(),
                ending: ".parquet".to_owned(),
            }),
        }
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
        for (other, ending) in [
            ("a.feather", "\".feather\""),
            ("a.npy", "\".npy\""),
            ("a.csv.gz", "\".gz\""),
        ] {
            let message = Format::of(other.as_ref()).unwrap_err().to_string();
            assert!(message.contains(ending), "{message}");
            assert!(message.contains("not supported in this version; csv files are"));
        }
    }
}
