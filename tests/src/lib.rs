//! Tests that span the crates; see `it/`.
