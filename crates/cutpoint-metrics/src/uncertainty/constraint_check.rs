//! Whether rows that were held out from the choice of a threshold satisfy its constraints, as far as they can tell.
//! What to do about one that is broken is not decided here.

use super::bootstrap::{Bootstrap, BootstrapOptions, bootstrap};
use super::cell_sums::CellSums;
use super::confidence::ConfidenceInterval;
use super::propagated::propagated;
use super::proportion::{ProportionInterval, metric_interval};
use crate::prevalence::Rescaling;
use crate::{Cells, Constraint, Error, Metric, Relation, Result};

/// How it stands with a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    /// The value meets the bound.
    Holds,
    /// The value misses the bound, but chance alone may do that: on these rows, as its interval holds values that meet
    /// the bound, or where the threshold was chosen, as the value is no worse than there by more than chance explains.
    WithinError,
    /// The whole interval misses the bound, and the value is worse than where the threshold was chosen.
    Broken,
    /// The metric is undefined for the rows, so that nothing is known.
    Undefined,
}

impl Verdict {
    /// The name in files and JSON: `holds`, `within_error`, `broken`, `undefined`.
    pub fn name(self) -> &'static str {
        match self {
            Self::Holds => "holds",
            Self::WithinError => "within_error",
            Self::Broken => "broken",
            Self::Undefined => "undefined",
        }
    }
}

/// A constraint held against rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ConstraintCheck {
    value: Option<f64>,
    interval: Option<ConfidenceInterval>,
    method: &'static str,
    change: Option<ConfidenceInterval>,
    verdict: Verdict,
}

impl ConstraintCheck {
    /// The value of the constraint's metric.
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// How sure the value is; `None` where the rows do not tell, and the value alone decides.
    pub fn interval(&self) -> Option<ConfidenceInterval> {
        self.interval
    }

    /// How the interval was computed: `wilson`, `propagated` or `bootstrap`.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// How much the value differs from that where the threshold was chosen, now less then; `None` where either's error
    /// is not known.
    pub fn change(&self) -> Option<ConfidenceInterval> {
        self.change
    }

    /// How it stands.
    pub fn verdict(&self) -> Verdict {
        self.verdict
    }
}

/// Holds constraints against the cells of rows that were held out from the choice of the threshold.
///
/// A threshold chosen under a constraint sits right at its bound, so that other rows of the same source miss the bound
/// about every other time, by a little. That is why intervals decide and not the value alone: see [`Verdict`]. How far
/// a choice falls short of its bound on all rows of its source is the error of the rows it was chosen on; many new rows
/// see that shortfall exactly, and yet nothing has changed. A constraint is broken only if something has: if the
/// interval of the change, too, is on the bad side. Rows of the same source then break it once in 40 times at a
/// confidence of 0.95, however many they are.
///
/// # Formula
/// ```text
/// change = now - then, from  change - sqrt((now - low(now))² + (high(then) - then)²)
///                      to    change + sqrt((high(now) - now)² + (then - low(then))²)
/// ```
///
/// Proportions have Wilson's interval; what is taken to a prevalence has that of
/// [`prevalence_interval`](crate::prevalence_interval), propagated from Wilson's of recall and the false positive rate;
/// other metrics have that of a bootstrap of the cells. Where all replicates agree, as where neither class has an
/// error, the bootstrap says nothing, and the interval is propagated, too. Rows with weights count as so many rows of
/// equal weight in each class or cell as tell as much (Kish's effective number), and their rates within a class are
/// bootstrapped.
///
/// `chosen_on`: the rows that the threshold was chosen on, at the threshold. For `None` nothing is known of their
/// error, and the interval of the new rows alone decides.
///
/// `prevalence`: the share of positive rows that values are taken to, in `(0, 1)`, as by
/// [`at_prevalence`](crate::at_prevalence); `None` for that of the rows. `n_rows`: how many rows (or how much weight)
/// sums of cells (`predicted_positives`, `fp`, costs) are taken to, so that a capacity is compared with as many rows as
/// it was meant for; `None` for the rows as they are.
///
/// # Errors
/// - As [`BootstrapOptions::check`].
/// - [`Error::Prevalence`] for a prevalence outside its domain.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, CellSums, Verdict, check_constraints};
///
/// // 8 of 10 positive rows are found: Wilson's interval is 0.49 to 0.94.
/// let label = [vec![true; 10], vec![false; 10]].concat();
/// let score = [vec![0.9; 8], vec![0.1; 12]].concat();
/// let mut sums = CellSums::new(Threshold::HALF);
/// sums.add(&Scores::new(label, score)?);
/// let constraints = ["recall>=0.75", "recall>=0.9", "recall>=0.95", "precision>=0.9", "fp<=0"];
/// let constraints = constraints.map(|text| text.parse().unwrap());
/// let checks = check_constraints(&constraints, &sums, None, None, None, &BootstrapOptions::default())?;
/// let verdict = checks.iter().map(|check| check.verdict().name());
/// assert!(verdict.eq(["holds", "within_error", "broken", "holds", "holds"]));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Newcombe, 1998, *Interval estimation for the difference between independent proportions: comparison of eleven
/// methods*, Statistics in Medicine 17, 873–890, method 10: the interval of the change.
pub fn check_constraints(
    constraints: &[Constraint],
    sums: &CellSums,
    chosen_on: Option<&CellSums>,
    prevalence: Option<f64>,
    n_rows: Option<f64>,
    options: &BootstrapOptions,
) -> Result<Vec<ConstraintCheck>> {
    options.check()?;
    crate::prevalence::check(prevalence)?;
    let sample = |sums| Sample::new(sums, prevalence, n_rows, options);
    let (mut now, mut then) = (sample(sums), chosen_on.map(sample));
    let checks = constraints.iter().map(|constraint| {
        let metric = constraint.metric();
        let value = now.value(metric);
        let (interval, method) = now.interval(metric)?;
        let before = match &mut then {
            Some(then) => then.value(metric).zip(then.interval(metric)?.0),
            None => None,
        };
        let change = match (value.zip(interval), before) {
            (Some(now), Some(then)) => Some(change(then, now)),
            _ => None,
        };
        Ok(ConstraintCheck {
            value,
            interval,
            method,
            change,
            verdict: verdict(constraint, value, interval, change),
        })
    });
    checks.collect()
}

/// The interval of a difference, from both ends of both intervals.
fn change(then: (f64, ConfidenceInterval), now: (f64, ConfidenceInterval)) -> ConfidenceInterval {
    let ((then, of_then), (now, of_now)) = (then, now);
    let difference = now - then;
    ConfidenceInterval::new(
        difference - (now - of_now.low()).hypot(of_then.high() - then),
        difference + (of_now.high() - now).hypot(then - of_then.low()),
    )
}

fn verdict(
    constraint: &Constraint,
    value: Option<f64>,
    interval: Option<ConfidenceInterval>,
    change: Option<ConfidenceInterval>,
) -> Verdict {
    let Some(value) = value else {
        return Verdict::Undefined;
    };
    if constraint.is_met_by(value) {
        return Verdict::Holds;
    }
    let (best, is_no_worse) = match constraint.relation() {
        Relation::AtLeast => (
            interval.map(ConfidenceInterval::high),
            change.is_some_and(|change| change.high() >= 0.0),
        ),
        Relation::AtMost => (
            interval.map(ConfidenceInterval::low),
            change.is_some_and(|change| change.low() <= 0.0),
        ),
    };
    if is_no_worse || best.is_some_and(|best| constraint.is_met_by(best)) {
        Verdict::WithinError
    } else {
        Verdict::Broken
    }
}

/// What the cells are taken to before a metric is read off them.
#[derive(Clone, Copy)]
struct View {
    prevalence: Option<f64>,
    /// For sums of cells.
    factor: f64,
}

impl View {
    fn value(self, metric: &Metric, cells: &Cells) -> Option<f64> {
        let rescaling = Rescaling::new(self.prevalence, cells.positives(), cells.negatives());
        let value = rescaling.value(metric, cells)?;
        let factor = if metric.is_total() { self.factor } else { 1.0 };
        Some(value * factor).filter(|value| value.is_finite())
    }
}

/// Rows, how they are looked at, and one bootstrap of them that serves all metrics, if any needs it.
struct Sample<'a> {
    sums: &'a CellSums,
    view: View,
    options: &'a BootstrapOptions,
    replicates: Option<Replicates>,
}

impl<'a> Sample<'a> {
    fn new(
        sums: &'a CellSums,
        prevalence: Option<f64>,
        n_rows: Option<f64>,
        options: &'a BootstrapOptions,
    ) -> Self {
        let factor = n_rows.map_or(1.0, |n_rows| n_rows / sums.cells().total());
        Self {
            sums,
            view: View { prevalence, factor },
            options,
            replicates: None,
        }
    }

    fn value(&self, metric: &Metric) -> Option<f64> {
        self.view.value(metric, &self.sums.cells())
    }

    /// The interval of a metric, and how it was computed.
    fn interval(&mut self, metric: &Metric) -> Result<(Option<ConfidenceInterval>, &'static str)> {
        let is_as_counted = self.view.prevalence.is_none() || metric.is_within_classes();
        let by_formula = if is_as_counted && !self.sums.is_weighted() {
            let confidence = self.options.confidence_level();
            let cells = self.sums.cells();
            metric_interval(metric, &cells, ProportionInterval::Wilson, confidence)?
        } else {
            None
        };
        if by_formula.is_some() || self.value(metric).is_none() {
            return Ok((by_formula, "wilson"));
        }
        if !is_as_counted && metric.name() == "prevalence" {
            // It is given, and nothing of it is measured.
            return Ok((None, "propagated"));
        }
        if !is_as_counted {
            return Ok((self.propagated(metric), "propagated"));
        }
        let replicates = match self.replicates.take() {
            Some(replicates) => replicates,
            None => Replicates::new(self.sums, self.options)?,
        };
        let interval = replicates.interval(metric, self.view);
        self.replicates = Some(replicates);
        if interval.is_some_and(ConfidenceInterval::has_no_width) {
            return Ok((self.propagated(metric), "propagated"));
        }
        Ok((interval, "bootstrap"))
    }

    fn propagated(&self, metric: &Metric) -> Option<ConfidenceInterval> {
        let n_rows = self.sums.effective_by_class();
        let confidence = self.options.confidence_level();
        propagated(&self.sums.cells(), n_rows, confidence, |cells| {
            self.view.value(metric, cells)
        })
    }
}

/// Resampled cells, and what a row in each of them weighs.
struct Replicates {
    drawn: Option<(Bootstrap<Cells>, [f64; 4])>,
}

impl Replicates {
    fn new(sums: &CellSums, options: &BootstrapOptions) -> Result<Self> {
        let drawn = sums.effective().map(|([tp, fp, fn_, tn], weights)| {
            let rows = Cells::from_counts(tp, fp, fn_, tn);
            Ok::<_, Error>((bootstrap(&rows, options)?, weights))
        });
        Ok(Self {
            drawn: drawn.transpose()?,
        })
    }

    fn interval(&self, metric: &Metric, view: View) -> Option<ConfidenceInterval> {
        let (bootstrap, [tp, fp, fn_, tn]) = self.drawn.as_ref()?;
        bootstrap.interval(|rows| {
            let cells = Cells::from_sums(
                rows.tp() * tp,
                rows.fp() * fp,
                rows.fn_() * fn_,
                rows.tn() * tn,
            );
            view.value(metric, &cells)
        })
    }
}
