//! What a threshold is chosen for, as data: an objective under constraints, for the prevalence where the classifier
//! will work. Nothing is chosen here.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Cells, Constraint, Error, Metric, Objective, Result, prevalence};

/// What a threshold is chosen for, which constraints it has to satisfy, and where it will work.
///
/// It serialises as the texts of its parts, of which all read back but an objective of amounts
/// ([`Objective::of_amounts`]).
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
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(into = "Texts", try_from = "Texts")]
pub struct Problem {
    objective: Objective,
    constraints: Vec<Constraint>,
    prevalence: Option<f64>,
}

/// A problem as it is written.
#[derive(Serialize, Deserialize)]
#[serde(rename = "Problem")]
struct Texts {
    objective: String,
    constraints: Vec<String>,
    prevalence: Option<f64>,
}

impl From<Problem> for Texts {
    fn from(problem: Problem) -> Self {
        let constraints = problem.constraints.iter().map(Constraint::to_string);
        Self {
            objective: problem.objective.to_string(),
            constraints: constraints.collect(),
            prevalence: problem.prevalence,
        }
    }
}

impl TryFrom<Texts> for Problem {
    type Error = Error;

    fn try_from(texts: Texts) -> Result<Self> {
        let constraints = texts.constraints.iter().map(|text| text.parse());
        let problem = Self {
            objective: texts.objective.parse()?,
            constraints: constraints.collect::<Result<_>>()?,
            prevalence: texts.prevalence,
        };
        problem.check()?;
        Ok(problem)
    }
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
    /// number of rows (counts, costs) are taken to as many as there are, all others stay. `share`: above 0, the
    /// part that the rows are of those it is meant for.
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

    /// What has to be satisfied.
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
