//! Ratios of likelihoods and odds, unbounded above.

use super::{quotient, quotient_of};
use crate::Cells;
use crate::compensated::power_of_two_scale;
use crate::formulas::{fnr, fpr, recall, specificity};
use crate::twofold::Twofold;

/// Positive likelihood ratio, in `[0, inf)`; higher is better.
///
/// # Formula
/// ```text
/// (tp / (tp + fn)) / (fp / (fp + tn))
/// ```
///
/// # Undefined
/// Without positive rows, and when `fp` is 0 (which includes a perfect classifier).
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// // (3 / 4) / (2 / 8)
/// assert_eq!(formulas::likelihood_ratio_positive(&Cells::from_counts(3, 2, 1, 6)), Some(3.0));
/// ```
///
/// # References
/// Altman and Bland, 1994, *Diagnostic tests 3*, BMJ 309, 188; Deeks and Altman, 2004, *Diagnostic tests 4: likelihood
/// ratios*, BMJ 329, 168–169. scikit-learn 1.9.1, `class_likelihood_ratios`.
pub fn likelihood_ratio_positive(cells: &Cells) -> Option<f64> {
    ratio_of_products(
        [cells.tp(), cells.negatives()],
        [cells.fp(), cells.positives()],
        cells,
        || quotient(recall(cells)?, fpr(cells)?),
    )
}

/// Negative likelihood ratio, in `[0, inf)`; lower is better.
///
/// # Formula
/// ```text
/// (fn / (tp + fn)) / (tn / (fp + tn))
/// ```
///
/// # Undefined
/// Without positive rows, and when `tn` is 0.
///
/// # References
/// As [`likelihood_ratio_positive`].
pub fn likelihood_ratio_negative(cells: &Cells) -> Option<f64> {
    ratio_of_products(
        [cells.fn_(), cells.negatives()],
        [cells.tn(), cells.positives()],
        cells,
        || quotient(fnr(cells)?, specificity(cells)?),
    )
}

/// Diagnostic odds ratio, in `[0, inf)`; higher is better.
///
/// # Formula
/// ```text
/// (tp / fp) / (fn / tn)  =  (tp tn) / (fp fn)
/// ```
///
/// # Undefined
/// When `fp` or `fn` is 0 (which includes a perfect classifier).
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// assert_eq!(formulas::diagnostic_odds_ratio(&Cells::from_counts(3, 2, 1, 6)), Some(9.0));
/// ```
///
/// # References
/// Glas, Lijmer, Prins, Bonsel and Bossuyt, 2003, *The diagnostic odds ratio*, Journal of Clinical Epidemiology 56,
/// 1129–1135.
pub fn diagnostic_odds_ratio(cells: &Cells) -> Option<f64> {
    ratio_of_products(
        [cells.tp(), cells.tn()],
        [cells.fp(), cells.fn_()],
        cells,
        || {
            let odds_of_positive = quotient(cells.tp(), cells.fp())?;
            let odds_of_negative = quotient(cells.tn(), cells.fn_())?;
            quotient(odds_of_positive * odds_of_negative, 1.0)
        },
    )
}

/// The ratio of two products, rounded once: what ratios of two ratios that were rounded themselves would not be. Where
/// weights differ so much in size that products of them leave the doubles, `otherwise` has to do.
fn ratio_of_products(
    numerator: [f64; 2],
    denominator: [f64; 2],
    cells: &Cells,
    otherwise: impl FnOnce() -> Option<f64>,
) -> Option<f64> {
    let scale = power_of_two_scale(cells.total());
    let product = |[left, right]: [f64; 2]| Twofold::product(left * scale, right * scale);
    let (numerator, denominator) = (product(numerator), product(denominator));
    if numerator.is_full() && denominator.is_full() {
        quotient_of(numerator, denominator)
    } else {
        otherwise()
    }
}
