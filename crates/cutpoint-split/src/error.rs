//! What can be wrong with a request to split; the only error type of this crate.

use cutpoint_core::{Label, counted, listed};

use crate::SplitSize;

/// A split that cannot be made, with what was expected and what came.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Text that is no size.
    #[error("`size` must be a fraction such as 0.3 or a number of rows such as 30, got {text:?}")]
    SizeText {
        /// The text given.
        text: String,
    },
    /// A fraction or a count outside its domain.
    #[error("`{name}` must be a fraction in (0, 1) or a number of rows in [1, inf), got {got}")]
    Size {
        /// The parameter.
        name: &'static str,
        /// The size given.
        got: SplitSize,
    },
    /// As many rows as there are, or more.
    #[error(
        "`{name}` must be below the number of samples {n_samples}, got {}",
        counted(got, "row")
    )]
    SizeOfSamples {
        /// The parameter.
        name: &'static str,
        /// Rows there are.
        n_samples: usize,
        /// Rows wanted.
        got: usize,
    },
    /// Two fractions that make more than a whole.
    #[error("`test_size` and `train_size` must sum to at most 1, got {test_size} + {train_size}")]
    FractionSum {
        /// The fraction to test on.
        test_size: f64,
        /// The fraction to train on.
        train_size: f64,
    },
    /// More rows wanted than there are.
    #[error(
        "`test_size` and `train_size` must sum to at most the number of samples {n_samples}, got {n_test} + {}",
        counted(n_train, "row")
    )]
    CountSum {
        /// Rows there are.
        n_samples: usize,
        /// Rows to test on.
        n_test: usize,
        /// Rows to train on.
        n_train: usize,
    },
    /// Nothing left to train on.
    #[error(
        "`train_size` must leave at least 1 row to train on, got 0 of {n_samples} (`test_size` {}, `train_size` {})",
        shown(*test_size),
        shown(*train_size)
    )]
    EmptyTrain {
        /// Rows there are.
        n_samples: usize,
        /// The size to test on, if given.
        test_size: Option<SplitSize>,
        /// The size to train on, if given.
        train_size: Option<SplitSize>,
    },
    /// Stratifying rows whose order is to stay.
    #[error("`stratify` must not be given with `shuffle` off: strata are drawn at random")]
    StratifyUnshuffled,
    /// Labels of other rows than those to split.
    #[error("`stratify` must have {}, got {got}", counted(expected, "row"))]
    StratifyLength {
        /// Rows to split.
        expected: usize,
        /// Labels given.
        got: usize,
    },
    /// Classes with a single row, which cannot be on both sides.
    #[error(
        "`stratify` must have at least 2 rows of every class, got 1 of {}",
        listed(classes)
    )]
    SingleRowClasses {
        /// The classes.
        classes: Vec<Label>,
    },
    /// Fewer rows on one side than there are classes.
    #[error(
        "`{name}` must be at least the number of classes {n_classes}, got {}",
        counted(got, "row")
    )]
    SizeOfClasses {
        /// The parameter.
        name: &'static str,
        /// Classes there are.
        n_classes: usize,
        /// Rows on that side.
        got: usize,
    },
    /// A count of splits or repeats below the least.
    #[error("`{name}` must be in [{least}, inf), got {got}")]
    Count {
        /// The parameter.
        name: &'static str,
        /// The least that makes sense.
        least: usize,
        /// The count given.
        got: usize,
    },
    /// More folds than rows.
    #[error("`n_splits` must be at most the number of samples {n_samples}, got {n_splits}")]
    FoldsOfSamples {
        /// Rows there are.
        n_samples: usize,
        /// Folds wanted.
        n_splits: usize,
    },
    /// More folds than any class has rows.
    #[error("`n_splits` must be at most the size of the largest class, {largest}, got {n_splits}")]
    FoldsOfClasses {
        /// Rows of the largest class.
        largest: usize,
        /// Folds wanted.
        n_splits: usize,
    },
    /// A seed that would have no effect.
    #[error("`random_state` must not be given with `shuffle` off: nothing is drawn")]
    SeedUnshuffled,
}

/// The result of splitting.
pub type Result<T, E = Error> = std::result::Result<T, E>;

fn shown(size: Option<SplitSize>) -> String {
    size.map_or_else(|| "not given".to_owned(), |size| size.to_string())
}
