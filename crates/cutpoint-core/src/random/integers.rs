//! `randint` for every width of integer: NumPy's legacy rule of masking and rejecting pieces of words.
//!
//! Draws of indices do not come through here; they are [`RandomStream::interval`].

use std::ops::{Bound, RangeBounds};

use super::RandomStream;
use crate::{Error, Result};

/// An integer type that [`RandomState::randint`](super::RandomState::randint) draws: NumPy's `dtype`.
///
/// Implemented for `bool` and the signed and unsigned integers of 8, 16, 32 and 64 bits; not for others.
pub trait DrawnInteger: Copy + sealed::Sealed {
    /// Random bits that one number takes: 64, 32, 16, 8, or 1 for `bool`.
    const BITS: u32;
    /// The smallest number of the type.
    const MIN: Self;
    /// The largest number of the type.
    const MAX: Self;

    /// The number among all integers.
    fn to_i128(self) -> i128;

    /// The number of this type, for one that lies between [`MIN`](Self::MIN) and [`MAX`](Self::MAX).
    ///
    /// # Panics
    /// If it does not.
    fn from_i128(number: i128) -> Self;
}

mod sealed {
    pub trait Sealed {}
}

macro_rules! drawn {
    ($($integer:ty),*) => {$(
        impl sealed::Sealed for $integer {}

        impl DrawnInteger for $integer {
            const BITS: u32 = <$integer>::BITS;
            const MIN: Self = <$integer>::MIN;
            const MAX: Self = <$integer>::MAX;

            fn to_i128(self) -> i128 {
                i128::from(self)
            }

            fn from_i128(number: i128) -> Self {
                Self::try_from(number).expect("drawn between the bounds of the type")
            }
        }
    )*};
}

drawn!(i64, u64, i32, u32, i16, u16, i8, u8);

impl sealed::Sealed for bool {}

impl DrawnInteger for bool {
    const BITS: u32 = 1;
    const MIN: Self = false;
    const MAX: Self = true;

    fn to_i128(self) -> i128 {
        i128::from(self)
    }

    fn from_i128(number: i128) -> Self {
        number != 0
    }
}

/// `n` numbers of the range.
pub(super) fn draw<T: DrawnInteger>(
    rng: &mut impl RandomStream,
    range: &impl RangeBounds<T>,
    n: usize,
) -> Result<Vec<T>> {
    let low = match range.start_bound() {
        Bound::Included(low) => low.to_i128(),
        Bound::Excluded(below) => below.to_i128() + 1,
        Bound::Unbounded => T::MIN.to_i128(),
    };
    let high = match range.end_bound() {
        Bound::Included(last) => last.to_i128() + 1,
        Bound::Excluded(high) => high.to_i128(),
        Bound::Unbounded => T::MAX.to_i128() + 1,
    };
    let Some(span) = u64::try_from(high - 1 - low).ok() else {
        return Err(Error::EmptyRange { low, high });
    };
    let mut pieces = Pieces {
        word: 0,
        n_left: 0,
        bits: T::BITS,
    };
    let numbers = (0..n).map(|_| {
        let offset = if T::BITS >= 32 {
            rng.interval(span)
        } else {
            pieces.interval(rng, span)
        };
        T::from_i128(low + i128::from(offset))
    });
    Ok(numbers.collect())
}

/// Words cut into pieces, lowest first. What is left when the call ends is thrown away with it.
struct Pieces {
    word: u32,
    n_left: u32,
    bits: u32,
}

impl Pieces {
    fn interval(&mut self, rng: &mut impl RandomStream, max: u64) -> u64 {
        if max == 0 {
            return 0;
        }
        let mask = super::stream::mask(max);
        loop {
            if self.n_left == 0 {
                self.word = rng.word();
                self.n_left = 32 / self.bits;
            }
            let drawn = u64::from(self.word) & mask;
            self.word >>= self.bits;
            self.n_left -= 1;
            if drawn <= max {
                return drawn;
            }
        }
    }
}
