//! Calibration: whether probabilities come true as often as they say. Where bins end is in `bins`, how sure their rates
//! are with the intervals of proportions, and what all of it does to the Brier score in `brier`. Nothing is
//! recalibrated.

mod bins;
mod brier;

pub use bins::BinStrategy;
pub use brier::BrierDecomposition;

use self::bins::Bins;
use crate::compensated::CompensatedSum;
use crate::moves::{of_step_blocks, steps_within};
use crate::normal::standard_normal_quantile;
use crate::probability::check_probabilities;
use crate::uncertainty::wilson;
use crate::{Error, Result, Sweep};

/// How probabilities are put into bins, and how sure the rates of the bins shall be.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CalibrationOptions {
    n_bins: usize,
    strategy: BinStrategy,
    confidence: f64,
}

impl Default for CalibrationOptions {
    fn default() -> Self {
        Self {
            n_bins: 5,
            strategy: BinStrategy::Uniform,
            confidence: 0.95,
        }
    }
}

impl CalibrationOptions {
    const MOST_BINS: usize = 1_000_000;

    /// Number of bins. Default 5, domain `[1, 1000000]`; more bins show more detail with less certainty.
    #[must_use]
    pub fn n_bins(mut self, n_bins: usize) -> Self {
        self.n_bins = n_bins;
        self
    }

    /// Where the bins end. Default [`BinStrategy::Uniform`].
    #[must_use]
    pub fn strategy(mut self, strategy: BinStrategy) -> Self {
        self.strategy = strategy;
        self
    }

    /// Confidence of the intervals. Default 0.95, domain `(0, 1)`; larger makes them wider.
    #[must_use]
    pub fn confidence(mut self, confidence: f64) -> Self {
        self.confidence = confidence;
        self
    }

    /// Checks all options together.
    ///
    /// # Errors
    /// - [`Error::BinNumber`] for a number of bins outside its domain.
    /// - [`Error::Confidence`] for a confidence outside its domain.
    pub fn check(&self) -> Result<()> {
        if !(1..=Self::MOST_BINS).contains(&self.n_bins) {
            return Err(Error::BinNumber {
                max: Self::MOST_BINS,
                got: self.n_bins,
            });
        }
        if !(self.confidence > 0.0 && self.confidence < 1.0) {
            return Err(Error::Confidence {
                value: self.confidence,
            });
        }
        Ok(())
    }
}

/// The share of positive rows against the mean probability, bin by bin, probabilities ascending.
///
/// # Shapes
/// All columns: `(n_points,)`, one point a bin that has rows; at most the number of bins asked for, at least 1.
#[derive(Debug, Clone, PartialEq)]
pub struct CalibrationCurve {
    lower: Vec<f64>,
    upper: Vec<f64>,
    count: Vec<f64>,
    positives: Vec<f64>,
    prob_pred: Vec<f64>,
    prob_true: Vec<f64>,
    prob_true_low: Vec<f64>,
    prob_true_high: Vec<f64>,
    brier: BrierDecomposition,
}

/// Reads the calibration curve off a sweep of probabilities.
///
/// A bin holds the probabilities above its lower and up to its upper end; the first one its lower end, too. Weights
/// count like repeated rows, in the intervals and the quantiles, too: weights that are only proportions should be
/// scaled to sum to the number of rows.
///
/// # Formula
/// ```text
/// prob_pred = mean probability of the bin's rows        prob_true = positive rows of the bin / rows of the bin
/// interval  = (k + z²/2 ± z sqrt(k (m - k) / m + z²/4)) / (m + z²)      (Wilson; k of m rows positive)
/// ```
///
/// # Errors
/// - [`Error::Probability`] for a score outside `[0, 1]`.
/// - [`Error::BinNumber`], [`Error::Confidence`] for options outside their domain.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{CalibrationOptions, calibration_curve, sweep};
///
/// let scores = Scores::new(vec![false, false, true, true], vec![0.125, 0.375, 0.375, 0.75])?;
/// let options = CalibrationOptions::default().n_bins(2);
/// let curve = calibration_curve(&sweep(&scores), &options)?;
/// assert_eq!(curve.count(), [3.0, 1.0]);
/// assert_eq!(curve.prob_pred(), [0.875 / 3.0, 0.75]);
/// assert_eq!(curve.prob_true(), [1.0 / 3.0, 1.0]);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Niculescu-Mizil and Caruana, 2005, *Predicting good probabilities with supervised learning*, ICML, 625–632. Wilson,
/// 1927, *Probable inference, the law of succession, and statistical inference*, Journal of the American Statistical
/// Association 22, 209–212. scikit-learn 1.9.1, `calibration_curve`.
pub fn calibration_curve(sweep: &Sweep, options: &CalibrationOptions) -> Result<CalibrationCurve> {
    options.check()?;
    check_probabilities(sweep)?;
    let bins = Bins::new(sweep, options.n_bins, options.strategy);
    let mut tallies = vec![Tally::default(); options.n_bins];
    // The bins descend with the steps, so that a block has a few in a row.
    let parts = of_step_blocks(sweep, |block| {
        let mut parts = Vec::<(usize, Tally)>::new();
        for step in steps_within(sweep, block) {
            let bin = bins.index_of(step.threshold());
            if parts.last().is_none_or(|(last, _)| *last != bin) {
                parts.push((bin, Tally::default()));
            }
            if let Some((_, tally)) = parts.last_mut() {
                tally.positives.add(step.fn_to_tp());
                tally.negatives.add(step.tn_to_fp());
                tally.score.add_product(step.fn_to_tp(), step.threshold());
                tally.score.add_product(step.tn_to_fp(), step.threshold());
            }
        }
        parts
    });
    for (bin, part) in parts.into_iter().flatten() {
        tallies[bin].add(&part);
    }
    let used = |index: &usize| tallies[*index].count() > 0.0;
    let used = (0..options.n_bins).filter(used).collect::<Vec<_>>();
    let column = |value: &dyn Fn(&Tally) -> f64| {
        let tallies = used.iter().map(|&index| &tallies[index]);
        tallies.map(value).collect::<Vec<_>>()
    };
    let z = -standard_normal_quantile((1.0 - options.confidence) / 2.0);
    let interval = |tally: &Tally| wilson::interval(tally.positives.value(), tally.count(), z);
    Ok(CalibrationCurve {
        lower: used.iter().map(|&index| bins.edges()[index]).collect(),
        upper: used.iter().map(|&index| bins.edges()[index + 1]).collect(),
        count: column(&Tally::count),
        positives: column(&|tally| tally.positives.value()),
        prob_pred: column(&Tally::prob_pred),
        prob_true: column(&Tally::prob_true),
        prob_true_low: column(&|tally| interval(tally).0),
        prob_true_high: column(&|tally| interval(tally).1),
        brier: BrierDecomposition::new(sweep, &bins, &tallies),
    })
}

/// What is in one bin.
#[derive(Debug, Clone, Copy, Default)]
struct Tally {
    positives: CompensatedSum,
    negatives: CompensatedSum,
    /// Each score as often as it is there.
    score: CompensatedSum,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.positives = self.positives.plus(other.positives);
        self.negatives = self.negatives.plus(other.negatives);
        self.score = self.score.plus(other.score);
    }

    fn count(&self) -> f64 {
        self.positives.plus(self.negatives).value()
    }

    fn prob_pred(&self) -> f64 {
        self.score.value() / self.count()
    }

    fn prob_true(&self) -> f64 {
        self.positives.value() / self.count()
    }
}

impl CalibrationCurve {
    /// The lower end of each bin.
    pub fn lower(&self) -> &[f64] {
        &self.lower
    }

    /// The upper end of each bin.
    pub fn upper(&self) -> &[f64] {
        &self.upper
    }

    /// Rows of each bin, or the sum of their weights.
    pub fn count(&self) -> &[f64] {
        &self.count
    }

    /// Positive rows of each bin, or the sum of their weights.
    pub fn positives(&self) -> &[f64] {
        &self.positives
    }

    /// The mean probability of each bin.
    pub fn prob_pred(&self) -> &[f64] {
        &self.prob_pred
    }

    /// The share of positive rows of each bin, in `[0, 1]`.
    pub fn prob_true(&self) -> &[f64] {
        &self.prob_true
    }

    /// The lower ends of the intervals of `prob_true`.
    pub fn prob_true_low(&self) -> &[f64] {
        &self.prob_true_low
    }

    /// The upper ends of the intervals of `prob_true`.
    pub fn prob_true_high(&self) -> &[f64] {
        &self.prob_true_high
    }

    /// What the bins make of the Brier score.
    pub fn brier(&self) -> &BrierDecomposition {
        &self.brier
    }

    /// The mean distance between probability and rate, in `[0, 1]`; lower is better. It depends on the bins: more of
    /// them make it larger.
    ///
    /// # Formula
    /// ```text
    /// sum of  count |prob_pred - prob_true|  /  sum of count
    /// ```
    ///
    /// # References
    /// Naeini, Cooper and Hauskrecht, 2015, *Obtaining well calibrated probabilities using Bayesian binning*, AAAI,
    /// 2901–2907.
    pub fn expected_calibration_error(&self) -> f64 {
        let (mut distance, mut total) = (CompensatedSum::default(), CompensatedSum::default());
        let points = self.prob_pred.iter().zip(&self.prob_true);
        for ((prob_pred, prob_true), &count) in points.zip(&self.count) {
            distance.add_product(count, (prob_pred - prob_true).abs());
            total.add(count);
        }
        distance.value() / total.value()
    }
}
