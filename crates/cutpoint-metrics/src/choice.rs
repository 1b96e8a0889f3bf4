//! Choosing a threshold: an objective under constraints, for the prevalence where the classifier will work. What is
//! asked and what is answered stands here; each question has a module of its own. Rows that do not fit into memory are
//! searched in passes by `search`, which asks the same questions of bins.

mod bayes;
mod constraint;
mod criteria;
mod frontier;
mod gaps;
mod infeasible;
mod pairs;
mod point;
mod ranking;
mod reject;
mod scan;
mod search;

use std::fmt;

pub use self::bayes::{bayes_threshold, bayes_threshold_of};
pub use self::constraint::{Constraint, Relation, parse_percent};
pub(crate) use self::criteria::Criteria;
pub(crate) use self::frontier::Front;
pub use self::frontier::{FrontierPoint, frontier};
pub use self::gaps::{Gap, gaps};
pub(crate) use self::infeasible::Inquiry;
pub use self::infeasible::{Attainable, Infeasible, Nearest};
pub(crate) use self::pairs::{Candidate, Pairs};
pub use self::point::Point;
pub(crate) use self::ranking::{Found, Ranking};
pub(crate) use self::reject::ends_to_find;
pub use self::reject::{RejectZone, choose_reject_zone};
pub(crate) use self::scan::{Table, Verdict, Watch, scan};
pub use self::search::{Search, Step};

use crate::prevalence::{self, Rescaling};
use crate::{Cells, Error, Metric, Objective, Optimum, Result, Sweep};

/// What a threshold is chosen for, what it has to keep to, and where it will work.
///
/// # Examples
/// ```
/// use cutpoint_metrics::Problem;
///
/// let problem = Problem::new("maximize precision".parse()?)
///     .subject_to("recall>=0.9".parse()?)
///     .subject_to("predicted_positives<=500".parse()?)
///     .at_prevalence(0.02);
/// assert_eq!(
///     problem.to_string(),
///     "maximize precision subject to recall>=0.9, predicted_positives<=500 at prevalence 0.02"
/// );
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    objective: Objective,
    constraints: Vec<Constraint>,
    prevalence: Option<f64>,
}

impl Problem {
    /// How many constraints there may be.
    pub const MOST_CONSTRAINTS: usize = 64;

    /// An objective without constraints, for data like those at hand.
    pub fn new(objective: Objective) -> Self {
        Self {
            objective,
            constraints: Vec::new(),
            prevalence: None,
        }
    }

    /// One more constraint; all have to be met. Default none, at most [`Problem::MOST_CONSTRAINTS`].
    #[must_use]
    pub fn subject_to(mut self, constraint: Constraint) -> Self {
        self.constraints.push(constraint);
        self
    }

    /// The share of positive rows where the classifier will work, in `(0, 1)`. Default: that of the data. See
    /// [`at_prevalence`](crate::at_prevalence).
    #[must_use]
    pub fn at_prevalence(mut self, prevalence: f64) -> Self {
        self.prevalence = Some(prevalence);
        self
    }

    /// The same of a part of the rows, as of the others in a fold of a cross-validation: bounds of what grows with the
    /// number of rows (counts, costs) are taken to as many as there are, all others stay. `share`: in `(0, 1]`, the
    /// part that the rows are of all.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_metrics::Problem;
    ///
    /// // Room for 30 alerts in 100 rows is room for 24 in 80 of them.
    /// let problem = Problem::new("maximize recall".parse()?)
    ///     .subject_to("predicted_positives<=30".parse()?)
    ///     .subject_to("precision>=0.5".parse()?);
    /// assert_eq!(
    ///     problem.of_share(0.8).to_string(),
    ///     "maximize recall subject to predicted_positives<=24, precision>=0.5"
    /// );
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    #[must_use]
    pub fn of_share(&self, share: f64) -> Self {
        let constraints = self.constraints.iter();
        Self {
            constraints: constraints
                .map(|constraint| constraint.of_share(share))
                .collect(),
            ..self.clone()
        }
    }

    /// What is to be as good as can be.
    pub fn objective(&self) -> &Objective {
        &self.objective
    }

    /// What has to be kept to.
    pub fn constraints(&self) -> &[Constraint] {
        &self.constraints
    }

    /// The share of positive rows where the classifier will work; `None` if it is that of the data.
    pub fn prevalence(&self) -> Option<f64> {
        self.prevalence
    }

    /// A metric where the classifier will work: at the prevalence of the problem, see
    /// [`value_at_prevalence`](crate::value_at_prevalence).
    pub fn value(&self, metric: &Metric, cells: &Cells) -> Option<f64> {
        prevalence::value_at_prevalence(metric, cells, self.prevalence)
    }

    /// Why [`Problem::value`] is `None`, in words: rows of one class cannot be taken to a prevalence; otherwise as
    /// [`Metric::undefined_when`].
    pub fn undefined_when(&self, metric: &Metric, has_both_classes: bool) -> &'static str {
        if self.prevalence.is_some() && !has_both_classes {
            return "rows of one class cannot be taken to a prevalence";
        }
        metric.undefined_when()
    }

    /// Checks everything together.
    ///
    /// # Errors
    /// - [`Error::Prevalence`] for a prevalence outside its domain.
    /// - [`Error::ConstraintNumber`] for too many constraints.
    pub fn check(&self) -> Result<()> {
        prevalence::check(self.prevalence)?;
        let got = self.constraints.len();
        if got > Self::MOST_CONSTRAINTS {
            let most = Self::MOST_CONSTRAINTS;
            return Err(Error::ConstraintNumber { most, got });
        }
        Ok(())
    }
}

impl fmt::Display for Problem {
    /// The objective, the constraints and the prevalence.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}", self.objective)?;
        for (index, constraint) in self.constraints.iter().enumerate() {
            let before = if index == 0 { " subject to " } else { ", " };
            write!(formatter, "{before}{constraint}")?;
        }
        match self.prevalence {
            Some(prevalence) => write!(formatter, " at prevalence {prevalence}"),
            None => Ok(()),
        }
    }
}

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
/// use cutpoint_metrics::{Problem, choose, sweep};
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
    let rescaling = Rescaling::new(problem.prevalence, sweep.positives(), sweep.negatives());
    let mut inquiry = Inquiry::new(problem.clone(), rescaling);
    inquiry.scan(&Table::of(sweep));
    Ok(inquiry.choice())
}
