//! Opens Parquet files: bytes by position, metadata that fit the file and each other.
//!
//! No value is decoded here. What a damaged file claims is checked here and in `parquet_pages` before it can make the
//! decoder panic or allocate without bound.

use std::cell::Cell;
use std::collections::HashSet;
use std::io::{self, BufReader};
use std::panic::{self, AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Once};

use bytes::Bytes;
use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::column::page::{Page, PageReader};
use parquet::column::reader::{ColumnReader, get_column_reader};
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::{KeyValue, ParquetMetaData, ParquetMetaDataReader, RowGroupMetaData};
use parquet::file::reader::{ChunkReader, Length};
use parquet::schema::types::{ColumnDescriptor, Type, TypePtr};

use crate::arrow_schema;
use crate::parquet_pages::CheckedPages;
use crate::parquet_thrift::chunk_types;
use crate::positioned::{FromPosition, Positioned};
use crate::{Error, Result};

/// A file whose footer has been read and found to fit the file.
pub(crate) struct ParquetFile {
    path: PathBuf,
    bytes: Arc<Positioned>,
    metadata: ParquetMetaData,
    columns: Vec<ParquetColumn>,
}

/// The values that a column of categories may have, in their order.
pub(crate) type Categories = Arc<Vec<ByteArray>>;

/// A column at the top level of the schema.
#[derive(Debug, Clone)]
pub(crate) struct ParquetColumn {
    pub(crate) name: String,
    /// Which of the leaves of the schema it is, unless it has parts or lists.
    pub(crate) leaf: Option<usize>,
    pub(crate) kind: Kind,
}

/// What the values of a column mean.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    Bool,
    Integer {
        is_signed: bool,
    },
    Float,
    Text,
    /// What no reader here knows, by its name.
    Other(String),
}

impl ParquetFile {
    pub(crate) fn open(path: &Path) -> Result<Self> {
        let bytes = Arc::new(Positioned::open(path)?);
        let metadata = guarded(path, || {
            let metadata = ParquetMetaDataReader::new().parse_and_finish(&*bytes)?;
            check(&metadata, bytes.n_bytes())?;
            check_types(&metadata, &bytes)?;
            Ok(metadata)
        });
        let metadata = metadata.map_err(|error| bytes.or_other_content(path, "Parquet", error))?;
        let columns = columns(&metadata);
        if let Some(codec) = unknown_codec(&metadata) {
            return Err(Error::Compression {
                path: path.to_owned(),
                codec,
            });
        }
        for (second, column) in columns.iter().enumerate() {
            let same = |other: &ParquetColumn| other.name == column.name;
            if let Some(first) = columns[..second].iter().position(same) {
                return Err(Error::DuplicateColumn {
                    path: path.to_owned(),
                    column: column.name.clone(),
                    first: first + 1,
                    second: second + 1,
                });
            }
        }
        Ok(Self {
            path: path.to_owned(),
            bytes,
            metadata,
            columns,
        })
    }

    pub(crate) fn path(&self) -> &Path {
        &self.path
    }

    pub(crate) fn columns(&self) -> &[ParquetColumn] {
        &self.columns
    }

    /// The whole schema.
    pub(crate) fn schema(&self) -> TypePtr {
        let schema = self.metadata.file_metadata().schema_descr();
        schema.root_schema_ptr()
    }

    /// What the file says of itself, as names and texts.
    pub(crate) fn key_values(&self) -> Option<Vec<KeyValue>> {
        self.metadata.file_metadata().key_value_metadata().cloned()
    }

    /// The categories of each column that Arrow describes as a dictionary, whole and in their order; none for the
    /// others.
    pub(crate) fn categories(&self) -> Result<Vec<Option<Categories>>> {
        let mut categories = vec![None; self.columns.len()];
        let metadata = self.metadata.file_metadata().key_value_metadata();
        let mut entries = metadata.into_iter().flatten();
        let described = entries.find(|entry| entry.key == arrow_schema::KEY);
        let text = described.and_then(|entry| entry.value.as_deref());
        let Some(are_dictionaries) = text.and_then(arrow_schema::dictionaries) else {
            return Ok(categories);
        };
        if are_dictionaries.len() != self.columns.len() {
            return Ok(categories);
        }
        for (index, column) in self.columns.iter().enumerate() {
            if let (true, Kind::Text, Some(leaf)) =
                (are_dictionaries[index], &column.kind, column.leaf)
            {
                categories[index] = guarded(&self.path, || self.categories_of(leaf))?;
            }
        }
        Ok(categories)
    }

    /// Those of one column, of all row groups; nothing where a row group has no dictionary.
    fn categories_of(&self, leaf: usize) -> Result<Option<Categories>, ParquetError> {
        let mut categories = Vec::new();
        let mut known = HashSet::new();
        for group in 0..self.n_row_groups() {
            let chunk = self.metadata.row_group(group).column(leaf);
            let mut pages = CheckedPages::new(&self.bytes, chunk, self.group_rows(group))?;
            match pages.get_next_page()? {
                Some(Page::DictionaryPage { buf, .. }) => {
                    let mut rest = &buf[..];
                    // The page was found to hold whole values.
                    while let Some((length, behind)) = rest.split_first_chunk() {
                        let (value, behind) = behind.split_at(u32::from_le_bytes(*length) as usize);
                        rest = behind;
                        if known.insert(value.to_vec()) {
                            categories.push(ByteArray::from(value.to_vec()));
                        }
                    }
                }
                Some(_) => return Ok(None),
                None => {}
            }
        }
        Ok((!categories.is_empty()).then(|| Arc::new(categories)))
    }

    pub(crate) fn n_bytes(&self) -> u64 {
        self.bytes.n_bytes()
    }

    /// Rows in all.
    pub(crate) fn n_rows(&self) -> usize {
        (0..self.n_row_groups())
            .map(|group| self.group_rows(group))
            .sum()
    }

    pub(crate) fn n_row_groups(&self) -> usize {
        self.metadata.num_row_groups()
    }

    /// Rows of a row group.
    pub(crate) fn group_rows(&self, group: usize) -> usize {
        let n_rows = self.metadata.row_group(group).num_rows();
        usize::try_from(n_rows).expect("checked when the file was opened")
    }

    /// A reader of the values of a leaf in a row group, from its first row.
    pub(crate) fn reader(&self, group: usize, leaf: usize) -> Result<ColumnReader, ParquetError> {
        let chunk = self.metadata.row_group(group).column(leaf);
        let n_rows = self.group_rows(group);
        let pages = CheckedPages::new(&self.bytes, chunk, n_rows)?;
        Ok(get_column_reader(chunk.column_descr_ptr(), Box::new(pages)))
    }
}

/// Does something with the bytes of a file, and tells in which file if they are bad.
///
/// The decoder panics on some damaged files. Such a file is an error like any other, and nothing that the decoder held
/// is used again.
pub(crate) fn guarded<T>(path: &Path, read: impl FnOnce() -> Result<T, ParquetError>) -> Result<T> {
    let result = quietly(read).unwrap_or_else(|| {
        Err(ParquetError::General(
            "the bytes of a page contradict each other".to_owned(),
        ))
    });
    result.map_err(|error| match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => Error::Read {
                path: path.to_owned(),
                source: *source,
            },
            Err(source) => Error::damaged_parquet(path, source),
        },
        error => Error::damaged_parquet(path, Box::new(error)),
    })
}

/// Does something that may panic, which then says nothing on its own; nothing if it does.
fn quietly<T>(run: impl FnOnce() -> T) -> Option<T> {
    thread_local! {
        static IS_QUIET: Cell<bool> = const { Cell::new(false) };
    }
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let loud = panic::take_hook();
        panic::set_hook(Box::new(move |about| {
            if !IS_QUIET.get() {
                loud(about);
            }
        }));
    });
    let was_quiet = IS_QUIET.replace(true);
    let result = catch_unwind(AssertUnwindSafe(run));
    IS_QUIET.set(was_quiet);
    result.ok()
}

/// The name of a compression that this build does not have.
fn unknown_codec(metadata: &ParquetMetaData) -> Option<&'static str> {
    let mut chunks = metadata
        .row_groups()
        .iter()
        .flat_map(RowGroupMetaData::columns);
    chunks.find_map(|chunk| match chunk.compression() {
        Compression::BROTLI(_) => Some("brotli"),
        Compression::LZO => Some("lzo"),
        _ => None,
    })
}

/// Refuses metadata that do not fit the file or each other.
fn check(metadata: &ParquetMetaData, n_bytes: u64) -> Result<(), ParquetError> {
    let bad = |what: &str| Err(ParquetError::General(what.to_owned()));
    let n_leaves = metadata.file_metadata().schema_descr().num_columns();
    let mut total = 0_i64;
    for group in metadata.row_groups() {
        if group.num_rows() < 0 || group.num_columns() != n_leaves {
            return bad("a row group contradicts the schema");
        }
        total = total.saturating_add(group.num_rows());
        for chunk in group.columns() {
            let start = chunk
                .dictionary_page_offset()
                .unwrap_or(chunk.data_page_offset());
            let range = u64::try_from(start)
                .ok()
                .zip(u64::try_from(chunk.compressed_size()).ok());
            let end = range.and_then(|(start, size)| start.checked_add(size));
            if end.is_none_or(|end| end > n_bytes) {
                return bad("a column lies outside the file");
            }
            let is_flat = chunk.column_descr().max_rep_level() == 0;
            if is_flat && chunk.num_values() != group.num_rows() {
                return bad("a column and its row group differ in length");
            }
        }
    }
    if usize::try_from(total).is_err() || total == i64::MAX {
        return bad("the number of rows is beyond what any file holds");
    }
    Ok(())
}

/// Refuses chunks that say to hold another type than the schema does. The decoder believes the schema and passes over
/// what chunks say.
fn check_types(metadata: &ParquetMetaData, bytes: &Positioned) -> Result<(), ParquetError> {
    const TAIL: u64 = 8;
    let external = |error: io::Error| ParquetError::External(Box::new(error));
    let tail_start = bytes.n_bytes().saturating_sub(TAIL);
    let tail = bytes.read(tail_start, 4).map_err(external)?;
    let length = tail.try_into().map_or(0, u32::from_le_bytes);
    let start = tail_start.saturating_sub(length.into());
    let footer = bytes.read(start, length as usize).map_err(external)?;
    let types = chunk_types(&footer);
    let types = types.map_err(|error| ParquetError::General(error.to_string()))?;
    let chunks = metadata
        .row_groups()
        .iter()
        .flat_map(RowGroupMetaData::columns);
    let of_schema = chunks.map(|chunk| chunk.column_descr().physical_type() as i64);
    if of_schema.eq(types) {
        Ok(())
    } else {
        let what = "a column is of another type than the schema says";
        Err(ParquetError::General(what.to_owned()))
    }
}

fn columns(metadata: &ParquetMetaData) -> Vec<ParquetColumn> {
    let schema = metadata.file_metadata().schema_descr();
    let fields = schema.root_schema().get_fields();
    let mut leaf_of = vec![None; fields.len()];
    for leaf in (0..schema.num_columns()).rev() {
        leaf_of[schema.get_column_root_idx(leaf)] = Some(leaf);
    }
    fields
        .iter()
        .zip(leaf_of)
        .map(|(field, leaf)| column(field, leaf.map(|leaf| (leaf, schema.column(leaf)))))
        .collect()
}

fn column(field: &Type, leaf: Option<(usize, Arc<ColumnDescriptor>)>) -> ParquetColumn {
    let name = field.name().to_owned();
    let is_flat =
        field.is_primitive() && field.get_basic_info().repetition() != Repetition::REPEATED;
    match leaf {
        Some((leaf, descriptor)) if is_flat => ParquetColumn {
            name,
            leaf: Some(leaf),
            kind: kind(&descriptor),
        },
        _ => ParquetColumn {
            name,
            leaf: None,
            kind: Kind::Other("nested values".to_owned()),
        },
    }
}

pub(crate) fn kind(column: &ColumnDescriptor) -> Kind {
    let logical = column.logical_type_ref();
    let converted = column.converted_type();
    let integer = |is_signed| Kind::Integer { is_signed };
    match (column.physical_type(), logical, converted) {
        (Physical::BOOLEAN, None, _) => Kind::Bool,
        (Physical::INT32 | Physical::INT64, Some(LogicalType::Integer(integers)), _) => {
            integer(integers.is_signed)
        }
        (
            Physical::INT32 | Physical::INT64,
            None,
            ConvertedType::NONE
            | ConvertedType::INT_8
            | ConvertedType::INT_16
            | ConvertedType::INT_32
            | ConvertedType::INT_64,
        ) => integer(true),
        (
            Physical::INT32 | Physical::INT64,
            None,
            ConvertedType::UINT_8
            | ConvertedType::UINT_16
            | ConvertedType::UINT_32
            | ConvertedType::UINT_64,
        ) => integer(false),
        (Physical::FLOAT | Physical::DOUBLE, None, _) => Kind::Float,
        (Physical::FIXED_LEN_BYTE_ARRAY, Some(LogicalType::Float16), _)
            if column.type_length() == 2 =>
        {
            Kind::Float
        }
        (Physical::BYTE_ARRAY, Some(LogicalType::String | LogicalType::Enum), _)
        | (
            Physical::BYTE_ARRAY,
            None,
            ConvertedType::NONE | ConvertedType::UTF8 | ConvertedType::ENUM,
        ) => Kind::Text,
        (physical, Some(logical), _) => Kind::Other(other(physical, logical)),
        (physical, None, ConvertedType::NONE) => Kind::Other(format!("{physical} values")),
        (_, None, converted) => Kind::Other(format!("{converted} values")),
    }
}

/// The values of a type that no reader here knows.
fn other(physical: Physical, logical: &LogicalType) -> String {
    let name = match logical {
        LogicalType::Decimal(decimal) => {
            return format!("DECIMAL({}, {}) values", decimal.precision, decimal.scale);
        }
        LogicalType::Date => "DATE",
        LogicalType::Time(_) => "TIME",
        LogicalType::Timestamp(_) => "TIMESTAMP",
        LogicalType::Float16 => "FLOAT16",
        LogicalType::Uuid => "UUID",
        LogicalType::Json => "JSON",
        LogicalType::Bson => "BSON",
        LogicalType::Unknown => "NULL",
        _ => return format!("annotated {physical} values"),
    };
    format!("{name} values")
}

impl Length for Positioned {
    fn len(&self) -> u64 {
        self.n_bytes()
    }
}

impl ChunkReader for Positioned {
    type T = BufReader<FromPosition>;

    fn get_read(&self, start: u64) -> parquet::errors::Result<Self::T> {
        // A page header takes some dozens of bytes.
        const BUFFER: usize = 512;
        Ok(BufReader::with_capacity(BUFFER, self.from(start)))
    }

    fn get_bytes(&self, start: u64, length: usize) -> parquet::errors::Result<Bytes> {
        let end = start.checked_add(length as u64);
        if end.is_none_or(|end| end > self.n_bytes()) {
            return Err(ParquetError::EOF("a page ends behind the file".to_owned()));
        }
        Ok(self.read(start, length)?.into())
    }
}
