//! A confusion matrix and metrics as every answer has them, the same keys everywhere (`docs/json.md`).

use cutpoint_core::{Label, Threshold};
use serde::ser::{Serialize, SerializeMap, Serializer};

use crate::{Cells, Metric, catalog, value_at_prevalence};

/// A cell in an answer: a whole number, unless it is a sum of weights.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize, serde::Deserialize)]
#[serde(untagged)]
pub enum CellValue {
    /// Rows.
    Count(u64),
    /// The sum of their weights.
    Weight(f64),
}

impl CellValue {
    /// A cell of rows with or without weights.
    pub fn new(cell: f64, is_weighted: bool) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cell without weights is a whole number from 0"
        )]
        if is_weighted {
            Self::Weight(cell)
        } else {
            Self::Count(cell as u64)
        }
    }

    /// The cell as a number.
    pub fn value(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Weight(weight) => weight,
        }
    }
}

/// Metrics by their names, in the order of the catalogue; `None` where a metric is undefined.
#[derive(Debug, Clone, PartialEq)]
pub struct MetricValues(Vec<(String, Option<f64>)>);

impl MetricValues {
    /// Every metric of the catalogue.
    pub fn of(value: impl Fn(&Metric) -> Option<f64>) -> Self {
        let metrics = catalog().iter();
        Self(
            metrics
                .map(|metric| (metric.name().to_owned(), value(metric)))
                .collect(),
        )
    }

    /// The value of a metric, by its name in the catalogue.
    pub fn get(&self, name: &str) -> Option<f64> {
        self.iter()
            .find(|(known, _)| *known == name)
            .and_then(|(_, value)| value)
    }

    /// All names and values.
    pub fn iter(&self) -> impl Iterator<Item = (&str, Option<f64>)> {
        self.0.iter().map(|(name, value)| (name.as_str(), *value))
    }
}

impl Serialize for MetricValues {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (name, value) in &self.0 {
            map.serialize_entry(name, value)?;
        }
        map.end()
    }
}

/// The confusion matrix at a threshold, and every metric of it.
///
/// # Examples
/// ```
/// use cutpoint_core::Threshold;
/// use cutpoint_metrics::{Cells, MatrixAnswer};
///
/// let cells = Cells::from_counts(76, 9, 17, 48);
/// let answer = MatrixAnswer::new(Some(Threshold::HALF), &[0.into(), 1.into()], &cells, false);
/// assert_eq!(answer.metrics.get("precision"), Some(76.0 / 85.0));
/// let json = serde_json::to_string(&answer)?;
/// assert!(json.starts_with(r#"{"threshold":0.5,"labels":[0,1],"confusion_matrix":[[48,9],[17,76]],"#));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct MatrixAnswer {
    /// `None` where nothing is predicted positive.
    pub threshold: Option<Threshold>,
    /// Negative and positive.
    pub labels: [Label; 2],
    /// Rows true, columns predicted, the negative class first; of the rows as they are.
    pub confusion_matrix: [[CellValue; 2]; 2],
    /// The catalogue.
    #[serde(flatten)]
    pub metrics: MetricValues,
}

impl MatrixAnswer {
    /// The matrix, and the metrics of the rows as they are.
    pub fn new(
        threshold: Option<Threshold>,
        labels: &[Label; 2],
        cells: &Cells,
        is_weighted: bool,
    ) -> Self {
        Self::at_prevalence(threshold, labels, cells, is_weighted, None)
    }

    /// The same with metrics at a prevalence, if one is given.
    pub fn at_prevalence(
        threshold: Option<Threshold>,
        labels: &[Label; 2],
        cells: &Cells,
        is_weighted: bool,
        prevalence: Option<f64>,
    ) -> Self {
        let value = |cell| CellValue::new(cell, is_weighted);
        Self {
            threshold,
            labels: labels.clone(),
            confusion_matrix: cells.to_sklearn().map(|row| row.map(value)),
            metrics: MetricValues::of(|metric| value_at_prevalence(metric, cells, prevalence)),
        }
    }
}
