//! Writes columns of numbers as NumPy's `.npy`: one matrix of doubles, row by row.
//!
//! Text and gaps are errors, as a matrix cannot hold them; names are dropped, as it has no place for them.

use cutpoint_core::Label;
use rayon::prelude::*;

use crate::column::Column;
use crate::{Error, Output, Result};

/// Bytes before the matrix, as NumPy itself would align it.
const HEADER: usize = 128;
/// Rows that one thread lays out at a time.
const ROWS_PER_BLOCK: usize = 4096;

/// Writes a matrix, rows in as many steps as the caller likes.
pub(crate) struct NpyWriter<'o> {
    output: &'o mut Output,
    names: Vec<String>,
    n_rows: u64,
}

impl<'o> NpyWriter<'o> {
    /// Leaves room for the header, which tells the number of rows.
    pub(crate) fn new(output: &'o mut Output, names: Vec<String>) -> Result<Self> {
        output.put(&header(0, names.len()))?;
        Ok(Self {
            output,
            names,
            n_rows: 0,
        })
    }

    /// Writes rows: one number of each column, until the columns end together.
    pub(crate) fn write(&mut self, columns: &[Column<'_>]) -> Result<()> {
        let n_rows = columns.first().map_or(0, Column::len);
        assert!(
            columns.len() == self.names.len()
                && columns.iter().all(|column| column.len() == n_rows),
            "one column a name, all of one length"
        );
        let classes = columns
            .iter()
            .zip(&self.names)
            .map(|(column, name)| self.class_numbers(column, name))
            .collect::<Result<Vec<_>>>()?;
        let blocks = (0..n_rows).step_by(ROWS_PER_BLOCK).collect::<Vec<_>>();
        for wave in blocks.chunks(4 * rayon::current_num_threads()) {
            let blocks = wave.par_iter().map(|&first| {
                let rows = first..n_rows.min(first + ROWS_PER_BLOCK);
                let mut bytes = Vec::with_capacity(8 * columns.len() * rows.len());
                for row in rows {
                    for (index, (column, classes)) in columns.iter().zip(&classes).enumerate() {
                        let number = match column {
                            Column::Floats(numbers) => numbers[row],
                            Column::OptionalFloats(numbers) => {
                                numbers[row].ok_or(Bad::Gap(index))?
                            }
                            Column::Counts(counts) => counts[row] as f64,
                            Column::Labels(labels) => classes[labels.codes()[row] as usize],
                            Column::Texts(_) => unreachable!("refused above"),
                        };
                        if !number.is_finite() {
                            return Err(Bad::NotFinite(index, number));
                        }
                        bytes.extend_from_slice(&number.to_le_bytes());
                    }
                }
                Ok(bytes)
            });
            for block in blocks.collect::<Vec<_>>() {
                let bytes = block.map_err(|bad| self.refused(bad))?;
                self.output.put(&bytes)?;
            }
        }
        self.n_rows += n_rows as u64;
        Ok(())
    }

    /// Writes the header, now that the number of rows is known.
    pub(crate) fn finish(self) -> Result<()> {
        let header = header(self.n_rows, self.names.len());
        self.output.put_at_start(&header)
    }

    /// The number of each class, for labels.
    fn class_numbers(&self, column: &Column<'_>, name: &str) -> Result<Vec<f64>> {
        let text = || Error::NpyText {
            path: self.output.path().to_owned(),
            column: name.to_owned(),
        };
        match column {
            Column::Texts(_) => Err(text()),
            Column::Labels(labels) => labels
                .classes()
                .iter()
                .map(|class| match class {
                    Label::Bool(value) => Ok(f64::from(*value)),
                    Label::Integer(value) => Ok(*value as f64),
                    Label::Text(_) => Err(text()),
                })
                .collect(),
            _ => Ok(Vec::new()),
        }
    }

    fn refused(&self, bad: Bad) -> Error {
        let path = self.output.path().to_owned();
        match bad {
            Bad::Gap(column) => Error::NpyGap {
                path,
                column: self.names[column].clone(),
            },
            Bad::NotFinite(column, value) => Error::NotFinite {
                path,
                column: self.names[column].clone(),
                value,
            },
        }
    }
}

/// What a matrix of numbers cannot hold, and in which column.
#[derive(Clone, Copy)]
enum Bad {
    Gap(usize),
    NotFinite(usize, f64),
}

/// The header of a matrix of doubles, always of the same length.
fn header(n_rows: u64, n_columns: usize) -> Vec<u8> {
    const MAGIC: &[u8] = b"\x93NUMPY\x01\x00";
    let text =
        format!("{{'descr': '<f8', 'fortran_order': False, 'shape': ({n_rows}, {n_columns}), }}");
    let n_text = HEADER - MAGIC.len() - 2;
    let mut header = MAGIC.to_vec();
    let length = u16::try_from(n_text).expect("a header of 128 bytes");
    header.extend_from_slice(&length.to_le_bytes());
    header.extend_from_slice(format!("{text:<width$}\n", width = n_text - 1).as_bytes());
    assert_eq!(header.len(), HEADER, "two numbers of 20 digits leave room");
    header
}
