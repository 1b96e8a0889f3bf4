//! Rows are copied as they stand within a format, and by their types into another one.
//!
//! What a Parquet file holds, the `parquet` crate's own record reader says; what NumPy wrote is in
//! `tests/golden/files`.

use std::fs::File;
use std::path::Path;
use std::sync::Arc;

use cutpoint_core::{Label, Labels, Scores};
use cutpoint_files::{Error, Output, Rows, ScoreColumns, ScoreReader, read_dataset, read_scores};
use parquet::basic::Type as Physical;
use parquet::column::writer::ColumnWriter;
use parquet::data_type::{ByteArray, Int96};
use parquet::file::metadata::KeyValue;
use parquet::file::properties::WriterProperties;
use parquet::file::reader::{FileReader, SerializedFileReader};
use parquet::file::writer::SerializedFileWriter;
use parquet::record::Row;
use parquet::schema::parser::parse_message_type;
use parquet::schema::types::TypePtr;
use proptest::prelude::*;

use crate::{Sandbox, golden_file, message};

/// Copies rows of a file to another one.
#[track_caller]
fn copy(from: &Path, to: &Path, indices: &[usize]) {
    let (rows, _) = Rows::read(from, None).unwrap();
    let mut output = Output::create_table(to).unwrap();
    rows.write(&mut output, indices).unwrap();
    output.commit().unwrap();
}

/// All rows of a file, in their order.
fn copy_all(from: &Path, to: &Path) {
    let (rows, _) = Rows::read(from, None).unwrap();
    copy(from, to, &(0..rows.n_rows()).collect::<Vec<_>>());
}

/// Why a copy is refused.
#[track_caller]
fn refused(from: &Path, to: &Path) -> Error {
    let (rows, _) = Rows::read(from, None).unwrap();
    let mut output = Output::create_table(to).unwrap();
    rows.write(&mut output, &[0]).unwrap_err()
}

fn text_of(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap()
}

/// The columns and rows of a Parquet file, and what it says of itself.
fn parquet_of(path: &Path) -> (Vec<TypePtr>, Vec<Row>, Vec<KeyValue>) {
    let reader = SerializedFileReader::new(File::open(path).unwrap()).unwrap();
    let metadata = reader.metadata().file_metadata();
    let fields = metadata.schema_descr().root_schema().get_fields().to_vec();
    let key_values = metadata.key_value_metadata().cloned().unwrap_or_default();
    let rows = reader.get_row_iter(None).unwrap().map(Result::unwrap);
    (fields, rows.collect(), key_values)
}

const TYPES: &str = "message of_all_types {
    required int64 id;
    optional boolean flag;
    optional int32 small (INTEGER(8, true));
    required int64 large (INTEGER(64, false));
    required float single;
    optional double double;
    optional binary note (STRING);
    required binary raw;
    required int32 day (DATE);
    optional int64 time (TIMESTAMP(MICROS, true));
    required int64 nanos (TIMESTAMP(NANOS, false));
    required int32 clock (TIME(MILLIS, true));
    required int64 price (DECIMAL(12, 2));
    required fixed_len_byte_array(16) key (UUID);
    required int96 old;
}";

/// Four rows of every type in two row groups, with a description of itself.
fn all_types(path: &Path) {
    let schema = Arc::new(parse_message_type(TYPES).unwrap());
    let said = [("ARROW:schema", "c2NoZW1h"), ("owner", "ü")];
    let said = said.map(|(key, value)| KeyValue::new(key.to_owned(), value.to_owned()));
    let properties = WriterProperties::builder().set_key_value_metadata(Some(said.to_vec()));
    let file = File::create(path).unwrap();
    let mut writer = SerializedFileWriter::new(file, schema, Arc::new(properties.build())).unwrap();
    for group in 0..2 {
        let mut columns = writer.next_row_group().unwrap();
        let mut index = 0;
        while let Some(mut column) = columns.next_column().unwrap() {
            write_column(column.untyped(), index, group);
            column.close().unwrap();
            index += 1;
        }
        columns.close().unwrap();
    }
    writer.close().unwrap();
}

fn write_column(writer: &mut ColumnWriter<'_>, index: usize, group: usize) {
    /// The values of a group, and which rows of it have one if any may be null.
    macro_rules! put {
        ($writer:ident, $groups:expr) => {{
            let values = &$groups[group][..];
            $writer.write_batch(values, None, None).unwrap();
        }};
        ($writer:ident, $groups:expr, $levels:expr) => {{
            let (values, levels) = (&$groups[group][..], &$levels[group][..]);
            $writer.write_batch(values, Some(levels), None).unwrap();
        }};
    }
    let bytes = |texts: &[&'static [u8]]| {
        let values = texts.iter().map(|&text| ByteArray::from(text.to_vec()));
        values.collect::<Vec<_>>()
    };
    match writer {
        ColumnWriter::BoolColumnWriter(writer) => {
            put!(writer, [&[true, false][..], &[true]], [[1, 1], [0, 1]]);
        }
        ColumnWriter::Int32ColumnWriter(writer) => match index {
            2 => put!(writer, [&[-128][..], &[127, 0]], [[1, 0], [1, 1]]),
            8 => put!(writer, [[0, 20_634], [-1, 11_016]]),
            _ => put!(writer, [[0, 3_661_001], [1, 86_399_999]]),
        },
        ColumnWriter::Int64ColumnWriter(writer) => match index {
            0 => put!(writer, [[i64::MIN, 7], [0, i64::MAX]]),
            3 => put!(writer, [[-1, 0], [1, 9_007_199_254_740_993]]),
            9 => put!(writer, [&[-1][..], &[1_500_000]], [[1, 0], [0, 1]]),
            10 => put!(writer, [[0, 1], [86_400_000_000_000, -1]]),
            _ => put!(writer, [[123_456, -5], [0, 100]]),
        },
        ColumnWriter::Int96ColumnWriter(writer) => {
            let at = |nanos: u32, day| {
                let mut value = Int96::new();
                value.set_data(nanos, 0, day);
                value
            };
            // 2,440,588 is the Julian day of 1970-01-01.
            let groups = [
                [at(0, 2_440_588), at(5, 2_440_589)],
                [at(0, 2_440_587), at(0, 0)],
            ];
            put!(writer, groups);
        }
        ColumnWriter::FloatColumnWriter(writer) => {
            put!(writer, [[0.1, f32::NAN], [-0.0, f32::INFINITY]]);
        }
        ColumnWriter::DoubleColumnWriter(writer) => {
            put!(writer, [&[0.1 + 0.2, 5e-324][..], &[1.0]], [[1, 1], [0, 1]]);
        }
        ColumnWriter::ByteArrayColumnWriter(writer) => match index {
            6 => {
                let groups = [bytes(&[b""]), bytes(&["ü, \"q\"".as_bytes(), b"a\nb"])];
                put!(writer, groups, [[0, 1], [1, 1]]);
            }
            7 => put!(writer, [bytes(&[b"x", b"y"]), bytes(&[b"z", b"x"])]),
            _ => unreachable!("two columns of bytes"),
        },
        ColumnWriter::FixedLenByteArrayColumnWriter(writer) => {
            let key = |first: u8| ByteArray::from((first..=first + 15).collect::<Vec<_>>()).into();
            put!(writer, [[key(0), key(1)], [key(2), key(240)]]);
        }
    }
}

#[test]
fn parquet_keeps_types_nulls_and_bits() {
    let sandbox = Sandbox::new();
    let (path, same) = (sandbox.path("all.parquet"), sandbox.path("same.pq"));
    all_types(&path);
    let indices = [3, 0, 2, 1, 0];
    copy(&path, &same, &indices);
    let (fields, rows, said) = parquet_of(&path);
    let (copied_fields, copied, copied_said) = parquet_of(&same);
    assert_eq!(copied_fields, fields);
    assert_eq!(
        fields[13].get_physical_type(),
        Physical::FIXED_LEN_BYTE_ARRAY
    );
    // NaN is no equal of itself; its text is, and -0.0 has one of its own.
    let texts = |rows: &[Row]| rows.iter().map(Row::to_string).collect::<Vec<_>>();
    let texts_of_all = texts(&rows);
    assert!(texts_of_all[1].contains("single: NaN") && texts_of_all[2].contains("double: null"));
    let expected = indices.map(|row| texts_of_all[row].clone());
    assert_eq!(texts(&copied), expected);
    let of_file = |said: &[KeyValue]| {
        let own = said.iter().filter(|entry| entry.key != "created_by");
        own.map(|entry| (entry.key.clone(), entry.value.clone()))
            .collect::<Vec<_>>()
    };
    assert_eq!(of_file(&copied_said), of_file(&said));
}

#[test]
fn every_type_has_a_text() {
    let sandbox = Sandbox::new();
    let (path, text) = (sandbox.path("all.parquet"), sandbox.path("all.csv"));
    all_types(&path);
    copy(&path, &text, &[0, 1, 2, 3]);
    assert_eq!(
        text_of(&text),
        "id,flag,small,large,single,double,note,raw,day,time,nanos,clock,price,key,old\n\
         -9223372036854775808,true,-128,18446744073709551615,0.1,0.30000000000000004,,x,1970-01-01,\
         1969-12-31T23:59:59.999999Z,1970-01-01T00:00:00,00:00:00,1234.56,\
         00010203-0405-0607-0809-0a0b0c0d0e0f,1970-01-01T00:00:00Z\n\
         7,false,,0,NaN,5e-324,\"\",y,2026-06-30,,1970-01-01T00:00:00.000000001,01:01:01.001,-0.05,\
         01020304-0506-0708-090a-0b0c0d0e0f10,1970-01-02T00:00:00.000000005Z\n\
         0,,127,1,-0.0,,\"ü, \"\"q\"\"\",z,1969-12-31,,1970-01-02T00:00:00,00:00:00.001,0.00,\
         02030405-0607-0809-0a0b-0c0d0e0f1011,1969-12-31T00:00:00Z\n\
         9223372036854775807,true,0,9007199254740993,inf,1.0,\"a\nb\",x,2000-02-29,\
         1970-01-01T00:00:01.500000Z,1969-12-31T23:59:59.999999999,23:59:59.999,1.00,\
         f0f1f2f3-f4f5-f6f7-f8f9-fafbfcfdfeff,-4713-11-24T00:00:00Z\n"
    );
    // Back again, the types that CSV can tell: the large whole numbers are text, for no type of 64 bits holds them.
    let back = sandbox.path("back.parquet");
    copy(&text, &back, &[0, 1, 2, 3]);
    let (fields, rows, said) = parquet_of(&back);
    let types = fields
        .iter()
        .map(|field| (field.get_physical_type(), field.is_optional()));
    let (text, double, long) = (Physical::BYTE_ARRAY, Physical::DOUBLE, Physical::INT64);
    assert_eq!(
        types.collect::<Vec<_>>(),
        [
            (long, false),
            (Physical::BOOLEAN, true),
            (long, true),
            (text, false),
            (double, false),
            (double, true),
            (text, true),
            (text, false),
            (text, false),
            (text, true),
            (text, false),
            (text, false),
            (double, false),
            (text, false),
            (text, false),
        ]
    );
    assert!(
        rows[1].to_string().contains("note: \"\"") && rows[0].to_string().contains("note: null")
    );
    assert_eq!(said, []);
}

#[test]
fn what_a_format_cannot_hold_is_refused_by_name() {
    let sandbox = Sandbox::new();
    let many = golden_file("many_types.parquet");
    let error = Rows::read(&many, None).unwrap_err();
    let expected = "FILE, column `list`: must hold one value a row to be copied, got nested values";
    assert_eq!(message(&error, &many), expected);
    let all = sandbox.path("all.parquet");
    all_types(&all);
    let array = sandbox.path("all.npy");
    let (rows, _) = Rows::read(&all, None).unwrap();
    let mut output = Output::create_table(&array).unwrap();
    let error = rows.write(&mut output, &[0, 1]).unwrap_err();
    assert_eq!(
        message(&error, &array),
        "FILE, column `small`: an .npy file has no empty fields; .csv and .parquet have"
    );
    let unnamed = sandbox.file("index.csv", ",y\n0,1\n");
    let error = refused(&unnamed, &sandbox.path("index.parquet"));
    assert_eq!(message(&error, &unnamed), "FILE: column 1 has no name");
    let control = sandbox.file("control.csv", "\"a\nb\",y\n0,1\n");
    let to = sandbox.path("control.npy");
    let error = refused(&control, &to);
    assert_eq!(
        message(&error, &to),
        "FILE, column \"a\\nb\": the name of a field in an .npy file cannot hold control characters"
    );
    let array = golden_file("text_label.npy");
    let bytes = std::fs::read(&array).unwrap();
    // All of it is ASCII but for the first byte.
    let header = String::from_utf8_lossy(&bytes[1..128]).replace("<U4", "|V9");
    let odd = [&bytes[..1], header.as_bytes(), &bytes[128..]].concat();
    let odd = sandbox.file("odd.npy", odd);
    let error = refused(&odd, &sandbox.path("odd.csv"));
    assert_eq!(
        message(&error, &odd),
        "FILE, column `y_true`: must hold numbers, truth values, text, dates or times to be copied to another format, \
         got `|V9` values"
    );
}

#[test]
fn bytes_that_are_no_text_are_told_by_row() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("raw.parquet");
    let schema = parse_message_type("message raw { required binary raw; required int32 y; }");
    let file = File::create(&path).unwrap();
    let mut writer =
        SerializedFileWriter::new(file, Arc::new(schema.unwrap()), Arc::default()).unwrap();
    let mut columns = writer.next_row_group().unwrap();
    while let Some(mut column) = columns.next_column().unwrap() {
        match column.untyped() {
            ColumnWriter::ByteArrayColumnWriter(writer) => {
                let values = [&b"a"[..], b"b", b"\xff"].map(|bytes| bytes.to_vec().into());
                writer.write_batch(&values, None, None).unwrap();
            }
            ColumnWriter::Int32ColumnWriter(writer) => {
                writer.write_batch(&[0, 1, 0], None, None).unwrap();
            }
            _ => unreachable!("two columns"),
        }
        column.close().unwrap();
    }
    columns.close().unwrap();
    writer.close().unwrap();
    let (rows, _) = Rows::read(&path, None).unwrap();
    for name in ["raw.csv", "raw.npy"] {
        let mut output = Output::create_table(&sandbox.path(name)).unwrap();
        let error = rows.write(&mut output, &[1, 2]).unwrap_err();
        assert_eq!(
            message(&error, &path),
            "FILE, row 2 (counted from 0), column `raw`: must be UTF-8 text, got \"\u{fffd}\""
        );
    }
    let same = sandbox.path("same.parquet");
    copy(&path, &same, &[2, 0]);
    let (_, copied, _) = parquet_of(&same);
    assert!(copied[0].to_string().contains("[255]"), "{}", copied[0]);
}

#[test]
fn arrays_keep_their_bytes() {
    let sandbox = Sandbox::new();
    let path = sandbox.path("copy.npy");
    for name in [
        "plain_f8",
        "plain_f4",
        "big_endian_f8",
        "weighted_f8",
        "structured",
        "aligned",
        "text_label",
        "integers",
    ] {
        let golden = golden_file(&format!("{name}.npy"));
        copy_all(&golden, &path);
        // NumPy too leaves room for a longer shape, so that even the headers agree.
        assert!(
            std::fs::read(&path).unwrap() == std::fs::read(&golden).unwrap(),
            "{name}"
        );
    }
    for name in ["fortran_f8", "version_2", "version_3"] {
        copy_all(&golden_file(&format!("{name}.npy")), &path);
        let plain = std::fs::read(golden_file("plain_f8.npy")).unwrap();
        assert!(std::fs::read(&path).unwrap() == plain, "{name}");
    }
    let (_, y) = Rows::read(&golden_file("data.npy"), Some("y")).unwrap();
    assert_eq!(y.unwrap(), Labels::from_integers(&[0, 1, 1, 0, 2, 1, 0, 2]));
}

#[test]
fn tables_keep_their_values_in_every_format() {
    let sandbox = Sandbox::new();
    let ways = [
        ["parquet", "npy", "csv"],
        ["npy", "parquet", "csv"],
        ["parquet", "csv", "npy"],
        ["npy", "csv", "parquet"],
    ];
    for way in ways {
        let mut path = golden_file("data.csv");
        for (step, ending) in way.iter().enumerate() {
            let next = sandbox.path(&format!("{step}.{ending}"));
            copy_all(&path, &next);
            path = next;
        }
        let expected = read_dataset(&golden_file("data.csv"), "y").unwrap();
        let found = read_dataset(&path, "y").unwrap();
        let bits = |data: &cutpoint_core::Dataset| {
            data.x().iter().map(|x| x.to_bits()).collect::<Vec<_>>()
        };
        assert_eq!(found, expected, "{way:?}");
        assert_eq!(bits(&found), bits(&expected), "{way:?}");
    }
}

#[test]
fn records_of_arrays_by_their_types() {
    let sandbox = Sandbox::new();
    // Fields of `structured`: truth values, `<f4`, `|S3`, `<f8`; of `text_label`: `<U4`, `<f4`.
    let path = sandbox.path("structured.parquet");
    copy(&golden_file("structured.npy"), &path, &[1, 0]);
    let (fields, rows, _) = parquet_of(&path);
    let types = fields
        .iter()
        .map(|field| (field.name(), field.get_physical_type()));
    assert_eq!(
        types.collect::<Vec<_>>(),
        [
            ("y_true", Physical::BOOLEAN),
            ("w", Physical::FLOAT),
            ("note", Physical::BYTE_ARRAY),
            ("y_score", Physical::DOUBLE),
        ]
    );
    assert_eq!(rows.len(), 2);
    for name in ["structured", "aligned", "text_label"] {
        let golden = golden_file(&format!("{name}.npy"));
        let columns =
            ScoreColumns::default().positive((name == "text_label").then(|| "ill".to_owned()));
        let expected = read_scores(&golden, &columns).unwrap();
        for ending in ["csv", "parquet"] {
            let path = sandbox.path(&format!("{name}.{ending}"));
            copy_all(&golden, &path);
            let found = read_scores(&path, &columns).unwrap();
            assert_eq!(found.scores(), expected.scores(), "{name}.{ending}");
            // And back to records.
            let back = sandbox.path("back.npy");
            copy_all(&path, &back);
            assert_eq!(
                read_scores(&back, &columns).unwrap().scores(),
                expected.scores()
            );
        }
    }
}

/// Scores with a column of text that is empty in places, a weight of 0, and a tie.
const SCORES: &str = "id,y_true,y_score,w,note\n\
    007,1,0.9,1,\"a, b\"\n\
    8,0,0.5,0,ü\n\
    9,1,0.5,2.5,\n\
    1e3,0,0.25,1,\"\"\n\
    x,1,0.125,3,\"c\r\nd\"\n";

/// Copies every row whose score is below 0.9 with the first letters of the alphabet, block by block.
fn stream(from: &Path, to: &Path, columns: &ScoreColumns, block_rows: usize) -> usize {
    let mut reader = ScoreReader::open(from, columns)
        .unwrap()
        .keep_rows()
        .block_rows(block_rows);
    let mut output = Output::create_table(to).unwrap();
    let mut writer = reader.row_writer(&mut output, "move").unwrap();
    let mut n_rows = 0;
    while let Some(block) = reader.next_block().unwrap() {
        let low = |block: &Scores| {
            let rows = block.score().iter().enumerate();
            rows.filter(|(_, score)| **score < 0.9)
                .map(|(row, _)| row)
                .collect::<Vec<_>>()
        };
        let letters = ["a", "b", "c", "d", "e"];
        let named = low(&block)
            .into_iter()
            .map(|row| (row, letters[n_rows + row]));
        reader.copy_rows(&mut writer, named).unwrap();
        n_rows += block.n_samples();
    }
    writer.finish().unwrap();
    output.commit().unwrap();
    n_rows
}

#[test]
fn rows_of_blocks_are_those_of_the_file() {
    let sandbox = Sandbox::new();
    let scores = sandbox.file("s.csv", SCORES);
    let expected = "id,y_true,y_score,w,note,move\n\
        8,0,0.5,0,ü,b\n\
        9,1,0.5,2.5,,c\n\
        1e3,0,0.25,1,\"\",d\n\
        x,1,0.125,3,\"c\r\nd\",e\n";
    for weight in [None, Some("w".to_owned())] {
        let columns = ScoreColumns::default().weight(weight);
        for block_rows in 1..7 {
            let copied = sandbox.path("copied.csv");
            assert_eq!(stream(&scores, &copied, &columns, block_rows), 5);
            assert_eq!(text_of(&copied), expected, "blocks of {block_rows}");
            // By way of Parquet, whose columns know null from an empty text.
            let (typed, back) = (sandbox.path("typed.parquet"), sandbox.path("back.csv"));
            assert_eq!(stream(&scores, &typed, &columns, block_rows), 5);
            copy_all(&typed, &back);
            let expected = expected
                .replace(",0,ü", ",0.0,ü")
                .replace(",1,\"\"", ",1.0,\"\"");
            assert_eq!(text_of(&back), expected.replace(",3,\"c", ",3.0,\"c"));
        }
    }
    // What type a column has is a matter of all rows: `id` is text because of rows that were not copied.
    let whole = sandbox.file("ids.csv", "id,y_true,y_score\nx,1,0.9\n1,1,0.5\n2,0,0.5\n");
    let typed = sandbox.path("typed.parquet");
    stream(&whole, &typed, &ScoreColumns::default(), 1);
    let (fields, rows, _) = parquet_of(&typed);
    assert_eq!(
        (fields[0].get_physical_type(), rows.len()),
        (Physical::BYTE_ARRAY, 2)
    );
}

#[test]
fn a_column_more_in_every_format() {
    let sandbox = Sandbox::new();
    let csv = sandbox.file("s.csv", "y_true,y_score\n1,0.9\n0,0.5\n1,0.25\n");
    let columns = ScoreColumns::default();
    for from in ["csv", "parquet", "npy"] {
        let path = sandbox.path(&format!("scores.{from}"));
        copy_all(&csv, &path);
        for to in ["csv", "parquet", "npy"] {
            let (copied, text) = (
                sandbox.path(&format!("moved.{to}")),
                sandbox.path("moved_text.csv"),
            );
            stream(&path, &copied, &columns, 2);
            copy_all(&copied, &text);
            assert_eq!(
                text_of(&text),
                "y_true,y_score,move\n0,0.5,b\n1,0.25,c\n",
                "{from} to {to}"
            );
        }
    }
    // A matrix has no names: with a column of text it becomes records that have.
    let (copied, text) = (sandbox.path("plain.npy"), sandbox.path("plain.csv"));
    let plain = golden_file("weighted_f8.npy");
    let mut reader = ScoreReader::open(&plain, &columns).unwrap().keep_rows();
    let mut output = Output::create_table(&copied).unwrap();
    let mut writer = reader.row_writer(&mut output, "move").unwrap();
    let block = reader.next_block().unwrap().unwrap();
    reader.copy_rows(&mut writer, [(59, "tn_to_fp")]).unwrap();
    writer.finish().unwrap();
    output.commit().unwrap();
    copy_all(&copied, &text);
    let text = text_of(&text);
    let fields = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
    let fields = fields.collect::<Vec<_>>();
    assert_eq!(fields[0], ["y_true", "y_score", "weight", "move"]);
    assert_eq!(fields[1][1].parse(), Ok(block.score()[59]));
    assert_eq!((fields[1][3], fields.len()), ("tn_to_fp", 2));
}

#[test]
fn a_name_can_be_taken_once() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("s.csv", "y_true,y_score,move\n1,0.9,x\n0,0.5,y\n");
    let reader = ScoreReader::open(&path, &ScoreColumns::default())
        .unwrap()
        .keep_rows();
    let mut output = Output::create(&sandbox.path("moved.csv")).unwrap();
    let error = reader.row_writer(&mut output, "move").err().unwrap();
    assert_eq!(
        message(&error, &path),
        "FILE: there is a column `move` already, which leaves no name for the column to be added"
    );
}

#[test]
fn a_description_of_the_columns_goes_with_them() {
    let sandbox = Sandbox::new();
    let (path, copied) = (golden_file("polars.parquet"), sandbox.path("moved.parquet"));
    let (fields, _, said) = parquet_of(&path);
    let mut reader = ScoreReader::open(&path, &ScoreColumns::default())
        .unwrap()
        .keep_rows();
    let mut output = Output::create_table(&copied).unwrap();
    let mut writer = reader.row_writer(&mut output, "move").unwrap();
    while let Some(block) = reader.next_block().unwrap() {
        let every = (0..block.n_samples()).map(|row| (row, "fp_to_tn"));
        reader.copy_rows(&mut writer, every).unwrap();
    }
    writer.finish().unwrap();
    output.commit().unwrap();
    let (copied_fields, rows, copied_said) = parquet_of(&copied);
    assert_eq!(
        (&copied_fields[..fields.len()], rows.len()),
        (&fields[..], 60)
    );
    assert_eq!(copied_fields[fields.len()].name(), "move");
    // It tells of three columns, and in the copy of four: pyarrow 26 reads both.
    let of_arrow = |said: &[KeyValue]| {
        let entry = said.iter().find(|entry| entry.key == "ARROW:schema");
        entry.unwrap().value.clone().unwrap()
    };
    assert!(of_arrow(&copied_said).len() > of_arrow(&said).len());
    let scores = read_scores(&copied, &ScoreColumns::default()).unwrap();
    assert_eq!(scores.positive(), &Label::Integer(1));
}

#[test]
fn many_rows_keep_their_order() {
    // More rows than a part, a chunk and a row group have, and columns enough for small row groups.
    let n_rows = 40_001;
    let sandbox = Sandbox::new();
    let body = (0..n_rows).map(|row| {
        let note = if row % 3 == 0 { "" } else { "ab" };
        format!("{row},{}.5,{note},{}\n", row % 101, row % 2 == 0)
    });
    let names = "id,x,note,y\n";
    let csv = sandbox.file("many.csv", names.to_owned() + &body.collect::<String>());
    let (parquet, back) = (sandbox.path("many.parquet"), sandbox.path("back.csv"));
    // Backwards, then backwards again.
    let indices = (0..n_rows).rev().collect::<Vec<_>>();
    copy(&csv, &parquet, &indices);
    copy(&parquet, &back, &indices);
    assert!(text_of(&back) == text_of(&csv));
}

/// A field as it is written.
fn quoted(text: &str) -> String {
    if text.is_empty() || text.contains(['"', ',', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

proptest! {
    #[test]
    fn any_table_survives_other_formats(
        rows in prop::collection::vec(
            (
                any::<i64>(),
                prop::option::of(any::<f64>().prop_filter("finite", |x| x.is_finite())),
                prop::option::of(any::<bool>()),
                prop::option::of("[a-z ,\"\r\nüA]{1,6}x|"),
            ),
            1..40,
        ),
    ) {
        let sandbox = Sandbox::new();
        let shown = |value: Option<String>| value.unwrap_or_default();
        let lines = rows.iter().map(|(integer, float, flag, text)| {
            // Rust's own shortest text of a float, as its debug form shows it.
            format!(
                "{integer},{},{},{}\n",
                shown(float.map(|float| format!("{float:?}"))),
                shown(flag.map(|flag| flag.to_string())),
                shown(text.as_deref().map(quoted)),
            )
        });
        let content = format!("a,b,c,d\n{}", lines.collect::<String>());
        let csv = sandbox.file("any.csv", &content);
        let parquet = sandbox.path("any.parquet");
        let again = sandbox.path("again.parquet");
        let back = sandbox.path("back.csv");
        copy_all(&csv, &parquet);
        copy_all(&parquet, &again);
        prop_assert_eq!(parquet_of(&parquet), parquet_of(&again));
        copy_all(&again, &back);
        let typed = text_of(&back);
        let (mut fields, mut expected) = (records(&typed), records(&content));
        // Floats may differ in how they are written, not in what they are.
        for record in fields.iter_mut().chain(&mut expected).skip(1) {
            if let Ok(float) = record[1].parse::<f64>() {
                record[1] = float.to_bits().to_string();
            }
        }
        prop_assert_eq!(fields, expected);
        // Which texts are empty and which are not there shows in the quotes.
        prop_assert_eq!(typed.matches(",\"\"\n").count(), content.matches(",\"\"\n").count());
    }
}

/// Records as the `csv` crate reads them.
fn records(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new()
        .has_headers(false)
        .from_reader(text.as_bytes());
    let records = reader.records().map(Result::unwrap);
    records
        .map(|record| record.iter().map(str::to_owned).collect())
        .collect()
}
