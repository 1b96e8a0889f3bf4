//! What the tests of every cutpoint crate share: the golden files of `tests/golden/`, the digests they hold, and a
//! brute-force oracle.
//!
//! This crate knows no algorithm of cutpoint's; the oracle is written without them.

mod golden;
mod oracle;
pub mod strategies;

pub use golden::{
    digest_f64, digest_i64, digest_u32, double, doubles, golden, golden_cases, indices, integers,
    rows_of_doubles,
};
pub use oracle::{OracleCells, OracleRows};
