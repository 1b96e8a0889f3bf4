//! Thresholds of two models at which they do equally much of something, so that they can be compared in the rest.

use serde::{Deserialize, Serialize};

use crate::{Cells, Constraint, Goal, Metric, Objective, Problem, Relation};

/// What two thresholds shall have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
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
/// use cutpoint_metrics::{Cells, Matched, matching};
///
/// // Half of the negative rows are called.
/// let problem = matching(Matched::FalsePositiveRate, &Cells::from_counts(1, 1, 1, 1)).expect("a negative row");
/// assert_eq!(problem.to_string(), "maximize predicted_positives subject to fpr<=0.5");
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
