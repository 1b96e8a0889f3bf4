//! Random streams: NumPy's legacy generator to the bit, and ChaCha8 keyed by purpose and block.
//!
//! What is drawn from words alone (shuffles, choices, samples, vertices) is written once, in [`RandomStream`]. Nothing
//! here reads a clock or an environment: a stream starts from a [`Seed`](crate::Seed) or not at all.

mod binomial;
mod chacha;
mod integers;
mod keyed_permutation;
mod numpy;
mod polar;
mod sampling;
mod seeded;
mod stream;
mod twister;

pub use chacha::{ChaChaStream, Purpose};
pub use integers::DrawnInteger;
pub use keyed_permutation::KeyedPermutation;
pub use numpy::RandomState;
pub use polar::polar_normals;
pub use seeded::Stream;
pub use stream::{RandomStream, Replacement};
