//! The points of any curve as columns, and what is known of it besides, as an answer: the same keys everywhere.

use serde::Serialize;
use serde::ser::{SerializeMap, Serializer};

use crate::CostEnvelope;

/// The points of a curve, column by column, and the facts of it.
///
/// As JSON it has a key for each fact, and then `points`, a list of objects.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{CurveKind, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let table = CurveKind::Gain.table(&sweep(&scores))?;
/// assert_eq!(table.column("gain").and_then(|gain| gain.number(1)), Some(0.5));
/// let json = serde_json::to_string(&table)?;
/// assert!(json.starts_with(r#"{"points":[{"threshold":null,"predicted_positive_rate":0.0,"gain":0.0},"#));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurveTable {
    columns: Vec<(&'static str, CurveColumn)>,
    facts: CurveFacts,
}

/// The values of a column.
#[derive(Debug, Clone, PartialEq)]
pub enum CurveColumn {
    /// Numbers; `None` where one is undefined.
    Numbers(Vec<Option<f64>>),
    /// Rows that were counted.
    Counts(Vec<u64>),
}

/// What is known of a curve, or of the curves of several classes together, besides points: by name, in order.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct CurveFacts(Vec<(&'static str, CurveFact)>);

/// Something that is known of a curve.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
#[non_exhaustive]
pub enum CurveFact {
    /// A number, such as an area; `None` where it is undefined.
    Number(Option<f64>),
    /// The thresholds that have something; `None` for "predict none".
    Thresholds(Vec<Option<f64>>),
    /// Which threshold costs least for every ratio of costs and classes; `None` unless both classes have rows.
    Envelope(Option<Vec<EnvelopeVertex>>),
}

/// A vertex of a [`CostEnvelope`].
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct EnvelopeVertex {
    /// The threshold that costs least from the vertex before on; `None` for "predict none".
    pub threshold: Option<f64>,
    /// The false positive rate there.
    pub fpr: f64,
    /// The false negative rate there.
    pub fnr: f64,
    /// Up to which probability cost it costs least.
    pub probability_cost_up_to: f64,
}

impl EnvelopeVertex {
    pub(crate) fn all(envelope: &CostEnvelope) -> Vec<Self> {
        let vertex = |index: usize| Self {
            threshold: envelope.thresholds()[index],
            fpr: envelope.fpr()[index],
            fnr: envelope.fnr()[index],
            probability_cost_up_to: envelope.probability_cost_up_to()[index],
        };
        (0..envelope.fpr().len()).map(vertex).collect()
    }
}

impl From<&[f64]> for CurveColumn {
    fn from(values: &[f64]) -> Self {
        Self::Numbers(values.iter().copied().map(Some).collect())
    }
}

impl From<&[Option<f64>]> for CurveColumn {
    fn from(values: &[Option<f64>]) -> Self {
        Self::Numbers(values.to_vec())
    }
}

impl CurveColumn {
    /// Rows that were counted, or their weights.
    pub(crate) fn cells(values: &[f64], is_weighted: bool) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "without weights a cell is a whole number from 0"
        )]
        if is_weighted {
            values.into()
        } else {
            Self::Counts(values.iter().map(|&cell| cell as u64).collect())
        }
    }

    /// How many points there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Counts(values) => values.len(),
        }
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The value at a point, if it is defined.
    ///
    /// # Panics
    /// If there is no such point.
    pub fn number(&self, point: usize) -> Option<f64> {
        match self {
            Self::Numbers(values) => values[point],
            Self::Counts(values) => Some(values[point] as f64),
        }
    }
}

impl CurveFacts {
    pub(crate) fn with(mut self, name: &'static str, fact: CurveFact) -> Self {
        self.0.push((name, fact));
        self
    }

    pub(crate) fn number(self, name: &'static str, value: impl Into<Option<f64>>) -> Self {
        self.with(name, CurveFact::Number(value.into()))
    }

    /// A fact by its name.
    pub fn get(&self, name: &str) -> Option<&CurveFact> {
        let mut facts = self.iter();
        facts
            .find(|(known, _)| *known == name)
            .map(|(_, fact)| fact)
    }

    /// A number by its name; `None` where it is undefined or not known.
    pub fn value(&self, name: &str) -> Option<f64> {
        match self.get(name)? {
            CurveFact::Number(value) => *value,
            _ => None,
        }
    }

    /// Thresholds by what they have; empty where this is undefined or not known.
    pub fn thresholds(&self, name: &str) -> &[Option<f64>] {
        match self.get(name) {
            Some(CurveFact::Thresholds(thresholds)) => thresholds,
            _ => &[],
        }
    }

    /// All of them, by name.
    pub fn iter(&self) -> impl Iterator<Item = (&'static str, &CurveFact)> {
        self.0.iter().map(|(name, fact)| (*name, fact))
    }
}

impl Serialize for CurveFacts {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.iter())
    }
}

impl CurveTable {
    pub(crate) fn with(mut self, name: &'static str, values: impl Into<CurveColumn>) -> Self {
        self.columns.push((name, values.into()));
        self
    }

    /// A column that may be undefined as a whole; there must be one before it that is not.
    pub(crate) fn with_optional(self, name: &'static str, values: Option<&[f64]>) -> Self {
        let n_points = self.n_points();
        match values {
            Some(values) => self.with(name, values),
            None => self.with(name, CurveColumn::Numbers(vec![None; n_points])),
        }
    }

    pub(crate) fn with_facts(mut self, facts: CurveFacts) -> Self {
        self.facts = facts;
        self
    }

    /// How many points there are.
    pub fn n_points(&self) -> usize {
        self.columns.first().map_or(0, |(_, values)| values.len())
    }

    /// The columns by name, in order.
    pub fn columns(&self) -> &[(&'static str, CurveColumn)] {
        &self.columns
    }

    /// A column by its name.
    pub fn column(&self, name: &str) -> Option<&CurveColumn> {
        let mut columns = self.columns.iter();
        columns
            .find(|(known, _)| *known == name)
            .map(|(_, values)| values)
    }

    /// What is known of the curve besides its points.
    pub fn facts(&self) -> &CurveFacts {
        &self.facts
    }
}

impl Serialize for CurveTable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for (name, fact) in self.facts.iter() {
            map.serialize_entry(name, fact)?;
        }
        map.serialize_entry("points", &Points(self))?;
        map.end()
    }
}

struct Points<'a>(&'a CurveTable);

impl Serialize for Points<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let points = 0..self.0.n_points();
        serializer.collect_seq(points.map(|point| Point(self.0, point)))
    }
}

struct Point<'a>(&'a CurveTable, usize);

impl Serialize for Point<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self(table, point) = *self;
        let mut map = serializer.serialize_map(Some(table.columns.len()))?;
        for (name, values) in &table.columns {
            match values {
                CurveColumn::Numbers(values) => map.serialize_entry(name, &values[point])?,
                CurveColumn::Counts(values) => map.serialize_entry(name, &values[point])?,
            }
        }
        map.end()
    }
}
