//! The best threshold by a metric: what "best" means, how ties are told, and the scan of a whole sweep. The search in a
//! file that does not fit into memory is `partial::search`, which ends with the same result.

use crate::{Bounds, CellBounds, Cells, Direction, Interval, Metric, Sweep};

/// Whether a metric is to be as high or as low as it can be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Goal {
    /// As high as can be.
    Maximize,
    /// As low as can be.
    Minimize,
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

    fn is_better(&self, value: f64, other: f64) -> bool {
        match self.goal {
            Goal::Maximize => value > other,
            Goal::Minimize => value < other,
        }
    }

    /// The best value that bounds leave open.
    fn reach(&self, bounds: Bounds) -> f64 {
        match self.goal {
            Goal::Maximize => bounds.high(),
            Goal::Minimize => bounds.low(),
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

    /// What was looked for.
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// The value of the metric.
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

    /// The cells.
    pub fn cells(&self) -> Cells {
        self.cells
    }

    /// The thresholds that give the same value, this one among them, descending; `None` stands for "predict none" and
    /// comes first. Of more than [`Optimum::MOST_TIED`] the highest are here.
    pub fn tied(&self) -> &[Option<f64>] {
        &self.tied
    }

    /// How many thresholds give the same value. `None` if nobody counted: they are more than [`Optimum::MOST_TIED`], in
    /// a file that does not fit into memory.
    pub fn n_tied(&self) -> Option<usize> {
        self.n_tied
    }
}

/// The best threshold of a sweep; `None` if the metric is undefined at every one.
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
    let mut ranking = Ranking::new(objective.clone());
    for (index, row) in sweep.rows().enumerate() {
        ranking.consider(row.threshold(), &row.cells(), sweep.interval(index).above());
    }
    ranking.optimum()
}

/// The best so far of the thresholds that were looked at, each once and in any order.
#[derive(Debug, Clone)]
pub(crate) struct Ranking {
    objective: Objective,
    best: Option<f64>,
    /// The highest thresholds with that value, descending.
    tied: Vec<Tied>,
    n_tied: usize,
    /// Whether there are more of them than were counted.
    has_more: bool,
}

#[derive(Debug, Clone, Copy)]
struct Tied {
    threshold: Option<f64>,
    cells: Cells,
    above: Option<f64>,
}

impl Tied {
    fn is_higher(&self, other: Option<f64>) -> bool {
        match (self.threshold, other) {
            (Some(threshold), Some(other)) => threshold > other,
            (threshold, _) => threshold.is_none(),
        }
    }
}

/// Whether thresholds nobody has looked at matter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verdict {
    /// They do: one may be the best, or a tie to be told.
    Open,
    /// They do not, but that there are more ties than are told.
    OnlyTies,
    /// They do not.
    Closed,
}

impl Ranking {
    pub(crate) fn new(objective: Objective) -> Self {
        Self {
            objective,
            best: None,
            tied: Vec::new(),
            n_tied: 0,
            has_more: false,
        }
    }

    /// Looks at a threshold, its cells, and the next lower score.
    pub(crate) fn consider(&mut self, threshold: Option<f64>, cells: &Cells, above: Option<f64>) {
        let Some(value) = self.objective.value(cells) else {
            return;
        };
        match self.best {
            Some(best) if self.objective.is_better(best, value) => return,
            Some(best) if !self.objective.is_better(value, best) => {}
            _ => {
                // -0.0 is no better than 0.0, and is not to be told.
                self.best = Some(value + 0.0);
                self.tied.clear();
                self.n_tied = 0;
                self.has_more = false;
            }
        }
        self.n_tied += 1;
        if self.lists_none_from(threshold) {
            return;
        }
        let place = self.tied.partition_point(|tied| tied.is_higher(threshold));
        let tied = Tied {
            threshold,
            cells: *cells,
            above,
        };
        self.tied.insert(place, tied);
        self.tied.truncate(Optimum::MOST_TIED);
    }

    /// Whether the list of ties is full of higher thresholds.
    fn lists_none_from(&self, threshold: Option<f64>) -> bool {
        let lowest = self.tied.get(Optimum::MOST_TIED - 1);
        lowest.is_some_and(|lowest| lowest.is_higher(threshold))
    }

    /// Whether the thresholds from a score down, of which only bounds are known, matter.
    pub(crate) fn judge(&self, highest: f64, bounds: &CellBounds) -> Verdict {
        let metric = self.objective.metric();
        let Some(bounded) = bounds.metric(metric) else {
            return Verdict::Closed;
        };
        let Some(best) = self.best else {
            return Verdict::Open;
        };
        if self
            .objective
            .is_better(best, self.objective.reach(bounded))
        {
            return Verdict::Closed;
        }
        let is_beyond_list = self.lists_none_from(Some(highest));
        if is_beyond_list && bounds.constant(metric) == Some(best) {
            return Verdict::OnlyTies;
        }
        Verdict::Open
    }

    /// Takes note that there are more ties than were counted.
    pub(crate) fn has_more(&mut self) {
        self.has_more = true;
    }

    pub(crate) fn optimum(&self) -> Option<Optimum> {
        let chosen = self.tied.iter().find(|tied| tied.threshold.is_some());
        let chosen = chosen.or(self.tied.first())?;
        Some(Optimum {
            objective: self.objective.clone(),
            value: self.best?,
            threshold: chosen.threshold,
            interval: Interval::new(chosen.above, chosen.threshold),
            cells: chosen.cells,
            tied: self.tied.iter().map(|tied| tied.threshold).collect(),
            n_tied: (!self.has_more).then_some(self.n_tied),
        })
    }
}
