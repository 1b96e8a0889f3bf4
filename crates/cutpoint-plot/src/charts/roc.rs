//! The chart of ROC curves, over the diagonal of chance.

use cutpoint_metrics::RocCurve;

use super::{
    check_not_empty, defined, draw_bands, faint, index_descending, mark, name_marks, pairs,
    say_series, stroke_of,
};
use crate::axes::{Axes, Axis};
use crate::scale::Scale;
use crate::{ChartOptions, Picture, Result, Series};

/// Draws ROC curves.
///
/// # Errors
/// - [`Error::Empty`](crate::Error::Empty) without a series.
/// - [`Error::Undefined`](crate::Error::Undefined) for a curve of one class.
/// - [`Error::Domain`](crate::Error::Domain) for options outside their domain.
pub fn roc_chart(series: &[Series<'_, RocCurve>], options: &ChartOptions) -> Result<Picture> {
    const CHART: &str = "a ROC chart";
    check_not_empty(series, CHART)?;
    let x = Axis {
        label: "False positive rate",
        scale: Scale::UNIT,
    };
    let y = Axis {
        label: "True positive rate",
        scale: Scale::UNIT,
    };
    let mut axes = Axes::new("ROC curve", options, x, y)?;
    say_series(&mut axes, series);
    draw_bands(&mut axes, series);
    for (index, one) in series.iter().enumerate() {
        let curve = one.curve();
        let fpr = defined(curve.fpr(), one, "negative rows", CHART)?;
        let tpr = defined(curve.tpr(), one, "positive rows", CHART)?;
        axes.line(&one.legend(), stroke_of(index), pairs(fpr, tpr));
        if let Some(threshold) = options.marked()
            && let Some(at) = index_descending(curve.thresholds(), threshold)
        {
            mark(&mut axes, one.name(), threshold, (fpr[at], tpr[at]));
        }
    }
    axes.line("chance", faint(), pairs(&[0.0, 1.0], &[0.0, 1.0]));
    name_marks(&mut axes, options.marked());
    Ok(axes.finish())
}
