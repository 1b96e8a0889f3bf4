//! Matrices and reports of labels: subsets, weights, names, undefined rates, and what is refused. Texts were printed by
//! scikit-learn 1.9.1 and NumPy 2.4.6.

use cutpoint_core::{Label, Labels, Scores};
use cutpoint_metrics::{
    Average, Cells, ConfusionMatrix, ConfusionOptions, Error, Metric, Normalize, ReportOptions,
    ZeroDivision, average_precision, brier_loss, classification_report, confusion_matrix,
    confusion_matrix_at, log_loss, multilabel_confusion_matrix, roc_auc, sweep,
};

use crate::is_close;

const WEIGHT: [f64; 7] = [1.5, 2.0, 0.25, 1.0, 3.0, 0.5, 1.0];

fn y_true() -> Labels {
    Labels::from_integers(&[0, 0, 1, 1, 2, 2, 2])
}

fn y_pred() -> Labels {
    Labels::from_integers(&[0, 2, 1, 0, 2, 2, 1])
}

fn labels(values: &[i64]) -> Vec<Label> {
    values.iter().map(|&value| value.into()).collect()
}

fn metric(name: &str) -> Metric {
    name.parse().expect("in the catalogue")
}

#[track_caller]
fn check_report(y_true: &Labels, y_pred: &Labels, options: &ReportOptions<'_>, expected: &str) {
    let report = classification_report(y_true, y_pred, options).expect("a report");
    assert_eq!(report.to_string(), expected);
}

#[test]
fn a_subset_of_labels_drops_rows_from_the_matrix_in_its_order() {
    let subset = labels(&[2, 0]);
    let options = ConfusionOptions::default().labels(&subset);
    let matrix = confusion_matrix(&y_true(), &y_pred(), &options).unwrap();
    assert_eq!(matrix.to_string(), "[[2 0]\n [1 1]]");
    assert_eq!(matrix.labels(), subset);
    // Rows of the third class stay, as errors and as true negatives, where each class is held against all others.
    let classes = multilabel_confusion_matrix(&y_true(), &y_pred(), &options).unwrap();
    let expected = [
        Cells::from_counts(2, 1, 1, 3),
        Cells::from_counts(1, 1, 1, 4),
    ];
    assert_eq!(classes.cells(), expected);
}

#[test]
fn weights_and_shares_print_as_numpy_prints_them() {
    let options = ConfusionOptions::default().weight(&WEIGHT);
    let matrix = confusion_matrix(&y_true(), &y_pred(), &options).unwrap();
    assert_eq!(
        matrix.to_string(),
        "[[1.5  0.   2.  ]\n [1.   0.25 0.  ]\n [0.   1.   3.5 ]]"
    );
    assert_eq!(
        matrix.normalize(Normalize::True).to_string(),
        "[[0.42857143 0.         0.57142857]\n [0.8        0.2        0.        ]\n [0.         0.22222222 0.77777778]]"
    );
}

#[test]
fn an_empty_row_or_column_normalises_to_0() {
    let subset = labels(&[0, 9]);
    let options = ConfusionOptions::default().labels(&subset);
    let matrix = confusion_matrix(&y_true(), &y_pred(), &options).unwrap();
    for normalize in [Normalize::True, Normalize::Pred, Normalize::All] {
        assert_eq!(
            matrix.normalize(normalize).to_string(),
            "[[1. 0.]\n [0. 0.]]"
        );
    }
}

#[test]
fn the_textbook_layout_puts_the_positive_class_first() {
    let counts = ndarray::array![[76, 9], [17, 48]];
    let names = vec!["Negative".into(), "Positive".into()];
    let matrix = ConfusionMatrix::from_counts(names, counts).unwrap();
    let textbook = matrix.textbook(&"Positive".into()).unwrap();
    assert_eq!(textbook.to_string(), "[[48 17]\n [ 9 76]]");
    assert_eq!(textbook.labels(), ["Positive".into(), "Negative".into()]);
    assert_eq!(
        textbook.cells(&"Positive".into()),
        Ok(Cells::from_counts(48, 9, 17, 76))
    );
}

#[test]
fn what_cannot_be_counted_is_refused() {
    let plain = ConfusionOptions::default();
    let of = |options: &ConfusionOptions<'_>| confusion_matrix(&y_true(), &y_pred(), options);
    assert_eq!(of(&plain.labels(&[])).unwrap_err(), Error::LabelsEmpty);
    let error = of(&plain.labels(&labels(&[1, 2, 1]))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`labels` must name each label once, got `1` twice"
    );
    let error = of(&plain.labels(&labels(&[8, 9]))).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`labels` must have at least one label that is in `y_true`, got none (first: `8`)"
    );
    let error = of(&plain.labels(&["0".into()])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`labels` must hold labels of the same kind as `y_true`, got `0` beside `0`"
    );
    let error = of(&plain.weight(&[1.0])).unwrap_err();
    assert_eq!(error.to_string(), "`weight` must have 7 rows, got 1");
    let short = Labels::from_integers(&[0]);
    let error = confusion_matrix(&y_true(), &short, &plain).unwrap_err();
    assert_eq!(error.to_string(), "`y_pred` must have 7 rows, got 1");
    let texts = Labels::from_texts(&["a", "b", "c", "d", "e", "f", "g"]);
    let error = confusion_matrix(&y_true(), &texts, &plain).unwrap_err();
    assert!(matches!(error, Error::LabelKind { name: "y_pred", .. }));
    let none = Labels::from_integers(&[]);
    assert!(matches!(
        confusion_matrix(&none, &none, &plain),
        Err(Error::Input { .. })
    ));
    let matrix = of(&plain).unwrap();
    assert!(matches!(
        matrix.cells(&7.into()),
        Err(Error::LabelUnknown { .. })
    ));
    let rows = (0..10_001).collect::<Vec<_>>();
    let row_numbers = Labels::from_integers(&rows);
    assert!(matches!(
        confusion_matrix(&row_numbers, &row_numbers, &plain),
        Err(Error::LabelsTooMany { got: 10_001, .. })
    ));
}

#[test]
fn matrices_from_elsewhere_are_checked() {
    let names = labels(&[0, 1]);
    let wide = ndarray::array![[1, 2, 3], [4, 5, 6]];
    assert!(matches!(
        ConfusionMatrix::from_counts(names.clone(), wide),
        Err(Error::Shape { n_columns: 3, .. })
    ));
    let negative = ndarray::array![[1.0, -2.0], [4.0, 5.0]];
    assert!(matches!(
        ConfusionMatrix::from_weights(names, negative),
        Err(Error::Cell { .. })
    ));
    let scores = Scores::new(vec![true], vec![0.5]).unwrap();
    let half = cutpoint_core::Threshold::HALF;
    assert!(matches!(
        confusion_matrix_at(&scores, half, &1.into(), &1.into()),
        Err(Error::LabelTwice { .. })
    ));
}

#[test]
fn a_label_may_have_another_code_in_each_column() {
    // `y_pred` never says `a`, so that its codes are one less than those of `y_true`.
    let y_true = Labels::from_texts(&["a", "b", "c", "c"]);
    let y_pred = Labels::from_texts(&["b", "b", "c", "b"]);
    let matrix = confusion_matrix(&y_true, &y_pred, &ConfusionOptions::default()).unwrap();
    assert_eq!(matrix.to_string(), "[[0 1 0]\n [0 1 0]\n [0 1 1]]");
    let report = classification_report(&y_true, &y_pred, &ReportOptions::default()).unwrap();
    assert_eq!(report.accuracy(), Some(0.5));
    assert_eq!(
        report.notes(),
        [
            "precision is undefined for class `a`: no row was predicted so; shown as 0.00 and averaged as 0"
        ]
    );
    assert_eq!(report.classes()[0].precision(), None);
    assert_eq!(report.classes()[0].recall(), Some(0.0));
}

#[test]
fn a_report_on_a_subset_has_a_micro_average() {
    let subset = labels(&[2, 0]);
    let options = ReportOptions::default().labels(&subset);
    check_report(
        &y_true(),
        &y_pred(),
        &options.clone().target_names(["zwei", "ñu"]),
        "              precision    recall  f1-score   support

        zwei       0.67      0.67      0.67         3
          ñu       0.50      0.50      0.50         2

   micro avg       0.60      0.60      0.60         5
   macro avg       0.58      0.58      0.58         5
weighted avg       0.60      0.60      0.60         5
",
    );
    check_report(
        &y_true(),
        &y_pred(),
        &options.weight(&WEIGHT),
        "              precision    recall  f1-score   support

           2       0.64      0.78      0.70       4.5
           0       0.60      0.43      0.50       3.5

   micro avg       0.62      0.62      0.62       8.0
   macro avg       0.62      0.60      0.60       8.0
weighted avg       0.62      0.62      0.61       8.0
",
    );
}

#[test]
fn a_report_on_more_labels_than_there_are_keeps_accuracy() {
    let y_true = Labels::from_integers(&[0, 1, 1]);
    let y_pred = Labels::from_integers(&[0, 1, 0]);
    check_report(
        &y_true,
        &y_pred,
        &ReportOptions::default().labels(&labels(&[1, 0, 2])),
        "              precision    recall  f1-score   support

           1       1.00      0.50      0.67         2
           0       0.50      1.00      0.67         1
           2       0.00      0.00      0.00         0

    accuracy                           0.67         3
   macro avg       0.50      0.50      0.44         3
weighted avg       0.83      0.67      0.67         3
",
    );
    check_report(
        &y_true,
        &y_pred,
        &ReportOptions::default().labels(&labels(&[5])),
        "              precision    recall  f1-score   support

           5       0.00      0.00      0.00         0

   micro avg       0.00      0.00      0.00         0
   macro avg       0.00      0.00      0.00         0
weighted avg       0.00      0.00      0.00         0
",
    );
}

#[test]
fn digits_change_the_width_when_there_are_many() {
    let y_true = Labels::from_integers(&[0, 1, 1]);
    let y_pred = Labels::from_integers(&[0, 1, 0]);
    check_report(
        &y_true,
        &y_pred,
        &ReportOptions::default().labels(&labels(&[0])).digits(0),
        "              precision    recall  f1-score   support

           0          0         1         1         1

   micro avg          0         1         1         1
   macro avg          0         1         1         1
weighted avg          0         1         1         1
",
    );
    check_report(
        &y_true,
        &y_pred,
        &ReportOptions::default().digits(14),
        "                precision    recall  f1-score   support

             0  0.50000000000000 1.00000000000000 0.66666666666667         1
             1  1.00000000000000 0.50000000000000 0.66666666666667         2

      accuracy                      0.66666666666667         3
     macro avg  0.75000000000000 0.75000000000000 0.66666666666667         3
  weighted avg  0.83333333333333 0.66666666666667 0.66666666666667         3
",
    );
}

#[test]
fn supports_print_as_floats_where_scikit_learn_counts_in_floats() {
    // When no row is right it counts in floats, though there are no weights.
    check_report(
        &Labels::from_integers(&[0, 1, 1]),
        &Labels::from_integers(&[1, 0, 0]),
        &ReportOptions::default(),
        "              precision    recall  f1-score   support

           0       0.00      0.00      0.00       1.0
           1       0.00      0.00      0.00       2.0

    accuracy                           0.00       3.0
   macro avg       0.00      0.00      0.00       3.0
weighted avg       0.00      0.00      0.00       3.0
",
    );
    check_report(
        &Labels::from_integers(&[0, 1, 1]),
        &Labels::from_integers(&[0, 1, 0]),
        &ReportOptions::default().weight(&[1e16, 1e-5, 3.0]),
        "              precision    recall  f1-score   support

           0       1.00      1.00      1.00     1e+16
           1       1.00      0.00      0.00   3.00001

    accuracy                           1.00 1.0000000000000004e+16
   macro avg       1.00      0.50      0.50 1.0000000000000004e+16
weighted avg       1.00      1.00      1.00 1.0000000000000004e+16
",
    );
}

#[test]
fn truth_values_are_spelled_as_in_python() {
    check_report(
        &Labels::parse(&["true", "false", "true"]).unwrap(),
        &Labels::parse(&["true", "true", "true"]).unwrap(),
        &ReportOptions::default(),
        "              precision    recall  f1-score   support

       False       0.00      0.00      0.00         1
        True       0.67      1.00      0.80         2

    accuracy                           0.67         3
   macro avg       0.33      0.50      0.40         3
weighted avg       0.44      0.67      0.53         3
",
    );
}

#[test]
fn reports_that_cannot_be_made_are_refused() {
    let of = |options: &ReportOptions<'_>| classification_report(&y_true(), &y_pred(), options);
    let error = of(&ReportOptions::default().target_names(["a", "b"])).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`target_names` must have 3 names, one for each class, got 2"
    );
    let error = of(&ReportOptions::default().digits(1001)).unwrap_err();
    assert_eq!(error.to_string(), "`digits` must be in [0, 1000], got 1001");
}

#[test]
fn averages_say_what_they_do_with_an_undefined_class() {
    // Class 2 is never predicted: the others have precision 1 and 1/3. Supports are 2, 1 and 1.
    let y_true = Labels::from_integers(&[0, 0, 1, 2]);
    let y_pred = Labels::from_integers(&[0, 1, 1, 1]);
    let options = ConfusionOptions::default();
    let classes = multilabel_confusion_matrix(&y_true, &y_pred, &options).unwrap();
    let precision = metric("precision");
    let of = |average, zero_division| classes.average(&precision, average, zero_division);
    assert_eq!(
        classes.per_class(&precision),
        [Some(1.0), Some(1.0 / 3.0), None]
    );
    assert_eq!(of(Average::Macro, ZeroDivision::Undefined), None);
    assert_eq!(of(Average::Weighted, ZeroDivision::Undefined), None);
    assert_eq!(of(Average::Micro, ZeroDivision::Undefined), Some(0.5));
    // (1 + 1/3 + 0) / 3, (1 + 1/3) / 2, (2 + 1/3 + 0) / 4, (2 + 1/3) / 3
    let expected = [
        (Average::Macro, ZeroDivision::Zero, 4.0 / 9.0),
        (Average::Macro, ZeroDivision::Skip, 2.0 / 3.0),
        (Average::Weighted, ZeroDivision::Zero, 7.0 / 12.0),
        (Average::Weighted, ZeroDivision::Skip, 7.0 / 9.0),
    ];
    for (average, zero_division, expected) in expected {
        let value = of(average, zero_division).expect("defined");
        assert!(
            is_close(value, expected),
            "{average:?} {zero_division:?}: {value}"
        );
    }
}

#[test]
fn a_matrix_without_one_of_the_classes_follows_scikit_learn() {
    // `balanced_accuracy_score` and `matthews_corrcoef` of [1, 1, 1] and [1, 0, 1] give 0.6666666666666666 and 0.0.
    let y_true = Labels::from_integers(&[1, 1, 1]);
    let y_pred = Labels::from_integers(&[1, 0, 1]);
    let matrix = confusion_matrix(&y_true, &y_pred, &ConfusionOptions::default()).unwrap();
    assert_eq!(matrix.balanced_accuracy(), Some(2.0 / 3.0));
    assert_eq!(matrix.mcc(), Some(0.0));
    let same = confusion_matrix(&y_true, &y_true, &ConfusionOptions::default()).unwrap();
    assert_eq!(same.to_string(), "[[3]]");
    assert_eq!((same.accuracy(), same.cohen_kappa()), (Some(1.0), None));
}

#[test]
fn weighted_areas_and_losses_are_those_of_scikit_learn() {
    let is_positive = vec![true, false, true, true, false, false];
    let weight = vec![1.0, 2.0, 0.5, 1.0, 3.0, 0.25];
    let of = |score: [f64; 6]| {
        let scores = Scores::new(is_positive.clone(), score.to_vec()).unwrap();
        scores.with_weight(weight.clone()).unwrap()
    };
    let tied = of([1.0, 1.0, 0.6, 0.4, 0.4, 0.0]);
    let table = sweep(&tied);
    let values = [
        (roc_auc(&table), 0.580_952_380_952_381),
        (average_precision(&table), 0.352_380_952_380_952_4),
        (brier_loss(&table).ok(), 0.376_774_193_548_387_1),
        (
            log_loss(&sweep(&of([0.9, 0.8, 0.6, 0.4, 0.4, 0.1]))).ok(),
            0.781_258_952_838_142_7,
        ),
    ];
    for (value, expected) in values {
        let value = value.expect("defined");
        assert!(is_close(value, expected), "{value}, not {expected}");
    }
}

#[test]
fn log_loss_of_certain_and_wrong_is_finite() {
    let of = |rows: &[(bool, f64)]| {
        let (is_positive, score) = rows.iter().copied().unzip();
        log_loss(&sweep(&Scores::new(is_positive, score).unwrap())).unwrap()
    };
    assert!(is_close(
        of(&[(true, 0.0), (false, 0.0)]),
        18.021_826_694_558_577
    ));
    assert!(is_close(
        of(&[(true, 0.0), (false, 1.0), (true, 1.0)]),
        24.029_102_259_411_435
    ));
}
