//! Shares of rows: of all rows, of a true class, of a predicted class.

use super::{quotient_of, share};
use crate::Cells;
use crate::twofold::Twofold;

/// Share of rows that were predicted right, in `[0, 1]`; higher is better.
///
/// # Formula
/// ```text
/// (tp + tn) / (tp + fp + fn + tn)
/// ```
///
/// # Undefined
/// Without rows.
///
/// # References
/// scikit-learn 1.9.1, `accuracy_score`.
pub fn accuracy(cells: &Cells) -> Option<f64> {
    share(cells.tp() + cells.tn(), cells.fp() + cells.fn_())
}

/// Share of rows that were predicted wrong, in `[0, 1]`; lower is better.
///
/// # Formula
/// ```text
/// (fp + fn) / (tp + fp + fn + tn)
/// ```
///
/// # Undefined
/// Without rows.
///
/// # References
/// scikit-learn 1.9.1, `zero_one_loss`.
pub fn error_rate(cells: &Cells) -> Option<f64> {
    share(cells.fp() + cells.fn_(), cells.tp() + cells.tn())
}

/// Mean of recall and specificity, in `[0, 1]`; higher is better.
///
/// A class without rows is left out of the mean, as in scikit-learn: with positive rows only it equals recall.
///
/// # Formula
/// ```text
/// (tp / (tp + fn) + tn / (tn + fp)) / 2  =  (tp (tn + fp) + tn (tp + fn)) / (2 (tp + fn) (tn + fp))
/// ```
/// The second form is computed, and rounded once.
///
/// # Undefined
/// Without rows.
///
/// # References
/// Brodersen, Ong, Stephan and Buhmann, 2010, *The balanced accuracy and its posterior distribution*, ICPR, 3121–3124.
/// scikit-learn 1.9.1, `balanced_accuracy_score`.
pub fn balanced_accuracy(cells: &Cells) -> Option<f64> {
    let (Some(recall), Some(specificity)) = (recall(cells), specificity(cells)) else {
        return recall(cells).or(specificity(cells));
    };
    // Two rounded shares would make one mean of several, and two means of one.
    let of = cells.scaled();
    let right = [
        Twofold::product(of.tp(), of.negatives()),
        Twofold::product(of.tn(), of.positives()),
    ];
    let all = Twofold::product(2.0 * of.positives(), of.negatives());
    if right.iter().chain([&all]).all(|product| product.is_full()) {
        quotient_of(right[0].plus(right[1]), all)
    } else {
        Some(recall.midpoint(specificity))
    }
}

/// Share of the rows predicted positive that are positive, in `[0, 1]`; higher is better.
///
/// # Formula
/// ```text
/// tp / (tp + fp)
/// ```
///
/// # Undefined
/// When no row was predicted positive.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// assert_eq!(formulas::precision(&Cells::from_counts(48, 9, 17, 76)), Some(48.0 / 57.0));
/// assert_eq!(formulas::precision(&Cells::from_counts(0, 0, 17, 76)), None);
/// ```
///
/// # References
/// scikit-learn 1.9.1, `precision_score`.
pub fn precision(cells: &Cells) -> Option<f64> {
    share(cells.tp(), cells.fp())
}

/// Share of the positive rows that were predicted positive, in `[0, 1]`; higher is better.
///
/// # Formula
/// ```text
/// tp / (tp + fn)
/// ```
///
/// # Undefined
/// Without positive rows.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, formulas};
///
/// assert_eq!(formulas::recall(&Cells::from_counts(48, 9, 17, 76)), Some(48.0 / 65.0));
/// ```
///
/// # References
/// scikit-learn 1.9.1, `recall_score`.
pub fn recall(cells: &Cells) -> Option<f64> {
    share(cells.tp(), cells.fn_())
}

/// Share of the negative rows that were predicted negative, in `[0, 1]`; higher is better.
///
/// # Formula
/// ```text
/// tn / (tn + fp)
/// ```
///
/// # Undefined
/// Without negative rows.
///
/// # References
/// Yerushalmy, 1947, *Statistical problems in assessing methods of medical diagnosis*, Public Health Reports 62,
/// 1432–1449.
pub fn specificity(cells: &Cells) -> Option<f64> {
    share(cells.tn(), cells.fp())
}

/// Negative predictive value: share of the rows predicted negative that are negative, in `[0, 1]`; higher is better.
///
/// # Formula
/// ```text
/// tn / (tn + fn)
/// ```
///
/// # Undefined
/// When no row was predicted negative.
///
/// # References
/// Altman and Bland, 1994, *Diagnostic tests 2: predictive values*, BMJ 309, 102.
pub fn npv(cells: &Cells) -> Option<f64> {
    share(cells.tn(), cells.fn_())
}

/// False positive rate: share of the negative rows that were predicted positive, in `[0, 1]`; lower is better.
///
/// # Formula
/// ```text
/// fp / (fp + tn)
/// ```
///
/// # Undefined
/// Without negative rows.
///
/// # References
/// Fawcett, 2006, *An introduction to ROC analysis*, Pattern Recognition Letters 27, figure 1.
pub fn fpr(cells: &Cells) -> Option<f64> {
    share(cells.fp(), cells.tn())
}

/// False negative rate: share of the positive rows that were predicted negative, in `[0, 1]`; lower is better.
///
/// # Formula
/// ```text
/// fn / (fn + tp)
/// ```
///
/// # Undefined
/// Without positive rows.
///
/// # References
/// Martin, Doddington, Kamm, Ordowski and Przybocki, 1997, *The DET curve in assessment of detection task performance*,
/// Eurospeech, 1895–1898 (the miss rate).
pub fn fnr(cells: &Cells) -> Option<f64> {
    share(cells.fn_(), cells.tp())
}

/// False discovery rate: share of the rows predicted positive that are negative, in `[0, 1]`; lower is better.
///
/// # Formula
/// ```text
/// fp / (fp + tp)
/// ```
///
/// # Undefined
/// When no row was predicted positive.
///
/// # References
/// Benjamini and Hochberg, 1995, *Controlling the false discovery rate*, Journal of the Royal Statistical Society B 57,
/// 289–300 (here the observed proportion, not its expectation).
pub fn fdr(cells: &Cells) -> Option<f64> {
    share(cells.fp(), cells.tp())
}

/// False omission rate: share of the rows predicted negative that are positive, in `[0, 1]`; lower is better.
///
/// The catalogue calls it `for`.
///
/// # Formula
/// ```text
/// fn / (fn + tn)
/// ```
///
/// # Undefined
/// When no row was predicted negative.
///
/// # References
/// The complement of the negative predictive value; Altman and Bland, 1994, BMJ 309, 102.
pub fn false_omission_rate(cells: &Cells) -> Option<f64> {
    share(cells.fn_(), cells.tn())
}

/// Share of the rows that are positive, in `[0, 1]`; a property of the data, neither better nor worse.
///
/// # Formula
/// ```text
/// (tp + fn) / (tp + fp + fn + tn)
/// ```
///
/// # Undefined
/// Without rows.
///
/// # References
/// Altman and Bland, 1994, *Diagnostic tests 2: predictive values*, BMJ 309, 102.
pub fn prevalence(cells: &Cells) -> Option<f64> {
    share(cells.positives(), cells.negatives())
}

/// Share of the rows that were predicted positive, in `[0, 1]`: the alert rate; neither better nor worse.
///
/// # Formula
/// ```text
/// (tp + fp) / (tp + fp + fn + tn)
/// ```
///
/// # Undefined
/// Without rows.
///
/// # References
/// Sing, Sander, Beerenwinkel and Lengauer, 2005, *ROCR: visualizing classifier performance in R*, Bioinformatics 21,
/// 3940–3941 (the rate of positive predictions).
pub fn predicted_positive_rate(cells: &Cells) -> Option<f64> {
    share(cells.predicted_positives(), cells.predicted_negatives())
}
