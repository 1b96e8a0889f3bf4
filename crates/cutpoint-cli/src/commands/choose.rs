//! `cutpoint choose`: the threshold to ship, by what it is to be good at.
//!
//! It refuses to find it: the passes over the file are here, the search is in `cutpoint-metrics`.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::PathBuf;

use anyhow::bail;
use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{
    Cells, Direction, Goal, Interval, Metric, Objective, Optimum, PartialSweepBuilder, Search,
    Step, catalog,
};

use crate::args::{OutputFormat, ScoreArgs};
use crate::console::Console;
use crate::gather::{MemoryArgs, Source};
use crate::json::Json;
use crate::matrix::{MatrixTable, matrix_keys};

/// Choose the threshold that is best by a metric
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Choose the threshold that is best by a metric\n\n\
        Every threshold there is takes part, not a grid of them. Of several that are equally good, the highest is taken, \
        and all are told. \"Predict none\", which has no threshold, is taken only where it is better than every threshold.\n\n\
        Files may be larger than memory: what does not fit into `--memory` is read again, only where the optimum can be, \
        until the exact one is known.",
    after_help = "Examples:\n  \
        cutpoint choose scores.csv --maximize f1\n  \
        cutpoint choose scores.csv --minimize fnr --format json\n  \
        cutpoint choose scores.parquet --maximize mcc --memory 1GiB"
)]
pub(crate) struct Args {
    /// Labels and scores: `.csv`, `.parquet`, `.npy`, or `-` for CSV on stdin
    scores: PathBuf,

    #[command(flatten)]
    goal: GoalArgs,

    #[command(flatten)]
    columns: ScoreArgs,

    #[command(flatten)]
    memory: MemoryArgs,

    /// How to print the choice
    #[arg(long, value_enum, default_value_t)]
    format: OutputFormat,
}

#[derive(Debug, Clone, clap::Args)]
#[group(required = true, multiple = false)]
struct GoalArgs {
    /// The metric to be as high as can be
    #[arg(long, value_name = "METRIC", value_parser = metric)]
    maximize: Option<Metric>,

    /// The metric to be as low as can be
    #[arg(long, value_name = "METRIC", value_parser = metric)]
    minimize: Option<Metric>,
}

fn metric(text: &str) -> Result<Metric, String> {
    text.parse::<Metric>().map_err(|error| error.to_string())
}

impl GoalArgs {
    fn objective(&self) -> Objective {
        match (&self.maximize, &self.minimize) {
            (Some(metric), _) => Objective::new(metric.clone(), Goal::Maximize),
            (None, Some(metric)) => Objective::new(metric.clone(), Goal::Minimize),
            (None, None) => unreachable!("one of them is required"),
        }
    }
}

/// What a person compares the choice with.
const ALTERNATIVES: [(&str, &str); 2] = [("max_f1", "f1"), ("youden", "youden_j")];

/// All that is told.
struct Choice {
    optimum: Optimum,
    alternatives: Vec<Alternative>,
    labels: [Label; 2],
    is_weighted: bool,
    n_samples: Option<usize>,
    n_passes: usize,
    warnings: Vec<String>,
}

struct Alternative {
    name: &'static str,
    threshold: Option<f64>,
    cells: Cells,
}

pub(crate) fn run(args: &Args, console: &mut Console) -> anyhow::Result<()> {
    let choice = choose(args)?;
    for warning in &choice.warnings {
        console.warn(warning);
    }
    let text = match args.format {
        OutputFormat::Json => format!("{}\n", choice.as_json()),
        OutputFormat::Text => choice.as_text(console.shows_colour()),
    };
    console.out().write_all(text.as_bytes())?;
    Ok(())
}

fn choose(args: &Args) -> anyhow::Result<Choice> {
    let objective = args.goal.objective();
    let memory = args.memory.for_bins();
    let source = Source {
        path: args.scores.clone(),
        columns: args.columns.columns(),
    };
    let first = source.sweep(memory, &[Threshold::HALF])?;
    let mut warnings = first.warnings();
    warnings.extend(against_its_sense(&objective));
    warnings.push(
        "chosen and measured on the same rows: on others it will do a little worse; measure it on rows that had no say"
            .to_owned(),
    );
    let half = Alternative {
        name: "half",
        threshold: Some(Threshold::HALF.value()),
        cells: first.partial.cell_bounds(Threshold::HALF).fewest(),
    };
    let is_weighted = first.partial.is_weighted();
    let n_samples = first.partial.n_samples();

    let others = ALTERNATIVES.map(|(_, metric)| {
        let metric = metric.parse().expect("a name of the catalogue");
        Objective::new(metric, Goal::Maximize)
    });
    let objectives = std::iter::once(objective.clone()).chain(others);
    let mut search = Search::new(&first.partial, objectives);
    drop(first.partial);
    let optima = loop {
        let memory = memory.saturating_sub(search.n_bytes()).max(memory / 2);
        match search.step(PartialSweepBuilder::max_ranges(memory)) {
            Step::NeedPass(ranges) => search.feed(&source.sweep_within(memory, &ranges)?)?,
            Step::Done(optima) => break optima,
        }
    };
    let mut optima = optima.into_iter();
    let Some(optimum) = optima.next().flatten() else {
        bail!(
            "{}: `{}` is undefined at every threshold: {}",
            source.shown(),
            objective.metric(),
            objective.metric().undefined_when()
        );
    };
    let others = ALTERNATIVES.iter().zip(optima);
    let others = others.filter_map(|((name, _), optimum)| {
        let optimum = optimum?;
        Some(Alternative {
            name,
            threshold: optimum.threshold(),
            cells: optimum.cells(),
        })
    });
    Ok(Choice {
        alternatives: std::iter::once(half).chain(others).collect(),
        optimum,
        labels: first.labels,
        is_weighted,
        n_samples,
        n_passes: search.n_passes(),
        warnings,
    })
}

/// What is odd about a goal that asks for the worst.
fn against_its_sense(objective: &Objective) -> Option<String> {
    let (metric, verb) = match (objective.metric().direction(), objective.goal()) {
        (Direction::Lower, Goal::Maximize) => (objective.metric(), "lower"),
        (Direction::Higher, Goal::Minimize) => (objective.metric(), "higher"),
        _ => return None,
    };
    Some(format!(
        "{verb} values of `{metric}` are better, and the worst threshold was asked for"
    ))
}

impl Choice {
    fn as_json(&self) -> Json {
        let optimum = &self.optimum;
        let objective = optimum.objective();
        let matrix =
            |threshold, cells| matrix_keys(threshold, &self.labels, cells, self.is_weighted);
        let name = objective.metric().name();
        let told = [
            (
                "objective",
                Json::object([
                    ("name", Json::from(name)),
                    ("goal", goal(objective).into()),
                    ("value", optimum.value().into()),
                ]),
            ),
            ("interval", interval(optimum.interval())),
            ("midpoint", optimum.interval().midpoint().into()),
            ("tied", Json::list(optimum.tied().iter().copied())),
            ("n_tied", optimum.n_tied().into()),
        ];
        let alternatives = self.alternatives.iter().map(|other| {
            let head = [
                ("name".to_owned(), Json::from(other.name)),
                (
                    "objective_value".to_owned(),
                    objective.value(&other.cells).into(),
                ),
            ];
            Json::object(head.into_iter().chain(matrix(other.threshold, other.cells)))
        });
        let rest = [
            ("alternatives", Json::List(alternatives.collect())),
            ("n_samples", self.n_samples.into()),
            ("n_passes", self.n_passes.into()),
            ("warnings", Json::list(&self.warnings)),
        ];
        let named = |(name, value): (&str, Json)| (name.to_owned(), value);
        let matrix = matrix(optimum.threshold(), optimum.cells());
        Json::object(
            matrix
                .chain(told.into_iter().map(named))
                .chain(rest.into_iter().map(named)),
        )
    }

    fn as_text(&self, is_coloured: bool) -> String {
        let optimum = &self.optimum;
        let objective = optimum.objective();
        let [negative, positive] = &self.labels;
        let names = [negative.to_string(), positive.to_string()];
        let digits = if self.is_weighted { 3 } else { 0 };
        let mut text = String::new();
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("a String takes all text");
            text.push('\n');
        };
        line(format_args!(
            "threshold {}, positive class `{positive}`: {} is {}, {:.4}",
            shown(optimum.threshold()),
            objective.metric(),
            extreme(objective),
            optimum.value()
        ));
        line(format_args!("{}", holds_for(optimum)));
        if let Some(ties) = ties(optimum) {
            line(format_args!("{ties}"));
        }
        let values = ndarray::arr2(&optimum.cells().to_sklearn());
        let table = MatrixTable {
            title: "",
            names: &names,
            values: values.view(),
            digits,
            is_coloured,
        };
        line(format_args!("\n{}", table.to_string().trim_end()));

        let mut columns = vec![("chosen", optimum.threshold(), optimum.cells())];
        let others = self.alternatives.iter();
        columns.extend(others.map(|other| (other.name, other.threshold, other.cells)));
        let width = catalog().iter().map(|metric| metric.name().len()).max();
        let width = width.unwrap_or_default();
        let row = |name: &str, values: Vec<String>| {
            let values = values.iter().map(|value| format!(" {value:>10}"));
            format!("{name:width$}{}", values.collect::<String>())
        };
        let heads = columns.iter().map(|(name, ..)| (*name).to_owned());
        line(format_args!("\n{}", row("", heads.collect())));
        let thresholds = columns.iter().map(|(_, threshold, _)| match threshold {
            Some(threshold) => format!("{threshold:.6}"),
            None => "none".to_owned(),
        });
        line(format_args!("{}", row("threshold", thresholds.collect())));
        for metric in catalog() {
            let values = columns
                .iter()
                .map(|(_, _, cells)| match metric.value(cells) {
                    Some(value) => format!("{value:.4}"),
                    None => "-".to_owned(),
                });
            line(format_args!("{}", row(metric.name(), values.collect())));
        }
        text
    }
}

fn goal(objective: &Objective) -> &'static str {
    match objective.goal() {
        Goal::Maximize => "maximize",
        Goal::Minimize => "minimize",
    }
}

fn extreme(objective: &Objective) -> &'static str {
    match objective.goal() {
        Goal::Maximize => "highest",
        Goal::Minimize => "lowest",
    }
}

fn shown(threshold: Option<f64>) -> String {
    threshold.map_or_else(|| "none".to_owned(), |threshold| format!("{threshold:?}"))
}

fn interval(interval: Interval) -> Json {
    Json::list([interval.above(), interval.up_to()])
}

/// Where the matrix is the same.
fn holds_for(optimum: &Optimum) -> String {
    let interval = optimum.interval();
    match (interval.above(), interval.up_to()) {
        (Some(above), Some(up_to)) => format!(
            "the same matrix for every threshold in ({above:?}, {up_to:?}], whose middle is {}",
            shown(interval.midpoint())
        ),
        (None, Some(up_to)) => format!("the same matrix for every threshold up to {up_to:?}"),
        (Some(above), None) => format!("the same matrix for every threshold above {above:?}"),
        (None, None) => "the same matrix for every threshold".to_owned(),
    }
}

/// Other thresholds that are as good.
fn ties(optimum: &Optimum) -> Option<String> {
    const SHOWN: usize = 5;
    let others = optimum.tied().iter();
    let others = others.filter(|&&tied| tied != optimum.threshold());
    let mut listed = others.map(|&tied| shown(tied)).collect::<Vec<_>>();
    let n_others = optimum.n_tied().map(|n_tied| n_tied - 1);
    if listed.is_empty() {
        return None;
    }
    let is_cut = listed.len() > SHOWN || n_others != Some(listed.len());
    listed.truncate(SHOWN);
    let number = n_others.map_or_else(|| "many".to_owned(), |n_others| n_others.to_string());
    let more = if is_cut { ", …" } else { "" };
    Some(format!(
        "as good at {number} other thresholds: {}{more}",
        listed.join(", ")
    ))
}
