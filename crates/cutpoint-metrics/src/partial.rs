//! Partial sweeps: what can be counted of any number of rows in bounded memory, and merged. How rows become bins is in
//! `builder`, how partial sweeps become one in `merger`, what they say between their edges in `bounds` and `areas`,
//! what they are as bytes in `bytes`. No file is read here.

mod areas;
mod bins;
mod bounds;
mod builder;
mod bytes;
mod costs;
mod kept;
mod limits;
mod merger;
mod range;
mod rows;
mod widths;

pub use self::bounds::{Bounds, CellBounds};
pub use self::builder::PartialSweepBuilder;
pub use self::costs::RowCosts;
pub use self::costs::{ClassCosts, CostBounds, CostColumns, CostSums, CostTotal};
pub use self::merger::{BinJoin, PartialSweepMerger};
pub use self::range::ScoreRange;

use self::bins::{Bin, Cell, unite};
use crate::compensated::CompensatedSum;
use crate::key::{KEY_BITS, key_of, score_of};
use crate::sweep::at_score;
use crate::{Error, Interval, Result, Sweep};

/// A sweep in bins of scores: exact at the edges of the bins, bounded between them.
///
/// A bin holds the rows between two scores. The matrix at its lowest score, the *edge*, is exact, whatever the other
/// edges are; a bin of one score is one threshold of the whole sweep, and a partial sweep all of whose bins are such
/// *is* the sweep. Between edges every cell, metric and area has certified bounds.
///
/// Partial sweeps of parts of the rows merge into that of all of them, in any order. Bins may come from anywhere: group
/// the rows by whatever rises with the score, and tell the lowest and highest score of each group and its counts.
///
/// # Shapes
/// `n_bins` bins, descending and apart.
///
/// # Examples
/// ```
/// use cutpoint_core::Threshold;
/// use cutpoint_metrics::{Cells, PartialSweep};
///
/// // Three rows between 0.7 and 0.9, one at 0.5, two between 0.1 and 0.2.
/// let partial = PartialSweep::from_counts(&[0.7, 0.5, 0.1], &[0.9, 0.5, 0.2], &[2, 1, 0], &[1, 0, 2])?;
/// assert_eq!(partial.edges().cells(1), Cells::from_counts(2, 1, 1, 2));
/// // Nothing is between 0.2 and 0.5, but 0.8 lies inside a bin.
/// assert!(partial.cell_bounds(Threshold::new(0.3)?).is_exact());
/// let inside = partial.cell_bounds(Threshold::new(0.8)?);
/// assert_eq!((inside.tp().low(), inside.tp().high()), (0.0, 2.0));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct PartialSweep {
    /// Its thresholds are the lowest scores of the bins.
    edges: Sweep,
    /// The highest score of each bin; `None` if every bin is one score.
    highest: Option<Vec<f64>>,
    n_samples: Option<usize>,
    /// What the rows cost, if they were added with that.
    costs: Option<CostColumns>,
}

/// The rows between two scores.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ScoreBin {
    range: ScoreRange,
    positives: f64,
    negatives: f64,
}

impl PartialSweep {
    /// Bins that were counted elsewhere, by their columns.
    ///
    /// They may come in any order. Bins that share a score become one, and bins without rows are dropped.
    ///
    /// # Shapes
    /// `lowest`, `highest`, `positives`, `negatives`: `(n,)`.
    ///
    /// # Errors
    /// - [`Error::BinColumn`] if the columns differ in length.
    /// - [`Error::BinRange`] for scores that are not finite, or a lowest score above the highest.
    /// - [`Error::NoRows`] without rows.
    /// - [`Error::BinTotal`] for more rows than 2^53, which no cell could hold.
    pub fn from_counts(
        lowest: &[f64],
        highest: &[f64],
        positives: &[u64],
        negatives: &[u64],
    ) -> Result<Self> {
        let bins = bins_of(lowest, highest, positives, negatives)?;
        let in_use = |bin: &Bin<u64>| bin.positives > 0 || bin.negatives > 0;
        let bins = bins.into_iter().filter(in_use).collect::<Vec<_>>();
        let n_samples = bins.iter().try_fold(0_u64, |sum, bin| {
            sum.checked_add(bin.positives)?.checked_add(bin.negatives)
        });
        let n_samples = n_samples.and_then(|n_samples| usize::try_from(n_samples).ok());
        Self::from_unsorted(bins, lowest.len(), n_samples)
    }

    /// Bins of weighted rows that were added up elsewhere, by their columns. The sums are taken as they are given.
    ///
    /// They may come in any order. Bins that share a score become one, and bins without weight are dropped.
    ///
    /// # Shapes
    /// `lowest`, `highest`, `positives`, `negatives`: `(n,)`.
    ///
    /// # Errors
    /// - [`Error::BinColumn`] if the columns differ in length.
    /// - [`Error::BinRange`] for scores that are not finite, or a lowest score above the highest.
    /// - [`Error::BinWeight`] for a sum that is negative, NaN or infinite.
    /// - [`Error::NoRows`] without weight.
    /// - [`Error::BinTotal`] for more than 1e300, the most that weights may sum to.
    pub fn from_weights(
        lowest: &[f64],
        highest: &[f64],
        positives: &[f64],
        negatives: &[f64],
    ) -> Result<Self> {
        for (name, column) in [("positives", positives), ("negatives", negatives)] {
            let is_wrong = |value: &f64| !(value.is_finite() && *value >= 0.0);
            if let Some(bin) = column.iter().position(is_wrong) {
                let value = column[bin];
                return Err(Error::BinWeight { name, bin, value });
            }
        }
        let bins = bins_of(lowest, highest, positives, negatives)?;
        let in_use = |bin: &Bin<f64>| bin.positives > 0.0 || bin.negatives > 0.0;
        let sum = |value| CompensatedSum::from_parts(value, 0.0);
        let bins = bins.into_iter().filter(in_use).map(|bin| Bin {
            first: bin.first,
            last: bin.last,
            positives: sum(bin.positives),
            negatives: sum(bin.negatives),
        });
        Self::from_unsorted(bins.collect(), lowest.len(), None)
    }

    fn from_unsorted<A: Cell>(
        mut bins: Vec<Bin<A>>,
        n_bins: usize,
        n_samples: Option<usize>,
    ) -> Result<Self> {
        if bins.is_empty() {
            return Err(Error::NoRows { n_bins });
        }
        bins.sort_unstable_by_key(|bin| (bin.first, bin.last));
        unite(&mut bins, |bin, next| next.first <= bin.last);
        Self::from_sorted(bins.iter().copied(), n_samples)
    }

    /// The cumulative columns of bins that are sorted and apart.
    fn from_sorted<A: Cell>(
        bins: impl ExactSizeIterator<Item = Bin<A>> + Clone,
        n_samples: Option<usize>,
    ) -> Result<Self> {
        if bins.len() == 0 {
            return Err(cutpoint_core::Error::Empty { name: "score" }.into());
        }
        let zero = [A::default(); 2];
        let plus = |[tp, fp]: [A; 2], bin: Bin<A>| [tp.plus(bin.positives), fp.plus(bin.negatives)];
        let all = bins.clone().fold(zero, plus);
        let total = all[0].to_sum().plus(all[1].to_sum()).value();
        if total > A::MOST {
            return Err(Error::BinTotal {
                limit: A::MOST,
                total,
            });
        }
        // Straight into the columns that are kept: the bins are there as well, and there is no room for more.
        let thresholds = bins.clone().map(|bin| score_of(bin.last)).collect();
        let is_exact = bins.clone().all(|bin| bin.first == bin.last);
        let highest = (!is_exact).then(|| bins.clone().map(|bin| score_of(bin.first)).collect());
        let sums = bins.scan(zero, |sums, bin| {
            *sums = plus(*sums, bin);
            Some(*sums)
        });
        let edges = A::sweep(thresholds, sums, all, n_samples.unwrap_or(0));
        Ok(Self {
            edges,
            highest,
            n_samples,
            costs: None,
        })
    }

    /// The sweep of the edges: of the same rows, had each the lowest score of its bin.
    ///
    /// Its rows are rows of the sweep of all scores, so that every view of it is exact at its thresholds. What it says
    /// of thresholds between them holds for the lowered scores only; [`PartialSweep::cell_bounds`] holds for the true
    /// ones. It counts no samples ([`Sweep::n_samples`] is 0) if the bins are sums of weights made elsewhere.
    pub fn edges(&self) -> &Sweep {
        &self.edges
    }

    /// The sweep, if it is exact.
    pub fn exact(&self) -> Option<&Sweep> {
        self.is_exact().then_some(&self.edges)
    }

    /// The edges alone; see [`PartialSweep::edges`].
    pub fn into_edges(self) -> Sweep {
        self.edges
    }

    /// Whether every bin is one score, so that the edges are the sweep itself.
    pub fn is_exact(&self) -> bool {
        self.highest.is_none()
    }

    /// Number of bins; one less than the edges have rows.
    pub fn n_bins(&self) -> usize {
        self.edges.n_thresholds()
    }

    /// How many of the bins hold more than one score.
    pub fn n_wide_bins(&self) -> usize {
        if self.is_exact() {
            return 0;
        }
        let wide = (0..self.n_bins()).filter(|&index| !self.is_one_score(index));
        wide.count()
    }

    /// Number of rows of data that were counted; `None` if the bins are sums of weights made elsewhere.
    pub fn n_samples(&self) -> Option<usize> {
        self.n_samples
    }

    /// Whether the bins hold sums of weights rather than counts.
    pub fn is_weighted(&self) -> bool {
        self.edges.is_weighted()
    }

    /// A bin, counted from that of the highest scores.
    ///
    /// # Panics
    /// If the bin does not exist.
    pub fn bin(&self, index: usize) -> ScoreBin {
        let bin = self.sums(index);
        ScoreBin {
            range: self.range(index),
            positives: bin.positives.value(),
            negatives: bin.negatives.value(),
        }
    }

    /// The bins, from the highest scores to the lowest.
    pub fn bins(&self) -> impl ExactSizeIterator<Item = ScoreBin> + '_ {
        (0..self.n_bins()).map(|index| self.bin(index))
    }

    /// The thresholds at which the matrix of a row of the edges holds: down to the next lower score, which is the
    /// highest of the next bin.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn interval(&self, index: usize) -> Interval {
        let lower = self.highest().get(index).copied().map(at_score);
        Interval::new(lower, self.edges.threshold(index))
    }

    /// How this one can be merged with others so that their whole comes out.
    pub fn join(&self) -> BinJoin {
        match self.n_bits() {
            Some(_) => BinJoin::Bits,
            None => BinJoin::Overlap,
        }
    }

    /// Merges the partial sweeps of parts of the rows, whatever their order, and what the rows cost.
    ///
    /// `memory`: as for [`PartialSweepBuilder::new`]. If all parts were made by builders with that memory or more, this
    /// is what a builder with that memory makes of all rows, count by count. [`PartialSweepMerger`] merges without
    /// holding all parts at once.
    ///
    /// # Errors
    /// - [`Error::Memory`] for too little.
    /// - [`Error::Input`] without parts.
    /// - [`Error::BinTotal`] if the rows are more than can be counted with.
    pub fn merge<'p>(
        parts: impl IntoIterator<Item = &'p Self> + Clone,
        memory: usize,
    ) -> Result<Self> {
        let joins = parts.clone().into_iter().map(Self::join);
        let join = joins.max().unwrap_or(BinJoin::Bits);
        let mut merger = PartialSweepMerger::new(memory, join)?;
        for part in parts {
            merger.add(part)?;
        }
        merger.finish()
    }

    /// How many leading bits of the scores the bins are cut by, if they are.
    fn n_bits(&self) -> Option<u32> {
        if self.is_exact() {
            return Some(KEY_BITS);
        }
        bins::n_bits_of((0..self.n_bins()).map(|index| self.keys(index)))
    }

    /// What the rows cost at the edges, if they were added with that.
    pub fn costs(&self) -> Option<&CostColumns> {
        self.costs.as_ref()
    }

    /// The highest score of each bin.
    fn highest(&self) -> &[f64] {
        match &self.highest {
            Some(highest) => highest,
            None => self.edges.thresholds(),
        }
    }

    fn is_one_score(&self, index: usize) -> bool {
        let (first, last) = self.keys(index);
        first == last
    }

    fn keys(&self, index: usize) -> (u64, u64) {
        let lowest = self.edges.thresholds()[index];
        (key_of(self.highest()[index]), key_of(lowest))
    }

    /// The scores of a bin.
    ///
    /// # Panics
    /// If the bin does not exist.
    pub fn range(&self, index: usize) -> ScoreRange {
        ScoreRange::between(self.edges.thresholds()[index], self.highest()[index])
    }

    /// A bin with all digits of its sums.
    fn sums(&self, index: usize) -> Bin<CompensatedSum> {
        let (first, last) = self.keys(index);
        Bin {
            first,
            last,
            positives: self.edges.tp(index + 1).without(self.edges.tp(index)),
            negatives: self.edges.fp(index + 1).without(self.edges.fp(index)),
        }
    }
}

/// A whole sweep: every bin is one score.
impl From<Sweep> for PartialSweep {
    fn from(sweep: Sweep) -> Self {
        Self {
            highest: None,
            n_samples: Some(sweep.n_samples()),
            edges: sweep,
            costs: None,
        }
    }
}

/// The bins of four columns.
fn bins_of<A: Copy>(
    lowest: &[f64],
    highest: &[f64],
    positives: &[A],
    negatives: &[A],
) -> Result<Vec<Bin<A>>> {
    let expected = lowest.len();
    let lengths = [
        ("highest", highest.len()),
        ("positives", positives.len()),
        ("negatives", negatives.len()),
    ];
    if let Some(&(name, got)) = lengths.iter().find(|(_, length)| *length != expected) {
        return Err(Error::BinColumn {
            name,
            expected,
            got,
        });
    }
    let bin = |index: usize| {
        let (lowest, highest) = (lowest[index], highest[index]);
        ScoreRange::new(lowest, highest).map_err(|_| Error::BinRange {
            bin: index,
            lowest,
            highest,
        })?;
        Ok(Bin {
            first: key_of(highest),
            last: key_of(lowest),
            positives: positives[index],
            negatives: negatives[index],
        })
    };
    (0..expected).map(bin).collect()
}

impl ScoreBin {
    /// The lowest score of a row inside: the edge.
    pub fn lowest(&self) -> f64 {
        self.range.lowest()
    }

    /// The highest score of a row inside.
    pub fn highest(&self) -> f64 {
        self.range.highest()
    }

    /// Positive rows inside, or the sum of their weights.
    pub fn positives(&self) -> f64 {
        self.positives
    }

    /// Negative rows inside, or the sum of their weights.
    pub fn negatives(&self) -> f64 {
        self.negatives
    }

    /// Whether all rows inside have one score.
    pub fn is_one_score(&self) -> bool {
        self.lowest() >= self.highest()
    }
}
