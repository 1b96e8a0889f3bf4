//! The table of a sweep: one row a threshold, its cells, and metrics of them.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Cells, Metric, SweepRow};
use ndarray::ArrayView1;
use rayon::prelude::*;

use crate::column::Column;
use crate::table_write::TableWriter;
use crate::{Output, Result, TableColumn};

/// Rows whose metrics are computed before they are written.
const ROWS_AT_ONCE: usize = 1 << 16;

/// Writes rows of sweeps, in as many steps as the caller likes, in the format of the output: columns `threshold`, `tp`,
/// `fp`, `fn`, `tn`, one column a metric by its name (but for a cell, which is there already), then the columns that
/// the caller adds.
///
/// The threshold of "predict none" is an empty field (in Parquet null), and so is a metric where it is undefined.
/// Counts are whole numbers (INT64); sums of weights are floats (DOUBLE).
#[must_use = "nothing is written unless it is finished"]
pub struct SweepWriter<'o> {
    writer: TableWriter<'o>,
    is_weighted: bool,
    metrics: Vec<Metric>,
}

impl<'o> SweepWriter<'o> {
    /// Begins a table. `more`: the names of the columns that the caller adds.
    ///
    /// # Errors
    /// [`crate::Error::Write`] if the system refuses.
    pub fn new(
        output: &'o mut Output,
        is_weighted: bool,
        metrics: &[Metric],
        more: &[&str],
    ) -> Result<Self> {
        let metrics = metrics.iter().filter(|metric| !metric.is_cell()).cloned();
        let metrics = metrics.collect::<Vec<_>>();
        let names = ["threshold", "tp", "fp", "fn", "tn"].into_iter();
        let names = names.chain(metrics.iter().map(Metric::name));
        Ok(Self {
            writer: TableWriter::new(output, names.chain(more.iter().copied()))?,
            is_weighted,
            metrics,
        })
    }

    /// Writes rows. `more`: the columns that the caller adds, as announced.
    ///
    /// # Errors
    /// - [`crate::Error::Write`] if the system refuses.
    /// - [`crate::Error::NpyGap`] for `.npy`, which has no empty fields.
    ///
    /// # Panics
    /// If the columns differ in number from those announced, or in length from the rows.
    pub fn write(&mut self, rows: &[SweepRow], more: &[TableColumn<'_>]) -> Result<()> {
        write_rows(
            &mut self.writer,
            rows,
            self.is_weighted,
            &self.metrics,
            more,
        )
    }

    /// Writes what belongs at the end.
    ///
    /// # Errors
    /// [`crate::Error::Write`] if the system refuses.
    pub fn finish(self) -> Result<()> {
        self.writer.finish()
    }
}

/// Writes rows of a sweep as [`SweepWriter`] does, without further columns.
///
/// # Errors
/// Those of [`SweepWriter::write`].
pub fn write_sweep(
    output: &mut Output,
    rows: &[SweepRow],
    is_weighted: bool,
    metrics: &[Metric],
) -> Result<()> {
    let mut writer = SweepWriter::new(output, is_weighted, metrics, &[])?;
    for rows in rows.chunks(ROWS_AT_ONCE) {
        writer.write(rows, &[])?;
    }
    writer.finish()
}

fn write_rows(
    writer: &mut TableWriter<'_>,
    rows: &[SweepRow],
    is_weighted: bool,
    metrics: &[Metric],
    more: &[TableColumn<'_>],
) -> Result<()> {
    let thresholds = rows.iter().map(|row| row.threshold().map(Threshold::value));
    let thresholds = thresholds.collect::<Vec<_>>();
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
    columns.extend(more.iter().map(|column| column.column()));
    writer.write(&columns)
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cells of an unweighted sweep are whole numbers from 0"
)]
pub(crate) fn count(cell: f64) -> u64 {
    cell as u64
}
