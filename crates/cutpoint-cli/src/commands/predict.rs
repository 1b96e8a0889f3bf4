//! `cutpoint predict`: scores the rows of a file with a saved model.
//!
//! What to do from which score on is for `choose`, `evaluate`, `sweep` and their like.

use std::path::{Path, PathBuf};

use cutpoint_core::counted;
use cutpoint_files::{FeatureReader, Output, PredictedWriter, ScoreWriter, read_model};

use crate::console::Console;

/// Score rows with a trained model
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Score rows with a trained model\n\n\
        The features are found by their names, in any order; other columns are ignored. Two classes give `y_score`, \
        the probability of the positive class; more give `y_pred` and one probability `p_<class>` for each. If the \
        file has the target column, it comes first, as `y_true`.",
    after_help = "Examples:\n  \
        cutpoint predict model.json test.csv -o scores.csv\n  \
        cutpoint predict model.json test.csv -o - | cutpoint evaluate -"
)]
pub(crate) struct Args {
    /// Model that `fit` wrote
    #[arg(value_name = "MODEL.json")]
    model: PathBuf,

    /// Rows to score: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    file: PathBuf,

    /// Write the scores here: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdout
    #[arg(short, long, value_name = "SCORES")]
    output: PathBuf,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let mut output = Output::create_table(&args.output)?;
    let model = read_model(&args.model)?;
    let fitted = model.fitted();
    let words = fitted.classes().iter().map(ToString::to_string);
    let mut rows = FeatureReader::open(&args.file, fitted.feature_names(), model.target())?
        .words(words.collect());
    if let Some(positive) = model.positive() {
        let mut writer = ScoreWriter::new(&mut output, rows.has_target())?;
        while let Some(block) = rows.next_block()? {
            let y_score = fitted.positive_score(block.x().view(), positive)?;
            writer.write(block.y(), &y_score)?;
        }
        writer.finish()?;
    } else {
        let (has_target, classes) = (rows.has_target(), fitted.classes());
        let mut writer = PredictedWriter::new(&mut output, has_target, classes)?;
        while let Some(block) = rows.next_block()? {
            let x = block.x().view();
            let (y_pred, probabilities) = (fitted.predict(x)?, fitted.predict_proba(x)?);
            writer.write(block.y(), &y_pred, probabilities.view())?;
        }
        writer.finish()?;
    }
    output.commit()?;
    if args.output != Path::new("-") {
        let n_rows = rows.progress().rows_read();
        console.note(format_args!("{} scored", counted(n_rows, "row")));
    }
    Ok(())
}
