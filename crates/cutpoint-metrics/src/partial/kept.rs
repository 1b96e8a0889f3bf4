//! Rows of a builder: kept as they are while they fit, so that their sweep is that of a sort, and put into bins once
//! there are more. How rows get into bins is in `rows`; memory is reckoned in `builder`.

use crate::bytes::Checked as _;
use crate::key::is_key;
use crate::partial::PartialSweep;
use crate::partial::bins::Cell;
use crate::partial::limits::Limits;
use crate::partial::range::KeyRanges;
use crate::partial::rows::{Accumulator, Row, WeightedRow};
use crate::sweep::{PackedRows, Record, Swept, ask_for_huge_pages, class, pack_key, packed_key};
use crate::{Result, Sweep};

/// A row that can be kept, and swept without bins.
pub(super) trait Kept: Row<Amount: Cell + std::fmt::Debug> {
    /// What is kept.
    type Record: Swept + std::fmt::Debug + Default;

    /// What a row takes when the sweep of all that are kept is put into bins: its threshold and its cells, and as many
    /// bins as fit.
    const BYTES: usize;

    fn record(self, is_positive: bool) -> Self::Record;

    /// The row of a record whose score is negative or not.
    fn of_record(record: Self::Record, is_negative: bool) -> Self;

    /// Whether something that was read as a record can be one.
    fn is_counted(record: Self::Record) -> bool;
}

impl Kept for u64 {
    type Record = Self;

    const BYTES: usize = 28;

    #[inline]
    fn record(self, is_positive: bool) -> Self {
        pack_key(self, is_positive)
    }

    fn of_record(record: Self, is_negative: bool) -> Self {
        packed_key(record, is_negative)
    }

    fn is_counted(_record: Self) -> bool {
        true
    }
}

impl Kept for WeightedRow {
    type Record = (u64, u64);

    const BYTES: usize = 72;

    #[inline]
    fn record(self, is_positive: bool) -> (u64, u64) {
        (pack_key(self.key, is_positive), self.weight_bits)
    }

    fn of_record((packed, weight_bits): (u64, u64), is_negative: bool) -> Self {
        Self {
            key: packed_key(packed, is_negative),
            weight_bits,
        }
    }

    fn is_counted((_, weight_bits): (u64, u64)) -> bool {
        let weight = f64::from_bits(weight_bits);
        weight.is_amount() && weight > 0.0
    }
}

/// How many rows are kept within so many bytes.
pub(super) fn most_kept<R: Kept>(memory: usize) -> usize {
    memory / R::BYTES
}

/// Rows, or the bins that they were put into.
#[derive(Debug, Clone)]
pub(super) enum Gathered<R: Kept> {
    Kept(KeptRows<R>),
    Binned(Accumulator<R>),
}

/// Rows as they are, with what their bins would have to keep to.
#[derive(Debug, Clone)]
pub(super) struct KeptRows<R: Kept> {
    /// The most that are kept.
    most: usize,
    limits: Limits,
    ranges: KeyRanges,
    rows: PackedRows<R::Record>,
}

impl<R: Kept> Gathered<R> {
    /// No rows so far, within so much memory.
    pub(super) fn new(memory: usize, ranges: &KeyRanges) -> Self {
        Self::Kept(KeptRows {
            most: most_kept::<R>(memory),
            limits: Limits::of::<R::Amount>(memory),
            ranges: ranges.clone(),
            rows: PackedRows::default(),
        })
    }

    /// Rows that were gathered elsewhere; `None` unless they can have been.
    pub(super) fn of_rows(
        memory: usize,
        ranges: &KeyRanges,
        rows: PackedRows<R::Record>,
    ) -> Option<Self> {
        let are_kept = |records: &[R::Record], is_negative: bool| {
            records.iter().all(|&record| {
                let key = packed_key(record.packed(), is_negative);
                is_key(key) && ranges.find(key).is_some() && R::is_counted(record)
            })
        };
        let fits = rows.len() <= most_kept::<R>(memory);
        let is_valid =
            fits && are_kept(&rows.not_negative, false) && are_kept(&rows.negative, true);
        let Self::Kept(empty) = Self::new(memory, ranges) else {
            return None;
        };
        is_valid.then_some(Self::Kept(KeptRows { rows, ..empty }))
    }

    /// Adds rows, each with its class, except those that lie in no range.
    pub(super) fn add(&mut self, mut rows: impl Iterator<Item = (bool, R)>) {
        if let Self::Kept(kept) = self {
            let Some(behind) = kept.add(&mut rows) else {
                return;
            };
            let accumulator = self.binned();
            accumulator.add(behind.into_iter());
        }
        self.binned().add(rows);
    }

    /// The bins of the rows, made now if they were kept so far.
    fn binned(&mut self) -> &mut Accumulator<R> {
        if let Self::Kept(kept) = self {
            *self = Self::Binned(kept.take_bins());
        }
        match self {
            Self::Binned(accumulator) => accumulator,
            Self::Kept(_) => unreachable!("put into bins above"),
        }
    }

    pub(super) fn into_bins(self) -> Accumulator<R> {
        match self {
            Self::Kept(mut kept) => kept.take_bins(),
            Self::Binned(accumulator) => accumulator,
        }
    }

    /// Adds the rows that wait to be put into bins, and gives back the room for more.
    pub(super) fn settle(&mut self) {
        match self {
            Self::Kept(kept) => {
                kept.rows.not_negative.shrink_to_fit();
                kept.rows.negative.shrink_to_fit();
            }
            Self::Binned(accumulator) => accumulator.settle(),
        }
    }

    /// Whether no rows wait.
    pub(super) fn is_settled(&self) -> bool {
        match self {
            Self::Kept(_) => true,
            Self::Binned(accumulator) => accumulator.is_settled(),
        }
    }

    /// Takes over the rows of another, which keeps to the same memory and ranges.
    ///
    /// Whether they are kept is decided by how many they are, whatever parts there were.
    pub(super) fn merge(&mut self, mut other: Self) {
        if let (Self::Kept(own), Self::Kept(more)) = (&mut *self, &mut other)
            && own.rows.len() + more.rows.len() <= own.most
        {
            own.rows.append(&mut more.rows);
            return;
        }
        self.binned().merge(other.into_bins());
    }

    /// The partial sweep of all rows.
    pub(super) fn finish(self) -> Result<PartialSweep> {
        match self {
            Self::Kept(kept) => kept.finish(),
            Self::Binned(accumulator) => {
                let n_samples = accumulator.n_rows();
                PartialSweep::from_sorted(accumulator.finish().iter().copied(), Some(n_samples))
            }
        }
    }
}

impl Gathered<WeightedRow> {
    /// Rows without weights as rows of weight 1, within so much memory.
    pub(super) fn with_weights(memory: usize, ranges: &KeyRanges, rows: Gathered<u64>) -> Self {
        let weighted = Self::new(memory, ranges);
        match (weighted, rows) {
            (Self::Kept(weighted), Gathered::Kept(kept)) if kept.rows.len() <= weighted.most => {
                let weight_bits = 1.0_f64.to_bits();
                let rows = kept.rows.map(|packed| (packed, weight_bits));
                Self::Kept(KeptRows { rows, ..weighted })
            }
            (weighted, rows) => Self::Binned(weighted.into_bins().with_rows(rows.into_bins())),
        }
    }
}

impl<R: Kept> KeptRows<R> {
    pub(super) fn rows(&self) -> &PackedRows<R::Record> {
        &self.rows
    }

    fn take_bins(&mut self) -> Accumulator<R> {
        let rows = std::mem::take(&mut self.rows);
        let empty = Accumulator::new(self.limits, self.ranges.clone());
        if rows.len() == 0 {
            return empty;
        }
        empty.with_sweep(&Swept::sweep_rows(rows))
    }

    /// Adds rows as long as they fit; those that were taken and do not.
    fn add(&mut self, rows: &mut impl Iterator<Item = (bool, R)>) -> Option<Vec<(bool, R)>> {
        /// Rows whose records and copies stay in the first cache.
        const BLOCK: usize = 1024;
        let mut not_negative = [R::Record::default(); BLOCK];
        let mut negative = [R::Record::default(); BLOCK];
        let is_all = self.ranges.is_all();
        loop {
            let [mut n, mut n_negative] = [0; 2];
            let mut n_taken = 0;
            for (is_positive, row) in rows.by_ref().take(BLOCK) {
                n_taken += 1;
                if is_all || self.ranges.find(row.key()).is_some() {
                    let record = row.record(is_positive);
                    let is_negative = row.key() >> 63 == 1;
                    // Written to both, kept by one: signs that change would be guessed wrong half of the time.
                    not_negative[n] = record;
                    negative[n_negative] = record;
                    n += usize::from(!is_negative);
                    n_negative += usize::from(is_negative);
                }
            }
            if self.rows.len() + n + n_negative > self.most {
                let row = |record: &R::Record, is_negative| {
                    (
                        class(record.packed()) == 1,
                        R::of_record(*record, is_negative),
                    )
                };
                let behind = not_negative[..n].iter().map(|record| row(record, false));
                let negative = negative[..n_negative]
                    .iter()
                    .map(|record| row(record, true));
                return Some(behind.chain(negative).collect());
            }
            let most = self.most;
            push(&mut self.rows.not_negative, &not_negative[..n], most);
            push(&mut self.rows.negative, &negative[..n_negative], most);
            if n_taken < BLOCK {
                return None;
            }
        }
    }

    fn finish(self) -> Result<PartialSweep> {
        if self.rows.len() == 0 {
            return Err(cutpoint_core::Error::Empty { name: "score" }.into());
        }
        let sweep: Sweep = Swept::sweep_rows(self.rows);
        Ok(sweep.into())
    }
}

/// Adds records to a column that holds no more than `most`, which grows in large pages.
fn push<T: Copy>(column: &mut Vec<T>, records: &[T], most: usize) {
    let n_needed = column.len() + records.len();
    if n_needed > column.capacity() {
        let capacity = (2 * column.capacity()).min(most).max(n_needed);
        column.reserve_exact(capacity - column.len());
        ask_for_huge_pages(column);
    }
    column.extend_from_slice(records);
}
