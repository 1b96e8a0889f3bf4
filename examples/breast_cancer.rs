//! Text labels with a named positive class: what lowering the threshold finds, and what it costs.
//!
//!     cargo run --example breast_cancer
#![expect(clippy::print_stdout, reason = "an example shows its result")]

use std::error::Error;
use std::path::Path;

use cutpoint::data::Threshold;
use cutpoint::files::read_dataset;
use cutpoint::logistic::{LogisticParams, Solver, fit_dataset};
use cutpoint::metrics::{confusion_matrix_at, roc_auc, sweep};
use cutpoint::split::{HoldOutParams, train_test_split};

fn main() -> Result<(), Box<dyn Error>> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../data/breast_cancer.csv");
    let data = read_dataset(&path, "diagnosis")?;
    // The class that the test looks for is named, never guessed.
    let positive = data.y().positive(Some("malignant"))?;
    let split = train_test_split(
        data.n_samples(),
        &HoldOutParams::default()
            .test_size(0.3)
            .stratify(data.y())
            .seed(42),
    )?;
    let test = data.select(split.test())?;

    // The features are not scaled: Newton's method reaches the optimum all the same.
    let params = LogisticParams::default().solver(Solver::NewtonCholesky);
    let model = fit_dataset(&params, &data.select(split.train())?, None)?;
    println!("{}", model.convergence());

    let scores = model.scores(test.x().view(), test.y(), &positive)?;
    for threshold in [0.5, 0.3, 0.1] {
        let matrix = confusion_matrix_at(
            &scores,
            Threshold::new(threshold)?,
            &"benign".into(),
            &positive,
        )?;
        println!("Confusion matrix at {threshold}:\n{matrix}");
    }
    let table = sweep(&scores);
    println!("{} thresholds", table.n_thresholds());
    if let Some(auc) = roc_auc(&table) {
        println!("ROC AUC: {auc:.6}");
    }
    Ok(())
}
