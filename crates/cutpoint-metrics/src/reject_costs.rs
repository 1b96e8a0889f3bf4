//! What a zone of rejected rows costs, as what each of its two ends adds. Which zone is the cheapest is not sought
//! here.

use crate::compensated::CompensatedSum;
use crate::decimal::Decimals;
use crate::{Cells, Costs, Error, Metric, Rescaling, Result};

/// What each end of a zone of rejected rows adds to the cost, in units of which decimal costs are whole numbers: pairs
/// of thresholds that cost the same are seen to do so.
///
/// # Formula
/// ```text
/// cost_tp tp(upper) + cost_fp fp(upper) + cost_fn fn(lower) + cost_tn tn(lower) + reject (rows between)
///   =  [(cost_tp - reject) tp + (cost_fp - reject) fp](upper)  +  [reject (tp + fp) + cost_fn fn + cost_tn tn](lower)
/// ```
#[derive(Debug, Clone)]
pub struct RejectCosts {
    upper: Metric,
    lower: Metric,
    /// Of `fp`, `fn`, `tp`, `tn` and a rejected row.
    costs: Decimals<5>,
}

impl RejectCosts {
    /// What right and wrong predictions cost, and what a rejected row does, in `[-1e100, 1e100]`.
    ///
    /// # Errors
    /// [`Error::Cost`] for a cost outside its domain.
    pub fn new(costs: &Costs, reject: f64) -> Result<Self> {
        costs.check()?;
        if !(-Costs::LIMIT..=Costs::LIMIT).contains(&reject) {
            let (cell, value) = ("reject", reject);
            return Err(Error::Cost { cell, value });
        }
        let [fp, fn_, tp, tn] = costs.named().map(|(_, cost)| cost);
        let costs = Decimals::of([fp, fn_, tp, tn, reject]);
        let [fp, fn_, tp, tn, reject] = costs.units;
        let upper = Costs::ZERO.tp(tp - reject).fp(fp - reject);
        let lower = Costs::ZERO.tp(reject).fp(reject).fn_(fn_).tn(tn);
        Ok(Self {
            // Differences of two costs may leave the domain by a factor of 2.
            upper: Metric::unchecked_cost(upper),
            lower: Metric::unchecked_cost(lower),
            costs,
        })
    }

    /// What the upper end adds.
    pub fn upper(&self) -> &Metric {
        &self.upper
    }

    /// What the lower end adds.
    pub fn lower(&self) -> &Metric {
        &self.lower
    }

    /// The rows that are not rejected, by the cells at both ends.
    pub fn accepted(upper: &Cells, lower: &Cells) -> Cells {
        Cells::from_sums(upper.tp(), upper.fp(), lower.fn_(), lower.tn())
    }

    /// The cost of all rows, by the cells at both ends.
    pub fn total(&self, upper: &Cells, lower: &Cells, rescaling: Rescaling) -> f64 {
        let there = |cells: &Cells| rescaling.cells(cells).unwrap_or(*cells);
        let (upper, lower) = (there(upper), there(lower));
        let kept = Self::accepted(&upper, &lower);
        let rejected = (lower.tp() - upper.tp()) + (lower.fp() - upper.fp());
        let rows = [kept.fp(), kept.fn_(), kept.tp(), kept.tn(), rejected];
        let mut sum = CompensatedSum::default();
        for (cost, rows) in self.costs.units.into_iter().zip(rows) {
            sum.add_product(cost, rows);
        }
        sum.value() * rescaling.unit() / self.costs.per_unit
    }
}
