//! Why no threshold meets all constraints, in words.

use std::fmt::Write as _;

use cutpoint_choose::Infeasible;
use cutpoint_metrics::Problem;

use super::text::{number, shown};

/// What is in the way, in a line.
pub(super) fn reason(problem: &Problem, why: &Infeasible) -> String {
    let alone = why.alone().iter();
    let impossible = alone.filter(|alone| !alone.is_attainable()).map(|alone| {
        let best = alone.best_value().map_or_else(
            || "is undefined everywhere".to_owned(),
            |best| format!("{} at best", number(best)),
        );
        format!("`{}` ({best})", alone.constraint())
    });
    let impossible = impossible.collect::<Vec<_>>();
    if !impossible.is_empty() {
        return format!("no threshold meets {}", impossible.join(" or "));
    }
    let pairs = why.conflicts().iter().map(|&[first, second]| {
        format!(
            "`{}` and `{}`",
            text_of(problem, first),
            text_of(problem, second)
        )
    });
    let pairs = pairs.collect::<Vec<_>>();
    if pairs.is_empty() {
        return "no threshold meets all constraints together".to_owned();
    }
    format!(
        "no threshold meets both {}, nor all constraints",
        pairs.join(", nor both ")
    )
}

/// What each constraint could have alone, and what comes nearest.
pub(super) fn as_text(problem: &Problem, why: &Infeasible) -> String {
    let mut text = String::new();
    let mut line = |written: std::fmt::Arguments<'_>| {
        text.write_fmt(written).expect("a String takes all text");
        text.push('\n');
    };
    line(format_args!("no threshold: {}\n", reason(problem, why)));
    line(format_args!("alone, each could have"));
    for alone in why.alone() {
        let best = alone.best_value();
        line(format_args!(
            "  {}: {} at threshold {}{}",
            alone.constraint(),
            best.map_or_else(|| "-".to_owned(), number),
            shown(alone.point().and_then(|point| point.threshold)),
            if alone.is_attainable() {
                ""
            } else {
                ", which is not enough"
            }
        ));
    }
    for &place in why.binding() {
        line(format_args!(
            "without {} the others can be met",
            text_of(problem, place)
        ));
    }
    if let Some(nearest) = why.nearest() {
        line(format_args!(
            "\nnearest is threshold {}, short of a bound by {} of it at most:",
            shown(nearest.point().threshold),
            number(nearest.shortfall())
        ));
        for (constraint, value) in problem.constraints().iter().zip(nearest.values()) {
            let verdict = if constraint.is_met_by(*value) {
                "met"
            } else {
                "not met"
            };
            line(format_args!(
                "  {constraint}: {}, {verdict}",
                number(*value)
            ));
        }
    }
    text
}

fn text_of(problem: &Problem, place: usize) -> String {
    problem.constraints()[place].to_string()
}
