//! Where a score falls among 2^16 bins in descending order: found from a sample, so that the bins hold about as many
//! rows each. A bad choice makes a sweep slower, never wrong.

use super::record::{Rows, Sign};
use crate::key::{key_of_stored, score_of};

/// Number of bins.
pub(super) const N_BINS: usize = 1 << 16;

/// The last bin of scores that are not negative; one less than there are, to leave one for the negative ones.
const LAST: usize = N_BINS - 2;

/// A sample this large costs nothing and knows the distribution to a percent or two.
const SAMPLE_SIZE: usize = 4096;

/// One in so many rows at either end of the sample goes to the outermost bins, so that stray scores far outside do not
/// push all others into one bin.
const OUTERMOST: usize = 1000;

/// A map of scores to bins: a higher score never has a higher bin, and scores of different sign have different ones.
pub(super) trait Binning: Copy + Send + Sync {
    fn bin(self, score: f64) -> usize;
}

/// Bins of equal width in the key, whose widths double with each power of two of the score: right for scores of many
/// orders of magnitude.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByKey {
    lowest: u64,
    shift: u32,
}

impl Binning for ByKey {
    #[inline]
    fn bin(self, score: f64) -> usize {
        let above = key_of_stored(score).saturating_sub(self.lowest) >> self.shift;
        with_sign(above, score)
    }
}

/// Bins of equal width in the score: right for probabilities and log-odds.
#[derive(Debug, Clone, Copy)]
pub(super) struct ByValue {
    highest: f64,
    /// Bins a unit; finite and above 0, so that the product below is a number.
    scale: f64,
}

impl Binning for ByValue {
    #[inline]
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it saturates, as outermost bins should"
    )]
    fn bin(self, score: f64) -> usize {
        // Rounding keeps the order of differences and products, which is all that is needed.
        let below = ((self.highest - score) * self.scale) as u32;
        with_sign(u64::from(below), score)
    }
}

#[inline]
fn with_sign(bin: u64, score: f64) -> usize {
    let is_negative = usize::from(Sign::of(score) == Sign::Negative);
    usize::try_from(bin).unwrap_or(LAST).min(LAST) + is_negative
}

/// The better of the two maps for the rows at hand.
#[derive(Debug, Clone, Copy)]
pub(super) enum Chosen {
    ByKey(ByKey),
    ByValue(ByValue),
}

/// Chooses the map that keeps more of the distinct scores of a sample apart.
pub(super) fn choose(rows: &impl Rows) -> Chosen {
    let mut sample = sample(rows);
    let n_outermost = sample.len() / OUTERMOST;
    let (lowest, highest) = (sample[n_outermost], sample[sample.len() - 1 - n_outermost]);
    sample.dedup();

    let n_bits = u64::BITS - (highest - lowest).leading_zeros();
    let by_key = ByKey {
        lowest,
        shift: n_bits.saturating_sub(N_BINS.trailing_zeros()),
    };
    let (high_score, low_score) = (score_of(lowest), score_of(highest));
    let by_value = ByValue {
        highest: high_score,
        scale: LAST as f64 / (high_score - low_score),
    };
    if by_value.scale.is_normal() && n_clashes(&sample, by_value) <= n_clashes(&sample, by_key) {
        Chosen::ByValue(by_value)
    } else {
        Chosen::ByKey(by_key)
    }
}

/// Keys of rows that lie evenly apart, ascending.
fn sample(rows: &impl Rows) -> Vec<u64> {
    let step = (rows.n_rows() / SAMPLE_SIZE).max(1);
    let places = (0..rows.n_rows()).step_by(step);
    let keys = places.flat_map(|place| rows.range(place..place + 1));
    let mut keys = keys
        .map(|(score, _)| key_of_stored(score))
        .collect::<Vec<_>>();
    keys.sort_unstable();
    keys
}

fn n_clashes(distinct: &[u64], binning: impl Binning) -> usize {
    let bins = distinct
        .windows(2)
        .filter(|pair| binning.bin(score_of(pair[0])) == binning.bin(score_of(pair[1])));
    bins.count()
}

#[cfg(test)]
mod tests {
    use super::super::record::PlainRows;
    use super::*;

    fn choose_for(score: &[f64]) -> Chosen {
        choose(&PlainRows {
            is_positive: &vec![true; score.len()],
            score,
        })
    }

    /// `n` numbers in (0, 1), evenly apart.
    fn even(n: u32) -> impl Iterator<Item = f64> {
        (0..n).map(move |i| (f64::from(i) + 0.5) / f64::from(n))
    }

    #[track_caller]
    fn check_order(score: &[f64]) {
        let mut sorted = score.to_vec();
        sorted.extend([
            f64::MAX,
            1.0,
            f64::MIN_POSITIVE,
            0.0,
            -f64::from_bits(1),
            -1.0,
            f64::MIN,
        ]);
        sorted.sort_by(|a, b| b.total_cmp(a));
        let bins = match choose_for(score) {
            Chosen::ByKey(binning) => sorted.iter().map(|&s| binning.bin(s)).collect::<Vec<_>>(),
            Chosen::ByValue(binning) => sorted.iter().map(|&s| binning.bin(s)).collect(),
        };
        assert!(bins.is_sorted());
        assert!(bins[bins.len() - 1] < N_BINS);
        let n_not_negative = sorted.partition_point(|&score| score >= 0.0);
        assert!(bins[n_not_negative - 1] < bins[n_not_negative]);
    }

    #[test]
    fn bins_never_ascend_with_the_score() {
        check_order(&even(9000).collect::<Vec<_>>());
        check_order(&even(9000).map(|x| 8.0 * x - 4.0).collect::<Vec<_>>());
        check_order(
            &even(9000)
                .map(|x| (900.0 * x - 450.0).exp())
                .collect::<Vec<_>>(),
        );
        check_order(&[f64::MAX, f64::MIN, 1.0, 2.0]);
        check_order(&[1.0, 1.0_f64.next_up()]);
        check_order(&[f64::from_bits(1), f64::from_bits(2), f64::from_bits(3)]);
        check_order(&[0.5]);
    }

    #[test]
    fn each_kind_of_score_has_its_map() {
        let log_odds = even(9000).map(|x| 8.0 * x - 4.0).collect::<Vec<_>>();
        assert!(matches!(choose_for(&log_odds), Chosen::ByValue(_)));
        // Probabilities with zeros, whose keys lie far from all others, and a stray score.
        let mut probabilities = even(9000).collect::<Vec<_>>();
        for score in probabilities.iter_mut().step_by(100) {
            *score = 0.0;
        }
        probabilities[1] = 1e300;
        assert!(matches!(choose_for(&probabilities), Chosen::ByValue(_)));
        let wide = even(9000).map(|x| (90.0 * x).exp()).collect::<Vec<_>>();
        assert!(matches!(choose_for(&wide), Chosen::ByKey(_)));
        assert!(matches!(choose_for(&[0.5; 10]), Chosen::ByKey(_)));
    }
}
