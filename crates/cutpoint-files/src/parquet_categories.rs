//! Columns of categories, written with all of their categories in their order.
//!
//! The encoder makes a dictionary of the values in the order in which rows first have them, so it is given a page that
//! has each category once, and that page is left out of the file.

use std::sync::Arc;

use bytes::Bytes;
use parquet::basic::Compression;
use parquet::column::page::{CompressedPage, PageWriteSpec, PageWriter};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer};
use parquet::errors::ParquetError;
use parquet::file::properties::{EnabledStatistics, WriterProperties};
use parquet::file::writer::{SerializedPageWriter, TrackedWrite};
use parquet::schema::types::ColumnDescPtr;

use crate::parquet_file::Categories;
use crate::parquet_values::{Stored, Values};

/// Rows of a page, about.
const PAGE_ROWS: usize = 1 << 16;

/// The chunk of a column.
pub(crate) fn encode_categories(
    stored: &Stored,
    descriptor: &ColumnDescPtr,
    categories: &Categories,
) -> Result<(Bytes, ColumnCloseResult), ParquetError> {
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_statistics_enabled(EnabledStatistics::None)
        .set_dictionary_enabled(true)
        .set_dictionary_page_size_limit(usize::MAX)
        .set_data_page_size_limit(usize::MAX)
        // A page ends after a batch that makes it at least this long: the first with the categories.
        .set_data_page_row_count_limit(categories.len())
        .set_write_batch_size(PAGE_ROWS.max(categories.len()))
        .build();
    let mut bytes = TrackedWrite::new(Vec::new());
    let pages = Box::new(WithoutFirst {
        pages: SerializedPageWriter::new(&mut bytes),
        end: 0,
        is_first: true,
    });
    let writer = get_column_writer(Arc::clone(descriptor), Arc::new(properties), pages);
    let (ColumnWriter::ByteArrayColumnWriter(mut writer), Values::Bytes(values)) =
        (writer, &stored.values)
    else {
        unreachable!("categories are of text");
    };
    let is_optional = descriptor.max_def_level() > 0;
    let ones = vec![1; categories.len()];
    writer.write_batch(categories, is_optional.then_some(&ones), None)?;
    writer.write_batch(values, is_optional.then_some(&stored.levels), None)?;
    let mut closed = writer.close()?;
    let n_rows = stored.n_rows() as u64;
    closed.rows_written = n_rows;
    closed.column_index = None;
    // It counts the page that is left out.
    closed.offset_index = None;
    let n_values = i64::try_from(n_rows).expect("rows in memory are below 2^63");
    let metadata = closed.metadata.into_builder().set_num_values(n_values);
    closed.metadata = metadata.clear_page_encoding_stats().build()?;
    Ok((bytes.into_inner()?.into(), closed))
}

/// Pages of a chunk, but for the first page of rows.
struct WithoutFirst<'w> {
    pages: SerializedPageWriter<'w, Vec<u8>>,
    /// Where the last page ends.
    end: u64,
    is_first: bool,
}

impl PageWriter for WithoutFirst<'_> {
    fn write_page(&mut self, page: CompressedPage) -> Result<PageWriteSpec, ParquetError> {
        if page.compressed_page().is_data_page() && std::mem::take(&mut self.is_first) {
            let mut written = PageWriteSpec::new();
            written.page_type = page.page_type();
            written.offset = self.end;
            return Ok(written);
        }
        let written = self.pages.write_page(page)?;
        self.end = written.offset + written.bytes_written;
        Ok(written)
    }

    fn close(&mut self) -> Result<(), ParquetError> {
        self.pages.close()
    }
}
