//! Section 3 of the tutorial: rates from the four cells, and the report of both classes.
//!
//!     cargo run --example precision_recall_f1
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;

use cutpoint::data::Label;
use cutpoint::metrics::{
    ConfusionOptions, Metric, ReportOptions, classification_report, confusion_matrix,
};
use cutpoint_examples::predictions;

fn main() -> Result<(), Box<dyn Error>> {
    let predictions = predictions()?;
    let (y_test, y_pred) = (&predictions.y_test, &predictions.y_pred);
    let matrix = confusion_matrix(y_test, y_pred, &ConfusionOptions::default())?;
    let cells = matrix.cells(&Label::from(1))?;
    println!(
        "TP={}  FP={}  FN={}  TN={}",
        cells.tp(),
        cells.fp(),
        cells.fn_(),
        cells.tn()
    );

    for (label, name) in [
        ("Precision:", "precision"),
        ("Recall:", "recall"),
        ("F1:", "f1"),
        ("Specificity:", "specificity"),
    ] {
        let metric = name.parse::<Metric>()?;
        // A metric without a value, such as the precision of no predictions, is `None`.
        match metric.value(&cells) {
            Some(value) => println!("{label:<12} {value:.3}  = {}", metric.formula()),
            None => println!("{label:<12} undefined: {}", metric.undefined_when()),
        }
    }

    let options = ReportOptions::default().target_names(["Negative", "Positive"]);
    print!("\n{}", classification_report(y_test, y_pred, &options)?);
    Ok(())
}
