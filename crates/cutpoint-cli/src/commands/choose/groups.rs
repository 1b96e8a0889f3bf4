//! One threshold for all groups, and one for each by itself, side by side, in words.

use std::fmt::Write as _;

use cutpoint_choose::{Choice, Gap, GroupDecision, gaps};

use super::text::{aligned, number, shown};

/// Why there is no threshold for all groups together.
pub(super) fn reason(found: &GroupDecision) -> String {
    let metric = found.problem.objective().metric();
    match &found.shared {
        Choice::Undefined => format!(
            "{metric} is undefined at every threshold for all groups together: {}",
            found
                .problem
                .undefined_when(metric, found.classes.present.len() > 1)
        ),
        _ => "no threshold meets all constraints for all groups together".to_owned(),
    }
}

pub(super) fn as_text(found: &GroupDecision) -> String {
    let mut text = String::new();
    match found.shared.found() {
        Some(best) => writeln!(
            text,
            "threshold {} for all groups: {}, {}\n",
            shown(best.threshold()),
            found.problem,
            number(best.value())
        ),
        None => writeln!(
            text,
            "no threshold for all groups together: {}\n",
            found.problem
        ),
    }
    .expect("a String takes all text");
    if let Some(prevalence) = found.problem.prevalence() {
        writeln!(
            text,
            "metrics at a prevalence of {prevalence} in each group\n"
        )
        .expect("a String takes all text");
    }
    if let Some(cells) = &found.at_shared {
        text.push_str("at that threshold\n");
        text.push_str(&table(
            found,
            &gaps(cells, found.problem.prevalence()),
            None,
        ));
    }
    let own = found.own.iter().map(|choice| match choice {
        Choice::Found(best) => shown(best.threshold()),
        Choice::Undefined => format!("{} is undefined", found.problem.objective().metric()),
        Choice::Infeasible(_) => "none meets all".to_owned(),
    });
    text.push_str("\nat a threshold for each group\n");
    let own = own.collect::<Vec<_>>();
    if let Some(cells) = found.at_own() {
        text.push_str(&table(
            found,
            &gaps(&cells, found.problem.prevalence()),
            Some(own),
        ));
    } else {
        for (name, threshold) in found.names.iter().zip(own) {
            writeln!(text, "{name}: {threshold}").expect("a String takes all text");
        }
    }
    text
}

/// Metrics by group, and the gap between the highest and the lowest.
fn table(found: &GroupDecision, gaps: &[Gap], thresholds: Option<Vec<String>>) -> String {
    let mut head = vec![String::new()];
    head.extend(found.names.iter().cloned());
    head.push("gap".to_owned());
    let mut rows = vec![head];
    if let Some(thresholds) = thresholds {
        let mut row = vec!["threshold".to_owned()];
        row.extend(thresholds);
        rows.push(row);
    }
    let text = |value: Option<f64>| value.map_or_else(|| "-".to_owned(), number);
    for gap in gaps {
        let mut row = vec![gap.metric().name().to_owned()];
        row.extend(gap.values().iter().map(|&value| text(value)));
        row.push(text(gap.size()));
        rows.push(row);
    }
    aligned(&rows)
}
