//! Pictures of confusion matrices, sweeps and curves: SVG text and PNG bytes that are the same on every machine.
//!
//! Charts take views that `cutpoint-metrics` computed and do no arithmetic of their own but that of coordinates. This
//! crate opens no file, looks for no font and reads no clock; a [`Picture`] is text and bytes, which the caller keeps.
//!
//! | function | picture |
//! |---|---|
//! | [`heatmap`], [`heatmap_panels`] | confusion matrices |
//! | [`cells_chart`], [`metrics_chart`] | the four counts, and any metrics, against the threshold |
//! | [`choice_chart`] | a choice: its objective and its constraints against the threshold |
//! | [`roc_chart`], [`precision_recall_chart`], [`det_chart`] | trade-offs between two rates |
//! | [`lift_chart`], [`gain_chart`], [`ks_chart`] | rankings |
//! | [`calibration_chart`], [`net_benefit_chart`], [`cost_chart`], [`cost_envelope_chart`] | probabilities and costs |
//! | [`distribution_chart`] | the scores of the two classes |
//! | [`flow_chart`] | what moves between two thresholds |
//!
//! Behind the feature `terminal`, off by default, `text_chart`, `text_matrix` and `text_cells` draw with characters;
//! they are told what a terminal can show.
//!
//! A [`Report`] is no picture but a page, of which the reader moves the threshold.

mod axes;
mod canvas;
mod charts;
mod color;
mod error;
mod font;
mod heatmap;
mod legend;
mod number;
mod options;
mod picture;
mod report;
mod scale;
mod sizes;
#[cfg(feature = "terminal")]
mod terminal;
#[cfg(feature = "terminal")]
mod text_chart;
#[cfg(feature = "terminal")]
mod text_matrix;
mod thin;

pub use charts::{
    calibration_chart, cells_chart, choice_chart, cost_chart, cost_envelope_chart, det_chart,
    distribution_chart, flow_chart, gain_chart, ks_chart, lift_chart, metrics_chart,
    net_benefit_chart, precision_recall_chart, roc_chart,
};
pub use color::heat_colors;
pub use error::{Error, Result};
pub use heatmap::{CellText, ColorBar, HeatmapOptions, heatmap, heatmap_panels};
pub use options::{Band, ChartOptions, Series};
pub use picture::Picture;
pub use report::{Report, ReportError, ReportModel, ReportOptions, ReportSource};
#[cfg(feature = "terminal")]
pub use terminal::{Terminal, TerminalColors};
#[cfg(feature = "terminal")]
pub use text_chart::{TextAxis, TextChart, TextLine, text_chart};
#[cfg(feature = "terminal")]
pub use text_matrix::{TextMatrix, text_cells, text_matrix};
