//! Stratification: which rows are of which class, and how many of each class a sample takes.

use cutpoint_core::random::{RandomStream, Replacement};
use cutpoint_core::{Label, Labels};

/// The rows of each class that has any, ascending, in the sorted order of the classes.
pub(crate) struct Strata<'y> {
    classes: Vec<&'y Label>,
    members: Vec<Vec<usize>>,
}

impl<'y> Strata<'y> {
    pub(crate) fn new(y: &'y Labels) -> Self {
        let counts = y.counts();
        let mut rows = counts
            .iter()
            .map(|&count| Vec::with_capacity(count))
            .collect::<Vec<_>>();
        for (row, &code) in y.codes().iter().enumerate() {
            rows[code as usize].push(row);
        }
        let (classes, members) = y
            .classes()
            .iter()
            .zip(rows)
            .filter(|(_, rows)| !rows.is_empty())
            .unzip();
        Self { classes, members }
    }

    /// The classes, ascending.
    pub(crate) fn classes(&self) -> &[&'y Label] {
        &self.classes
    }

    /// The rows of each class.
    pub(crate) fn members(&self) -> &[Vec<usize>] {
        &self.members
    }

    /// How many rows each class has.
    pub(crate) fn counts(&self) -> Vec<usize> {
        self.members.iter().map(Vec::len).collect()
    }
}

/// How many of `n_draws` rows come from each class: the likeliest outcome of drawing them without replacement, ties
/// broken by the stream.
///
/// # Formula
/// ```text
/// expected[c] = (counts[c] / sum of counts) * n_draws
/// ```
/// rounded down; what is missing goes one each to the classes with the largest remainders. Words are drawn whenever
/// remainders are equal to the last bit, so the order of operations matters.
///
/// # References
/// scikit-learn 1.9.1, `sklearn/utils/extmath.py`, `_approximate_mode`.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "whole numbers between 0 and the number of rows"
)]
pub(crate) fn approximate_mode(
    counts: &[usize],
    n_draws: usize,
    rng: &mut impl RandomStream,
) -> Vec<usize> {
    let total = counts.iter().sum::<usize>() as f64;
    let expected = counts
        .iter()
        .map(|&count| count as f64 / total * n_draws as f64)
        .collect::<Vec<_>>();
    let mut mode = expected
        .iter()
        .map(|expected| expected.floor() as usize)
        .collect::<Vec<_>>();
    let mut n_missing = n_draws.saturating_sub(mode.iter().sum());
    let mut remainders = expected
        .iter()
        .map(|expected| expected - expected.floor())
        .enumerate()
        .collect::<Vec<_>>();
    // Stable, so that within a tie the classes stay in order.
    remainders.sort_by(|(_, left), (_, right)| right.total_cmp(left));
    for tie in remainders.chunk_by(|(_, left), (_, right)| left.total_cmp(right).is_eq()) {
        if n_missing == 0 {
            break;
        }
        let n_now = tie.len().min(n_missing);
        let picked = rng
            .choice(tie.len(), n_now, Replacement::Without)
            .expect("no more are taken than tie");
        for index in picked {
            mode[tie[index].0] += 1;
        }
        n_missing -= n_now;
    }
    mode
}
