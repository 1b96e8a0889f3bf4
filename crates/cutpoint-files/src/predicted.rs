//! Files of hard labels: one row a sample, with its true and its predicted class, of any number of classes.
//!
//! It refuses to turn scores into labels.

use std::path::Path;

use cutpoint_core::Labels;
use ndarray::ArrayView2;

use crate::columns::{Domain, NumberColumn, Wanted};
use crate::csv_write::{Column, CsvWriter};
use crate::labels::labels;
use crate::scores::distinct_roles;
use crate::table::Table;
use crate::{Output, Result};

/// True and predicted labels of the same rows, over one class table.
#[derive(Debug, Clone, PartialEq)]
pub struct Predicted {
    y_true: Labels,
    y_pred: Labels,
    weight: Option<Vec<f64>>,
}

impl Predicted {
    /// The true labels.
    pub fn y_true(&self) -> &Labels {
        &self.y_true
    }

    /// The predicted labels; the class table is that of the true ones.
    pub fn y_pred(&self) -> &Labels {
        &self.y_pred
    }

    /// The weights, if they were asked for.
    pub fn weight(&self) -> Option<&[f64]> {
        self.weight.as_deref()
    }
}

/// Reads hard labels from the columns named; other columns are ignored.
///
/// # Errors
/// Those of [`crate::read_scores`], but for the ones about scores and the positive class.
pub fn read_predicted(
    path: &Path,
    label: &str,
    predicted: &str,
    weight: Option<&str>,
) -> Result<Predicted> {
    let table = Table::open(path)?;
    let texts = [table.find(label)?, table.find(predicted)?];
    let weight_column = weight.map(|weight| table.find(weight)).transpose()?;
    let mut roles = vec![(texts[0], "the label"), (texts[1], "the predicted label")];
    roles.extend(weight_column.map(|column| (column, "the weight")));
    distinct_roles(&table, &roles)?;
    let numbers = weight_column.map(|column| NumberColumn {
        column,
        domain: Domain::Weight,
    });
    let columns = table.read(Wanted {
        numbers: numbers.as_slice(),
        texts: &texts,
        ..Wanted::default()
    })?;
    let [y_true, y_pred] = labels(
        path,
        [(label, &columns.texts[0]), (predicted, &columns.texts[1])],
    )?;
    Ok(Predicted {
        y_true,
        y_pred,
        weight: weight.map(|_| columns.numbers),
    })
}

/// Writes the predictions of a model of several classes: `y_true` if it is known, `y_pred`, and one probability
/// `p_<class>` for each class.
///
/// # Shapes
/// `probabilities`: `(n_samples, n_classes)`, in the order of the classes of `y_pred`.
///
/// # Errors
/// - [`crate::Error::Write`] if the system refuses.
/// - [`crate::Error::NotFinite`] for a probability that is NaN or infinite.
///
/// # Panics
/// If the shapes do not fit.
pub fn write_predicted(
    output: &mut Output,
    y_true: Option<&Labels>,
    y_pred: &Labels,
    probabilities: ArrayView2<'_, f64>,
) -> Result<()> {
    let probability_names = y_pred
        .classes()
        .iter()
        .map(|class| format!("p_{class}"))
        .collect::<Vec<_>>();
    let names = y_true
        .map(|_| "y_true")
        .into_iter()
        .chain(["y_pred"])
        .chain(probability_names.iter().map(String::as_str));
    let columns = y_true
        .map(Column::Labels)
        .into_iter()
        .chain([Column::Labels(y_pred)])
        .chain(probabilities.columns().into_iter().map(Column::Floats))
        .collect::<Vec<_>>();
    CsvWriter::new(output, names)?.write(&columns)
}
