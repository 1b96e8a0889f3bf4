//! One class against all others: a 2 × 2 matrix for each class, and averages of any metric of the catalogue over them.

use cutpoint_core::{Label, Labels};

use crate::compensated::CompensatedSum;
use crate::confusion::ConfusionOptions;
use crate::label_plan::LabelPlan;
use crate::label_rows::LabelRows;
use crate::{Cells, ConfusionMatrix, Metric, Result};

/// How the classes of an average are pooled.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Average {
    /// The mean over the classes, each weighing the same.
    Macro,
    /// The metric of the summed cells, each row weighing the same.
    Micro,
    /// The mean over the classes, each weighing as many rows as it truly has.
    Weighted,
}

/// What an average makes of a class whose metric is undefined.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ZeroDivision {
    /// The average is undefined, too.
    #[default]
    Undefined,
    /// The class counts as 0, as scikit-learn does by default.
    Zero,
    /// The class is left out, as scikit-learn does for `zero_division=nan`.
    Skip,
}

/// A 2 × 2 matrix for each class, the class being positive and all others negative.
///
/// # Shapes
/// `labels`, `cells`: `(n_labels,)`.
///
/// # Examples
/// ```
/// use cutpoint_core::Labels;
/// use cutpoint_metrics::{Average, ConfusionOptions, Metric, ZeroDivision, multilabel_confusion_matrix};
///
/// let y_true = Labels::from_texts(&["ham", "ham", "spam", "spam", "spam"]);
/// let y_pred = Labels::from_texts(&["ham", "spam", "spam", "spam", "ham"]);
/// let classes = multilabel_confusion_matrix(&y_true, &y_pred, &ConfusionOptions::default())?;
/// let recall = "recall".parse::<Metric>()?;
/// assert_eq!(classes.per_class(&recall), [Some(1.0 / 2.0), Some(2.0 / 3.0)]);
/// let average = classes.average(&recall, Average::Micro, ZeroDivision::Undefined);
/// assert_eq!(average, Some(3.0 / 5.0));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OneVsRest {
    labels: Vec<Label>,
    cells: Vec<Cells>,
}

/// Counts each class against all others, from labels.
///
/// With a subset of labels, rows of other classes still count as what they are: as errors of the classes they are taken
/// for, and as true negatives of the rest. [`confusion_matrix`](crate::confusion_matrix) drops them instead.
///
/// # Shapes
/// `y_true`, `y_pred`, weight: `(n_samples,)`, at least one row.
///
/// # Errors
/// - [`Error::Input`](crate::Error::Input) for columns of different lengths, without rows, or with weights outside
///   their domain.
/// - [`Error::LabelKind`](crate::Error::LabelKind), [`Error::LabelsEmpty`](crate::Error::LabelsEmpty),
///   [`Error::LabelTwice`](crate::Error::LabelTwice) for labels that cannot be used.
///
/// # References
/// scikit-learn 1.9.1, `multilabel_confusion_matrix`.
pub fn multilabel_confusion_matrix(
    y_true: &Labels,
    y_pred: &Labels,
    options: &ConfusionOptions<'_>,
) -> Result<OneVsRest> {
    #[derive(Clone, Default)]
    struct Tally {
        tp: CompensatedSum,
        fp: CompensatedSum,
        fn_: CompensatedSum,
        /// Of the pairs that were shown.
        n_seen: usize,
    }
    let rows = LabelRows::new(y_true, y_pred, options.weights())?;
    let plan = LabelPlan::new(&rows, options.given_labels())?;
    let mut tallies = vec![Tally::default(); plan.labels.len()];
    let mut all = CompensatedSum::default();
    let mut n_all = 0;
    rows.each(|truth, prediction, weight| {
        if weight == 0.0 {
            return;
        }
        all.add(weight);
        n_all += 1;
        let truth = plan.true_index[truth];
        let prediction = plan.pred_index[prediction];
        if truth == prediction {
            if let Some(index) = truth {
                tallies[index].tp.add(weight);
                tallies[index].n_seen += 1;
            }
            return;
        }
        if let Some(index) = truth {
            tallies[index].fn_.add(weight);
            tallies[index].n_seen += 1;
        }
        if let Some(index) = prediction {
            tallies[index].fp.add(weight);
            tallies[index].n_seen += 1;
        }
    });
    let cells = tallies.into_iter().map(|tally| {
        let Tally { tp, fp, fn_, .. } = tally;
        // What is left over is 0 exactly where no row is left, which a difference of sums may miss by a rounding.
        let tn = if tally.n_seen == n_all {
            0.0
        } else {
            all.minus(tp.plus(fp).plus(fn_)).max(0.0)
        };
        Cells::from_sums(tp.value(), fp.value(), fn_.value(), tn)
    });
    Ok(OneVsRest {
        cells: cells.collect(),
        labels: plan.labels,
    })
}

impl ConfusionMatrix {
    /// The 2 × 2 matrices of every class of this matrix against all others.
    pub fn one_vs_rest(&self) -> OneVsRest {
        let (values, n_labels) = (self.values(), self.n_labels());
        let zeros = || vec![CompensatedSum::default(); n_labels];
        let (mut fp, mut fn_, mut tn) = (zeros(), zeros(), zeros());
        for ((row, column), &value) in values.indexed_iter() {
            if row != column {
                fn_[row].add(value);
                fp[column].add(value);
            }
        }
        // True negatives lie above or below the row of a class, outside its column. They are added up from both ends,
        // because a total less the other cells would lose digits.
        let downwards = 0..n_labels;
        for rows in [
            downwards.clone().collect::<Vec<_>>(),
            downwards.rev().collect(),
        ] {
            let mut columns_so_far = zeros();
            for row in rows {
                for (column, sum) in columns_so_far.iter_mut().enumerate() {
                    if column != row {
                        tn[row] = tn[row].plus(*sum);
                    }
                    sum.add(values[(row, column)]);
                }
            }
        }
        let cells = (0..n_labels).map(|class| {
            let tp = values[(class, class)];
            Cells::from_sums(tp, fp[class].value(), fn_[class].value(), tn[class].value())
        });
        OneVsRest {
            labels: self.labels().to_vec(),
            cells: cells.collect(),
        }
    }
}

impl OneVsRest {
    /// The classes.
    pub fn labels(&self) -> &[Label] {
        &self.labels
    }

    /// The cells of each class.
    pub fn cells(&self) -> &[Cells] {
        &self.cells
    }

    /// The rows of each class, or the sum of their weights.
    pub fn support(&self) -> Vec<f64> {
        self.cells.iter().map(Cells::positives).collect()
    }

    /// A metric of each class; `None` where it is undefined.
    pub fn per_class(&self, metric: &Metric) -> Vec<Option<f64>> {
        self.cells.iter().map(|cells| metric.value(cells)).collect()
    }

    /// A metric averaged over the classes.
    ///
    /// # Formula
    /// ```text
    /// macro:     sum of values / number of classes
    /// weighted:  sum of support · value / sum of support
    /// micro:     the metric of the summed cells
    /// ```
    ///
    /// # Undefined
    /// As `zero_division` has it; and when no class is left, or none that is left has support (weighted).
    ///
    /// # References
    /// scikit-learn 1.9.1, `precision_recall_fscore_support`: its default is [`ZeroDivision::Zero`].
    pub fn average(
        &self,
        metric: &Metric,
        average: Average,
        zero_division: ZeroDivision,
    ) -> Option<f64> {
        let or_default = |value: Option<f64>| match zero_division {
            ZeroDivision::Zero => value.or(Some(0.0)),
            ZeroDivision::Undefined | ZeroDivision::Skip => value,
        };
        if average == Average::Micro {
            let sum = self
                .cells
                .iter()
                .fold(Cells::default(), |sum, &cells| sum + cells);
            return or_default(metric.value(&sum));
        }
        let (mut values, mut weights) = (CompensatedSum::default(), CompensatedSum::default());
        for cells in &self.cells {
            let weight = match average {
                Average::Weighted => cells.positives(),
                Average::Macro | Average::Micro => 1.0,
            };
            match or_default(metric.value(cells)) {
                Some(value) => {
                    values.add_product(weight, value);
                    weights.add(weight);
                }
                None if zero_division == ZeroDivision::Skip => {}
                None => return None,
            }
        }
        let total = weights.value();
        (total > 0.0).then(|| values.value() / total)
    }
}
