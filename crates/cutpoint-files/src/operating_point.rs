//! Operating points as JSON: a threshold to ship, what it was chosen for and on, and what to expect of it.
//!
//! It refuses files that are cut, foreign, newer or changed, and judges no data: whether a point still holds is for
//! `cutpoint check`.
//!
//! ```text
//! {
//!   "format": "cutpoint-point",             always
//!   "version": 1,                           of this layout; a reader refuses a higher one
//!   "convention": "score >= threshold",     what is predicted positive; always this
//!   "threshold": 0.35,
//!   "interval": [0.31, 0.35],               the next lower score (null: none), and the highest of the same matrix
//!   "midpoint": 0.33,                       null where the interval is open
//!   "labels": [0, 1],                       the negative class, the positive one
//!   "objective": {"name": "precision", "goal": "maximize", "value": 0.75},
//!   "constraints": ["recall>=0.9"],
//!   "at_prevalence": null,                  where it was chosen for a share of positives other than that of the data
//!   "confusion_matrix": [[5, 1], [0, 3]],   of the data it was chosen on: rows true, columns predicted
//!   "accuracy": …,                          every metric of the catalogue, of this matrix, taken to `at_prevalence`
//!   "expected": {"prevalence": …, "alert_rate": …},     where it will work
//!   "confidence": 0.95,                     of the intervals; null without any
//!   "intervals": [{"metric": "recall", "low": …, "high": …, "method": "wilson"}],     at the prevalence of the values
//!   "data": {"n_samples": 9, "is_weighted": false, "digest": "sha256:…"},
//!   "checksum": "sha256:…"                  of everything else, whatever the order of keys and the white space
//! }
//! ```

use std::fmt::Write as _;
use std::path::Path;

use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{
    Cells, ConfidenceInterval, Constraint, Interval, Objective, PartialSweep, Problem,
    at_prevalence, catalog, formulas, value_at_prevalence,
};
use serde::de::Error as _;
use serde::ser::SerializeMap;
use serde::{Deserialize, Serialize, Serializer};
use serde_json::Value;
use sha2::{Digest, Sha256};

use crate::document::{Class, Document, read_document};
use crate::{Error, Output, Result};

const VERSION: u64 = 1;
const CONVENTION: &str = "score >= threshold";

/// The rows that an operating point was chosen on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct PointData {
    n_samples: Option<usize>,
    is_weighted: bool,
    digest: String,
}

impl PointData {
    /// The rows of a sweep.
    pub fn of(partial: &PartialSweep) -> Self {
        Self {
            n_samples: partial.n_samples(),
            is_weighted: partial.is_weighted(),
            digest: data_digest(partial),
        }
    }

    /// Number of rows; `None` where only sums of weights are known.
    pub fn n_samples(&self) -> Option<usize> {
        self.n_samples
    }

    /// Whether the rows have weights.
    pub fn is_weighted(&self) -> bool {
        self.is_weighted
    }

    /// See [`data_digest`].
    pub fn digest(&self) -> &str {
        &self.digest
    }
}

/// The interval of a metric at the threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricInterval {
    metric: String,
    low: f64,
    high: f64,
    method: String,
}

impl MetricInterval {
    /// An interval, the metric by its name, and how the interval was computed: `wilson`, `bootstrap`.
    pub fn new(
        metric: impl Into<String>,
        interval: ConfidenceInterval,
        method: impl Into<String>,
    ) -> Self {
        Self {
            metric: metric.into(),
            low: interval.low(),
            high: interval.high(),
            method: method.into(),
        }
    }

    /// The metric.
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.low
    }

    /// The upper end.
    pub fn high(&self) -> f64 {
        self.high
    }

    /// How it was computed.
    pub fn method(&self) -> &str {
        &self.method
    }
}

/// A threshold that was chosen, with all that is needed to use it, to explain it, and to see later whether it holds.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_files::{OperatingPoint, Output, PointData, read_operating_point, write_operating_point};
/// use cutpoint_metrics::{PartialSweep, PartialSweepBuilder, Problem, choose};
///
/// let mut builder = PartialSweepBuilder::new(1 << 20)?;
/// builder.add(&Scores::new(vec![true, true, false, true, false], vec![0.9, 0.8, 0.7, 0.6, 0.1])?);
/// let partial = builder.finish()?;
/// let problem = Problem::new("precision".parse()?).subject_to("recall>=0.9".parse()?);
/// let choice = choose(partial.edges(), &problem)?;
/// let best = choice.found().unwrap();
/// let threshold = Threshold::new(best.threshold().unwrap())?;
/// let (labels, data) = ([0.into(), 1.into()], PointData::of(&partial));
/// let point = OperatingPoint::new(threshold, best.interval(), labels, best.cells(), &problem, data)
///     .with_objective_value(best.value());
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("point.json");
/// let mut output = Output::create(&path)?;
/// write_operating_point(&mut output, &point)?;
/// output.commit()?;
/// let back = read_operating_point(&path)?;
/// assert_eq!(back, point);
/// assert_eq!((back.threshold().value(), back.constraints()[0].to_string()), (0.6, "recall>=0.9".to_owned()));
/// // 4 of 5 rows are predicted positive.
/// assert_eq!(back.expected_alert_rate(), Some(0.8));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct OperatingPoint {
    threshold: Threshold,
    interval: [Option<f64>; 2],
    midpoint: Option<f64>,
    labels: [Label; 2],
    cells: Cells,
    objective: ObjectivePart,
    constraints: Vec<Constraint>,
    prevalence: Option<f64>,
    confidence: Option<f64>,
    intervals: Vec<MetricInterval>,
    data: PointData,
}

impl OperatingPoint {
    /// A threshold, which need not be a score; the thresholds that give the same matrix; the negative and the positive
    /// class; the cells at the threshold as they were counted; what it was chosen for; and the rows it was chosen on.
    ///
    /// "Predict none" has no threshold and is no operating point.
    #[must_use]
    pub fn new(
        threshold: Threshold,
        interval: Interval,
        labels: [Label; 2],
        cells: Cells,
        problem: &Problem,
        data: PointData,
    ) -> Self {
        let objective = problem.objective();
        Self {
            threshold,
            interval: [interval.above(), interval.up_to()],
            midpoint: interval.midpoint(),
            labels,
            cells,
            objective: ObjectivePart {
                name: objective.metric().to_string(),
                goal: objective.goal().to_string(),
                value: None,
            },
            constraints: problem.constraints().to_vec(),
            prevalence: problem.prevalence(),
            confidence: None,
            intervals: Vec::new(),
            data,
        }
    }

    /// What the objective came to. Default: not told; a number that is not finite is not told either.
    #[must_use]
    pub fn with_objective_value(mut self, value: f64) -> Self {
        self.objective.value = Some(value).filter(|value| value.is_finite());
        self
    }

    /// How sure metrics are at the prevalence that the threshold was chosen for, and with which confidence, in
    /// `(0, 1)`. Default none.
    #[must_use]
    pub fn with_intervals(mut self, confidence: f64, intervals: Vec<MetricInterval>) -> Self {
        self.confidence = Some(confidence).filter(|confidence| confidence.is_finite());
        self.intervals = intervals;
        self
    }

    /// The threshold.
    pub fn threshold(&self) -> Threshold {
        self.threshold
    }

    /// The next lower score and the highest threshold that give the same matrix, as far as there are such.
    pub fn interval(&self) -> [Option<f64>; 2] {
        self.interval
    }

    /// The middle of the interval.
    pub fn midpoint(&self) -> Option<f64> {
        self.midpoint
    }

    /// The negative and the positive class.
    pub fn labels(&self) -> &[Label; 2] {
        &self.labels
    }

    /// The positive class.
    pub fn positive(&self) -> &Label {
        &self.labels[1]
    }

    /// The cells of the rows that it was chosen on, as they were counted.
    pub fn cells(&self) -> Cells {
        self.cells
    }

    /// What it was chosen for: `maximize precision`.
    pub fn objective(&self) -> String {
        format!("{} {}", self.objective.goal, self.objective.name)
    }

    /// What it was chosen for, under which constraints and for which prevalence. `None` if the objective is a metric
    /// that this version does not know.
    pub fn problem(&self) -> Option<Problem> {
        let of_amounts = || {
            let name = &self.objective.name;
            let amounts = name.strip_prefix("cost(")?.strip_suffix(')')?;
            Some(Objective::of_amounts(amounts))
        };
        let objective = self.objective().parse().ok().or_else(of_amounts)?;
        let constraints = self.constraints.iter().cloned();
        let problem = constraints.fold(Problem::new(objective), Problem::subject_to);
        Some(match self.prevalence {
            Some(prevalence) => problem.at_prevalence(prevalence),
            None => problem,
        })
    }

    /// What the objective came to, if that was told.
    pub fn objective_value(&self) -> Option<f64> {
        self.objective.value
    }

    /// What it has to keep to.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The share of positive rows that it was chosen for, if that is not the share in the data.
    pub fn prevalence(&self) -> Option<f64> {
        self.prevalence
    }

    /// The share of positive rows where it will work.
    pub fn expected_prevalence(&self) -> Option<f64> {
        self.prevalence
            .or_else(|| formulas::prevalence(&self.cells))
    }

    /// The share of rows that will be predicted positive where it will work; `None` if a class had no rows.
    pub fn expected_alert_rate(&self) -> Option<f64> {
        let cells = match self.prevalence {
            Some(prevalence) => at_prevalence(&self.cells, prevalence).ok()??,
            None => self.cells,
        };
        formulas::predicted_positive_rate(&cells)
    }

    /// The confidence of the intervals.
    pub fn confidence(&self) -> Option<f64> {
        self.confidence
    }

    /// How sure metrics were, by the rows it was chosen on, at the prevalence that it was chosen for.
    pub fn intervals(&self) -> &[MetricInterval] {
        &self.intervals
    }

    /// The rows it was chosen on.
    pub fn data(&self) -> &PointData {
        &self.data
    }
}

/// What tells the rows of a sweep from others: the same for the same rows in any order.
///
/// # Formula
/// ```text
/// "sha256:" and, in hex, SHA-256 of the bins from the highest scores down,
/// each as four doubles, least byte first: lowest, highest, positives, negatives
/// ```
/// Of a file that does not fit into the memory that it was swept in, the bins, and with them the digest, depend on how
/// much that was; sums of weights that are no sums of few binary digits may round differently in another order.
pub fn data_digest(partial: &PartialSweep) -> String {
    let mut digest = Sha256::new();
    for bin in partial.bins() {
        for number in [
            bin.lowest(),
            bin.highest(),
            bin.positives(),
            bin.negatives(),
        ] {
            // -0.0 is 0.
            digest.update((number + 0.0).to_bits().to_le_bytes());
        }
    }
    in_hex(digest)
}

/// Writes an operating point: one layout, keys always in the same order, numbers in the shortest form that keeps their
/// bits.
///
/// # Errors
/// [`Error::Write`] if the system refuses.
///
/// # Panics
/// Never: an operating point holds finite numbers only, and those have a place in JSON.
pub fn write_operating_point(output: &mut Output, point: &OperatingPoint) -> Result<()> {
    let mut file = SavedFile {
        head: Head::from(point),
        metrics: Metrics(point.cells, point.prevalence),
        expected: Expected {
            prevalence: point.expected_prevalence(),
            alert_rate: point.expected_alert_rate(),
        },
        tail: Tail {
            confidence: point.confidence,
            intervals: point.intervals.clone(),
            data: point.data.clone(),
            checksum: String::new(),
        },
    };
    let value = serde_json::to_value(&file).expect("finite numbers and text keys");
    file.tail.checksum = checksum(&value);
    let mut text = serde_json::to_string_pretty(&file).expect("finite numbers and text keys");
    text.push('\n');
    output.put(text.as_bytes())
}

/// Reads an operating point, from stdin for `-`.
///
/// # Errors
/// - [`Error::Read`], [`Error::Directory`] if the file cannot be opened.
/// - [`Error::DocumentSyntax`] for what is not JSON, or is cut.
/// - [`Error::ForeignDocument`], [`Error::NewerDocument`] for JSON that is no operating point of this version.
/// - [`Error::DocumentField`], [`Error::PointPart`] for parts that are missing or have no meaning.
/// - [`Error::PointChanged`] for a file that was changed after it was written.
pub fn read_operating_point(path: &Path) -> Result<OperatingPoint> {
    let value = read_document(path, Document::OperatingPoint, VERSION)?;
    let parts = Head::deserialize(&value).and_then(|head| {
        if head.convention != CONVENTION {
            let message = format!(
                "`convention` must be `{CONVENTION}`, got `{}`",
                head.convention
            );
            return Err(serde_json::Error::custom(message));
        }
        Ok((head, Tail::deserialize(&value)?))
    });
    let (head, tail) = parts.map_err(|source| Error::DocumentField {
        path: path.to_owned(),
        document: Document::OperatingPoint,
        source,
    })?;
    if tail.checksum != checksum(&value) {
        return Err(Error::PointChanged {
            path: path.to_owned(),
        });
    }
    head.into_point(tail).map_err(|source| Error::PointPart {
        path: path.to_owned(),
        source: Box::new(source),
    })
}

/// The file, in the order of its keys.
#[derive(Serialize)]
struct SavedFile {
    #[serde(flatten)]
    head: Head,
    #[serde(flatten)]
    metrics: Metrics,
    expected: Expected,
    #[serde(flatten)]
    tail: Tail,
}

#[derive(Serialize, Deserialize)]
struct Head {
    format: String,
    version: u64,
    convention: String,
    threshold: f64,
    interval: [Option<f64>; 2],
    midpoint: Option<f64>,
    labels: [Class; 2],
    objective: ObjectivePart,
    constraints: Vec<String>,
    at_prevalence: Option<f64>,
    confusion_matrix: [[Amount; 2]; 2],
}

/// What is computed from the cells is written for others and not read back.
#[derive(Serialize)]
struct Expected {
    prevalence: Option<f64>,
    alert_rate: Option<f64>,
}

#[derive(Serialize, Deserialize)]
struct Tail {
    confidence: Option<f64>,
    intervals: Vec<MetricInterval>,
    data: PointData,
    checksum: String,
}

/// Kept as text: what a threshold was chosen for need not be something that a matrix tells.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
struct ObjectivePart {
    name: String,
    goal: String,
    value: Option<f64>,
}

/// A cell: a whole number, or a sum of weights.
#[derive(Clone, Copy, Serialize, Deserialize)]
#[serde(untagged)]
enum Amount {
    Count(u64),
    Sum(f64),
}

impl Amount {
    fn value(self) -> f64 {
        match self {
            Self::Count(count) => count as f64,
            Self::Sum(sum) => sum,
        }
    }
}

/// Every metric of the catalogue, at the prevalence that the threshold was chosen for.
struct Metrics(Cells, Option<f64>);

impl Serialize for Metrics {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(Some(catalog().len()))?;
        for metric in catalog() {
            let value = value_at_prevalence(metric, &self.0, self.1);
            map.serialize_entry(metric.name(), &value)?;
        }
        map.end()
    }
}

impl From<&OperatingPoint> for Head {
    fn from(point: &OperatingPoint) -> Self {
        let matrix = point.cells.to_sklearn();
        let confusion_matrix = match point.cells.to_counts() {
            Some([tp, fp, fn_, tn]) if !point.data.is_weighted => {
                [[tn, fp], [fn_, tp]].map(|row| row.map(Amount::Count))
            }
            _ => matrix.map(|row| row.map(Amount::Sum)),
        };
        Self {
            format: Document::OperatingPoint.format().to_owned(),
            version: VERSION,
            convention: CONVENTION.to_owned(),
            threshold: point.threshold.value(),
            interval: point.interval,
            midpoint: point.midpoint,
            labels: point.labels.each_ref().map(Class::from),
            objective: point.objective.clone(),
            constraints: point.constraints.iter().map(ToString::to_string).collect(),
            at_prevalence: point.prevalence,
            confusion_matrix,
        }
    }
}

impl Head {
    fn into_point(self, tail: Tail) -> Result<OperatingPoint, cutpoint_metrics::Error> {
        let [[tn, fp], [fn_, tp]] = self.confusion_matrix.map(|row| row.map(Amount::value));
        let cells = Cells::from_weights(tp, fp, fn_, tn)?;
        if let Some(prevalence) = self.at_prevalence {
            at_prevalence(&cells, prevalence)?;
        }
        let constraints = self.constraints.iter().map(|text| text.parse());
        Ok(OperatingPoint {
            threshold: Threshold::new(self.threshold)?,
            interval: self.interval,
            midpoint: self.midpoint,
            labels: self.labels.map(Label::from),
            cells,
            objective: self.objective,
            constraints: constraints.collect::<Result<_, _>>()?,
            prevalence: self.at_prevalence,
            confidence: tail.confidence,
            intervals: tail.intervals,
            data: tail.data,
        })
    }
}

/// The checksum of everything but the checksum: of keys in ascending order, without white space, numbers by their
/// value.
fn checksum(file: &Value) -> String {
    let mut text = String::new();
    match file {
        Value::Object(entries) => {
            let rest = entries.iter().filter(|(key, _)| *key != "checksum");
            put_object(&mut text, rest);
        }
        other => put_canonical(&mut text, other),
    }
    in_hex(Sha256::new().chain_update(text))
}

fn put_object<'v>(text: &mut String, entries: impl Iterator<Item = (&'v String, &'v Value)>) {
    // The map is sorted or not, as some other crate wishes.
    let mut entries = entries.collect::<Vec<_>>();
    entries.sort_unstable_by_key(|(key, _)| *key);
    text.push('{');
    for (key, value) in entries {
        put_canonical(text, &Value::String(key.clone()));
        text.push(':');
        put_canonical(text, value);
        text.push(',');
    }
    text.push('}');
}

fn put_canonical(text: &mut String, value: &Value) {
    /// Up to here a double holds every whole number, and `5.0` is written `5` by many programs.
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    match value {
        Value::Object(entries) => put_object(text, entries.iter()),
        Value::Array(items) => {
            text.push('[');
            for item in items {
                put_canonical(text, item);
                text.push(',');
            }
            text.push(']');
        }
        Value::Number(number) => match number.as_f64().filter(|_| number.is_f64()) {
            Some(number) if number.fract() == 0.0 && number.abs() <= LIMIT => {
                write!(text, "{}", number + 0.0).expect("a String takes all text");
            }
            Some(number) => write!(text, "{number:?}").expect("a String takes all text"),
            None => write!(text, "{number}").expect("a String takes all text"),
        },
        other => write!(text, "{other}").expect("a String takes all text"),
    }
}

fn in_hex(digest: Sha256) -> String {
    let mut text = "sha256:".to_owned();
    for byte in digest.finalize() {
        write!(text, "{byte:02x}").expect("a String takes all text");
    }
    text
}
