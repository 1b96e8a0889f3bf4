//! The solver `linfa`: the crate linfa-logistic behind this crate's own types. No type of linfa leaves this file.
//!
//! What linfa-logistic 0.8.1 does otherwise than this crate, and what is done about it here:
//! - Its positive class is the more frequent one (the first seen on a tie), so its signs depend on the data: they are
//!   turned so that the larger class is positive.
//! - It minimises the sum of the losses plus `alpha/2 ‖w‖²`, which is this crate's objective times the number of rows
//!   with `alpha = 1 / c`; and it stops on the norm of the gradient of that sum: the tolerance is scaled by the rows.
//! - It does not say whether it converged, nor after how many iterations: the gradient of this crate's objective at
//!   its solution is held against `tol`.
//! - It has no weights: they are refused.
//! - Where no step lowers the loss by more than rounding, its line search takes a step that does not change the
//!   gradient; the next direction is 0/0, and the search along it never ends. That happens where the first step, the
//!   gradient of the sum, overshoots beyond the least step it may take: features are therefore scaled down together,
//!   and `alpha` with them, which is the same objective in other units. And it happens where the tolerance is finer
//!   than rounding: it is not let below that. A `c` that makes the penalty alone overshoot is refused.
//! - With three or more classes it normalises all rows by the largest score of any row, and cuts off what is below
//!   1e-15 of that; its loss and its gradient then disagree, and its line search may never end: they are refused.

use linfa::DatasetBase;
use linfa::prelude::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, ArrayView2, CowArray};

use crate::objective::Objective;
use crate::rows::max_abs;
use crate::{Error, Result, Solver};

/// The largest `1 / c`: beyond it the squares of a penalty's gradient leave the range where steps can be told apart.
const MAX_ALPHA: f64 = 1e30;
/// A step from 0 to the minimum along the gradient G of the sum is at least 4 / (rows × R²), R the root mean square of
/// a row's length; linfa's line search takes none below 1.5e-8. Below this rows × R² there is room.
const MAX_REACH: f64 = 1e7;
/// That step lowers the loss by at least 2 |G|² / (rows × R²), and the loss rounds by about 1.5e-16 × rows: a |G| of
/// this times rows × R is a dozen times that.
const LEAST_TOLERANCE: f64 = 3e-8;

/// linfa's solution, in the layout of the objective's parameters.
pub(crate) fn solve(
    objective: &Objective<'_>,
    c: f64,
    tol: f64,
    max_iter: usize,
) -> Result<Vec<f64>> {
    let rows = &objective.rows;
    let (n_samples, n_features) = (rows.n_samples(), rows.n_features());
    if objective.n_classes > 2 {
        return Err(Error::TooManyClasses {
            solver: Solver::Linfa,
            got: objective.n_classes,
        });
    }
    let alpha = c.recip();
    if alpha > MAX_ALPHA {
        return Err(Error::TooLarge {
            name: "1 / c",
            solver: Solver::Linfa,
            limit: MAX_ALPHA,
            got: alpha,
        });
    }
    let x = ArrayView2::from_shape((n_samples, n_features), rows.values())
        .expect("as many values as rows times features");
    // x·w = (unit x)·(w / unit); a power of two loses no digit.
    let length = mean_length(objective);
    let unit = (length * (n_samples as f64 / MAX_REACH).sqrt()).max(1.0);
    if !(length + unit).is_finite() {
        return Err(Error::FitOverflow {
            solver: Solver::Linfa,
        });
    }
    let unit = unit.log2().ceil().exp2().recip();
    let x = if unit < 1.0 {
        CowArray::from(&x * unit)
    } else {
        CowArray::from(x)
    };
    let least_tolerance = LEAST_TOLERANCE * (length * unit).hypot(1.0);
    let is_larger = objective
        .codes
        .iter()
        .map(|&code| code == 1)
        .collect::<Array1<_>>();
    let fitted = LogisticRegression::default()
        .alpha(alpha * unit * unit)
        .with_intercept(objective.has_intercept)
        .max_iterations(max_iter as u64)
        .gradient_tolerance((tol * unit).max(least_tolerance) * n_samples as f64)
        .fit(&DatasetBase::new(x, is_larger))
        .map_err(|error| Error::Linfa {
            // linfa's own error type may not cross threads; its text may.
            source: error.to_string().into(),
        })?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let mut parameters = fitted
        .params()
        .iter()
        .map(|value| sign * unit * value)
        .collect::<Vec<_>>();
    if objective.has_intercept {
        parameters.push(sign * fitted.intercept());
    }
    Ok(parameters)
}

/// The root mean square of the lengths of the rows.
fn mean_length(objective: &Objective<'_>) -> f64 {
    let rows = &objective.rows;
    let largest = max_abs(rows.values());
    if largest == 0.0 {
        return 0.0;
    }
    // Relative to the largest, whose square may overflow.
    let square = |value: &f64| (value / largest) * (value / largest);
    let squares = rows.values().iter().map(square).sum::<f64>();
    largest * (squares / rows.n_samples() as f64).sqrt()
}
