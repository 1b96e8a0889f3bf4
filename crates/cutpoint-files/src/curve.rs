//! The points of a curve as a table.

use cutpoint_core::Labels;

use crate::column::Column;
use crate::table_write::TableWriter;
use crate::{Output, Result};

/// The values of one column of a curve or of a sweep.
#[derive(Debug, Clone, Copy)]
pub enum TableColumn<'a> {
    /// Numbers; `None` is an empty field.
    Numbers(&'a [Option<f64>]),
    /// Whole numbers.
    Counts(&'a [u64]),
    /// The class whose curve it is.
    Classes(&'a Labels),
    /// Text.
    Texts(&'a [&'a str]),
}

impl<'a> TableColumn<'a> {
    pub(crate) fn column(self) -> Column<'a> {
        match self {
            Self::Numbers(values) => Column::OptionalFloats(values),
            Self::Counts(values) => Column::Counts(values),
            Self::Classes(values) => Column::Labels(values),
            Self::Texts(values) => Column::Texts(values),
        }
    }
}

/// Writes the points of a curve, or of one after the other.
///
/// # Errors
/// [`crate::Error::Write`] if the system refuses.
///
/// # Panics
/// If the columns differ in length.
pub fn write_curve(output: &mut Output, columns: &[(&str, TableColumn<'_>)]) -> Result<()> {
    let mut writer = TableWriter::new(output, columns.iter().map(|(name, _)| *name))?;
    let columns = columns.iter().map(|(_, column)| column.column());
    writer.write(&columns.collect::<Vec<_>>())?;
    writer.finish()
}
