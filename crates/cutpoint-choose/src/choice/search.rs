//! The search for the best threshold in rows that are too many for memory: which scores to look at again, and what was
//! found. The passes over the rows are the caller's.
//!
//! # Worked example
//!
//! Scores 0.9 to 0.2 in steps of 0.1, of the classes + + - + - - - -; memory had room for four bins of two scores each.
//! The highest F1, 2 tp / (2 tp + fp + fn), is looked for.
//! 1. The cells are known at the edges, the lowest score of each bin: 0.8 has (tp,fp) = (2,0) and F1 0.8, 0.6 has (3,1)
//!    and 0.857, 0.4 has (3,3) and 0.667, 0.2 has (3,5) and 0.545.
//! 2. Inside a bin tp is at most that of its own edge, and fp at least that of the edge above. So F1 is at most 0.8 in
//!    {0.9,0.8}, by (2,0); 1 in {0.7,0.6}, by (3,0); 0.857 in {0.5,0.4}, by (3,1); 0.667 in {0.3,0.2}, by (3,3). The
//!    second can beat 0.857 and the third can reach it, and ties are told: `step` asks for a pass over these two.
//! 3. The pass has four scores, a bin each. `feed` adds what lies above its ranges, (2,0) and (3,1): 0.7 is (2,1), F1
//!    0.667, and 0.5 is (3,2), 0.75. Had a bin two scores still, it would stay open only if it could reach 0.857.
//!
//! Nothing is open: 0.6, after two passes.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, Ordering};

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    CellBounds, Cells, CompensatedSum, CostSums, CostTotal, Costs, Error, Objective, PartialSweep,
    Problem, Rescaling, Result, ScoreRange, SweepPoint,
};
use rayon::prelude::*;

use super::{
    Candidate, Choice, Front, FrontierPoint, Optimum, ProblemSearch, RejectZone, Relevance, Table,
    Visitor, ZoneSearch, ends_to_find, scan,
};

/// Finds the best thresholds of rows that are too many for memory, exactly, in a few passes over them.
///
/// The first pass is a [`PartialSweep`] of all rows. Its edges are thresholds; a threshold inside a bin can be the best
/// only if the bounds of the bin reach the best edge. The rows of such bins are swept again, by themselves and so in
/// finer bins, and so on until every bin that matters is one score. Several objectives or problems share the passes.
///
/// With constraints, a bin matters if its bounds leave open that a threshold inside meets all of them and is at least
/// as good as the best known that does; as long as none is known, also if it may tell why there is none. What comes out
/// is what [`choose`](crate::choose) makes of the sweep of all rows.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_choose::{Search, Step, optimum};
/// use cutpoint_metrics::{Goal, Objective, PartialSweepBuilder, sweep};
///
/// let score = (0..1000).map(|row| f64::from(row) / 1000.0).collect::<Vec<_>>();
/// let is_positive = (0..1000).map(|row| row % 7 > 2 || row > 600).collect();
/// let rows = Scores::new(is_positive, score)?;
///
/// let memory = 8_000; // room for 100 bins
/// let mut first = PartialSweepBuilder::new(memory)?;
/// first.add(&rows);
/// let objective = Objective::new("mcc".parse()?, Goal::Maximize);
/// let mut search = Search::new(&first.finish()?, [objective.clone()]);
/// let best = loop {
///     match search.step(PartialSweepBuilder::max_ranges(memory)) {
///         Step::NeedPass(ranges) => {
///             let mut pass = PartialSweepBuilder::within(memory, &ranges)?;
///             pass.add(&rows);
///             search.feed(&pass.finish()?)?;
///         }
///         Step::Done(best) => break best,
///     }
/// };
/// assert_eq!(best[0], optimum(&sweep(&rows), &objective));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Search {
    problems: Vec<ProblemSearch>,
    front: Option<SoughtFront>,
    zone: Option<ZoneSearch>,
    /// Bins of more than one score that matter to an objective, descending.
    open: Vec<OpenBin>,
    n_asked: usize,
    positives: CompensatedSum,
    negatives: CompensatedSum,
    is_weighted: bool,
    /// How many rows there are, if that is known.
    n_samples: Option<usize>,
    /// What all rows cost, if they cost by themselves.
    costs: Option<CostTotal>,
    n_passes: usize,
}

/// A frontier that is looked for, and how many thresholds it may have.
#[derive(Debug, Clone)]
struct SoughtFront {
    front: Front,
    most_points: usize,
}

/// What comes next in a [`Search`].
#[derive(Debug, Clone, PartialEq)]
pub enum Step {
    /// A partial sweep of the rows in these ranges is needed; they are apart and descend.
    NeedPass(Vec<ScoreRange>),
    /// The best threshold for each objective or problem; `None` where there is none, see [`Search::choices`].
    Done(Vec<Option<Optimum>>),
}

/// Cumulative sums at a threshold.
#[derive(Debug, Clone)]
struct Sums {
    tp: CompensatedSum,
    fp: CompensatedSum,
    costs: Option<Box<CostSums>>,
}

#[derive(Debug, Clone)]
struct OpenBin {
    range: ScoreRange,
    above: Sums,
    below: Sums,
}

impl Search {
    /// A search for several objectives, from the first pass over all rows.
    ///
    /// What rows cost by themselves ([`Objective::of_amounts`]) is defined nowhere if no pass tells.
    pub fn new(first: &PartialSweep, objectives: impl IntoIterator<Item = Objective>) -> Self {
        Self::of_checked(first, objectives.into_iter().map(Problem::new))
    }

    /// A search for several problems, from the first pass over all rows; [`Search::choices`] tells what came out.
    ///
    /// # Errors
    /// - As [`Problem::check`].
    /// - [`Error::NoRowCosts`] for an objective of amounts and a pass without costs of rows.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    /// use cutpoint_choose::{Search, Step, choose};
    /// use cutpoint_metrics::{PartialSweepBuilder, Problem, sweep};
    ///
    /// let score = (0..1000).map(|row| f64::from(row) / 1000.0).collect::<Vec<_>>();
    /// let rows = Scores::new((0..1000).map(|row| row % 7 > 2 || row > 600).collect(), score)?;
    /// let problem = Problem::new("recall".parse()?).subject_to("precision>=0.8".parse()?);
    ///
    /// let memory = 8_000; // room for 100 bins
    /// let mut first = PartialSweepBuilder::new(memory)?;
    /// first.add(&rows);
    /// let mut search = Search::of(&first.finish()?, [problem.clone()])?;
    /// while let Step::NeedPass(ranges) = search.step(PartialSweepBuilder::max_ranges(memory)) {
    ///     let mut pass = PartialSweepBuilder::within(memory, &ranges)?;
    ///     pass.add(&rows);
    ///     search.feed(&pass.finish()?)?;
    /// }
    /// assert_eq!(search.choices()[0], choose(&sweep(&rows), &problem)?);
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn of(first: &PartialSweep, problems: impl IntoIterator<Item = Problem>) -> Result<Self> {
        let problems = problems.into_iter().collect::<Vec<_>>();
        for problem in &problems {
            problem.check()?;
            if problem.objective().metric().is_of_amounts() && first.costs().is_none() {
                let objective = problem.objective().to_string();
                return Err(Error::NoRowCosts { objective });
            }
        }
        Ok(Self::of_checked(first, problems))
    }

    fn of_checked(first: &PartialSweep, problems: impl IntoIterator<Item = Problem>) -> Self {
        let edges = first.edges();
        let search_for = |problem: Problem| {
            let (positives, negatives) = (edges.positives(), edges.negatives());
            let rescaling = Rescaling::new(problem.prevalence(), positives, negatives);
            let mut search = ProblemSearch::new(problem, rescaling);
            search.scan(&Table::of_edges(first));
            search
        };
        let mut search = Self {
            problems: problems.into_iter().map(search_for).collect(),
            front: None,
            zone: None,
            open: Vec::new(),
            n_asked: 0,
            positives: edges.tp(first.n_bins()),
            negatives: edges.fp(first.n_bins()),
            is_weighted: first.is_weighted(),
            n_samples: first.n_samples(),
            costs: first.costs().map(|costs| *costs.total()),
            n_passes: 1,
        };
        search.open_bins_of(first);
        search
    }

    /// The same search for a [`frontier`](crate::frontier) as well, before any step; [`Search::into_frontier`] tells
    /// what came out. `first`: the first pass that the search was made from.
    ///
    /// A frontier is held in memory, 80 bytes a threshold and as much again by a quarter while it is looked for. That
    /// of a metric that rises and one that falls with every row, as recall and the false positive rate, has about as
    /// many thresholds as there are changes from negative to positive rows. `most_points`: how many there may be at any
    /// time.
    ///
    /// # Errors
    /// - As [`Problem::check`].
    /// - [`Error::FrontierTooLong`], here or from [`Search::feed`], where there are more.
    pub fn and_frontier(
        mut self,
        first: &PartialSweep,
        problem: &Problem,
        second: &Objective,
        most_points: usize,
    ) -> Result<Self> {
        problem.check()?;
        let edges = first.edges();
        let (positives, negatives) = (edges.positives(), edges.negatives());
        let rescaling = Rescaling::new(problem.prevalence(), positives, negatives);
        let mut front = Front::new(problem, second.clone(), rescaling);
        front.reserve(most_points);
        scan(&Table::of_edges(first), &mut front);
        front.check_length(most_points)?;
        self.front = Some(SoughtFront { front, most_points });
        self.open_bins_of(first);
        Ok(self)
    }

    /// The same search for a reject zone as well, before any step; [`Search::reject_zone`] tells what came out: what
    /// [`choose_reject_zone`](crate::choose_reject_zone) finds in the sweep of all rows. `first`: the first pass that
    /// the search was made from.
    ///
    /// # Errors
    /// As [`choose_reject_zone`](crate::choose_reject_zone).
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    /// use cutpoint_choose::{Search, Step, choose_reject_zone};
    /// use cutpoint_metrics::{PartialSweepBuilder, sweep};
    ///
    /// let score = (0..1000).map(|row| f64::from(row) / 1000.0).collect::<Vec<_>>();
    /// let rows = Scores::new((0..1000).map(|row| row % 7 > 2 || row > 600).collect(), score)?;
    /// let costs = "fp=1,fn=4".parse()?;
    ///
    /// let memory = 8_000; // room for 100 bins
    /// let mut first = PartialSweepBuilder::new(memory)?;
    /// first.add(&rows);
    /// let first = first.finish()?;
    /// let mut search = Search::of(&first, [])?.and_reject_zone(&first, &costs, 0.4, None)?;
    /// while let Step::NeedPass(ranges) = search.step(PartialSweepBuilder::max_ranges(memory)) {
    ///     let mut pass = PartialSweepBuilder::within(memory, &ranges)?;
    ///     pass.add(&rows);
    ///     search.feed(&pass.finish()?)?;
    /// }
    /// assert_eq!(search.reject_zone(), Some(choose_reject_zone(&sweep(&rows), &costs, 0.4, None)?));
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn and_reject_zone(
        mut self,
        first: &PartialSweep,
        costs: &Costs,
        reject: f64,
        prevalence: Option<f64>,
    ) -> Result<Self> {
        let mut zone = ends_to_find(&Table::of_edges(first), costs, reject, prevalence)?;
        zone.look_through(&Table::of_edges(first), |zone, index| {
            self.candidate(zone, &OpenBin::of_first(first, index))
        });
        self.zone = Some(zone);
        self.open_bins_of(first);
        Ok(self)
    }

    /// Opens the bins of the first pass that matter.
    fn open_bins_of(&mut self, first: &PartialSweep) {
        if first.is_exact() {
            return;
        }
        let bin = |index| OpenBin::of_first(first, index);
        self.open = self.still_open((0..first.n_bins()).into_par_iter().map(bin));
    }

    /// What to do next: sweep the rows in some ranges and [`Search::feed`] the result, or nothing more.
    ///
    /// `most_ranges`: how many ranges to ask for at most, at least 1;
    /// [`PartialSweepBuilder::max_ranges`](cutpoint_metrics::PartialSweepBuilder::max_ranges) says how many a builder
    /// can do with. Those of higher scores come first.
    pub fn step(&mut self, most_ranges: usize) -> Step {
        if self.open.is_empty() {
            let best = self.choices().into_iter().map(|choice| match choice {
                Choice::Found(optimum) => Some(optimum),
                _ => None,
            });
            return Step::Done(best.collect());
        }
        self.n_asked = self.open.len().min(self.n_to_ask(most_ranges));
        let asked = self.open[..self.n_asked].iter();
        Step::NeedPass(asked.map(|bin| bin.range).collect())
    }

    /// Takes the partial sweep of the rows in the ranges that [`Search::step`] asked for.
    ///
    /// # Errors
    /// - [`Error::PassDiffers`] if the rows are not those of the pass before.
    /// - [`Error::PassNoFiner`] if no range was cut into several bins.
    /// - [`Error::NoRowCosts`] if it does not tell what rows cost, and the first pass did.
    /// - [`Error::FrontierTooLong`] as [`Search::and_frontier`].
    pub fn feed(&mut self, pass: &PartialSweep) -> Result<()> {
        if self.costs.is_some() && pass.costs().is_none() {
            let objectives = self.problems.iter().map(ProblemSearch::objective);
            let objective = objectives
                .map(ToString::to_string)
                .next()
                .unwrap_or_default();
            return Err(Error::NoRowCosts { objective });
        }
        let behind = self.open.split_off(self.n_asked);
        let asked = std::mem::replace(&mut self.open, behind);
        self.n_asked = 0;
        let parts = self.parts(&asked, pass)?;
        let mut zone = self.zone.take();
        if let Some(zone) = &mut zone {
            let candidates = self.candidates(zone, &asked, &parts, pass);
            zone.settle(candidates);
        }
        for (bin, part) in asked.iter().zip(&parts) {
            for index in part.clone() {
                // The last edge is the one that the bin already had.
                if index + 1 < part.end {
                    let sums = bin.sums_at(pass, part, index + 1);
                    let cells = self.cells(&sums);
                    let costs = self
                        .costs
                        .as_ref()
                        .zip(sums.costs.as_deref())
                        .map(|(total, sums)| total.at(sums));
                    let point = SweepPoint::of(pass.interval(index + 1), cells);
                    for problem in &mut self.problems {
                        problem.consider(&point, costs.as_ref());
                    }
                    if let Some(SoughtFront { front, most_points }) = &mut self.front {
                        front.consider(&point, costs.as_ref());
                        front.check_length(*most_points)?;
                    }
                    if let Some(zone) = &mut zone {
                        zone.take(&point);
                    }
                }
            }
        }
        self.problems.iter_mut().for_each(ProblemSearch::settle);
        if let Some(sought) = &mut self.front {
            sought.front.settle();
            sought.front.check_length(sought.most_points)?;
        }
        self.zone = zone;
        let inner = asked
            .par_iter()
            .zip(&parts)
            .flat_map_iter(|(bin, part)| part.clone().map(|index| bin.part_at(pass, part, index)));
        let mut open = self.still_open(inner);
        let behind = std::mem::take(&mut self.open);
        open.append(&mut self.still_open(behind.into_par_iter()));
        self.open = open;
        self.n_passes += 1;
        Ok(())
    }

    /// What came out for each problem, once [`Search::step`] is done; what is known so far, before.
    pub fn choices(&self) -> Vec<Choice> {
        self.problems.iter().map(ProblemSearch::choice).collect()
    }

    /// The frontier, once [`Search::step`] is done, if one was asked for.
    pub fn into_frontier(self) -> Option<Vec<FrontierPoint>> {
        self.front.map(|sought| sought.front.into_points())
    }

    /// The reject zone, once [`Search::step`] is done, if one was asked for.
    pub fn reject_zone(&self) -> Option<RejectZone> {
        self.zone.as_ref().map(RejectZone::of)
    }

    /// Passes over the rows so far, the first one included.
    pub fn n_passes(&self) -> usize {
        self.n_passes
    }

    /// The memory that the search takes between passes, in bytes.
    pub fn n_bytes(&self) -> usize {
        let of_costs = if self.costs.is_some() {
            2 * size_of::<CostSums>()
        } else {
            0
        };
        let of_front = self
            .front
            .as_ref()
            .map_or(0, |sought| sought.front.n_bytes());
        self.open.capacity() * (size_of::<OpenBin>() + of_costs) + of_front
    }
}

impl Search {
    /// How many of the open bins to ask for.
    ///
    /// An optimum closes most bins once they are cut a little finer. A frontier may leave all of them open until each
    /// is one score: then as many are asked for as surely come out so, which each row is cut for once.
    fn n_to_ask(&self, most_ranges: usize) -> usize {
        let most_ranges = most_ranges.max(1);
        let (Some(_), Some(n_samples)) = (&self.front, self.n_samples) else {
            return most_ranges;
        };
        // There is room for two bins a range. How many rows weights stand for is known on the whole only: half as many
        // bins come out as single scores, or nearly all of them do.
        let all = self.positives.plus(self.negatives).value();
        let rows_per_weight = if self.is_weighted {
            2.0 * n_samples as f64 / all
        } else {
            1.0
        };
        let most_rows = 2.0 * most_ranges as f64;
        let rows = |sums: &Sums| (sums.tp.value() + sums.fp.value()) * rows_per_weight;
        let mut n_rows = 0.0;
        let whole = self.open.iter().take_while(|bin| {
            n_rows += rows(&bin.below) - rows(&bin.above);
            n_rows <= most_rows
        });
        // At least some, so that a few bins of many rows do not take a pass each.
        whole.count().clamp(most_ranges.div_ceil(1024), most_ranges)
    }

    /// Those bins that matter to a problem, now that the edges around them are known.
    fn still_open(&mut self, bins: impl ParallelIterator<Item = OpenBin>) -> Vec<OpenBin> {
        let may_have_more = self
            .problems
            .iter()
            .map(|_| AtomicBool::new(false))
            .collect::<Vec<_>>();
        let is_open = |bin: &OpenBin| {
            if bin.range.lowest() >= bin.range.highest() {
                return false;
            }
            let bounds = self.bounds(bin);
            let highest = bin.range.highest();
            let zone = self.zone.as_ref();
            if zone.is_some_and(|zone| zone.is_open(highest)) {
                return true;
            }
            let relevance = self
                .problems
                .iter()
                .map(|problem| problem.judge(highest, &bounds));
            let of_front = self
                .front
                .iter()
                .map(|sought| sought.front.judge(highest, &bounds));
            if relevance
                .clone()
                .chain(of_front)
                .any(|relevance| relevance == Relevance::Open)
            {
                return true;
            }
            for (relevance, may_have_more) in relevance.zip(&may_have_more) {
                if matches!(relevance, Relevance::Tie | Relevance::MayTie) {
                    may_have_more.store(true, Ordering::Relaxed);
                }
            }
            false
        };
        let open = bins.filter(is_open).collect();
        for (problem, may_have_more) in self.problems.iter_mut().zip(may_have_more) {
            if may_have_more.into_inner() {
                problem.may_have_more();
            }
        }
        open
    }

    /// What is known of the thresholds inside a bin.
    fn bounds(&self, bin: &OpenBin) -> CellBounds {
        let (fewest, most) = (self.cells(&bin.above), self.cells(&bin.below));
        let bounds = CellBounds::new(fewest, most, self.is_weighted);
        let costs = bin.above.costs.as_deref().zip(bin.below.costs.as_deref());
        let costs = self.costs.zip(costs);
        bounds.with_costs(costs.map(|(total, (above, below))| total.between(above, below)))
    }

    /// The thresholds inside a bin as ends of a zone, if there are any.
    fn candidate(&self, zone: &ZoneSearch, bin: &OpenBin) -> Option<Candidate> {
        let (lowest, highest) = (bin.range.lowest(), bin.range.highest());
        (lowest < highest).then(|| zone.unknown(highest, &self.bounds(bin)))
    }

    /// The thresholds that a pass tells, the bins between them, and those that are still to be asked for, as ends of a
    /// zone.
    fn candidates(
        &self,
        zone: &ZoneSearch,
        asked: &[OpenBin],
        parts: &[Range<usize>],
        pass: &PartialSweep,
    ) -> Vec<Candidate> {
        let inner = asked.par_iter().zip(parts).flat_map_iter(|(bin, part)| {
            part.clone().flat_map(move |index| {
                let inside = bin.part_at(pass, part, index);
                let is_edge = index + 1 < part.end;
                let cells = is_edge.then(|| self.cells(&inside.below));
                let edge = cells.and_then(|cells| {
                    zone.known(Threshold::new(inside.range.lowest()).ok(), &cells)
                });
                [self.candidate(zone, &inside), edge]
            })
        });
        let behind = self.open.par_iter().map(|bin| self.candidate(zone, bin));
        inner.chain(behind).flatten().collect()
    }

    fn cells(&self, sums: &Sums) -> Cells {
        Cells::of_called([sums.tp, sums.fp], [self.positives, self.negatives])
    }

    /// Which bins of a pass lie in which range.
    fn parts(&self, asked: &[OpenBin], pass: &PartialSweep) -> Result<Vec<Range<usize>>> {
        /// Weights that come in another order come to another sum, though not by as much.
        const ROUNDING: f64 = 1e-12;
        let total = self.positives.plus(self.negatives).value();
        let rounding = if self.is_weighted {
            ROUNDING * total
        } else {
            0.0
        };
        let mut start = 0;
        let mut parts = Vec::with_capacity(asked.len());
        for bin in asked {
            let inside = (start..pass.n_bins())
                .take_while(|&index| bin.range.contains(pass.range(index).lowest()));
            let end = start + inside.count();
            let of_costs = ROUNDING * self.costs.map_or(0.0, |total| total.size());
            if start == end || !bin.is_whole(pass, &(start..end), [rounding, of_costs]) {
                return Err(Error::PassDiffers {
                    lowest: bin.range.lowest(),
                    highest: bin.range.highest(),
                });
            }
            parts.push(start..end);
            start = end;
        }
        if start < pass.n_bins() {
            let range = pass.range(start);
            return Err(Error::PassDiffers {
                lowest: range.lowest(),
                highest: range.highest(),
            });
        }
        if start == asked.len() {
            return Err(Error::PassNoFiner { n_ranges: start });
        }
        Ok(parts)
    }
}

impl OpenBin {
    /// A bin of the first pass.
    fn of_first(first: &PartialSweep, index: usize) -> Self {
        Self {
            range: first.range(index),
            above: Sums::of_edge(first, index),
            below: Sums::of_edge(first, index + 1),
        }
    }

    /// A bin of a pass, some bins of which are those of this bin's rows.
    fn part_at(&self, pass: &PartialSweep, part: &Range<usize>, index: usize) -> Self {
        Self {
            range: pass.range(index),
            above: self.sums_at(pass, part, index),
            below: self.sums_at(pass, part, index + 1),
        }
    }

    /// The sums at a row of the edges of a pass, some bins of which are those of this bin's rows.
    fn sums_at(&self, pass: &PartialSweep, part: &Range<usize>, index: usize) -> Sums {
        let edges = [part.start, index, part.end].map(|index| Sums::of_edge(pass, index));
        let sum = |of: &dyn Fn(&Sums) -> CompensatedSum| {
            let [start, here, end] = edges.each_ref().map(of);
            // What no row adds to stays what it is, to the last digit: else empty cells would not stay empty.
            if here == start {
                of(&self.above)
            } else if here == end {
                of(&self.below)
            } else {
                of(&self.above).plus(here.without(start))
            }
        };
        let has_costs = self.above.costs.is_some();
        let costs = has_costs.then(|| {
            let [more, less] =
                [0, 1].map(|way| [0, 1].map(|class| sum(&|sums| sums.cost(way, class))));
            Box::new(CostSums::new(more, less))
        });
        Sums {
            tp: sum(&|sums| sums.tp),
            fp: sum(&|sums| sums.fp),
            costs,
        }
    }

    /// Whether bins of a pass are those of the very rows of this bin, as far as sums can tell: of rows, and of costs.
    fn is_whole(&self, pass: &PartialSweep, part: &Range<usize>, rounding: [f64; 2]) -> bool {
        let (first, last) = (pass.range(part.start), pass.range(part.end - 1));
        let edges = [part.start, part.end].map(|index| Sums::of_edge(pass, index));
        let is_same = |of: &dyn Fn(&Sums) -> CompensatedSum, rounding: f64| {
            let [start, end] = edges.each_ref().map(of);
            let found = end.minus(start);
            (found - of(&self.below).minus(of(&self.above))).abs() <= rounding
        };
        let [of_rows, of_costs] = rounding;
        let is_at = |score: f64, end: f64| (end..=end).contains(&score);
        is_at(first.highest(), self.range.highest())
            && is_at(last.lowest(), self.range.lowest())
            && is_same(&|sums| sums.tp, of_rows)
            && is_same(&|sums| sums.fp, of_rows)
            && (self.above.costs.is_none()
                || [(0, 0), (0, 1), (1, 0), (1, 1)]
                    .iter()
                    .all(|&(way, class)| is_same(&|sums| sums.cost(way, class), of_costs)))
    }
}

impl Sums {
    /// At a row of the edges of a pass.
    fn of_edge(pass: &PartialSweep, index: usize) -> Self {
        let costs = pass.costs().map(|costs| Box::new(costs.sums(index)));
        Self {
            tp: pass.edges().tp(index),
            fp: pass.edges().fp(index),
            costs,
        }
    }

    /// More or less, of positive or negative rows; 0 if rows do not cost by themselves.
    fn cost(&self, way: usize, class: usize) -> CompensatedSum {
        let costs = self.costs.as_deref();
        costs.map_or_else(CompensatedSum::default, |costs| costs.get(way, class))
    }
}
