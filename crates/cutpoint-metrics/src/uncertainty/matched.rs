//! Thresholds of two models at which they do equally much of something, so that they can be compared in the rest.

use crate::{Cells, Constraint, Goal, Metric, Objective, Problem, Relation};

/// What two thresholds shall have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Matched {
    /// The false positive rate.
    FalsePositiveRate,
    /// The share of rows that are predicted positive.
    AlertRate,
}

/// What finds the threshold with the highest rate that is not above that of some cells: as many rows predicted positive
/// as the rate allows, which are the more, the lower the threshold is. `None` if the rate is undefined.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Matched, choose, matching, sweep};
///
/// let is_positive = vec![true, false, true, false];
/// let first = sweep(&Scores::new(is_positive.clone(), vec![0.9, 0.6, 0.4, 0.1])?);
/// let second = sweep(&Scores::new(is_positive, vec![3.0, 1.0, 7.0, 5.0])?);
/// // The first has a false positive rate of 1/2 at 0.5; the second from 5.0 on, and still at 3.0.
/// let problem = matching(Matched::FalsePositiveRate, &first.cells_at(Threshold::HALF)).expect("a negative row");
/// let choice = choose(&second, &problem)?;
/// assert_eq!(choice.found().and_then(|best| best.threshold()), Threshold::new(3.0).ok());
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
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
