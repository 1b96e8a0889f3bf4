//! Probabilities of binomial counts, to full relative precision for any number of trials, and the proportions at which
//! a tail has a given probability. Intervals and tests are made of these elsewhere.
//!
//! Own code, because the crates that have a regularised incomplete beta function cut its continued fraction off after a
//! fixed number of terms, which large counts need more of.

/// Trials that succeed with probability `p` and fail with `q`, both of which are kept, so that neither loses digits.
#[derive(Debug, Clone, Copy)]
struct Trials {
    n: u64,
    p: f64,
    q: f64,
}

/// The probability of exactly `k` successes in `n` trials of probability `p` in `(0, 1)`.
pub(crate) fn probability(k: u64, n: u64, p: f64) -> f64 {
    Trials::new(n, p).probability(k)
}

/// The probability of at most `k` successes in `n` trials of probability `p` in `(0, 1)`.
pub(crate) fn at_most(k: u64, n: u64, p: f64) -> f64 {
    Trials::new(n, p).at_most(k)
}

/// The probability of at least `k` successes in `n` trials of probability `p` in `(0, 1)`.
fn at_least(k: u64, n: u64, p: f64) -> f64 {
    // As many failures as are left at most.
    Trials::new(n, p).swapped().at_most(n - k)
}

/// The proportion at which at least `k` in `1..=n` successes have probability `tail` in `(0, 1)`.
pub(crate) fn proportion_of_upper_tail(k: u64, n: u64, tail: f64) -> f64 {
    let slope = |p: f64| k as f64 * probability(k, n, p) / p;
    root(k as f64 / (n + 1) as f64, |p| {
        (at_least(k, n, p) - tail, slope(p))
    })
}

/// The proportion at which at most `k` in `0..n` successes have probability `tail` in `(0, 1)`.
pub(crate) fn proportion_of_lower_tail(k: u64, n: u64, tail: f64) -> f64 {
    let slope = |p: f64| (n - k) as f64 * probability(k, n, p) / (1.0 - p);
    root((k + 1) as f64 / (n + 1) as f64, |p| {
        (tail - at_most(k, n, p), slope(p))
    })
}

/// Where a rising function of `(0, 1)` is 0, from its value and slope: Newton's steps, held between what is known to be
/// too low and too high.
fn root(start: f64, value_and_slope: impl Fn(f64) -> (f64, f64)) -> f64 {
    let (mut low, mut high, mut p) = (0.0_f64, 1.0_f64, start);
    for _ in 0..200 {
        let (value, slope) = value_and_slope(p);
        if value > 0.0 {
            high = p;
        } else {
            low = p;
        }
        let newton = p - value / slope;
        let next = if newton > low && newton < high {
            newton
        } else {
            low.midpoint(high)
        };
        if (next - p).abs() <= 2.0 * f64::EPSILON * p {
            return next;
        }
        p = next;
    }
    p
}

impl Trials {
    fn new(n: u64, p: f64) -> Self {
        Self { n, p, q: 1.0 - p }
    }

    /// Failures for successes.
    fn swapped(self) -> Self {
        Self {
            n: self.n,
            p: self.q,
            q: self.p,
        }
    }

    /// # References
    /// Loader, 2000, *Fast and accurate computation of binomial probabilities*.
    fn probability(self, k: u64) -> f64 {
        let all = |log: f64| (self.n as f64 * log).exp();
        if k == 0 {
            return all(log_of_rest(self.p, self.q));
        }
        if k == self.n {
            return all(log_of_rest(self.q, self.p));
        }
        let (successes, trials) = (k as f64, self.n as f64);
        let failures = (self.n - k) as f64;
        let log = stirling_rest(trials)
            - stirling_rest(successes)
            - stirling_rest(failures)
            - deviance(successes, trials * self.p)
            - deviance(failures, trials * self.q);
        let spread = 2.0 * std::f64::consts::PI * successes * (failures / trials);
        log.exp() / spread.sqrt()
    }

    fn at_most(self, k: u64) -> f64 {
        if k >= self.n {
            1.0
        } else if k as f64 <= self.n as f64 * self.p {
            self.lower_tail(k)
        } else {
            // The smaller tail is the one that is added up.
            1.0 - self.swapped().lower_tail(self.n - k - 1)
        }
    }

    /// The lower tail of a `k` not above the mean: every term is smaller than the one before.
    fn lower_tail(self, k: u64) -> f64 {
        let odds = self.q / self.p;
        let (mut term, mut sum) = (1.0, 1.0);
        let mut successes = k as f64;
        while successes > 0.0 {
            term *= odds * successes / (self.n as f64 - successes + 1.0);
            sum += term;
            if term < sum * (f64::EPSILON / 4.0) {
                break;
            }
            successes -= 1.0;
        }
        (self.probability(k) * sum).min(1.0)
    }
}

/// `ln rest`, where `part + rest` is 1: from the smaller of the two, which has the digits.
fn log_of_rest(part: f64, rest: f64) -> f64 {
    if part < rest {
        (-part).ln_1p()
    } else {
        rest.ln()
    }
}

/// What Stirling's formula leaves out of `ln k!`, for whole `k` of at least 1.
fn stirling_rest(k: f64) -> f64 {
    #[rustfmt::skip]
    const FIRST: [f64; 15] = [
        0.081_061_466_795_327_26, 0.041_340_695_955_409_29, 0.027_677_925_684_998_34, 0.020_790_672_103_765_093,
        0.016_644_691_189_821_193, 0.013_876_128_823_070_748, 0.011_896_709_945_891_77, 0.010_411_265_261_972_096,
        0.009_255_462_182_712_733, 0.008_330_563_433_362_87, 0.007_573_675_487_951_841, 0.006_942_840_107_209_53,
        0.006_408_994_188_004_207, 0.005_951_370_112_758_848, 0.005_554_733_551_962_801,
    ];
    if k < 15.5 {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number in 1..=15"
        )]
        return FIRST[k as usize - 1];
    }
    let square = k * k;
    let series = 1.0 / 1260.0 - (1.0 / 1680.0 - (1.0 / 1188.0) / square) / square;
    (1.0 / 12.0 - (1.0 / 360.0 - series / square) / square) / k
}

/// `x ln(x / mean) + mean - x`, without the digits that cancel where the two are close.
fn deviance(x: f64, mean: f64) -> f64 {
    let difference = x - mean;
    if difference.abs() >= 0.1 * (x + mean) {
        return x * (x / mean).ln() - difference;
    }
    let ratio = difference / (x + mean);
    let mut sum = difference * ratio;
    let mut power = 2.0 * x * ratio;
    let square = ratio * ratio;
    for term in 1..1000_u32 {
        power *= square;
        let next = sum + power / f64::from(2 * term + 1);
        if next.to_bits() == sum.to_bits() {
            break;
        }
        sum = next;
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(got: f64, expected: f64) {
        const TOLERANCE: f64 = 1e-14;
        assert!(
            (got - expected).abs() <= TOLERANCE * expected,
            "{got}, not {expected}"
        );
    }

    #[test]
    fn tails_of_four_tosses() {
        // 1, 4, 6, 4, 1 of 16.
        check(probability(2, 4, 0.5), 6.0 / 16.0);
        check(at_most(0, 4, 0.5), 1.0 / 16.0);
        check(at_most(1, 4, 0.5), 5.0 / 16.0);
        check(at_most(3, 4, 0.5), 15.0 / 16.0);
        check(at_least(3, 4, 0.5), 5.0 / 16.0);
        // 3^4 / 4^4, and what is left.
        check(at_least(4, 4, 0.75), 81.0 / 256.0);
        check(at_most(3, 4, 0.75), 175.0 / 256.0);
    }

    #[test]
    fn proportions_of_a_tail() {
        // p^4 = 1/16; 1 - (1 - p)^4 = 15/16.
        check(proportion_of_upper_tail(4, 4, 1.0 / 16.0), 0.5);
        check(proportion_of_upper_tail(1, 4, 15.0 / 16.0), 0.5);
        check(proportion_of_lower_tail(0, 4, 1.0 / 16.0), 0.5);
        check(proportion_of_lower_tail(3, 4, 15.0 / 16.0), 0.5);
    }
}
