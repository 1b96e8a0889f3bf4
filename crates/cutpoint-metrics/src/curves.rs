//! Curves: columns read off the table of a sweep, one file a curve. A curve sees no score and draws nothing.
//!
//! A column that divides by a class without rows is `None` as a whole; a single undefined point is `None` in its place.
//! The threshold of "predict none" is `None`, too, never infinite.

mod calibration;
mod cost;
mod cost_envelope;
mod det;
mod gain;
mod grid;
mod ks;
mod lift;
mod net_benefit;
mod precision_recall;
mod roc;

pub use calibration::{
    BinStrategy, BrierDecomposition, CalibrationCurve, CalibrationOptions, calibration_curve,
};
pub use cost::{CostCurve, cost_curve};
pub use cost_envelope::{CostEnvelope, cost_envelope};
pub use det::{DetCurve, det_curve, normal_deviate};
pub use gain::{GainCurve, gain_curve};
pub use grid::{DecimalProbability, probability_grid};
pub use ks::{KsCurve, ks_curve};
pub use lift::{LiftCurve, lift_curve};
pub use net_benefit::{NetBenefitCurve, net_benefit_curve};
pub use precision_recall::{PrecisionRecallCurve, precision_recall_curve};
pub use roc::{RocCurve, roc_curve};

use cutpoint_core::Threshold;

use crate::{Cells, Sweep};

/// Which points of a curve are wanted: scikit-learn's `drop_intermediate`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Intermediate {
    /// Every row of the sweep is a point.
    #[default]
    Keep,
    /// Points on a straight line between their neighbours are left out; the drawn curve is the same. Which ones these
    /// are, each curve says.
    Drop,
}

/// The rows of a sweep that are points of a curve, and their cells.
struct Points {
    thresholds: Vec<Option<f64>>,
    cells: Vec<Cells>,
}

impl Points {
    /// The rows with these indices.
    fn of(sweep: &Sweep, indices: impl IntoIterator<Item = usize>) -> Self {
        let rows = indices.into_iter().map(|index| sweep.row(index));
        let numbers = rows.map(|row| (row.threshold().map(Threshold::value), row.cells()));
        let (thresholds, cells) = numbers.unzip();
        Self { thresholds, cells }
    }

    /// A cell of each point as a share of a class; `None` if the class has no rows.
    ///
    /// The class's own total is divided by, so that a column of weights is as monotone as the cells are.
    fn shares(&self, cell: fn(&Cells) -> f64, class_total: f64) -> Option<Vec<f64>> {
        (class_total > 0.0).then(|| {
            let cells = self.cells.iter();
            cells.map(|cells| cell(cells) / class_total).collect()
        })
    }
}

/// The indices in `first..=last` without those that lie between two others with the same true positives.
fn ends_of_equal_tp(sweep: &Sweep, first: usize, last: usize) -> Vec<usize> {
    let tp = |index: usize| sweep.cells(index).tp();
    let mut kept = Vec::new();
    for index in first..=last {
        let is_inner = index > first && index < last;
        #[expect(clippy::float_cmp, reason = "the same sum is the same bits")]
        let is_between = is_inner && tp(index - 1) == tp(index) && tp(index) == tp(index + 1);
        if !is_between {
            kept.push(index);
        }
    }
    kept
}

/// Where the largest number stands, every time.
fn largest<T: Copy + PartialOrd>(numbers: &[T]) -> Vec<usize> {
    let mut places = Vec::new();
    for (index, number) in numbers.iter().enumerate() {
        let highest = places.first().map(|&first: &usize| numbers[first]);
        if highest.is_none_or(|highest| *number > highest) {
            places.clear();
        }
        if highest.is_none_or(|highest| *number >= highest) {
            places.push(index);
        }
    }
    places
}
