//! One threshold for all groups, and one for each by itself, side by side.

use std::fmt::Write as _;

use cutpoint_choose::{GroupDecision, View, choose_by_group_from};
use cutpoint_metrics::{Cells, Choice, Gap, Problem, gaps};

use super::answer::objective_json;
use super::question::Question;
use super::text::{aligned, number, shown};
use crate::gather::{Source, warnings_of};
use crate::json::Json;
use crate::matrix::matrix_keys_at;
use crate::mixed_up::TakenFor;

/// What was chosen for all rows and for each group.
pub(super) struct Groups {
    problem: Problem,
    found: GroupDecision,
    /// What is odd about the rows.
    pub(super) warnings: Vec<String>,
}

pub(super) fn choose(
    view: &View<'_, Source>,
    question: &Question,
    memory: usize,
) -> anyhow::Result<Groups> {
    let found = choose_by_group_from(view, &question.problem, memory)?;
    let warnings = warnings_of(&found.survey, &found.classes, TakenFor::Ranks);
    Ok(Groups {
        problem: question.problem.clone(),
        found,
        warnings,
    })
}

impl Groups {
    pub(super) fn is_found(&self) -> bool {
        self.found.shared.found().is_some()
    }

    /// Why there is no threshold for all groups together.
    pub(super) fn reason(&self) -> String {
        let metric = self.problem.objective().metric();
        match &self.found.shared {
            Choice::Undefined => format!(
                "{metric} is undefined at every threshold for all groups together: {}",
                self.problem
                    .undefined_when(metric, self.found.classes.present.len() > 1)
            ),
            _ => "no threshold meets all constraints for all groups together".to_owned(),
        }
    }

    pub(super) fn as_json(&self) -> Json {
        let choice = |choice: &Choice| match choice.found() {
            Some(best) => {
                let matrix = matrix_keys_at(
                    self.problem.prevalence(),
                    best.threshold(),
                    &self.found.classes.labels,
                    best.cells(),
                    self.found.is_weighted,
                );
                let objective = objective_json(self.problem.objective(), best.value());
                Json::object(matrix.chain([("objective".to_owned(), objective)]))
            }
            None => Json::Null,
        };
        let groups = self.found.names.iter().enumerate().map(|(index, name)| {
            let threshold = self
                .found
                .shared
                .found()
                .and_then(cutpoint_metrics::Optimum::threshold);
            let at_shared = self.found.at_shared.as_ref().map(|cells| {
                Json::object(matrix_keys_at(
                    self.problem.prevalence(),
                    threshold,
                    &self.found.classes.labels,
                    cells[index],
                    self.found.is_weighted,
                ))
            });
            Json::object([
                ("group", Json::from(name)),
                ("at_shared", at_shared.unwrap_or(Json::Null)),
                ("own", choice(&self.found.own[index])),
            ])
        });
        let sizes = |cells: Option<&[Cells]>| {
            cells.map_or(Json::Null, |cells| {
                let gaps = gaps(cells, self.problem.prevalence());
                Json::object(
                    gaps.iter()
                        .map(|gap| (gap.metric().name(), Json::from(gap.size()))),
                )
            })
        };
        Json::object([
            ("at_prevalence", self.problem.prevalence().into()),
            ("shared", choice(&self.found.shared)),
            ("groups", Json::List(groups.collect())),
            ("gaps_at_shared", sizes(self.found.at_shared.as_deref())),
            ("gaps_at_own", sizes(self.found.at_own().as_deref())),
            ("n_passes", self.found.n_passes.into()),
            ("warnings", Json::list(&self.warnings)),
        ])
    }

    pub(super) fn as_text(&self) -> String {
        let mut text = String::new();
        match self.found.shared.found() {
            Some(best) => writeln!(
                text,
                "threshold {} for all groups: {}, {}\n",
                shown(best.threshold()),
                self.problem,
                number(best.value())
            ),
            None => writeln!(
                text,
                "no threshold for all groups together: {}\n",
                self.problem
            ),
        }
        .expect("a String takes all text");
        if let Some(prevalence) = self.problem.prevalence() {
            writeln!(
                text,
                "metrics at a prevalence of {prevalence} in each group\n"
            )
            .expect("a String takes all text");
        }
        if let Some(cells) = &self.found.at_shared {
            text.push_str("at that threshold\n");
            text.push_str(&self.table(&gaps(cells, self.problem.prevalence()), None));
        }
        let own = self.found.own.iter().map(|choice| match choice {
            Choice::Found(best) => shown(best.threshold()),
            Choice::Undefined => format!("{} is undefined", self.problem.objective().metric()),
            Choice::Infeasible(_) => "none meets all".to_owned(),
        });
        text.push_str("\nat a threshold for each group\n");
        let own = own.collect::<Vec<_>>();
        if let Some(cells) = self.found.at_own() {
            text.push_str(&self.table(&gaps(&cells, self.problem.prevalence()), Some(own)));
        } else {
            for (name, threshold) in self.found.names.iter().zip(own) {
                writeln!(text, "{name}: {threshold}").expect("a String takes all text");
            }
        }
        text
    }

    /// Metrics by group, and the gap between the highest and the lowest.
    fn table(&self, gaps: &[Gap], thresholds: Option<Vec<String>>) -> String {
        let mut head = vec![String::new()];
        head.extend(self.found.names.iter().cloned());
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
}
