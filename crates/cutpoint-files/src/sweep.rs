//! The table of a sweep: one row a threshold, its cells, and metrics of them.
//!
//! It refuses to choose thresholds and to compute metrics.

use cutpoint_metrics::{Cells, Metric, SweepRow};
use ndarray::ArrayView1;
use rayon::prelude::*;

use crate::table_write::{Column, TableWriter};
use crate::{Output, Result};

/// Rows whose metrics are computed before they are written.
const ROWS_AT_ONCE: usize = 1 << 16;

/// Writes rows of a sweep in the format of the output: columns `threshold`, `tp`, `fp`, `fn`, `tn`, then one column a metric by its name.
///
/// The threshold of "predict none" is an empty field (in Parquet null), and so is a metric where it is undefined. Counts
/// are whole numbers (INT64); sums of weights are floats (DOUBLE).
///
/// # Errors
/// - [`crate::Error::Write`] if the system refuses.
/// - [`crate::Error::NpyGap`] for `.npy`, which has no empty fields.
pub fn write_sweep(
    output: &mut Output,
    rows: &[SweepRow],
    is_weighted: bool,
    metrics: &[Metric],
) -> Result<()> {
    let names = ["threshold", "tp", "fp", "fn", "tn"];
    let names = names.into_iter().chain(metrics.iter().map(Metric::name));
    let mut writer = TableWriter::new(output, names)?;
    for rows in rows.chunks(ROWS_AT_ONCE) {
        write_rows(&mut writer, rows, is_weighted, metrics)?;
    }
    writer.finish()
}

fn write_rows(
    writer: &mut TableWriter<'_>,
    rows: &[SweepRow],
    is_weighted: bool,
    metrics: &[Metric],
) -> Result<()> {
    let thresholds = rows.iter().map(SweepRow::threshold).collect::<Vec<_>>();
    let cell_columns = [Cells::tp, Cells::fp, Cells::fn_, Cells::tn].map(|cell| {
        let cells = rows.iter().map(|row| cell(&row.cells()));
        cells.collect::<Vec<_>>()
    });
    let counts = cell_columns.each_ref().map(|cells| {
        let cells = if is_weighted { &[] } else { &cells[..] };
        cells.iter().map(|&cell| count(cell)).collect::<Vec<_>>()
    });
    let metric_columns = metrics
        .par_iter()
        .map(|metric| {
            let values = rows.iter().map(|row| metric.value(&row.cells()));
            values.collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    let mut columns = vec![Column::OptionalFloats(&thresholds)];
    for (cells, counts) in cell_columns.iter().zip(&counts) {
        columns.push(if is_weighted {
            Column::Floats(ArrayView1::from(cells))
        } else {
            Column::Counts(counts)
        });
    }
    let metric_columns = metric_columns.iter();
    columns.extend(metric_columns.map(|values| Column::OptionalFloats(values)));
    writer.write(&columns)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cells of an unweighted sweep are whole numbers from 0"
)]
fn count(cell: f64) -> u64 {
    cell as u64
}
