//! A reject zone as an answer: what `cutpoint choose --reject-cost --format json` prints.

use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{CellValue, Interval};
use serde::Serialize;

use crate::FoundZone;

/// Two thresholds, between which nothing is predicted.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ZoneAnswer {
    /// From here up, rows are predicted positive; `None` if none is.
    pub upper_threshold: Option<Threshold>,
    /// Below, they are predicted negative; `None` if all rows that are not positive are.
    pub lower_threshold: Option<Threshold>,
    /// The upper thresholds that part the same rows.
    pub upper_interval: Interval,
    /// The lower ones that do.
    pub lower_interval: Interval,
    /// Negative and positive.
    pub labels: [Label; 2],
    /// Of the rows outside the zone: rows true, columns predicted.
    pub confusion_matrix: [[CellValue; 2]; 2],
    /// Positive rows in the zone.
    pub rejected_positives: CellValue,
    /// Negative rows in it.
    pub rejected_negatives: CellValue,
    /// What all rows cost, at the prevalence if one is given.
    pub cost: f64,
    /// The share of positive rows where the classifier will work, if it was given.
    pub at_prevalence: Option<f64>,
    /// The share of rows outside the zone.
    pub coverage: f64,
    /// The share of those that are predicted wrong.
    pub error_rate: Option<f64>,
    /// How often the rows were read.
    pub n_passes: usize,
    /// What a reader should know, in the words of the front end, which adds them; empty until then.
    pub warnings: Vec<String>,
}

impl FoundZone {
    /// The zone as an answer.
    pub fn answer(&self) -> ZoneAnswer {
        let (zone, first) = (&self.zone, &self.first);
        let value = |cell| CellValue::new(cell, first.partial.is_weighted());
        ZoneAnswer {
            upper_threshold: zone.upper(),
            lower_threshold: zone.lower(),
            upper_interval: zone.upper_interval(),
            lower_interval: zone.lower_interval(),
            labels: first.labels().clone(),
            confusion_matrix: zone.accepted().to_sklearn().map(|row| row.map(value)),
            rejected_positives: value(zone.rejected_positives()),
            rejected_negatives: value(zone.rejected_negatives()),
            cost: zone.cost(),
            at_prevalence: self.prevalence,
            coverage: zone.coverage(),
            error_rate: zone.error_rate(),
            n_passes: self.n_passes,
            warnings: Vec::new(),
        }
    }
}
