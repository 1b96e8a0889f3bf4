//! The table of a sweep: one row a threshold, its cells, and metrics of them.
//!
//! It refuses to choose thresholds and to compute metrics.

use cutpoint_metrics::{Cells, Metric, SweepRow};
use ndarray::ArrayView1;

use crate::csv_write::{Column, CsvWriter};
use crate::{Output, Result};

/// Writes rows of a sweep: columns `threshold`, `tp`, `fp`, `fn`, `tn`, then one column a metric by its name.
///
/// The threshold of "predict none" is an empty field, and so is a metric where it is undefined. Counts are whole
/// numbers; sums of weights are floats.
///
/// # Errors
/// [`crate::Error::Write`] if the system refuses.
pub fn write_sweep(
    output: &mut Output,
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
        .iter()
        .map(|metric| {
            let values = rows.iter().map(|row| metric.value(&row.cells()));
            values.collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();

    let names = ["threshold", "tp", "fp", "fn", "tn"];
    let names = names.into_iter().chain(metrics.iter().map(Metric::name));
    let mut columns = vec![Column::OptionalFloats(&thresholds)];
    for (cells, counts) in cell_columns.iter().zip(&counts) {
        columns.push(if is_weighted {
            Column::Floats(ArrayView1::from(cells))
        } else {
            Column::Counts(counts)
        });
    }
    columns.extend(
        metric_columns
            .iter()
            .map(|values| Column::OptionalFloats(values)),
    );
    CsvWriter::new(output, names)?.write(&columns)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cells of an unweighted sweep are whole numbers from 0"
)]
fn count(cell: f64) -> u64 {
    cell as u64
}
