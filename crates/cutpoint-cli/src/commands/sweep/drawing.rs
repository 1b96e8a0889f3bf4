//! A sweep drawn against the threshold: as a picture, and as a chart of characters.
//!
//! Several groups do not fit on one picture.

use cutpoint_metrics::{Cells, Metric, Sweep};
use cutpoint_plot::{ChartOptions, Picture, Series, cells_chart, metrics_chart};

use super::Drawn;
use super::parts::{Part, Parts};
use crate::chart::{Axis, Chart, Line};
use crate::console::Console;
use crate::failure::Usage;

/// A cell of the four.
type Cell = fn(&Cells) -> f64;

/// What is drawn of a sweep.
pub(super) struct Drawing<'a> {
    drawn: Drawn,
    metrics: &'a [Metric],
}

impl<'a> Drawing<'a> {
    pub(super) fn new(drawn: Drawn, metrics: &'a [Metric]) -> Self {
        Self { drawn, metrics }
    }

    /// Refuses to draw no metric at all, and to know what to draw but not where.
    pub(super) fn check(&self, is_wanted: bool) -> Result<(), Usage> {
        if !is_wanted && self.drawn != Drawn::default() {
            return Err(Usage::new(
                "`--draw` needs somewhere to draw: `--chart`, or `--plot FILE`",
            ));
        }
        if self.drawn == Drawn::Metrics && self.metrics.is_empty() {
            return Err(Usage::new(
                "`--draw metrics` needs a metric: name some with `--metrics`",
            ));
        }
        Ok(())
    }

    /// The picture of the only part.
    pub(super) fn picture(&self, parts: &Parts) -> anyhow::Result<Picture> {
        let sweep = parts.whole().edges();
        let options = ChartOptions::default();
        Ok(match self.drawn {
            Drawn::Cells => cells_chart(sweep, &options)?,
            Drawn::Metrics => {
                let series = self.metrics.iter().map(|metric| Series::new("", metric));
                metrics_chart(sweep, &series.collect::<Vec<_>>(), &options)?
            }
        })
    }

    /// A chart of each part.
    pub(super) fn print(&self, parts: &Parts, console: &mut Console) -> anyhow::Result<()> {
        for part in &parts.parts {
            self.chart(part).print(console)?;
        }
        Ok(())
    }

    fn chart(&self, part: &Part) -> Chart {
        let sweep = part.partial.edges();
        let (what, y, lines) = match self.drawn {
            Drawn::Cells => {
                let unit = if sweep.is_weighted() {
                    "weight"
                } else {
                    "rows"
                };
                let cells: [(&str, Cell); 4] = [
                    ("tn", Cells::tn),
                    ("fp", Cells::fp),
                    ("fn", Cells::fn_),
                    ("tp", Cells::tp),
                ];
                let lines = cells.map(|(name, cell)| line(name, sweep, |cells| Some(cell(cells))));
                ("cells", Axis::from_zero(unit), lines.into())
            }
            Drawn::Metrics => {
                let lines = self.metrics.iter();
                let lines =
                    lines.map(|metric| line(metric.name(), sweep, |cells| metric.value(cells)));
                let ranges = self.metrics.iter().map(Metric::range);
                let is_unit = ranges
                    .into_iter()
                    .all(|range| range.low() >= 0.0 && range.high() <= 1.0);
                let axis = if is_unit {
                    Axis::unit("value")
                } else {
                    Axis::open("value")
                };
                ("metrics", axis, lines.collect())
            }
        };
        Chart {
            title: match &part.group {
                Some(group) => format!("{what} of group {group}"),
                None => what.to_owned(),
            },
            x: Axis::open("threshold"),
            y,
            lines,
        }
    }
}

/// A value at every threshold, in steps: the cells are those of a score from the next lower one, exclusive, on.
fn line(name: &str, sweep: &Sweep, value: impl Fn(&Cells) -> Option<f64>) -> Line {
    let thresholds = sweep.thresholds();
    let points = thresholds.iter().enumerate().flat_map(|(index, &here)| {
        let value = value(&sweep.cells(index + 1));
        let lower = thresholds.get(index + 1).copied().unwrap_or(here);
        [here, lower]
            .into_iter()
            .filter_map(move |x| Some((x, value?)))
    });
    Line {
        name: name.to_owned(),
        points: points.collect(),
    }
}
