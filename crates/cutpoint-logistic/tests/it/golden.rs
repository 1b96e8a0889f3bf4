//! `lbfgs` against scikit-learn's fits, `newton-cholesky` against optima in extended precision, the minimiser against
//! scipy's. Whole pipelines are tested in the workspace's `tests` package.

use std::convert::Infallible;

use cutpoint_core::{Label, Labels};
use cutpoint_logistic::lbfgs::minimize;
use cutpoint_logistic::{
    ClassWeight, FittedLogistic, Intercept, LogisticParams, Solver, StopReason, fit,
};
use cutpoint_testkit::{double, doubles, golden_cases, rows_of_doubles};
use ndarray::{Array2, Axis};
use serde_json::Value;

use crate::fixtures::{read, scale_by_powers_of_two};

/// The sums over rows are taken in another order than scikit-learn's. Of the golden cases none moves by more than
/// 9e-11 when scikit-learn itself sees the rows in reverse.
const SAME_ITERATION: f64 = 1e-9;
/// Newton's method in doubles against extended precision, relative to the largest coefficient: rounding times the
/// condition number, which reaches 1e6 after scaling (the raw cancer data).
const SAME_OPTIMUM: f64 = 1e-10;

struct Case {
    id: String,
    x: Array2<f64>,
    y: Labels,
    sample_weight: Option<Vec<f64>>,
    params: LogisticParams,
    golden: Value,
}

fn cases() -> Vec<Case> {
    golden_cases("logistic_fits.json")
        .into_iter()
        .map(|golden| {
            let (mut x, mut labels) = read(golden["data"].as_str().unwrap());
            if golden["scale"] == "power-of-two" {
                scale_by_powers_of_two(&mut x);
            }
            if let Some(rows) = golden["rows"].as_array() {
                let rows = rows
                    .iter()
                    .map(|row| usize::try_from(row.as_u64().unwrap()).unwrap());
                let rows = rows.collect::<Vec<_>>();
                x = x.select(Axis(0), &rows);
                labels = rows.iter().map(|row| labels[*row].clone()).collect();
            }
            let sample_weight =
                (!golden["sample_weight"].is_null()).then(|| doubles(&golden["sample_weight"]));
            Case {
                id: golden["id"].as_str().unwrap().to_owned(),
                x,
                y: Labels::from_texts(&labels),
                sample_weight,
                params: params(&golden["params"]),
                golden,
            }
        })
        .collect()
}

fn params(golden: &Value) -> LogisticParams {
    let mut params = LogisticParams::default();
    for (name, value) in golden.as_object().unwrap() {
        params = match name.as_str() {
            "C" => params.c(value.as_f64().unwrap_or(f64::INFINITY)),
            "tol" => params.tol(value.as_f64().unwrap()),
            "max_iter" => params.max_iter(usize::try_from(value.as_u64().unwrap()).unwrap()),
            "fit_intercept" => {
                assert_eq!(value, false);
                params.intercept(Intercept::None)
            }
            "class_weight" if value == "balanced" => params.class_weight(ClassWeight::Balanced),
            "class_weight" => {
                let weights = value.as_object().unwrap().iter();
                let weights = weights
                    .map(|(class, weight)| (Label::from(class.as_str()), weight.as_f64().unwrap()));
                params.class_weight(ClassWeight::Given(weights.collect()))
            }
            _ => panic!("unknown parameter {name}"),
        };
    }
    params
}

impl Case {
    fn fit(&self, solver: Solver) -> FittedLogistic {
        let params = self.params.clone().solver(solver);
        fit(
            &params,
            self.x.view(),
            &self.y,
            self.sample_weight.as_deref(),
        )
        .unwrap()
    }
}

/// The largest difference between a model and golden coefficients and intercepts.
fn distance(fitted: &FittedLogistic, golden: &Value) -> f64 {
    let coef = rows_of_doubles(&golden["coef"]).concat();
    let expected = coef.into_iter().chain(doubles(&golden["intercept"]));
    let coef = fitted.coef();
    let got = coef
        .iter()
        .chain(fitted.intercept())
        .copied()
        .collect::<Vec<_>>();
    let mut n_expected = 0;
    let distance = expected
        .enumerate()
        .fold(0.0, |largest: f64, (index, value)| {
            n_expected += 1;
            largest.max((got[index] - value).abs())
        });
    assert_eq!(got.len(), n_expected);
    distance
}

#[test]
fn lbfgs_stops_where_scikit_learn_stops() {
    for case in cases() {
        let (id, golden) = (&case.id, &case.golden);
        let fitted = case.fit(Solver::Lbfgs);
        let n_iter = usize::try_from(golden["n_iter"].as_u64().unwrap()).unwrap();
        assert_eq!(fitted.convergence().iterations(), Some(n_iter), "{id}");
        assert!(distance(&fitted, golden) < SAME_ITERATION, "{id}");
        let classes = fitted
            .classes()
            .iter()
            .map(ToString::to_string)
            .collect::<Vec<_>>();
        assert_eq!(Value::from(classes), golden["classes"], "{id}");
        let every_tenth = (0..case.x.nrows()).step_by(10).collect::<Vec<_>>();
        let proba = fitted
            .predict_proba(case.x.select(Axis(0), &every_tenth).view())
            .unwrap();
        let expected = rows_of_doubles(&golden["predict_proba"]).concat();
        assert_eq!(proba.len(), expected.len(), "{id}");
        for (got, expected) in proba.iter().zip(expected) {
            assert!(
                (got - expected).abs() < SAME_ITERATION,
                "{id}: {got} {expected}"
            );
        }
        let counts = fitted.predict(case.x.view()).unwrap().counts();
        assert_eq!(Value::from(counts), golden["y_pred_counts"], "{id}");
    }
}

#[test]
fn newton_finds_the_optimum() {
    for mut case in cases() {
        let max_iter = case.params.get_max_iter().max(100);
        case.params = case.params.max_iter(max_iter);
        let id = &case.id;
        let fitted = case.fit(Solver::NewtonCholesky);
        assert!(
            fitted.convergence().is_converged(),
            "{id}: {}",
            fitted.convergence()
        );
        let optimum = &case.golden["optimum"];
        let size = fitted
            .coef()
            .iter()
            .chain(fitted.intercept())
            .fold(1.0, |size: f64, value| size.max(value.abs()));
        let distance = distance(&fitted, optimum);
        assert!(
            distance < SAME_OPTIMUM * size,
            "{id}: {distance:e} of {size}"
        );
    }
}

fn rosenbrock(x: &[f64], gradient: &mut [f64]) -> f64 {
    gradient.fill(0.0);
    let mut f = 0.0;
    for i in 0..x.len() - 1 {
        let (a, b) = (x[i + 1] - x[i] * x[i], 1.0 - x[i]);
        f += 100.0 * a * a + b * b;
        gradient[i] += -400.0 * a * x[i] - 2.0 * b;
        gradient[i + 1] += 200.0 * a;
    }
    f
}

/// The sum of `term(i, x_i)`, i from 1, where a term is a value and its slope.
fn sum_of(x: &[f64], gradient: &mut [f64], term: impl Fn(f64, f64) -> (f64, f64)) -> f64 {
    let mut f = 0.0;
    let mut i = 0.0;
    for (x, gradient) in x.iter().zip(gradient) {
        i += 1.0;
        let (value, slope) = term(i, *x);
        f += value;
        *gradient = slope;
    }
    f
}

fn function(name: &str, x: &[f64], gradient: &mut [f64]) -> f64 {
    match name {
        "rosenbrock" => rosenbrock(x, gradient),
        "quartic" => sum_of(x, gradient, |i, x| {
            (i * x.powi(4) - x, 4.0 * i * x.powi(3) - 1.0)
        }),
        "absolute" => sum_of(x, gradient, |i, x| {
            let d = x - 1.0 / i;
            (i * d.abs(), i * d.signum())
        }),
        "wave" => sum_of(x, gradient, |_, x| {
            let d = x - 2.0;
            let q = 1.0 + d * d;
            (x * x / 2.0 - 10.0 / q, x + 20.0 * d / (q * q))
        }),
        "barrier" if x.iter().any(|x| *x <= 0.0) => {
            gradient.fill(f64::NAN);
            f64::NAN
        }
        "barrier" => sum_of(x, gradient, |i, x| (i * x - x.ln(), i - 1.0 / x)),
        _ => panic!("unknown function {name}"),
    }
}

#[test]
fn the_minimiser_makes_the_iterations_of_scipy() {
    // Runs of up to 80 iterations on curved valleys amplify the rounding of the first.
    const TOLERANCE: f64 = 1e-6;
    for case in golden_cases("lbfgs.json") {
        let name = case["function"].as_str().unwrap();
        let start = case["start"]
            .as_array()
            .unwrap()
            .iter()
            .map(|x| x.as_f64().unwrap());
        let max_iter = usize::try_from(case["max_iter"].as_u64().unwrap()).unwrap();
        let minimum = minimize(
            start.collect(),
            case["tol"].as_f64().unwrap(),
            max_iter,
            |x, gradient| Ok::<_, Infallible>(function(name, x, gradient)),
        )
        .unwrap();
        let reason = match case["message"].as_str().unwrap() {
            text if text.contains("PGTOL") => StopReason::Gradient,
            text if text.contains("EPSMCH") => StopReason::Loss,
            text if text.contains("ITERATIONS") => StopReason::MaxIter,
            text => panic!("unknown message {text}"),
        };
        assert_eq!(minimum.reason(), reason, "{case}");
        assert_eq!(case["n_iter"], minimum.iterations(), "{case}");
        // scipy does not count an evaluation at the point of the one before, to which kinks and NaN lead.
        let is_rough = ["absolute", "barrier"].contains(&name);
        assert!(
            is_rough || case["n_evaluations"] == minimum.evaluations(),
            "{case}"
        );
        assert!(
            (minimum.loss() - double(&case["f"])).abs()
                <= TOLERANCE * minimum.loss().abs().max(1.0)
        );
        for (got, expected) in minimum.parameters().iter().zip(doubles(&case["x"])) {
            assert!(
                (got - expected).abs() <= TOLERANCE * expected.abs().max(1.0),
                "{case}"
            );
        }
    }
}
