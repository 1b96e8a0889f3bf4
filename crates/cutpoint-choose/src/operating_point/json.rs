//! Operating points as JSON, which a text that is cut, foreign, newer or changed is not.
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
use std::io::Read;

use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{
    CellValue, Cells, Interval, MetricValues, at_prevalence, value_at_prevalence,
};
use serde::de::Error as _;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::{ObjectivePart, OperatingPoint, PointData};
use crate::digest::text_digest;
use crate::error::{Error, Result};
use crate::metric_interval::MetricInterval;

const FORMAT: &str = "cutpoint-point";
const VERSION: u64 = 1;
const CONVENTION: &str = "score >= threshold";

impl OperatingPoint {
    /// As JSON: one layout, keys always in the same order, numbers in the shortest form that keeps their bits.
    ///
    /// # Panics
    /// Never: an operating point holds finite numbers only, and those have a place in JSON.
    pub fn to_json(&self) -> String {
        let mut saved = Saved {
            head: Head::from(self),
            metrics: MetricValues::of(|metric| {
                value_at_prevalence(metric, &self.cells, self.prevalence)
            }),
            expected: Expected {
                prevalence: self.expected_prevalence(),
                alert_rate: self.expected_alert_rate(),
            },
            tail: Tail {
                confidence: self.confidence,
                intervals: self.intervals.clone(),
                data: self.data.clone(),
                checksum: String::new(),
            },
        };
        let value = serde_json::to_value(&saved).expect("finite numbers and text keys");
        saved.tail.checksum = checksum(&value);
        let mut text = serde_json::to_string_pretty(&saved).expect("finite numbers and text keys");
        text.push('\n');
        text
    }

    /// Of JSON, as [`OperatingPoint::to_json`] gives it; white space, the order of keys, and how a number is written
    /// do not matter.
    ///
    /// # Errors
    /// - [`Error::PointSyntax`] for what is not JSON, or is cut.
    /// - [`Error::PointForeign`], [`Error::PointNewer`] for JSON that is no operating point of this version.
    /// - [`Error::PointField`], [`Error::PointPart`] for parts that are missing or have no meaning.
    /// - [`Error::PointChanged`] for a text that was changed after it was written.
    pub fn from_json(text: &str) -> Result<Self> {
        Self::from_json_reader(text.as_bytes())
    }

    /// The same of bytes that are read no further than they are JSON.
    ///
    /// # Errors
    /// As [`OperatingPoint::from_json`]; [`Error::PointSyntax`], too, if the bytes cannot be read.
    pub fn from_json_reader(reader: impl Read) -> Result<Self> {
        let value = serde_json::from_reader::<_, Value>(reader)
            .map_err(|source| Error::PointSyntax { source })?;
        let envelope = Envelope::deserialize(&value).ok();
        match envelope.filter(|envelope| envelope.format == FORMAT) {
            None => return Err(Error::PointForeign),
            Some(Envelope { version, .. }) if version > VERSION => {
                return Err(Error::PointNewer {
                    version,
                    known: VERSION,
                });
            }
            Some(_) => {}
        }
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
        let (head, tail) = parts.map_err(|source| Error::PointField { source })?;
        if tail.checksum != checksum(&value) {
            return Err(Error::PointChanged);
        }
        head.into_point(tail)
            .map_err(|source| Error::PointPart { source })
    }
}

/// What every version has.
#[derive(Deserialize)]
struct Envelope {
    format: String,
    version: u64,
}

/// All of it, in the order of its keys.
#[derive(Serialize)]
struct Saved {
    #[serde(flatten)]
    head: Head,
    #[serde(flatten)]
    metrics: MetricValues,
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
    labels: [Label; 2],
    objective: ObjectivePart,
    constraints: Vec<String>,
    at_prevalence: Option<f64>,
    confusion_matrix: [[CellValue; 2]; 2],
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

impl From<&OperatingPoint> for Head {
    fn from(point: &OperatingPoint) -> Self {
        let is_weighted = point.data.is_weighted || point.cells.to_counts().is_none();
        Self {
            format: FORMAT.to_owned(),
            version: VERSION,
            convention: CONVENTION.to_owned(),
            threshold: point.threshold.value(),
            interval: [point.interval.lower(), point.interval.upper()]
                .map(|end| end.map(Threshold::value)),
            midpoint: point.midpoint().map(Threshold::value),
            labels: point.labels.clone(),
            objective: point.objective.clone(),
            constraints: point.constraints.iter().map(ToString::to_string).collect(),
            at_prevalence: point.prevalence,
            confusion_matrix: point
                .cells
                .to_sklearn()
                .map(|row| row.map(|cell| CellValue::new(cell, is_weighted))),
        }
    }
}

impl Head {
    fn into_point(self, tail: Tail) -> Result<OperatingPoint, cutpoint_metrics::Error> {
        let [[tn, fp], [fn_, tp]] = self.confusion_matrix.map(|row| row.map(CellValue::value));
        let cells = Cells::from_weights(tp, fp, fn_, tn)?;
        if let Some(prevalence) = self.at_prevalence {
            at_prevalence(&cells, prevalence)?;
        }
        let constraints = self.constraints.iter().map(|text| text.parse());
        let [lower, upper] = self
            .interval
            .map(|end| end.and_then(|end| Threshold::new(end).ok()));
        Ok(OperatingPoint {
            threshold: Threshold::new(self.threshold)?,
            interval: Interval::new(lower, upper),
            labels: self.labels,
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
    text_digest(&text)
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
