//! How sure a choice is: the flags that ask for it, and its words.

use std::path::PathBuf;

use cutpoint_choose::{
    ChoiceConfidence, ChoiceDoubt, Confidence, ConfidenceOptions, Decision, Folds, Validation,
};
use cutpoint_core::{Threshold, counted};
use cutpoint_metrics::{Constraint, Direction, Metric, Objective, ProportionInterval, Resampling};

use super::text::{number, shown};
use crate::args::replicates;
use crate::failure::Usage;

/// How often intervals hold the truth, unless they shall otherwise.
pub(super) const CONFIDENCE: f64 = 0.95;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct ConfidenceArgs {
    /// Bootstrap resamples, in [1, 10000000]: intervals for every metric, for the threshold itself, and how much too
    /// good the choice looks (optimism). Rows with weights or amounts are drawn with them, each as likely as any other:
    /// weights that only count rows make intervals too wide [default: intervals by formula for rates and, with
    /// `--prevalence`, for all that moves with it, and none for the rest]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = replicates)]
    pub(super) bootstrap: Option<usize>,

    /// Draw as many rows of either class as there are [default: as many rows in all]
    #[arg(long, requires = "bootstrap")]
    pub(super) stratified: bool,

    /// Seed of the random numbers: a whole number in [0, 18446744073709551615]; with `--cv` in [0, 4294967295], as
    /// scikit-learn's `random_state` is
    #[arg(long, value_name = "SEED", default_value_t = 0)]
    pub(super) random_state: u64,

    /// How often intervals shall hold the truth, in (0, 1)
    #[arg(
        long,
        value_name = "C",
        default_value_t = CONFIDENCE,
        allow_negative_numbers = true
    )]
    pub(super) confidence: f64,

    /// Which interval rates have by formula
    #[arg(long, value_enum, default_value_t)]
    pub(super) interval: Formula,

    /// Measure the choice on the rows of this file, which are held out from it; columns as in the first, those of
    /// amounts in `--cost` among them. A cost by amounts has a normal interval, by the variance of what rows cost
    #[arg(long, value_name = "FILE", conflicts_with = "cv")]
    pub(super) validate: Option<PathBuf>,

    /// Choose on all but one of so many folds, in [2, 1000], and measure on that one, in turn; the folds are
    /// those of scikit-learn's `StratifiedKFold(K, shuffle=True, random_state=S)`, S being `--random-state`. Where
    /// constraints are of counts or costs, as many rows as a choice is made on have their part of each bound
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = folds)]
    pub(super) cv: Option<u16>,
}

fn folds(text: &str) -> Result<u16, String> {
    let number = text
        .parse()
        .ok()
        .filter(|number| (2..=1000).contains(number));
    number.ok_or_else(|| "must be a whole number in [2, 1000]".to_owned())
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, clap::ValueEnum)]
pub(super) enum Formula {
    /// Wilson's score interval
    #[default]
    Wilson,
    /// The exact interval of Clopper and Pearson, which is wider
    ClopperPearson,
}

impl Formula {
    fn formula(self) -> ProportionInterval {
        match self {
            Self::Wilson => ProportionInterval::Wilson,
            Self::ClopperPearson => ProportionInterval::ClopperPearson,
        }
    }
}

impl ConfidenceArgs {
    /// Refuses flags that cannot be right, whatever is in the file.
    pub(super) fn check(&self) -> Result<(), Usage> {
        self.options().check().map_err(Usage::new)?;
        let most = u64::from(u32::MAX);
        if self.cv.is_some() && self.random_state > most {
            return Err(Usage::new(format_args!(
                "`--random-state` must be in [0, {most}] with `--cv`, got {}",
                self.random_state
            )));
        }
        self.folds()
            .map_or(Ok(()), |folds| folds.check())
            .map_err(Usage::new)
    }

    pub(super) fn options(&self) -> ConfidenceOptions {
        ConfidenceOptions {
            confidence: self.confidence,
            formula: self.interval.formula(),
            bootstrap: self.bootstrap,
            resampling: if self.stratified {
                Resampling::ByClass
            } else {
                Resampling::Rows
            },
            random_state: self.random_state,
        }
    }

    pub(super) fn folds(&self) -> Option<Folds> {
        self.cv.map(|n_folds| Folds {
            n_folds: usize::from(n_folds),
            random_state: self.random_state,
        })
    }
}

/// What makes a choice doubtful, in words.
pub(super) fn warnings(decision: &Decision) -> Vec<String> {
    let doubts = decision.doubts().into_iter();
    doubts
        .filter_map(|doubt| warning(&doubt, decision))
        .collect()
}

fn warning(doubt: &ChoiceDoubt, decision: &Decision) -> Option<String> {
    Some(match doubt {
        ChoiceDoubt::AgainstDirection(direction) => format!(
            "{} values of `{}` are better, and the worst threshold was asked for",
            match direction {
                Direction::Lower => "lower",
                _ => "higher",
            },
            decision.problem.objective().metric()
        ),
        ChoiceDoubt::CoarseBootstrap => {
            "the bootstrap chooses among the thresholds that fit into memory; more `--memory` gives more of them"
                .to_owned()
        }
        ChoiceDoubt::NotHeldOut => {
            "chosen and measured on the same rows, where every choice looks better than it is: `--validate FILE` or \
             `--cv 5` measures it on held-out rows"
                .to_owned()
        }
        ChoiceDoubt::NeverDrawn(cells) => {
            let names = cells.iter().map(|&cell| match cell {
                "tp" => "true positive",
                "fp" => "false positive",
                "fn" => "false negative",
                _ => "true negative",
            });
            let names = names.collect::<Vec<_>>().join(" or ");
            let cure = if decision.partial.is_weighted() {
                ""
            } else {
                "; those without `--bootstrap` are not"
            };
            format!(
                "no row is a {names}, and so none in any resample: at another prevalence, intervals of what depends on \
                 such rows are too narrow{cure}"
            )
        }
        _ => return None,
    })
}

/// The head of a column of intervals.
pub(super) fn interval_title(confidence: &Confidence) -> String {
    format!("{} % interval", 100.0 * confidence.options.confidence)
}

/// Both ends of the interval of the threshold, as far as that is known.
pub(super) fn threshold_text(decision: &Decision) -> String {
    let confidence = decision.confidence.as_ref();
    let choice = confidence.and_then(|confidence| confidence.choice.as_ref());
    let interval = choice.and_then(|choice| choice.threshold);
    interval.map_or_else(String::new, |interval| {
        let end = |end: Option<Threshold>| {
            end.map_or_else(|| "none".to_owned(), |end| format!("{end:.4}"))
        };
        format!("{} – {}", end(interval.low()), end(interval.high()))
    })
}

/// Both ends of the interval of a metric at the threshold, as far as that is known.
pub(super) fn interval_text(decision: &Decision, metric: &Metric) -> String {
    decision
        .interval_of(metric)
        .map_or_else(String::new, |told| {
            format!("{} – {}", number(told.low()), number(told.high()))
        })
}

/// What is told above the matrix.
pub(super) fn lines(decision: &Decision) -> Vec<String> {
    let Some(confidence) = &decision.confidence else {
        return Vec::new();
    };
    let objective = decision.problem.objective();
    let percent = 100.0 * confidence.options.confidence;
    let mut lines = Vec::new();
    if let Some(choice) = &confidence.choice {
        lines.extend(resample_lines(choice, objective, percent));
    }
    if let Some(validation) = &decision.validation {
        lines.extend(validation_lines(validation, objective, percent));
    }
    lines
}

/// What bootstrap resamples say of a choice, in words.
fn resample_lines(choice: &ChoiceConfidence, objective: &Objective, percent: f64) -> Vec<String> {
    let mut lines = Vec::new();
    if let Some(interval) = choice.threshold {
        lines.push(format!(
            "in {}, {percent} % of the choices lie between the thresholds {} and {}",
            counted(choice.n_replicates, "bootstrap resample"),
            shown(interval.low()),
            shown(interval.high())
        ));
    }
    if choice.n_without_choice > 0 {
        lines.push(format!(
            "in {} of {} no threshold satisfies the constraints{}",
            choice.n_without_choice,
            counted(choice.n_replicates, "resample"),
            if choice.threshold.is_none() {
                ", too many for an interval of the threshold"
            } else {
                ""
            }
        ));
    }
    if let Some(optimism) = choice.optimism {
        let (sense, but) = if optimism > 0.0 {
            (
                "better",
                " (optimism), and rather more: resamples tell it low, `--cv` does not",
            )
        } else {
            ("worse", "")
        };
        lines.push(format!(
            "chosen so, {} looks {sense} than it is by about {}{but}",
            objective.metric(),
            number(optimism.abs())
        ));
    }
    lines
}

/// What a choice does on held-out rows, in words.
fn validation_lines(validation: &Validation, objective: &Objective, percent: f64) -> Vec<String> {
    let held_out = &validation.held_out;
    let value = validation
        .value
        .map_or_else(|| "undefined".to_owned(), number);
    let interval = validation
        .interval
        .map_or_else(String::new, |(interval, _)| {
            format!(
                " ({percent} % interval {} – {})",
                number(interval.low()),
                number(interval.high())
            )
        });
    let n_folds = held_out.thresholds.len() + held_out.n_infeasible;
    let rows = match n_folds {
        0 => validation.source.clone(),
        _ => format!("{n_folds}-fold cross-validation"),
    };
    let mut lines = vec![format!(
        "held out ({rows}): {} is {value}{interval}",
        objective.metric()
    )];
    if let Some(optimism) = validation.optimism {
        let per_row = if objective.metric().is_total() {
            " a row"
        } else {
            ""
        };
        let sense = if optimism < 0.0 { "worse" } else { "better" };
        lines.push(format!(
            "where it was chosen it looks {sense} by {}{per_row}",
            number(optimism.abs())
        ));
    }
    if held_out.n_infeasible > 0 {
        lines.push(format!(
            "in {} of {n_folds} folds no threshold met all constraints",
            held_out.n_infeasible
        ));
    }
    let missed = validation
        .problem()
        .constraints()
        .iter()
        .filter_map(|constraint: &Constraint| {
            let value = validation.constrained_value(constraint.metric());
            match value {
                Some(value) if constraint.is_met_by(value) => None,
                Some(value) => Some(format!(
                    "held out, {constraint} is violated: {}",
                    number(value)
                )),
                None => Some(format!(
                    "held out, {constraint} cannot be judged: {} is undefined",
                    constraint.metric()
                )),
            }
        });
    lines.extend(missed);
    let mut metrics = validation
        .problem()
        .constraints()
        .iter()
        .map(Constraint::metric);
    let (here, there) = (validation.chosen_on(), validation.cells().total());
    if metrics.any(Metric::is_total) && (here - there).abs() > 0.0 {
        lines.push(format!(
            "counts of constraints are taken from {} {} to {here}, as many as it was chosen on",
            if there > 1.0 { "those" } else { "that" },
            counted(there, "row")
        ));
    }
    lines
}
