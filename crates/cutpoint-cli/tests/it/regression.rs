//! Inputs that once went wrong, by kind, run through the command; the right value's source stands beside each.

mod exactness;
mod flags;
mod labels;
mod mixed_up;
mod outputs;
mod statistics;
mod values;

use std::path::PathBuf;

/// A small input that once went wrong.
fn case(name: &str) -> PathBuf {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/cases");
    PathBuf::from(cases).join(name)
}
