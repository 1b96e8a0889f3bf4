//! What makes one threshold better than another: an objective among those that meet constraints, or how little the
//! constraints are missed by. Which thresholds there are is not known here.

use cutpoint_metrics::{
    CellBounds, Cells, ClassCosts, Constraint, Goal, Metric, Objective, Problem, Rescaling,
};

/// A value for every threshold, and which values are better; no value where a threshold is out of the question.
#[derive(Debug, Clone)]
pub(crate) struct Criteria {
    aim: Aim,
    constraints: Vec<Constraint>,
    rescaling: Rescaling,
}

#[derive(Debug, Clone)]
enum Aim {
    /// The best where all constraints are met.
    Objective(Box<Objective>),
    /// The least by which the constraint that is missed by most is missed.
    Shortfall,
}

impl Criteria {
    /// An objective without constraints, for the data as they are.
    pub(crate) fn of_objective(objective: Objective) -> Self {
        Self::best(objective, Rescaling::None)
    }

    /// An objective without constraints.
    pub(super) fn best(objective: Objective, rescaling: Rescaling) -> Self {
        Self {
            aim: Aim::Objective(Box::new(objective)),
            constraints: Vec::new(),
            rescaling,
        }
    }

    /// The objective under all constraints.
    pub(crate) fn of_problem(problem: &Problem, rescaling: Rescaling) -> Self {
        Self {
            constraints: problem.constraints().to_vec(),
            ..Self::best(problem.objective().clone(), rescaling)
        }
    }

    /// The nearest to meeting all constraints.
    pub(super) fn shortfall(problem: &Problem, rescaling: Rescaling) -> Self {
        Self {
            aim: Aim::Shortfall,
            constraints: problem.constraints().to_vec(),
            rescaling,
        }
    }

    pub(super) fn goal(&self) -> Goal {
        match &self.aim {
            Aim::Objective(objective) => objective.goal(),
            Aim::Shortfall => Goal::Minimize,
        }
    }

    /// The value of a threshold by its cells, and by what rows cost there; `None` if it is out of the question.
    pub(crate) fn value(&self, cells: &Cells, costs: Option<&ClassCosts>) -> Option<f64> {
        let value = |metric: &Metric| self.value_of(metric, cells, costs);
        match &self.aim {
            Aim::Objective(objective) => {
                let is_met = |constraint: &Constraint| {
                    let value = value(constraint.metric());
                    value.is_some_and(|value| constraint.is_met_by(value))
                };
                if !self.constraints.iter().all(is_met) {
                    return None;
                }
                value(objective.metric())
            }
            Aim::Shortfall => self.constraints.iter().try_fold(0.0, |most, constraint| {
                let shortfall = constraint.shortfall(value(constraint.metric())?);
                Some(f64::max(most, shortfall))
            }),
        }
    }

    /// The best value that thresholds can have of which bounds are known; `None` if all are out of the question for
    /// sure, or worse than the best known.
    pub(super) fn reach(&self, cells: &CellBounds, best: Option<f64>) -> Option<f64> {
        let of = |metric: &Metric| self.rescaling.bounds(metric, cells);
        match &self.aim {
            Aim::Objective(objective) => {
                let reach = objective.goal().reach(of(objective.metric())?);
                if best.is_some_and(|best| objective.goal().is_better(best, reach)) {
                    return None;
                }
                for constraint in &self.constraints {
                    if !constraint.may_be_met(of(constraint.metric())?) {
                        return None;
                    }
                }
                Some(reach)
            }
            Aim::Shortfall => {
                let reach = self.constraints.iter().try_fold(0.0, |most, constraint| {
                    let [least, _] = constraint.shortfalls(of(constraint.metric())?);
                    Some(f64::max(most, least))
                })?;
                best.is_none_or(|best| reach <= best).then_some(reach)
            }
        }
    }

    /// The value that all thresholds have of which bounds are known, to the last bit, if they have one.
    pub(super) fn constant(&self, cells: &CellBounds) -> Option<f64> {
        let constant = |metric: &Metric| self.rescaling.constant(metric, cells);
        // Where the metric is not one value, its bounds may still lie on one side.
        let known = |constraint: &Constraint| {
            let metric = constraint.metric();
            if let Some(value) = constant(metric) {
                return Some([constraint.shortfall(value); 2]);
            }
            let shortfalls = constraint.shortfalls(self.rescaling.bounds(metric, cells)?);
            let is_defined = self.rescaling.is_defined(metric, cells);
            is_defined.then_some(shortfalls)
        };
        match &self.aim {
            Aim::Objective(objective) => {
                let value = constant(objective.metric())?;
                let is_met = |constraint| known(constraint).is_some_and(|[_, worst]| worst <= 0.0);
                self.constraints.iter().all(is_met).then_some(value)
            }
            Aim::Shortfall => {
                let (mut least, mut most) = (0.0, 0.0);
                for constraint in &self.constraints {
                    let [best, worst] = known(constraint)?;
                    least = f64::max(least, best);
                    most = f64::max(most, worst);
                }
                (least >= most).then_some(least)
            }
        }
    }

    /// Which constraints cells meet, bit by bit.
    pub(super) fn met(&self, cells: &Cells, costs: Option<&ClassCosts>) -> u64 {
        self.bits(|constraint| {
            let value = self.value_of(constraint.metric(), cells, costs);
            value.is_some_and(|value| constraint.is_met_by(value))
        })
    }

    /// Which constraints thresholds can meet of which bounds are known, bit by bit.
    pub(super) fn may_meet(&self, cells: &CellBounds) -> u64 {
        self.bits(|constraint| {
            let bounds = self.rescaling.bounds(constraint.metric(), cells);
            bounds.is_some_and(|bounds| constraint.may_be_met(bounds))
        })
    }

    fn value_of(&self, metric: &Metric, cells: &Cells, costs: Option<&ClassCosts>) -> Option<f64> {
        if metric.is_of_amounts() {
            self.rescaling.cost(costs?)
        } else {
            self.rescaling.value(metric, cells)
        }
    }

    fn bits(&self, is: impl Fn(&Constraint) -> bool) -> u64 {
        let constraints = self.constraints.iter().enumerate();
        constraints.fold(0, |bits, (index, constraint)| {
            bits | (u64::from(is(constraint)) << index)
        })
    }
}
