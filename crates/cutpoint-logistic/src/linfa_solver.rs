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
//! - Its line search does not end once a loss overflows: values that far out are refused.
//! - With three or more classes it normalises all rows by the largest score of any row, and cuts off what is below
//!   1e-15 of that; its loss and its gradient then disagree, and its line search may never end: they are refused.

use linfa::DatasetBase;
use linfa::prelude::Fit;
use linfa_logistic::LogisticRegression;
use ndarray::{Array1, ArrayView2};

use crate::objective::Objective;
use crate::rows::max_abs;
use crate::{Error, Result, Solver};

/// Features and `1 / c` up to this size cannot make a loss overflow on the way.
const LIMIT: f64 = 1e30;

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
    for (name, got) in [("x", max_abs(rows.values())), ("1 / c", alpha)] {
        if got > LIMIT {
            return Err(Error::TooLarge {
                name,
                solver: Solver::Linfa,
                limit: LIMIT,
                got,
            });
        }
    }
    let x = ArrayView2::from_shape((n_samples, n_features), rows.values())
        .expect("as many values as rows times features");
    let is_larger = objective
        .codes
        .iter()
        .map(|&code| code == 1)
        .collect::<Array1<_>>();
    let fitted = LogisticRegression::default()
        .alpha(alpha)
        .with_intercept(objective.has_intercept)
        .max_iterations(max_iter as u64)
        // linfa wants a tolerance above 0.
        .gradient_tolerance((tol * n_samples as f64).max(f64::MIN_POSITIVE))
        .fit(&DatasetBase::new(x, is_larger))
        .map_err(|error| Error::Linfa {
            // linfa's own error type may not cross threads; its text may.
            source: error.to_string().into(),
        })?;
    let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
    let mut parameters = fitted
        .params()
        .iter()
        .map(|value| sign * value)
        .collect::<Vec<_>>();
    if objective.has_intercept {
        parameters.push(sign * fitted.intercept());
    }
    Ok(parameters)
}
