//! Costs that differ from row to row: the amount of a payment that is lost. The amounts of a column are the weights of
//! a sweep of their own; a cost at a threshold is read off such sweeps, and no row is looked at again.

use rayon::prelude::*;

use cutpoint_core::Threshold;

use super::{Choice, Inquiry, Problem, Table, Watch};
use crate::partial::ClassCosts;
use crate::prevalence::{self, Rescaling};
use crate::{Costs, Error, Objective, PartialSweep, Result, Sweep};

/// What rows cost in each cell, by amounts of their own.
///
/// A sum of parts, each a sweep whose weights are amounts and what one unit of such an amount costs in each cell. A row
/// costs in a cell what its amounts do, added up; a sweep without weights has the amount 1 for each row.
#[derive(Debug, Clone)]
pub struct AmountCost {
    text: String,
    parts: Vec<(Sweep, Costs)>,
}

impl AmountCost {
    /// A cost of parts; `text` stands in brackets behind its name: `fp=1,fn=amount`.
    ///
    /// # Errors
    /// - [`Error::Cost`] for a cost outside its domain.
    pub fn new(text: impl Into<String>, parts: Vec<(Sweep, Costs)>) -> Result<Self> {
        for (_, costs) in &parts {
            costs.check()?;
        }
        let text = text.into();
        Ok(Self { text, parts })
    }

    /// To keep this cost low. The metric's value is not told by cells of counts: it is `None` for all of them.
    pub fn objective(&self) -> Objective {
        Objective::of_amounts(&self.text)
    }

    /// The cost at a threshold, which need not be a score; "predict none" for `None`.
    ///
    /// # Undefined
    /// If no double holds it.
    pub fn value_at(&self, threshold: Option<Threshold>) -> Option<f64> {
        let index = |sweep: &Sweep| threshold.map_or(0, |threshold| sweep.index_at(threshold));
        let indices = self.parts.iter().map(|(sweep, _)| index(sweep));
        Rescaling::None.cost(&self.at(&indices.collect::<Vec<_>>()))
    }

    /// What the rows of each class cost at a row of each part.
    fn at(&self, indices: &[usize]) -> ClassCosts {
        let mut sums = ClassCosts::default();
        for ((sweep, costs), &index) in self.parts.iter().zip(indices) {
            let cells = sweep.cells(index);
            let ([tp, fp], [fn_, tn]) = (costs.if_positive(), costs.if_negative());
            sums[0].add_product(tp, cells.tp());
            sums[0].add_product(fn_, cells.fn_());
            sums[1].add_product(fp, cells.fp());
            sums[1].add_product(tn, cells.tn());
        }
        sums
    }
}

/// As [`choose`](crate::choose), where the objective of the problem is that of an [`AmountCost`].
///
/// `sweep`: of all rows; the constraints are about its cells. Where the problem has a prevalence, the amounts of each
/// class are taken to it as its rows are.
///
/// # Errors
/// - As [`Problem::check`].
/// - [`Error::AmountObjective`] if the problem's objective is another.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{AmountCost, Costs, Problem, choose_by_amounts, sweep};
///
/// // A false alarm costs 10; a fraud that is missed costs its amount: 500, 20 and 300.
/// let rows = Scores::new(vec![true, false, true, false, true], vec![0.9, 0.8, 0.7, 0.6, 0.5])?;
/// let amounts = rows.clone().with_weight(vec![500.0, 40.0, 20.0, 90.0, 300.0])?;
/// let none = Costs::default().fp(0.0).fn_(0.0);
/// let cost = AmountCost::new("fp=10,fn=amount", vec![
///     (sweep(&rows), none.fp(10.0)),
///     (sweep(&amounts), none.fn_(1.0)),
/// ])?;
/// // 820 if none is stopped; 320 at 0.9; 330; 310; 320; 20 at 0.5.
/// let problem = Problem::new(cost.objective());
/// let best = choose_by_amounts(&sweep(&rows), &problem, &cost)?;
/// assert_eq!((best.found().unwrap().threshold(), best.found().unwrap().value()), (Some(Threshold::HALF), 20.0));
///
/// // Room for three alerts.
/// let problem = problem.subject_to("predicted_positives<=3".parse()?);
/// let best = choose_by_amounts(&sweep(&rows), &problem, &cost)?;
/// assert_eq!((best.found().unwrap().threshold(), best.found().unwrap().value()), (Some(Threshold::new(0.7)?), 310.0));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn choose_by_amounts(sweep: &Sweep, problem: &Problem, cost: &AmountCost) -> Result<Choice> {
    /// Rows of the table that are looked at in one go.
    const BLOCK: usize = 1 << 14;
    problem.check()?;
    if *problem.objective() != cost.objective() {
        return Err(Error::AmountObjective {
            objective: problem.objective().to_string(),
        });
    }
    let rescaling = Rescaling::new(problem.prevalence(), sweep.positives(), sweep.negatives());
    let mut inquiry = Inquiry::new(problem.clone(), rescaling);
    let table = Table::of(sweep);
    let n_rows = sweep.n_rows();
    let snapshot = &inquiry;
    let start = || snapshot.fresh_ranking();
    let blocks = (0..n_rows.div_ceil(BLOCK)).into_par_iter();
    let seen = blocks.fold(start, |mut ranking, block| {
        let mut indices = vec![0; cost.parts.len()];
        for row in block * BLOCK..n_rows.min((block + 1) * BLOCK) {
            let point = table.point(row);
            if let Some(threshold) = point.threshold {
                for (index, (part, _)) in indices.iter_mut().zip(&cost.parts) {
                    *index += n_reached(&part.thresholds()[*index..], threshold.value());
                }
            }
            ranking.consider(&point, Some(&cost.at(&indices)));
        }
        ranking
    });
    let seen = seen.reduce(start, |mut left, right| {
        left.merge(right);
        left
    });
    inquiry.take_ranking(seen);
    inquiry.scan_for_reasons(&table);
    Ok(inquiry.choice())
}

/// How many of some descending thresholds a score reaches, searched for in steps that double.
fn n_reached(thresholds: &[f64], score: f64) -> usize {
    let mut step = 1;
    while step < thresholds.len() && thresholds[step] >= score {
        step *= 2;
    }
    let end = (step + 1).min(thresholds.len());
    thresholds[..end].partition_point(|&threshold| threshold >= score)
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
    /// let none = Costs::default().fp(0.0).fn_(0.0);
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
        prevalence::check(prevalence)?;
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
