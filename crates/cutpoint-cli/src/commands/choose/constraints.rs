//! Constraints as scripts read them.
//!
//! It refuses to judge a value that is not given.

use cutpoint_metrics::{Metric, Problem};

use crate::json::Json;

/// Each constraint, and what its metric is.
pub(super) fn constraints_json(
    problem: &Problem,
    value: impl Fn(&Metric) -> Option<f64>,
) -> Vec<Json> {
    let constraints = problem.constraints().iter();
    let told = constraints.map(|constraint| {
        let value = value(constraint.metric());
        Json::object([
            ("constraint", Json::from(&constraint.to_string())),
            ("value", value.into()),
            (
                "is_met",
                value
                    .is_some_and(|value| constraint.is_met_by(value))
                    .into(),
            ),
        ])
    });
    told.collect()
}
