//! `cutpoint moves`: the ledger of what moves between the cells when the threshold moves.
//!
//! It refuses to choose a threshold, and to say what a move is worth unless it is told what the cells cost.

use std::fmt::Write as _;
use std::path::PathBuf;

use anyhow::{Context, bail};
use cutpoint_core::{Label, Threshold};
use cutpoint_files::{Output, ScoreReader, commit_all};
use cutpoint_metrics::{
    Cells, Costs, Metric, MoveKind, Moves, MovesBuilder, ScoreSurveyBuilder, catalog, moving_rows,
};

use cutpoint_plot::{ChartOptions, flow_chart};

use crate::args::{OutputFormat, ScoreArgs, threshold};
use crate::console::{Console, Shown, Terminal};
use crate::json::Json;
use crate::matrix::{MatrixTable, keys_at, metric_keys, number};
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

/// The ledger, and what the classes are called.
struct Found {
    ledger: Moves,
    negative: Label,
    positive: Label,
    is_weighted: bool,
    /// What all rows cost before and after, and the difference.
    cost: Option<[f64; 3]>,
    warnings: Vec<String>,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let mut output = args.rows.as_deref().map(Output::create_table).transpose()?;
    let plot = args.plot.as_deref().map(PictureFile::create).transpose()?;
    let found = Found::read(args, output.as_mut())?;
    for warning in &found.warnings {
        console.warn(warning);
    }
    let plot = plot.map(|plot| plot.filled(&flow_chart(&found.ledger, &ChartOptions::default())?));
    commit_all(output.into_iter().chain(plot.transpose()?))?;
    let text = match args.format {
        OutputFormat::Json => Shown::from(&format!("{}\n", found.as_json())),
        OutputFormat::Text => console.drawn(|terminal| found.as_text(terminal)),
    };
    console.show(text)?;
    Ok(())
}

impl Found {
    /// Reads the scores block by block, and copies the rows that move.
    fn read(args: &Args, output: Option<&mut Output>) -> anyhow::Result<Self> {
        let mut reader = ScoreReader::open(&args.scores, &args.columns.columns())?;
        if output.is_some() {
            reader = reader.keep_rows();
        }
        let writer = output.map(|output| reader.row_writer(output, "move"));
        let mut writer = writer.transpose()?;
        let mut builder = MovesBuilder::new(args.from, args.to);
        let mut survey = ScoreSurveyBuilder::default();
        let mut bar = ProgressBar::new("reading");
        while let Some(block) = reader.next_block()? {
            builder.add(&block);
            survey.add(&block);
            if let Some(writer) = &mut writer {
                let moving = moving_rows(&block, args.from, args.to);
                let moving = moving
                    .iter()
                    .map(|row| (row.row_index(), row.kind().name()));
                reader.copy_rows(writer, moving)?;
            }
            bar.update(reader.progress());
        }
        bar.finish();
        if let Some(writer) = writer {
            writer.finish()?;
        }
        let ledger = builder.finish();
        let cost = args
            .cost
            .map(|costs| costs_of(&costs, &ledger))
            .transpose()?;
        let classes = reader.negative().zip(reader.positive().cloned());
        let (negative, positive) = classes.context("a file that was read has a positive class")?;
        let labels = [negative, positive];
        let taken_for = TakenFor::by([args.from, args.to]);
        let warnings = mixed_up::warnings(&survey.finish(), Some(&labels), taken_for);
        let [negative, positive] = labels;
        Ok(Self {
            ledger,
            negative,
            positive,
            warnings,
            is_weighted: args.columns.weight.is_some(),
            cost,
        })
    }
}

/// What all rows cost before and after, and by how much the move changes that.
fn costs_of(costs: &Costs, ledger: &Moves) -> anyhow::Result<[f64; 3]> {
    let totals = [
        costs.total(&ledger.before()),
        costs.total(&ledger.after()),
        costs.change(ledger),
    ];
    let [Some(before), Some(after), Some(change)] = totals else {
        bail!("the costs of all rows together are beyond what a double holds");
    };
    Ok([before, after, change])
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

impl Found {
    fn as_json(&self) -> Json {
        let (ledger, is_weighted) = (&self.ledger, self.is_weighted);
        let labels = (&self.negative, &self.positive);
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
        let cost = self.cost.map(|[before, after, change]| {
            let cost = [("before", before), ("after", after), ("change", change)];
            let cost = cost.map(|(key, value)| (key, value.into()));
            ("cost", Json::object(cost))
        });
        let warnings = [("warnings", Json::list(&self.warnings))];
        let entries = ends.into_iter().chain(flows).chain(views);
        Json::object(entries.chain(cost).chain(warnings))
    }

    fn as_text(&self, terminal: Terminal) -> String {
        let ledger = &self.ledger;
        let names = [self.negative.to_string(), self.positive.to_string()];
        let digits = if self.is_weighted { 3 } else { 0 };
        let mut text = String::new();
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("a String takes all text");
            text.push('\n');
        };
        line(format_args!(
            "threshold {:?} -> {:?}, positive class `{}`\n",
            ledger.from().value(),
            ledger.to().value(),
            self.positive
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
                terminal,
            };
            line(format_args!("\n{}", table.to_string().trim_end()));
        }
        let width = catalog().iter().map(|metric| metric.name().len()).max();
        let width = width.unwrap_or_default();
        line(format_args!(
            "\n{:width$} {:>10} {:>10} {:>10}",
            "metric", "before", "after", "change"
        ));
        let shown = |value: Option<f64>| {
            value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"))
        };
        let cost = self.cost.map(|cost| ("cost", cost.map(Some)));
        let metrics = catalog().iter().map(|metric| {
            let [before, after] =
                [ledger.before(), ledger.after()].map(|cells| metric.value(&cells));
            (metric.name(), [before, after, change(ledger, metric)])
        });
        for (name, [before, after, change]) in cost.into_iter().chain(metrics) {
            line(format_args!(
                "{name:width$} {:>10} {:>10} {:>10}",
                shown(before),
                shown(after),
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
}
