//! The chart of decision curves, over treating all and treating none.

use cutpoint_metrics::NetBenefitCurve;

use super::{check_not_empty, draw_bands, faint, pairs, say_series, stroke_of};
use crate::axes::{Axes, Axis};
use crate::canvas::Stroke;
use crate::color::Color;
use crate::scale::Scale;
use crate::{ChartOptions, Error, Picture, Result, Series};

/// How far below 0 the chart reaches, as a share of how far it reaches above: what is worse by more is cut.
const BELOW: f64 = 0.25;

/// Draws the net benefit of models, of treating all rows and of treating none.
///
/// # Errors
/// - [`Error::Empty`] without a series, or for a series without threshold probabilities.
/// - [`Error::Domain`] for options outside their domain.
pub fn net_benefit_chart(
    series: &[Series<'_, NetBenefitCurve>],
    options: &ChartOptions,
) -> Result<Picture> {
    const CHART: &str = "a net benefit chart";
    check_not_empty(series, CHART)?;
    let places = series
        .iter()
        .flat_map(|one| one.curve().threshold_probabilities());
    if places.clone().next().is_none() {
        return Err(Error::Empty {
            name: "threshold_probabilities",
            chart: CHART,
        });
    }
    let x = Axis {
        label: "Threshold probability",
        scale: Scale::around(places.copied()),
    };
    let values = series.iter().flat_map(|one| {
        let curve = one.curve();
        curve.model().iter().chain(curve.treat_all()).copied()
    });
    let (lowest, highest) = values.fold((0.0_f64, 0.0_f64), |(low, high), value| {
        (low.min(value), high.max(value))
    });
    let scale = if highest > 0.0 {
        Scale::linear(lowest.max(-highest * BELOW), highest * 1.05)
    } else {
        Scale::around([lowest, highest])
    };
    let y = Axis {
        label: "Net benefit",
        scale,
    };
    let mut axes = Axes::new("Decision curve", options, x, y)?;
    say_series(&mut axes, series);
    draw_bands(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let points = pairs(curve.threshold_probabilities(), curve.model());
        axes.line(&one.legend(), stroke_of(index), points);
    }
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        // Models of the same rows have one line for treating all.
        let is_known = series[..index].iter().any(|other| {
            let other = other.curve();
            other.treat_all() == curve.treat_all()
                && other.threshold_probabilities() == curve.threshold_probabilities()
        });
        if !is_known {
            let name = if index == 0 {
                "treat all".to_owned()
            } else {
                format!("treat all ({})", one.name())
            };
            let points = pairs(curve.threshold_probabilities(), curve.treat_all());
            axes.line(&name, faint(), points);
        }
    }
    let ends = [x.scale.low(), x.scale.high()];
    let none = Stroke::solid(Color::INK, 1.2);
    axes.line("treat none", none, pairs(&ends, &[0.0, 0.0]));
    if let Some(threshold) = options.marked() {
        axes.threshold(threshold.value());
    }
    Ok(axes.finish())
}
