//! The best threshold, found by trying all of them.

use cutpoint_metrics::{Constraint, Problem, Sweep, SweepPoint};

/// The solution of a problem and its value: of several as good the highest, "predict none" only if it is better.
pub(crate) fn best(table: &Sweep, problem: &Problem) -> Option<(SweepPoint, f64)> {
    let objective = problem.objective();
    let mut best: Option<(SweepPoint, f64)> = None;
    for row in (1..table.n_rows()).chain([0]) {
        let point = table.point(row);
        let is_met = |constraint: &Constraint| {
            let value = problem.value(constraint.metric(), &point.cells);
            value.is_some_and(|value| constraint.is_met_by(value))
        };
        let value = problem.value(objective.metric(), &point.cells);
        if let Some(value) = value.filter(|_| problem.constraints().iter().all(is_met))
            && best.is_none_or(|(_, best)| objective.goal().is_better(value, best))
        {
            best = Some((point, value));
        }
    }
    best
}
