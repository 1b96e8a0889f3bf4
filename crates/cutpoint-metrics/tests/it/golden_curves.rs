//! Curves against scikit-learn, SciPy, statsmodels and dcurves: the blocks of `binary_metrics.json`, and `curves.json`
//! with weights, bins, intervals and net benefits.

use cutpoint_core::Scores;
use cutpoint_metrics::{
    BinStrategy, CalibrationOptions, Intermediate, Sweep, brier_loss, calibration_curve, det_curve,
    ks_curve, log_loss, net_benefit_curve, partial_roc_auc, precision_recall_curve, roc_curve,
    sweep,
};
use cutpoint_testkit::{golden, golden_cases, integers};
use serde_json::Value;

use crate::{TOLERANCE, check_close, number_of, numbers};

struct Case {
    name: String,
    table: Sweep,
    golden: Value,
}

/// The cases of a golden file, and the part of each that holds what is expected.
fn cases(file: &str, expected: impl Fn(&Value) -> Value) -> Vec<Case> {
    let cases = golden_cases(file);
    cases
        .iter()
        .map(|case| {
            let is_positive = integers(&case["y_true"]);
            let is_positive = is_positive.iter().map(|&label| label == 1).collect();
            let mut scores =
                Scores::new(is_positive, numbers(&case["y_score"])).expect("finite scores");
            if !case["sample_weight"].is_null() {
                scores = scores
                    .with_weight(numbers(&case["sample_weight"]))
                    .expect("weights");
            }
            Case {
                name: case["name"].as_str().expect("a name").to_owned(),
                table: sweep(&scores),
                golden: expected(case),
            }
        })
        .collect()
}

fn all_cases() -> Vec<Case> {
    let mut all = cases("binary_metrics.json", |case| case["expected"].clone());
    // There, `roc_curve` is without the intermediate points.
    for case in &mut all {
        let dropped = case.golden["roc_curve"].take();
        case.golden["roc_curve"] = case.golden["roc_curve_all"].take();
        case.golden["roc_curve_dropped"] = dropped;
    }
    all.extend(cases("curves.json", Clone::clone));
    all
}

/// Both kinds of a curve, where the golden file has them.
fn kinds<'c>(case: &'c Case, curve: &str) -> Vec<(&'c Value, Intermediate)> {
    let dropped = format!("{curve}_dropped");
    let kinds = [
        (&case.golden[curve], Intermediate::Keep),
        (&case.golden[&dropped], Intermediate::Drop),
    ];
    let kinds = kinds.into_iter().filter(|(golden, _)| !golden.is_null());
    let kinds = kinds.collect::<Vec<_>>();
    assert!(!kinds.is_empty(), "{}, {curve}", case.name);
    kinds
}

#[track_caller]
fn check_column(got: &[f64], expected: &Value, context: &str) {
    let expected = expected.as_array().expect("a list");
    assert_eq!(got.len(), expected.len(), "{context}: points");
    for (index, (&got, expected)) in got.iter().zip(expected).enumerate() {
        check_close(Some(got), expected, &format!("{context}, point {index}"));
    }
}

/// Thresholds are scores and must be equal; where scikit-learn has infinity there is none.
#[track_caller]
fn check_thresholds(got: &[Option<f64>], expected: &Value, context: &str) {
    let expected = expected.as_array().expect("a list");
    let expected = expected.iter().map(Value::as_f64).collect::<Vec<_>>();
    assert_eq!(got, expected, "{context}: thresholds");
}

#[test]
fn roc_curves() {
    for case in all_cases() {
        for (golden, intermediate) in kinds(&case, "roc_curve") {
            let curve = roc_curve(&case.table, intermediate);
            let context = format!("{}, {intermediate:?}", case.name);
            check_thresholds(curve.thresholds(), &golden["thresholds"], &context);
            check_column(curve.fpr().unwrap(), &golden["fpr"], &context);
            check_column(curve.tpr().unwrap(), &golden["tpr"], &context);
        }
    }
}

#[test]
fn precision_recall_curves() {
    for case in all_cases() {
        for (golden, intermediate) in kinds(&case, "precision_recall_curve") {
            let curve = precision_recall_curve(&case.table, intermediate);
            let context = format!("{}, {intermediate:?}", case.name);
            // scikit-learn's thresholds are one shorter than its points.
            let (end, thresholds) = curve.thresholds().split_last().unwrap();
            assert_eq!(*end, None);
            check_thresholds(thresholds, &golden["thresholds"], &context);
            check_column(curve.precision(), &golden["precision"], &context);
            check_column(curve.recall().unwrap(), &golden["recall"], &context);
        }
    }
}

#[test]
fn det_curves() {
    for case in all_cases() {
        for (golden, intermediate) in kinds(&case, "det_curve") {
            let curve = det_curve(&case.table, intermediate);
            let context = format!("{}, {intermediate:?}", case.name);
            check_thresholds(curve.thresholds(), &golden["thresholds"], &context);
            check_column(curve.fpr().unwrap(), &golden["fpr"], &context);
            check_column(curve.fnr().unwrap(), &golden["fnr"], &context);
        }
    }
}

#[test]
fn partial_areas() {
    let mut n_checked = 0;
    for case in all_cases() {
        if let Some(areas) = case.golden["partial_roc_auc"].as_object() {
            for (max_fpr, expected) in areas {
                let area = partial_roc_auc(&case.table, max_fpr.parse().unwrap()).unwrap();
                check_close(area, expected, &format!("{} up to {max_fpr}", case.name));
                n_checked += 1;
            }
        } else {
            let area = partial_roc_auc(&case.table, 0.2).unwrap();
            check_close(area, &case.golden["roc_auc_max_fpr_0.2"], &case.name);
            n_checked += 1;
        }
    }
    assert!(n_checked > 300, "{n_checked}");
}

#[test]
fn the_kolmogorov_smirnov_statistic() {
    let mut n_checked = 0;
    for case in cases("curves.json", |case| case["ks"].clone()) {
        if case.golden.is_null() {
            continue;
        }
        let curve = ks_curve(&case.table);
        check_close(curve.statistic(), &case.golden["statistic"], &case.name);
        // SciPy counts scores up to the location, cutpoint from the threshold on: the location is the next lower score.
        let location = case.golden["location"].as_f64();
        let mut signs = Vec::new();
        for &threshold in curve.statistic_thresholds() {
            let row = case
                .table
                .rows()
                .position(|row| number_of(row.threshold()) == threshold);
            let row = row.expect("a row of the sweep");
            if number_of(case.table.interval(row).lower()) == location {
                signs.push(curve.difference().unwrap()[row] < 0.0);
            }
        }
        assert_eq!(signs, [case.golden["sign"] == 1], "{}", case.name);
        n_checked += 1;
    }
    assert!(n_checked >= 20, "{n_checked}");
}

#[test]
fn calibration_curves_and_their_intervals() {
    let mut n_checked = 0;
    for case in cases("curves.json", Clone::clone) {
        let Some(rows) = case.golden["calibration"].as_array() else {
            continue;
        };
        for row in rows {
            let strategy = match row["strategy"].as_str() {
                Some("uniform") => BinStrategy::Uniform,
                Some("quantile") => BinStrategy::Quantile,
                other => panic!("{other:?}"),
            };
            let n_bins = row["n_bins"].as_u64().expect("a number");
            let context = format!("{}, {n_bins} bins, {strategy:?}", case.name);
            for (confidence, interval) in row["wilson"].as_object().expect("an object") {
                let options = CalibrationOptions::default()
                    .n_bins(usize::try_from(n_bins).unwrap())
                    .strategy(strategy)
                    .confidence(confidence.parse().unwrap());
                let curve = calibration_curve(&case.table, &options).unwrap();
                check_column(curve.count(), &row["count"], &context);
                check_column(curve.prob_true(), &row["prob_true"], &context);
                check_column(curve.prob_pred(), &row["prob_pred"], &context);
                check_interval(curve.prob_true_low(), &interval[0], &context);
                check_interval(curve.prob_true_high(), &interval[1], &context);
                let edges = numbers(&row["edges"]);
                let ends = [edges[0], edges[edges.len() - 1]].map(f64::to_bits);
                let got = [curve.lower()[0], curve.upper()[curve.upper().len() - 1]];
                if strategy == BinStrategy::Quantile || n_bins == 1 {
                    assert_eq!(got.map(f64::to_bits), ends, "{context}");
                }
                let brier = curve.brier().total();
                check_close(Some(brier), &case.golden["brier"], &context);
                n_checked += 1;
            }
        }
    }
    assert!(n_checked > 300, "{n_checked}");
}

/// statsmodels leaves rounding at the ends of the range, where cutpoint has 0 and 1.
#[track_caller]
fn check_interval(got: &[f64], expected: &Value, context: &str) {
    for (got, expected) in got.iter().zip(numbers(expected)) {
        assert!((0.0..=1.0).contains(got), "{context}: {got}");
        assert!(
            (got - expected).abs() <= TOLERANCE,
            "{context}: {got}, not {expected}"
        );
    }
}

#[test]
fn net_benefits() {
    let file = golden("curves.json");
    let probabilities = numbers(&file["threshold_probabilities"]);
    let mut n_checked = 0;
    for case in cases("curves.json", |case| case["net_benefit"].clone()) {
        if case.golden.is_null() {
            continue;
        }
        let curve = net_benefit_curve(&case.table, &probabilities).unwrap();
        for (model, column) in [("model", curve.model()), ("all", curve.treat_all())] {
            for (got, expected) in column.iter().zip(numbers(&case.golden[model])) {
                // Two terms that may cancel.
                let scale = expected.abs().max(1.0);
                assert!(
                    (got - expected).abs() <= TOLERANCE * scale,
                    "{}: {got}, not {expected}",
                    case.name
                );
            }
        }
        assert!(
            numbers(&case.golden["none"])
                .iter()
                .all(|none| none.abs() <= 0.0)
        );
        n_checked += 1;
    }
    assert!(n_checked >= 20, "{n_checked}");
}

#[test]
fn losses() {
    let mut n_checked = 0;
    for case in cases("curves.json", Clone::clone) {
        if !case.golden["brier"].is_null() {
            let losses = [brier_loss(&case.table), log_loss(&case.table)];
            let [brier, log_loss] = losses.map(|loss| Some(loss.unwrap()));
            check_close(brier, &case.golden["brier"], &case.name);
            check_close(log_loss, &case.golden["log_loss"], &case.name);
            n_checked += 1;
        }
    }
    assert!(n_checked >= 20, "{n_checked}");
}
