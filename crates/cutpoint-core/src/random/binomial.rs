//! Binomial deviates in bounded time, whatever the numbers. A resample of a table is made of them; nothing else is.
//!
//! `rand_distr` 0.4 draws them, too, but for some arguments goes on for ever (rust-random/rand, issue 1324).

use super::RandomStream;

/// Below this mean, counting up from 0 is faster than rejection, which is not valid there.
const SMALL_MEAN: f64 = 10.0;

/// The number of successes in `n` trials, each with probability `p`.
pub(super) fn binomial(rng: &mut impl RandomStream, n: u64, p: f64) -> u64 {
    assert!((0.0..=1.0).contains(&p), "a probability, not {p}");
    if p > 0.5 {
        return n - at_most_half(rng, n, 1.0 - p);
    }
    at_most_half(rng, n, p)
}

fn at_most_half(rng: &mut impl RandomStream, n: u64, p: f64) -> u64 {
    if n == 0 || p <= 0.0 {
        0
    } else if n as f64 * p < SMALL_MEAN {
        by_inversion(rng, n, p)
    } else {
        by_rejection(rng, n as f64, p)
    }
}

/// Counts up until the probabilities reach a uniform number.
///
/// # References
/// Kachitvichyanukul and Schmeiser, 1988, *Binomial random variate generation*, Communications of the ACM 31, 216–222,
/// algorithm BINV.
fn by_inversion(rng: &mut impl RandomStream, n: u64, p: f64) -> u64 {
    /// More than 31 standard deviations above the largest mean. Probabilities that were rounded down may sum to less
    /// than the uniform number, which is then drawn again.
    const MOST: u64 = 110;

    let none = (n as f64 * (-p).ln_1p()).exp();
    let odds = p / (1.0 - p);
    loop {
        let mut left = rng.double();
        let mut probability = none;
        for successes in 0..=n.min(MOST) {
            if left < probability {
                return successes;
            }
            left -= probability;
            probability *= odds * (n - successes) as f64 / (successes + 1) as f64;
        }
    }
}

/// Transformed rejection with a squeeze; 1.15 uniform pairs a draw.
///
/// # References
/// Hörmann, 1993, *The generation of binomial random variates*, Journal of Statistical Computation and Simulation 46,
/// 101–110, algorithm BTRS.
fn by_rejection(rng: &mut impl RandomStream, n: f64, p: f64) -> u64 {
    let odds = p / (1.0 - p);
    let deviation = (n * p * (1.0 - p)).sqrt();
    let b = 1.15 + 2.53 * deviation;
    let a = -0.0873 + 0.0248 * b + 0.01 * p;
    let centre = n * p + 0.5;
    let alpha = (2.83 + 5.1 / b) * deviation;
    let inner = 0.92 - 4.2 / b;
    let mode = ((n + 1.0) * p).floor();
    loop {
        let u = rng.double() - 0.5;
        let v = rng.double();
        let edge = 0.5 - u.abs();
        let successes = ((2.0 * a / edge + b) * u + centre).floor();
        // At the very edge the quotient is infinite.
        if !(0.0..=n).contains(&successes) {
            continue;
        }
        let is_accepted = (edge >= 0.07 && v <= inner) || {
            let height = (v * alpha / (a / (edge * edge) + b)).ln();
            let bound = (mode + 0.5) * ((mode + 1.0) / (odds * (n - mode + 1.0))).ln()
                + (n + 1.0) * ((n - mode + 1.0) / (n - successes + 1.0)).ln()
                + (successes + 0.5) * (odds * (n - successes + 1.0) / (successes + 1.0)).ln()
                + (stirling_rest(mode) + stirling_rest(n - mode))
                - (stirling_rest(successes) + stirling_rest(n - successes));
            height <= bound
        };
        if is_accepted {
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "a whole number in [0, n]"
            )]
            return successes as u64;
        }
    }
}

/// What Stirling's formula leaves out of `ln k!`, written for `k + 1`.
fn stirling_rest(k: f64) -> f64 {
    #[rustfmt::skip]
    const FIRST: [f64; 10] = [
        0.081_061_466_795_327_26, 0.041_340_695_955_409_29, 0.027_677_925_684_998_34, 0.020_790_672_103_765_09,
        0.016_644_691_189_821_19, 0.013_876_128_823_070_75, 0.011_896_709_945_891_77, 0.010_411_265_261_972_09,
        0.009_255_462_182_712_733, 0.008_330_563_433_362_87,
    ];
    if k < 10.0 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number below 10"
        )]
        return FIRST[k as usize];
    }
    let next = k + 1.0;
    let square = next * next;
    (1.0 / 12.0 - (1.0 / 360.0 - 1.0 / 1260.0 / square) / square) / next
}

#[cfg(test)]
mod tests {
    use crate::random::{ChaChaStream, Purpose};

    use super::*;

    const PURPOSE: Purpose = Purpose::new("test/binomial");

    /// Chi-square of 99 degrees of freedom or fewer lies below this but for one time in 10^7.
    const MOST_CHI_SQUARE: f64 = 190.0;

    /// Probabilities by the recursion from the mode outwards, added up and divided by their sum.
    fn probabilities(n: usize, p: f64) -> Vec<f64> {
        let mut logs = vec![0.0_f64; n + 1];
        for k in 1..=n {
            logs[k] = logs[k - 1] + ((n - k + 1) as f64 / k as f64 * (p / (1.0 - p))).ln();
        }
        let highest = logs.iter().copied().fold(f64::MIN, f64::max);
        let sizes = logs.iter().map(|log| (log - highest).exp());
        let sizes = sizes.collect::<Vec<_>>();
        let sum = sizes.iter().sum::<f64>();
        sizes.iter().map(|size| size / sum).collect()
    }

    /// Compares 10^5 draws with their probabilities, values that are expected less than 1000 times taken together.
    #[track_caller]
    fn check(n: u64, p: f64) {
        const DRAWS: usize = 100_000;
        let n_places = usize::try_from(n).unwrap();
        let mut rng = ChaChaStream::new(7, PURPOSE, n);
        let mut counts = vec![0_u32; n_places + 1];
        for _ in 0..DRAWS {
            counts[usize::try_from(binomial(&mut rng, n, p)).unwrap()] += 1;
        }
        let (mut expected, mut got, mut chi_square) = (0.0, 0.0, 0.0);
        let mut n_groups = 0;
        for (probability, count) in probabilities(n_places, p).iter().zip(counts) {
            expected += DRAWS as f64 * probability;
            got += f64::from(count);
            if expected >= 1000.0 {
                chi_square += (got - expected) * (got - expected) / expected;
                (expected, got) = (0.0, 0.0);
                n_groups += 1;
            }
        }
        chi_square += (got - expected) * (got - expected) / expected.max(1.0);
        assert!(n_groups > 1, "{n}, {p}: nothing compared");
        assert!(chi_square < MOST_CHI_SQUARE, "{n}, {p}: {chi_square}");
        let limit = 2.0 * f64::from(n_groups) + 40.0;
        assert!(chi_square < limit, "{n}, {p}: {chi_square} of {n_groups}");
    }

    #[test]
    fn draws_are_as_likely_as_the_formula_says() {
        check(3, 0.5);
        check(19, 0.5);
        check(20, 0.5);
        check(100, 0.03);
        check(100, 0.97);
        check(100, 0.31);
        check(1000, 0.02);
        check(4000, 0.7);
    }

    #[test]
    fn the_ends_are_certain() {
        let mut rng = ChaChaStream::new(7, PURPOSE, 0);
        assert_eq!(binomial(&mut rng, 0, 0.3), 0);
        assert_eq!(binomial(&mut rng, 9, 0.0), 0);
        assert_eq!(binomial(&mut rng, 9, 1.0), 9);
    }

    #[test]
    fn the_arguments_that_hang_elsewhere_do_not_here() {
        // rust-random/rand, issue 1324.
        let mut rng = ChaChaStream::new(2569, PURPOSE, 0);
        let sum = (0..100_000).map(|_| binomial(&mut rng, 16_000_000, 3.144_475_314_855_857e-10));
        // The mean of the sum is 503, its standard deviation 22.
        let sum = sum.sum::<u64>();
        assert!((390..620).contains(&sum), "{sum}");
    }

    #[test]
    fn large_numbers_have_the_mean_and_variance_they_should() {
        const DRAWS: u32 = 20_000;
        for (n, p) in [(1_000_000_000_u64, 0.37), (1 << 45, 1e-6), (5_000_000, 0.5)] {
            let mut rng = ChaChaStream::new(11, PURPOSE, n);
            let mean = n as f64 * p;
            let variance = mean * (1.0 - p);
            let scores =
                (0..DRAWS).map(|_| (binomial(&mut rng, n, p) as f64 - mean) / variance.sqrt());
            let scores = scores.collect::<Vec<_>>();
            let first = scores.iter().sum::<f64>() / f64::from(DRAWS);
            let second = scores.iter().map(|score| score * score).sum::<f64>() / f64::from(DRAWS);
            // Five standard errors.
            assert!(first.abs() < 5.0 / f64::from(DRAWS).sqrt(), "{n}: {first}");
            assert!(
                (second - 1.0).abs() < 5.0 * (2.0 / f64::from(DRAWS)).sqrt(),
                "{n}: {second}"
            );
        }
    }
}
