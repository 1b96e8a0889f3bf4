//! Files of hard labels: one row a sample, with its true and its predicted class, of any number of classes.

use std::path::Path;

use cutpoint_core::{Label, Labels};
use ndarray::ArrayView2;

use crate::column::Column;
use crate::columns::{Domain, NumberColumn, Projection};
use crate::labels::{Words, shared_labels};
use crate::npy_table::MatrixNames;
use crate::scores::distinct_roles;
use crate::table::Table;
use crate::table_write::TableWriter;
use crate::{Output, Progress, Result};

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
/// Those of [`crate::read_scores`], but for the ones about scores and the positive class; [`crate::Error::Columns`] if
/// the two columns share no class.
pub fn read_predicted(
    path: &Path,
    label: &str,
    predicted: &str,
    weight: Option<&str>,
) -> Result<Predicted> {
    read_predicted_with(path, label, predicted, weight, &[], |_| {})
}

/// Reads as [`read_predicted`] does, and tells now and then how far it has come.
///
/// `words`: classes that are written as words for a missing value (`NA`, `None`); elsewhere these are refused.
///
/// # Errors
/// Those of [`read_predicted`].
pub fn read_predicted_with(
    path: &Path,
    label: &str,
    predicted: &str,
    weight: Option<&str>,
    words: &[String],
    on_progress: impl FnMut(Progress),
) -> Result<Predicted> {
    let table = Table::open(path, MatrixNames::Roles(&["y_true", "y_pred", "weight"]))?;
    let texts = [table.find(label)?, table.find(predicted)?];
    let weight_column = weight.map(|weight| table.find(weight)).transpose()?;
    let mut roles = vec![(texts[0], "the label"), (texts[1], "the predicted label")];
    roles.extend(weight_column.map(|column| (column, "the weight")));
    distinct_roles(&table, &roles)?;
    let numbers = weight_column.map(|column| NumberColumn {
        column,
        domain: Domain::Weight,
    });
    let projection = Projection {
        numbers: numbers.as_slice(),
        texts: &texts,
        ..Projection::default()
    };
    let columns = table.read_with(projection, on_progress)?;
    let [y_true, y_pred] = shared_labels(
        path,
        [(label, &columns.texts[0]), (predicted, &columns.texts[1])],
        Words(words),
    )?;
    Ok(Predicted {
        y_true,
        y_pred,
        weight: weight.map(|_| columns.numbers),
    })
}

/// Writes the predictions of a model of several classes, rows in as many steps as the caller likes, in the format of
/// the output: `y_true` if it is known, `y_pred`, and one probability `p_<class>` for each class.
#[must_use = "nothing is written unless it is finished"]
pub struct PredictedWriter<'o> {
    writer: TableWriter<'o>,
    has_labels: bool,
}

impl<'o> PredictedWriter<'o> {
    /// Begins a file with or without the true labels, for the classes of the model.
    ///
    /// # Errors
    /// [`crate::Error::Write`] if the system refuses.
    pub fn new(output: &'o mut Output, has_labels: bool, classes: &[Label]) -> Result<Self> {
        let probabilities = classes
            .iter()
            .map(|class| format!("p_{class}"))
            .collect::<Vec<_>>();
        let label = has_labels.then_some("y_true");
        let names = label
            .into_iter()
            .chain(["y_pred"])
            .chain(probabilities.iter().map(String::as_str));
        Ok(Self {
            writer: TableWriter::new(output, names)?,
            has_labels,
        })
    }

    /// Writes rows.
    ///
    /// # Shapes
    /// `probabilities`: `(n_samples, n_classes)`, in the order of the classes.
    ///
    /// # Errors
    /// - [`crate::Error::Write`] if the system refuses.
    /// - [`crate::Error::NotFinite`] for a probability that is NaN or infinite.
    /// - [`crate::Error::MixedLabels`], [`crate::Error::NpyText`] for labels that the format cannot hold.
    ///
    /// # Panics
    /// If the shapes do not fit, or labels come to a file begun without them.
    pub fn write(
        &mut self,
        y_true: Option<&Labels>,
        y_pred: &Labels,
        probabilities: ArrayView2<'_, f64>,
    ) -> Result<()> {
        assert_eq!(y_true.is_some(), self.has_labels, "labels as announced");
        let columns = y_true
            .map(Column::Labels)
            .into_iter()
            .chain([Column::Labels(y_pred)])
            .chain(probabilities.columns().into_iter().map(Column::Floats))
            .collect::<Vec<_>>();
        self.writer.write(&columns)
    }

    /// Writes what belongs at the end.
    ///
    /// # Errors
    /// [`crate::Error::Write`] if the system refuses.
    pub fn finish(self) -> Result<()> {
        self.writer.finish()
    }
}

/// Writes the predictions of a model of several classes, see [`PredictedWriter`].
///
/// # Shapes
/// `probabilities`: `(n_samples, n_classes)`, in the order of the classes of `y_pred`.
///
/// # Errors
/// Those of [`PredictedWriter::write`].
///
/// # Panics
/// If the shapes do not fit.
pub fn write_predicted(
    output: &mut Output,
    y_true: Option<&Labels>,
    y_pred: &Labels,
    probabilities: ArrayView2<'_, f64>,
) -> Result<()> {
    let mut writer = PredictedWriter::new(output, y_true.is_some(), y_pred.classes())?;
    writer.write(y_true, y_pred, probabilities)?;
    writer.finish()
}
