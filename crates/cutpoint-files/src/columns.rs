//! The rows of a block as columns of numbers and text.
//!
//! It refuses to know files: what is wrong with a row is told by its place in the block.

use std::collections::HashMap;

use crate::Result;
use crate::csv_blocks::{Block, csv_reader, offset, record_start};

/// A column of numbers to read, and what they must be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberColumn {
    pub(crate) column: usize,
    pub(crate) domain: Domain,
}

/// What to read besides the number of rows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Wanted<'w> {
    pub(crate) numbers: &'w [NumberColumn],
    pub(crate) texts: &'w [usize],
    /// Where each row starts.
    pub(crate) starts: bool,
}

/// What the numbers of a column must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Domain {
    Finite,
    /// Finite and not negative.
    Weight,
}

/// Columns that were read.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) n_rows: usize,
    /// Row after row, in the order asked for: `(n_rows, numbers asked for)`.
    pub(crate) numbers: Vec<f64>,
    pub(crate) texts: Vec<TextColumn>,
    /// Where each row starts, in bytes behind the header.
    pub(crate) starts: Vec<usize>,
}

/// A column of text in which few texts return often.
#[derive(Debug, Default)]
pub(crate) struct TextColumn {
    /// Which of the distinct texts each row has.
    pub(crate) codes: Vec<u32>,
    /// The distinct texts, in the order they first stand in.
    pub(crate) distinct: Vec<String>,
    /// The line that each first stands on.
    pub(crate) first_lines: Vec<u64>,
    code_of: HashMap<String, u32>,
}

impl TextColumn {
    fn push(&mut self, text: &str, line: impl FnOnce() -> u64) {
        // Neighbours often agree.
        let last = self.codes.last().copied();
        let code = match last {
            Some(code) if self.distinct[code as usize] == text => code,
            _ => self.code(text, line),
        };
        self.codes.push(code);
    }

    fn code(&mut self, text: &str, line: impl FnOnce() -> u64) -> u32 {
        if let Some(&code) = self.code_of.get(text) {
            return code;
        }
        let code = u32::try_from(self.distinct.len()).expect("fewer than 2^32 distinct texts");
        self.distinct.push(text.to_owned());
        self.first_lines.push(line());
        self.code_of.insert(text.to_owned(), code);
        code
    }

    /// Appends the rows of a later part of the file, whose lines count from `first_line`.
    fn append(&mut self, part: &Self, first_line: u64) {
        let codes = part
            .distinct
            .iter()
            .zip(&part.first_lines)
            .map(|(text, line)| self.code(text, || first_line + line))
            .collect::<Vec<_>>();
        self.codes
            .extend(part.codes.iter().map(|&code| codes[code as usize]));
    }
}

/// What is wrong with a row, before path and column names are at hand.
pub(crate) struct Fault {
    /// Lines between the start of the block and the row.
    pub(crate) lines_before: u64,
    pub(crate) kind: FaultKind,
}

pub(crate) enum FaultKind {
    Ragged {
        got: usize,
    },
    NotUtf8,
    OpenQuote,
    Field {
        column: usize,
        expected: &'static str,
        found: String,
    },
}

impl Columns {
    pub(crate) fn empty(n_texts: usize) -> Self {
        Self {
            texts: (0..n_texts).map(|_| TextColumn::default()).collect(),
            ..Self::default()
        }
    }

    pub(crate) fn append(&mut self, part: Self, first_line: u64, first_byte: usize) {
        self.n_rows += part.n_rows;
        if self.numbers.is_empty() {
            self.numbers = part.numbers;
        } else {
            self.numbers.extend_from_slice(&part.numbers);
        }
        for (column, part) in self.texts.iter_mut().zip(&part.texts) {
            column.append(part, first_line);
        }
        self.starts
            .extend(part.starts.iter().map(|start| first_byte + start));
    }
}

pub(crate) fn parse(block: &Block, n_columns: usize, wanted: Wanted<'_>) -> Result<Columns, Fault> {
    let mut columns = Columns::empty(wanted.texts.len());
    let mut reader = csv_reader(&block.bytes);
    let mut record = csv::StringRecord::new();
    let mut start = 0;
    loop {
        let fault = |kind| Fault {
            lines_before: block.lines_before(start),
            kind,
        };
        match reader.read_record(&mut record) {
            Ok(true) => {}
            Ok(false) => break,
            // The bytes are in memory and records may differ in length, so nothing else can be wrong.
            Err(_) => return Err(fault(FaultKind::NotUtf8)),
        }
        let end = offset(reader.position());
        if block.is_last && end == block.bytes.len() && ends_in_quotes(&block.bytes[start..]) {
            return Err(fault(FaultKind::OpenQuote));
        }
        if record.len() != n_columns {
            return Err(fault(FaultKind::Ragged { got: record.len() }));
        }
        for &NumberColumn { column, domain } in wanted.numbers {
            let number = domain.parse(&record[column]).map_err(|expected| {
                fault(FaultKind::Field {
                    column,
                    expected,
                    found: record[column].to_owned(),
                })
            })?;
            columns.numbers.push(number);
        }
        for (&column, texts) in wanted.texts.iter().zip(&mut columns.texts) {
            texts.push(&record[column], || block.lines_before(start));
        }
        if wanted.starts {
            columns.starts.push(record_start(&block.bytes, start));
        }
        columns.n_rows += 1;
        start = end;
    }
    Ok(columns)
}

impl Domain {
    /// A number from its text, spaces around it allowed, or what was expected.
    fn parse(self, field: &str) -> Result<f64, &'static str> {
        let number = field.trim().parse::<f64>().map_err(|_| "a number")?;
        if !number.is_finite() {
            return Err("a finite number");
        }
        match self {
            Self::Weight if number < 0.0 => Err("a number in [0, inf)"),
            Self::Weight | Self::Finite => Ok(number),
        }
    }
}

/// Whether the last record of a file is still inside quotes where the file ends: then one more line break would become
/// part of its last field instead of ending it.
pub(crate) fn ends_in_quotes(record: &[u8]) -> bool {
    if !record.contains(&b'"') {
        return false;
    }
    let last_field_of = |bytes: &[u8]| {
        let mut reader = csv_reader(bytes);
        let mut fields = csv::ByteRecord::new();
        // Bytes in memory, records of any length: reading them cannot fail.
        reader.read_byte_record(&mut fields).ok();
        fields.iter().next_back().map_or(0, <[u8]>::len)
    };
    let mut longer = record.to_vec();
    longer.push(b'\n');
    last_field_of(&longer) > last_field_of(record)
}
