//! Runs every example and holds what it prints to the tutorial's page, hand arithmetic and scikit-learn.

use std::path::PathBuf;
use std::process::Command;

use cutpoint_testkit::golden;
use serde_json::Value;

/// Cargo builds the examples of a package beside its tests.
fn program(name: &str) -> PathBuf {
    let test = std::env::current_exe().expect("the test has a path");
    let folder = test
        .parent()
        .and_then(|deps| deps.parent())
        .expect("tests lie in target/PROFILE/deps");
    folder
        .join("examples")
        .join(format!("{name}{}", std::env::consts::EXE_SUFFIX))
}

#[track_caller]
fn output(name: &str) -> String {
    let output = Command::new(program(name))
        .output()
        .unwrap_or_else(|error| panic!("failed to run {name}: {error}"));
    assert!(
        output.status.success(),
        "{name}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    String::from_utf8(output.stdout).expect("examples print UTF-8")
}

/// The lines of the tutorial's page, from the one given on.
fn page_from(first: &str, n_lines: usize) -> String {
    let page = include_str!("../../../tests/golden/tutorial_page.txt");
    let from = page
        .find(first)
        .unwrap_or_else(|| panic!("the page has `{first}`"));
    let lines = page[from..].lines().take(n_lines).collect::<Vec<_>>();
    assert_eq!(
        lines.len(),
        n_lines,
        "the page has {n_lines} lines from `{first}`"
    );
    lines.join("\n")
}

#[track_caller]
fn check_holds(name: &str, expected: &str) {
    let output = output(name);
    assert!(
        output.contains(expected),
        "{name} lacks\n{expected}\nin\n{output}"
    );
}

/// A matrix as NumPy prints one of whole numbers.
fn numpy_text(matrix: &Value) -> String {
    let rows = matrix.as_array().expect("rows");
    let cells = rows
        .iter()
        .map(|row| {
            row.as_array()
                .expect("cells")
                .iter()
                .map(Value::to_string)
                .collect::<Vec<_>>()
        })
        .collect::<Vec<_>>();
    let width = cells
        .iter()
        .flatten()
        .map(String::len)
        .max()
        .expect("a cell");
    let rows = cells
        .iter()
        .map(|row| {
            let cells = row
                .iter()
                .map(|cell| format!("{cell:>width$}"))
                .collect::<Vec<_>>();
            format!("[{}]", cells.join(" "))
        })
        .collect::<Vec<_>>();
    format!("[{}]", rows.join("\n "))
}

#[test]
fn generating_predictions() {
    assert_eq!(
        output("generating_predictions"),
        page_from("Accuracy", 2) + "\n"
    );
}

#[test]
fn building_the_matrix() {
    assert_eq!(
        output("building_the_matrix"),
        page_from("Confusion matrix", 3) + "\n"
    );
}

#[test]
fn precision_recall_f1() {
    let printed = output("precision_recall_f1");
    let wanted = page_from("TP=48", 5);
    for (line, expected) in printed.lines().zip(wanted.lines()) {
        assert!(
            line.starts_with(expected),
            "{line} does not start with {expected}"
        );
    }
    check_holds(
        "precision_recall_f1",
        &page_from("              precision", 8),
    );
}

#[test]
fn normalised_matrix() {
    for (title, first) in [
        ("Raw counts", "[[76"),
        ("Normalised by true label", "[[0.89"),
        ("Normalised by predicted label", "[[0.81"),
        ("Normalised by all rows", "[[0.50"),
    ] {
        check_holds(
            "normalised_matrix",
            &format!("{title}:\n{}", page_from(first, 2)),
        );
    }
}

/// The counts were made by scikit-learn 1.9.1: `confusion_matrix(y_test, score >= threshold)`.
#[test]
fn moving_the_threshold() {
    check_holds(
        "moving_the_threshold",
        "150 thresholds\n\
         0.1: TN=48 FP=37 FN=3 TP=62\n\
         0.2: TN=62 FP=23 FN=6 TP=59\n\
         0.3: TN=69 FP=16 FN=10 TP=55\n\
         0.4: TN=73 FP=12 FN=14 TP=51\n\
         0.5: TN=76 FP=9 FN=17 TP=48\n\
         0.6: TN=79 FP=6 FN=22 TP=43\n\
         0.7: TN=81 FP=4 FN=28 TP=37\n\
         0.8: TN=83 FP=2 FN=30 TP=35\n\
         0.9: TN=84 FP=1 FN=33 TP=32\n",
    );
    // 55 - 48 and 16 - 9
    check_holds(
        "moving_the_threshold",
        "0.5 to 0.3: 7 from FN to TP, 7 from TN to FP",
    );
}

#[test]
fn spam_filter() {
    // 150 / 165, 50 / 55, 50 / 60, 100 / 115
    check_holds(
        "spam_filter",
        "  50   10\n   5  100\nAccuracy: 90.9 %\nPrecision: 90.9 %\nRecall: 83.3 %\nF1 score: 87.0 %\n",
    );
}

#[test]
fn iris_three_classes() {
    let expected = &golden("examples.json")["iris"];
    let matrix = numpy_text(&expected["confusion_matrix"]);
    check_holds(
        "iris_three_classes",
        &format!("after {} iterations", expected["n_iter"]),
    );
    check_holds(
        "iris_three_classes",
        &format!("Confusion matrix:\n{matrix}"),
    );
    check_holds(
        "iris_three_classes",
        expected["report"].as_str().expect("text"),
    );
}

#[test]
fn breast_cancer() {
    let expected = &golden("examples.json")["breast_cancer"];
    for threshold in ["0.5", "0.3", "0.1"] {
        let matrix = numpy_text(&expected["matrices"][threshold]);
        check_holds(
            "breast_cancer",
            &format!("Confusion matrix at {threshold}:\n{matrix}"),
        );
    }
    let auc = expected["roc_auc"].as_f64().expect("a number");
    check_holds(
        "breast_cancer",
        &format!("{} thresholds\nROC AUC: {auc:.6}", expected["n_thresholds"]),
    );
}
