//! The frontier of two metrics: the thresholds that cannot be made better by one without being made worse by the other.
//! Which of them to take is not decided here.

use std::cmp::Ordering;

use super::{Criteria, Place, Problem, Rescaling, Table, Verdict, Watch, scan};
use crate::partial::ClassCosts;
use crate::{CellBounds, Cells, Goal, Interval, Objective, Result, Sweep};

/// A threshold on the frontier of two metrics.
#[derive(Debug, Clone, PartialEq)]
pub struct FrontierPoint {
    threshold: Option<f64>,
    interval: Interval,
    cells: Cells,
    values: [f64; 2],
}

impl FrontierPoint {
    /// The threshold, a score; `None` for "predict none".
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }

    /// The thresholds that give the same matrix.
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The cells, as they were counted in the data.
    pub fn cells(&self) -> Cells {
        self.cells
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
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Problem, frontier, sweep};
///
/// let label = vec![true, false, true, false, true];
/// let table = sweep(&Scores::new(label, vec![0.9, 0.8, 0.7, 0.6, 0.5])?);
/// // Recall and precision: 1/3 and 1; 1/3 and 1/2; 2/3 and 2/3; 2/3 and 1/2; 1 and 3/5.
/// let recall = Problem::new("recall".parse()?);
/// let points = frontier(&table, &recall, &"precision".parse()?)?;
/// let thresholds = points.iter().map(|point| point.threshold()).collect::<Vec<_>>();
/// assert_eq!(thresholds, [Some(0.5), Some(0.7), Some(0.9)]);
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
    Ok(front.points())
}

/// The frontier of the thresholds that were looked at.
#[derive(Debug, Clone)]
pub(crate) struct Front {
    criteria: [Criteria; 2],
    /// Descending by the first value and ascending by the second.
    settled: Vec<Entry>,
    /// Those that were not yet compared with all others.
    pending: Vec<Entry>,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// Higher is better.
    values: [f64; 2],
    place: Place,
}

impl Entry {
    /// Better ones by the first value first, of those better ones by the second, of those higher thresholds.
    fn order(&self, other: &Self) -> Ordering {
        let by_value = |index: usize| other.values[index].total_cmp(&self.values[index]);
        let by_place = || {
            let is_none = |entry: &Self| entry.place.threshold.is_none();
            is_none(self).cmp(&is_none(other)).then_with(|| {
                other
                    .place
                    .is_higher(self.place.threshold)
                    .cmp(&self.place.is_higher(other.place.threshold))
            })
        };
        by_value(0).then_with(|| by_value(1)).then_with(by_place)
    }
}

impl Front {
    /// How many may wait to be compared.
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
        let mut entries = std::mem::take(&mut self.settled);
        entries.append(&mut self.pending);
        // Both lists are in order for the most part: a stable sort merges what is.
        entries.sort_by(Entry::order);
        let mut best = f64::NEG_INFINITY;
        entries.retain(|entry| {
            let is_better = entry.values[1] > best;
            best = best.max(entry.values[1]);
            is_better
        });
        self.settled = entries;
    }

    /// The frontier, of all that were looked at.
    pub(crate) fn points(mut self) -> Vec<FrontierPoint> {
        self.settle();
        let point = |entry: &Entry| FrontierPoint {
            threshold: entry.place.threshold,
            interval: entry.place.interval(),
            cells: entry.place.cells,
            values: [0, 1].map(|index| self.signed(index, entry.values[index])),
        };
        self.settled.iter().map(point).collect()
    }
}

impl Watch for Front {
    fn consider(&mut self, place: &Place, costs: Option<&ClassCosts>) {
        let value = |index: usize| {
            let value = self.criteria[index].value(&place.cells, costs)?;
            Some(self.signed(index, value))
        };
        let (Some(first), Some(second)) = (value(0), value(1)) else {
            return;
        };
        self.pending.push(Entry {
            values: [first, second],
            place: *place,
        });
        if self.pending.len() > self.settled.len().max(Self::MOST_PENDING) {
            self.settle();
        }
    }

    fn judge(&self, highest: f64, bounds: &CellBounds) -> Verdict {
        let reach = |index: usize| {
            let reach = self.criteria[index].reach(bounds, None)?;
            Some(self.signed(index, reach))
        };
        let (Some(first), Some(second)) = (reach(0), reach(1)) else {
            return Verdict::Closed;
        };
        // Of those that are as good by the first value, the last is the best by the second.
        let n_as_good = self
            .settled
            .partition_point(|entry| entry.values[0] >= first);
        let Some(known) = n_as_good.checked_sub(1).map(|index| &self.settled[index]) else {
            return Verdict::Open;
        };
        let threshold = known.place.threshold;
        let is_better = known.values[1] > second || known.values[0] > first;
        let is_higher = threshold.is_some_and(|threshold| threshold > highest);
        if known.values[1] >= second && (is_better || is_higher) {
            Verdict::Closed
        } else {
            Verdict::Open
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
