//! Makes partial sweeps from rows that come in blocks, in bounded memory. Reading the rows is the caller's; how they
//! get into bins is in `rows`.

mod bytes;

use cutpoint_core::{Scores, Threshold};

use crate::compensated::CompensatedSum;
use crate::key::key_of;
use crate::partial::PartialSweep;
use crate::partial::bins::{Bin, Cell};
use crate::partial::costs::{CostColumns, PricedRow, PricedSum, RowCosts};
use crate::partial::kept::Gathered;
use crate::partial::limits::{Limits, check_memory};
use crate::partial::range::{KeyRanges, ScoreRange};
use crate::partial::rows::{Accumulator, Row, WeightedRow};
use crate::{Error, Result};

/// Makes a [`PartialSweep`] of rows that come block by block, in bounded memory.
///
/// As long as the rows fit into the memory as they are, their sweep is made by [`sweep`](crate::sweep) and exact.
/// Beyond, they are put into bins. A bin holds the scores that share the leading bits of an order-preserving integer
/// form of the score: all its 64 bits as long as the distinct scores fit into memory, so that the sweep is exact still;
/// otherwise as many bits as fit. Which bins come out depends on the rows and on the memory, not on the order of the
/// rows, on how they are cut into blocks, or on the number of threads. Nor do the counts in them; sums of weights are
/// compensated, and the order of the rows may show in the last of their 32 or so digits. The same holds for parts of
/// the rows that are added elsewhere and merged ([`PartialSweepBuilder::merge`]).
///
/// # Memory
/// A row that is kept takes 28 bytes, 72 with a weight: 8 (16) while it waits, twice as much when it is sorted, at most
/// 16 (40) as a threshold with its cells; and while these are put into bins, as much again as so many bins take.
///
/// With `s` = 32 bytes a bin (48 with weights), a builder keeps at most `m` bins and gathers rows in batches of
/// `m / 2`, each of which may need a bin of its own. A row that waits takes `r` = 8 bytes (16), and either class may
/// fill a batch:
/// ```text
/// while rows come:  (m + m/2) s bins and room for new ones  +  (m/2) s new bins  +  2 (m/2) r rows that wait
/// at the end:       (m + m/2) s bins, and then m s          +  m s the columns of the partial sweep
/// ```
/// Neither is more than `2.5 m s`: `m` is the memory divided by that, 80 bytes (120 with weights). With costs of rows
/// ([`PartialSweepBuilder::add_with_costs`]), `s` is 112 bytes and `r` 32: `m` is the memory divided by 280 bytes, at
/// least 2.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{PartialSweepBuilder, sweep};
///
/// let mut builder = PartialSweepBuilder::new(1 << 20)?;
/// builder.add(&Scores::new(vec![true, false], vec![0.9, 0.8])?);
/// builder.add(&Scores::new(vec![true, false], vec![0.8, 0.1])?);
/// let partial = builder.finish()?;
/// // Three distinct scores fit into a megabyte: this is the sweep of all four rows.
/// assert!(partial.is_exact());
/// let whole = Scores::new(vec![true, false, true, false], vec![0.9, 0.8, 0.8, 0.1])?;
/// assert_eq!(partial.edges(), &sweep(&whole));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct PartialSweepBuilder {
    memory: usize,
    ranges: KeyRanges,
    store: Store,
}

#[derive(Debug, Clone)]
enum Store {
    Counts(Gathered<u64>),
    Weights(Gathered<WeightedRow>),
    Costs(Priced),
}

/// Rows with what they cost.
#[derive(Debug, Clone)]
struct Priced {
    rows: Accumulator<PricedRow>,
    /// Whether rows had weights; their bins are sums in any case.
    is_weighted: bool,
    /// What the rows of each class cost if none is predicted positive.
    none: [CompensatedSum; 2],
}

impl PartialSweepBuilder {
    /// A builder for all rows.
    ///
    /// `memory`: the most bytes it may take, in `[240, usize::MAX]`; more give finer bins. The blocks of rows that it
    /// is given are not counted.
    ///
    /// # Errors
    /// [`Error::Memory`] for less than two bins take.
    pub fn new(memory: usize) -> Result<Self> {
        Self::with_ranges(memory, KeyRanges::all())
    }

    /// A builder for all rows that cuts its bins at some thresholds as well, so that the matrix there is exact, too.
    ///
    /// Its bins are not cut by bits alone, and merge with those of others by overlap ([`PartialSweep::join`]). There
    /// may be more of them than fit into the memory: one for each threshold.
    ///
    /// # Errors
    /// As [`PartialSweepBuilder::new`].
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::{Scores, Threshold};
    /// use cutpoint_metrics::{Cells, PartialSweepBuilder};
    ///
    /// // Hundred scores, and memory for two or three bins.
    /// let score = (0..100).map(|row| f64::from(row) / 100.0).collect();
    /// let scores = Scores::new((0..100).map(|row| row % 10 > 7).collect(), score)?;
    /// let mut builder = PartialSweepBuilder::cut_at(240, &[Threshold::HALF])?;
    /// builder.add(&scores);
    /// let cells = builder.finish()?.cell_bounds(Threshold::HALF);
    /// assert!(cells.is_exact());
    /// assert_eq!(cells.lower(), Cells::from_counts(10, 40, 10, 40));
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn cut_at(memory: usize, thresholds: &[Threshold]) -> Result<Self> {
        Self::with_ranges(memory, KeyRanges::cut_at(thresholds))
    }

    /// A builder for the rows whose scores lie in one of some ranges; the others are passed over.
    ///
    /// Ranges that share a score are one, and no bin crosses the border of one. More ranges than bins fit would
    /// therefore take more memory than allowed; see [`PartialSweepBuilder::max_ranges`].
    ///
    /// # Errors
    /// - [`Error::Memory`] as for [`PartialSweepBuilder::new`].
    /// - [`Error::NoRanges`] without ranges.
    pub fn within(memory: usize, ranges: &[ScoreRange]) -> Result<Self> {
        if ranges.is_empty() {
            return Err(Error::NoRanges);
        }
        Self::with_ranges(memory, KeyRanges::new(ranges))
    }

    /// How many distinct scores a builder with so much memory keeps apart, whether the rows have weights or not; at
    /// least 2.
    pub fn max_scores(memory: usize) -> usize {
        Limits::of::<CompensatedSum>(memory).max_bins
    }

    /// How many ranges a builder with so much memory can keep apart and still cut into bins; at least 1.
    pub fn max_ranges(memory: usize) -> usize {
        (Limits::of::<CompensatedSum>(memory).max_bins / 2).max(1)
    }

    /// The same for rows with costs ([`PartialSweepBuilder::add_with_costs`]).
    pub fn max_ranges_with_costs(memory: usize) -> usize {
        (Limits::of::<PricedSum>(memory).max_bins / 2).max(1)
    }

    fn with_ranges(memory: usize, ranges: KeyRanges) -> Result<Self> {
        check_memory(memory)?;
        let counts = Gathered::new(memory, &ranges);
        Ok(Self {
            memory,
            ranges,
            store: Store::Counts(counts),
        })
    }

    /// Adds rows; those of weight 0 count like no row.
    ///
    /// Where some blocks have weights and others have none, the rows of the others have weight 1; where some have
    /// costs, those of the others cost nothing.
    pub fn add(&mut self, scores: &Scores) {
        let rows = scores.is_positive().iter().zip(scores.score());
        let rows = rows.map(|(&is_positive, &score)| (is_positive, key_of(score)));
        match (&mut self.store, scores.weight()) {
            (Store::Counts(counts), None) => counts.add(rows),
            (Store::Weights(weights), None) => {
                let weight_bits = 1.0_f64.to_bits();
                weights.add(rows.map(|(is, key)| (is, WeightedRow { key, weight_bits })));
            }
            (Store::Weights(weights), Some(weight)) => {
                // -0.0 is a weight of 0, too.
                let rows = rows.zip(weight).filter(|(_, weight)| **weight > 0.0);
                let rows = rows.map(|((is, key), weight)| {
                    let weight_bits = weight.to_bits();
                    (is, WeightedRow { key, weight_bits })
                });
                weights.add(rows);
            }
            (Store::Counts(_), Some(_)) => {
                self.give_weights();
                self.add(scores);
            }
            (Store::Costs(priced), _) => {
                priced.add(scores, &RowCosts::free(scores.n_samples()));
            }
        }
    }

    /// Adds rows with what each of them costs by itself, for a search whose objective is the cost of
    /// all rows ([`Objective::of_amounts`](crate::Objective::of_amounts)); otherwise as [`PartialSweepBuilder::add`].
    ///
    /// # Errors
    /// - [`Error::Input`] unless there is one pair of costs a row.
    /// - [`Error::RowCost`] for a cost, times the weight of its row, outside `[-1e290, 1e290]`. Nothing was added then.
    pub fn add_with_costs(&mut self, scores: &Scores, costs: &RowCosts) -> Result<()> {
        costs.check(scores)?;
        self.priced().add(scores, costs);
        Ok(())
    }

    /// Adds the rows that wait to be added to bins: then it is as small as it can be.
    pub fn settle(&mut self) {
        match &mut self.store {
            Store::Counts(counts) => counts.settle(),
            Store::Weights(weights) => weights.settle(),
            Store::Costs(priced) => priced.rows.settle(),
        }
    }

    fn is_settled(&self) -> bool {
        match &self.store {
            Store::Counts(counts) => counts.is_settled(),
            Store::Weights(weights) => weights.is_settled(),
            Store::Costs(priced) => priced.rows.is_settled(),
        }
    }

    /// Adds the rows of another, which is of the same kind: made for as much memory, the same ranges and the same
    /// thresholds to cut at.
    ///
    /// Which parts there were, and which came first, does not show, as the order of the rows does not.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] for another memory, other ranges, or other thresholds to cut at.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    /// use cutpoint_metrics::{PartialSweepBuilder, sweep};
    ///
    /// let mut parts = [PartialSweepBuilder::new(1 << 20)?, PartialSweepBuilder::new(1 << 20)?];
    /// parts[0].add(&Scores::new(vec![true, false], vec![0.9, 0.8])?);
    /// parts[1].add(&Scores::new(vec![true, false], vec![0.8, 0.1])?);
    /// let [mut whole, other] = parts;
    /// whole.merge(other)?;
    /// let rows = Scores::new(vec![true, false, true, false], vec![0.9, 0.8, 0.8, 0.1])?;
    /// assert_eq!(whole.finish()?.edges(), &sweep(&rows));
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn merge(&mut self, mut other: Self) -> Result<()> {
        if self.memory != other.memory {
            return Err(Error::PartsDiffer { name: "memory" });
        }
        if self.ranges != other.ranges {
            return Err(Error::PartsDiffer { name: "ranges" });
        }
        let stores = [&self.store, &other.store];
        if stores.iter().any(|store| matches!(store, Store::Costs(_))) {
            self.priced();
            other.priced();
        } else if stores
            .iter()
            .any(|store| matches!(store, Store::Weights(_)))
        {
            self.give_weights();
            other.give_weights();
        }
        match (&mut self.store, other.store) {
            (Store::Counts(own), Store::Counts(counts)) => own.merge(counts),
            (Store::Weights(own), Store::Weights(weights)) => own.merge(weights),
            (Store::Costs(own), Store::Costs(priced)) => own.merge(priced),
            _ => unreachable!("both are of the kind that holds either"),
        }
        Ok(())
    }

    /// Makes rows that were counted rows of weight 1.
    fn give_weights(&mut self) {
        if let Store::Counts(counts) = &mut self.store {
            let counts = std::mem::replace(counts, Gathered::new(self.memory, &self.ranges));
            self.store = Store::Weights(Gathered::with_weights(self.memory, &self.ranges, counts));
        }
    }

    /// The rows with what they cost, which is nothing if they had no costs.
    fn priced(&mut self) -> &mut Priced {
        if !matches!(self.store, Store::Costs(_)) {
            let rows = empty::<PricedRow>(self.memory, &self.ranges);
            let plain = Store::Counts(Gathered::new(self.memory, &self.ranges));
            let store = std::mem::replace(&mut self.store, plain);
            self.store = Store::Costs(Priced {
                is_weighted: matches!(store, Store::Weights(_)),
                rows: match store {
                    Store::Counts(counts) => rows.with_rows(counts.into_bins()),
                    Store::Weights(weights) => rows.with_rows(weights.into_bins()),
                    Store::Costs(_) => unreachable!("looked at above"),
                },
                none: <[CompensatedSum; 2]>::default(),
            });
        }
        match &mut self.store {
            Store::Costs(priced) => priced,
            _ => unreachable!("made above"),
        }
    }

    /// The sweep of all rows.
    ///
    /// # Errors
    /// [`Error::Input`] if there were none.
    pub fn finish(self) -> Result<PartialSweep> {
        match self.store {
            Store::Counts(counts) => counts.finish(),
            Store::Weights(weights) => weights.finish(),
            Store::Costs(priced) if priced.is_weighted => priced.finish::<CompensatedSum>(),
            Store::Costs(priced) => priced.finish::<u64>(),
        }
    }
}

/// No rows so far, within so much memory.
fn empty<R: Row>(memory: usize, ranges: &KeyRanges) -> Accumulator<R> {
    Accumulator::new(Limits::of::<R::Amount>(memory), ranges.clone())
}

impl Priced {
    /// Adds rows with costs that were checked.
    fn add(&mut self, scores: &Scores, costs: &RowCosts) {
        let (if_positive, if_negative) = (costs.if_positive(), costs.if_negative());
        let weight = |row: usize| scores.weight().map_or(1.0, |weight| weight[row]);
        self.is_weighted |= scores.weight().is_some();
        for (row, &is_positive) in scores.is_positive().iter().enumerate() {
            self.none[usize::from(!is_positive)].add(weight(row) * if_negative[row]);
        }
        let rows = scores.is_positive().iter().zip(scores.score()).enumerate();
        let rows = rows.map(|(row, (&is_positive, &score))| {
            let weight = weight(row);
            let (if_positive, if_negative) = (weight * if_positive[row], weight * if_negative[row]);
            let priced = PricedRow::new(key_of(score), weight, if_positive, if_negative);
            (is_positive, priced)
        });
        if scores.weight().is_some() {
            self.rows.add(rows.filter(|(_, row)| row.weight() > 0.0));
        } else {
            self.rows.add(rows);
        }
    }

    fn merge(&mut self, other: Self) {
        self.is_weighted |= other.is_weighted;
        self.none = [0, 1].map(|class| self.none[class].plus(other.none[class]));
        self.rows.merge(other.rows);
    }

    fn finish<A: Cell>(self) -> Result<PartialSweep> {
        let n_samples = self.rows.n_rows();
        let bins = self.rows.finish();
        let cells = bins.iter().map(Bin::<PricedSum>::with_sums::<A>);
        let partial = PartialSweep::from_sorted(cells, Some(n_samples))?;
        Ok(PartialSweep {
            costs: Some(CostColumns::new(self.none, bins.iter())),
            ..partial
        })
    }
}
