//! `cutpoint curve lift`, `gain` and `ks`: how well the highest scores pick the positive rows.
//!
//! It refuses to bin: every distinct score is a point.

use cutpoint_metrics::{Sweep, gain_curve, ks_curve, lift_curve};

use cutpoint_plot::{ChartOptions, Picture, gain_chart, ks_chart, lift_chart};

use super::points::{Curve, Facts, rounded, thresholds};
use super::{Common, Kind, named_curves, series};
use crate::chart::Axis;
use crate::json::Json;

/// How many times richer in positives the highest scores are than all rows
#[derive(Debug, clap::Args)]
#[command(
    long_about = "How many times richer in positives the highest scores are than all rows\n\n\
        Columns: `threshold`, `predicted_positive_rate` (the share of rows at or above the threshold), `lift` (their \
        precision over the prevalence); thresholds descend from \"predict none\".",
    after_help = "Examples:\n  \
        cutpoint curve lift scores.csv -o lift.csv"
)]
pub(super) struct LiftArgs {
    #[command(flatten)]
    common: Common,
}

impl Kind for LiftArgs {
    const NAME: &'static str = "lift";
    const X: Axis = Axis::unit("predicted_positive_rate");
    const Y: (Axis, &'static [&'static str]) = (Axis::open("lift"), &["lift"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| Ok(lift_curve(sweep)))?;
        Ok(lift_chart(&series(&curves), &ChartOptions::default())?)
    }

    fn curve(&self, sweep: &Sweep) -> cutpoint_metrics::Result<Curve> {
        let curve = lift_curve(sweep);
        Ok(Curve::default()
            .with("threshold", curve.thresholds())
            .with("predicted_positive_rate", curve.predicted_positive_rate())
            .with("lift", curve.lift()))
    }
}

/// Which share of the positives the highest scores hold (cumulative gain)
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Which share of the positives the highest scores hold (cumulative gain)\n\n\
        Columns: `threshold`, `predicted_positive_rate` (the share of rows at or above the threshold), `gain` (the \
        share of positive rows among them, recall); thresholds descend from \"predict none\".",
    after_help = "Examples:\n  \
        cutpoint curve gain scores.csv -o gain.csv"
)]
pub(super) struct GainArgs {
    #[command(flatten)]
    common: Common,
}

impl Kind for GainArgs {
    const NAME: &'static str = "gain";
    const X: Axis = Axis::unit("predicted_positive_rate");
    const Y: (Axis, &'static [&'static str]) = (Axis::unit("gain"), &["gain"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| Ok(gain_curve(sweep)))?;
        Ok(gain_chart(&series(&curves), &ChartOptions::default())?)
    }

    fn curve(&self, sweep: &Sweep) -> cutpoint_metrics::Result<Curve> {
        let curve = gain_curve(sweep);
        Ok(Curve::default()
            .with("threshold", curve.thresholds())
            .with("predicted_positive_rate", curve.predicted_positive_rate())
            .with_optional("gain", curve.gain()))
    }
}

/// How far apart the scores of the two classes are (Kolmogorov-Smirnov)
#[derive(Debug, clap::Args)]
#[command(
    long_about = "How far apart the scores of the two classes are (Kolmogorov-Smirnov)\n\n\
        Columns: `threshold`, `tpr`, `fpr`, `difference` (tpr - fpr); thresholds descend from \"predict none\". Told: \
        the largest distance, `ks`, and every threshold at which it is reached.",
    after_help = "Examples:\n  \
        cutpoint curve ks scores.csv -o ks.csv"
)]
pub(super) struct KsArgs {
    #[command(flatten)]
    common: Common,
}

impl Kind for KsArgs {
    const NAME: &'static str = "ks";
    const X: Axis = Axis::open("threshold");
    const Y: (Axis, &'static [&'static str]) = (Axis::unit("rate"), &["tpr", "fpr"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| Ok(ks_curve(sweep)))?;
        Ok(ks_chart(&series(&curves), &ChartOptions::default())?)
    }

    fn curve(&self, sweep: &Sweep) -> cutpoint_metrics::Result<Curve> {
        let curve = ks_curve(sweep);
        let tied = curve.statistic_thresholds();
        let statistic = rounded(curve.statistic());
        let facts = Facts::default()
            .key("ks", curve.statistic())
            .key("ks_thresholds", Json::list(tied.iter().copied()))
            .line(match tied {
                [] => format!("ks {statistic}"),
                tied => format!("ks {statistic} at {}", thresholds(tied)),
            });
        Ok(Curve::default()
            .with("threshold", curve.thresholds())
            .with_optional("tpr", curve.tpr())
            .with_optional("fpr", curve.fpr())
            .with_optional("difference", curve.difference())
            .facts(facts))
    }
}
