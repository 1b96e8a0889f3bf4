//! `sweep`: every matrix, as a table and as JSON.

use cutpoint_testkit::golden_cases;
use serde_json::{Value, json};

use crate::{Csv, Sandbox};

/// Five distinct scores, two of them tied over both classes.
const SCORES: &str = "y_true,y_score\n1,0.9\n1,0.8\n0,0.8\n0,0.3\n1,0.25\n0,-1\n0,-1\n";

#[test]
fn all_thresholds_descend_from_none() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    assert_eq!(
        sandbox.ok("sweep s.csv --metrics precision,TPR"),
        "threshold,tp,fp,fn,tn,precision,recall\n\
         ,0,0,3,4,,0.0\n\
         0.9,1,0,2,4,1.0,0.3333333333333333\n\
         0.8,2,1,1,3,0.6666666666666666,0.6666666666666666\n\
         0.3,2,2,1,2,0.5,0.6666666666666666\n\
         0.25,3,2,0,2,0.6,1.0\n\
         -1.0,3,4,0,0,0.42857142857142855,1.0\n"
    );
}

#[test]
fn thresholds_may_be_spread_or_listed() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    // Ranks 1, 3 and 5 of five.
    assert_eq!(
        sandbox.ok("sweep s.csv --thresholds 3 --metrics none"),
        "threshold,tp,fp,fn,tn\n,0,0,3,4\n0.9,1,0,2,4\n0.3,2,2,1,2\n-1.0,3,4,0,0\n"
    );
    assert_eq!(
        sandbox.ok("sweep s.csv --thresholds 0.5,1.0,-7 --metrics none"),
        "threshold,tp,fp,fn,tn\n1.0,0,0,3,4\n0.5,2,1,1,3\n-7.0,3,4,0,0\n"
    );
}

#[test]
fn json_has_the_same_rows() {
    let sandbox = Sandbox::with("s.csv", SCORES);
    let json = sandbox.json("sweep s.csv --thresholds 0.5 --metrics f1 --format json");
    assert_eq!(json["labels"], json!([0, 1]));
    assert_eq!(json["n_thresholds"], json!(5));
    assert_eq!(
        json["rows"],
        json!([{
            "threshold": 0.5, "tp": 2, "fp": 1, "fn": 1, "tn": 3,
            "confusion_matrix": [[3, 1], [1, 2]], "f1": 4.0 / 6.0
        }])
    );
    let json = sandbox.json("sweep s.csv --format json");
    assert_eq!(json["rows"][0]["threshold"], Value::Null);
    assert_eq!(json["rows"][0]["precision"], Value::Null);
    sandbox.ok("sweep s.csv --format json -o sweep.json");
    assert_eq!(
        sandbox.text("sweep.json"),
        sandbox.ok("sweep s.csv --format json")
    );
}

#[test]
fn columns_may_have_any_name_and_weights() {
    let sandbox = Sandbox::with(
        "s.csv",
        "w,truth,id,p\n2,yes,1,0.5\n0.5,no,2,0.5\n1,no,3,0.25\n0,yes,4,0.75\n",
    );
    assert_eq!(
        sandbox.ok("sweep s.csv --label truth --score p --positive yes --weight w --metrics none"),
        "threshold,tp,fp,fn,tn\n,0.0,0.0,2.0,1.5\n0.5,2.0,0.5,0.0,1.0\n0.25,2.0,1.5,0.0,0.0\n"
    );
}

#[test]
fn every_sweep_of_scikit_learn() {
    for case in golden_cases("binary_metrics.json") {
        let rows = case["y_true"]
            .as_array()
            .unwrap()
            .iter()
            .zip(case["y_score"].as_array().unwrap());
        let rows = rows
            .map(|(label, score)| format!("{label},{score}\n"))
            .collect::<String>();
        let sandbox = Sandbox::with("s.csv", format!("y_true,y_score\n{rows}"));
        let table = Csv::parse(&sandbox.ok("sweep s.csv --metrics none"));
        let expected = &case["expected"];
        for (name, key) in [
            ("threshold", "thresholds"),
            ("tp", "tp"),
            ("fp", "fp"),
            ("fn", "fn"),
            ("tn", "tn"),
        ] {
            let expected = expected[key].as_array().unwrap().iter().map(Value::as_f64);
            // scikit-learn has no row for "predict none".
            let got = table.numbers(name).into_iter().skip(1);
            assert!(got.eq(expected), "{}: {name}", case["name"]);
        }
        assert_eq!(table.rows[0][0], "");
    }
}

#[test]
fn every_row_is_the_matrix_at_its_threshold() {
    let sandbox = Sandbox::new();
    sandbox.ok("generate -o data.csv --n-samples 60 --flip-y 0.3");
    sandbox.ok("fit data.csv -o model.json");
    sandbox.ok("predict model.json data.csv -o scores.csv");
    let table = Csv::parse(&sandbox.ok("sweep scores.csv --thresholds 5"));
    for row in &table.rows[1..] {
        let json = sandbox.json(&format!(
            "evaluate scores.csv --threshold {} --format json",
            row[0]
        ));
        let cells = [&row[4], &row[2], &row[3], &row[1]].map(|cell| cell.parse::<u64>().unwrap());
        let [tn, fp, fn_, tp] = cells;
        assert_eq!(json["confusion_matrix"], json!([[tn, fp], [fn_, tp]]));
    }
}
