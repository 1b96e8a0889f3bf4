//! Tables to be written, whatever their format.
//!
//! What columns mean, the writers beside it say. What is particular to a format is in the module of that format.

use crate::column::Column;
use crate::csv_write::CsvWriter;
use crate::npy_write::NpyWriter;
use crate::parquet_write::ParquetWriter;
use crate::{Format, Output, Result};

/// Writes a table in the format of its output, rows in as many steps as the caller likes.
pub(crate) struct TableWriter<'o>(Writer<'o>);

enum Writer<'o> {
    Csv(CsvWriter<'o>),
    Parquet(Box<ParquetWriter<'o>>),
    Npy(NpyWriter<'o>),
}

impl<'o> TableWriter<'o> {
    /// Begins a table of named columns.
    pub(crate) fn new<'n>(
        output: &'o mut Output,
        names: impl IntoIterator<Item = &'n str>,
    ) -> Result<Self> {
        let names = names.into_iter().map(str::to_owned).collect::<Vec<_>>();
        Ok(Self(match output.format() {
            Format::Csv => Writer::Csv(CsvWriter::new(output, names)?),
            Format::Parquet => Writer::Parquet(Box::new(ParquetWriter::new(output, names))),
            Format::Npy => Writer::Npy(NpyWriter::new(output, names)?),
        }))
    }

    /// Writes rows: one value of each column, until the columns end together.
    pub(crate) fn write(&mut self, columns: &[Column<'_>]) -> Result<()> {
        match &mut self.0 {
            Writer::Csv(writer) => writer.write(columns),
            Writer::Parquet(writer) => writer.write(columns),
            Writer::Npy(writer) => writer.write(columns),
        }
    }

    /// Writes what belongs at the end.
    pub(crate) fn finish(self) -> Result<()> {
        match self.0 {
            Writer::Csv(_) => Ok(()),
            Writer::Parquet(writer) => writer.finish(),
            Writer::Npy(writer) => writer.finish(),
        }
    }
}
