//! Bands that hold a whole curve at once. They need no bootstrap: how far an empirical distribution strays from the
//! true one is the same for every distribution, so that the width is simulated once for a number of rows.

use cutpoint_core::random::{ChaChaStream, Purpose};
use cutpoint_core::{Seed, Threshold};
use rayon::prelude::*;

use super::confidence::check_confidence;
use super::proportion::clopper_pearson;
use crate::{Error, Result, Sweep};

/// How bands are made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BandOptions {
    confidence: f64,
    n_simulations: usize,
    seed: Seed,
}

impl Default for BandOptions {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            n_simulations: 2000,
            seed: Seed::default(),
        }
    }
}

impl BandOptions {
    /// The most simulations there can be.
    pub const MOST_SIMULATIONS: usize = 1_000_000;

    /// How often the band shall hold the whole curve. Default 0.95, domain `(0, 1)`; larger is wider.
    #[must_use]
    pub fn confidence(mut self, confidence: f64) -> Self {
        self.confidence = confidence;
        self
    }

    /// How many samples the width is simulated from. Default 2000, domain `[1, 1000000]`; more make it steadier from
    /// seed to seed.
    #[must_use]
    pub fn n_simulations(mut self, n_simulations: usize) -> Self {
        self.n_simulations = n_simulations;
        self
    }

    /// Where the randomness of the simulation comes from. Default 0; of the seed only its random state counts.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Checks all options.
    ///
    /// # Errors
    /// - [`Error::Confidence`] for a confidence outside its domain.
    /// - [`Error::SimulationNumber`] for a number of simulations outside its domain.
    pub fn check(&self) -> Result<()> {
        check_confidence(self.confidence)?;
        if !(1..=Self::MOST_SIMULATIONS).contains(&self.n_simulations) {
            return Err(Error::SimulationNumber {
                max: Self::MOST_SIMULATIONS,
                got: self.n_simulations,
            });
        }
        Ok(())
    }
}

/// Where the true false and true positive rates lie, for all thresholds at once.
///
/// # Shapes
/// All columns: `(n_rows,)` of the sweep, thresholds descending, the first being "predict none".
#[derive(Debug, Clone, PartialEq)]
pub struct RocBand {
    thresholds: Vec<Option<f64>>,
    fpr: Column,
    tpr: Column,
}

/// Where the true precision and recall lie, for all thresholds at once.
///
/// # Shapes
/// As [`RocBand`].
#[derive(Debug, Clone, PartialEq)]
pub struct PrecisionRecallBand {
    thresholds: Vec<Option<f64>>,
    precision: Column,
    recall: Column,
}

#[derive(Debug, Clone, PartialEq)]
struct Column {
    low: Vec<f64>,
    high: Vec<f64>,
}

impl RocBand {
    /// The thresholds, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The lowest false positive rates, ascending.
    pub fn fpr_low(&self) -> &[f64] {
        &self.fpr.low
    }

    /// The highest false positive rates, ascending.
    pub fn fpr_high(&self) -> &[f64] {
        &self.fpr.high
    }

    /// The lowest true positive rates, ascending.
    pub fn tpr_low(&self) -> &[f64] {
        &self.tpr.low
    }

    /// The highest true positive rates, ascending.
    pub fn tpr_high(&self) -> &[f64] {
        &self.tpr.high
    }
}

impl PrecisionRecallBand {
    /// The thresholds, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The lowest precisions.
    pub fn precision_low(&self) -> &[f64] {
        &self.precision.low
    }

    /// The highest precisions.
    pub fn precision_high(&self) -> &[f64] {
        &self.precision.high
    }

    /// The lowest recalls, ascending.
    pub fn recall_low(&self) -> &[f64] {
        &self.recall.low
    }

    /// The highest recalls, ascending.
    pub fn recall_high(&self) -> &[f64] {
        &self.recall.high
    }
}

/// The band of a ROC curve: a rectangle a threshold, such that with the confidence given all of them hold the true
/// rates of their thresholds at once, and of every threshold between. The true curve lies in their union.
///
/// As all thresholds are held at once, the rates of one that was chosen by looking at the curve are, too.
///
/// # Formula
/// A rate of which `k` of `n` rows were seen is taken to lie where
/// ```text
/// n (x ln(x / y) + (1 - x) ln((1 - x) / (1 - y))) <= c        x = k / n
/// ```
/// the likelihood ratio interval of a proportion, with a `c` that is not exceeded at any of the `n + 1` values of `k`
/// in a share of samples that is the root of the confidence (the classes are independent). Samples of uniform numbers
/// are enough to find `c`, because ranks do not depend on the distribution. Of more than 16384 rows of a class, `c` is
/// found from ranks in steps of 1/256 of their distance to the nearer end, where the others hardly differ.
///
/// With ties, which leave fewer thresholds to hold, the confidence is higher than asked for.
///
/// # Undefined
/// When either class has no rows.
///
/// # Errors
/// - Those of [`BandOptions::check`].
/// - [`Error::WeightedRows`] for a sweep of weights.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{BandOptions, roc_band, sweep};
///
/// let is_positive = (0..200).map(|row| row % 10 < row / 20).collect();
/// let scores = Scores::new(is_positive, (0..200).map(f64::from).collect())?;
/// let band = roc_band(&sweep(&scores), &BandOptions::default())?.unwrap();
/// // Nothing is known to be predicted positive at "predict none", but a higher score may come.
/// assert_eq!((band.tpr_low()[0], band.fpr_low()[0]), (0.0, 0.0));
/// assert!(band.tpr_high()[0] > 0.0 && band.tpr_high()[0] < 0.1);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Owen, 1995, *Nonparametric likelihood confidence bands for a distribution function*, Journal of the American
/// Statistical Association 90, 516–521. Berk and Jones, 1979, *Goodness-of-fit test statistics that dominate the
/// Kolmogorov statistics*, Zeitschrift für Wahrscheinlichkeitstheorie 47, 47–59. Campbell, 1994, *Advances in
/// statistical methodology for the evaluation of diagnostic and laboratory tests*, Statistics in Medicine 13, 499–508
/// (a band for each class makes one of the curve; there of fixed width, which says nothing about low rates).
pub fn roc_band(sweep: &Sweep, options: &BandOptions) -> Result<Option<RocBand>> {
    let bands = rate_bands(sweep, options, options.confidence.sqrt())?;
    Ok(bands.map(|[tpr, fpr]| RocBand {
        thresholds: thresholds(sweep),
        fpr,
        tpr,
    }))
}

/// The band of a precision-recall curve, as [`roc_band`]: all thresholds are held at once.
///
/// # Formula
/// Precision follows from the rates of [`roc_band`] and the prevalence `v`, whose interval is Clopper and Pearson's;
/// each of the three has the cube root of the confidence:
/// ```text
/// precision = v tpr / (v tpr + (1 - v) fpr)        lowest where v and tpr are lowest and fpr is highest
/// ```
/// Where both rates may be 0, precision may be anything.
///
/// # Undefined
/// When either class has no rows.
///
/// # Errors
/// As [`roc_band`].
///
/// # References
/// As [`roc_band`].
pub fn precision_recall_band(
    sweep: &Sweep,
    options: &BandOptions,
) -> Result<Option<PrecisionRecallBand>> {
    let confidence = options.confidence.cbrt();
    let Some([tpr, fpr]) = rate_bands(sweep, options, confidence)? else {
        return Ok(None);
    };
    let [positives, negatives] = class_counts(sweep)?;
    let prevalence = clopper_pearson(positives, positives + negatives, confidence);
    let precision = |prevalence: f64, tpr: f64, fpr: f64, at_none: f64| {
        let (true_alerts, false_alerts) = (prevalence * tpr, (1.0 - prevalence) * fpr);
        let alerts = true_alerts + false_alerts;
        if alerts > 0.0 {
            true_alerts / alerts
        } else {
            at_none
        }
    };
    let rows = 0..sweep.n_rows();
    let low = rows.clone();
    let low = low.map(|row| precision(prevalence.0, tpr.low[row], fpr.high[row], 0.0));
    let high = rows.map(|row| precision(prevalence.1, tpr.high[row], fpr.low[row], 1.0));
    Ok(Some(PrecisionRecallBand {
        thresholds: thresholds(sweep),
        precision: Column {
            low: low.collect(),
            high: high.collect(),
        },
        recall: tpr,
    }))
}

fn thresholds(sweep: &Sweep) -> Vec<Option<f64>> {
    (0..sweep.n_rows())
        .map(|row| sweep.threshold(row).map(Threshold::value))
        .collect()
}

/// The numbers of positive and negative rows.
fn class_counts(sweep: &Sweep) -> Result<[u64; 2]> {
    let wanted = "a band";
    let counts = sweep.counts(sweep.n_thresholds());
    counts.ok_or(Error::WeightedRows { wanted })
}

/// The bands of the true and the false positive rate, each of this confidence.
fn rate_bands(
    sweep: &Sweep,
    options: &BandOptions,
    confidence: f64,
) -> Result<Option<[Column; 2]>> {
    options.check()?;
    let rows = class_counts(sweep)?;
    if rows.contains(&0) {
        return Ok(None);
    }
    let column = |class: usize| {
        let limit = limit(rows[class], confidence, options);
        let counts = (0..sweep.n_rows()).into_par_iter();
        let intervals = counts.map(|row| {
            let counts = sweep.counts(row).expect("counts, as of the last row");
            likelihood_interval(counts[class] as f64, rows[class] as f64, limit)
        });
        let (low, high) = intervals.unzip();
        Column { low, high }
    };
    Ok(Some([column(0), column(1)]))
}

/// The `c` of [`roc_band`] for `n` rows.
fn limit(n: u64, confidence: f64, options: &BandOptions) -> f64 {
    const PURPOSE: Purpose = Purpose::new("bands");
    let ranks = ranks(n);
    let state = options.seed.random_state();
    let simulations = (0..options.n_simulations).into_par_iter();
    let mut farthest = simulations
        .map(|index| {
            let mut stream = ChaChaStream::new(state, PURPOSE, index as u64);
            farthest(&ranks, n, &mut stream)
        })
        .collect::<Vec<_>>();
    farthest.sort_unstable_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 0 and at most the number of simulations"
    )]
    let place = (confidence * farthest.len() as f64) as usize;
    farthest[place.min(farthest.len() - 1)]
}

/// The ranks that are looked at: all, or of many those in small steps.
fn ranks(n: u64) -> Vec<u64> {
    const MOST_OF_ALL: u64 = 16_384;
    const STEP: u64 = 256;
    if n <= MOST_OF_ALL {
        return (1..=n).collect();
    }
    let mut lower = Vec::new();
    let mut rank = 1;
    while rank <= n / 2 {
        lower.push(rank);
        rank += 1 + rank / STEP;
    }
    let upper = lower.iter().rev().map(|&rank| n + 1 - rank);
    let upper = upper.collect::<Vec<_>>();
    lower.into_iter().chain(upper).collect()
}

/// The largest divergence of shares from ordered uniform numbers of a sample.
fn farthest(ranks: &[u64], n: u64, stream: &mut ChaChaStream) -> f64 {
    // The i-th of n uniform numbers in order is the i-th of n + 1 exponential waiting times, as a share of them all.
    let mut sums = Vec::with_capacity(ranks.len());
    let (mut sum, mut last) = (0.0, 0);
    for &rank in ranks {
        sum += stream.gamma((rank - last) as f64);
        sums.push(sum);
        last = rank;
    }
    let whole = sum + stream.gamma((n + 1 - last) as f64);
    let rows = n as f64;
    let mut largest = 0.0_f64;
    for (&rank, &sum) in ranks.iter().zip(&sums) {
        let place = sum / whole;
        // The share of rows jumps at the number: it is held against the share before and after.
        for share in [(rank - 1) as f64 / rows, rank as f64 / rows] {
            // Chi-square is never below the divergence, and spares most of the logarithms.
            let off = share - place;
            if rows * off * off > largest * place * (1.0 - place) {
                largest = largest.max(rows * divergence(share, place));
            }
        }
    }
    largest
}

/// `x ln(x / y) + (1 - x) ln((1 - x) / (1 - y))`, for `y` in `(0, 1)`.
fn divergence(x: f64, y: f64) -> f64 {
    let part = |x: f64, y: f64| {
        let off = (y - x) / x;
        if x <= 0.0 {
            0.0
        } else if off.abs() < 0.5 {
            -x * off.ln_1p()
        } else {
            x * (x / y).ln()
        }
    };
    (part(x, y) + part(1.0 - x, 1.0 - y)).max(0.0)
}

/// The shares whose divergence from `k` of `n` rows, times the number of rows, is within the limit.
fn likelihood_interval(k: f64, n: f64, limit: f64) -> (f64, f64) {
    let low = if k <= 0.0 {
        0.0
    } else if k >= n {
        (-limit / n).exp()
    } else {
        end(k / n, limit / n, 0.0)
    };
    let high = if k >= n {
        1.0
    } else if k <= 0.0 {
        -(-limit / n).exp_m1()
    } else {
        end(k / n, limit / n, 1.0)
    };
    (low, high)
}

/// The number between `x` and an end of the range whose divergence from `x` is the limit.
fn end(x: f64, limit: f64, mut outside: f64) -> f64 {
    let mut inside = x;
    let is_between = |number: f64, one: f64, other: f64| (number - one) * (other - number) > 0.0;
    let deviation = (2.0 * limit * x * (1.0 - x)).sqrt() + limit;
    let start = x + deviation.copysign(outside - x);
    let mut y = if is_between(start, inside, outside) {
        start
    } else {
        inside.midpoint(outside)
    };
    // Newton's steps, held between what is known to be inside and outside.
    for _ in 0..200 {
        let excess = divergence(x, y) - limit;
        if excess > 0.0 {
            outside = y;
        } else {
            inside = y;
        }
        let newton = y - excess * y * (1.0 - y) / (y - x);
        let next = if is_between(newton, inside, outside) {
            newton
        } else {
            inside.midpoint(outside)
        };
        // Steps square their distance to the root: the next one would be lost in rounding.
        if (next - y).abs() <= 1e-9 * (y - x).abs() {
            return next;
        }
        y = next;
    }
    y
}

#[cfg(test)]
mod tests {
    use cutpoint_testkit::golden;
    use serde_json::Value;

    use super::*;

    fn cases(name: &str) -> Vec<Value> {
        let cases = golden("uncertainty.json")[name].as_array().cloned();
        let cases = cases.expect("a list");
        assert!(!cases.is_empty());
        cases
    }

    #[track_caller]
    fn number(case: &Value, name: &str) -> f64 {
        case[name].as_f64().expect("a number")
    }

    #[test]
    fn intervals_are_the_roots_that_scipy_finds() {
        const TOLERANCE: f64 = 1e-12;
        for case in cases("likelihood_intervals") {
            let of = |name| number(&case, name);
            let (low, high) = likelihood_interval(of("k"), of("n"), of("limit"));
            assert!(
                (low - of("low")).abs() <= TOLERANCE * of("low"),
                "{case}: {low}"
            );
            assert!(
                (high - of("high")).abs() <= TOLERANCE * of("high"),
                "{case}: {high}"
            );
        }
    }

    #[test]
    fn limits_are_the_quantiles_that_sorted_uniform_numbers_have() {
        /// Quantiles of 40000 and of 20000 simulations: their standard errors are below 1 % of them, at 99 % below 1.3
        /// %.
        const TOLERANCE: f64 = 0.03;
        let options = BandOptions::default().n_simulations(20_000);
        for case in cases("limits") {
            let n = case["n"].as_u64().expect("a number");
            let expected = number(&case, "limit");
            let got = limit(n, number(&case, "confidence"), &options);
            assert!(
                (got - expected).abs() < TOLERANCE * expected,
                "{case}: {got}"
            );
        }
    }

    #[test]
    fn ranks_in_steps_miss_little() {
        // The limit grows with the logarithm of the logarithm of the number of rows, and steps take next to nothing
        // off.
        let options = BandOptions::default().n_simulations(2000);
        let [all, steps] = [16_384, 16_385].map(|n| limit(n, 0.95, &options));
        assert!(ranks(16_385).len() < 10_000);
        assert!((all - steps).abs() < 0.05 * all, "{all} and {steps}");
        assert!(limit(1 << 40, 0.95, &options) < all + 1.0);
    }
}
