//! One threshold for all groups, and one for each by itself, side by side.
//!
//! It refuses to say which is fair.

use std::fmt::Write as _;

use anyhow::Context;
use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{Cells, Choice, Gap, Problem, Search, Step, gaps};

use super::answer::{aligned, number, objective_json, shown};
use super::question::Question;
use super::search::{finish, max_ranges};
use crate::gather::Source;
use crate::groups::LEAST_MEMORY;
use crate::json::Json;
use crate::matrix::matrix_keys;
use crate::mixed_up::TakenFor;

/// What was chosen for all rows and for each group.
pub(super) struct Groups {
    problem: Problem,
    names: Vec<String>,
    shared: Choice,
    /// The cells of each group at the shared threshold, if there is one.
    at_shared: Option<Vec<Cells>>,
    own: Vec<Choice>,
    labels: [Label; 2],
    is_weighted: bool,
    /// How often the file was read.
    n_passes: usize,
    /// What is odd about the rows.
    pub(super) warnings: Vec<String>,
}

pub(super) fn choose(
    source: &Source,
    question: &Question,
    memory: usize,
) -> anyhow::Result<Groups> {
    source.refuse_second_pass()?;
    let problem = &question.problem;
    let whole = source.sweep(memory, &[])?;
    let search = Search::of(&whole.partial, [problem.clone()])?;
    let search = finish(search, source, &whole.partial, memory)?;
    let mut n_passes = search.n_passes();
    let shared = only_choice(&search);
    let is_weighted = whole.partial.is_weighted();
    let warnings = whole.warnings(TakenFor::Ranks);
    drop(whole);

    let threshold = shared
        .found()
        .and_then(cutpoint_metrics::Optimum::threshold);
    let threshold = threshold.map(Threshold::new).transpose()?;
    let gathered = source.sweep_groups(memory, threshold.as_slice())?;
    n_passes += gathered.n_passes;
    let mut names = Vec::new();
    let mut searches = Vec::new();
    let mut at_shared = Vec::new();
    for (name, partial) in gathered.groups {
        at_shared.push(match threshold {
            Some(threshold) => partial.cell_bounds(threshold).fewest(),
            None => partial.edges().cells(0),
        });
        searches.push(Search::of(&partial, [problem.clone()])?);
        names.push(name);
    }
    n_passes += finish_all(&mut searches, &names, source, memory)?;
    let own = searches.iter().map(only_choice).collect();
    Ok(Groups {
        problem: problem.clone(),
        names,
        at_shared: shared.found().map(|_| at_shared),
        shared,
        own,
        labels: gathered.labels,
        is_weighted,
        n_passes,
        warnings,
    })
}

/// What came out for the one problem of a search.
fn only_choice(search: &Search) -> Choice {
    let choice = search.choices().pop();
    choice.expect("one was asked for")
}

/// Reads the file again until nothing is open in any group; each pass is common to as many groups as memory allows. How
/// many passes it took.
fn finish_all(
    searches: &mut [Search],
    names: &[String],
    source: &Source,
    memory: usize,
) -> anyhow::Result<usize> {
    let max_ranges = max_ranges(source);
    let mut n_passes = 0;
    loop {
        let is_open = |search: &mut Search| matches!(search.step(1), Step::NeedPass(_));
        let open = searches.iter_mut().zip(names);
        let mut open = open.filter_map(|(search, name)| is_open(search).then_some((name, search)));
        let mut open = open.by_ref().collect::<Vec<_>>();
        if open.is_empty() {
            return Ok(n_passes);
        }
        let taken = open.iter().map(|(_, search)| search.n_bytes()).sum();
        let memory = memory.saturating_sub(taken).max(memory / 4);
        open.truncate((memory / LEAST_MEMORY).max(1));
        let each = memory / open.len();
        let asked = open.iter_mut().filter_map(|(name, search)| {
            let Step::NeedPass(ranges) = search.step(max_ranges(each)) else {
                return None;
            };
            Some((name.as_str(), ranges))
        });
        let mut passes = source.sweep_groups_within(each, &asked.collect())?;
        for (name, search) in open {
            let pass = passes.remove(name);
            let pass = pass.context("each group that was asked for was swept")?;
            let fed = search.feed(&pass);
            fed.with_context(|| format!("{}, group `{name}`", source.shown()))?;
        }
        n_passes += 1;
    }
}

impl Groups {
    pub(super) fn is_found(&self) -> bool {
        self.shared.found().is_some()
    }

    /// Why there is no threshold for all groups together.
    pub(super) fn reason(&self) -> String {
        let metric = self.problem.objective().metric();
        match &self.shared {
            Choice::Undefined => format!(
                "{metric} is undefined at every threshold for all groups together: {}",
                metric.undefined_when()
            ),
            _ => "no threshold meets all constraints for all groups together".to_owned(),
        }
    }

    /// The cells of each group at its own threshold, if each has one.
    fn at_own(&self) -> Option<Vec<Cells>> {
        let cells = |choice: &Choice| choice.found().map(cutpoint_metrics::Optimum::cells);
        self.own.iter().map(cells).collect()
    }

    pub(super) fn as_json(&self) -> Json {
        let choice = |choice: &Choice| match choice.found() {
            Some(best) => {
                let matrix = matrix_keys(
                    best.threshold(),
                    &self.labels,
                    best.cells(),
                    self.is_weighted,
                );
                let objective = objective_json(self.problem.objective(), best.value());
                Json::object(matrix.chain([("objective".to_owned(), objective)]))
            }
            None => Json::Null,
        };
        let groups = self.names.iter().enumerate().map(|(index, name)| {
            let threshold = self
                .shared
                .found()
                .and_then(cutpoint_metrics::Optimum::threshold);
            let at_shared = self.at_shared.as_ref().map(|cells| {
                Json::object(matrix_keys(
                    threshold,
                    &self.labels,
                    cells[index],
                    self.is_weighted,
                ))
            });
            Json::object([
                ("group", Json::from(name)),
                ("at_shared", at_shared.unwrap_or(Json::Null)),
                ("own", choice(&self.own[index])),
            ])
        });
        let sizes = |cells: Option<&[Cells]>| {
            cells.map_or(Json::Null, |cells| {
                let gaps = gaps(cells);
                Json::object(
                    gaps.iter()
                        .map(|gap| (gap.metric().name(), Json::from(gap.size()))),
                )
            })
        };
        Json::object([
            ("prevalence", self.problem.prevalence().into()),
            ("shared", choice(&self.shared)),
            ("groups", Json::List(groups.collect())),
            ("gaps_at_shared", sizes(self.at_shared.as_deref())),
            ("gaps_at_own", sizes(self.at_own().as_deref())),
            ("n_passes", self.n_passes.into()),
            ("warnings", Json::list(&self.warnings)),
        ])
    }

    pub(super) fn as_text(&self) -> String {
        let mut text = String::new();
        match self.shared.found() {
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
        if self.problem.prevalence().is_some() {
            text.push_str("metrics of the rows as they are, not at that prevalence\n\n");
        }
        if let Some(cells) = &self.at_shared {
            text.push_str("at that threshold\n");
            text.push_str(&self.table(&gaps(cells), None));
        }
        let own = self.own.iter().map(|choice| match choice {
            Choice::Found(best) => shown(best.threshold()),
            Choice::Undefined => format!("{} is undefined", self.problem.objective().metric()),
            Choice::Infeasible(_) => "none meets all".to_owned(),
        });
        text.push_str("\nat a threshold for each group\n");
        let own = own.collect::<Vec<_>>();
        if let Some(cells) = self.at_own() {
            text.push_str(&self.table(&gaps(&cells), Some(own)));
        } else {
            for (name, threshold) in self.names.iter().zip(own) {
                writeln!(text, "{name}: {threshold}").expect("a String takes all text");
            }
        }
        text
    }

    /// Metrics by group, and the gap between the highest and the lowest.
    fn table(&self, gaps: &[Gap], thresholds: Option<Vec<String>>) -> String {
        let mut head = vec![String::new()];
        head.extend(self.names.iter().cloned());
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
