//! The solver `linfa`: the traps of linfa-logistic 0.8.1, each one a test.

use cutpoint_core::{Label, Labels};
use cutpoint_logistic::{ClassWeight, FittedLogistic, LogisticParams, Solver, StopReason, fit};
use ndarray::{Array2, Axis};

use crate::fixtures::cancer;

/// linfa's gradient does not get below 3e-8 times the length of a row, here about 2; the least curvature is that of the
/// penalty, 1 / (c × 569) ≥ 1.7e-4 for c up to 10, so coefficients are off by 6e-8 / 1.7e-4 = 3.5e-4 at most.
const NEAR_OPTIMUM: f64 = 3.5e-4;

fn linfa(c: f64) -> LogisticParams {
    LogisticParams::default()
        .solver(Solver::Linfa)
        .c(c)
        .tol(1e-8)
        .max_iter(10_000)
}

#[track_caller]
fn check_at_optimum(c: f64, x: &Array2<f64>, y: &Labels) -> FittedLogistic {
    let fitted = fit(&linfa(c), x.view(), y, None).unwrap();
    let newton = LogisticParams::default()
        .solver(Solver::NewtonCholesky)
        .c(c);
    let optimum = fit(&newton, x.view(), y, None).unwrap();
    let got = fitted.coef();
    let pairs = got.iter().chain(fitted.intercept());
    let expected = optimum.coef();
    for (got, expected) in pairs.zip(expected.iter().chain(optimum.intercept())) {
        let size = expected.abs().max(1.0);
        assert!(
            (got - expected).abs() < NEAR_OPTIMUM * size,
            "c {c}: {got} {expected}"
        );
    }
    fitted
}

#[test]
fn alpha_is_one_over_c() {
    // linfa: Σ loss + alpha/2 ‖w‖². Here: (1/n) Σ loss + ‖w‖²/(2 c n). Times n they agree if alpha = 1/c.
    let (x, y) = cancer();
    for c in [0.01, 0.1, 1.0, 10.0] {
        check_at_optimum(c, &x, &y);
    }
}

#[test]
fn units_of_the_features_change_nothing() {
    // Features a million times as large with c a million millionth: the same problem in other units. Scaled down for
    // linfa, both are the same numbers.
    let (x, y) = cancer();
    let unit = 2.0_f64.powi(20);
    let plain = fit(&linfa(1.0), x.view(), &y, None).unwrap();
    let params = linfa(1.0 / (unit * unit)).tol(1e-8 * unit);
    let scaled = fit(&params, (&x * unit).view(), &y, None).unwrap();
    for (plain, scaled) in plain.coef().iter().zip(scaled.coef()) {
        let difference = (plain - scaled * unit).abs();
        assert!(
            difference < NEAR_OPTIMUM * plain.abs().max(1.0),
            "{plain} {scaled}"
        );
    }
}

#[test]
fn signs_do_not_depend_on_which_class_is_more_frequent() {
    let (x, y) = cancer();
    // All 212 malignant rows with all 357, with 100, and with 212 benign rows; in each order on the tie.
    let of = |class: &str| {
        let is = y.is(&Label::from(class));
        (0..y.len()).filter(move |row| is[*row]).collect::<Vec<_>>()
    };
    let (benign, malignant) = (of("benign"), of("malignant"));
    assert_eq!((benign.len(), malignant.len()), (357, 212));
    for rows in [
        [&benign[..], &malignant[..]].concat(),
        [&benign[..100], &malignant[..]].concat(),
        [&benign[..212], &malignant[..]].concat(),
        [&malignant[..], &benign[..212]].concat(),
    ] {
        let (x, y) = (x.select(Axis(0), &rows), y.select(&rows).unwrap());
        let fitted = check_at_optimum(1.0, &x, &y);
        // Malignant is the larger class, and malignant cells are larger.
        assert!(fitted.coef()[[0, 0]] > 0.0);
    }
}

#[test]
fn the_tolerance_does_not_tighten_with_the_rows() {
    // The sum of 40 × 569 losses: against the tolerance 1e-4 of a mean its gradient rounds to about 1e-9, but the
    // default iterations do not get it below 1e-4 as a sum.
    let (x, y) = cancer();
    let rows = (0..40 * y.len())
        .map(|row| row % y.len())
        .collect::<Vec<_>>();
    let (x, y) = (x.select(Axis(0), &rows), y.select(&rows).unwrap());
    let params = LogisticParams::default()
        .solver(Solver::Linfa)
        .c(1.0 / 40.0);
    let fitted = fit(&params, x.view(), &y, None).unwrap();
    let convergence = fitted.convergence();
    assert!(convergence.is_converged(), "{convergence}");
    // Converged, but not beyond what was asked for.
    assert!(
        convergence.gradient_norm() * 40.0 * 569.0 > 1e-4,
        "{convergence}"
    );
}

#[test]
fn convergence_is_reported() {
    let (x, y) = cancer();
    let params = LogisticParams::default().solver(Solver::Linfa);
    let fitted = fit(&params, x.view(), &y, None).unwrap();
    assert_eq!(fitted.convergence().reason(), StopReason::Gradient);
    assert_eq!(fitted.convergence().solver(), Solver::Linfa);
    assert_eq!(fitted.convergence().iterations(), None);
    assert!(fitted.convergence().gradient_norm() <= 1e-4);
    let stopped = fit(&params.max_iter(2), x.view(), &y, None).unwrap();
    assert_eq!(stopped.convergence().reason(), StopReason::Unreported);
    assert!(!stopped.convergence().is_converged());
    assert!(stopped.convergence().gradient_norm() > 1e-4);
}

#[test]
fn searches_that_linfa_would_not_end_do_end() {
    // linfa-logistic alone does not return from most of these: the gradient stops changing before it is small enough.
    for (scale, offset, c, tol) in [
        (1e-200, 0.0, f64::INFINITY, 0.0),
        (1.0, 1e29, 1e300, 1e6),
        (1.0, 9.6e7, 0.01, 1e-4),
        (1e20, 0.0, f64::INFINITY, 1e-4),
        (1e160, 0.0, 1.0, 1e-4),
        (1e4, 0.0, f64::INFINITY, 1e-12),
    ] {
        for n_samples in (101..300).step_by(14) {
            let x = Array2::from_shape_fn((n_samples, 3), |(row, column)| {
                offset + scale * ((3 * row + column) as f64).sin()
            });
            let labels = (0..n_samples).map(|row| i64::from(row % 9 < 4));
            let y = Labels::from_integers(&labels.collect::<Vec<_>>());
            let params = LogisticParams::default()
                .solver(Solver::Linfa)
                .c(c)
                .tol(tol);
            let fitted = fit(&params, x.view(), &y, None).unwrap();
            assert!(fitted.coef().iter().all(|value| value.is_finite()));
        }
    }
}

#[test]
fn what_it_lacks_is_refused_by_name() {
    let (x, y) = cancer();
    let weight = vec![1.0; y.len()];
    let params = LogisticParams::default().solver(Solver::Linfa);
    let error = fit(&params, x.view(), &y, Some(&weight)).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`sample_weight` must not be given for the solver linfa; lbfgs and newton-cholesky take weights"
    );
    let balanced = params.clone().class_weight(ClassWeight::Balanced);
    let error = fit(&balanced, x.view(), &y, None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`class_weight` must not be given for the solver linfa; lbfgs and newton-cholesky take weights"
    );
    let three = (0..y.len())
        .map(|row| i64::try_from(row % 3).unwrap())
        .collect::<Vec<_>>();
    let error = fit(&params, x.view(), &Labels::from_integers(&three), None).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`y` must have 2 classes for the solver linfa, got 3; lbfgs and newton-cholesky take more"
    );
}
