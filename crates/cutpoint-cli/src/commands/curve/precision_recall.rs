//! `cutpoint curve pr`: precision against recall.
//!
//! Nothing is interpolated between points.

use cutpoint_metrics::{
    Average, CurveKind, Intermediate, Sweep, average_precision, precision_recall_band,
    precision_recall_curve,
};
use cutpoint_plot::{Band, ChartOptions, Picture, TextAxis, precision_recall_chart};

use super::{BandArgs, Common, IntermediateArgs, Kind, Places, named_curves, series_with};
use crate::failure::Usage;

/// Precision against recall
#[derive(Debug, clap::Args)]
#[command(
    long_about = "Precision against recall\n\n\
        Columns: `threshold`, `precision`, `recall`; thresholds ascend, and the last point, precision 1 and recall 0, \
        belongs to none. With `--band`, the columns `precision_low`, `precision_high`, `recall_low` and `recall_high`. \
        Told: the average precision, `average_precision`; for several classes its macro, weighted and micro averages.",
    after_help = "Examples:\n  \
        cutpoint curve pr scores.csv -o pr.csv\n  \
        cutpoint curve pr scores.csv --drop-intermediate --format json"
)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,

    #[command(flatten)]
    intermediate: IntermediateArgs,

    #[command(flatten)]
    band: BandArgs,

    /// Write one curve of several classes instead of one for each
    #[arg(long, value_enum, conflicts_with = "positive")]
    average: Option<AverageArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum AverageArg {
    /// All decisions, row by class, as one set of rows
    Micro,
}

impl Kind for Args {
    const X: TextAxis<'static> = TextAxis::unit("recall");
    const Y: (TextAxis<'static>, &'static [&'static str]) =
        (TextAxis::unit("precision"), &["precision"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, places: Places) -> Result<(), Usage> {
        self.intermediate.check(places)?;
        self.band.check(places, &self.common)
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| {
            Ok(precision_recall_curve(sweep, Intermediate::Keep))
        })?;
        let areas = sweeps.iter().map(|(_, sweep)| average_precision(sweep));
        let notes = areas.map(|area| area.map(|area| format!("AP {area:.3}")));
        let bands = self.band.bands(sweeps, |sweep, options| {
            let Some(band) = precision_recall_band(sweep, options)? else {
                return Ok(None);
            };
            let (x, y) = (
                [band.recall_low(), band.recall_high()],
                [band.precision_low(), band.precision_high()],
            );
            Ok(Some(Band::of_boxes(x, y)?))
        })?;
        let series = series_with(&curves, notes, &bands);
        Ok(precision_recall_chart(&series, &ChartOptions::default())?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::PrecisionRecall {
            intermediate: self.intermediate.wanted(),
            band: self.band.band,
        }
    }

    fn average(&self) -> Option<Average> {
        self.average.map(|AverageArg::Micro| Average::Micro)
    }
}
