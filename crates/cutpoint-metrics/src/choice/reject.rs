//! A zone of scores between two thresholds that is left to somebody else, at a cost for each row. What a rejected row
//! costs is given; who decides about it is not known here.

use rayon::prelude::*;

use super::{Criteria, Place, Problem, Ranking, Rescaling, Table, prevalence, scan};
use crate::compensated::CompensatedSum;
use crate::{
    Bounds, CellBounds, Cells, Costs, Error, Goal, Interval, Metric, Objective, Optimum, Result,
    Sweep, formulas,
};

/// Rows from the upper threshold up are predicted positive, rows below the lower one negative, and those between them are
/// rejected: nothing is predicted.
#[derive(Debug, Clone, PartialEq)]
pub struct RejectZone {
    upper: Place,
    lower: Place,
    cost: f64,
}

impl RejectZone {
    /// The two ends as problems of their own, upper and lower, to be searched for in a file that does not fit into memory
    /// ([`Search::of`](crate::Search::of)); [`RejectZone::of_ends`] joins them.
    ///
    /// # Errors
    /// [`Error::Cost`] for a cost outside its domain.
    pub fn ends(costs: &Costs, reject: f64, prevalence: Option<f64>) -> Result<[Problem; 2]> {
        let ends = Ends::new(costs, reject)?;
        Ok([ends.upper, ends.lower].map(|metric| {
            let problem = Problem::new(Objective::new(metric, Goal::Minimize));
            match prevalence {
                Some(prevalence) => problem.at_prevalence(prevalence),
                None => problem,
            }
        }))
    }

    /// The zone whose ends are the best by themselves; `None` if they cross, or if one is "predict none": then pairs have
    /// to be compared, as [`choose_reject_zone`] does.
    ///
    /// # Errors
    /// - [`Error::Cost`] and [`Error::Prevalence`] for costs and a prevalence outside their domains.
    pub fn of_ends(
        upper: &Optimum,
        lower: &Optimum,
        costs: &Costs,
        reject: f64,
        prevalence: Option<f64>,
    ) -> Result<Option<Self>> {
        let ends = Ends::new(costs, reject)?;
        prevalence::check(prevalence)?;
        let place = |optimum: &Optimum| Place {
            threshold: optimum.threshold(),
            cells: optimum.cells(),
            above: optimum.interval().above(),
        };
        let (upper, lower) = (place(upper), place(lower));
        if !are_in_order(&upper, &lower) {
            return Ok(None);
        }
        let (positives, negatives) = (upper.cells.positives(), upper.cells.negatives());
        let rescaling = Rescaling::new(prevalence, positives, negatives);
        let cost = ends.cost(&upper, &lower, rescaling);
        Ok(Some(Self { upper, lower, cost }))
    }

    /// Rows with this score or a higher one are predicted positive; none if it is `None`.
    pub fn upper(&self) -> Option<f64> {
        self.upper.threshold
    }

    /// Rows with lower scores are predicted negative; all that are not predicted positive if it is `None`.
    pub fn lower(&self) -> Option<f64> {
        self.lower.threshold
    }

    /// The upper thresholds that give the same predictions.
    pub fn upper_interval(&self) -> Interval {
        self.upper.interval()
    }

    /// The lower thresholds that give the same predictions.
    pub fn lower_interval(&self) -> Interval {
        self.lower.interval()
    }

    /// What errors, right predictions and rejections cost together, at the prevalence that was asked for.
    pub fn cost(&self) -> f64 {
        self.cost
    }

    /// The rows that are not rejected, as they were counted in the data: `tp` and `fp` at the upper threshold, `fn` and `tn`
    /// at the lower one.
    pub fn kept(&self) -> Cells {
        let (upper, lower) = (&self.upper.cells, &self.lower.cells);
        Cells::from_sums(upper.tp(), upper.fp(), lower.fn_(), lower.tn())
    }

    /// Positive rows that are rejected, or their weight.
    pub fn rejected_positives(&self) -> f64 {
        (self.lower.cells.tp() - self.upper.cells.tp()).max(0.0)
    }

    /// Negative rows that are rejected, or their weight.
    pub fn rejected_negatives(&self) -> f64 {
        (self.lower.cells.fp() - self.upper.cells.fp()).max(0.0)
    }

    /// The share of the rows that are not rejected, in `[0, 1]`.
    pub fn coverage(&self) -> f64 {
        1.0 - (self.rejected_positives() + self.rejected_negatives()) / self.upper.cells.total()
    }

    /// The share of errors among the rows that are not rejected, in `[0, 1]`; `None` if all are.
    pub fn error_rate(&self) -> Option<f64> {
        formulas::error_rate(&self.kept())
    }
}

/// The two thresholds between which it pays to reject rows.
///
/// `reject`: what a rejected row costs, in `[-1e100, 1e100]`; larger makes the zone smaller. `prevalence`: as for
/// [`Problem::at_prevalence`].
///
/// Of pairs of thresholds that cost the same, the one with the highest upper threshold is taken, and of those the one with
/// the highest lower one; "predict none" comes last. Where both ends are the same nothing is rejected.
///
/// # Formula
/// ```text
/// cost_tp tp(upper) + cost_fp fp(upper) + cost_fn fn(lower) + cost_tn tn(lower) + reject (rows between)
///   =  [(cost_tp - reject) tp + (cost_fp - reject) fp](upper)  +  [reject (tp + fp) + cost_fn fn + cost_tn tn](lower)
/// ```
/// to be as low as can be over all pairs with `lower <= upper`. The second form has one term for each end: each is best
/// by itself, unless they cross; then all pairs in order are compared.
///
/// # Errors
/// - [`Error::Cost`] for a cost outside its domain.
/// - [`Error::Prevalence`] for a prevalence outside its domain; [`Error::OneClass`] if there is one and a class has no
///   rows.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{choose_reject_zone, sweep};
///
/// let label = vec![true, true, false, true, false, false];
/// let table = sweep(&Scores::new(label, vec![0.9, 0.8, 0.6, 0.4, 0.2, 0.1])?);
/// // Rejecting the two in the middle costs 2 · 0.25; any single threshold makes an error.
/// let zone = choose_reject_zone(&table, &"fp=1,fn=1".parse()?, 0.25, None)?;
/// assert_eq!((zone.upper(), zone.lower()), (Some(0.8), Some(0.4)));
/// assert_eq!((zone.cost(), zone.error_rate()), (0.5, Some(0.0)));
/// assert!((zone.coverage() - 4.0 / 6.0).abs() < 1e-15);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Chow, 1970, *On optimum recognition error and reject tradeoff*, IEEE Transactions on Information Theory 16, 41–46.
/// Tortorella, 2000, *An optimal reject rule for binary classifiers*, LNCS 1876, 611–620 (unequal costs, on the curve of a
/// classifier).
pub fn choose_reject_zone(
    sweep: &Sweep,
    costs: &Costs,
    reject: f64,
    prevalence: Option<f64>,
) -> Result<RejectZone> {
    let ends = Ends::new(costs, reject)?;
    prevalence::check(prevalence)?;
    let (positives, negatives) = (sweep.positives(), sweep.negatives());
    let rescaling = Rescaling::new(prevalence, positives, negatives);
    if rescaling == Rescaling::Impossible {
        return Err(Error::OneClass {
            positives,
            negatives,
        });
    }
    let table = Table::of(sweep);
    let best = |metric: &Metric| {
        let objective = Objective::new(metric.clone(), Goal::Minimize);
        let mut ranking = Ranking::new(Criteria::best(objective, rescaling), 2);
        scan(&table, &mut ranking);
        ranking.found()
    };
    let apart = best(&ends.upper).zip(best(&ends.lower));
    let [upper, lower] = match apart {
        Some((upper, lower)) if are_in_order(&upper.place, &lower.place) => {
            [upper.place, lower.place]
        }
        _ => {
            let least = apart.map(|(upper, lower)| [upper.value, lower.value]);
            ends.cheapest_pair(sweep, rescaling, least)
                .map(|row| table.place(row))
        }
    };
    let cost = ends.cost(&upper, &lower, rescaling);
    Ok(RejectZone { upper, lower, cost })
}

/// What each end of a zone adds to the cost.
#[derive(Debug, Clone)]
struct Ends {
    upper: Metric,
    lower: Metric,
    costs: Costs,
    reject: f64,
}

/// Whether the lower end is no higher than the upper one, and no tie has to be looked for behind "predict none".
fn are_in_order(upper: &Place, lower: &Place) -> bool {
    let thresholds = upper.threshold.zip(lower.threshold);
    thresholds.is_some_and(|(upper, lower)| lower <= upper)
}

/// The cheapest so far.
#[derive(Debug, Clone, Copy)]
struct Cheapest<T> {
    cost: f64,
    at: T,
}

impl<T: Copy> Cheapest<T> {
    /// Takes one that costs no more, when they come from below; "predict none", the last to come, has to cost less.
    fn update(this: &mut Option<Self>, cost: f64, at: T, is_none: bool) {
        let is_better = this.is_none_or(|best| cost < best.cost || (cost <= best.cost && !is_none));
        if is_better {
            *this = Some(Self { cost, at });
        }
    }
}

impl Ends {
    fn new(costs: &Costs, reject: f64) -> Result<Self> {
        costs.check()?;
        if !(-Costs::LIMIT..=Costs::LIMIT).contains(&reject) {
            let (cell, value) = ("reject", reject);
            return Err(Error::Cost { cell, value });
        }
        let [fp, fn_, tp, tn] = costs.named().map(|(_, cost)| cost);
        let none = Costs::default().fp(0.0).fn_(0.0);
        let upper = none.tp(tp - reject).fp(fp - reject);
        let lower = none.tp(reject).fp(reject).fn_(fn_).tn(tn);
        Ok(Self {
            // Differences of two costs may leave the domain by a factor of 2.
            upper: Metric::unchecked_cost(upper),
            lower: Metric::unchecked_cost(lower),
            costs: *costs,
            reject,
        })
    }

    /// The cost of all rows.
    fn cost(&self, upper: &Place, lower: &Place, rescaling: Rescaling) -> f64 {
        let cells = |place: &Place| rescaling.cells(&place.cells).unwrap_or(place.cells);
        let (upper, lower) = (cells(upper), cells(lower));
        let kept = Cells::from_sums(upper.tp(), upper.fp(), lower.fn_(), lower.tn());
        let rejected = (lower.tp() - upper.tp()) + (lower.fp() - upper.fp());
        let mut sum = CompensatedSum::default();
        self.costs.add_to(&mut sum, &kept);
        sum.add_product(self.reject, rejected);
        sum.value()
    }

    /// The cheapest pair of rows that are in order, by comparing all of them that can matter. `least`: the least that each
    /// end can cost, if that is known.
    fn cheapest_pair(
        &self,
        sweep: &Sweep,
        rescaling: Rescaling,
        least: Option<[f64; 2]>,
    ) -> [usize; 2] {
        /// Rows of the table that are looked at in one go.
        const BLOCK: usize = 256;
        let n_rows = sweep.n_rows();
        let n_blocks = n_rows.div_ceil(BLOCK);
        let value = |metric: &Metric, row| rescaling.value(metric, &sweep.cells(row));
        // Both ends in one place are a pair, too: where a row costs more, even with the best of the other end, it is none.
        let firsts = (0..n_rows).step_by(BLOCK);
        let known =
            firsts.filter_map(|row| Some(value(&self.upper, row)? + value(&self.lower, row)?));
        let known = known.reduce(f64::min);
        let matters = |start: usize, end: usize| {
            let (Some(known), Some([upper, lower])) = (known, least) else {
                return true;
            };
            let (fewest, most) = (sweep.cells(start), sweep.cells(end - 1));
            let bounds = CellBounds::new(fewest, most, sweep.is_weighted());
            let low = |metric| rescaling.bounds(metric, &bounds).map(Bounds::low);
            let (Some(of_upper), Some(of_lower)) = (low(&self.upper), low(&self.lower)) else {
                return true;
            };
            of_upper + lower <= known || upper + of_lower <= known
        };
        let rows = |block: usize| {
            let (start, end) = (block * BLOCK, n_rows.min((block + 1) * BLOCK));
            let rows = if matters(start, end) {
                start..end
            } else {
                0..0
            };
            rows.rev()
        };
        let update_lower = |lowest: &mut Option<Cheapest<usize>>, row: usize| {
            if let Some(cost) = value(&self.lower, row) {
                Cheapest::update(lowest, cost, row, row == 0);
            }
        };
        let lowest = |block| {
            let mut lowest = None;
            rows(block).for_each(|row| update_lower(&mut lowest, row));
            lowest
        };
        let blocks = || (0..n_blocks).into_par_iter();
        let of_blocks = blocks().map(lowest).collect::<Vec<_>>();
        // What is cheapest behind each block.
        let mut behind = vec![None; n_blocks];
        for block in (1..n_blocks).rev() {
            let mut lowest: Option<Cheapest<usize>> = behind[block];
            if let Some(Cheapest { cost, at }) = of_blocks[block] {
                Cheapest::update(&mut lowest, cost, at, false);
            }
            behind[block - 1] = lowest;
        }
        let cheapest = blocks().map(|block| {
            let mut lowest = behind[block];
            let mut cheapest = None;
            for row in rows(block) {
                update_lower(&mut lowest, row);
                if let (Some(upper), Some(lower)) = (value(&self.upper, row), lowest) {
                    let pair = [row, lower.at];
                    Cheapest::update(&mut cheapest, upper + lower.cost, pair, row == 0);
                }
            }
            cheapest
        });
        let cheapest = cheapest.collect::<Vec<_>>().into_iter().rev().flatten();
        let cheapest = cheapest.fold(None, |mut cheapest, Cheapest { cost, at }| {
            Cheapest::update(&mut cheapest, cost, at, at[0] == 0);
            cheapest
        });
        // Sums that no double holds are the only ones that are left out: one threshold for both ends, then.
        cheapest.map_or([0, 0], |cheapest| cheapest.at)
    }
}
