//! The points of a curve as a table.
//!
//! It refuses to compute them and to know what the columns mean.

use cutpoint_core::Labels;

use crate::table_write::{Column, TableWriter};
use crate::{Output, Result};

/// The values of one column of a curve.
#[derive(Debug, Clone, Copy)]
pub enum CurveColumn<'a> {
    /// Numbers; `None` is an empty field.
    Numbers(&'a [Option<f64>]),
    /// Whole numbers.
    Counts(&'a [u64]),
    /// The class whose curve it is.
    Classes(&'a Labels),
}

/// Writes the points of a curve, or of one after the other.
///
/// # Errors
/// [`crate::Error::Write`] if the system refuses.
///
/// # Panics
/// If the columns differ in length.
pub fn write_curve(output: &mut Output, columns: &[(&str, CurveColumn<'_>)]) -> Result<()> {
    let mut writer = TableWriter::new(output, columns.iter().map(|(name, _)| *name))?;
    let columns = columns.iter().map(|(_, column)| match column {
        CurveColumn::Numbers(values) => Column::OptionalFloats(values),
        CurveColumn::Counts(values) => Column::Counts(values),
        CurveColumn::Classes(values) => Column::Labels(values),
    });
    writer.write(&columns.collect::<Vec<_>>())?;
    writer.finish()
}
