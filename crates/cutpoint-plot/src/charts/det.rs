//! The chart of detection error trade-off curves, on axes of normal deviates.

use cutpoint_metrics::DetCurve;

use super::{
    check_not_empty, defined, draw_bands, index_ascending, mark, name_marks, pairs, say_series,
    stroke_of,
};
use crate::axes::{Axes, Axis};
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result, Series};

/// Draws detection error trade-off curves. Rates below 0.1 % and above 99.9 % stand on the edge.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a series.
/// - [`Error::Undefined`](crate::Error::Undefined) for a curve of one class.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
///
/// # References
/// Martin, Doddington, Kamm, Ordowski and Przybocki, 1997, *The DET curve in assessment of detection task performance*,
/// Eurospeech, 1895–1898.
pub fn det_chart(series: &[Series<'_, DetCurve>], options: &ChartOptions) -> Result<Picture> {
    const CHART: &str = "a detection error trade-off chart";
    check_not_empty(series, CHART)?;
    let x = Axis {
        label: "False positive rate",
        scale: Scale::RATES,
    };
    let y = Axis {
        label: "False negative rate",
        scale: Scale::RATES,
    };
    let mut axes = Axes::new("Detection error trade-off", options, x, y)?;
    say_series(&mut axes, series);
    draw_bands(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let fpr = defined(curve.fpr(), one, "negative rows", CHART)?;
        let fnr = defined(curve.fnr(), one, "positive rows", CHART)?;
        axes.line(&one.legend(), stroke_of(index), pairs(fpr, fnr));
        if let Some(threshold) = options.marked()
            && let Some(at) = index_ascending(curve.thresholds(), threshold)
        {
            mark(&mut axes, one.name(), threshold, (fpr[at], fnr[at]));
        }
    }
    name_marks(&mut axes, options.marked());
    Ok(axes.finish())
}
