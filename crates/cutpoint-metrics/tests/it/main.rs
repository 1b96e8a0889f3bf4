//! Tests of the public face of `cutpoint-metrics`: against scikit-learn's values, against a brute-force recount, and
//! against laws that every metric has to keep.

mod best;
mod curve_laws;
mod curves_by_hand;
mod evaluation;
mod exact_ratios;
mod formula_text;
mod golden_binary;
mod golden_curves;
mod golden_multiclass;
mod golden_tutorials;
mod labels;
mod laws;
mod merging;
mod oracle;
mod partial;
mod regression;
mod several_classes;
mod shares;
mod survey;
mod sweep_table;
mod uncertainty;

use cutpoint_core::Threshold;
use cutpoint_testkit::strategies;
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
    assert!(
        is_close(got, expected),
        "{context}: {got}, expected {expected}"
    );
}

/// Whether two numbers differ by rounding only: relative, or absolute where the target is 0.
fn is_close(got: f64, expected: f64) -> bool {
    let scale = if expected == 0.0 { 1.0 } else { expected.abs() };
    (got - expected).abs() <= TOLERANCE * scale
}

/// A threshold as a number, as oracles have it.
fn number_of(threshold: Option<Threshold>) -> Option<f64> {
    threshold.map(Threshold::value)
}

/// The numbers of a JSON list.
#[track_caller]
fn numbers(list: &Value) -> Vec<f64> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|item| item.as_f64().expect("a number"))
        .collect()
}
