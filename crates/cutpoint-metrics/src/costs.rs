//! What a row costs in each cell of the matrix: how it is written, checked and added up. Which threshold costs least is
//! not sought here; what a move between two thresholds costs is with the moves.

use std::fmt;
use std::str::FromStr;

use crate::compensated::CompensatedSum;
use crate::decimal::Decimals;
use crate::{Cells, Error, Result};

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
    /// No row costs anything.
    ///
    /// ```
    /// # use cutpoint_metrics::Costs;
    /// assert_eq!(Costs::ZERO.fp(1.0).fn_(1.0), Costs::default());
    /// ```
    pub const ZERO: Self = Self {
        fp: 0.0,
        fn_: 0.0,
        tp: 0.0,
        tn: 0.0,
        decimals: Decimals {
            units: [0.0; 4],
            per_unit: 1.0,
        },
    };

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
    pub(crate) fn mean(&self, cells: &Cells) -> f64 {
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

    /// The costs of `fp`, `fn`, `tp` and `tn` as whole numbers.
    pub(crate) fn decimals(&self) -> Decimals<4> {
        self.decimals
    }

    /// By how much the sum rises when a positive row, and when a negative one, is predicted positive instead of
    /// negative, in units of their own.
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
