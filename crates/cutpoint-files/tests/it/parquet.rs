//! Parquet files of other tools read as the same table in CSV reads, and bad ones are told as bad.
//!
//! The files are in `tests/golden/files`, made by `tests/golden/generate_files.py`.

use cutpoint_core::{Label, Scores};
use cutpoint_files::{
    Error, ScoreColumns, ScoreReader, read_dataset, read_features, read_predicted, read_scores,
    read_weighted_dataset,
};

use crate::{Sandbox, golden_file, message};

/// Scores of the same rows in CSV.
fn scores(weighted: bool) -> Scores {
    let columns = ScoreColumns::default().weight(weighted.then(|| "w".into()));
    let file = read_scores(&golden_file("scores.csv"), &columns).unwrap();
    assert_eq!(file.scores().n_samples(), 60);
    let n_positive = file.scores().is_positive().iter().filter(|is| **is).count();
    assert_eq!(n_positive, 23);
    file.scores().clone()
}

/// Checks that a file holds the scores of the CSV file, read whole and in blocks of every size.
#[track_caller]
pub(crate) fn check_same(name: &str, columns: &ScoreColumns, weighted: bool) {
    let path = golden_file(name);
    let columns = columns.clone().weight(weighted.then(|| "w".into()));
    let expected = scores(weighted);
    let file = read_scores(&path, &columns).unwrap();
    assert_eq!(file.scores(), &expected, "{name}");
    for block_rows in 1..=expected.n_samples() {
        let mut reader = ScoreReader::open(&path, &columns)
            .unwrap()
            .block_rows(block_rows);
        assert_eq!(reader.n_rows(), Some(60), "{name}");
        let mut first = 0;
        while let Some(block) = reader.next_block().unwrap() {
            let rows = first..first + block.n_samples();
            assert_eq!(block.score(), &expected.score()[rows.clone()], "{name}");
            assert_eq!(
                block.is_positive(),
                &expected.is_positive()[rows.clone()],
                "{name}"
            );
            let weight = expected.weight().map(|weight| &weight[rows]);
            assert_eq!(block.weight(), weight, "{name}");
            first += block.n_samples();
        }
        assert_eq!(first, 60, "{name}");
        let progress = reader.progress();
        assert_eq!((progress.rows_read(), progress.n_rows()), (60, Some(60)));
        assert_eq!(Some(progress.bytes_read()), progress.n_bytes());
    }
}

#[test]
fn every_layout_reads_the_same() {
    for name in [
        "snappy_dictionary_v1",
        "zstd_plain_v2",
        "lz4_groups_of_7",
        "gzip_small_pages",
        "uncompressed_split",
        "delta",
        "required",
        "float32_int8",
        "uint64_label",
        "double_label",
        "bool_label",
        "digits_label",
        "polars",
        "pandas",
        "many_types",
    ] {
        for weighted in [false, true] {
            check_same(
                &format!("{name}.parquet"),
                &ScoreColumns::default(),
                weighted,
            );
        }
    }
}

#[test]
fn every_kind_of_text_is_a_label() {
    let ill = ScoreColumns::default().positive(Some("ill".into()));
    for name in ["string_label", "large_string_label", "categorical_label"] {
        let name = format!("{name}.parquet");
        check_same(&name, &ill, true);
        let file = read_scores(&golden_file(&name), &ill).unwrap();
        assert_eq!(file.classes(), ["ill", "well"].map(Label::from));
    }
    let file = read_scores(&golden_file("bool_label.parquet"), &ScoreColumns::default()).unwrap();
    assert_eq!(file.classes(), [false, true].map(Label::from));
    let file = read_scores(
        &golden_file("double_label.parquet"),
        &ScoreColumns::default(),
    )
    .unwrap();
    assert_eq!(file.classes(), [0, 1].map(Label::from));
}

#[test]
fn data_sets_keep_every_bit() {
    let path = golden_file("data.parquet");
    let data = read_dataset(&path, "y").unwrap();
    let csv = read_dataset(&golden_file("data.csv"), "y").unwrap();
    assert_eq!(data, csv);
    let bits =
        |data: &cutpoint_core::Dataset| data.x().iter().map(|x| x.to_bits()).collect::<Vec<_>>();
    assert_eq!(bits(&data), bits(&csv));
    let names = ["x1".to_owned()];
    let features = read_features(&path, &names, "y").unwrap();
    assert_eq!(features.x().column(0), csv.x().column(1));
    assert_eq!(features.y(), Some(csv.y()));
    let (data, weight) =
        read_weighted_dataset(&golden_file("polars.parquet"), "y_true", "w").unwrap();
    assert_eq!(data.feature_names(), ["y_score"]);
    assert_eq!(weight, scores(true).weight().unwrap());
    let labels = read_predicted(&golden_file("polars.parquet"), "y_true", "y_true", None);
    assert!(matches!(labels, Err(Error::ColumnRoles { .. })));
}

#[track_caller]
fn check_refused(name: &str, columns: &ScoreColumns, expected: &str) {
    let path = golden_file(&format!("{name}.parquet"));
    let error = read_scores(&path, columns).unwrap_err();
    assert_eq!(message(&error, &path), expected);
    // Column by column, so that the fault has the same place whatever is read at once.
    let mut reader = match ScoreReader::open(&path, columns) {
        Ok(reader) => reader.block_rows(3),
        Err(error) => return assert_eq!(message(&error, &path), expected),
    };
    let error = loop {
        match reader.next_block() {
            Ok(Some(_)) => {}
            Ok(None) => panic!("{name} is read to its end"),
            Err(error) => break error,
        }
    };
    assert_eq!(message(&error, &path), expected);
}

#[test]
fn bad_values_are_told_by_row_and_column() {
    let columns = ScoreColumns::default();
    for (name, expected) in [
        (
            "null_score",
            "FILE, row 41 (counted from 0), column `y_score`: must not be null",
        ),
        (
            "null_label",
            "FILE, row 17 (counted from 0), column `y_true`: must not be null",
        ),
        (
            "nan_score",
            "FILE, row 53 (counted from 0), column `y_score`: must be a finite number, got \"NaN\"",
        ),
        (
            "third_class",
            "FILE, row 58 (counted from 0), column `y_true`: must have two classes beside a score, got a third; the \
             classes are `0`, `1`, `2`",
        ),
        (
            "large_integers",
            "FILE, row 1 (counted from 0), column `y_score`: must be a number that a double holds exactly, \
             got \"9007199254740993\"",
        ),
        ("no_rows", "FILE has columns but no rows"),
        ("no_groups", "FILE has columns but no rows"),
        (
            "string_label",
            "FILE, column `y_true`: `positive` must be given unless the labels lie within {0, 1}, {-1, 1} or \
             {false, true}; the classes here are `ill`, `well`",
        ),
    ] {
        check_refused(name, &columns, expected);
    }
}

#[test]
fn columns_of_other_types_are_told() {
    let score = |column: &str| ScoreColumns::default().score(column);
    for (column, found) in [
        ("decimal", "DECIMAL(12, 2) values"),
        ("time", "TIMESTAMP values"),
        ("list", "nested values"),
        ("part", "nested values"),
        ("note", "text"),
    ] {
        let expected = format!("FILE, column `{column}`: must hold numbers, got {found}");
        check_refused("many_types", &score(column), &expected);
    }
    check_refused(
        "many_types",
        &ScoreColumns::default().label("time"),
        "FILE, column `time`: must hold class labels, got TIMESTAMP values",
    );
    check_refused(
        "many_types",
        &ScoreColumns::default().label("note"),
        "FILE, row 1 (counted from 0), column `note`: must not be null",
    );
    check_refused(
        "polars",
        &score("yscore"),
        "FILE: there is no column `yscore` (did you mean `y_score`?); the columns are `y_true`, `y_score`, `w`",
    );
    check_refused(
        "brotli",
        &ScoreColumns::default(),
        "FILE is compressed with brotli, which cannot be read here; snappy, zstd, lz4 and gzip can",
    );
    // The index that pandas writes beside the columns is no feature.
    let path = golden_file("pandas_index.parquet");
    let error = read_dataset(&path, "y_true").unwrap_err();
    assert_eq!(
        message(&error, &path),
        "FILE: column 4 is called `__index_level_0__`, as pandas calls a row index, not a feature"
    );
}

#[test]
fn files_that_are_not_whole() {
    let sandbox = Sandbox::new();
    let whole = std::fs::read(golden_file("polars.parquet")).unwrap();
    let columns = ScoreColumns::default();
    for bytes in [
        &b""[..],
        b"PAR1",
        b"PAR1,y_score\n1,0.5\n",
        &whole[..whole.len() - 1],
        &whole[..whole.len() / 2],
        &whole[1..],
        &[&whole[..400], &whole[600..]].concat(),
    ] {
        let path = sandbox.file("scores.parquet", bytes);
        let error = read_scores(&path, &columns).unwrap_err();
        let message = message(&error, &path);
        assert!(
            message.starts_with("FILE is not a whole, valid Parquet file: "),
            "{message}"
        );
    }
}

#[test]
fn damaged_files_are_errors_or_tables() {
    // Whatever bit is wrong, what comes back is a table or an error, at once and in little memory.
    let sandbox = Sandbox::new();
    let columns = ScoreColumns::default()
        .weight(Some("w".into()))
        .positive(Some("ill".into()));
    let mut n_read = 0;
    let mut n_refused = 0;
    for name in ["categorical_label", "large_string_label"] {
        let whole = std::fs::read(golden_file(&format!("{name}.parquet"))).unwrap();
        let step = if std::env::var_os("CUTPOINT_SLOW_TESTS").is_some() {
            1
        } else {
            7
        };
        for index in (0..whole.len()).step_by(step) {
            for flipped in [1_u8, 0x80, 0xff] {
                let mut bytes = whole.clone();
                bytes[index] ^= flipped;
                let path = sandbox.file("scores.parquet", &bytes);
                match read_scores(&path, &columns) {
                    Ok(_) => n_read += 1,
                    Err(_) => n_refused += 1,
                }
            }
        }
    }
    // Some bits are of no account to the table: statistics, metadata of other tools.
    assert!(
        n_read > 100 && n_refused > 100,
        "{n_read} read, {n_refused} refused"
    );
}
