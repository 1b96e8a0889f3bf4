//! Evaluations as answers, by hand.

use cutpoint_core::{Label, Labels, Scores, Threshold};
use cutpoint_metrics::{ClassOrder, Error, EvaluationOptions, Normalize, evaluate, sweep};
use serde_json::json;

#[test]
fn an_evaluation_serializes_with_the_keys_of_the_command() {
    let y_true = Labels::from_integers(&[0, 0, 1, 1, 1, 1]);
    let y_pred = Labels::from_integers(&[1, 0, 1, 1, 1, 0]);
    let positive = Label::from(1);
    let names = ["no", "yes"];
    let options = EvaluationOptions::default()
        .positive(&positive)
        .target_names(names)
        .normalize(Normalize::All)
        .order(ClassOrder::PositiveFirst);
    let scores = Scores::new(
        vec![false, false, true, true, true, true],
        vec![0.6, 0.1, 0.9, 0.8, 0.7, 0.2],
    )
    .unwrap();
    let evaluation = evaluate(&y_true, &y_pred, &options).unwrap();
    let evaluation = evaluation.with_scores(&sweep(&scores), Threshold::HALF);
    let text = serde_json::to_string(&evaluation).unwrap();
    let start = concat!(
        r#"{"threshold":0.5,"labels":[1,0],"names":["yes","no"],"positive":1,"#,
        r#""confusion_matrix":[[3,1],[1,1]],"normalize":"all","#,
        r#""normalized":[[0.5,0.16666666666666666],[0.16666666666666666,0.16666666666666666]],"#
    );
    assert!(text.starts_with(start), "{text}");
    let value = serde_json::to_value(&evaluation).unwrap();
    // 7 of 8 pairs of a positive and a negative row are in order.
    assert_eq!(
        (&value["precision"], &value["roc_auc"]),
        (&json!(0.75), &json!(0.875))
    );
    let yes = json!({"precision": 0.75, "recall": 0.75, "f1-score": 0.75, "support": 4});
    assert_eq!(value["report"]["yes"], yes);
    let mean = json!({"precision": 0.625, "recall": 0.625, "f1-score": 0.625, "support": 6});
    assert_eq!(value["report"]["macro avg"], mean);
    assert_eq!(value["report"]["accuracy"], json!(4.0 / 6.0));
}

#[test]
fn several_classes_have_few_metrics_and_weights_are_no_counts() {
    let y_true = Labels::from_integers(&[0, 1, 2, 2]);
    let y_pred = Labels::from_integers(&[0, 2, 2, 2]);
    let options = EvaluationOptions::default();
    let evaluation = evaluate(
        &y_true,
        &y_pred,
        &options.clone().weight(&[1.0, 2.0, 0.5, 0.5]),
    );
    let value = serde_json::to_value(evaluation.unwrap()).unwrap();
    let rows = json!([[1.0, 0.0, 0.0], [0.0, 0.0, 2.0], [0.0, 0.0, 1.0]]);
    assert_eq!(value["confusion_matrix"], rows);
    // Of a weight of 4, 2 are wrong.
    assert_eq!(
        (&value["error_rate"], &value["recall"]),
        (&json!(0.5), &json!(null))
    );
    assert_eq!(value["report"]["1"]["precision"], json!(null));
    let textbook = evaluate(&y_true, &y_pred, &options.order(ClassOrder::PositiveFirst));
    assert!(matches!(textbook, Err(Error::OrderNeedsPositive)));
}

#[test]
fn a_name_that_stands_twice_in_a_report_is_told() {
    let y = Labels::from_integers(&[0, 1]);
    let repeated = |names: [&str; 2]| {
        let options = EvaluationOptions::default().target_names(names);
        let evaluation = evaluate(&y, &y, &options).unwrap();
        evaluation.report.repeated_name().map(str::to_owned)
    };
    assert_eq!(repeated(["a", "b"]), None);
    assert_eq!(repeated(["a", "a"]).as_deref(), Some("a"));
    assert_eq!(repeated(["macro avg", "b"]).as_deref(), Some("macro avg"));
}
