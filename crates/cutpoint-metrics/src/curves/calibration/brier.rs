//! The parts of the Brier score that bins of probabilities tell apart. The score itself needs no bins.

use super::Tally;
use super::bins::Bins;
use crate::Sweep;
use crate::compensated::{CompensatedSum, power_of_two_scale};
use crate::moves::{of_step_blocks, steps_within};

/// What the Brier score is made of.
///
/// # Formula
/// ```text
/// reliability            = sum over bins of  share of rows (prob_pred - prob_true)²        0 is perfect
/// resolution             = sum over bins of  share of rows (prob_true - prevalence)²       more is better
/// uncertainty            = prevalence (1 - prevalence)                                     of the data, not the model
/// within_bin_variance    = mean over rows of  (score - prob_pred)²
/// within_bin_covariance  = mean over rows of  2 (y - prob_true) (score - prob_pred)
///
/// Brier score = reliability - resolution + uncertainty + within_bin_variance - within_bin_covariance
/// ```
/// The first three are Murphy's. They add up to the score only if all scores of a bin are the same; the two of
/// Stephenson and others make up for the rest, so that all five always do.
///
/// # References
/// Murphy, 1973, *A new vector partition of the probability score*, Journal of Applied Meteorology 12, 595–600.
/// Stephenson, Coelho and Jolliffe, 2008, *Two extra components in the Brier score decomposition*, Weather and
/// Forecasting 23, 752–757.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BrierDecomposition {
    reliability: f64,
    resolution: f64,
    uncertainty: f64,
    within_bin_variance: f64,
    within_bin_covariance: f64,
}

impl BrierDecomposition {
    pub(super) fn new(sweep: &Sweep, bins: &Bins, tallies: &[Tally]) -> Self {
        let (positives, negatives) = (sweep.positives(), sweep.negatives());
        let total = positives + negatives;
        let scale = power_of_two_scale(total);
        let mean = |sum: CompensatedSum| sum.value() / (scale * total);
        let prevalence = positives / total;
        let [mut reliability, mut resolution] = [CompensatedSum::default(); 2];
        for tally in tallies.iter().filter(|tally| tally.count() > 0.0) {
            let count = scale * tally.count();
            let excess = tally.prob_pred() - tally.prob_true();
            let gain = tally.prob_true() - prevalence;
            reliability.add_product(count, excess * excess);
            resolution.add_product(count, gain * gain);
        }
        // A second look at the distinct scores: squares of differences do not cancel as differences of squares do.
        let of_bins = tallies.iter();
        let of_bins = of_bins
            .map(|tally| [tally.prob_pred(), tally.prob_true()])
            .collect::<Vec<_>>();
        let sums = of_step_blocks(sweep, |block| {
            let [mut variance, mut covariance] = [CompensatedSum::default(); 2];
            for step in steps_within(sweep, block) {
                let [prob_pred, rate] = of_bins[bins.index_of(step.threshold())];
                let deviation = step.threshold() - prob_pred;
                let [positives, negatives] =
                    [step.fn_to_tp(), step.tn_to_fp()].map(|rows| scale * rows);
                variance.add_product(positives + negatives, deviation * deviation);
                covariance.add_product(2.0 * positives * (1.0 - rate), deviation);
                covariance.add_product(-2.0 * negatives * rate, deviation);
            }
            [variance, covariance]
        });
        let sums = sums.into_iter();
        let sums =
            sums.reduce(|sums, of_block| [0, 1].map(|which| sums[which].plus(of_block[which])));
        let [variance, covariance] = sums.unwrap_or_default();
        Self {
            reliability: mean(reliability),
            resolution: mean(resolution),
            uncertainty: prevalence * (negatives / total),
            within_bin_variance: mean(variance),
            within_bin_covariance: mean(covariance),
        }
    }

    /// How far the rates of the bins are from their probabilities, in `[0, 1]`; lower is better.
    pub fn reliability(&self) -> f64 {
        self.reliability
    }

    /// How far the rates of the bins are from the rate of all rows, in `[0, 0.25]`; higher is better.
    pub fn resolution(&self) -> f64 {
        self.resolution
    }

    /// The Brier score of always saying the prevalence, in `[0, 0.25]`.
    pub fn uncertainty(&self) -> f64 {
        self.uncertainty
    }

    /// How far the scores are from the mean of their bin, in `[0, 0.25]`.
    pub fn within_bin_variance(&self) -> f64 {
        self.within_bin_variance
    }

    /// How much of the spread within the bins tells the classes apart; higher is better.
    pub fn within_bin_covariance(&self) -> f64 {
        self.within_bin_covariance
    }

    /// The five parts together: the Brier score.
    pub fn total(&self) -> f64 {
        let parts = [
            self.reliability,
            -self.resolution,
            self.uncertainty,
            self.within_bin_variance,
            -self.within_bin_covariance,
        ];
        parts.into_iter().collect::<CompensatedSum>().value()
    }
}
