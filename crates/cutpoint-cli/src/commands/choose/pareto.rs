//! The frontier of two metrics as a table.
//!
//! It refuses to prefer any point of it.

use std::path::Path;

use cutpoint_core::counted;
use cutpoint_files::{Output, TableColumn, write_curve};
use cutpoint_metrics::{Cells, FrontierPoint};

use super::question::{Pareto, Question};
use super::{Args, search};
use crate::args::OutputFormat;
use crate::console::Console;
use crate::gather::Source;
use crate::json::Json;
use crate::matrix::matrix_keys;
use crate::mixed_up::TakenFor;
use crate::stdout;

pub(super) fn run(
    args: &Args,
    Pareto([first, second]): &Pareto,
    question: &Question,
    source: &Source,
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
    let (points, gathered) = search::frontier(source, question, second, memory)?;
    let warnings = gathered.warnings(TakenFor::Ranks);
    for warning in &warnings {
        console.warn(warning);
    }
    if points.is_empty() {
        anyhow::bail!(
            "no threshold meets all constraints where both {} and {} are defined, so that there is no frontier",
            first.metric(),
            second.metric()
        );
    }
    let is_weighted = gathered.partial.is_weighted();
    let names = [first.metric().name(), second.metric().name()];
    if is_json {
        let shown = points.iter().map(|point| {
            let values = names.iter().zip(point.values());
            let values = values.map(|(name, value)| (format!("{name}_value"), value.into()));
            let matrix = matrix_keys(
                point.threshold(),
                &gathered.labels,
                point.cells(),
                is_weighted,
            );
            Json::object(matrix.chain(values))
        });
        let json = Json::object([
            (
                "objectives",
                Json::List(vec![
                    Json::from(&first.to_string()),
                    Json::from(&second.to_string()),
                ]),
            ),
            ("points", Json::List(shown.collect())),
            ("warnings", Json::list(&warnings)),
        ]);
        output.put(format!("{json}\n").as_bytes())?;
    } else {
        write_table(&mut output, &points, names, is_weighted)?;
    }
    output.commit()?;
    if path != Path::new("-") {
        console.note(format_args!(
            "{} on the frontier",
            counted(points.len(), "threshold")
        ));
    }
    Ok(())
}

fn write_table(
    output: &mut Output,
    points: &[FrontierPoint],
    names: [&str; 2],
    is_weighted: bool,
) -> anyhow::Result<()> {
    let thresholds = points
        .iter()
        .map(FrontierPoint::threshold)
        .collect::<Vec<_>>();
    let cells = [Cells::tp, Cells::fp, Cells::fn_, Cells::tn].map(|cell| {
        let cells = points.iter().map(|point| cell(&point.cells()));
        cells.collect::<Vec<_>>()
    });
    let sums = cells
        .each_ref()
        .map(|cells| cells.iter().copied().map(Some).collect::<Vec<_>>());
    let counts = cells
        .each_ref()
        .map(|cells| cells.iter().map(|&cell| count(cell)).collect::<Vec<_>>());
    let values = [0, 1].map(|index| {
        let values = points.iter().map(|point| Some(point.values()[index]));
        values.collect::<Vec<_>>()
    });
    let mut columns = vec![("threshold", TableColumn::Numbers(&thresholds))];
    for (index, name) in ["tp", "fp", "fn", "tn"].into_iter().enumerate() {
        columns.push((
            name,
            if is_weighted {
                TableColumn::Numbers(&sums[index])
            } else {
                TableColumn::Counts(&counts[index])
            },
        ));
    }
    let values = names.into_iter().zip(&values);
    columns.extend(values.map(|(name, values)| (name, TableColumn::Numbers(values))));
    Ok(write_curve(output, &columns)?)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a cell without weights is a whole number from 0"
)]
fn count(cell: f64) -> u64 {
    cell as u64
}
