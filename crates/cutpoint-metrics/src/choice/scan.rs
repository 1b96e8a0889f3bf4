//! Looking through a whole sweep for what is worth a look: every so many rows first, and then the rows between those
//! whose bounds leave something open. What is looked for is not known here.

use rayon::prelude::*;

use super::{Place, Verdict};
use crate::{CellBounds, Sweep};

/// Who looks at thresholds, each once and in any order, and knows which others can matter.
pub(crate) trait Watch: Send + Sync {
    /// Looks at a threshold.
    fn consider(&mut self, place: &Place);

    /// Whether thresholds matter that lie below a score and of whose cells bounds are known.
    fn judge(&self, highest: f64, bounds: &CellBounds) -> Verdict;

    /// Takes note of ties that were not looked at.
    fn count_ties(&mut self, n_ties: usize);

    /// One that has looked at nothing, but need not look at what this one knows to be worse.
    fn fresh(&self) -> Self;

    /// Takes over what another has seen.
    fn merge(&mut self, other: Self);
}

/// How many rows of a table lie between two that are looked at in any case, at most: enough that looking at those is
/// cheap, few enough that the bounds of the rows between them are narrow.
const MOST_APART: usize = 256;

/// Shows the rows of a table that can matter to a watch. `above`: the next lower score of each.
///
/// The result is that of showing all of them, for every number of threads.
pub(crate) fn scan<W: Watch>(
    table: &Sweep,
    above: impl Fn(usize) -> Option<f64> + Sync,
    watch: &mut W,
) {
    let place = |index| Place {
        threshold: table.threshold(index),
        cells: table.cells(index),
        above: above(index),
    };
    let last = table.n_rows() - 1;
    let stride = last.isqrt().clamp(1, MOST_APART);
    for index in (0..last).step_by(stride).chain([last]) {
        watch.consider(&place(index));
    }
    let snapshot: &W = watch;
    let start = || (snapshot.fresh(), 0_usize);
    let n_blocks = last.div_ceil(stride);
    let blocks = (0..n_blocks).into_par_iter();
    let seen = blocks.fold(start, |(mut seen, mut n_ties), block| {
        let (first, end) = (block * stride, last.min((block + 1) * stride));
        if end - first < 2 {
            return (seen, n_ties);
        }
        let bounds = CellBounds::new(table.cells(first), table.cells(end), table.is_weighted());
        let highest = table.thresholds()[first];
        match snapshot.judge(highest, &bounds) {
            Verdict::Closed => {}
            Verdict::Tie => n_ties += end - first - 1,
            Verdict::Open | Verdict::MayTie => {
                for index in first + 1..end {
                    seen.consider(&place(index));
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
    watch.count_ties(n_ties);
    watch.merge(seen);
}
