//! Generated data against scikit-learn 1.9.1, and laws of the data on both streams.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod blocks;
mod classification;
mod errors;
mod other_makers;

use cutpoint_core::random::{RandomState, RandomStream};
use cutpoint_testkit::{double, integers, rows_of_doubles};
use ndarray::Array2;
use serde_json::Value;

/// How far a feature may be from scikit-learn's, relative to the largest (at least 1). Matrix products are rounded as
/// the machine's `OpenBLAS` and logarithm do it; the largest difference measured is 6.1e-16.
const FEATURE_TOLERANCE: f64 = 1e-14;

/// Whether logarithms and fused products are those that the golden files were made with: glibc on x86-64 with FMA.
fn is_platform_of_golden_files() -> bool {
    #[cfg(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))]
    return is_x86_feature_detected!("fma");
    #[cfg(not(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu")))]
    return false;
}

/// A whole number of a case.
fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// The random state of a case.
fn random_state(value: &Value) -> u32 {
    u32::try_from(value.as_u64().unwrap()).unwrap()
}

#[track_caller]
fn check_rows(expected: &Value, got: &Array2<f64>, first_row: usize, context: &str) {
    let largest = got.iter().fold(1.0_f64, |largest, x| largest.max(x.abs()));
    for (row, expected) in (first_row..).zip(rows_of_doubles(expected)) {
        assert_eq!(got.ncols(), expected.len(), "{context}");
        for (column, expected) in expected.into_iter().enumerate() {
            let got = got[[row, column]];
            assert!(
                (got - expected).abs() <= FEATURE_TOLERANCE * largest,
                "{context}: row {row}, column {column}: {got} instead of {expected}"
            );
        }
    }
}

/// The cached normal and the next three words; consumes the generator, since it draws them.
#[track_caller]
fn check_state(expected: &Value, mut rng: RandomState, context: &str) {
    let cached = rng.cached_normal().map(f64::to_bits);
    let expected_cached = expected["has_gauss"]
        .as_bool()
        .unwrap()
        .then(|| double(&expected["gauss"]).to_bits());
    assert_eq!(cached, expected_cached, "{context}");
    let words = (0..3).map(|_| i64::from(rng.word())).collect::<Vec<_>>();
    assert_eq!(words, integers(&expected["next_u32"]), "{context}");
}
