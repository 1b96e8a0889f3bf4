//! Sweeps of several classes: one for each class against all others, one for each pair, and averages over them. What a
//! sweep is, and what can be read off it, is not repeated here.

mod average_roc;
mod decision;
mod one_vs_one;

pub use average_roc::{AverageRocCurve, average_roc_curve};
pub use decision::{ClassDecisions, confusion_matrix_at_thresholds, decide_at_thresholds};
pub use one_vs_one::{PairAverage, one_vs_one_roc_auc};

use cutpoint_core::{ClassScores, Label, Scores};
use rayon::prelude::*;

use crate::compensated::CompensatedSum;
use crate::{Average, Error, Result, Sweep, sweep};

/// The sweep of each class against all others, and that of all their decisions together.
///
/// # Shapes
/// `classes`, `sweeps`: `(n_classes,)`.
///
/// # Examples
/// ```
/// use cutpoint_core::{ClassScores, Labels};
/// use cutpoint_metrics::{Average, one_vs_rest_sweeps, roc_auc};
/// use ndarray::array;
///
/// let y = Labels::from_texts(&["a", "b", "c", "c"]);
/// let score = array![[0.5, 0.3, 0.2], [0.4, 0.4, 0.2], [0.2, 0.2, 0.6], [0.1, 0.6, 0.3]];
/// let sweeps = one_vs_rest_sweeps(&ClassScores::new(y, score)?)?;
/// // a: 0.5 against 0.4, 0.2, 0.1; b: 0.4 against 0.3, 0.2, 0.6; c: 0.6 and 0.3 against 0.2 and 0.2.
/// assert_eq!(sweeps.per_class(roc_auc), [Some(1.0), Some(2.0 / 3.0), Some(1.0)]);
/// let mean = sweeps.average(Average::Macro, roc_auc).unwrap();
/// assert!((mean - 8.0 / 9.0).abs() < 1e-15);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OneVsRestSweeps {
    classes: Vec<Label>,
    sweeps: Vec<Sweep>,
    micro: Sweep,
}

/// Makes the sweep of each class against all others. Classes are swept in rayon's current pool.
///
/// # Shapes
/// From `(n_samples, n_classes)` scores; the micro sweep counts `n_samples · n_classes` decisions.
///
/// # Errors
/// [`Error::Input`] if the weights of all decisions sum to more than 1e300.
pub fn one_vs_rest_sweeps(scores: &ClassScores) -> Result<OneVsRestSweeps> {
    let n_classes = scores.classes().len();
    let of_class = |class_index| Ok(sweep(&scores.one_vs_rest(class_index)?));
    let (sweeps, micro) = rayon::join(
        || {
            (0..n_classes)
                .into_par_iter()
                .map(of_class)
                .collect::<Result<_>>()
        },
        || Ok::<_, Error>(sweep(&all_decisions(scores)?)),
    );
    Ok(OneVsRestSweeps {
        classes: scores.classes().to_vec(),
        sweeps: sweeps?,
        micro: micro?,
    })
}

/// Every score of every row as a row of its own, positive iff the row has the class.
fn all_decisions(scores: &ClassScores) -> Result<Scores> {
    let n_classes = scores.classes().len();
    let mut is_positive = Vec::with_capacity(scores.n_samples() * n_classes);
    for &code in scores.y().codes() {
        is_positive.extend((0..n_classes).map(|class| class == code as usize));
    }
    let decisions = Scores::new(is_positive, scores.score().iter().copied().collect())?;
    let Some(weight) = scores.weight() else {
        return Ok(decisions);
    };
    let weight = weight.iter();
    let weight = weight.flat_map(|&weight| std::iter::repeat_n(weight, n_classes));
    Ok(decisions.with_weight(weight.collect())?)
}

impl OneVsRestSweeps {
    /// The classes, ascending.
    pub fn classes(&self) -> &[Label] {
        &self.classes
    }

    /// The sweep of each class, which is positive, against all others.
    pub fn sweeps(&self) -> &[Sweep] {
        &self.sweeps
    }

    /// The sweep of one class.
    ///
    /// # Errors
    /// [`Error::LabelUnknown`] for a class that is not there.
    pub fn sweep_of(&self, class: &Label) -> Result<&Sweep> {
        let index = self.classes.iter().position(|other| other == class);
        let index = index.ok_or_else(|| Error::LabelUnknown {
            label: class.clone(),
            n_labels: self.classes.len(),
        })?;
        Ok(&self.sweeps[index])
    }

    /// The sweep of all decisions: each row of data counts once a class, with its score for that class.
    pub fn micro(&self) -> &Sweep {
        &self.micro
    }

    /// An area or another value of each class's sweep; `None` where it is undefined.
    pub fn per_class(&self, value: impl Fn(&Sweep) -> Option<f64>) -> Vec<Option<f64>> {
        self.sweeps.iter().map(value).collect()
    }

    /// An area or another value of a sweep, averaged over the classes.
    ///
    /// # Formula
    /// ```text
    /// macro:     sum of values / number of classes
    /// weighted:  sum of rows of the class · value / sum of rows
    /// micro:     the value of the sweep of all decisions
    /// ```
    ///
    /// # Undefined
    /// Where it is undefined for a class; only if weighted, classes without rows do not count.
    ///
    /// # References
    /// Fawcett, 2006, *An introduction to ROC analysis*, Pattern Recognition Letters 27, section 9. scikit-learn 1.9.1,
    /// `roc_auc_score(multi_class="ovr")`, `average_precision_score`.
    pub fn average(&self, average: Average, value: impl Fn(&Sweep) -> Option<f64>) -> Option<f64> {
        if average == Average::Micro {
            return value(&self.micro);
        }
        let classes = self.class_weights(average);
        mean(classes.map(|(sweep, weight)| (value(sweep), weight)))
    }

    /// The classes that count, and how much.
    fn class_weights(&self, average: Average) -> impl Iterator<Item = (&Sweep, f64)> {
        self.sweeps
            .iter()
            .map(move |sweep| match average {
                Average::Weighted => (sweep, sweep.positives()),
                Average::Macro | Average::Micro => (sweep, 1.0),
            })
            .filter(|(_, weight)| *weight > 0.0)
    }
}

/// The weighted mean; `None` of nothing, or if a value is undefined.
fn mean(values: impl Iterator<Item = (Option<f64>, f64)>) -> Option<f64> {
    let (mut sum, mut total) = (CompensatedSum::default(), CompensatedSum::default());
    for (value, weight) in values {
        sum.add_product(weight, value?);
        total.add(weight);
    }
    let total = total.value();
    (total > 0.0).then(|| sum.value() / total)
}
