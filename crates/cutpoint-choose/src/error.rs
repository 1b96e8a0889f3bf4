//! What can be wrong with a question about rows, whatever their source is.

use cutpoint_core::counted;

/// A question that has no answer.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// Something that is wrong with the rows, with a problem or with options.
    #[error(transparent)]
    Metrics(#[from] cutpoint_metrics::Error),
    /// Rows that a bootstrap has to keep, and that the memory has no room for.
    #[error(
        "a bootstrap of {rows} keeps some {bytes} bytes of every row{}, which do not fit",
        if *is_with_thresholds { " and every threshold" } else { "" }
    )]
    KeptRows {
        /// What rows they are.
        rows: &'static str,
        /// What a row takes.
        bytes: usize,
        /// Whether a threshold takes as much.
        is_with_thresholds: bool,
    },
    /// Fewer rows than it takes to leave out each fold.
    #[error("must have at least {} for {n_folds} folds, got {n_rows}", counted(*least, "row"))]
    FewRows {
        /// How many it takes.
        least: usize,
        /// How many folds there are.
        n_folds: usize,
        /// How many rows there are.
        n_rows: usize,
    },
}

impl From<cutpoint_core::Error> for Error {
    fn from(error: cutpoint_core::Error) -> Self {
        cutpoint_metrics::Error::from(error).into()
    }
}

/// The result of a question.
pub type Result<T, E = Error> = std::result::Result<T, E>;
