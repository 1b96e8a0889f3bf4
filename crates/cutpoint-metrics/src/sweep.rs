//! The sweep: the cells at every distinct score, made in one pass. How the table is built is in `build` and the modules
//! it names; what it means for a choice, a curve or a picture is for the views of it, none of which sees a score again.

mod binning;
mod build;
mod columns;
mod counts;
mod memory;
mod order;
mod pairs;
mod partition;
mod point;
mod record;
#[cfg(test)]
mod tests;
mod weights;

use cutpoint_core::{Scores, Threshold};

pub(crate) use self::build::Swept;
use self::columns::Columns;
pub(crate) use self::memory::ask_for_huge_pages;
use self::pairs::Pairs;
use self::partition::Plan;
pub(crate) use self::point::at_score;
pub use self::point::{Interval, SweepPoint, SweepRow};
pub(crate) use self::record::{PackedRows, Record, class, pack_key, packed_key};
use crate::compensated::CompensatedSum;
use crate::{Cells, Metric, Result};

/// Every confusion matrix that a threshold on the scores can give.
///
/// Row 0 is "predict none": it has no threshold, and every row of data is predicted negative. Row `i` from 1 on has the
/// `i`-th highest distinct score as its threshold; in the last row everything is predicted positive. A row's matrix
/// holds for every threshold in its [`Interval`].
///
/// Tied scores are one row, adjacent floats are two, and nothing is rounded. Rows of data with weight 0 count like no
/// row.
///
/// # Shapes
/// `thresholds`: `(n_thresholds,)`, strictly descending; the table has `n_rows = n_thresholds + 1` rows.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Cells, sweep};
///
/// let scores = Scores::new(vec![true, true, false, true, false], vec![0.9, 0.8, 0.8, 0.3, 0.1])?;
/// let table = sweep(&scores);
/// assert_eq!(table.thresholds(), [0.9, 0.8, 0.3, 0.1]);
/// assert_eq!((table.threshold(0), table.cells(0)), (None, Cells::from_counts(0, 0, 3, 2)));
/// assert_eq!(table.cells(2), Cells::from_counts(2, 1, 1, 1));
///
/// // 0.5 lies in (0.3, 0.8], where the matrix is that of threshold 0.8.
/// let row = table.index_at(Threshold::HALF);
/// assert_eq!(row, 2);
/// assert_eq!(table.interval(row).midpoint(), Some(Threshold::new(0.55)?));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Sweep {
    thresholds: Vec<f64>,
    columns: Columns,
    n_samples: usize,
}

/// Makes the sweep of scores: exact, in memory, by sorting.
///
/// Unweighted rows are counted in `u64`. Weights are summed with compensation and in an order that only the scores and
/// weights decide, so that neither the order of the rows nor the number of threads changes a bit. Large inputs are
/// sorted in rayon's current pool.
///
/// # Shapes
/// From `(n_samples,)` columns to a table of at most `n_samples + 1` rows.
///
/// # References
/// Fawcett, 2006, *An introduction to ROC analysis*, Pattern Recognition Letters 27, algorithm 1. scikit-learn 1.9.1,
/// `confusion_matrix_at_thresholds`.
pub fn sweep(scores: &Scores) -> Sweep {
    build::build(scores, Plan::new(scores.n_samples()))
}

/// The pairs of a positive and a negative row, each counted once whatever the weights.
pub(crate) fn count_pairs(scores: &Scores) -> Pairs {
    build::build_pairs(scores, Plan::new(scores.n_samples()))
}

impl Sweep {
    /// A table of counts made elsewhere, by its cumulative `[tp, fp]`; `total`: the sum of the last pair.
    pub(crate) fn from_counts(
        thresholds: Vec<f64>,
        counts: impl Iterator<Item = [u64; 2]>,
        total: u64,
        n_samples: usize,
    ) -> Self {
        Self {
            columns: Columns::from_counts(counts, thresholds.len(), total),
            thresholds,
            n_samples,
        }
    }

    /// A table of sums of weights made elsewhere, by its cumulative `[tp, fp]`.
    pub(crate) fn from_sums(
        thresholds: Vec<f64>,
        sums: impl Iterator<Item = [CompensatedSum; 2]>,
        n_samples: usize,
    ) -> Self {
        Self {
            columns: Columns::from_sums(sums, thresholds.len()),
            thresholds,
            n_samples,
        }
    }

    /// Number of thresholds: distinct scores.
    pub fn n_thresholds(&self) -> usize {
        self.thresholds.len()
    }

    /// Number of rows of the table, with the one for "predict none".
    pub fn n_rows(&self) -> usize {
        self.thresholds.len() + 1
    }

    /// Number of rows of data that were counted; those of weight 0 were not.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// Whether the cells are sums of weights rather than counts.
    pub fn is_weighted(&self) -> bool {
        matches!(self.columns, Columns::Weights(_))
    }

    /// The thresholds, strictly descending; that of row `i` is at `i - 1`.
    pub fn thresholds(&self) -> &[f64] {
        &self.thresholds
    }

    /// The threshold of a row; `None` for row 0.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn threshold(&self, index: usize) -> Option<Threshold> {
        assert!(index < self.n_rows(), "row {index} of {}", self.n_rows());
        let place = index.checked_sub(1)?;
        Some(at_score(self.thresholds[place]))
    }

    /// The cells of a row.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn cells(&self, index: usize) -> Cells {
        let last = self.n_thresholds();
        if let (Some([tp, fp]), Some(totals)) = (self.counts(index), self.counts(last)) {
            return Cells::from_counts(tp, fp, totals[0] - tp, totals[1] - fp);
        }
        let sums = |index: usize| [self.tp(index), self.fp(index)];
        Cells::of_called(sums(index), sums(last))
    }

    /// A row of the table.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn row(&self, index: usize) -> SweepRow {
        SweepRow {
            threshold: self.threshold(index),
            cells: self.cells(index),
        }
    }

    /// The rows of the table, from "predict none" to "everything positive".
    pub fn rows(&self) -> impl ExactSizeIterator<Item = SweepRow> + '_ {
        (0..self.n_rows()).map(|index| self.row(index))
    }

    /// Positive rows of data, or the sum of their weights.
    pub fn positives(&self) -> f64 {
        self.tp(self.n_thresholds()).value()
    }

    /// Negative rows of data, or the sum of their weights.
    pub fn negatives(&self) -> f64 {
        self.fp(self.n_thresholds()).value()
    }

    /// The row whose matrix holds at a threshold, which need not be a score.
    pub fn index_at(&self, threshold: Threshold) -> usize {
        self.thresholds
            .partition_point(|&score| threshold.is_positive(score))
    }

    /// The cells at a threshold, which need not be a score.
    pub fn cells_at(&self, threshold: Threshold) -> Cells {
        self.cells(self.index_at(threshold))
    }

    /// The thresholds at which a row's matrix holds.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn interval(&self, index: usize) -> Interval {
        let lower = self.thresholds.get(index).copied().map(at_score);
        Interval::new(lower, self.threshold(index))
    }

    /// A row of the table with the thresholds around that give the same matrix.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn point(&self, index: usize) -> SweepPoint {
        SweepPoint::of(self.interval(index), self.cells(index))
    }

    /// Rows evenly by rank: "predict none", then so many others, both ends among them; a single one is the middle. All
    /// of them, if there are not as many.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    /// use cutpoint_metrics::sweep;
    ///
    /// let score = (0..10).map(f64::from).collect();
    /// let table = sweep(&Scores::new((0..10).map(|row| row % 3 == 0).collect(), score)?);
    /// assert_eq!(table.spread(4), [0, 1, 4, 7, 10]);
    /// # Ok::<(), cutpoint_core::Error>(())
    /// ```
    pub fn spread(&self, n_wanted: usize) -> Vec<usize> {
        evenly(self.n_thresholds(), n_wanted)
    }

    /// The next score up from a threshold whose matrix differs from that at the threshold; `None` if higher thresholds
    /// only predict none.
    pub fn next_up(&self, threshold: Threshold) -> Option<Threshold> {
        let above = self.index_at(threshold).checked_sub(1)?;
        self.threshold(above)
    }

    /// The next score down from a threshold, where the matrix first differs from that at the threshold; `None` if
    /// everything is predicted positive.
    pub fn next_down(&self, threshold: Threshold) -> Option<Threshold> {
        self.interval(self.index_at(threshold)).lower()
    }

    /// The cells on a grid of thresholds, in the order given; each is exact, not taken from the nearest score.
    ///
    /// # Errors
    /// [`Error::Input`](crate::Error::Input) for a threshold that is not a finite number.
    pub fn at_thresholds(&self, thresholds: &[f64]) -> Result<Vec<SweepRow>> {
        thresholds
            .iter()
            .map(|&value| {
                let threshold = Threshold::new(value)?;
                Ok(SweepRow {
                    threshold: Some(threshold),
                    cells: self.cells_at(threshold),
                })
            })
            .collect()
    }

    /// A metric in every row of the table; `None` where it is undefined.
    pub fn metric_column(&self, metric: &Metric) -> Vec<Option<f64>> {
        (0..self.n_rows())
            .map(|index| metric.value(&self.cells(index)))
            .collect()
    }

    /// The pairs of a positive and a negative row of data; `None` if the cells are weights.
    pub(crate) fn pairs(&self) -> Option<Pairs> {
        pairs::pairs_of_table(&self.columns)
    }

    /// The counts `[tp, fp]` of a row; `None` for weights.
    #[inline]
    pub(crate) fn counts(&self, index: usize) -> Option<[u64; 2]> {
        match index.checked_sub(1) {
            Some(place) => self.columns.counts(place),
            None => (!self.is_weighted()).then_some([0; 2]),
        }
    }

    /// True positives of a row, with the digits that a double drops.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn tp(&self, index: usize) -> CompensatedSum {
        let place = index.checked_sub(1);
        place.map_or_else(CompensatedSum::default, |place| self.columns.tp(place))
    }

    /// False positives of a row, with the digits that a double drops.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn fp(&self, index: usize) -> CompensatedSum {
        let place = index.checked_sub(1);
        place.map_or_else(CompensatedSum::default, |place| self.columns.fp(place))
    }
}

fn evenly(n_thresholds: usize, n_wanted: usize) -> Vec<usize> {
    let mut indices = vec![0];
    let last = n_thresholds - 1;
    match n_wanted.min(n_thresholds) {
        0 => {}
        1 => indices.push(1 + last / 2),
        n_shown => {
            let gaps = n_shown - 1;
            // Rounded to the nearest rank.
            indices.extend((0..=gaps).map(|gap| {
                let rank = (2 * gap as u128 * last as u128 + gaps as u128) / (2 * gaps as u128);
                1 + usize::try_from(rank).expect("a rank is at most the last")
            }));
        }
    }
    indices
}
