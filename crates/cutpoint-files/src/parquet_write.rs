//! Writes columns as Parquet: row groups of 8 MiB, the columns of a group encoded in parallel.

use std::io::{self, Write};
use std::mem;
use std::ops::Range;
use std::path::Path;
use std::sync::Arc;

use bytes::Bytes;
use cutpoint_core::Label;
use parquet::basic::{Compression, LogicalType, Repetition, Type as Physical};
use parquet::column::writer::{ColumnCloseResult, ColumnWriter, get_column_writer};
use parquet::data_type::ByteArray;
use parquet::errors::ParquetError;
use parquet::file::metadata::KeyValue;
use parquet::file::properties::{EnabledStatistics, WriterProperties, WriterPropertiesPtr};
use parquet::file::writer::{SerializedFileWriter, SerializedPageWriter, TrackedWrite};
use parquet::schema::types::{ColumnDescPtr, ColumnPath, SchemaDescriptor, Type, TypePtr};
use rayon::prelude::*;

use crate::column::Column;
use crate::parquet_categories::encode_categories;
use crate::parquet_file::Categories;
use crate::parquet_values::{Stored, Values};
use crate::{Error, Output, Result};

/// Rows of a row group at most.
pub(crate) const GROUP_ROWS: usize = 1 << 20;
/// Bytes that are gathered before they are written as a row group, about; encoded, they take as much once more.
pub(crate) const GROUP_BYTES: usize = 1 << 23;
/// Rows of a row group at least, however many columns there are.
const MIN_GROUP_ROWS: usize = 1 << 12;

/// Writes a table, rows in as many steps as the caller likes.
pub(crate) struct ParquetWriter<'o> {
    state: State<'o>,
    names: Vec<String>,
    group_rows: usize,
    /// Rows that make no whole row group yet.
    columns: Vec<Stored>,
    n_rows: usize,
}

enum State<'o> {
    /// The types are those of the first rows.
    Unopened(&'o mut Output),
    Open(Box<GroupWriter<'o>>),
    /// A step in between failed.
    Failed,
}

impl<'o> ParquetWriter<'o> {
    pub(crate) fn new(output: &'o mut Output, names: Vec<String>) -> Self {
        Self {
            state: State::Unopened(output),
            group_rows: group_rows(names.len()),
            names,
            columns: Vec::new(),
            n_rows: 0,
        }
    }

    /// Writes rows: one value of each column, until the columns end together.
    pub(crate) fn write(&mut self, columns: &[Column<'_>]) -> Result<()> {
        self.open(columns)?;
        let n_rows = columns.first().map_or(0, Column::len);
        let mut first = 0;
        while first < n_rows {
            let rows = first..n_rows.min(first + self.group_rows - self.n_rows);
            first = rows.end;
            self.n_rows += rows.len();
            let appended = self
                .columns
                .par_iter_mut()
                .zip(columns)
                .map(|(stored, column)| append(stored, column, rows.clone()))
                .collect::<Vec<_>>();
            for (name, appended) in self.names.iter().zip(appended) {
                appended.map_err(|refused| refused.located(self.state.path(), name))?;
            }
            if self.n_rows == self.group_rows {
                self.write_group()?;
            }
        }
        Ok(())
    }

    /// Writes what is left, and the end of the file.
    pub(crate) fn finish(mut self) -> Result<()> {
        if matches!(self.state, State::Unopened(_)) {
            // A table without rows: numbers are as good a type as any.
            let none = vec![Column::OptionalFloats(&[]); self.names.len()];
            self.open(&none)?;
        }
        if self.n_rows > 0 {
            self.write_group()?;
        }
        match self.state {
            State::Open(groups) => groups.finish(),
            State::Unopened(_) | State::Failed => {
                unreachable!("a writer that failed is not finished")
            }
        }
    }

    fn open(&mut self, columns: &[Column<'_>]) -> Result<()> {
        assert!(
            columns.len() == self.names.len()
                && columns
                    .iter()
                    .all(|column| column.len() == columns[0].len()),
            "one column a name, all of one length"
        );
        self.state = match mem::replace(&mut self.state, State::Failed) {
            State::Unopened(output) => {
                let fields = self.names.iter().zip(columns);
                let fields = fields.map(|(name, column)| Arc::new(field(name, column)));
                let schema = schema("schema", fields.collect());
                self.columns = columns.iter().map(empty).collect();
                State::Open(Box::new(GroupWriter::new(output, schema, None)?))
            }
            state => state,
        };
        Ok(())
    }

    fn write_group(&mut self) -> Result<()> {
        if let State::Open(groups) = &mut self.state {
            groups.write(&self.columns)?;
        }
        self.columns.iter_mut().for_each(Stored::clear);
        self.n_rows = 0;
        Ok(())
    }
}

impl State<'_> {
    fn path(&self) -> &Path {
        match self {
            Self::Unopened(output) => output.path(),
            Self::Open(groups) => groups.path(),
            Self::Failed => Path::new(""),
        }
    }
}

/// How many rows a row group of so many columns of numbers has.
fn group_rows(n_columns: usize) -> usize {
    let n_rows = GROUP_BYTES / size_of::<f64>() / n_columns.max(1);
    n_rows.clamp(MIN_GROUP_ROWS, GROUP_ROWS)
}

/// Writes whole row groups of columns that are typed already.
pub(crate) struct GroupWriter<'o> {
    writer: SerializedFileWriter<Sink<'o>>,
    properties: WriterPropertiesPtr,
    descriptors: Vec<ColumnDescPtr>,
    /// Of each column, if it has some.
    categories: Vec<Option<Categories>>,
}

impl<'o> GroupWriter<'o> {
    /// Begins a file of flat columns.
    pub(crate) fn new(
        output: &'o mut Output,
        schema: TypePtr,
        metadata: Option<Vec<KeyValue>>,
    ) -> Result<Self> {
        let descriptors = SchemaDescriptor::new(Arc::clone(&schema))
            .columns()
            .to_vec();
        let mut properties = WriterProperties::builder()
            .set_compression(Compression::SNAPPY)
            .set_statistics_enabled(EnabledStatistics::Chunk)
            .set_key_value_metadata(metadata);
        for descriptor in &descriptors {
            // Numbers that hardly ever return make no dictionary.
            let is_listed = matches!(descriptor.physical_type(), Physical::BYTE_ARRAY)
                || descriptor.physical_type() == Physical::INT64;
            let path = ColumnPath::new(descriptor.path().parts().to_vec());
            properties = properties.set_column_dictionary_enabled(path, is_listed);
        }
        let properties = Arc::new(properties.build());
        let path = output.path().to_owned();
        let writer = SerializedFileWriter::new(Sink(output), schema, Arc::clone(&properties));
        Ok(Self {
            writer: writer.map_err(|error| failed(&path, error))?,
            properties,
            categories: vec![None; descriptors.len()],
            descriptors,
        })
    }

    fn path(&self) -> &Path {
        self.writer.inner().0.path()
    }

    /// Writes the categories of the first columns whole and in their order, whichever rows come.
    pub(crate) fn keep_categories(&mut self, categories: &[Option<Categories>]) {
        for (kept, categories) in self.categories.iter_mut().zip(categories) {
            kept.clone_from(categories);
        }
    }

    /// Writes one row group: a column a field, all of one length.
    pub(crate) fn write(&mut self, columns: &[Stored]) -> Result<()> {
        let encoded = columns
            .par_iter()
            .zip(&self.descriptors)
            .zip(&self.categories)
            .map(|((stored, descriptor), categories)| match categories {
                Some(categories) => encode_categories(stored, descriptor, categories),
                None => encode(stored, descriptor, &self.properties),
            })
            .collect::<Vec<_>>();
        let write = || {
            let mut group = self.writer.next_row_group()?;
            for column in encoded {
                let (bytes, closed) = column?;
                group.append_column(&bytes, closed)?;
            }
            group.close()
        };
        let written = write().map(|_| ());
        written.map_err(|error| failed(self.path(), error))
    }

    /// Writes the end of the file.
    pub(crate) fn finish(mut self) -> Result<()> {
        let finished = self.writer.finish().map(|_| ());
        finished.map_err(|error| failed(self.path(), error))
    }
}

/// The root of a schema of flat columns.
pub(crate) fn schema(name: &str, fields: Vec<TypePtr>) -> TypePtr {
    let root = Type::group_type_builder(name).with_fields(fields).build();
    Arc::new(root.expect("fields that are whole make a schema that is"))
}

/// A column of text that has a value in every row.
pub(crate) fn text_field(name: &str) -> Type {
    let text = Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_logical_type(Some(LogicalType::String))
        .with_repetition(Repetition::REQUIRED);
    text.build().expect("text needs no more than a name")
}

/// A column of 16-bit floats that has a value in every row.
pub(crate) fn float16_field(name: &str) -> Type {
    let halves = Type::primitive_type_builder(name, Physical::FIXED_LEN_BYTE_ARRAY)
        .with_length(2)
        .with_logical_type(Some(LogicalType::Float16))
        .with_repetition(Repetition::REQUIRED);
    halves.build().expect("two bytes are a 16-bit float")
}

fn field(name: &str, column: &Column<'_>) -> Type {
    let primitive = |physical, repetition| {
        let column = Type::primitive_type_builder(name, physical).with_repetition(repetition);
        column
            .build()
            .expect("a plain type needs no more than a name")
    };
    match column {
        Column::Floats(_) => primitive(Physical::DOUBLE, Repetition::REQUIRED),
        Column::OptionalFloats(_) => primitive(Physical::DOUBLE, Repetition::OPTIONAL),
        Column::Counts(_) => primitive(Physical::INT64, Repetition::REQUIRED),
        Column::Texts(_) => text_field(name),
        Column::Labels(labels) => match labels.classes().first() {
            Some(Label::Bool(_)) => primitive(Physical::BOOLEAN, Repetition::REQUIRED),
            Some(Label::Text(_)) => text_field(name),
            Some(Label::Integer(_)) | None => primitive(Physical::INT64, Repetition::REQUIRED),
        },
    }
}

/// No rows yet of what a column holds.
fn empty(column: &Column<'_>) -> Stored {
    let values = match column {
        Column::Floats(_) | Column::OptionalFloats(_) => Values::Double(Vec::new()),
        Column::Counts(_) => Values::Int64(Vec::new()),
        Column::Texts(_) => Values::Bytes(Vec::new()),
        Column::Labels(labels) => match labels.classes().first() {
            Some(Label::Bool(_)) => Values::Bool(Vec::new()),
            Some(Label::Text(_)) => Values::Bytes(Vec::new()),
            Some(Label::Integer(_)) | None => Values::Int64(Vec::new()),
        },
    };
    Stored {
        values,
        levels: Vec::new(),
    }
}

/// Why rows cannot be written, before path and name are at hand.
enum Refused {
    NotFinite(f64),
    MixedLabels,
}

impl Refused {
    fn located(self, path: &Path, column: &str) -> Error {
        let (path, column) = (path.to_owned(), column.to_owned());
        match self {
            Self::NotFinite(value) => Error::NotFinite {
                path,
                column,
                value,
            },
            Self::MixedLabels => Error::MixedLabels { path, column },
        }
    }
}

fn append(stored: &mut Stored, column: &Column<'_>, rows: Range<usize>) -> Result<(), Refused> {
    let finite = |value: f64| {
        if value.is_finite() {
            Ok(value)
        } else {
            Err(Refused::NotFinite(value))
        }
    };
    match (&mut stored.values, column) {
        (Values::Double(values), Column::Floats(numbers)) => {
            let numbers = numbers.slice(ndarray::s![rows]);
            for &number in &numbers {
                values.push(finite(number)?);
            }
        }
        (Values::Double(values), Column::OptionalFloats(numbers)) => {
            for number in &numbers[rows] {
                stored.levels.push(i16::from(number.is_some()));
                if let Some(number) = *number {
                    values.push(finite(number)?);
                }
            }
        }
        (Values::Int64(values), Column::Counts(counts)) => {
            let count = |&count: &u64| i64::try_from(count).expect("counts are below 2^63");
            values.extend(counts[rows].iter().map(count));
        }
        (Values::Bytes(values), Column::Texts(texts)) => {
            values.extend(texts[rows].iter().map(|text| ByteArray::from(*text)));
        }
        (values, Column::Labels(labels)) => {
            return append_labels(values, labels.classes(), &labels.codes()[rows]);
        }
        _ => unreachable!("a column keeps its kind"),
    }
    Ok(())
}

fn append_labels(values: &mut Values, classes: &[Label], codes: &[u32]) -> Result<(), Refused> {
    /// Appends the value of each code.
    fn extend<T: Clone>(
        values: &mut Vec<T>,
        classes: &[Label],
        codes: &[u32],
        value: impl Fn(&Label) -> Option<T>,
    ) -> Result<(), Refused> {
        let of_classes = classes.iter().map(value).collect::<Option<Vec<T>>>();
        let of_classes = of_classes.ok_or(Refused::MixedLabels)?;
        values.extend(codes.iter().map(|&code| of_classes[code as usize].clone()));
        Ok(())
    }
    match values {
        Values::Bool(values) => extend(values, classes, codes, |class| match class {
            Label::Bool(value) => Some(*value),
            _ => None,
        }),
        Values::Int64(values) => extend(values, classes, codes, |class| match class {
            Label::Integer(value) => Some(*value),
            _ => None,
        }),
        Values::Bytes(values) => extend(values, classes, codes, |class| match class {
            Label::Text(value) => Some(ByteArray::from(value.as_str())),
            _ => None,
        }),
        _ => unreachable!("labels are of no other type"),
    }
}

fn encode(
    stored: &Stored,
    descriptor: &ColumnDescPtr,
    properties: &WriterPropertiesPtr,
) -> Result<(Bytes, ColumnCloseResult), ParquetError> {
    let mut bytes = TrackedWrite::new(Vec::new());
    let pages = Box::new(SerializedPageWriter::new(&mut bytes));
    let mut writer = get_column_writer(Arc::clone(descriptor), Arc::clone(properties), pages);
    let levels = (descriptor.max_def_level() > 0).then_some(&stored.levels[..]);
    /// Writes values with the writer of their type.
    macro_rules! write {
        ($($writer:ident <= $values:ident),*) => {
            match (&mut writer, &stored.values) {
                $((ColumnWriter::$writer(writer), Values::$values(values)) => {
                    writer.write_batch(values, levels, None)?
                })*
                _ => unreachable!("values are of the type of their column"),
            }
        };
    }
    write!(
        BoolColumnWriter <= Bool,
        Int32ColumnWriter <= Int32,
        Int64ColumnWriter <= Int64,
        Int96ColumnWriter <= Int96,
        FloatColumnWriter <= Float,
        DoubleColumnWriter <= Double,
        ByteArrayColumnWriter <= Bytes,
        FixedLenByteArrayColumnWriter <= Fixed
    );
    let closed = writer.close()?;
    Ok((bytes.into_inner()?.into(), closed))
}

fn failed(path: &Path, error: ParquetError) -> Error {
    let source = match error {
        ParquetError::External(source) => match source.downcast::<io::Error>() {
            Ok(source) => *source,
            Err(source) => io::Error::other(source),
        },
        error => io::Error::other(error),
    };
    Error::Write {
        path: path.to_owned(),
        source,
    }
}

/// An output as the encoder knows it.
struct Sink<'o>(&'o mut Output);

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.writer().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        // The output is flushed when it is committed.
        Ok(())
    }
}
