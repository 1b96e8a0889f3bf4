//! Pages of Parquet that hold what their headers promise, no more and no less.
//!
//! No value is decoded here. What a page claims is checked before it can make the decoder allocate without bound,
//! panic, or read something else than was written.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::{Compression, Encoding, Type as Physical};
use parquet::column::page::{Page, PageMetadata, PageReader};
use parquet::errors::ParquetError;
use parquet::file::metadata::ColumnChunkMetaData;
use parquet::file::reader::{ChunkReader, SerializedPageReader};
use parquet::schema::types::ColumnDescPtr;

use crate::parquet_thrift::{PageKind, PageSize};
use crate::positioned::Positioned;

/// The pages of a chunk, less those whose headers lie.
pub(crate) struct CheckedPages {
    pages: SerializedPageReader<Positioned>,
    bytes: Arc<Positioned>,
    column: ColumnDescPtr,
    compression: Compression,
    /// Where the header of the next page is, and where the chunk ends.
    next: u64,
    end: u64,
    has_dictionary: bool,
    /// Values that pages may yet hold.
    values_left: u64,
}

fn bad<T>(what: &str) -> Result<T, ParquetError> {
    Err(ParquetError::General(what.to_owned()))
}

impl CheckedPages {
    pub(crate) fn new(
        bytes: &Arc<Positioned>,
        chunk: &ColumnChunkMetaData,
        n_rows: usize,
    ) -> Result<Self, ParquetError> {
        let (start, size) = chunk.byte_range();
        Ok(Self {
            pages: SerializedPageReader::new(Arc::clone(bytes), chunk, n_rows, None)?,
            bytes: Arc::clone(bytes),
            column: chunk.column_descr_ptr(),
            compression: chunk.compression(),
            next: start,
            end: start.saturating_add(size),
            has_dictionary: false,
            values_left: u64::try_from(chunk.num_values()).unwrap_or_default(),
        })
    }

    /// Looks at the header of the next page and goes on to the one after it.
    fn pass_header(&mut self) -> Result<Option<PageKind>, ParquetError> {
        while self.next < self.end {
            let header = self.bytes.get_read(self.next)?;
            let Ok(size) = PageSize::read(header) else {
                return bad("a page has no header");
            };
            let sizes = size.header.checked_add(size.compressed);
            let Some(next) = sizes.and_then(|sizes| sizes.checked_add(self.next)) else {
                return bad("a page is too large");
            };
            self.next = next;
            if size.of == PageKind::Index {
                continue;
            }
            if size.uncompressed > most_bytes(self.compression, size.compressed) {
                return bad("a page claims to be larger than its bytes can be");
            }
            if self.compression == Compression::UNCOMPRESSED && size.uncompressed != size.compressed
            {
                return bad("a page that is not compressed has two sizes");
            }
            return Ok(Some(size.of));
        }
        Ok(None)
    }

    fn checked(&mut self, page: Option<Page>) -> Result<Option<Page>, ParquetError> {
        match &page {
            Some(Page::DictionaryPage {
                buf, num_values, ..
            }) => {
                // The decoder makes room for all values of a dictionary before it looks at the first.
                self.check_plain(buf, *num_values as usize)?;
                self.has_dictionary = true;
            }
            Some(page) => {
                let n_values = u64::from(page.num_values());
                let Some(left) = self.values_left.checked_sub(n_values) else {
                    return bad("the pages of a column hold more values than it has");
                };
                self.values_left = left;
                // Lists are not read.
                if self.column.max_rep_level() == 0 {
                    self.check_values(page)?;
                }
            }
            None => {}
        }
        Ok(page)
    }

    fn check_values(&self, page: &Page) -> Result<(), ParquetError> {
        let n_rows = page.num_values() as usize;
        let has_levels = self.column.max_def_level() > 0;
        let (levels, values) = match page {
            Page::DataPageV2 {
                buf,
                def_levels_byte_len,
                rep_levels_byte_len,
                ..
            } => {
                let start = *rep_levels_byte_len as usize;
                let end = start.saturating_add(*def_levels_byte_len as usize);
                if end > buf.len() {
                    return bad("a page is shorter than its levels");
                }
                (buf.slice(start..end), buf.slice(end..))
            }
            // An encoding of the past, which has no length.
            Page::DataPage {
                def_level_encoding, ..
            } if has_levels && *def_level_encoding != Encoding::RLE => return Ok(()),
            // Some writers keep a place for nulls here; the decoder knows them, and counts.
            Page::DataPage { .. }
                if self.column.physical_type() == Physical::FIXED_LEN_BYTE_ARRAY =>
            {
                return Ok(());
            }
            Page::DataPage { buf, .. } if has_levels => {
                let length = buf.first_chunk().map(|length| u32::from_le_bytes(*length));
                let end = length.map(|length| (length as usize).saturating_add(4));
                match end {
                    Some(end) if end <= buf.len() => (buf.slice(4..end), buf.slice(end..)),
                    _ => return bad("a page is shorter than its levels"),
                }
            }
            page => (Bytes::new(), page.buffer().clone()),
        };
        let n_values = match self.column.max_def_level() {
            0 => n_rows,
            1 => match n_ones(&levels, n_rows) {
                Some(n_values) => n_values,
                None => return bad("a page has fewer levels than rows"),
            },
            // Parts of nested columns are not read.
            _ => return Ok(()),
        };
        match page.encoding() {
            Encoding::PLAIN => self.check_plain(&values, n_values),
            Encoding::BYTE_STREAM_SPLIT => match self.width() {
                Some(width) if n_values.checked_mul(width) == Some(values.len()) => Ok(()),
                _ => bad("a page does not have as many bytes as values"),
            },
            Encoding::RLE_DICTIONARY | Encoding::PLAIN_DICTIONARY if !self.has_dictionary => {
                bad("a page refers to a dictionary that is not there")
            }
            _ => Ok(()),
        }
    }

    /// Checks that as many values stand one after the other, and nothing else.
    fn check_plain(&self, bytes: &[u8], n_values: usize) -> Result<(), ParquetError> {
        let fits = match (self.column.physical_type(), self.width()) {
            (Physical::BOOLEAN, _) => bytes.len() == n_values.div_ceil(8),
            (_, Some(width)) => n_values.checked_mul(width) == Some(bytes.len()),
            (_, None) => {
                let mut rest = bytes;
                let mut n_left = n_values;
                while n_left > 0 {
                    let Some((length, behind)) = rest.split_first_chunk() else {
                        break;
                    };
                    match behind.get(u32::from_le_bytes(*length) as usize..) {
                        Some(behind) => rest = behind,
                        None => break,
                    }
                    n_left -= 1;
                }
                n_left == 0 && rest.is_empty()
            }
        };
        if fits {
            Ok(())
        } else {
            bad("a page does not have as many bytes as values")
        }
    }

    /// Bytes of a value, if all have as many.
    fn width(&self) -> Option<usize> {
        match self.column.physical_type() {
            Physical::INT32 | Physical::FLOAT => Some(4),
            Physical::INT64 | Physical::DOUBLE => Some(8),
            Physical::INT96 => Some(12),
            Physical::FIXED_LEN_BYTE_ARRAY => usize::try_from(self.column.type_length()).ok(),
            Physical::BOOLEAN | Physical::BYTE_ARRAY => None,
        }
    }
}

/// Bytes that so many compressed ones can make, at most.
fn most_bytes(compression: Compression, n_bytes: u64) -> u64 {
    /// What a header or an empty page takes.
    const SLACK: u64 = 1 << 16;
    let ratio = match compression {
        Compression::UNCOMPRESSED => 1,
        // A copy of 64 bytes takes three.
        Compression::SNAPPY => 22,
        // One more byte makes a match 255 bytes longer.
        Compression::LZ4 | Compression::LZ4_RAW => 255,
        // The limit of deflate.
        Compression::GZIP(_) => 1032,
        // A block of 128 KiB of one byte takes four.
        _ => 1 << 15,
    };
    n_bytes.saturating_mul(ratio).saturating_add(SLACK)
}

/// How many of the first levels are 1, where each is 0 or 1: in runs of one level, and in groups of eight bits.
fn n_ones(mut levels: &[u8], n_levels: usize) -> Option<usize> {
    let mut left = n_levels;
    let mut n_ones = 0;
    while left > 0 {
        let mut head = 0_u64;
        let mut shift = 0;
        loop {
            let (&byte, rest) = levels.split_first()?;
            levels = rest;
            head |= u64::from(byte & 0x7f).checked_shl(shift)?;
            shift += 7;
            if byte < 0x80 {
                break;
            }
        }
        let count = usize::try_from(head >> 1).ok()?;
        if head & 1 == 0 {
            let (&level, rest) = levels.split_first()?;
            levels = rest;
            let run = count.min(left);
            if run == 0 || level > 1 {
                return None;
            }
            n_ones += run * usize::from(level);
            left -= run;
        } else {
            // The last group may be cut off after the last level.
            let n_bytes = count.min(left.div_ceil(8));
            let groups = levels.get(..n_bytes)?;
            levels = levels.get(count..).unwrap_or_default();
            if n_bytes == 0 {
                return None;
            }
            for &group in groups {
                let taken = left.min(8);
                let mask = u8::MAX >> (8 - taken);
                n_ones += (group & mask).count_ones() as usize;
                left -= taken;
            }
        }
    }
    Some(n_ones)
}

impl Iterator for CheckedPages {
    type Item = Result<Page, ParquetError>;

    fn next(&mut self) -> Option<Self::Item> {
        self.get_next_page().transpose()
    }
}

impl PageReader for CheckedPages {
    fn get_next_page(&mut self) -> Result<Option<Page>, ParquetError> {
        self.pass_header()?;
        let page = self.pages.get_next_page()?;
        self.checked(page)
    }

    fn peek_next_page(&mut self) -> Result<Option<PageMetadata>, ParquetError> {
        self.pages.peek_next_page()
    }

    fn skip_next_page(&mut self) -> Result<(), ParquetError> {
        // A dictionary that is passed over is read when a page refers to it.
        self.has_dictionary |= self.pass_header()? == Some(PageKind::Dictionary);
        let n_values = self
            .pages
            .peek_next_page()?
            .and_then(|page| page.num_levels);
        self.values_left = self
            .values_left
            .saturating_sub(n_values.unwrap_or_default() as u64);
        self.pages.skip_next_page()
    }

    fn supports_deferred_dictionary(&self) -> bool {
        self.pages.supports_deferred_dictionary()
    }

    fn take_deferred_dictionary(&mut self) -> Result<Option<Page>, ParquetError> {
        let page = self.pages.take_deferred_dictionary()?;
        self.checked(page)
    }

    fn at_record_boundary(&mut self) -> Result<bool, ParquetError> {
        self.pages.at_record_boundary()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn levels_are_counted_in_runs_and_groups() {
        // Parquet's encodings, "RLE / bit-packing hybrid": a run of 10 ones; two groups of eight.
        assert_eq!(n_ones(&[20, 1], 10), Some(10));
        assert_eq!(n_ones(&[20, 1, 5, 0b1010_1010, 0b0000_0111], 21), Some(17));
        assert_eq!(n_ones(&[20, 1, 5, 0b1010_1010, 0b0000_0111], 20), Some(16));
        assert_eq!(n_ones(&[20, 1, 5, 0b1010_1010, 0b0000_0111], 19), Some(15));
        assert_eq!(n_ones(&[20, 0], 7), Some(0));
        assert_eq!(n_ones(&[], 0), Some(0));
        for short in [&[][..], &[20], &[20, 2], &[0, 1], &[1], &[5], &[0xff; 12]] {
            assert_eq!(n_ones(short, 10), None, "{short:?}");
        }
    }
}
