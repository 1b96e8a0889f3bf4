//! The choice of one threshold in words.

use std::fmt::Write as _;

use cutpoint_choose::{Decision, Optimum};
use cutpoint_core::{Threshold, counted};
use cutpoint_metrics::{Cells, Goal, Interval, Metric, Objective, catalog};
use cutpoint_plot::{Terminal, text_cells};

use super::confidence::{interval_text, interval_title, lines, threshold_text};
use super::text::{aligned, number, shown};

/// The choice, how sure it is, its matrix, and what it is compared with.
pub(super) fn as_text(decision: &Decision, optimum: &Optimum, terminal: Terminal) -> String {
    let problem = &decision.problem;
    let [_, positive] = &decision.classes.labels;
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
            "{constraint} is satisfied: {}",
            value.map_or_else(|| "-".to_owned(), number)
        ));
    }
    line(format_args!("{}", holds_for(optimum.interval())));
    if let Some(ties) = ties(optimum) {
        line(format_args!("{ties}"));
    }
    for told in lines(decision) {
        line(format_args!("{told}"));
    }
    line(format_args!(
        "\n{}",
        matrix_text(&optimum.cells(), decision, terminal).trim_end()
    ));
    let mut columns = vec![Column {
        name: "chosen".to_owned(),
        threshold: optimum.threshold(),
        cells: optimum.cells(),
        value: Some(optimum.value()),
    }];
    columns.extend(decision.alternatives.iter().map(|(name, point)| {
        // What violates a constraint is no choice.
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
        comparison(decision, &columns).trim_end()
    ));
    if columns.iter().any(|column| column.name.ends_with('*')) {
        line(format_args!("* violates a constraint"));
    }
    text
}

pub(super) fn matrix_text(cells: &Cells, decision: &Decision, terminal: Terminal) -> String {
    let names = decision.classes.labels.each_ref().map(ToString::to_string);
    let digits = if decision.partial.is_weighted() { 3 } else { 0 };
    text_cells("", &names, cells, digits, terminal)
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
fn comparison(decision: &Decision, columns: &[Column]) -> String {
    let problem = &decision.problem;
    let told = decision
        .confidence
        .as_ref()
        .filter(|told| !told.intervals.is_empty());
    let mut rows = vec![vec![String::new()], vec!["threshold".to_owned()]];
    for (index, column) in columns.iter().enumerate() {
        let threshold = column.threshold;
        rows[0].push(column.name.clone());
        rows[1].push(threshold.map_or_else(|| "none".to_owned(), |value| format!("{value:.6}")));
        if let Some(told) = told.filter(|_| index == 0) {
            rows[0].push(interval_title(told));
            rows[1].push(threshold_text(decision));
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
            if index == 0 && told.is_some() {
                row.push(interval_text(decision, metric));
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
    let [lower, upper] = [interval.lower(), interval.upper()].map(|end| end.map(Threshold::value));
    match (lower, upper) {
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
    let others = optimum
        .tied()
        .iter()
        .filter(|&&tied| tied != optimum.threshold());
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
