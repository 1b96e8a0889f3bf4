//! generate, split, fit, predict, evaluate: the numbers of scikit-learn 1.9.1, through files all the way.

use cutpoint_testkit::{doubles, golden, golden_cases, rows_of_doubles};
use serde_json::Value;

use crate::{Csv, Run, Sandbox};

/// What the issue of the project allows fits to differ from scikit-learn's.
const FIT: f64 = 1e-9;

#[track_caller]
fn check_close(got: f64, expected: f64, context: &str) {
    let difference = (got - expected).abs();
    assert!(
        difference <= FIT * expected.abs().max(1.0),
        "{context}: {got} is not {expected}"
    );
}

fn flags(params: &Value) -> String {
    let mut flags = String::new();
    for (name, value) in params.as_object().unwrap() {
        let flag = name.replace('_', "-").to_lowercase();
        flags.push_str(&match (name.as_str(), value) {
            ("stratify", _) => " --stratify".to_owned(),
            ("fit_intercept", Value::Bool(false)) => " --no-intercept".to_owned(),
            (_, Value::Array(items)) => {
                let items = items.iter().map(ToString::to_string).collect::<Vec<_>>();
                format!(" --{flag} {}", items.join(","))
            }
            (_, Value::String(text)) => format!(" --{flag} {text}"),
            (_, value) => format!(" --{flag} {value}"),
        });
    }
    flags
}

/// Runs a case of the golden files through every command.
fn check_pipeline(case: &Value) {
    let id = case["id"].as_str().unwrap();
    let sandbox = Sandbox::new();
    sandbox.ok(&format!("generate -o data.csv{}", flags(&case["mc"])));
    sandbox.ok(&format!(
        "split data.csv --train train.csv --test test.csv{}",
        flags(&case["split"])
    ));
    let fit = sandbox.json(&format!(
        "fit train.csv -o model.json --format json{}",
        flags(&case["lr"])
    ));
    assert_eq!(fit["iterations"], case["n_iter"], "{id}");
    let coef = fit["coef"].as_array().unwrap();
    let expected = rows_of_doubles(&case["coef"]);
    assert_eq!(coef.len(), expected.len(), "{id}");
    for (row, expected) in coef.iter().zip(expected) {
        for (got, expected) in row.as_array().unwrap().iter().zip(expected) {
            check_close(got.as_f64().unwrap(), expected, &format!("{id}: coef"));
        }
    }
    sandbox.ok("predict model.json test.csv -o scores.csv");
    let scores = Csv::parse(&sandbox.text("scores.csv"));
    let labels = |value: &Value| {
        value
            .as_array()
            .unwrap()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>()
    };
    assert_eq!(scores.column("y_true"), labels(&case["y_test"]), "{id}");
    let n_classes = case["classes"].as_array().unwrap().len();
    let is_binary = n_classes == 2;
    // Of two classes, the golden file has the probability of the second; of more, a row of all.
    let probabilities = if is_binary {
        doubles(&case["predict_proba"])
    } else {
        rows_of_doubles(&case["predict_proba"]).concat()
    };
    let stride = if is_binary { 1 } else { n_classes };
    assert_eq!(probabilities.len(), stride * scores.rows.len(), "{id}");
    let json = if is_binary {
        for (row, got) in scores.numbers("y_score").into_iter().enumerate() {
            check_close(got.unwrap(), probabilities[row], &format!("{id}: y_score"));
        }
        sandbox.json("evaluate scores.csv --format json")
    } else {
        assert_eq!(scores.column("y_pred"), labels(&case["y_pred"]), "{id}");
        for class in 0..n_classes {
            for (row, got) in scores
                .numbers(&format!("p_{class}"))
                .into_iter()
                .enumerate()
            {
                check_close(
                    got.unwrap(),
                    probabilities[stride * row + class],
                    &format!("{id}: p_{class}"),
                );
            }
        }
        sandbox.json("evaluate scores.csv --predicted y_pred --format json")
    };
    assert_eq!(
        json["confusion_matrix"], case["metrics"]["confusion_matrix"],
        "{id}"
    );
    for (name, expected) in case["metrics"].as_object().unwrap() {
        let name = if name == "matthews" { "mcc" } else { name };
        // Losses need the scores, which predicted labels have not.
        if let (Value::String(expected), Some(got)) = (expected, json[name].as_f64()) {
            check_close(got, expected.parse().unwrap(), &format!("{id}: {name}"));
        } else {
            assert!(name == "confusion_matrix" || !is_binary, "{id}: {name}");
        }
    }
}

#[test]
fn the_tutorial() {
    let case = golden("tutorial.json");
    check_pipeline(&case);
    assert_eq!(
        case["metrics"]["confusion_matrix"],
        serde_json::json!([[76, 9], [17, 48]])
    );
}

#[test]
fn the_second_tutorial() {
    check_pipeline(&golden("sweep_tutorial.json"));
}

#[test]
fn every_pipeline() {
    for case in golden_cases("pipelines.json") {
        check_pipeline(&case);
    }
}

#[test]
fn other_kinds_of_data() {
    let mut n_cases = 0;
    for case in golden_cases("other_makers.json") {
        let mut line = format!(
            "generate -o data.csv --kind {} --random-state {}",
            case["fn"].as_str().unwrap().trim_start_matches("make_"),
            case["seed"]
        );
        let mut can_be_typed = true;
        for (name, value) in case["params"].as_object().unwrap() {
            let flag = name.replace('_', "-");
            match (name.as_str(), value) {
                ("shuffle", Value::Bool(false)) => line.push_str(" --no-shuffle"),
                ("shuffle", Value::Bool(true)) | (_, Value::Null) => {}
                ("center_box", Value::Array(corners)) => {
                    line.push_str(&format!(" --{flag} {},{}", corners[0], corners[1]));
                }
                (_, Value::Number(number)) => line.push_str(&format!(" --{flag} {number}")),
                // Lists of sizes, points or deviations have no flag.
                _ => can_be_typed = false,
            }
        }
        if !can_be_typed {
            continue;
        }
        let sandbox = Sandbox::new();
        sandbox.ok(&line);
        let data = Csv::parse(&sandbox.text("data.csv"));
        let y = case["y"]
            .as_array()
            .unwrap()
            .iter()
            .map(ToString::to_string);
        assert!(data.column("y").into_iter().eq(y), "{line}");
        for (row, expected) in data.rows.iter().zip(rows_of_doubles(&case["X_rows"])) {
            for (got, expected) in row.iter().zip(expected) {
                let got = got.parse::<f64>().unwrap();
                assert!(
                    (got - expected).abs() <= 1e-14 * expected.abs().max(1.0),
                    "{line}: {got} {expected}"
                );
            }
        }
        n_cases += 1;
    }
    assert!(n_cases >= 6, "only {n_cases} cases can be typed");
}

#[test]
fn chacha_data_are_the_same_for_every_number_of_threads() {
    let sandbox = Sandbox::new();
    let mut texts = Vec::new();
    for n_threads in ["1", "3"] {
        let line =
            "generate -o data.csv --n-samples 10000 --n-features 5 --rng chacha --random-state 9";
        let mut command = sandbox.command(&line.split(' ').collect::<Vec<_>>());
        let output = command.env("RAYON_NUM_THREADS", n_threads).output();
        assert_eq!(Run::from(output.unwrap()).code, Some(0));
        texts.push(sandbox.text("data.csv"));
    }
    assert_eq!(texts[0].lines().count(), 10_001);
    assert!(texts[0] == texts[1]);
}

#[test]
fn named_classes_and_the_positive_one() {
    let sandbox = Sandbox::new();
    let data = concat!(env!("CARGO_MANIFEST_DIR"), "/../../data/breast_cancer.csv");
    let expected = &golden("examples.json")["breast_cancer"]["matrices"];
    sandbox.ok(&format!(
        "split {data} --train train.csv --test test.csv --test-size 0.3 --random-state 42 --stratify --target diagnosis"
    ));
    sandbox
        .ok("fit train.csv -o model.json --target diagnosis --positive malignant --max-iter 10000");
    sandbox.ok("predict model.json test.csv -o scores.csv");
    for threshold in ["0.5", "0.3", "0.1"] {
        let json = sandbox.json(&format!(
            "evaluate scores.csv --positive malignant --threshold {threshold} --format json"
        ));
        assert_eq!(json["confusion_matrix"], expected[threshold], "{threshold}");
    }
    // The other class as the positive one: its scores are the complement.
    sandbox.ok("fit train.csv -o model.json --target diagnosis --positive benign --max-iter 10000");
    sandbox.ok("predict model.json test.csv -o benign.csv");
    let malignant = Csv::parse(&sandbox.text("scores.csv")).numbers("y_score");
    let benign = Csv::parse(&sandbox.text("benign.csv")).numbers("y_score");
    for (malignant, benign) in malignant.iter().zip(&benign) {
        assert!((malignant.unwrap() + benign.unwrap() - 1.0).abs() < 1e-15);
    }
}

#[test]
fn weights_count_like_rows() {
    let sandbox = Sandbox::with("weighted.csv", "x0,y,w\n0,0,2\n1,1,1\n2,0,1\n3,1,2\n");
    sandbox.file("repeated.csv", "x0,y\n0,0\n0,0\n1,1\n2,0\n3,1\n3,1\n");
    let solver = "--solver newton-cholesky --format json";
    let weighted = sandbox.json(&format!(
        "fit weighted.csv -o a.json --sample-weight w {solver}"
    ));
    let repeated = sandbox.json(&format!("fit repeated.csv -o b.json {solver}"));
    assert_eq!(weighted["features"], serde_json::json!(["x0"]));
    for part in ["/coef/0/0", "/intercept/0"] {
        let (weighted, repeated) = (
            weighted.pointer(part).unwrap(),
            repeated.pointer(part).unwrap(),
        );
        check_close(weighted.as_f64().unwrap(), repeated.as_f64().unwrap(), part);
    }
}

#[test]
fn a_fit_that_does_not_converge_says_so() {
    let sandbox = Sandbox::new();
    sandbox.ok("generate -o data.csv");
    let run = sandbox.run(&["fit", "data.csv", "-o", "model.json", "--max-iter", "2"]);
    assert_eq!(run.code, Some(0));
    assert!(
        run.stderr
            .contains("warning: lbfgs did not converge: it stopped after 2 iterations"),
        "{}",
        run.stderr
    );
    assert!(
        run.stderr.contains("hint: raise `--max-iter` (it was 2)"),
        "{}",
        run.stderr
    );
    let json = sandbox.json("fit data.csv -o model.json --max-iter 2 --format json");
    assert_eq!(
        (&json["converged"], &json["reason"]),
        (&false.into(), &"max-iter".into())
    );
}
