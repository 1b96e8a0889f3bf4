//! Tables of sweeps with what moves between their rows and what is known between their thresholds, some thousands of
//! rows at a time.

use std::ops::Range;

use cutpoint_metrics::{Bounds, SweepColumns, SweepTable};

use crate::sweep::count;
use crate::{Output, Result, SweepWriter, TableColumn};

/// Rows that are laid out before they are written: few, since a row may have a hundred fields of bounds.
const ROWS_AT_ONCE: usize = 1 << 11;

/// Writes tables of sweeps that have the same columns, one after the other, as [`SweepWriter`] does; how many rows that
/// are. After the metrics come `fn_to_tp` and `tn_to_fp` if moves are among the columns, `highest` and the ends of each
/// metric if bounds are, and `group` if a table has one. Counts are whole numbers unless `is_weighted`.
///
/// # Errors
/// Those of [`SweepWriter::write`].
///
/// # Panics
/// If the tables differ in their columns.
///
/// # Examples
/// ```
/// use cutpoint_files::{Output, write_sweep_tables};
/// use cutpoint_metrics::{PartialSweep, SweepColumns, SweepRows, SweepTable};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("sweep.csv");
/// let partial = PartialSweep::from_counts(&[0.9, 0.2], &[0.9, 0.2], &[1, 0], &[0, 1])?;
/// let columns = SweepColumns { metrics: Vec::new(), with_moves: true, with_bounds: false };
/// let table = SweepTable::new(&partial, &SweepRows::All, columns)?;
/// let mut output = Output::create_table(&path)?;
/// assert_eq!(write_sweep_tables(&mut output, &[(Some("north"), table)], false)?, 3);
/// output.commit()?;
/// let written = std::fs::read_to_string(&path)?;
/// assert_eq!(written.lines().nth(2), Some("0.9,1,0,0,1,1,0,north"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn write_sweep_tables(
    output: &mut Output,
    tables: &[(Option<&str>, SweepTable<'_>)],
    is_weighted: bool,
) -> Result<usize> {
    let Some((_, first)) = tables.first() else {
        return Ok(0);
    };
    let bound_names = first.bound_names();
    let mut names = Vec::new();
    if first.columns().with_moves {
        names.extend(["fn_to_tp", "tn_to_fp"]);
    }
    names.extend(bound_names.iter().map(String::as_str));
    if tables.iter().any(|(group, _)| group.is_some()) {
        names.push("group");
    }
    let mut writer = SweepWriter::new(output, is_weighted, &first.columns().metrics, &names)?;
    let mut n_written = 0;
    for (group, table) in tables {
        for places in chunks(table.n_rows()) {
            n_written += places.len();
            write(&mut writer, table, places, is_weighted, *group)?;
        }
    }
    writer.finish()?;
    Ok(n_written)
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
) -> Result<()> {
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
    writer.write(&rows, &columns)
}
