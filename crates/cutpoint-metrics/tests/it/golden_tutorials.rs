//! The two tutorials' models, scored by scikit-learn 1.9.1 (`tutorial.json`, `sweep_tutorial.json`): one threshold and
//! the whole sweep.

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    average_precision, brier_loss, confusion_at, confusion_matrix_at, formulas, log_loss, roc_auc,
    sweep,
};
use cutpoint_testkit::{doubles, golden, integers};
use serde_json::Value;

use crate::{check_close, number_of};

fn scores_of(file: &Value) -> Scores {
    let y_test = integers(&file["y_test"]);
    let is_positive = y_test.iter().map(|&label| label == 1).collect();
    Scores::new(is_positive, doubles(&file["predict_proba"])).expect("finite scores")
}

#[track_caller]
fn check_metrics(name: &str) {
    let file = golden(name);
    let expected = &file["metrics"];
    let scores = scores_of(&file);
    let predictions = integers(&file["y_pred"]);
    for (&score, prediction) in scores.score().iter().zip(predictions) {
        assert_eq!(i64::from(Threshold::HALF.is_positive(score)), prediction);
    }

    let matrix = confusion_matrix_at(&scores, Threshold::HALF, &0.into(), &1.into())
        .expect("the classes differ");
    let counts = matrix.counts().expect("no weights");
    for ((row, column), &count) in counts.indexed_iter() {
        assert_eq!(
            expected["confusion_matrix"][row][column], count,
            "{name} at {row}, {column}"
        );
    }

    let cells = confusion_at(&scores, Threshold::HALF);
    let table = sweep(&scores);
    assert_eq!(cells, table.cells_at(Threshold::HALF));
    let values = [
        ("accuracy", formulas::accuracy(&cells)),
        ("precision", formulas::precision(&cells)),
        ("recall", formulas::recall(&cells)),
        ("f1", formulas::f1(&cells)),
        ("matthews", formulas::mcc(&cells)),
        ("roc_auc", roc_auc(&table)),
        ("average_precision", average_precision(&table)),
        ("brier", brier_loss(&table).ok()),
        ("log_loss", log_loss(&table).ok()),
    ];
    for (metric, value) in values {
        let expected = expected[metric].as_str().expect("a number as text");
        let expected = expected.parse::<f64>().expect("a number");
        check_close(value, &expected.into(), &format!("{name}, {metric}"));
    }
}

#[test]
fn the_confusion_matrix_tutorial() {
    check_metrics("tutorial.json");
    let scores = scores_of(&golden("tutorial.json"));
    let matrix = confusion_matrix_at(&scores, Threshold::HALF, &0.into(), &1.into()).unwrap();
    assert_eq!(matrix.to_string(), "[[76  9]\n [17 48]]");
    let textbook = matrix.textbook(&1.into()).unwrap();
    assert_eq!(textbook.to_string(), "[[48 17]\n [ 9 76]]");
}

#[test]
fn the_sweep_tutorial() {
    check_metrics("sweep_tutorial.json");
    let file = golden("sweep_tutorial.json");
    let scores = scores_of(&file);
    let table = sweep(&scores);
    // By hand: the 30 probabilities differ, so every row of data is a row of the sweep and adds one to one column.
    assert_eq!(table.n_thresholds(), 30);
    let mut ranked = scores
        .score()
        .iter()
        .zip(scores.is_positive())
        .collect::<Vec<_>>();
    ranked.sort_by(|left, right| right.0.total_cmp(left.0));
    let (mut tp, mut fp) = (0, 0);
    for (row, (&score, &is_positive)) in table.rows().skip(1).zip(ranked) {
        if is_positive {
            tp += 1;
        } else {
            fp += 1;
        }
        assert_eq!(number_of(row.threshold()), Some(score));
        assert_eq!(row.cells().to_counts(), Some([tp, fp, 18 - tp, 12 - fp]));
    }
}
