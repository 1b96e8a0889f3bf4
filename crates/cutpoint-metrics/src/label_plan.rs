//! Which labels of two columns are counted, in which order, and where the columns' codes point among them. It counts
//! nothing itself.

use std::collections::BTreeSet;

use cutpoint_core::{Label, Labels, check_weight};

use crate::{Error, Result};

/// Which labels are counted, and where the class codes of both columns point among them.
pub(crate) struct LabelPlan {
    pub(crate) labels: Vec<Label>,
    /// For each class of `y_true`'s table: its place among the labels, if it is one.
    pub(crate) true_index: Vec<Option<usize>>,
    /// The same for `y_pred`.
    pub(crate) pred_index: Vec<Option<usize>>,
    /// Whether every label that occurs is counted.
    pub(crate) covers_all: bool,
}

impl LabelPlan {
    pub(crate) fn new(
        y_true: &Labels,
        y_pred: &Labels,
        given: Option<&[Label]>,
        weight: Option<&[f64]>,
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
        let (true_present, pred_present) = (present(y_true), present(y_pred));
        check_kinds(&true_present, &true_present, "y_true")?;
        check_kinds(&true_present, &pred_present, "y_pred")?;
        let occurring = true_present
            .into_iter()
            .chain(pred_present)
            .collect::<BTreeSet<_>>();
        let labels = match given {
            None => occurring.iter().copied().cloned().collect(),
            Some([]) => return Err(Error::LabelsEmpty),
            Some(labels) => {
                check_distinct(labels)?;
                let occurring = occurring.iter().copied().collect::<Vec<_>>();
                check_kinds(&occurring, &labels.iter().collect::<Vec<_>>(), "labels")?;
                labels.to_vec()
            }
        };
        let places = |column: &Labels| {
            let place = |class| labels.iter().position(|label| label == class);
            column.classes().iter().map(place).collect::<Vec<_>>()
        };
        Ok(Self {
            true_index: places(y_true),
            pred_index: places(y_pred),
            covers_all: occurring.iter().all(|label| labels.contains(label)),
            labels,
        })
    }
}

/// The classes that have rows.
fn present(column: &Labels) -> Vec<&Label> {
    let counts = column.counts();
    let classes = column.classes().iter().zip(counts);
    classes
        .filter(|(_, count)| *count > 0)
        .map(|(class, _)| class)
        .collect()
}

fn check_kinds(expected: &[&Label], got: &[&Label], name: &'static str) -> Result<()> {
    let Some(&first) = expected.first() else {
        return Ok(());
    };
    let other = got
        .iter()
        .find(|label| std::mem::discriminant(**label) != std::mem::discriminant(first));
    match other {
        None => Ok(()),
        Some(&label) => Err(Error::LabelKind {
            name,
            label: label.clone(),
            other: first.clone(),
        }),
    }
}

pub(crate) fn check_distinct(labels: &[Label]) -> Result<()> {
    let mut seen = BTreeSet::new();
    match labels.iter().find(|label| !seen.insert(*label)) {
        None => Ok(()),
        Some(label) => Err(Error::LabelTwice {
            label: label.clone(),
        }),
    }
}
