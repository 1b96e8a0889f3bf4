//! The best so far of the thresholds that were looked at, and whether others can matter. Who looks at which thresholds
//! is up to the scan and to the search.

use cutpoint_core::Threshold;
use cutpoint_metrics::{CellBounds, ClassCosts, SweepPoint};

use super::{Criteria, Relevance, Visitor};

/// The best so far by criteria, of thresholds that come each once and in any order.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    criteria: Criteria,
    /// How many ties are told.
    most_tied: usize,
    best: Option<f64>,
    /// The highest thresholds with that value, descending.
    tied: Vec<SweepPoint>,
    n_tied: usize,
    /// Whether there may be more of them than were counted.
    may_have_more: bool,
}

/// The best of all thresholds.
#[derive(Debug, Clone)]
pub(crate) struct Found {
    pub(crate) value: f64,
    pub(crate) point: SweepPoint,
    pub(crate) tied: Vec<Option<Threshold>>,
    pub(crate) n_tied: Option<usize>,
}

impl Ranking {
    /// `most_tied`: how many ties to tell, at least 2: "predict none" gives way to another.
    pub(crate) fn new(criteria: Criteria, most_tied: usize) -> Self {
        Self {
            criteria,
            most_tied,
            best: None,
            tied: Vec::new(),
            n_tied: 0,
            may_have_more: false,
        }
    }

    /// Whether there is any threshold that is not out of the question.
    pub(crate) fn is_found(&self) -> bool {
        self.best.is_some()
    }

    /// Takes note of a threshold whose value is known.
    pub(super) fn note(&mut self, value: f64, point: &SweepPoint) {
        let goal = self.criteria.goal();
        match self.best {
            Some(best) if goal.is_better(best, value) => return,
            Some(best) if !goal.is_better(value, best) => {}
            _ => self.start(value),
        }
        self.n_tied += 1;
        if self.lists_none_from(point.threshold) {
            return;
        }
        let is_higher = |tied: &SweepPoint| tied.is_higher_than(point.threshold);
        let index = self.tied.partition_point(is_higher);
        self.tied.insert(index, *point);
        self.tied.truncate(self.most_tied);
    }

    fn start(&mut self, value: f64) {
        // -0.0 is no better than 0.0, and is not to be told.
        self.best = Some(value + 0.0);
        self.tied.clear();
        self.n_tied = 0;
        self.may_have_more = false;
    }

    /// Whether the list of ties is full of higher thresholds.
    fn lists_none_from(&self, threshold: Option<Threshold>) -> bool {
        let lowest = self.tied.get(self.most_tied - 1);
        lowest.is_some_and(|lowest| lowest.is_higher_than(threshold))
    }

    /// Takes note that there may be more ties than were counted.
    pub(crate) fn may_have_more(&mut self) {
        self.may_have_more = true;
    }

    /// The best of all that were looked at.
    pub(crate) fn found(&self) -> Option<Found> {
        let chosen = self.tied.iter().find(|tied| tied.threshold.is_some());
        Some(Found {
            value: self.best?,
            point: *chosen.or(self.tied.first())?,
            tied: self.tied.iter().map(|tied| tied.threshold).collect(),
            n_tied: (!self.may_have_more).then_some(self.n_tied),
        })
    }
}

impl Visitor for Ranking {
    fn consider(&mut self, point: &SweepPoint, costs: Option<&ClassCosts>) {
        if let Some(value) = self.criteria.value(&point.cells, costs) {
            self.note(value, point);
        }
    }

    fn judge(&self, highest: f64, bounds: &CellBounds) -> Relevance {
        let Some(reach) = self.criteria.reach(bounds, self.best) else {
            return Relevance::Closed;
        };
        let Some(best) = self.best else {
            return Relevance::Open;
        };
        if self.lists_none_from(Threshold::new(highest).ok()) {
            if self.criteria.constant(bounds) == Some(best) {
                return Relevance::Tie;
            }
            if !self.criteria.goal().is_better(reach, best) {
                return Relevance::MayTie;
            }
        }
        Relevance::Open
    }

    fn count_ties(&mut self, n_ties: usize) {
        self.n_tied += n_ties;
    }

    fn fresh(&self) -> Self {
        Self {
            best: self.best,
            ..Self::new(self.criteria.clone(), self.most_tied)
        }
    }

    fn merge(&mut self, other: Self) {
        let Some(value) = other.best else { return };
        let goal = self.criteria.goal();
        match self.best {
            Some(best) if goal.is_better(best, value) => return,
            Some(best) if !goal.is_better(value, best) => {}
            _ => self.start(value),
        }
        self.n_tied += other.n_tied;
        self.may_have_more |= other.may_have_more;
        let (mut left, mut right) = (
            std::mem::take(&mut self.tied).into_iter().peekable(),
            other.tied.into_iter().peekable(),
        );
        while self.tied.len() < self.most_tied {
            let from_left = match (left.peek(), right.peek()) {
                (Some(left), Some(right)) => left.is_higher_than(right.threshold),
                (left, _) => left.is_some(),
            };
            let next = if from_left { left.next() } else { right.next() };
            let Some(next) = next else { break };
            self.tied.push(next);
        }
    }
}
