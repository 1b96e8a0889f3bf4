//! JSON files of this program's own: what they all have, and how one that is cut, foreign or newer is refused.
//!
//! It refuses to know what else is in them.

use std::fmt;
use std::fs::File;
use std::io::{self, BufReader, Read};
use std::path::Path;

use cutpoint_core::Label;
use serde::{Deserialize, Serialize};
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

/// What every version of every such file has.
#[derive(Deserialize)]
struct Envelope {
    format: String,
    version: u64,
}

/// Reads a file of a kind and of a version up to the one that is known, from stdin for `-`.
pub(crate) fn read_document(path: &Path, document: Document, known: u64) -> Result<Value> {
    let read_failed = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let input: Box<dyn Read> = if path == Path::new("-") {
        Box::new(io::stdin())
    } else {
        let file = File::open(path).map_err(read_failed)?;
        if file.metadata().map_err(read_failed)?.is_dir() {
            return Err(Error::Directory {
                path: path.to_owned(),
            });
        }
        Box::new(file)
    };
    let value = serde_json::from_reader::<_, Value>(BufReader::new(input));
    let value = value.map_err(|source| {
        if source.is_io() {
            read_failed(source.into())
        } else {
            Error::DocumentSyntax {
                path: path.to_owned(),
                document,
                source,
            }
        }
    })?;
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

/// A class label as JSON has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(untagged)]
pub(crate) enum Class {
    Bool(bool),
    Integer(i64),
    Text(String),
}

impl From<&Label> for Class {
    fn from(label: &Label) -> Self {
        match label {
            Label::Bool(value) => Self::Bool(*value),
            Label::Integer(value) => Self::Integer(*value),
            Label::Text(value) => Self::Text(value.clone()),
        }
    }
}

impl From<Class> for Label {
    fn from(class: Class) -> Self {
        match class {
            Class::Bool(value) => value.into(),
            Class::Integer(value) => value.into(),
            Class::Text(value) => value.into(),
        }
    }
}
