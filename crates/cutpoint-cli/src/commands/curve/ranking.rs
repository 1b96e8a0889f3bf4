//! `cutpoint curve lift`, `gain` and `ks`: how well the highest scores pick the positive rows.
//!
//! Nothing is binned: every distinct score is a point.

use cutpoint_metrics::{CurveKind, Sweep, gain_curve, ks_curve, lift_curve};

use cutpoint_plot::{ChartOptions, Picture, TextAxis, gain_chart, ks_chart, lift_chart};

use super::{Common, Kind, named_curves, series};

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
    const X: TextAxis<'static> = TextAxis::unit("predicted_positive_rate");
    const Y: (TextAxis<'static>, &'static [&'static str]) = (TextAxis::open("lift"), &["lift"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| Ok(lift_curve(sweep)))?;
        Ok(lift_chart(&series(&curves), &ChartOptions::default())?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::Lift
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
    const X: TextAxis<'static> = TextAxis::unit("predicted_positive_rate");
    const Y: (TextAxis<'static>, &'static [&'static str]) = (TextAxis::unit("gain"), &["gain"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| Ok(gain_curve(sweep)))?;
        Ok(gain_chart(&series(&curves), &ChartOptions::default())?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::Gain
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
    const X: TextAxis<'static> = TextAxis::open("threshold");
    const Y: (TextAxis<'static>, &'static [&'static str]) =
        (TextAxis::unit("rate"), &["tpr", "fpr"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| Ok(ks_curve(sweep)))?;
        Ok(ks_chart(&series(&curves), &ChartOptions::default())?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::Ks
    }
}
