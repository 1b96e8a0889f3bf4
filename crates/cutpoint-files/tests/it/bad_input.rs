//! Every way a file can be bad is told with path, line and column.

use cutpoint_files::{
    Error, Output, Rows, ScoreColumns, read_dataset, read_features, read_indices, read_model,
    read_predicted, read_scores, read_weighted_dataset,
};
use proptest::prelude::*;

use crate::Sandbox;

/// Checks the message for a data set, less the path at its start.
#[track_caller]
fn check_dataset(content: impl AsRef<[u8]>, expected: &str) {
    let sandbox = Sandbox::new();
    let path = sandbox.file("data.csv", content);
    let error = read_dataset(&path, "y").unwrap_err();
    check_message(&error, &path, expected);
}

#[track_caller]
fn check_scores(content: &str, columns: &ScoreColumns, expected: &str) {
    let sandbox = Sandbox::new();
    let path = sandbox.file("scores.csv", content);
    let error = read_scores(&path, columns).unwrap_err();
    check_message(&error, &path, expected);
}

#[track_caller]
fn check_message(error: &Error, path: &std::path::Path, expected: &str) {
    let message = match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    let message = message.replace(&path.display().to_string(), "FILE");
    assert_eq!(message, expected);
}

#[test]
fn files_that_cannot_be_opened() {
    let sandbox = Sandbox::new();
    let missing = sandbox.path("missing.csv");
    check_message(
        &read_dataset(&missing, "y").unwrap_err(),
        &missing,
        "failed to read FILE: No such file or directory (os error 2)",
    );
    let directory = sandbox.path("directory");
    std::fs::create_dir(&directory).unwrap();
    for error in [
        read_dataset(&directory, "y").unwrap_err(),
        Rows::read(&directory, None).unwrap_err(),
    ] {
        check_message(
            &error,
            &directory,
            "FILE is a directory; a file was expected",
        );
    }
    let other = sandbox.file("data.xlsx", "PK");
    check_message(
        &read_dataset(&other, "y").unwrap_err(),
        &other,
        "FILE: \".xlsx\" files are not supported; .csv, .parquet (.pq) and .npy are, and `-` for CSV on stdin or \
         stdout",
    );
}

#[test]
fn too_little_in_a_file() {
    for empty in ["", "\n", "\r\n\r\n", "\u{feff}"] {
        check_dataset(
            empty,
            "FILE is empty; a header line with column names was expected",
        );
    }
    for header in ["x0,y", "x0,y\n", "x0,y\r\n\n\n"] {
        check_dataset(header, "FILE has columns but no rows");
    }
    check_dataset("y\n1\n", "FILE: there is no feature column beside `y`");
}

#[test]
fn headers() {
    check_dataset(
        "x0,x1\n1,2\n",
        "FILE: there is no column `y`; the columns are `x0`, `x1`",
    );
    check_dataset(
        "x0,Y\n1,2\n",
        "FILE: there is no column `y` (did you mean `Y`?); the columns are `x0`, `Y`",
    );
    check_dataset(
        "x0,y,x0\n1,2,3\n",
        "FILE: column name `x0` stands twice in the header, as columns 1 and 3",
    );
    check_dataset(
        "x0, y ,x1,y\n1,2,3,4\n",
        "FILE: column name `y` stands twice in the header, as columns 2 and 4",
    );
    // The index that pandas writes by default.
    check_dataset(
        ",x0,y\n0,0.5,1\n",
        "FILE: column 1 has no name, as pandas writes a row index, not a feature",
    );
    let names = (0..20).map(|index| format!("c{index}")).collect::<Vec<_>>();
    check_dataset(
        names.join(","),
        "FILE: there is no column `y`; the columns are `c0`, `c1`, `c2`, `c3`, `c4`, `c5`, `c6`, `c7`, `c8`, `c9`, \
         `c10`, `c11`, and 8 more",
    );
}

#[test]
fn near_names_are_suggested() {
    let columns = ScoreColumns::default();
    check_scores(
        "y_true,score\n1,0.5\n",
        &columns,
        "FILE: there is no column `y_score` (did you mean `score`?); the columns are `y_true`, `score`",
    );
    check_scores(
        "label,y_score\n1,0.5\n",
        &columns,
        "FILE: there is no column `y_true`; the columns are `label`, `y_score`",
    );
}

#[test]
fn ragged_rows() {
    check_dataset(
        "x0,y\n1,0\n1,2,0\n",
        "FILE, line 3: must have 2 fields as the header has, got 3",
    );
    check_dataset(
        "x0,y\r\n1,0\r\n\r\n5\r\n",
        "FILE, line 4: must have 2 fields as the header has, got 1",
    );
    check_dataset(
        "x0,\"y\"\n\"1\n\",0\n\n\"1\",0\n1\n",
        "FILE, line 6: must have 2 fields as the header has, got 1",
    );
}

#[test]
fn fields() {
    let header = "x0,x1,y\n1,2,0\n";
    for (field, expected) in [
        ("abc", "a number, got \"abc\""),
        ("", "a number, got an empty field"),
        (" ", "a number, got \" \""),
        ("0x10", "a number, got \"0x10\""),
        ("1_000", "a number, got \"1_000\""),
        ("1 2", "a number, got \"1 2\""),
        ("NaN", "a finite number, got \"NaN\""),
        ("-inf", "a finite number, got \"-inf\""),
        ("1e400", "a finite number, got \"1e400\""),
        (
            "aaaaaaaaaabbbbbbbbbbccccccccccddddddddddX",
            "a number, got \"aaaaaaaaaabbbbbbbbbbccccccccccdddddddddd\" and more",
        ),
    ] {
        check_dataset(
            format!("{header}1,{field},1\n"),
            &format!("FILE, line 3, column `x1`: must be {expected}"),
        );
    }
    for (label, found) in [
        ("", "an empty field"),
        ("  ", "an empty field"),
        ("0.5", "\"0.5\""),
    ] {
        check_dataset(
            format!("{header}1,2,1\n\n3,4,{label}\n5,6,1\n"),
            &format!(
                "FILE, line 5, column `y`: must be a class label (a whole number or text), got {found}"
            ),
        );
    }
    check_dataset(
        format!("{header}1,2,1\n\n3,4,nan\n5,6,1\n"),
        "FILE, line 5, column `y`: must be a class, got \"nan\", a word for a missing value",
    );
}

#[test]
fn bytes_that_are_no_text() {
    check_dataset(
        b"x0,y\n1,0\n1,\xff\n",
        "FILE, line 3: must be UTF-8 text, got other bytes",
    );
    check_dataset(
        b"\xff\xfex\x000\x00",
        "FILE is read as CSV, but is text in UTF-16",
    );
    // A column that nobody asked for counts too: the file is not what it seems.
    let sandbox = Sandbox::new();
    let path = sandbox.file("scores.csv", b"y_true,y_score,note\n1,0.5,\xe9t\xe9\n");
    check_message(
        &read_scores(&path, &ScoreColumns::default()).unwrap_err(),
        &path,
        "FILE, line 2: must be UTF-8 text, got other bytes",
    );
}

#[test]
fn open_quotes() {
    for content in [
        "x0,y\n1,0\n2,\"1\n3,0\n4,1",
        "x0,y\n1,0\n2,\"1\n",
        "x0,y\n1,0\n2,\"",
    ] {
        check_dataset(
            content,
            "FILE, line 3: a field opens with a quote that is never closed",
        );
    }
    check_dataset(
        "x0,\"y\n1,0\n",
        "FILE, line 1: a field opens with a quote that is never closed",
    );
}

#[test]
fn a_line_is_right_beyond_the_first_block() {
    // Blocks are 1 MiB and several are parsed at a time: 300,000 rows of 12 bytes are four of them.
    let mut content = "x0,y\n".to_owned();
    for row in 0..300_000 {
        content.push_str(if row % 2 == 0 {
            "0.1234567,1\r\n"
        } else {
            "0.1234567,0\n"
        });
    }
    content.push_str("oops,1\n");
    check_dataset(
        &content,
        "FILE, line 300002, column `x0`: must be a number, got \"oops\"",
    );
    let label = content.replace("oops,1", "1,x");
    let sandbox = Sandbox::new();
    let path = sandbox.file("scores.csv", label.replace("x0,y", "y_score,y_true"));
    check_message(
        &read_scores(&path, &ScoreColumns::default()).unwrap_err(),
        &path,
        "FILE, line 300002, column `y_true`: must have two classes beside a score, got a third; the classes are `0`, \
         `1`, `x`",
    );
}

#[test]
fn scores() {
    let columns = ScoreColumns::default();
    let weighted = columns.clone().weight(Some("w".to_owned()));
    check_scores(
        "y_true,y_score\n1,0.5\n0,0.25\n2,0.5\n1,0.5\n",
        &columns,
        "FILE, line 4, column `y_true`: must have two classes beside a score, got a third; the classes are `0`, `1`, \
         `2`",
    );
    check_scores(
        "y_true,y_score\n1,0.5\n0,nan\n",
        &columns,
        "FILE, line 3, column `y_score`: must be a finite number, got \"nan\"",
    );
    check_scores(
        "y_true,y_score\nill,0.5\nwell,0.25\n",
        &columns,
        "FILE, column `y_true`: `positive` must be given unless the labels lie within {0, 1}, {-1, 1} or \
         {false, true}; the classes here are `ill`, `well`",
    );
    check_scores(
        "y_true,y_score\nill,0.5\nwell,0.25\n",
        &columns.clone().positive(Some("sick".to_owned())),
        "FILE, column `y_true`: `positive` must be one of the classes `ill`, `well`, got \"sick\"",
    );
    check_scores(
        "y_true,y_score,w\n1,0.5,1\n0,0.25,-2\n",
        &weighted,
        "FILE, line 3, column `w`: must be a number in [0, inf), got \"-2\"",
    );
    check_scores(
        "y_true,y_score,w\n1,0.5,0\n0,0.25,0\n",
        &weighted,
        "FILE, column `w`: `weight` must be above 0 in at least one row, got 0 in all 2",
    );
    check_scores(
        "y_true,y_score\n1,0.5\n",
        &columns.clone().weight(Some("y_score".to_owned())),
        "FILE: column `y_score` cannot be both the score and the weight",
    );
    check_scores(
        "y_true,y_score\n1,0.5\n",
        &columns.score("y_true"),
        "FILE: column `y_true` cannot be both the label and the score",
    );
}

#[test]
fn the_other_readers() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("a.csv", "x0,x1,y,w\n1,2,0,1\n3,4,1,-1\n");
    check_message(
        &read_weighted_dataset(&path, "y", "w").unwrap_err(),
        &path,
        "FILE, line 3, column `w`: must be a number in [0, inf), got \"-1\"",
    );
    check_message(
        &read_weighted_dataset(&path, "y", "y").unwrap_err(),
        &path,
        "FILE: column `y` cannot be both the target and the sample weight",
    );
    check_message(
        &read_features(&path, &["x1".to_owned(), "x2".to_owned()], "y").unwrap_err(),
        &path,
        "FILE: there is no column `x2` (did you mean `x0`?); the columns are `x0`, `x1`, `y`, `w`",
    );
    let path = sandbox.file("b.csv", "y_true,y_pred\na,b\n,a\n");
    check_message(
        &read_predicted(&path, "y_true", "y_pred", None).unwrap_err(),
        &path,
        "FILE, line 3, column `y_true`: must be a class label (a whole number or text), got an empty field",
    );
    check_message(
        &read_predicted(&path, "y_true", "y_true", None).unwrap_err(),
        &path,
        "FILE: column `y_true` cannot be both the label and the predicted label",
    );
    let path = sandbox.file("c.csv", "set,index\ntrain,0\ntrain,-1\n");
    check_message(
        &read_indices(&path).unwrap_err(),
        &path,
        "FILE, line 3, column `index`: must be a whole number from 0, got \"-1\"",
    );
}

/// Gives some bytes to every reader; whatever they make of them, they must return.
fn read_all(bytes: &[u8]) {
    let sandbox = Sandbox::new();
    let path = sandbox.file("any.csv", bytes);
    for result in [
        read_dataset(&path, "y").map(drop),
        read_weighted_dataset(&path, "y", "x").map(drop),
        read_features(&path, &["x".to_owned()], "y").map(drop),
        read_scores(&path, &ScoreColumns::default().label("y").score("x")).map(drop),
        read_predicted(&path, "y", "x", None).map(drop),
        read_indices(&path).map(drop),
        read_model(&path).map(drop),
    ] {
        if let Err(error) = result {
            assert!(!error.to_string().is_empty());
        }
    }
    if let Ok((rows, _)) = Rows::read(&path, None) {
        let copy = sandbox.path("copy.csv");
        let mut output = Output::create(&copy).unwrap();
        let indices = (0..rows.n_rows()).collect::<Vec<_>>();
        rows.write(&mut output, &indices).unwrap();
        output.commit().unwrap();
        let (again, _) = Rows::read(&copy, None).unwrap();
        assert_eq!(again.n_rows(), rows.n_rows());
    }
}

proptest! {
    #[test]
    fn any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..60)) {
        read_all(&bytes);
    }

    #[test]
    fn anything_like_a_table_is_read_or_refused(body in "[xy01.e\", \r\n-]{0,40}") {
        read_all(format!("x,y{body}").as_bytes());
        read_all(format!("x,y\n{body}").as_bytes());
    }
}
