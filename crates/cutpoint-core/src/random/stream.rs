//! `RandomStream`: what every stream can draw, and the algorithms that need no more than that.
//!
//! Where words, doubles and normals come from is each stream's own affair.

use ndarray::Array2;

use super::sampling;
use crate::Result;

/// Whether what was drawn goes back before the next draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replacement {
    /// It goes back: the same index may come again.
    With,
    /// It stays out: indices are distinct.
    Without,
}

/// A source of random numbers. The provided methods draw in NumPy's way and order, whichever the source.
pub trait RandomStream {
    /// 32 random bits.
    fn word(&mut self) -> u32;

    /// A number in [0, 1).
    fn double(&mut self) -> f64;

    /// A standard normal deviate.
    fn standard_normal(&mut self) -> f64;

    /// A standard normal for each place, first place first.
    fn fill_standard_normal(&mut self, normals: &mut [f64]) {
        for normal in normals {
            *normal = self.standard_normal();
        }
    }

    /// 64 random bits; the first word is the high half.
    fn word64(&mut self) -> u64 {
        let high = u64::from(self.word());
        high << 32 | u64::from(self.word())
    }

    /// A number in [`low`, `high`), up to rounding.
    fn uniform(&mut self, low: f64, high: f64) -> f64 {
        low + (high - low) * self.double()
    }

    /// A normal deviate of mean `loc` and standard deviation `scale`.
    fn normal(&mut self, loc: f64, scale: f64) -> f64 {
        loc + scale * self.standard_normal()
    }

    /// A whole number in [0, `max`], each equally likely. `max` 0 uses no words.
    ///
    /// NumPy's legacy rule: words cut to as many bits as `max` has, until one is not above it.
    #[inline]
    fn interval(&mut self, max: u64) -> u64 {
        if max == 0 {
            return 0;
        }
        let mask = mask(max);
        loop {
            let word = if max > u64::from(u32::MAX) {
                self.word64()
            } else {
                u64::from(self.word())
            };
            if word & mask <= max {
                return word & mask;
            }
        }
    }

    /// An index below `n`.
    ///
    /// # Panics
    /// If `n` is 0.
    #[inline]
    fn index(&mut self, n: usize) -> usize {
        assert!(n > 0, "no index is below 0");
        #[expect(
            clippy::cast_possible_truncation,
            reason = "not above n - 1, which is a usize"
        )]
        let index = self.interval(n as u64 - 1) as usize;
        index
    }

    /// Brings the items into a random order, each equally likely.
    ///
    /// # References
    /// Knuth 1997, "The Art of Computer Programming" vol. 2, 3.4.2, algorithm P (from the last item down).
    fn shuffle<T>(&mut self, items: &mut [T]) {
        for last in (1..items.len()).rev() {
            let other = self.index(last + 1);
            items.swap(last, other);
        }
    }

    /// The indices below `n` in a random order.
    fn permutation(&mut self, n: usize) -> Vec<usize> {
        let mut indices = (0..n).collect::<Vec<_>>();
        self.shuffle(&mut indices);
        indices
    }

    /// `size` indices below `population`, each equally likely.
    ///
    /// # Errors
    /// - [`Error::EmptyPopulation`](crate::Error::EmptyPopulation) for draws from nothing.
    /// - [`Error::SampleSize`](crate::Error::SampleSize) if there are fewer than `size` and none goes back.
    fn choice(
        &mut self,
        population: usize,
        size: usize,
        replacement: Replacement,
    ) -> Result<Vec<usize>> {
        sampling::choice(self, population, size, replacement)
    }

    /// `size` indices of `p`, each as likely as its entry says.
    ///
    /// # Errors
    /// - [`Error::EmptyPopulation`](crate::Error::EmptyPopulation) for draws from nothing.
    /// - [`Error::Value`](crate::Error::Value) for an entry outside [0, 1].
    /// - [`Error::ProbabilitySum`](crate::Error::ProbabilitySum) unless they sum to 1 (within 1.5e-8, as NumPy allows).
    /// - [`Error::SampleSize`](crate::Error::SampleSize) if fewer than `size` entries are above 0 and none goes back.
    fn weighted_choice(
        &mut self,
        p: &[f64],
        size: usize,
        replacement: Replacement,
    ) -> Result<Vec<usize>> {
        sampling::weighted_choice(self, p, size, replacement)
    }

    /// `n` distinct numbers below `population`, by the method that costs least for their ratio.
    ///
    /// All of them (`n` = `population`) come in order and use no words.
    ///
    /// # Errors
    /// [`Error::SampleSize`](crate::Error::SampleSize) if `n` is above `population`.
    ///
    /// # References
    /// scikit-learn 1.9.1, `sklearn/utils/_random.pyx`, method "auto".
    fn sample_without_replacement(&mut self, population: usize, n: usize) -> Result<Vec<usize>> {
        sampling::sample_without_replacement(self, population, n)
    }

    /// `n` distinct vertices of the unit cube, 0 or 1 in each of `n_dimensions` columns.
    ///
    /// # Errors
    /// [`Error::SampleSize`](crate::Error::SampleSize) if the cube has fewer vertices (of more than 30 dimensions, the
    /// cube of the last 30).
    ///
    /// # References
    /// scikit-learn 1.9.1, `sklearn/datasets/_samples_generator.py`, `_generate_hypercube`.
    fn hypercube(&mut self, n: usize, n_dimensions: usize) -> Result<Array2<u8>> {
        sampling::hypercube(self, n, n_dimensions)
    }
}

/// All ones up to the highest bit of `max`, which is above 0.
#[inline]
pub(super) fn mask(max: u64) -> u64 {
    u64::MAX >> max.leading_zeros()
}
