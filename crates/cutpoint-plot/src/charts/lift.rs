//! The chart of lift curves, over the lift of chance.

use cutpoint_metrics::LiftCurve;

use super::{
    check_not_empty, draw_bands, faint, index_descending, mark, name_marks, pairs, say_series,
    stroke_of,
};
use crate::axes::{Axes, Axis};
use crate::scale::Scale;
use crate::{ChartOptions, Error, Picture, Result, Series};

/// Draws lift curves.
///
/// # Errors
/// - [`Error::Empty`] without a series.
/// - [`Error::Undefined`] for a curve without positive rows.
/// - [`Error::Domain`] for options outside their domain.
pub fn lift_chart(series: &[Series<'_, LiftCurve>], options: &ChartOptions) -> Result<Picture> {
    const CHART: &str = "a lift chart";
    check_not_empty(series, CHART)?;
    let mut highest = 1.0_f64;
    for one in series {
        let known = one.curve().lift().iter().flatten();
        let most = known.copied().reduce(f64::max);
        highest = highest.max(most.ok_or_else(|| Error::Undefined {
            series: one.name().to_owned(),
            needs: "positive rows",
            chart: CHART,
        })?);
    }
    let x = Axis {
        label: "Share of rows predicted positive",
        scale: Scale::UNIT,
    };
    let y = Axis {
        label: "Lift",
        scale: Scale::linear(0.0, highest * 1.05),
    };
    let mut axes = Axes::new("Lift curve", options, x, y)?;
    say_series(&mut axes, series);
    draw_bands(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let rates = curve.predicted_positive_rate();
        let points = rates.iter().zip(curve.lift());
        let points = points.map(|(&rate, lift)| lift.map(|lift| (rate, lift)));
        axes.line(&one.legend(), stroke_of(index), points);
        if let Some(threshold) = options.marked()
            && let Some(at) = index_descending(curve.thresholds(), threshold)
            && let Some(lift) = curve.lift()[at]
        {
            mark(&mut axes, one.name(), threshold, (rates[at], lift));
        }
    }
    axes.line("chance", faint(), pairs(&[0.0, 1.0], &[1.0, 1.0]));
    name_marks(&mut axes, options.marked());
    Ok(axes.finish())
}
