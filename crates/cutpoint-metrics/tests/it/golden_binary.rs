//! Binary scores against scikit-learn 1.9.1 (`binary_metrics.json`): every threshold, every metric, both reports. The
//! curves and the partial area of that file are with `golden_curves`.

use cutpoint_core::{Labels, Scores, Threshold};
use cutpoint_metrics::{
    Cells, Metric, Normalize, ReportOptions, average_precision, brier_loss, classification_report,
    confusion_at, confusion_matrix_at, log_loss, roc_auc, sweep,
};
use cutpoint_testkit::{golden_cases, integers};
use serde_json::Value;

use crate::{check_close, numbers};

struct Case {
    name: String,
    y_true: Vec<i64>,
    scores: Scores,
    expected: Value,
}

fn cases() -> Vec<Case> {
    let cases = golden_cases("binary_metrics.json");
    cases
        .into_iter()
        .map(|case| {
            assert!(case["sample_weight"].is_null(), "no case has weights");
            let y_true = integers(&case["y_true"]);
            let is_positive = y_true.iter().map(|&label| label == 1).collect();
            Case {
                name: case["name"].as_str().expect("a name").to_owned(),
                scores: Scores::new(is_positive, numbers(&case["y_score"])).expect("finite scores"),
                y_true,
                expected: case["expected"].clone(),
            }
        })
        .collect()
}

fn threshold(case: &Case) -> Threshold {
    let value = case.expected["at"]["threshold"].as_f64();
    Threshold::new(value.expect("a threshold")).expect("finite")
}

#[test]
fn every_row_of_the_sweep() {
    for case in cases() {
        let table = sweep(&case.scores);
        let expected = &case.expected;
        assert_eq!(
            table.thresholds(),
            numbers(&expected["thresholds"]),
            "{}",
            case.name
        );
        let columns = ["tp", "fp", "fn", "tn"].map(|name| numbers(&expected[name]));
        for index in 1..table.n_rows() {
            let [tp, fp, fn_, tn] = [0, 1, 2, 3].map(|column| columns[column][index - 1]);
            let cells = Cells::from_weights(tp, fp, fn_, tn).unwrap();
            assert_eq!(table.cells(index), cells, "{}, row {index}", case.name);
        }
        // "Predict none" is not in scikit-learn's table.
        let none = Cells::from_weights(0.0, 0.0, table.positives(), table.negatives()).unwrap();
        assert_eq!((table.threshold(0), table.cells(0)), (None, none));
    }
}

#[test]
fn every_metric_at_the_threshold() {
    let not_metrics = [
        "threshold",
        "confusion_matrix",
        "normalized_true",
        "normalized_pred",
        "normalized_all",
        "classification_report",
        "classification_report_digits_4",
    ];
    for case in cases() {
        let cells = confusion_at(&case.scores, threshold(&case));
        assert_eq!(cells, sweep(&case.scores).cells_at(threshold(&case)));
        let mut n_checked = 0;
        for (name, expected) in case.expected["at"].as_object().expect("an object") {
            if !not_metrics.contains(&name.as_str()) {
                let metric = name.parse::<Metric>().unwrap();
                assert_eq!(metric.name(), name);
                let context = format!("{}, {name}", case.name);
                check_close(metric.value(&cells), expected, &context);
                n_checked += 1;
            }
        }
        assert_eq!(n_checked, 14, "{}", case.name);
    }
}

#[test]
fn the_matrix_and_its_shares() {
    for case in cases() {
        let at = &case.expected["at"];
        let matrix =
            confusion_matrix_at(&case.scores, threshold(&case), &0.into(), &1.into()).unwrap();
        let tables = [
            ("confusion_matrix", matrix.values().to_owned()),
            (
                "normalized_true",
                matrix.normalize(Normalize::True).values().to_owned(),
            ),
            (
                "normalized_pred",
                matrix.normalize(Normalize::Pred).values().to_owned(),
            ),
            (
                "normalized_all",
                matrix.normalize(Normalize::All).values().to_owned(),
            ),
        ];
        for (name, table) in tables {
            for ((row, column), &value) in table.indexed_iter() {
                let context = format!("{}, {name} at {row}, {column}", case.name);
                check_close(Some(value), &at[name][row][column], &context);
            }
        }
    }
}

#[test]
fn the_areas_and_losses() {
    let mut n_probabilities = 0;
    for case in cases() {
        let table = sweep(&case.scores);
        let expected = &case.expected;
        check_close(roc_auc(&table), &expected["roc_auc"], &case.name);
        check_close(
            average_precision(&table),
            &expected["average_precision"],
            &case.name,
        );
        if expected["brier"].is_null() {
            assert!(brier_loss(&table).is_err(), "{}", case.name);
            assert!(log_loss(&table).is_err(), "{}", case.name);
        } else {
            let brier = brier_loss(&table).unwrap();
            check_close(Some(brier), &expected["brier"], &case.name);
            let loss = log_loss(&table).unwrap();
            check_close(Some(loss), &expected["log_loss"], &case.name);
            n_probabilities += 1;
        }
    }
    assert!(n_probabilities > 0);
}

#[test]
fn both_reports_to_the_character() {
    for case in cases() {
        let at = &case.expected["at"];
        let threshold = threshold(&case);
        let y_true = Labels::from_integers(&case.y_true);
        let scores = case.scores.score().iter();
        let y_pred = scores
            .map(|&score| i64::from(threshold.is_positive(score)))
            .collect::<Vec<_>>();
        let y_pred = Labels::from_integers(&y_pred);
        let options = ReportOptions::default().target_names(["Negative", "Positive"]);
        let report = classification_report(&y_true, &y_pred, &options).unwrap();
        assert_eq!(at["classification_report"], report.to_string());
        let options = ReportOptions::default().digits(4);
        let report = classification_report(&y_true, &y_pred, &options).unwrap();
        assert_eq!(at["classification_report_digits_4"], report.to_string());
    }
}
