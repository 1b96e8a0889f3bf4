//! Labels of several classes against scikit-learn 1.9.1 (`multiclass_metrics.json`), with and without weights.

use cutpoint_core::Labels;
use cutpoint_metrics::{
    Average, ConfusionOptions, Metric, Normalize, ReportOptions, ZeroDivision,
    classification_report, confusion_matrix, multilabel_confusion_matrix,
};
use cutpoint_testkit::golden_cases;
use serde_json::Value;

use crate::{check_close, numbers};

struct Case {
    name: String,
    y_true: Labels,
    y_pred: Labels,
    weight: Option<Vec<f64>>,
    expected: Value,
}

fn cases() -> Vec<Case> {
    let labels = |list: &Value| {
        let list = list.as_array().expect("a list");
        let texts = list.iter().map(|item| item.as_str().expect("text"));
        Labels::parse(&texts.collect::<Vec<_>>()).expect("class labels")
    };
    let cases = golden_cases("multiclass_metrics.json");
    cases
        .iter()
        .map(|case| Case {
            name: case["name"].as_str().expect("a name").to_owned(),
            y_true: labels(&case["y_true"]),
            y_pred: labels(&case["y_pred"]),
            weight: (!case["sample_weight"].is_null()).then(|| numbers(&case["sample_weight"])),
            expected: case["expected"].clone(),
        })
        .collect()
}

impl Case {
    fn options(&self) -> ConfusionOptions<'_> {
        let options = ConfusionOptions::default();
        match &self.weight {
            Some(weight) => options.weight(weight),
            None => options,
        }
    }
}

#[test]
fn the_matrix_and_its_shares() {
    for case in cases() {
        let matrix = confusion_matrix(&case.y_true, &case.y_pred, &case.options()).unwrap();
        let labels = matrix.labels().iter().map(ToString::to_string);
        let labels = labels.collect::<Vec<_>>();
        assert_eq!(
            Value::from(labels),
            case.expected["labels"],
            "{}",
            case.name
        );
        assert_eq!(matrix.counts().is_some(), case.weight.is_none());
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
                check_close(Some(value), &case.expected[name][row][column], &context);
            }
        }
    }
}

#[test]
fn one_class_against_the_others() {
    for case in cases() {
        let classes =
            multilabel_confusion_matrix(&case.y_true, &case.y_pred, &case.options()).unwrap();
        let matrix = confusion_matrix(&case.y_true, &case.y_pred, &case.options()).unwrap();
        let of_matrix = matrix.one_vs_rest();
        for (index, label) in classes.labels().iter().enumerate() {
            let expected = &case.expected["multilabel_confusion_matrix"][index];
            let from_rows = classes.cells()[index];
            for cells in [
                from_rows,
                of_matrix.cells()[index],
                matrix.cells(label).unwrap(),
            ] {
                for (row, values) in cells.to_sklearn().iter().enumerate() {
                    for (column, &value) in values.iter().enumerate() {
                        let context = format!("{}, {label} at {row}, {column}", case.name);
                        check_close(Some(value), &expected[row][column], &context);
                    }
                }
            }
        }
    }
}

#[test]
fn rates_by_class_and_averaged() {
    let averages = [
        ("macro", Average::Macro),
        ("micro", Average::Micro),
        ("weighted", Average::Weighted),
    ];
    for case in cases() {
        let classes =
            multilabel_confusion_matrix(&case.y_true, &case.y_pred, &case.options()).unwrap();
        let per_class = &case.expected["per_class"];
        for name in ["precision", "recall", "f1"] {
            let metric = name.parse::<Metric>().unwrap();
            for (index, value) in classes.per_class(&metric).into_iter().enumerate() {
                // scikit-learn's own 0 for a class that is undefined.
                let value = value.or(Some(0.0));
                let context = format!("{}, {name} of class {index}", case.name);
                check_close(value, &per_class[name][index], &context);
            }
            for (average_name, average) in averages {
                let value = classes.average(&metric, average, ZeroDivision::Zero);
                let context = format!("{}, {average_name} {name}", case.name);
                check_close(value, &case.expected[average_name][name], &context);
            }
        }
        for (index, support) in classes.support().into_iter().enumerate() {
            check_close(Some(support), &per_class["support"][index], &case.name);
        }
    }
}

#[test]
fn metrics_of_the_whole_matrix() {
    for case in cases() {
        let matrix = confusion_matrix(&case.y_true, &case.y_pred, &case.options()).unwrap();
        let values = [
            ("accuracy", matrix.accuracy()),
            ("balanced_accuracy", matrix.balanced_accuracy()),
            ("mcc", matrix.mcc()),
            ("cohen_kappa", matrix.cohen_kappa()),
        ];
        for (name, value) in values {
            let context = format!("{}, {name}", case.name);
            check_close(value, &case.expected[name], &context);
        }
    }
}

#[test]
fn the_report_to_the_character() {
    for case in cases() {
        let mut options = ReportOptions::default();
        if let Some(weight) = &case.weight {
            options = options.weight(weight);
        }
        let report = classification_report(&case.y_true, &case.y_pred, &options).unwrap();
        assert_eq!(
            case.expected["classification_report"],
            report.to_string(),
            "{}",
            case.name
        );
        let averages = [
            ("macro", report.macro_average()),
            ("micro", report.micro_average()),
            ("weighted", report.weighted_average()),
        ];
        for (name, average) in averages {
            let expected = &case.expected[name];
            let context = format!("{}, {name}", case.name);
            check_close(Some(average.precision()), &expected["precision"], &context);
            check_close(Some(average.recall()), &expected["recall"], &context);
            check_close(Some(average.f1()), &expected["f1"], &context);
        }
        check_close(report.accuracy(), &case.expected["accuracy"], &case.name);
        for (index, class) in report.classes().iter().enumerate() {
            let support = &case.expected["per_class"]["support"][index];
            assert_eq!(Some(class.support()), support.as_f64(), "{}", case.name);
        }
    }
}
