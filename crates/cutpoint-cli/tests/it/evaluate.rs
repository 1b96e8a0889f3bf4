//! `evaluate`: the matrix, the report to the character, the metrics; by hand and against scikit-learn.

use cutpoint_testkit::golden_cases;
use serde_json::{Value, json};

use crate::Sandbox;

/// What metrics may differ from scikit-learn's.
const METRIC: f64 = 1e-12;

/// At 0.5: tp 3 (0.9, 0.8, 0.5), fp 1 (0.7), fn 2 (0.4, 0.1), tn 4.
const SCORES: &str = "y_score,y_true,w\n0.9,1,1\n0.8,1,0.5\n0.7,0,2\n0.5,1,1\n0.4,1,1\n\
    0.35,0,1\n0.3,0,1\n0.2,0,0.25\n0.15,0,3\n0.1,1,1\n";

#[track_caller]
fn check_number(got: &Value, expected: f64, context: &str) {
    let got = got.as_f64().unwrap_or_else(|| panic!("{context} is {got}"));
    assert!(
        (got - expected).abs() <= METRIC * expected.abs().max(1.0),
        "{context}: {got} is not {expected}"
    );
}

#[test]
fn json_has_the_promised_keys() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let json = sandbox.json("evaluate s.csv --normalize true --format json");
    assert_eq!(json["threshold"], json!(0.5));
    assert_eq!(json["labels"], json!([0, 1]));
    assert_eq!(json["confusion_matrix"], json!([[4, 1], [2, 3]]));
    assert_eq!(json["normalized"], json!([[0.8, 0.2], [0.4, 0.6]]));
    for (name, expected) in [
        ("accuracy", 7.0 / 10.0),
        ("precision", 3.0 / 4.0),
        ("recall", 3.0 / 5.0),
        ("specificity", 4.0 / 5.0),
        ("npv", 4.0 / 6.0),
        ("f1", 6.0 / 9.0),
        ("fpr", 1.0 / 5.0),
        ("likelihood_ratio_positive", 3.0),
        // Of 25 pairs, 18 are in order: 5 below 0.9, 5 below 0.8, 4 below 0.5, 4 below 0.4, 0 below 0.1.
        ("roc_auc", 18.0 / 25.0),
        // (1/1 + 2/2 + 3/4 + 4/5 + 5/10) / 5
        ("average_precision", 4.05 / 5.0),
        // .01 + .04 + .49 + .25 + .36 + .1225 + .09 + .04 + .0225 + .81 = 2.235
        ("brier", 0.2235),
    ] {
        check_number(&json[name], expected, name);
    }
    assert!(json["log_loss"].is_f64());
    let report = &json["report"];
    assert_eq!(report["1"]["support"], json!(5));
    check_number(&report["1"]["precision"], 0.75, "report precision");
    check_number(&report["0"]["f1-score"], 8.0 / 11.0, "report f1");
    check_number(&report["accuracy"], 0.7, "report accuracy");
    check_number(&report["macro avg"]["recall"], 0.7, "report macro recall");
    assert_eq!(report["weighted avg"]["support"], json!(10));
}

#[test]
fn undefined_is_null_and_scores_outside_the_unit_have_no_losses() {
    let sandbox = Sandbox::with("s.csv", "y_true,y_score\n1,-2.5\n0,-3\n0,4\n");
    let json = sandbox.json("evaluate s.csv --threshold 5 --format json");
    assert_eq!(json["confusion_matrix"], json!([[2, 0], [1, 0]]));
    for name in ["precision", "brier", "log_loss", "diagnostic_odds_ratio"] {
        assert!(json[name].is_null(), "{name}: {}", json[name]);
    }
    assert!(json["report"]["1"]["precision"].is_null());
    check_number(&json["roc_auc"], 0.5, "roc_auc");
    let run = sandbox.run(&["evaluate", "s.csv", "--threshold", "5"]);
    assert!(
        run.stderr
            .contains("warning: precision is undefined for class `1`"),
        "{}",
        run.stderr
    );
    assert!(
        run.stdout
            .contains("\nprecision                  undefined: no row was predicted positive\n"),
        "{}",
        run.stdout
    );
    assert!(
        run.stdout
            .contains("\nbrier                      undefined: a score lies outside [0, 1]\n"),
        "{}",
        run.stdout
    );
}

#[test]
fn text_is_matrix_report_metrics() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let text = sandbox.ok("evaluate s.csv --names Negative,Positive");
    insta::assert_snapshot!(text.lines().take(17).collect::<Vec<_>>().join("\n"), @r"
    predicted `1` where the score is at least 0.5

              predicted
    true      Negative  Positive
    Negative         4         1
    Positive         2         3

                  precision    recall  f1-score   support

        Negative       0.67      0.80      0.73         5
        Positive       0.75      0.60      0.67         5

        accuracy                           0.70        10
       macro avg       0.71      0.70      0.70        10
    weighted avg       0.71      0.70      0.70        10

    accuracy                      0.7000
    ");
    assert!(!text.contains('\x1b'));
}

#[test]
fn textbook_puts_the_positive_class_first() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let json = sandbox.json("evaluate s.csv --layout textbook --names N,P --format json");
    assert_eq!(json["labels"], json!([1, 0]));
    assert_eq!(json["names"], json!(["P", "N"]));
    assert_eq!(json["confusion_matrix"], json!([[3, 2], [1, 4]]));
    assert_eq!(json["report"]["P"]["support"], json!(5));
    let text = sandbox.ok("evaluate s.csv --layout textbook --normalize pred");
    insta::assert_snapshot!(text.lines().take(11).collect::<Vec<_>>().join("\n"), @r"
    predicted `1` where the score is at least 0.5

          predicted
    true  1  0
    1     3  2
    0     1  4

    of predicted  predicted
    true             1     0
    1             0.75  0.33
    0             0.25  0.67
    ");
}

#[test]
fn the_other_class_can_be_the_positive_one() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    // Scores now speak for class 0: of those at least 0.5, one is a 0.
    let json = sandbox.json("evaluate s.csv --positive 0 --format json");
    assert_eq!(json["labels"], json!([1, 0]));
    assert_eq!(json["confusion_matrix"], json!([[2, 3], [4, 1]]));
    check_number(&json["recall"], 1.0 / 5.0, "recall");
    check_number(&json["roc_auc"], 7.0 / 25.0, "roc_auc");
}

#[test]
fn a_score_on_the_threshold_is_positive() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    for (threshold, matrix) in [
        ("0.5", json!([[4, 1], [2, 3]])),
        ("0.5000000000000001", json!([[4, 1], [3, 2]])),
        ("-1", json!([[0, 5], [0, 5]])),
    ] {
        let json = sandbox.json(&format!(
            "evaluate s.csv --threshold {threshold} --format json"
        ));
        assert_eq!(json["confusion_matrix"], matrix, "{threshold}");
    }
}

#[test]
fn weights_are_sums() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let json = sandbox.json("evaluate s.csv --weight w --format json");
    // tn 1 + 1 + 0.25 + 3, fp 2, fn 1 + 1, tp 1 + 0.5 + 1
    assert_eq!(json["confusion_matrix"], json!([[5.25, 2.0], [2.0, 2.5]]));
    check_number(&json["precision"], 2.5 / 4.5, "precision");
    assert_eq!(json["report"]["1"]["support"], json!(4.5));
    let text = sandbox.ok("evaluate s.csv --weight w");
    assert!(text.contains("\n1     2.00  2.50\n"), "{text}");
}

#[test]
fn labels_choose_and_order() {
    let sandbox = Sandbox::with("p.csv", "y_true,y_pred\na,a\na,b\nb,b\nc,b\nc,c\nc,c\n");
    let json = sandbox.json("evaluate p.csv --predicted y_pred --labels c,a --format json");
    assert_eq!(json["threshold"], Value::Null);
    assert_eq!(json["labels"], json!(["c", "a"]));
    assert_eq!(json["confusion_matrix"], json!([[2, 0], [0, 1]]));
    // The metrics are of all rows: 4 of 6 are right.
    check_number(&json["accuracy"], 4.0 / 6.0, "accuracy");
    check_number(&json["error_rate"], 2.0 / 6.0, "error_rate");
    assert!(json["recall"].is_null() && json["positive"].is_null());
    assert!(json["report"]["micro avg"].is_object());
    let json = sandbox.json("evaluate p.csv --predicted y_pred --positive c --format json");
    assert_eq!(
        json["confusion_matrix"],
        json!([[1, 1, 0], [0, 1, 0], [0, 1, 2]])
    );
    check_number(&json["recall"], 2.0 / 3.0, "recall of c");
    check_number(&json["specificity"], 1.0, "specificity of c");
    // Two classes without a name for the positive one: nothing is guessed.
    sandbox.file("q.csv", "y_true,y_pred\nham,spam\nspam,spam\nham,ham\n");
    let run = sandbox.run(&[
        "evaluate",
        "q.csv",
        "--predicted",
        "y_pred",
        "--format",
        "json",
    ]);
    let json = serde_json::from_str::<Value>(&run.stdout).unwrap();
    assert!(json["recall"].is_null());
    check_number(&json["accuracy"], 2.0 / 3.0, "accuracy");
    assert!(
        run.stderr
            .contains("hint: name the positive class with `--positive CLASS`"),
        "{}",
        run.stderr
    );
}

#[test]
fn truth_values_are_spelt_as_scikit_learn_spells_them() {
    let sandbox = Sandbox::with(
        "p.csv",
        "y_true,y_pred\nTRUE,true\nfalse,True\nFalse,false\n",
    );
    let json = sandbox.json("evaluate p.csv --predicted y_pred --format json");
    assert_eq!(json["labels"], json!([false, true]));
    assert_eq!(json["names"], json!(["False", "True"]));
    assert_eq!(json["positive"], json!(true));
    assert_eq!(json["confusion_matrix"], json!([[1, 1], [0, 1]]));
    assert_eq!(json["report"]["True"]["support"], json!(1));
}

#[test]
fn a_class_named_like_a_line_of_the_report() {
    let sandbox = Sandbox::with("p.csv", "y_true,y_pred\naccuracy,b\nb,b\n");
    sandbox.ok("evaluate p.csv --predicted y_pred");
    let run = sandbox.run(&[
        "evaluate",
        "p.csv",
        "--predicted",
        "y_pred",
        "--format",
        "json",
    ]);
    assert_eq!(run.code, Some(2));
    assert!(
        run.stderr.contains(
            "error: `--names` must be distinct, and none of the lines of the report, got `accuracy`"
        ),
        "{}",
        run.stderr
    );
    sandbox.ok("evaluate p.csv --predicted y_pred --names a,b --format json");
}

#[test]
fn binary_scores_of_scikit_learn() {
    for case in golden_cases("binary_metrics.json") {
        let name = case["name"].as_str().unwrap();
        let rows = case["y_true"]
            .as_array()
            .unwrap()
            .iter()
            .zip(case["y_score"].as_array().unwrap());
        let rows = rows
            .map(|(label, score)| format!("{label},{score}\n"))
            .collect::<String>();
        let sandbox = Sandbox::with("s.csv", format!("y_true,y_score\n{rows}"));
        let expected = &case["expected"];
        let at = &expected["at"];
        let json = sandbox.json(&format!(
            "evaluate s.csv --threshold {} --normalize pred --format json",
            at["threshold"]
        ));
        let counts = at["confusion_matrix"].as_array().unwrap().iter();
        for (row, expected) in json["confusion_matrix"]
            .as_array()
            .unwrap()
            .iter()
            .zip(counts)
        {
            for (count, expected) in row
                .as_array()
                .unwrap()
                .iter()
                .zip(expected.as_array().unwrap())
            {
                assert_eq!(
                    count.as_u64().map(|count| count as f64),
                    expected.as_f64(),
                    "{name}"
                );
            }
        }
        let shares = at["normalized_pred"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row.as_array().unwrap());
        let got = json["normalized"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row.as_array().unwrap());
        for (got, expected) in got.zip(shares) {
            check_number(got, expected.as_f64().unwrap(), name);
        }
        for key in ["roc_auc", "average_precision", "brier", "log_loss"] {
            if let (Some(expected), false) = (expected[key].as_f64(), json[key].is_null()) {
                check_number(&json[key], expected, &format!("{name}: {key}"));
            }
        }
        for key in ["accuracy", "balanced_accuracy"] {
            check_number(
                &json[key],
                at[key].as_f64().unwrap(),
                &format!("{name}: {key}"),
            );
        }
    }
}

#[test]
fn several_classes_of_scikit_learn() {
    for case in golden_cases("multiclass_metrics.json") {
        let name = case["name"].as_str().unwrap();
        let text = |value: &Value| {
            value
                .as_str()
                .map_or_else(|| value.to_string(), str::to_owned)
        };
        let mut content = "y_true,y_pred,w\n".to_owned();
        let y = case["y_true"]
            .as_array()
            .unwrap()
            .iter()
            .zip(case["y_pred"].as_array().unwrap());
        for (row, (y_true, y_pred)) in y.enumerate() {
            let weight = case["sample_weight"]
                .get(row)
                .map_or_else(|| "1".to_owned(), ToString::to_string);
            content.push_str(&format!("{},{},{weight}\n", text(y_true), text(y_pred)));
        }
        let sandbox = Sandbox::with("p.csv", content);
        let weight = if case["sample_weight"].is_null() {
            ""
        } else {
            " --weight w"
        };
        let line = format!("evaluate p.csv --predicted y_pred{weight}");
        let expected = &case["expected"];
        let report = expected["classification_report"].as_str().unwrap();
        let printed = sandbox.ok(&line);
        assert!(
            printed.contains(&format!("\n\n{report}\n")),
            "{name}\n{report}\n{printed}"
        );
        let json = sandbox.json(&format!("{line} --format json"));
        let cells = expected["confusion_matrix"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row.as_array().unwrap());
        let got = json["confusion_matrix"]
            .as_array()
            .unwrap()
            .iter()
            .flat_map(|row| row.as_array().unwrap());
        for (got, expected) in got.zip(cells) {
            check_number(got, expected.as_f64().unwrap(), name);
        }
        for key in ["accuracy", "balanced_accuracy", "mcc", "cohen_kappa"] {
            check_number(
                &json[key],
                expected[key].as_f64().unwrap(),
                &format!("{name}: {key}"),
            );
        }
    }
}
