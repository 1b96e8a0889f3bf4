//! What can be wrong with labels, data sets, scores, thresholds and seeds; the only error type of this crate.

use std::fmt;

use crate::Label;

/// A noun that could not be made, with what was expected and what came.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Two columns that describe the same rows differ in length.
    #[error("`{name}` must have {}, got {got}", counted(expected, "row"))]
    Length {
        /// The column at fault.
        name: &'static str,
        /// Rows of the columns before it.
        expected: usize,
        /// Rows it has.
        got: usize,
    },
    /// No rows at all.
    #[error("`{name}` must have at least 1 row, got 0")]
    Empty {
        /// The column at fault.
        name: &'static str,
    },
    /// A number outside its domain.
    #[error("`{name}` must be {domain}, got {value} in row {row} (counted from 0)")]
    Value {
        /// The column at fault.
        name: &'static str,
        /// What is allowed, for example "finite".
        domain: &'static str,
        /// The number found.
        value: f64,
        /// The first row it stands in, counted from 0.
        row: usize,
    },
    /// Every row has weight 0, so nothing is left to count.
    #[error("`weight` must be above 0 in at least one row, got 0 in all {n_samples}")]
    AllWeightsZero {
        /// Rows there are.
        n_samples: usize,
    },
    /// Weights whose sum is beyond what a double can count with.
    #[error("`weight` must sum to at most {limit:e}, got {total:e}")]
    WeightTotal {
        /// The largest sum there may be.
        limit: f64,
        /// The sum.
        total: f64,
    },
    /// A threshold that is not a finite number.
    #[error("`threshold` must be a finite number, got {value}")]
    Threshold {
        /// The value given.
        value: f64,
    },
    /// A random state that the stream cannot be seeded with.
    #[error("`random_state` must be in [0, 4294967295] for the numpy stream, got {value}")]
    RandomState {
        /// The value given.
        value: u64,
    },
    /// A list of words to seed from that has none.
    #[error("`seed` must hold at least 1 word, got 0")]
    EmptyKey,
    /// A range that holds no number to draw.
    #[error("`high` must be above `low`, got `low` {low} and `high` {high}")]
    EmptyRange {
        /// The smallest number that may be drawn.
        low: i128,
        /// The number after the largest.
        high: i128,
    },
    /// Draws from nothing.
    #[error("`population` must be above 0, got 0 to draw {size} from")]
    EmptyPopulation {
        /// Draws wanted.
        size: usize,
    },
    /// More distinct draws than there are things to draw.
    #[error("`size` must be at most the population {population} without replacement, got {size}")]
    SampleSize {
        /// Things that can be drawn.
        population: usize,
        /// Distinct draws wanted.
        size: usize,
    },
    /// Probabilities that are not those of one thing or another.
    #[error("`p` must sum to 1, got {sum}")]
    ProbabilitySum {
        /// The sum found.
        sum: f64,
    },
    /// A label that is a fraction: a regression target, not a class.
    #[error(
        "`{name}` must hold class labels (whole numbers or text), got {value:?} in row {row} (counted from 0)"
    )]
    ContinuousLabel {
        /// The column at fault.
        name: &'static str,
        /// The text found.
        value: String,
        /// The row it stands in, counted from 0.
        row: usize,
    },
    /// A label that is empty text.
    #[error("`{name}` must not be empty, got an empty label in row {row} (counted from 0)")]
    EmptyLabel {
        /// The column at fault.
        name: &'static str,
        /// The row it stands in, counted from 0.
        row: usize,
    },
    /// A word for a missing value where a label should be.
    #[error(
        "`{name}` must not be missing, got the word {word:?} in row {row} (counted from 0), which is a class only if \
         it is named as one"
    )]
    MissingLabel {
        /// The column at fault.
        name: &'static str,
        /// The word found.
        word: String,
        /// The row it stands in, counted from 0.
        row: usize,
    },
    /// Labels of two columns or files that do not go together.
    #[error(
        "labels must have the same classes, got {} and {}",
        listed(first),
        listed(second)
    )]
    OtherClasses {
        /// The classes of one.
        first: Vec<Label>,
        /// The classes of the other.
        second: Vec<Label>,
    },
    /// A class code that has no class.
    #[error(
        "`codes` must be below the number of classes {n_classes}, got {code} in row {row} (counted from 0)"
    )]
    Code {
        /// Classes there are.
        n_classes: usize,
        /// The code found.
        code: u32,
        /// The row it stands in, counted from 0.
        row: usize,
    },
    /// Scores of more or fewer classes than there are.
    #[error(
        "`score` must have {}, one for each class, got {got}",
        counted(n_classes, "column")
    )]
    ScoreColumns {
        /// Classes there are.
        n_classes: usize,
        /// Columns there are.
        got: usize,
    },
    /// A class that does not exist.
    #[error("`class_index` must be below the number of classes {n_classes}, got {got}")]
    ClassIndex {
        /// Classes there are.
        n_classes: usize,
        /// The index given.
        got: usize,
    },
    /// A class table that is not sorted, or has a class twice.
    #[error("`classes` must be strictly ascending, got `{second}` after `{first}`")]
    ClassOrder {
        /// The earlier class.
        first: Label,
        /// The class that should not follow it.
        second: Label,
    },
    /// The positive class was not named and cannot be known.
    #[error(
        "`positive` must be given unless the labels lie within {{0, 1}}, {{-1, 1}} or {{false, true}}; the classes \
         here are {}",
        listed(classes)
    )]
    PositiveNeeded {
        /// The classes found.
        classes: Vec<Label>,
    },
    /// The positive class that was named is not a class of these labels.
    #[error(
        "`positive` must be one of the classes {}, got {positive:?}",
        listed(classes)
    )]
    PositiveUnknown {
        /// The name given.
        positive: String,
        /// The classes found.
        classes: Vec<Label>,
    },
    /// A row index beyond the last row.
    #[error("`indices` must be below the number of rows {n_samples}, got {index}")]
    Index {
        /// Rows there are.
        n_samples: usize,
        /// The index given.
        index: usize,
    },
}

/// The result of making a noun.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A number of things for a message: `1 row`, `2 rows`, `1 matrix`, `0 matrices`.
///
/// # Examples
/// ```
/// assert_eq!(cutpoint_core::counted(1, "distinct score"), "1 distinct score");
/// assert_eq!(cutpoint_core::counted(2.5, "entry"), "2.5 entries");
/// ```
pub fn counted(number: impl fmt::Display, thing: &str) -> String {
    let number = number.to_string();
    if number == "1" {
        return format!("1 {thing}");
    }
    let (stem, ending) = if let Some(stem) = thing.strip_suffix("ix") {
        (stem, "ices")
    } else if let Some(stem) = thing.strip_suffix("ry") {
        (stem, "ries")
    } else if thing.ends_with("ss") {
        (thing, "es")
    } else {
        (thing, "s")
    };
    format!("{number} {stem}{ending}")
}

/// Names for a message: at most twelve, each in backticks, then how many more there are.
///
/// # Examples
/// ```
/// assert_eq!(cutpoint_core::listed(&["a", "b"]), "`a`, `b`");
/// ```
pub fn listed<T: fmt::Display>(names: &[T]) -> String {
    const SHOWN: usize = 12;
    let mut listed = names
        .iter()
        .take(SHOWN)
        .map(|name| format!("`{name}`"))
        .collect::<Vec<_>>();
    if names.len() > SHOWN {
        listed.push(format!("and {} more", names.len() - SHOWN));
    }
    listed.join(", ")
}
