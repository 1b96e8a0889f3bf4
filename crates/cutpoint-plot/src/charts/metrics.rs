//! Metrics of the catalogue against the threshold.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Metric, Sweep};

use super::{check_not_empty, draw_bands, steps, stroke_of};
use crate::axes::{Axes, Axis};
use crate::number::significant;
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result, Series};

/// Draws metrics against the threshold, with their bands where they are known.
///
/// A metric with an empty name is called by its title. A line has gaps where its metric is undefined.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a metric.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn metrics_chart(
    sweep: &Sweep,
    metrics: &[Series<'_, Metric>],
    options: &ChartOptions,
) -> Result<Picture> {
    check_not_empty(metrics, "a chart of metrics")?;
    let thresholds = sweep.thresholds();
    let scale = Scale::of_scores(
        thresholds
            .first()
            .into_iter()
            .chain(thresholds.last())
            .copied(),
    );
    let x = Axis {
        label: "Threshold",
        scale,
    };
    let single = match metrics {
        [one] => one.curve().title(),
        _ => "Metric",
    };
    let y = Axis {
        label: single,
        scale: value_scale(sweep, metrics),
    };
    let mut axes = Axes::new("Metrics vs Thresholds", options, x, y)?;
    let named = metrics.iter().map(|one| match one.name() {
        "" => one.clone().named(one.curve().title()),
        _ => one.clone(),
    });
    let named = named.collect::<Vec<_>>();
    draw_bands(&mut axes, &named);
    for (index, one) in named.iter().enumerate() {
        let (metric, name) = (one.curve(), one.legend());
        let points = steps(
            sweep.n_rows(),
            |row| sweep.threshold(row).map(Threshold::value),
            |row| metric.value(&sweep.cells(row)),
            scale,
        );
        axes.line(&name, stroke_of(index), points);
        axes.say(match options.marked() {
            None => format!("Shown: {name}."),
            Some(threshold) => match metric.value(&sweep.cells_at(threshold)) {
                Some(value) => format!("{name} at the threshold: {}.", significant(value, 4)),
                None => format!("{name} at the threshold: undefined."),
            },
        });
    }
    if let Some(threshold) = options.marked() {
        axes.threshold(threshold.value());
        for one in metrics {
            if let Some(value) = one.curve().value(&sweep.cells_at(threshold))
                && (scale.low()..=scale.high()).contains(&threshold.value())
            {
                axes.dot(threshold.value(), value);
            }
        }
    }
    Ok(axes.finish())
}

/// From 0 to 1 for rates, from -1 to 1 for signed ones, and around the values for all others.
fn value_scale(sweep: &Sweep, metrics: &[Series<'_, Metric>]) -> Scale {
    let lowest = metrics.iter().map(|one| one.curve().range().low());
    let highest = metrics.iter().map(|one| one.curve().range().high());
    let (low, high) = (lowest.fold(0.0, f64::min), highest.fold(1.0, f64::max));
    if low >= 0.0 && high <= 1.0 {
        return Scale::UNIT;
    }
    let values = metrics.iter().flat_map(|one| {
        let rows = 0..sweep.n_rows();
        rows.filter_map(|row| one.curve().value(&sweep.cells(row)))
    });
    let bands = metrics.iter().filter_map(Series::known_band);
    let ends = bands.flat_map(|band| band.stretches().into_iter().flatten());
    let ends = ends.flat_map(|(_, low, high)| [low, high]);
    let bounded = if high.is_finite() {
        vec![0.0, 1.0]
    } else {
        vec![0.0]
    };
    Scale::around(values.chain(ends).chain(bounded))
}
