//! `cutpoint moves`: the ledger of what moves between the cells when the threshold moves, in words, and the rows that
//! move, copied to a file.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use cutpoint_choose::{Ledger, MoveCosts, View, moves_from};
use cutpoint_core::Threshold;
use cutpoint_files::json::{self, WithWarnings};
use cutpoint_files::{Output, commit_all, copy_moving_rows};
use cutpoint_metrics::{Costs, MoveKind, catalog};
use cutpoint_plot::{ChartOptions, Terminal, flow_chart, text_cells};

use crate::args::{OutputFormat, ScoreArgs, threshold};
use crate::console::{Console, Shown};
use crate::gather::Source;
use crate::mixed_up::{self, TakenFor};
use crate::picture::PictureFile;
use crate::progress::ProgressBar;

/// Show what moves between the cells when the threshold moves
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Show what moves between the cells when the threshold moves\n\n\
        Raising the threshold moves rows from tp to fn and from fp to tn, lowering it moves them back. \
        Files of any size are read in bounded memory.",
    after_help = "Examples:\n  \
        cutpoint moves scores.csv --from 0.5 --to 0.7\n  \
        cutpoint moves scores.csv --from 0.5 --to 0.3 --cost fp=1,fn=10\n  \
        cutpoint moves scores.parquet --from 0.5 --to 0.3 --rows moved.csv\n  \
        cutpoint moves scores.csv --from 0.5 --to 0.3 --plot flow.svg\n  \
        cutpoint moves scores.csv --from 0.5 --to 0.3 --format json"
)]
pub(crate) struct Args {
    /// Labels and scores: `.csv`, `.parquet` or `.npy`, or `-` for CSV on stdin
    scores: PathBuf,

    /// The threshold to leave, a finite number
    #[arg(long, value_name = "A", allow_negative_numbers = true, value_parser = threshold)]
    from: Threshold,

    /// The threshold to go to, a finite number
    #[arg(long, value_name = "B", allow_negative_numbers = true, value_parser = threshold)]
    to: Threshold,

    /// What one row of each cell costs, or earns below 0: some of `fp`, `fn`, `tp`, `tn`, each in [-1e100, 1e100]; a
    /// cell that is not named costs 0 [default: costs are not told]
    #[arg(long, value_name = "COSTS")]
    cost: Option<Costs>,

    /// Write the rows that move here, as `.csv`, `.parquet` or `.npy`: all columns as they stand, and `move`
    /// (`tp_to_fn`, `fp_to_tn`, `fn_to_tp`, `tn_to_fp`)
    #[arg(long, value_name = "FILE")]
    rows: Option<PathBuf>,

    /// Draw what stays and what moves into this file as well: `.svg` or `.png`
    #[arg(long, value_name = "FILE")]
    plot: Option<PathBuf>,

    #[command(flatten)]
    columns: ScoreArgs,

    /// How to print the ledger
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let mut output = args.rows.as_deref().map(Output::create_table).transpose()?;
    let plot = args.plot.as_deref().map(PictureFile::create).transpose()?;
    let ledger = if let Some(output) = &mut output {
        let mut bar = ProgressBar::new("reading");
        let (columns, costs) = (args.columns.columns(), args.cost.as_ref());
        let thresholds = [args.from, args.to];
        let tell = |progress| bar.update(progress);
        let ledger = copy_moving_rows(&args.scores, &columns, thresholds, costs, output, tell)?;
        bar.finish();
        ledger
    } else {
        let source = Source::new(&args.scores, args.columns.columns());
        moves_from(&View::of(&source), args.from, args.to, args.cost.as_ref())?
    };
    if let Some(MoveCosts {
        before,
        after,
        change,
    }) = ledger.cost
        && [before, after, change].contains(&None)
    {
        bail!("the costs of all rows together are beyond what a double holds");
    }
    let taken_for = TakenFor::by([args.from, args.to]);
    let warnings = mixed_up::warnings(&ledger.survey, Some(&ledger.before.labels), taken_for);
    for warning in &warnings {
        console.warn(warning);
    }
    let plot = plot.map(|plot| plot.filled(&flow_chart(&ledger.moves, &ChartOptions::default())?));
    commit_all(output.into_iter().chain(plot.transpose()?))?;
    let text = match args.format {
        OutputFormat::Json => Shown::from(&json::text(&WithWarnings {
            answer: &ledger,
            warnings: &warnings,
        })),
        OutputFormat::Text => console.drawn(|terminal| as_text(&ledger, terminal)),
    };
    console.show(text)?;
    Ok(())
}

fn as_text(ledger: &Ledger, terminal: Terminal) -> String {
    let moves = &ledger.moves;
    let names = ledger.before.labels.each_ref().map(ToString::to_string);
    let digits = if ledger.is_weighted { 3 } else { 0 };
    let mut text = String::new();
    let mut line = |written: std::fmt::Arguments<'_>| {
        text.write_fmt(written).expect("a String takes all text");
        text.push('\n');
    };
    line(format_args!(
        "threshold {:?} -> {:?}, positive class `{}`\n",
        ledger.from.value(),
        ledger.to.value(),
        names[1]
    ));
    for (kind, moved) in moves.flows() {
        let (cells, meaning) = match kind {
            MoveKind::TpToFn => ("tp -> fn", "positives no longer found"),
            MoveKind::FpToTn => ("fp -> tn", "false alarms gone"),
            MoveKind::FnToTp => ("fn -> tp", "positives found"),
            MoveKind::TnToFp => ("tn -> fp", "false alarms added"),
        };
        line(format_args!("{cells}  {moved:>9.digits$}  {meaning}"));
    }
    for (title, cells) in [("before", moves.before()), ("after", moves.after())] {
        let table = text_cells(title, &names, &cells, digits, terminal);
        line(format_args!("\n{}", table.trim_end()));
    }
    let width = catalog().iter().map(|metric| metric.name().len()).max();
    let width = width.unwrap_or_default();
    line(format_args!(
        "\n{:width$} {:>10} {:>10} {:>10}",
        "metric", "before", "after", "change"
    ));
    let shown =
        |value: Option<f64>| value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"));
    let cost = ledger
        .cost
        .map(|cost| ("cost", [cost.before, cost.after, cost.change]));
    let metrics = catalog().iter().map(|metric| {
        let [before, after] = [moves.before(), moves.after()].map(|cells| metric.value(&cells));
        (metric.name(), [before, after, moves.change(metric)])
    });
    for (name, [before, after, change]) in cost.into_iter().chain(metrics) {
        line(format_args!(
            "{name:width$} {:>10} {:>10} {:>10}",
            shown(before),
            shown(after),
            change.map_or_else(|| "-".to_owned(), |change| format!("{change:+.4}")),
        ));
    }
    let next = |score: Option<Threshold>, otherwise: &str| {
        score.map_or_else(|| otherwise.to_owned(), |score| format!("{score:?}"))
    };
    line(format_args!(
        "\nnext matrix up:   threshold {}\nnext matrix down: threshold {}",
        next(ledger.next_up, "above every score (predict none)"),
        next(ledger.next_down, "none: everything is predicted positive"),
    ));
    text
}
