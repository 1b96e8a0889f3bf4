//! Rows on their way into bins: gathered, sorted, grouped, added to the bins that are there. Memory is reckoned in
//! `builder`, which also says what the bins mean.

use rayon::prelude::*;

use crate::Sweep;
use crate::bytes::Checked as _;
use crate::compensated::CompensatedSum;
use crate::key::{KEY_BITS, is_key, key_of};
use crate::partial::bins::{Amount, Bin, coarsen, insert, n_bits_for};
use crate::partial::limits::Limits;
use crate::partial::range::{KeyRange, KeyRanges, RangeCursor};

/// A row of one class: its key, and what it counts.
pub(super) trait Row: Copy + Default + Ord + Send + Sync {
    type Amount: Amount;

    fn key(self) -> u64;

    fn amount(self) -> Self::Amount;
}

/// A row that counts once.
impl Row for u64 {
    type Amount = Self;

    fn key(self) -> u64 {
        self
    }

    fn amount(self) -> Self {
        1
    }
}

/// A row with a weight above 0, whose bits sort as the weight does.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct WeightedRow {
    pub(super) key: u64,
    pub(super) weight_bits: u64,
}

impl Row for WeightedRow {
    type Amount = CompensatedSum;

    fn key(self) -> u64 {
        self.key
    }

    fn amount(self) -> CompensatedSum {
        CompensatedSum::from_parts(f64::from_bits(self.weight_bits), 0.0)
    }
}

/// Bins, and the rows that wait to be added to them.
#[derive(Debug, Clone)]
pub(super) struct Accumulator<R: Row> {
    limits: Limits,
    ranges: KeyRanges,
    /// Leading bits of the keys that the bins are cut by.
    n_bits: u32,
    bins: Vec<Bin<R::Amount>>,
    positives: Batch<R>,
    negatives: Batch<R>,
    n_rows: usize,
}

/// Rows of one class; those after the first `len` are of no meaning.
#[derive(Debug, Clone, Default)]
struct Batch<R> {
    rows: Vec<R>,
    len: usize,
}

impl<R: Row> Batch<R> {
    /// The room after the rows, for as many more.
    fn room_for(&mut self, n_rows: usize, limits: Limits) -> &mut [R] {
        if self.rows.len() < self.len + n_rows {
            if self.rows.capacity() == 0 {
                // Reserved at once, a batch need not move to grow; the system gives memory when it is written to.
                self.rows.try_reserve_exact(limits.max_rows).ok();
            }
            self.rows.resize(self.len + n_rows, R::default());
        }
        &mut self.rows[self.len..]
    }

    fn sort(&mut self) -> &[R] {
        let rows = &mut self.rows[..self.len];
        rows.par_sort_unstable();
        rows
    }
}

impl<R: Row> Accumulator<R> {
    pub(super) fn new(limits: Limits, ranges: KeyRanges) -> Self {
        Self {
            limits,
            ranges,
            n_bits: KEY_BITS,
            bins: Vec::new(),
            positives: Batch::default(),
            negatives: Batch::default(),
            n_rows: 0,
        }
    }

    /// Adds rows, each with its class, except those that lie in no range.
    pub(super) fn add(&mut self, mut rows: impl Iterator<Item = (bool, R)>) {
        loop {
            let n_free = self.limits.max_rows - self.n_waiting();
            let n_left = rows.size_hint().1.unwrap_or(n_free);
            if n_left == 0 {
                return;
            }
            let n_rows = n_left.min(n_free);
            self.take(rows.by_ref().take(n_rows), n_rows);
            if self.n_waiting() == self.limits.max_rows {
                self.flush();
            }
        }
    }

    fn n_waiting(&self) -> usize {
        self.positives.len + self.negatives.len
    }

    fn take(&mut self, rows: impl Iterator<Item = (bool, R)>, n_rows: usize) {
        let (mut n_positives, mut n_negatives) = (0, 0);
        let positives = self.positives.room_for(n_rows, self.limits);
        let negatives = self.negatives.room_for(n_rows, self.limits);
        for (is_positive, row) in rows {
            if self.ranges.find(row.key()).is_some() {
                // Written to both, kept by one: a branch on the class would be guessed wrong half of the time.
                positives[n_positives] = row;
                negatives[n_negatives] = row;
                n_positives += usize::from(is_positive);
                n_negatives += usize::from(!is_positive);
            }
        }
        self.positives.len += n_positives;
        self.negatives.len += n_negatives;
        self.n_rows += n_positives + n_negatives;
    }

    /// How many rows were taken.
    pub(super) fn n_rows(&self) -> usize {
        self.n_rows
    }

    /// Adds the rows that wait to the bins.
    fn flush(&mut self) {
        /// Rows below which one thread is faster than several.
        const FEW_ROWS: usize = 1 << 14;
        let n_rows = self.n_waiting();
        if n_rows == 0 {
            return;
        }
        let (positives, negatives) =
            rayon::join(|| self.positives.sort(), || self.negatives.sort());
        let n_pieces = if n_rows < FEW_ROWS {
            1
        } else {
            4 * rayon::current_num_threads()
        };
        let (ranges, n_bits) = (&self.ranges, self.n_bits);
        let whole = Piece {
            bins: &mut self.bins,
            positives,
            negatives,
        };
        let pieces = whole.cut(ranges, n_bits, n_pieces);
        let fresh = pieces
            .into_par_iter()
            .map(|piece| piece.absorb(ranges, n_bits))
            .collect::<Vec<_>>();
        self.positives.len = 0;
        self.negatives.len = 0;
        if self.bins.capacity() == 0 {
            let max_bins = self.limits.max_bins + self.limits.max_rows;
            self.bins.try_reserve_exact(max_bins).ok();
        }
        let n_bins = self.bins.len();
        let n_fresh = fresh.iter().map(Vec::len).sum();
        insert(&mut self.bins, fresh.iter().flatten().rev(), n_fresh);
        if self.bins.len() > n_bins {
            self.fit();
        }
    }

    /// Makes the bins coarser if there are too many.
    fn fit(&mut self) {
        let max_bins = self.limits.max_bins;
        if self.bins.len() > max_bins {
            let lasts = self.bins.iter().map(|bin| bin.last);
            self.n_bits = n_bits_for(lasts, &self.ranges, max_bins, self.n_bits);
            coarsen(&mut self.bins, &self.ranges, self.n_bits);
        }
    }

    /// Adds the rows that wait, and gives the room for them back.
    pub(super) fn settle(&mut self) {
        self.flush();
        self.positives = Batch::default();
        self.negatives = Batch::default();
        // There is room for the bins of one more batch, which nobody needs now.
        self.bins.shrink_to_fit();
    }

    /// Whether no rows wait.
    pub(super) fn is_settled(&self) -> bool {
        self.n_waiting() == 0
    }

    /// The bits that bins are cut by, how many rows these hold, and they themselves; rows that wait are left out.
    pub(super) fn settled(&self) -> (u32, usize, &[Bin<R::Amount>]) {
        (self.n_bits, self.n_rows, &self.bins)
    }

    /// Rows that are in bins already; `None` unless they can have come there.
    pub(super) fn of_bins(
        limits: Limits,
        ranges: KeyRanges,
        n_bits: u32,
        n_rows: usize,
        bins: Vec<Bin<R::Amount>>,
    ) -> Option<Self> {
        let mut above = None;
        for bin in &bins {
            let slot = ranges.find(bin.first)?.slot(bin.first, n_bits);
            let is_apart = above.is_none_or(|above: KeyRange| above.last < slot.first);
            let is_within = bin.first <= bin.last && bin.last <= slot.last;
            let is_counted = bin.positives.is_amount() && bin.negatives.is_amount();
            // Every bin was made for a row: without, counts would seem to rise by one a threshold where they do not.
            let rows = bin.positives.to_sum().plus(bin.negatives.to_sum());
            let are_keys = [bin.first, bin.last].into_iter().all(is_key);
            if !(is_apart && is_within && is_counted && rows.value() > 0.0 && are_keys) {
                return None;
            }
            above = Some(slot);
        }
        let rows = Self {
            n_bits,
            bins,
            n_rows,
            ..Self::new(limits, ranges)
        };
        (n_bits <= KEY_BITS && n_rows.is_amount()).then_some(rows)
    }

    /// The bins of rows whose sweep is known, none of which were added before.
    pub(super) fn with_sweep(mut self, sweep: &Sweep) -> Self {
        let keys = || sweep.thresholds().iter().map(|&score| key_of(score));
        let max_bins = self.limits.max_bins;
        if sweep.n_thresholds() > max_bins {
            self.n_bits = n_bits_for(keys(), &self.ranges, max_bins, KEY_BITS);
        }
        let mut cursor = self.ranges.cursor();
        let mut slot = None::<KeyRange>;
        let amount = |end: CompensatedSum, start| R::Amount::of_sum(end.without(start));
        for (place, key) in keys().enumerate() {
            let bin = Bin {
                first: key,
                last: key,
                positives: amount(sweep.tp(place + 1), sweep.tp(place)),
                negatives: amount(sweep.fp(place + 1), sweep.fp(place)),
            };
            match self.bins.last_mut() {
                Some(above) if slot.is_some_and(|slot| key <= slot.last) => above.absorb(&bin),
                _ => {
                    slot = Some(cursor.find(key).slot(key, self.n_bits));
                    self.bins.push(bin);
                }
            }
        }
        self.n_rows = sweep.n_samples();
        self
    }

    /// Takes over the rows of another, which keeps to the same limits and ranges.
    ///
    /// How many bits the bins are cut by in the end is as many as tell all of the rows apart within the limits: a part
    /// of the rows never takes fewer, so that it does not matter which parts there were, nor which came first.
    pub(super) fn merge(&mut self, mut other: Self) {
        self.flush();
        other.settle();
        self.n_rows += other.n_rows;
        if other.n_bits < self.n_bits {
            self.n_bits = other.n_bits;
            coarsen(&mut self.bins, &self.ranges, self.n_bits);
        }
        // Bins of one slot stand side by side, whatever part they are of.
        insert(&mut self.bins, other.bins.iter().rev(), other.bins.len());
        coarsen(&mut self.bins, &self.ranges, self.n_bits);
        self.fit();
    }

    /// Takes over rows that had no weights, or no costs.
    pub(super) fn with_rows<Q: Row>(mut self, mut rows: Accumulator<Q>) -> Self {
        rows.flush();
        self.n_bits = rows.n_bits;
        self.n_rows = rows.n_rows;
        self.bins = rows.bins.iter().map(Bin::with_sums).collect();
        self.fit();
        self
    }

    /// The bins of all rows, at the finest resolution that the limits allow.
    pub(super) fn finish(mut self) -> Vec<Bin<R::Amount>> {
        self.settle();
        self.bins
    }
}

/// The bins and rows between two keys that no bin straddles.
struct Piece<'p, R: Row> {
    bins: &'p mut [Bin<R::Amount>],
    positives: &'p [R],
    negatives: &'p [R],
}

impl<R: Row> Piece<'_, R> {
    /// Takes the part before a key off.
    fn split_off(self, key: u64) -> (Self, Self) {
        let n_before = |rows: &[R]| rows.partition_point(|row| row.key() < key);
        let n_bins = self.bins.partition_point(|bin| bin.last < key);
        let bins = self.bins.split_at_mut(n_bins);
        let positives = self.positives.split_at(n_before(self.positives));
        let negatives = self.negatives.split_at(n_before(self.negatives));
        let before = Self {
            bins: bins.0,
            positives: positives.0,
            negatives: negatives.0,
        };
        let behind = Self {
            bins: bins.1,
            positives: positives.1,
            negatives: negatives.1,
        };
        (before, behind)
    }

    /// Cuts it between slots, into pieces with about as many rows of the larger class.
    fn cut(self, ranges: &KeyRanges, n_bits: u32, n_pieces: usize) -> Vec<Self> {
        let larger = if self.positives.len() < self.negatives.len() {
            self.negatives
        } else {
            self.positives
        };
        let mut rest = self;
        let mut pieces = Vec::with_capacity(n_pieces);
        for index in 1..n_pieces {
            let key = larger[index * larger.len() / n_pieces].key();
            let range = ranges.find(key).expect("rows outside were not taken");
            let (piece, behind) = rest.split_off(range.slot(key, n_bits).first);
            pieces.push(piece);
            rest = behind;
        }
        pieces.push(rest);
        pieces
    }

    /// Adds the rows to the bins of their slots; the bins that are missing are returned.
    fn absorb(self, ranges: &KeyRanges, n_bits: u32) -> Vec<Bin<R::Amount>> {
        let mut fresh = Vec::with_capacity(self.positives.len() + self.negatives.len());
        let mut bins = self.bins.iter_mut().peekable();
        let groups = Groups {
            positives: self.positives,
            negatives: self.negatives,
            cursor: ranges.cursor(),
            n_bits,
        };
        for (slot, group) in groups {
            while bins.next_if(|bin| bin.last < slot.first).is_some() {}
            match bins.peek_mut() {
                Some(bin) if bin.last <= slot.last => bin.absorb(&group),
                _ => fresh.push(group),
            }
        }
        fresh
    }
}

/// Sorted rows, slot by slot.
struct Groups<'g, R> {
    positives: &'g [R],
    negatives: &'g [R],
    cursor: RangeCursor<'g>,
    n_bits: u32,
}

impl<R: Row> Iterator for Groups<'_, R> {
    type Item = (KeyRange, Bin<R::Amount>);

    fn next(&mut self) -> Option<Self::Item> {
        let key = match (self.positives.first(), self.negatives.first()) {
            (Some(positive), Some(negative)) => positive.key().min(negative.key()),
            (Some(row), None) | (None, Some(row)) => row.key(),
            (None, None) => return None,
        };
        let slot = self.cursor.find(key).slot(key, self.n_bits);
        let mut group = Bin {
            first: key,
            last: key,
            ..Bin::default()
        };
        group.positives = take_slot(&mut self.positives, slot, &mut group.last);
        group.negatives = take_slot(&mut self.negatives, slot, &mut group.last);
        Some((slot, group))
    }
}

/// Takes the rows of a slot off the front; what they come to, and the last key so far.
fn take_slot<R: Row>(rows: &mut &[R], slot: KeyRange, last: &mut u64) -> R::Amount {
    let mut amount = R::Amount::default();
    while let Some((row, behind)) = rows.split_first() {
        if row.key() > slot.last {
            break;
        }
        *last = row.key().max(*last);
        amount = amount.plus(row.amount());
        *rows = behind;
    }
    amount
}
