//! The paired bootstrap of two models on rows that have weights. What does without weights is with `paired`.

use cutpoint_core::random::Purpose;
use cutpoint_core::{Scores, Threshold};

use super::bootstrap::{Bootstrap, BootstrapOptions};
use super::confidence::ConfidenceInterval;
use super::paired::{
    BY_CLASS, PairedCounts, cells_of, check_same_classes, paired_bootstrap, paired_counts, places,
};
use super::rows::replicate_sums;
use crate::compensated::CompensatedSum;
use crate::{Cells, Error, Metric, Result};

/// The cells of two models on the same rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct PairedCells {
    first: Cells,
    second: Cells,
}

impl PairedCells {
    /// The cells of the first model.
    pub fn first(&self) -> Cells {
        self.first
    }

    /// The cells of the second model.
    pub fn second(&self) -> Cells {
        self.second
    }

    fn of_sums(sums: &[f64; 8]) -> Self {
        let [first, second] = cells_of(|place| sums[place])
            .map(|[tp, fp, fn_, tn]| Cells::from_sums(tp, fp, fn_, tn));
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

/// Bootstraps two models on the same rows, each at a threshold that was fixed beforehand, by drawing rows with their
/// weights, each row of data as likely as any other.
///
/// As to what weights this is right for, see [`bootstrap_rows`](crate::bootstrap_rows). A replicate looks at every row.
/// Without weights this is [`paired_bootstrap`], which does not.
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
    const PURPOSE: Purpose = Purpose::new("bootstrap/paired-rows");
    options.check()?;
    if first.weight().is_none() && second.weight().is_none() {
        let counts = paired_counts(first, first_threshold, second, second_threshold)?;
        return Ok(paired_bootstrap(&counts, options)?.map(PairedCells::from));
    }
    let weight = common_weight(first, second)?;
    if options.is_bca() {
        return Err(Error::WeightedBca);
    }
    let places = places(first, first_threshold, second, second_threshold);
    let rows = places.zip(weight).collect::<Vec<_>>();
    let mut observed = [CompensatedSum::default(); 8];
    for &(place, weight) in &rows {
        observed[place].add(weight);
    }
    let observed = PairedCells::of_sums(&observed.map(CompensatedSum::value));
    let strata = if options.is_by_class() {
        BY_CLASS
    } else {
        [0; 8]
    };
    let make = |sums| PairedCells::of_sums(&sums);
    let replicates = replicate_sums(&rows, strata, PURPOSE, options, make);
    Ok(Bootstrap::new(observed, replicates, options))
}

/// The weight of each row, which must be the same in both; 1 where none is given.
fn common_weight(first: &Scores, second: &Scores) -> Result<Vec<f64>> {
    check_same_classes(first, second)?;
    let weight = |scores: &Scores, row: usize| scores.weight().map_or(1.0, |weight| weight[row]);
    let rows = (0..first.n_samples()).map(|row| {
        let weights = [weight(first, row), weight(second, row)];
        #[expect(clippy::float_cmp, reason = "weights that were given, not computed")]
        if weights[0] == weights[1] {
            Ok(weights[0])
        } else {
            Err(Error::RowWeight { row })
        }
    });
    rows.collect()
}

impl Bootstrap<PairedCells> {
    /// The interval of a metric of the first model less that of the second; see [`Bootstrap::interval`], which takes
    /// any other comparison, of costs for example.
    pub fn difference_interval(&self, metric: &Metric) -> Option<ConfidenceInterval> {
        self.interval(|cells| Some(metric.value(&cells.first)? - metric.value(&cells.second)?))
    }
}
