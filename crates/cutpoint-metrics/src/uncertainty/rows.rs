//! The bootstrap of rows that have weights: there the cells alone do not tell what a row weighs, so the rows are drawn.

use cutpoint_core::random::{Purpose, RandomStream};
use cutpoint_core::{Scores, Threshold};

use super::bootstrap::{Bootstrap, BootstrapOptions, bootstrap};
use crate::compensated::CompensatedSum;
use crate::{Cells, Error, Result, confusion_at};

/// Bootstraps the cells at a threshold by drawing rows with their weights, each row of data as likely as any other.
///
/// This is right for weights that belong to the row, such as the amount at stake or how many of the population a survey
/// row stands for. Weights that merely count repeated rows understate the number of rows, and intervals come out too wide:
/// repeat the rows instead. Rows of weight 0 are drawn, too; they were collected like the others.
///
/// A replicate looks at every row. Without weights this is [`bootstrap`](crate::bootstrap), which does not.
///
/// # Errors
/// - Those of [`BootstrapOptions::check`].
/// - [`Error::WeightedBca`] for [`BootstrapInterval::Bca`](crate::BootstrapInterval::Bca) and weights.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, bootstrap_rows};
///
/// let scores = Scores::new(vec![true, true, false, false], vec![0.9, 0.4, 0.6, 0.1])?
///     .with_weight(vec![10.0, 1.0, 2.0, 3.0])?;
/// let options = BootstrapOptions::default().n_replicates(400);
/// let replicates = bootstrap_rows(&scores, Threshold::HALF, &options)?;
/// // The observed share of accuracy is (10 + 3) / 16; a replicate can have anything from 0 to 1.
/// let accuracy = replicates.metric_interval(&"accuracy".parse()?).unwrap();
/// assert!(accuracy.low() < 0.5 && accuracy.high() > 0.9);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Efron, 1979, *Bootstrap methods: another look at the jackknife*, Annals of Statistics 7, 1–26.
pub fn bootstrap_rows(
    scores: &Scores,
    threshold: Threshold,
    options: &BootstrapOptions,
) -> Result<Bootstrap<Cells>> {
    const PURPOSE: Purpose = Purpose::new("bootstrap/rows");
    options.check()?;
    let observed = confusion_at(scores, threshold);
    let Some(weight) = scores.weight() else {
        return bootstrap(&observed, options);
    };
    if options.is_bca() {
        return Err(Error::WeightedBca);
    }
    let cell = |row: usize| {
        let is_positive = scores.is_positive()[row];
        match (threshold.is_positive(scores.score()[row]), is_positive) {
            (true, true) => TP,
            (true, false) => FP,
            (false, true) => FN,
            (false, false) => TN,
        }
    };
    let rows = (0..scores.n_samples()).map(|row| (cell(row), weight[row]));
    let rows = rows.collect::<Vec<_>>();
    let strata = if options.is_by_class() {
        [0, 1, 0, 1]
    } else {
        [0; 4]
    };
    let make = |[tp, fp, fn_, tn]: [f64; 4]| Cells::from_sums(tp, fp, fn_, tn);
    let replicates = replicate_sums(&rows, strata, PURPOSE, options, make);
    Ok(Bootstrap::new(observed, replicates, options))
}

/// Draws rows, which have a cell and a weight each, within the strata of the cells, as many as each stratum has; what is
/// made of the sums of weights in every replicate.
pub(super) fn replicate_sums<const CELLS: usize, T: Send>(
    rows: &[(usize, f64)],
    strata: [usize; CELLS],
    purpose: Purpose,
    options: &BootstrapOptions,
    make: impl Fn([f64; CELLS]) -> T + Sync,
) -> Vec<T> {
    let strata = (0..CELLS).map(|stratum| {
        let rows = rows.iter().copied();
        rows.filter(|&(cell, _)| strata[cell] == stratum)
            .collect::<Vec<_>>()
    });
    let strata = strata.filter(|rows| !rows.is_empty()).collect::<Vec<_>>();
    options.replicate(purpose, |stream| {
        let mut sums = [CompensatedSum::default(); CELLS];
        for stratum in &strata {
            for _ in 0..stratum.len() {
                let (cell, weight) = stratum[stream.index(stratum.len())];
                sums[cell].add(weight);
            }
        }
        make(sums.map(CompensatedSum::value))
    })
}

const TP: usize = 0;
const FP: usize = 1;
const FN: usize = 2;
const TN: usize = 3;
