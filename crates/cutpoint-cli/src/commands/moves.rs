//! `cutpoint moves`: the ledger of what moves between the cells when the threshold moves.
//!
//! It refuses to say what a move is worth.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use cutpoint_core::Threshold;
use cutpoint_files::{LabelledScores, Output, Rows, commit_all, read_scores};
use cutpoint_metrics::{Cells, Metric, MoveKind, Moves, catalog, moves, moving_rows, sweep};

use crate::args::{OutputFormat, ScoreArgs, threshold};
use crate::console::Console;
use crate::json::Json;
use crate::matrix::{MatrixTable, keys_at, metric_keys, number};

/// Show what moves between the cells when the threshold moves
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Show what moves between the cells when the threshold moves\n\n\
        Raising the threshold moves rows from tp to fn and from fp to tn, lowering it moves them back.",
    after_help = "Examples:\n  \
        cutpoint moves scores.csv --from 0.5 --to 0.7\n  \
        cutpoint moves scores.csv --from 0.5 --to 0.3 --rows moved.csv\n  \
        cutpoint moves scores.csv --from 0.5 --to 0.3 --format json"
)]
pub(crate) struct Args {
    /// Labels and scores: `.csv`, or `-` for stdin
    scores: PathBuf,

    /// The threshold to leave, a finite number
    #[arg(long, value_name = "A", allow_negative_numbers = true, value_parser = threshold)]
    from: Threshold,

    /// The threshold to go to, a finite number
    #[arg(long, value_name = "B", allow_negative_numbers = true, value_parser = threshold)]
    to: Threshold,

    /// Write the rows that move here: all columns, and `move` (`tp_to_fn`, `fp_to_tn`, `fn_to_tp`, `tn_to_fp`)
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,

    #[command(flatten)]
    columns: ScoreArgs,

    /// How to print the ledger
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let output = args.rows.as_deref().map(Output::create_table).transpose()?;
    let columns = args.columns.columns();
    let file = if let Some(mut output) = output {
        let (rows, file) = Rows::read_scores(&args.scores, &columns)?;
        let moving = moving_rows(file.scores(), args.from, args.to);
        let moving = moving
            .iter()
            .map(|row| (row.row_index(), row.kind().name()));
        rows.write_with(&mut output, "move", moving)?;
        commit_all([output])?;
        file
    } else {
        read_scores(&args.scores, &columns)?
    };
    let ledger = moves(&sweep(file.scores()), args.from, args.to);
    let text = match args.format {
        OutputFormat::Json => format!("{}\n", as_json(&file, &ledger)),
        OutputFormat::Text => as_text(&file, &ledger, console.shows_colour()),
    };
    console.out().write_all(text.as_bytes())?;
    Ok(())
}

/// How many rows, or how much weight, moved each way.
fn flows(ledger: &Moves) -> [(MoveKind, f64); 4] {
    [
        (MoveKind::TpToFn, ledger.tp_to_fn()),
        (MoveKind::FpToTn, ledger.fp_to_tn()),
        (MoveKind::FnToTp, ledger.fn_to_tp()),
        (MoveKind::TnToFp, ledger.tn_to_fp()),
    ]
}

/// How much a metric grows, where it has a value before and after.
fn change(ledger: &Moves, metric: &Metric) -> Option<f64> {
    Some(metric.value(&ledger.after())? - metric.value(&ledger.before())?)
}

fn as_json(file: &LabelledScores, ledger: &Moves) -> Json {
    let is_weighted = file.scores().weight().is_some();
    let labels = (file.negative(), file.positive());
    let matrix = |threshold, cells: Cells| keys_at(threshold, labels, &cells, is_weighted);
    let flows = flows(ledger).map(|(kind, moved)| (kind.name(), number(moved, is_weighted)));
    let ends = [
        ("from", ledger.from().value().into()),
        ("to", ledger.to().value().into()),
    ];
    let views = [
        ("before", matrix(ledger.from(), ledger.before())),
        ("after", matrix(ledger.to(), ledger.after())),
        (
            "change",
            Json::object(metric_keys(|metric| change(ledger, metric))),
        ),
        ("next_up", ledger.next_up().into()),
        ("next_down", ledger.next_down().into()),
    ];
    Json::object(ends.into_iter().chain(flows).chain(views))
}

fn as_text(file: &LabelledScores, ledger: &Moves, is_coloured: bool) -> String {
    let is_weighted = file.scores().weight().is_some();
    let names = [file.negative().to_string(), file.positive().to_string()];
    let digits = if is_weighted { 3 } else { 0 };
    let mut text = String::new();
    let mut line = |written: std::fmt::Arguments<'_>| {
        text.write_fmt(written).expect("a String takes all text");
        text.push('\n');
    };
    line(format_args!(
        "threshold {:?} -> {:?}, positive class `{}`\n",
        ledger.from().value(),
        ledger.to().value(),
        file.positive()
    ));
    for (kind, moved) in flows(ledger) {
        let (cells, meaning) = match kind {
            MoveKind::TpToFn => ("tp -> fn", "positives no longer found"),
            MoveKind::FpToTn => ("fp -> tn", "false alarms gone"),
            MoveKind::FnToTp => ("fn -> tp", "positives found"),
            MoveKind::TnToFp => ("tn -> fp", "false alarms added"),
        };
        line(format_args!("{cells}  {moved:>9.digits$}  {meaning}"));
    }
    for (title, cells) in [("before", ledger.before()), ("after", ledger.after())] {
        let values = ndarray::arr2(&cells.to_sklearn());
        let table = MatrixTable {
            title,
            names: &names,
            values: values.view(),
            digits,
            is_coloured,
        };
        line(format_args!("\n{}", table.to_string().trim_end()));
    }
    let width = catalog().iter().map(|metric| metric.name().len()).max();
    let width = width.unwrap_or_default();
    line(format_args!(
        "\n{:width$} {:>10} {:>10} {:>10}",
        "metric", "before", "after", "change"
    ));
    for metric in catalog() {
        let shown = |value: Option<f64>| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"))
        };
        let change = change(ledger, metric);
        line(format_args!(
            "{:width$} {:>10} {:>10} {:>10}",
            metric.name(),
            shown(metric.value(&ledger.before())),
            shown(metric.value(&ledger.after())),
            change.map_or_else(|| "-".to_owned(), |change| format!("{change:+.4}")),
        ));
    }
    let next = |score: Option<f64>, otherwise: &str| {
        score.map_or_else(|| otherwise.to_owned(), |score| format!("{score:?}"))
    };
    line(format_args!(
        "\nnext matrix up:   threshold {}\nnext matrix down: threshold {}",
        next(ledger.next_up(), "above every score (predict none)"),
        next(ledger.next_down(), "none: everything is predicted positive"),
    ));
    text
}
