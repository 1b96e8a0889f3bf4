//! `cutpoint curve net-benefit`: what acting on the scores is worth, at each chance from which one would act.
//!
//! It refuses scores that are no probabilities.

use cutpoint_metrics::{Sweep, net_benefit_curve};

use cutpoint_plot::{ChartOptions, Picture, net_benefit_chart};

use super::points::{Curve, Values};
use super::{Common, Kind, Places, named_curves, series};
use crate::chart::Axis;
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
    from: Decimal,

    /// The last threshold, in [0, 1)
    #[arg(long, value_name = "P", default_value = "0.99", allow_negative_numbers = true, value_parser = decimal)]
    to: Decimal,

    /// From one threshold to the next, in (0, 1); at most 1000000 thresholds
    #[arg(long, value_name = "P", default_value = "0.01", allow_negative_numbers = true, value_parser = decimal)]
    step: Decimal,

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

/// A number as it was typed: `digits / 10^places`. Multiples of 0.01 are exact as such, and as doubles they are not: 7
/// times 0.01 is more than 0.07, and a score of 0.07 would not reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Decimal {
    digits: i64,
    places: u32,
}

/// Places behind the point that a number may have, so that a double holds the digits and the power of ten.
const MOST_PLACES: u32 = 12;

fn decimal(text: &str) -> Result<Decimal, String> {
    let expected =
        || format!("must be a number in [0, 1) with at most {MOST_PLACES} digits behind the point");
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let is_plain = [whole, fraction]
        .iter()
        .all(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
    let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
    let is_zero = whole.bytes().all(|digit| digit == b'0');
    if !is_plain || !is_zero || whole.len() + fraction.len() == 0 || places > MOST_PLACES {
        return Err(expected());
    }
    let digits = format!("0{fraction}").parse().map_err(|_| expected())?;
    Ok(Decimal { digits, places })
}

impl Decimal {
    /// The digits with so many places behind the point, no fewer than it has.
    fn scaled(self, places: u32) -> i64 {
        self.digits * 10_i64.pow(places - self.places)
    }
}

/// Most thresholds of a grid.
const MOST_THRESHOLDS: i64 = 1_000_000;

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
        let numbers = [self.from, self.to, self.step];
        let places = numbers
            .iter()
            .map(|number| number.places)
            .max()
            .unwrap_or_default();
        let [from, to, step] = numbers.map(|number| number.scaled(places));
        if step == 0 {
            return Err(Usage::new("`--step` must be in (0, 1), got 0"));
        }
        if to < from {
            return Err(Usage::new("`--to` must be at least `--from`"));
        }
        let last = (to - from) / step;
        if last >= MOST_THRESHOLDS {
            return Err(Usage::new(format_args!(
                "`--from`, `--to` and `--step` must give at most {MOST_THRESHOLDS} thresholds, got {}",
                last + 1
            )));
        }
        // A quotient of two whole numbers is rounded once, to the double that the decimal is read as.
        let unit = 10_i64.pow(places) as f64;
        Ok((0..=last)
            .map(|index| (from + index * step) as f64 / unit)
            .collect())
    }
}

impl Kind for Args {
    const NAME: &'static str = "net-benefit";
    const X: Axis = Axis::open("threshold");
    const Y: (Axis, &'static [&'static str]) = (
        Axis::mostly_positive("net benefit"),
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

    fn curve(&self, sweep: &Sweep) -> cutpoint_metrics::Result<Curve> {
        let thresholds = self.grid().expect("checked before");
        let curve = net_benefit_curve(sweep, &thresholds)?;
        let none = vec![Some(0.0); thresholds.len()];
        Ok(Curve::default()
            .with("threshold", curve.threshold_probabilities())
            .with("net_benefit", curve.model())
            .with("treat_all", curve.treat_all())
            .with("treat_none", Values::Numbers(none))
            .with_optional("standardized", curve.standardized()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_as_typed() {
        let read = |text| decimal(text).map(|number| (number.digits, number.places));
        assert_eq!(read("0.07"), Ok((7, 2)));
        assert_eq!(read(".070"), Ok((70, 3)));
        assert_eq!(read("0"), Ok((0, 0)));
        assert_eq!(read("0."), Ok((0, 0)));
        for text in [
            "",
            ".",
            "1",
            "1.0",
            "-0.1",
            "0.1e-3",
            "nan",
            "0.0000000000001",
            "0,1",
            "+0.1",
        ] {
            assert!(decimal(text).is_err(), "{text}");
        }
    }
}
