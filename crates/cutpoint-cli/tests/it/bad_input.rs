//! Bad files: one clear message with file, line and column, exit code 1, nothing written.

use crate::Sandbox;

/// Every command that reads a table, as a command line for the file `bad.csv`.
const READERS: [&str; 8] = [
    "split bad.csv --train a.csv --test b.csv --stratify",
    "fit bad.csv -o model.json",
    "predict good.json bad.csv -o scores.csv",
    "evaluate bad.csv",
    "sweep bad.csv -o sweep.csv",
    "moves bad.csv --from 0.5 --to 0.6 --rows rows.csv",
    "compare bad.csv bad.csv",
    "report bad.csv -o report.html",
];

/// A sandbox with a good model of one feature, `x0`, and perhaps a bad file.
fn with_model(bad: Option<&[u8]>) -> Sandbox {
    let sandbox = Sandbox::with("good.csv", "x0,y\n0,0\n1,0\n2,1\n3,1\n");
    sandbox.ok("fit good.csv -o good.json");
    if let Some(bad) = bad {
        sandbox.file("bad.csv", bad);
    }
    sandbox
}

/// Checks that every reader refuses a file with one message.
#[track_caller]
fn check_all(bad: &[u8], message: &str) {
    let sandbox = with_model(Some(bad));
    for line in READERS {
        sandbox.fails(line, 1, message);
    }
}

#[test]
fn a_missing_file() {
    let sandbox = with_model(None);
    for line in READERS {
        let message = "error: failed to read bad.csv: No such file or directory (os error 2)";
        sandbox.fails(line, 1, message);
    }
}

#[test]
fn a_directory() {
    let sandbox = with_model(None);
    std::fs::create_dir(sandbox.path("bad.csv")).unwrap();
    for line in READERS {
        sandbox.fails(
            line,
            1,
            "error: bad.csv is a directory; a file was expected",
        );
    }
}

#[test]
fn an_empty_file() {
    let message = "error: bad.csv is empty; a header line with column names was expected";
    check_all(b"", message);
    check_all(b"\n\n", message);
}

#[test]
fn a_header_only() {
    check_all(
        b"x0,y,y_true,y_score\n",
        "error: bad.csv has columns but no rows",
    );
}

#[test]
fn a_ragged_row() {
    check_all(
        b"x0,y,y_true,y_score\n1,0,0,0.5\n2,1,1\n",
        "error: bad.csv, line 3: must have 4 fields as the header has, got 3",
    );
}

#[test]
fn a_duplicate_column() {
    check_all(
        b"x0,y,y_true,y_score,x0\n1,0,0,0.5,1\n",
        "error: bad.csv: column name `x0` stands twice in the header, as columns 1 and 5",
    );
}

#[test]
fn bytes_that_are_not_utf8() {
    check_all(
        b"x0,y,y_true,y_score,note\n1,0,0,0.5,7\n1,1,1,0.5,\xff\n",
        "error: bad.csv, line 3: must be UTF-8 text, got other bytes\n\
         hint: if it is in Latin-1 or Windows-1252: `iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.csv`",
    );
}

#[test]
fn an_open_quote() {
    check_all(
        b"x0,y,y_true,y_score\n1,0,0,0.5\n1,1,1,\"0.5\n1,1,1,0.5\n",
        "error: bad.csv, line 3: a field opens with a quote that is never closed",
    );
}

#[test]
fn text_where_a_number_belongs() {
    let features = with_model(Some(b"x0,y\n1,0\noops,1\n"));
    let message = "error: bad.csv, line 3, column `x0`: must be a number, got \"oops\"";
    features.fails("fit bad.csv -o model.json", 1, message);
    features.fails("predict good.json bad.csv -o scores.csv", 1, message);
    let scores = with_model(Some(b"y_true,y_score\n1,0.5\n\n0,oops\n"));
    for line in &READERS[3..] {
        let message = "error: bad.csv, line 4, column `y_score`: must be a number, got \"oops\"";
        scores.fails(line, 1, message);
    }
}

#[test]
fn nan_and_infinity() {
    for text in ["NaN", "inf", "-Infinity"] {
        let features = with_model(Some(format!("x0,y\n1,0\n{text},1\n").as_bytes()));
        let message =
            format!("error: bad.csv, line 3, column `x0`: must be a finite number, got {text:?}");
        features.fails("fit bad.csv -o model.json", 1, &message);
        features.fails("predict good.json bad.csv -o scores.csv", 1, &message);
        let scores = with_model(Some(format!("y_true,y_score\n1,{text}\n").as_bytes()));
        for line in &READERS[3..] {
            let message = format!(
                "error: bad.csv, line 2, column `y_score`: must be a finite number, got {text:?}"
            );
            scores.fails(line, 1, &message);
        }
    }
}

#[test]
fn a_label_that_is_none() {
    let no_label = "must be a class label (a whole number or text), got";
    let missing = "must be a class, got \"nan\", a word for a missing value\n\
                   hint: leave such rows out; or, if it is a class, name all classes with `--labels A,B`";
    for (label, expected) in [
        ("", format!("{no_label} an empty field")),
        (
            "0.5",
            format!(
                "{no_label} \"0.5\"\n\
                 hint: a label is a class, no amount; if it is one, name all classes with `--labels A,B`"
            ),
        ),
        ("nan", missing.to_owned()),
    ] {
        let sandbox = with_model(Some(format!("x0,y\n1,0\n2,1\n3,{label}\n").as_bytes()));
        let message = format!("error: bad.csv, line 4, column `y`: {expected}");
        for line in &READERS[..3] {
            // The classes of a model are known, and need not be named.
            let message = if line.starts_with("predict") {
                message
                    .replace(
                        "; or, if it is a class, name all classes with `--labels A,B`",
                        "",
                    )
                    .replace(
                        "; if it is one, name all classes with `--labels A,B`",
                        ": write classes as whole numbers or words",
                    )
            } else {
                message.clone()
            };
            sandbox.fails(line, 1, &message);
        }
        let sandbox = with_model(Some(
            format!("y_true,y_score\n{label},0.5\n0,0.5\n").as_bytes(),
        ));
        let message = format!("error: bad.csv, line 2, column `y_true`: {expected}");
        for line in &READERS[3..] {
            sandbox.fails(line, 1, &message);
        }
    }
}

#[test]
fn a_third_class() {
    let sandbox = with_model(Some(b"y_true,y_score\n0,0.5\n1,0.5\n0,0.1\n2,0.2\n"));
    for line in &READERS[3..] {
        sandbox.fails(
            line,
            1,
            "error: bad.csv, line 5, column `y_true`: must have two classes beside a score, got a third; the classes \
             are `0`, `1`, `2`\n\
             hint: a score tells one class from one other: relabel the rows as that class and the rest, or evaluate \
             predicted labels of all classes with `cutpoint evaluate FILE --predicted COLUMN`",
        );
    }
}

#[test]
fn one_class_only() {
    let sandbox = with_model(Some(b"x0,y\n1,1\n2,1\n"));
    sandbox.fails(
        "fit bad.csv -o model.json",
        1,
        "error: `y` must have at least 2 classes, got only `1` in 2 rows",
    );
    // A file of scores still has a matrix; what needs both classes is undefined.
    let sandbox = Sandbox::with("one.csv", "y_true,y_score\n1,0.75\n1,0.25\n1,0.5\n");
    let run = sandbox.run(&["evaluate", "one.csv", "--format", "json"]);
    assert_eq!(run.code, Some(0));
    let warning = "warning: all rows are of one class, `1`: metrics that need both are undefined\n";
    assert!(run.stderr.starts_with(warning), "{}", run.stderr);
    let json = serde_json::from_str::<serde_json::Value>(&run.stdout).unwrap();
    assert_eq!(json["labels"], serde_json::json!([0, 1]));
    assert_eq!(
        json["confusion_matrix"],
        serde_json::json!([[0, 0], [1, 2]])
    );
    assert_eq!(json["recall"], serde_json::json!(2.0 / 3.0));
    assert!(json["roc_auc"].is_null() && json["specificity"].is_null());
    let table = sandbox.ok("sweep one.csv --metrics specificity");
    assert_eq!(
        table,
        "threshold,tp,fp,fn,tn,specificity\n,0,0,3,0,\n0.75,1,0,2,0,\n0.5,2,0,1,0,\n0.25,3,0,0,0,\n"
    );
}

#[test]
fn a_missing_column() {
    let sandbox = with_model(Some(b"a,b\n1,0\n"));
    let there = "the columns are `a`, `b`";
    let target = format!(
        "error: bad.csv: there is no column `y`; {there}\nhint: name the column of labels with `--target COLUMN`"
    );
    sandbox.fails(READERS[0], 1, &target);
    sandbox.fails(READERS[1], 1, &target);
    sandbox.fails(
        READERS[2],
        1,
        &format!("error: bad.csv: there is no column `x0`; {there}"),
    );
    for line in &READERS[3..] {
        sandbox.fails(
            line,
            1,
            &format!(
                "error: bad.csv: there is no column `y_true`; {there}\n\
                 hint: name the column of true labels with `--label COLUMN`"
            ),
        );
    }
    sandbox.fails(
        "evaluate bad.csv --label a --score B",
        1,
        &format!("error: bad.csv: there is no column `B` (did you mean `b`?); {there}"),
    );
    sandbox.file("bad.csv", "y_true;y_score\n1;0.5\n");
    sandbox.fails(
        "evaluate bad.csv",
        1,
        "error: bad.csv: there is no column `y_true`; the columns are `y_true;y_score`\n\
         hint: fields are separated by commas, and numbers have points; pandas: \
         `pd.read_csv(FILE, sep=\";\", decimal=\",\").to_csv(NEW, index=False)`",
    );
    sandbox.file("bad.csv", ",x0,y\n0,1.5,1\n");
    sandbox.fails(
        "fit bad.csv -o model.json",
        1,
        "error: bad.csv: column 1 has no name, as pandas writes a row index, not a feature\n\
         hint: leave it out with `--drop ''`, name the features with `--features A,B`, or write the file without it: \
         `to_csv(…, index=False)`",
    );
}

#[test]
fn one_row() {
    let sandbox = with_model(Some(b"x0,y,y_true,y_score\n1,0,1,0.5\n"));
    sandbox.fails(
        "split bad.csv --train a.csv --test b.csv",
        1,
        "error: `train_size` must leave at least 1 row to train on, got 0 of 1 (`test_size` not given, `train_size` \
         not given)",
    );
    sandbox.fails(
        "fit bad.csv -o model.json",
        1,
        "error: `y` must have at least 2 classes, got only `0` in 1 row",
    );
    // One row can be scored, counted and swept.
    sandbox.ok("predict good.json bad.csv -o scores.csv");
    assert_eq!(sandbox.text("scores.csv").lines().count(), 2);
    let json = sandbox.json("evaluate bad.csv --format json");
    assert_eq!(
        json["confusion_matrix"],
        serde_json::json!([[0, 0], [0, 1]])
    );
    assert_eq!(
        sandbox.ok("sweep bad.csv --metrics none"),
        "threshold,tp,fp,fn,tn\n,0,0,1,0\n0.5,1,0,0,0\n"
    );
}

#[test]
fn a_positive_class_that_is_not_named() {
    let sandbox = with_model(Some(b"y_score,y_true\n1,a\n2,b\n"));
    let needed = "`positive` must be given unless the labels lie within {0, 1}, {-1, 1} or {false, true}; the classes \
        here are `a`, `b`\nhint: name the positive class with `--positive CLASS`";
    let message = format!("error: bad.csv, column `y_true`: {needed}");
    sandbox.fails("fit bad.csv -o model.json --target y_true", 1, &message);
    for line in &READERS[3..] {
        sandbox.fails(
            line,
            1,
            &format!("error: bad.csv, column `y_true`: {needed}"),
        );
    }
    sandbox.fails(
        "evaluate bad.csv --positive c",
        1,
        "error: bad.csv, column `y_true`: `positive` must be one of the classes `a`, `b`, got \"c\"",
    );
}

#[test]
fn weights() {
    let sandbox = Sandbox::with("w.csv", "y_true,y_score,w\n1,0.5,1\n0,0.5,-1\n");
    sandbox.fails(
        "evaluate w.csv --weight w",
        1,
        "error: w.csv, line 3, column `w`: must be a number in [0, inf), got \"-1\"",
    );
    sandbox.file("w.csv", "y_true,y_score,w\n1,0.5,0\n0,0.5,0.0\n");
    sandbox.fails(
        "sweep w.csv --weight w",
        1,
        "error: w.csv, column `w`: `weight` must be above 0 in at least one row, got 0 in all 2",
    );
}

#[test]
fn models() {
    let sandbox = with_model(Some(b"x0,y\n1,0\n"));
    let model = sandbox.text("good.json");
    sandbox.file("cut.json", &model[..model.len() / 2]);
    let run = sandbox.run(&["predict", "cut.json", "bad.csv", "-o", "scores.csv"]);
    assert_eq!(run.code, Some(1));
    let message =
        "error: cut.json is not a cutpoint model: it is not whole, valid JSON: EOF while parsing";
    assert!(run.stderr.starts_with(message), "{}", run.stderr);
    let hint = "hint: the model comes first: `cutpoint predict MODEL.json FILE -o SCORES`";
    sandbox.fails(
        "predict bad.csv good.json -o scores.csv",
        1,
        &format!(
            "error: bad.csv is not a cutpoint model: it is not whole, valid JSON: expected value at line 1 column \
             1\n{hint}"
        ),
    );
    sandbox.file("other.json", "{}");
    sandbox.fails(
        "predict other.json bad.csv -o scores.csv",
        1,
        &format!(
            "error: other.json is not a cutpoint model: it is JSON, but its `format` is not `cutpoint-model`\n{hint}"
        ),
    );
    sandbox.file(
        "newer.json",
        model.replace("\"version\": 1", "\"version\": 2"),
    );
    sandbox.fails(
        "predict newer.json bad.csv -o scores.csv",
        1,
        "error: newer.json is a model of version 2, and this cutpoint reads versions up to 1\n\
         hint: it was written by a later cutpoint; update this one",
    );
    sandbox.file("shape.json", model.replace("\"x0\"", "\"x0\", \"x1\""));
    sandbox.fails(
        "predict shape.json bad.csv -o scores.csv",
        1,
        "error: shape.json is not a model that can be used: `coef[0]` must have 2 entries, got 1",
    );
}

#[test]
fn stdin_is_named() {
    let sandbox = Sandbox::new();
    let run = sandbox.run_with_stdin(&["evaluate", "-"], "y_true,y_score\n1,x\n");
    assert_eq!(
        run.stderr,
        "error: stdin, line 2, column `y_score`: must be a number, got \"x\"\n"
    );
}
