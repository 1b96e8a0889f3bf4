//! Cuts a stream of CSV bytes into blocks of whole records, so that blocks can be parsed in parallel.
//!
//! What a record is, the `csv` crate decides; fields are not looked at.

use std::io::{self, Read};

/// Bytes of a block, about: large enough that a thread is busy for a while, small enough to stay in its cache.
const BLOCK_SIZE: usize = 1 << 20;

/// Some whole records of a file.
#[derive(Debug, Default)]
pub(crate) struct Block {
    pub(crate) bytes: Vec<u8>,
    /// Whether the file ends here.
    pub(crate) is_last: bool,
}

impl Block {
    /// How many line breaks stand before the record at (or after line breaks at) an offset.
    pub(crate) fn lines_before(&self, offset: usize) -> u64 {
        self.lines_since(offset, &mut (0, 0))
    }

    /// The same, counted on from an offset before and the line breaks up to it: many rows in turn are one pass.
    pub(crate) fn lines_since(&self, offset: usize, counted: &mut (usize, u64)) -> u64 {
        let start = record_start(&self.bytes, offset);
        let (before, lines) = *counted;
        *counted = (start, lines + line_breaks(&self.bytes[before..start]));
        counted.1
    }
}

/// The blocks of a stream, in order.
pub(crate) struct Blocks<R> {
    input: R,
    block_size: usize,
    /// Bytes after the last whole record so far.
    rest: Vec<u8>,
    at_start: bool,
    at_end: bool,
}

impl<R: Read> Blocks<R> {
    pub(crate) fn new(input: R) -> Self {
        Self {
            input,
            block_size: BLOCK_SIZE,
            rest: Vec::new(),
            at_start: true,
            at_end: false,
        }
    }

    /// The next block; the last one is followed by `None`. A byte order mark at the start is dropped.
    pub(crate) fn next_block(&mut self) -> io::Result<Option<Block>> {
        if self.at_end {
            return Ok(None);
        }
        let mut bytes = std::mem::take(&mut self.rest);
        loop {
            // A record longer than a block makes the block grow, twofold each time.
            let wanted = self.block_size.max(bytes.len());
            bytes.reserve(wanted);
            let got = (&mut self.input)
                .take(wanted as u64)
                .read_to_end(&mut bytes)?;
            if std::mem::take(&mut self.at_start) && bytes.starts_with(b"\xef\xbb\xbf") {
                bytes.drain(..3);
            }
            self.at_end = got < wanted;
            let end = if self.at_end {
                bytes.len()
            } else {
                end_of_whole_records(&bytes)
            };
            if end > 0 || self.at_end {
                self.rest = bytes.split_off(end);
                break;
            }
        }
        Ok(Some(Block {
            bytes,
            is_last: self.at_end,
        }))
    }
}

/// Where the last record that is surely whole ends.
fn end_of_whole_records(bytes: &[u8]) -> usize {
    if memchr::memchr(b'"', bytes).is_none() {
        return memchr::memrchr(b'\n', bytes).map_or(0, |newline| newline + 1);
    }
    // A newline may stand inside quotes. The record at the end may be cut, so it is left for the next block.
    let mut reader = csv_reader(bytes);
    let mut record = csv::ByteRecord::new();
    let mut start = 0;
    while reader.read_byte_record(&mut record).unwrap_or(false) {
        start = record.position().map_or(0, offset);
    }
    record_start(bytes, start)
}

/// Where a record begins: blank lines, and the `\n` of the `\r\n` before it, are not part of it.
pub(crate) fn record_start(bytes: &[u8], offset: usize) -> usize {
    bytes[offset..]
        .iter()
        .position(|&byte| byte != b'\r' && byte != b'\n')
        .map_or(bytes.len(), |skipped| offset + skipped)
}

/// A reader of records without a header that may differ in length, which the caller checks.
pub(crate) fn csv_reader(bytes: &[u8]) -> csv::Reader<&[u8]> {
    csv::ReaderBuilder::new()
        .has_headers(false)
        .flexible(true)
        .from_reader(bytes)
}

/// A position as an offset into the bytes in memory that were read.
pub(crate) fn offset(position: &csv::Position) -> usize {
    usize::try_from(position.byte()).expect("an offset into a slice fits usize")
}

/// How many lines end in the bytes: by `\n`, `\r\n` or, as on old systems, `\r` alone.
pub(crate) fn line_breaks(bytes: &[u8]) -> u64 {
    let newlines = memchr::memchr_iter(b'\n', bytes).count();
    let is_alone = |place: &usize| bytes.get(place + 1) != Some(&b'\n');
    let returns = memchr::memchr_iter(b'\r', bytes).filter(is_alone);
    (newlines + returns.count()) as u64
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn blocks(text: &str, block_size: usize) -> Vec<String> {
        let mut blocks = Blocks {
            block_size,
            ..Blocks::new(text.as_bytes())
        };
        let mut all = Vec::new();
        while let Some(block) = blocks.next_block().unwrap() {
            all.push(String::from_utf8(block.bytes).unwrap());
            assert_eq!(block.is_last, blocks.at_end);
        }
        assert!(blocks.at_end);
        all
    }

    #[test]
    fn blocks_end_at_line_ends() {
        assert_eq!(
            blocks("a,b\n1,2\n3,4\n5,6", 6),
            ["a,b\n", "1,2\n3,4\n", "5,6"]
        );
    }

    #[test]
    fn a_line_break_in_quotes_does_not_end_a_record() {
        let records = ["\"a\nb\",1\r\n", "\"c\r\n\n\nd\",2\r\n", "e,3\r\n"];
        let text = records.concat();
        for block_size in 1..text.len() + 2 {
            let blocks = blocks(&text, block_size);
            assert_eq!(blocks.concat(), text, "block size {block_size}");
            let mut start = 0;
            for block in &blocks {
                let starts = [
                    0,
                    records[0].len(),
                    text.len() - records[2].len(),
                    text.len(),
                ];
                assert!(
                    starts.contains(&start),
                    "block size {block_size}: {blocks:?}"
                );
                start += block.len();
            }
        }
    }

    #[test]
    fn line_breaks_of_every_system_count_once() {
        assert_eq!(line_breaks(b"a\nb\r\nc\rd"), 3);
        assert_eq!(line_breaks(b"a\n\nb"), 2);
        assert_eq!(line_breaks(b""), 0);
    }

    #[test]
    fn a_byte_order_mark_is_dropped() {
        assert_eq!(blocks("\u{feff}a\n1\n", 64), ["a\n1\n"]);
    }

    fn records(bytes: &[u8]) -> Vec<csv::ByteRecord> {
        csv_reader(bytes)
            .into_byte_records()
            .map(Result::unwrap)
            .collect()
    }

    proptest! {
        #[test]
        fn blocks_of_any_size_hold_the_records_of_the_whole(
            text in "[a\",\r\n]{0,40}",
            block_size in 1_usize..50,
        ) {
            let whole = records(text.as_bytes());
            let parts = blocks(&text, block_size);
            let parts = parts.iter().flat_map(|block| records(block.as_bytes()));
            prop_assert_eq!(parts.collect::<Vec<_>>(), whole);
        }
    }
}
