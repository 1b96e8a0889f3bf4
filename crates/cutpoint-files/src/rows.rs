//! Rows as they stand in a file, to be copied to others.
//!
//! It refuses to touch their text: what is copied is the same bytes, quotes and all.

use std::io::Read;
use std::path::Path;

use cutpoint_core::Labels;

use crate::columns::{Columns, Wanted};
use crate::csv_write::push_text;
use crate::labels::labels;
use crate::score_reader::ScoreParts;
use crate::table::{Table, open_stream};
use crate::{Error, Format, LabelledScores, Output, Result, ScoreColumns};

/// A whole file of rows, kept as text.
#[derive(Debug)]
pub struct Rows {
    /// The file from the header on.
    bytes: Vec<u8>,
    header_size: usize,
    /// Where each row starts.
    starts: Vec<usize>,
}

impl Rows {
    /// Reads a file, and the labels of the column `target` if there is to be one.
    ///
    /// # Errors
    /// Those of [`crate::read_dataset`], but that columns may hold anything.
    pub fn read(path: &Path, target: Option<&str>) -> Result<(Self, Option<Labels>)> {
        let bytes = read_bytes(path)?;
        let (table, header_size) = Table::csv(path, Box::new(&bytes[..]))?;
        let column = target.map(|target| table.find(target)).transpose()?;
        let mut columns = table.read(Wanted {
            texts: column.as_slice(),
            starts: true,
            ..Wanted::default()
        })?;
        let y = match (target, &columns.texts[..]) {
            (Some(target), [texts]) => {
                let [y] = labels(path, [(target, texts)])?;
                Some(y)
            }
            _ => None,
        };
        let rows = Self::new(bytes, header_size, &mut columns);
        Ok((rows, y))
    }

    /// Reads a score file and keeps its rows.
    ///
    /// # Errors
    /// Those of [`crate::read_scores`].
    pub fn read_scores(path: &Path, columns: &ScoreColumns) -> Result<(Self, LabelledScores)> {
        let bytes = read_bytes(path)?;
        let (table, header_size) = Table::csv(path, Box::new(&bytes[..]))?;
        let mut starts = Vec::new();
        let scores = ScoreParts::new(table, columns)?
            .with_starts()
            .read_all(|_| {}, |part| starts.append(&mut part.starts))?;
        Ok((
            Self {
                bytes,
                header_size,
                starts,
            },
            scores,
        ))
    }

    fn new(bytes: Vec<u8>, header_size: usize, columns: &mut Columns) -> Self {
        Self {
            bytes,
            header_size,
            starts: std::mem::take(&mut columns.starts),
        }
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.starts.len()
    }

    /// Copies the header and the rows named, in the order named.
    ///
    /// # Errors
    /// [`Error::Write`] if the system refuses.
    ///
    /// # Panics
    /// If a row does not exist.
    pub fn write(&self, output: &mut Output, indices: &[usize]) -> Result<()> {
        output.put(self.header())?;
        output.put(b"\n")?;
        for &index in indices {
            output.put(self.row(index))?;
            output.put(b"\n")?;
        }
        Ok(())
    }

    /// Copies the header and the rows named, in the order named, with one more column behind the others.
    ///
    /// # Errors
    /// [`Error::Write`] if the system refuses.
    ///
    /// # Panics
    /// If a row does not exist.
    pub fn write_with<'t>(
        &self,
        output: &mut Output,
        column: &str,
        rows: impl IntoIterator<Item = (usize, &'t str)>,
    ) -> Result<()> {
        let mut ending = |line: &[u8], field: &str| {
            let mut text = line.to_vec();
            text.push(b',');
            push_text(&mut text, field);
            text.push(b'\n');
            output.put(&text)
        };
        ending(self.header(), column)?;
        for (index, field) in rows {
            ending(self.row(index), field)?;
        }
        Ok(())
    }

    fn header(&self) -> &[u8] {
        without_line_breaks(&self.bytes[..self.header_size])
    }

    fn row(&self, index: usize) -> &[u8] {
        let end = self.starts.get(index + 1);
        let rows = &self.bytes[self.header_size..];
        without_line_breaks(&rows[self.starts[index]..end.copied().unwrap_or(rows.len())])
    }
}

/// A record without the line breaks around it; one that belongs to it stands inside quotes.
fn without_line_breaks(record: &[u8]) -> &[u8] {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let start = record.iter().position(|byte| !is_break(byte));
    let end = record.iter().rposition(|byte| !is_break(byte));
    match (start, end) {
        (Some(start), Some(end)) => &record[start..=end],
        _ => &[],
    }
}

/// All bytes of a file, less a byte order mark.
fn read_bytes(path: &Path) -> Result<Vec<u8>> {
    if Format::of(path)? != Format::Csv {
        return Err(Error::RowsNotLines {
            path: path.to_owned(),
        });
    }
    let mut bytes = Vec::new();
    let (mut input, _) = open_stream(path)?;
    input
        .read_to_end(&mut bytes)
        .map_err(|source| Error::Read {
            path: path.to_owned(),
            source,
        })?;
    if bytes.starts_with(b"\xef\xbb\xbf") {
        bytes.drain(..3);
    }
    Ok(bytes)
}
