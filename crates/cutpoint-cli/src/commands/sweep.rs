//! `cutpoint sweep`: the confusion matrix at every threshold.
//!
//! It refuses to prefer any of them.

use std::path::{Path, PathBuf};
use std::str::FromStr;

use cutpoint_core::Threshold;
use cutpoint_files::{LabelledScores, Output, read_scores, write_sweep};
use cutpoint_metrics::{Metric, Sweep, SweepRow, catalog, sweep};

use crate::args::{OutputFormat, ScoreArgs, threshold};
use crate::console::Console;
use crate::json::Json;
use crate::matrix::number;

/// Count the confusion matrix at every threshold
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Count the confusion matrix at every threshold\n\n\
        A row is predicted positive iff its score is at least the threshold. Thresholds descend. The first row, \
        \"predict none\", has no threshold: an empty field in CSV, null in JSON; so has a metric where it is undefined. \
        Columns: `threshold`, `tp`, `fp`, `fn`, `tn`, then the metrics.",
    after_help = "Examples:\n  \
        cutpoint sweep scores.csv -o sweep.csv\n  \
        cutpoint sweep scores.csv --thresholds 20 --metrics precision,recall,mcc\n  \
        cutpoint sweep scores.csv --thresholds 0.1,0.5,0.9 --metrics all --format json"
)]
pub(crate) struct Args {
    /// Labels and scores: `.csv`, or `-` for stdin
    scores: PathBuf,

    /// Write the table here [default: stdout]
    #[arg(
        short,
        long,
        value_name = "FILE",
        default_value = "-",
        hide_default_value = true
    )]
    output: PathBuf,

    #[command(flatten)]
    columns: ScoreArgs,

    /// Thresholds to count at: `all` distinct scores; a whole number N in [1, inf), for N of them spread evenly by rank,
    /// from the highest to the lowest; or a list such as `0.1,0.5` (a single one with its point: `1.0`), for these and
    /// no others
    #[arg(
        long,
        value_name = "all|N|LIST",
        default_value = "all",
        allow_hyphen_values = true
    )]
    thresholds: Thresholds,

    /// Metrics to add, by name: a list, `all`, or `none`
    #[arg(
        long,
        value_name = "LIST",
        default_value = "precision,recall,specificity,f1,accuracy"
    )]
    metrics: Metrics,

    /// How to write the table: `text` is CSV
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

#[derive(Debug, Clone, PartialEq)]
enum Thresholds {
    All,
    Spread(usize),
    Listed(Vec<Threshold>),
}

impl FromStr for Thresholds {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "all" {
            return Ok(Self::All);
        }
        match text.parse() {
            Ok(0) => return Err("must be at least 1 threshold".to_owned()),
            Ok(n_thresholds) => return Ok(Self::Spread(n_thresholds)),
            Err(_) => {}
        }
        let listed = text.split(',').map(|item| {
            threshold(item).map_err(|expected| format!("{:?} {expected}", item.trim()))
        });
        let mut listed = listed.collect::<Result<Vec<_>, _>>()?;
        // As in every sweep: descending, each once.
        listed.sort_by(|a, b| b.value().total_cmp(&a.value()));
        listed.dedup();
        Ok(Self::Listed(listed))
    }
}

#[derive(Debug, Clone)]
struct Metrics(Vec<Metric>);

impl FromStr for Metrics {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "all" => return Ok(Self(catalog().to_vec())),
            "none" | "" => return Ok(Self(Vec::new())),
            _ => {}
        }
        let mut metrics = Vec::<Metric>::new();
        for name in text.split(',') {
            let metric = name.parse::<Metric>().map_err(|error| error.to_string())?;
            if metrics.contains(&metric) {
                return Err(format!("must name each metric once, got `{metric}` twice"));
            }
            metrics.push(metric);
        }
        Ok(Self(metrics))
    }
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let is_json = args.format == OutputFormat::Json;
    let mut output = if is_json {
        Output::create(&args.output)?
    } else {
        Output::create_table(&args.output)?
    };
    let file = read_scores(&args.scores, &args.columns.columns())?;
    let table = sweep(file.scores());
    let rows = args.thresholds.rows(&table);
    let metrics = &args.metrics.0;
    if is_json {
        let mut text = as_json(&file, &table, &rows, metrics).to_string();
        text.push('\n');
        output.put(text.as_bytes())?;
    } else {
        write_sweep(&mut output, &rows, table.is_weighted(), metrics)?;
    }
    output.commit()?;
    if args.output != Path::new("-") {
        console.note(format_args!(
            "{} rows of data, {} distinct scores, {} matrices",
            table.n_samples(),
            table.n_thresholds(),
            rows.len()
        ));
    }
    Ok(())
}

impl Thresholds {
    fn rows(&self, table: &Sweep) -> Vec<SweepRow> {
        match self {
            Self::All => table.rows().collect(),
            Self::Spread(n_wanted) => spread(table.n_thresholds(), *n_wanted)
                .into_iter()
                .map(|index| table.row(index))
                .collect(),
            Self::Listed(thresholds) => {
                let values = thresholds.iter().map(|threshold| threshold.value());
                table
                    .at_thresholds(&values.collect::<Vec<_>>())
                    .expect("a threshold is a finite number")
            }
        }
    }
}

/// "Predict none", then as many of the thresholds 1 … `n_thresholds` as wanted, both ends among them, evenly by rank; a
/// single one is the middle.
fn spread(n_thresholds: usize, n_wanted: usize) -> Vec<usize> {
    let mut indices = vec![0];
    let last = n_thresholds - 1;
    let gaps = n_wanted.min(n_thresholds) - 1;
    if gaps == 0 {
        indices.push(1 + last / 2);
    } else {
        // Rounded to the nearest rank.
        indices.extend((0..=gaps).map(|gap| {
            let rank = (2 * gap as u128 * last as u128 + gaps as u128) / (2 * gaps as u128);
            1 + usize::try_from(rank).expect("a rank is at most the last")
        }));
    }
    indices
}

fn as_json(file: &LabelledScores, table: &Sweep, rows: &[SweepRow], metrics: &[Metric]) -> Json {
    let number = |cell| number(cell, table.is_weighted());
    let rows = rows.iter().map(|row| {
        let cells = row.cells();
        let matrix = cells
            .to_sklearn()
            .map(|row| Json::List(row.map(number).into()));
        let shown = [
            ("threshold", row.threshold().into()),
            ("tp", number(cells.tp())),
            ("fp", number(cells.fp())),
            ("fn", number(cells.fn_())),
            ("tn", number(cells.tn())),
            ("confusion_matrix", Json::List(matrix.into())),
        ];
        let values = metrics
            .iter()
            .map(|metric| (metric.name(), metric.value(&cells).into()));
        Json::object(shown.into_iter().chain(values))
    });
    Json::object([
        ("n_samples", table.n_samples().into()),
        ("n_thresholds", table.n_thresholds().into()),
        ("labels", Json::list([file.negative(), file.positive()])),
        ("positive", file.positive().into()),
        ("rows", Json::List(rows.collect())),
    ])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn thresholds_are_spread_by_rank_with_both_ends() {
        assert_eq!(spread(10, 4), [0, 1, 4, 7, 10]);
        assert_eq!(spread(10, 2), [0, 1, 10]);
        assert_eq!(spread(10, 1), [0, 5]);
        assert_eq!(spread(1, 5), [0, 1]);
        assert_eq!(spread(3, 7), [0, 1, 2, 3]);
        // 5 ranks, 3 gaps: 0, 4/3, 8/3, 4 are nearest to 0, 1, 3, 4.
        assert_eq!(spread(5, 4), [0, 1, 2, 4, 5]);
    }

    #[test]
    fn thresholds_are_read_from_text() {
        let listed = |values: &[f64]| {
            let thresholds = values.iter().map(|&value| Threshold::new(value).unwrap());
            Ok(Thresholds::Listed(thresholds.collect()))
        };
        assert_eq!("all".parse(), Ok(Thresholds::All));
        assert_eq!("7".parse(), Ok(Thresholds::Spread(7)));
        assert_eq!("0.1, 0.9,0.5,0.50".parse(), listed(&[0.9, 0.5, 0.1]));
        assert_eq!("1.0".parse(), listed(&[1.0]));
        assert_eq!("-1".parse(), listed(&[-1.0]));
        let refused = |text: &str| text.parse::<Thresholds>().unwrap_err();
        assert_eq!(refused("0"), "must be at least 1 threshold");
        assert_eq!(refused("0.1,nan"), "\"nan\" must be a finite number");
        assert_eq!(refused("0.1,"), "\"\" must be a finite number");
    }
}
