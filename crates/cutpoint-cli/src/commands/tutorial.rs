//! `cutpoint tutorial`: the confusion matrix from making the data to moving the threshold.
//!
//! Owns the order of the page and its parameters. The words are in `page`, the files in `files`; every number comes
//! from the library, through the same calls that the other commands make.

mod files;
mod page;
mod pictures;

use std::io::Write;
use std::path::PathBuf;

use cutpoint_core::{Dataset, Label, Labels, Scores, Threshold};
use cutpoint_datasets::{ClassificationParams, make_classification};
use cutpoint_logistic::{FittedLogistic, LogisticParams, fit_dataset};
use cutpoint_metrics::{ConfusionMatrix, ConfusionOptions, Sweep, confusion_matrix, sweep};
use cutpoint_split::{HoldOutParams, Split, train_test_split};

use crate::console::Console;

/// The seed of everything here, as in the tutorial.
const RANDOM_STATE: u32 = 42;
/// The share of rows to test on.
const TEST_SIZE: f64 = 0.3;

/// Walk through the confusion matrix, from making the data to moving the threshold
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        cutpoint tutorial\n  \
        cutpoint tutorial --output /tmp/tutorial")]
pub(crate) struct Args {
    /// Directory for the data, the split, the model, the scores, the sweep, the pictures and the report; made where it
    /// is missing
    #[arg(long, value_name = "DIR", default_value = "cutpoint-tutorial")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let tutorial = Study::run(
        &ClassificationParams::default()
            .n_samples(500)
            .n_features(10)
            .n_informative(5)
            .n_redundant(2)
            .weights([0.6, 0.4])
            .seed(RANDOM_STATE),
    )?;
    let every_threshold = Study::run(
        &ClassificationParams::default()
            .n_samples(100)
            .n_features(20)
            .n_informative(20)
            .n_redundant(0)
            .seed(RANDOM_STATE),
    )?;
    let text = page::render(&tutorial, &every_threshold)?;
    console.out().write_all(text.as_bytes())?;
    let pictures = pictures::pictures(&tutorial, &every_threshold)?;
    let names = files::write(&args.output, &tutorial, &pictures)?;
    let closing = page::closing(&args.output, &names);
    console.out().write_all(closing.as_bytes())?;
    Ok(())
}

/// One data set taken all the way: made, split, fitted, scored, swept.
struct Study {
    data: Dataset,
    split: Split,
    fitted: FittedLogistic,
    y_test: Labels,
    y_pred: Labels,
    scores: Scores,
    sweep: Sweep,
}

impl Study {
    fn run(params: &ClassificationParams) -> anyhow::Result<Self> {
        let data = make_classification(params)?.into_dataset();
        let split = train_test_split(
            data.n_samples(),
            &HoldOutParams::default()
                .test_size(TEST_SIZE)
                .seed(RANDOM_STATE),
        )?;
        let fitted = fit_dataset(
            &LogisticParams::default(),
            &data.select(split.train())?,
            None,
        )?;
        let test = data.select(split.test())?;
        let positive = Label::from(1);
        let scores = fitted.scores(test.x().view(), test.y(), &positive)?;
        Ok(Self {
            y_pred: fitted.predict(test.x().view())?,
            y_test: test.y().clone(),
            sweep: sweep(&scores),
            data,
            split,
            fitted,
            scores,
        })
    }

    /// The matrix of what `predict` says: threshold 0.5.
    fn matrix(&self) -> anyhow::Result<ConfusionMatrix> {
        Ok(confusion_matrix(
            &self.y_test,
            &self.y_pred,
            &ConfusionOptions::default(),
        )?)
    }

    /// Thresholds 0.1, 0.2, … 0.9.
    fn tenths() -> impl Iterator<Item = Threshold> {
        (1..10).filter_map(|tenth| Threshold::new(f64::from(tenth) / 10.0).ok())
    }
}
