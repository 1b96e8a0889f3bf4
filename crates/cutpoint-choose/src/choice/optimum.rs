//! The best threshold by a metric, and what is told of it. How a sweep is scanned for it, with constraints or without,
//! is in `choice`; the search in a file that does not fit into memory is `choice::search`.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Cells, Interval, Objective, Sweep, SweepPoint};

use super::{Criteria, Found, Ranking, Table, scan};

/// The best that a threshold can do, and every threshold that does it.
///
/// Of several thresholds with the same value the highest is taken, which predicts the fewest rows positive. "Predict
/// none", which has no threshold, is taken only where it is better than every threshold.
#[derive(Debug, Clone, PartialEq)]
pub struct Optimum {
    objective: Objective,
    value: f64,
    point: SweepPoint,
    tied: Vec<Option<Threshold>>,
    n_tied: Option<usize>,
}

impl Optimum {
    /// How many tied thresholds are told one by one.
    pub const MOST_TIED: usize = 1000;

    pub(crate) fn new(objective: Objective, found: Found) -> Self {
        Self {
            objective,
            value: found.value,
            point: found.point,
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

    /// The threshold with its cells and the thresholds around that have the same.
    pub fn point(&self) -> SweepPoint {
        self.point
    }

    /// The threshold, a score; `None` for "predict none".
    pub fn threshold(&self) -> Option<Threshold> {
        self.point.threshold
    }

    /// The thresholds that give the same matrix.
    pub fn interval(&self) -> Interval {
        self.point.interval
    }

    /// The cells, as they were counted in the data.
    pub fn cells(&self) -> Cells {
        self.point.cells
    }

    /// The thresholds that give the same value, this one among them, descending; `None` stands for "predict none" and
    /// comes first. Of more than [`Optimum::MOST_TIED`] the highest are here.
    pub fn tied(&self) -> &[Option<Threshold>] {
        &self.tied
    }

    /// How many thresholds give the same value. `None` if nobody counted: there may be more than are told, in a file
    /// that does not fit into memory.
    pub fn n_tied(&self) -> Option<usize> {
        self.n_tied
    }
}

/// The best threshold of a sweep; `None` if the metric is undefined at every one. With constraints or for another
/// prevalence: [`choose`](crate::choose).
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_choose::optimum;
/// use cutpoint_metrics::{Goal, Objective, sweep};
///
/// // Right of four: 2 above every score; 3 at 0.9; 2 at 0.6; 3 at 0.4; 2 at 0.1.
/// let scores = Scores::new(vec![true, false, true, false], vec![0.9, 0.6, 0.4, 0.1])?;
/// let accuracy = Objective::new("accuracy".parse()?, Goal::Maximize);
/// let best = optimum(&sweep(&scores), &accuracy).unwrap();
/// assert_eq!((best.value(), best.threshold()), (0.75, Some(Threshold::new(0.9)?)));
/// assert_eq!(best.tied(), [Some(Threshold::new(0.9)?), Some(Threshold::new(0.4)?)]);
/// assert_eq!(best.interval().midpoint(), Some(Threshold::new(0.75)?));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn optimum(sweep: &Sweep, objective: &Objective) -> Option<Optimum> {
    let criteria = Criteria::of_objective(objective.clone());
    let mut ranking = Ranking::new(criteria, Optimum::MOST_TIED);
    scan(&Table::of(sweep), &mut ranking);
    Some(Optimum::new(objective.clone(), ranking.found()?))
}
