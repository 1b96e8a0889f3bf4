//! The best threshold by a metric: what "best" means and what is told of it. How a sweep is scanned for it, with
//! constraints or without, is in `choice`; the search in a file that does not fit into memory is `partial::search`.

use std::fmt;
use std::str::FromStr;

use crate::choice::{Criteria, Found, Ranking, Table, scan};
use crate::{Bounds, Cells, Direction, Error, Interval, Metric, Result, Sweep};

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
    pub(crate) fn is_better(self, value: f64, other: f64) -> bool {
        match self {
            Self::Maximize => value > other,
            Self::Minimize => value < other,
        }
    }

    /// The best value that bounds leave open.
    pub(crate) fn reach(self, bounds: Bounds) -> f64 {
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

    /// What rows cost by amounts of their own, as low as can be; `text` stands in brackets behind its name:
    /// `fp=10,fn=amount`.
    ///
    /// The cells do not tell its value, which is `None` for all of them. [`AmountCost`](crate::AmountCost) and
    /// [`PartialSweepBuilder::add_with_costs`](crate::PartialSweepBuilder::add_with_costs) do.
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

/// The best that a threshold can do, and every threshold that does it.
///
/// Of several thresholds with the same value the highest is taken, which predicts the fewest rows positive. "Predict
/// none", which has no threshold, is taken only where it is better than every threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    objective: Objective,
    value: f64,
    threshold: Option<f64>,
    interval: Interval,
    cells: Cells,
    tied: Vec<Option<f64>>,
    n_tied: Option<usize>,
}

impl Optimum {
    /// How many tied thresholds are told one by one.
    pub const MOST_TIED: usize = 1000;

    pub(crate) fn new(objective: Objective, found: Found) -> Self {
        Self {
            objective,
            value: found.value,
            threshold: found.place.threshold,
            interval: found.place.interval(),
            cells: found.place.cells,
            tied: found.tied,
            n_tied: found.n_tied,
        }
    }

    /// What was looked for.
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The value of the metric, at the prevalence that was asked for.
    pub fn value(&self) -> f64 {
        self.value
    }

    /// The threshold, a score; `None` for "predict none".
    pub fn threshold(&self) -> Option<f64> {
        self.threshold
    }

    /// The thresholds that give the same matrix.
    pub fn interval(&self) -> Interval {
        self.interval
    }

    /// The cells, as they were counted in the data.
    pub fn cells(&self) -> Cells {
        self.cells
    }

    /// The thresholds that give the same value, this one among them, descending; `None` stands for "predict none" and
    /// comes first. Of more than [`Optimum::MOST_TIED`] the highest are here.
    pub fn tied(&self) -> &[Option<f64>] {
        &self.tied
    }

    /// How many thresholds give the same value. `None` if nobody counted: there may be more than are told, in a file that
    /// does not fit into memory.
    pub fn n_tied(&self) -> Option<usize> {
        self.n_tied
    }
}

/// The best threshold of a sweep; `None` if the metric is undefined at every one. With constraints or for another
/// prevalence: [`choose`](crate::choose).
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Goal, Objective, optimum, sweep};
///
/// // Right of four: 2 above every score; 3 at 0.9; 2 at 0.6; 3 at 0.4; 2 at 0.1.
/// let scores = Scores::new(vec![true, false, true, false], vec![0.9, 0.6, 0.4, 0.1])?;
/// let accuracy = Objective::new("accuracy".parse()?, Goal::Maximize);
/// let best = optimum(&sweep(&scores), &accuracy).unwrap();
/// assert_eq!((best.value(), best.threshold()), (0.75, Some(0.9)));
/// assert_eq!(best.tied(), [Some(0.9), Some(0.4)]);
/// assert_eq!(best.interval().midpoint(), Some(0.75));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn optimum(sweep: &Sweep, objective: &Objective) -> Option<Optimum> {
    let criteria = Criteria::of_objective(objective.clone());
    let mut ranking = Ranking::new(criteria, Optimum::MOST_TIED);
    scan(&Table::of(sweep), &mut ranking);
    Some(Optimum::new(objective.clone(), ranking.found()?))
}
