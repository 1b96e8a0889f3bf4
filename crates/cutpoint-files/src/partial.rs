//! Partial sweeps as tables: one row a bin.

use std::path::{Path, PathBuf};

use cutpoint_metrics::{BinJoin, PartialSweep, PartialSweepMerger};
use ndarray::ArrayView1;

use crate::column::Column;
use crate::columns::{Domain, NumberColumn, Projection};
use crate::npy_table::MatrixNames;
use crate::sweep::count;
use crate::table::Table;
use crate::table_write::TableWriter;
use crate::target::is_read_once;
use crate::{Error, Output, Result};

/// The columns of a partial sweep.
const NAMES: [&str; 4] = ["lowest", "highest", "positives", "negatives"];

/// Bins that are laid out before they are written.
const BINS_AT_ONCE: usize = 1 << 16;

/// Writes a partial sweep in the format of the output: columns `lowest`, `highest`, `positives`, `negatives`, from the
/// bin of the highest scores to that of the lowest.
///
/// Counts are whole numbers (INT64); sums of weights are floats (DOUBLE), rounded to doubles.
///
/// # Errors
/// [`Error::Write`] if the system refuses.
pub fn write_partial_sweep(output: &mut Output, partial: &PartialSweep) -> Result<()> {
    let mut writer = TableWriter::new(output, NAMES)?;
    for start in (0..partial.n_bins()).step_by(BINS_AT_ONCE) {
        let end = partial.n_bins().min(start + BINS_AT_ONCE);
        let bins = (start..end).map(|index| partial.bin(index));
        let bins = bins.collect::<Vec<_>>();
        let [lowest, highest, positives, negatives] = [
            cutpoint_metrics::ScoreBin::lowest,
            cutpoint_metrics::ScoreBin::highest,
            cutpoint_metrics::ScoreBin::positives,
            cutpoint_metrics::ScoreBin::negatives,
        ]
        .map(|value| bins.iter().map(value).collect::<Vec<_>>());
        let counts = |amounts: &[f64]| amounts.iter().copied().map(count).collect::<Vec<_>>();
        let scores = [lowest, highest];
        let [lowest, highest] = scores.each_ref().map(|scores| floats(scores));
        if partial.is_weighted() {
            writer.write(&[lowest, highest, floats(&positives), floats(&negatives)])?;
        } else {
            let [positives, negatives] = [counts(&positives), counts(&negatives)];
            let [positives, negatives] =
                [&positives, &negatives].map(|counts| Column::Counts(counts));
            writer.write(&[lowest, highest, positives, negatives])?;
        }
    }
    writer.finish()
}

fn floats(values: &[f64]) -> Column<'_> {
    Column::Floats(ArrayView1::from(values))
}

/// Reads a partial sweep, by whatever engine it was made: columns `lowest`, `highest`, `positives`, `negatives` in any
/// order, among others or not; bins in any order. An `.npy` matrix has the four columns in this order.
///
/// `positives` and `negatives` are counts if both are columns of whole numbers: in CSV no field has a point or an
/// exponent, in Parquet the type is an integer, in `.npy` every number is whole. Otherwise they are sums of weights.
///
/// # Errors
/// - Those of [`crate::read_scores`] for the file, the header and its rows.
/// - [`Error::Bins`] for bins that [`PartialSweep::from_counts`] or [`PartialSweep::from_weights`] refuses.
///
/// # Examples
/// ```
/// use cutpoint_files::read_partial_sweep;
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("shard.csv");
/// std::fs::write(&path, "lowest,highest,positives,negatives\n0.5,0.9,3,1\n0.1,0.4,1,2\n")?;
/// let partial = read_partial_sweep(&path)?;
/// assert_eq!((partial.n_bins(), partial.n_samples()), (2, Some(7)));
/// assert_eq!(partial.edges().cells(1).to_counts(), Some([3, 1, 1, 2]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_partial_sweep(path: &Path) -> Result<PartialSweep> {
    let table = Table::open(path, MatrixNames::Roles(&NAMES))?;
    let [lowest, highest, positives, negatives] = NAMES;
    let column = |name, domain| {
        let column = table.find(name)?;
        Ok(NumberColumn { column, domain })
    };
    let numbers = [
        column(lowest, Domain::Finite)?,
        column(highest, Domain::Finite)?,
        column(positives, Domain::Amount)?,
        column(negatives, Domain::Amount)?,
    ];
    let may_count = numbers[2..]
        .iter()
        .all(|amount| !table.declares_floats(amount.column));
    let columns = table.read(Projection {
        numbers: &numbers,
        ..Projection::default()
    })?;
    let column = |index: usize| {
        let values = columns.numbers[index..].iter().step_by(NAMES.len());
        values.copied().collect::<Vec<_>>()
    };
    let [lowest, highest, positives, negatives] = [0, 1, 2, 3].map(column);
    let is_whole = |amounts: &[f64]| amounts.iter().all(|amount| amount.fract() == 0.0);
    let are_counts =
        may_count && !columns.has_fractions && is_whole(&positives) && is_whole(&negatives);
    let partial = if are_counts {
        let counts = |amounts: Vec<f64>| amounts.into_iter().map(count).collect::<Vec<_>>();
        PartialSweep::from_counts(&lowest, &highest, &counts(positives), &counts(negatives))
    } else {
        PartialSweep::from_weights(&lowest, &highest, &positives, &negatives)
    };
    partial.map_err(|source| Error::Bins {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

/// Makes one partial sweep of those in files, holding but one of them beside it: of several each is read twice, as how
/// bins become one depends on how all of them are cut. `memory`: the bytes that the sweep may take.
///
/// # Errors
/// - Those of [`read_partial_sweep`].
/// - [`Error::ReadOnce`] for stdin or a pipe among several.
/// - [`Error::Rows`] for a part that does not go with those before it, [`Error::Merge`] for what is wrong with all.
///
/// # Examples
/// ```
/// use cutpoint_files::merge_partial_sweeps;
///
/// let directory = tempfile::tempdir()?;
/// let paths = ["a.csv", "b.csv"].map(|name| directory.path().join(name));
/// std::fs::write(&paths[0], "lowest,highest,positives,negatives\n0.9,0.9,3,1\n0.1,0.1,1,2\n")?;
/// std::fs::write(&paths[1], "lowest,highest,positives,negatives\n0.9,0.9,1,0\n0.5,0.5,0,4\n")?;
/// let partial = merge_partial_sweeps(&paths, 1 << 20)?;
/// assert_eq!((partial.n_bins(), partial.n_samples()), (3, Some(12)));
/// assert_eq!(partial.edges().cells(2).to_counts(), Some([4, 5, 1, 2]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn merge_partial_sweeps(paths: &[PathBuf], memory: usize) -> Result<PartialSweep> {
    let failed = |source| Error::Merge {
        source: Box::new(source),
    };
    if let [path] = paths {
        return read_partial_sweep(path);
    }
    if let Some(path) = paths.iter().find(|path| is_read_once(path)) {
        return Err(Error::ReadOnce { path: path.clone() });
    }
    let mut join = BinJoin::Bits;
    for path in paths {
        join = join.max(read_partial_sweep(path)?.join());
    }
    let mut merger = PartialSweepMerger::new(memory, join).map_err(failed)?;
    for path in paths {
        let part = read_partial_sweep(path)?;
        merger.add(&part).map_err(|source| Error::Rows {
            path: path.clone(),
            source: Box::new(source),
        })?;
    }
    merger.finish().map_err(failed)
}
