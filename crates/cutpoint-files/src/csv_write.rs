//! Writes columns as CSV: formatted in parallel, written in order.
//!
//! A float is written in the shortest form that reads back as the same bits, always with a point or an exponent (`1.0`,
//! `1e-9`), so that pandas and polars read the column as floats whatever its values are. Counts have neither.

use rayon::prelude::*;

use crate::column::Column;
use crate::{Error, Output, Result};

/// Rows that one thread formats at a time.
const ROWS_PER_BLOCK: usize = 4096;

/// Writes a table, rows in as many steps as the caller likes.
#[derive(Debug)]
pub(crate) struct CsvWriter<'o> {
    output: &'o mut Output,
    names: Vec<String>,
}

impl<'o> CsvWriter<'o> {
    /// Writes the header.
    pub(crate) fn new(output: &'o mut Output, names: Vec<String>) -> Result<Self> {
        let mut header = Vec::new();
        for (column, name) in names.iter().enumerate() {
            if column > 0 {
                header.push(b',');
            }
            push_text(&mut header, name);
        }
        header.push(b'\n');
        output.put(&header)?;
        Ok(Self { output, names })
    }

    /// Writes rows: one field of each column, until the columns end together.
    pub(crate) fn write(&mut self, columns: &[Column<'_>]) -> Result<()> {
        let n_rows = columns.first().map_or(0, Column::len);
        assert!(
            columns.len() == self.names.len()
                && columns.iter().all(|column| column.len() == n_rows),
            "one column a name, all of one length"
        );
        // The text of each class, once.
        let class_texts = columns
            .iter()
            .map(|column| match column {
                Column::Labels(labels) => labels.classes().iter().map(text).collect(),
                _ => Vec::new(),
            })
            .collect::<Vec<Vec<Vec<u8>>>>();
        let blocks = (0..n_rows)
            .step_by(ROWS_PER_BLOCK)
            .map(|start| start..n_rows.min(start + ROWS_PER_BLOCK))
            .collect::<Vec<_>>();
        let format = |rows: &std::ops::Range<usize>| format(columns, &class_texts, rows.clone());
        if let [rows] = &blocks[..] {
            // Most tables are one block: no need to wake other threads.
            return self.put(vec![format(rows)]);
        }
        let mut formatted = Vec::new();
        for wave in blocks.chunks(4 * rayon::current_num_threads()) {
            // The operating system takes one wave while the next is formatted.
            let (written, next) = rayon::join(
                || self.put(formatted),
                || wave.par_iter().map(format).collect::<Vec<_>>(),
            );
            written?;
            formatted = next;
        }
        self.put(formatted)
    }

    fn put(&mut self, texts: Vec<Result<Vec<u8>, NotFinite>>) -> Result<()> {
        for text in texts {
            let text = text.map_err(|NotFinite { column, value }| Error::NotFinite {
                path: self.output.path().to_owned(),
                column: self.names[column].clone(),
                value,
            })?;
            self.output.put(&text)?;
        }
        Ok(())
    }
}

struct NotFinite {
    column: usize,
    value: f64,
}

fn format(
    columns: &[Column<'_>],
    class_texts: &[Vec<Vec<u8>>],
    rows: std::ops::Range<usize>,
) -> Result<Vec<u8>, NotFinite> {
    /// What a field takes, more or less.
    const FIELD: usize = 20;
    let mut text = Vec::with_capacity(FIELD * columns.len() * rows.len());
    for row in rows {
        for (index, column) in columns.iter().enumerate() {
            if index > 0 {
                text.push(b',');
            }
            let float = match column {
                Column::Floats(values) => Some(values[row]),
                Column::OptionalFloats(values) => values[row],
                Column::Counts(values) => {
                    push_count(&mut text, values[row]);
                    None
                }
                Column::Labels(labels) => {
                    let code = labels.codes()[row] as usize;
                    text.extend_from_slice(&class_texts[index][code]);
                    None
                }
                Column::Texts(values) => {
                    push_text(&mut text, values[row]);
                    None
                }
            };
            if let Some(value) = float {
                if !value.is_finite() {
                    return Err(NotFinite {
                        column: index,
                        value,
                    });
                }
                text.extend_from_slice(zmij::Buffer::new().format_finite(value).as_bytes());
            }
        }
        text.push(b'\n');
    }
    Ok(text)
}

fn push_count(text: &mut Vec<u8>, count: u64) {
    text.extend_from_slice(count.to_string().as_bytes());
}

fn text(value: &impl std::fmt::Display) -> Vec<u8> {
    let mut text = Vec::new();
    push_text(&mut text, &value.to_string());
    text
}

/// Text as a field, in quotes where it would not read back otherwise.
pub(crate) fn push_text(text: &mut Vec<u8>, value: &str) {
    if value.is_empty() || value.contains(['"', ',', '\n', '\r']) {
        text.push(b'"');
        text.extend_from_slice(value.replace('"', "\"\"").as_bytes());
        text.push(b'"');
    } else {
        text.extend_from_slice(value.as_bytes());
    }
}
