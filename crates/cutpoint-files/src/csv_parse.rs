//! The rows of a block of CSV as columns of numbers and text.
//!
//! What is wrong with a row is told by its place in the block; which file it was, the caller says.

use crate::columns::{Columns, NumberColumn, Part, Projection};
use crate::csv_blocks::{Block, csv_reader, offset, record_start};
use crate::csv_plain::parse_plain;
use crate::lines::Lines;
use crate::{Place, Result};

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

/// The rows of a block.
pub(crate) fn parse(
    block: &Block,
    n_columns: usize,
    projection: Projection<'_>,
) -> Result<Part<Lines>, Fault> {
    match parse_plain(block, n_columns, projection) {
        Some(part) => Ok(part),
        None => parse_any(block, n_columns, projection),
    }
}

/// The rows of a block, whatever is in it.
pub(crate) fn parse_any(
    block: &Block,
    n_columns: usize,
    projection: Projection<'_>,
) -> Result<Part<Lines>, Fault> {
    let mut columns = Columns::of_projection(projection);
    let mut reader = csv_reader(&block.bytes);
    let mut record = csv::StringRecord::new();
    let mut starts = Vec::new();
    let mut start = 0;
    // Up to where line breaks have been counted.
    let mut counted = (0, 0);
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
        for &NumberColumn { column, domain } in projection.numbers {
            let number = domain.parse(&record[column]).map_err(|expected| {
                fault(FaultKind::Field {
                    column,
                    expected,
                    found: record[column].to_owned(),
                })
            })?;
            columns.has_fractions |= domain.is_fraction(&record[column]);
            columns.numbers.push(number);
        }
        for (&column, texts) in projection.texts.iter().zip(&mut columns.texts) {
            texts.push(&record[column], || {
                Place::Line(block.lines_since(start, &mut counted))
            });
        }
        if projection.rows {
            starts.push(record_start(&block.bytes, start));
        }
        columns.n_rows += 1;
        start = end;
    }
    let rows = projection.rows.then(|| Lines {
        // The caller, who owns the bytes, puts them in.
        bytes: Vec::new(),
        starts,
    });
    Ok(Part { columns, rows })
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
