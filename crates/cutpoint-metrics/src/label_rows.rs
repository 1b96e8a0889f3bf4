//! Rows as pairs of a true and a predicted class: each pair once, with how often it is there, or row by row where
//! weights are added in the order of the rows. Which classes are shown, `label_plan` says.

use std::collections::BTreeMap;

use cutpoint_core::{Label, Labels, check_weight};

use crate::Result;

/// Rows of two columns of labels.
pub(crate) struct LabelRows<'a> {
    /// What the codes of true classes mean.
    pub(crate) true_classes: &'a [Label],
    /// What the codes of predicted classes mean.
    pub(crate) pred_classes: &'a [Label],
    pairs: Pairs<'a>,
}

enum Pairs<'a> {
    /// How often each pair of codes is there.
    Counted(Vec<([u32; 2], u64)>),
    /// Codes and weights, row by row.
    Weighted {
        y_true: &'a [u32],
        y_pred: &'a [u32],
        weight: &'a [f64],
    },
}

impl<'a> LabelRows<'a> {
    /// The rows of two columns.
    pub(crate) fn new(
        y_true: &'a Labels,
        y_pred: &'a Labels,
        weight: Option<&'a [f64]>,
    ) -> Result<Self> {
        let n_samples = y_true.len();
        if n_samples == 0 {
            return Err(cutpoint_core::Error::Empty { name: "y_true" }.into());
        }
        if y_pred.len() != n_samples {
            return Err(cutpoint_core::Error::Length {
                name: "y_pred",
                expected: n_samples,
                got: y_pred.len(),
            }
            .into());
        }
        if let Some(weight) = weight {
            check_weight(weight, n_samples)?;
        }
        Ok(Self {
            true_classes: y_true.classes(),
            pred_classes: y_pred.classes(),
            pairs: match weight {
                None => Pairs::Counted(count(y_true, y_pred)),
                Some(weight) => Pairs::Weighted {
                    y_true: y_true.codes(),
                    y_pred: y_pred.codes(),
                    weight,
                },
            },
        })
    }

    /// Rows that were counted elsewhere, by the codes of their classes.
    pub(crate) fn of_counts(classes: &'a [Label], pairs: Vec<([u32; 2], u64)>) -> Self {
        Self {
            true_classes: classes,
            pred_classes: classes,
            pairs: Pairs::Counted(pairs),
        }
    }

    pub(crate) fn is_weighted(&self) -> bool {
        matches!(self.pairs, Pairs::Weighted { .. })
    }

    /// Shows true and predicted code and what they count: rows that are the same together, or their weights in the
    /// order of the rows.
    pub(crate) fn each(&self, mut see: impl FnMut(usize, usize, f64)) {
        match &self.pairs {
            Pairs::Counted(pairs) => {
                for &([truth, prediction], n_rows) in pairs {
                    see(truth as usize, prediction as usize, n_rows as f64);
                }
            }
            Pairs::Weighted {
                y_true,
                y_pred,
                weight,
            } => {
                for ((&truth, &prediction), &weight) in y_true.iter().zip(*y_pred).zip(*weight) {
                    see(truth as usize, prediction as usize, weight);
                }
            }
        }
    }

    /// The true and the predicted classes that have rows.
    pub(crate) fn present(&self) -> [Vec<&'a Label>; 2] {
        let mut is_true = vec![false; self.true_classes.len()];
        let mut is_pred = vec![false; self.pred_classes.len()];
        self.each(|truth, prediction, _| {
            is_true[truth] = true;
            is_pred[prediction] = true;
        });
        let of = |classes: &'a [Label], is_present: Vec<bool>| {
            let classes = classes.iter().zip(is_present);
            classes
                .filter_map(|(class, is_present)| is_present.then_some(class))
                .collect()
        };
        [
            of(self.true_classes, is_true),
            of(self.pred_classes, is_pred),
        ]
    }
}

/// How often each pair of codes is there, those that are not left out.
fn count(y_true: &Labels, y_pred: &Labels) -> Vec<([u32; 2], u64)> {
    /// Pairs that have a counter each, whether or not they are there.
    const MOST_COUNTERS: usize = 1 << 16;
    let n_pred = y_pred.classes().len();
    let codes = y_true.codes().iter().zip(y_pred.codes());
    if y_true.classes().len() * n_pred > MOST_COUNTERS {
        let mut counts = BTreeMap::new();
        for (&truth, &prediction) in codes {
            *counts.entry([truth, prediction]).or_default() += 1;
        }
        return counts.into_iter().collect();
    }
    let mut counts = vec![0_u64; y_true.classes().len() * n_pred];
    for (&truth, &prediction) in codes {
        counts[truth as usize * n_pred + prediction as usize] += 1;
    }
    let counts = counts.into_iter().zip(0_u32..);
    let n_pred = u32::try_from(n_pred).expect("few counters");
    let pairs = counts.map(|(n_rows, index)| ([index / n_pred, index % n_pred], n_rows));
    pairs.filter(|(_, n_rows)| *n_rows > 0).collect()
}
