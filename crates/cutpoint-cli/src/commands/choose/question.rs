//! What is asked: the flags of a choice as a problem, whatever is in the file.

use std::str::FromStr;

use cutpoint_choose::Capacity;
use cutpoint_metrics::{Goal, Objective, Problem};

use super::{Args, GoalArgs};
use crate::failure::Usage;

/// Two metrics, each as good as can be.
#[derive(Debug, Clone)]
pub(super) struct Pareto(pub(super) [Objective; 2]);

impl FromStr for Pareto {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let objectives = text.split(',').map(str::parse::<Objective>);
        let objectives = objectives.collect::<Result<Vec<_>, _>>();
        let objectives = objectives.map_err(|error| error.to_string())?;
        let two = <[Objective; 2]>::try_from(objectives);
        let two = two.map_err(|_| "must be two metrics, such as `recall,precision`".to_owned())?;
        if two[0].metric() == two[1].metric() {
            return Err(format!(
                "must be two metrics, got `{}` twice",
                two[0].metric()
            ));
        }
        Ok(Self(two))
    }
}

/// The problem that the flags ask for.
pub(super) fn problem(args: &Args) -> Result<Problem, Usage> {
    let mut problem = Problem::new(objective(&args.goal)?);
    let capacity = args.capacity.map(Capacity::constraint);
    for constraint in args.subject_to.iter().cloned().chain(capacity) {
        problem = problem.subject_to(constraint);
    }
    if let Some(prevalence) = args.prevalence {
        problem = problem.at_prevalence(prevalence);
    }
    problem.check().map_err(Usage::new)?;
    Ok(problem)
}

fn objective(goal: &GoalArgs) -> Result<Objective, Usage> {
    if let Some(metric) = &goal.maximize {
        return Ok(Objective::new(metric.clone(), Goal::Maximize));
    }
    if let Some(metric) = &goal.minimize {
        return Ok(Objective::new(metric.clone(), Goal::Minimize));
    }
    if let Some(Pareto([first, _])) = &goal.pareto {
        return Ok(first.clone());
    }
    match &goal.cost {
        Some(costs) => costs.objective().map_err(Usage::new),
        None => unreachable!("one of the goals is required"),
    }
}
