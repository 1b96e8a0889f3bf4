//! Operating points keep every bit, and files that are none, or were changed, are refused.

use std::path::PathBuf;

use cutpoint_choose::{MetricInterval, OperatingPoint, PointData};
use cutpoint_core::{Scores, Threshold};
use cutpoint_files::{Output, read_operating_point, write_operating_point};
use cutpoint_metrics::{
    Cells, PartialSweep, PartialSweepBuilder, Problem, ProportionInterval, metric_interval, sweep,
};
use serde_json::{Value, json};

use crate::{Sandbox, message};

/// At 0.1 + 0.2: tp 2, fp 1, fn 1, tn 3.
fn scores() -> Scores {
    let score = vec![0.9, 0.1 + 0.2, 0.8, 0.1, 0.2, 0.15, -5e-324];
    let label = vec![true, true, false, true, false, false, false];
    Scores::new(label, score).unwrap()
}

fn partial(scores: &Scores) -> PartialSweep {
    let mut builder = PartialSweepBuilder::new(1 << 20).unwrap();
    builder.add(scores);
    builder.finish().unwrap()
}

fn problem() -> Problem {
    Problem::new("minimize cost(fp=1,fn=2.5)".parse().unwrap())
        .subject_to("recall>=0.6666666666666666".parse().unwrap())
        .subject_to("predicted_positives<=5".parse().unwrap())
}

fn point() -> OperatingPoint {
    let scores = scores();
    let table = sweep(&scores);
    let cells = Cells::from_counts(2, 1, 1, 3);
    let index = table.index_at(Threshold::new(0.1 + 0.2).unwrap());
    assert_eq!(table.cells(index), cells);
    let wilson = ProportionInterval::Wilson;
    let recall = metric_interval(&"recall".parse().unwrap(), &cells, wilson, 0.9);
    OperatingPoint::new(
        Threshold::new(0.1 + 0.2).unwrap(),
        table.interval(index),
        ["no".into(), "yes, \"ü\"\n".into()],
        cells,
        &problem(),
        PointData::of(&partial(&scores)),
    )
    .with_objective_value(3.5)
    .with_intervals(
        0.9,
        vec![MetricInterval::new(
            "recall",
            recall.unwrap().unwrap(),
            "wilson",
        )],
    )
}

fn write(sandbox: &Sandbox, point: &OperatingPoint) -> PathBuf {
    let path = sandbox.path("point.json");
    let mut output = Output::create(&path).unwrap();
    write_operating_point(&mut output, point).unwrap();
    output.commit().unwrap();
    path
}

#[test]
fn points_keep_every_bit() {
    let sandbox = Sandbox::new();
    let path = write(&sandbox, &point());
    let back = read_operating_point(&path).unwrap();
    assert_eq!(back, point());
    assert_eq!(
        back.threshold().value().to_bits(),
        (0.1_f64 + 0.2).to_bits()
    );
    let ends = [back.interval().lower(), back.interval().upper()];
    assert_eq!(
        ends.map(|end| end.map(Threshold::value)),
        [Some(0.2), Some(0.1 + 0.2)]
    );
    assert_eq!(back.objective(), "minimize cost(fp=1,fn=2.5)");
    assert_eq!(back.objective_value(), Some(3.5));
    assert_eq!(back.constraints(), problem().constraints());
    // 3 of 7 rows are positive, and 3 of 7 predicted so.
    assert_eq!(back.expected_prevalence(), Some(3.0 / 7.0));
    assert_eq!(back.expected_alert_rate(), Some(3.0 / 7.0));
    assert_eq!(back.data().n_samples(), Some(7));
    // The same point gives the same bytes.
    let first = std::fs::read(&path).unwrap();
    write(&sandbox, &back);
    assert_eq!(std::fs::read(&path).unwrap(), first);
}

#[test]
fn scripts_find_what_they_look_for() {
    let sandbox = Sandbox::new();
    let text = std::fs::read_to_string(write(&sandbox, &point())).unwrap();
    assert!(text.ends_with("}\n"));
    assert!(!text.contains("NaN") && !text.contains("inf\""), "{text}");
    let value = serde_json::from_str::<Value>(&text).unwrap();
    for (key, expected) in [
        ("format", json!("cutpoint-point")),
        ("version", json!(1)),
        ("convention", json!("score >= threshold")),
        ("threshold", json!(0.1 + 0.2)),
        ("interval", json!([0.2, 0.1 + 0.2])),
        ("labels", json!(["no", "yes, \"ü\"\n"])),
        ("confusion_matrix", json!([[3, 1], [1, 2]])),
        (
            "constraints",
            json!(["recall>=0.6666666666666666", "predicted_positives<=5"]),
        ),
        ("at_prevalence", json!(null)),
        ("precision", json!(2.0 / 3.0)),
        (
            "expected",
            json!({"prevalence": 3.0 / 7.0, "alert_rate": 3.0 / 7.0}),
        ),
        ("confidence", json!(0.9)),
    ] {
        assert_eq!(value[key], expected, "{key}");
    }
    let objective = json!({"name": "cost(fp=1,fn=2.5)", "goal": "minimize", "value": 3.5});
    assert_eq!(value["objective"], objective);
    let keys = text.lines().filter_map(|line| line.strip_prefix("  \""));
    let keys = keys.filter_map(|line| line.split('"').next());
    let keys = keys.collect::<Vec<_>>();
    assert_eq!(keys[..4], ["format", "version", "convention", "threshold"]);
    assert_eq!(keys.last(), Some(&"checksum"));
}

/// What is said of a good file after a change.
#[track_caller]
fn check_changed(change: impl FnOnce(&mut Value), expected: &str) {
    let sandbox = Sandbox::new();
    let text = std::fs::read_to_string(write(&sandbox, &point())).unwrap();
    let mut value = serde_json::from_str(&text).unwrap();
    change(&mut value);
    check_text(&value.to_string(), expected);
}

#[track_caller]
fn check_text(text: &str, expected: &str) {
    let sandbox = Sandbox::new();
    let path = sandbox.file("point.json", text);
    let error = read_operating_point(&path).unwrap_err();
    assert_eq!(message(&error, &path), expected);
}

const CHANGED: &str =
    "FILE was changed after it was saved: its content does not have the `checksum` that it tells";

#[test]
fn any_change_is_found() {
    let edits: [fn(&mut Value); 8] = [
        |value| value["threshold"] = json!(0.35),
        |value| value["threshold"] = json!(0.300_000_000_000_000_1),
        |value| value["constraints"] = json!([]),
        |value| value["constraints"][0] = json!("recall>=0.5"),
        |value| value["labels"] = json!(["yes, \"ü\"\n", "no"]),
        |value| value["confusion_matrix"][1][1] = json!(3),
        |value| value["note"] = json!("mine"),
        |value| value["data"]["n_samples"] = json!(8),
    ];
    for edit in edits {
        check_changed(edit, CHANGED);
    }
    check_changed(|value| value["checksum"] = json!("sha256:00"), CHANGED);
}

#[test]
fn a_file_laid_out_anew_is_the_same() {
    let sandbox = Sandbox::new();
    let text = std::fs::read_to_string(write(&sandbox, &point())).unwrap();
    let value = serde_json::from_str::<Value>(&text).unwrap();
    // Other white space, keys in another order, and as JavaScript writes a whole number.
    let text = value.to_string();
    let path = sandbox.file("point.json", text);
    assert_eq!(read_operating_point(&path).unwrap(), point());
    let whole = point().with_objective_value(4.0);
    let text = std::fs::read_to_string(write(&sandbox, &whole)).unwrap();
    assert!(text.contains("\"value\": 4.0"), "{text}");
    let path = sandbox.file("point.json", text.replace("\"value\": 4.0", "\"value\": 4"));
    assert_eq!(read_operating_point(&path).unwrap(), whole);
}

#[test]
fn files_that_are_no_points() {
    check_text(
        "y_true,y_score\n1,0\n",
        "FILE is not a cutpoint operating point: it is not whole, valid JSON: expected value at line 1 column 1",
    );
    for foreign in [
        "{}",
        "[1]",
        "{\"format\": \"cutpoint-model\", \"version\": 1}",
    ] {
        check_text(
            foreign,
            "FILE is not a cutpoint operating point: it is JSON, but its `format` is not `cutpoint-point`",
        );
    }
    check_changed(
        |value| value["version"] = 2.into(),
        "FILE is an operating point of version 2, and this cutpoint reads versions up to 1",
    );
    check_changed(
        |value| {
            value.as_object_mut().unwrap().remove("threshold");
        },
        "FILE is not an operating point that can be used: missing field `threshold`",
    );
    check_changed(
        |value| {
            value.as_object_mut().unwrap().remove("checksum");
        },
        "FILE is not an operating point that can be used: missing field `checksum`",
    );
    check_changed(
        |value| value["threshold"] = Value::Null,
        "FILE is not an operating point that can be used: invalid type: null, expected f64",
    );
    check_changed(
        |value| value["convention"] = json!("score > threshold"),
        "FILE is not an operating point that can be used: `convention` must be `score >= threshold`, got `score > \
         threshold`",
    );
    let sandbox = Sandbox::new();
    let error = read_operating_point(&sandbox.path("missing.json")).unwrap_err();
    assert!(error.to_string().starts_with("failed to read "), "{error}");
}

#[test]
fn cut_files() {
    let sandbox = Sandbox::new();
    let text = std::fs::read_to_string(write(&sandbox, &point())).unwrap();
    for length in 0..text.trim_end().len() {
        if !text.is_char_boundary(length) {
            continue;
        }
        let path = sandbox.file("cut.json", &text[..length]);
        let message = read_operating_point(&path).unwrap_err().to_string();
        assert!(
            message.ends_with("is not a cutpoint operating point: it is not whole, valid JSON"),
            "{length}: {message}"
        );
    }
}
