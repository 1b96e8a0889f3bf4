//! Looking through a whole sweep for what is worth a look: every so many rows first, and then the rows between those
//! whose bounds leave something open. What is looked for is not known here.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    CellBounds, ClassCosts, CostColumns, Interval, PartialSweep, Sweep, SweepPoint,
};
use rayon::prelude::*;

/// Who looks at thresholds, each once and in any order, and knows which others can matter.
pub(crate) trait Visitor: Send + Sync {
    /// Looks at a threshold; `costs`: what rows cost there, if they cost by themselves.
    fn consider(&mut self, point: &SweepPoint, costs: Option<&ClassCosts>);

    /// Whether thresholds matter that lie below a score and of whose cells bounds are known.
    fn judge(&self, highest: f64, bounds: &CellBounds) -> Relevance;

    /// Takes note of ties that were not looked at.
    fn count_ties(&mut self, n_ties: usize);

    /// One that has looked at nothing, but need not look at what this one knows to be worse.
    fn fresh(&self) -> Self;

    /// Takes over what another has seen.
    fn merge(&mut self, other: Self);
}

/// Whether thresholds nobody has looked at matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Relevance {
    /// They do: one may be the best, or a tie to be told.
    Open,
    /// They do not, but that some may be ties beyond those that are told.
    MayTie,
    /// They do not, but that all of them are ties beyond those that are told.
    Tie,
    /// They do not.
    Closed,
}

/// A table to look through: a sweep, or the edges of a partial one.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Table<'t> {
    sweep: &'t Sweep,
    /// Whose edges they are, between which there may be other scores.
    partial: Option<&'t PartialSweep>,
}

impl<'t> Table<'t> {
    /// A sweep of all scores.
    pub(crate) fn of(sweep: &'t Sweep) -> Self {
        Self {
            sweep,
            partial: None,
        }
    }

    /// The edges of a partial sweep.
    pub(crate) fn of_edges(partial: &'t PartialSweep) -> Self {
        Self {
            sweep: partial.edges(),
            partial: Some(partial),
        }
    }

    pub(crate) fn sweep(&self) -> &'t Sweep {
        self.sweep
    }

    /// A row, down to the highest score below it, which need not be the next threshold.
    pub(crate) fn point(&self, index: usize) -> SweepPoint {
        SweepPoint::of(self.interval(index), self.sweep.cells(index))
    }

    /// The highest score below a row.
    pub(super) fn below(&self, index: usize) -> Option<f64> {
        self.interval(index).lower().map(Threshold::value)
    }

    fn interval(&self, index: usize) -> Interval {
        match self.partial {
            Some(partial) => partial.interval(index),
            None => self.sweep.interval(index),
        }
    }

    fn costs(&self) -> Option<&'t CostColumns> {
        self.partial?.costs()
    }

    /// Shows a row to a visitor.
    fn show(&self, index: usize, visitor: &mut impl Visitor) {
        let costs = self
            .costs()
            .map(|costs| costs.total().at(&costs.sums(index)));
        visitor.consider(&self.point(index), costs.as_ref());
    }

    /// What is known of the rows between two.
    pub(super) fn bounds(&self, first: usize, end: usize) -> CellBounds {
        let cells = |index| self.sweep.cells(index);
        let bounds = CellBounds::new(cells(first), cells(end), self.sweep.is_weighted());
        let costs = self.costs().map(|costs| {
            let total = costs.total();
            total.between(&costs.sums(first), &costs.sums(end))
        });
        bounds.with_costs(costs)
    }
}

/// How many rows of a table lie between two that are looked at in any case, at most: enough that looking at those is
/// cheap, few enough that the bounds of the rows between them are narrow.
const MOST_APART: usize = 512;

/// Shows the rows of a table that can matter to a visitor.
///
/// The result is that of showing all of them, for every number of threads.
pub(crate) fn scan<W: Visitor>(table: &Table<'_>, visitor: &mut W) {
    let last = table.sweep.n_rows() - 1;
    let stride = last.isqrt().clamp(1, MOST_APART);
    for index in (0..last).step_by(stride).chain([last]) {
        table.show(index, visitor);
    }
    let snapshot: &W = visitor;
    let start = || (snapshot.fresh(), 0_usize);
    let n_blocks = last.div_ceil(stride);
    let blocks = (0..n_blocks).into_par_iter();
    let seen = blocks.fold(start, |(mut seen, mut n_ties), block| {
        let (first, end) = (block * stride, last.min((block + 1) * stride));
        if end - first < 2 {
            return (seen, n_ties);
        }
        let highest = table.sweep.thresholds()[first];
        match snapshot.judge(highest, &table.bounds(first, end)) {
            Relevance::Closed => {}
            Relevance::Tie => n_ties += end - first - 1,
            Relevance::Open | Relevance::MayTie => {
                for index in first + 1..end {
                    table.show(index, &mut seen);
                }
            }
        }
        (seen, n_ties)
    });
    let (seen, n_ties) = seen.reduce(start, |(mut left, left_ties), (right, right_ties)| {
        left.merge(right);
        (left, left_ties + right_ties)
    });
    // Ties with the best so far: if a better one was found, they are none.
    visitor.count_ties(n_ties);
    visitor.merge(seen);
}
