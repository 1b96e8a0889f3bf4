//! JSON files of this program's own: what they all have, and how one that is cut, foreign or newer is refused.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

#[cfg(feature = "models")]
use serde::Deserialize;
#[cfg(feature = "models")]
use serde_json::Value;

use crate::{Error, Result};

/// A kind of JSON file that this program writes and reads back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Document {
    /// A fitted model.
    Model,
    /// A threshold to ship, with what it was chosen for.
    OperatingPoint,
}

impl Document {
    /// What stands at `format`.
    pub(crate) fn format(self) -> &'static str {
        match self {
            Self::Model => "cutpoint-model",
            Self::OperatingPoint => "cutpoint-point",
        }
    }

    /// With its article.
    pub(crate) fn one(self) -> &'static str {
        match self {
            Self::Model => "a model",
            Self::OperatingPoint => "an operating point",
        }
    }
}

impl fmt::Display for Document {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Model => "model",
            Self::OperatingPoint => "operating point",
        })
    }
}

/// Opens a file, or stdin for `-`.
pub(crate) fn open_document(path: &Path) -> Result<Box<dyn Read>> {
    let read_failed = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin().lock()));
    }
    let file = File::open(path).map_err(read_failed)?;
    if file.metadata().map_err(read_failed)?.is_dir() {
        return Err(Error::Directory {
            path: path.to_owned(),
        });
    }
    Ok(Box::new(BufReader::new(file)))
}

/// What a file that is no valid JSON is, or one that could not be read to its end.
pub(crate) fn syntax_error(path: &Path, document: Document, source: serde_json::Error) -> Error {
    let path = path.to_owned();
    if source.is_io() {
        Error::Read {
            path,
            source: source.into(),
        }
    } else {
        Error::DocumentSyntax {
            path,
            document,
            source,
        }
    }
}

/// What every version of every such file has.
#[cfg(feature = "models")]
#[derive(Deserialize)]
struct Envelope {
    format: String,
    version: u64,
}

/// Reads a file of a kind and of a version up to the one that is known, from stdin for `-`.
#[cfg(feature = "models")]
pub(crate) fn read_document(path: &Path, document: Document, known: u64) -> Result<Value> {
    let value = serde_json::from_reader::<_, Value>(open_document(path)?);
    let value = value.map_err(|source| syntax_error(path, document, source))?;
    let envelope = Envelope::deserialize(&value).ok();
    let envelope = envelope.filter(|envelope| envelope.format == document.format());
    let Some(envelope) = envelope else {
        return Err(Error::ForeignDocument {
            path: path.to_owned(),
            document,
        });
    };
    if envelope.version > known {
        return Err(Error::NewerDocument {
            path: path.to_owned(),
            document,
            version: envelope.version,
            known,
        });
    }
    Ok(value)
}
