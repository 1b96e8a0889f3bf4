//! The pictures of the tutorial, those of the page and what moving the threshold looks like, and its report.
//!
//! Which pictures there are, and what they are called; how they look is for `cutpoint-plot`.

use std::path::Path;

use cutpoint_core::Threshold;
use cutpoint_metrics::{Intermediate, Metric, Normalize, moves, roc_auc, roc_curve};
use cutpoint_plot::{
    ChartOptions, ColorBar, HeatmapOptions, Picture, Report, ReportOptions, ReportSource, Series,
    cells_chart, distribution_chart, flow_chart, heatmap, heatmap_panels, metrics_chart, roc_chart,
};

use super::Study;

const NAMES: [&str; 2] = ["Negative", "Positive"];
const TITLE: &str = "Confusion matrix — logistic regression";

/// What `cutpoint report` makes of the scores in a file.
pub(super) fn report(study: &Study, file: &Path) -> anyhow::Result<String> {
    let model = ReportSource::new("scores.csv", &study.scores);
    let report = Report::from_sources(TITLE, &[model], &ReportOptions::default())?;
    let report = report.names(NAMES);
    Ok(report
        .read_as(0, file.display().to_string(), Vec::new())
        .page())
}

/// The pictures and the names of their files.
pub(super) fn pictures(
    tutorial: &Study,
    every_threshold: &Study,
) -> anyhow::Result<Vec<(&'static str, Picture)>> {
    let matrix = tutorial.matrix()?;
    let named = HeatmapOptions::default().names(NAMES);
    let panel = |title: &str| named.clone().title(title).color_bar(ColorBar::Hidden);
    let panels = [
        (&matrix, panel("Raw counts")),
        (
            &matrix,
            panel("Normalised by true label").normalize(Normalize::True),
        ),
    ];
    let at_half = ChartOptions::default().threshold(Threshold::HALF);
    let names = ["precision", "recall", "f1"];
    let metrics = names.map(str::parse::<Metric>);
    let metrics = metrics.into_iter().collect::<Result<Vec<_>, _>>()?;
    let metrics = metrics.iter().map(|metric| Series::new("", metric));
    let metrics = metrics.collect::<Vec<_>>();
    let roc = roc_curve(&tutorial.sweep, Intermediate::Keep);
    let area = roc_auc(&tutorial.sweep).map(|area| format!("AUC {area:.3}"));
    let roc = Series::new("logistic regression", &roc).note(area.unwrap_or_default());
    let lower = moves(&tutorial.sweep, Threshold::HALF, Threshold::new(0.3)?);
    let plain = ChartOptions::default();
    Ok(vec![
        ("matrix.svg", heatmap(&matrix, &named.clone().title(TITLE))?),
        ("panels.svg", heatmap_panels(&panels)?),
        ("cells.svg", cells_chart(&every_threshold.sweep, &plain)?),
        (
            "metrics.svg",
            metrics_chart(&tutorial.sweep, &metrics, &at_half)?,
        ),
        (
            "scores.svg",
            distribution_chart(&tutorial.sweep, NAMES, &at_half)?,
        ),
        ("roc.svg", roc_chart(&[roc], &at_half)?),
        ("flow.svg", flow_chart(&lower, &plain)?),
    ])
}
