//! What is asked: the flags of a choice as a problem, whatever is in the file.
//!
//! It refuses to read files.

use std::str::FromStr;

use cutpoint_choose::CostSpec;
use cutpoint_core::counted;
use cutpoint_metrics::{
    Constraint, Costs, Direction, Goal, Metric, Objective, Problem, Relation, parse_percent,
};

use super::GoalArgs;
use crate::failure::Usage;

/// A problem, and what it was made from.
pub(super) struct Question {
    pub(super) problem: Problem,
}

/// The costs of the cells.
#[derive(Debug, Clone)]
pub(super) enum Cost {
    Numbers(Costs),
    /// Of at least one cell, times the amount in a column.
    Columns(CostSpec),
}

impl FromStr for Cost {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(costs) = text.parse::<Costs>() {
            return Ok(Self::Numbers(costs));
        }
        let expected = |part: &str| {
            format!(
                "must be `CELL=COST` for some of fp, fn, tp, tn, COST a number, a column or `NUMBER*COLUMN`, got \
                 {part:?}"
            )
        };
        let none = || Costs::default().fp(0.0).fn_(0.0);
        let mut constant = none();
        let mut columns = Vec::<(String, Costs)>::new();
        let mut named = Vec::new();
        for part in text.split(',') {
            let (cell, cost) = part.split_once('=').ok_or_else(|| expected(part))?;
            let (cell, cost) = (cell.trim(), cost.trim());
            if named.contains(&cell) {
                return Err(format!("must name each cell once, got `{cell}` twice"));
            }
            named.push(cell);
            let (factor, column) = match (cost.parse::<f64>(), cost.split_once('*')) {
                (Ok(number), _) => (number, None),
                (Err(_), Some((factor, column))) => {
                    let factor = factor.trim().parse().map_err(|_| expected(part))?;
                    (factor, Some(column.trim()))
                }
                (Err(_), None) => (1.0, Some(cost)),
            };
            let costs = match column {
                None => &mut constant,
                Some("") => return Err(expected(part)),
                Some(column) => {
                    let known = columns.iter().position(|(name, _)| name == column);
                    let place = known.unwrap_or(columns.len());
                    if known.is_none() {
                        columns.push((column.to_owned(), none()));
                    }
                    &mut columns[place].1
                }
            };
            *costs = match cell {
                "fp" => costs.fp(factor),
                "fn" => costs.fn_(factor),
                "tp" => costs.tp(factor),
                "tn" => costs.tn(factor),
                _ => return Err(expected(part)),
            };
            costs.check().map_err(|error| error.to_string())?;
        }
        if columns.is_empty() {
            // Numbers that were refused above.
            return Err(text
                .parse::<Costs>()
                .map_or_else(|error| error.to_string(), |_| expected(text)));
        }
        Ok(Self::Columns(CostSpec::new(text, constant, columns)))
    }
}

/// How many rows may be predicted positive.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Capacity {
    Rows(f64),
    Share(f64),
}

impl std::fmt::Display for Capacity {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Rows(rows) => formatter.write_str(&counted(rows, "row")),
            Self::Share(share) => write!(formatter, "a share of {share} of the rows"),
        }
    }
}

impl FromStr for Capacity {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let expected = || "must be a number in [0, inf) or a percentage in [0%, 100%]".to_owned();
        let text = text.trim();
        let capacity = match text.strip_suffix('%') {
            Some(percent) => parse_percent(percent.trim()).map(Self::Share),
            None => text.parse().ok().map(Self::Rows),
        };
        let is_possible = |capacity: &Self| match capacity {
            Self::Rows(rows) => rows.is_finite() && *rows >= 0.0,
            Self::Share(share) => (0.0..=1.0).contains(share),
        };
        capacity.filter(is_possible).ok_or_else(expected)
    }
}

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

impl Question {
    pub(super) fn new(
        goal: &GoalArgs,
        constraints: &[Constraint],
        capacity: Option<Capacity>,
        prevalence: Option<f64>,
    ) -> Result<Self, Usage> {
        let mut problem = Problem::new(objective(goal)?);
        for constraint in constraints {
            problem = problem.subject_to(constraint.clone());
        }
        let capacity = capacity.map(|capacity| match capacity {
            Capacity::Rows(most) => ("predicted_positives", most),
            Capacity::Share(most) => ("predicted_positive_rate", most),
        });
        if let Some((metric, most)) = capacity {
            let metric = metric.parse().map_err(Usage::new)?;
            let constraint = Constraint::new(metric, Relation::AtMost, most);
            problem = problem.subject_to(constraint.map_err(Usage::new)?);
        }
        if let Some(prevalence) = prevalence {
            problem = problem.at_prevalence(prevalence);
        }
        problem.check().map_err(Usage::new)?;
        Ok(Self { problem })
    }

    /// What is odd about a goal that asks for the worst.
    pub(super) fn against_its_sense(&self) -> Option<String> {
        let objective = self.problem.objective();
        let sense = match (objective.metric().direction(), objective.goal()) {
            (Direction::Lower, Goal::Maximize) => "lower",
            (Direction::Higher, Goal::Minimize) => "higher",
            _ => return None,
        };
        Some(format!(
            "{sense} values of `{}` are better, and the worst threshold was asked for",
            objective.metric()
        ))
    }
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
        Some(Cost::Numbers(costs)) => {
            let metric = Metric::cost(*costs).map_err(Usage::new)?;
            Ok(Objective::new(metric, Goal::Minimize))
        }
        Some(Cost::Columns(costs)) => Ok(Objective::of_amounts(costs.text())),
        None => unreachable!("one of the goals is required"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_numbers_or_columns() {
        assert!(matches!("fp=1,fn=10".parse(), Ok(Cost::Numbers(_))));
        let Ok(Cost::Columns(costs)) = "fp=2,fn=amount,tp=-0.5*amount,tn=1*fee".parse() else {
            panic!("columns were named");
        };
        let none = Costs::default().fp(0.0).fn_(0.0);
        let columns = [("amount", none.fn_(1.0).tp(-0.5)), ("fee", none.tn(1.0))];
        let columns = columns.map(|(name, costs)| (name.to_owned(), costs));
        assert_eq!(
            costs,
            CostSpec::new(costs.text(), none.fp(2.0), columns.into())
        );
        for refused in [
            "",
            "fp",
            "fp=",
            "xx=amount",
            "fp=a,fp=b",
            "fp=x*amount",
            "fp=2*",
            "fp=1e200",
            "fp=nan",
        ] {
            assert!(refused.parse::<Cost>().is_err(), "{refused}");
        }
    }

    #[test]
    fn capacity_is_a_number_or_a_share() {
        assert_eq!("500".parse(), Ok(Capacity::Rows(500.0)));
        assert_eq!("5%".parse(), Ok(Capacity::Share(0.05)));
        for refused in ["", "-1", "nan", "101%", "inf", "-5%", "%"] {
            assert!(refused.parse::<Capacity>().is_err(), "{refused}");
        }
    }
}
