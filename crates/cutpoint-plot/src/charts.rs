//! The charts, one file each, and what they share: how a column becomes a line, and where a threshold stands on it.

mod calibration;
mod cells;
mod choice;
mod cost;
mod det;
mod distribution;
mod flow;
mod gain;
mod ks;
mod lift;
mod metrics;
mod net_benefit;
mod precision_recall;
mod roc;

pub use calibration::calibration_chart;
pub use cells::cells_chart;
pub use choice::choice_chart;
pub use cost::{cost_chart, cost_envelope_chart};
pub use det::det_chart;
pub use distribution::distribution_chart;
pub use flow::flow_chart;
pub use gain::gain_chart;
pub use ks::ks_chart;
pub use lift::lift_chart;
pub use metrics::metrics_chart;
pub use net_benefit::net_benefit_chart;
pub use precision_recall::precision_recall_chart;
pub use roc::roc_chart;

use cutpoint_core::Threshold;

use crate::axes::Axes;
use crate::canvas::Stroke;
use crate::color::{Color, dash_of_series, of_series};
use crate::number::significant;
use crate::scale::Scale;
use crate::{Error, Result, Series};

const LINE_WIDTH: f64 = 2.0;

/// The line of a series.
fn stroke_of(index: usize) -> Stroke {
    Stroke {
        color: of_series(index),
        width: LINE_WIDTH,
        dash: dash_of_series(index),
    }
}

/// The line of what stands back.
fn faint() -> Stroke {
    Stroke::dashed(Color::FAINT, 1.2)
}

fn check_not_empty<T>(series: &[T], chart: &'static str) -> Result<()> {
    if series.is_empty() {
        return Err(Error::Empty {
            name: "series",
            chart,
        });
    }
    Ok(())
}

/// A column of a curve, or the error that it is undefined.
fn defined<'a, T>(
    column: Option<&'a [f64]>,
    series: &Series<'_, T>,
    needs: &'static str,
    chart: &'static str,
) -> Result<&'a [f64]> {
    column.ok_or_else(|| Error::Undefined {
        series: if series.name().is_empty() {
            "series".to_owned()
        } else {
            series.name().to_owned()
        },
        needs,
        chart,
    })
}

fn pairs<'a>(x: &'a [f64], y: &'a [f64]) -> impl Iterator<Item = Option<(f64, f64)>> + 'a {
    x.iter().zip(y).map(|(&x, &y)| Some((x, y)))
}

/// The steps of a column against the threshold: each row's value holds down to the next threshold.
fn steps(
    n_rows: usize,
    threshold: impl Fn(usize) -> Option<f64>,
    value: impl Fn(usize) -> Option<f64>,
    scale: Scale,
) -> impl Iterator<Item = Option<(f64, f64)>> {
    (0..n_rows).flat_map(move |index| {
        let next = (index + 1 < n_rows).then(|| threshold(index + 1)).flatten();
        let up_to = threshold(index).unwrap_or(scale.high());
        let above = next.unwrap_or(scale.low());
        let value = value(index);
        [up_to, above].map(|threshold| value.map(|value| (threshold, value)))
    })
}

/// The scale of thresholds that descend.
fn threshold_scale<'a>(columns: impl IntoIterator<Item = &'a [Option<f64>]>) -> Scale {
    let ends = columns.into_iter().flat_map(|thresholds| {
        let mut known = thresholds.iter().flatten();
        [known.next(), known.next_back()]
    });
    Scale::of_scores(ends.flatten().copied())
}

/// The point of a curve that holds at a threshold, thresholds descending.
fn index_descending(thresholds: &[Option<f64>], threshold: Threshold) -> Option<usize> {
    let is_at_or_above =
        |score: &Option<f64>| score.is_none_or(|score| threshold.is_positive(score));
    thresholds.partition_point(is_at_or_above).checked_sub(1)
}

/// The point of a curve that holds at a threshold, thresholds ascending.
fn index_ascending(thresholds: &[Option<f64>], threshold: Threshold) -> Option<usize> {
    let is_below = |score: &Option<f64>| score.is_some_and(|score| !threshold.is_positive(score));
    let index = thresholds.partition_point(is_below);
    (index < thresholds.len()).then_some(index)
}

/// Marks a point of a series that holds at the chosen threshold.
fn mark(axes: &mut Axes, name: &str, threshold: Threshold, (x, y): (f64, f64)) {
    axes.dot(x, y);
    let name = if name.is_empty() { "The curve" } else { name };
    axes.say(format!(
        "{name} at threshold {}: {}, {}.",
        threshold_text(threshold),
        significant(x, 4),
        significant(y, 4)
    ));
}

/// Gives the marked points their name.
fn name_marks(axes: &mut Axes, threshold: Option<Threshold>) {
    if let Some(threshold) = threshold {
        axes.name_dots(&format!("threshold {}", threshold_text(threshold)));
    }
}

fn threshold_text(threshold: Threshold) -> String {
    significant(threshold.value(), 6)
}

/// Says which series are on the chart.
fn say_names<'a>(axes: &mut Axes, names: impl IntoIterator<Item = &'a str>) {
    let names = names.into_iter().filter(|name| !name.is_empty());
    let names = names.collect::<Vec<_>>().join(", ");
    if !names.is_empty() {
        axes.say(format!("Shown: {names}."));
    }
}

/// Says which series are on the chart, with their notes.
fn say_series<T>(axes: &mut Axes, series: &[Series<'_, T>]) {
    let legends = series.iter().map(Series::legend).collect::<Vec<_>>();
    say_names(axes, legends.iter().map(String::as_str));
}

/// Draws the bands of the series that have one, below all lines.
fn draw_bands<T>(axes: &mut Axes, series: &[Series<'_, T>]) {
    for (index, one) in series.iter().enumerate() {
        if let Some(band) = one.known_band() {
            axes.band(band, of_series(index));
            let name = one.legend();
            axes.say(if name.is_empty() {
                "A band shows the interval.".to_owned()
            } else {
                format!("A band shows the interval of {name}.")
            });
        }
    }
}
