//! The stream that a seed names, of either kind.

use super::{ChaChaStream, Purpose, RandomState, RandomStream};
use crate::{Seed, StreamKind};

/// A stream of either kind, for algorithms that are the same on both.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Stream {
    /// NumPy's.
    Numpy(Box<RandomState>),
    /// ChaCha8.
    ChaCha(Box<ChaChaStream>),
}

impl Seed {
    /// The stream of this seed.
    ///
    /// On the NumPy stream this is `RandomState(random_state)` for every purpose, as in scikit-learn; on ChaCha it is
    /// block 0 of the purpose.
    pub fn stream(self, purpose: Purpose) -> Stream {
        match self.numpy_generator() {
            Some(generator) => Stream::Numpy(Box::new(generator)),
            None => Stream::ChaCha(Box::new(ChaChaStream::new(self.random_state(), purpose, 0))),
        }
    }

    /// The generator of a seed of the NumPy stream; none of another stream.
    pub fn numpy_generator(self) -> Option<RandomState> {
        match self.kind() {
            StreamKind::Numpy => u32::try_from(self.random_state())
                .ok()
                .map(RandomState::from_seed),
            StreamKind::ChaCha => None,
        }
    }
}

impl RandomStream for Stream {
    fn word(&mut self) -> u32 {
        match self {
            Self::Numpy(stream) => stream.word(),
            Self::ChaCha(stream) => stream.word(),
        }
    }

    fn double(&mut self) -> f64 {
        match self {
            Self::Numpy(stream) => stream.double(),
            Self::ChaCha(stream) => stream.double(),
        }
    }

    fn standard_normal(&mut self) -> f64 {
        match self {
            Self::Numpy(stream) => stream.standard_normal(),
            Self::ChaCha(stream) => stream.standard_normal(),
        }
    }

    fn fill_standard_normal(&mut self, normals: &mut [f64]) {
        match self {
            Self::Numpy(stream) => stream.fill_standard_normal(normals),
            Self::ChaCha(stream) => stream.fill_standard_normal(normals),
        }
    }
}
