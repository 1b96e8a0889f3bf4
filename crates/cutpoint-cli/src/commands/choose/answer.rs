//! The choice as people and scripts read it.
//!
//! It refuses to compute: what stands here was found by `search` and `trust`.

use std::fmt::Write as _;

use cutpoint_choose::{Decision, OperatingPoint};
use cutpoint_core::{Threshold, counted};
use cutpoint_metrics::{Cells, Goal, Interval, Metric, Objective, Optimum, Problem, catalog};

use super::constraints::constraints_json;
use super::text::{aligned, number, shown};
use super::trust::Trust;
use crate::console::Terminal;
use crate::json::Json;
use crate::matrix::{MatrixTable, matrix_keys_at, metric_keys};

/// A threshold that was found, and all that is told of it.
pub(super) struct Answer<'a> {
    pub(super) problem: &'a Problem,
    pub(super) optimum: &'a Optimum,
    pub(super) looked: &'a Decision,
    pub(super) trust: &'a Trust,
    pub(super) warnings: &'a [String],
}

impl Answer<'_> {
    fn is_weighted(&self) -> bool {
        self.looked.partial.is_weighted()
    }

    pub(super) fn as_json(&self) -> Json {
        let Self {
            problem, optimum, ..
        } = self;
        let objective = problem.objective();
        let matrix = |threshold, cells| {
            let labels = &self.looked.classes.labels;
            matrix_keys_at(
                problem.prevalence(),
                threshold,
                labels,
                cells,
                self.is_weighted(),
            )
        };
        let told = [
            ("objective", objective_json(objective, optimum.value())),
            (
                "constraints",
                Json::List(constraints_json(problem, |metric| {
                    problem.value(metric, &optimum.cells())
                })),
            ),
            ("interval", interval_json(optimum.interval())),
            ("midpoint", optimum.interval().midpoint().into()),
            ("tied", Json::list(optimum.tied().iter().copied())),
            ("n_tied", optimum.n_tied().into()),
        ];
        let alternatives = self.looked.alternatives.iter().map(|(name, point)| {
            let unmet = point.unmet().iter();
            let unmet = unmet.map(|&place| problem.constraints()[place].to_string());
            let head = [
                ("name", Json::from(*name)),
                ("objective_value", point.value().into()),
                (
                    "unmet",
                    Json::List(unmet.map(|text| Json::from(&text)).collect()),
                ),
            ];
            let head = head.map(|(key, value)| (key.to_owned(), value));
            Json::object(
                head.into_iter()
                    .chain(matrix(point.threshold(), point.cells())),
            )
        });
        let mut rest = vec![
            ("alternatives", Json::List(alternatives.collect())),
            ("n_samples", self.looked.partial.n_samples().into()),
            ("n_passes", self.looked.n_passes.into()),
            ("at_prevalence", problem.prevalence().into()),
        ];
        if problem.prevalence().is_some() {
            let cells = optimum.cells();
            let metrics = metric_keys(|metric| metric.value(&cells));
            let intervals = ("intervals".to_owned(), self.trust.of_rows_json());
            rest.push(("of_rows", Json::object(metrics.chain([intervals]))));
        }
        rest.extend(self.trust.as_json(optimum.threshold()));
        rest.push(("warnings", Json::list(self.warnings)));
        let named = |(name, value): (&str, Json)| (name.to_owned(), value);
        Json::object(
            matrix(optimum.threshold(), optimum.cells())
                .chain(told.into_iter().map(named))
                .chain(rest.into_iter().map(named)),
        )
    }

    pub(super) fn as_text(&self, terminal: Terminal) -> String {
        let Self {
            problem,
            optimum,
            looked,
            trust,
            ..
        } = self;
        let [_, positive] = &looked.classes.labels;
        let objective = problem.objective();
        let mut text = String::new();
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("a String takes all text");
            text.push('\n');
        };
        line(format_args!(
            "threshold {}, positive class `{positive}`: {} is {}, {}",
            shown(optimum.threshold()),
            objective.metric(),
            extreme(objective),
            number(optimum.value())
        ));
        if let Some(prevalence) = problem.prevalence() {
            line(format_args!("at a prevalence of {prevalence}"));
        }
        for constraint in problem.constraints() {
            let value = problem.value(constraint.metric(), &optimum.cells());
            line(format_args!(
                "{constraint} is kept: {}",
                value.map_or_else(|| "-".to_owned(), number)
            ));
        }
        line(format_args!("{}", holds_for(optimum.interval())));
        if let Some(ties) = ties(optimum) {
            line(format_args!("{ties}"));
        }
        for told in trust.lines(objective) {
            line(format_args!("{told}"));
        }
        line(format_args!(
            "\n{}",
            matrix_text(&optimum.cells(), looked, terminal).trim_end()
        ));
        let mut columns = vec![Column {
            name: "chosen".to_owned(),
            threshold: optimum.threshold(),
            cells: optimum.cells(),
            value: Some(optimum.value()),
        }];
        columns.extend(looked.alternatives.iter().map(|(name, point)| {
            // What does not keep to the constraints is no choice.
            let mark = if point.unmet().is_empty() { "" } else { "*" };
            Column {
                name: format!("{name}{mark}"),
                threshold: point.threshold(),
                cells: point.cells(),
                value: point.value(),
            }
        }));
        line(format_args!(
            "\n{}",
            comparison(problem, &columns, trust).trim_end()
        ));
        if columns.iter().any(|column| column.name.ends_with('*')) {
            line(format_args!("* does not keep to all constraints"));
        }
        text
    }

    /// The choice as a file that can be checked later.
    pub(super) fn operating_point(&self, confidence: f64) -> anyhow::Result<OperatingPoint> {
        let Some(point) = self.looked.operating_point() else {
            anyhow::bail!("\"predict none\" was chosen, which has no threshold to save");
        };
        Ok(point.with_intervals(confidence, self.trust.beside_values().to_vec()))
    }
}

pub(super) fn objective_json(objective: &Objective, value: f64) -> Json {
    let goal = match objective.goal() {
        Goal::Maximize => "maximize",
        Goal::Minimize => "minimize",
    };
    Json::object([
        ("name", Json::from(objective.metric().name())),
        ("goal", goal.into()),
        ("text", Json::from(&objective.to_string())),
        ("value", value.into()),
    ])
}

pub(super) fn interval_json(interval: Interval) -> Json {
    Json::list([interval.lower(), interval.upper()])
}

pub(super) fn matrix_text(cells: &Cells, looked: &Decision, terminal: Terminal) -> String {
    let names = looked.classes.labels.each_ref().map(ToString::to_string);
    let values = ndarray::arr2(&cells.to_sklearn());
    let table = MatrixTable {
        title: "",
        names: &names,
        values: values.view(),
        digits: if looked.partial.is_weighted() { 3 } else { 0 },
        terminal,
    };
    table.to_string()
}

/// A threshold among others.
struct Column {
    name: String,
    threshold: Option<Threshold>,
    cells: Cells,
    /// Of the objective.
    value: Option<f64>,
}

/// Every metric at several thresholds side by side, with the interval of the first.
fn comparison(problem: &Problem, columns: &[Column], trust: &Trust) -> String {
    let mut rows = vec![vec![String::new()], vec!["threshold".to_owned()]];
    for (index, column) in columns.iter().enumerate() {
        let threshold = column.threshold;
        rows[0].push(column.name.clone());
        rows[1].push(threshold.map_or_else(|| "none".to_owned(), |value| format!("{value:.6}")));
        if index == 0 && trust.has_intervals() {
            rows[0].push(trust.title());
            rows[1].push(trust.threshold_text());
        }
    }
    let objective = problem.objective().metric();
    let is_own = |metric: &&Metric| !catalog().contains(metric);
    for metric in std::iter::once(objective).filter(is_own).chain(catalog()) {
        let mut row = vec![metric.name().to_owned()];
        for (index, column) in columns.iter().enumerate() {
            let value = if metric == objective {
                column.value
            } else {
                problem.value(metric, &column.cells)
            };
            row.push(value.map_or_else(|| "-".to_owned(), number));
            if index == 0 && trust.has_intervals() {
                row.push(trust.interval_text(metric));
            }
        }
        rows.push(row);
    }
    aligned(&rows)
}

fn extreme(objective: &Objective) -> &'static str {
    match objective.goal() {
        Goal::Maximize => "highest",
        Goal::Minimize => "lowest",
    }
}

/// Where the matrix is the same.
pub(super) fn holds_for(interval: Interval) -> String {
    match (interval.lower(), interval.upper()) {
        (Some(lower), Some(upper)) => format!(
            "the same matrix for every threshold in ({lower:?}, {upper:?}], whose middle is {}",
            shown(interval.midpoint())
        ),
        (None, Some(upper)) => format!("the same matrix for every threshold up to {upper:?}"),
        (Some(lower), None) => format!("the same matrix for every threshold above {lower:?}"),
        (None, None) => "the same matrix for every threshold".to_owned(),
    }
}

/// Other thresholds that are as good.
fn ties(optimum: &Optimum) -> Option<String> {
    const SHOWN: usize = 5;
    let others = optimum.tied().iter();
    let others = others.filter(|&&tied| tied != optimum.threshold());
    let mut listed = others.map(|&tied| shown(tied)).collect::<Vec<_>>();
    if listed.is_empty() {
        return None;
    }
    let what = "other threshold";
    let number = match optimum.n_tied() {
        Some(n_tied) => counted(n_tied - 1, what),
        None => format!("at least {}", counted(listed.len(), what)),
    };
    let is_cut = listed.len() > SHOWN || optimum.n_tied() != Some(listed.len() + 1);
    listed.truncate(SHOWN);
    let more = if is_cut { ", …" } else { "" };
    Some(format!("as good at {number}: {}{more}", listed.join(", ")))
}
