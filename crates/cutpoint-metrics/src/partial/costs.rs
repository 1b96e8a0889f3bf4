//! What rows cost by amounts of their own: one number for each row and prediction, added up at the edges of bins. Which
//! columns the amounts stand in is not known here, nor how a row gets into a bin.

use cutpoint_core::Scores;
use serde::{Deserialize, Serialize};

use crate::bytes::Checked;
use crate::compensated::CompensatedSum;
use crate::partial::bins::{Amount, Bin};
use crate::partial::rows::Row;
use crate::{Costs, Error, Result};

/// What each row costs if it is predicted positive, and what if it is predicted negative.
///
/// For [`PartialSweepBuilder::add_with_costs`](crate::PartialSweepBuilder::add_with_costs).
///
/// # Shapes
/// One pair of costs a row.
#[derive(Debug, Clone, PartialEq)]
pub struct RowCosts {
    if_positive: Vec<f64>,
    if_negative: Vec<f64>,
}

impl RowCosts {
    /// The largest size of what a row costs, weight included, so that sums over 2^53 rows stay finite.
    pub(super) const LIMIT: f64 = 1e290;

    /// Costs of cells: the same for every row, and times amounts of its own. A positive row costs as a true positive or
    /// a false negative, a negative one as a false positive or a true negative.
    ///
    /// `constant`: what every row costs in each cell. `amounts`: columns of amounts, of either sign, each with what one
    /// unit of it costs in each cell.
    ///
    /// # Formula
    /// ```text
    /// constant_cell + sum over the columns of  cost_cell amount        rounded once for each term
    /// ```
    ///
    /// # Shapes
    /// `scores`: `(n_samples,)`; each column of `amounts`: `(n_samples,)`.
    ///
    /// # Errors
    /// - [`Error::Cost`](crate::Error::Cost) for a cost outside its domain.
    /// - [`Error::Input`](crate::Error::Input) for a column of another length.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    /// use cutpoint_metrics::{Costs, RowCosts};
    ///
    /// // A false alarm costs 10; a fraud that is missed costs its amount.
    /// let rows = Scores::new(vec![true, false], vec![0.9, 0.8])?;
    /// let none = Costs::ZERO;
    /// let costs = RowCosts::new(&rows, &none.fp(10.0), &[(&[500.0, 40.0], none.fn_(1.0))])?;
    /// assert_eq!((costs.if_positive(), costs.if_negative()), (&[0.0, 10.0][..], &[500.0, 0.0][..]));
    /// # Ok::<(), cutpoint_metrics::Error>(())
    /// ```
    pub fn new(scores: &Scores, constant: &Costs, amounts: &[(&[f64], Costs)]) -> Result<Self> {
        constant.check()?;
        let expected = scores.n_samples();
        for (column, costs) in amounts {
            costs.check()?;
            let got = column.len();
            if got != expected {
                return Err(wrong_length("amounts", expected, got));
            }
        }
        let is_positive = scores.is_positive();
        // What a positive row and what a negative one costs, with this prediction.
        let costs = |of: fn(&Costs) -> [f64; 2]| {
            let pick = |costs: &Costs, is_positive: bool| of(costs)[usize::from(!is_positive)];
            let rows = is_positive.iter().map(|&is| pick(constant, is));
            let mut sums = rows.collect::<Vec<_>>();
            for (column, costs) in amounts {
                for ((sum, amount), &is) in sums.iter_mut().zip(*column).zip(is_positive) {
                    *sum += pick(costs, is) * amount;
                }
            }
            sums
        };
        Ok(Self {
            if_positive: costs(Costs::if_positive),
            if_negative: costs(Costs::if_negative),
        })
    }

    /// Rows that cost nothing.
    pub(super) fn free(n_rows: usize) -> Self {
        Self {
            if_positive: vec![0.0; n_rows],
            if_negative: vec![0.0; n_rows],
        }
    }

    /// Checks that there is one pair of costs a row, and none too large.
    pub(crate) fn check(&self, scores: &Scores) -> Result<()> {
        let (expected, got) = (scores.n_samples(), self.if_positive.len());
        if expected != got {
            return Err(wrong_length("costs", expected, got));
        }
        let rows = self.if_positive.iter().zip(&self.if_negative).enumerate();
        for (row, (&if_positive, &if_negative)) in rows {
            let weight = scores.weight().map_or(1.0, |weight| weight[row]);
            for value in [weight * if_positive, weight * if_negative] {
                if !(-Self::LIMIT..=Self::LIMIT).contains(&value) {
                    return Err(Error::RowCost { row, value });
                }
            }
        }
        Ok(())
    }

    /// What each row costs if it is predicted positive.
    pub fn if_positive(&self) -> &[f64] {
        &self.if_positive
    }

    /// What each row costs if it is predicted negative.
    pub fn if_negative(&self) -> &[f64] {
        &self.if_negative
    }
}

fn wrong_length(name: &'static str, expected: usize, got: usize) -> Error {
    let error = cutpoint_core::Error::Length {
        name,
        expected,
        got,
    };
    error.into()
}

/// What the rows of each class cost at a threshold: of the positive rows, and of the negative ones.
pub type ClassCosts = [CompensatedSum; 2];

/// By how much rows cost more if they are predicted positive, and those that cost less, by how much less; of either
/// class.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CostSums {
    more: ClassCosts,
    less: ClassCosts,
}

impl CostSums {
    fn of_bin(bin: &Bin<PricedSum>) -> Self {
        Self {
            more: [bin.positives.more, bin.negatives.more],
            less: [bin.positives.less, bin.negatives.less],
        }
    }

    /// By how much more positive and negative rows cost, and by how much less.
    pub fn new(more: ClassCosts, less: ClassCosts) -> Self {
        Self { more, less }
    }

    /// More or less (0, 1), of positive or negative rows (0, 1).
    ///
    /// # Panics
    /// For other numbers.
    pub fn get(&self, way: usize, class: usize) -> CompensatedSum {
        [&self.more, &self.less][way][class]
    }

    /// All of them: more of either class, then less.
    pub(super) fn all(&self) -> [CompensatedSum; 4] {
        let [more, less] = [self.more, self.less];
        [more[0], more[1], less[0], less[1]]
    }

    fn plus(&self, other: &Self) -> Self {
        let plus = |left: &ClassCosts, right: &ClassCosts| {
            [0, 1].map(|class| left[class].plus(right[class]))
        };
        Self {
            more: plus(&self.more, &other.more),
            less: plus(&self.less, &other.less),
        }
    }
}

/// The costs of rows at the edges of a partial sweep.
#[derive(Debug, Clone, PartialEq)]
pub struct CostColumns {
    total: CostTotal,
    /// At each edge but "predict none".
    sums: Vec<CostSums>,
}

impl CostColumns {
    /// Of bins that descend; `none`: what all rows cost if none is predicted positive.
    pub(super) fn new<'b>(
        none: ClassCosts,
        bins: impl Iterator<Item = &'b Bin<PricedSum>>,
    ) -> Self {
        let mut sum = CostSums::default();
        let sums = bins.map(|bin| {
            sum = sum.plus(&CostSums::of_bin(bin));
            sum
        });
        Self::of_edges(none, sums.collect())
    }

    /// The same, of what is added up at each edge but "predict none".
    pub(super) fn of_edges(none: ClassCosts, sums: Vec<CostSums>) -> Self {
        let size = [0, 1].map(|class| {
            let last = sums.last().copied().unwrap_or_default();
            none[class].value().abs() + last.more[class].value() + last.less[class].value()
        });
        Self {
            total: CostTotal { none, size },
            sums,
        }
    }

    /// At a row of the edges.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn sums(&self, index: usize) -> CostSums {
        let place = index.checked_sub(1);
        place.map_or_else(CostSums::default, |place| self.sums[place])
    }

    /// At each edge but "predict none".
    pub(super) fn edges(&self) -> &[CostSums] {
        &self.sums
    }

    /// What all rows cost.
    pub fn total(&self) -> &CostTotal {
        &self.total
    }

    /// What the rows of each class cost if none is predicted positive.
    pub(super) fn none(&self) -> ClassCosts {
        self.total.none
    }

    /// What the rows of a class in a bin cost more or less, who weigh so much.
    pub(super) fn in_bin(&self, index: usize, class: usize, rows: CompensatedSum) -> PricedSum {
        let (above, below) = (self.sums(index), self.sums(index + 1));
        let within = |way: usize| below.get(way, class).without(above.get(way, class));
        PricedSum {
            rows,
            more: within(0),
            less: within(1),
        }
    }
}

/// What all rows cost.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostTotal {
    /// If none is predicted positive.
    none: ClassCosts,
    /// What is added up, without its signs: what rounding may be measured by.
    size: [f64; 2],
}

impl CostTotal {
    /// At a threshold.
    pub fn at(&self, sums: &CostSums) -> ClassCosts {
        self.from(sums, sums)
    }

    /// At the thresholds between two, the first of which is the higher.
    pub fn between(&self, above: &CostSums, below: &CostSums) -> CostBounds {
        CostBounds {
            low: self.from(above, below),
            high: self.from(below, above),
            size: self.size,
            is_exact: above == below,
        }
    }

    /// The sum of what is added up, without its signs: what rounding may be measured by.
    pub fn size(&self) -> f64 {
        self.size[0] + self.size[1]
    }

    fn from(&self, more: &CostSums, less: &CostSums) -> ClassCosts {
        [0, 1].map(|class| {
            let [high, low] = less.less[class].parts();
            let less = CompensatedSum::from_parts(-high, -low);
            self.none[class].plus(more.more[class]).plus(less)
        })
    }
}

/// What is known of the costs at a threshold.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CostBounds {
    pub(crate) low: ClassCosts,
    pub(crate) high: ClassCosts,
    pub(crate) size: [f64; 2],
    /// Whether no row has a say in them: the two are one, to the last bit.
    pub(crate) is_exact: bool,
}

/// A row with a weight above 0, and what it costs, all of which bits sort the same in every run.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct PricedRow {
    key: u64,
    weight_bits: u64,
    /// What it costs, weight included, if it is predicted positive.
    positive_bits: u64,
    negative_bits: u64,
}

impl PricedRow {
    pub(super) fn new(key: u64, weight: f64, if_positive: f64, if_negative: f64) -> Self {
        Self {
            key,
            weight_bits: weight.to_bits(),
            positive_bits: if_positive.to_bits(),
            negative_bits: if_negative.to_bits(),
        }
    }

    pub(super) fn weight(self) -> f64 {
        f64::from_bits(self.weight_bits)
    }
}

impl Row for PricedRow {
    type Amount = PricedSum;

    fn key(self) -> u64 {
        self.key
    }

    fn amount(self) -> PricedSum {
        let mut more = CompensatedSum::default();
        more.add(f64::from_bits(self.positive_bits));
        more.add(-f64::from_bits(self.negative_bits));
        let [high, low] = more.parts();
        let nothing = CompensatedSum::default();
        let (more, less) = if high < 0.0 {
            (nothing, CompensatedSum::from_parts(-high, -low))
        } else {
            (more, nothing)
        };
        PricedSum {
            rows: CompensatedSum::from_parts(self.weight(), 0.0),
            more,
            less,
        }
    }
}

/// The weights of rows of one class, and by how much they cost more or less if they are predicted positive.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub(super) struct PricedSum {
    pub(super) rows: CompensatedSum,
    more: CompensatedSum,
    less: CompensatedSum,
}

impl Checked for PricedSum {
    fn is_finite(&self) -> bool {
        [self.rows, self.more, self.less].is_finite()
    }

    fn is_amount(&self) -> bool {
        [self.rows, self.more, self.less].is_amount()
    }
}

impl Amount for PricedSum {
    fn plus(self, other: Self) -> Self {
        Self {
            rows: self.rows.plus(other.rows),
            more: self.more.plus(other.more),
            less: self.less.plus(other.less),
        }
    }

    fn to_sum(self) -> CompensatedSum {
        self.rows
    }

    /// Of rows that cost nothing.
    fn of_sum(rows: CompensatedSum) -> Self {
        let nothing = CompensatedSum::default();
        Self {
            rows,
            more: nothing,
            less: nothing,
        }
    }
}
