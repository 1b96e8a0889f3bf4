//! What a comparison says, as plain data; its keys in JSON are described in `docs/json.md`.

use std::ops::Deref;

use cutpoint_metrics::{
    Bounds, Cells, ConfidenceInterval, DelongBounds, MatrixAnswer, McNemar, Metric, Oddity,
};
use serde::ser::{Serialize, SerializeMap, Serializer};

/// A threshold for each model, and tests of every model against the first.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct Comparison {
    /// The area under the ROC curve of each model.
    pub auc: Vec<Option<f64>>,
    /// DeLong's test of each pair; `None` of weights, and of a class with a single row.
    pub delong: PerPair<Option<DelongAnswer>>,
    /// McNemar's test of each pair; `None` of weights, and where thresholds come from the rows.
    pub mcnemar: PerPair<Option<McNemarAnswer>>,
    /// The metrics of each pair at its thresholds.
    pub differences: PerPair<Differences>,
    /// The costs of each pair at its thresholds, if they were asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cost: Option<PerPair<Difference>>,
    /// Each model by itself.
    pub models: Vec<ModelAnswer>,
    /// Number of rows, whatever their weights.
    pub n_samples: usize,
    /// How often intervals hold the truth.
    pub confidence: f64,
    /// Bootstrap resamples; 0 if the rows that they are drawn from do not fit into memory.
    pub n_replicates: usize,
    /// Where the thresholds come from.
    pub thresholds: ThresholdOrigin,
    /// The seed of the bootstrap.
    pub random_state: u64,
    /// What a reader should know, in the words of the front end, which adds them; empty until then.
    pub warnings: Vec<String>,
    /// What a reader should know.
    #[serde(skip)]
    pub doubts: Vec<ComparisonDoubt>,
    /// Whether the cells are sums of weights.
    #[serde(skip)]
    pub is_weighted: bool,
}

/// Where thresholds come from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
pub enum ThresholdOrigin {
    /// From somewhere else.
    #[serde(rename = "fixed beforehand")]
    Fixed,
    /// From the rows that are compared: bootstrap resamples choose their own.
    #[serde(rename = "chosen on these rows")]
    Chosen,
}

/// What there is of every pair: the first model and the second, the first and the third, and so on. In JSON, of a
/// single pair, it is what there is of that, and otherwise a list.
#[derive(Debug, Clone, PartialEq)]
pub struct PerPair<T>(pub Vec<T>);

impl<T> Deref for PerPair<T> {
    type Target = [T];

    fn deref(&self) -> &[T] {
        &self.0
    }
}

impl<T: Serialize> Serialize for PerPair<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match &self.0[..] {
            [only] => only.serialize(serializer),
            all => all.serialize(serializer),
        }
    }
}

/// One model by itself.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct ModelAnswer {
    /// What it is called.
    pub name: String,
    /// The area under the ROC curve.
    pub auc: Option<f64>,
    /// Its standard error after DeLong; `None` of weights, and of a class with a single row.
    pub auc_standard_error: Option<f64>,
    /// Its interval after DeLong.
    pub auc_interval: Option<ConfidenceInterval>,
    /// What the area can be, where scores are known in bins only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc_bounds: Option<Bounds>,
    /// What its standard error can be, where scores are known in bins only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub auc_standard_error_bounds: Option<Bounds>,
    /// The confusion matrix at its threshold.
    #[serde(flatten)]
    pub matrix: MatrixAnswer,
    /// The cells of the matrix.
    #[serde(skip)]
    pub cells: Cells,
}

/// DeLong's test of two areas under ROC curves.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct DelongAnswer {
    /// The difference in standard errors; `None` if it has no variance.
    pub z: Option<f64>,
    /// The two-sided p-value.
    pub p: Option<f64>,
    /// The first area less the other.
    pub difference: f64,
    /// The standard error of the difference.
    pub standard_error: f64,
    /// Its interval.
    pub interval: Option<ConfidenceInterval>,
    /// Adjusted for all pairs, if there are several.
    #[serde(flatten)]
    pub adjusted: Option<AdjustedDelong>,
    /// What all this can be, where scores are known in bins only.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bounds: Option<DelongBounds>,
}

/// The p-value of DeLong's test, adjusted for all pairs.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct AdjustedDelong {
    /// Adjusted after Holm.
    pub p_holm: Option<f64>,
}

/// McNemar's test of two models, each at its threshold.
#[derive(Debug, Clone, PartialEq, serde::Serialize)]
pub struct McNemarAnswer {
    /// Rows on which only the first model is right.
    pub b: u64,
    /// Rows on which only the other is.
    pub c: u64,
    /// The two-sided p-value of the exact test.
    pub p_exact: f64,
    /// The two-sided mid-p-value.
    pub p_mid: f64,
    /// Adjusted for all pairs, if there are several.
    #[serde(flatten)]
    pub adjusted: Option<AdjustedMcNemar>,
}

/// The p-values of McNemar's test, adjusted for all pairs.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct AdjustedMcNemar {
    /// That of the exact test, adjusted after Holm.
    pub p_exact_holm: Option<f64>,
    /// The mid-p-value, adjusted after Holm.
    pub p_mid_holm: Option<f64>,
}

impl From<McNemar> for McNemarAnswer {
    fn from(test: McNemar) -> Self {
        Self {
            b: test.b(),
            c: test.c(),
            p_exact: test.p_exact(),
            p_mid: test.p_mid(),
            adjusted: None,
        }
    }
}

/// A number of the first model and of another.
#[derive(Debug, Clone, Copy, PartialEq, serde::Serialize)]
pub struct Difference {
    /// That of the first model.
    pub first: Option<f64>,
    /// That of the other.
    pub second: Option<f64>,
    /// The first less the other.
    pub difference: Option<f64>,
    /// The interval of the difference, by paired bootstrap.
    pub interval: Option<ConfidenceInterval>,
}

/// The metrics of two models, in the order in which they were asked for; in JSON by their names.
#[derive(Debug, Clone, PartialEq)]
pub struct Differences(pub Vec<(Metric, Difference)>);

impl Differences {
    /// Of a metric, by its name in the catalogue.
    pub fn get(&self, name: &str) -> Option<&Difference> {
        let mut all = self.0.iter();
        all.find(|(metric, _)| metric.name() == name)
            .map(|(_, difference)| difference)
    }
}

impl Serialize for Differences {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(self.0.len()))?;
        for (metric, difference) in &self.0 {
            map.serialize_entry(metric.name(), difference)?;
        }
        map.end()
    }
}

/// What a reader of a comparison should know. Models are counted from 0.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ComparisonDoubt {
    /// Thresholds at which a metric is highest were asked for, and lower values of it are better.
    WorstThresholds {
        /// The metric.
        metric: Metric,
    },
    /// Thresholds were chosen and are compared on the same rows, which flatters them.
    ChosenOnTheseRows,
    /// Weights do not tell how many rows there are: tests that need that are left out.
    Weights,
    /// The thresholds come from the rows, and these do not fit into memory: differences have no intervals.
    RowsDoNotFit {
        /// What they take, at most.
        n_bytes: usize,
    },
    /// A model predicts one class only at its threshold.
    OneCall {
        /// The model.
        model: usize,
        /// Whether that is the positive class.
        is_positive: bool,
    },
    /// The scores of a model do not look like what they are taken for.
    Odd {
        /// The model.
        model: usize,
        /// How.
        oddity: Oddity,
    },
    /// One of the classes has a single row: how sure an area is cannot be told.
    SingleRow,
    /// The first model and another rank the rows so alike that the difference of their areas has no variance, and no
    /// test.
    RankedAlike {
        /// The other.
        model: usize,
    },
    /// Scores are known in bins only.
    Binned {
        /// By how much an area may be off.
        auc: f64,
        /// By how much a p-value of DeLong's test may be off.
        p: Option<f64>,
    },
}
