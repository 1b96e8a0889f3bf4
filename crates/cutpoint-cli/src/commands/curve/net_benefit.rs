//! `cutpoint curve net-benefit`: what acting on the scores is worth, at each chance from which one would act.
//!
//! Scores must be probabilities.

use cutpoint_metrics::{CurveKind, DecimalProbability, Sweep, net_benefit_curve, probability_grid};

use cutpoint_plot::{ChartOptions, Picture, TextAxis, net_benefit_chart};

use super::{Common, Kind, Places, named_curves, series};
use crate::failure::Usage;

/// What acting on the scores is worth, against acting always and never (decision curve)
#[derive(Debug, clap::Args)]
#[command(
    long_about = "What acting on the scores is worth, against acting always and never (decision curve)\n\n\
        The scores must be probabilities. A threshold is the chance of being positive from which one would act; it \
        says how many false positives a true one is worth. Columns: `threshold`, `net_benefit` (of acting where the \
        score reaches the threshold, in true positives a row), `treat_all`, `treat_none`, `standardized` (net benefit \
        over prevalence).",
    after_help = "Examples:\n  \
        cutpoint curve net-benefit scores.csv -o decision.csv\n  \
        cutpoint curve net-benefit scores.csv --from 0.05 --to 0.3 --step 0.05\n  \
        cutpoint curve net-benefit scores.csv --thresholds 0.1,0.2"
)]
pub(super) struct Args {
    #[command(flatten)]
    common: Common,

    /// The first threshold, in [0, 1)
    #[arg(long, value_name = "P", default_value = "0.01", allow_negative_numbers = true, value_parser = decimal)]
    from: DecimalProbability,

    /// The last threshold, in [0, 1)
    #[arg(long, value_name = "P", default_value = "0.99", allow_negative_numbers = true, value_parser = decimal)]
    to: DecimalProbability,

    /// From one threshold to the next, in (0, 1); at most 1000000 thresholds
    #[arg(long, value_name = "P", default_value = "0.01", allow_negative_numbers = true, value_parser = decimal)]
    step: DecimalProbability,

    /// These thresholds and no others, each in [0, 1)
    #[arg(
        long,
        value_name = "LIST",
        value_delimiter = ',',
        allow_negative_numbers = true,
        conflicts_with_all = ["from", "to", "step"]
    )]
    thresholds: Option<Vec<f64>>,
}

fn decimal(text: &str) -> Result<DecimalProbability, String> {
    text.parse().map_err(|_| {
        format!(
            "must be a number in [0, 1) with at most {} digits after the decimal point",
            DecimalProbability::MOST_PLACES
        )
    })
}

impl Args {
    /// The thresholds, or what is wrong with them.
    fn grid(&self) -> Result<Vec<f64>, Usage> {
        if let Some(thresholds) = &self.thresholds {
            return match thresholds.iter().find(|value| !(0.0..1.0).contains(*value)) {
                Some(value) => Err(Usage::new(format_args!(
                    "`--thresholds` must be in [0, 1), got {value}"
                ))),
                None => Ok(thresholds.clone()),
            };
        }
        probability_grid(self.from, self.to, self.step).map_err(|error| {
            let flags = ["from", "to", "step"].into_iter();
            Usage::new(flags.fold(error.to_string(), |message, name| {
                message.replace(&format!("`{name}`"), &format!("`--{name}`"))
            }))
        })
    }
}

impl Kind for Args {
    const X: TextAxis<'static> = TextAxis::open("threshold");
    const Y: (TextAxis<'static>, &'static [&'static str]) = (
        TextAxis::mostly_positive("net benefit"),
        &["net_benefit", "treat_all", "treat_none"],
    );

    fn common(&self) -> &Common {
        &self.common
    }

    fn check(&self, _places: Places) -> Result<(), Usage> {
        self.grid().map(drop)
    }

    fn chart(&self, sweeps: &[(String, &Sweep)]) -> anyhow::Result<Picture> {
        let thresholds = self.grid().expect("checked before");
        let curves = named_curves(sweeps, |sweep| net_benefit_curve(sweep, &thresholds))?;
        Ok(net_benefit_chart(
            &series(&curves),
            &ChartOptions::default(),
        )?)
    }

    fn kind(&self) -> CurveKind {
        CurveKind::NetBenefit(self.grid().expect("checked before"))
    }
}
