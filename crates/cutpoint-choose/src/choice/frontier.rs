//! The frontier of two metrics: the thresholds that cannot be made better by one without being made worse by the other.
//! Which of them to take is not decided here.

use std::cmp::Ordering;

use cutpoint_metrics::{
    CellBounds, Cells, ClassCosts, Error, Goal, Interval, Objective, Problem, Rescaling, Result,
    Sweep, SweepPoint,
};
use rayon::prelude::*;

use super::{Criteria, Relevance, Table, Visitor, scan};

/// A threshold on the frontier of two metrics.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct FrontierPoint {
    /// As they are told; while the frontier is looked for, so that higher is better.
    values: [f64; 2],
    /// Its upper end is the threshold: many points are held at once.
    interval: Interval,
    cells: Cells,
}

impl FrontierPoint {
    /// The threshold, a score, with its cells and the thresholds around that have the same.
    pub fn point(&self) -> SweepPoint {
        SweepPoint::of(self.interval, self.cells)
    }

    /// The two metrics, at the prevalence that was asked for.
    pub fn values(&self) -> [f64; 2] {
        self.values
    }
}

/// The thresholds at which neither of two objectives can be better without the other being worse, from the best of the
/// first to the best of the second; no two have the same two values.
///
/// Only thresholds that meet the problem's constraints, and where both metrics are defined, are in question. Of several
/// with the same two values the highest is taken, "predict none" only if it is alone.
///
/// # Errors
/// As [`Problem::check`].
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_choose::frontier;
/// use cutpoint_metrics::{Problem, sweep};
///
/// let label = vec![true, false, true, false, true];
/// let table = sweep(&Scores::new(label, vec![0.9, 0.8, 0.7, 0.6, 0.5])?);
/// // Recall and precision: 1/3 and 1; 1/3 and 1/2; 2/3 and 2/3; 2/3 and 1/2; 1 and 3/5.
/// let recall = Problem::new("recall".parse()?);
/// let points = frontier(&table, &recall, &"precision".parse()?)?;
/// let thresholds = points.iter().filter_map(|point| point.point().threshold);
/// assert!(thresholds.map(Threshold::value).eq([0.5, 0.7, 0.9]));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn frontier(
    sweep: &Sweep,
    problem: &Problem,
    second: &Objective,
) -> Result<Vec<FrontierPoint>> {
    problem.check()?;
    let (positives, negatives) = (sweep.positives(), sweep.negatives());
    let rescaling = Rescaling::new(problem.prevalence(), positives, negatives);
    let mut front = Front::new(problem, second.clone(), rescaling);
    scan(&Table::of(sweep), &mut front);
    Ok(front.into_points())
}

/// The frontier of the thresholds that were looked at.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    criteria: [Criteria; 2],
    /// Descending by the first value and ascending by the second.
    settled: Vec<FrontierPoint>,
    /// Those that were not yet compared with all others.
    pending: Vec<FrontierPoint>,
}

/// Better ones by the first value first, of those better ones by the second, of those higher thresholds.
fn order(left: &FrontierPoint, right: &FrontierPoint) -> Ordering {
    let by_value = |index: usize| right.values[index].total_cmp(&left.values[index]);
    let by_place = || {
        let (left, right) = (left.point(), right.point());
        let is_none = |point: &SweepPoint| point.threshold.is_none();
        is_none(&left).cmp(&is_none(&right)).then_with(|| {
            let is_higher = right.is_higher_than(left.threshold);
            is_higher.cmp(&left.is_higher_than(right.threshold))
        })
    };
    by_value(0).then_with(|| by_value(1)).then_with(by_place)
}

impl Front {
    /// How many may wait to be compared, at least.
    const MOST_PENDING: usize = 1 << 12;

    /// The frontier of the problem's objective and another, among the thresholds that meet the constraints.
    pub(crate) fn new(problem: &Problem, second: Objective, rescaling: Rescaling) -> Self {
        let first = Criteria::of_problem(problem, rescaling);
        Self {
            criteria: [first, Criteria::best(second, rescaling)],
            settled: Vec::new(),
            pending: Vec::new(),
        }
    }

    /// As a number of which more is better, or back.
    fn signed(&self, index: usize, value: f64) -> f64 {
        // -0.0 is no worse than 0.0.
        match self.criteria[index].goal() {
            Goal::Maximize => value + 0.0,
            Goal::Minimize => 0.0 - value,
        }
    }

    /// Compares those that wait with all others.
    pub(crate) fn settle(&mut self) {
        if self.pending.is_empty() {
            return;
        }
        self.pending.par_sort_unstable_by(order);
        merge_into(&mut self.settled, &self.pending);
        self.pending.clear();
        let mut best = f64::NEG_INFINITY;
        self.settled.retain(|point| {
            let is_better = point.values[1] > best;
            best = best.max(point.values[1]);
            is_better
        });
    }

    /// Reserves room for so many thresholds at once, so that none need be moved; the system gives memory when it is
    /// written to.
    pub(crate) fn reserve(&mut self, most: usize) {
        let most_pending = Self::MOST_PENDING.max(most / 4);
        self.settled
            .try_reserve_exact(most.saturating_add(most_pending))
            .ok();
        self.pending.try_reserve_exact(most_pending).ok();
    }

    /// Refuses a frontier that is longer than so many thresholds, as far as it is settled.
    pub(crate) fn check_length(&self, most: usize) -> Result<()> {
        if self.settled.len() > most {
            return Err(Error::FrontierTooLong { most });
        }
        Ok(())
    }

    /// The memory that it takes, in bytes.
    pub(crate) fn n_bytes(&self) -> usize {
        (self.settled.len() + self.settled.len() / 4) * size_of::<FrontierPoint>()
    }

    /// The frontier, of all that were looked at.
    pub(crate) fn into_points(mut self) -> Vec<FrontierPoint> {
        self.settle();
        let mut points = std::mem::take(&mut self.settled);
        for point in &mut points {
            point.values = [0, 1].map(|index| self.signed(index, point.values[index]));
        }
        points
    }
}

/// Merges a list that is in order into another, from the end, so that no third is needed.
fn merge_into(list: &mut Vec<FrontierPoint>, other: &[FrontierPoint]) {
    let (mut n_list, mut n_other) = (list.len(), other.len());
    list.extend_from_slice(other);
    while n_other > 0 {
        let last = other[n_other - 1];
        let end = n_list + n_other - 1;
        if n_list > 0 && order(&list[n_list - 1], &last) == Ordering::Greater {
            list[end] = list[n_list - 1];
            n_list -= 1;
        } else {
            list[end] = last;
            n_other -= 1;
        }
    }
}

impl Visitor for Front {
    fn consider(&mut self, point: &SweepPoint, costs: Option<&ClassCosts>) {
        let value = |index: usize| {
            let value = self.criteria[index].value(&point.cells, costs)?;
            Some(self.signed(index, value))
        };
        let (Some(first), Some(second)) = (value(0), value(1)) else {
            return;
        };
        self.pending.push(FrontierPoint {
            values: [first, second],
            interval: point.interval,
            cells: point.cells,
        });
        // As many as a quarter of the others: each is moved a few times at most, and few wait.
        if self.pending.len() > (self.settled.len() / 4).max(Self::MOST_PENDING) {
            self.settle();
        }
    }

    fn judge(&self, highest: f64, bounds: &CellBounds) -> Relevance {
        let reach = |index: usize| {
            let reach = self.criteria[index].reach(bounds, None)?;
            Some(self.signed(index, reach))
        };
        let (Some(first), Some(second)) = (reach(0), reach(1)) else {
            return Relevance::Closed;
        };
        // Of those that are as good by the first value, the last is the best by the second.
        let n_as_good = self
            .settled
            .partition_point(|point| point.values[0] >= first);
        let Some(known) = n_as_good.checked_sub(1).map(|index| &self.settled[index]) else {
            return Relevance::Open;
        };
        let threshold = known.interval.upper();
        let is_better = known.values[1] > second || known.values[0] > first;
        let is_higher = threshold.is_some_and(|threshold| threshold.value() > highest);
        if known.values[1] >= second && (is_better || is_higher) {
            Relevance::Closed
        } else {
            Relevance::Open
        }
    }

    fn count_ties(&mut self, _: usize) {}

    fn fresh(&self) -> Self {
        Self {
            criteria: self.criteria.clone(),
            settled: Vec::new(),
            pending: Vec::new(),
        }
    }

    fn merge(&mut self, mut other: Self) {
        self.pending.append(&mut other.settled);
        self.pending.append(&mut other.pending);
        self.settle();
    }
}
