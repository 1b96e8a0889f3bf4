//! Copies rows from one file to another, in the same format as they stand, in another one by their types.
//!
//! What the other format cannot hold is neither dropped nor rounded: it is an error that names the column.

use std::ops::Range;
use std::sync::Arc;

use parquet::schema::types::{SchemaDescriptor, TypePtr};
use rayon::prelude::*;

use crate::arrow_schema;
use crate::bad_value::BadValue;
use crate::csv_types::CsvTypes;
use crate::csv_write::push_text;
use crate::lines::Lines;
use crate::npy_header::Field;
use crate::npy_records::{self, GatheredRecords, RecordWriter, check_names, text_type};
use crate::parquet_file::Categories;
use crate::parquet_text::{Text, text_of};
use crate::parquet_values::{Nulls, Stored};
use crate::parquet_write::{GROUP_BYTES, GroupWriter, schema, text_field};
use crate::row_block::{LayoutKind, RowBlock, RowLayout};
use crate::spool::{Spool, SpoolReader};
use crate::{Error, Format, Output, Result};

/// Rows that are converted at a time.
const CHUNK_ROWS: usize = 1 << 14;
/// Rows that one thread formats at a time.
const ROWS_PER_BLOCK: usize = 1 << 10;
/// Characters of the column added to records, at most.
const ADDED_WIDTH: usize = 8;
/// The name under which pandas keeps a description of all columns, which one more would contradict.
const PANDAS: &str = "pandas";

/// Copies rows of a file, as many as come, in the format of the output.
///
/// Within a format nothing changes: lines of CSV stay as they stand (but end in `\n`), columns of Parquet keep their
/// types, nulls and bits, and categories all of their values in order, records of `.npy` their bytes. Into another
/// format numbers, truth values and text keep their types; dates, times and decimals become text. CSV has no types: a
/// column is of truth values, whole numbers or doubles if all its fields are, and of text otherwise. An empty field is
/// null, and so is null an empty field; an empty text stands in quotes. `.npy` becomes records with named fields,
/// unless it was a matrix and no column is added.
#[must_use = "nothing is written unless it is finished"]
pub struct RowWriter<'o> {
    layout: RowLayout,
    /// Whether there is a column after those of the file.
    is_longer: bool,
    writer: Writer<'o>,
}

enum Writer<'o> {
    /// CSV to CSV.
    Lines(&'o mut Output),
    /// `.npy` to `.npy`.
    Records(RecordWriter<'o>),
    /// CSV to another format: the types are known when all rows have been looked at.
    Untyped {
        output: &'o mut Output,
        names: Vec<String>,
        types: CsvTypes,
        /// A line, and the field added after it if there is one, a row.
        lines: Spool,
    },
    Typed(TypedWriter<'o>),
}

impl<'o> RowWriter<'o> {
    /// Begins a copy, with one more column of text after the others if it has a name.
    pub(crate) fn new(
        output: &'o mut Output,
        layout: RowLayout,
        added: Option<&str>,
    ) -> Result<Self> {
        if let Some(added) = added
            && layout.names.iter().any(|name| name == added)
        {
            return Err(Error::ColumnTaken {
                path: layout.path,
                column: added.to_owned(),
            });
        }
        let mut names = layout.names.clone();
        names.extend(added.map(str::to_owned));
        let added_field = added.map(|name| Arc::new(text_field(name)));
        let writer = match (&layout.kind, output.format()) {
            (LayoutKind::Lines { header }, Format::Csv) => {
                output.put(&ended(header, added))?;
                Writer::Lines(output)
            }
            (LayoutKind::Lines { .. }, _) => {
                if let Some(column) = names.iter().position(String::is_empty) {
                    return Err(Error::UnnamedColumn {
                        path: layout.path,
                        column: column + 1,
                    });
                }
                Writer::Untyped {
                    types: CsvTypes::new(layout.names.len()),
                    names,
                    lines: Spool::beside(output),
                    output,
                }
            }
            (LayoutKind::Records { fields, is_matrix }, Format::Npy) => {
                let added = added.map(|name| Field {
                    name: name.to_owned(),
                    of: text_type(ADDED_WIDTH),
                });
                let is_matrix = *is_matrix && added.is_none();
                let fields = fields.iter().cloned().chain(added).collect();
                Writer::Records(RecordWriter::new(output, fields, is_matrix)?)
            }
            (LayoutKind::Records { fields, .. }, _) => {
                let named = fields.iter().filter(|field| !field.name.is_empty());
                let columns = named.map(|field| {
                    let column =
                        npy_records::schema_of(field).map_err(|found| Error::ColumnType {
                            path: layout.path.clone(),
                            column: field.name.clone(),
                            expected: CONVERTED,
                            found,
                        })?;
                    Ok(Arc::new(column))
                });
                let mut columns = columns.collect::<Result<Vec<_>>>()?;
                columns.extend(added_field);
                let schema = schema("schema", columns);
                Writer::Typed(TypedWriter::new(output, &layout, schema, None)?)
            }
            (
                LayoutKind::Columns {
                    schema: of_file,
                    metadata,
                    categories,
                },
                _,
            ) => {
                let mut metadata = metadata.clone().unwrap_or_default();
                if let Some(added) = added {
                    metadata.retain_mut(|entry| {
                        // That of Arrow says which columns are categories.
                        if entry.key == arrow_schema::KEY {
                            let text = entry.value.as_deref();
                            entry.value =
                                text.and_then(|text| arrow_schema::with_text_column(text, added));
                            return entry.value.is_some();
                        }
                        entry.key != PANDAS
                    });
                }
                let fields = of_file.get_fields().iter().cloned().chain(added_field);
                let schema = schema(of_file.name(), fields.collect());
                let metadata = Some(metadata).filter(|metadata| !metadata.is_empty());
                let mut writer = TypedWriter::new(output, &layout, schema, metadata)?;
                writer.keep_categories(categories);
                Writer::Typed(writer)
            }
        };
        Ok(Self {
            layout,
            is_longer: added.is_some(),
            writer,
        })
    }

    /// Looks at rows, of which some may be copied: what type a column has is a matter of all its rows.
    pub(crate) fn look(&mut self, block: &RowBlock, rows: Range<usize>) {
        if let (Writer::Untyped { types, .. }, RowBlock::Lines(lines)) = (&mut self.writer, block) {
            types.look(lines, rows);
        }
    }

    /// Copies the rows named, in the order named, of a block that begins in a row of the file; each with the text of
    /// the column added, if there is one.
    pub(crate) fn write(
        &mut self,
        block: &RowBlock,
        first_row: u64,
        rows: &[usize],
        texts: &[&str],
    ) -> Result<()> {
        if self.is_longer {
            assert_eq!(rows.len(), texts.len(), "one text a row");
        }
        let nulls = match block {
            RowBlock::Columns { columns, .. } => columns.par_iter().map(Stored::nulls).collect(),
            RowBlock::Lines(_) | RowBlock::Records(_) => Vec::new(),
        };
        for (index, rows) in rows.chunks(CHUNK_ROWS).enumerate() {
            let texts = self
                .is_longer
                .then(|| &texts[index * CHUNK_ROWS..][..rows.len()]);
            self.write_chunk(block, &nulls, first_row, rows, texts)?;
        }
        Ok(())
    }

    fn write_chunk(
        &mut self,
        block: &RowBlock,
        nulls: &[Nulls],
        first_row: u64,
        rows: &[usize],
        texts: Option<&[&str]>,
    ) -> Result<()> {
        let text_of = |index: usize| texts.map(|texts| texts[index]);
        let layout = &self.layout;
        let located = |column: usize, bad: BadValue| {
            let row = rows[bad.row] as u64;
            let bad = BadValue { row: 0, ..bad };
            bad.located(&layout.path, first_row + row, &layout.names[column])
        };
        match (&mut self.writer, block) {
            (Writer::Lines(output), RowBlock::Lines(lines)) => {
                for (index, &row) in rows.iter().enumerate() {
                    output.put(&ended(lines.line(row), text_of(index)))?;
                }
            }
            (
                Writer::Untyped {
                    lines: gathered, ..
                },
                RowBlock::Lines(lines),
            ) => {
                for (index, &row) in rows.iter().enumerate() {
                    gathered.put(lines.line(row))?;
                    if let Some(text) = text_of(index) {
                        gathered.put(text.as_bytes())?;
                    }
                }
            }
            (Writer::Records(writer), RowBlock::Records(records)) => {
                let of = text_type(ADDED_WIDTH);
                for (index, &row) in rows.iter().enumerate() {
                    let mut record = records.record(row).to_vec();
                    if let Some(text) = text_of(index) {
                        let n_characters = text.chars().count();
                        assert!(n_characters <= ADDED_WIDTH, "{text:?} is too long");
                        npy_records::push_text(&mut record, text, &of);
                    }
                    writer.put(&record)?;
                }
            }
            (Writer::Typed(writer), block) => {
                let mut columns = match (block, &layout.kind) {
                    (RowBlock::Records(records), LayoutKind::Records { fields, .. }) => {
                        let columns = npy_records::columns(fields, records, rows);
                        columns.map_err(|(column, bad)| located(column, bad))?
                    }
                    (RowBlock::Columns { columns, .. }, _) => {
                        let columns = columns.par_iter().zip(nulls);
                        columns
                            .map(|(column, nulls)| column.pick(rows, nulls))
                            .collect()
                    }
                    _ => unreachable!("rows are of the format of their file"),
                };
                columns.extend(texts.map(|texts| Stored::of_texts(texts.iter().copied())));
                writer.write(columns, located)?;
            }
            _ => unreachable!("rows are of the format of their file"),
        }
        Ok(())
    }

    /// Writes what belongs at the end.
    ///
    /// # Errors
    /// - [`Error::Write`] if the system refuses.
    /// - [`Error::NpyGap`] for an empty field where there can be none.
    pub fn finish(self) -> Result<()> {
        match self.writer {
            Writer::Lines(_) => Ok(()),
            Writer::Records(writer) => writer.finish(),
            Writer::Typed(writer) => writer.finish(),
            Writer::Untyped {
                output,
                names,
                types,
                lines,
            } => {
                let mut fields = types.fields(&names);
                fields.extend(self.is_longer.then(|| text_field(&names[fields.len()])));
                let fields = fields.into_iter().map(Arc::new).collect();
                let schema = schema("schema", fields);
                let mut writer = TypedWriter::new(output, &self.layout, schema, None)?;
                let mut rows = UntypedRows {
                    lines: lines.read()?,
                    is_longer: self.is_longer,
                };
                while let Some((lines, added)) = rows.next()? {
                    let mut columns = types.columns(&lines, 0..lines.starts.len());
                    columns.extend(added);
                    writer.write(columns, |_, _| unreachable!("CSV was read as UTF-8"))?;
                }
                writer.finish()
            }
        }
    }
}

/// Rows that waited for their types.
struct UntypedRows {
    lines: SpoolReader,
    is_longer: bool,
}

impl UntypedRows {
    /// Some rows, and the column added if there is one.
    fn next(&mut self) -> Result<Option<(Lines, Option<Stored>)>> {
        let mut lines = Lines::default();
        let mut texts = Vec::new();
        let mut bytes = Vec::new();
        while lines.starts.len() < CHUNK_ROWS && self.lines.next(&mut bytes)? {
            lines.push(&bytes);
            if self.is_longer && self.lines.next(&mut bytes)? {
                texts.push(String::from_utf8_lossy(&bytes).into_owned());
            }
        }
        let added = self
            .is_longer
            .then(|| Stored::of_texts(texts.iter().map(String::as_str)));
        Ok((!lines.starts.is_empty()).then_some((lines, added)))
    }
}

/// A line of CSV with a line break, and a field more if there is one.
fn ended(line: &[u8], field: Option<&str>) -> Vec<u8> {
    let mut text = line.to_vec();
    if let Some(field) = field {
        text.push(b',');
        push_text(&mut text, field);
    }
    text.push(b'\n');
    text
}

/// What a column must hold to be copied to another format.
const CONVERTED: &str =
    "numbers, truth values, text, dates or times to be copied to another format";

/// Writes columns that have types.
struct TypedWriter<'o> {
    texts: Vec<Text>,
    writer: Target<'o>,
}

enum Target<'o> {
    Csv(&'o mut Output),
    Npy(GatheredRecords<'o>),
    Parquet {
        groups: Box<GroupWriter<'o>>,
        /// Rows that make no whole row group yet.
        columns: Vec<Stored>,
        /// The memory that these take, about.
        n_bytes: usize,
    },
}

impl<'o> TypedWriter<'o> {
    /// Begins columns of a schema, whatever the format of the output.
    fn new(
        output: &'o mut Output,
        layout: &RowLayout,
        schema: TypePtr,
        metadata: Option<Vec<parquet::file::metadata::KeyValue>>,
    ) -> Result<Self> {
        if output.format() == Format::Parquet {
            let groups = GroupWriter::new(output, schema, metadata)?;
            return Ok(Self {
                texts: Vec::new(),
                writer: Target::Parquet {
                    groups: Box::new(groups),
                    columns: Vec::new(),
                    n_bytes: 0,
                },
            });
        }
        let fields = schema.get_fields().to_vec();
        let descriptor = SchemaDescriptor::new(schema);
        let columns = descriptor
            .columns()
            .iter()
            .map(|column| &**column)
            .collect::<Vec<_>>();
        let names = fields
            .iter()
            .map(|field| field.name().to_owned())
            .collect::<Vec<_>>();
        let texts = columns.iter().zip(&names).map(|(column, name)| {
            text_of(column).map_err(|found| Error::ColumnType {
                path: layout.path.clone(),
                column: name.clone(),
                expected: CONVERTED,
                found,
            })
        });
        let texts = texts.collect::<Result<Vec<_>>>()?;
        let writer = if output.format() == Format::Npy {
            check_names(output.path(), &names)?;
            Target::Npy(GatheredRecords::new(
                output,
                fields,
                &columns,
                texts.clone(),
            ))
        } else {
            let mut header = Vec::new();
            for (index, name) in names.iter().enumerate() {
                if index > 0 {
                    header.push(b',');
                }
                push_text(&mut header, name);
            }
            header.push(b'\n');
            output.put(&header)?;
            Target::Csv(output)
        };
        Ok(Self { texts, writer })
    }

    /// Keeps the categories of columns, whole and in their order, where the format has some.
    fn keep_categories(&mut self, categories: &[Option<Categories>]) {
        if let Target::Parquet { groups, .. } = &mut self.writer {
            groups.keep_categories(categories);
        }
    }

    /// Writes rows: a column a field, all of one length.
    fn write(
        &mut self,
        columns: Vec<Stored>,
        bad: impl Fn(usize, BadValue) -> Error + Sync,
    ) -> Result<()> {
        match &mut self.writer {
            Target::Csv(output) => write_csv(output, &columns, &self.texts, bad),
            Target::Npy(records) => records.write(&columns, bad),
            Target::Parquet {
                groups,
                columns: gathered,
                n_bytes,
            } => {
                *n_bytes += columns.iter().map(Stored::n_bytes).sum::<usize>();
                if gathered.is_empty() {
                    *gathered = columns;
                } else {
                    for (gathered, column) in gathered.iter_mut().zip(columns) {
                        gathered.append(column);
                    }
                }
                if *n_bytes >= GROUP_BYTES {
                    groups.write(gathered)?;
                    gathered.clear();
                    *n_bytes = 0;
                }
                Ok(())
            }
        }
    }

    fn finish(self) -> Result<()> {
        match self.writer {
            Target::Csv(_) => Ok(()),
            Target::Npy(records) => records.finish(),
            Target::Parquet {
                mut groups,
                columns,
                ..
            } => {
                if columns.first().is_some_and(|column| column.n_rows() > 0) {
                    groups.write(&columns)?;
                }
                groups.finish()
            }
        }
    }
}

fn write_csv(
    output: &mut Output,
    columns: &[Stored],
    texts: &[Text],
    bad: impl Fn(usize, BadValue) -> Error + Sync,
) -> Result<()> {
    let n_rows = columns.first().map_or(0, Stored::n_rows);
    let places = columns.iter().map(Stored::places).collect::<Vec<_>>();
    let firsts = (0..n_rows).step_by(ROWS_PER_BLOCK).collect::<Vec<_>>();
    let format = |&first: &usize| {
        let mut lines = Vec::new();
        let mut field = Vec::new();
        for row in first..n_rows.min(first + ROWS_PER_BLOCK) {
            for (index, column) in columns.iter().enumerate() {
                if index > 0 {
                    lines.push(b',');
                }
                let place = match &places[index] {
                    Some(places) => places[row],
                    None => Some(row),
                };
                if let Some(place) = place {
                    field.clear();
                    let pushed = texts[index].push(&mut field, &column.values, place);
                    pushed.map_err(|not_text| bad(index, not_text.at(row)))?;
                    let text = std::str::from_utf8(&field).expect("it was checked");
                    push_text(&mut lines, text);
                } else if columns.len() == 1 {
                    // A blank line would be no row.
                    lines.extend_from_slice(b"\"\"");
                }
            }
            lines.push(b'\n');
        }
        Ok(lines)
    };
    for lines in firsts.par_iter().map(format).collect::<Vec<Result<_>>>() {
        output.put(&lines?)?;
    }
    Ok(())
}
