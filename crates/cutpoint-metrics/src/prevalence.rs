//! Cells as they would be at another prevalence. Nothing is estimated here: where the classifier will work, how many
//! rows are positive is given.

use cutpoint_core::Threshold;

use crate::compensated::CompensatedSum;
use crate::decimal::Decimals;
use crate::partial::{ClassCosts, CostBounds};
use crate::{Bounds, CellBounds, Cells, Error, Metric, PartialSweep, Result};

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
/// Rates within a class (recall, the false positive rate, Youden's J) do not change and are taken from the cells as
/// they are; precision, accuracy, the predicted positive rate and costs do.
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
    let cells = rescaling.cells(cells);
    Ok(cells.map(|cells| {
        let [tp, fp, fn_, tn] =
            [cells.tp(), cells.fp(), cells.fn_(), cells.tn()].map(|cell| cell * rescaling.unit());
        Cells::from_sums(tp, fp, fn_, tn)
    }))
}

/// A metric of cells had a share of the rows been positive, as [`at_prevalence`] takes them there; as they are for
/// `None`. What does not depend on the prevalence, and the prevalence itself, is not rounded on the way.
///
/// # Undefined
/// Where the metric is, for a prevalence outside `(0, 1)`, and if a class has no rows.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, value_at_prevalence};
///
/// // Half of 200 rows are positive; in the field one of ten is: 18 of 54 alerts are right there.
/// let cells = Cells::from_counts(90, 20, 10, 80);
/// let precision = "precision".parse()?;
/// assert_eq!(value_at_prevalence(&precision, &cells, Some(0.1)), Some(18.0 / 54.0));
/// assert_eq!(value_at_prevalence(&"recall".parse()?, &cells, Some(0.1)), Some(0.9));
/// assert_eq!(value_at_prevalence(&"prevalence".parse()?, &cells, Some(0.1)), Some(0.1));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn value_at_prevalence(metric: &Metric, cells: &Cells, prevalence: Option<f64>) -> Option<f64> {
    check(prevalence).ok()?;
    let rescaling = Rescaling::new(prevalence, cells.positives(), cells.negatives());
    rescaling.value(metric, cells)
}

/// Checks a prevalence, if there is one.
///
/// # Errors
/// [`Error::Prevalence`] for one outside of `(0, 1)`.
pub fn check(prevalence: Option<f64>) -> Result<()> {
    match prevalence {
        Some(value) if !(value > 0.0 && value < 1.0) => Err(Error::Prevalence { value }),
        _ => Ok(()),
    }
}

/// What the cells are multiplied with to come to another prevalence.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Rescaling {
    /// They stay as they are.
    None,
    /// Those of each class are multiplied with a factor.
    ///
    /// Where the prevalence is a decimal and the rows are counted, the factors are whole numbers, so that the cells
    /// are, too: whether thresholds are tied, and whether a bound is met, is not decided by rounding. What is summed up
    /// of the cells is in units of `unit` rows.
    Factors {
        /// The prevalence that was asked for.
        prevalence: f64,
        /// Of positive rows.
        positive: f64,
        /// Of negative rows.
        negative: f64,
        /// The rows that a cell of 1 stands for.
        unit: f64,
    },
    /// A class has no rows.
    Impossible,
}

impl Rescaling {
    /// For a prevalence in its domain, from the rows of each class.
    pub fn new(prevalence: Option<f64>, positives: f64, negatives: f64) -> Self {
        let Some(prevalence) = prevalence else {
            return Self::None;
        };
        let total = positives + negatives;
        // The prevalence of the data leaves the cells as they are: factors of 1 and a bit would break ties.
        let is_of_data = (positives / total).total_cmp(&prevalence).is_eq();
        let [positive, negative, unit] = if is_of_data {
            [1.0; 3]
        } else if let Some(factors) = whole_factors(prevalence, positives, negatives) {
            factors
        } else {
            [
                prevalence * total / positives,
                (1.0 - prevalence) * total / negatives,
                1.0,
            ]
        };
        if positive.is_finite() && negative.is_finite() {
            Self::Factors {
                prevalence,
                positive,
                negative,
                unit,
            }
        } else {
            Self::Impossible
        }
    }

    /// The cells at the prevalence, in units of [`Self::unit`] rows.
    pub fn cells(self, cells: &Cells) -> Option<Cells> {
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

    /// The rows that a cell of 1 stands for at the prevalence.
    pub fn unit(self) -> f64 {
        match self {
            Self::Factors { unit, .. } => unit,
            Self::None | Self::Impossible => 1.0,
        }
    }

    /// What a metric of the cells in units is multiplied with.
    fn unit_of(self, metric: &Metric) -> f64 {
        if metric.is_total() { self.unit() } else { 1.0 }
    }

    /// A metric at the prevalence.
    pub fn value(self, metric: &Metric, cells: &Cells) -> Option<f64> {
        if metric.is_within_classes() || self == Self::None {
            return metric.value(cells);
        }
        if let Some(prevalence) = self.prevalence(metric) {
            return Some(prevalence);
        }
        let value = metric.value(&self.cells(cells)?)? * self.unit_of(metric);
        value.is_finite().then_some(value)
    }

    /// The prevalence, if that is the metric: what was given is not rounded.
    fn prevalence(self, metric: &Metric) -> Option<f64> {
        match self {
            Self::Factors { prevalence, .. } if metric.is_prevalence() => Some(prevalence),
            _ => None,
        }
    }

    /// What the rows cost at the prevalence, by what those of each class do.
    ///
    /// # Undefined
    /// If a class has no rows and a prevalence was asked for, or no double holds the sum.
    pub fn cost(self, &[positives, negatives]: &ClassCosts) -> Option<f64> {
        let cost = match self {
            Self::None => positives.plus(negatives).value(),
            Self::Factors {
                positive,
                negative,
                unit,
                ..
            } => {
                let mut sum = CompensatedSum::default();
                sum.add_product(positive, positives.value());
                sum.add_product(negative, negatives.value());
                sum.value() * unit
            }
            Self::Impossible => return None,
        };
        cost.is_finite().then_some(cost)
    }

    /// Bounds of that, which step back by what rounding may do.
    fn cost_bounds(self, costs: &CostBounds) -> Option<Bounds> {
        /// Compensated sums of up to 2^34 terms are off by 2^-105 of what is added up for each of them, ...
        const OF_SUMS: f64 = 1.0 / (1_u128 << 70) as f64;
        /// ... and each class is rounded before it is taken to the prevalence, and the factor was.
        const OF_CLASSES: f64 = 6.0 * f64::EPSILON;
        let [positives, negatives] = costs.size;
        let size = match self {
            Self::None => (positives + negatives) * OF_SUMS,
            Self::Factors {
                positive,
                negative,
                unit,
                ..
            } => (positive * positives + negative * negatives) * unit * OF_CLASSES,
            Self::Impossible => return None,
        };
        let low = self.cost(&costs.low).map(|low| low.next_down() - size);
        let high = self.cost(&costs.high).map(|high| high.next_up() + size);
        let known = low.zip(high).filter(|(low, high)| low <= high);
        // What no double holds may be anything.
        let (low, high) = known.unwrap_or((f64::NEG_INFINITY, f64::INFINITY));
        Some(Bounds::new(low, high))
    }

    /// What is known of the cells that a metric is taken from.
    fn cell_bounds(self, metric: &Metric, bounds: &CellBounds) -> Option<CellBounds> {
        if metric.is_within_classes() || self == Self::None {
            return Some(*bounds);
        }
        let (fewest, most) = (self.cells(&bounds.lower())?, self.cells(&bounds.upper())?);
        // The cells are no longer counts: they are rounded as sums of weights are.
        Some(CellBounds::new(fewest, most, true))
    }

    /// Bounds of a metric, which hold where it is defined; `None` if it is undefined for sure.
    pub fn bounds(self, metric: &Metric, bounds: &CellBounds) -> Option<Bounds> {
        if metric.is_of_amounts() {
            return self.cost_bounds(bounds.costs()?);
        }
        if self == Self::None {
            return bounds.metric(metric);
        }
        if let Some(prevalence) = self.prevalence(metric) {
            return Some(Bounds::new(prevalence, prevalence));
        }
        // Rounding is monotone, and the unit positive: the ends stay ends.
        let bounds = self.cell_bounds(metric, bounds)?.metric(metric)?;
        let unit = self.unit_of(metric);
        Some(Bounds::new(bounds.low() * unit, bounds.high() * unit))
    }

    /// The value that a metric has everywhere, to the last bit, if it has one.
    pub fn constant(self, metric: &Metric, bounds: &CellBounds) -> Option<f64> {
        if metric.is_of_amounts() {
            let costs = bounds.costs().filter(|costs| costs.is_exact)?;
            return self.cost(&costs.low);
        }
        if let Some(prevalence) = self.prevalence(metric) {
            return Some(prevalence);
        }
        let bounds = self.cell_bounds(metric, bounds)?;
        let constant = bounds.constant(metric)?;
        bounds
            .is_defined(metric)
            .then_some(constant * self.unit_of(metric))
    }

    /// Whether a metric is defined everywhere, as far as is known.
    pub fn is_defined(self, metric: &Metric, bounds: &CellBounds) -> bool {
        if metric.is_of_amounts() {
            let ends = bounds.costs().map(|costs| [costs.low, costs.high]);
            return ends.is_some_and(|ends| ends.iter().all(|end| self.cost(end).is_some()));
        }
        let bounds = self.cell_bounds(metric, bounds);
        bounds.is_some_and(|bounds| bounds.is_defined(metric))
    }
}

impl PartialSweep {
    /// What the rows cost together at a threshold, or at "predict none" for `None`, if they were added with costs
    /// ([`PartialSweepBuilder::add_with_costs`](crate::PartialSweepBuilder::add_with_costs)); at a prevalence, where
    /// one is given, as by [`at_prevalence`](crate::at_prevalence).
    ///
    /// # Undefined
    /// If no costs are known, if the threshold lies inside a bin, if a class has no rows and a prevalence was given,
    /// and if no double holds the sum.
    ///
    /// # Errors
    /// [`Error::Prevalence`] for a prevalence outside its domain.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::{Scores, Threshold};
    /// use cutpoint_metrics::{Costs, PartialSweepBuilder, RowCosts};
    ///
    /// // A false alarm costs 10; a fraud that is missed costs its amount.
    /// let rows = Scores::new(vec![true, false], vec![0.9, 0.8])?;
    /// let none = Costs::ZERO;
    /// let costs = RowCosts::new(&rows, &none.fp(10.0), &[(&[500.0, 40.0], none.fn_(1.0))])?;
    /// let mut builder = PartialSweepBuilder::new(1 << 10)?;
    /// builder.add_with_costs(&rows, &costs)?;
    /// let partial = builder.finish()?;
    /// assert_eq!(partial.cost_at(None, None)?, Some(500.0));
    /// assert_eq!(partial.cost_at(Some(Threshold::HALF), None)?, Some(10.0));
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn cost_at(
        &self,
        threshold: Option<Threshold>,
        prevalence: Option<f64>,
    ) -> Result<Option<f64>> {
        check(prevalence)?;
        let index = threshold.map_or(0, |threshold| self.edges().index_at(threshold));
        let is_known = threshold.is_none_or(|threshold| self.cell_bounds(threshold).is_exact());
        let Some(costs) = self.costs().filter(|_| is_known) else {
            return Ok(None);
        };
        let rescaling = Rescaling::new(
            prevalence,
            self.edges().positives(),
            self.edges().negatives(),
        );
        Ok(rescaling.cost(&costs.total().at(&costs.sums(index))))
    }
}

/// Whole numbers that take counts of positive and negative rows to a prevalence, and how many rows a unit of them is,
/// if these are whole numbers that doubles hold.
///
/// # Formula
/// ```text
/// [m N, (d - m) P] / g    g the greatest common divisor, m / d the prevalence; a unit is  g (P + N) / (d P N)  rows
/// ```
fn whole_factors(prevalence: f64, positives: f64, negatives: f64) -> Option<[f64; 3]> {
    const LARGEST: f64 = 9_007_199_254_740_992.0;
    let decimal = Decimals::of([prevalence]);
    let numbers = [decimal.units[0], decimal.per_unit, positives, negatives];
    let is_count = |number: &f64| number.fract() == 0.0 && (1.0..=LARGEST).contains(number);
    if !numbers.iter().all(is_count) {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "whole numbers in [1, 2^53]"
    )]
    let [part, whole, positives, negatives] = numbers.map(|number| number as u128);
    let factors = [part * negatives, (whole - part) * positives];
    let divisor = gcd(factors[0], factors[1]);
    let factors = factors.map(|factor| factor / divisor);
    let total = factors[0] * positives + factors[1] * negatives;
    (total as f64 <= LARGEST).then(|| {
        let [positive, negative] = factors.map(|factor| factor as f64);
        [
            positive,
            negative,
            (positives + negatives) as f64 / total as f64,
        ]
    })
}

fn gcd(left: u128, right: u128) -> u128 {
    if right == 0 {
        left
    } else {
        gcd(right, left % right)
    }
}
