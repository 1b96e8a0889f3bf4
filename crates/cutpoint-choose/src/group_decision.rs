//! One threshold for all groups, and one for each by itself, in common passes over the rows.

use std::collections::BTreeMap;

use cutpoint_metrics::{Cells, Problem, Result, ScoreSurvey};

use crate::{Choice, Classes, LEAST_MEMORY, Optimum, RowSource, Search, Step, View};

/// What was chosen for all rows and for each group.
#[derive(Debug, Clone)]
pub struct GroupDecision {
    /// What was chosen for.
    pub problem: Problem,
    /// The groups, ascending by name.
    pub names: Vec<String>,
    /// The choice for all rows together.
    pub shared: Choice,
    /// The cells of each group at the shared threshold, if there is one.
    pub at_shared: Option<Vec<Cells>>,
    /// The choice for each group by itself.
    pub own: Vec<Choice>,
    /// What the classes are called.
    pub classes: Classes,
    /// Whether the cells are sums of weights.
    pub is_weighted: bool,
    /// How often the rows were read.
    pub n_passes: usize,
    /// What may be odd about the scores.
    pub survey: ScoreSurvey,
}

impl GroupDecision {
    /// The cells of each group at its own threshold, if each has one.
    pub fn at_own(&self) -> Option<Vec<Cells>> {
        let cells = |choice: &Choice| choice.found().map(Optimum::cells);
        self.own.iter().map(cells).collect()
    }
}

/// Finds the best threshold of all rows, and of the rows of each group.
///
/// The rows have to be read at least twice: what the cells of groups are at the shared threshold is known when that is.
///
/// # Errors
/// Those of [`Problem::check`], [`RowSource::run`] and [`RowSource::refuse_second_pass`].
///
/// # Panics
/// If the source leaves out what a pass asks for.
pub fn choose_by_group_from<S: RowSource>(
    view: &View<'_, S>,
    problem: &Problem,
    memory: usize,
) -> Result<GroupDecision, S::Error> {
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    view.source.refuse_second_pass()?;
    let whole = view.sweep(memory, &[])?;
    let search = Search::of(&whole.partial, [problem.clone()]).map_err(wrong)?;
    let search = view.finish(search, &whole.partial, memory)?;
    let mut n_passes = search.n_passes();
    let shared = only_choice(&search);
    let is_weighted = whole.partial.is_weighted();
    let survey = ScoreSurvey::of_partial(&whole.partial);
    drop(whole);

    let threshold = shared.found().and_then(Optimum::threshold);
    let swept = view.sweep_groups(memory, threshold.as_slice())?;
    n_passes += swept.n_passes;
    let mut names = Vec::new();
    let mut searches = Vec::new();
    let mut at_shared = Vec::new();
    for (name, partial) in swept.groups {
        at_shared.push(match threshold {
            Some(threshold) => partial.cell_bounds(threshold).lower(),
            None => partial.edges().cells(0),
        });
        searches.push(Search::of(&partial, [problem.clone()]).map_err(wrong)?);
        names.push(name);
    }
    n_passes += finish_all(&mut searches, &names, view, memory)?;
    Ok(GroupDecision {
        problem: problem.clone(),
        own: searches.iter().map(only_choice).collect(),
        names,
        at_shared: shared.found().map(|_| at_shared),
        shared,
        classes: swept.classes,
        is_weighted,
        n_passes,
        survey,
    })
}

/// What came out for the one problem of a search.
fn only_choice(search: &Search) -> Choice {
    let choice = search.choices().pop();
    choice.expect("one was asked for")
}

/// Reads the rows again until nothing is open in any group; each pass is common to as many groups as memory allows. How
/// many passes it took.
fn finish_all<S: RowSource>(
    searches: &mut [Search],
    names: &[String],
    view: &View<'_, S>,
    memory: usize,
) -> Result<usize, S::Error> {
    let mut n_passes = 0;
    loop {
        let is_open = |search: &mut Search| matches!(search.step(1), Step::NeedPass(_));
        let open = searches.iter_mut().zip(names);
        let open = open.filter_map(|(search, name)| is_open(search).then_some((name, search)));
        let mut open = open.collect::<Vec<_>>();
        if open.is_empty() {
            return Ok(n_passes);
        }
        let taken = open.iter().map(|(_, search)| search.n_bytes()).sum();
        let memory = memory.saturating_sub(taken).max(memory / 4);
        open.truncate((memory / LEAST_MEMORY).max(1));
        let each = memory / open.len();
        let asked = open.iter_mut().filter_map(|(name, search)| {
            let Step::NeedPass(ranges) = search.step(view.max_ranges(each)) else {
                return None;
            };
            Some(((*name).clone(), ranges))
        });
        let asked = asked.collect::<BTreeMap<_, _>>();
        let mut passes = view.sweep_groups_within(each, &asked)?;
        for (name, search) in open {
            let pass = passes
                .remove(name)
                .expect("each group that was asked for was swept");
            search
                .feed(&pass)
                .map_err(|error| view.source.error(error.into()))?;
        }
        n_passes += 1;
    }
}
