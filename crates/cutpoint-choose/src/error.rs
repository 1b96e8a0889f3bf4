//! What can be wrong with a question about rows, whatever their source is.

use cutpoint_core::{Label, counted};
use cutpoint_metrics::Metric;

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
    /// Part of a text that is to say what rows cost.
    #[error(
        "must be `CELL=COST` for some of fp, fn, tp, tn, COST a number, a column or `NUMBER*COLUMN`, got {part:?}"
    )]
    CostPart {
        /// The part.
        part: String,
    },
    /// A text that says twice what rows of a cell cost.
    #[error("must name each cell once, got `{cell}` twice")]
    CostTwice {
        /// The cell.
        cell: String,
    },
    /// A text that is to say how many rows may be predicted positive.
    #[error("must be a number in [0, inf) or a percentage in [0%, 100%]")]
    Capacity {
        /// The text.
        text: String,
    },
    /// Rows that can be read only once, where each fold takes passes of its own.
    #[error("can be read only once, and cross-validation reads it for each fold")]
    FoldsReadOnce,
    /// A text that is to be an operating point and is not JSON, or is cut.
    #[error("an operating point must be whole, valid JSON")]
    PointSyntax {
        /// What is wrong with it.
        source: serde_json::Error,
    },
    /// JSON of somebody else.
    #[error("an operating point must have the `format` `cutpoint-point`, got other JSON")]
    PointForeign,
    /// An operating point of a later layout.
    #[error("an operating point must be of version {known} at most, got {version}")]
    PointNewer {
        /// Its version.
        version: u64,
        /// The highest version that can be read.
        known: u64,
    },
    /// An operating point with a part that is missing or of another type.
    #[error("an operating point must have all of its parts")]
    PointField {
        /// Which part.
        source: serde_json::Error,
    },
    /// An operating point whose parts do not fit together.
    #[error("the parts of an operating point must fit together")]
    PointPart {
        /// Which part.
        source: cutpoint_metrics::Error,
    },
    /// An operating point that is not as it was written.
    #[error("an operating point must have the `checksum` that it tells, got one that was changed")]
    PointChanged,
    /// Bytes of something else, or of another version.
    #[error("the bytes must hold a {what}, as this version writes it")]
    Bytes {
        /// What was expected.
        what: &'static str,
    },
    /// Curves of more distinct scores than the memory has room for.
    #[error("a curve keeps every distinct score, which do not fit into the memory")]
    ManyScores,
    /// One curve of all classes, of scores that are for one class only.
    #[error("the average of curves needs the scores of several classes, got those of one")]
    OneClassScores,
    /// Something that is wrong with one of several models, groups or classes.
    #[error("`{name}`")]
    Part {
        /// What it is called.
        name: String,
        /// What is wrong.
        source: Box<cutpoint_metrics::Error>,
    },
    /// Folds that cannot be made of these rows.
    #[error(transparent)]
    Split(#[from] cutpoint_split::Error),
    /// Folds of more rows than the memory has room for.
    #[error(
        "{n_folds} folds of {n_rows} rows take {bytes} bytes, more than half of the memory of {memory} bytes"
    )]
    FoldMemory {
        /// How many folds there are.
        n_folds: usize,
        /// How many rows there are.
        n_rows: usize,
        /// What they take.
        bytes: usize,
        /// What a pass may take.
        memory: usize,
    },
    /// Rows of which nobody knows which comes first.
    #[error(
        "the rows must come in an order that is known: tell each worker how many rows come before its own"
    )]
    RowOrder,
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
    /// What is wrong with the scores of one of several models.
    #[error("model {}", model + 1)]
    Model {
        /// The model, from 0.
        model: usize,
        /// What.
        source: Box<Error>,
    },
    /// Fewer models than a comparison takes.
    #[error("must have at least 2 models, got {n_models}")]
    FewModels {
        /// How many there are.
        n_models: usize,
    },
    /// A pass that asks of a model that is not there.
    #[error("must have scores of model {} to answer the pass, got {}", model + 1, counted(*n_models, "model"))]
    NoModel {
        /// The model, from 0.
        model: usize,
        /// How many there are.
        n_models: usize,
    },
    /// Other thresholds than one a model.
    #[error("`thresholds` must have 1 threshold for each of the {n_models} models, got {got}")]
    ThresholdCount {
        /// How many models there are.
        n_models: usize,
        /// How many thresholds there are.
        got: usize,
    },
    /// Models that are compared on rows of one class.
    #[error("must have rows of both classes to compare models, got `{class}` in all rows")]
    OneClass {
        /// The class.
        class: Label,
    },
    /// A rate that all models shall have in common, and that one has not.
    #[error("the rate to match is undefined: no row that counts is negative")]
    UndefinedRate,
    /// A metric by which a threshold is to be chosen.
    #[error("`{metric}` is undefined at every threshold: {}", metric.undefined_when())]
    UndefinedMetric {
        /// The metric.
        metric: Box<Metric>,
    },
    /// A highest score above which there is no other number.
    #[error("no threshold lies above the highest score")]
    NoThresholdAbove {
        /// Why.
        source: cutpoint_core::Error,
    },
    /// Weights that a bootstrap has to keep, and that the memory has no room for.
    #[error("the bootstrap keeps every weight, and there are so many that they do not fit")]
    KeptWeights,
}

impl Error {
    /// What is wrong with the scores of a model.
    pub(crate) fn of_model(model: usize, error: impl Into<Self>) -> Self {
        Self::Model {
            model,
            source: Box::new(error.into()),
        }
    }
}

impl Error {
    pub(crate) fn part(name: impl std::fmt::Display, source: cutpoint_metrics::Error) -> Self {
        Self::Part {
            name: name.to_string(),
            source: Box::new(source),
        }
    }
}

impl From<cutpoint_core::Error> for Error {
    fn from(error: cutpoint_core::Error) -> Self {
        cutpoint_metrics::Error::from(error).into()
    }
}

/// The result of a question.
pub type Result<T, E = Error> = std::result::Result<T, E>;
