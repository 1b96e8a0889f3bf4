//! The four cells of a binary confusion matrix. Metrics of them live in `formulas`, larger matrices in `confusion`.

use crate::compensated::power_of_two_scale;
use crate::{CompensatedSum, Error, Result};

/// The cells of a 2 × 2 confusion matrix: counts, or sums of weights.
///
/// The cells are `f64`, because every metric divides them and weights are `f64`. Counts are exact up to 2^53, more rows
/// than any file holds; they are counted as `u64` and become `f64` once, at the end.
///
/// # Examples
/// 165 mails, 60 of them spam: 50 of those were caught, and 5 of the 105 good mails were lost.
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// let cells = Cells::from_counts(50, 5, 10, 100);
/// assert_eq!(formulas::accuracy(&cells), Some(150.0 / 165.0));
/// assert_eq!(formulas::precision(&cells), Some(50.0 / 55.0));
/// assert_eq!(formulas::recall(&cells), Some(50.0 / 60.0));
/// // From the counts, not from rounded rates: 100 / 115 = 0.8695652…
/// assert_eq!(formulas::f1(&cells), Some(100.0 / 115.0));
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Cells {
    tp: f64,
    fp: f64,
    fn_: f64,
    tn: f64,
}

impl Cells {
    /// Cells that were counted: true positives, false positives, false negatives, true negatives.
    pub const fn from_counts(tp: u64, fp: u64, fn_: u64, tn: u64) -> Self {
        Self {
            tp: tp as f64,
            fp: fp as f64,
            fn_: fn_ as f64,
            tn: tn as f64,
        }
    }

    /// Cells that are sums of weights, each in `[0, inf)`.
    ///
    /// # Errors
    /// - [`Error::Cell`] for a cell that is negative, NaN or infinite.
    /// - [`Error::CellTotal`] if their sum is infinite.
    pub fn from_weights(tp: f64, fp: f64, fn_: f64, tn: f64) -> Result<Self> {
        for (name, value) in [("tp", tp), ("fp", fp), ("fn", fn_), ("tn", tn)] {
            if !(value.is_finite() && value >= 0.0) {
                return Err(Error::Cell { name, value });
            }
        }
        let cells = Self::from_sums(tp, fp, fn_, tn);
        let total = cells.total();
        if total.is_finite() {
            Ok(cells)
        } else {
            Err(Error::CellTotal { total })
        }
    }

    /// Cells of this crate's own sums, which are known to be in their domain.
    pub(crate) fn from_sums(tp: f64, fp: f64, fn_: f64, tn: f64) -> Self {
        debug_assert!(tp >= 0.0 && fp >= 0.0 && fn_ >= 0.0 && tn >= 0.0);
        Self { tp, fp, fn_, tn }
    }

    /// The cells where `[tp, fp]` of `[positives, negatives]` are predicted positive, by sums with all of their digits.
    pub fn of_called(called: [CompensatedSum; 2], totals: [CompensatedSum; 2]) -> Self {
        // Weights below 1e-32 of the total lie beyond even the compensated digits, where a difference may come out
        // below 0.
        let left = |class: usize| totals[class].minus(called[class]).max(0.0);
        Self::from_sums(called[0].value(), called[1].value(), left(0), left(1))
    }

    /// True positives: positive rows that were predicted positive.
    pub fn tp(&self) -> f64 {
        self.tp
    }

    /// False positives: negative rows that were predicted positive.
    pub fn fp(&self) -> f64 {
        self.fp
    }

    /// False negatives: positive rows that were predicted negative.
    pub fn fn_(&self) -> f64 {
        self.fn_
    }

    /// True negatives: negative rows that were predicted negative.
    pub fn tn(&self) -> f64 {
        self.tn
    }

    /// Positive rows, `tp + fn`.
    pub fn positives(&self) -> f64 {
        self.tp + self.fn_
    }

    /// Negative rows, `fp + tn`.
    pub fn negatives(&self) -> f64 {
        self.fp + self.tn
    }

    /// Rows that were predicted positive, `tp + fp`.
    pub fn predicted_positives(&self) -> f64 {
        self.tp + self.fp
    }

    /// Rows that were predicted negative, `fn + tn`.
    pub fn predicted_negatives(&self) -> f64 {
        self.fn_ + self.tn
    }

    /// All rows.
    pub fn total(&self) -> f64 {
        (self.tp + self.tn) + (self.fp + self.fn_)
    }

    /// The cells as whole numbers `[tp, fp, fn, tn]`, if they are.
    pub fn to_counts(&self) -> Option<[u64; 4]> {
        const LIMIT: f64 = 9_007_199_254_740_992.0;
        let cells = [self.tp, self.fp, self.fn_, self.tn];
        let whole = cells
            .iter()
            .all(|cell| cell.fract() == 0.0 && *cell <= LIMIT);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "whole, at least 0 and at most 2^53"
        )]
        whole.then(|| cells.map(|cell| cell as u64))
    }

    /// The cells as scikit-learn lays them out, negative class first: `[[tn, fp], [fn, tp]]`, rows true, columns
    /// predicted.
    pub fn to_sklearn(&self) -> [[f64; 2]; 2] {
        [[self.tn, self.fp], [self.fn_, self.tp]]
    }

    /// The cells as textbooks lay them out, positive class first: `[[tp, fn], [fp, tn]]`, rows true, columns predicted.
    pub fn to_textbook(&self) -> [[f64; 2]; 2] {
        [[self.tp, self.fn_], [self.fp, self.tn]]
    }

    /// The same rows with the other class called positive: `tp` and `tn` change places, `fp` and `fn` too.
    #[must_use]
    pub fn with_classes_swapped(&self) -> Self {
        Self {
            tp: self.tn,
            fp: self.fn_,
            fn_: self.fp,
            tn: self.tp,
        }
    }

    /// The same proportions with a total near 1, by a power of two, so that products of cells stay within range.
    pub(crate) fn scaled(&self) -> Self {
        let scale = power_of_two_scale(self.total());
        Self {
            tp: self.tp * scale,
            fp: self.fp * scale,
            fn_: self.fn_ * scale,
            tn: self.tn * scale,
        }
    }
}

impl std::ops::Add for Cells {
    type Output = Self;

    /// Adds cell by cell, as for a micro-average.
    fn add(self, other: Self) -> Self {
        Self {
            tp: self.tp + other.tp,
            fp: self.fp + other.fp,
            fn_: self.fn_ + other.fn_,
            tn: self.tn + other.tn,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn margins_and_layouts_name_the_right_cells() {
        let cells = Cells::from_counts(50, 5, 10, 100);
        let margins = [
            cells.positives(),
            cells.negatives(),
            cells.predicted_positives(),
            cells.predicted_negatives(),
            cells.total(),
        ];
        assert_eq!(
            margins.map(|margin| margin.to_string()),
            ["60", "105", "55", "110", "165"]
        );
        assert_eq!(cells.to_sklearn(), [[100.0, 5.0], [10.0, 50.0]]);
        assert_eq!(cells.to_textbook(), [[50.0, 10.0], [5.0, 100.0]]);
        assert_eq!(
            cells.with_classes_swapped(),
            Cells::from_counts(100, 10, 5, 50)
        );
        assert_eq!(cells.to_counts(), Some([50, 5, 10, 100]));
    }

    #[test]
    fn weights_are_checked() {
        let cells = Cells::from_weights(0.5, 1.0, 0.0, 2.0).unwrap();
        assert_eq!(cells.to_counts(), None);
        let error = Cells::from_weights(1.0, -1.0, 0.0, 2.0).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`fp` must be finite and in [0, inf), got -1"
        );
        assert!(matches!(
            Cells::from_weights(f64::MAX, f64::MAX, 0.0, 0.0),
            Err(Error::CellTotal { .. })
        ));
    }
}
