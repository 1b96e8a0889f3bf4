//! What can be wrong with a request for data; the only error type of this crate.

use cutpoint_core::counted;

/// Data that cannot be made, with what was expected and what came.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A count below 1.
    #[error("`{name}` must be in [1, inf), got 0")]
    Zero {
        /// The parameter.
        name: &'static str,
    },
    /// A number outside its domain.
    #[error("`{name}` must be in {domain}, got {got:?}")]
    Number {
        /// The parameter.
        name: &'static str,
        /// What is allowed, in brackets.
        domain: &'static str,
        /// The number given.
        got: f64,
    },
    /// A number of a list outside its domain.
    #[error("`{name}` must hold numbers in {domain}, got {got:?} at index {index}")]
    Entry {
        /// The parameter.
        name: &'static str,
        /// What is allowed, in brackets.
        domain: &'static str,
        /// Its place in the list, counted from 0.
        index: usize,
        /// The number given.
        got: f64,
    },
    /// A list of the wrong length.
    #[error(
        "`{name}` must have {}, one a {of}, got {got}",
        counted(expected, "entry")
    )]
    ListLength {
        /// The parameter.
        name: &'static str,
        /// Entries needed.
        expected: usize,
        /// What each entry is for.
        of: &'static str,
        /// Entries given.
        got: usize,
    },
    /// Columns of a kind each that are more than all columns.
    #[error(
        "`n_features` must be at least `n_informative` + `n_redundant` + `n_repeated` = {n_informative} + \
         {n_redundant} + {n_repeated}, got {n_features}"
    )]
    Columns {
        /// Columns wanted.
        n_features: usize,
        /// Of which informative.
        n_informative: usize,
        /// Of which redundant.
        n_redundant: usize,
        /// Of which repeated.
        n_repeated: usize,
    },
    /// More clusters than the informative cube has vertices.
    #[error(
        "`n_classes` * `n_clusters_per_class` must be at most 2^`n_informative` = 2^{n_informative}, got {n_classes} * \
         {n_clusters_per_class}"
    )]
    Clusters {
        /// Classes wanted.
        n_classes: usize,
        /// Clusters of each.
        n_clusters_per_class: usize,
        /// Dimensions of the cube.
        n_informative: usize,
    },
    /// Weights for another number of classes.
    #[error(
        "`weights` must have {}, as `n_classes` says, or one fewer (the last is then inferred), got {got}",
        counted(n_classes, "entry")
    )]
    WeightsLength {
        /// Classes wanted.
        n_classes: usize,
        /// Weights given.
        got: usize,
    },
    /// Weights that leave less than nothing for the last class.
    #[error("`weights` must sum to at most 1 when the last is inferred, got {sum:?}")]
    WeightsSum {
        /// Their sum.
        sum: f64,
    },
    /// More numbers than a computer can address.
    #[error(
        "`n_samples` * `n_features` must be addressable in memory, got {n_samples} * {n_features}"
    )]
    TooLarge {
        /// Rows wanted.
        n_samples: usize,
        /// Columns wanted.
        n_features: usize,
    },
    /// Blocks from a stream that only runs from start to end.
    #[error("`random_state` must seed the chacha stream for data in blocks, got the numpy stream")]
    BlocksOfNumpy,
    /// A box whose corners are not in order.
    #[error("`center_box` must be two finite numbers in order, got ({low:?}, {high:?})")]
    CenterBox {
        /// The first corner.
        low: f64,
        /// The second corner.
        high: f64,
    },
    /// Text that is no shift or scale.
    #[error("`shift` and `scale` must be a number or `none`, got {text:?}")]
    AdjustmentText {
        /// The text given.
        text: String,
    },
}

/// The result of making data.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// A count that must be at least 1.
pub(crate) fn check_count(name: &'static str, got: usize) -> Result<()> {
    if got == 0 {
        return Err(Error::Zero { name });
    }
    Ok(())
}

/// A number in [0, inf).
pub(crate) fn check_not_negative(name: &'static str, got: f64) -> Result<()> {
    if got.is_finite() && got >= 0.0 {
        return Ok(());
    }
    Err(Error::Number {
        name,
        domain: "[0, inf)",
        got,
    })
}

/// Entries in [0, inf).
pub(crate) fn check_none_negative(name: &'static str, entries: &[f64]) -> Result<()> {
    match entries
        .iter()
        .position(|entry| !(entry.is_finite() && *entry >= 0.0))
    {
        Some(index) => Err(Error::Entry {
            name,
            domain: "[0, inf)",
            index,
            got: entries[index],
        }),
        None => Ok(()),
    }
}

/// Finite entries.
pub(crate) fn check_finite<'a>(
    name: &'static str,
    entries: impl IntoIterator<Item = &'a f64>,
) -> Result<()> {
    match entries
        .into_iter()
        .enumerate()
        .find(|(_, entry)| !entry.is_finite())
    {
        Some((index, &got)) => Err(Error::Entry {
            name,
            domain: "(-inf, inf)",
            index,
            got,
        }),
        None => Ok(()),
    }
}
