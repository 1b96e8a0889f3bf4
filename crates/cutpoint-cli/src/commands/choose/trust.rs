//! How sure a choice is, as it is asked for and told: intervals at the threshold, of the threshold itself, and what it
//! does on rows that were held out.

use std::path::PathBuf;

use anyhow::bail;
use cutpoint_choose::{
    Certainty, Confidence, ConfidenceOptions, Decision, Folds, HeldOut, MetricInterval,
    RowSource as _, Validation, View, confidence_of, count_held_out, cross_validate,
};
use cutpoint_core::{Label, Threshold, counted};
use cutpoint_metrics::{
    Cells, ConfidenceInterval, Constraint, Metric, Objective, Optimum, Problem, ProportionInterval,
    Resampling, catalog,
};

use super::constraints::constraints_json;
use super::text::{number, shown};
use crate::args::replicates;
use crate::failure::Usage;
use crate::gather::Source;
use crate::json::Json;
use crate::matrix::matrix_keys_at;
use crate::vocabulary::{beside, check_same};

/// How often intervals hold the truth, unless they shall otherwise.
pub(super) const CONFIDENCE: f64 = 0.95;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct TrustArgs {
    /// Draw the rows anew so many times, in [1, 10000000]: intervals for every metric, for the threshold itself, and
    /// how much too good the choice looks. Rows with weights or amounts are drawn with them, each as likely as any
    /// other: weights that only count rows make intervals too wide [default: intervals by formula for rates and, with
    /// `--prevalence`, for all that moves with it, and none for the rest]
    #[arg(long, value_name = "N", allow_negative_numbers = true, value_parser = replicates)]
    pub(super) bootstrap: Option<usize>,

    /// Draw as many rows of either class as there are [default: as many rows in all]
    #[arg(long, requires = "bootstrap")]
    pub(super) stratified: bool,

    /// Seed of the random numbers: a whole number in [0, 18446744073709551615]
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

    /// Measure the choice on the rows of this file, which had no say in it; columns as in the first, those of amounts
    /// in `--cost` among them. A cost by amounts has a normal interval, by the variance of what rows cost
    #[arg(long, value_name = "FILE", conflicts_with = "cv")]
    pub(super) validate: Option<PathBuf>,

    /// Choose on all but one of so many folds, in [2, 1000], and measure on that one, in turn; the folds are
    /// stratified. Where constraints are of counts or costs, as many rows as a choice is made on have their part of
    /// each bound
    #[arg(long, value_name = "K", allow_negative_numbers = true, value_parser = folds)]
    pub(super) cv: Option<u16>,
}

fn folds(text: &str) -> Result<u16, String> {
    let number = text.parse().ok();
    let number = number.filter(|number| (2..=1000).contains(number));
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

/// All that is known of how sure a choice is.
pub(super) struct Trust {
    objective: Metric,
    confidence_level: f64,
    confidence: Confidence,
    /// What the choice does on rows that had no say, and where they are from.
    validation: Option<(String, Validation)>,
    labels: [Label; 2],
    is_weighted: bool,
    warnings: Vec<String>,
}

impl TrustArgs {
    /// Refuses flags that cannot be right, whatever is in the file.
    pub(super) fn check(&self) -> Result<(), Usage> {
        self.options().check().map_err(Usage::new)
    }

    pub(super) fn confidence(&self) -> f64 {
        self.confidence
    }

    /// How intervals come about, at the threshold and along curves.
    pub(super) fn certainty<'p>(&self, problem: &'p Problem, is_weighted: bool) -> Certainty<'p> {
        Certainty::new(problem, self.options(), is_weighted)
    }

    fn options(&self) -> ConfidenceOptions {
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

    pub(super) fn look(
        &self,
        view: &View<'_, Source>,
        problem: &Problem,
        decision: &Decision,
        optimum: &Optimum,
        memory: usize,
    ) -> anyhow::Result<Trust> {
        let options = self.options();
        let confidence = confidence_of(view, problem, decision, optimum, &options, memory)?;
        let mut warnings = Vec::new();
        if confidence.is_coarse {
            warnings.push(
                "the bootstrap chooses among the thresholds that fit into memory; more `--memory` gives more of them"
                    .to_owned(),
            );
        }
        let is_weighted = decision.partial.is_weighted();
        let measured =
            |held_out| Validation::new(held_out, problem, optimum, &options, is_weighted);
        let labels = &decision.classes.labels;
        let mut validation = None;
        if let Some(path) = &self.validate {
            let other = Source::new(path, view.source.columns().clone());
            let other = View::of(&other).with_costs(view.costs);
            let told = path.display().to_string();
            let counted = count_held_out(&other, optimum.threshold());
            let (held_out, classes) = beside(counted, &view.source.shown(), labels, &told)?;
            check_same(&view.source.shown(), labels, &told, &classes.present)?;
            validation = Some((told, measured(held_out)?));
        } else if let Some(n_folds) = self.cv {
            if view.source.is_read_once() {
                bail!(
                    "{} can be read only once, and `--cv` reads it for each fold: name a file",
                    view.source.shown()
                );
            }
            let folds = Folds {
                n_folds: usize::from(n_folds),
                random_state: self.random_state,
            };
            let held_out = cross_validate(view, problem, decision, folds, memory)?;
            validation = Some((format!("{n_folds} folds"), measured(held_out)?));
        } else {
            warnings.push(
                "chosen and measured on the same rows, where every choice looks better than it is: `--validate FILE` \
                 or `--cv 5` measures it on rows that had no say"
                    .to_owned(),
            );
        }
        let held_out = validation
            .as_ref()
            .map(|(_, validation)| validation.cells());
        let all_cells = [Some(optimum.cells()), held_out];
        warnings.extend(self.never_drawn(problem, all_cells.into_iter().flatten(), is_weighted));
        Ok(Trust {
            objective: problem.objective().metric().clone(),
            confidence_level: self.confidence,
            confidence,
            validation,
            labels: labels.clone(),
            is_weighted,
            warnings,
        })
    }
}

impl TrustArgs {
    /// Whether rows are drawn anew at a prevalence of which no draw has some kind, in words.
    fn never_drawn(
        &self,
        problem: &Problem,
        all_cells: impl Iterator<Item = Cells>,
        is_weighted: bool,
    ) -> Option<String> {
        const NAMES: [&str; 4] = [
            "true positive",
            "false positive",
            "false negative",
            "true negative",
        ];
        if self.bootstrap.is_none() || problem.prevalence().is_none() {
            return None;
        }
        let mut is_empty = [false; 4];
        for cells in all_cells.filter(|cells| cells.total() > 0.0) {
            let counts = [cells.tp(), cells.fp(), cells.fn_(), cells.tn()];
            for (is_empty, count) in is_empty.iter_mut().zip(counts) {
                *is_empty |= count <= 0.0;
            }
        }
        let names = NAMES.into_iter().zip(is_empty);
        let names = names.filter_map(|(name, is_empty)| is_empty.then_some(name));
        let names = names.collect::<Vec<_>>().join(" or ");
        let cure = if is_weighted {
            ""
        } else {
            "; those without `--bootstrap` are not"
        };
        (!names.is_empty()).then(|| {
            format!(
                "no row is a {names}, and so none in any resample: at another prevalence, intervals of what depends on \
                 such rows are too narrow{cure}"
            )
        })
    }
}

/// A validation as JSON; `source`: where its rows are from.
fn validation_json(
    validation: &Validation,
    source: &str,
    threshold: Option<Threshold>,
    labels: &[Label; 2],
    is_weighted: bool,
) -> Json {
    let problem = validation.problem();
    let HeldOut {
        thresholds,
        n_infeasible,
        ..
    } = &validation.held_out;
    let cells = validation.cells();
    let threshold = if thresholds.is_empty() {
        threshold
    } else {
        None
    };
    let matrix = matrix_keys_at(problem.prevalence(), threshold, labels, cells, is_weighted);
    let interval = validation
        .interval
        .map_or(Json::Null, |(interval, method)| {
            interval_json(interval, method)
        });
    let told = [
        ("source", Json::from(source)),
        ("objective_value", validation.value.into()),
        ("objective_interval", interval),
        ("optimism", validation.optimism.into()),
        (
            "constraints",
            Json::List(constraints_json(problem, |metric| {
                validation.constrained_value(metric)
            })),
        ),
        ("intervals", intervals_json(&validation.intervals)),
        ("fold_thresholds", Json::list(thresholds.iter().copied())),
        ("n_infeasible_folds", (*n_infeasible).into()),
    ];
    let told = told.map(|(name, value)| (name.to_owned(), value));
    Json::object(matrix.chain(told))
}

fn intervals_json(intervals: &[MetricInterval]) -> Json {
    let intervals = intervals.iter().map(|told| {
        let interval = Json::object([
            ("low", Json::from(told.low())),
            ("high", told.high().into()),
            ("method", told.method().into()),
        ]);
        (told.metric().to_owned(), interval)
    });
    Json::object(intervals)
}

fn interval_json(interval: ConfidenceInterval, method: &str) -> Json {
    Json::object([
        ("low", Json::from(interval.low())),
        ("high", interval.high().into()),
        ("method", method.into()),
    ])
}

impl Trust {
    pub(super) fn warnings(&self) -> Vec<String> {
        self.warnings.clone()
    }

    /// The intervals that belong beside values at the prevalence where the classifier will work.
    pub(super) fn beside_values(&self) -> &[MetricInterval] {
        &self.confidence.intervals
    }

    /// Both ends of the interval of a metric at the threshold, if that is told.
    pub(super) fn interval(&self, metric: &Metric) -> Option<[f64; 2]> {
        let mut told = self.confidence.intervals.iter();
        // Others may share the name of a cost.
        let is_own = *metric == self.objective || catalog().contains(metric);
        let found = told.find(|told| is_own && told.metric() == metric.name())?;
        Some([found.low(), found.high()])
    }

    pub(super) fn has_intervals(&self) -> bool {
        !self.confidence.intervals.is_empty()
    }

    /// The head of the column of intervals.
    pub(super) fn title(&self) -> String {
        format!("{} % interval", 100.0 * self.confidence_level)
    }

    pub(super) fn threshold_text(&self) -> String {
        let choice = self.confidence.choice.as_ref();
        let interval = choice.and_then(|choice| choice.threshold);
        interval.map_or_else(String::new, |interval| {
            let end = |end: Option<Threshold>| {
                end.map_or_else(|| "none".to_owned(), |end| format!("{end:.4}"))
            };
            format!("{} – {}", end(interval.low()), end(interval.high()))
        })
    }

    pub(super) fn interval_text(&self, metric: &Metric) -> String {
        let mut intervals = self.confidence.intervals.iter();
        let found = intervals.find(|told| told.metric() == metric.name());
        found.map_or_else(String::new, |told| {
            let (low, high) = (told.low(), told.high());
            format!("{} – {}", number(low), number(high))
        })
    }

    /// The intervals of the rows as they are, where they are meant for another prevalence.
    pub(super) fn of_rows_json(&self) -> Json {
        intervals_json(self.confidence.of_rows.as_deref().unwrap_or_default())
    }

    /// `threshold`: the one that was chosen.
    pub(super) fn as_json(&self, threshold: Option<Threshold>) -> Vec<(&'static str, Json)> {
        let mut told = vec![
            ("confidence", Json::from(self.confidence_level)),
            ("intervals", intervals_json(&self.confidence.intervals)),
        ];
        if let Some(choice) = &self.confidence.choice {
            let threshold = choice.threshold.map_or(Json::Null, |interval| {
                Json::object([
                    ("low", Json::from(interval.low())),
                    ("high", interval.high().into()),
                ])
            });
            let value = choice.objective.map_or(Json::Null, |(interval, method)| {
                interval_json(interval, method)
            });
            told.push((
                "bootstrap",
                Json::object([
                    ("n_replicates", Json::from(choice.n_replicates)),
                    ("threshold", threshold),
                    ("objective", value),
                    ("optimism", choice.optimism.into()),
                    ("n_without_choice", choice.n_without_choice.into()),
                ]),
            ));
        }
        if let Some((source, validation)) = &self.validation {
            let (labels, is_weighted) = (&self.labels, self.is_weighted);
            let json = validation_json(validation, source, threshold, labels, is_weighted);
            told.push(("validation", json));
        }
        told
    }

    /// What is told above the matrix.
    pub(super) fn lines(&self, objective: &Objective) -> Vec<String> {
        let percent = 100.0 * self.confidence_level;
        let mut lines = Vec::new();
        if let Some(choice) = &self.confidence.choice {
            if let Some(interval) = choice.threshold {
                lines.push(format!(
                    "on rows drawn anew, {percent} % of the choices lie between the thresholds {} and {}",
                    shown(interval.low()),
                    shown(interval.high())
                ));
            }
            if choice.n_without_choice > 0 {
                lines.push(format!(
                    "in {} of {} no threshold keeps to the constraints{}",
                    choice.n_without_choice,
                    counted(choice.n_replicates, "draw"),
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
                        ", and rather more: resamples tell it low, `--cv` does not",
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
        }
        if let Some((source, validation)) = &self.validation {
            lines.extend(validation_lines(validation, source, objective, percent));
        }
        lines
    }
}

/// What a choice does on rows that had no say, in words.
fn validation_lines(
    validation: &Validation,
    source: &str,
    objective: &Objective,
    percent: f64,
) -> Vec<String> {
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
    let mut lines = vec![format!(
        "on rows that had no say ({}): {} is {value}{interval}",
        source,
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
        let n_folds = held_out.thresholds.len() + held_out.n_infeasible;
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
                    "on those rows {constraint} is not kept: {}",
                    number(value)
                )),
                None => Some(format!(
                    "on those rows {constraint} cannot be judged: {} is undefined",
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
