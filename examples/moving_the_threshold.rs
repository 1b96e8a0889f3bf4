//! Section 5 of the tutorial: one sweep, every threshold, and what moves between the cells.
//!
//!     cargo run --example moving_the_threshold
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

use cutpoint::data::Threshold;
use cutpoint::metrics::{moves, sweep};
use cutpoint_examples::predictions;

fn main() -> Result<(), Box<dyn Error>> {
    // One pass over the scores; no line below sees a score again.
    let table = sweep(&predictions()?.scores);
    println!("{} thresholds", table.n_thresholds());

    for tenth in 1..10 {
        let threshold = Threshold::new(f64::from(tenth) / 10.0)?;
        let cells = table.cells_at(threshold);
        println!(
            "{threshold}: TN={} FP={} FN={} TP={}",
            cells.tn(),
            cells.fp(),
            cells.fn_(),
            cells.tp()
        );
    }

    let moved = moves(&table, Threshold::HALF, Threshold::new(0.3)?);
    println!(
        "0.5 to 0.3: {} from FN to TP, {} from TN to FP",
        moved.fn_to_tp(),
        moved.tn_to_fp()
    );
    Ok(())
}
