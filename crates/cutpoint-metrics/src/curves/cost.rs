//! What the errors cost at every threshold. Costs of the cells are given; which threshold to ship is not chosen here.

use std::fmt;
use std::str::FromStr;

use super::{Points, largest};
use crate::compensated::CompensatedSum;
use crate::decimal::Decimals;
use crate::{Cells, Error, Moves, Result, Sweep};

/// What one row costs in each cell; negative costs are gains.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{Cells, Costs};
///
/// // A miss costs ten false alarms: (5 · 1 + 2 · 10) / 100 a row.
/// let costs = "fp=1,fn=10".parse::<Costs>()?;
/// assert_eq!(costs, Costs::default().fp(1.0).fn_(10.0));
/// assert_eq!(costs.per_row(&Cells::from_counts(8, 5, 2, 85)), Some(0.25));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Costs {
    fp: f64,
    fn_: f64,
    tp: f64,
    tn: f64,
    /// The same as whole numbers, so that sums of decimals come out even.
    decimals: Decimals<4>,
}

impl Default for Costs {
    fn default() -> Self {
        Self::new([1.0, 1.0, 0.0, 0.0])
    }
}

impl Costs {
    /// The largest size of a cost, so that sums of them stay finite.
    pub(crate) const LIMIT: f64 = 1e100;

    /// Of `fp`, `fn`, `tp` and `tn`.
    fn new(costs: [f64; 4]) -> Self {
        let [fp, fn_, tp, tn] = costs;
        Self {
            fp,
            fn_,
            tp,
            tn,
            decimals: Decimals::of(costs),
        }
    }

    /// Cost of a false positive. Default 1, domain `[-1e100, 1e100]`; larger raises the best threshold.
    #[must_use]
    pub fn fp(self, fp: f64) -> Self {
        Self::new([fp, self.fn_, self.tp, self.tn])
    }

    /// Cost of a false negative. Default 1, domain `[-1e100, 1e100]`; larger lowers the best threshold.
    #[must_use]
    pub fn fn_(self, fn_: f64) -> Self {
        Self::new([self.fp, fn_, self.tp, self.tn])
    }

    /// Cost of a true positive. Default 0, domain `[-1e100, 1e100]`; larger raises the best threshold.
    #[must_use]
    pub fn tp(self, tp: f64) -> Self {
        Self::new([self.fp, self.fn_, tp, self.tn])
    }

    /// Cost of a true negative. Default 0, domain `[-1e100, 1e100]`; larger lowers the best threshold.
    #[must_use]
    pub fn tn(self, tn: f64) -> Self {
        Self::new([self.fp, self.fn_, self.tp, tn])
    }

    /// Checks all costs.
    ///
    /// # Errors
    /// [`Error::Cost`] for a cost outside its domain.
    pub fn check(&self) -> Result<()> {
        for (cell, value) in self.named() {
            if !(-Self::LIMIT..=Self::LIMIT).contains(&value) {
                return Err(Error::Cost { cell, value });
            }
        }
        Ok(())
    }

    /// The mean cost of a row.
    ///
    /// # Formula
    /// ```text
    /// (cost_fp fp + cost_fn fn + cost_tp tp + cost_tn tn) / (tp + fp + fn + tn)
    /// ```
    ///
    /// # Undefined
    /// Without rows, and if a cost is outside its domain so far that no double holds the sum.
    pub fn per_row(&self, cells: &Cells) -> Option<f64> {
        let cost = self.mean(cells);
        cost.is_finite().then_some(cost)
    }

    /// By how much a move of the threshold raises the cost of all rows together.
    ///
    /// # Formula
    /// ```text
    /// tp_to_fn (cost_fn - cost_tp) + fp_to_tn (cost_tn - cost_fp) + fn_to_tp (cost_tp - cost_fn) + tn_to_fp (cost_fp - cost_tn)
    /// ```
    ///
    /// # Undefined
    /// If no double holds the sum.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::{Scores, Threshold};
    /// use cutpoint_metrics::{Costs, moves, sweep};
    ///
    /// // Down from 0.5 to 0.2 one positive row is found, at the price of two false alarms: 2 · 1 - 1 · 10.
    /// let scores = Scores::new(vec![true, true, false, false], vec![0.9, 0.4, 0.3, 0.2])?;
    /// let ledger = moves(&sweep(&scores), Threshold::HALF, Threshold::new(0.2)?);
    /// let costs = "fp=1,fn=10".parse::<Costs>().unwrap();
    /// assert_eq!(costs.change(&ledger), Some(-8.0));
    /// # Ok::<(), cutpoint_core::Error>(())
    /// ```
    pub fn change(&self, moves: &Moves) -> Option<f64> {
        let Decimals { units, per_unit } = self.decimals;
        let [fp, fn_, tp, tn] = units;
        let mut sum = CompensatedSum::default();
        for (moved, before, after) in [
            (moves.tp_to_fn(), tp, fn_),
            (moves.fp_to_tn(), fp, tn),
            (moves.fn_to_tp(), fn_, tp),
            (moves.tn_to_fp(), tn, fp),
        ] {
            sum.add_product(moved, after);
            sum.add_product(moved, -before);
        }
        let change = sum.value() / per_unit;
        change.is_finite().then_some(change)
    }

    /// What all rows cost together.
    ///
    /// # Formula
    /// ```text
    /// cost_fp fp + cost_fn fn + cost_tp tp + cost_tn tn
    /// ```
    ///
    /// # Undefined
    /// If no double holds the sum.
    pub fn total(&self, cells: &Cells) -> Option<f64> {
        let total = self.sum(cells);
        total.is_finite().then_some(total)
    }

    /// The mean cost, NaN without rows.
    fn mean(&self, cells: &Cells) -> f64 {
        let cells = cells.scaled();
        self.sum(&cells) / cells.total()
    }

    fn sum(&self, cells: &Cells) -> f64 {
        let Decimals { units, per_unit } = self.decimals;
        let mut sum = CompensatedSum::default();
        let cells = [cells.fp(), cells.fn_(), cells.tp(), cells.tn()];
        for (unit, cell) in units.into_iter().zip(cells) {
            sum.add_product(unit, cell);
        }
        sum.value() / per_unit
    }

    /// By how much the sum rises when a positive row, and when a negative one, is predicted positive instead of negative, in
    /// units of their own.
    pub(crate) fn slopes(&self) -> [f64; 2] {
        let [fp, fn_, tp, tn] = self.decimals.units;
        [tp - fn_, fp - tn]
    }

    /// The costs, all of them gains instead.
    #[must_use]
    pub fn negated(&self) -> Self {
        Self::new([-self.fp, -self.fn_, -self.tp, -self.tn])
    }

    /// The sum of what is added up, without its signs: what rounding may be measured by.
    pub(crate) fn size(&self, cells: &Cells) -> f64 {
        self.fp.abs() * cells.fp()
            + self.fn_.abs() * cells.fn_()
            + self.tp.abs() * cells.tp()
            + self.tn.abs() * cells.tn()
    }

    /// What a positive row costs, and a negative one, if it is predicted positive.
    pub(crate) fn if_positive(&self) -> [f64; 2] {
        [self.tp, self.fp]
    }

    /// What a positive row costs, and a negative one, if it is predicted negative.
    pub(crate) fn if_negative(&self) -> [f64; 2] {
        [self.fn_, self.tn]
    }

    pub(crate) fn named(&self) -> [(&'static str, f64); 4] {
        [
            ("fp", self.fp),
            ("fn", self.fn_),
            ("tp", self.tp),
            ("tn", self.tn),
        ]
    }
}

impl fmt::Display for Costs {
    /// `fp=1,fn=10`, and `tp` and `tn` where they are not 0; it reads back.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "fp={},fn={}", self.fp, self.fn_)?;
        for (name, cost) in [("tp", self.tp), ("tn", self.tn)] {
            if cost.abs() > 0.0 {
                write!(formatter, ",{name}={cost}")?;
            }
        }
        Ok(())
    }
}

impl FromStr for Costs {
    type Err = Error;

    /// Costs as people write them: `fp=1,fn=10`, cells in any order. A cell that is not named costs 0.
    fn from_str(text: &str) -> Result<Self> {
        let [mut fp, mut fn_, mut tp, mut tn] = [None; 4];
        for part in text.split(',') {
            let syntax = || Error::CostSyntax {
                part: part.trim().to_owned(),
            };
            let (name, number) = part.split_once('=').ok_or_else(syntax)?;
            let (cell, cost) = match name.trim() {
                "fp" => ("fp", &mut fp),
                "fn" => ("fn", &mut fn_),
                "tp" => ("tp", &mut tp),
                "tn" => ("tn", &mut tn),
                _ => return Err(syntax()),
            };
            let number = number.trim().parse::<f64>().map_err(|_| syntax())?;
            if cost.replace(number).is_some() {
                return Err(Error::CostTwice { cell });
            }
        }
        let [fp, fn_, tp, tn] = [fp, fn_, tp, tn].map(Option::unwrap_or_default);
        let costs = Self::new([fp, fn_, tp, tn]);
        costs.check()?;
        Ok(costs)
    }
}

/// The mean cost of a row at each threshold, thresholds descending.
///
/// # Shapes
/// All columns: `(n_rows,)` of the sweep. The first point is what it costs to predict none, the last what it costs to
/// predict everything positive.
#[derive(Debug, Clone, PartialEq)]
pub struct CostCurve {
    thresholds: Vec<Option<f64>>,
    cost: Vec<f64>,
    lowest_indices: Vec<usize>,
}

/// Reads the cost at each threshold off a sweep. For the curve over all costs and prevalences at once, see
/// [`cost_envelope`](crate::cost_envelope).
///
/// # Formula
/// ```text
/// cost = (cost_fp fp + cost_fn fn + cost_tp tp + cost_tn tn) / n
/// ```
///
/// # Errors
/// [`Error::Cost`] for a cost outside its domain.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Costs, cost_curve, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let curve = cost_curve(&sweep(&scores), &Costs::default().fp(1.0).fn_(3.0))?;
/// // Two misses; one miss; one miss and one false alarm; one false alarm; two.
/// assert_eq!(curve.cost(), [6.0 / 4.0, 3.0 / 4.0, 4.0 / 4.0, 1.0 / 4.0, 2.0 / 4.0]);
/// assert_eq!(curve.lowest(), 0.25);
/// assert!(curve.lowest_thresholds().eq([Some(0.35)]));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Elkan, 2001, *The foundations of cost-sensitive learning*, IJCAI, 973–978.
pub fn cost_curve(sweep: &Sweep, costs: &Costs) -> Result<CostCurve> {
    costs.check()?;
    let Points { thresholds, cells } = Points::of(sweep, 0..sweep.n_rows());
    let cost = cells.iter().map(|cells| costs.mean(cells));
    let cost = cost.collect::<Vec<_>>();
    Ok(CostCurve {
        lowest_indices: largest(&cost.iter().map(|cost| -cost).collect::<Vec<_>>()),
        thresholds,
        cost,
    })
}

impl CostCurve {
    /// The thresholds, descending; `None` for "predict none".
    pub fn thresholds(&self) -> &[Option<f64>] {
        &self.thresholds
    }

    /// The mean cost of a row at each threshold; lower is better.
    pub fn cost(&self) -> &[f64] {
        &self.cost
    }

    /// The lowest mean cost of a row.
    pub fn lowest(&self) -> f64 {
        self.cost[self.lowest_indices[0]]
    }

    /// Every threshold with the lowest cost, descending; `None` for "predict none".
    pub fn lowest_thresholds(&self) -> impl ExactSizeIterator<Item = Option<f64>> + '_ {
        self.lowest_indices
            .iter()
            .map(|&index| self.thresholds[index])
    }
}
