//! The metrics of a 2 × 2 matrix as plain functions of its cells, one file a family. Names, aliases and directions are
//! the catalogue's; nothing here looks at rows or scores.
//!
//! Every function returns `None` where its formula divides by 0 (or where the result would exceed every double), and
//! each says when. Formulas are arranged so that rounding cannot carry a result out of its range: a denominator is a
//! sum that contains the numerator, so no result is ever clamped.
//!
//! A ratio of counts, or of products of counts, is rounded once, so that equal fractions are equal doubles: whether two
//! thresholds are tied, and whether a bound is met, is not decided by rounding.

mod association;
mod likelihood;
mod overlap;
mod rates;

use crate::twofold::Twofold;

pub use association::{cohen_kappa, markedness, mcc, youden};
pub use likelihood::{diagnostic_odds_ratio, likelihood_ratio_negative, likelihood_ratio_positive};
pub use overlap::{f0_5, f1, f2, fbeta, fowlkes_mallows, jaccard};
pub use rates::{
    accuracy, balanced_accuracy, error_rate, false_omission_rate, fdr, fnr, fpr, npv, precision,
    predicted_positive_rate, prevalence, recall, specificity,
};

/// `numerator / denominator`, unless that is not a finite number.
pub(crate) fn quotient(numerator: f64, denominator: f64) -> Option<f64> {
    let ratio = numerator / denominator;
    ratio.is_finite().then_some(ratio)
}

/// The same of products of cells, rounded once.
pub(crate) fn quotient_of(numerator: Twofold, denominator: Twofold) -> Option<f64> {
    let ratio = numerator.over(denominator);
    ratio.is_finite().then_some(ratio)
}

/// `part / (part + rest)`, the share that `part` has; `None` if both are 0.
///
/// With `part` inside the denominator the share stays in `[0, 1]`: rounding is monotone, so the sum cannot come out
/// below its part.
pub(crate) fn share(part: f64, rest: f64) -> Option<f64> {
    quotient(part, part + rest)
}
