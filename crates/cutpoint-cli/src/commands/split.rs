//! `cutpoint split`: a hold-out split of the rows of a file.
//!
//! Every column is copied, and within a format every field as it stands.

use std::path::PathBuf;

use cutpoint_core::counted;
use cutpoint_files::{IndexSet, Output, Rows, commit_all, write_indices};
use cutpoint_split::{HoldOutParams, SplitSize, train_test_split};

use crate::args::SeedArgs;
use crate::console::Console;
use crate::failure::{Usage, are_fields, other_separator, separator};

/// Split the rows of a file into rows to train on and rows to test on
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Split the rows of a file into rows to train on and rows to test on\n\n\
        Rows are chosen, and ordered, as scikit-learn's `train_test_split` does. All columns are kept: in a file of \
        the same format every field as it stands, its type included; in another format numbers, truth values and text \
        keep their types, and dates, times and decimals become text.\n\n\
        All rows are kept in memory: of CSV and `.npy`, some twice the size of the file; of Parquet, some 20 bytes a \
        number and 50 a short text.",
    after_help = "Examples:\n  \
        cutpoint split data.csv --train train.csv --test test.csv --test-size 0.3 --random-state 42\n  \
        cutpoint split data.csv --train train.csv --test test.csv --stratify --target diagnosis\n  \
        cutpoint split data.parquet --train train.parquet --test test.csv\n  \
        cutpoint split data.csv --indices indices.csv --test-size 50"
)]
#[group(skip)]
pub(crate) struct Args {
    /// Rows to split: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    file: PathBuf,

    /// Write the rows to train on here: `.csv`, `.parquet` or `.npy`, whatever the format of FILE
    #[arg(long, value_name = "FILE", required_unless_present_any = ["test", "indices"])]
    train: Option<PathBuf>,

    /// Write the rows to test on here: `.csv`, `.parquet` or `.npy`, whatever the format of FILE
    #[arg(long, value_name = "FILE")]
    test: Option<PathBuf>,

    /// Write which row went where, counted from 0, in order: columns `set` (`train`, `test`) and `index`
    #[arg(long, value_name = "FILE")]
    indices: Option<PathBuf>,

    /// Size of the test side: a fraction in (0, 1), rounded up to whole rows, or a number of rows in [1, inf) [default:
    /// what `--train-size` leaves, or 0.25]
    #[arg(long, value_name = "SIZE", allow_negative_numbers = true, value_parser = size)]
    test_size: Option<SplitSize>,

    /// Size of the training side: a fraction in (0, 1), rounded down to whole rows, or a number of rows in [1, inf)
    /// [default: what `--test-size` leaves]
    #[arg(long, value_name = "SIZE", allow_negative_numbers = true, value_parser = size)]
    train_size: Option<SplitSize>,

    /// Give both sides the classes of the target column in the same proportions
    #[arg(long)]
    stratify: bool,

    /// The label column, for `--stratify`
    #[arg(
        long,
        value_name = "COLUMN",
        default_value = "y",
        requires = "stratify"
    )]
    target: String,

    /// The classes that labels may be, with `--stratify`; any other is an error, and a word such as `NA`, or a number
    /// such as `0.5`, is a class only if it is named
    #[arg(
        long,
        value_name = "A,B",
        value_delimiter = ',',
        allow_hyphen_values = true,
        requires = "stratify"
    )]
    labels: Vec<String>,

    /// Take the first rows to train on and the next ones to test on, in their order
    #[arg(long)]
    no_shuffle: bool,

    #[command(flatten)]
    seed: SeedArgs,
}

fn size(text: &str) -> Result<SplitSize, String> {
    text.parse()
        .map_err(|_| "must be a fraction such as 0.3 or a number of rows such as 30".to_owned())
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    if args.no_shuffle
        && let Some(flag) = args.seed.changed()
    {
        return Err(Usage::new(format_args!(
            "`{flag}` is for drawing rows, and `--no-shuffle` draws none: leave out one of them"
        ))
        .into());
    }
    let mut params = HoldOutParams::default()
        .shuffle(!args.no_shuffle)
        .seed(args.seed.seed()?);
    if let Some(size) = args.test_size {
        params = params.test_size(size);
    }
    if let Some(size) = args.train_size {
        params = params.train_size(size);
    }
    let create = |path: &Option<PathBuf>| path.as_deref().map(Output::create_table).transpose();
    let mut train = create(&args.train)?;
    let mut test = create(&args.test)?;
    let mut indices = create(&args.indices)?;

    let target = args.stratify.then_some(args.target.as_str());
    let (rows, y) = Rows::read_among(&args.file, target, &args.labels)?;
    if are_fields(rows.names()) {
        console.warn(format_args!(
            "the first line, `{}`, is taken for the names of the columns, and stands in every output: write names \
             before it",
            rows.names().join(",")
        ));
    }
    if let Some(separator) = separator(rows.names()) {
        console.warn(format_args!(
            "the header is one name, `{}`: rows are split, and columns are not told apart",
            rows.names().join(",")
        ));
        console.hint(other_separator(separator));
    }
    if let Some(y) = &y {
        params = params.stratify(y);
    }
    let split = train_test_split(rows.n_rows(), &params).map_err(sorted_out)?;
    for (output, side) in [(&mut train, split.train()), (&mut test, split.test())] {
        if let Some(output) = output {
            rows.write(output, side)?;
        }
    }
    let (n_train, n_test) = (split.train().len(), split.test().len());
    if let Some(output) = &mut indices {
        let (train, test) = split.into_parts();
        write_indices(
            output,
            &[IndexSet::new("train", train), IndexSet::new("test", test)],
        )?;
    }
    commit_all([train, test, indices].into_iter().flatten())?;
    console.note(format_args!(
        "{} to train on, {n_test} to test on",
        counted(n_train, "row")
    ));
    Ok(())
}

/// Sizes and flags that no file could make right are bad usage; the rest depends on the rows there are.
fn sorted_out(error: cutpoint_split::Error) -> anyhow::Error {
    use cutpoint_split::Error;
    match error {
        Error::Size { .. } | Error::FractionSum { .. } | Error::StratifyUnshuffled => {
            Usage::new(error).into()
        }
        _ => error.into(),
    }
}
