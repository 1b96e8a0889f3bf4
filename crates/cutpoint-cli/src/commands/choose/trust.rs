//! How sure a choice is: intervals at the threshold, of the threshold itself, and what it does on rows that had no say.
//!
//! It refuses to compute intervals; `cutpoint-metrics` does.

use std::path::PathBuf;

use anyhow::bail;
use cutpoint_choose::{
    Classes, Counted, Decision, Folds, KeptRows, RowFilter, RowSource as _, View,
};
use cutpoint_core::{Seed, StreamKind, Threshold, counted};
use cutpoint_files::MetricInterval;
use cutpoint_metrics::{
    BootstrapOptions, Cells, Choice, ConfidenceInterval, Constraint, Goal, Metric, Objective,
    Optimum, PlacedRows, PricedRows, Problem, ProportionInterval, Resampling, Search, Sweep,
    ThresholdInterval, bootstrap, bootstrap_choice, catalog,
};

use super::answer::{constraints_json, number, shown};
use super::certainty::{Certainty, Told};
use super::question::Question;
use crate::failure::Usage;
use crate::gather::Source;
use crate::json::Json;
use crate::matrix::matrix_keys_at;
use crate::vocabulary::{beside, check_same};

/// How often intervals hold the truth, unless they shall otherwise.
pub(super) const CONFIDENCE: f64 = 0.95;

#[derive(Debug, Clone, clap::Args)]
pub(super) struct TrustArgs {
    /// Draw the rows anew so many times, in [1, 10000000]: intervals for every metric, for the threshold itself, and how much
    /// too good the choice looks. Rows with weights or amounts are drawn with them, each as likely as any other: weights that only
    /// count rows make intervals too wide [default: intervals by formula for rates, and none for the rest]
    #[arg(long, value_name = "N")]
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

    /// Measure the choice on the rows of this file, which had no say in it; columns as in the first, those of amounts in
    /// `--cost` among them. A cost by amounts has a normal interval, by the variance of what rows cost
    #[arg(long, value_name = "FILE", conflicts_with = "cv")]
    pub(super) validate: Option<PathBuf>,

    /// Choose on all but one of so many folds, in [2, 1000], and measure on that one, in turn; the folds are stratified.
    /// Where constraints are of counts or costs, as many rows as a choice is made on have their part of each bound
    #[arg(long, value_name = "K", value_parser = clap::value_parser!(u16).range(2..=1000))]
    pub(super) cv: Option<u16>,
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
    fn method(self) -> (ProportionInterval, &'static str) {
        match self {
            Self::Wilson => (ProportionInterval::Wilson, "wilson"),
            Self::ClopperPearson => (ProportionInterval::ClopperPearson, "clopper-pearson"),
        }
    }
}

/// All that is known of how sure a choice is.
pub(super) struct Trust {
    objective: Metric,
    confidence: f64,
    /// Where the classifier will work.
    beside_values: Vec<MetricInterval>,
    /// Of the rows as they are, if their prevalence is another than where the classifier will work.
    of_rows: Option<Vec<MetricInterval>>,
    choice: Option<ChoiceTrust>,
    validation: Option<Validation>,
    warnings: Vec<String>,
}

/// What the bootstrap says of the choice itself.
struct ChoiceTrust {
    n_replicates: usize,
    threshold: Option<ThresholdInterval>,
    objective: Option<Told>,
    optimism: Option<f64>,
    n_without_choice: usize,
}

/// What the choice does on rows that had no say.
struct Validation {
    /// Where they are from.
    source: String,
    /// The threshold chosen without each fold; `None` for "predict none".
    thresholds: Vec<Option<f64>>,
    n_infeasible: usize,
    cells: Cells,
    /// Rows that the choice was made on, or their weight.
    chosen_on: f64,
    value: Option<f64>,
    interval: Option<ConfidenceInterval>,
    optimism: Option<f64>,
    problem: Problem,
    json: Json,
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
        Certainty {
            problem,
            confidence: self.confidence,
            formula: self.interval.method(),
            options: self.options(),
            is_drawn: self.bootstrap.is_some(),
            is_weighted,
        }
    }

    fn resampling(&self) -> Resampling {
        if self.stratified {
            Resampling::ByClass
        } else {
            Resampling::Rows
        }
    }

    fn options(&self) -> BootstrapOptions {
        let options = BootstrapOptions::default()
            .resampling(self.resampling())
            .confidence(self.confidence)
            .seed(
                Seed::new(StreamKind::ChaCha, self.random_state)
                    .expect("ChaCha takes every random state"),
            );
        match self.bootstrap {
            Some(n_replicates) => options.n_replicates(n_replicates),
            None => options,
        }
    }

    pub(super) fn look(
        &self,
        view: &View<'_, Source>,
        question: &Question,
        looked: &Decision,
        optimum: &Optimum,
        memory: usize,
    ) -> anyhow::Result<Trust> {
        let mut trust = Trust {
            objective: question.problem.objective().metric().clone(),
            confidence: self.confidence,
            beside_values: Vec::new(),
            of_rows: None,
            choice: None,
            validation: None,
            warnings: Vec::new(),
        };
        self.add_intervals(&mut trust, view, &question.problem, looked, optimum, memory)?;
        if let Some(path) = &self.validate {
            let other = Source::new(path, view.source.columns.clone());
            let other = View::of(&other).with_costs(view.costs);
            let told = path.display().to_string();
            let counted = count_at(&other, optimum.threshold());
            let (counted, ends) =
                beside(counted, &view.source.shown(), &looked.classes.labels, &told)?;
            check_same(
                &view.source.shown(),
                &looked.classes.labels,
                &told,
                &ends.present,
            )?;
            trust.validation =
                Some(self.validation(told, counted, Vec::new(), 0, question, looked, optimum)?);
        } else if let Some(n_folds) = self.cv {
            let n_folds = usize::from(n_folds);
            if view.source.is_read_once() {
                bail!(
                    "{} can be read only once, and `--cv` reads it for each fold: name a file",
                    view.source.shown()
                );
            }
            trust.validation =
                Some(self.cross_validation(n_folds, view, question, looked, optimum, memory)?);
        } else {
            trust.warnings.push(
                "chosen and measured on the same rows, where every choice looks better than it is: `--validate FILE` or \
                 `--cv 5` measures it on rows that had no say"
                    .to_owned(),
            );
        }
        Ok(trust)
    }

    /// Intervals at the threshold, and of the threshold.
    fn add_intervals(
        &self,
        trust: &mut Trust,
        view: &View<'_, Source>,
        problem: &Problem,
        looked: &Decision,
        optimum: &Optimum,
        memory: usize,
    ) -> anyhow::Result<()> {
        let cells = optimum.cells();
        let is_weighted = looked.partial.is_weighted();
        let threshold = optimum.threshold().map(Threshold::new).transpose()?;
        let objective = problem.objective().metric();
        let mut choices = None;
        // Of a cost by amounts, which cells do not tell.
        let mut cost: Option<ConfidenceInterval> = None;
        if let (Some(_), Some(threshold)) = (self.bootstrap, threshold) {
            if !looked.partial.is_exact() && view.costs.is_none() {
                trust.warnings.push(
                    "the bootstrap chooses among the thresholds that fit into memory; more `--memory` gives more of them"
                        .to_owned(),
                );
            }
            let edges = looked.partial.edges();
            choices = Some(if view.costs.is_some() {
                let rows = priced_rows(view, looked, memory)?;
                let priced = rows.bootstrap_choice(threshold, problem, &self.options())?;
                cost = priced.cost_interval();
                priced.choices().clone()
            } else if is_weighted {
                let rows = placed_rows(view, edges, memory)?;
                rows.bootstrap_choice(threshold, problem, &self.options())?
            } else {
                bootstrap_choice(edges, threshold, problem, &self.options())?
            });
        }
        let certainty = self.certainty(problem, is_weighted);
        let measured = match &choices {
            Some(choices) => certainty.with(cells, Some(choices.fixed().clone()))?,
            None => certainty.at(cells)?,
        };
        if let (Some(choices), Some(n_replicates)) = (choices, self.bootstrap) {
            trust.choice = Some(ChoiceTrust {
                n_replicates,
                threshold: choices.threshold_interval(),
                objective: match cost {
                    Some(cost) => Some((cost, "bootstrap")),
                    None => measured.by_draws(objective)?,
                },
                optimism: choices.optimism(),
                n_without_choice: choices.n_without_choice(),
            });
        }
        let told = |metric: &Metric, found: Option<Told>| {
            found.map(|(interval, method)| MetricInterval::new(metric.name(), interval, method))
        };
        let cost = cost.map(|interval| (interval, "bootstrap"));
        if !catalog().contains(objective) {
            let found = cost.map_or_else(|| measured.there(objective), |cost| Ok(Some(cost)))?;
            trust.beside_values.extend(told(objective, found));
        }
        for metric in catalog() {
            let found = measured.there(metric)?;
            trust.beside_values.extend(told(metric, found));
        }
        if problem.prevalence().is_some() {
            let mut of_rows = Vec::new();
            for metric in catalog() {
                of_rows.extend(told(metric, measured.here(metric)?));
            }
            trust.of_rows = Some(of_rows);
        }
        Ok(())
    }

    /// Chooses without each fold, and measures on it.
    fn cross_validation(
        &self,
        n_folds: usize,
        view: &View<'_, Source>,
        question: &Question,
        looked: &Decision,
        optimum: &Optimum,
        memory: usize,
    ) -> anyhow::Result<Validation> {
        // Then the larger class has a row for every fold: whichever is left out, rows remain to choose on.
        let least = 2 * n_folds - 1;
        if let Some(n_samples) = looked.partial.n_samples()
            && n_samples < least
        {
            bail!(
                "{}: must have at least {least} rows for `--cv {n_folds}`, got {n_samples}",
                view.source.shown()
            );
        }
        let folds = Folds {
            n_folds,
            random_state: self.random_state,
        };
        let rows = |fold, is_inside| {
            view.with_rows(RowFilter::Fold {
                folds,
                fold,
                is_inside,
            })
        };
        let mut sum = Counted::default();
        let mut thresholds = Vec::new();
        let mut n_infeasible = 0;
        for fold in 0..n_folds {
            let others = rows(fold, false);
            let first = others.sweep(memory, &[])?;
            let edges = first.partial.edges();
            let share = (edges.positives() + edges.negatives()) / optimum.cells().total();
            let search = Search::of(&first.partial, [question.problem.of_share(share)])?;
            let search = others.finish(search, &first.partial, memory)?;
            match search.choices().pop() {
                Some(Choice::Found(best)) => {
                    sum.merge(&count_at(&rows(fold, true), best.threshold())?.0);
                    thresholds.push(best.threshold());
                }
                _ => n_infeasible += 1,
            }
        }
        let told = format!("{n_folds} folds");
        self.validation(
            told,
            sum,
            thresholds,
            n_infeasible,
            question,
            looked,
            optimum,
        )
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "everything that is told in the end"
    )]
    fn validation(
        &self,
        source: String,
        counted: Counted,
        thresholds: Vec<Option<f64>>,
        n_infeasible: usize,
        question: &Question,
        looked: &Decision,
        optimum: &Optimum,
    ) -> anyhow::Result<Validation> {
        let problem = &question.problem;
        let objective = problem.objective();
        let metric = objective.metric();
        let is_weighted = looked.partial.is_weighted();
        let Counted { cells, costs } = counted;
        let chosen_on = optimum.cells().total();
        let (value, interval, method) = if metric.is_of_amounts() {
            let prevalence = problem.prevalence();
            let interval = costs.interval(prevalence, self.resampling(), self.confidence)?;
            (costs.total(prevalence)?, interval, "normal")
        } else if is_weighted || cells.total() <= 0.0 {
            (problem.value(metric, &cells), None, "bootstrap")
        } else {
            let certainty = self.certainty(problem, is_weighted);
            let by_formula = certainty.by_formula_there(metric, &cells)?;
            let told = if by_formula.is_some() {
                by_formula
            } else {
                let drawn = bootstrap(&cells, &self.options())?;
                let drawn = drawn.interval(|cells| problem.value(metric, cells));
                certainty.of_draws(metric, &cells, problem.prevalence(), drawn)?
            };
            let (interval, method) = told.unzip();
            let method = method.unwrap_or("bootstrap");
            (problem.value(metric, &cells), interval, method)
        };
        let per_row = |value: f64, cells: &Cells| {
            if metric.is_total() {
                value / cells.total()
            } else {
                value
            }
        };
        let optimism = value.map(|there| {
            let here = per_row(optimum.value(), &optimum.cells());
            let there = per_row(there, &cells);
            match objective.goal() {
                Goal::Maximize => here - there,
                Goal::Minimize => there - here,
            }
        });
        let mut intervals = Vec::new();
        let certainty = self.certainty(problem, is_weighted);
        for metric in catalog() {
            if let Some((interval, method)) = certainty.by_formula_there(metric, &cells)? {
                intervals.push((metric.name(), interval_json(interval, method)));
            }
        }
        let threshold = match &thresholds[..] {
            [] => optimum.threshold(),
            _ => None,
        };
        let (prevalence, labels) = (problem.prevalence(), &looked.classes.labels);
        let matrix = matrix_keys_at(prevalence, threshold, labels, cells, is_weighted);
        let told = [
            ("source", Json::from(&source)),
            ("objective_value", value.into()),
            (
                "objective_interval",
                interval.map_or(Json::Null, |interval| interval_json(interval, method)),
            ),
            ("optimism", optimism.into()),
            (
                "constraints",
                Json::List(constraints_json(problem, |metric| {
                    held_out_value(problem, metric, &cells, chosen_on)
                })),
            ),
            ("intervals", Json::object(intervals)),
            ("fold_thresholds", Json::list(thresholds.iter().copied())),
            ("n_infeasible_folds", n_infeasible.into()),
        ];
        let told = told.map(|(name, value)| (name.to_owned(), value));
        Ok(Validation {
            source,
            thresholds,
            n_infeasible,
            cells,
            chosen_on,
            value,
            interval,
            optimism,
            problem: problem.clone(),
            json: Json::object(matrix.chain(told)),
        })
    }
}

/// The rows of a file, as a bootstrap draws them if they have weights.
fn placed_rows<'s>(
    view: &View<'s, Source>,
    edges: &'s Sweep,
    memory: usize,
) -> anyhow::Result<PlacedRows<'s>> {
    match view.keep_in(edges, memory)? {
        Some(KeptRows::Weighted(rows)) => Ok(rows),
        _ => bail!(
            "{}: a bootstrap of rows with weights keeps some 12 bytes of every row, which do not fit: allow more with \
             `--memory`",
            view.source.shown()
        ),
    }
}

/// The rows of a file, as a bootstrap draws them if they cost by themselves.
fn priced_rows<'l>(
    view: &View<'l, Source>,
    looked: &'l Decision,
    memory: usize,
) -> anyhow::Result<PricedRows<'l>> {
    view.source.refuse_second_pass()?;
    let kept = if looked.partial.is_exact() {
        view.keep_in(looked.partial.edges(), memory)?
    } else {
        None
    };
    match kept {
        Some(KeptRows::Priced(rows)) => Ok(rows),
        _ => bail!(
            "{}: a bootstrap of a cost by amounts keeps some 32 bytes of every row and every threshold, which do not fit: \
             allow more with `--memory`",
            view.source.shown()
        ),
    }
}

/// Counts the rows of a file at a threshold, or where nothing is predicted positive.
fn count_at(view: &View<'_, Source>, threshold: Option<f64>) -> anyhow::Result<(Counted, Classes)> {
    let threshold = threshold.map(Threshold::new).transpose()?;
    let (mut counted, classes) = view.count_at(&[threshold])?;
    let counted = counted.pop();
    Ok((counted.expect("one threshold was asked for"), classes))
}

/// A metric of held-out rows, as a constraint is held against it: sums of cells, such as a capacity, are taken to as many rows
/// as the constraint was meant for, as `check` takes them.
fn held_out_value(
    problem: &Problem,
    metric: &Metric,
    cells: &Cells,
    chosen_on: f64,
) -> Option<f64> {
    let value = problem.value(metric, cells)?;
    let total = cells.total();
    Some(if metric.is_total() && total > 0.0 {
        value * (chosen_on / total)
    } else {
        value
    })
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
        &self.beside_values
    }

    /// Both ends of the interval of a metric at the threshold, if that is told.
    pub(super) fn interval(&self, metric: &Metric) -> Option<[f64; 2]> {
        let mut told = self.beside_values.iter();
        // Others may share the name of a cost.
        let is_own = *metric == self.objective || catalog().contains(metric);
        let found = told.find(|told| is_own && told.metric() == metric.name())?;
        Some([found.low(), found.high()])
    }

    pub(super) fn has_intervals(&self) -> bool {
        !self.beside_values.is_empty()
    }

    /// The head of the column of intervals.
    pub(super) fn title(&self) -> String {
        format!("{} % interval", 100.0 * self.confidence)
    }

    pub(super) fn threshold_text(&self) -> String {
        let interval = self.choice.as_ref().and_then(|choice| choice.threshold);
        interval.map_or_else(String::new, |interval| {
            let end =
                |end: Option<f64>| end.map_or_else(|| "none".to_owned(), |end| format!("{end:.4}"));
            format!("{} – {}", end(interval.low()), end(interval.high()))
        })
    }

    pub(super) fn interval_text(&self, metric: &Metric) -> String {
        let mut intervals = self.beside_values.iter();
        let found = intervals.find(|told| told.metric() == metric.name());
        found.map_or_else(String::new, |told| {
            format!("{} – {}", number(told.low()), number(told.high()))
        })
    }

    /// The intervals of the rows as they are, where they are meant for another prevalence.
    pub(super) fn of_rows_json(&self) -> Json {
        intervals_json(self.of_rows.as_deref().unwrap_or_default())
    }

    pub(super) fn as_json(&self) -> Vec<(&'static str, Json)> {
        let mut told = vec![
            ("confidence", Json::from(self.confidence)),
            ("intervals", intervals_json(&self.beside_values)),
        ];
        if let Some(choice) = &self.choice {
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
        if let Some(validation) = &self.validation {
            told.push(("validation", validation.json.clone()));
        }
        told
    }

    /// What is told above the matrix.
    pub(super) fn lines(&self, objective: &Objective) -> Vec<String> {
        let percent = 100.0 * self.confidence;
        let mut lines = Vec::new();
        if let Some(choice) = &self.choice {
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
        if let Some(validation) = &self.validation {
            lines.extend(validation.lines(objective, percent));
        }
        lines
    }
}

impl Validation {
    fn lines(&self, objective: &Objective, percent: f64) -> Vec<String> {
        let value = self.value.map_or_else(|| "undefined".to_owned(), number);
        let interval = self.interval.map_or_else(String::new, |interval| {
            format!(
                " ({percent} % interval {} – {})",
                number(interval.low()),
                number(interval.high())
            )
        });
        let mut lines = vec![format!(
            "on rows that had no say ({}): {} is {value}{interval}",
            self.source,
            objective.metric()
        )];
        if let Some(optimism) = self.optimism {
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
        if self.n_infeasible > 0 {
            let n_folds = self.thresholds.len() + self.n_infeasible;
            lines.push(format!(
                "in {} of {n_folds} folds no threshold met all constraints",
                self.n_infeasible
            ));
        }
        let missed = self
            .problem
            .constraints()
            .iter()
            .filter_map(|constraint: &Constraint| {
                let value = held_out_value(
                    &self.problem,
                    constraint.metric(),
                    &self.cells,
                    self.chosen_on,
                );
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
        let mut metrics = self.problem.constraints().iter().map(Constraint::metric);
        let (here, there) = (self.chosen_on, self.cells.total());
        if metrics.any(Metric::is_total) && (here - there).abs() > 0.0 {
            lines.push(format!(
                "counts of constraints are taken from {} {} to {here}, as many as it was chosen on",
                if there > 1.0 { "those" } else { "that" },
                counted(there, "row")
            ));
        }
        lines
    }
}
