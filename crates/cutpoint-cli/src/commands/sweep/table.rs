//! The rows of sweeps as a table and as JSON.

use cutpoint_core::Label;
use cutpoint_files::{Output, SweepPart, SweepParts, json, write_sweep_tables};
use cutpoint_metrics::{SweepColumns, SweepRows, SweepTable};
use serde::Serialize;

use super::parts::warnings;

/// What is shown of sweeps.
pub(super) struct Layout<'a> {
    pub(super) rows: &'a SweepRows,
    pub(super) columns: SweepColumns,
}

impl Layout<'_> {
    /// Writes the table; how many rows it has.
    pub(super) fn write(&self, output: &mut Output, parts: &SweepParts) -> anyhow::Result<usize> {
        // What cannot be shown is refused before anything is written.
        let tables = self.tables(parts)?;
        Ok(write_sweep_tables(output, &tables, parts.is_weighted())?)
    }

    /// Writes the rows as JSON; how many there are.
    pub(super) fn write_json(
        &self,
        output: &mut Output,
        parts: &SweepParts,
    ) -> anyhow::Result<usize> {
        let tables = self.tables(parts)?;
        let n_rows = tables.iter().map(|(_, table)| table.n_rows()).sum();
        let labels = parts.labels.as_ref();
        let positive = labels.map(|labels| &labels[1]);
        let warnings = warnings(parts);
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
        parts: &'p SweepParts,
    ) -> anyhow::Result<Vec<(Option<&'p str>, SweepTable<'p>)>> {
        let table = |part: &'p SweepPart| {
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
