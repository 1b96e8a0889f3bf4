//! Reads `tests/golden/*.json`: values from NumPy and scikit-learn, doubles as the hex digits of their bits.

use std::path::Path;

use serde_json::Value;
use sha2::{Digest, Sha256};

/// A golden file, whole.
///
/// # Panics
/// If the file is missing or is not JSON.
pub fn golden(name: &str) -> Value {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../tests/golden")
        .join(name);
    let text = std::fs::read_to_string(&path)
        .unwrap_or_else(|error| panic!("failed to read {}: {error}", path.display()));
    serde_json::from_str(&text)
        .unwrap_or_else(|error| panic!("failed to parse {}: {error}", path.display()))
}

/// The `cases` of a golden file; at least one, so that a test over them cannot pass by running nothing.
///
/// # Panics
/// If the file has no cases.
pub fn golden_cases(name: &str) -> Vec<Value> {
    let Value::Array(cases) = golden(name)["cases"].take() else {
        panic!("{name} has no `cases`");
    };
    assert!(!cases.is_empty(), "{name} has no cases");
    cases
}

/// Doubles from 16 hex digits each, joined.
///
/// # Panics
/// If the value is not such text.
#[track_caller]
pub fn doubles(value: &Value) -> Vec<f64> {
    let hex = value.as_str().expect("doubles are hex text");
    assert!(hex.len().is_multiple_of(16), "16 hex digits a double");
    (0..hex.len() / 16)
        .map(|index| {
            let digits = &hex[16 * index..16 * (index + 1)];
            f64::from_bits(u64::from_str_radix(digits, 16).expect("hex digits"))
        })
        .collect()
}

/// One double from 16 hex digits.
///
/// # Panics
/// If the value is not such text.
#[track_caller]
pub fn double(value: &Value) -> f64 {
    let all = doubles(value);
    assert_eq!(all.len(), 1, "one double");
    all[0]
}

/// Rows of doubles, each row hex text.
///
/// # Panics
/// If the value is not a list of such text.
#[track_caller]
pub fn rows_of_doubles(value: &Value) -> Vec<Vec<f64>> {
    let rows = value.as_array().expect("rows are a list");
    rows.iter().map(doubles).collect()
}

/// Whole numbers from JSON numbers or decimal strings.
///
/// # Panics
/// If the value is not a list of them.
#[track_caller]
pub fn integers(value: &Value) -> Vec<i64> {
    let list = value.as_array().expect("integers are a list");
    list.iter()
        .map(|item| match item {
            Value::String(text) => text.parse().expect("a decimal integer"),
            other => other.as_i64().expect("an integer"),
        })
        .collect()
}

/// Checks a list of indices against a golden one: the whole list, or `{n, first, last, sha256_i64le}` of a long one.
///
/// # Panics
/// If they differ.
#[track_caller]
pub fn indices(expected: &Value, got: &[usize], context: &str) {
    let got = got
        .iter()
        .map(|&index| i64::try_from(index).expect("an index fits i64"))
        .collect::<Vec<_>>();
    if expected.is_array() {
        assert_eq!(got, integers(expected), "{context}");
        return;
    }
    assert_eq!(
        Some(got.len() as u64),
        expected["n"].as_u64(),
        "{context}: length"
    );
    let first = integers(&expected["first"]);
    assert_eq!(got[..first.len()], first, "{context}: first");
    assert_eq!(
        digest_i64(&got),
        expected["sha256_i64le"],
        "{context}: digest"
    );
}

/// SHA-256 of doubles as little-endian bytes, in hex.
pub fn digest_f64(values: impl IntoIterator<Item = f64>) -> String {
    digest(values.into_iter().map(f64::to_le_bytes))
}

/// SHA-256 of 64-bit integers as little-endian bytes, in hex.
pub fn digest_i64(values: &[i64]) -> String {
    digest(values.iter().map(|value| value.to_le_bytes()))
}

/// SHA-256 of 32-bit words as little-endian bytes, in hex.
pub fn digest_u32(values: &[u32]) -> String {
    digest(values.iter().map(|value| value.to_le_bytes()))
}

fn digest<const N: usize>(parts: impl Iterator<Item = [u8; N]>) -> String {
    let mut hasher = Sha256::new();
    for bytes in parts {
        hasher.update(bytes);
    }
    format!("{:x}", hasher.finalize())
}
