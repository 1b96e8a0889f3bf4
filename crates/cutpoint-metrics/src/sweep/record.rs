//! What is sorted in the place of a row: its score as an integer, its class, and its weight if it has one. Scores of
//! the two signs never meet in one sort, so that the sign can make room for the class.

use std::ops::Range;

use super::memory::Zeroed;
use crate::key::key_of_stored;

const SIGN: u64 = 1 << 63;

/// The sign of all scores of a bucket; 0 is positive, as `Scores` knows no `-0.0`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Sign {
    Positive,
    Negative,
}

impl Sign {
    pub(super) fn of(score: f64) -> Self {
        if score.is_sign_negative() {
            Self::Negative
        } else {
            Self::Positive
        }
    }
}

/// The score's key without its sign in the upper 63 bits, the class in the lowest: among scores of one sign, higher
/// scores come first, and tied ones by class.
pub(super) fn pack(score: f64, is_positive: bool) -> u64 {
    pack_key(key_of_stored(score), is_positive)
}

/// The same of a score's key.
#[inline]
pub(crate) fn pack_key(key: u64, is_positive: bool) -> u64 {
    (key << 1) | u64::from(is_positive)
}

/// The key that was packed, of a score that is negative or not.
pub(crate) fn packed_key(packed: u64, is_negative: bool) -> u64 {
    (packed >> 1) | (u64::from(is_negative) << 63)
}

/// The bits of the score that was packed.
pub(super) fn score_bits(packed: u64, sign: Sign) -> u64 {
    let key_without_sign = packed >> 1;
    match sign {
        Sign::Positive => key_without_sign ^ !SIGN,
        Sign::Negative => key_without_sign ^ SIGN,
    }
}

/// 1 for a positive row, 0 for a negative one.
pub(crate) fn class(packed: u64) -> u64 {
    packed & 1
}

/// Whether two packed rows of one sign have the same score.
pub(super) fn is_tied(left: u64, right: u64) -> bool {
    left >> 1 == right >> 1
}

/// What is moved and compared when rows are sorted.
pub(crate) trait Record: Zeroed + Ord {
    /// Score and class.
    fn packed(self) -> u64;
}

/// A row without a weight.
impl Record for u64 {
    fn packed(self) -> u64 {
        self
    }
}

/// A row and its weight, whose bits sort as positive weights do: tied rows have an order that is not that of the input.
impl Record for (u64, u64) {
    fn packed(self) -> u64 {
        self.0
    }
}

/// Rows to be sorted.
pub(super) trait Rows: Sync {
    type Record: Record;

    fn n_rows(&self) -> usize;

    /// Scores and records of some of the rows, in their order.
    fn range(&self, range: Range<usize>) -> impl Iterator<Item = (f64, Self::Record)>;
}

/// Rows of equal weight.
pub(super) struct PlainRows<'a> {
    pub(super) is_positive: &'a [bool],
    pub(super) score: &'a [f64],
}

impl Rows for PlainRows<'_> {
    type Record = u64;

    fn n_rows(&self) -> usize {
        self.score.len()
    }

    fn range(&self, range: Range<usize>) -> impl Iterator<Item = (f64, u64)> {
        let score = &self.score[range.clone()];
        let rows = score.iter().zip(&self.is_positive[range]);
        rows.map(|(&score, &is_positive)| (score, pack(score, is_positive)))
    }
}

/// Rows with weights above 0.
pub(super) struct WeighedRows<'a> {
    pub(super) rows: PlainRows<'a>,
    pub(super) weight: &'a [f64],
}

impl Rows for WeighedRows<'_> {
    type Record = (u64, u64);

    fn n_rows(&self) -> usize {
        self.rows.n_rows()
    }

    fn range(&self, range: Range<usize>) -> impl Iterator<Item = (f64, (u64, u64))> {
        let rows = self.rows.range(range.clone()).zip(&self.weight[range]);
        rows.map(|((score, packed), weight)| (score, (packed, weight.to_bits())))
    }
}

/// Rows that are records already, those whose scores are not negative and those whose scores are.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct PackedRows<R> {
    pub(crate) not_negative: Vec<R>,
    pub(crate) negative: Vec<R>,
}

impl<R: Copy> PackedRows<R> {
    pub(crate) fn len(&self) -> usize {
        self.not_negative.len() + self.negative.len()
    }

    /// Takes the rows of another.
    pub(crate) fn append(&mut self, other: &mut Self) {
        self.not_negative.append(&mut other.not_negative);
        self.negative.append(&mut other.negative);
    }

    /// Other records of the same scores.
    pub(crate) fn map<Q>(self, of: impl Fn(R) -> Q) -> PackedRows<Q> {
        let column = |rows: Vec<R>| rows.into_iter().map(&of).collect();
        PackedRows {
            not_negative: column(self.not_negative),
            negative: column(self.negative),
        }
    }
}

impl<R: Record> Rows for PackedRows<R> {
    type Record = R;

    fn n_rows(&self) -> usize {
        self.len()
    }

    fn range(&self, range: Range<usize>) -> impl Iterator<Item = (f64, R)> {
        let n = self.not_negative.len();
        let first = &self.not_negative[range.start.min(n)..range.end.min(n)];
        let second = &self.negative[range.start.max(n) - n..range.end.max(n) - n];
        let score = |record: R, sign| f64::from_bits(score_bits(record.packed(), sign));
        let first = first
            .iter()
            .map(move |&record| (score(record, Sign::Positive), record));
        let second = second
            .iter()
            .map(move |&record| (score(record, Sign::Negative), record));
        first.chain(second)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ASCENDING: [f64; 11] = [
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

    #[test]
    fn packed_rows_sort_within_a_sign_and_lead_back() {
        for pair in ASCENDING.windows(2) {
            if Sign::of(pair[0]) == Sign::of(pair[1]) {
                assert!(pack(pair[0], false) > pack(pair[1], true), "{pair:?}");
            }
        }
        for score in ASCENDING {
            let (negative, positive) = (pack(score, false), pack(score, true));
            assert!(is_tied(negative, positive));
            assert_eq!((class(negative), class(positive)), (0, 1));
            assert_eq!(score_bits(positive, Sign::of(score)), score.to_bits());
        }
    }
}
