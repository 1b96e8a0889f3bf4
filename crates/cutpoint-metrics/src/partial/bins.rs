//! Sorted lists of bins: what is added to a bin, how two lists become one, how a list becomes coarser. Where the bins
//! come from (rows, files, other sweeps) is not known here.

use serde::{Deserialize, Serialize};

use crate::Sweep;
use crate::bytes::Checked;
use crate::compensated::CompensatedSum;
use crate::key::{KEY_BITS, n_common_bits};
use crate::partial::range::KeyRanges;

/// What the rows of one class in a bin come to: a count, or a sum of weights, perhaps with what they cost.
pub(super) trait Amount: Copy + Default + Send + Sync + Checked {
    fn plus(self, other: Self) -> Self;

    /// As a sum of weights.
    fn to_sum(self) -> CompensatedSum;

    /// From a sum of weights; for counts, of as many ones.
    fn of_sum(sum: CompensatedSum) -> Self;
}

/// An amount that columns of a sweep are made of.
pub(super) trait Cell: Amount {
    /// The most that all rows may come to: what a cell can hold.
    const MOST: f64;

    /// The sweep of cumulative sums, positive and negative, one pair a threshold; `all`: the last of them.
    fn sweep(
        thresholds: Vec<f64>,
        sums: impl Iterator<Item = [Self; 2]>,
        all: [Self; 2],
        n_samples: usize,
    ) -> Sweep;
}

impl Amount for u64 {
    fn plus(self, other: Self) -> Self {
        self.saturating_add(other)
    }

    fn to_sum(self) -> CompensatedSum {
        CompensatedSum::from_parts(self as f64, 0.0)
    }

    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a count is whole, at least 0 and at most 2^53"
    )]
    fn of_sum(sum: CompensatedSum) -> Self {
        sum.value() as Self
    }
}

impl Cell for u64 {
    /// 2^53, up to which a double holds every count.
    const MOST: f64 = 9_007_199_254_740_992.0;

    fn sweep(
        thresholds: Vec<f64>,
        sums: impl Iterator<Item = [Self; 2]>,
        [tp, fp]: [Self; 2],
        n_samples: usize,
    ) -> Sweep {
        Sweep::from_counts(thresholds, sums, tp + fp, n_samples)
    }
}

impl Amount for CompensatedSum {
    fn plus(self, other: Self) -> Self {
        CompensatedSum::plus(self, other)
    }

    fn to_sum(self) -> CompensatedSum {
        self
    }

    fn of_sum(sum: CompensatedSum) -> Self {
        sum
    }
}

impl Cell for CompensatedSum {
    /// As for the weights of `Scores`.
    const MOST: f64 = 1e300;

    fn sweep(
        thresholds: Vec<f64>,
        sums: impl Iterator<Item = [Self; 2]>,
        _all: [Self; 2],
        n_samples: usize,
    ) -> Sweep {
        Sweep::from_sums(thresholds, sums, n_samples)
    }
}

/// The rows whose scores lie between two scores, both of which rows have.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct Bin<A> {
    /// The key of the highest score, which is the lowest key.
    pub(super) first: u64,
    /// The key of the lowest score.
    pub(super) last: u64,
    pub(super) positives: A,
    pub(super) negatives: A,
}

impl<A: Amount> Bin<A> {
    /// The same bin with other sums of the same rows: weights of 1 instead of counts, costs of 0 as well, or back.
    pub(super) fn with_sums<B: Amount>(&self) -> Bin<B> {
        Bin {
            first: self.first,
            last: self.last,
            positives: B::of_sum(self.positives.to_sum()),
            negatives: B::of_sum(self.negatives.to_sum()),
        }
    }

    /// Adds the rows of another bin.
    pub(super) fn absorb(&mut self, other: &Self) {
        self.first = self.first.min(other.first);
        self.last = self.last.max(other.last);
        self.positives = self.positives.plus(other.positives);
        self.negatives = self.negatives.plus(other.negatives);
    }
}

/// Puts bins, which come from the back, into a sorted list in place, so that every bin moves once at most.
pub(super) fn insert<'b, A: Amount + 'b>(
    bins: &mut Vec<Bin<A>>,
    from_the_back: impl Iterator<Item = &'b Bin<A>>,
    n_incoming: usize,
) {
    let mut n_left = bins.len();
    let mut end = n_left + n_incoming;
    bins.resize(end, Bin::default());
    for bin in from_the_back {
        let n_before = n_before(&bins[..n_left], bin.first);
        let n_moved = n_left - n_before;
        bins.copy_within(n_before..n_left, end - n_moved);
        end -= n_moved + 1;
        bins[end] = *bin;
        n_left = n_before;
    }
}

/// How many bins begin before a key, searched for from the back in steps that double.
fn n_before<A>(bins: &[Bin<A>], key: u64) -> usize {
    let mut step = 1;
    let mut high = bins.len();
    while let Some(low) = high.checked_sub(step) {
        if bins[low].first < key {
            return low + bins[low..high].partition_point(|bin| bin.first < key);
        }
        high = low;
        step *= 2;
    }
    bins[..high].partition_point(|bin| bin.first < key)
}

/// Unites neighbours that belong together.
pub(super) fn unite<A: Amount>(
    bins: &mut Vec<Bin<A>>,
    mut belong_together: impl FnMut(&Bin<A>, &Bin<A>) -> bool,
) {
    let Some(mut bin) = bins.first().copied() else {
        return;
    };
    let mut n_kept = 0;
    for index in 1..bins.len() {
        let next = bins[index];
        if belong_together(&bin, &next) {
            bin.absorb(&next);
        } else {
            bins[n_kept] = bin;
            n_kept += 1;
            bin = next;
        }
    }
    bins[n_kept] = bin;
    bins.truncate(n_kept + 1);
}

/// The most leading bits of the keys by which no more than `max_bins` bins are told apart; at most `n_bits`.
///
/// `lasts`: the bins by their lowest scores. Bins of different ranges always stay apart.
pub(super) fn n_bits_for(
    lasts: impl Iterator<Item = u64>,
    ranges: &KeyRanges,
    max_bins: usize,
    n_bits: u32,
) -> u32 {
    // How many neighbours share just so many leading bits.
    let mut n_sharing = [0_usize; KEY_BITS as usize + 1];
    let mut n_apart = 1;
    let mut cursor = ranges.cursor();
    let mut above = None;
    for last in lasts {
        if let Some(above) = above {
            if last <= cursor.find(above).last {
                n_sharing[n_common_bits(above, last) as usize] += 1;
            } else {
                n_apart += 1;
            }
        }
        above = Some(last);
    }
    // With `b` bits, neighbours that share fewer than `b` are apart.
    (0..n_bits)
        .take_while(|&shared| {
            n_apart += n_sharing[shared as usize];
            n_apart <= max_bins
        })
        .count()
        .try_into()
        .expect("at most the bits of a key")
}

/// Unites the bins that this many leading bits do not tell apart.
pub(super) fn coarsen<A: Amount>(bins: &mut Vec<Bin<A>>, ranges: &KeyRanges, n_bits: u32) {
    let mut cursor = ranges.cursor();
    unite(bins, |bin, next| {
        next.last <= cursor.find(bin.last).slot(bin.last, n_bits).last
    });
}

/// The fewest leading bits that the scores of a bin share, if with as many bits each bin is told from the next: so many
/// bits the bins are cut by. `None` for bins that are cut in another way.
pub(super) fn n_bits_of(bins: impl Iterator<Item = (u64, u64)>) -> Option<u32> {
    let (mut least_within, mut most_between) = (KEY_BITS, None);
    let mut above = None;
    for (first, last) in bins {
        least_within = least_within.min(n_common_bits(first, last));
        if let Some(above) = above {
            most_between = most_between.max(Some(n_common_bits(above, first)));
        }
        above = Some(last);
    }
    most_between
        .is_none_or(|between| between < least_within)
        .then_some(least_within)
}
