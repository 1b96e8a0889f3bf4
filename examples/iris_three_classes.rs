//! Three classes: the n × n matrix and report of a softmax regression on Fisher's irises.
//!
//!     cargo run --example iris_three_classes
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;
use std::path::Path;

use cutpoint::files::read_dataset;
use cutpoint::logistic::{LogisticParams, fit_dataset};
use cutpoint::metrics::{ConfusionOptions, ReportOptions, classification_report, confusion_matrix};
use cutpoint::split::{HoldOutParams, train_test_split};

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/iris.csv");
    let data = read_dataset(&path, "species")?;
    let split = train_test_split(
        data.n_samples(),
        &HoldOutParams::default()
            .test_size(0.3)
            .stratify(data.y())
            .seed(42),
    )?;
    let test = data.select(split.test())?;

    let model = fit_dataset(
        &LogisticParams::default(),
        &data.select(split.train())?,
        None,
    )?;
    println!("{}", model.convergence());

    let y_pred = model.predict(test.x().view())?;
    let matrix = confusion_matrix(test.y(), &y_pred, &ConfusionOptions::default())?;
    println!("Confusion matrix:\n{matrix}");
    for (class, cells) in matrix.labels().iter().zip(matrix.one_vs_rest().cells()) {
        println!(
            "{class} against the rest: TP={} FP={} FN={} TN={}",
            cells.tp(),
            cells.fp(),
            cells.fn_(),
            cells.tn()
        );
    }
    print!(
        "\n{}",
        classification_report(test.y(), &y_pred, &ReportOptions::default())?
    );
    Ok(())
}
