//! The cost curve over all costs and prevalences at once: the lower envelope of every threshold's line. For given
//! costs, `cost` is next door.

use cutpoint_core::Threshold;

use crate::compensated::difference_of_products;
use crate::{Cells, Sweep};

/// Which threshold costs least, for every ratio of costs and classes; also the convex hull of the ROC curve.
///
/// The probability cost stands for both the prevalence and the costs of the two errors:
/// `p(+) cost_fn / (p(+) cost_fn + p(-) cost_fp)`. At 0 only false positives count, at 1 only false negatives.
///
/// # Shapes
/// All columns: `(n_vertices,)`, thresholds descending from "predict none" to the lowest score. Vertex `i` costs least
/// from `probability_cost_up_to[i - 1]` (the first one from 0) to `probability_cost_up_to[i]` (the last one to 1).
#[derive(Debug, Clone, PartialEq)]
pub struct CostEnvelope {
    thresholds: Vec<Option<f64>>,
    fpr: Vec<f64>,
    fnr: Vec<f64>,
    probability_cost_up_to: Vec<f64>,
}

/// Reads the lower envelope of the normalised expected costs off a sweep.
///
/// # Formula
/// ```text
/// cost = min over rows of  fnr · probability cost + fpr · (1 - probability cost)
/// ```
///
/// # Undefined
/// When either class has no rows.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{cost_envelope, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let envelope = cost_envelope(&sweep(&scores)).unwrap();
/// // 0.8 finds half of the positives for nothing, 0.35 all of them for half of the negatives.
/// assert_eq!(envelope.thresholds(), [None, Some(0.8), Some(0.35), Some(0.1)]);
/// assert_eq!(envelope.probability_cost_up_to(), [0.0, 0.5, 1.0, 1.0]);
/// // At 0.25 the line of 0.8 is lowest: 0.5 · 0.25; at 0.75 that of 0.35: 0.5 · 0.25.
/// assert_eq!(envelope.cost_at(0.25), Some(0.125));
/// assert_eq!(envelope.cost_at(0.75), Some(0.125));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Drummond and Holte, 2006, *Cost curves: an improved method for visualizing classifier performance*, Machine Learning
/// 65, 95–130.
pub fn cost_envelope(sweep: &Sweep) -> Option<CostEnvelope> {
    let (positives, negatives) = (sweep.positives(), sweep.negatives());
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let mut hull = Vec::<(usize, Cells)>::new();
    for index in 0..sweep.n_rows() {
        let cells = sweep.cells(index);
        while let [.., (_, before), (_, middle)] = &hull[..]
            && !is_above(before, middle, &cells)
        {
            hull.pop();
        }
        hull.push((index, cells));
    }
    let fpr = |cells: &Cells| cells.fp() / negatives;
    let fnr = |cells: &Cells| cells.fn_() / positives;
    let turns = hull.windows(2).map(|pair| {
        let new_fpr = (pair[1].1.fp() - pair[0].1.fp()) / negatives;
        let new_tpr = (pair[1].1.tp() - pair[0].1.tp()) / positives;
        new_fpr / (new_fpr + new_tpr)
    });
    Some(CostEnvelope {
        thresholds: hull
            .iter()
            .map(|(index, _)| sweep.threshold(*index).map(Threshold::value))
            .collect(),
        fpr: hull.iter().map(|(_, cells)| fpr(cells)).collect(),
        fnr: hull.iter().map(|(_, cells)| fnr(cells)).collect(),
        probability_cost_up_to: turns.chain([1.0]).collect(),
    })
}

/// Whether the middle of three points, in the order of the curve, lies above the line between the others.
fn is_above(before: &Cells, middle: &Cells, after: &Cells) -> bool {
    let step = |from: &Cells, to: &Cells| (to.tp() - from.tp(), to.fp() - from.fp());
    let (tp, fp) = step(before, middle);
    let (later_tp, later_fp) = step(middle, after);
    difference_of_products(tp, later_fp, later_tp, fp) > 0.0
}

impl CostEnvelope {
    /// The threshold of each vertex, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The false positive rate of each vertex, ascending: its cost at probability cost 0.
    pub fn fpr(&self) -> &[f64] {
        &self.fpr
    }

    /// The false negative rate of each vertex, descending: its cost at probability cost 1.
    pub fn fnr(&self) -> &[f64] {
        &self.fnr
    }

    /// The probability cost up to which each vertex costs least, ascending to 1.
    pub fn probability_cost_up_to(&self) -> &[f64] {
        &self.probability_cost_up_to
    }

    /// The lowest normalised cost at a probability cost, in `[0, 0.5]`; `None` outside `[0, 1]`.
    pub fn cost_at(&self, probability_cost: f64) -> Option<f64> {
        if !(0.0..=1.0).contains(&probability_cost) {
            return None;
        }
        let vertex = self
            .probability_cost_up_to
            .partition_point(|&up_to| up_to < probability_cost);
        Some(self.fnr[vertex] * probability_cost + self.fpr[vertex] * (1.0 - probability_cost))
    }
}
