//! The best row of a resample of which only as much is drawn as matters. How a stretch of rows is split in two is the
//! caller's; which stretches are split is decided here.
//!
//! # Worked example
//!
//! Eight rows, of which a resample has 3 positives and 5 negatives. Its true and false positives at row 0, "predict
//! none", and at the rows after it: (0,0) (1,0) (1,1) (2,1) (2,2) (2,3) (2,4) (3,4) (3,5). The highest Youden's J, here
//! tp / 3 - fp / 5, is looked for, and only rows 0 and 8 are drawn yet, both with J = 0.
//! 1. Between rows 0 and 8 J can be 1 at most, at (3,0). Split: row 4 is (2,2), J = 0.267.
//! 2. Between 0 and 4 it can be 0.667, at (2,0): row 2 is (1,1), J = 0.133. Between 4 and 8 it can be 0.6, at (3,2):
//!    row 6 is (2,4), J = -0.133.
//! 3. Between 0 and 2 it can be 0.333: row 1 is (1,0), and has it. Between 2 and 4 it can be 0.467: row 3 is (2,1), and
//!    has it. Between 4 and 6 it can be 0.267, at (2,2), and between 6 and 8 0.2, at (3,4): these stay closed.
//!
//! Row 3 is the best, and rows 5 and 7 were never drawn. Of a million rows, less than a hundred may be.

use super::criterion::Criterion;
use crate::compensated::CompensatedSum;
use crate::{CellBounds, Cells};

/// What the rows of a class come to: their number, or the sum of their weights.
pub(super) trait Amount: Copy + Default + PartialEq {
    /// Whether it is a sum of weights.
    const IS_WEIGHTED: bool;

    /// The cells where `[tp, fp]` of `[positives, negatives]` are predicted positive.
    fn cells(called: [Self; 2], totals: [Self; 2]) -> Cells;
}

impl Amount for u64 {
    const IS_WEIGHTED: bool = false;

    fn cells([tp, fp]: [Self; 2], [positives, negatives]: [Self; 2]) -> Cells {
        Cells::from_counts(tp, fp, positives - tp, negatives - fp)
    }
}

impl Amount for CompensatedSum {
    const IS_WEIGHTED: bool = true;

    fn cells(called: [Self; 2], totals: [Self; 2]) -> Cells {
        Cells::of_called(called, totals)
    }
}

/// A row of the sweep, with the true and false positives that it has in a resample.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Edge<A = u64> {
    pub(super) index: usize,
    pub(super) tp: A,
    pub(super) fp: A,
}

/// The best row of a resample; row 0 is "predict none".
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Best<A = u64> {
    pub(super) edge: Edge<A>,
    pub(super) merit: f64,
}

/// Searches from known edges, which start with row 0, end with the last row and are in order.
///
/// Level by level, every stretch between two edges that may hold a better row is split at its middle row. Of rows that
/// are equally good the highest threshold wins, and "predict none" only where it is better than every threshold, as in
/// every choice. Rows of the sweep that the resample lacks have the cells of the row above and lose to
/// it.
pub(super) fn best_row<A: Amount>(
    criterion: &impl Criterion,
    edges: &[Edge<A>],
    mut split: impl FnMut(Edge<A>, Edge<A>, usize) -> Edge<A>,
) -> Option<Best<A>> {
    let last = edges[edges.len() - 1];
    let mut search = Searching {
        criterion,
        totals: [last.tp, last.fp],
        best: None,
    };
    for &edge in edges {
        search.consider(edge);
    }
    let mut level = edges
        .windows(2)
        .map(|pair| (pair[0], pair[1]))
        .collect::<Vec<_>>();
    let mut next = Vec::new();
    while !level.is_empty() {
        for (above, below) in level.drain(..) {
            if search.may_hold_better(above, below) {
                let middle = split(above, below, above.index.midpoint(below.index));
                search.consider(middle);
                next.extend([(above, middle), (middle, below)]);
            }
        }
        std::mem::swap(&mut level, &mut next);
    }
    search.best
}

struct Searching<'m, M, A> {
    criterion: &'m M,
    /// Positives and negatives.
    totals: [A; 2],
    best: Option<Best<A>>,
}

impl<M: Criterion, A: Amount> Searching<'_, M, A> {
    fn consider(&mut self, mut edge: Edge<A>) {
        if [edge.tp, edge.fp] == [A::default(); 2] {
            // No row of the resample scores so high.
            edge.index = 0;
        }
        let Some(merit) = self.criterion.merit(&self.cells(edge)) else {
            return;
        };
        let is_better = self.best.is_none_or(|best| {
            let is_higher =
                best.edge.index == 0 || (edge.index > 0 && edge.index < best.edge.index);
            merit > best.merit || (merit >= best.merit && edge.index > 0 && is_higher)
        });
        if is_better {
            self.best = Some(Best { edge, merit });
        }
    }

    /// Whether a row between two edges may be better than the best so far, or as good and higher.
    fn may_hold_better(&self, above: Edge<A>, below: Edge<A>) -> bool {
        if below.index - above.index < 2 || (above.tp, above.fp) == (below.tp, below.fp) {
            return false;
        }
        let bounds = CellBounds::new(self.cells(above), self.cells(below), A::IS_WEIGHTED);
        let Some(most) = self.criterion.upper_bound(&bounds) else {
            return false;
        };
        self.best.is_none_or(|best| {
            let is_higher = best.edge.index == 0 || above.index < best.edge.index;
            most > best.merit || (most >= best.merit && is_higher)
        })
    }

    fn cells(&self, edge: Edge<A>) -> Cells {
        A::cells([edge.tp, edge.fp], self.totals)
    }
}

#[cfg(test)]
mod tests {
    use cutpoint_core::Scores;
    use proptest::prelude::*;

    use super::*;
    use crate::{Goal, Objective, catalog, sweep};

    fn rows() -> impl Strategy<Value = Vec<(bool, u8, u8)>> {
        // Class, score, and how often the resample has the row.
        prop::collection::vec((any::<bool>(), 0_u8..60, 0_u8..3), 1..120)
    }

    fn scores(rows: &[(bool, u8, u8)], is_resample: bool) -> Option<Scores> {
        let times = |row: &(bool, u8, u8)| if is_resample { row.2 } else { 1 };
        let rows = rows.iter().flat_map(|row| (0..times(row)).map(|_| *row));
        let (is_positive, score): (Vec<_>, Vec<_>) =
            rows.map(|row| (row.0, f64::from(row.1))).unzip();
        Scores::new(is_positive, score).ok()
    }

    proptest! {
        #[test]
        fn the_row_found_is_the_optimum_of_the_resampled_rows(rows in rows(), fixed in 0_usize..60) {
            let Some(resample) = scores(&rows, true) else { return Ok(()); };
            let table = sweep(&scores(&rows, false).expect("rows"));
            let resample = sweep(&resample);
            let edge = |index: usize| {
                let threshold = table.threshold(index);
                let place = threshold.map_or(0, |value| {
                    resample.thresholds().partition_point(|&score| value.is_positive(score))
                });
                let [tp, fp] = resample.counts(place).expect("counts");
                Edge { index, tp, fp }
            };
            let last = table.n_thresholds();
            let mut starts = vec![0, fixed.min(last), last];
            starts.dedup();
            let edges = starts.into_iter().map(edge).collect::<Vec<_>>();
            for metric in catalog() {
                for goal in [Goal::Maximize, Goal::Minimize] {
                    let objective = Objective::new(metric.clone(), goal);
                    let found = best_row(&objective, &edges, |above, below, middle| {
                        assert!(above.index < middle && middle < below.index);
                        edge(middle)
                    });
                    let mut expected: Option<(usize, f64)> = None;
                    for row in (1..resample.n_rows()).chain([0]) {
                        if let Some(value) = objective.value(&resample.cells(row))
                            && expected.is_none_or(|(_, best)| goal.is_better(value, best))
                        {
                            expected = Some((row, value));
                        }
                    }
                    let found = found.map(|best| table.threshold(best.edge.index));
                    let expected = expected.map(|(row, _)| resample.threshold(row));
                    prop_assert_eq!(found, expected, "{} {:?}", metric, goal);
                }
            }
        }
    }

    #[test]
    fn the_worked_example_draws_the_rows_that_it_says() {
        let rows = [
            [0, 0],
            [1, 0],
            [1, 1],
            [2, 1],
            [2, 2],
            [2, 3],
            [2, 4],
            [3, 4],
            [3, 5],
        ];
        let edge = |index: usize| {
            let [tp, fp] = rows[index];
            Edge { index, tp, fp }
        };
        let youden = Objective::new("youden".parse().unwrap(), Goal::Maximize);
        let mut drawn = Vec::new();
        let best = best_row(&youden, &[edge(0), edge(8)], |_, _, middle| {
            drawn.push(middle);
            edge(middle)
        });
        assert_eq!(drawn, [4, 2, 6, 1, 3]);
        assert_eq!(best.unwrap().edge, edge(3));
    }

    #[test]
    fn little_is_split_where_one_place_is_best() {
        // 10^6 rows, positive above the middle: every split away from it is wasted, and none is made.
        let n_rows = 1_000_000_usize;
        let edge = |index: usize| Edge {
            index,
            tp: index.min(n_rows / 2) as u64,
            fp: index.saturating_sub(n_rows / 2) as u64,
        };
        let youden = Objective::new("youden".parse().unwrap(), Goal::Maximize);
        let mut n_splits = 0;
        let best = best_row(
            &youden,
            &[edge(0), edge(999), edge(n_rows)],
            |_, _, middle| {
                n_splits += 1;
                edge(middle)
            },
        );
        assert_eq!(best.unwrap().edge.index, n_rows / 2);
        assert!(n_splits < 100, "{n_splits}");
    }
}
