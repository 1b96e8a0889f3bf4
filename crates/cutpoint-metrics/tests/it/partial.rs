//! Partial sweeps against a brute-force recount of the same rows: their bins, their merging, their bounds.

mod bins;
mod bounds;
mod bytes;
mod merging;

use cutpoint_metrics::{PartialSweep, PartialSweepBuilder};
use proptest::prelude::*;

use crate::strategies::Rows;

/// The bytes that a bin of counts takes in the builder, and one of weights, as its documentation reckons.
const BYTES_PER_BIN: usize = 80;
const BYTES_PER_WEIGHTED_BIN: usize = 120;

/// The bytes that a row takes while it is kept as it is, and one with a weight.
const BYTES_PER_ROW: usize = 28;
const BYTES_PER_WEIGHTED_ROW: usize = 72;

/// Memory for few bins to many: from far too little for the rows of a test to more than they need.
fn memory() -> impl Strategy<Value = usize> {
    prop_oneof![240_usize..2_000, Just(1 << 20)]
}

fn bytes_per_bin(rows: &Rows) -> usize {
    match rows.weight {
        None => BYTES_PER_BIN,
        Some(_) => BYTES_PER_WEIGHTED_BIN,
    }
}

/// The most bins that rows may come to: no limit as long as they are kept as they are.
fn max_bins(rows: &Rows, memory: usize) -> usize {
    let (bytes_per_row, n_rows) = match &rows.weight {
        None => (BYTES_PER_ROW, rows.score.len()),
        Some(weight) => (
            BYTES_PER_WEIGHTED_ROW,
            weight.iter().filter(|weight| **weight > 0.0).count(),
        ),
    };
    if n_rows <= memory / bytes_per_row {
        n_rows
    } else {
        memory / bytes_per_bin(rows)
    }
}

/// The partial sweep of rows that come in blocks of so many, in their order.
fn partial(rows: &Rows, block: usize, memory: usize) -> PartialSweep {
    let mut builder = PartialSweepBuilder::new(memory).expect("enough memory");
    for scores in rows.blocks(block) {
        builder.add(&scores);
    }
    builder.finish().expect("rows")
}
