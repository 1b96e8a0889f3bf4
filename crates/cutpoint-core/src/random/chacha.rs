//! ChaCha8 streams that are named instead of handed on: each purpose and block has its own.
//!
//! Drawing from one stream never moves another, so blocks of rows can be made in any order and on any thread.

use std::fmt;

use ndarray::Array2;
use ndarray_rand::RandomExt;
use ndarray_rand::rand_distr::{Distribution, Gamma, StandardNormal, Uniform};
use rand::{RngCore, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::{RandomStream, binomial};

/// Bytes of a ChaCha key.
const KEY: usize = 32;
/// Bytes of the key that the random state takes.
const STATE: usize = 8;

/// What a ChaCha stream is for: a name of 1 to 24 bytes, without a zero byte.
///
/// # Examples
/// ```
/// use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
///
/// const NOISE: Purpose = Purpose::new("noise");
///
/// let mut first = ChaChaStream::new(42, NOISE, 0);
/// let mut again = ChaChaStream::new(42, NOISE, 0);
/// let mut next_block = ChaChaStream::new(42, NOISE, 1);
/// let word = first.word64();
/// assert_eq!(again.word64(), word);
/// assert_ne!(next_block.word64(), word);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Purpose {
    name: [u8; KEY - STATE],
}

impl Purpose {
    /// The purpose of that name.
    ///
    /// # Panics
    /// If the name is empty, longer than 24 bytes, or holds a zero byte. In a `const` that is a compile error.
    pub const fn new(name: &str) -> Self {
        let bytes = name.as_bytes();
        assert!(
            !bytes.is_empty() && bytes.len() <= KEY - STATE,
            "a purpose is named in 1 to 24 bytes"
        );
        let mut padded = [0; KEY - STATE];
        let mut index = 0;
        while index < bytes.len() {
            assert!(bytes[index] != 0, "a zero byte ends a name");
            padded[index] = bytes[index];
            index += 1;
        }
        Self { name: padded }
    }
}

impl fmt::Debug for Purpose {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.name.split(|&byte| byte == 0).next().unwrap_or(&[]);
        write!(formatter, "Purpose({:?})", String::from_utf8_lossy(name))
    }
}

/// One ChaCha8 stream, named by random state, purpose and block.
///
/// # Formula
/// ```text
/// key       = random_state as 8 bytes, least significant first ++ name of the purpose in 24 bytes, padded with zeros
/// stream id = block
/// counter   = 0
/// ```
/// Two streams are the same only if all three are, and a stream has 2^68 words.
///
/// # References
/// Bernstein 2008, "ChaCha, a variant of Salsa20".
#[derive(Debug, Clone)]
pub struct ChaChaStream {
    rng: ChaCha8Rng,
    unit: Uniform<f64>,
}

impl ChaChaStream {
    /// The stream of that name, from its start.
    pub fn new(random_state: u64, purpose: Purpose, block: u64) -> Self {
        let mut key = [0; KEY];
        key[..STATE].copy_from_slice(&random_state.to_le_bytes());
        key[STATE..].copy_from_slice(&purpose.name);
        let mut rng = ChaCha8Rng::from_seed(key);
        rng.set_stream(block);
        Self {
            rng,
            unit: Uniform::new(0.0, 1.0),
        }
    }

    /// A matrix of standard normals, drawn row by row.
    pub fn standard_normals(&mut self, n_rows: usize, n_columns: usize) -> Array2<f64> {
        Array2::random_using((n_rows, n_columns), StandardNormal, &mut self.rng)
    }

    /// The number of successes in `n` independent trials, each of which succeeds with probability `p` in `[0, 1]`.
    ///
    /// # Panics
    /// If `p` is not a probability.
    ///
    /// # References
    /// Hörmann, 1993, *The generation of binomial random variates*, Journal of Statistical Computation and Simulation
    /// 46, 101–110.
    pub fn binomial(&mut self, n: u64, p: f64) -> u64 {
        binomial::binomial(self, n, p)
    }

    /// A deviate of the gamma distribution of scale 1, which a sum of `shape` exponential waiting times has; `shape` is
    /// above 0.
    ///
    /// # Panics
    /// If `shape` is not above 0.
    ///
    /// # References
    /// Marsaglia and Tsang, 2000, *A simple method for generating gamma variables*, ACM Transactions on Mathematical
    /// Software 26, 363–372.
    pub fn gamma(&mut self, shape: f64) -> f64 {
        let gamma = Gamma::new(shape, 1.0).expect("a shape above 0");
        gamma.sample(&mut self.rng)
    }
}

impl RandomStream for ChaChaStream {
    #[inline]
    fn word(&mut self) -> u32 {
        self.rng.next_u32()
    }

    #[inline]
    fn double(&mut self) -> f64 {
        self.unit.sample(&mut self.rng)
    }

    #[inline]
    fn standard_normal(&mut self) -> f64 {
        StandardNormal.sample(&mut self.rng)
    }
}
