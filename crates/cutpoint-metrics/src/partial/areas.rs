//! Bounds of the areas under the curves. The areas of the edges themselves are those of every sweep.

use crate::compensated::CompensatedSum;
use crate::partial::{Bounds, PartialSweep};
use crate::{average_precision, roc_auc};

/// By how much an area may come out wrong: every term is positive and has a handful of roundings.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

impl PartialSweep {
    /// Bounds of the area under the ROC curve; exact if the sweep is.
    ///
    /// # Formula
    /// Pairs of a positive and a negative row in different bins are in order or not, whatever the scores are. Of the
    /// pairs in one bin, all may be in order, or none:
    /// ```text
    /// area of the edges  ±  (sum over bins of more than one score of  positives · negatives / 2)
    ///                        / (all positives · all negatives)
    /// ```
    ///
    /// # Undefined
    /// When either class has no rows.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_metrics::PartialSweep;
    ///
    /// // Of 3 · 2 pairs, 2 are in order (1 positive above both negatives), 4 in one bin.
    /// let partial = PartialSweep::from_counts(&[0.9, 0.1], &[0.9, 0.5], &[1, 2], &[0, 2])?;
    /// let bounds = partial.roc_auc_bounds().unwrap();
    /// assert!(bounds.low() <= 2.0 / 6.0 && bounds.low() > 0.333);
    /// assert_eq!(bounds.high(), 1.0);
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn roc_auc_bounds(&self) -> Option<Bounds> {
        let middle = roc_auc(self.edges())?;
        let mut shares = CompensatedSum::default();
        let (positives, negatives) = (self.edges().positives(), self.edges().negatives());
        for bin in self.wide_bins() {
            // The shares first: with weights the products could overflow.
            shares.add((bin.positives() / positives) * (bin.negatives() / negatives));
        }
        if self.is_exact() {
            return Some(Bounds::new(middle, middle));
        }
        let half = shares.value() / 2.0 + ROUNDING;
        Some(Bounds::new(
            (middle - half).max(0.0),
            (middle + half).min(1.0),
        ))
    }

    /// Bounds of the average precision; exact if the sweep is.
    ///
    /// # Formula
    /// In a bin of `p` positive and `n` negative rows below `tp` and `fp` others, precision at a positive row is
    /// highest if all its positive rows are tied above the negative ones, and lowest if the negative ones come first
    /// and the positive ones then one by one, for weights in parts as small as they may be:
    /// ```text
    /// highest:  p (tp + p) / (tp + p + fp)
    /// lowest:   integral from 0 to p of  (tp + x) / (tp + x + fp + n) dx  =  p - (fp + n) ln(1 + p / (tp + fp + n))
    /// ```
    /// each divided by the number of positive rows.
    ///
    /// # Undefined
    /// Without positive rows.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_metrics::PartialSweep;
    ///
    /// // At best 2/2 at both positive rows; at worst 1 - (1/2) ln(1 + 2/1) = 0.4507.
    /// let partial = PartialSweep::from_counts(&[0.1], &[0.9], &[2], &[1])?;
    /// let bounds = partial.average_precision_bounds().unwrap();
    /// assert!((bounds.low() - 0.4507).abs() < 1e-4);
    /// assert_eq!(bounds.high(), 1.0);
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn average_precision_bounds(&self) -> Option<Bounds> {
        let edges = self.edges();
        if self.is_exact() {
            let area = average_precision(edges)?;
            return Some(Bounds::new(area, area));
        }
        let positives = edges.positives();
        if positives <= 0.0 {
            return None;
        }
        let (mut low, mut high) = (CompensatedSum::default(), CompensatedSum::default());
        for index in 0..self.n_bins() {
            let bin = self.bin(index);
            if bin.positives() <= 0.0 {
                continue;
            }
            let share = bin.positives() / positives;
            let (above, below) = (edges.cells(index), edges.cells(index + 1));
            if bin.is_one_score() {
                let precision = below.tp() / (below.tp() + below.fp());
                low.add(share * precision);
                high.add(share * precision);
            } else {
                high.add(share * (below.tp() / (below.tp() + above.fp())));
                low.add(share * lowest_precision(above.tp(), bin.positives(), below.fp()));
            }
        }
        Some(Bounds::new(
            (low.value() - ROUNDING).max(0.0),
            (high.value() + ROUNDING).min(1.0),
        ))
    }

    fn wide_bins(&self) -> impl Iterator<Item = super::ScoreBin> + '_ {
        self.bins().filter(|bin| !bin.is_one_score())
    }
}

/// The mean of `(tp + x) / (tp + x + fp)` for `x` from 0 to `p`.
fn lowest_precision(tp: f64, p: f64, fp: f64) -> f64 {
    let others = tp + fp;
    if others > 0.0 {
        // ln(1 + r) / r is 1 for a ratio that vanishes.
        let ratio = p / others;
        let mean = if ratio > 0.0 {
            ratio.ln_1p() / ratio
        } else {
            1.0
        };
        1.0 - (fp / others) * mean
    } else {
        1.0
    }
}
