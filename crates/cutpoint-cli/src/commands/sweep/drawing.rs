//! A sweep drawn against the threshold: as a picture, and as a chart of characters.
//!
//! Several groups do not fit on one picture.

use std::fmt::Write as _;

use cutpoint_files::{SweepPart, SweepParts};
use cutpoint_metrics::Metric;
use cutpoint_plot::{ChartOptions, Picture, Series, TextChart, cells_chart, metrics_chart};

use super::Drawn;
use crate::console::Console;
use crate::failure::Usage;

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
    pub(super) fn picture(&self, parts: &SweepParts) -> anyhow::Result<Picture> {
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
    pub(super) fn print(&self, parts: &SweepParts, console: &mut Console) -> anyhow::Result<()> {
        for part in &parts.parts {
            console.chart(self.chart(part))?;
        }
        Ok(())
    }

    fn chart(&self, part: &SweepPart) -> TextChart<'static> {
        let sweep = part.partial.edges();
        let mut chart = match self.drawn {
            Drawn::Cells => TextChart::of_cells(sweep),
            Drawn::Metrics => TextChart::of_metrics(sweep, self.metrics),
        };
        if let Some(group) = &part.group {
            write!(chart.title, " of group {group}").expect("a String takes all text");
        }
        chart
    }
}
