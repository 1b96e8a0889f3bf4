//! What a choice is about, against the threshold: the metric of its objective and those of its constraints, where the
//! classifier will work, how sure they are, and where the choice lies.
//!
//! It refuses to choose. Where bands come from is in `bands`.

use cutpoint_choose::{Certainty, View};
use cutpoint_core::Threshold;
use cutpoint_metrics::{Constraint, Metric, Optimum, PartialSweep, Problem};
use cutpoint_plot::{Band, ChartOptions, Picture, Series, choice_chart};

use super::bands::bands;
use super::trust::Trust;
use crate::gather::Source;

/// What is drawn.
pub(super) struct Drawing<'a> {
    pub(super) problem: &'a Problem,
    pub(super) optimum: &'a Optimum,
    pub(super) certainty: Certainty<'a>,
    pub(super) trust: &'a Trust,
}

impl Drawing<'_> {
    /// The picture, from the first pass over the file; from another one, if the rows at the choice are not known
    /// exactly.
    pub(super) fn picture(
        &self,
        view: &View<'_, Source>,
        first: &PartialSweep,
        memory: usize,
    ) -> anyhow::Result<Picture> {
        let chosen = self.optimum.threshold();
        let is_known = |threshold: &Threshold| {
            let row = first.edges().index_at(*threshold);
            first.edges().cells(row) == self.optimum.cells()
                && first.cell_bounds(*threshold).is_exact()
        };
        let again = match chosen {
            Some(threshold) if !is_known(&threshold) => {
                Some(view.sweep(memory, &[threshold, Threshold::HALF])?.partial)
            }
            _ => None,
        };
        let sweep = again.as_ref().unwrap_or(first).edges();
        let metrics = metrics(self.problem);
        let bands = bands(&metrics, sweep, self.optimum, &self.certainty, self.trust)?;
        let series = metrics.iter().zip(&bands);
        let series = series.map(|(metric, band): (_, &Option<Band>)| {
            let series = Series::new("", metric).note(self.trust.title());
            match band {
                Some(band) => series.band(band),
                None => series,
            }
        });
        let mut options = ChartOptions::default().title(format!("To {}", self.problem));
        if let Some(threshold) = chosen {
            options = options.threshold(threshold);
        }
        let series = series.collect::<Vec<_>>();
        let half = Some(Threshold::HALF);
        Ok(choice_chart(sweep, self.problem, &series, half, &options)?)
    }
}

/// The objective's metric and those of the constraints, each once.
fn metrics(problem: &Problem) -> Vec<Metric> {
    let mut metrics = vec![problem.objective().metric().clone()];
    for metric in problem.constraints().iter().map(Constraint::metric) {
        if !metrics.contains(metric) {
            metrics.push(metric.clone());
        }
    }
    metrics
}
