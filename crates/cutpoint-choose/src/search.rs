//! The passes of a search: as many as it takes until nothing is open. What is open is known to
//! [`Search`](crate::Search).

use cutpoint_metrics::{Costs, Objective, PartialSweep, Problem, Result, ScoreSurvey};

use crate::{Classes, FrontierPoint, RejectZone, RowSource, Search, Step, Swept, View};

impl<S: RowSource> View<'_, S> {
    /// Reads the rows again until nothing is open in a search, while its first pass is kept.
    ///
    /// `memory`: bytes for the search, its passes and the first pass together.
    ///
    /// # Errors
    /// Those of [`View::sweep_within`]; [`cutpoint_metrics::Error::PassDiffers`] if the rows change meanwhile.
    pub fn finish(
        &self,
        search: Search,
        first: &PartialSweep,
        memory: usize,
    ) -> Result<Search, S::Error> {
        // What a bin of the first pass takes while it is kept.
        let bin_bytes = match self.costs {
            Some(_) => 112,
            None if first.is_weighted() => 48,
            None => 32,
        };
        self.pass_until_done(search, bin_bytes * first.n_bins(), memory)
    }

    /// Reads the rows again until nothing is open, while so many bytes are taken already.
    fn pass_until_done(
        &self,
        mut search: Search,
        n_bytes: usize,
        memory: usize,
    ) -> Result<Search, S::Error> {
        loop {
            let taken = search.n_bytes() + n_bytes;
            let memory = memory.saturating_sub(taken).max(memory / 4);
            match search.step(self.max_ranges(memory)) {
                Step::Done(_) => return Ok(search),
                Step::NeedPass(ranges) => {
                    let pass = self.sweep_within(memory, &ranges)?;
                    search
                        .feed(&pass)
                        .map_err(|error| self.source.error(error.into()))?;
                }
            }
        }
    }
}

/// A frontier, and what is known of the rows that it is of.
#[derive(Debug, Clone)]
pub struct FoundFrontier {
    /// What it is of.
    pub objectives: [Objective; 2],
    /// The share of positive rows where the classifier will work, if it was given.
    pub at_prevalence: Option<f64>,
    /// From the best of the problem's objective to the best of the other.
    pub points: Vec<FrontierPoint>,
    /// What the classes are called.
    pub classes: Classes,
    /// Whether the cells are sums of weights.
    pub is_weighted: bool,
    /// What may be odd about the scores.
    pub survey: ScoreSurvey,
}

/// The [`frontier`](crate::frontier) of a problem's objective and another, in half of the memory.
///
/// # Errors
/// Those of the passes; [`cutpoint_metrics::Error::FrontierTooLong`] if it does not fit.
///
/// # Panics
/// If the source leaves out what a pass asks for.
pub fn frontier_from<S: RowSource>(
    view: &View<'_, S>,
    problem: &Problem,
    second: &Objective,
    memory: usize,
) -> Result<FoundFrontier, S::Error> {
    /// What a few bins or thresholds take.
    const LEAST: usize = 1 << 13;
    let share = |of: usize| (memory / of).max(LEAST);
    let most_points = share(2) / size_of::<FrontierPoint>();
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    // Nearly all bins may stay open, and each takes more then than while it was counted. What is read once is read as
    // well as it can be.
    let of_first = if view.source.is_read_once() {
        memory
    } else {
        share(8)
    };
    let Swept { partial, classes } = view.sweep(of_first, &[])?;
    let (is_weighted, survey) = (partial.is_weighted(), ScoreSurvey::of_partial(&partial));
    let search = Search::of(&partial, []).map_err(wrong)?;
    let search = search
        .and_frontier(&partial, problem, second, most_points)
        .map_err(wrong)?;
    drop(partial);
    let search = view.pass_until_done(search, 0, memory)?;
    Ok(FoundFrontier {
        objectives: [problem.objective().clone(), second.clone()],
        at_prevalence: problem.prevalence(),
        points: search.into_frontier().expect("one was asked for"),
        classes,
        is_weighted,
        survey,
    })
}

/// A reject zone, and what is told of the rows that it is of.
#[derive(Debug, Clone)]
pub struct FoundZone {
    /// The share of positive rows where the classifier will work, if it was given.
    pub prevalence: Option<f64>,
    /// The zone.
    pub zone: RejectZone,
    /// The first pass over the rows.
    pub first: Swept,
    /// How often the rows were read.
    pub n_passes: usize,
}

/// The cheapest zone between two thresholds to leave to somebody else, as
/// [`choose_reject_zone`](crate::choose_reject_zone) finds it.
///
/// # Errors
/// Those of [`choose_reject_zone`](crate::choose_reject_zone) and of the passes.
///
/// # Panics
/// If the source leaves out what a pass asks for.
pub fn reject_zone_from<S: RowSource>(
    view: &View<'_, S>,
    costs: &Costs,
    reject: f64,
    prevalence: Option<f64>,
    memory: usize,
) -> Result<FoundZone, S::Error> {
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    let first = view.sweep(memory, &[])?;
    let search = Search::of(&first.partial, []).map_err(wrong)?;
    let search = search
        .and_reject_zone(&first.partial, costs, reject, prevalence)
        .map_err(wrong)?;
    // The rest is for the comparison of pairs.
    let search = view.finish(search, &first.partial, memory - memory / 4)?;
    Ok(FoundZone {
        prevalence,
        zone: search.reject_zone().expect("one was asked for"),
        n_passes: search.n_passes(),
        first,
    })
}
