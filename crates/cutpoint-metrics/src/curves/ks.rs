//! The Kolmogorov-Smirnov curve: how far apart the two classes' scores are. Its significance is not judged here.

use super::{Points, largest};
use crate::formulas::youden;
use crate::{Cells, Sweep};

/// How far the shares of the two classes at or above each threshold are apart; thresholds descending.
///
/// # Shapes
/// All columns: `(n_rows,)` of the sweep, from (0, 0) to (1, 1).
#[derive(Debug, Clone, PartialEq)]
pub struct KsCurve {
    thresholds: Vec<Option<f64>>,
    tpr: Option<Vec<f64>>,
    fpr: Option<Vec<f64>>,
    difference: Option<Vec<f64>>,
    statistic: Option<f64>,
    statistic_thresholds: Vec<Option<f64>>,
}

/// Reads the Kolmogorov-Smirnov curve off a sweep.
///
/// The statistic is that of the two-sided two-sample test: the largest distance between the distributions of the two
/// classes' scores, whichever of them lies higher. Where positive rows have the higher scores it is the largest
/// Youden's J.
///
/// # Formula
/// ```text
/// difference = tp / (tp + fn) - fp / (fp + tn)        statistic = max |difference|
/// ```
///
/// # Undefined
/// `tpr` without positive rows, `fpr` without negative rows, the rest without either.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{ks_curve, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false, false], vec![0.9, 0.8, 0.7, 0.2, 0.1])?;
/// let curve = ks_curve(&sweep(&scores));
/// // At 0.7 both positive rows are found, and one of three negative ones is taken for positive.
/// assert_eq!(curve.statistic(), Some(2.0 / 3.0));
/// assert_eq!(curve.statistic_thresholds(), [Some(0.7)]);
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Smirnov, 1939, *On the estimation of the discrepancy between empirical curves of distribution for two independent
/// samples*, Bulletin mathématique de l'université de Moscou 2, 3–16. SciPy 1.17.1, `ks_2samp`.
pub fn ks_curve(sweep: &Sweep) -> KsCurve {
    let points = Points::of(sweep, 0..sweep.n_rows());
    let differences = points.cells.iter().map(youden);
    let difference = differences.collect::<Option<Vec<_>>>();
    let widest = match &difference {
        Some(difference) => widest(&points.cells, difference),
        None => Vec::new(),
    };
    let statistic = difference.as_ref().zip(widest.first());
    KsCurve {
        statistic: statistic.map(|(difference, &index)| difference[index].abs()),
        statistic_thresholds: widest
            .iter()
            .map(|&index| points.thresholds[index])
            .collect(),
        tpr: points.shares(Cells::tp, sweep.positives()),
        fpr: points.shares(Cells::fp, sweep.negatives()),
        difference,
        thresholds: points.thresholds,
    }
}

/// The rows in which the classes are farthest apart.
fn widest(cells: &[Cells], difference: &[f64]) -> Vec<usize> {
    // Counts are compared as whole numbers, so that rounding neither splits nor makes a tie.
    match cells
        .iter()
        .map(pairs_in_excess)
        .collect::<Option<Vec<_>>>()
    {
        Some(excess) => largest(&excess),
        None => largest(&difference.iter().map(|gap| gap.abs()).collect::<Vec<_>>()),
    }
}

/// The size of the difference times the pairs of a positive and a negative row, `|tp tn - fp fn|`; `None` for weights.
fn pairs_in_excess(cells: &Cells) -> Option<u128> {
    let [tp, fp, fn_, tn] = cells.to_counts()?.map(i128::from);
    Some((tp * tn - fp * fn_).unsigned_abs())
}

impl KsCurve {
    /// The thresholds, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The share of positive rows at or above the threshold, ascending; `None` without positive rows.
    pub fn tpr(&self) -> Option<&[f64]> {
        self.tpr.as_deref()
    }

    /// The share of negative rows at or above the threshold, ascending; `None` without negative rows.
    pub fn fpr(&self) -> Option<&[f64]> {
        self.fpr.as_deref()
    }

    /// `tpr - fpr`, in `[-1, 1]`; `None` unless both classes have rows.
    pub fn difference(&self) -> Option<&[f64]> {
        self.difference.as_deref()
    }

    /// The largest distance, in `[0, 1]`; `None` unless both classes have rows.
    pub fn statistic(&self) -> Option<f64> {
        self.statistic
    }

    /// Every threshold at which the distance is largest, descending; empty where the statistic is undefined.
    pub fn statistic_thresholds(&self) -> &[Option<f64>] {
        &self.statistic_thresholds
    }
}
