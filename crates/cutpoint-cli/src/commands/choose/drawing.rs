//! What a choice is about, against the threshold: the metrics of its objective and constraints, how sure they are, and
//! where the choice lies.
//!
//! It refuses to choose. Metrics are those of the rows as they are, whatever prevalence the choice is for.

use cutpoint_core::Threshold;
use cutpoint_metrics::{ConfidenceInterval, Metric, Optimum, Problem, Sweep};
use cutpoint_plot::{Band, ChartOptions, Picture, Series, metrics_chart};

use super::certainty::Certainty;

/// Thresholds at which intervals are drawn, evenly by rank.
const PLACES: usize = 200;

/// Draws the metrics that go on one axis with the objective's.
pub(super) fn picture(
    problem: &Problem,
    sweep: &Sweep,
    optimum: &Optimum,
    certainty: &Certainty<'_>,
) -> anyhow::Result<Picture> {
    let metrics = metrics(problem);
    let bands = bands(&metrics, sweep, certainty)?;
    let series = metrics.iter().zip(&bands).map(|(metric, band)| {
        let series = Series::new("", metric);
        match band {
            Some(band) => series.band(band),
            None => series,
        }
    });
    let mut options = ChartOptions::default().title(format!("To {}", problem.objective()));
    if let Some(threshold) = optimum.threshold() {
        options = options.threshold(Threshold::new(threshold)?);
    }
    let series = series.collect::<Vec<_>>();
    Ok(metrics_chart(sweep, &series, &options)?)
}

/// The objective's metric and those of the constraints, each once. Those that are no rates have an axis of their own.
fn metrics(problem: &Problem) -> Vec<Metric> {
    let objective = problem.objective().metric();
    let constraints = problem.constraints().iter();
    let mut metrics = vec![objective.clone()];
    for metric in constraints.map(cutpoint_metrics::Constraint::metric) {
        if is_rate(metric) == is_rate(objective) && is_rate(metric) && !metrics.contains(metric) {
            metrics.push(metric.clone());
        }
    }
    metrics
}

fn is_rate(metric: &Metric) -> bool {
    let range = metric.range();
    range.low() >= -1.0 && range.high() <= 1.0
}

/// Pointwise intervals; none for weights, which do not tell how many rows they stand for.
fn bands(
    metrics: &[Metric],
    sweep: &Sweep,
    certainty: &Certainty<'_>,
) -> anyhow::Result<Vec<Option<Band>>> {
    if certainty.is_weighted {
        return Ok(vec![None; metrics.len()]);
    }
    let n_thresholds = sweep.n_thresholds();
    let places = n_thresholds.min(PLACES);
    let rows = (0..places).map(|place| 1 + place * (n_thresholds - 1) / (places - 1).max(1));
    let rows = rows.collect::<Vec<_>>();
    let mut ends = vec![[Vec::new(), Vec::new()]; metrics.len()];
    for &row in &rows {
        let measured = certainty.at(sweep.cells(row))?;
        for (metric, [low, high]) in metrics.iter().zip(&mut ends) {
            let interval = measured.here(metric)?.map(|(interval, _)| interval);
            low.push(interval.map_or(f64::NAN, ConfidenceInterval::low));
            high.push(interval.map_or(f64::NAN, ConfidenceInterval::high));
        }
    }
    let x = rows.iter().map(|&row| sweep.thresholds()[row - 1]);
    let x = x.collect::<Vec<_>>();
    let bands = ends.iter().map(|[low, high]| {
        let is_known = low.iter().any(|end| end.is_finite());
        Ok(is_known.then(|| Band::new(&x, low, high)).transpose()?)
    });
    bands.collect()
}
