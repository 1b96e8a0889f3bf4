//! `cutpoint curve calibration`: whether probabilities come true as often as they say.

use cutpoint_metrics::{BinStrategy, CalibrationOptions, CurveKind, Sweep, calibration_curve};

use cutpoint_plot::{ChartOptions, Picture, TextAxis, calibration_chart};

use super::{Common, Kind, Places, named_curves, series};
use crate::failure::Usage;

/// Confidence of the intervals, unless another is asked for.
const CONFIDENCE: f64 = 0.95;

/// How often probabilities come true, bin by bin
#[derive(Debug, clap::Args)]
#[command(
    long_about = "How often probabilities come true, bin by bin\n\n\
        The scores must be probabilities. Columns: `lower`, `upper` (the bin holds what is above the one and up to the \
        other), `count`, `positives`, `prob_pred` (mean probability), `prob_true` (share of positives), \
        `prob_true_low`, `prob_true_high` (its Wilson interval). Bins without rows are left out. Told: the Brier \
        score, `brier`; what it is made of (reliability - resolution + uncertainty + within-bin variance - within-bin \
        covariance); `log_loss`; and the expected calibration error. Weights count as repeated rows: scale weights \
        that are only proportions so that they sum to the number of rows.",
    after_help = "Examples:\n  \
        cutpoint curve calibration scores.csv\n  \
        cutpoint curve calibration scores.csv --bins 10 --strategy quantile --confidence 0.9 -o calibration.csv"
)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,

    /// Number of bins, in [1, 1000000]
    #[arg(long, value_name = "N", default_value_t = 5, allow_negative_numbers = true, value_parser = bins)]
    bins: usize,

    /// Where the bins end
    #[arg(long, value_enum, default_value_t)]
    strategy: StrategyArg,

    /// Confidence of the intervals, in (0, 1)
    #[arg(
        long,
        value_name = "LEVEL",
        default_value_t = CONFIDENCE,
        allow_negative_numbers = true
    )]
    confidence: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
enum StrategyArg {
    /// Bins of equal width between 0 and 1
    #[default]
    Uniform,
    /// Bins with about the same number of rows each
    Quantile,
}

fn bins(text: &str) -> Result<usize, String> {
    let number = text.parse().ok();
    let number = number.filter(|&bins| CalibrationOptions::default().n_bins(bins).check().is_ok());
    number.ok_or_else(|| "must be a whole number in [1, 1000000]".to_owned())
}

impl Args {
    fn options(&self) -> CalibrationOptions {
        CalibrationOptions::default()
            .n_bins(self.bins)
            .strategy(match self.strategy {
                StrategyArg::Uniform => BinStrategy::Uniform,
                StrategyArg::Quantile => BinStrategy::Quantile,
            })
            .confidence(self.confidence)
    }
}

impl Kind for Args {
    const X: TextAxis<'static> = TextAxis::unit("prob_pred");
    const Y: (TextAxis<'static>, &'static [&'static str]) =
        (TextAxis::unit("prob_true"), &["prob_true"]);

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, places: Places) -> Result<(), Usage> {
        let has_intervals = places.has_points || places.has_picture;
        if self.confidence.to_bits() != CONFIDENCE.to_bits() && !has_intervals {
            return Err(Places::nowhere("--confidence"));
        }
        self.options().check().map_err(Usage::new)
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let curves = named_curves(sweeps, |sweep| calibration_curve(sweep, &self.options()))?;
        Ok(calibration_chart(
            &series(&curves),
            &ChartOptions::default(),
        )?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::Calibration(self.options())
    }
}
