//! How far the rows predicted positive and the positive rows are the same rows; true negatives do not count.

use super::{quotient, quotient_of, share};
use crate::Cells;
use crate::formulas::{precision, recall};
use crate::twofold::Twofold;

/// Weighted harmonic mean of precision and recall, in `[0, 1]`; higher is better.
///
/// `beta`: how many times as much recall matters as precision, in `[0, 1e100]`; 0 is precision alone, larger values
/// approach recall. There is no default; [`f1`] is the usual choice.
///
/// # Formula
/// ```text
/// (1 + beta²) tp / ((1 + beta²) tp + beta² fn + fp)
/// ```
/// The counts themselves are divided, never rates that were rounded before.
///
/// # Undefined
/// When no row is positive and none was predicted positive. With such rows and `tp = 0` it is 0, even where precision
/// or recall is undefined.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// // 5 · 50 / (5 · 50 + 4 · 10 + 5) = 250 / 295
/// assert_eq!(formulas::fbeta(&Cells::from_counts(50, 5, 10, 100), 2.0), Some(250.0 / 295.0));
/// ```
///
/// # References
/// van Rijsbergen, 1979, *Information Retrieval*, 2nd ed., chapter 7 (as `1 - E`). scikit-learn 1.9.1, `fbeta_score`.
pub fn fbeta(cells: &Cells, beta: f64) -> Option<f64> {
    let [of_tp, of_fn, of_fp] = shares_of_beta(beta);
    share(of_tp * cells.tp(), of_fn * cells.fn_() + of_fp * cells.fp())
}

/// What true positives, false negatives and false positives count: `1 + beta²`, `beta²` and 1, or the same whole
/// multiple of each where `beta²` is no double and beta has up to three decimals, so that equal fractions are equal
/// doubles.
fn shares_of_beta(beta: f64) -> [f64; 3] {
    let square = beta * beta;
    if beta.mul_add(beta, -square).abs() > 0.0 {
        for unit in [10.0, 100.0, 1000.0_f64] {
            let number = (beta * unit).round();
            if (number / unit).total_cmp(&beta).is_eq() {
                let squares = [number * number, unit * unit];
                return [squares[0] + squares[1], squares[0], squares[1]];
            }
        }
    }
    [1.0 + square, square, 1.0]
}

/// Harmonic mean of precision and recall, in `[0, 1]`; higher is better.
///
/// # Formula
/// ```text
/// 2 tp / (2 tp + fn + fp)
/// ```
///
/// # Undefined
/// When no row is positive and none was predicted positive.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// assert_eq!(formulas::f1(&Cells::from_counts(50, 5, 10, 100)), Some(100.0 / 115.0));
/// ```
///
/// # References
/// scikit-learn 1.9.1, `f1_score`.
pub fn f1(cells: &Cells) -> Option<f64> {
    fbeta(cells, 1.0)
}

/// [`fbeta`] with beta 2: recall counts more; in `[0, 1]`, higher is better.
///
/// # Formula
/// ```text
/// 5 tp / (5 tp + 4 fn + fp)
/// ```
///
/// # Undefined
/// When no row is positive and none was predicted positive.
///
/// # References
/// As [`fbeta`].
pub fn f2(cells: &Cells) -> Option<f64> {
    fbeta(cells, 2.0)
}

/// [`fbeta`] with beta 0.5: precision counts more; in `[0, 1]`, higher is better.
///
/// # Formula
/// ```text
/// 1.25 tp / (1.25 tp + 0.25 fn + fp)
/// ```
///
/// # Undefined
/// When no row is positive and none was predicted positive.
///
/// # References
/// As [`fbeta`].
pub fn f0_5(cells: &Cells) -> Option<f64> {
    fbeta(cells, 0.5)
}

/// Jaccard index: share of the rows that are positive or predicted so that are both, in `[0, 1]`; higher is better.
///
/// # Formula
/// ```text
/// tp / (tp + fp + fn)
/// ```
///
/// # Undefined
/// When no row is positive and none was predicted positive.
///
/// # References
/// Jaccard, 1912, *The distribution of the flora in the alpine zone*, New Phytologist 11, 37–50. scikit-learn 1.9.1,
/// `jaccard_score`.
pub fn jaccard(cells: &Cells) -> Option<f64> {
    share(cells.tp(), cells.fp() + cells.fn_())
}

/// Geometric mean of precision and recall, in `[0, 1]`; higher is better.
///
/// # Formula
/// ```text
/// tp / sqrt((tp + fp) (tp + fn))
/// ```
///
/// # Undefined
/// When no row is positive, or none was predicted positive.
///
/// # References
/// Fowlkes and Mallows, 1983, *A method for comparing two hierarchical clusterings*, Journal of the American
/// Statistical Association 78, 553–569.
pub fn fowlkes_mallows(cells: &Cells) -> Option<f64> {
    let (precision, recall) = (precision(cells)?, recall(cells)?);
    let of = cells.scaled();
    let margins = Twofold::product(of.predicted_positives(), of.positives());
    if margins.is_full() {
        return quotient_of(Twofold::double(of.tp()), margins.sqrt());
    }
    // One root each: the product of two tiny rates may vanish, the product of their roots does not.
    quotient(precision.sqrt() * recall.sqrt(), 1.0)
}
