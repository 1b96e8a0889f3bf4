//! What rows cost in each cell, some of it by columns of amounts: example-dependent costs, as they are written.

use std::str::FromStr;

use cutpoint_core::Scores;
use cutpoint_metrics::{Costs, Goal, Metric, Objective, Result, RowCosts};
use serde::{Deserialize, Serialize};

use crate::error::Error;

/// What rows cost in each cell: the same for all, and times amounts of their own.
///
/// # Examples
/// ```
/// use cutpoint_choose::CostSpec;
/// use cutpoint_metrics::Costs;
///
/// let costs = "fp=5,fn=2*amount".parse::<CostSpec>()?;
/// assert_eq!(costs.columns().collect::<Vec<_>>(), ["amount"]);
/// assert_eq!(costs.objective()?.metric().to_string(), "cost(fp=5,fn=2*amount)");
/// assert_eq!("fp=1,fn=10".parse::<CostSpec>()?.numbers(), Some(&Costs::default().fp(1.0).fn_(10.0)));
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "CostText", try_from = "CostText")]
pub struct CostSpec {
    text: String,
    constant: Costs,
    columns: Vec<(String, Costs)>,
}

/// What is sent: costs as they are written, which read back to the bit.
#[derive(Serialize, Deserialize)]
struct CostText {
    text: String,
    constant: String,
    columns: Vec<(String, String)>,
}

impl From<CostSpec> for CostText {
    fn from(costs: CostSpec) -> Self {
        let columns = costs.columns.into_iter();
        Self {
            text: costs.text,
            constant: costs.constant.to_string(),
            columns: columns
                .map(|(name, costs)| (name, costs.to_string()))
                .collect(),
        }
    }
}

impl TryFrom<CostText> for CostSpec {
    type Error = cutpoint_metrics::Error;

    fn try_from(costs: CostText) -> Result<Self> {
        let columns = costs.columns.into_iter();
        let columns = columns.map(|(name, costs)| Ok((name, costs.parse()?)));
        Ok(Self {
            text: costs.text,
            constant: costs.constant.parse()?,
            columns: columns.collect::<Result<_>>()?,
        })
    }
}

impl CostSpec {
    /// `text`: as it was written, such as `fp=5,fn=amount`. `constant`: what every row costs in a cell. `columns`: what
    /// one unit of the amount in a column costs in a cell, each column once.
    pub fn new(text: impl Into<String>, constant: Costs, columns: Vec<(String, Costs)>) -> Self {
        Self {
            text: text.into(),
            constant,
            columns,
        }
    }

    /// As it was written.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// What a row costs, if all cost the same.
    pub fn numbers(&self) -> Option<&Costs> {
        self.columns.is_empty().then_some(&self.constant)
    }

    /// To cost as little as can be.
    ///
    /// # Errors
    /// Those of [`Metric::cost`].
    pub fn objective(&self) -> Result<Objective> {
        match self.numbers() {
            Some(costs) => Ok(Objective::new(Metric::cost(*costs)?, Goal::Minimize)),
            None => Ok(Objective::of_amounts(&self.text)),
        }
    }

    /// The names of the columns of amounts; a [`Block`](crate::Block) has their values in this order.
    pub fn columns(&self) -> impl Iterator<Item = &str> {
        self.columns.iter().map(|(name, _)| name.as_str())
    }

    /// What the rows of a block cost.
    ///
    /// # Errors
    /// Those of [`RowCosts::new`].
    pub fn of_rows(&self, scores: &Scores, amounts: &[Vec<f64>]) -> Result<RowCosts> {
        let columns = amounts.iter().zip(&self.columns);
        let columns = columns.map(|(amounts, (_, costs))| (&amounts[..], *costs));
        RowCosts::new(scores, &self.constant, &columns.collect::<Vec<_>>())
    }
}

/// Some of `fp`, `fn`, `tp`, `tn`, each with a number, a column of amounts, or `NUMBER*COLUMN`.
impl FromStr for CostSpec {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let numbers = text.parse::<Costs>();
        if let Ok(costs) = numbers {
            return Ok(Self::new(text, costs, Vec::new()));
        }
        let expected = |part: &str| Error::CostPart {
            part: part.to_owned(),
        };
        let none = || Costs::ZERO;
        let mut constant = none();
        let mut columns = Vec::<(String, Costs)>::new();
        let mut named = Vec::new();
        for part in text.split(',') {
            let (cell, cost) = part.split_once('=').ok_or_else(|| expected(part))?;
            let (cell, cost) = (cell.trim(), cost.trim());
            if named.contains(&cell) {
                return Err(Error::CostTwice {
                    cell: cell.to_owned(),
                });
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
            costs.check()?;
        }
        match numbers {
            // Nothing else than numbers, which were refused.
            Err(refused) if columns.is_empty() => Err(refused.into()),
            _ => Ok(Self::new(text, constant, columns)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn costs_are_numbers_or_columns() {
        let numbers = "fp=1,fn=10".parse::<CostSpec>().unwrap();
        assert!(numbers.numbers().is_some());
        let costs = "fp=2,fn=amount,tp=-0.5*amount,tn=1*fee";
        let costs = costs.parse::<CostSpec>().unwrap();
        let none = Costs::ZERO;
        let columns = [("amount", none.fn_(1.0).tp(-0.5)), ("fee", none.tn(1.0))];
        let columns = columns.map(|(name, costs)| (name.to_owned(), costs));
        assert_eq!(
            costs,
            CostSpec::new(costs.text(), none.fp(2.0), columns.into())
        );
        assert_eq!(costs.numbers(), None);
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
            assert!(refused.parse::<CostSpec>().is_err(), "{refused}");
        }
    }
}
