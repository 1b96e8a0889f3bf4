//! A seed: which random stream, and from which state it starts.

use crate::{Error, Result};

/// Which random stream draws come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum StreamKind {
    /// NumPy's legacy `RandomState`, so that results equal those of scikit-learn for the same `random_state`.
    #[default]
    Numpy,
    /// ChaCha8, keyed by block of rows: the same rows for every thread count, in bounded memory.
    ChaCha,
}

/// Where randomness enters: every function that draws takes one, and the same seed gives the same result.
///
/// A plain `u32` is a seed of the NumPy stream, as scikit-learn's `random_state` is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Seed {
    kind: StreamKind,
    random_state: u64,
}

impl Seed {
    /// A seed of a stream.
    ///
    /// # Errors
    /// [`Error::RandomState`] for the NumPy stream and a value above 2^32 - 1.
    pub fn new(kind: StreamKind, random_state: u64) -> Result<Self> {
        if kind == StreamKind::Numpy && random_state > u64::from(u32::MAX) {
            return Err(Error::RandomState {
                value: random_state,
            });
        }
        Ok(Self { kind, random_state })
    }

    /// A seed of the NumPy stream.
    pub fn numpy(random_state: u32) -> Self {
        Self {
            kind: StreamKind::Numpy,
            random_state: random_state.into(),
        }
    }

    /// A seed of the ChaCha stream.
    pub fn chacha(random_state: u64) -> Self {
        Self {
            kind: StreamKind::ChaCha,
            random_state,
        }
    }

    /// Which stream.
    pub fn kind(self) -> StreamKind {
        self.kind
    }

    /// The state it starts from.
    pub fn random_state(self) -> u64 {
        self.random_state
    }
}

impl Default for Seed {
    /// The NumPy stream from 0: without a seed, results still repeat.
    fn default() -> Self {
        Self::numpy(0)
    }
}

impl From<u32> for Seed {
    fn from(random_state: u32) -> Self {
        Self::numpy(random_state)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numpy_seeds_are_32_bits() {
        assert_eq!(
            Seed::new(StreamKind::Numpy, 1 << 32).unwrap_err(),
            Error::RandomState { value: 1 << 32 }
        );
        assert_eq!(
            Seed::new(StreamKind::ChaCha, 1 << 32),
            Ok(Seed::chacha(1 << 32))
        );
        assert_eq!(Seed::new(StreamKind::Numpy, 42), Ok(Seed::from(42)));
    }
}
