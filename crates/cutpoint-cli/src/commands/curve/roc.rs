//! `cutpoint curve roc`: true against false positive rate. Its flags and its picture.

use cutpoint_metrics::{Average, CurveKind, Intermediate, Sweep, roc_auc, roc_band, roc_curve};
use cutpoint_plot::{Band, ChartOptions, Picture, TextAxis, roc_chart};

use super::{BandArgs, Common, IntermediateArgs, Kind, Places, named_curves, series_with};
use crate::failure::Usage;

/// True against false positive rate
#[derive(Debug, clap::Args)]
#[command(
    long_about = "True against false positive rate\n\n\
        Columns: `threshold`, `fpr`, `tpr`; thresholds descend from \"predict none\". Told: the area under the curve, \
        `roc_auc`, and with `--max-fpr` the area up to there, standardised (McClish) so that 0.5 is chance and 1 is \
        perfect. With `--band`, the columns `fpr_low`, `fpr_high`, `tpr_low` and `tpr_high`, and DeLong's interval of \
        the area, `roc_auc_low` and `roc_auc_high`. Several classes: macro, weighted and micro averages of the areas \
        against the rest, and macro and weighted averages over pairs of classes (`ovo`).",
    after_help = "Examples:\n  \
        cutpoint curve roc scores.csv -o roc.csv\n  \
        cutpoint curve roc scores.csv --drop-intermediate --max-fpr 0.1\n  \
        cutpoint curve roc iris_scores.csv --average macro"
)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,

    #[command(flatten)]
    intermediate: IntermediateArgs,

    #[command(flatten)]
    band: BandArgs,

    /// Tell the area up to this false positive rate as well, in (0, 1]
    #[arg(long, value_name = "RATE", allow_negative_numbers = true, value_parser = max_fpr)]
    max_fpr: Option<f64>,

    /// Write one curve of several classes instead of one for each; of `macro` and `weighted`, the area is the average
    /// of the areas, and points have no threshold
    #[arg(long, value_enum, conflicts_with = "positive")]
    average: Option<AverageArg>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum AverageArg {
    /// The mean true positive rate of the classes at each false positive rate
    Macro,
    /// The same, each class weighing as many rows as it has
    Weighted,
    /// All decisions, row by class, as one set of rows
    Micro,
}

fn max_fpr(text: &str) -> Result<f64, String> {
    let number = text.parse::<f64>().ok();
    let number = number.filter(|rate| *rate > 0.0 && *rate <= 1.0);
    number.ok_or_else(|| "must be a number in (0, 1]".to_owned())
}

impl Kind for Args {
    const X: TextAxis<'static> = TextAxis::unit("fpr");
    const Y: (TextAxis<'static>, &'static [&'static str]) = (TextAxis::unit("tpr"), &["tpr"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, places: Places) -> Result<(), Usage> {
        if matches!(self.average, Some(AverageArg::Macro | AverageArg::Weighted)) {
            let others = [
                (self.max_fpr.is_some(), "--max-fpr"),
                (self.intermediate.drop_intermediate, "--drop-intermediate"),
            ];
            if let Some((_, flag)) = others.iter().find(|(is_given, _)| *is_given) {
                return Err(Usage::new(format_args!(
                    "`{flag}` is for one curve, and `--average macro` and `weighted` are the mean of several: leave \
                     out one of them, or take `--average micro`"
                )));
            }
        }
        self.intermediate.check(places)?;
        self.band.check(places, &self.common)
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| Ok(roc_curve(sweep, Intermediate::Keep)))?;
        let areas = sweeps.iter().map(|(_, sweep)| roc_auc(sweep));
        let notes = areas.map(|area| area.map(|area| format!("AUC {area:.3}")));
        let bands = self.band.bands(sweeps, |sweep, options| {
            let Some(band) = roc_band(sweep, options)? else {
                return Ok(None);
            };
            let (x, y) = (
                [band.fpr_low(), band.fpr_high()],
                [band.tpr_low(), band.tpr_high()],
            );
            Ok(Some(Band::of_boxes(x, y)?))
        })?;
        let series = series_with(&curves, notes, &bands);
        Ok(roc_chart(&series, &ChartOptions::default())?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::Roc {
            intermediate: self.intermediate.wanted(),
            band: self.band.band,
            max_fpr: self.max_fpr,
        }
    }

    fn average(&self) -> Option<Average> {
        Some(match self.average? {
            AverageArg::Macro => Average::Macro,
            AverageArg::Weighted => Average::Weighted,
            AverageArg::Micro => Average::Micro,
        })
    }
}
