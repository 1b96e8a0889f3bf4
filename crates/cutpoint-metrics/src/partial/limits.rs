//! How many bins and rows fit into memory. What is held when is told at the builder.

use crate::compensated::CompensatedSum;
use crate::partial::bins::{Amount, Bin};
use crate::{Error, Result};

/// How much may be held at once.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Bins, between one batch of rows and the next; at least 2.
    pub(super) max_bins: usize,
    /// Rows of a batch, as many of each class.
    pub(super) max_rows: usize,
}

impl Limits {
    /// The limits that keep a builder within so many bytes, whose bins count in amounts of that kind.
    pub(super) fn of<A: Amount>(memory: usize) -> Self {
        let max_bins = (memory / bytes_per_bin::<A>()).max(2);
        Self {
            max_bins,
            max_rows: max_bins / 2,
        }
    }
}

/// What every bin costs at the peak: 2.5 times its size.
const fn bytes_per_bin<A: Amount>() -> usize {
    5 * size_of::<Bin<A>>() / 2
}

pub(super) fn check_memory(memory: usize) -> Result<()> {
    let least = 2 * bytes_per_bin::<CompensatedSum>();
    if memory < least {
        return Err(Error::Memory { least, got: memory });
    }
    Ok(())
}
