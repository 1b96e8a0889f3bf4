//! Why the rows of several files are not the same rows.

use std::fmt;

use cutpoint_core::{Label, counted, listed};

use crate::{Error, Result};

/// Why the rows of several files are not the same rows. Models are named as they are called.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum PairingError {
    /// A row that has one label or weight in a file and another in another.
    #[error(
        "{first} and {other} must hold the same rows, got the {what} {} in one and {} in the other for {row}",
        values[0],
        values[1]
    )]
    RowDiffers {
        /// A model.
        first: String,
        /// Another.
        other: String,
        /// `label` or `weight`.
        what: &'static str,
        /// What it is in either file.
        values: [String; 2],
        /// The row.
        row: PairedRow,
    },
    /// Other numbers of rows.
    #[error(
        "{first} and {other} must hold the same rows, got {} and {}",
        counted(n_rows[0], "row"),
        n_rows[1]
    )]
    RowNumber {
        /// A model.
        first: String,
        /// Another.
        other: String,
        /// How many rows either has.
        n_rows: [u64; 2],
    },
    /// An id that one file lacks.
    #[error(
        "{here} and {there} must hold the same rows, got the id `{id}`, of row {row} (counted from 0), in {here} only"
    )]
    MissingId {
        /// The model that has it.
        here: String,
        /// The model that lacks it.
        there: String,
        /// The id.
        id: String,
        /// Its row.
        row: usize,
    },
    /// An id that comes twice in a file.
    #[error(
        "{name}: ids must tell rows apart, got `{id}` in the rows {} and {} (counted from 0)",
        rows[0],
        rows[1]
    )]
    RepeatedId {
        /// The model.
        name: String,
        /// The id.
        id: String,
        /// Two of its rows.
        rows: [usize; 2],
    },
    /// Rows to be paired by ids that do not fit into memory.
    #[error(
        "rows are kept in memory to be paired by ids, some {n_bytes} bytes, and {memory} are left for them"
    )]
    KeptRows {
        /// What they take.
        n_bytes: usize,
        /// What is left for them.
        memory: usize,
    },
    /// A class that has one name in a file and another in another.
    #[error(
        "{first} has the classes {} and {other} {}: both must call a class the same",
        listed(classes),
        listed(found)
    )]
    ClassNames {
        /// A model.
        first: String,
        /// Its classes.
        classes: Vec<Label>,
        /// Another.
        other: String,
        /// Its classes.
        found: Vec<Label>,
    },
    /// Scores of one class in a file and of another in another.
    #[error(
        "{first} and {other} must have the same positive class, got `{}` and `{}`",
        positive[0],
        positive[1]
    )]
    Positive {
        /// Where the scores of a model stand.
        first: String,
        /// Where those of another stand.
        other: String,
        /// The positive class of either.
        positive: [Label; 2],
    },
    /// Scores of several classes where models are compared by those of one.
    #[error("{name} must have the scores of one class to be compared, got those of several")]
    SeveralClasses {
        /// The model.
        name: String,
    },
}

/// A row that all files have.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum PairedRow {
    /// By its number in every file, from 0.
    Number(usize),
    /// By its id.
    Id(String),
}

impl fmt::Display for PairedRow {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Number(row) => write!(formatter, "row {row} (counted from 0)"),
            Self::Id(id) => write!(formatter, "the id `{id}`"),
        }
    }
}

impl PairingError {
    /// What an error says of a file beside another, whose classes are known, if it is that the classes of the file do
    /// not tell which is positive. `files`: what both are called, the other first.
    pub fn of_classes(error: &Error, [first, other]: [&str; 2], classes: &[Label]) -> Option<Self> {
        use cutpoint_core::Error::{PositiveNeeded, PositiveUnknown};
        let Error::Column { source, .. } = error else {
            return None;
        };
        let (PositiveNeeded { classes: found } | PositiveUnknown { classes: found, .. }) =
            &**source
        else {
            return None;
        };
        Some(Self::ClassNames {
            first: first.to_owned(),
            classes: classes.to_vec(),
            other: other.to_owned(),
            found: found.clone(),
        })
    }

    /// As this crate tells it.
    pub(crate) fn told(self) -> Error {
        Error::Pairing {
            source: Box::new(self),
        }
    }
}

/// What was read of a file beside another, whose name and classes are known: where the classes of the file do not tell
/// which is positive, both are named.
pub(crate) fn beside<T>(read: Result<T>, files: [&str; 2], classes: &[Label]) -> Result<T> {
    read.map_err(
        |error| match PairingError::of_classes(&error, files, classes) {
            Some(names) => names.told(),
            None => error,
        },
    )
}

/// A row that differs between two files.
pub(crate) fn row_differs(
    [first, other]: [&str; 2],
    what: &'static str,
    values: [String; 2],
    row: PairedRow,
) -> Error {
    PairingError::RowDiffers {
        first: first.to_owned(),
        other: other.to_owned(),
        what,
        values,
        row,
    }
    .told()
}

/// Refuses a model whose rows are all of one class.
pub(crate) fn both_classes(name: &str, classes: &[Label]) -> Result<()> {
    let [class] = classes else {
        return Ok(());
    };
    let class = class.clone();
    Err(Error::Model {
        name: name.to_owned(),
        source: Box::new(cutpoint_choose::Error::OneClass { class }),
    })
}
