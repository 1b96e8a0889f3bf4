//! Intervals from replicates: percentiles, plain or corrected for bias and acceleration. Where replicates come from is
//! not known here.

use crate::normal::{standard_normal_cdf, standard_normal_quantile};

use super::confidence::ConfidenceInterval;

/// The values of a statistic in the replicates, sorted, if enough of them are defined.
#[derive(Debug)]
pub(super) struct Sorted {
    values: Vec<f64>,
}

impl Sorted {
    /// `None` if the statistic is undefined in more replicates than a tail holds: then nobody knows where the tail
    /// ends.
    pub(super) fn new(values: Vec<Option<f64>>, confidence: f64) -> Option<Self> {
        let n_replicates = values.len();
        let mut values = values.into_iter().flatten().collect::<Vec<_>>();
        let is_enough = n_replicates - values.len() <= tail_size(n_replicates, confidence);
        values.sort_unstable_by(f64::total_cmp);
        (is_enough && !values.is_empty()).then_some(Self { values })
    }

    /// The value below which a share of the replicates lies, on the line between the two nearest ones.
    ///
    /// # References
    /// Hyndman and Fan, 1996, *Sample quantiles in statistical packages*, The American Statistician 50, 361–365,
    /// definition 7; NumPy's default.
    fn quantile(&self, share: f64) -> f64 {
        let place = share * (self.values.len() - 1) as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "at least 0 and below the number of replicates"
        )]
        let below = place as usize;
        let low = self.values[below];
        let high = self.values[(below + 1).min(self.values.len() - 1)];
        low + (high - low) * place.fract()
    }

    /// From the quantile of half of what the confidence leaves to that of the other half.
    pub(super) fn percentile_interval(&self, confidence: f64) -> ConfidenceInterval {
        let tail = (1.0 - confidence) / 2.0;
        ConfidenceInterval::new(self.quantile(tail), self.quantile(1.0 - tail))
    }

    /// The percentile interval with its two percentiles moved by the bias of the replicates and by the acceleration.
    /// `None` if all replicates lie on one side of the observed value, so that the bias has no limit.
    pub(super) fn bca_interval(
        &self,
        observed: f64,
        acceleration: f64,
        confidence: f64,
    ) -> Option<ConfidenceInterval> {
        let below = self.values.partition_point(|&value| value < observed);
        let up_to = self.values.partition_point(|&value| value <= observed);
        let share = (below + up_to) as f64 / (2 * self.values.len()) as f64;
        if share <= 0.0 || share >= 1.0 {
            return None;
        }
        let bias = standard_normal_quantile(share);
        let z = standard_normal_quantile((1.0 - confidence) / 2.0);
        let moved = |z: f64| {
            let shifted = bias + z;
            standard_normal_cdf(bias + shifted / (1.0 - acceleration * shifted))
        };
        let (low, high) = (moved(z), moved(-z));
        (low <= high).then(|| ConfidenceInterval::new(self.quantile(low), self.quantile(high)))
    }
}

/// How many replicates lie in one of the two tails that an interval leaves out.
pub(super) fn tail_size(n_replicates: usize, confidence: f64) -> usize {
    /// (1 - 0.9) / 2 comes out below 0.05.
    const ROUNDING: f64 = 1e-6;
    let size = (1.0 - confidence) / 2.0 * n_replicates as f64 + ROUNDING;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "at least 0 and at most half of the replicates"
    )]
    let size = size as usize;
    size
}
