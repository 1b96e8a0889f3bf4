//! The interval of a metric and how it was computed, as answers and operating points have it.

use std::borrow::Cow;

use cutpoint_metrics::ConfidenceInterval;
use serde::{Deserialize, Serialize};

/// An interval, and how it was computed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct IntervalAnswer {
    /// The lower end.
    pub low: f64,
    /// The upper end.
    pub high: f64,
    /// How it was computed: `wilson`, `clopper-pearson`, `propagated`, `bootstrap`, `normal`.
    pub method: Cow<'static, str>,
}

impl IntervalAnswer {
    /// An interval, and how it was computed.
    pub fn new(interval: ConfidenceInterval, method: impl Into<Cow<'static, str>>) -> Self {
        Self {
            low: interval.low(),
            high: interval.high(),
            method: method.into(),
        }
    }
}

/// The interval of a metric at a threshold.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MetricInterval {
    metric: String,
    #[serde(flatten)]
    interval: IntervalAnswer,
}

impl MetricInterval {
    /// An interval, the metric by its name, and how the interval was computed: `wilson`, `bootstrap`.
    pub fn new(
        metric: impl Into<String>,
        interval: ConfidenceInterval,
        method: impl Into<Cow<'static, str>>,
    ) -> Self {
        Self {
            metric: metric.into(),
            interval: IntervalAnswer::new(interval, method),
        }
    }

    /// The metric.
    pub fn metric(&self) -> &str {
        &self.metric
    }

    /// The interval, without the metric.
    pub fn answer(&self) -> &IntervalAnswer {
        &self.interval
    }

    /// The lower end.
    pub fn low(&self) -> f64 {
        self.interval.low
    }

    /// The upper end.
    pub fn high(&self) -> f64 {
        self.interval.high
    }

    /// How it was computed.
    pub fn method(&self) -> &str {
        &self.interval.method
    }
}
