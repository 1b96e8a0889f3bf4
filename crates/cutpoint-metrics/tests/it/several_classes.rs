//! Scores of several classes: against scikit-learn (`several_classes` of `curves.json`), against arithmetic shown here,
//! and laws.

use cutpoint_core::{ClassScores, Labels};
use cutpoint_metrics::{
    Average, Error, OneVsRestSweeps, PairAverage, average_precision, average_roc_curve,
    confusion_matrix_at_thresholds, decide_at_thresholds, one_vs_one_roc_auc, one_vs_rest_sweeps,
    roc_auc, sweep,
};
use cutpoint_testkit::{golden, integers};
use ndarray::{Array2, array};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::Value;

use crate::{check_close, is_close, numbers};

const AVERAGES: [(&str, Average); 3] = [
    ("macro", Average::Macro),
    ("weighted", Average::Weighted),
    ("micro", Average::Micro),
];

fn table(rows: &Value) -> Array2<f64> {
    let rows = rows.as_array().expect("rows").iter().map(numbers);
    let rows = rows.collect::<Vec<_>>();
    let shape = (rows.len(), rows[0].len());
    Array2::from_shape_vec(shape, rows.concat()).expect("rows of one length")
}

struct Case {
    name: String,
    scores: ClassScores,
    golden: Value,
}

fn cases() -> Vec<Case> {
    let file = golden("curves.json");
    let cases = file["several_classes"].as_array().expect("a list");
    assert!(cases.len() > 10);
    cases
        .iter()
        .map(|case| {
            let y = Labels::from_integers(&integers(&case["y_true"]));
            let mut scores = ClassScores::new(y, table(&case["y_score"])).expect("scores");
            if !case["sample_weight"].is_null() {
                let weight = numbers(&case["sample_weight"]);
                scores = scores.with_weight(weight).expect("weights");
            }
            Case {
                name: case["name"].as_str().expect("a name").to_owned(),
                scores,
                golden: case.clone(),
            }
        })
        .collect()
}

fn sweeps(scores: &ClassScores) -> OneVsRestSweeps {
    one_vs_rest_sweeps(scores).expect("weights of a moderate size")
}

#[test]
fn areas_of_classes_and_their_averages() {
    for Case {
        name,
        scores,
        golden,
    } in cases()
    {
        let sweeps = sweeps(&scores);
        let areas = [
            ("roc_auc", roc_auc as fn(&_) -> _),
            ("average_precision", average_precision),
        ];
        for (area, value) in areas {
            let expected = &golden[area];
            for (key, average) in AVERAGES {
                let context = format!("{name}, {area}, {key}");
                check_close(sweeps.average(average, value), &expected[key], &context);
            }
            let per_class = expected["per_class"].as_array().expect("a list");
            assert_eq!(per_class.len(), sweeps.classes().len());
            for (got, expected) in sweeps.per_class(value).into_iter().zip(per_class) {
                check_close(got, expected, &format!("{name}, {area}"));
            }
        }
    }
}

#[test]
fn areas_of_pairs_of_classes() {
    let mut n_checked = 0;
    for Case {
        name,
        scores,
        golden,
    } in cases()
    {
        let expected = &golden["one_vs_one"];
        if expected.is_null() {
            continue;
        }
        for (key, average) in [
            ("macro", PairAverage::Macro),
            ("weighted", PairAverage::Weighted),
        ] {
            let area = one_vs_one_roc_auc(&scores, average);
            check_close(area, &expected[key], &format!("{name}, {key}"));
        }
        n_checked += 1;
    }
    assert!(n_checked > 5);
}

#[test]
fn averaged_roc_curves() {
    let mut n_checked = 0;
    for Case {
        name,
        scores,
        golden,
    } in cases()
    {
        if golden["averaged_roc"].is_null() {
            continue;
        }
        let sweeps = sweeps(&scores);
        for (key, average) in &AVERAGES[..2] {
            let curve = average_roc_curve(&sweeps, *average).unwrap();
            let expected = &golden["averaged_roc"][key];
            // Of two points with one fpr, the upper is scikit-learn's.
            let mut upper = Vec::<(f64, f64)>::new();
            for (&fpr, &tpr) in curve.fpr().iter().zip(curve.tpr()) {
                if upper.last().is_some_and(|last| last.0 >= fpr) {
                    upper.pop();
                }
                upper.push((fpr, tpr));
            }
            let (fpr, tpr) = (numbers(&expected["fpr"]), numbers(&expected["tpr"]));
            assert_eq!(upper.len(), fpr.len(), "{name}, {key}");
            for (got, expected) in upper.iter().zip(fpr.iter().zip(&tpr)) {
                assert!(
                    is_close(got.0, *expected.0) && is_close(got.1, *expected.1),
                    "{name}, {key}"
                );
            }
        }
        let micro = average_roc_curve(&sweeps, Average::Micro).unwrap();
        let expected = &golden["micro_roc"];
        for (got, expected) in [
            (micro.fpr(), &expected["fpr"]),
            (micro.tpr(), &expected["tpr"]),
        ] {
            let expected = numbers(expected);
            assert_eq!(got.len(), expected.len());
            assert!(
                got.iter()
                    .zip(expected)
                    .all(|(got, expected)| is_close(*got, expected)),
                "{name}"
            );
        }
        n_checked += 1;
    }
    assert!(n_checked > 5);
}

#[test]
fn equal_thresholds_are_argmax() {
    let mut n_checked = 0;
    for Case {
        name,
        scores,
        golden,
    } in cases()
    {
        if golden["confusion_matrix"].is_null() {
            continue;
        }
        for threshold in [0.5, 1.0, 0.125] {
            let thresholds = vec![threshold; scores.classes().len()];
            let matrix = confusion_matrix_at_thresholds(&scores, &thresholds).unwrap();
            assert_eq!(
                matrix.values(),
                table(&golden["confusion_matrix"]),
                "{name}"
            );
        }
        n_checked += 1;
    }
    assert!(n_checked > 5);
}

fn abc() -> ClassScores {
    let y = Labels::from_texts(&["a", "b", "c", "c"]);
    let score = array![
        [0.5, 0.3, 0.2],
        [0.4, 0.4, 0.2],
        [0.2, 0.2, 0.6],
        [0.1, 0.6, 0.3]
    ];
    ClassScores::new(y, score).expect("three columns of four rows")
}

#[test]
fn each_class_has_the_sweep_of_its_column() {
    let sweeps = sweeps(&abc());
    let c = sweeps.sweep_of(&"c".into()).unwrap();
    assert_eq!(c, &sweep(&abc().one_vs_rest(2).unwrap()));
    assert_eq!(c.thresholds(), [0.6, 0.3, 0.2]);
    assert_eq!(
        (c.positives().to_string(), c.negatives().to_string()),
        ("2".into(), "2".into())
    );
    // All twelve decisions, four of them positive.
    assert_eq!(sweeps.micro().n_samples(), 12);
    assert!(is_close(sweeps.micro().positives(), 4.0));
    assert!(matches!(
        sweeps.sweep_of(&"d".into()),
        Err(Error::LabelUnknown { .. })
    ));
}

#[test]
fn a_class_without_rows_leaves_the_macro_average_undefined() {
    let y = Labels::from_codes(vec![0, 1, 1, 0], vec!["a".into(), "b".into(), "c".into()]).unwrap();
    let scores = ClassScores::new(y, abc().score().to_owned()).unwrap();
    let sweeps = sweeps(&scores);
    assert_eq!(sweeps.average(Average::Macro, roc_auc), None);
    assert_eq!(average_roc_curve(&sweeps, Average::Macro), None);
    assert!(average_roc_curve(&sweeps, Average::Weighted).is_some());
    // a: 0.5 and 0.1 against 0.4 and 0.2; b: 0.4 and 0.2 against 0.3 and 0.6. Both have two rows.
    let areas = [Some(2.0 / 4.0), Some(1.0 / 4.0)];
    assert_eq!(sweeps.per_class(roc_auc)[..2], areas);
    assert_eq!(sweeps.average(Average::Weighted, roc_auc), Some(0.375));
    // The pairs with c do not count.
    assert_eq!(one_vs_one_roc_auc(&scores, PairAverage::Macro), Some(0.375));
    let one = Labels::from_codes(vec![1; 4], scores.classes().to_vec()).unwrap();
    let one = ClassScores::new(one, scores.score().to_owned()).unwrap();
    assert_eq!(one_vs_one_roc_auc(&one, PairAverage::Weighted), None);
    assert_eq!(
        one_vs_rest_sweeps(&one)
            .unwrap()
            .average(Average::Weighted, roc_auc),
        None
    );
}

#[test]
fn the_matrix_at_thresholds_of_the_classes() {
    // In units of the thresholds: 1, 1.5, 1; 0.8, 2, 1; 0.4, 1, 3; 0.2, 3, 1.5.
    let thresholds = [0.5, 0.2, 0.2];
    let matrix = confusion_matrix_at_thresholds(&abc(), &thresholds).unwrap();
    assert_eq!(
        matrix.values(),
        array![[0.0, 1.0, 0.0], [0.0, 1.0, 0.0], [0.0, 1.0, 1.0]]
    );
    let weighted = abc().with_weight(vec![1.0, 0.0, 2.0, 0.5]).unwrap();
    let matrix = confusion_matrix_at_thresholds(&weighted, &thresholds).unwrap();
    assert_eq!(
        matrix.values(),
        array![[0.0, 1.0, 0.0], [0.0, 0.0, 0.0], [0.0, 0.5, 2.0]]
    );
    let refused = |thresholds: &[f64]| {
        decide_at_thresholds(&abc(), thresholds)
            .unwrap_err()
            .to_string()
    };
    assert_eq!(
        refused(&[0.5, 0.5]),
        "`thresholds` must have 3 numbers, one for each class, got 2"
    );
    for value in ["0", "-1", "inf", "NaN"] {
        assert_eq!(
            refused(&[0.5, value.parse().unwrap(), 0.5]),
            format!("`thresholds` must be in (0, inf), got {value} for class `b`")
        );
    }
}

/// Rows of scores in eighths, with a code each: every quotient and every sum of a few is exact or ties as it should.
fn eighths() -> impl Strategy<Value = (Vec<u32>, Vec<[u8; 3]>)> {
    vec((0_u32..3, [0_u8..9, 0_u8..9, 0_u8..9]), 1..30).prop_map(|rows| rows.into_iter().unzip())
}

fn class_scores(codes: &[u32], rows: &[[u8; 3]]) -> ClassScores {
    let y = Labels::from_codes(codes.to_vec(), vec![0.into(), 1.into(), 2.into()]);
    let score = Array2::from_shape_fn((rows.len(), 3), |(row, class)| {
        f64::from(rows[row][class]) / 8.0
    });
    ClassScores::new(y.expect("codes below 3"), score).expect("finite scores")
}

proptest! {
    #[test]
    fn the_class_is_the_highest_in_units_of_its_threshold(
        (codes, rows) in eighths(), thresholds in [1_u8..9, 1_u8..9, 1_u8..9]
    ) {
        let scores = class_scores(&codes, &rows);
        let decisions =
            decide_at_thresholds(&scores, &thresholds.map(|threshold| f64::from(threshold) / 8.0)).unwrap();
        for (row, eighths) in rows.iter().enumerate() {
            // Quotients compared without dividing; the first of equals wins.
            let quotient_is_higher = |class: usize, other: usize| {
                u16::from(eighths[class]) * u16::from(thresholds[other])
                    > u16::from(eighths[other]) * u16::from(thresholds[class])
            };
            let mut winner = 0;
            for class in 1..3 {
                if quotient_is_higher(class, winner) {
                    winner = class;
                }
            }
            prop_assert_eq!(decisions.y_pred().codes()[row] as usize, winner);
            let any = (0..3).any(|class| eighths[class] >= thresholds[class]);
            prop_assert_eq!(decisions.reached()[row], any);
            prop_assert!(!any || eighths[winner] >= thresholds[winner]);
        }
    }

    #[test]
    fn under_the_average_curve_lies_the_average_area((codes, rows) in eighths()) {
        let sweeps = sweeps(&class_scores(&codes, &rows));
        for (_, average) in AVERAGES {
            let curve = average_roc_curve(&sweeps, average);
            let area = sweeps.average(average, roc_auc);
            prop_assert_eq!(curve.is_some(), area.is_some());
            let Some(curve) = curve else { continue };
            let points = curve.fpr().windows(2).zip(curve.tpr().windows(2));
            let under = points.map(|(x, y)| (x[1] - x[0]) * f64::midpoint(y[0], y[1])).sum::<f64>();
            prop_assert!((under - area.unwrap()).abs() <= 1e-13, "{under}, not {area:?}");
            for column in [curve.fpr(), curve.tpr()] {
                prop_assert!(column.windows(2).all(|pair| pair[0] <= pair[1]));
                prop_assert!(is_close(column[0], 0.0) && is_close(column[column.len() - 1], 1.0));
            }
        }
    }

    #[test]
    fn weight_2_is_the_row_twice_for_every_class(
        rows in vec((0_u32..3, [0_u8..9, 0_u8..9, 0_u8..9], 0_u8..3), 1..20)
    ) {
        let weight = rows.iter().map(|(_, _, weight)| f64::from(*weight)).collect::<Vec<_>>();
        prop_assume!(weight.iter().sum::<f64>() > 0.0);
        let repeated = rows.iter().flat_map(|row| std::iter::repeat_n(row, usize::from(row.2)));
        let (twice_codes, twice_rows): (Vec<_>, Vec<_>) =
            repeated.map(|(code, row, _)| (*code, *row)).unzip();
        let (codes, plain_rows): (Vec<_>, Vec<_>) = rows.iter().map(|(code, row, _)| (*code, *row)).unzip();
        let weighted = class_scores(&codes, &plain_rows).with_weight(weight).unwrap();
        let twice = class_scores(&twice_codes, &twice_rows);
        for (_, average) in AVERAGES {
            let [left, right] = [&weighted, &twice].map(|scores| sweeps(scores).average(average, roc_auc));
            prop_assert_eq!(left.is_some(), right.is_some());
            prop_assert!(left.zip(right).is_none_or(|(left, right)| is_close(left, right)));
        }
        for average in [PairAverage::Macro, PairAverage::Weighted] {
            let [left, right] = [&weighted, &twice].map(|scores| one_vs_one_roc_auc(scores, average));
            prop_assert_eq!(left.is_some(), right.is_some());
            prop_assert!(left.zip(right).is_none_or(|(left, right)| is_close(left, right)));
        }
        let matrices = [&weighted, &twice]
            .map(|scores| confusion_matrix_at_thresholds(scores, &[0.5, 0.25, 0.75]).unwrap());
        prop_assert_eq!(matrices[0].values(), matrices[1].values());
    }

    #[test]
    fn two_classes_are_one_threshold(rows in vec((0_u32..2, 0_u8..9), 1..30), threshold in 1_u8..8) {
        let codes = rows.iter().map(|(code, _)| *code).collect();
        let y = Labels::from_codes(codes, vec![0.into(), 1.into()]).unwrap();
        let p = |row: usize| f64::from(rows[row].1) / 8.0;
        let score = Array2::from_shape_fn((rows.len(), 2), |(row, class)| {
            if class == 1 { p(row) } else { 1.0 - p(row) }
        });
        let scores = ClassScores::new(y, score).unwrap();
        let binary = sweep(&scores.one_vs_rest(1).unwrap());
        let area = roc_auc(&binary);
        prop_assert_eq!(sweeps(&scores).average(Average::Macro, roc_auc), area);
        prop_assert_eq!(one_vs_one_roc_auc(&scores, PairAverage::Macro), area);
        // Where no score stands on the threshold, which the two classes then would share.
        let threshold = (f64::from(threshold) - 0.5) / 8.0;
        let decisions = decide_at_thresholds(&scores, &[1.0 - threshold, threshold]).unwrap();
        for row in 0..rows.len() {
            prop_assert_eq!(decisions.y_pred().codes()[row] == 1, p(row) >= threshold);
        }
    }
}
