//! Section 2 of the tutorial: the confusion matrix, rows true, columns predicted.
//!
//!     cargo run --example building_the_matrix
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

use cutpoint::metrics::{ConfusionOptions, confusion_matrix};
use cutpoint_examples::predictions;

fn main() -> Result<(), Box<dyn Error>> {
    let predictions = predictions()?;
    let matrix = confusion_matrix(
        &predictions.y_test,
        &predictions.y_pred,
        &ConfusionOptions::default(),
    )?;
    println!("Confusion matrix:\n{matrix}");
    Ok(())
}
