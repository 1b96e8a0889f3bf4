//! The chart of precision-recall curves, over the precision of chance.

use cutpoint_metrics::PrecisionRecallCurve;

use super::{
    check_not_empty, defined, draw_bands, faint, index_ascending, mark, name_marks, pairs,
    say_series, stroke_of,
};
use crate::axes::{Axes, Axis};
use crate::number::significant;
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result, Series};

/// Draws precision-recall curves, in steps: between two points of the curve no threshold lies on the straight line.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a series.
/// - [`Error::Undefined`](crate::Error::Undefined) for a curve without positive rows.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn precision_recall_chart(
    series: &[Series<'_, PrecisionRecallCurve>],
    options: &ChartOptions,
) -> Result<Picture> {
    const CHART: &str = "a precision-recall chart";
    check_not_empty(series, CHART)?;
    let x = Axis {
        label: "Recall",
        scale: Scale::UNIT,
    };
    let y = Axis {
        label: "Precision",
        scale: Scale::UNIT,
    };
    let mut axes = Axes::new("Precision-recall curve", options, x, y)?;
    say_series(&mut axes, series);
    draw_bands(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let recall = defined(curve.recall(), one, "positive rows", CHART)?;
        let precision = curve.precision();
        let points = recall.iter().zip(precision).enumerate();
        let points = points.flat_map(|(at, (&recall_here, &precision_here))| {
            let next = recall.get(at + 1).copied().unwrap_or(recall_here);
            [
                Some((recall_here, precision_here)),
                Some((next, precision_here)),
            ]
        });
        axes.line(&one.legend(), stroke_of(index), points);
        if let Some(threshold) = options.marked()
            && let Some(at) = index_ascending(curve.thresholds(), threshold)
        {
            mark(
                &mut axes,
                one.name(),
                threshold,
                (recall[at], precision[at]),
            );
        }
    }
    if let Some(prevalence) = common_prevalence(series) {
        let name = format!("chance (prevalence {})", significant(prevalence, 3));
        axes.line(
            &name,
            faint(),
            pairs(&[0.0, 1.0], &[prevalence, prevalence]),
        );
    }
    name_marks(&mut axes, options.marked());
    Ok(axes.finish())
}

/// The precision of predicting everything positive, which is the first point of a curve, if it is one for all.
fn common_prevalence(series: &[Series<'_, PrecisionRecallCurve>]) -> Option<f64> {
    let mut prevalences = series
        .iter()
        .filter_map(|one| one.curve().precision().first().copied());
    let first = prevalences.next()?;
    prevalences
        .all(|other| (other - first).abs() < 1e-9)
        .then_some(first)
}
