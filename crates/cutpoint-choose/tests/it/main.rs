//! Questions in passes, of rows in one piece or in parts, how sure a choice is told, and what is saved of it.

mod alternatives;
mod answers;
mod choice;
mod compare;
mod coverage;
mod curves;
mod exact_costs;
mod groups;
mod ledger;
mod mixed_up;
mod operating_point;
mod optimum;
mod parts;
mod passes;
mod regression;
mod samples;
mod workers;

use cutpoint_core::Threshold;
use cutpoint_metrics::{PartialSweep, PartialSweepBuilder};
use cutpoint_testkit::OracleRows;
use cutpoint_testkit::strategies::Rows;

/// What counts rows one by one.
fn oracle(rows: &Rows) -> OracleRows {
    rows.oracle()
}

/// The partial sweep of rows that come in blocks of so many, in their order.
fn partial(rows: &Rows, block: usize, memory: usize) -> PartialSweep {
    let mut builder = PartialSweepBuilder::new(memory).expect("enough memory");
    for scores in rows.blocks(block) {
        builder.add(&scores);
    }
    builder.finish().expect("rows")
}

/// A threshold as a number, as oracles have it.
fn number_of(threshold: Option<Threshold>) -> Option<f64> {
    threshold.map(Threshold::value)
}

/// The same of several.
fn numbers_of(thresholds: &[Option<Threshold>]) -> Vec<Option<f64>> {
    thresholds.iter().copied().map(number_of).collect()
}
