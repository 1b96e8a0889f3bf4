//! Two thresholds with a zone between them that is left to somebody else, in words.

use std::fmt::Write as _;

use cutpoint_choose::FoundZone;
use cutpoint_plot::{Terminal, text_cells};

use super::answer::holds_for;
use super::text::{number, shown};

/// Both thresholds, the matrix outside the zone, and what is in it.
pub(super) fn as_text(found: &FoundZone, terminal: Terminal) -> String {
    let (zone, first) = (&found.zone, &found.first);
    let is_weighted = first.partial.is_weighted();
    let mut text = String::new();
    let mut line = |written: std::fmt::Arguments<'_>| {
        text.write_fmt(written).expect("a String takes all text");
        text.push('\n');
    };
    let [negative, positive] = first.labels();
    line(format_args!(
        "`{positive}` from {} up: {}",
        shown(zone.upper()),
        holds_for(zone.upper_interval())
    ));
    line(format_args!(
        "`{negative}` below {}: {}",
        shown(zone.lower()),
        holds_for(zone.lower_interval())
    ));
    if let Some(prevalence) = found.prevalence {
        line(format_args!(
            "at a prevalence of {prevalence}; the matrix is that of the rows"
        ));
    }
    let names = first.labels().each_ref().map(ToString::to_string);
    let digits = if is_weighted { 3 } else { 0 };
    let table = text_cells("", &names, &zone.accepted(), digits, terminal);
    line(format_args!("\n{}", table.trim_end()));
    line(format_args!(
        "\nrejected    {} `{positive}`, {} `{negative}`",
        zone.rejected_positives(),
        zone.rejected_negatives()
    ));
    line(format_args!("coverage    {}", number(zone.coverage())));
    let error_rate = zone.error_rate();
    line(format_args!(
        "error rate  {}",
        error_rate.map_or_else(|| "-".to_owned(), number)
    ));
    line(format_args!("cost        {}", number(zone.cost())));
    text
}
