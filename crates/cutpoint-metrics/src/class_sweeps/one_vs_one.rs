//! The area under the ROC curve of several classes, pair by pair. Needs the scores: in a pair, rows of other classes do
//! not count, and a sweep against the rest no longer tells them apart.

use cutpoint_core::{ClassScores, Scores};
use rayon::prelude::*;

use super::mean;
use crate::compensated::CompensatedSum;
use crate::{roc_auc, sweep};

/// How the pairs of an average over pairs of classes are pooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum PairAverage {
    /// Each pair weighs the same: Hand and Till's M, which does not depend on how many rows the classes have.
    #[default]
    Macro,
    /// Each pair weighs as many rows as its two classes have.
    Weighted,
}

/// Area under the ROC curve averaged over all pairs of classes, in `[0, 1]`; higher is better, 0.5 is chance.
///
/// The area of a pair is the mean of two: one class is told from the other by its own score, then the other way round.
/// Rows of other classes do not count. Pairs are swept in rayon's current pool.
///
/// # Formula
/// ```text
/// mean over pairs a < b of  (auc(a against b by the score of a) + auc(b against a by the score of b)) / 2
/// ```
///
/// # Undefined
/// When fewer than two classes have rows. Classes without rows are left out, as in scikit-learn.
///
/// # Examples
/// ```
/// use cutpoint_core::{ClassScores, Labels};
/// use cutpoint_metrics::{PairAverage, one_vs_one_roc_auc};
/// use ndarray::array;
///
/// let y = Labels::from_texts(&["a", "b", "c"]);
/// let score = array![[0.5, 0.3, 0.2], [0.2, 0.4, 0.4], [0.3, 0.5, 0.2]];
/// // a, b: 1 and 1; a, c: 1 and 1/2 (0.2 ties with 0.2); b, c: 0 and 0.
/// let area = one_vs_one_roc_auc(&ClassScores::new(y, score)?, PairAverage::Macro);
/// assert_eq!(area, Some((1.0 + 0.75 + 0.0) / 3.0));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// Hand and Till, 2001, *A simple generalisation of the area under the ROC curve for multiple class classification
/// problems*, Machine Learning 45, 171–186. scikit-learn 1.9.1, `roc_auc_score(multi_class="ovo")`.
pub fn one_vs_one_roc_auc(scores: &ClassScores, average: PairAverage) -> Option<f64> {
    let rows_of = rows_by_class(scores);
    let present = (0..rows_of.len()).filter(|&class| !rows_of[class].is_empty());
    let present = present.collect::<Vec<_>>();
    let mut pairs = Vec::new();
    for (index, &first) in present.iter().enumerate() {
        pairs.extend(present[index + 1..].iter().map(|&second| (first, second)));
    }
    let areas = pairs.par_iter().map(|&(first, second)| {
        let area = |positive: usize, negative: usize| {
            let pair = pair(scores, positive, &rows_of[positive], &rows_of[negative]);
            roc_auc(&sweep(&pair))
        };
        let area = area(first, second).zip(area(second, first));
        let weight = match average {
            PairAverage::Macro => 1.0,
            PairAverage::Weighted => {
                let rows = rows_of[first].iter().chain(&rows_of[second]);
                let weights = rows.map(|&row| weight(scores, row));
                weights.collect::<CompensatedSum>().value()
            }
        };
        (area.map(|(one, other)| one.midpoint(other)), weight)
    });
    mean(areas.collect::<Vec<_>>().into_iter())
}

fn weight(scores: &ClassScores, row: usize) -> f64 {
    scores.weight().map_or(1.0, |weight| weight[row])
}

/// The rows of each class, those of weight 0 left out.
fn rows_by_class(scores: &ClassScores) -> Vec<Vec<usize>> {
    let mut rows_of = vec![Vec::new(); scores.classes().len()];
    for (row, &code) in scores.y().codes().iter().enumerate() {
        if weight(scores, row) > 0.0 {
            rows_of[code as usize].push(row);
        }
    }
    rows_of
}

/// The rows of two classes by the score of the first.
fn pair(scores: &ClassScores, class: usize, positive: &[usize], negative: &[usize]) -> Scores {
    let rows = || positive.iter().chain(negative).copied();
    let is_positive = (0..positive.len() + negative.len()).map(|row| row < positive.len());
    let score = rows().map(|row| scores.score()[(row, class)]);
    let pair = Scores::new(is_positive.collect(), score.collect())
        .expect("both classes have rows, whose scores were checked");
    match scores.weight() {
        None => pair,
        Some(weight) => pair
            .with_weight(rows().map(|row| weight[row]).collect())
            .expect("weights above 0 that were checked"),
    }
}
