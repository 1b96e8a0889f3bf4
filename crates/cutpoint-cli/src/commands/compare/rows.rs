//! The rows of several models as they are paired, and what must be the same of a row in every file.
//!
//! It refuses to read; `input` does, in file order, and `ids`, in any.

use std::path::PathBuf;

use anyhow::bail;
use cutpoint_core::{Label, Scores};
use cutpoint_files::ScoreColumns;

/// Where the scores of a model stand, and what the model is called.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) columns: ScoreColumns,
    pub(super) name: String,
}

/// Scores of every model for the same rows in the same order.
pub(super) type Block = Vec<Scores>;

/// What rows take in memory.
pub(super) fn bytes_of(scores: &Scores) -> usize {
    let row = size_of::<bool>() + size_of::<f64>();
    let weight = scores.weight().map_or(0, |_| size_of::<f64>());
    scores.n_samples() * (row + weight)
}

/// Refuses a model whose rows are all of one class.
pub(super) fn both_classes(name: &str, classes: &[Label]) -> anyhow::Result<()> {
    if let [class] = classes {
        bail!(
            "{name}: must have rows of both classes to compare models, got `{class}` in all rows"
        );
    }
    Ok(())
}

/// What to say of a row that has one thing in a file and another in another.
pub(super) fn differ(
    [first, other]: [&str; 2],
    what: &str,
    [in_first, in_other]: &[impl std::fmt::Display; 2],
    which: &str,
    cure: &str,
) -> String {
    format!(
        "{first} and {other} must hold the same rows, got the {what} {in_first} in one and {in_other} in the other for \
         {which}{cure}"
    )
}
