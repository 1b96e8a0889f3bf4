//! `cutpoint predict`: scores the rows of a file with a saved model.
//!
//! It refuses to choose a threshold; that is for `evaluate`, `sweep` and their like.

use std::path::{Path, PathBuf};

use cutpoint_files::{Output, read_features, read_model, write_predicted, write_scores};

use crate::console::Console;

/// Score rows with a trained model
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Score rows with a trained model\n\n\
        The features are found by their names, in any order; other columns are ignored. Two classes give `y_score`, \
        the probability of the positive class; more give `y_pred` and one probability `p_<class>` for each. If the file \
        has the target column, it comes first, as `y_true`.",
    after_help = "Examples:\n  \
        cutpoint predict model.json test.csv -o scores.csv\n  \
        cutpoint predict model.json test.csv -o - | cutpoint evaluate -"
)]
pub(crate) struct Args {
    /// Model that `fit` wrote
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// Rows to score: `.csv`, or `-` for stdin
    file: PathBuf,

    /// Write the scores here: `.csv`, or `-` for stdout
    #[arg(short, long, value_name = "SCORES")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let mut output = Output::create_table(&args.output)?;
    let model = read_model(&args.model)?;
    let fitted = model.fitted();
    let rows = read_features(&args.file, fitted.feature_names(), model.target())?;
    let x = rows.x().view();
    if let Some(positive) = model.positive() {
        let y_score = fitted.positive_score(x, positive)?;
        write_scores(&mut output, rows.y(), &y_score)?;
    } else {
        let (y_pred, probabilities) = (fitted.predict(x)?, fitted.predict_proba(x)?);
        write_predicted(&mut output, rows.y(), &y_pred, probabilities.view())?;
    }
    output.commit()?;
    if args.output != Path::new("-") {
        console.note(format_args!("{} rows scored", rows.x().nrows()));
    }
    Ok(())
}
