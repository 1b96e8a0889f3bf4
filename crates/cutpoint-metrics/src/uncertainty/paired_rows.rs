//! Two models on the same rows, with weights or without, added up block by block; and their paired bootstrap. What a
//! replicate without weights is, is with `paired`.

use cutpoint_core::random::Purpose;
use cutpoint_core::{Scores, Threshold};
use serde::{Deserialize, Serialize};

use super::bootstrap::{Bootstrap, BootstrapOptions};
use super::confidence::ConfidenceInterval;
use super::draws::{WeightRuns, WeightTable};
use super::paired::{
    BY_CLASS, PairedCounts, cells_of, check_same_classes, paired_bootstrap, places,
};
use crate::bytes::amounts;
use crate::compensated::CompensatedSum;
use crate::{Cells, Error, Metric, Result};

/// The cells of two models on the same rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedCells {
    first: Cells,
    second: Cells,
}

impl PairedCells {
    pub(super) fn new(first: Cells, second: Cells) -> Self {
        Self { first, second }
    }

    /// The cells of the first model.
    pub fn first(&self) -> Cells {
        self.first
    }

    /// The cells of the second model.
    pub fn second(&self) -> Cells {
        self.second
    }

    fn of_sums(sums: [CompensatedSum; 8]) -> Self {
        let [first, second] = cells_of(|place| sums[place]).map(|cells| {
            let [tp, fp, fn_, tn] = cells.map(CompensatedSum::value);
            Cells::from_sums(tp, fp, fn_, tn)
        });
        Self { first, second }
    }
}

impl From<PairedCounts> for PairedCells {
    fn from(counts: PairedCounts) -> Self {
        Self {
            first: counts.first(),
            second: counts.second(),
        }
    }
}

/// Rows of two models, each at its threshold, by their class, by what either model calls them, and by their weight;
/// added up over blocks of rows, so that rows of any number take little memory: none without weights, 16 bytes for each
/// weight that there is, in each of eight places.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Cells, PairedRows};
///
/// let mut rows = PairedRows::new(Threshold::HALF, Threshold::new(5.0)?);
/// for (is_positive, first, second) in [(true, [0.8, 0.3], [7.0, 6.0]), (false, [0.6, 0.1], [1.0, 2.0])] {
///     let scores = |score: [f64; 2]| Scores::new(vec![is_positive; 2], score.into());
///     rows.add(&scores(first)?, &scores(second)?)?;
/// }
/// assert_eq!(rows.observed().first(), Cells::from_counts(1, 1, 1, 1));
/// assert_eq!(rows.observed().second(), Cells::from_counts(2, 0, 0, 2));
/// assert_eq!(rows.counts().unwrap().mcnemar().c(), 2);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairedRows {
    thresholds: [Threshold; 2],
    #[serde(deserialize_with = "amounts")]
    n_samples: usize,
    store: Store,
}

/// What is at each place of [`PairedCounts`].
#[derive(Debug, Clone, Serialize, Deserialize)]
enum Store {
    Counts(#[serde(deserialize_with = "amounts")] [u64; 8]),
    Weights(Box<[WeightRuns; 8]>),
}

impl Store {
    /// Makes rows that were counted rows of weight 1.
    fn give_weights(&mut self) {
        if let Self::Counts(counts) = self {
            let weights = counts.map(|count| WeightRuns::of_equal(1.0, count));
            *self = Self::Weights(Box::new(weights));
        }
    }
}

impl PairedRows {
    /// No rows yet. Positive iff `score >= threshold`.
    pub fn new(first_threshold: Threshold, second_threshold: Threshold) -> Self {
        Self {
            thresholds: [first_threshold, second_threshold],
            n_samples: 0,
            store: Store::Counts([0; 8]),
        }
    }

    /// Adds rows of both models; where none has a weight, each has weight 1.
    ///
    /// # Errors
    /// - [`Error::Input`] unless there are as many rows in both.
    /// - [`Error::RowClass`], [`Error::RowWeight`] if a row has another class or weight in the second; rows are counted
    ///   over all blocks.
    pub fn add(&mut self, first: &Scores, second: &Scores) -> Result<()> {
        check_same_classes(first, second, self.n_samples)?;
        let places = places(first, self.thresholds[0], second, self.thresholds[1]);
        let is_weighted = first.weight().is_some() || second.weight().is_some();
        if is_weighted {
            self.store.give_weights();
        }
        match &mut self.store {
            Store::Counts(counts) => {
                for place in places {
                    counts[place] += 1;
                }
            }
            Store::Weights(weights) => {
                let weight = common_weight(first, second, self.n_samples)?;
                for (place, weight) in places.zip(weight) {
                    weights[place].push(weight);
                }
            }
        }
        self.n_samples += first.n_samples();
        Ok(())
    }

    /// Adds rows that were added elsewhere.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] for those of other thresholds.
    pub fn merge(&mut self, mut other: Self) -> Result<()> {
        if self.thresholds != other.thresholds {
            return Err(Error::PartsDiffer { name: "threshold" });
        }
        let stores = [&self.store, &other.store];
        if stores
            .iter()
            .any(|store| matches!(store, Store::Weights(_)))
        {
            self.store.give_weights();
            other.store.give_weights();
        }
        self.n_samples += other.n_samples;
        match (&mut self.store, other.store) {
            (Store::Weights(own), Store::Weights(weights)) => {
                for (own, weights) in own.iter_mut().zip(*weights) {
                    own.merge(weights);
                }
            }
            (Store::Counts(own), Store::Counts(counts)) => {
                *own = std::array::from_fn(|place| own[place] + counts[place]);
            }
            _ => unreachable!("both have weights if one has"),
        }
        Ok(())
    }

    /// Number of rows, whatever their weights.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// What the rows take, in bytes.
    pub fn n_bytes(&self) -> usize {
        match &self.store {
            Store::Counts(_) => 0,
            Store::Weights(weights) => weights.iter().map(WeightRuns::n_bytes).sum(),
        }
    }

    /// The counts; `None` of rows with weights.
    pub fn counts(&self) -> Option<PairedCounts> {
        match self.store {
            Store::Counts(counts) => Some(PairedCounts { counts }),
            Store::Weights(_) => None,
        }
    }

    /// The cells of both models.
    pub fn observed(&self) -> PairedCells {
        match &self.store {
            Store::Counts(counts) => PairedCounts { counts: *counts }.into(),
            Store::Weights(weights) => {
                PairedCells::of_sums(weights.each_ref().map(WeightRuns::sum))
            }
        }
    }

    /// Bootstraps both models; see [`paired_bootstrap_rows`].
    ///
    /// # Errors
    /// - Those of [`BootstrapOptions::check`].
    /// - [`Error::WeightedBca`] for [`BootstrapInterval::Bca`](crate::BootstrapInterval::Bca) and weights.
    pub fn bootstrap(&self, options: &BootstrapOptions) -> Result<Bootstrap<PairedCells>> {
        const PURPOSE: Purpose = Purpose::new("bootstrap/paired-rows");
        options.check()?;
        let weights = match &self.store {
            Store::Counts(counts) => {
                let counts = PairedCounts { counts: *counts };
                return Ok(paired_bootstrap(&counts, options)?.map(PairedCells::from));
            }
            Store::Weights(weights) => weights,
        };
        if options.is_bca() {
            return Err(Error::WeightedBca);
        }
        let strata = if options.is_by_class() {
            BY_CLASS
        } else {
            [0; 8]
        };
        let table = WeightTable::new((**weights).clone(), strata);
        let exact = |sum| CompensatedSum::from_parts(sum, 0.0);
        let replicates = options.replicate(PURPOSE, |stream| {
            PairedCells::of_sums(table.resample(stream).map(exact))
        });
        Ok(Bootstrap::new(self.observed(), replicates, options))
    }
}

/// The weight of each row, which must be the same in both; 1 where none is given. So many rows came before.
pub(super) fn common_weight(first: &Scores, second: &Scores, n_before: usize) -> Result<Vec<f64>> {
    let weight = |scores: &Scores, row: usize| scores.weight().map_or(1.0, |weight| weight[row]);
    let rows = (0..first.n_samples()).map(|row| {
        let weights = [weight(first, row), weight(second, row)];
        #[expect(clippy::float_cmp, reason = "weights that were given, not computed")]
        if weights[0] == weights[1] {
            Ok(weights[0])
        } else {
            Err(Error::RowWeight {
                row: n_before + row,
            })
        }
    });
    rows.collect()
}

/// Bootstraps two models on the same rows, each at a threshold that was fixed beforehand, by drawing rows with their
/// weights, each row of data as likely as any other.
///
/// As to what weights this is right for, and what a replicate costs, see [`bootstrap_rows`](crate::bootstrap_rows).
/// Without weights this is [`paired_bootstrap`]. Rows that come block by block are for [`PairedRows`].
///
/// # Errors
/// - Those of [`BootstrapOptions::check`].
/// - [`Error::Input`] unless there are as many rows in both.
/// - [`Error::RowClass`], [`Error::RowWeight`] if a row has another class or weight in the second.
/// - [`Error::WeightedBca`] for [`BootstrapInterval::Bca`](crate::BootstrapInterval::Bca) and weights.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, paired_bootstrap_rows};
///
/// let model = |score: [f64; 4]| {
///     Scores::new(vec![true, true, false, false], score.into())?.with_weight(vec![10.0, 1.0, 2.0, 3.0])
/// };
/// let (first, second) = (model([0.9, 0.4, 0.6, 0.1])?, model([0.9, 0.8, 0.2, 0.1])?);
/// let options = BootstrapOptions::default();
/// let half = Threshold::HALF;
/// let replicates = paired_bootstrap_rows(&first, half, &second, half, &options)?;
/// // The second is right on rows of weight 1 and 2 besides those of the first, and on none less in any replicate.
/// let difference = replicates.difference_interval(&"accuracy".parse()?).unwrap();
/// assert!(difference.high() <= 0.0 && difference.contains(-3.0 / 16.0));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// As [`paired_bootstrap`].
pub fn paired_bootstrap_rows(
    first: &Scores,
    first_threshold: Threshold,
    second: &Scores,
    second_threshold: Threshold,
    options: &BootstrapOptions,
) -> Result<Bootstrap<PairedCells>> {
    let mut rows = PairedRows::new(first_threshold, second_threshold);
    rows.add(first, second)?;
    rows.bootstrap(options)
}

impl Bootstrap<PairedCells> {
    /// The interval of a metric of the first model less that of the second; see [`Bootstrap::interval`], which takes
    /// any other comparison, of costs for example.
    pub fn difference_interval(&self, metric: &Metric) -> Option<ConfidenceInterval> {
        self.interval(|cells| Some(metric.value(&cells.first)? - metric.value(&cells.second)?))
    }
}
