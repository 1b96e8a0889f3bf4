//! The frontier of two metrics: as a table, or as JSON.

use std::path::Path;

use cutpoint_choose::{FoundFrontier, View, frontier_from};
use cutpoint_core::counted;
use cutpoint_files::{Output, SweepWriter, TableColumn, json};
use cutpoint_metrics::{Metric, Problem, SweepRow};

use super::Args;
use super::question::Pareto;
use crate::args::OutputFormat;
use crate::console::Console;
use crate::gather::{Source, warnings_of};
use crate::mixed_up::TakenFor;
use crate::stdout;

/// Thresholds that are laid out before they are written.
const POINTS_AT_ONCE: usize = 1 << 12;

pub(super) fn run(
    args: &Args,
    Pareto([first, second]): &Pareto,
    problem: &Problem,
    view: &View<'_, Source>,
    console: &mut Console,
) -> anyhow::Result<()> {
    let path = args.output.as_deref().unwrap_or(Path::new("-"));
    if path == Path::new("-") {
        stdout::refuse_closed()?;
    }
    let is_json = args.format == OutputFormat::Json;
    let mut output = if is_json {
        Output::create_named(path, ".json")?
    } else {
        Output::create_table(path)?
    };
    let memory = args.memory.for_bins();
    let found = frontier_from(view, problem, second, memory)?;
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
        let mut answer = found.answer();
        answer.warnings = warnings;
        json::write(&mut output, &answer)?;
    } else {
        write_table(&mut output, &found, names)?;
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

/// A metric that is a cell is in the table already; where it is told at another prevalence, it has a name of its own.
fn write_table(
    output: &mut Output,
    found: &FoundFrontier,
    metrics: [&Metric; 2],
) -> anyhow::Result<()> {
    let name = |metric: &Metric| match found.at_prevalence {
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
