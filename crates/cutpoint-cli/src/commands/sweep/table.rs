//! The rows of sweeps as a table, some thousands at a time, and as JSON.

use std::ops::Range;

use cutpoint_core::Label;
use cutpoint_files::{Output, SweepWriter, TableColumn, json};
use cutpoint_metrics::{Bounds, SweepColumns, SweepRows, SweepTable};
use serde::Serialize;

use super::parts::{Part, Parts};

/// Rows that are laid out before they are written: few, since a row may have a hundred fields of bounds.
const ROWS_AT_ONCE: usize = 1 << 11;

/// What is shown of sweeps.
pub(super) struct Layout<'a> {
    pub(super) rows: &'a SweepRows,
    pub(super) columns: SweepColumns,
}

impl Layout<'_> {
    /// Writes the table; how many rows it has.
    pub(super) fn write(&self, output: &mut Output, parts: &Parts) -> anyhow::Result<usize> {
        // What cannot be shown is refused before anything is written.
        let tables = self.tables(parts)?;
        let is_weighted = parts.is_weighted();
        let bound_names = tables.first().map(|(_, table)| table.bound_names());
        let bound_names = bound_names.unwrap_or_default();
        let mut names = Vec::new();
        if self.columns.with_moves {
            names.extend(["fn_to_tp", "tn_to_fp"]);
        }
        names.extend(bound_names.iter().map(String::as_str));
        if parts.has_groups() {
            names.push("group");
        }
        let mut writer = SweepWriter::new(output, is_weighted, &self.columns.metrics, &names)?;
        let mut n_written = 0;
        for (group, table) in &tables {
            for places in chunks(table.n_rows()) {
                n_written += places.len();
                write(&mut writer, table, places, is_weighted, *group)?;
            }
        }
        writer.finish()?;
        Ok(n_written)
    }

    /// Writes the rows as JSON; how many there are.
    pub(super) fn write_json(&self, output: &mut Output, parts: &Parts) -> anyhow::Result<usize> {
        let tables = self.tables(parts)?;
        let n_rows = tables.iter().map(|(_, table)| table.n_rows()).sum();
        let labels = parts.labels.as_ref();
        let positive = labels.map(|labels| &labels[1]);
        let warnings = parts.warnings();
        if parts.has_groups() {
            let groups = tables.iter().map(|(group, table)| GroupTable {
                group: group.unwrap_or_default(),
                table,
            });
            let answer = Grouped {
                labels,
                positive,
                groups: groups.collect(),
                warnings,
            };
            json::write(output, &answer)?;
        } else {
            let (_, table) = tables.first().expect("there is one sweep");
            let answer = Whole {
                labels,
                positive,
                warnings,
                table,
            };
            json::write(output, &answer)?;
        }
        Ok(n_rows)
    }

    fn tables<'p>(
        &self,
        parts: &'p Parts,
    ) -> anyhow::Result<Vec<(Option<&'p str>, SweepTable<'p>)>> {
        let table = |part: &'p Part| {
            let table = SweepTable::new(&part.partial, self.rows, self.columns.clone());
            Ok((part.group.as_deref(), table.map_err(worded)?))
        };
        parts.parts.iter().map(table).collect()
    }
}

#[derive(Serialize)]
struct Whole<'a> {
    labels: Option<&'a [Label; 2]>,
    positive: Option<&'a Label>,
    warnings: Vec<String>,
    #[serde(flatten)]
    table: &'a SweepTable<'a>,
}

#[derive(Serialize)]
struct Grouped<'a> {
    labels: Option<&'a [Label; 2]>,
    positive: Option<&'a Label>,
    groups: Vec<GroupTable<'a>>,
    warnings: Vec<String>,
}

#[derive(Serialize)]
struct GroupTable<'a> {
    group: &'a str,
    #[serde(flatten)]
    table: &'a SweepTable<'a>,
}

/// What flags can help with.
fn worded(error: cutpoint_metrics::Error) -> anyhow::Error {
    let cutpoint_metrics::Error::InsideBin {
        threshold,
        above,
        below,
    } = error
    else {
        return error.into();
    };
    match above {
        Some(above) => anyhow::anyhow!(
            "threshold {threshold:?} lies inside a bin of a partial sweep: the matrix is known at {above:?} and \
             {below:?}; count the parts with `--thresholds {threshold:?}` to know it there"
        ),
        None => anyhow::anyhow!(
            "threshold {threshold:?} lies inside a bin of a partial sweep: the matrix is known from {below:?} down; \
             count the parts with `--thresholds {threshold:?}` to know it there"
        ),
    }
}

fn chunks(n_rows: usize) -> impl Iterator<Item = Range<usize>> {
    let starts = (0..n_rows).step_by(ROWS_AT_ONCE);
    starts.map(move |start| start..n_rows.min(start + ROWS_AT_ONCE))
}

fn write(
    writer: &mut SweepWriter<'_>,
    table: &SweepTable<'_>,
    places: Range<usize>,
    is_weighted: bool,
    group: Option<&str>,
) -> anyhow::Result<()> {
    let SweepColumns {
        metrics,
        with_moves,
        with_bounds,
    } = table.columns();
    let rows = places.clone().map(|place| table.row(place));
    let rows = rows.collect::<Vec<_>>();
    let mut columns = Vec::new();
    let (mut tp, mut fp) = (Vec::new(), Vec::new());
    if *with_moves {
        for place in places.clone() {
            let step = table.step(place);
            let moved = step.map_or([0.0; 2], |step| [step.fn_to_tp(), step.tn_to_fp()]);
            tp.push(moved[0]);
            fp.push(moved[1]);
        }
    }
    let [tp_counts, fp_counts] =
        [&tp, &fp].map(|moved| moved.iter().map(|&n| count(n)).collect::<Vec<_>>());
    let [tp, fp] = [tp, fp].map(|moved| moved.into_iter().map(Some).collect::<Vec<_>>());
    if *with_moves {
        columns.extend(if is_weighted {
            [TableColumn::Numbers(&tp), TableColumn::Numbers(&fp)]
        } else {
            [
                TableColumn::Counts(&tp_counts),
                TableColumn::Counts(&fp_counts),
            ]
        });
    }
    let mut bounds = Vec::new();
    if *with_bounds {
        let highest = places.clone().map(|place| table.highest(place));
        bounds.push(highest.collect::<Vec<_>>());
        for metric in metrics {
            let between = places.clone().map(|place| table.bounds(place, metric));
            let between = between.collect::<Vec<_>>();
            for end in [Bounds::low, Bounds::high] {
                let ends = between.iter().map(|bounds| bounds.map(end));
                bounds.push(ends.map(|end| end.filter(|end| end.is_finite())).collect());
            }
        }
    }
    columns.extend(bounds.iter().map(|values| TableColumn::Numbers(values)));
    let groups = vec![group.unwrap_or_default(); rows.len()];
    if group.is_some() {
        columns.push(TableColumn::Texts(&groups));
    }
    Ok(writer.write(&rows, &columns)?)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "unweighted rows are a whole number from 0"
)]
fn count(moved: f64) -> u64 {
    moved as u64
}
