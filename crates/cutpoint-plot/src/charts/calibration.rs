//! The calibration chart: how often probabilities come true, and below it how many rows each bin has.

use cutpoint_metrics::CalibrationCurve;

use super::{check_not_empty, faint, pairs, say_series, stroke_of};
use crate::axes::{Axes, Axis};
use crate::canvas::{Anchor, PathData, Rect, Stroke, TextStyle};
use crate::color::{Color, of_series};
use crate::font::Font;
use crate::number::{amount, significant};
use crate::scale::Scale;
use crate::sizes::TICK_SIZE;
use crate::{ChartOptions, Picture, Result, Series};

/// Height of the histogram and of the gap above it.
const HISTOGRAM: f64 = 84.0;
const GAP: f64 = 14.0;

/// Draws calibration curves with the intervals of their bins, and histograms of the bins below them.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a series.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn calibration_chart(
    series: &[Series<'_, CalibrationCurve>],
    options: &ChartOptions,
) -> Result<Picture> {
    check_not_empty(series, "a calibration chart")?;
    let x = Axis {
        label: "Mean predicted probability",
        scale: Scale::UNIT,
    };
    let y = Axis {
        label: "Share of positive rows",
        scale: Scale::UNIT,
    };
    let mut axes = Axes::with_strip("Calibration curve", options, x, y, HISTOGRAM + GAP)?;
    say_series(&mut axes, series);
    axes.line(
        "perfectly calibrated",
        faint(),
        pairs(&[0.0, 1.0], &[0.0, 1.0]),
    );
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let color = of_series(index);
        draw_intervals(&mut axes, curve, color);
        axes.line(
            &one.legend(),
            stroke_of(index),
            pairs(curve.prob_pred(), curve.prob_true()),
        );
        for (&x, &y) in curve.prob_pred().iter().zip(curve.prob_true()) {
            let (x, y) = axes.point(x, y);
            axes.canvas
                .circle(x, y, 4.0, color, Stroke::solid(Color::WHITE, 1.0));
        }
        axes.say(format!(
            "{}expected calibration error {}.",
            if one.name().is_empty() {
                String::new()
            } else {
                format!("{}: ", one.name())
            },
            significant(curve.expected_calibration_error(), 3)
        ));
    }
    draw_histogram(&mut axes, series);
    if let Some(threshold) = options.marked() {
        axes.threshold(threshold.value());
    }
    Ok(axes.finish())
}

fn draw_intervals(axes: &mut Axes, curve: &CalibrationCurve, color: Color) {
    let ends = curve.prob_true_low().iter().zip(curve.prob_true_high());
    for (&place, (&low, &high)) in curve.prob_pred().iter().zip(ends) {
        let stroke = Stroke::solid(color, 1.2);
        let (bottom, top) = (axes.point(place, low), axes.point(place, high));
        axes.canvas.line(bottom, top, stroke);
        for (x, y) in [bottom, top] {
            axes.canvas.line((x - 3.5, y), (x + 3.5, y), stroke);
        }
    }
}

/// How many rows the bins have, one outline a series.
fn draw_histogram(axes: &mut Axes, series: &[Series<'_, CalibrationCurve>]) {
    let chart = axes.area();
    let area = Rect {
        y: chart.bottom() + GAP,
        height: HISTOGRAM,
        ..chart
    };
    let counts = series.iter().flat_map(|one| one.curve().count());
    let most = counts.copied().fold(0.0, f64::max);
    let scale = Scale::linear(0.0, most * 1.08);
    let height = |count: f64| scale.place(count) * area.height;
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let bins = curve.lower().iter().zip(curve.upper()).zip(curve.count());
        for ((&lower, &upper), &count) in bins {
            let (left, right) = (axes.point(lower, 0.0).0, axes.point(upper, 0.0).0);
            let top = area.bottom() - height(count);
            let mut outline = PathData::default();
            for point in [
                (left, area.bottom()),
                (left, top),
                (right, top),
                (right, area.bottom()),
            ] {
                outline.push(point);
            }
            axes.canvas.area(&outline, of_series(index), 0.25);
            axes.canvas
                .path(&outline, Stroke::solid(of_series(index), 1.2));
        }
    }
    axes.canvas.frame(area, Stroke::solid(Color::INK, 1.0));
    let style = TextStyle::new(TICK_SIZE, Anchor::End);
    for count in [0.0, most] {
        let y = area.bottom() - height(count);
        let base = y + TICK_SIZE * Font::CAP_HEIGHT / 2.0;
        axes.canvas.line(
            (area.x - 4.0, y),
            (area.x, y),
            Stroke::solid(Color::INK, 1.0),
        );
        axes.canvas.text(area.x - 8.0, base, &amount(count), style);
    }
    let words = TextStyle::new(TICK_SIZE, Anchor::Middle).turn(-90.0);
    let middle = area.y + area.height / 2.0;
    axes.canvas
        .text(crate::sizes::MARGIN + TICK_SIZE, middle, "Rows", words);
}
