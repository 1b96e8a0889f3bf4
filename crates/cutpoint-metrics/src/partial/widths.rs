//! How far bounds are apart at worst: what a partial sweep leaves open about a metric. The bounds themselves are in
//! `bounds`.

use rayon::prelude::*;

use crate::Metric;
use crate::partial::{CellBounds, PartialSweep};

impl PartialSweep {
    /// What is known of the cells at the thresholds inside a bin: above its lowest score, up to the highest.
    ///
    /// # Panics
    /// If the bin does not exist.
    pub fn bounds_in(&self, bin: usize) -> CellBounds {
        let below = self.edges.cells(bin + 1);
        // A bin of one score has no threshold inside but that score.
        let above = if self.is_one_score(bin) {
            below
        } else {
            self.edges.cells(bin)
        };
        CellBounds::new(above, below, self.is_weighted())
    }

    /// By how much the bounds of a metric differ at the threshold where they differ most; 0 if the sweep is exact.
    ///
    /// # Undefined
    /// Where nothing is known of the metric inside some bin; and where it is undefined inside every one.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_metrics::PartialSweep;
    ///
    /// // Inside the first bin, recall is between 0 of 4 and 3 of 4.
    /// let partial = PartialSweep::from_counts(&[0.5, 0.1], &[0.9, 0.1], &[3, 1], &[1, 2])?;
    /// let width = partial.widest_bounds(&"recall".parse()?).unwrap();
    /// assert!((0.75..0.75 + 1e-12).contains(&width));
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn widest_bounds(&self, metric: &Metric) -> Option<f64> {
        let bounds = (0..self.n_bins()).into_par_iter();
        let bounds = bounds.filter_map(|bin| self.bounds_in(bin).metric(metric));
        let widest = bounds.map(|bounds| bounds.high() - bounds.low());
        widest
            .reduce_with(f64::max)
            .filter(|width| width.is_finite())
    }
}
