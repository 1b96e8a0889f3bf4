//! Section 1 of the tutorial: a classifier's predictions, and the accuracy that hides their errors.
//!
//!     cargo run --example generating_predictions
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

use cutpoint::data::Label;
use cutpoint_examples::predictions;

fn main() -> Result<(), Box<dyn Error>> {
    let predictions = predictions()?;
    let (y_test, y_pred) = (&predictions.y_test, &predictions.y_pred);

    let n_correct = y_test
        .iter()
        .zip(y_pred.iter())
        .filter(|(truth, prediction)| truth == prediction)
        .count();
    let n_positives = y_test
        .iter()
        .filter(|&label| *label == Label::from(1))
        .count();
    println!("Accuracy: {:.3}", n_correct as f64 / y_test.len() as f64);
    println!(
        "Test positives: {n_positives}  Test negatives: {}",
        y_test.len() - n_positives
    );
    Ok(())
}
