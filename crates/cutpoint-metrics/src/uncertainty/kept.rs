//! Whether constraints are kept by rows that had no say in the choice of the threshold, as far as these rows can tell.
//! What to do about one that is broken is not decided here.

use super::bootstrap::{Bootstrap, BootstrapOptions, bootstrap};
use super::cell_sums::CellSums;
use super::confidence::ConfidenceInterval;
use super::proportion::{ProportionInterval, metric_interval};
use crate::choice::Rescaling;
use crate::{Cells, Constraint, Error, Metric, Relation, Result};

/// How it stands with a constraint.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Standing {
    /// The value meets the bound.
    Holds,
    /// The value misses the bound, but its interval holds values that meet it: chance alone may do that.
    WithinError,
    /// The whole interval misses the bound.
    Broken,
    /// The metric is undefined for the rows, so that nothing is known.
    Undefined,
}

impl Standing {
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
pub struct Kept {
    value: Option<f64>,
    interval: Option<ConfidenceInterval>,
    method: &'static str,
    standing: Standing,
}

impl Kept {
    /// The value of the constraint's metric.
    pub fn value(&self) -> Option<f64> {
        self.value
    }

    /// How sure the value is; `None` where the rows do not tell, and the value alone decides.
    pub fn interval(&self) -> Option<ConfidenceInterval> {
        self.interval
    }

    /// How the interval was computed: `wilson` or `bootstrap`.
    pub fn method(&self) -> &'static str {
        self.method
    }

    /// How it stands.
    pub fn standing(&self) -> Standing {
        self.standing
    }
}

/// Holds constraints against the cells of rows that had no say in the choice of the threshold.
///
/// A threshold chosen under a constraint sits right at its bound, so that other rows of the same source miss the bound
/// about every other time, by a little. That is why the interval decides and not the value alone: see [`Standing`].
///
/// Proportions have Wilson's interval, other metrics that of a bootstrap of the cells. For rows with weights, all metrics
/// have the latter, of as many rows of equal weight in each cell as tell as much (Kish's effective number).
///
/// `prevalence`: the share of positive rows that values are taken to, in `(0, 1)`, as by
/// [`at_prevalence`](crate::at_prevalence); `None` for that of the rows. `n_rows`: how many rows (or how much weight) sums
/// of cells (`predicted_positives`, `fp`, costs) are taken to, so that a capacity is compared with as many rows as it was
/// meant for; `None` for the rows as they are.
///
/// # Errors
/// - As [`BootstrapOptions::check`].
/// - [`Error::Prevalence`] for a prevalence outside its domain.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, CellSums, Standing, check_constraints};
///
/// // 8 of 10 positive rows are found: Wilson's interval is 0.49 to 0.94.
/// let label = [vec![true; 10], vec![false; 10]].concat();
/// let score = [vec![0.9; 8], vec![0.1; 12]].concat();
/// let mut sums = CellSums::new(Threshold::HALF);
/// sums.add(&Scores::new(label, score)?);
/// let constraints = ["recall>=0.75", "recall>=0.9", "recall>=0.95", "precision>=0.9", "fp<=0"];
/// let constraints = constraints.map(|text| text.parse().unwrap());
/// let kept = check_constraints(&constraints, &sums, None, None, &BootstrapOptions::default())?;
/// let standing = kept.iter().map(|kept| kept.standing().name());
/// assert!(standing.eq(["holds", "within_error", "broken", "holds", "holds"]));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn check_constraints(
    constraints: &[Constraint],
    sums: &CellSums,
    prevalence: Option<f64>,
    n_rows: Option<f64>,
    options: &BootstrapOptions,
) -> Result<Vec<Kept>> {
    options.check()?;
    crate::choice::check_prevalence(prevalence)?;
    let cells = sums.cells();
    let factor = n_rows.map_or(1.0, |n_rows| n_rows / cells.total());
    let view = View { prevalence, factor };
    // One bootstrap serves all, if any needs it.
    let mut replicates = None;
    let kept = constraints.iter().map(|constraint| {
        let metric = constraint.metric();
        let value = view.value(metric, &cells);
        let is_as_counted = prevalence.is_none() || metric.is_within_classes();
        let by_formula = if is_as_counted && !sums.is_weighted() {
            let confidence = options.confidence_level();
            metric_interval(metric, &cells, ProportionInterval::Wilson, confidence)?
        } else {
            None
        };
        let (interval, method) = if by_formula.is_some() || value.is_none() {
            (by_formula, "wilson")
        } else {
            if replicates.is_none() {
                replicates = Some(Replicates::new(sums, options)?);
            }
            let interval = replicates
                .as_ref()
                .and_then(|drawn| drawn.interval(metric, view));
            (interval, "bootstrap")
        };
        Ok(Kept {
            value,
            interval,
            method,
            standing: standing(constraint, value, interval),
        })
    });
    kept.collect()
}

fn standing(
    constraint: &Constraint,
    value: Option<f64>,
    interval: Option<ConfidenceInterval>,
) -> Standing {
    let Some(value) = value else {
        return Standing::Undefined;
    };
    if constraint.is_met_by(value) {
        return Standing::Holds;
    }
    let best = interval.map(|interval| match constraint.relation() {
        Relation::AtLeast => interval.high(),
        Relation::AtMost => interval.low(),
    });
    match best {
        Some(best) if constraint.is_met_by(best) => Standing::WithinError,
        _ => Standing::Broken,
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
        let factor = if metric.costs().is_some() {
            self.factor
        } else {
            1.0
        };
        Some(value * factor).filter(|value| value.is_finite())
    }
}

/// Cells drawn anew, and what a row in each of them weighs.
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
