//! `cutpoint curve det`: false negative against false positive rate.
//!
//! The points are the rates themselves; the picture stretches the axes.

use cutpoint_metrics::{CurveKind, Intermediate, Sweep, det_curve};
use cutpoint_plot::{ChartOptions, Picture, TextAxis, det_chart};

use super::{Common, IntermediateArgs, Kind, Places, named_curves, series};
use crate::failure::Usage;

/// False negative against false positive rate (detection error trade-off)
#[derive(Debug, clap::Args)]
#[command(
    long_about = "False negative against false positive rate (detection error trade-off)\n\n\
        Columns: `threshold`, `fpr`, `fnr`; thresholds ascend. The curve begins at the highest threshold without false \
        negatives and ends at the lowest one without false positives.",
    after_help = "Examples:\n  \
        cutpoint curve det scores.csv -o det.csv"
)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,

    #[command(flatten)]
    intermediate: IntermediateArgs,
}

impl Kind for Args {
    const X: TextAxis<'static> = TextAxis::unit("fpr");
    const Y: (TextAxis<'static>, &'static [&'static str]) = (TextAxis::unit("fnr"), &["fnr"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, places: Places) -> Result<(), Usage> {
        self.intermediate.check(places)
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| Ok(det_curve(sweep, Intermediate::Keep)))?;
        Ok(det_chart(&series(&curves), &ChartOptions::default())?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::Det {
            intermediate: self.intermediate.wanted(),
        }
    }
}
