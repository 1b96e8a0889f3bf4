//! The sums a report is made of, rounded step by step as scikit-learn rounds them, so that the last digit agrees.

use crate::label_plan::LabelPlan;
use crate::label_rows::LabelRows;

/// What scikit-learn computes the rates of a class from.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct ClassSums {
    pub(super) right: f64,
    pub(super) predicted: f64,
    pub(super) truly: f64,
}

impl ClassSums {
    pub(super) fn precision(&self) -> Option<f64> {
        (self.predicted != 0.0).then(|| self.right / self.predicted)
    }

    pub(super) fn recall(&self) -> Option<f64> {
        (self.truly != 0.0).then(|| self.right / self.truly)
    }

    pub(super) fn f1(&self) -> Option<f64> {
        let denominator = self.truly + self.predicted;
        (denominator != 0.0).then(|| 2.0 * self.right / denominator)
    }
}

/// The sums of every class, and whether no row at all was predicted right.
pub(super) struct Sums {
    pub(super) classes: Vec<ClassSums>,
    pub(super) none_right: bool,
}

/// Adds the weights of each class in the order of the rows, as NumPy's `bincount` does.
pub(super) fn sum_classes(rows: &LabelRows<'_>, plan: &LabelPlan) -> Sums {
    let mut classes = vec![ClassSums::default(); plan.labels.len()];
    let mut none_right = true;
    // A predicted label that is the same as the true one may have another code.
    let code_of = |class| rows.pred_classes.iter().position(|other| other == class);
    let same = rows.true_classes.iter().map(code_of).collect::<Vec<_>>();
    rows.each(|truth, prediction, weight| {
        let is_right = same[truth] == Some(prediction);
        none_right &= !is_right;
        if let Some(index) = plan.true_index[truth] {
            classes[index].truly += weight;
            if is_right {
                classes[index].right += weight;
            }
        }
        if let Some(index) = plan.pred_index[prediction] {
            classes[index].predicted += weight;
        }
    });
    // By way of the off-diagonal cells, whose rounding shows in the last digit that prints.
    for sums in &mut classes {
        let (fp, fn_) = (sums.predicted - sums.right, sums.truly - sums.right);
        sums.predicted = sums.right + fp;
        sums.truly = sums.right + fn_;
    }
    Sums {
        classes,
        none_right,
    }
}
