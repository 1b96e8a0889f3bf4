//! What makes a threshold good, for a bootstrap of the choice: the merit of cells, and the most that cells within
//! bounds can have. Nothing is drawn or searched here.

use crate::prevalence::Rescaling;
use crate::{CellBounds, Cells, Constraint, Goal, Objective, Problem};

/// What a threshold is chosen for: the cells with the highest merit.
pub trait Criterion: Sync {
    /// How good cells are, finite, higher being better; `None` where they cannot be chosen.
    fn merit(&self, cells: &Cells) -> Option<f64>;

    /// How good cells are, whether or not they can be chosen: what a choice of other rows is worth here. Default: the
    /// merit, which leaves out what cannot be chosen.
    fn worth(&self, cells: &Cells) -> Option<f64> {
        self.merit(cells)
    }

    /// A number that the merit of no cells within the bounds exceeds; `None` if none of them can be chosen. A number
    /// higher than need be costs time, one that is too low gives wrong results.
    fn upper_bound(&self, bounds: &CellBounds) -> Option<f64>;
}

impl Criterion for Objective {
    fn merit(&self, cells: &Cells) -> Option<f64> {
        let value = self.value(cells)?;
        Some(match self.goal() {
            Goal::Maximize => value,
            Goal::Minimize => -value,
        })
    }

    fn upper_bound(&self, bounds: &CellBounds) -> Option<f64> {
        let bounds = bounds.metric(self.metric())?;
        Some(match self.goal() {
            Goal::Maximize => bounds.high(),
            Goal::Minimize => -bounds.low(),
        })
    }
}

/// The objective where all constraints are met, at the prevalence that the problem names.
impl Criterion for Problem {
    fn merit(&self, cells: &Cells) -> Option<f64> {
        let rescaling = Rescaling::new(self.prevalence(), cells.positives(), cells.negatives());
        let is_met = |constraint: &Constraint| {
            let value = rescaling.value(constraint.metric(), cells);
            value.is_some_and(|value| constraint.is_met_by(value))
        };
        if !self.constraints().iter().all(is_met) {
            return None;
        }
        self.worth(cells)
    }

    fn worth(&self, cells: &Cells) -> Option<f64> {
        let value = self.value(self.objective().metric(), cells)?;
        Some(match self.objective().goal() {
            Goal::Maximize => value,
            Goal::Minimize => -value,
        })
    }

    fn upper_bound(&self, bounds: &CellBounds) -> Option<f64> {
        let (positives, negatives) = (bounds.upper().positives(), bounds.upper().negatives());
        let rescaling = Rescaling::new(self.prevalence(), positives, negatives);
        let may_be_met = |constraint: &Constraint| {
            let bounds = rescaling.bounds(constraint.metric(), bounds);
            bounds.is_some_and(|bounds| constraint.may_be_met(bounds))
        };
        if !self.constraints().iter().all(may_be_met) {
            return None;
        }
        let bounds = rescaling.bounds(self.objective().metric(), bounds)?;
        Some(match self.objective().goal() {
            Goal::Maximize => bounds.high(),
            Goal::Minimize => -bounds.low(),
        })
    }
}
