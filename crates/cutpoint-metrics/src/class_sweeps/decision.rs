//! Which class is predicted where each class has a threshold of its own, and the n × n matrix that follows. Which
//! thresholds to take is not chosen here.

use cutpoint_core::{ClassScores, Labels};

use crate::{ConfusionMatrix, ConfusionOptions, Error, Result, confusion_matrix};

/// Classes predicted at thresholds.
///
/// # Shapes
/// Both columns: `(n_samples,)`.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassDecisions {
    y_pred: Labels,
    reached: Vec<bool>,
}

/// Predicts for each row the class whose score is highest in units of its threshold.
///
/// A score of 0.3 is 1.5 times a threshold of 0.2, and wins against 0.6, which is 1.2 times 0.5: halving the threshold
/// of a class makes its score count double. If any class reaches its threshold, the one predicted does. If none does,
/// the one that comes closest is predicted all the same, so that every row is counted; [`ClassDecisions::reached`]
/// tells these rows apart for those who would rather abstain. Of classes that are level the first one wins, as with
/// `argmax`; thresholds that are all the same are `argmax`.
///
/// # Formula
/// ```text
/// argmax over classes of  score of the class / threshold of the class
/// ```
///
/// # Shapes
/// `thresholds`: `(n_classes,)`, in the order of the classes, each in `(0, inf)`; a larger one predicts its class less
/// often.
///
/// # Errors
/// - [`Error::ClassThresholdNumber`] unless there is one threshold a class.
/// - [`Error::ClassThreshold`] for a threshold outside its domain.
///
/// # Examples
/// ```
/// use cutpoint_core::{ClassScores, Labels};
/// use cutpoint_metrics::decide_at_thresholds;
/// use ndarray::array;
///
/// let y = Labels::from_texts(&["a", "b", "c"]);
/// let score = array![[0.5, 0.3, 0.2], [0.6, 0.3, 0.1], [0.4, 0.1, 0.5]];
/// let decisions = decide_at_thresholds(&ClassScores::new(y, score)?, &[0.5, 0.2, 0.75])?;
/// // 1, 1.5, 0.27; 1.2, 1.5, 0.13; 0.8, 0.5, 0.67: the last row reaches no threshold, a is closest.
/// assert_eq!(decisions.y_pred().codes(), [1, 1, 0]);
/// assert_eq!(decisions.reached(), [true, true, false]);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// The rule of Spark ML's `ProbabilisticClassifier` (`thresholds`). For probabilities it is the cheapest choice if
/// missing a class costs in proportion to 1 / threshold: Elkan, 2001, *The foundations of cost-sensitive learning*,
/// IJCAI, 973–978.
pub fn decide_at_thresholds(scores: &ClassScores, thresholds: &[f64]) -> Result<ClassDecisions> {
    let classes = scores.classes();
    if thresholds.len() != classes.len() {
        return Err(Error::ClassThresholdNumber {
            n_classes: classes.len(),
            got: thresholds.len(),
        });
    }
    for (class, &value) in classes.iter().zip(thresholds) {
        if !(value > 0.0 && value.is_finite()) {
            return Err(Error::ClassThreshold {
                class: class.clone(),
                value,
            });
        }
    }
    let mut codes = Vec::with_capacity(scores.n_samples());
    let mut reached = Vec::with_capacity(scores.n_samples());
    for row in scores.score().rows() {
        let (mut winner, mut highest) = (0, f64::NEG_INFINITY);
        for (code, (&score, &threshold)) in (0..).zip(row.iter().zip(thresholds)) {
            let ratio = score / threshold;
            if ratio > highest {
                (winner, highest) = (code, ratio);
            }
        }
        codes.push(winner);
        // A quotient is never rounded up to 1, so this says whether the score is at least the threshold.
        reached.push(highest >= 1.0);
    }
    Ok(ClassDecisions {
        y_pred: Labels::from_codes(codes, classes.to_vec())?,
        reached,
    })
}

/// The n × n matrix at thresholds of the classes: rows true, columns predicted as [`decide_at_thresholds`] does.
///
/// # Errors
/// Those of [`decide_at_thresholds`] and [`confusion_matrix`].
pub fn confusion_matrix_at_thresholds(
    scores: &ClassScores,
    thresholds: &[f64],
) -> Result<ConfusionMatrix> {
    let decisions = decide_at_thresholds(scores, thresholds)?;
    let mut options = ConfusionOptions::default().labels(scores.classes());
    if let Some(weight) = scores.weight() {
        options = options.weight(weight);
    }
    confusion_matrix(scores.y(), decisions.y_pred(), &options)
}

impl ClassDecisions {
    /// The class predicted for each row; the class table is that of the scores.
    pub fn y_pred(&self) -> &Labels {
        &self.y_pred
    }

    /// Whether any class, and so the one predicted, reaches its threshold.
    pub fn reached(&self) -> &[bool] {
        &self.reached
    }
}
