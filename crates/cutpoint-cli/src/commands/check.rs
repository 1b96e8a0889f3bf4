//! `cutpoint check`: whether a saved operating point still holds on new rows.
//!
//! The flags are here, and what is refused of a file beside a point; the check itself is made by `cutpoint-choose`, and
//! its words are in `text`.

mod text;

use std::path::PathBuf;

use anyhow::bail;
use cutpoint_choose::{CheckOptions, Classes, OperatingPoint, Outcome, View, check};
use cutpoint_core::Label;
use cutpoint_files::{find_class, json, read_operating_point};

use self::text::{as_text, reasons, warnings};
use crate::args::{OutputFormat, ScoreArgs};
use crate::console::{Console, Shown};
use crate::failure::{Answer, Usage};
use crate::gather::{Source, shown};

/// Check whether a saved operating point still holds on new rows
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Check whether a saved operating point still holds on new rows\n\n\
        Each constraint that the point was chosen under is held against the new rows. It holds if its value meets the \
        bound. It is within error if the value misses the bound, but chance alone may do that: as the interval of the \
        value meets the bound, or as the value is no worse than where the point was chosen by more than chance \
        explains there and here. It is broken otherwise. A threshold sits right at the constraint it was chosen under, \
        so that new rows of the same source miss the bound about every other time, by a little; they break it about \
        once in 40 times. Where many new rows all but prove that the bound is missed, though nothing has changed, a \
        warning says so: the point was chosen on too few rows, or without a margin.\n\n\
        Values are taken to the prevalence that the point was chosen for, if it was; counts and costs to as many rows \
        as it was chosen on. Rows of any number are read in bounded memory.\n\n\
        Exit code 0: every constraint holds or is within error; 3: one is broken; 4: none is, but one could not be \
        judged, as on a day without positive rows; the result is printed all the same. 1: something failed; 2: bad \
        usage.",
    after_help = "Examples:\n  \
        cutpoint check point.json scores.csv\n  \
        cutpoint check point.json scores.parquet --strict\n  \
        cutpoint check point.json scores.csv --format json > check.json",
    mut_arg("positive", |arg| arg.help("The positive class [default: that of the operating point]"))
)]
pub(crate) struct Args {
    /// The operating point, as `cutpoint choose --save` writes it, or `-` for stdin
    point: PathBuf,

    /// Labels and scores of rows held out from the choice: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    scores: PathBuf,

    #[command(flatten)]
    columns: ScoreArgs,

    /// How often intervals hold the truth, in (0, 1); larger breaks constraints later
    #[arg(
        long,
        value_name = "SHARE",
        default_value_t = 0.95,
        allow_negative_numbers = true
    )]
    confidence: f64,

    /// Fail also where a constraint is within error
    #[arg(long)]
    strict: bool,

    /// How to print the result
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

/// The exit code where a constraint is broken.
const BROKEN: u8 = 3;
/// The exit code where no constraint is broken, but one cannot be judged.
const NOT_JUDGED: u8 = 4;

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let options = CheckOptions {
        confidence: args.confidence,
        is_strict: args.strict,
    };
    options.check().map_err(Usage::new)?;
    if [&args.point, &args.scores].map(|path| shown(path)) == ["stdin", "stdin"] {
        return Err(
            Usage::new("only one of the operating point and the scores can be stdin").into(),
        );
    }
    let point = read_operating_point(&args.point)?;
    let is_named = args.columns.positive.is_some();
    let columns = args
        .columns
        .columns()
        .positive(Some(positive(args, &point)?));
    let source = Source::new(&args.scores, columns);
    let checked = check(&point, &View::of(&source), &options);
    let mut checked = checked.map_err(|error| refused(error, &point, is_named))?;
    if !is_named {
        check_classes(&point, &checked.classes, args)?;
    }
    checked.warnings = warnings(&checked);
    for warning in &checked.warnings {
        console.warn(warning);
    }
    checked.reasons = reasons(&checked, &point);
    let text = match args.format {
        OutputFormat::Json => Shown::from(&json::text(&checked)),
        OutputFormat::Text => console.drawn(|terminal| as_text(&checked, &point, terminal)),
    };
    console.show(text)?;
    let (says, exit_code) = match checked.outcome() {
        Outcome::Holds => return Ok(()),
        Outcome::Broken => ("does not hold", BROKEN),
        Outcome::NotJudged => ("cannot be judged", NOT_JUDGED),
    };
    let (point, scores) = (shown(&args.point), shown(&args.scores));
    let reasons = checked.reasons.join("; ");
    let message = format!("{point} {says} on {scores}: {reasons}");
    Err(Answer { message, exit_code }.into())
}

/// The positive class that was named, or that of the point.
fn positive(args: &Args, point: &OperatingPoint) -> Result<String, Usage> {
    let Some(positive) = &args.columns.positive else {
        return Ok(point.positive().to_string());
    };
    if find_class(&point.labels()[..1], positive).is_some() {
        return Err(Usage::new(format_args!(
            "`--positive` must not be the negative class of the operating point, got `{positive}`"
        )));
    }
    Ok(positive.clone())
}

/// Why the rows were refused; a positive class that nobody typed is told to be that of the point.
fn refused(error: anyhow::Error, point: &OperatingPoint, is_named: bool) -> anyhow::Error {
    use cutpoint_core::Error::PositiveUnknown;
    let is_unknown = matches!(
        error.downcast_ref(),
        Some(cutpoint_files::Error::Column { source, .. }) if matches!(**source, PositiveUnknown { .. })
    );
    if is_named || !is_unknown {
        return error;
    }
    error.context(format!(
        "the positive class of the operating point is `{}`; if it is spelled differently here, name it with \
         `--positive CLASS`",
        point.positive()
    ))
}

/// Refuses classes that the point does not know.
fn check_classes(point: &OperatingPoint, found: &Classes, args: &Args) -> anyhow::Result<()> {
    let known = point.labels();
    let is_known = |class: &Label| known.iter().any(|label| label.is_same(class));
    let Some(other) = found.present.iter().find(|class| !is_known(class)) else {
        return Ok(());
    };
    bail!(
        "{}, column `{}`: must have the classes of the operating point, `{}` and `{}`, got `{other}`; name the \
         positive class with `--positive CLASS` if it is spelled differently here",
        shown(&args.scores),
        args.columns.label,
        known[0],
        known[1],
    );
}
