//! `cutpoint sweep`: the confusion matrix at every threshold.

mod drawing;
mod parts;
mod table;

use std::path::{Path, PathBuf};

use cutpoint_choose::View;
use cutpoint_files::{Output, SweepParts, write_partial_sweep};
use cutpoint_metrics::{Metric, SweepColumns, SweepRows};

use self::drawing::Drawing;
use self::table::Layout;
use crate::args::{Metrics, OutputFormat, ScoreArgs, threshold};
use crate::console::Console;
use crate::failure::Usage;
use crate::gather::{MemoryArgs, Source};
use crate::picture::PictureFile;

/// The metrics of the table, unless others are named.
const METRICS: &str = "precision,recall,specificity,f1,accuracy";

/// Count the confusion matrix at every threshold
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Count the confusion matrix at every threshold\n\n\
        A row is predicted positive iff its score is at least the threshold. Thresholds descend. The first row, \
        \"predict none\", has no threshold: an empty field in CSV, null in JSON; so has a metric where it is \
        undefined. Columns: `threshold`, `tp`, `fp`, `fn`, `tn`, then the metrics.\n\n\
        Files may be larger than memory. Where more distinct scores than fit into `--memory` stand in one, the table \
        has as many thresholds as fit, each with its exact matrix, and bounds are told for what lies between them. \
        Shards of a file may be swept apart, wherever they are: `--partial-out` writes what was counted, a row a bin \
        of scores (`lowest`, `highest`, `positives`, `negatives`), and `--partial-in` makes one sweep of many.",
    after_help = "Examples:\n  \
        cutpoint sweep scores.csv -o sweep.csv\n  \
        cutpoint sweep scores.csv --thresholds 20 --metrics precision,recall,mcc\n  \
        cutpoint sweep scores.csv --thresholds 0.1,0.5,0.9 --metrics all --format json\n  \
        cutpoint sweep scores.csv --chart --draw metrics\n  \
        cutpoint sweep scores.csv -o sweep.csv --plot sweep.svg\n  \
        cutpoint sweep scores.parquet --group site -o sweep.parquet\n  \
        cutpoint sweep shard-1.parquet --partial-out part-1.parquet\n  \
        cutpoint sweep --partial-in part-1.parquet part-2.parquet -o sweep.parquet"
)]
pub(crate) struct Args {
    /// Labels and scores: `.csv`, `.parquet`, `.npy`, or `-` for CSV on stdin
    #[arg(required_unless_present = "partial_in")]
    scores: Option<PathBuf>,

    /// Write the table here [default: stdout, unless `--partial-out` is given]
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    #[command(flatten)]
    columns: ScoreArgs,

    /// Column of groups: one sweep for each, one after the other, with a column `group` after the others
    #[arg(long, value_name = "COLUMN", conflicts_with_all = ["partial_in", "partial_out"])]
    group: Option<String>,

    /// Thresholds to count at: `all` distinct scores; a whole number N in [1, inf), for N of them spread evenly by
    /// rank, from the highest to the lowest; or a list such as `0.1,0.5` (a single one with its point: `1.0`), for
    /// these and no others
    #[arg(
        long,
        value_name = "all|N|LIST",
        default_value = "all",
        allow_hyphen_values = true,
        value_parser = thresholds
    )]
    thresholds: SweepRows,

    /// Metrics to add, by name: a list, `all`, or `none`
    #[arg(long, value_name = "LIST", default_value = METRICS)]
    metrics: Metrics,

    /// Add what moves from one row of the table to the next, as columns `fn_to_tp` and `tn_to_fp`
    #[arg(long)]
    moves: bool,

    /// Add what is known of the thresholds between two rows of the table: `highest`, the highest score that was counted
    /// in the row, and each metric's `_low` and `_high` for the thresholds up to it
    #[arg(long)]
    bounds: bool,

    #[command(flatten)]
    memory: MemoryArgs,

    /// Write what was counted here, to be made one sweep with other parts
    #[arg(long, value_name = "FILE")]
    partial_out: Option<PathBuf>,

    /// Make the sweep from parts that were counted before, in any order; repeat the flag or list them
    #[arg(
        long,
        value_name = "FILE",
        num_args = 1..,
        conflicts_with_all = ["scores", "label", "score", "positive", "labels", "weight"]
    )]
    partial_in: Vec<PathBuf>,

    /// Draw the sweep in the terminal, instead of printing its table
    #[arg(long)]
    chart: bool,

    /// Draw the sweep into this file as well: `.svg` or `.png`
    #[arg(long, value_name = "FILE", conflicts_with = "group")]
    plot: Option<PathBuf>,

    /// What `--chart` and `--plot` draw against the threshold
    #[arg(long, value_name = "WHAT", value_enum, default_value_t)]
    draw: Drawn,

    /// How to write the table: `text` is CSV, unless the file says otherwise
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum Drawn {
    /// The four counts
    #[default]
    Cells,
    /// The metrics of `--metrics`
    Metrics,
}

fn thresholds(text: &str) -> Result<SweepRows, String> {
    if text == "all" {
        return Ok(SweepRows::All);
    }
    match text.parse() {
        Ok(0) => return Err("must be at least 1 threshold".to_owned()),
        Ok(n_thresholds) => return Ok(SweepRows::Spread(n_thresholds)),
        Err(_) => {}
    }
    let listed = text
        .split(',')
        .map(|item| threshold(item).map_err(|expected| format!("{:?} {expected}", item.trim())));
    let mut listed = listed.collect::<Result<Vec<_>, _>>()?;
    // As in every sweep: descending, each once.
    listed.sort_by(|a, b| b.value().total_cmp(&a.value()));
    listed.dedup();
    Ok(SweepRows::At(listed))
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    if args.bounds && matches!(args.thresholds, SweepRows::At(_)) {
        return Err(Usage::new(
            "`--bounds` tells of the thresholds between scores, and needs `--thresholds all` or a number",
        )
        .into());
    }
    let is_json = args.format == OutputFormat::Json;
    let table_path = match (&args.output, &args.partial_out) {
        (Some(path), _) => Some(path.as_path()),
        (None, None) if !args.chart => Some(Path::new("-")),
        (None, _) => None,
    };
    if table_path.is_none() {
        args.refuse_what_shapes_a_table()?;
    }
    let drawing = Drawing::new(args.draw, &args.metrics.0);
    drawing.check(args.chart || args.plot.is_some())?;
    let plot = args.plot.as_deref().map(PictureFile::create).transpose()?;
    let table = table_path.map(|path| {
        if is_json {
            Output::create_named(path, ".json")
        } else {
            Output::create_table(path)
        }
    });
    let mut table = table.transpose()?;
    let mut partial = args.partial_out.as_deref();
    let mut partial = partial.take().map(Output::create_table).transpose()?;

    let parts = args.parts()?;
    for warning in parts::warnings(&parts) {
        console.warn(warning);
    }
    let layout = Layout {
        rows: &args.thresholds,
        columns: SweepColumns {
            metrics: args.metrics.0.clone(),
            with_moves: args.moves,
            with_bounds: args.bounds,
        },
    };
    if let Some(output) = &mut partial {
        write_partial_sweep(output, parts.whole())?;
    }
    let mut n_matrices = None;
    if let Some(output) = &mut table {
        n_matrices = Some(if is_json {
            layout.write_json(output, &parts)?
        } else {
            layout.write(output, &parts)?
        });
    }
    let plot = plot.map(|plot| plot.filled(&drawing.picture(&parts)?));
    let outputs = partial.into_iter().chain(table).chain(plot.transpose()?);
    cutpoint_files::commit_all(outputs)?;
    if args.chart {
        drawing.print(&parts, console)?;
    }
    if table_path != Some(Path::new("-")) {
        parts::tell_size(&parts, n_matrices, console);
    }
    parts::tell_bounds(&parts, &args.metrics.0, args.memory, console);
    Ok(())
}

impl Args {
    /// Whether a chart, or the table by default, goes to stdout.
    pub(crate) fn prints(&self) -> bool {
        self.chart || (self.output.is_none() && self.partial_out.is_none())
    }

    /// Refuses flags that would do nothing where no table is written; defaults that are said again do no harm.
    fn refuse_what_shapes_a_table(&self) -> Result<(), Usage> {
        let is_drawn = self.draw == Drawn::Metrics && (self.chart || self.plot.is_some());
        let names = |metrics: &[Metric]| metrics.iter().map(Metric::to_string).collect::<Vec<_>>();
        let is_default = names(&self.metrics.0).join(",") == METRICS;
        let is_listed = matches!(self.thresholds, SweepRows::At(_));
        // Parts of more scores than fit into memory are cut at the thresholds that are listed; those that were counted
        // before are not counted again.
        let cuts_parts = self.partial_out.is_some() && self.partial_in.is_empty() && is_listed;
        let given = [
            (
                "--thresholds",
                self.thresholds != SweepRows::All && !cuts_parts,
            ),
            ("--metrics", !is_default && !is_drawn),
            ("--moves", self.moves),
            ("--bounds", self.bounds),
            ("--format json", self.format == OutputFormat::Json),
        ];
        let Some((flag, _)) = given.iter().find(|(_, is_given)| *is_given) else {
            return Ok(());
        };
        let why = if self.chart {
            "`--chart` draws instead of printing it"
        } else {
            "`--partial-out` writes what was counted instead of it"
        };
        Err(Usage::new(format_args!(
            "`{flag}` is for the table, and {why}: name a file for the table with `-o FILE`"
        )))
    }

    fn parts(&self) -> anyhow::Result<SweepParts> {
        let memory = self.memory.for_bins();
        let listed = match &self.thresholds {
            SweepRows::At(listed) => &listed[..],
            SweepRows::All | SweepRows::Spread(_) => &[],
        };
        let Some(path) = &self.scores else {
            return parts::merge(&self.partial_in, memory);
        };
        let source = Source::new(path, self.columns.columns().group(self.group.clone()));
        if self.group.is_some() {
            Ok(View::of(&source).sweep_groups(memory, listed)?.into())
        } else {
            Ok(View::of(&source).sweep(memory, listed)?.into())
        }
    }
}

#[cfg(test)]
mod tests {
    use cutpoint_core::Threshold;

    use super::*;

    #[test]
    fn thresholds_are_read_from_text() {
        let listed = |values: &[f64]| {
            let listed = values.iter().map(|&value| Threshold::new(value).unwrap());
            Ok(SweepRows::At(listed.collect()))
        };
        assert_eq!(thresholds("all"), Ok(SweepRows::All));
        assert_eq!(thresholds("7"), Ok(SweepRows::Spread(7)));
        assert_eq!(thresholds("0.1, 0.9,0.5,0.50"), listed(&[0.9, 0.5, 0.1]));
        assert_eq!(thresholds("1.0"), listed(&[1.0]));
        assert_eq!(thresholds("-1"), listed(&[-1.0]));
        let refused = |text: &str| thresholds(text).unwrap_err();
        assert_eq!(refused("0"), "must be at least 1 threshold");
        assert_eq!(refused("0.1,nan"), "\"nan\" must be a finite number");
        assert_eq!(refused("0.1,"), "\"\" must be a finite number");
    }
}
