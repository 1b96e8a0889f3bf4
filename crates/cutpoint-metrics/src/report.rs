//! scikit-learn's classification report, as text to the character and as data. This is the one place that shows 0.00
//! for an undefined rate, and the one place that adds weights as NumPy does, last digit included; `averages` has the
//! same figures without either.

mod class_sums;

use std::fmt;

use cutpoint_core::{Label, Labels};
use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use self::class_sums::{ClassSums, sum_classes};
use crate::confusion::ConfusionOptions;
use crate::label_plan::LabelPlan;
use crate::label_rows::LabelRows;
use crate::python_text::{numpy_sum, python_float};
use crate::{CellValue, Error, Result};

/// What a [`classification_report`] covers and how it prints.
#[derive(Debug, Clone)]
pub struct ReportOptions<'a> {
    counted: ConfusionOptions<'a>,
    target_names: Option<Vec<String>>,
    digits: usize,
}

impl Default for ReportOptions<'_> {
    fn default() -> Self {
        Self {
            counted: ConfusionOptions::default(),
            target_names: None,
            digits: 2,
        }
    }
}

impl<'a> ReportOptions<'a> {
    /// The classes that have a line, in that order. Default: every label of either column, ascending.
    ///
    /// With a subset the line "accuracy" becomes "micro avg", which is then another number. Rows of other classes still
    /// count as what they are: as errors of the classes they are taken for.
    #[must_use]
    pub fn labels(mut self, labels: &'a [Label]) -> Self {
        self.counted = self.counted.labels(labels);
        self
    }

    /// A weight for each row, in `[0, inf)`; supports then print as floats. Default: 1 each.
    #[must_use]
    pub fn weight(mut self, weight: &'a [f64]) -> Self {
        self.counted = self.counted.weight(weight);
        self
    }

    /// Names to print for the classes, in the order of the labels. Default: the labels themselves.
    #[must_use]
    pub fn target_names<S: Into<String>>(mut self, names: impl IntoIterator<Item = S>) -> Self {
        self.target_names = Some(names.into_iter().map(Into::into).collect());
        self
    }

    /// Digits after the point, in `[0, 1000]`; larger shows more. Default: 2.
    #[must_use]
    pub fn digits(mut self, digits: usize) -> Self {
        self.digits = digits;
        self
    }
}

/// Precision, recall, F1 and support of each class, and their averages.
///
/// It prints as scikit-learn's `classification_report`, a line break at the end included.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassificationReport {
    classes: Vec<ClassReport>,
    micro: AverageReport,
    macro_: AverageReport,
    weighted: AverageReport,
    covers_all: bool,
    is_weighted: bool,
    prints_floats: bool,
    digits: usize,
}

/// The line of one class.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassReport {
    label: Label,
    name: String,
    precision: Option<f64>,
    recall: Option<f64>,
    f1: Option<f64>,
    support: f64,
}

/// The line of an average, in which a class whose rate is undefined counts as 0, as in scikit-learn.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AverageReport {
    precision: f64,
    recall: f64,
    f1: f64,
    support: f64,
}

/// Reports how well each class was predicted.
///
/// # Formula
/// ```text
/// precision = tp / (tp + fp)     recall = tp / (tp + fn)     f1 = 2 tp / ((tp + fn) + (tp + fp))
/// micro avg: of the summed cells (accuracy, if all classes are there)
/// macro avg: mean over the classes     weighted avg: mean weighted by support
/// ```
///
/// # Shapes
/// `y_true`, `y_pred`, weight: `(n_samples,)`, at least one row.
///
/// # Undefined
/// A rate without denominator is `None` in [`ClassReport`], prints as 0.00, counts as 0 in the averages, and has its
/// line in [`ClassificationReport::notes`].
///
/// # Errors
/// - [`Error::Input`] for columns of different lengths, without rows, or with weights outside their domain.
/// - [`Error::LabelKind`], [`Error::LabelsEmpty`], [`Error::LabelTwice`] for labels that cannot be used.
/// - [`Error::TargetNames`] unless there is one name a class.
/// - [`Error::Digits`] for digits outside their domain.
///
/// # Examples
/// ```
/// use cutpoint_core::Labels;
/// use cutpoint_metrics::{ReportOptions, classification_report};
///
/// let y_true = Labels::from_integers(&[0, 0, 1, 1, 1, 1]);
/// let y_pred = Labels::from_integers(&[1, 0, 1, 1, 1, 0]);
/// let options = ReportOptions::default().target_names(["Negative", "Positive"]);
/// let report = classification_report(&y_true, &y_pred, &options)?;
/// assert_eq!(
///     report.to_string(),
///     "              precision    recall  f1-score   support
///
///     Negative       0.50      0.50      0.50         2
///     Positive       0.75      0.75      0.75         4
///
///     accuracy                           0.67         6
///    macro avg       0.62      0.62      0.62         6
/// weighted avg       0.67      0.67      0.67         6
/// "
/// );
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// scikit-learn 1.9.1, `classification_report` and `precision_recall_fscore_support`.
pub fn classification_report(
    y_true: &Labels,
    y_pred: &Labels,
    options: &ReportOptions<'_>,
) -> Result<ClassificationReport> {
    report_of(
        &LabelRows::new(y_true, y_pred, options.counted.weights())?,
        options,
    )
}

/// The report of some rows.
pub(crate) fn report_of(
    rows: &LabelRows<'_>,
    options: &ReportOptions<'_>,
) -> Result<ClassificationReport> {
    const MOST_DIGITS: usize = 1000;
    if options.digits > MOST_DIGITS {
        return Err(Error::Digits {
            max: MOST_DIGITS,
            got: options.digits,
        });
    }
    let plan = LabelPlan::new(rows, options.counted.given_labels())?;
    let n_labels = plan.labels.len();
    let names = match &options.target_names {
        None => plan.labels.iter().map(python_label).collect(),
        Some(names) if names.len() == n_labels => names.clone(),
        Some(names) => {
            return Err(Error::TargetNames {
                expected: n_labels,
                got: names.len(),
            });
        }
    };
    let sums = sum_classes(rows, &plan);
    let classes = plan.labels.iter().zip(names).zip(&sums.classes);
    let classes = classes
        .map(|((label, name), sums)| ClassReport {
            label: label.clone(),
            name,
            precision: sums.precision(),
            recall: sums.recall(),
            f1: sums.f1(),
            support: sums.truly,
        })
        .collect::<Vec<_>>();

    let support = total(&sums.classes, |sums| sums.truly);
    let pooled = ClassSums {
        right: total(&sums.classes, |sums| sums.right),
        predicted: total(&sums.classes, |sums| sums.predicted),
        truly: support,
    };
    let micro = AverageReport {
        precision: pooled.precision().unwrap_or(0.0),
        recall: pooled.recall().unwrap_or(0.0),
        f1: pooled.f1().unwrap_or(0.0),
        support,
    };
    let ones = vec![1.0; n_labels];
    let supports = classes.iter().map(|class| class.support);
    let supports = supports.collect::<Vec<_>>();
    // Without any support the classes weigh the same.
    let weights = if support == 0.0 { &ones } else { &supports };
    Ok(ClassificationReport {
        macro_: average(&classes, &ones, support),
        weighted: average(&classes, weights, support),
        classes,
        micro,
        covers_all: plan.covers_all,
        is_weighted: rows.is_weighted(),
        // NumPy counts in whole numbers, unless there are weights; or no row is right, where it takes a way of its own.
        prints_floats: rows.is_weighted() || sums.none_right,
        digits: options.digits,
    })
}

impl ClassificationReport {
    /// The classes, in the order of the labels.
    pub fn classes(&self) -> &[ClassReport] {
        &self.classes
    }

    /// Share of rows predicted right, if the report covers all classes; otherwise see
    /// [`micro_average`](Self::micro_average).
    pub fn accuracy(&self) -> Option<f64> {
        self.covers_all.then_some(self.micro.f1)
    }

    /// The rates of the summed cells.
    pub fn micro_average(&self) -> &AverageReport {
        &self.micro
    }

    /// The mean over the classes.
    pub fn macro_average(&self) -> &AverageReport {
        &self.macro_
    }

    /// The mean over the classes, weighted by support.
    pub fn weighted_average(&self) -> &AverageReport {
        &self.weighted
    }

    /// What the text shows as a number though it is none: one sentence for each undefined rate.
    pub fn notes(&self) -> Vec<String> {
        let shown = format!("{:.*}", self.digits, 0.0);
        let mut notes = Vec::new();
        for class in &self.classes {
            let name = &class.name;
            let undefined = [
                ("precision", class.precision, "no row was predicted so"),
                ("recall", class.recall, "no row is so"),
                ("f1-score", class.f1, "no row is or was predicted so"),
            ];
            for (rate, value, reason) in undefined {
                if value.is_none() {
                    notes.push(format!(
                        "{rate} is undefined for class `{name}`: {reason}; shown as {shown} and averaged as 0"
                    ));
                }
            }
        }
        notes
    }

    /// The first name that stands for two lines of the report, so that it cannot be a key for either.
    pub fn repeated_name(&self) -> Option<&str> {
        let names = self.classes.iter().map(|class| class.name.as_str());
        let names = names.chain(self.averages().map(|(name, _)| name));
        let names = names.collect::<Vec<_>>();
        let mut places = 0..names.len();
        let place = places.find(|&place| names[..place].contains(&names[place]));
        place.map(|place| names[place])
    }

    /// The lines below the classes.
    fn averages(&self) -> [(&'static str, &AverageReport); 3] {
        let pooled = if self.covers_all {
            "accuracy"
        } else {
            "micro avg"
        };
        [
            (pooled, &self.micro),
            ("macro avg", &self.macro_),
            ("weighted avg", &self.weighted),
        ]
    }

    fn support_text(&self, support: f64) -> String {
        if self.prints_floats {
            python_float(support)
        } else {
            format!("{support:.0}")
        }
    }
}

/// The keys of scikit-learn's `output_dict`; what is undefined is `null`.
impl Serialize for ClassificationReport {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let line = |[precision, recall, f1]: [Option<f64>; 3], support| Line {
            precision,
            recall,
            f1,
            support: CellValue::new(support, self.is_weighted),
        };
        let mut map = serializer.serialize_map(None)?;
        for class in &self.classes {
            let rates = [class.precision, class.recall, class.f1];
            map.serialize_entry(&class.name, &line(rates, class.support))?;
        }
        for (name, average) in self.averages() {
            match (name, self.accuracy()) {
                ("accuracy", accuracy) => map.serialize_entry(name, &accuracy)?,
                _ => map.serialize_entry(name, &line(average.rates(), average.support))?,
            }
        }
        map.end()
    }
}

/// A class or an average.
#[derive(Serialize)]
struct Line {
    precision: Option<f64>,
    recall: Option<f64>,
    #[serde(rename = "f1-score")]
    f1: Option<f64>,
    support: CellValue,
}

impl fmt::Display for ClassificationReport {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        const LONGEST_AVERAGE: &str = "weighted avg";
        let digits = self.digits;
        // Widths are counted in code points, as Python does.
        let width = self
            .classes
            .iter()
            .map(|class| class.name.chars().count())
            .chain([LONGEST_AVERAGE.len(), digits])
            .max()
            .unwrap_or_default();
        writeln!(
            formatter,
            "{:width$}  {:>9} {:>9} {:>9} {:>9}\n",
            "", "precision", "recall", "f1-score", "support"
        )?;
        let line =
            |formatter: &mut fmt::Formatter<'_>, name: &str, rates: [Option<f64>; 3], support| {
                write!(formatter, "{name:>width$} ")?;
                for rate in rates {
                    match rate {
                        Some(rate) => write!(formatter, " {rate:>9.digits$}")?,
                        None => write!(formatter, " {:>9}", "")?,
                    }
                }
                writeln!(formatter, " {:>9}", self.support_text(support))
            };
        for class in &self.classes {
            let rates = [class.precision, class.recall, class.f1];
            let shown = rates.map(|rate| rate.or(Some(0.0)));
            line(formatter, &class.name, shown, class.support)?;
        }
        writeln!(formatter)?;
        if self.covers_all {
            line(
                formatter,
                "accuracy",
                [None, None, Some(self.micro.f1)],
                self.micro.support,
            )?;
        } else {
            line(
                formatter,
                "micro avg",
                self.micro.rates(),
                self.micro.support,
            )?;
        }
        line(
            formatter,
            "macro avg",
            self.macro_.rates(),
            self.macro_.support,
        )?;
        line(
            formatter,
            LONGEST_AVERAGE,
            self.weighted.rates(),
            self.weighted.support,
        )
    }
}

impl ClassReport {
    /// The class.
    pub fn label(&self) -> &Label {
        &self.label
    }

    /// The name that prints for it.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// Share of the rows predicted as the class that are of it; `None` if there is no such row.
    pub fn precision(&self) -> Option<f64> {
        self.precision
    }

    /// Share of the rows of the class that were predicted so; `None` if there is no such row.
    pub fn recall(&self) -> Option<f64> {
        self.recall
    }

    /// Harmonic mean of the two, from the counts; `None` if no row is of the class and none was predicted so.
    pub fn f1(&self) -> Option<f64> {
        self.f1
    }

    /// Rows of the class, or the sum of their weights.
    pub fn support(&self) -> f64 {
        self.support
    }
}

impl AverageReport {
    fn rates(&self) -> [Option<f64>; 3] {
        [self.precision, self.recall, self.f1].map(Some)
    }

    /// Average precision over the classes (not the area under a curve).
    pub fn precision(&self) -> f64 {
        self.precision
    }

    /// Average recall over the classes.
    pub fn recall(&self) -> f64 {
        self.recall
    }

    /// Average F1 over the classes.
    pub fn f1(&self) -> f64 {
        self.f1
    }

    /// Rows of all the classes, or the sum of their weights.
    pub fn support(&self) -> f64 {
        self.support
    }
}

fn total(classes: &[ClassSums], part: impl Fn(&ClassSums) -> f64) -> f64 {
    numpy_sum(&classes.iter().map(part).collect::<Vec<_>>())
}

fn average(classes: &[ClassReport], weights: &[f64], support: f64) -> AverageReport {
    let total = numpy_sum(weights);
    let mean = |rate: fn(&ClassReport) -> Option<f64>| {
        let rates = classes.iter().map(|class| rate(class).unwrap_or(0.0));
        let terms = rates.zip(weights).map(|(rate, weight)| rate * weight);
        numpy_sum(&terms.collect::<Vec<_>>()) / total
    };
    AverageReport {
        precision: mean(ClassReport::precision),
        recall: mean(ClassReport::recall),
        f1: mean(ClassReport::f1),
        support,
    }
}

/// A label as Python spells it.
fn python_label(label: &Label) -> String {
    match label {
        Label::Bool(true) => "True".to_owned(),
        Label::Bool(false) => "False".to_owned(),
        other => other.to_string(),
    }
}
