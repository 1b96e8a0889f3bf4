//! The charts of costs: against the threshold, and over all costs and prevalences at once.

use cutpoint_metrics::{CostCurve, CostEnvelope};

use super::{
    check_not_empty, draw_bands, faint, name_marks, pairs, say_series, steps, stroke_of,
    threshold_scale,
};
use crate::axes::{Axes, Axis};
use crate::number::significant;
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result, Series};

/// Draws the mean cost of a row against the threshold, with a dot where it is lowest.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a series.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn cost_chart(series: &[Series<'_, CostCurve>], options: &ChartOptions) -> Result<Picture> {
    check_not_empty(series, "a cost chart")?;
    let scale = threshold_scale(series.iter().map(|one| one.curve().thresholds()));
    let costs = series.iter().flat_map(|one| one.curve().cost());
    let around = Scale::around(costs.map(|cost| cost * 1.05).chain([0.0]));
    let x = Axis {
        label: "Threshold",
        scale,
    };
    let y = Axis {
        label: "Mean cost of a row",
        scale: around,
    };
    let mut axes = Axes::new("Cost vs Thresholds", options, x, y)?;
    say_series(&mut axes, series);
    draw_bands(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let thresholds = curve.thresholds();
        let points = steps(
            thresholds.len(),
            |row| thresholds[row],
            |row| Some(curve.cost()[row]),
            scale,
        );
        axes.line(&one.legend(), stroke_of(index), points);
        let best = curve.lowest_thresholds().next().flatten();
        axes.dot(best.unwrap_or(scale.high()), curve.lowest());
        let at = best.map_or("predict none".to_owned(), |best| {
            format!("threshold {}", significant(best, 6))
        });
        axes.say(format!(
            "Lowest: {} at {at}.",
            significant(curve.lowest(), 4)
        ));
    }
    axes.name_dots("lowest cost");
    if let Some(threshold) = options.marked() {
        axes.threshold(threshold.value());
    }
    Ok(axes.finish())
}

/// Draws the lowest normalised cost over all costs and prevalences, below those of predicting one class only.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a series.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
///
/// # References
/// Drummond and Holte, 2006, *Cost curves: an improved method for visualizing classifier performance*, Machine Learning
/// 65, 95–130.
pub fn cost_envelope_chart(
    series: &[Series<'_, CostEnvelope>],
    options: &ChartOptions,
) -> Result<Picture> {
    check_not_empty(series, "a cost envelope chart")?;
    let x = Axis {
        label: "Probability cost",
        scale: Scale::UNIT,
    };
    let y = Axis {
        label: "Lowest normalised cost",
        scale: Scale::linear(0.0, 0.5),
    };
    let mut axes = Axes::new("Cost envelope", options, x, y)?;
    say_series(&mut axes, series);
    draw_bands(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let envelope = one.curve();
        let corners = [0.0].into_iter();
        let corners = corners.chain(envelope.probability_cost_up_to().iter().copied());
        let points = corners.map(|place| Some((place, envelope.cost_at(place)?)));
        axes.line(&one.legend(), stroke_of(index), points);
    }
    axes.line(
        "one class only",
        faint(),
        pairs(&[0.0, 0.5, 1.0], &[0.0, 0.5, 0.0]),
    );
    name_marks(&mut axes, None);
    Ok(axes.finish())
}
