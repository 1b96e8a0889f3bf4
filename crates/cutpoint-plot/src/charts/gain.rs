//! The chart of cumulative gain curves, over the diagonal of chance.

use cutpoint_metrics::GainCurve;

use super::{
    check_not_empty, defined, draw_bands, faint, index_descending, mark, name_marks, pairs,
    say_series, stroke_of,
};
use crate::axes::{Axes, Axis};
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result, Series};

/// Draws cumulative gain curves.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a series.
/// - [`Error::Undefined`](crate::Error::Undefined) for a curve without positive rows.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn gain_chart(series: &[Series<'_, GainCurve>], options: &ChartOptions) -> Result<Picture> {
    const CHART: &str = "a gain chart";
    check_not_empty(series, CHART)?;
    let x = Axis {
        label: "Share of rows predicted positive",
        scale: Scale::UNIT,
    };
    let y = Axis {
        label: "Share of positive rows found",
        scale: Scale::UNIT,
    };
    let mut axes = Axes::new("Cumulative gain", options, x, y)?;
    say_series(&mut axes, series);
    draw_bands(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let gain = defined(curve.gain(), one, "positive rows", CHART)?;
        let rates = curve.predicted_positive_rate();
        axes.line(&one.legend(), stroke_of(index), pairs(rates, gain));
        if let Some(threshold) = options.marked()
            && let Some(at) = index_descending(curve.thresholds(), threshold)
        {
            mark(&mut axes, one.name(), threshold, (rates[at], gain[at]));
        }
    }
    axes.line("chance", faint(), pairs(&[0.0, 1.0], &[0.0, 1.0]));
    name_marks(&mut axes, options.marked());
    Ok(axes.finish())
}
