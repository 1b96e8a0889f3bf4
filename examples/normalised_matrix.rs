//! Section 4 of the tutorial: the matrix as shares of the true classes, of the predicted classes, and of all rows.
//!
//!     cargo run --example normalised_matrix
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

use cutpoint::metrics::{ConfusionOptions, Normalize, confusion_matrix};
use cutpoint_examples::predictions;

fn main() -> Result<(), Box<dyn Error>> {
    let predictions = predictions()?;
    let matrix = confusion_matrix(
        &predictions.y_test,
        &predictions.y_pred,
        &ConfusionOptions::default(),
    )?;
    println!("Raw counts:\n{matrix}");
    println!(
        "\nNormalised by true label:\n{}",
        matrix.normalize(Normalize::True)
    );
    println!(
        "\nNormalised by predicted label:\n{}",
        matrix.normalize(Normalize::Pred)
    );
    println!(
        "\nNormalised by all rows:\n{}",
        matrix.normalize(Normalize::All)
    );
    Ok(())
}
