//! The n × n confusion matrix of labels: counted from rows, normalised, read class by class. How it prints is in
//! `numpy_text`; scores and thresholds belong to `sweep`.

use std::fmt;

use cutpoint_core::{Label, Labels, Scores, Threshold};
use ndarray::{Array2, ArrayView2, Axis};

use crate::compensated::CompensatedSum;
use crate::label_plan::{LabelPlan, check_distinct};
use crate::label_rows::LabelRows;
use crate::numpy_text::{write_floats, write_integers};
use crate::{Cells, Error, Result, confusion_at};

/// A table of this many squared fits into memory; more labels than this are row numbers, not classes.
const MOST_LABELS: usize = 10_000;

/// What to count in a [`confusion_matrix`].
#[derive(Debug, Clone, Copy, Default)]
pub struct ConfusionOptions<'a> {
    labels: Option<&'a [Label]>,
    weight: Option<&'a [f64]>,
}

impl<'a> ConfusionOptions<'a> {
    /// The labels of the rows and columns, in that order. Default: every label of either column, ascending.
    ///
    /// A subset is allowed; a label that no row has gives an empty row and column.
    #[must_use]
    pub fn labels(mut self, labels: &'a [Label]) -> Self {
        self.labels = Some(labels);
        self
    }

    /// A weight for each row, in `[0, inf)`; a row of weight 2 counts like that row twice. Default: 1 each, counted in
    /// whole numbers.
    #[must_use]
    pub fn weight(mut self, weight: &'a [f64]) -> Self {
        self.weight = Some(weight);
        self
    }

    pub(crate) fn given_labels(&self) -> Option<&'a [Label]> {
        self.labels
    }

    pub(crate) fn weights(&self) -> Option<&'a [f64]> {
        self.weight
    }
}

/// What the cells are divided by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Normalize {
    /// The number of rows of the true class: each row sums to 1, and the diagonal is recall.
    True,
    /// The number of rows predicted as the class: each column sums to 1, and the diagonal is precision.
    Pred,
    /// The number of all rows.
    All,
}

/// An n × n confusion matrix: rows are true classes, columns predicted ones.
///
/// It prints as NumPy prints an array.
///
/// # Shapes
/// `labels`: `(n_labels,)`; `values`, `counts`: `(n_labels, n_labels)`.
///
/// # Examples
/// ```
/// use cutpoint_core::Labels;
/// use cutpoint_metrics::{Cells, ConfusionOptions, confusion_matrix};
///
/// let y_true = Labels::from_integers(&[0, 0, 1, 1, 1, 1]);
/// let y_pred = Labels::from_integers(&[1, 0, 1, 1, 1, 0]);
/// let matrix = confusion_matrix(&y_true, &y_pred, &ConfusionOptions::default())?;
/// assert_eq!(matrix.to_string(), "[[1 1]\n [1 3]]");
/// assert_eq!(matrix.cells(&1.into())?, Cells::from_counts(3, 1, 1, 1));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ConfusionMatrix {
    labels: Vec<Label>,
    values: Array2<f64>,
    counts: Option<Array2<u64>>,
}

/// Counts rows by true and predicted label.
///
/// Rows whose true or predicted label is not among [`ConfusionOptions::labels`] are left out, as in scikit-learn.
/// Unweighted rows are counted in `u64`, weights are summed with compensation.
///
/// # Shapes
/// `y_true`, `y_pred`, weight: `(n_samples,)`, at least one row.
///
/// # Errors
/// - [`Error::Input`] for columns of different lengths, without rows, or with weights outside their domain.
/// - [`Error::LabelKind`] if one column holds numbers and another text.
/// - [`Error::LabelsEmpty`], [`Error::LabelTwice`], [`Error::LabelsTooMany`], [`Error::LabelsNotTrue`] for labels
///   that cannot be used.
///
/// # References
/// scikit-learn 1.9.1, `confusion_matrix`.
pub fn confusion_matrix(
    y_true: &Labels,
    y_pred: &Labels,
    options: &ConfusionOptions<'_>,
) -> Result<ConfusionMatrix> {
    matrix_of(
        &LabelRows::new(y_true, y_pred, options.weight)?,
        options.labels,
    )
}

/// The matrix of some rows.
pub(crate) fn matrix_of(rows: &LabelRows<'_>, given: Option<&[Label]>) -> Result<ConfusionMatrix> {
    let plan = LabelPlan::new(rows, given)?;
    let n_labels = plan.labels.len();
    if n_labels > MOST_LABELS {
        return Err(Error::LabelsTooMany {
            max: MOST_LABELS,
            got: n_labels,
        });
    }
    let [true_present, _] = rows.present();
    if !true_present.iter().any(|class| plan.labels.contains(class)) {
        return Err(Error::LabelsNotTrue {
            first: plan.labels[0].clone(),
        });
    }
    let cell = |truth: usize, prediction: usize| {
        Some((plan.true_index[truth]?, plan.pred_index[prediction]?))
    };
    let shape = (n_labels, n_labels);
    if !rows.is_weighted() {
        let mut counts = Array2::<u64>::zeros(shape);
        rows.each(|truth, prediction, n_rows| {
            if let Some(cell) = cell(truth, prediction) {
                counts[cell] += to_count(n_rows);
            }
        });
        return Ok(ConfusionMatrix::of_counts(plan.labels, counts));
    }
    let mut sums = Array2::<CompensatedSum>::default(shape);
    rows.each(|truth, prediction, weight| {
        if let Some(cell) = cell(truth, prediction) {
            sums[cell].add(weight);
        }
    });
    Ok(ConfusionMatrix {
        values: sums.mapv(CompensatedSum::value),
        labels: plan.labels,
        counts: None,
    })
}

/// The 2 × 2 matrix of scores at one threshold, with names for the two classes.
///
/// # Shapes
/// The result is 2 × 2, the negative class first.
///
/// # Errors
/// - [`Error::LabelTwice`] if the classes have one name.
pub fn confusion_matrix_at(
    scores: &Scores,
    threshold: Threshold,
    negative: &Label,
    positive: &Label,
) -> Result<ConfusionMatrix> {
    let labels = vec![negative.clone(), positive.clone()];
    check_distinct(&labels)?;
    let [[tn, fp], [fn_, tp]] = confusion_at(scores, threshold).to_sklearn();
    let values = ndarray::array![[tn, fp], [fn_, tp]];
    let counts = scores.weight().is_none().then(|| values.mapv(to_count));
    Ok(ConfusionMatrix {
        labels,
        values,
        counts,
    })
}

impl ConfusionMatrix {
    /// A matrix that was counted elsewhere, rows true, columns predicted.
    ///
    /// # Errors
    /// - [`Error::LabelsEmpty`], [`Error::LabelTwice`] for labels that cannot be used.
    /// - [`Error::Shape`] unless there is one row and one column a label.
    pub fn from_counts(labels: Vec<Label>, counts: Array2<u64>) -> Result<Self> {
        check_shape(&labels, counts.dim(), "counts")?;
        Ok(Self::of_counts(labels, counts))
    }

    /// A matrix of weights that were summed elsewhere, rows true, columns predicted, each in `[0, inf)`.
    ///
    /// # Errors
    /// - [`Error::LabelsEmpty`], [`Error::LabelTwice`] for labels that cannot be used.
    /// - [`Error::Shape`] unless there is one row and one column a label.
    /// - [`Error::Cell`], [`Error::CellTotal`] for numbers outside their domain.
    pub fn from_weights(labels: Vec<Label>, weights: Array2<f64>) -> Result<Self> {
        check_shape(&labels, weights.dim(), "weights")?;
        if let Some(&value) = weights
            .iter()
            .find(|value| !(value.is_finite() && **value >= 0.0))
        {
            return Err(Error::Cell {
                name: "weights",
                value,
            });
        }
        let total = weights.iter().sum::<f64>();
        if !total.is_finite() {
            return Err(Error::CellTotal { total });
        }
        Ok(Self {
            labels,
            values: weights,
            counts: None,
        })
    }

    fn of_counts(labels: Vec<Label>, counts: Array2<u64>) -> Self {
        Self {
            labels,
            values: counts.mapv(|count| count as f64),
            counts: Some(counts),
        }
    }

    /// The labels of the rows and columns.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// Number of labels.
    pub fn n_labels(&self) -> usize {
        self.labels.len()
    }

    /// The cells as numbers: rows true, columns predicted.
    pub fn values(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }

    /// The cells as counts, unless they are sums of weights.
    pub fn counts(&self) -> Option<ArrayView2<'_, u64>> {
        self.counts.as_ref().map(Array2::view)
    }

    /// Sum of all cells.
    pub fn total(&self) -> f64 {
        sum(&self.values)
    }

    /// The rows of each true class.
    pub fn true_totals(&self) -> Vec<f64> {
        self.values.axis_iter(Axis(0)).map(sum).collect()
    }

    /// The rows predicted as each class.
    pub fn pred_totals(&self) -> Vec<f64> {
        self.values.axis_iter(Axis(1)).map(sum).collect()
    }

    /// The 2 × 2 matrix of one class against all others.
    ///
    /// # Errors
    /// [`Error::LabelUnknown`] for a label the matrix does not have.
    pub fn cells(&self, positive: &Label) -> Result<Cells> {
        let index = self.index_of(positive)?;
        Ok(self.one_vs_rest().cells()[index])
    }

    /// The shares that the cells have; a row or column without rows gives 0, as in scikit-learn.
    ///
    /// # Formula
    /// ```text
    /// true:  cell / sum of its row        pred:  cell / sum of its column        all:  cell / sum of all
    /// ```
    ///
    /// # References
    /// scikit-learn 1.9.1, `confusion_matrix(normalize=…)`.
    pub fn normalize(&self, normalize: Normalize) -> NormalizedMatrix {
        let (true_totals, pred_totals) = (self.true_totals(), self.pred_totals());
        let total = self.total();
        let mut values = self.values.clone();
        for ((row, column), value) in values.indexed_iter_mut() {
            let whole = match normalize {
                Normalize::True => true_totals[row],
                Normalize::Pred => pred_totals[column],
                Normalize::All => total,
            };
            if whole > 0.0 {
                *value /= whole;
            }
        }
        NormalizedMatrix {
            labels: self.labels.clone(),
            values,
        }
    }

    /// The same matrix as textbooks lay it out: the positive class first, the others after it in their order.
    ///
    /// # Errors
    /// [`Error::LabelUnknown`] for a label the matrix does not have.
    pub fn textbook(&self, positive: &Label) -> Result<Self> {
        let first = self.index_of(positive)?;
        let mut order = vec![first];
        order.extend((0..self.n_labels()).filter(|&index| index != first));
        Ok(Self {
            labels: order
                .iter()
                .map(|&index| self.labels[index].clone())
                .collect(),
            values: reordered(&self.values, &order),
            counts: self.counts.as_ref().map(|counts| reordered(counts, &order)),
        })
    }

    fn index_of(&self, label: &Label) -> Result<usize> {
        let index = self.labels.iter().position(|other| other == label);
        index.ok_or_else(|| Error::LabelUnknown {
            label: label.clone(),
            n_labels: self.n_labels(),
        })
    }
}

impl fmt::Display for ConfusionMatrix {
    /// As NumPy prints the array: whole numbers for counts, floats for weights.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.counts {
            Some(counts) => write_integers(formatter, counts.view()),
            None => write_floats(formatter, self.values.view()),
        }
    }
}

/// A confusion matrix of shares in `[0, 1]`; it prints as NumPy prints an array.
#[derive(Debug, Clone, PartialEq)]
pub struct NormalizedMatrix {
    labels: Vec<Label>,
    values: Array2<f64>,
}

impl NormalizedMatrix {
    /// The labels of the rows and columns.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The shares: rows true, columns predicted.
    pub fn values(&self) -> ArrayView2<'_, f64> {
        self.values.view()
    }
}

impl fmt::Display for NormalizedMatrix {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write_floats(formatter, self.values.view())
    }
}

fn check_shape(labels: &[Label], shape: (usize, usize), name: &'static str) -> Result<()> {
    if labels.is_empty() {
        return Err(Error::LabelsEmpty);
    }
    check_distinct(labels)?;
    let n_labels = labels.len();
    if shape == (n_labels, n_labels) {
        return Ok(());
    }
    Err(Error::Shape {
        name,
        n_labels,
        n_rows: shape.0,
        n_columns: shape.1,
    })
}

fn reordered<T: Clone>(table: &Array2<T>, order: &[usize]) -> Array2<T> {
    table.select(Axis(0), order).select(Axis(1), order)
}

fn sum<'a>(values: impl IntoIterator<Item = &'a f64>) -> f64 {
    values
        .into_iter()
        .copied()
        .collect::<CompensatedSum>()
        .value()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the cells of unweighted scores are whole and at least 0"
)]
pub(crate) fn to_count(cell: f64) -> u64 {
    cell as u64
}
