//! What `cutpoint check` says in words: the result for people and logs, reasons, warnings.

use std::fmt::Write as _;

use cutpoint_choose::{Cause, Checked, CheckedConstraint, Doubt, Drift, OperatingPoint};
use cutpoint_core::counted;
use cutpoint_metrics::Verdict;
use cutpoint_plot::{Terminal, text_cells};

use crate::mixed_up::{self, TakenFor};

/// The result, with the cells as a table.
pub(super) fn as_text(checked: &Checked, point: &OperatingPoint, terminal: Terminal) -> String {
    let labels = &checked.classes.labels;
    let mut text = String::new();
    let mut line = |written: std::fmt::Arguments<'_>| {
        text.write_fmt(written).expect("a String takes all text");
        text.push('\n');
    };
    line(format_args!(
        "threshold {:?}, positive class `{}`, chosen to {}",
        point.threshold().value(),
        labels[1],
        point.objective(),
    ));
    if let Some(prevalence) = checked.at_prevalence {
        line(format_args!("at a prevalence of {prevalence}"));
    }
    if let Some(n_rows) = checked.per_rows {
        line(format_args!(
            "counts and costs for {}",
            counted(n_rows, "row")
        ));
    }
    line(format_args!(""));
    if checked.constraints.is_empty() {
        line(format_args!(
            "it was chosen without constraints: nothing has to hold"
        ));
    }
    let names = checked
        .constraints
        .iter()
        .map(|checked| checked.constraint.to_string())
        .collect::<Vec<_>>();
    let width = names.iter().map(String::len).max().unwrap_or_default();
    for (name, constraint) in names.iter().zip(&checked.constraints) {
        let sort = match constraint.verdict {
            Verdict::Holds => "holds",
            Verdict::WithinError => "within error",
            Verdict::Broken => "broken",
            Verdict::Undefined => "undefined",
        };
        let then = four(constraint.then);
        line(format_args!(
            "{sort:12}  {name:width$}  {}, {then} then",
            measured(constraint)
        ));
    }
    line(format_args!(
        "\n{:10} {:>10} {:>10} {:>10}",
        "drift", "then", "now", "p"
    ));
    for drift in &checked.drift {
        let p = match drift.p {
            Some(p) if p < 0.0001 => "<0.0001".to_owned(),
            p => four(p),
        };
        line(format_args!(
            "{:10} {:>10} {:>10} {p:>10}",
            drift.watched.name(),
            four(drift.then),
            four(drift.now)
        ));
    }
    let names = labels.each_ref().map(ToString::to_string);
    let digits = if checked.is_weighted { 3 } else { 0 };
    let table = text_cells("", &names, &checked.cells, digits, terminal);
    line(format_args!("\n{}", table.trim_end()));
    text
}

/// Why the point does not hold; nothing if it does.
pub(super) fn reasons(checked: &Checked, point: &OperatingPoint) -> Vec<String> {
    let failed = checked.failed().map(|failed| {
        let constraint = &failed.constraint;
        let sort = match failed.verdict {
            Verdict::Undefined => {
                let has_both = checked.cells.positives() > 0.0 && checked.cells.negatives() > 0.0;
                let problem = point.problem();
                let why = problem.map_or(failed.metric.undefined_when(), |problem| {
                    problem.undefined_when(&failed.metric, has_both)
                });
                return format!("`{constraint}` cannot be judged: {why}");
            }
            Verdict::Broken => "broken",
            _ => "missed within error",
        };
        format!("`{constraint}` is {sort}, at {}", measured(failed))
    });
    failed.chain(causes(&checked.causes)).collect()
}

/// What may explain that a point does not hold: one sentence, if anything.
fn causes(causes: &[Cause]) -> Option<String> {
    let shares = |drifted: &[Drift]| {
        let told = drifted.iter().map(|drift| {
            let p = match drift.p {
                Some(p) if p < 0.0001 => "p < 0.0001".to_owned(),
                p => format!("p = {}", four(p)),
            };
            let (then, now) = (four(drift.then), four(drift.now));
            format!("{} {then} then, {now} now ({p})", drift.watched.name())
        });
        told.collect::<Vec<_>>().join(", ")
    };
    let told = causes.iter().map(|cause| match cause {
        Cause::PrevalenceDrift(drift) => format!(
            "the prevalence has drifted: {}",
            shares(std::slice::from_ref(drift))
        ),
        Cause::ScoreDrift(drifted) => format!("the scores have drifted: {}", shares(drifted)),
        Cause::Chance => "chance alone may do that, but `--strict` was asked for".to_owned(),
        Cause::Untested => {
            "whether something has drifted cannot be tested, as rows have weights".to_owned()
        }
        _ => {
            "no drift is found: the rows it was chosen on may have been too few, or left no margin"
                .to_owned()
        }
    });
    let told = told.collect::<Vec<_>>();
    (!told.is_empty()).then(|| told.join("; "))
}

/// What is odd about the scores, and what makes the answer doubtful.
pub(super) fn warnings(checked: &Checked) -> Vec<String> {
    let taken_for = TakenFor::by(checked.matrix.threshold);
    let mut warnings =
        mixed_up::warnings(&checked.survey, Some(&checked.classes.labels), taken_for);
    let weights = |are_there| if are_there { "with" } else { "without" };
    let doubts = checked.doubts.iter().filter_map(|doubt| match doubt {
        Doubt::ClassMissing(class) => Some(format!(
            "no row is of class `{class}`: what needs both classes is undefined"
        )),
        Doubt::SameMatrix => Some(
            "as many rows and the same matrix as where the point was chosen: if these are the same rows, they prove \
             nothing"
                .to_owned(),
        ),
        &Doubt::NeverMet(place) => {
            let missed = &checked.constraints[place];
            Some(format!(
                "`{}` is missed, at {}, but nothing has changed by more than chance explains: the point was chosen on \
                 too few rows, or without a margin",
                missed.constraint,
                measured(missed)
            ))
        }
        &Doubt::WeightsDiffer { then, now } => Some(format!(
            "chosen on rows {} weights, checked on rows {}",
            weights(then),
            weights(now)
        )),
        _ => None,
    });
    warnings.extend(doubts);
    warnings
}

/// A value with its interval.
fn measured(constraint: &CheckedConstraint) -> String {
    let value = four(constraint.value);
    match constraint.interval {
        Some([low, high]) => format!("{value} [{}, {}]", four(Some(low)), four(Some(high))),
        None => value,
    }
}

fn four(value: Option<f64>) -> String {
    value.map_or_else(|| "-".to_owned(), |value| format!("{value:.4}"))
}
