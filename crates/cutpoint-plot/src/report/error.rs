//! What can be wrong with the rows of a report, with what the sources themselves say.

use cutpoint_core::Label;

/// A report that could not be made. Models are counted from 0, in the order of their sources; `E`: what can go wrong
/// with a source.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum ReportError<E> {
    /// No sources.
    #[error("`sources` must hold at least 1 entry for a report, got 0")]
    Empty,
    /// Rows that could not be read.
    #[error("the rows of model {model} could not be read")]
    Rows {
        /// The model.
        model: usize,
        /// What the classes of the first model are called, if this is another.
        first_labels: Option<Box<[Label; 2]>>,
        /// What the source says.
        source: E,
    },
    /// Two models of other classes.
    #[error(
        "models {} and {} must have the same classes, got `{}`, `{}` and `{}`, `{}`",
        models[0], models[1], labels[0][0], labels[0][1], labels[1][0], labels[1][1]
    )]
    Classes {
        /// The models.
        models: [usize; 2],
        /// The negative and the positive class of either.
        labels: Box<[[Label; 2]; 2]>,
    },
    /// Rows whose positive class is not that of the problem.
    #[error("`problem` must be meant for the positive class `{got}`, got `{meant}`")]
    Positive {
        /// That of the problem.
        meant: Label,
        /// That of the rows.
        got: Label,
    },
    /// Rows of which a source told too little.
    #[error("the rows of model {model} do not fit the page")]
    Page {
        /// The model.
        model: usize,
        /// What is missing.
        source: crate::Error,
    },
}
