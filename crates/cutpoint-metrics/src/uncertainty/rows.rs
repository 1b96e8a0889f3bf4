//! The bootstrap of rows that have weights: there the cells alone do not tell what a row weighs, so the rows are drawn.

use cutpoint_core::random::Purpose;
use cutpoint_core::{Scores, Threshold};

use super::bootstrap::{Bootstrap, BootstrapOptions, bootstrap};
use super::draws::{WeightRuns, WeightTable};
use crate::{Cells, Error, Result, confusion_at};

/// Bootstraps the cells at a threshold by drawing rows with their weights, each row of data as likely as any other.
///
/// This is right for weights that belong to the row, such as the amount at stake or how many of the population a survey
/// row stands for. Weights that merely count repeated rows understate the number of rows, and intervals come out too
/// wide: repeat the rows instead. Rows of weight 0 are drawn, too; they were collected like the others.
///
/// A replicate draws the number of rows of each weight that many rows share, and the others one by one. Without weights
/// this is [`bootstrap`](crate::bootstrap).
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
    let mut cells = [(); 4].map(|()| WeightRuns::default());
    let rows = scores.is_positive().iter().zip(scores.score());
    for ((&is_positive, &score), &weight) in rows.zip(weight) {
        let cell = match (threshold.is_positive(score), is_positive) {
            (true, true) => TP,
            (true, false) => FP,
            (false, true) => FN,
            (false, false) => TN,
        };
        cells[cell].push(weight);
    }
    let strata = if options.is_by_class() {
        [0, 1, 0, 1]
    } else {
        [0; 4]
    };
    let table = WeightTable::new(cells, strata);
    let replicates = options.replicate(PURPOSE, |stream| {
        let [tp, fp, fn_, tn] = table.resample(stream);
        Cells::from_sums(tp, fp, fn_, tn)
    });
    Ok(Bootstrap::new(observed, replicates, options))
}

const TP: usize = 0;
const FP: usize = 1;
const FN: usize = 2;
const TN: usize = 3;
