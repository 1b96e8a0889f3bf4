//! Areas under the curves of a sweep, computed from its table alone, and from scores where that is faster. The curves
//! themselves are not made here.

use std::ops::Range;

use cutpoint_core::Scores;
use rayon::prelude::*;

use crate::compensated::{CompensatedSum, power_of_two_scale};
use crate::sweep::count_pairs;
use crate::{Sweep, sweep};

/// Area under the ROC curve, in `[0, 1]`; higher is better, 0.5 is chance.
///
/// It is the probability that a random positive row scores higher than a random negative one, ties counting half.
///
/// # Formula
/// ```text
/// sum over rows of  (fp - fp of the row above) (tp + tp of the row above) / 2,  divided by  positives · negatives
/// ```
/// Counts are added up as whole numbers: the result is rounded once.
///
/// # Undefined
/// When either class has no rows.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{roc_auc, sweep};
///
/// // Of the four pairs (positive, negative), three are in order.
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// assert_eq!(roc_auc(&sweep(&scores)), Some(0.75));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Bamber, 1975, *The area above the ordinal dominance graph and the area below the receiver operating characteristic
/// graph*, Journal of Mathematical Psychology 12, 387–415. scikit-learn 1.9.1, `roc_auc_score`.
pub fn roc_auc(sweep: &Sweep) -> Option<f64> {
    if let Some(pairs) = sweep.pairs() {
        return pairs.share_in_order();
    }
    let (positives, negatives) = (sweep.positives(), sweep.negatives());
    if positives == 0.0 || negatives == 0.0 {
        return None;
    }
    let (positive_scale, negative_scale) =
        (power_of_two_scale(positives), power_of_two_scale(negatives));
    let all = sweep.tp(sweep.n_thresholds());
    Some(share(sweep, |index, in_order, out_of_order| {
        let new_negatives = negative_scale * sweep.fp(index).minus(sweep.fp(index - 1));
        if new_negatives > 0.0 {
            let above = sweep.tp(index - 1);
            let tied = positive_scale * sweep.tp(index).minus(above);
            let below = positive_scale * all.minus(sweep.tp(index)).max(0.0);
            // Scaled first: the scale of the least weights may be the largest power of two.
            let above = positive_scale * above.value();
            in_order.add_product(new_negatives, 2.0 * above);
            in_order.add_product(new_negatives, tied);
            out_of_order.add_product(new_negatives, 2.0 * below);
            out_of_order.add_product(new_negatives, tied);
        }
    }))
}

/// [`roc_auc`] from scores, without making a table of them: for those who want nothing else.
///
/// # Undefined
/// When either class has no rows.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::roc_auc_score;
///
/// // Of the four pairs (positive, negative), two are in order and one ties.
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.4, 0.6])?;
/// assert_eq!(roc_auc_score(&scores), Some(0.625));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// As [`roc_auc`].
pub fn roc_auc_score(scores: &Scores) -> Option<f64> {
    match scores.weight() {
        None => count_pairs(scores).share_in_order(),
        Some(_) => roc_auc(&sweep(scores)),
    }
}

/// Average precision, in `[0, 1]`; higher is better, the share of positive rows is chance.
///
/// The mean of the precision at each positive row, tied rows taken together: a sum over steps, not a trapezoid, which
/// would be too hopeful between them.
///
/// # Formula
/// ```text
/// sum over rows of  (recall - recall of the row above) precision
/// ```
///
/// # Undefined
/// Without positive rows.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{average_precision, sweep};
///
/// // 1/2 · 1/1 + 1/2 · 2/3
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let area = average_precision(&sweep(&scores)).unwrap();
/// assert!((area - 5.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Zhu, 2004, *Recall, precision and average precision*, Technical report 2004-09, University of Waterloo. scikit-learn
/// 1.9.1, `average_precision_score`.
pub fn average_precision(sweep: &Sweep) -> Option<f64> {
    let positives = sweep.positives();
    if positives == 0.0 {
        return None;
    }
    let scale = power_of_two_scale(positives);
    Some(share(sweep, |index, gained, missed| {
        let new_positives = scale * sweep.tp(index).minus(sweep.tp(index - 1));
        if new_positives > 0.0 {
            let (tp, fp) = (sweep.tp(index).value(), sweep.fp(index).value());
            gained.add(new_positives * (tp / (tp + fp)));
            missed.add(new_positives * (fp / (tp + fp)));
        }
    }))
}

/// What the rows of the table add to the first of two sums, as a share of both: it cannot leave `[0, 1]` by rounding,
/// and is 1 exactly if nothing is added to the second.
fn share(
    sweep: &Sweep,
    add_row: impl Fn(usize, &mut CompensatedSum, &mut CompensatedSum) + Sync,
) -> f64 {
    /// Rows that are added up one after the other. As blocks do not depend on the threads, neither does the result.
    const BLOCK_ROWS: usize = 1 << 16;

    let add_block = |rows: Range<usize>| {
        let (mut taken, mut left) = (CompensatedSum::default(), CompensatedSum::default());
        for index in rows {
            add_row(index, &mut taken, &mut left);
        }
        (taken, left)
    };
    let starts = (1..sweep.n_rows()).step_by(BLOCK_ROWS).collect::<Vec<_>>();
    let blocks = starts.into_par_iter().map(|start| {
        let end = sweep.n_rows().min(start + BLOCK_ROWS);
        add_block(start..end)
    });
    let blocks = blocks.collect::<Vec<_>>().into_iter();
    let sums = blocks.reduce(|(taken, left), block| (taken.plus(block.0), left.plus(block.1)));
    let (taken, left) = sums.expect("a sweep has at least one threshold");
    let (taken, left) = (taken.value(), left.value());
    taken / (taken + left)
}
