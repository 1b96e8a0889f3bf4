//! Whole rows of a CSV file as they stand.
//!
//! `csv_parse` and `csv_types` split them into fields.

/// Records of CSV, less the line breaks between them.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    pub(crate) bytes: Vec<u8>,
    /// Where each record starts.
    pub(crate) starts: Vec<usize>,
}

impl Lines {
    /// Records one after the other, as they stand.
    pub(crate) fn of_rows(&self, rows: &std::ops::Range<usize>) -> &[u8] {
        let place = |row: usize| self.starts.get(row).copied().unwrap_or(self.bytes.len());
        &self.bytes[place(rows.start)..place(rows.end)]
    }

    /// A record as it stands.
    pub(crate) fn line(&self, row: usize) -> &[u8] {
        let end = self.starts.get(row + 1).copied();
        without_line_breaks(&self.bytes[self.starts[row]..end.unwrap_or(self.bytes.len())])
    }

    /// Appends a record.
    pub(crate) fn push(&mut self, line: &[u8]) {
        self.starts.push(self.bytes.len());
        self.bytes.extend_from_slice(line);
        self.bytes.push(b'\n');
    }
}

/// A record without the line breaks around it; one that belongs to it stands inside quotes.
pub(crate) fn without_line_breaks(record: &[u8]) -> &[u8] {
    let is_break = |byte: &u8| matches!(byte, b'\r' | b'\n');
    let start = record.iter().position(|byte| !is_break(byte));
    let end = record.iter().rposition(|byte| !is_break(byte));
    match (start, end) {
        (Some(start), Some(end)) => &record[start..=end],
        _ => &[],
    }
}
