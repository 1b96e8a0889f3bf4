//! A permutation of [0, n) that any entry can be asked of without making the others.
//!
//! It stands in for a shuffle where rows are made block by block; it is not a cipher.

use super::RandomStream;

/// Rounds of mixing: each moves one half by a function of the other.
const ROUNDS: usize = 8;

/// A permutation of [0, n) in constant memory, drawn from a stream.
///
/// # Formula
/// An index is a place in a grid of `a` × `b` ≥ n places, `a` = ⌈√n⌉, `b` = ⌈n / a⌉: `index = l·b + r`.
/// ```text
/// for each round i, with key k[i]:
///     even i:  l = (l + ⌊a · h(k[i], r) / 2^32⌋) mod a
///     odd i:   r = (r + ⌊b · h(k[i], l) / 2^32⌋) mod b
/// h(k, x) = high 32 bits of mix(x + k)
/// ```
/// and again from the start if the place is one of the fewer than `a` beyond n (cycle walking). Every round can be
/// undone, so the whole is a permutation of the grid, and walking makes it one of [0, n).
///
/// # References
/// - Black and Rogaway 2002, "Ciphers with arbitrary finite domains", CT-RSA (generalised Feistel, cycle walking).
/// - Steele, Lea and Flood 2014, "Fast splittable pseudorandom number generators", OOPSLA (`mix`).
#[derive(Debug, Clone)]
pub struct KeyedPermutation {
    n: u64,
    n_left: u64,
    n_right: u64,
    keys: [u64; ROUNDS],
}

impl KeyedPermutation {
    /// A permutation of [0, `n`); draws 8 words of 64 bits.
    pub fn new(n: u64, rng: &mut impl RandomStream) -> Self {
        let root = n.isqrt();
        let n_left = (root + u64::from(root * root < n)).max(1);
        Self {
            n,
            n_left,
            n_right: n.div_ceil(n_left).max(1),
            keys: std::array::from_fn(|_| rng.word64()),
        }
    }

    /// Where the index goes.
    ///
    /// # Panics
    /// If it is not below `n`.
    pub fn get(&self, index: u64) -> u64 {
        assert!(index < self.n, "an index below n");
        let mut place = index;
        loop {
            let (mut left, mut right) = (place / self.n_right, place % self.n_right);
            for keys in self.keys.chunks_exact(2) {
                left = moved(left, self.n_left, keys[0], right);
                right = moved(right, self.n_right, keys[1], left);
            }
            place = left * self.n_right + right;
            if place < self.n {
                return place;
            }
        }
    }
}

/// `half` moved round its `n` places, by an amount that the other half decides.
fn moved(half: u64, n: u64, key: u64, other: u64) -> u64 {
    let step = ((mix(other.wrapping_add(key)) >> 32) * n) >> 32;
    let sum = half + step;
    if sum < n { sum } else { sum - n }
}

/// The finaliser of `SplitMix64`.
fn mix(mut word: u64) -> u64 {
    word = (word ^ (word >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    word = (word ^ (word >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    word ^ (word >> 31)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::random::{ChaChaStream, Purpose};

    fn permutation(n: u64, random_state: u64) -> Vec<u64> {
        let mut rng = ChaChaStream::new(random_state, Purpose::new("rows"), 0);
        let permutation = KeyedPermutation::new(n, &mut rng);
        (0..n).map(|index| permutation.get(index)).collect()
    }

    proptest! {
        #[test]
        fn every_index_comes_once(n in 0..3000_u64, random_state: u64) {
            let mut places = permutation(n, random_state);
            places.sort_unstable();
            prop_assert_eq!(places, (0..n).collect::<Vec<_>>());
        }
    }

    #[test]
    fn the_largest_domain_does_not_overflow() {
        let mut rng = ChaChaStream::new(1, Purpose::new("rows"), 0);
        let permutation = KeyedPermutation::new(u64::MAX, &mut rng);
        for index in [0, 1, u64::MAX / 2, u64::MAX - 1] {
            assert!(permutation.get(index) < u64::MAX);
        }
    }

    /// All 24 orders of 4 indices, 24,000 keys: chi-squared with 23 degrees of freedom is above 49.7 once in 1,000.
    #[test]
    fn orders_of_a_small_domain_are_about_equally_likely() {
        const CHI_SQUARED_P_001: f64 = 49.7;
        let mut counts = std::collections::BTreeMap::new();
        for random_state in 0..24_000 {
            *counts.entry(permutation(4, random_state)).or_insert(0.0) += 1.0;
        }
        let chi_squared = counts
            .values()
            .map(|count: &f64| (count - 1000.0).powi(2) / 1000.0)
            .sum::<f64>();
        assert_eq!(counts.len(), 24);
        assert!(chi_squared < CHI_SQUARED_P_001, "{chi_squared}");
    }
}
