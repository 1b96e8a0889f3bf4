//! The frontier of two metrics as a table.
//!
//! It refuses to prefer any point of it.

use std::path::Path;

use cutpoint_choose::{FoundFrontier, View, frontier_from};
use cutpoint_core::counted;
use cutpoint_files::{Output, SweepWriter, TableColumn};
use cutpoint_metrics::{Metric, Objective, SweepRow};

use super::Args;
use super::question::{Pareto, Question};
use crate::args::OutputFormat;
use crate::console::Console;
use crate::gather::{Source, warnings_of};
use crate::json::{self, Json};
use crate::matrix::matrix_keys_at;
use crate::mixed_up::TakenFor;
use crate::stdout;

/// Thresholds that are laid out before they are written.
const POINTS_AT_ONCE: usize = 1 << 12;

pub(super) fn run(
    args: &Args,
    Pareto([first, second]): &Pareto,
    question: &Question,
    view: &View<'_, Source>,
    console: &mut Console,
) -> anyhow::Result<()> {
    let path = args.output.as_deref().unwrap_or(Path::new("-"));
    if path == Path::new("-") {
        stdout::refuse_closed()?;
    }
    let prevalence = question.problem.prevalence();
    let is_json = args.format == OutputFormat::Json;
    let mut output = if is_json {
        Output::create_named(path, ".json")?
    } else {
        Output::create_table(path)?
    };
    let memory = args.memory.for_bins();
    let found = frontier_from(view, &question.problem, second, memory)?;
    let warnings = warnings_of(&found.survey, &found.classes, TakenFor::Ranks);
    for warning in &warnings {
        console.warn(warning);
    }
    if found.points.is_empty() {
        anyhow::bail!(
            "no threshold meets all constraints where both {} and {} are defined, so that there is no frontier",
            first.metric(),
            second.metric()
        );
    }
    let names = [first.metric(), second.metric()];
    if is_json {
        write_json(&mut output, &found, [first, second], prevalence, &warnings)?;
    } else {
        write_table(&mut output, &found, names, question.problem.prevalence())?;
    }
    output.commit()?;
    if path != Path::new("-") {
        console.note(format_args!(
            "{} on the frontier",
            counted(found.points.len(), "threshold")
        ));
    }
    Ok(())
}

/// Point by point: as values of JSON, all of them would take ten times the memory of the frontier.
fn write_json(
    output: &mut Output,
    found: &FoundFrontier,
    objectives: [&Objective; 2],
    prevalence: Option<f64>,
    warnings: &[String],
) -> anyhow::Result<()> {
    let keys = objectives.map(|objective| format!("{}_value", objective.metric().name()));
    let points = found.points.iter().map(|point| {
        let values = keys.iter().zip(point.values());
        let values = values.map(|(key, value)| (key.clone(), value.into()));
        let matrix = matrix_keys_at(
            prevalence,
            point.point().threshold,
            &found.classes.labels,
            point.point().cells,
            found.is_weighted,
        );
        Json::object(matrix.chain(values))
    });
    let objectives = objectives.map(ToString::to_string);
    let before = [
        ("objectives", Json::list(&objectives)),
        ("at_prevalence", prevalence.into()),
    ];
    let after = [("warnings", Json::list(warnings))];
    Ok(json::put_with_list(
        output,
        &before,
        ("points", points),
        &after,
    )?)
}

/// A metric that is a cell is in the table already; where it is told at another prevalence, it has a name of its own.
fn write_table(
    output: &mut Output,
    found: &FoundFrontier,
    metrics: [&Metric; 2],
    prevalence: Option<f64>,
) -> anyhow::Result<()> {
    let name = |metric: &Metric| match prevalence {
        _ if !metric.is_cell() => Some(metric.name().to_owned()),
        Some(_) => Some(format!("{metric}_value")),
        None => None,
    };
    let names = metrics.map(name);
    let more = names.iter().flatten().map(String::as_str);
    let more = more.collect::<Vec<_>>();
    let mut writer = SweepWriter::new(output, found.is_weighted, &[], &more)?;
    for points in found.points.chunks(POINTS_AT_ONCE) {
        let rows = points.iter().map(|point| SweepRow::from(point.point()));
        let rows = rows.collect::<Vec<_>>();
        let values = [0, 1].map(|index| {
            let values = points.iter().map(|point| Some(point.values()[index]));
            values.collect::<Vec<_>>()
        });
        let values = values.iter().zip(&names).filter(|(_, name)| name.is_some());
        let values = values.map(|(values, _)| TableColumn::Numbers(values));
        writer.write(&rows, &values.collect::<Vec<_>>())?;
    }
    Ok(writer.finish()?)
}
