//! The passes over a file that a choice takes: once over all rows, and again where the optimum can be.
//!
//! It refuses to judge thresholds; `Search` does that.

use anyhow::Context;
use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{
    Cells, Choice, FrontierPoint, Goal, Interval, Objective, Oddity, PartialSweep,
    PartialSweepBuilder, Point, Problem, ScoreSurvey, Search, Step, bayes_threshold_of,
};

use super::question::Question;
use crate::gather::{Gathered, Source};
use crate::mixed_up::TakenFor;

/// What the passes found.
pub(super) struct Looked {
    pub(super) choice: Choice,
    /// What the choice is compared with, by name.
    pub(super) alternatives: Vec<(&'static str, Point)>,
    /// The first pass; the whole sweep, if it fits into memory.
    pub(super) partial: PartialSweep,
    pub(super) labels: [Label; 2],
    pub(super) n_passes: usize,
    /// What is odd about the rows.
    pub(super) warnings: Vec<String>,
}

/// Finds the best threshold of all rows, and what it is compared with.
pub(super) fn look(source: &Source, question: &Question, memory: usize) -> anyhow::Result<Looked> {
    let problem = &question.problem;
    let first = source.sweep(memory, &known_thresholds(problem))?;
    let others = others(problem);
    let problems = std::iter::once(problem).chain(others.iter().map(|(_, problem)| problem));
    let search = Search::of(&first.partial, problems.cloned())?;
    let search = finish(search, source, &first.partial, memory)?;
    let mut choices = search.choices().into_iter();
    let choice = choices.next().expect("the problem itself comes first");

    let point = |threshold: Threshold, cells: Cells, interval: Interval| {
        Point::new(Some(threshold.value()), interval, cells, problem)
    };
    let mut alternatives = Vec::new();
    let mut n_passes = search.n_passes();
    for (name, threshold) in fixed_thresholds(problem, &first) {
        let (cells, interval) = if let Some(known) = known_at(&first.partial, threshold) {
            known
        } else {
            n_passes += 1;
            let counted = source.count_at(&[Some(threshold)])?.0.pop();
            let counted = counted.expect("one threshold was asked for");
            (counted.cells, Interval::at(threshold))
        };
        alternatives.push((name, point(threshold, cells, interval)));
    }
    for ((name, _), choice) in others.iter().zip(choices) {
        if let Choice::Found(best) = choice {
            let point = Point::new(best.threshold(), best.interval(), best.cells(), problem);
            alternatives.push((*name, point));
        }
    }
    let prices = prices(source, problem, &first.partial, &alternatives)?;
    if let Some(prices) = prices {
        n_passes += usize::from(prices.took_a_pass);
        for ((_, point), value) in alternatives.iter_mut().zip(prices.values) {
            *point = point.clone().with_value(value);
        }
    }
    let warnings = first.warnings(TakenFor::Probabilities);
    Ok(Looked {
        choice,
        alternatives,
        partial: first.partial,
        labels: first.labels,
        n_passes,
        warnings,
    })
}

/// What rows cost by themselves at some thresholds.
struct Prices {
    values: Vec<Option<f64>>,
    took_a_pass: bool,
}

/// What the alternatives cost, if rows cost by themselves: by the first pass, or by one more where that does not tell.
fn prices(
    source: &Source,
    problem: &Problem,
    first: &PartialSweep,
    alternatives: &[(&'static str, Point)],
) -> anyhow::Result<Option<Prices>> {
    if !problem.objective().metric().is_of_amounts() {
        return Ok(None);
    }
    let prevalence = problem.prevalence();
    let thresholds = alternatives.iter().map(|(_, point)| point.threshold());
    let thresholds = thresholds.map(|threshold| threshold.map(Threshold::new).transpose());
    let thresholds = thresholds.collect::<Result<Vec<_>, _>>()?;
    let values = thresholds.iter();
    let values = values.map(|&threshold| first.cost_at(threshold, prevalence));
    let values = values.collect::<Result<Vec<_>, _>>()?;
    let is_missing = |place: &usize| values[*place].is_none();
    let missing = (0..values.len()).filter(is_missing).collect::<Vec<_>>();
    let mut prices = Prices {
        values,
        took_a_pass: !missing.is_empty() && !first.is_exact() && !source.is_read_once(),
    };
    if prices.took_a_pass {
        let asked = missing.iter().map(|&place| thresholds[place]);
        let (counted, _) = source.count_at(&asked.collect::<Vec<_>>())?;
        for (place, counted) in missing.into_iter().zip(counted) {
            prices.values[place] = counted.costs.total(prevalence)?;
        }
    }
    Ok(Some(prices))
}

/// The cells at a threshold and the thresholds that share them, if the first pass tells.
fn known_at(partial: &PartialSweep, threshold: Threshold) -> Option<(Cells, Interval)> {
    let bounds = partial.cell_bounds(threshold);
    let interval = partial.interval(partial.edges().index_at(threshold));
    bounds.is_exact().then(|| (bounds.fewest(), interval))
}

/// Reads the file again until nothing is open, while the first pass is kept.
pub(in crate::commands) fn finish(
    search: Search,
    source: &Source,
    first: &PartialSweep,
    memory: usize,
) -> anyhow::Result<Search> {
    // What a bin of the first pass takes while it is kept.
    let bin_bytes = match source.costs {
        Some(_) => 112,
        None if first.is_weighted() => 48,
        None => 32,
    };
    pass_until_done(search, source, bin_bytes * first.n_bins(), memory)
}

/// Reads the file again until nothing is open, while so many bytes are taken already.
fn pass_until_done(
    mut search: Search,
    source: &Source,
    n_bytes: usize,
    memory: usize,
) -> anyhow::Result<Search> {
    let max_ranges = max_ranges(source);
    loop {
        let taken = search.n_bytes() + n_bytes;
        let memory = memory.saturating_sub(taken).max(memory / 4);
        match search.step(max_ranges(memory)) {
            Step::Done(_) => return Ok(search),
            Step::NeedPass(ranges) => {
                let pass = source.sweep_within(memory, &ranges)?;
                search.feed(&pass).with_context(|| source.shown())?;
            }
        }
    }
}

/// How many ranges a pass over a file can tell apart in so much memory.
pub(super) fn max_ranges(source: &Source) -> fn(usize) -> usize {
    match source.costs {
        Some(_) => PartialSweepBuilder::max_ranges_with_costs,
        None => PartialSweepBuilder::max_ranges,
    }
}

/// A frontier, and what is told of the rows that it is of.
pub(super) struct LookedFrontier {
    pub(super) points: Vec<FrontierPoint>,
    pub(super) labels: [Label; 2],
    pub(super) is_weighted: bool,
    /// What is odd about the rows.
    pub(super) warnings: Vec<String>,
}

/// The frontier of two objectives.
pub(super) fn frontier(
    source: &Source,
    question: &Question,
    second: &Objective,
    memory: usize,
) -> anyhow::Result<LookedFrontier> {
    /// What a few bins or thresholds take.
    const LEAST: usize = 1 << 13;
    let share = |of: usize| (memory / of).max(LEAST);
    let most_points = share(2) / size_of::<FrontierPoint>();
    // Nearly all bins may stay open, and each takes more then than while it was counted. What is read once is read as well
    // as it can be.
    let first = source.sweep(
        if source.is_read_once() {
            memory
        } else {
            share(8)
        },
        &[],
    )?;
    let warnings = first.warnings(TakenFor::Ranks);
    let Gathered {
        partial, labels, ..
    } = first;
    let is_weighted = partial.is_weighted();
    let sought = Search::of(&partial, [])?;
    let sought = sought.and_frontier(&partial, &question.problem, second, most_points);
    drop(partial);
    let found = sought.with_context(|| source.shown())?;
    let found = pass_until_done(found, source, 0, memory)?;
    Ok(LookedFrontier {
        points: found.into_frontier().expect("one was asked for"),
        labels,
        is_weighted,
        warnings,
    })
}

/// Other problems whose answers stand beside the choice: usual ones at the same prevalence, and the same one without its
/// constraints.
fn others(problem: &Problem) -> Vec<(&'static str, Problem)> {
    let at_prevalence = |objective: Objective| {
        let other = Problem::new(objective);
        match problem.prevalence() {
            Some(prevalence) => other.at_prevalence(prevalence),
            None => other,
        }
    };
    let best = |metric: &str| {
        let metric = metric.parse().expect("a name of the catalogue");
        at_prevalence(Objective::new(metric, Goal::Maximize))
    };
    let mut others = vec![("max_f1", best("f1")), ("max_youden", best("youden"))];
    if !problem.constraints().is_empty() {
        others.push(("unconstrained", at_prevalence(problem.objective().clone())));
    }
    others
}

/// Thresholds of interest that no data are needed for.
fn known_thresholds(problem: &Problem) -> Vec<Threshold> {
    let bayes = match problem.prevalence() {
        // It depends on the prevalence of the data.
        Some(_) => None,
        None => bayes_threshold_of(problem, 0.5),
    };
    let bayes = bayes.and_then(|threshold| Threshold::new(threshold).ok());
    std::iter::once(Threshold::HALF).chain(bayes).collect()
}

/// Thresholds of interest that are not searched for.
fn fixed_thresholds(problem: &Problem, first: &Gathered) -> Vec<(&'static str, Threshold)> {
    let edges = first.partial.edges();
    let prevalence = edges.positives() / (edges.positives() + edges.negatives());
    // What follows from the costs of probabilities does not follow for other scores.
    let oddities = ScoreSurvey::of_partial(&first.partial).oddities();
    let is_outside = |oddity: &Oddity| matches!(oddity, Oddity::OutsideUnit { .. });
    let bayes = if oddities.iter().any(is_outside) {
        None
    } else {
        bayes_threshold_of(problem, prevalence)
    };
    let bayes = bayes.and_then(|threshold| Threshold::new(threshold).ok());
    let bayes = bayes.map(|threshold| ("bayes", threshold));
    std::iter::once(("half", Threshold::HALF))
        .chain(bayes)
        .collect()
}
