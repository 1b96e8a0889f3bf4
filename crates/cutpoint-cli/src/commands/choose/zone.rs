//! Two thresholds with a zone between them that is left to somebody else.

use std::fmt::Write as _;

use cutpoint_choose::{FoundZone, View, reject_zone_from};
use cutpoint_metrics::Costs;

use super::answer::{holds_for, interval_json};
use super::text::{number, shown};
use crate::console::Terminal;
use crate::gather::{Source, warnings};
use crate::json::Json;
use crate::matrix::MatrixTable;
use crate::mixed_up::TakenFor;

/// The zone, and what is odd about the rows.
pub(super) struct Zone {
    found: FoundZone,
    prevalence: Option<f64>,
    pub(super) warnings: Vec<String>,
}

/// Finds the cheapest zone.
pub(super) fn choose(
    view: &View<'_, Source>,
    costs: &Costs,
    reject_cost: f64,
    prevalence: Option<f64>,
    memory: usize,
) -> anyhow::Result<Zone> {
    let found = reject_zone_from(view, costs, reject_cost, prevalence, memory)?;
    let warnings = warnings(&found.first, TakenFor::Ranks);
    Ok(Zone {
        found,
        prevalence,
        warnings,
    })
}

impl Zone {
    pub(super) fn as_json(&self) -> Json {
        let (zone, first) = (&self.found.zone, &self.found.first);
        let is_weighted = first.partial.is_weighted();
        let kept = zone.kept();
        let number = |cell| crate::matrix::number(cell, is_weighted);
        let matrix = kept
            .to_sklearn()
            .map(|row| Json::List(row.map(number).into()));
        Json::object([
            ("upper_threshold", Json::from(zone.upper())),
            ("lower_threshold", zone.lower().into()),
            ("upper_interval", interval_json(zone.upper_interval())),
            ("lower_interval", interval_json(zone.lower_interval())),
            ("labels", Json::list(first.labels())),
            ("confusion_matrix", Json::List(matrix.into())),
            ("rejected_positives", number(zone.rejected_positives())),
            ("rejected_negatives", number(zone.rejected_negatives())),
            ("cost", zone.cost().into()),
            ("at_prevalence", self.prevalence.into()),
            ("coverage", zone.coverage().into()),
            ("error_rate", zone.error_rate().into()),
            ("n_passes", self.found.n_passes.into()),
            ("warnings", Json::list(&self.warnings)),
        ])
    }

    pub(super) fn as_text(&self, terminal: Terminal) -> String {
        let (zone, first) = (&self.found.zone, &self.found.first);
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
        if let Some(prevalence) = self.prevalence {
            line(format_args!(
                "at a prevalence of {prevalence}; the matrix is that of the rows"
            ));
        }
        let names = first.labels().each_ref().map(ToString::to_string);
        let values = ndarray::arr2(&zone.kept().to_sklearn());
        let table = MatrixTable {
            title: "",
            names: &names,
            values: values.view(),
            digits: if is_weighted { 3 } else { 0 },
            terminal,
        };
        line(format_args!("\n{}", table.to_string().trim_end()));
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
}
