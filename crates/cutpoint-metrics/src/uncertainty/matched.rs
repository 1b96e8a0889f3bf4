//! Thresholds of two models at which they do equally much of something, so that they can be compared in the rest.

use crate::{Cells, Constraint, Goal, Metric, Objective, Problem, Relation, Sweep};

/// What two thresholds shall have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Matched {
    /// The false positive rate.
    FalsePositiveRate,
    /// The share of rows that are predicted positive.
    AlertRate,
}

/// What is done if no threshold has just the same rate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum MatchRule {
    /// The highest rate that is not above the one to match: no more alerts than the other model.
    #[default]
    NotAbove,
    /// The nearest rate, the lower of two that are equally near.
    Nearest,
}

/// What finds the threshold with the highest rate that is not above that of some cells: as many rows predicted positive
/// as the rate allows, which are the more, the lower the threshold is. `None` if the rate is undefined.
///
/// [`matched_row`] looks the same threshold up in a sweep; this is for whatever solves problems.
#[expect(clippy::missing_panics_doc, reason = "names of the catalogue")]
pub fn matching(rate: Matched, cells: &Cells) -> Option<Problem> {
    let metric = |name: &str| name.parse::<Metric>().expect("a name of the catalogue");
    let rate = metric(match rate {
        Matched::FalsePositiveRate => "fpr",
        Matched::AlertRate => "predicted_positive_rate",
    });
    let most = Constraint::new(rate.clone(), Relation::AtMost, rate.value(cells)?);
    let called = Objective::new(metric("predicted_positives"), Goal::Maximize);
    Some(Problem::new(called).subject_to(most.expect("a rate is finite")))
}

/// The row of a sweep at which a rate is that of given cells; `None` if the rate is undefined in either.
///
/// Of several rows with that rate (a false positive rate stays the same while only true positives are added) the lowest
/// threshold is taken, which finds the most.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{MatchRule, Matched, matched_row, sweep};
///
/// let is_positive = vec![true, false, true, false];
/// let first = sweep(&Scores::new(is_positive.clone(), vec![0.9, 0.6, 0.4, 0.1])?);
/// let second = sweep(&Scores::new(is_positive, vec![3.0, 1.0, 7.0, 5.0])?);
/// // The first has a false positive rate of 1/2 at 0.5; the second from 5.0 on, and still at 3.0.
/// let cells = first.cells_at(Threshold::HALF);
/// let row = matched_row(&second, &cells, Matched::FalsePositiveRate, MatchRule::NotAbove).unwrap();
/// assert_eq!(second.threshold(row), Some(Threshold::new(3.0)?));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
pub fn matched_row(
    sweep: &Sweep,
    cells: &Cells,
    matched: Matched,
    rule: MatchRule,
) -> Option<usize> {
    let metric = match matched {
        Matched::FalsePositiveRate => crate::formulas::fpr,
        Matched::AlertRate => crate::formulas::predicted_positive_rate,
    };
    let target = metric(cells)?;
    // Defined in one row is defined in all: the rate's denominator is the same.
    let rate = |index: usize| metric(&sweep.cells(index));
    rate(0)?;
    let last_up_to = |limit: f64| {
        let (mut inside, mut outside) = (0, sweep.n_rows());
        while outside - inside > 1 {
            let middle = inside.midpoint(outside);
            if rate(middle).is_some_and(|rate| rate <= limit) {
                inside = middle;
            } else {
                outside = middle;
            }
        }
        inside
    };
    let below = last_up_to(target);
    if rule == MatchRule::NotAbove || below + 1 == sweep.n_rows() {
        return Some(below);
    }
    let next = rate(below + 1)?;
    if next - target < target - rate(below)? {
        Some(last_up_to(next))
    } else {
        Some(below)
    }
}
