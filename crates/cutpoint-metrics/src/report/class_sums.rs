//! The sums a report is made of, rounded step by step as scikit-learn rounds them, so that the last digit agrees.

use cutpoint_core::Labels;

use crate::label_plan::LabelPlan;

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
pub(super) fn sum_classes(
    y_true: &Labels,
    y_pred: &Labels,
    plan: &LabelPlan,
    weight: Option<&[f64]>,
) -> Sums {
    let mut classes = vec![ClassSums::default(); plan.labels.len()];
    let mut none_right = true;
    // A label of `y_pred` that is the same as that of `y_true` may have another code.
    let same = y_true
        .classes()
        .iter()
        .map(|class| y_pred.code_of(class))
        .collect::<Vec<_>>();
    let rows = y_true.codes().iter().zip(y_pred.codes()).enumerate();
    for (row, (&truth, &prediction)) in rows {
        let weight = weight.map_or(1.0, |weight| weight[row]);
        let is_right = same[truth as usize] == Some(prediction);
        none_right &= !is_right;
        if let Some(index) = plan.true_index[truth as usize] {
            classes[index].truly += weight;
            if is_right {
                classes[index].right += weight;
            }
        }
        if let Some(index) = plan.pred_index[prediction as usize] {
            classes[index].predicted += weight;
        }
    }
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
