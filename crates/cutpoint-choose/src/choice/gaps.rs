//! How far groups are apart in a metric. What makes a gap too wide is not known here.

use cutpoint_metrics::{Cells, Metric, catalog, value_at_prevalence};

/// A metric in each of several groups.
#[derive(Debug, Clone, PartialEq)]
pub struct Gap {
    metric: Metric,
    values: Vec<Option<f64>>,
}

impl Gap {
    /// The metric.
    pub fn metric(&self) -> &Metric {
        &self.metric
    }

    /// Its value in each group; `None` where it is undefined.
    pub fn values(&self) -> &[Option<f64>] {
        &self.values
    }

    /// The highest value less the lowest, groups left out where it is undefined; `None` unless it is defined in two.
    pub fn size(&self) -> Option<f64> {
        let defined = || self.values.iter().copied().flatten();
        let highest = defined().reduce(f64::max)?;
        let lowest = defined().reduce(f64::min)?;
        (defined().count() > 1).then_some(highest - lowest)
    }
}

/// Every metric of the catalogue in each of several groups, by their cells; at a prevalence, where one is given, each
/// group taken there by itself.
pub fn gaps(cells: &[Cells], prevalence: Option<f64>) -> Vec<Gap> {
    let value = |metric: &Metric, cells| value_at_prevalence(metric, cells, prevalence);
    let gap = |metric: &Metric| Gap {
        metric: metric.clone(),
        values: cells.iter().map(|cells| value(metric, cells)).collect(),
    };
    catalog().iter().map(gap).collect()
}
