//! Cells as they would be at another prevalence. Nothing is estimated here: where the classifier will work, how many rows
//! are positive is given.

use crate::{Bounds, CellBounds, Cells, Error, Metric, Result};

/// The cells of as many rows as there are, had a share of them been positive, each class scored as it is in the data.
/// `None` if a class has no rows.
///
/// `prevalence`: in `(0, 1)`; larger means more positive rows.
///
/// # Formula
/// ```text
/// tp, fn: times  prevalence n / (tp + fn)
/// fp, tn: times  (1 - prevalence) n / (fp + tn)        n = tp + fp + fn + tn
/// ```
/// Rates within a class (recall, the false positive rate, Youden's J) do not change and are taken from the cells as they
/// are; precision, accuracy, the predicted positive rate and costs do.
///
/// # Errors
/// [`Error::Prevalence`] for a prevalence outside its domain.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, at_prevalence};
///
/// // Half of 200 rows are positive; in the field one of ten is.
/// let cells = at_prevalence(&Cells::from_counts(90, 20, 10, 80), 0.1)?;
/// assert_eq!(cells, Some(Cells::from_counts(18, 36, 2, 144)));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Elkan, 2001, *The foundations of cost-sensitive learning*, IJCAI, 973–978, section 2.
pub fn at_prevalence(cells: &Cells, prevalence: f64) -> Result<Option<Cells>> {
    check(Some(prevalence))?;
    let rescaling = Rescaling::new(Some(prevalence), cells.positives(), cells.negatives());
    Ok(rescaling.cells(cells))
}

pub(crate) fn check(prevalence: Option<f64>) -> Result<()> {
    match prevalence {
        Some(value) if !(value > 0.0 && value < 1.0) => Err(Error::Prevalence { value }),
        _ => Ok(()),
    }
}

/// What the cells are multiplied with to come to another prevalence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Rescaling {
    /// They stay as they are.
    None,
    Factors {
        prevalence: f64,
        positive: f64,
        negative: f64,
    },
    /// A class has no rows.
    Impossible,
}

impl Rescaling {
    /// For a prevalence in its domain, from the rows of each class.
    pub(crate) fn new(prevalence: Option<f64>, positives: f64, negatives: f64) -> Self {
        let Some(prevalence) = prevalence else {
            return Self::None;
        };
        let total = positives + negatives;
        let positive = prevalence * total / positives;
        let negative = (1.0 - prevalence) * total / negatives;
        if positive.is_finite() && negative.is_finite() {
            Self::Factors {
                prevalence,
                positive,
                negative,
            }
        } else {
            Self::Impossible
        }
    }

    /// The cells at the prevalence.
    pub(crate) fn cells(self, cells: &Cells) -> Option<Cells> {
        match self {
            Self::None => Some(*cells),
            Self::Factors {
                positive, negative, ..
            } => Some(Cells::from_sums(
                cells.tp() * positive,
                cells.fp() * negative,
                cells.fn_() * positive,
                cells.tn() * negative,
            )),
            Self::Impossible => None,
        }
    }

    /// A metric at the prevalence.
    pub(crate) fn value(self, metric: &Metric, cells: &Cells) -> Option<f64> {
        if metric.is_within_classes() || self == Self::None {
            return metric.value(cells);
        }
        if let Some(prevalence) = self.prevalence(metric) {
            return Some(prevalence);
        }
        metric.value(&self.cells(cells)?)
    }

    /// The prevalence, if that is the metric: what was given is not rounded.
    fn prevalence(self, metric: &Metric) -> Option<f64> {
        match self {
            Self::Factors { prevalence, .. } if metric.is_prevalence() => Some(prevalence),
            _ => None,
        }
    }

    /// What is known of the cells that a metric is taken from.
    fn cell_bounds(self, metric: &Metric, bounds: &CellBounds) -> Option<CellBounds> {
        if metric.is_within_classes() || self == Self::None {
            return Some(*bounds);
        }
        let (fewest, most) = (self.cells(&bounds.fewest())?, self.cells(&bounds.most())?);
        // The cells are no longer counts: they are rounded as sums of weights are.
        Some(CellBounds::new(fewest, most, true))
    }

    /// Bounds of a metric, which hold where it is defined; `None` if it is undefined for sure.
    pub(crate) fn bounds(self, metric: &Metric, bounds: &CellBounds) -> Option<Bounds> {
        match self.prevalence(metric) {
            Some(prevalence) => Some(Bounds::new(prevalence, prevalence)),
            None => self.cell_bounds(metric, bounds)?.metric(metric),
        }
    }

    /// The value that a metric has everywhere, to the last bit, if it has one.
    pub(super) fn constant(self, metric: &Metric, bounds: &CellBounds) -> Option<f64> {
        if let Some(prevalence) = self.prevalence(metric) {
            return Some(prevalence);
        }
        let bounds = self.cell_bounds(metric, bounds)?;
        let constant = bounds.constant(metric)?;
        bounds.is_defined(metric).then_some(constant)
    }

    /// Whether a metric is defined everywhere, as far as is known.
    pub(super) fn is_defined(self, metric: &Metric, bounds: &CellBounds) -> bool {
        let bounds = self.cell_bounds(metric, bounds);
        bounds.is_some_and(|bounds| bounds.is_defined(metric))
    }
}
