//! Whether a saved operating point still holds on other rows, and what has changed where it does not. Another threshold
//! is not looked for.

use cutpoint_core::Label;
use cutpoint_metrics::{
    BootstrapOptions, CellSums, Cells, Constraint, ConstraintCheck, MatrixAnswer, Metric,
    ProportionTest, Relation, Result, ScoreSurvey, Verdict, check_constraints, metric_test,
    value_at_prevalence,
};
use serde::{Serialize, Serializer};

use crate::answer::as_text;
use crate::{Classes, OperatingPoint, RowSource, View};

/// How a point is checked.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CheckOptions {
    /// How often intervals hold the truth, in `(0, 1)`; larger breaks constraints later. Default 0.95.
    pub confidence: f64,
    /// Whether a constraint that is missed within error is failed, too. Default no.
    pub is_strict: bool,
}

impl Default for CheckOptions {
    fn default() -> Self {
        Self {
            confidence: 0.95,
            is_strict: false,
        }
    }
}

impl CheckOptions {
    /// Whether they can be right, whatever the rows are.
    ///
    /// # Errors
    /// Those of [`BootstrapOptions::check`].
    pub fn check(&self) -> Result<()> {
        self.of_bootstrap().check()
    }

    fn of_bootstrap(&self) -> BootstrapOptions {
        BootstrapOptions::default().confidence(self.confidence)
    }
}

/// How a point does on rows that were held out; as JSON, what `cutpoint check --format json` prints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Checked {
    /// Whether no constraint is failed.
    pub holds: bool,
    /// Whether a constraint that is missed within error is failed, too.
    #[serde(rename = "strict")]
    pub is_strict: bool,
    /// How often intervals hold the truth.
    pub confidence: f64,
    /// The constraints that the point was chosen under.
    pub constraints: Vec<CheckedConstraint>,
    /// Why the point does not hold, in the words of the front end, which adds them; empty until then.
    pub reasons: Vec<String>,
    /// What is watched for drift.
    #[serde(serialize_with = "by_key")]
    pub drift: Vec<Drift>,
    /// The share of positive rows that values are taken to, if the point was chosen for one.
    pub at_prevalence: Option<f64>,
    /// How many rows counts and costs are taken to, if any constraint is about such.
    pub per_rows: Option<f64>,
    /// Number of rows.
    pub n_samples: usize,
    /// What a reader should know, in the words of the front end, which adds them; empty until then.
    pub warnings: Vec<String>,
    /// The matrix of the rows, and metrics at the prevalence.
    #[serde(flatten)]
    pub matrix: MatrixAnswer,
    /// The cells.
    #[serde(skip)]
    pub cells: Cells,
    /// Whether they are sums of weights.
    #[serde(skip)]
    pub is_weighted: bool,
    /// What may explain that the point does not hold.
    #[serde(skip)]
    pub causes: Vec<Cause>,
    /// What makes the answer doubtful.
    #[serde(skip)]
    pub doubts: Vec<Doubt>,
    /// What may be odd about the scores.
    #[serde(skip)]
    pub survey: ScoreSurvey,
    /// What the classes are called.
    #[serde(skip)]
    pub classes: Classes,
}

/// A constraint held against the rows.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckedConstraint {
    /// The constraint.
    #[serde(serialize_with = "as_text")]
    pub constraint: Constraint,
    /// Its metric.
    #[serde(serialize_with = "as_text")]
    pub metric: Metric,
    /// Its relation.
    #[serde(serialize_with = "as_text")]
    pub relation: Relation,
    /// Its bound.
    pub bound: f64,
    /// How it stands with it.
    pub verdict: Verdict,
    /// The value of its metric; `None` where that is undefined.
    pub value: Option<f64>,
    /// Both ends of the interval of the value; `None` where the rows do not tell, and the value alone decides.
    pub interval: Option<[f64; 2]>,
    /// How the interval was computed: `wilson`, `propagated` or `bootstrap`.
    pub method: Option<&'static str>,
    /// Both ends of the interval of the difference, now less then.
    pub change: Option<[f64; 2]>,
    /// The value where the point was chosen.
    pub then: Option<f64>,
}

/// What is watched for drift: shares of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Watched {
    /// The share of positive rows.
    Prevalence,
    /// The share of rows that are predicted positive, which follows from the others.
    AlertRate,
    /// The share of positive rows that are found. Rates within a class do not know of the prevalence.
    Recall,
    /// The share of negative rows that are false alarms.
    Fpr,
}

impl Watched {
    /// All, in the order in which they are told.
    pub const ALL: [Self; 4] = [Self::Prevalence, Self::AlertRate, Self::Recall, Self::Fpr];

    /// The key in JSON: `prevalence`, `alert_rate`, `recall`, `fpr`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Prevalence => "prevalence",
            Self::AlertRate => "alert_rate",
            Self::Recall => "recall",
            Self::Fpr => "fpr",
        }
    }

    fn metric(self) -> Metric {
        let name = match self {
            Self::AlertRate => "predicted_positive_rate",
            other => other.name(),
        };
        name.parse().expect("a name of the catalogue")
    }

    /// Whether it tells of the scores, and of nothing else.
    fn is_of_scores(self) -> bool {
        matches!(self, Self::Recall | Self::Fpr)
    }
}

/// A share then and now.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Drift {
    /// The share.
    #[serde(skip)]
    pub watched: Watched,
    /// Where the point was chosen, or for which share it was.
    pub then: Option<f64>,
    /// In these rows.
    pub now: Option<f64>,
    /// How many standard deviations lie between; `None` where the rows do not tell.
    pub z: Option<f64>,
    /// How often chance alone does that.
    pub p: Option<f64>,
}

/// Whether a point holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// No constraint is failed.
    Holds,
    /// One is.
    Broken,
    /// None is, but one cannot be judged.
    NotJudged,
}

/// What may explain that a point does not hold, as far as the rows can tell.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Cause {
    /// The share of positive rows has changed by more than chance explains.
    PrevalenceDrift(Drift),
    /// What the scores find within a class has.
    ScoreDrift(Vec<Drift>),
    /// Chance alone, which was to be no excuse.
    Chance,
    /// Unknown: rows have weights, of which no test tells.
    Untested,
    /// No drift is found.
    NoDrift,
}

/// What makes an answer doubtful.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum Doubt {
    /// A class has no rows: what needs both is undefined.
    ClassMissing(Label),
    /// As many rows and the same matrix as where the point was chosen: they may be the same.
    SameMatrix,
    /// The constraint at this place is all but certainly missed, though nothing has changed by more than chance
    /// explains.
    NeverMet(usize),
    /// Only here or only where the point was chosen have rows weights.
    WeightsDiffer {
        /// Whether they had.
        then: bool,
        /// Whether they have.
        now: bool,
    },
}

/// Checks whether an operating point holds on rows that were held out, in one pass and in bounded memory: holds its
/// constraints against them ([`check_constraints`]), and looks for drift of the prevalence and of the scores.
///
/// # Errors
/// Those of [`CheckOptions::check`] and of [`RowSource::run`].
///
/// # Panics
/// If the source leaves out what a pass asks for.
///
/// # Examples
/// ```
/// use cutpoint_choose::{CheckOptions, Outcome, View, check, choose_from};
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::Problem;
///
/// let old = Scores::new(vec![true, true, false, true, false], vec![0.9, 0.8, 0.7, 0.6, 0.1])?;
/// let problem = Problem::new("precision".parse()?).subject_to("recall>=0.9".parse()?);
/// let point = choose_from(&View::of(&old), &problem, 1 << 20)?.operating_point().expect("there is a threshold");
///
/// // None of 40 positive rows is found any more.
/// let new = Scores::new([vec![true; 40], vec![false; 40]].concat(), [vec![0.5; 40], vec![0.1; 40]].concat())?;
/// let checked = check(&point, &View::of(&new), &CheckOptions::default())?;
/// assert_eq!(checked.outcome(), Outcome::Broken);
/// assert_eq!(checked.constraints[0].value, Some(0.0));
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
pub fn check<S: RowSource>(
    point: &OperatingPoint,
    view: &View<'_, S>,
    options: &CheckOptions,
) -> Result<Checked, S::Error> {
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    options.check().map_err(wrong)?;
    let mut pass = view.pass(0);
    pass.sums_at = Some(point.threshold());
    pass.with_survey = true;
    let part = view.source.run(&pass)?;
    let sums = part.sums.expect("sums were asked for");
    let survey = part.survey.expect("a survey was asked for").finish();
    let mut checked = held_against(point, &sums, part.classes, *options).map_err(wrong)?;
    checked.survey = survey;
    Ok(checked)
}

/// The answer, from the cells of the rows and what tells how sure they are.
fn held_against(
    point: &OperatingPoint,
    sums: &CellSums,
    classes: Classes,
    options: CheckOptions,
) -> Result<Checked> {
    let (then, cells) = (point.cells(), sums.cells());
    let n_rows = then.total();
    let chosen_on = if point.data().is_weighted() {
        None
    } else {
        CellSums::of_counts(point.threshold(), then)
    };
    let checks = check_constraints(
        point.constraints(),
        sums,
        chosen_on.as_ref(),
        point.prevalence(),
        Some(n_rows),
        &options.of_bootstrap(),
    )?;
    let constraints = point.constraints().iter().zip(&checks);
    let constraints = constraints
        .map(|(constraint, check)| CheckedConstraint::new(point, constraint, check))
        .collect::<Vec<_>>();
    let mut metrics = point.constraints().iter().map(Constraint::metric);
    let has_totals = metrics.any(Metric::is_total);
    let is_weighted = sums.is_weighted();
    let matrix = MatrixAnswer::at_prevalence(
        Some(point.threshold()),
        &classes.labels,
        &cells,
        is_weighted,
        point.prevalence(),
    );
    let mut checked = Checked {
        holds: true,
        is_strict: options.is_strict,
        confidence: options.confidence,
        constraints,
        reasons: Vec::new(),
        drift: drift(point, sums)?,
        at_prevalence: point.prevalence(),
        per_rows: has_totals.then_some(n_rows),
        n_samples: sums.n_samples(),
        warnings: Vec::new(),
        matrix,
        cells,
        is_weighted,
        causes: Vec::new(),
        doubts: Vec::new(),
        survey: ScoreSurvey::default(),
        classes,
    };
    let has_weights = [point.data().is_weighted(), is_weighted];
    checked.holds = checked.outcome() == Outcome::Holds;
    checked.causes = checked.causes(has_weights.contains(&true));
    checked.doubts = checked.doubts(point, has_weights);
    Ok(checked)
}

/// The shares that are watched, then and now.
fn drift(point: &OperatingPoint, sums: &CellSums) -> Result<Vec<Drift>> {
    let (then, now) = (point.cells(), sums.cells());
    let is_counted = !sums.is_weighted() && !point.data().is_weighted();
    let drift = Watched::ALL.map(|watched| {
        let metric = watched.metric();
        // What was given for the place where it works was not counted in rows.
        let is_given = point.prevalence().is_some() && !watched.is_of_scores();
        let test = if is_counted && !is_given {
            metric_test(&metric, &then, &now)?
        } else {
            None
        };
        Ok(Drift {
            watched,
            then: match watched {
                Watched::Prevalence => point.expected_prevalence(),
                Watched::AlertRate => point.expected_alert_rate(),
                Watched::Recall | Watched::Fpr => metric.value(&then),
            },
            now: metric.value(&now),
            z: test.as_ref().map(ProportionTest::z),
            p: test.as_ref().map(ProportionTest::p),
        })
    });
    drift.into_iter().collect()
}

impl CheckedConstraint {
    fn new(point: &OperatingPoint, constraint: &Constraint, check: &ConstraintCheck) -> Self {
        let metric = constraint.metric();
        Self {
            metric: metric.clone(),
            relation: constraint.relation(),
            bound: constraint.bound(),
            verdict: check.verdict(),
            value: check.value(),
            interval: check.interval().map(|told| [told.low(), told.high()]),
            method: check.interval().map(|_| check.method()),
            change: check.change().map(|told| [told.low(), told.high()]),
            then: value_at_prevalence(metric, &point.cells(), point.prevalence()),
            constraint: constraint.clone(),
        }
    }

    /// Whether the rows leave it open that the constraint is met.
    pub fn may_be_met(&self) -> bool {
        let ends = self.interval.into_iter().flatten();
        ends.chain(self.value)
            .any(|value| self.constraint.is_met_by(value))
    }
}

impl Checked {
    /// Whether a constraint is failed.
    pub fn is_failed(&self, constraint: &CheckedConstraint) -> bool {
        match constraint.verdict {
            Verdict::Holds => false,
            Verdict::WithinError => self.is_strict,
            Verdict::Broken | Verdict::Undefined => true,
        }
    }

    /// The constraints that are failed, or cannot be judged.
    pub fn failed(&self) -> impl Iterator<Item = &CheckedConstraint> {
        self.constraints
            .iter()
            .filter(|constraint| self.is_failed(constraint))
    }

    /// Whether the point holds.
    pub fn outcome(&self) -> Outcome {
        if self.failed().next().is_none() {
            Outcome::Holds
        } else if self
            .failed()
            .all(|constraint| constraint.verdict == Verdict::Undefined)
        {
            Outcome::NotJudged
        } else {
            Outcome::Broken
        }
    }

    fn causes(&self, has_weights: bool) -> Vec<Cause> {
        let outcome = self.outcome();
        if outcome == Outcome::Holds {
            return Vec::new();
        }
        let causes = self.drifted();
        let mut failed = self.failed();
        if outcome == Outcome::NotJudged || !causes.is_empty() {
            causes
        } else if failed.all(|constraint| constraint.verdict == Verdict::WithinError) {
            vec![Cause::Chance]
        } else if has_weights {
            vec![Cause::Untested]
        } else {
            vec![Cause::NoDrift]
        }
    }

    /// What has drifted that may be the cause.
    fn drifted(&self) -> Vec<Cause> {
        let has_drifted = |drift: &&Drift| drift.p.is_some_and(|p| p < 1.0 - self.confidence);
        let drifted = self.drift.iter().filter(has_drifted);
        let mut causes = Vec::new();
        // Rates within a class do not know of the prevalence.
        if self
            .failed()
            .any(|failed| !failed.metric.is_within_classes())
        {
            let mut drifted = drifted.clone();
            let of_prevalence = drifted.find(|drift| drift.watched == Watched::Prevalence);
            causes.extend(of_prevalence.cloned().map(Cause::PrevalenceDrift));
        }
        let of_scores = drifted
            .filter(|drift| drift.watched.is_of_scores())
            .cloned()
            .collect::<Vec<_>>();
        if !of_scores.is_empty() {
            causes.push(Cause::ScoreDrift(of_scores));
        }
        causes
    }

    fn doubts(&self, point: &OperatingPoint, has_weights: [bool; 2]) -> Vec<Doubt> {
        let sizes = [self.cells.negatives(), self.cells.positives()];
        let classes = self.classes.labels.iter().zip(sizes);
        let missing = classes.filter(|(_, n_rows)| *n_rows <= 0.0);
        let mut doubts = missing
            .map(|(class, _)| Doubt::ClassMissing(class.clone()))
            .collect::<Vec<_>>();
        if self.cells == point.cells() && point.data().n_samples() == Some(self.n_samples) {
            doubts.push(Doubt::SameMatrix);
        }
        let constraints = self.constraints.iter().enumerate();
        let never_met = constraints.filter(|(_, constraint)| {
            constraint.verdict == Verdict::WithinError && !constraint.may_be_met()
        });
        doubts.extend(never_met.map(|(place, _)| Doubt::NeverMet(place)));
        let [then, now] = has_weights;
        if then != now {
            doubts.push(Doubt::WeightsDiffer { then, now });
        }
        doubts
    }
}

fn by_key<S: Serializer>(drift: &[Drift], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_map(drift.iter().map(|drift| (drift.watched.name(), drift)))
}
