//! Fitting: checks the data, builds the objective, runs the solver, packs the result.
//! It minimises nothing itself.

use std::convert::Infallible;

use cutpoint_core::{Dataset, Labels};
use ndarray::{Array2, ArrayView2};

use crate::lbfgs::{self, Minimum};
use crate::objective::Objective;
use crate::rows::{Rows, max_abs};
use crate::weights::row_weights;
use crate::{
    Convergence, Error, FittedLogistic, Intercept, LogisticParams, Result, Solver, StopReason,
    linfa_solver, newton, separation,
};

/// The most parameters that `newton-cholesky` takes: its matrix of them is then 200 megabytes.
const MAX_NEWTON_PARAMETERS: usize = 5000;

/// Fits a logistic regression. The classes are those that have rows; features are named `x0`, `x1`, ….
///
/// # Formula
/// ```text
/// minimise over w, b:  (1/S) Σ s_i loss_i + ‖w‖² / (2 c S)
///
/// s_i = sample weight × class weight      S = Σ s_i
/// two classes:  loss = ln(1 + e^z) - y z,  z = x·w + b,  y = 1 for the larger class, otherwise 0
/// more classes: loss = ln(Σ_k e^(z_k)) - z_y, with coefficients and an intercept for every class
/// ```
/// The intercept is not penalised. The minimum is that of `c Σ s_i loss_i + ‖w‖²/2`.
///
/// # Shapes
/// `x`: `(n_samples, n_features)`; `y`, `sample_weight`: `(n_samples,)`.
///
/// # Errors
/// - Those of [`LogisticParams::check`].
/// - [`Error::NoSamples`], [`Error::NoFeatures`], [`Error::NotFinite`] for `x`; [`Error::OneClass`] for `y`.
/// - [`Error::Length`] if `y` or `sample_weight` has other rows than `x`.
/// - [`Error::SampleWeight`], [`Error::ClassWeightUnknown`], [`Error::ClassWithoutWeight`] for weights that are
///   negative, not finite, misnamed, or 0 for a whole class.
/// - [`Error::WeightsUnsupported`], [`Error::TooManyParameters`], [`Error::TooManyClasses`], [`Error::TooLarge`],
///   [`Error::FeatureScale`] for what the solver does not take.
/// - [`Error::Overflow`], [`Error::FitOverflow`] for numbers too large to compute with.
/// - [`Error::Linfa`] if linfa fails.
///
/// Not converging is no error: see [`FittedLogistic::convergence`].
///
/// # Examples
/// ```
/// use cutpoint_core::Labels;
/// use cutpoint_logistic::{LogisticParams, Solver, fit};
/// use ndarray::array;
///
/// // Of 4 rows with x = 0, 1 is positive; of 4 rows with x = 1, 3 are. Without penalty the fitted probabilities are
/// // those shares, so the intercept is ln(1/3) and the coefficient is ln 3 - ln(1/3) = 2 ln 3.
/// let x = array![[0.0], [0.0], [0.0], [0.0], [1.0], [1.0], [1.0], [1.0]];
/// let y = Labels::from_integers(&[0, 0, 0, 1, 0, 1, 1, 1]);
/// let params = LogisticParams::default().c(f64::INFINITY).solver(Solver::NewtonCholesky);
/// let fitted = fit(&params, x.view(), &y, None)?;
/// assert!((fitted.intercept()[0] + 3.0_f64.ln()).abs() < 1e-9);
/// assert!((fitted.coef()[[0, 0]] - 2.0 * 3.0_f64.ln()).abs() < 1e-9);
/// assert!(fitted.convergence().is_converged());
/// # Ok::<(), cutpoint_logistic::Error>(())
/// ```
///
/// # References
/// scikit-learn 1.9.1, `sklearn/linear_model/_logistic.py` and `_linear_loss.py`, for the objective and the solver
/// `lbfgs`.
pub fn fit(
    params: &LogisticParams,
    x: ArrayView2<'_, f64>,
    y: &Labels,
    sample_weight: Option<&[f64]>,
) -> Result<FittedLogistic> {
    let feature_names = (0..x.ncols())
        .map(|feature| format!("x{feature}"))
        .collect();
    fit_named(params, x, y, sample_weight, feature_names)
}

/// Fits a logistic regression to a data set, and keeps the names of its features; see [`fit`].
///
/// # Errors
/// Those of [`fit`].
pub fn fit_dataset(
    params: &LogisticParams,
    dataset: &Dataset,
    sample_weight: Option<&[f64]>,
) -> Result<FittedLogistic> {
    fit_named(
        params,
        dataset.x().view(),
        dataset.y(),
        sample_weight,
        dataset.feature_names().to_vec(),
    )
}

fn fit_named(
    params: &LogisticParams,
    x: ArrayView2<'_, f64>,
    y: &Labels,
    sample_weight: Option<&[f64]>,
    feature_names: Vec<String>,
) -> Result<FittedLogistic> {
    params.check()?;
    let solver = params.get_solver();
    if solver == Solver::Linfa && sample_weight.is_some() {
        return Err(Error::WeightsUnsupported {
            name: "sample_weight",
            solver,
        });
    }
    let (objective, y) = prepare(params, x, y, sample_weight)?;
    let (parameters, convergence) = run(params, &objective)?;
    let n_features = objective.rows.n_features();
    let (n_outputs, stride) = (objective.n_outputs(), objective.stride());
    let coef = Array2::from_shape_fn((n_outputs, n_features), |(output, feature)| {
        parameters[output * stride + feature]
    });
    let intercept = (0..n_outputs)
        .map(|output| match params.get_intercept() {
            Intercept::Fit => parameters[output * stride + n_features],
            Intercept::None => 0.0,
        })
        .collect();
    FittedLogistic::from_parts(
        params.clone(),
        y.classes().to_vec(),
        feature_names,
        coef,
        intercept,
        convergence,
    )
}

/// The objective of checked data, and the labels with only the classes that have rows.
fn prepare<'a>(
    params: &LogisticParams,
    x: ArrayView2<'a, f64>,
    y: &Labels,
    sample_weight: Option<&[f64]>,
) -> Result<(Objective<'a>, Labels)> {
    if y.len() != x.nrows() {
        return Err(Error::Length {
            name: "y",
            expected: x.nrows(),
            got: y.len(),
        });
    }
    let rows = Rows::new(x)?;
    let y = y.compact();
    let n_classes = y.classes().len();
    if n_classes < 2 {
        return Err(Error::OneClass {
            class: y.classes()[0].clone(),
            n_samples: y.len(),
        });
    }
    let (weight, weight_sum) = row_weights(params.get_class_weight(), &y, sample_weight)?;
    let lambda = (params.effective_c() * weight_sum).recip();
    if !lambda.is_finite() {
        return Err(Error::Overflow {
            name: "c",
            quantity: "1 / (c × sum of weights)",
        });
    }
    let objective = Objective {
        rows,
        codes: y.codes().to_vec(),
        n_classes,
        weight,
        weight_sum,
        lambda,
        has_intercept: params.get_intercept() == Intercept::Fit,
    };
    Ok((objective, y))
}

fn run(params: &LogisticParams, objective: &Objective<'_>) -> Result<(Vec<f64>, Convergence)> {
    let solver = params.get_solver();
    let n_parameters = objective.n_parameters();
    let (tol, max_iter) = (params.get_tol(), params.get_max_iter());
    let of_minimum = |minimum: &Minimum| {
        (
            minimum.parameters().to_vec(),
            minimum.reason(),
            Some((minimum.iterations(), minimum.evaluations())),
            minimum.loss(),
            minimum.gradient_norm(),
        )
    };
    let (parameters, reason, counts, loss, gradient_norm) = match solver {
        Solver::Lbfgs => {
            let start = vec![0.0; n_parameters];
            let minimum = lbfgs::minimize(start, tol, max_iter, |at, gradient| {
                Ok::<_, Infallible>(objective.loss_and_gradient(at, gradient))
            });
            let Ok(minimum) = minimum;
            of_minimum(&minimum)
        }
        Solver::NewtonCholesky => {
            if n_parameters > MAX_NEWTON_PARAMETERS {
                return Err(Error::TooManyParameters {
                    solver,
                    limit: MAX_NEWTON_PARAMETERS,
                    got: n_parameters,
                });
            }
            of_minimum(&newton::minimize(objective, tol, max_iter)?)
        }
        Solver::Linfa => {
            let parameters = linfa_solver::solve(objective, params.effective_c(), tol, max_iter)?;
            let mut gradient = vec![0.0; n_parameters];
            let loss = objective.loss_and_gradient(&parameters, &mut gradient);
            let gradient_norm = max_abs(&gradient);
            let reason = if gradient_norm <= tol {
                StopReason::Gradient
            } else {
                StopReason::Unreported
            };
            (parameters, reason, None, loss, gradient_norm)
        }
    };
    let is_finite = max_abs(&parameters).is_finite() && loss.is_finite();
    if !(is_finite && gradient_norm.is_finite()) {
        return Err(Error::FitOverflow { solver });
    }
    let is_separable = objective.lambda <= 0.0 && separation::is_separable(objective, &parameters);
    let reason = if is_separable {
        StopReason::Separable
    } else if reason == StopReason::Loss && !is_flat(objective, &parameters, tol) {
        StopReason::Stalled
    } else {
        reason
    };
    let convergence = Convergence::new(
        solver,
        reason,
        counts.map(|(iterations, _)| iterations),
        counts.map(|(_, evaluations)| evaluations),
        loss,
        gradient_norm,
    )?;
    Ok((parameters, convergence))
}

/// Whether the gradient is within the tolerance, or within its own rounding error.
fn is_flat(objective: &Objective<'_>, parameters: &[f64], tol: f64) -> bool {
    /// Relative to the largest component there can be, a gradient below this is rounding.
    const ROUNDING: f64 = 1e-10;
    let mut gradient = vec![0.0; parameters.len()];
    objective.loss_and_gradient(parameters, &mut gradient);
    let scale = objective.gradient_scale();
    let mut parts = gradient.iter().zip(&scale);
    parts.all(|(value, scale)| {
        value.abs() <= tol || value.abs() <= ROUNDING * scale.max(f64::MIN_POSITIVE)
    })
}
