//! Tests of the nouns and random streams through their public face.

#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod chacha;
mod numpy_stream;
mod sampling;
