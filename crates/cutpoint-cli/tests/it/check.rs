//! `check`: whether a saved operating point still holds on other rows.

use cutpoint_choose::{OperatingPoint, PointData};
use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_files::{Output, write_operating_point};
use cutpoint_metrics::{PartialSweepBuilder, Problem};
use serde_json::{Value, json};

use crate::Sandbox;

/// Rows of a source: each hundred positives have scores spread evenly over (shift, 1 + shift), each hundred negatives
/// over (0, 1).
fn rows(n_positives: u32, n_negatives: u32, shift: f64) -> Vec<(bool, f64)> {
    let spread = |n_rows: u32, is_positive: bool, shift: f64| {
        let place = move |row| f64::from(row) / f64::from(n_rows) + 0.5 / f64::from(n_rows);
        (0..n_rows).map(move |row| (is_positive, place(row) + shift))
    };
    let positives = spread(n_positives, true, shift);
    positives.chain(spread(n_negatives, false, 0.0)).collect()
}

fn csv(rows: &[(bool, f64)]) -> String {
    let body = rows
        .iter()
        .map(|(label, score)| format!("{},{score:?}\n", u8::from(*label)));
    format!("y_true,y_score\n{}", body.collect::<String>())
}

/// Saves the point of a threshold, as `choose --save` does.
fn save(
    sandbox: &Sandbox,
    rows: &[(bool, f64)],
    threshold: f64,
    problem: &Problem,
    labels: [Label; 2],
) {
    let (label, score) = rows.iter().copied().unzip();
    let scores = Scores::new(label, score).unwrap();
    let mut builder = PartialSweepBuilder::new(1 << 20).unwrap();
    builder.add(&scores);
    let partial = builder.finish().unwrap();
    let threshold = Threshold::new(threshold).unwrap();
    let index = partial.edges().index_at(threshold);
    let point = OperatingPoint::new(
        threshold,
        partial.interval(index),
        labels,
        partial.edges().cells(index),
        problem,
        PointData::of(&partial),
    );
    let mut output = Output::create(&sandbox.path("point.json")).unwrap();
    write_operating_point(&mut output, &point).unwrap();
    output.commit().unwrap();
}

fn problem(constraints: &[&str]) -> Problem {
    let problem = Problem::new("maximize precision".parse().unwrap());
    constraints.iter().fold(problem, |problem, text| {
        problem.subject_to(text.parse().unwrap())
    })
}

/// 200 positives and 800 negatives; at 0.6, 160 of the first (0.6 to 1.4 of 0.4 to 1.4) and 320 of the others are
/// called.
fn chosen(constraints: &[&str]) -> Sandbox {
    let sandbox = Sandbox::new();
    save(
        &sandbox,
        &rows(200, 800, 0.4),
        0.6,
        &problem(constraints),
        [0.into(), 1.into()],
    );
    sandbox
}

const CONSTRAINTS: [&str; 3] = ["recall>=0.8", "precision>=0.3", "predicted_positives<=500"];

#[test]
fn rows_of_the_same_source() {
    let sandbox = chosen(&CONSTRAINTS);
    // Half as many rows, one positive less of 100 called: 79 and 160.
    let mut rows = rows(100, 400, 0.4);
    let lowest = rows
        .iter_mut()
        .find(|(label, score)| *label && *score >= 0.6)
        .unwrap();
    lowest.1 = 0.59;
    sandbox.file("s.csv", csv(&rows));
    let json = sandbox.json("check point.json s.csv --format json");
    assert_eq!(json["holds"], json!(true));
    assert_eq!(json["threshold"], json!(0.6));
    assert_eq!(json["labels"], json!([0, 1]));
    assert_eq!(json["confusion_matrix"], json!([[240, 160], [21, 79]]));
    assert_eq!(json["recall"], json!(0.79));
    assert_eq!(
        (&json["n_samples"], &json["per_rows"]),
        (&json!(500), &json!(1000.0))
    );
    assert_eq!(
        (&json["reasons"], &json["warnings"]),
        (&json!([]), &json!([]))
    );
    let constraints = &json["constraints"];
    let verdicts = constraints
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["verdict"].clone());
    assert_eq!(
        verdicts.collect::<Vec<_>>(),
        ["within_error", "holds", "holds"]
    );
    assert_eq!(constraints[0]["constraint"], json!("recall>=0.8"));
    assert_eq!(
        (&constraints[0]["metric"], &constraints[0]["relation"]),
        (&json!("recall"), &json!(">="))
    );
    assert_eq!(
        (&constraints[0]["bound"], &constraints[0]["value"]),
        (&json!(0.8), &json!(0.79))
    );
    assert_eq!(
        (&constraints[0]["then"], &constraints[0]["method"]),
        (&json!(0.8), &json!("wilson"))
    );
    // Wilson's interval of 79 of 100: (79 + 1.92073 ± 1.95996 sqrt(79 · 21 / 100 + 0.960365)) / 103.84146.
    let ends = [0, 1].map(|end| constraints[0]["interval"][end].as_f64().unwrap());
    let half = 1.959_963_985 * (16.59_f64 + 0.960_364_7).sqrt();
    for (end, expected) in ends
        .into_iter()
        .zip([80.920_729_4 - half, 80.920_729_4 + half])
    {
        assert!((end - expected / 103.841_458_8).abs() < 1e-8, "{end}");
    }
    // 239 alerts in 500 rows are 478 in 1000.
    assert_eq!(
        (&constraints[2]["value"], &constraints[2]["then"]),
        (&json!(478.0), &json!(480.0))
    );
    assert_eq!(constraints[2]["method"], json!("bootstrap"));
    let drift = &json["drift"];
    assert_eq!(
        drift["prevalence"],
        json!({"then": 0.2, "now": 0.2, "z": 0.0, "p": 1.0})
    );
    for (key, then, now) in [
        ("alert_rate", 0.48, 0.478),
        ("recall", 0.8, 0.79),
        ("fpr", 0.4, 0.4),
    ] {
        assert_eq!(
            (&drift[key]["then"], &drift[key]["now"]),
            (&json!(then), &json!(now)),
            "{key}"
        );
        assert!(drift[key]["p"].as_f64().unwrap() > 0.5, "{key}");
    }
    // The same run twice says the same.
    assert_eq!(json, sandbox.json("check point.json s.csv --format json"));
}

#[test]
fn text_for_people() {
    let sandbox = chosen(&CONSTRAINTS);
    sandbox.file("s.csv", csv(&rows(100, 400, 0.4)[1..]));
    insta::assert_snapshot!(sandbox.ok("check point.json s.csv"), @r"
    threshold 0.6, positive class `1`, chosen to maximize precision
    counts and costs for 1000 rows

    holds         recall>=0.8               0.8081 [0.7196, 0.8735], 0.8000 then
    holds         precision>=0.3            0.3333 [0.2767, 0.3952], 0.3333 then
    holds         predicted_positives<=500  480.9619 [438.8778, 525.1002], 480.0000 then

    drift            then        now          p
    prevalence     0.2000     0.1984     0.9416
    alert_rate     0.4800     0.4810     0.9720
    recall         0.8000     0.8081     0.8688
    fpr            0.4000     0.4000     1.0000

          predicted
    true    0    1
    0     240  160
    1      19   80
    ");
}

/// Checks that a point does not hold, and what is said of it on stderr.
#[track_caller]
fn check_broken(sandbox: &Sandbox, line: &str, message: &str) -> Value {
    check_failed(sandbox, line, 3, message)
}

/// The same, with another exit code.
#[track_caller]
fn check_failed(sandbox: &Sandbox, line: &str, code: i32, message: &str) -> Value {
    let line = format!("{line} --format json");
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    assert_eq!(run.stderr.trim_end(), message);
    assert_eq!(run.code, Some(code));
    // The whole result is there.
    let json = serde_json::from_str::<Value>(&run.stdout).unwrap();
    assert_eq!(json["holds"], json!(false));
    json
}

#[test]
fn drift_of_the_scores() {
    let sandbox = chosen(&CONSTRAINTS);
    // 0.7 of the positives are called.
    sandbox.file("s.csv", csv(&rows(200, 800, 0.3)));
    let json = check_broken(
        &sandbox,
        "check point.json s.csv",
        "error: point.json does not hold on s.csv: `recall>=0.8` is broken, at 0.7000 [0.6332, 0.7593]; \
         the scores have drifted: recall 0.8000 then, 0.7000 now (p = 0.0209)",
    );
    let verdicts = json["constraints"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["verdict"].clone());
    assert_eq!(verdicts.collect::<Vec<_>>(), ["broken", "holds", "holds"]);
    assert_eq!(json["reasons"].as_array().unwrap().len(), 2);
}

#[test]
fn drift_of_the_prevalence() {
    let sandbox = chosen(&CONSTRAINTS);
    // 80 of 100 positives and 760 of 1900 negatives: a precision of 2 / 21.
    sandbox.file("s.csv", csv(&rows(100, 1900, 0.4)));
    check_broken(
        &sandbox,
        "check point.json s.csv",
        "error: point.json does not hold on s.csv: `precision>=0.3` is broken, at 0.0952 [0.0772, 0.1170]; \
         the prevalence has drifted: prevalence 0.2000 then, 0.0500 now (p < 0.0001)",
    );
    // In the table, as in those of `compare`.
    let told = sandbox.run(&["check", "point.json", "s.csv"]).stdout;
    let line = "prevalence     0.2000     0.0500    <0.0001\n";
    assert!(told.contains(line), "{told}");
    // A point that was chosen for a prevalence is held against it, whatever that of the rows: 0.04 / (0.04 + 0.38).
    let there = problem(&["precision>=0.095", "recall>=0.8"]).at_prevalence(0.05);
    save(
        &sandbox,
        &rows(200, 800, 0.4),
        0.6,
        &there,
        [0.into(), 1.into()],
    );
    for n_negatives in [100, 1900] {
        sandbox.file("s.csv", csv(&rows(100, n_negatives, 0.4)));
        let json = sandbox.json("check point.json s.csv --format json");
        let value = json["constraints"][0]["value"].as_f64().unwrap();
        assert!((value - 0.04 / 0.42).abs() < 1e-12, "{value}");
        assert_eq!(
            (
                &json["drift"]["prevalence"]["then"],
                &json["drift"]["prevalence"]["p"]
            ),
            (&json!(0.05), &Value::Null)
        );
    }
}

/// The fifth lowest of 20 positives, at 0.4 + 4.5 / 20, is the lowest that may be called. Of 2000 others 1470 reach it,
/// those from 0.36 + 529.5 / 2000: their recall is below 0.8 for sure, but 20 rows do not tell that it was above.
#[test]
fn a_bound_that_was_never_kept_for_sure() {
    let sandbox = Sandbox::new();
    sandbox.file("chosen.csv", csv(&rows(20, 80, 0.4)));
    sandbox.file("new.csv", csv(&rows(2000, 8000, 0.36)));
    let point = sandbox.json(
        "choose chosen.csv --maximize precision --subject-to recall>=0.8 --save point.json --format json",
    );
    assert_eq!(point["recall"], json!(0.8));
    let json = sandbox.json("check point.json new.csv --format json");
    let kept = &json["constraints"][0];
    assert_eq!(
        (&json["holds"], &kept["verdict"], &kept["then"]),
        (&json!(true), &json!("within_error"), &json!(0.8))
    );
    let end = |name: &str, end: usize| kept[name][end].as_f64().expect("a number");
    assert!(end("interval", 1) < 0.8, "{kept}");
    assert!(end("change", 0) < 0.0 && end("change", 1) > 0.0, "{kept}");
    let warning = json["warnings"][0].as_str().expect("a warning");
    assert!(
        warning.starts_with("`recall>=0.8` is missed, at 0.7350 [")
            && warning.ends_with("the point was chosen on too few rows, or without a margin"),
        "{warning}"
    );
    let run = sandbox.run(&["check", "point.json", "new.csv", "--strict"]);
    assert_eq!(run.code, Some(3), "{}", run.stdout);
}

#[test]
fn strictly_the_value_decides() {
    let sandbox = chosen(&["recall>=0.8"]);
    let mut rows = rows(100, 400, 0.4);
    let lowest = rows
        .iter_mut()
        .find(|(label, score)| *label && *score >= 0.6)
        .unwrap();
    lowest.1 = 0.59;
    sandbox.file("s.csv", csv(&rows));
    sandbox.ok("check point.json s.csv");
    check_broken(
        &sandbox,
        "check point.json s.csv --strict",
        "error: point.json does not hold on s.csv: `recall>=0.8` is missed within error, at 0.7900 [0.7002, \
         0.8583]; chance alone may do that, but `--strict` was asked for",
    );
    // 0.79 is 0.25 deviations below 0.8.
    sandbox.ok("check point.json s.csv --confidence 0.5");
    let run = sandbox.run(&["check", "point.json", "s.csv", "--confidence", "0.1"]);
    assert_eq!(run.code, Some(3), "{}", run.stdout);
}

#[test]
fn nothing_has_to_hold() {
    let sandbox = chosen(&[]);
    sandbox.file("s.csv", csv(&rows(30, 20, 0.1)));
    let text = sandbox.ok("check point.json s.csv");
    assert!(
        text.contains("it was chosen without constraints: nothing has to hold"),
        "{text}"
    );
    let json = sandbox.json("check point.json s.csv --strict --format json");
    assert_eq!(
        (&json["holds"], &json["constraints"]),
        (&json!(true), &json!([]))
    );
}

#[test]
fn what_cannot_be_judged_does_not_hold() {
    let sandbox = chosen(&["precision>=0.3"]);
    sandbox.file("s.csv", "y_true,y_score\n1,0.1\n0,0.2\n");
    let json = check_failed(
        &sandbox,
        "check point.json s.csv",
        4,
        "error: point.json cannot be judged on s.csv: `precision>=0.3` cannot be judged: no row was predicted \
         positive; the scores have drifted: recall 0.8000 then, 0.0000 now (p = 0.0477)",
    );
    assert_eq!(json["constraints"][0]["value"], Value::Null);
    assert_eq!(json["constraints"][0]["verdict"], json!("undefined"));
}

#[test]
fn weights_count() {
    let sandbox = chosen(&["recall>=0.8", "fp<=330"]);
    // Ten rows of each cell: tp 25 and fn 15; fp 5 and tn 20.
    let body = "1,0.9,2.5\n1,0.1,1.5\n0,0.7,0.5\n0,0.2,2\n".repeat(10);
    sandbox.file("s.csv", format!("y_true,y_score,w\n{body}"));
    let run = sandbox.run(&[
        "check",
        "point.json",
        "s.csv",
        "--weight",
        "w",
        "--format",
        "json",
    ]);
    let json = serde_json::from_str::<Value>(&run.stdout).unwrap();
    assert_eq!(json["confusion_matrix"], json!([[20.0, 5.0], [15.0, 25.0]]));
    assert_eq!(json["constraints"][0]["value"], json!(0.625));
    assert_eq!(json["constraints"][0]["method"], json!("bootstrap"));
    // 20 rows that are positive do not tell much.
    assert_eq!(json["constraints"][0]["verdict"], json!("within_error"));
    // 5 of a weight of 65 is as 76.9 of 1000.
    assert!((json["constraints"][1]["value"].as_f64().unwrap() - 0.5 / 6.5 * 1000.0).abs() < 1e-9);
    assert_eq!(json["drift"]["recall"]["p"], Value::Null);
    assert_eq!(
        run.stderr,
        "warning: chosen on rows without weights, checked on rows with\n"
    );
    assert_eq!(run.code, Some(0));
}

#[test]
fn every_format_and_many_blocks() {
    let sandbox = chosen(&CONSTRAINTS);
    // More rows than a block has.
    sandbox.file("s.csv", csv(&rows(60_001, 240_000, 0.4)));
    sandbox.ok("split s.csv --no-shuffle --test-size 1 --train s.parquet --test last.parquet");
    sandbox.ok("split s.csv --no-shuffle --test-size 1 --train s.npy --test last.npy");
    let matrix = |name: &str| {
        sandbox.json(&format!("check point.json {name} --format json"))["confusion_matrix"].clone()
    };
    // 0.8 of 60001 and 0.4 of 240000; the last row, which split takes away, is a negative that is called.
    assert_eq!(
        matrix("s.csv"),
        json!([[144_000, 96_000], [12_000, 48_001]])
    );
    assert_eq!(
        matrix("s.parquet"),
        json!([[144_000, 95_999], [12_000, 48_001]])
    );
    assert_eq!(matrix("s.npy"), matrix("s.parquet"));
    let run = sandbox.run_with_stdin(&["check", "point.json", "-"], &csv(&rows(100, 400, 0.4)));
    assert_eq!((run.code, run.stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_positive_class_is_that_of_the_point() {
    let sandbox = Sandbox::new();
    let labels = || [Label::from("benign"), Label::from("malignant")];
    save(
        &sandbox,
        &rows(200, 800, 0.4),
        0.6,
        &problem(&["recall>=0.8"]),
        labels(),
    );
    let named = |positive: &str, negative: &str| {
        csv(&rows(100, 400, 0.4))
            .replace("\n1,", &format!("\n{positive},"))
            .replace("\n0,", &format!("\n{negative},"))
    };
    sandbox.file("s.csv", named("malignant", "benign"));
    let json = sandbox.json("check point.json s.csv --format json");
    assert_eq!(json["labels"], json!(["benign", "malignant"]));
    assert_eq!(json["confusion_matrix"], json!([[240, 160], [20, 80]]));
    sandbox.file("s.csv", named("malignant", "healthy"));
    sandbox.fails("check point.json s.csv", 1, "error: s.csv, column `y_true`: must have the classes of the operating \
        point, `benign` and `malignant`, got `healthy`; name the positive class with `--positive CLASS` if it is \
        spelled differently here");
    let json = sandbox.json("check point.json s.csv --positive malignant --format json");
    assert_eq!(json["labels"], json!(["healthy", "malignant"]));
    sandbox.file("s.csv", named("ill", "healthy"));
    sandbox.fails("check point.json s.csv", 1, "error: the positive class of the operating point is `malignant`; if it \
        is spelled differently here, name it with `--positive CLASS`: s.csv, column `y_true`: `positive` must be one \
        of the classes `healthy`, `ill`, got \"malignant\"");
    sandbox.ok("check point.json s.csv --positive ill");
    sandbox.fails(
        "check point.json s.csv --positive benign",
        2,
        "error: `--positive` must not be the negative class of the operating point, got `benign`",
    );
}

#[test]
fn the_rows_it_was_chosen_on_prove_nothing() {
    let sandbox = chosen(&CONSTRAINTS);
    sandbox.file("s.csv", csv(&rows(200, 800, 0.4)));
    let run = sandbox.run(&["check", "point.json", "s.csv"]);
    assert_eq!(run.code, Some(0));
    assert_eq!(
        run.stderr,
        "warning: as many rows and the same matrix as where the point was chosen: if these are the same rows, they \
         prove nothing\n"
    );
}

#[test]
fn files_that_are_no_points() {
    let sandbox = chosen(&CONSTRAINTS);
    sandbox.file("s.csv", csv(&rows(100, 400, 0.4)));
    let text = sandbox.text("point.json");
    sandbox.file("edited.json", text.replace("recall>=0.8", "recall>=0.5"));
    sandbox.fails(
        "check edited.json s.csv",
        1,
        "error: edited.json was changed after it was saved: its content does \
        not have the `checksum` that it tells\n\
         hint: choose again and save the result: `cutpoint choose SCORES … --save POINT.json`",
    );
    sandbox.file(
        "newer.json",
        text.replace("\"version\": 1", "\"version\": 2"),
    );
    sandbox.fails(
        "check newer.json s.csv",
        1,
        "error: newer.json is an operating point of version 2, and this \
        cutpoint reads versions up to 1\n\
         hint: it was written by a later cutpoint; update this one",
    );
    sandbox.fails(
        "check s.csv s.csv",
        1,
        "error: s.csv is not a cutpoint operating point: it is not whole, valid \
        JSON: expected value at line 1 column 1\n\
         hint: the operating point comes first: `cutpoint check POINT.json SCORES`",
    );
    sandbox.fails(
        "check none.json s.csv",
        1,
        "error: failed to read none.json: No such file or directory (os error 2)",
    );
    sandbox.fails(
        "check - -",
        2,
        "error: only one of the operating point and the scores can be stdin",
    );
    sandbox.fails(
        "check point.json s.csv --confidence 1",
        2,
        "error: `confidence` must be in (0, 1), got 1",
    );
}
