//! The points of curves as tables, and in words what is known of the curves besides.

use cutpoint_choose::{CurveParts, Curves};
use cutpoint_core::{Label, Labels};
use cutpoint_files::{Output, TableColumn, write_curve};
use cutpoint_metrics::{CurveColumn, CurveFact, CurveFacts, CurveTable};

use crate::console::Console;

/// A number for people.
fn rounded(value: Option<f64>) -> String {
    value.map_or_else(|| "undefined".to_owned(), |value| format!("{value:.4}"))
}

/// Thresholds that tie, for people.
fn thresholds(tied: &[Option<f64>]) -> String {
    const SHOWN: usize = 3;
    let shown = tied.iter().take(SHOWN).map(|threshold| {
        threshold.map_or_else(
            || "none (predict none)".to_owned(),
            |value| value.to_string(),
        )
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    match tied.len() {
        1 => format!("threshold {shown}"),
        ..=SHOWN => format!("thresholds {shown}"),
        n_tied => format!("thresholds {shown} and {} more", n_tied - SHOWN),
    }
}

/// What people want to know of a curve besides the points.
fn lines(facts: &CurveFacts) -> Vec<String> {
    let line = |(name, fact): (&'static str, &CurveFact)| {
        let CurveFact::Number(value) = fact else {
            return None;
        };
        Some(match name {
            // What was asked for, and what is told with another fact.
            "confidence"
            | "max_fpr"
            | "reliability"
            | "resolution"
            | "uncertainty"
            | "within_bin_variance"
            | "within_bin_covariance" => return None,
            "brier" => {
                let part = |name| rounded(facts.value(name));
                format!(
                    "brier {} = reliability {} - resolution {} + uncertainty {} + within-bin variance {} \
                     - within-bin covariance {}",
                    rounded(*value),
                    part("reliability"),
                    part("resolution"),
                    part("uncertainty"),
                    part("within_bin_variance"),
                    part("within_bin_covariance")
                )
            }
            "lowest_cost" => format!(
                "lowest cost {} a row at {}",
                rounded(*value),
                thresholds(facts.thresholds("lowest_cost_thresholds"))
            ),
            "ks" => match facts.thresholds("ks_thresholds") {
                [] => format!("ks {}", rounded(*value)),
                tied => format!("ks {} at {}", rounded(*value), thresholds(tied)),
            },
            name => format!("{name} {}", rounded(*value)),
        })
    };
    facts.iter().filter_map(line).collect()
}

/// Says what people want to know besides the points.
pub(super) fn tell(curves: &Curves, console: &mut Console) {
    let is_of_classes = matches!(curves.parts, CurveParts::Classes { .. });
    for (name, table) in curves.parts.tables() {
        for line in lines(table.facts()) {
            match &name {
                None => console.note(line),
                Some(class) if is_of_classes => {
                    console.note(format_args!("class `{class}`: {line}"));
                }
                Some(name) => console.note(format_args!("{name}: {line}")),
            }
        }
    }
    if let CurveParts::Classes { facts, .. } = &curves.parts {
        for line in lines(facts) {
            console.note(line);
        }
    }
}

/// Writes the points, those of one curve below those of another.
pub(super) fn write_table(curves: &Curves, output: &mut Output) -> anyhow::Result<()> {
    let named = curves.parts.tables();
    let names = named.iter().flat_map(|(name, table)| {
        let name = name.as_deref().unwrap_or_default();
        std::iter::repeat_n(name, table.n_points())
    });
    let names = names.collect::<Vec<_>>();
    let tables = named.iter().map(|(_, table)| *table).collect::<Vec<_>>();
    let classes = match &curves.parts {
        CurveParts::Classes { classes, .. } => {
            let classes = classes.iter().map(|one| one.class.clone());
            Some(classes_of_points(classes.collect(), &tables)?)
        }
        _ => None,
    };
    let first = match (&curves.parts, &classes) {
        (CurveParts::Models { .. }, _) => Some(("model", TableColumn::Texts(&names))),
        (CurveParts::Groups { .. }, _) => Some(("group", TableColumn::Texts(&names))),
        (_, Some(classes)) => Some(("class", TableColumn::Classes(classes))),
        _ => None,
    };
    let columns = joined(&tables);
    let columns = columns.iter().map(|(name, values)| {
        let values = match values {
            CurveColumn::Numbers(values) => TableColumn::Numbers(values),
            CurveColumn::Counts(values) => TableColumn::Counts(values),
        };
        (*name, values)
    });
    write_curve(
        output,
        &first.into_iter().chain(columns).collect::<Vec<_>>(),
    )?;
    Ok(())
}

/// The class of each point.
fn classes_of_points(classes: Vec<Label>, tables: &[&CurveTable]) -> cutpoint_core::Result<Labels> {
    let codes = (0..).zip(tables);
    let codes = codes.flat_map(|(code, table)| std::iter::repeat_n(code, table.n_points()));
    Labels::from_codes(codes.collect(), classes)
}

/// The columns of curves of one kind, one curve below the other.
fn joined(tables: &[&CurveTable]) -> Vec<(&'static str, CurveColumn)> {
    let names = tables.first().map(|table| table.columns());
    let names = names.into_iter().flatten().enumerate();
    let columns = names.map(|(place, (name, _))| {
        let values = tables.iter().map(|table| table.columns()[place].1.clone());
        let joined = values.reduce(below);
        (*name, joined.expect("the first curve has the column"))
    });
    columns.collect()
}

fn below(mut first: CurveColumn, second: CurveColumn) -> CurveColumn {
    match (&mut first, second) {
        (CurveColumn::Numbers(first), CurveColumn::Numbers(second)) => first.extend(second),
        (CurveColumn::Counts(first), CurveColumn::Counts(second)) => first.extend(second),
        _ => unreachable!("a column is of one kind in all curves of a run"),
    }
    first
}
