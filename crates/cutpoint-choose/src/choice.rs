//! The best threshold of a sweep under constraints. What is answered stands here; each question has a module of its
//! own. Rows that do not fit into memory are searched in passes by `search`, which asks the same questions of bins.

mod criteria;
mod frontier;
mod gaps;
mod infeasible;
mod optimum;
mod point;
mod ranking;
mod reject;
mod scan;
mod search;
mod zone_search;

use cutpoint_metrics::{Problem, Rescaling, Result, Sweep};

use self::criteria::Criteria;
use self::frontier::Front;
pub use self::frontier::{FrontierPoint, frontier};
pub use self::gaps::{Gap, gaps};
use self::infeasible::ProblemSearch;
pub use self::infeasible::{Attainable, Infeasible, Nearest};
pub use self::optimum::{Optimum, optimum};
pub use self::point::Point;
use self::ranking::{Found, Ranking};
use self::reject::ends_to_find;
pub use self::reject::{RejectZone, choose_reject_zone};
use self::scan::{Relevance, Table, Visitor, scan};
pub use self::search::{Search, Step};
use self::zone_search::{Candidate, ZoneSearch};

/// What comes out of a [`Problem`].
#[derive(Debug, Clone, PartialEq)]
pub enum Choice {
    /// The best threshold that meets all constraints.
    Found(Optimum),
    /// No threshold meets all constraints.
    Infeasible(Infeasible),
    /// Some thresholds meet all constraints, but the objective is undefined at each of them.
    Undefined,
}

impl Choice {
    /// The best threshold, if there is one.
    pub fn found(&self) -> Option<&Optimum> {
        match self {
            Self::Found(optimum) => Some(optimum),
            _ => None,
        }
    }

    /// Why there is none.
    pub fn infeasible(&self) -> Option<&Infeasible> {
        match self {
            Self::Infeasible(infeasible) => Some(infeasible),
            _ => None,
        }
    }
}

/// The best threshold of a sweep under constraints.
///
/// Every row of the table is in question, "predict none" among them. Blocks of rows whose bounds show that nothing in
/// them can be better are passed over; the result is that of looking at every row, ties included.
///
/// # Errors
/// As [`Problem::check`].
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_choose::choose;
/// use cutpoint_metrics::{Problem, sweep};
///
/// let label = vec![true, true, false, true, false, false];
/// let table = sweep(&Scores::new(label, vec![0.9, 0.8, 0.7, 0.6, 0.5, 0.4])?);
/// // Precision is 1 down to 0.8, but recall reaches 0.9 only at 0.6: 3 of 4 are right there, 3 of 5 at 0.5.
/// let problem = Problem::new("precision".parse()?).subject_to("recall>=0.9".parse()?);
/// let choice = choose(&table, &problem)?;
/// let best = choice.found().unwrap();
/// assert_eq!((best.threshold(), best.value()), (Some(Threshold::new(0.6)?), 0.75));
///
/// let problem = problem.subject_to("fpr<=10%".parse()?);
/// let choice = choose(&table, &problem)?;
/// // Either alone can be met, not both; without either the other can.
/// let why = choice.infeasible().unwrap();
/// assert_eq!((why.conflicts(), why.binding()), (&[[0, 1]][..], &[0, 1][..]));
/// // Two thirds instead of 0.9 fall short by a quarter of it; the next one has a false positive rate of 1/3, not 0.1.
/// assert_eq!(why.nearest().unwrap().point().threshold, Some(Threshold::new(0.8)?));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn choose(sweep: &Sweep, problem: &Problem) -> Result<Choice> {
    problem.check()?;
    let rescaling = Rescaling::new(problem.prevalence(), sweep.positives(), sweep.negatives());
    let mut search = ProblemSearch::new(problem.clone(), rescaling);
    search.scan(&Table::of(sweep));
    Ok(search.choice())
}
