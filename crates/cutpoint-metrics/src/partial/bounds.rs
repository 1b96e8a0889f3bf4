//! What can be said of the cells and metrics at a threshold inside a bin. Areas are in `areas`.

use cutpoint_core::Threshold;

use serde::{Serialize, Serializer};

use crate::partial::{CostBounds, PartialSweep};
use crate::{Cells, Metric};

/// Two numbers between which another is known to lie, both included. In JSON they are the list `[low, high]`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Bounds {
    low: f64,
    high: f64,
}

impl Bounds {
    pub(crate) fn new(low: f64, high: f64) -> Self {
        debug_assert!(low <= high);
        Self { low, high }
    }

    /// The number cannot be lower.
    pub fn low(self) -> f64 {
        self.low
    }

    /// The number cannot be higher; infinite if nothing is known.
    pub fn high(self) -> f64 {
        self.high
    }

    /// Whether the number is known.
    pub fn is_exact(self) -> bool {
        self.low >= self.high
    }

    /// Whether the number may be this one.
    pub fn contains(self, value: f64) -> bool {
        (self.low..=self.high).contains(&value)
    }
}

impl Serialize for Bounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        [self.low, self.high].serialize(serializer)
    }
}

/// What is known of the cells at a threshold.
///
/// Where the threshold lies in a bin, some of its rows are at least the threshold and some are below, and nobody knows
/// which: the cells are those of the edge above, and of the bin any number of positive and any number of negative rows.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct CellBounds {
    fewest: Cells,
    most: Cells,
    is_weighted: bool,
    costs: Option<CostBounds>,
}

impl CellBounds {
    /// Between the cells of two thresholds, the first of which is the higher.
    pub fn new(fewest: Cells, most: Cells, is_weighted: bool) -> Self {
        Self {
            fewest,
            most,
            is_weighted,
            costs: None,
        }
    }

    /// The same cells of rows that cost by themselves.
    #[must_use]
    pub fn with_costs(self, costs: Option<CostBounds>) -> Self {
        Self { costs, ..self }
    }

    /// What is known of those costs.
    pub(crate) fn costs(&self) -> Option<&CostBounds> {
        self.costs.as_ref()
    }

    /// The matrix of the edge above, where the fewest rows are predicted positive.
    pub fn lower(&self) -> Cells {
        self.fewest
    }

    /// The matrix of the edge below, where the most rows are predicted positive.
    pub fn upper(&self) -> Cells {
        self.most
    }

    /// Whether the cells are known: no bin has rows on both sides of the threshold.
    pub fn is_exact(&self) -> bool {
        self.fewest == self.most
    }

    /// Bounds of the true positives.
    pub fn tp(&self) -> Bounds {
        self.cell(self.fewest.tp(), self.most.tp())
    }

    /// Bounds of the false positives.
    pub fn fp(&self) -> Bounds {
        self.cell(self.fewest.fp(), self.most.fp())
    }

    /// Bounds of the false negatives.
    pub fn fn_(&self) -> Bounds {
        self.cell(self.most.fn_(), self.fewest.fn_())
    }

    /// Bounds of the true negatives.
    pub fn tn(&self) -> Bounds {
        self.cell(self.most.tn(), self.fewest.tn())
    }

    /// Sums of weights were rounded, here and wherever they are compared with others: the bounds step back by as much.
    fn cell(&self, low: f64, high: f64) -> Bounds {
        if self.is_weighted && !self.is_exact() {
            let slack = self.slack();
            Bounds::new((low.next_down() - slack).max(0.0), high.next_up() + slack)
        } else {
            Bounds::new(low, high)
        }
    }

    /// By how much compensated sums of up to 2^34 weights may be off: 2^-105 of the total for each of them.
    fn slack(&self) -> f64 {
        const ROUNDING: f64 = 1.0 / (1_u128 << 70) as f64;
        ROUNDING * self.fewest.total()
    }

    /// Bounds of a metric, which hold if it is defined at the threshold; `None` if it cannot be.
    ///
    /// # Formula
    /// As `tp` rises, `fp` staying the same, a metric for which higher values are better rises or stays, and as `fp`
    /// rises it falls or stays; the other way round where lower values are better. Of all matrices in question it is
    /// therefore best with the most true and the fewest false positives, and worst with the fewest true and the most
    /// false ones. (Prevalence stays the same, the predicted positive rate rises with both, and a cost rises or falls
    /// with each as the costs of the cells say.)
    ///
    /// Where a metric is undefined at such a corner, the matrices next to it, one row away, take its place. With
    /// weights nobody knows how little a row weighs, and the end of the metric's range takes its place.
    ///
    /// The bounds step back by some 1e-14 of their size, so that no rounding in the formulas gets past them.
    pub fn metric(&self, metric: &Metric) -> Option<Bounds> {
        if self.is_exact() {
            let value = metric.value(&self.fewest)?;
            return Some(Bounds::new(value, value));
        }
        let [low, high] = Corner::of(metric);
        let [low, high] = if self.is_weighted {
            if !self.is_anywhere_defined(metric) {
                return None;
            }
            [low, high].map(|corner| metric.value(&self.pushed_out(corner)))
        } else {
            let low = self.values_near(low, metric).reduce(f64::min)?;
            let high = self.values_near(high, metric).reduce(f64::max)?;
            [Some(low), Some(high)]
        };
        let range = metric.range();
        let low = low.map_or(range.low(), |low| low - self.rounding(metric, low));
        let high = high.map_or(range.high(), |high| high + self.rounding(metric, high));
        Some(Bounds::new(low.max(range.low()), high.min(range.high())))
    }

    /// The value that a metric has whatever the matrix is, if it has only one.
    pub(crate) fn constant(&self, metric: &Metric) -> Option<f64> {
        if !self.is_free_of_noise(metric) {
            return None;
        }
        let [low, high] = Corner::of(metric);
        let low = metric.value(&self.at(low))?;
        let high = metric.value(&self.at(high))?;
        (low >= high).then_some(low)
    }

    /// Whether a metric that has one value at both ends has it everywhere to the last bit. Costs of cells that trade
    /// places are rounded anew at each threshold, and so is the prevalence of sums of weights.
    fn is_free_of_noise(&self, metric: &Metric) -> bool {
        let (fewest, most) = (&self.fewest, &self.most);
        let Some(costs) = metric.costs() else {
            return !(self.is_weighted && metric.is_prevalence());
        };
        let [fp, fn_, tp, tn] = costs.named().map(|(_, cost)| cost.abs() > 0.0);
        let positives_move = most.tp() > fewest.tp() || most.fn_() < fewest.fn_();
        let negatives_move = most.fp() > fewest.fp() || most.tn() < fewest.tn();
        !(positives_move && (tp || fn_)) && !(negatives_move && (fp || tn))
    }

    /// Whether a metric is defined at all four corners, and therefore everywhere: it is undefined only where a cell is
    /// empty, or two of them.
    pub(crate) fn is_defined(&self, metric: &Metric) -> bool {
        let ends = [End::Fewest, End::Most];
        let corners = ends.map(|tp| ends.map(|fp| self.at(Corner { tp, fp })));
        let mut corners = corners.iter().flatten();
        corners.all(|cells| metric.value(cells).is_some())
    }

    fn at(&self, corner: Corner) -> Cells {
        let (tp, fp) = (self.end(corner.tp), self.end(corner.fp));
        Cells::from_sums(tp.tp(), fp.fp(), tp.fn_(), fp.tn())
    }

    fn end(&self, end: End) -> &Cells {
        match end {
            End::Fewest => &self.fewest,
            End::Most => &self.most,
        }
    }

    /// The values of a metric at a corner of counts, or at the matrices next to it where it is undefined.
    fn values_near(&self, corner: Corner, metric: &Metric) -> impl Iterator<Item = f64> {
        let cells = self.at(corner);
        let mut values = [metric.value(&cells), None, None, None];
        if values[0].is_none() {
            // One row back into the box, if it is so wide.
            let step = |end, width: f64| match end {
                End::Fewest => width.min(1.0),
                End::Most => -width.min(1.0),
            };
            let tp_step = step(corner.tp, self.most.tp() - self.fewest.tp());
            let fp_step = step(corner.fp, self.most.fp() - self.fewest.fp());
            let steps = [(tp_step, 0.0), (0.0, fp_step), (tp_step, fp_step)];
            for (value, (tp, fp)) in values[1..].iter_mut().zip(steps) {
                *value = metric.value(&Cells::from_sums(
                    cells.tp() + tp,
                    cells.fp() + fp,
                    cells.fn_() - tp,
                    cells.tn() - fp,
                ));
            }
        }
        values.into_iter().flatten()
    }

    /// A corner of sums of weights, as far out as rounding may have brought it in. An empty cell is no sum.
    fn pushed_out(&self, corner: Corner) -> Cells {
        let cells = self.at(corner);
        let slack = self.slack();
        let push = |end, inside: f64, outside: f64| {
            let slack = match end {
                End::Fewest => -slack,
                End::Most => slack,
            };
            let pushed = |cell: f64, slack: f64| {
                if cell > 0.0 {
                    (cell + slack).max(0.0)
                } else {
                    cell
                }
            };
            (pushed(inside, slack), pushed(outside, -slack))
        };
        let (tp, fn_) = push(corner.tp, cells.tp(), cells.fn_());
        let (fp, tn) = push(corner.fp, cells.fp(), cells.tn());
        Cells::from_sums(tp, fp, fn_, tn)
    }

    /// Whether a metric of sums of weights is defined at a corner or in the middle. Where it is not, it is nowhere:
    /// what makes a metric undefined is a cell, or a sum of two, that is 0.
    fn is_anywhere_defined(&self, metric: &Metric) -> bool {
        let ends = [End::Fewest, End::Most];
        let corners = ends.map(|tp| ends.map(|fp| self.at(Corner { tp, fp })));
        let (fewest, most) = (&self.fewest, &self.most);
        let middle = Cells::from_sums(
            fewest.tp().midpoint(most.tp()),
            fewest.fp().midpoint(most.fp()),
            fewest.fn_().midpoint(most.fn_()),
            fewest.tn().midpoint(most.tn()),
        );
        let mut cells = corners.iter().flatten().chain([&middle]);
        cells.any(|cells| metric.value(cells).is_some())
    }

    /// By how much a metric may come out wrong. Of counts every metric keeps its digits; of sums of weights, which were
    /// rounded, a difference of two near each other does not; nor does a sum of costs and gains.
    fn rounding(&self, metric: &Metric, value: f64) -> f64 {
        const ROUNDING: f64 = 64.0 * f64::EPSILON;
        let size = match metric.costs() {
            Some(costs) => costs.size(&self.fewest).max(costs.size(&self.most)),
            None if self.is_weighted => value.abs().max(1.0),
            None => value.abs(),
        };
        ROUNDING * size
    }
}

/// A matrix at the end of what is possible.
#[derive(Debug, Clone, Copy)]
struct Corner {
    tp: End,
    fp: End,
}

#[derive(Debug, Clone, Copy)]
enum End {
    Fewest,
    Most,
}

impl Corner {
    /// Where a metric is lowest and where it is highest.
    fn of(metric: &Metric) -> [Self; 2] {
        let rises = metric.rises();
        let corner = |at_highest: bool| {
            let [tp, fp] = rises.map(|rises| {
                if rises == at_highest {
                    End::Most
                } else {
                    End::Fewest
                }
            });
            Self { tp, fp }
        };
        [corner(false), corner(true)]
    }
}

impl PartialSweep {
    /// What is known of the cells at a threshold, which need not be a score: everything, unless it lies in a bin.
    pub fn cell_bounds(&self, threshold: Threshold) -> CellBounds {
        let index = self.edges().index_at(threshold);
        let is_inside = index < self.n_bins() && threshold.is_positive(self.range(index).highest());
        let fewest = self.edges().cells(index);
        let most = if is_inside {
            self.edges().cells(index + 1)
        } else {
            fewest
        };
        CellBounds::new(fewest, most, self.is_weighted())
    }

    /// Bounds of a metric at a threshold; see [`CellBounds::metric`].
    pub fn metric_bounds(&self, metric: &Metric, threshold: Threshold) -> Option<Bounds> {
        self.cell_bounds(threshold).metric(metric)
    }
}
