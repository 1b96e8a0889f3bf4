//! What the errors cost at every threshold. Costs of the cells are given; which threshold to ship is not chosen here.

use super::{Points, largest};
use crate::{Costs, Result, Sweep};

/// The mean cost of a row at each threshold, thresholds descending.
///
/// # Shapes
/// All columns: `(n_rows,)` of the sweep. The first point is what it costs to predict none, the last what it costs to
/// predict everything positive.
#[derive(Debug, Clone, PartialEq)]
pub struct CostCurve {
    thresholds: Vec<Option<f64>>,
    cost: Vec<f64>,
    lowest_indices: Vec<usize>,
}

/// Reads the cost at each threshold off a sweep. For the curve over all costs and prevalences at once, see
/// [`cost_envelope`](crate::cost_envelope).
///
/// # Formula
/// ```text
/// cost = (cost_fp fp + cost_fn fn + cost_tp tp + cost_tn tn) / n
/// ```
///
/// # Errors
/// [`Error::Cost`](crate::Error::Cost) for a cost outside its domain.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Costs, cost_curve, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let curve = cost_curve(&sweep(&scores), &Costs::default().fp(1.0).fn_(3.0))?;
/// // Two misses; one miss; one miss and one false alarm; one false alarm; two.
/// assert_eq!(curve.cost(), [6.0 / 4.0, 3.0 / 4.0, 4.0 / 4.0, 1.0 / 4.0, 2.0 / 4.0]);
/// assert_eq!(curve.lowest(), 0.25);
/// assert!(curve.lowest_thresholds().eq([Some(0.35)]));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Elkan, 2001, *The foundations of cost-sensitive learning*, IJCAI, 973–978.
pub fn cost_curve(sweep: &Sweep, costs: &Costs) -> Result<CostCurve> {
    costs.check()?;
    let Points { thresholds, cells } = Points::of(sweep, 0..sweep.n_rows());
    let cost = cells.iter().map(|cells| costs.mean(cells));
    let cost = cost.collect::<Vec<_>>();
    Ok(CostCurve {
        lowest_indices: largest(&cost.iter().map(|cost| -cost).collect::<Vec<_>>()),
        thresholds,
        cost,
    })
}

impl CostCurve {
    /// The thresholds, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The mean cost of a row at each threshold; lower is better.
    pub fn cost(&self) -> &[f64] {
        &self.cost
    }

    /// The lowest mean cost of a row.
    pub fn lowest(&self) -> f64 {
        self.cost[self.lowest_indices[0]]
    }

    /// Every threshold with the lowest cost, descending; `None` for "predict none".
    pub fn lowest_thresholds(&self) -> impl ExactSizeIterator<Item = Option<f64>> + '_ {
        self.lowest_indices
            .iter()
            .map(|&index| self.thresholds[index])
    }
}
