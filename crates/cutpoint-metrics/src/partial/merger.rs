//! Merges partial sweeps, one after the other, in bounded memory. Where they come from is not known here.

use crate::compensated::CompensatedSum;
use crate::key::{KEY_BITS, key_of};
use crate::partial::PartialSweep;
use crate::partial::bins::{Amount, Bin, Cell, coarsen, insert, n_bits_for, unite};
use crate::partial::costs::{ClassCosts, CostColumns, PricedSum};
use crate::partial::kept::most_kept;
use crate::partial::limits::{Limits, check_memory};
use crate::partial::range::KeyRanges;
use crate::sweep::{PackedRows, Swept as _, pack_key};
use crate::{Error, Result};

/// Which bins of several partial sweeps become one.
///
/// The greater of two is what both kinds of bins can be joined by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum BinJoin {
    /// Those whose scores share as many leading bits as the coarsest part was cut by. For bins that builders made: the
    /// whole comes out as if it had never been in parts.
    Bits,
    /// Those that overlap, and no others. For bins cut in any way.
    Overlap,
}

/// Merges partial sweeps that come one by one, in bounded memory.
///
/// # Memory
/// That of a [`PartialSweepBuilder`](crate::PartialSweepBuilder): parts are taken in batches of half as many bins as
/// fit. The part that is added is not counted.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{BinJoin, PartialSweep, PartialSweepMerger};
///
/// // Two groups of scores, counted on two machines.
/// let first = PartialSweep::from_counts(&[0.5, 0.1], &[0.9, 0.4], &[3, 1], &[1, 2])?;
/// let second = PartialSweep::from_counts(&[0.6, 0.0], &[0.7, 0.3], &[1, 0], &[0, 5])?;
/// let mut merger = PartialSweepMerger::new(1 << 20, BinJoin::Overlap)?;
/// merger.add(&first)?;
/// merger.add(&second)?;
/// let whole = merger.finish()?;
/// assert_eq!(whole.edges().thresholds(), [0.5, 0.0]);
/// assert_eq!(whole.edges().cells(1).to_counts(), Some([4, 1, 1, 7]));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PartialSweepMerger {
    memory: usize,
    join: BinJoin,
    store: Store,
    /// `None` once there are rows that nobody counted.
    n_samples: Option<usize>,
}

#[derive(Debug, Clone)]
enum Store {
    /// The rows of exact parts, while no more come than a builder keeps.
    Kept(PackedRows<u64>),
    Counts(Union<u64>),
    Weights(Union<CompensatedSum>),
    Costs(Priced),
}

/// Nothing, while it is taken to hold more.
impl Default for Store {
    fn default() -> Self {
        Self::Kept(PackedRows::default())
    }
}

/// Bins with what their rows cost.
#[derive(Debug, Clone)]
struct Priced {
    union: Union<PricedSum>,
    is_weighted: bool,
    /// What the rows of each class cost if none is predicted positive.
    none: ClassCosts,
}

impl PartialSweepMerger {
    /// Nothing merged so far.
    ///
    /// `memory`: as for [`PartialSweepBuilder::new`](crate::PartialSweepBuilder::new).
    ///
    /// `join`: [`BinJoin::Bits`] only if every part allows it ([`PartialSweep::join`]).
    ///
    /// # Errors
    /// [`Error::Memory`] for too little.
    pub fn new(memory: usize, join: BinJoin) -> Result<Self> {
        check_memory(memory)?;
        Ok(Self {
            memory,
            join,
            store: Store::default(),
            n_samples: Some(0),
        })
    }

    /// Adds the rows of a part, with what they cost. Where some parts have weights and others have none, the rows of
    /// the others have weight 1; where some have costs, the rows of the others cost nothing.
    ///
    /// # Errors
    /// - [`Error::BinsNotCutByBits`] for a part that cannot be joined by bits.
    /// - [`Error::BinTotal`] if the rows become more than can be counted with.
    pub fn add(&mut self, part: &PartialSweep) -> Result<()> {
        if let Store::Kept(rows) = &mut self.store {
            if keep(rows, part, most_kept::<u64>(self.memory)) {
                self.n_samples = Some(rows.len());
                return Ok(());
            }
            let mut counts = Union::new(Limits::of::<u64>(self.memory));
            if rows.len() > 0 {
                let kept = PartialSweep::from(u64::sweep_rows(std::mem::take(rows)));
                counts.add(&kept, Some(KEY_BITS), Bin::with_sums);
            }
            self.store = Store::Counts(counts);
        }
        let n_bits = match self.join {
            BinJoin::Bits => Some(part.n_bits().ok_or(Error::BinsNotCutByBits)?),
            BinJoin::Overlap => None,
        };
        let n_more = part.n_samples();
        self.n_samples = self.n_samples.and_then(|n| n.checked_add(n_more?));
        let memory = self.memory;
        self.store = match (std::mem::take(&mut self.store), part.costs().is_some()) {
            (Store::Counts(counts), true) => Store::Costs(Priced {
                union: counts.with_sums(memory),
                is_weighted: false,
                none: ClassCosts::default(),
            }),
            (Store::Weights(weights), true) => Store::Costs(Priced {
                union: weights.with_sums(memory),
                is_weighted: true,
                none: ClassCosts::default(),
            }),
            (Store::Counts(counts), false) if part.is_weighted() => {
                Store::Weights(counts.with_sums(memory))
            }
            (store, _) => store,
        };
        match &mut self.store {
            Store::Kept(_) => unreachable!("made bins above"),
            Store::Counts(counts) => counts.add(part, n_bits, Bin::with_sums),
            Store::Weights(weights) => weights.add(part, n_bits, Bin::with_sums),
            Store::Costs(priced) => priced.add(part, n_bits),
        }
        Ok(())
    }

    /// The partial sweep of the rows of all parts.
    ///
    /// # Errors
    /// - [`Error::Input`] if there were none.
    /// - [`Error::BinTotal`] if they are more than can be counted with.
    pub fn finish(self) -> Result<PartialSweep> {
        match self.store {
            Store::Kept(rows) if rows.len() == 0 => {
                Err(cutpoint_core::Error::Empty { name: "score" }.into())
            }
            Store::Kept(rows) => Ok(u64::sweep_rows(rows).into()),
            Store::Counts(counts) => {
                PartialSweep::from_sorted(counts.bins.iter().copied(), self.n_samples)
            }
            Store::Weights(weights) => {
                PartialSweep::from_sorted(weights.bins.iter().copied(), self.n_samples)
            }
            Store::Costs(priced) if priced.is_weighted => {
                priced.finish::<CompensatedSum>(self.n_samples)
            }
            Store::Costs(priced) => priced.finish::<u64>(self.n_samples),
        }
    }
}

/// Keeps the rows of a part, if it is exact and has no more of them than fit; whether it does.
fn keep(rows: &mut PackedRows<u64>, part: &PartialSweep, most: usize) -> bool {
    let sweep = match (part.exact(), part.n_samples()) {
        (Some(sweep), Some(n_samples)) if n_samples <= most - rows.len() => sweep,
        _ => return false,
    };
    if part.is_weighted() || part.costs().is_some() {
        return false;
    }
    let mut above = [0; 2];
    for (index, &score) in sweep.thresholds().iter().enumerate() {
        let counts = sweep.counts(index + 1).expect("it has no weights");
        let column = if score.is_sign_negative() {
            &mut rows.negative
        } else {
            &mut rows.not_negative
        };
        for (class, is_positive) in [true, false].into_iter().enumerate() {
            let record = pack_key(key_of(score), is_positive);
            let n_rows = counts[class] - above[class];
            column.extend((0..n_rows).map(|_| record));
        }
        above = counts;
    }
    true
}

impl Priced {
    fn add(&mut self, part: &PartialSweep, n_bits: Option<u32>) {
        self.is_weighted |= part.is_weighted();
        if let Some(costs) = part.costs() {
            let none = costs.none();
            self.none = [0, 1].map(|class| self.none[class].plus(none[class]));
        }
        let mut index = 0;
        self.union.add(part, n_bits, |bin| {
            let Some(costs) = part.costs() else {
                return bin.with_sums();
            };
            index += 1;
            Bin {
                first: bin.first,
                last: bin.last,
                positives: costs.in_bin(index - 1, 0, bin.positives),
                negatives: costs.in_bin(index - 1, 1, bin.negatives),
            }
        });
    }

    fn finish<A: Cell>(self, n_samples: Option<usize>) -> Result<PartialSweep> {
        let bins = &self.union.bins;
        let cells = bins.iter().map(Bin::with_sums::<A>);
        let partial = PartialSweep::from_sorted(cells, n_samples)?;
        Ok(PartialSweep {
            costs: Some(CostColumns::new(self.none, bins.iter())),
            ..partial
        })
    }
}

/// The bins of the parts so far.
#[derive(Debug, Clone)]
struct Union<A> {
    limits: Limits,
    /// Leading bits that bins joined by bits are cut by.
    n_bits: u32,
    bins: Vec<Bin<A>>,
}

impl<A: Amount> Union<A> {
    fn new(limits: Limits) -> Self {
        Self {
            limits,
            n_bits: KEY_BITS,
            bins: Vec::new(),
        }
    }

    /// The same bins with other sums, of which fewer fit into the memory.
    fn with_sums<B: Amount>(self, memory: usize) -> Union<B> {
        Union {
            limits: Limits::of::<B>(memory),
            n_bits: self.n_bits,
            bins: self.bins.iter().map(Bin::with_sums).collect(),
        }
    }

    /// Adds a part, whose bins are cut by so many bits or are to be joined where they overlap; `amounts`: what the rows
    /// of its bins, which come in their order, come to.
    fn add(
        &mut self,
        part: &PartialSweep,
        n_bits: Option<u32>,
        mut amounts: impl FnMut(&Bin<CompensatedSum>) -> Bin<A>,
    ) {
        let ranges = KeyRanges::all();
        if let Some(n_bits) = n_bits
            && n_bits < self.n_bits
        {
            self.n_bits = n_bits;
            coarsen(&mut self.bins, &ranges, n_bits);
        }
        let mut batch = Vec::with_capacity(self.limits.max_rows.min(part.n_bins()));
        for index in 0..part.n_bins() {
            let bin = part.sums(index);
            batch.push(amounts(&bin));
            if batch.len() < self.limits.max_rows && index + 1 < part.n_bins() {
                continue;
            }
            insert(&mut self.bins, batch.iter().rev(), batch.len());
            batch.clear();
            match n_bits {
                Some(_) => coarsen(&mut self.bins, &ranges, self.n_bits),
                None => unite(&mut self.bins, |bin, next| next.first <= bin.last),
            }
            let max_bins = self.limits.max_bins;
            if self.bins.len() > max_bins {
                let lasts = self.bins.iter().map(|bin| bin.last);
                self.n_bits = n_bits_for(lasts, &ranges, max_bins, self.n_bits);
                coarsen(&mut self.bins, &ranges, self.n_bits);
            }
        }
    }
}
