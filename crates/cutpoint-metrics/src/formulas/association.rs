//! How far prediction and truth depend on each other; 0 means: no more than by chance.

use super::{quotient, quotient_of, share};
use crate::Cells;
use crate::compensated::{difference_of_products, two_sum};
use crate::twofold::Twofold;

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
    within(&cells, cells.positives(), cells.negatives())
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
    let (positives, negatives) = (cells.predicted_positives(), cells.predicted_negatives());
    within(&cells, positives, negatives)
}

/// Matthews' correlation coefficient, in `[-1, 1]`; higher is better.
///
/// # Formula
/// ```text
/// (tp tn - fp fn) / sqrt((tp + fp) (tp + fn) (tn + fp) (tn + fn))
/// ```
/// Products and root are formed with twice the digits of a double and the ratio is rounded once, so that equal
/// coefficients are equal doubles.
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
    let of = cells.scaled();
    let true_margins = Twofold::product(of.positives(), of.negatives());
    let predicted_margins = Twofold::product(of.predicted_positives(), of.predicted_negatives());
    let margins = true_margins.times(predicted_margins);
    if margins.is_positive()
        && margins.is_full()
        && let Some(determinant) = determinant(&of)
    {
        return quotient_of(determinant, margins.sqrt());
    }
    let (Some(youden), Some(markedness)) = (youden(cells), markedness(cells)) else {
        return Some(0.0);
    };
    // Weights of which products leave the doubles: the geometric mean of two numbers that have its sign.
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
    let of = cells.scaled();
    let by_chance = Twofold::product(of.predicted_positives(), of.negatives())
        .plus(Twofold::product(of.positives(), of.predicted_negatives()));
    if let Some(determinant) = determinant(&of).filter(|_| by_chance.is_full()) {
        return quotient_of(determinant.plus(determinant), by_chance);
    }
    let (tp, fp, fn_, tn) = (of.tp(), of.fp(), of.fn_(), of.tn());
    let determinant = difference_of_products(tp, tn, fp, fn_);
    // The denominator less twice the determinant's size, as a sum without a minus: added to the numerator again, it
    // cannot come out below it.
    let rest = if determinant < 0.0 {
        let difference = fp - fn_;
        4.0 * tp * tn + (difference * difference + (fp + fn_) * (tp + tn))
    } else {
        (fp + fn_) * of.total()
    };
    let size = share(2.0 * determinant.abs(), rest)?;
    Some(if determinant < 0.0 { -size } else { size })
}

/// The determinant of scaled cells, as a part of the product of two margins.
fn within(of: &Cells, positives: f64, negatives: f64) -> Option<f64> {
    let margins = Twofold::product(positives, negatives);
    let right = Twofold::product(of.tp(), of.tn());
    let wrong = Twofold::product(of.fp(), of.fn_());
    // As most counts have it: nothing was rounded, and the quotient is the first to be.
    if let (Some(right), Some(wrong), Some(margins)) =
        (right.to_double(), wrong.to_double(), margins.to_double())
        && let (determinant, 0.0) = two_sum(right, -wrong)
    {
        return quotient(determinant, margins);
    }
    if right.is_full() && wrong.is_full() && margins.is_full() {
        return quotient_of(right.minus(wrong), margins);
    }
    quotient(
        difference_of_products(of.tp(), of.tn(), of.fp(), of.fn_()),
        positives * negatives,
    )
}

/// `tp tn - fp fn`, whose plain form loses every digit near independence; `None` where a product leaves the doubles.
fn determinant(of: &Cells) -> Option<Twofold> {
    let right = Twofold::product(of.tp(), of.tn());
    let wrong = Twofold::product(of.fp(), of.fn_());
    (right.is_full() && wrong.is_full()).then(|| right.minus(wrong))
}
