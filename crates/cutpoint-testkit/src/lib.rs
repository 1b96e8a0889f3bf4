//! What the tests of every cutpoint crate share: the golden files of `tests/golden/` and the digests they hold.
//!
//! This crate knows no algorithm of cutpoint's; an oracle here would have to be written without them.

mod golden;

pub use golden::{
    digest_f64, digest_i64, digest_u32, double, doubles, golden, golden_cases, indices, integers,
    rows_of_doubles,
};
