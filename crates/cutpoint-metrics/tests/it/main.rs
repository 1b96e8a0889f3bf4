//! Tests of the public face of `cutpoint-metrics`: against scikit-learn's values, against a brute-force recount, and
//! against laws that every metric has to keep.

mod golden_binary;
mod golden_multiclass;
mod golden_tutorials;

use serde_json::Value;

/// scikit-learn and this crate round a handful of operations differently; 1e-12 is some thousand times that.
const TOLERANCE: f64 = 1e-12;

/// Checks a number against a golden one, `null` being undefined: relative, or absolute where the target is 0.
#[track_caller]
fn check_close(got: Option<f64>, expected: &Value, context: &str) {
    let Some(expected) = expected.as_f64() else {
        assert!(expected.is_null(), "{context}: no number: {expected}");
        assert_eq!(got, None, "{context}: scikit-learn has it undefined");
        return;
    };
    let got = got.unwrap_or_else(|| panic!("{context}: undefined, expected {expected}"));
    let scale = if expected == 0.0 { 1.0 } else { expected.abs() };
    assert!(
        (got - expected).abs() <= TOLERANCE * scale,
        "{context}: {got}, expected {expected}"
    );
}

/// The numbers of a JSON list.
#[track_caller]
fn numbers(list: &Value) -> Vec<f64> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|item| item.as_f64().expect("a number"))
        .collect()
}
