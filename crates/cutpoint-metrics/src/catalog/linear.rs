//! Metrics that are sums of the cells, each times a factor: what the cells cost, what they gain, how many rows there
//! are. They are no part of the catalogue, as tables show the cells beside it, but whatever takes a metric takes them.

use std::borrow::Cow;

use super::{Direction, Function, Metric, Range};
use crate::{Costs, Result};

const NEVER: &str = "the sum is too large for a double";

/// How many rows lie in some of the cells: name, title, what each cell counts (`tp`, `fp`, `fn`, `tn`), and
/// which way is better.
const COUNTS: [(&str, &str, [f64; 4], Direction); 6] = [
    (
        "tp",
        "True positives",
        [1.0, 0.0, 0.0, 0.0],
        Direction::Higher,
    ),
    (
        "fp",
        "False positives",
        [0.0, 1.0, 0.0, 0.0],
        Direction::Lower,
    ),
    (
        "fn",
        "False negatives",
        [0.0, 0.0, 1.0, 0.0],
        Direction::Lower,
    ),
    (
        "tn",
        "True negatives",
        [0.0, 0.0, 0.0, 1.0],
        Direction::Higher,
    ),
    (
        "predicted_positives",
        "Predicted positives",
        [1.0, 1.0, 0.0, 0.0],
        Direction::Neutral,
    ),
    (
        "predicted_negatives",
        "Predicted negatives",
        [0.0, 0.0, 1.0, 1.0],
        Direction::Neutral,
    ),
];

impl Metric {
    /// What all rows cost together, in `(-inf, inf)`; lower is better.
    ///
    /// # Formula
    /// ```text
    /// cost_fp fp + cost_fn fn + cost_tp tp + cost_tn tn
    /// ```
    ///
    /// # Undefined
    /// Where no double holds the sum.
    ///
    /// # Errors
    /// [`Error::Cost`](crate::Error::Cost) for a cost outside its domain.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_metrics::{Cells, Costs, Metric};
    ///
    /// let cost = Metric::cost("fp=1,fn=10".parse()?)?;
    /// // 5 · 1 + 2 · 10
    /// assert_eq!(cost.value(&Cells::from_counts(8, 5, 2, 85)), Some(25.0));
    /// assert_eq!(cost.name(), "cost");
    /// assert_eq!(cost.to_string().parse::<Metric>()?, cost);
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    ///
    /// # References
    /// Elkan, 2001, *The foundations of cost-sensitive learning*, IJCAI, 973–978.
    pub fn cost(costs: Costs) -> Result<Self> {
        costs.check()?;
        Ok(Self::unchecked_cost(costs))
    }

    /// A cost of this crate's own, which may be a little outside of the domain.
    pub(crate) fn unchecked_cost(costs: Costs) -> Self {
        Self::linear("cost", "Cost", Direction::Lower, costs)
    }

    /// What all rows gain together, in `(-inf, inf)`; higher is better. As [`Metric::cost`], of gains.
    ///
    /// # Errors
    /// [`Error::Cost`](crate::Error::Cost) for a gain outside its domain.
    pub fn utility(gains: Costs) -> Result<Self> {
        gains.check()?;
        Ok(Self::linear("utility", "Utility", Direction::Higher, gains))
    }

    /// A cost whose amounts are told by columns of the rows, so that no cells of counts tell it: [`Metric::value`] is
    /// `None`. `text` is what stands in the brackets of its name.
    pub(crate) fn amounts(text: &str) -> Self {
        let mut metric = Self::linear("cost", "Cost", Direction::Lower, Costs::default());
        metric.formula = Cow::Owned(text.to_owned());
        metric.function = Function::Amounts;
        metric
    }

    /// What each cell costs or gains, if the metric is such a sum.
    pub fn costs(&self) -> Option<&Costs> {
        match &self.function {
            Function::Linear(costs) => Some(costs),
            _ => None,
        }
    }

    /// The costs, if the name alone does not tell them.
    pub(super) fn costs_in_name(&self) -> Option<Cow<'_, str>> {
        let is_count = COUNTS.iter().any(|(name, ..)| *name == self.name);
        match &self.function {
            Function::Linear(costs) if !is_count => Some(Cow::Owned(costs.to_string())),
            Function::Amounts => Some(Cow::Borrowed(&self.formula)),
            _ => None,
        }
    }

    /// Whether it rises (or stays) rather than falls as more positive rows, and as more negative rows, are predicted
    /// positive.
    pub(crate) fn rises(&self) -> [bool; 2] {
        if let Function::Linear(costs) = &self.function {
            return costs.slopes().map(|slope| slope >= 0.0);
        }
        match self.direction {
            Direction::Higher => [true, false],
            Direction::Lower => [false, true],
            Direction::Neutral => [true, true],
        }
    }

    /// A sum of cells by its name, in lower case and with `_` for spaces and dashes, if it is one.
    pub(super) fn linear_from(text: &str, typed: &str) -> Option<Result<Self>> {
        if let Some(count) = COUNTS.iter().find(|(name, ..)| *name == text) {
            let (name, title, [tp, fp, fn_, tn], direction) = *count;
            let costs = Costs::default().tp(tp).fp(fp).fn_(fn_).tn(tn);
            let mut metric = Self::linear(name, title, direction, costs);
            metric.range = Range::POSITIVE;
            return Some(Ok(metric));
        }
        let costs = |name: &str| {
            typed
                .strip_prefix(name)?
                .trim()
                .strip_prefix('(')?
                .strip_suffix(')')
        };
        let parse = |text: &str, make: fn(Costs) -> Result<Self>| text.parse().and_then(make);
        if let Some(text) = costs("cost") {
            return Some(parse(text, Self::cost));
        }
        costs("utility").map(|text| parse(text, Self::utility))
    }

    fn linear(name: &'static str, title: &'static str, direction: Direction, costs: Costs) -> Self {
        let terms = costs
            .named()
            .into_iter()
            .filter(|(_, cost)| cost.abs() > 0.0);
        let terms = terms.map(|(cell, cost)| match cost {
            1.0 => cell.to_owned(),
            cost => format!("{cost} {cell}"),
        });
        let formula = terms.collect::<Vec<_>>().join(" + ");
        Self {
            name: Cow::Borrowed(name),
            title: Cow::Borrowed(title),
            aliases: &[],
            formula: Cow::Owned(if formula.is_empty() {
                "0".to_owned()
            } else {
                formula
            }),
            direction,
            range: Range::REAL,
            undefined_when: NEVER,
            mirror: None,
            is_within_classes: false,
            function: Function::Linear(costs),
        }
    }
}
