//! Where bins of probabilities end, to the bit as scikit-learn and NumPy have it: one rounding more or less would put a
//! probability that stands on an edge into another bin.

use crate::Sweep;

/// Where bins of probabilities end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BinStrategy {
    /// Bins of equal width between 0 and 1.
    #[default]
    Uniform,
    /// Bins with about the same number of rows each: they end at linearly interpolated quantiles of the probabilities.
    /// Where many rows share a probability, bins may have no rows.
    Quantile,
}

/// Bins of probabilities.
pub(super) struct Bins {
    edges: Vec<f64>,
}

impl Bins {
    pub(super) fn new(sweep: &Sweep, n_bins: usize, strategy: BinStrategy) -> Self {
        // As `linspace` computes it: multiples of a rounded step, the last one put right.
        let step = 1.0 / n_bins as f64;
        let shares = (0..=n_bins).map(|index| match index {
            last if last == n_bins => 1.0,
            index => index as f64 * step,
        });
        Self {
            edges: match strategy {
                BinStrategy::Uniform => shares.collect(),
                // scikit-learn asks for percentiles, NumPy turns them back into shares.
                BinStrategy::Quantile => shares
                    .map(|share| quantile(sweep, share * 100.0 / 100.0))
                    .collect(),
            },
        }
    }

    /// The ends of the bins, one more than there are bins.
    pub(super) fn edges(&self) -> &[f64] {
        &self.edges
    }

    /// The bin of a probability: what stands on an edge belongs to the bin below it.
    pub(super) fn index_of(&self, probability: f64) -> usize {
        let inner = &self.edges[1..self.edges.len() - 1];
        inner.partition_point(|&edge| edge < probability)
    }
}

/// The score below which a share of the rows lies, interpolated linearly between rows; a row of weight 2 counts twice.
///
/// # References
/// Hyndman and Fan, 1996, *Sample quantiles in statistical packages*, The American Statistician 50, 361–365, type 7.
/// NumPy 2.4.6, `percentile`.
fn quantile(sweep: &Sweep, share: f64) -> f64 {
    let n_rows = sweep.positives() + sweep.negatives();
    // Weights may sum to less than one row.
    let last = (n_rows - 1.0).max(0.0);
    let place = last * share;
    if place >= last {
        return score_at(sweep, f64::INFINITY);
    }
    let before = place.floor();
    let (left, right) = (score_at(sweep, before), score_at(sweep, before + 1.0));
    let fraction = place - before;
    let gap = right - left;
    // From the nearer end, as NumPy does, so that neither end is missed.
    if fraction >= 0.5 {
        right - gap * (1.0 - fraction)
    } else {
        left + gap * fraction
    }
}

/// The score of a row, rows counted from 0 and from the lowest score; after the last row, the highest score.
fn score_at(sweep: &Sweep, place: f64) -> f64 {
    let n_rows = sweep.positives() + sweep.negatives();
    let thresholds = sweep.thresholds();
    // The highest threshold at which all rows but those before the place are predicted positive.
    let (mut low, mut high) = (0, thresholds.len() - 1);
    while low < high {
        let middle = low.midpoint(high);
        if sweep.cells(middle + 1).predicted_positives() >= n_rows - place {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
    thresholds[low]
}
