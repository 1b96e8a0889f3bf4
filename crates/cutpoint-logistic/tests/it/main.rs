//! Tests of cutpoint-logistic from outside: scikit-learn's fits, laws, extremes, linfa, prediction.

#![expect(
    clippy::unwrap_used,
    reason = "what cannot be read or fitted fails the test"
)]

mod extremes;
mod fixtures;
mod golden;
mod laws;
mod linfa;
mod predict;
mod separation;
