//! Splits against scikit-learn 1.9.1, and laws that every split obeys on both streams.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod golden_errors;
mod golden_splits;
mod laws;

use cutpoint_core::{Labels, Seed};
use cutpoint_split::SplitSize;
use serde_json::Value;

/// A whole number of a case.
fn count(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

/// The seed of a case, if it has one.
fn seed(value: &Value) -> Option<Seed> {
    let random_state = value.as_u64()?;
    Some(Seed::numpy(u32::try_from(random_state).unwrap()))
}

/// A size as Python writes it: the type of the number decides.
fn size(value: &Value) -> Option<SplitSize> {
    match value {
        Value::Null => None,
        number => Some(number.to_string().parse().unwrap()),
    }
}

/// Labels of numbers or of text.
fn labels(value: &Value) -> Labels {
    let fields = value.as_array().unwrap().iter();
    let fields = fields
        .map(|field| field.as_str().map_or(field.to_string(), str::to_owned))
        .collect::<Vec<_>>();
    Labels::parse(&fields).unwrap()
}
