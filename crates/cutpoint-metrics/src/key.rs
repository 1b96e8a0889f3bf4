//! Keys of scores: integers in the order of the scores, whose leading bits cut the scores into bins: what a sweep
//! sorts by, and what the bins of a partial sweep are cut by. Nothing is counted here.

/// Bits of a key.
pub(crate) const KEY_BITS: u32 = u64::BITS;

/// An integer that is the lower, the higher the score is. Only equal scores share one: adjacent floats differ by 1.
#[inline]
pub(crate) fn key_of(score: f64) -> u64 {
    // -0.0 + 0.0 is 0.0; every other score is left as it is.
    key_of_stored(score + 0.0)
}

/// The same of a score that is not `-0.0`, as none is that [`Scores`](cutpoint_core::Scores) holds.
#[inline]
pub(crate) fn key_of_stored(score: f64) -> u64 {
    let bits = score.to_bits();
    if bits & SIGN == 0 {
        !bits & !SIGN
    } else {
        bits
    }
}

/// The score of a key.
pub(crate) fn score_of(key: u64) -> f64 {
    f64::from_bits(if key & SIGN == 0 { !key & !SIGN } else { key })
}

/// Whether a number is the key of a score.
pub(crate) fn is_key(number: u64) -> bool {
    let score = score_of(number);
    score.is_finite() && key_of(score) == number
}

/// Whether a number is a score as [`Scores`](cutpoint_core::Scores) holds it: finite, and not `-0.0`.
pub(crate) fn is_score(number: f64) -> bool {
    number.is_finite() && number.to_bits() != SIGN
}

/// How many leading bits two keys share.
pub(crate) fn n_common_bits(left: u64, right: u64) -> u32 {
    (left ^ right).leading_zeros()
}

const SIGN: u64 = 1 << 63;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keys_descend_as_scores_ascend_and_lead_back() {
        let ascending = [
            f64::MIN,
            -1.0,
            -f64::MIN_POSITIVE,
            -f64::from_bits(1),
            0.0,
            f64::from_bits(1),
            f64::MIN_POSITIVE,
            0.1,
            0.1_f64.next_up(),
            1.0,
            f64::MAX,
        ];
        for pair in ascending.windows(2) {
            assert!(key_of(pair[0]) > key_of(pair[1]), "{pair:?}");
        }
        for score in ascending {
            assert_eq!(score_of(key_of(score)).to_bits(), score.to_bits());
            assert_eq!(key_of_stored(score), key_of(score));
        }
        assert_eq!(key_of(0.1_f64.next_up()), key_of(0.1) - 1);
        assert_eq!(key_of(-0.0), key_of(0.0));
    }

    #[test]
    fn common_bits_lead() {
        assert_eq!(n_common_bits(5, 5), KEY_BITS);
        // 0.5 and 0.25 differ in the exponent, 0.5 and 0.75 in the first bit after it.
        assert_eq!(n_common_bits(key_of(0.5), key_of(0.75)), 12);
    }
}
