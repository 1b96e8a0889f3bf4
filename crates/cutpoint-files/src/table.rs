//! A CSV file as named columns: the header is read at once, the columns asked for when they are asked for.
//!
//! It refuses to give columns a meaning (features, labels, scores); the readers beside it do.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};

use rayon::prelude::*;

use crate::columns::{Columns, Fault, FaultKind, Wanted, ends_in_quotes, parse};
use crate::csv_blocks::{Block, Blocks, csv_reader, line_breaks, offset};
use crate::{Error, Format, Result};

/// A file whose header has been read and whose rows have not.
pub(crate) struct Table<'a> {
    path: PathBuf,
    names: Vec<String>,
    header_size: usize,
    /// Rows that came with the header.
    first: Block,
    blocks: Blocks<Box<dyn Read + Send + 'a>>,
    /// The line that the rows start on, counted from 1.
    line: u64,
}

/// Opens a CSV file, or stdin for `-`.
pub(crate) fn open_csv(path: &Path) -> Result<Box<dyn Read + Send>> {
    let Format::Csv = Format::of(path)?;
    if path == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let failed = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    if file.metadata().map_err(failed)?.is_dir() {
        return Err(Error::Directory {
            path: path.to_owned(),
        });
    }
    Ok(Box::new(file))
}

impl Table<'static> {
    /// Opens a file, or stdin for `-`.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        Self::new(path, open_csv(path)?)
    }
}

impl<'a> Table<'a> {
    /// Reads the header from bytes that came from a path.
    pub(crate) fn new(path: &Path, input: Box<dyn Read + Send + 'a>) -> Result<Self> {
        let mut blocks = Blocks::new(input);
        let mut line = 1;
        let mut header_size = 0;
        while let Some(mut first) = next_block(&mut blocks, path)? {
            let mut reader = csv_reader(&first.bytes);
            let mut header = csv::StringRecord::new();
            let found = reader.read_record(&mut header);
            let mut end = offset(reader.position());
            let header_line = line + first.lines_before(0);
            match found {
                Err(_) => {
                    return Err(Error::NotUtf8 {
                        path: path.to_owned(),
                        line: header_line,
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
                    first.bytes.drain(..end);
                    return Ok(Self {
                        path: path.to_owned(),
                        names: names(path, &header)?,
                        header_size: header_size + end,
                        first,
                        blocks,
                        line,
                    });
                }
            }
        }
        Err(Error::EmptyFile {
            path: path.to_owned(),
        })
    }

    /// The path that the table is read from.
    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    /// The names of the columns, without the spaces around them.
    pub(crate) fn names(&self) -> &[String] {
        &self.names
    }

    /// How many bytes of the file (less a byte order mark) the header takes, its line break included.
    pub(crate) fn header_size(&self) -> usize {
        self.header_size
    }

    /// The column of a name.
    pub(crate) fn find(&self, name: &str) -> Result<usize> {
        let found = self.names.iter().position(|other| other == name);
        found.ok_or_else(|| Error::MissingColumn {
            path: self.path.clone(),
            column: name.to_owned(),
            columns: self.names.clone(),
            near: nearest(name, &self.names),
        })
    }

    /// Reads what is wanted of every row; there must be at least one.
    pub(crate) fn read(mut self, wanted: Wanted<'_>) -> Result<Columns> {
        let n_columns = self.names.len();
        let parse = |block: &Block| parse(block, n_columns, wanted);
        let mut columns = Columns::empty(wanted.texts.len());
        let mut n_bytes = 0;
        let mut pending = Some(std::mem::take(&mut self.first));
        loop {
            let mut wave = Vec::from_iter(pending.take());
            while wave.len() < 2 * rayon::current_num_threads() {
                match next_block(&mut self.blocks, &self.path)? {
                    Some(block) => wave.push(block),
                    None => break,
                }
            }
            let parts = match &wave[..] {
                [] => break,
                // Most files are one block: no need to wake other threads.
                [block] => vec![parse(block)],
                blocks => blocks.par_iter().map(parse).collect(),
            };
            for (part, block) in parts.into_iter().zip(wave) {
                match part {
                    Ok(part) => columns.append(part, self.line, n_bytes),
                    Err(fault) => return Err(self.located(fault)),
                }
                self.line += line_breaks(&block.bytes);
                n_bytes += block.bytes.len();
            }
        }
        if columns.n_rows == 0 {
            return Err(Error::NoRows { path: self.path });
        }
        Ok(columns)
    }

    fn located(&self, fault: Fault) -> Error {
        let path = self.path.clone();
        let line = self.line + fault.lines_before;
        match fault.kind {
            FaultKind::Ragged { got } => Error::Ragged {
                path,
                line,
                expected: self.names.len(),
                got,
            },
            FaultKind::NotUtf8 => Error::NotUtf8 { path, line },
            FaultKind::OpenQuote => Error::OpenQuote { path, line },
            FaultKind::Field {
                column,
                expected,
                found,
            } => Error::Field {
                path,
                line,
                column: self.names[column].clone(),
                expected,
                found,
            },
        }
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

/// The name that reads most like one that is not there, if any comes close.
fn nearest(name: &str, names: &[String]) -> Option<String> {
    let wanted = name.to_lowercase();
    names
        .iter()
        .map(|other| {
            let distance = strsim::damerau_levenshtein(&wanted, &other.to_lowercase());
            (distance, other)
        })
        .filter(|(distance, other)| {
            let length = wanted.len().min(other.len());
            *distance <= 1 + length / 4 && *distance < length
        })
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, other)| other.clone())
}
