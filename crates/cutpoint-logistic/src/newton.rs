//! The solver `newton-cholesky`: Newton's method to the optimum itself, step-halved and damped where needed.
//! It sums nothing over rows; that is the objective's work.

use std::ops::RangeInclusive;

use crate::cholesky::Scaled;
use crate::lbfgs::{Evaluation, Minimum};
use crate::objective::Objective;
use crate::rows::{add_scaled, dot};
use crate::{Error, Result, Solver, StopReason};

/// The relative gradient (see [`relative_norm`]) that counts as the optimum: far below what moves a probability, far
/// above the rounding of a sum over rows.
const OPTIMUM: f64 = 1e-12;
/// Mean absolute values of a feature whose squares, and sums of squares, are normal doubles.
const FEATURE_SCALE: RangeInclusive<f64> = 1e-140..=1e140;
/// Sufficient decrease, as a share of what the slope promises.
const DECREASE: f64 = 1e-4;
/// A change of the loss below this, relative to max(loss, 1), is rounding.
const LOSS_TOLERANCE: f64 = 64.0 * f64::EPSILON;
/// Halvings of one step: 2^-30 of a Newton step that does not lower the loss is no direction of descent.
const MAX_HALVINGS: usize = 30;
/// The first damping tried when the Hessian is not safely positive definite, and the factor to the next.
const FIRST_DAMPING: f64 = 1e-10;
const DAMPING_FACTOR: f64 = 100.0;
/// Beyond this damping a step is one along the scaled gradient.
const MAX_DAMPING: f64 = 1e4;

/// Runs from 0 to the optimum.
///
/// # References
/// S. Boyd and L. Vandenberghe, 2004, Convex Optimization, algorithm 9.5 (damped Newton method).
///
/// # Errors
/// [`Error::FeatureScale`] for features whose squares overflow or vanish.
pub(crate) fn minimize(objective: &Objective<'_>, tol: f64, max_iter: usize) -> Result<Minimum> {
    let scale = objective.gradient_scale();
    let out_of_range = |mean: &f64| *mean > 0.0 && !FEATURE_SCALE.contains(mean);
    if let Some(column) = scale.iter().position(out_of_range) {
        return Err(Error::FeatureScale {
            solver: Solver::NewtonCholesky,
            column: column % objective.stride(),
            low: *FEATURE_SCALE.start(),
            high: *FEATURE_SCALE.end(),
            got: scale[column],
        });
    }
    let tol = tol.min(OPTIMUM);
    let start = vec![0.0; objective.n_parameters()];
    let mut evaluations = 0;
    let mut evaluate = |parameters: Vec<f64>| {
        evaluations += 1;
        let mut gradient = vec![0.0; parameters.len()];
        let loss = objective.loss_and_gradient(&parameters, &mut gradient);
        Evaluation {
            parameters,
            loss,
            gradient,
        }
    };
    let mut at = evaluate(start);
    let mut iterations = 0;
    let reason = loop {
        if relative_norm(&at.gradient, &scale) <= tol {
            break StopReason::Gradient;
        }
        if iterations >= max_iter {
            break StopReason::MaxIter;
        }
        let hessian = Scaled::new(objective.hessian(&at.parameters), scale.len());
        match step(&hessian, &at, &scale, &mut evaluate) {
            Ok(next) => at = next,
            Err(reason) => break reason,
        }
        iterations += 1;
    };
    Ok(Minimum::new(at, iterations, evaluations, reason))
}

/// One step to a lower loss, or the reason why there is none.
fn step(
    hessian: &Scaled,
    at: &Evaluation,
    scale: &[f64],
    evaluate: &mut impl FnMut(Vec<f64>) -> Evaluation,
) -> std::result::Result<Evaluation, StopReason> {
    let size = at.loss.max(1.0);
    let norm = relative_norm(&at.gradient, scale);
    let mut reason = StopReason::LineSearch;
    let mut damping = 0.0;
    while damping <= MAX_DAMPING {
        if let Some(direction) = hessian.solve(&at.gradient, damping) {
            let promised = dot(&at.gradient, &direction);
            let is_rounding = promised.abs() <= LOSS_TOLERANCE * size;
            let mut length = 1.0;
            for _ in 0..=MAX_HALVINGS {
                let mut parameters = at.parameters.clone();
                add_scaled(&mut parameters, -length, &direction);
                let next = evaluate(parameters);
                let is_lower = !is_rounding
                    && promised > 0.0
                    && next.loss <= at.loss - DECREASE * length * promised;
                // Near the optimum the loss changes by less than it rounds, but the gradient still tells. It must
                // halve, or rounding alone could keep the search going.
                let is_flatter = (next.loss - at.loss).abs() <= LOSS_TOLERANCE * size
                    && relative_norm(&next.gradient, scale) <= 0.5 * norm;
                if is_lower || is_flatter {
                    return Ok(next);
                }
                if is_rounding {
                    reason = StopReason::Loss;
                    break;
                }
                length /= 2.0;
            }
        }
        damping = (damping * DAMPING_FACTOR).max(FIRST_DAMPING);
    }
    Err(reason)
}

/// The largest component of the gradient relative to its scale: in [0, 1] for the data part, whatever the units of
/// the features. 0 of 0 is 0; NaN counts as infinite.
fn relative_norm(gradient: &[f64], scale: &[f64]) -> f64 {
    gradient
        .iter()
        .zip(scale)
        .fold(0.0, |largest: f64, (value, scale)| {
            let ratio = if *value == 0.0 {
                0.0
            } else {
                value.abs() / scale
            };
            if ratio.is_nan() {
                f64::INFINITY
            } else {
                largest.max(ratio)
            }
        })
}
