//! One table of what a field is worth, the same in every format: as a number, as a label, and as the name of a group or
//! row.

use cutpoint_core::Label;
use cutpoint_files::{Error, Output, Rows, ScoreColumns, read_dataset, read_features, read_scores};

use crate::Sandbox;

/// A column of two fields, and what each is worth. `None` is an error.
struct Case {
    fields: [&'static str; 2],
    numbers: Option<[f64; 2]>,
    labels: Option<[Label; 2]>,
    names: Option<[&'static str; 2]>,
}

/// As ARCHITECTURE.md has it; whole numbers and doubles as Python's `int` and `repr` have them.
fn cases() -> Vec<Case> {
    let whole = |a: i64, b: i64| Some([Label::from(a), Label::from(b)]);
    let truth = |a: bool, b: bool| Some([Label::from(a), Label::from(b)]);
    let text = |a: &str, b: &str| Some([Label::from(a), Label::from(b)]);
    vec![
        Case {
            fields: ["1", "0"],
            numbers: Some([1.0, 0.0]),
            labels: whole(1, 0),
            names: Some(["1", "0"]),
        },
        Case {
            fields: ["1.0", "-3.0"],
            numbers: Some([1.0, -3.0]),
            labels: whole(1, -3),
            names: Some(["1", "-3"]),
        },
        Case {
            fields: ["0.5", "1.25"],
            numbers: Some([0.5, 1.25]),
            labels: None,
            names: Some(["0.5", "1.25"]),
        },
        Case {
            fields: ["True", "False"],
            numbers: Some([1.0, 0.0]),
            labels: truth(true, false),
            names: Some(["true", "false"]),
        },
        Case {
            fields: ["ill", "well"],
            numbers: None,
            labels: text("ill", "well"),
            names: Some(["ill", "well"]),
        },
        Case {
            fields: ["", "7"],
            numbers: None,
            labels: None,
            names: None,
        },
        Case {
            fields: ["9007199254740993", "9007199254740992"],
            numbers: None,
            labels: whole(9_007_199_254_740_993, 9_007_199_254_740_992),
            names: Some(["9007199254740993", "9007199254740992"]),
        },
        Case {
            // As pandas writes doubles: the first whole number that another one is rounded to, and its neighbour.
            fields: ["9007199254740992.0", "9007199254740994.0"],
            numbers: Some([9_007_199_254_740_992.0, 9_007_199_254_740_994.0]),
            labels: None,
            names: Some(["9007199254740992", "9007199254740994"]),
        },
        Case {
            fields: ["1e+16", "1e-07"],
            numbers: Some([1e16, 1e-7]),
            labels: None,
            names: Some(["10000000000000000", "0.0000001"]),
        },
        Case {
            // 2^55, whose shortest decimal is another whole number, and the other sign of zero.
            fields: ["3.602879701896397e16", "-0.0"],
            numbers: Some([2_f64.powi(55), 0.0]),
            labels: None,
            names: Some(["36028797018963968", "0"]),
        },
        Case {
            fields: ["1e+20", "-1.5E-7"],
            numbers: Some([1e20, -1.5e-7]),
            labels: None,
            names: Some(["100000000000000000000", "-0.00000015"]),
        },
        Case {
            fields: ["01", "1e5x"],
            numbers: None,
            labels: text("01", "1e5x"),
            names: Some(["01", "1e5x"]),
        },
        Case {
            fields: ["NaN", "0.5"],
            numbers: None,
            labels: None,
            names: Some(["NaN", "0.5"]),
        },
    ]
}

#[test]
fn every_format_says_the_same_of_a_field() {
    for case in cases() {
        let sandbox = Sandbox::new();
        let [first, second] = case.fields;
        let csv = sandbox.file(
            "a.csv",
            format!("f,y_true,y_score\n{first},1,0.5\n{second},0,0.25\n"),
        );
        let (rows, _) = Rows::read(&csv, None).unwrap();
        for format in ["csv", "parquet", "npy"] {
            let path = sandbox.path(&format!("b.{format}"));
            let mut output = Output::create_table(&path).unwrap();
            let written = rows.write(&mut output, &[0, 1]);
            if format == "npy" && case.fields.contains(&"") {
                // An array has no empty fields.
                written.unwrap_err();
                continue;
            }
            written.unwrap();
            output.commit().unwrap();
            let about = format!("{:?} in {format}", case.fields);
            let features = read_features(&path, &["f".to_owned()], "none").ok();
            let numbers = features.map(|features| features.x().column(0).to_vec());
            assert_eq!(numbers, case.numbers.map(Vec::from), "{about}");

            // Beside the labels, `y_score` and `y_true` are features.
            let data = read_dataset(&path, "f").ok();
            let labels = data.map(|data| [0, 1].map(|row| data.y().label(row).clone()));
            assert_eq!(labels, case.labels, "{about}");

            let columns = ScoreColumns::default().group(Some("f".to_owned()));
            let scores = read_scores(&path, &columns).ok();
            let names = scores.map(|scores| {
                let groups = scores.groups().unwrap();
                groups.map(str::to_owned).collect::<Vec<_>>()
            });
            let expected = case.names.map(|names| names.map(str::to_owned).to_vec());
            assert_eq!(names, expected, "{about}");

            let columns = ScoreColumns::default().id(Some("f".to_owned()));
            let scores = read_scores(&path, &columns).ok();
            let names = scores.map(|scores| {
                let ids = scores.ids().unwrap();
                ids.map(str::to_owned).collect::<Vec<_>>()
            });
            assert_eq!(names, expected, "{about}");
        }
    }
}

#[test]
fn a_number_beside_words_is_no_label_and_text_is_one_where_columns_have_types() {
    let sandbox = Sandbox::new();
    for (first, second) in [
        ("0.5", "ill"),
        ("ill", "9007199254740993.0"),
        ("true", "1e20"),
    ] {
        let csv = sandbox.file("a.csv", format!("x,y\n1,{first}\n0,{second}\n"));
        let number = [first, second]
            .into_iter()
            .find(|field| field.parse::<f64>().is_ok());
        let error = read_dataset(&csv, "y").unwrap_err();
        assert!(matches!(error, Error::NumberLabel { found, .. } if Some(&*found) == number));
        let (rows, _) = Rows::read(&csv, None).unwrap();
        for format in ["parquet", "npy"] {
            let path = sandbox.path(&format!("b.{format}"));
            let mut output = Output::create_table(&path).unwrap();
            rows.write(&mut output, &[0, 1]).unwrap();
            output.commit().unwrap();
            let data = read_dataset(&path, "y").unwrap();
            let labels = [0, 1].map(|row| data.y().label(row).clone());
            assert_eq!(labels, [first, second].map(Label::from), "{format}");
        }
    }
}
