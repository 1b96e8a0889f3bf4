//! What a threshold is chosen for: a metric, and which way it is to go. Nothing is chosen here.

use std::fmt;
use std::str::FromStr;

use crate::{Bounds, Cells, Direction, Error, Metric, Result};

/// Whether a metric is to be as high or as low as it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// As high as can be.
    Maximize,
    /// As low as can be.
    Minimize,
}

impl Goal {
    /// Whether one value is better than another.
    pub fn is_better(self, value: f64, other: f64) -> bool {
        match self {
            Self::Maximize => value > other,
            Self::Minimize => value < other,
        }
    }

    /// The best value that bounds leave open.
    pub fn reach(self, bounds: Bounds) -> f64 {
        match self {
            Self::Maximize => bounds.high(),
            Self::Minimize => bounds.low(),
        }
    }
}

impl fmt::Display for Goal {
    /// `maximize` or `minimize`.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Maximize => "maximize",
            Self::Minimize => "minimize",
        })
    }
}

/// What a threshold is chosen for.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Goal, Objective};
///
/// let objective = Objective::best("fpr".parse()?).expect("lower is better");
/// assert_eq!(objective.goal(), Goal::Minimize);
/// assert!(Objective::best("prevalence".parse()?).is_none());
///
/// let cost = "minimize cost(fp=1,fn=10)".parse::<Objective>()?;
/// assert_eq!(cost.metric().name(), "cost");
/// assert_eq!(cost.to_string(), "minimize cost(fp=1,fn=10)");
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Objective {
    metric: Metric,
    goal: Goal,
}

impl Objective {
    /// Whether it asks for the worst: as high as can be where lower is better, or the other way round.
    pub fn is_against_direction(&self) -> bool {
        matches!(
            (self.metric().direction(), self.goal()),
            (Direction::Lower, Goal::Maximize) | (Direction::Higher, Goal::Minimize)
        )
    }

    /// A metric as high or as low as it can be, whether that is better or not.
    pub fn new(metric: Metric, goal: Goal) -> Self {
        Self { metric, goal }
    }

    /// A metric as good as it can be; `None` for one that is neither better nor worse.
    pub fn best(metric: Metric) -> Option<Self> {
        let goal = match metric.direction() {
            Direction::Higher => Goal::Maximize,
            Direction::Lower => Goal::Minimize,
            Direction::Neutral => return None,
        };
        Some(Self::new(metric, goal))
    }

    /// What rows cost by amounts of their own, as low as can be; `text` stands in brackets after its name:
    /// `fp=10,fn=amount`.
    ///
    /// The cells do not tell its value, which is `None` for all of them;
    /// [`PartialSweepBuilder::add_with_costs`](crate::PartialSweepBuilder::add_with_costs) does.
    pub fn of_amounts(text: &str) -> Self {
        Self::new(Metric::amounts(text), Goal::Minimize)
    }

    /// The metric.
    pub fn metric(&self) -> &Metric {
        &self.metric
    }

    /// Which way it is to go.
    pub fn goal(&self) -> Goal {
        self.goal
    }

    /// The value of cells; `None` where the metric is undefined, which never wins.
    pub fn value(&self, cells: &Cells) -> Option<f64> {
        self.metric.value(cells)
    }
}

impl fmt::Display for Objective {
    /// The goal and the metric: `maximize f1`. It reads back.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{} {}", self.goal, self.metric)
    }
}

impl FromStr for Objective {
    type Err = Error;

    /// `maximize METRIC` or `minimize METRIC`; a metric alone, where one way is better.
    ///
    /// # Errors
    /// [`Error::ObjectiveSyntax`] for a metric alone that is neither better nor worse; as [`Metric::from_str`].
    fn from_str(text: &str) -> Result<Self> {
        let words = text.trim().split_once(char::is_whitespace);
        let goal = words.and_then(|(goal, metric)| match goal.to_lowercase().as_str() {
            "maximize" => Some((Goal::Maximize, metric)),
            "minimize" => Some((Goal::Minimize, metric)),
            _ => None,
        });
        match goal {
            Some((goal, metric)) => Ok(Self::new(metric.parse()?, goal)),
            None => Self::best(text.parse()?).ok_or_else(|| Error::ObjectiveSyntax {
                text: text.to_owned(),
            }),
        }
    }
}
