//! `RandomState`: NumPy's legacy generator, word for word and bit for bit.
//!
//! Only what is NumPy's own stands here; what follows from words alone is in [`RandomStream`].

use std::fmt;

use super::polar::{self, polar_normals};
use super::twister::Twister;
use super::{RandomStream, integers};
use crate::{Error, Result};

/// Words drawn together when many normals are wanted: whole attempts of the polar method.
const BULK_WORDS: usize = 624;

/// NumPy's legacy `RandomState`: MT19937 words, and the normal that the polar method left over.
///
/// The left-over normal survives every other kind of draw, as it does in NumPy: after an odd number of normals the
/// next one costs no words.
///
/// # Examples
/// The first number that `numpy.random.RandomState(0).random_sample()` prints:
/// ```
/// use cutpoint_core::random::{RandomState, RandomStream};
///
/// let mut rng = RandomState::from_seed(0);
/// assert_eq!(rng.double(), 0.5488135039273248);
/// ```
///
/// # References
/// - Matsumoto and Nishimura 1998, "Mersenne Twister", ACM TOMACS 8(1).
/// - NumPy 2.4, `numpy/random/mtrand.pyx` and `numpy/random/src/legacy/legacy-distributions.c`.
#[derive(Clone)]
pub struct RandomState {
    words: Twister,
    cached_normal: Option<f64>,
}

impl RandomState {
    /// The state of `RandomState(seed)` for a whole number.
    pub fn from_seed(seed: u32) -> Self {
        Self {
            words: Twister::from_seed(seed),
            cached_normal: None,
        }
    }

    /// The state of `RandomState(seed)` for a list of numbers: another stream than that of a number by itself.
    ///
    /// # Errors
    /// [`Error::EmptyKey`] for an empty list.
    pub fn from_key(seed: &[u32]) -> Result<Self> {
        if seed.is_empty() {
            return Err(Error::EmptyKey);
        }
        Ok(Self {
            words: Twister::from_key(seed),
            cached_normal: None,
        })
    }

    /// The normal that the next draw of one will return without using words, if there is one.
    pub fn cached_normal(&self) -> Option<f64> {
        self.cached_normal
    }

    /// Takes the cached normal away, as drawing it does.
    pub fn take_cached_normal(&mut self) -> Option<f64> {
        self.cached_normal.take()
    }

    /// The next words, as many as fit: the same as [`RandomStream::word`] for each, three times as fast.
    pub fn fill_words(&mut self, words: &mut [u32]) {
        self.words.fill(words);
    }

    /// Whole numbers from a range, as NumPy's `randint(low, high, n, dtype)` draws them: masked and rejected, from
    /// words, from halves, bytes or bits of words, as the type is wide.
    ///
    /// `range` may end anywhere up to the largest number of its type (`0..=u64::MAX`); a range of one number uses no
    /// words.
    ///
    /// # Errors
    /// [`Error::EmptyRange`] if the range holds no number.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::random::RandomState;
    ///
    /// let mut rng = RandomState::from_seed(0);
    /// assert_eq!(rng.randint(0..2_i64, 6)?, [0, 1, 1, 0, 1, 1]);
    /// assert_eq!(rng.randint(7..=7_u8, 2)?, [7, 7]);
    /// assert!(rng.randint(5..5_i64, 1).is_err());
    /// # Ok::<(), cutpoint_core::Error>(())
    /// ```
    pub fn randint<T: super::DrawnInteger>(
        &mut self,
        range: impl std::ops::RangeBounds<T>,
        n: usize,
    ) -> Result<Vec<T>> {
        integers::draw(self, &range, n)
    }
}

impl fmt::Debug for RandomState {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("RandomState")
            .field("cached_normal", &self.cached_normal)
            .finish_non_exhaustive()
    }
}

impl RandomStream for RandomState {
    #[inline]
    fn word(&mut self) -> u32 {
        self.words.word()
    }

    #[inline]
    fn double(&mut self) -> f64 {
        let first = self.word();
        polar::unit_double(first, self.word())
    }

    fn standard_normal(&mut self) -> f64 {
        if let Some(normal) = self.cached_normal.take() {
            return normal;
        }
        loop {
            let u1 = self.double();
            if let Some([now, later]) = polar::attempt(u1, self.double()) {
                self.cached_normal = Some(later);
                return now;
            }
        }
    }

    /// The same normals as one at a time, in about half the time.
    fn fill_standard_normal(&mut self, normals: &mut [f64]) {
        let mut n_filled = 0;
        if let (Some(first), true) = (self.cached_normal, !normals.is_empty()) {
            self.cached_normal = None;
            normals[0] = first;
            n_filled = 1;
        }
        // While even a bulk without a rejection would fit, no word is drawn that one at a time would not draw.
        while normals.len() - n_filled >= BULK_WORDS / 2 {
            let mut words = [0; BULK_WORDS];
            self.words.fill(&mut words);
            n_filled += polar_normals(&words, &mut normals[n_filled..]);
        }
        for normal in &mut normals[n_filled..] {
            *normal = self.standard_normal();
        }
    }
}
