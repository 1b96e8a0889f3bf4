//! How sure the area under the ROC curve is, and whether two of them differ, after DeLong. The area itself is with the
//! areas.

use super::confidence::{ConfidenceInterval, check_confidence, two_sided_quantile};
use crate::compensated::CompensatedSum;
use crate::normal::two_sided_p;
use crate::{Error, Result, Sweep, roc_auc};

/// The area under a ROC curve and its variance.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AucEstimate {
    auc: f64,
    variance: f64,
}

/// On which scale an interval of an area is symmetric.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum AucScale {
    /// That of the area itself, cut off at 0 and 1, as `pROC` does.
    #[default]
    Plain,
    /// The logit of the area: never beyond 0 and 1, and truer to its confidence where the area is near 1.
    Logit,
}

impl AucEstimate {
    /// The area.
    pub fn auc(self) -> f64 {
        self.auc
    }

    /// Its variance.
    pub fn variance(self) -> f64 {
        self.variance
    }

    /// The square root of the variance.
    pub fn standard_error(self) -> f64 {
        self.variance.sqrt()
    }

    /// An interval by the normal distribution.
    ///
    /// # Formula
    /// ```text
    /// plain:  auc ± z se, within [0, 1]
    /// logit:  logit(auc) ± z se / (auc (1 - auc)), and back
    /// ```
    ///
    /// # Undefined
    /// On the logit scale for an area of 0 or 1. On the plain scale the interval of these has no width: all pairs in
    /// order are no proof that the next one is.
    ///
    /// # Errors
    /// [`Error::Confidence`] for a confidence outside its domain.
    ///
    /// # References
    /// Pepe, 2003, *The statistical evaluation of medical tests for classification and prediction*, section 5.2.4
    /// (logit).
    pub fn interval(self, confidence: f64, scale: AucScale) -> Result<Option<ConfidenceInterval>> {
        let half = two_sided_quantile(check_confidence(confidence)?) * self.standard_error();
        let auc = self.auc;
        Ok(match scale {
            AucScale::Plain => Some(ConfidenceInterval::new(
                (auc - half).max(0.0),
                (auc + half).min(1.0),
            )),
            AucScale::Logit => {
                let slope = auc * (1.0 - auc);
                let (logit, half) = ((auc / (1.0 - auc)).ln(), half / slope);
                let back = |logit: f64| 1.0 / (1.0 + (-logit).exp());
                (slope > 0.0)
                    .then(|| ConfidenceInterval::new(back(logit - half), back(logit + half)))
            }
        })
    }
}

/// The area under the ROC curve and DeLong's variance of it, from the table of a sweep.
///
/// # Formula
/// A positive row's placement is the share of the negative rows below it, ties counting half; a negative row's, the
/// share of the positive rows above it. The mean of either is the area, and
/// ```text
/// variance = (sample variance of the positive placements) / positives + (the same of the negative ones) / negatives
/// ```
/// Tied rows have one placement, so that the table's counts are enough.
///
/// # Undefined
/// With fewer than two rows of a class, of which there is no sample variance.
///
/// # Errors
/// [`Error::WeightedRows`] for a sweep of weights.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{delong, sweep};
///
/// // Placements of the positive rows: 1 and 1/2; of the negative rows: 1/2 and 1. Sample variance of each: 1/8.
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let estimate = delong(&sweep(&scores))?.unwrap();
/// assert_eq!((estimate.auc(), estimate.variance()), (0.75, 0.125));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// DeLong, DeLong and Clarke-Pearson, 1988, *Comparing the areas under two or more correlated receiver operating
/// characteristic curves*, Biometrics 44, 837–845. Sun and Xu, 2014, *Fast implementation of DeLong's algorithm*, IEEE
/// Signal Processing Letters 21, 1389–1393 (in the time of sorting).
pub fn delong(sweep: &Sweep) -> Result<Option<AucEstimate>> {
    let placements = Placements::new(sweep)?;
    Ok(placements.map(|placements| placements.estimate(placements.squares())))
}

/// The placements of the rows of a sweep, less their mean, which is the area.
#[derive(Debug, Clone)]
pub(super) struct Placements<'s> {
    sweep: &'s Sweep,
    /// Positive and negative rows.
    n_rows: [u64; 2],
    auc: f64,
}

impl<'s> Placements<'s> {
    /// `None` with fewer than two rows of a class.
    pub(super) fn new(sweep: &'s Sweep) -> Result<Option<Self>> {
        let wanted = "DeLong's variance";
        let n_rows = sweep.counts(sweep.n_thresholds());
        let n_rows = n_rows.ok_or(Error::WeightedRows { wanted })?;
        if n_rows.iter().any(|&n_rows| n_rows < 2) {
            return Ok(None);
        }
        Ok(roc_auc(sweep).map(|auc| Self { sweep, n_rows, auc }))
    }

    /// Positive and negative rows.
    pub(super) fn n_rows(&self) -> [u64; 2] {
        self.n_rows
    }

    /// The placements of a positive and of a negative row whose score is the threshold of a row of the sweep.
    fn at(&self, index: usize) -> [f64; 2] {
        let [[tp_above, fp_above], [tp, fp]] = [index - 1, index].map(|index| self.counts(index));
        let [positives, negatives] = self.n_rows;
        let negatives_below = (2 * (negatives - fp) + (fp - fp_above)) as f64 / 2.0;
        let positives_above = (2 * tp_above + (tp - tp_above)) as f64 / 2.0;
        [
            negatives_below / negatives as f64 - self.auc,
            positives_above / positives as f64 - self.auc,
        ]
    }

    /// The placement of each row, in the order of the rows; a score, if it lies below all thresholds.
    ///
    /// The rows are looked up from the highest score to the lowest, so that the table is walked through once.
    pub(super) fn of_rows(&self, is_positive: &[bool], score: &[f64]) -> Result<Vec<f64>, f64> {
        let thresholds = self.sweep.thresholds();
        let mut order = score
            .iter()
            .copied()
            .zip(0..)
            .collect::<Vec<(f64, usize)>>();
        order.sort_unstable_by(|left, right| right.0.total_cmp(&left.0));
        let mut placements = vec![0.0; score.len()];
        let mut n_above = 0;
        let mut here = None;
        for (score, row) in order {
            let n_before = n_above;
            n_above = skip_above(thresholds, n_before, score);
            if n_above == thresholds.len() {
                return Err(score);
            }
            let placed = here.filter(|_| n_above == n_before);
            let placed = placed.unwrap_or_else(|| self.at(n_above + 1));
            here = Some(placed);
            placements[row] = placed[usize::from(!is_positive[row])];
        }
        Ok(placements)
    }

    /// The sums of squares, of positive and negative rows.
    pub(super) fn squares(&self) -> [f64; 2] {
        let mut squares = [CompensatedSum::default(); 2];
        for index in 1..self.sweep.n_rows() {
            let [above, here] = [index - 1, index].map(|index| self.counts(index));
            let placements = self.at(index);
            for class in [0, 1] {
                let n_rows = (here[class] - above[class]) as f64;
                squares[class].add(n_rows * (placements[class] * placements[class]));
            }
        }
        squares.map(CompensatedSum::value)
    }

    /// The area and its variance, from the sums of squares.
    pub(super) fn estimate(&self, squares: [f64; 2]) -> AucEstimate {
        let [of_positives, of_negatives] =
            [0, 1].map(|class| mean_variance(squares[class], self.n_rows[class] as f64));
        AucEstimate {
            auc: self.auc,
            variance: of_positives + of_negatives,
        }
    }

    fn counts(&self, index: usize) -> [u64; 2] {
        self.sweep
            .counts(index)
            .expect("counts, as of the last row")
    }
}

/// How many thresholds lie above a score, which are at least so many; near ones are found fast.
fn skip_above(thresholds: &[f64], at_least: usize, score: f64) -> usize {
    let rest = &thresholds[at_least..];
    let mut width = 1;
    while width < rest.len() && rest[width - 1] > score {
        width *= 2;
    }
    let near = &rest[..width.min(rest.len())];
    at_least + near.partition_point(|&threshold| threshold > score)
}

/// The variance of a mean, from the sum of squares.
pub(super) fn mean_variance(squares: f64, n: f64) -> f64 {
    squares / (n - 1.0) / n
}

/// Whether the areas under two ROC curves of the same rows differ.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DelongTest {
    first: AucEstimate,
    second: AucEstimate,
    covariance: f64,
}

impl DelongTest {
    pub(super) fn new([first, second]: [AucEstimate; 2], covariance: f64) -> Self {
        Self {
            first,
            second,
            covariance,
        }
    }

    /// The first area and its variance.
    pub fn first(self) -> AucEstimate {
        self.first
    }

    /// The second area and its variance.
    pub fn second(self) -> AucEstimate {
        self.second
    }

    /// The covariance of the areas.
    pub fn covariance(self) -> f64 {
        self.covariance
    }

    /// The first area less the second.
    pub fn difference(self) -> f64 {
        self.first.auc - self.second.auc
    }

    /// The variance of the difference.
    pub fn variance(self) -> f64 {
        (self.first.variance + self.second.variance - 2.0 * self.covariance).max(0.0)
    }

    /// The difference in standard errors; `None` if there is no variance, as of scores that rank alike.
    pub fn z(self) -> Option<f64> {
        /// Of a variance that is 0, rounding leaves less than this share of its terms.
        const ROUNDING: f64 = 64.0 * f64::EPSILON;
        let variance = self.variance();
        let terms = self.first.variance + self.second.variance;
        (variance > ROUNDING * terms).then(|| self.difference() / variance.sqrt())
    }

    /// The two-sided p-value: how often areas that are equal would come out at least so different. `None` as of `z`.
    pub fn p(self) -> Option<f64> {
        self.z().map(two_sided_p)
    }

    /// The interval of the difference by the normal distribution, within `[-1, 1]`.
    ///
    /// # Errors
    /// [`Error::Confidence`] for a confidence outside its domain.
    pub fn interval(self, confidence: f64) -> Result<ConfidenceInterval> {
        let half = two_sided_quantile(check_confidence(confidence)?) * self.variance().sqrt();
        let difference = self.difference();
        Ok(ConfidenceInterval::new(
            (difference - half).max(-1.0),
            (difference + half).min(1.0),
        ))
    }
}
