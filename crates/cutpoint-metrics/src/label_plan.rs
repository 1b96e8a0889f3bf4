//! Which labels of two columns are counted, in which order, and where the columns' codes point among them. It counts
//! nothing itself.

use std::collections::BTreeSet;

use cutpoint_core::Label;

use crate::label_rows::LabelRows;
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
    pub(crate) fn new(rows: &LabelRows<'_>, given: Option<&[Label]>) -> Result<Self> {
        let [true_present, pred_present] = rows.present();
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
        let places = |classes: &[Label]| {
            let place = |class| labels.iter().position(|label| label == class);
            classes.iter().map(place).collect::<Vec<_>>()
        };
        Ok(Self {
            true_index: places(rows.true_classes),
            pred_index: places(rows.pred_classes),
            covers_all: occurring.iter().all(|label| labels.contains(label)),
            labels,
        })
    }
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
