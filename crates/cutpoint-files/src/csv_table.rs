//! A CSV file as a table: the header is read at once, the rows in waves of blocks that are parsed in parallel.

use std::collections::HashMap;
use std::io::Read;
use std::path::Path;

use rayon::prelude::*;

use crate::columns::{Part, Projection};
use crate::csv_blocks::{Block, Blocks, csv_reader, line_breaks, offset};
use crate::csv_parse::{Fault, FaultKind, ends_in_quotes, parse};
use crate::lines::{Lines, without_line_breaks};
use crate::{Content, Error, Place, Result};

/// The rows of a file whose header has been read.
pub(crate) struct CsvRows {
    /// The header as it stands, less line breaks.
    header: Vec<u8>,
    header_size: usize,
    /// Rows that came with the header.
    first: Option<Block>,
    blocks: Blocks<Box<dyn Read + Send>>,
    /// The line that the next block starts on, counted from 1.
    line: u64,
    /// Bytes between the header and the next block.
    n_bytes: usize,
}

impl CsvRows {
    /// Reads the header from bytes that came from a path: the names of the columns, and what follows.
    pub(crate) fn open(path: &Path, input: Box<dyn Read + Send>) -> Result<(Vec<String>, Self)> {
        let mut blocks = Blocks::new(input);
        let mut line = 1;
        let mut header_size = 0;
        while let Some(mut first) = next_block(&mut blocks, path)? {
            // The first block has the first bytes of the file, but for a mark of UTF-8.
            if header_size == 0
                && let Some(found) = Content::other_than_text(&first.bytes)
            {
                return Err(Error::OtherContent {
                    path: path.to_owned(),
                    expected: "CSV",
                    found,
                });
            }
            let mut reader = csv_reader(&first.bytes);
            let mut header = csv::StringRecord::new();
            let found = reader.read_record(&mut header);
            let mut end = offset(reader.position());
            let header_line = line + first.lines_before(0);
            match found {
                Err(_) => {
                    return Err(Error::NotUtf8 {
                        path: path.to_owned(),
                        place: Place::Line(header_line),
                    });
                }
                // A whole block of blank lines.
                Ok(false) => {
                    line += line_breaks(&first.bytes);
                    header_size += first.bytes.len();
                }
                Ok(true) => {
                    if end == first.bytes.len() && first.is_last && ends_in_quotes(&first.bytes) {
                        return Err(Error::OpenQuote {
                            path: path.to_owned(),
                            line: header_line,
                        });
                    }
                    if first.bytes[..end].ends_with(b"\r") && first.bytes[end..].starts_with(b"\n")
                    {
                        end += 1;
                    }
                    line += line_breaks(&first.bytes[..end]);
                    let whole_header = without_line_breaks(&first.bytes[..end]).to_vec();
                    first.bytes.drain(..end);
                    let rows = Self {
                        header: whole_header,
                        header_size: header_size + end,
                        first: Some(first),
                        blocks,
                        line,
                        n_bytes: 0,
                    };
                    return Ok((names(path, &header)?, rows));
                }
            }
        }
        Err(Error::EmptyFile {
            path: path.to_owned(),
        })
    }

    /// The header as it stands, less line breaks.
    pub(crate) fn header(&self) -> &[u8] {
        &self.header
    }

    /// How many bytes have been parsed, the header included.
    pub(crate) fn bytes_read(&self) -> u64 {
        (self.header_size + self.n_bytes) as u64
    }

    /// Reads what is wanted of the next rows, some parts at once; no parts after the last row.
    pub(crate) fn next_batches(
        &mut self,
        path: &Path,
        names: &[String],
        projection: Projection<'_>,
    ) -> Result<Vec<Result<Part<Lines>>>> {
        let mut wave = Vec::from_iter(self.first.take());
        while wave.len() < 2 * rayon::current_num_threads() {
            match next_block(&mut self.blocks, path)? {
                Some(block) => wave.push(block),
                None => break,
            }
        }
        let parse = |block: &Block| parse(block, names.len(), projection);
        let parts = match &wave[..] {
            // Most files are one block: no need to wake other threads.
            [block] => vec![parse(block)],
            blocks => blocks.par_iter().map(parse).collect::<Vec<_>>(),
        };
        let parts = parts.into_iter().zip(wave).map(|(part, block)| {
            let first_line = self.line;
            self.line += line_breaks(&block.bytes);
            self.n_bytes += block.bytes.len();
            let mut part = part.map_err(|fault| located(fault, first_line, path, names))?;
            part.columns.shift(first_line);
            if let Some(lines) = &mut part.rows {
                lines.bytes = block.bytes;
            }
            Ok(part)
        });
        Ok(parts.collect())
    }
}

fn located(fault: Fault, first_line: u64, path: &Path, names: &[String]) -> Error {
    let path = path.to_owned();
    let line = first_line + fault.lines_before;
    match fault.kind {
        FaultKind::Ragged { got } => Error::Ragged {
            path,
            line,
            expected: names.len(),
            got,
        },
        FaultKind::NotUtf8 => Error::NotUtf8 {
            path,
            place: Place::Line(line),
        },
        FaultKind::OpenQuote => Error::OpenQuote { path, line },
        FaultKind::Field {
            column,
            expected,
            found,
        } => Error::Field {
            path,
            place: Place::Line(line),
            column: names[column].clone(),
            expected,
            found,
        },
    }
}

fn next_block<R: Read>(blocks: &mut Blocks<R>, path: &Path) -> Result<Option<Block>> {
    blocks.next_block().map_err(|source| Error::Read {
        path: path.to_owned(),
        source,
    })
}

/// Column names, without the spaces around them; those that are there must be distinct.
fn names(path: &Path, header: &csv::StringRecord) -> Result<Vec<String>> {
    let mut seen = HashMap::new();
    let mut names = Vec::with_capacity(header.len());
    for (column, name) in header.iter().map(str::trim).enumerate() {
        let earlier = seen.insert(name, column).filter(|_| !name.is_empty());
        if let Some(earlier) = earlier {
            return Err(Error::DuplicateColumn {
                path: path.to_owned(),
                column: name.to_owned(),
                first: earlier + 1,
                second: column + 1,
            });
        }
        names.push(name.to_owned());
    }
    Ok(names)
}
