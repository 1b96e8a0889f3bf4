//! The Kolmogorov-Smirnov chart: both classes' shares against the threshold, and where they are farthest apart.

use cutpoint_metrics::KsCurve;

use super::{LINE_WIDTH, check_not_empty, defined, say_series, steps, threshold_scale};
use crate::axes::{Axes, Axis};
use crate::canvas::Stroke;
use crate::color::{Color, of_series};
use crate::number::significant;
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result, Series};

/// Draws Kolmogorov-Smirnov curves: positive rows solid, negative rows dashed, the largest distance black.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a series.
/// - [`Error::Undefined`](crate::Error::Undefined) for a curve of one class.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn ks_chart(series: &[Series<'_, KsCurve>], options: &ChartOptions) -> Result<Picture> {
    const CHART: &str = "a Kolmogorov-Smirnov chart";
    check_not_empty(series, CHART)?;
    let scale = threshold_scale(series.iter().map(|one| one.curve().thresholds()));
    let x = Axis {
        label: "Threshold",
        scale,
    };
    let y = Axis {
        label: "Share of rows at or above it",
        scale: Scale::UNIT,
    };
    let mut axes = Axes::new("Kolmogorov-Smirnov curve", options, x, y)?;
    say_series(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let thresholds = curve.thresholds();
        let tpr = defined(curve.tpr(), one, "positive rows", CHART)?;
        let fpr = defined(curve.fpr(), one, "negative rows", CHART)?;
        // A single model has a colour for each class, several have one each.
        let colors = match series.len() {
            1 => [Color::BLUE, Color::VERMILION],
            _ => [of_series(index); 2],
        };
        let name = one.legend();
        let name = if name.is_empty() {
            name
        } else {
            format!("{name}: ")
        };
        for ((column, class), (color, dash)) in [(tpr, "positive rows"), (fpr, "negative rows")]
            .into_iter()
            .zip(colors.into_iter().zip(["", "7 3"]))
        {
            let stroke = Stroke {
                color,
                width: LINE_WIDTH,
                dash,
            };
            let points = steps(
                thresholds.len(),
                |row| thresholds[row],
                |row| Some(column[row]),
                scale,
            );
            axes.line(&format!("{name}{class}"), stroke, points);
        }
        let widest = curve.statistic_thresholds().first();
        if let (Some(statistic), Some(&widest)) = (curve.statistic(), widest)
            && let Some(row) = thresholds.iter().position(|&threshold| threshold == widest)
        {
            let at = widest.unwrap_or(scale.high());
            let words = format!(
                "{name}KS {} at {}",
                significant(statistic, 3),
                significant(at, 4)
            );
            let stroke = Stroke {
                color: Color::BLACK,
                width: 1.6,
                dash: "2 2",
            };
            axes.line(&words, stroke, [Some((at, fpr[row])), Some((at, tpr[row]))]);
            axes.say(format!("{words}."));
        }
    }
    if let Some(threshold) = options.marked() {
        axes.threshold(threshold.value());
    }
    Ok(axes.finish())
}
