//! The solver `linfa`: the crate linfa-logistic behind this crate's own types. No type of linfa leaves this file.
//!
//! What linfa-logistic 0.8.1 does otherwise than this crate, and what is done about it here:
//! - With two classes its positive class is the more frequent one (the first seen on a tie), so its signs depend on
//!   the data: they are turned so that the larger class is positive.
//! - It minimises the sum of the losses plus `alpha/2 ‖w‖²`, which is this crate's objective times the number of rows
//!   with `alpha = 1 / c`; and it stops on the norm of the gradient of that sum: the tolerance is scaled by the rows.
//! - It does not say whether it converged, nor after how many iterations: the gradient of this crate's objective at
//!   its solution is held against `tol`.

use linfa::DatasetBase;
use linfa::prelude::Fit;
use linfa_logistic::{LogisticRegression, MultiLogisticRegression};
use ndarray::{Array1, ArrayView2};

use crate::objective::Objective;
use crate::{Error, Result};

/// What linfa is asked for.
pub(crate) struct Request {
    pub(crate) c: f64,
    pub(crate) tol: f64,
    pub(crate) max_iter: usize,
}

/// linfa's solution, in the layout of the objective's parameters.
pub(crate) fn solve(objective: &Objective<'_>, request: &Request) -> Result<Vec<f64>> {
    let rows = &objective.rows;
    let (n_samples, n_features) = (rows.n_samples(), rows.n_features());
    let x = ArrayView2::from_shape((n_samples, n_features), rows.values())
        .expect("as many values as rows times features");
    let alpha = request.c.recip();
    // linfa wants a tolerance above 0.
    let tolerance = (request.tol * n_samples as f64).max(f64::MIN_POSITIVE);
    let max_iter = request.max_iter as u64;
    let failed = |source: linfa_logistic::error::Error| Error::Linfa {
        source: source.to_string().into(),
    };
    if objective.n_classes == 2 {
        let is_larger = objective
            .codes
            .iter()
            .map(|&code| code == 1)
            .collect::<Array1<_>>();
        let fitted = LogisticRegression::default()
            .alpha(alpha)
            .with_intercept(objective.has_intercept)
            .max_iterations(max_iter)
            .gradient_tolerance(tolerance)
            .fit(&DatasetBase::new(x, is_larger))
            .map_err(failed)?;
        let sign = if fitted.labels().pos.class { 1.0 } else { -1.0 };
        let mut parameters = fitted
            .params()
            .iter()
            .map(|value| sign * value)
            .collect::<Vec<_>>();
        if objective.has_intercept {
            parameters.push(sign * fitted.intercept());
        }
        return Ok(parameters);
    }
    let codes = objective.codes.iter().copied().collect::<Array1<_>>();
    let fitted = MultiLogisticRegression::default()
        .alpha(alpha)
        .with_intercept(objective.has_intercept)
        .max_iterations(max_iter)
        .gradient_tolerance(tolerance)
        .fit(&DatasetBase::new(x, codes))
        .map_err(failed)?;
    let mut parameters = Vec::with_capacity(objective.n_parameters());
    for (coef, intercept) in fitted
        .params()
        .columns()
        .into_iter()
        .zip(fitted.intercept())
    {
        parameters.extend(coef);
        if objective.has_intercept {
            parameters.push(*intercept);
        }
    }
    Ok(parameters)
}
