//! All that is said of one confusion matrix, and of the scores behind it, as an answer.

use cutpoint_core::{Label, Labels, Scores, Threshold};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::confusion::{matrix_of, to_count};
use crate::label_plan::check_distinct;
use crate::label_rows::LabelRows;
use crate::report::report_of;
use crate::{
    Average, CellValue, ClassificationReport, ConfusionMatrix, ConfusionOptions, Error, Metric,
    Normalize, ReportOptions, Result, Sweep, ZeroDivision, average_precision, brier_loss, catalog,
    confusion_at, log_loss, roc_auc,
};

/// What an evaluation covers.
#[derive(Debug, Clone, Default)]
pub struct EvaluationOptions<'a> {
    counted: ConfusionOptions<'a>,
    report: ReportOptions<'a>,
    weight: Option<&'a [f64]>,
    positive: Option<&'a Label>,
    normalize: Option<Normalize>,
    order: ClassOrder,
}

/// In which order the classes of a matrix stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ClassOrder {
    /// In that of the labels, as scikit-learn has them.
    #[default]
    Labels,
    /// The positive class first, as textbooks have it.
    PositiveFirst,
}

impl<'a> EvaluationOptions<'a> {
    /// The classes that have a row and a column, in that order. Default: every label of either column, ascending.
    #[must_use]
    pub fn labels(mut self, labels: &'a [Label]) -> Self {
        self.counted = self.counted.labels(labels);
        self.report = self.report.labels(labels);
        self
    }

    /// A weight for each row, in `[0, inf)`. Default: 1 each.
    #[must_use]
    pub fn weight(mut self, weight: &'a [f64]) -> Self {
        self.counted = self.counted.weight(weight);
        self.report = self.report.weight(weight);
        self.weight = Some(weight);
        self
    }

    /// The class whose metrics are wanted. Default: none, and only metrics that several classes have.
    #[must_use]
    pub fn positive(mut self, positive: &'a Label) -> Self {
        self.positive = Some(positive);
        self
    }

    /// Names for the classes, in the order of the labels. Default: the labels themselves.
    #[must_use]
    pub fn target_names<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.report = self.report.target_names(names);
        self
    }

    /// Digits after the point in the text of the report, in `[0, 1000]`; larger shows more. Default: 2.
    #[must_use]
    pub fn digits(mut self, digits: usize) -> Self {
        self.report = self.report.digits(digits);
        self
    }

    /// What the cells are divided by, besides. Default: nothing.
    #[must_use]
    pub fn normalize(mut self, normalize: Normalize) -> Self {
        self.normalize = Some(normalize);
        self
    }

    /// In which order the classes stand. Default: that of the labels.
    #[must_use]
    pub fn order(mut self, order: ClassOrder) -> Self {
        self.order = order;
        self
    }
}

/// A confusion matrix, its metrics and its report.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Evaluation {
    /// From which score on rows were predicted positive, if they were so by scores.
    pub threshold: Option<Threshold>,
    /// The classes, in the order of the matrix.
    pub labels: Vec<Label>,
    /// Their names.
    pub names: Vec<String>,
    /// The positive class, if there is one.
    pub positive: Option<Label>,
    /// The matrix: rows true, columns predicted.
    #[serde(rename = "confusion_matrix", serialize_with = "cells")]
    pub matrix: ConfusionMatrix,
    /// The matrix in shares, if these are wanted.
    #[serde(flatten)]
    pub normalized: Option<Normalized>,
    /// The metrics of the catalogue that the labels have: all, if there is a positive class; otherwise those that
    /// several classes have. In JSON the others are `null`.
    #[serde(flatten, serialize_with = "whole_catalogue")]
    pub metrics: Vec<(Metric, Option<f64>)>,
    /// Metrics of the scores, if there are any.
    #[serde(flatten)]
    pub scores: Option<ScoreMetrics>,
    /// Precision, recall and F1 of every class.
    pub report: ClassificationReport,
}

/// A matrix in shares.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Normalized {
    /// What the cells are divided by.
    pub normalize: Normalize,
    /// Rows true, columns predicted.
    pub normalized: Vec<Vec<f64>>,
}

/// Metrics of scores, whatever the threshold.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ScoreMetrics {
    /// The area under the ROC curve, in `[0, 1]`; higher is better. `None` if either class has no rows.
    pub roc_auc: Option<f64>,
    /// Average precision, in `[0, 1]`; higher is better. `None` if no row is positive.
    pub average_precision: Option<f64>,
    /// The Brier score, in `[0, 1]`; lower is better. `None` if a score is no probability.
    pub brier: Option<f64>,
    /// The log loss, in `[0, inf)`; lower is better. `None` if a score is no probability.
    pub log_loss: Option<f64>,
}

impl ScoreMetrics {
    /// Those of a sweep.
    pub fn of(sweep: &Sweep) -> Self {
        Self {
            roc_auc: roc_auc(sweep),
            average_precision: average_precision(sweep),
            brier: brier_loss(sweep).ok(),
            log_loss: log_loss(sweep).ok(),
        }
    }

    /// Each by its name, and when it is undefined.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, Option<f64>, &'static str)> {
        let no_probabilities = "a score lies outside [0, 1]";
        let metrics = [
            ("roc_auc", self.roc_auc, "either class has no rows"),
            (
                "average_precision",
                self.average_precision,
                "no row is positive",
            ),
            ("brier", self.brier, no_probabilities),
            ("log_loss", self.log_loss, no_probabilities),
        ];
        metrics.into_iter()
    }
}

/// Evaluates predicted labels.
///
/// # Errors
/// Those of [`confusion_matrix`](crate::confusion_matrix) and
/// [`classification_report`](crate::classification_report); [`Error::OrderNeedsPositive`] if the positive class is
/// to stand first and none is named.
///
/// # Examples
/// ```
/// use cutpoint_core::{Label, Labels};
/// use cutpoint_metrics::{EvaluationOptions, evaluate};
///
/// let y_true = Labels::from_integers(&[0, 0, 1, 1, 1, 1]);
/// let y_pred = Labels::from_integers(&[1, 0, 1, 1, 1, 0]);
/// let positive = Label::from(1);
/// let evaluation = evaluate(&y_true, &y_pred, &EvaluationOptions::default().positive(&positive))?;
/// let json = serde_json::to_value(&evaluation)?;
/// assert_eq!((&json["precision"], &json["report"]["0"]["support"]), (&0.75.into(), &2.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn evaluate(
    y_true: &Labels,
    y_pred: &Labels,
    options: &EvaluationOptions<'_>,
) -> Result<Evaluation> {
    evaluation_of(&LabelRows::new(y_true, y_pred, options.weight)?, options)
}

/// Evaluates scores by which rows are predicted positive from a threshold on, as [`evaluate`] does their labels;
/// without weights from one count of the rows. `classes`: the negative and the positive class.
///
/// The weights are those of the scores, whatever the options say.
///
/// # Errors
/// - [`Error::LabelTwice`] unless the classes differ.
/// - Those of [`evaluate`].
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{EvaluationOptions, evaluate_scores};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.9, 0.8, 0.7, 0.2])?;
/// let classes = [0.into(), 1.into()];
/// let options = EvaluationOptions::default().positive(&classes[1]);
/// let evaluation = evaluate_scores(&scores, Threshold::HALF, &classes, &options)?;
/// assert_eq!(evaluation.matrix.counts(), Some(ndarray::array![[1, 1], [0, 2]].view()));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn evaluate_scores(
    scores: &Scores,
    threshold: Threshold,
    classes: &[Label; 2],
    options: &EvaluationOptions<'_>,
) -> Result<Evaluation> {
    check_distinct(classes)?;
    let mut sorted = classes.clone();
    sorted.sort();
    let code = |is_positive: bool| u32::from((sorted[0] == classes[0]) == is_positive);
    let Some(weight) = scores.weight() else {
        let [[tn, fp], [fn_, tp]] = confusion_at(scores, threshold)
            .to_sklearn()
            .map(|row| row.map(to_count));
        let pairs = [
            ([false, false], tn),
            ([false, true], fp),
            ([true, false], fn_),
            ([true, true], tp),
        ];
        let pairs = pairs.into_iter().filter(|(_, n_rows)| *n_rows > 0);
        let pairs = pairs.map(|(pair, n_rows)| (pair.map(code), n_rows));
        return evaluation_of(&LabelRows::of_counts(&sorted, pairs.collect()), options);
    };
    let column = |is_positive: &mut dyn Iterator<Item = bool>| {
        Labels::from_codes(is_positive.map(code).collect(), sorted.to_vec())
    };
    let y_true = column(&mut scores.is_positive().iter().copied())?;
    let score = scores.score().iter();
    let y_pred = column(&mut score.map(|&score| threshold.is_positive(score)))?;
    evaluation_of(&LabelRows::new(&y_true, &y_pred, Some(weight))?, options)
}

fn evaluation_of(rows: &LabelRows<'_>, options: &EvaluationOptions<'_>) -> Result<Evaluation> {
    let matrix = matrix_of(rows, options.counted.given_labels())?;
    let report = report_of(rows, &options.report)?;
    // The names of the report: those given, or the labels as scikit-learn spells them.
    let names = report.classes().iter().map(|class| class.name().to_owned());
    let names = names.collect::<Vec<_>>();
    let (matrix, names) = match (options.order, options.positive) {
        (ClassOrder::Labels, _) => (matrix, names),
        (ClassOrder::PositiveFirst, None) => return Err(Error::OrderNeedsPositive),
        (ClassOrder::PositiveFirst, Some(positive)) => {
            let textbook = matrix.textbook(positive)?;
            let names = reordered(&names, matrix.labels(), textbook.labels());
            (textbook, names)
        }
    };
    Ok(Evaluation {
        threshold: None,
        labels: matrix.labels().to_vec(),
        names,
        positive: options.positive.cloned(),
        normalized: options.normalize.map(|normalize| Normalized {
            normalize,
            normalized: matrix
                .normalize(normalize)
                .values()
                .outer_iter()
                .map(|row| row.to_vec())
                .collect(),
        }),
        matrix,
        metrics: whole_matrix(rows, options.positive)?.metrics(options.positive)?,
        scores: None,
        report,
    })
}

/// The matrix of all rows, whatever is shown.
fn whole_matrix(rows: &LabelRows<'_>, positive: Option<&Label>) -> Result<ConfusionMatrix> {
    let mut labels = rows.true_classes.to_vec();
    labels.extend(rows.pred_classes.iter().cloned());
    labels.extend(positive.cloned());
    labels.sort();
    labels.dedup();
    matrix_of(rows, Some(&labels))
}

/// The names of labels after these have changed places.
fn reordered(names: &[String], from: &[Label], to: &[Label]) -> Vec<String> {
    to.iter()
        .filter_map(|label| from.iter().position(|other| other == label))
        .map(|index| names[index].clone())
        .collect()
}

impl Evaluation {
    /// The same with the metrics of the scores that rows were predicted by, from a threshold on.
    #[must_use]
    pub fn with_scores(self, scores: &Sweep, threshold: Threshold) -> Self {
        Self {
            threshold: Some(threshold),
            scores: Some(ScoreMetrics::of(scores)),
            ..self
        }
    }
}

impl ConfusionMatrix {
    /// Every metric of the catalogue that the matrix has: all of them for a positive class against the rest, otherwise
    /// those that several classes have.
    ///
    /// # Errors
    /// [`Error::LabelUnknown`] for a positive class the matrix does not have.
    pub fn metrics(&self, positive: Option<&Label>) -> Result<Vec<(Metric, Option<f64>)>> {
        if let Some(positive) = positive {
            let cells = self.cells(positive)?;
            let values = catalog()
                .iter()
                .map(|metric| (metric.clone(), metric.value(&cells)));
            return Ok(values.collect());
        }
        let of_all_classes = |metric: &Metric| match metric.name() {
            "accuracy" => Some(self.accuracy()),
            "balanced_accuracy" => Some(self.balanced_accuracy()),
            // Of the summed cells of all classes, each against the rest, the errors are the false negatives.
            "error_rate" => Some("fnr".parse().ok().and_then(|fnr| {
                self.one_vs_rest()
                    .average(&fnr, Average::Micro, ZeroDivision::Undefined)
            })),
            "mcc" => Some(self.mcc()),
            "cohen_kappa" => Some(self.cohen_kappa()),
            _ => None,
        };
        let values = catalog().iter();
        let values = values.filter_map(|metric| Some((metric.clone(), of_all_classes(metric)?)));
        Ok(values.collect())
    }
}

fn cells<S: Serializer>(matrix: &ConfusionMatrix, serializer: S) -> Result<S::Ok, S::Error> {
    let is_weighted = matrix.counts().is_none();
    let values = matrix.values();
    let rows = values.outer_iter().map(|row| {
        let cells = row.iter().map(|&cell| CellValue::new(cell, is_weighted));
        cells.collect::<Vec<_>>()
    });
    serializer.collect_seq(rows)
}

fn whole_catalogue<S: Serializer>(
    metrics: &[(Metric, Option<f64>)],
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let mut map = serializer.serialize_map(Some(catalog().len()))?;
    for wanted in catalog() {
        let found = metrics.iter().find(|(metric, _)| metric == wanted);
        map.serialize_entry(wanted.name(), &found.and_then(|(_, value)| *value))?;
    }
    map.end()
}
