//! What rows cost at a threshold by amounts of their own, added up row by row, and how sure that is. Which threshold is
//! the best is not asked here.

use cutpoint_core::{Scores, Threshold};
use serde::{Deserialize, Serialize};

use super::bootstrap::Resampling;
use super::confidence::{ConfidenceInterval, check_confidence, two_sided_quantile};
use crate::bytes::amounts;
use crate::compensated::CompensatedSum;
use crate::prevalence::{Rescaling, check as check_prevalence};
use crate::{Result, RowCosts};

/// What rows cost at thresholds that they were held out from, added up over blocks of rows in a few numbers.
///
/// Each block may have a threshold of its own, as folds have.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{CostTally, Costs, Resampling, RowCosts};
///
/// // A false alarm costs 10; a fraud that is missed costs its amount: 500, 20 and 300.
/// let rows = Scores::new(vec![true, false, true, false, true], vec![0.9, 0.8, 0.7, 0.6, 0.5])?;
/// let none = Costs::ZERO;
/// let amounts = [500.0, 40.0, 20.0, 90.0, 300.0];
/// let costs = RowCosts::new(&rows, &none.fp(10.0), &[(&amounts, none.fn_(1.0))])?;
/// let mut tally = CostTally::default();
/// tally.add(&rows, &costs, Some(Threshold::new(0.7)?))?;
/// // 0, 10, 0, 0 and 300; their squares come to 90 100, and 5 times their variance to 90 100 - 310² / 5.
/// assert_eq!(tally.total(None)?, Some(310.0));
/// let interval = tally.interval(None, Resampling::Rows, 0.95)?.unwrap();
/// let half = 1.959963984540054 * 70_880_f64.sqrt();
/// assert!((interval.high() - (310.0 + half)).abs() < 1e-9);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct CostTally {
    /// Of positive rows and of negative ones.
    classes: [ClassTally; 2],
    is_weighted: bool,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
struct ClassTally {
    #[serde(deserialize_with = "amounts")]
    n_rows: u64,
    #[serde(deserialize_with = "amounts")]
    weight: CompensatedSum,
    cost: CompensatedSum,
    square: CompensatedSum,
}

impl ClassTally {
    fn plus(self, other: Self) -> Self {
        Self {
            n_rows: self.n_rows + other.n_rows,
            weight: self.weight.plus(other.weight),
            cost: self.cost.plus(other.cost),
            square: self.square.plus(other.square),
        }
    }

    /// The number of rows times the variance of their costs.
    fn squared_deviations(self) -> f64 {
        if self.n_rows == 0 {
            return 0.0;
        }
        let cost = self.cost.value();
        let mut rest = self.square;
        rest.add_product(-cost / self.n_rows as f64, cost);
        let rest = rest.value();
        // Of rows that all cost the same, rounding may leave less than nothing; NaN, where squares overflow, stays.
        if rest < 0.0 { 0.0 } else { rest }
    }
}

impl CostTally {
    /// Adds rows at a threshold; at "predict none" for `None`.
    ///
    /// # Errors
    /// - [`Error::Input`](crate::Error::Input) unless there is one pair of costs a row.
    /// - [`Error::RowCost`](crate::Error::RowCost) for a cost, times the weight of its row, outside `[-1e290, 1e290]`.
    ///   Nothing was added then.
    pub fn add(
        &mut self,
        scores: &Scores,
        costs: &RowCosts,
        threshold: Option<Threshold>,
    ) -> Result<()> {
        costs.check(scores)?;
        self.is_weighted |= scores.weight().is_some();
        for (row, (&is_positive, &score)) in
            scores.is_positive().iter().zip(scores.score()).enumerate()
        {
            let is_predicted = threshold.is_some_and(|threshold| threshold.is_positive(score));
            let cost = if is_predicted {
                costs.if_positive()[row]
            } else {
                costs.if_negative()[row]
            };
            let weight = scores.weight().map_or(1.0, |weight| weight[row]);
            let cost = weight * cost;
            let class = &mut self.classes[usize::from(!is_positive)];
            class.n_rows += 1;
            class.weight.add(weight);
            class.cost.add(cost);
            class.square.add_product(cost, cost);
        }
        Ok(())
    }

    /// Adds what was added to another.
    pub fn merge(&mut self, other: &Self) {
        self.classes = [0, 1].map(|class| self.classes[class].plus(other.classes[class]));
        self.is_weighted |= other.is_weighted;
    }

    /// What all rows cost together; at a prevalence, where one is given, each class taken to it as by
    /// [`at_prevalence`](crate::at_prevalence).
    ///
    /// # Undefined
    /// If a class has no rows and a prevalence was given, or no double holds the sum.
    ///
    /// # Errors
    /// [`Error::Prevalence`](crate::Error::Prevalence) for a prevalence outside its domain.
    pub fn total(&self, prevalence: Option<f64>) -> Result<Option<f64>> {
        let rescaling = self.rescaling(prevalence)?;
        Ok(rescaling.cost(&self.classes.map(|class| class.cost)))
    }

    /// The normal interval of [`CostTally::total`]: of the cost of as many rows from where these come from, at the same
    /// thresholds.
    ///
    /// A sum of costs of single rows is a sum of independent numbers, of which the bootstrap would draw the
    /// distribution below; nothing has to be drawn, and no row kept. Where a few rows cost as much as all others, the
    /// interval is too short, as that of the bootstrap would be.
    ///
    /// # Formula
    /// ```text
    /// total ± z sqrt(n variance)         z: the two-sided normal quantile
    /// n variance = sum cost² - (sum cost)² / n      over all rows; with Resampling::ByClass, over those of each class,
    ///                                               added up; at a prevalence as well, times the factors squared
    /// ```
    ///
    /// # Undefined
    /// Where the total is, without rows, for rows with weights, of which nobody knows how many rows they stand for, and
    /// if no double holds the squares.
    ///
    /// # Errors
    /// - [`Error::Prevalence`](crate::Error::Prevalence) for a prevalence outside its domain.
    /// - [`Error::Confidence`](crate::Error::Confidence) for a confidence outside its domain.
    pub fn interval(
        &self,
        prevalence: Option<f64>,
        resampling: Resampling,
        confidence: f64,
    ) -> Result<Option<ConfidenceInterval>> {
        let z = two_sided_quantile(check_confidence(confidence)?);
        let Some(total) = self.total(prevalence)? else {
            return Ok(None);
        };
        let [positives, negatives] = self.classes;
        if self.is_weighted || positives.n_rows + negatives.n_rows == 0 {
            return Ok(None);
        }
        let [of_positives, of_negatives] = self.classes.map(ClassTally::squared_deviations);
        let square = match (self.rescaling(prevalence)?, resampling) {
            (
                Rescaling::Factors {
                    positive,
                    negative,
                    unit,
                    ..
                },
                _,
            ) => {
                let [positive, negative] = [positive * unit, negative * unit];
                positive * positive * of_positives + negative * negative * of_negatives
            }
            (_, Resampling::ByClass) => of_positives + of_negatives,
            (_, Resampling::Rows) => positives.plus(negatives).squared_deviations(),
        };
        let half = z * square.sqrt();
        let (low, high) = (total - half, total + half);
        let is_known = low.is_finite() && high.is_finite();
        Ok(is_known.then(|| ConfidenceInterval::new(low, high)))
    }

    fn rescaling(&self, prevalence: Option<f64>) -> Result<Rescaling> {
        check_prevalence(prevalence)?;
        let [positives, negatives] = self.classes.map(|class| class.weight.value());
        Ok(Rescaling::new(prevalence, positives, negatives))
    }
}
