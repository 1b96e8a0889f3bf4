//! Values that a column must not hold, by their row in what was read.

use std::path::Path;

use crate::columns::{Domain, EXACT};
use crate::{Error, Place};

/// What is wrong with a value, before path and column are at hand.
pub(crate) struct BadValue {
    /// The row in the part that was read.
    pub(crate) row: usize,
    pub(crate) kind: BadKind,
}

pub(crate) enum BadKind {
    Null,
    Field {
        expected: &'static str,
        found: String,
    },
}

impl BadValue {
    /// The error for a value of a part that begins in the row `first_row` of a file.
    pub(crate) fn located(self, path: &Path, first_row: u64, column: &str) -> Error {
        let path = path.to_owned();
        let place = Place::Row(first_row + self.row as u64);
        let column = column.to_owned();
        match self.kind {
            BadKind::Null => Error::Null {
                path,
                place,
                column,
            },
            BadKind::Field { expected, found } => Error::Field {
                path,
                place,
                column,
                expected,
                found,
            },
        }
    }
}

/// Checks numbers, first all at once.
pub(crate) fn check(numbers: &[f64], domain: Domain) -> Result<(), BadValue> {
    let lowest = match domain {
        Domain::Finite => f64::MIN,
        Domain::Weight | Domain::Amount => 0.0,
    };
    let is_good = |number: &f64| (lowest..=f64::MAX).contains(number);
    for (index, chunk) in numbers.chunks(1024).enumerate() {
        let n_good = chunk.iter().map(|number| usize::from(is_good(number)));
        if n_good.sum::<usize>() == chunk.len() {
            continue;
        }
        for (row, &number) in chunk.iter().enumerate() {
            if let Err(expected) = domain.check(number) {
                return Err(BadValue {
                    row: 1024 * index + row,
                    kind: BadKind::Field {
                        expected,
                        found: number.to_string(),
                    },
                });
            }
        }
    }
    Ok(())
}

/// Whole numbers of at most 64 bits as doubles; those that no double holds are refused: two of them could become one.
pub(crate) fn exact(values: impl ExactSizeIterator<Item = i128>) -> Result<Vec<f64>, BadValue> {
    let mut numbers = Vec::with_capacity(values.len());
    for (row, value) in values.enumerate() {
        let number = value as f64;
        #[expect(
            clippy::cast_possible_truncation,
            reason = "a 64-bit number as a double is whole and far within 128 bits"
        )]
        let back = number as i128;
        if back != value {
            return Err(BadValue {
                row,
                kind: BadKind::Field {
                    expected: EXACT,
                    found: value.to_string(),
                },
            });
        }
        numbers.push(number);
    }
    Ok(numbers)
}
