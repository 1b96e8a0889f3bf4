//! How far prediction and truth depend on each other; 0 means: no more than by chance.

use super::{quotient, share};
use crate::Cells;
use crate::compensated::difference_of_products;

/// Youden's J (informedness), in `[-1, 1]`; higher is better.
///
/// # Formula
/// ```text
/// tp / (tp + fn) + tn / (tn + fp) - 1  =  (tp tn - fp fn) / ((tp + fn) (tn + fp))
/// ```
/// The second form is computed, with a determinant that does not cancel.
///
/// # Undefined
/// When either class has no rows.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// // (6 · 8 - 2 · 4) / (10 · 10)
/// assert_eq!(formulas::youden(&Cells::from_counts(6, 2, 4, 8)), Some(0.4));
/// ```
///
/// # References
/// Youden, 1950, *Index for rating diagnostic tests*, Cancer 3, 32–35.
pub fn youden(cells: &Cells) -> Option<f64> {
    let cells = cells.scaled();
    quotient(determinant(&cells), cells.positives() * cells.negatives())
}

/// Markedness, Youden's J of the predicted classes, in `[-1, 1]`; higher is better.
///
/// # Formula
/// ```text
/// tp / (tp + fp) + tn / (tn + fn) - 1  =  (tp tn - fp fn) / ((tp + fp) (tn + fn))
/// ```
///
/// # Undefined
/// When either class was never predicted.
///
/// # References
/// Powers, 2011, *Evaluation: from precision, recall and F-measure to ROC, informedness, markedness and correlation*,
/// Journal of Machine Learning Technologies 2, 37–63.
pub fn markedness(cells: &Cells) -> Option<f64> {
    let cells = cells.scaled();
    let margins = cells.predicted_positives() * cells.predicted_negatives();
    quotient(determinant(&cells), margins)
}

/// Matthews' correlation coefficient, in `[-1, 1]`; higher is better.
///
/// # Formula
/// ```text
/// (tp tn - fp fn) / sqrt((tp + fp) (tp + fn) (tn + fp) (tn + fn))
/// ```
/// Computed as the geometric mean of Youden's J and markedness, which have its sign: neither leaves `[-1, 1]`, and no
/// product of four cells is formed.
///
/// # Undefined
/// Without rows. When a margin is empty it is 0 by definition, as in scikit-learn.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// // (1 · 1 - 0 · 3) / sqrt(1 · 4 · 1 · 4)
/// assert_eq!(formulas::mcc(&Cells::from_counts(1, 0, 3, 1)), Some(0.25));
/// ```
///
/// # References
/// Matthews, 1975, *Comparison of the predicted and observed secondary structure of T4 phage lysozyme*, Biochimica et
/// Biophysica Acta 405, 442–451. scikit-learn 1.9.1, `matthews_corrcoef`.
pub fn mcc(cells: &Cells) -> Option<f64> {
    if cells.total() == 0.0 {
        return None;
    }
    let (Some(youden), Some(markedness)) = (youden(cells), markedness(cells)) else {
        return Some(0.0);
    };
    let size = youden.abs().sqrt() * markedness.abs().sqrt();
    Some(if youden < 0.0 { -size } else { size })
}

/// Cohen's kappa, the agreement beyond chance, in `[-1, 1]`; higher is better.
///
/// # Formula
/// ```text
/// 2 (tp tn - fp fn) / ((tp + fp) (fp + tn) + (tp + fn) (fn + tn))
/// ```
///
/// # Undefined
/// When all rows lie in `tp`, or all in `tn`: chance alone would agree on every row.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// // 2 (20 · 15 - 5 · 10) / (25 · 20 + 30 · 25) = 500 / 1250
/// assert_eq!(formulas::cohen_kappa(&Cells::from_counts(20, 5, 10, 15)), Some(0.4));
/// ```
///
/// # References
/// Cohen, 1960, *A coefficient of agreement for nominal scales*, Educational and Psychological Measurement 20, 37–46.
/// scikit-learn 1.9.1, `cohen_kappa_score`.
pub fn cohen_kappa(cells: &Cells) -> Option<f64> {
    let cells = cells.scaled();
    let (tp, fp, fn_, tn) = (cells.tp(), cells.fp(), cells.fn_(), cells.tn());
    let determinant = determinant(&cells);
    // The denominator less twice the determinant's size, as a sum without a minus: added to the numerator again, it
    // cannot come out below it.
    let rest = if determinant < 0.0 {
        let difference = fp - fn_;
        4.0 * tp * tn + (difference * difference + (fp + fn_) * (tp + tn))
    } else {
        (fp + fn_) * cells.total()
    };
    let size = share(2.0 * determinant.abs(), rest)?;
    Some(if determinant < 0.0 { -size } else { size })
}

/// `tp tn - fp fn`, whose plain form loses every digit near independence.
fn determinant(cells: &Cells) -> f64 {
    difference_of_products(cells.tp(), cells.tn(), cells.fp(), cells.fn_())
}
