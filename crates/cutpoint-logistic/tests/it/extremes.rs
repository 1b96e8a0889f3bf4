//! Data at the edge: separable, constant, huge, tiny, wrong. Nothing may panic, and no NaN may come out.

use cutpoint_core::Labels;
use cutpoint_logistic::{
    Error, FittedLogistic, Intercept, LogisticParams, Penalty, Result, Solver, StopReason, fit,
};
use cutpoint_testkit::golden_cases;
use ndarray::{Array2, Axis, array};
use proptest::prelude::*;

const OWN_SOLVERS: [Solver; 2] = [Solver::Lbfgs, Solver::NewtonCholesky];
const ALL_SOLVERS: [Solver; 3] = [Solver::Lbfgs, Solver::NewtonCholesky, Solver::Linfa];

fn with(solver: Solver) -> LogisticParams {
    LogisticParams::default().solver(solver)
}

fn fit_integers(params: &LogisticParams, x: &Array2<f64>, y: &[i64]) -> Result<FittedLogistic> {
    fit(params, x.view(), &Labels::from_integers(y), None)
}

#[track_caller]
fn check_refused(params: &LogisticParams, x: &Array2<f64>, y: &[i64], expected: &str) {
    let error = fit_integers(params, x, y).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

#[test]
fn separable_classes_without_penalty_have_no_optimum() {
    let two = array![[1.0], [2.0], [3.0], [5.0], [6.0]];
    let three = array![[0.0, 0.0], [0.1, 0.0], [1.0, 0.0], [1.1, 0.1], [0.0, 1.0]];
    for solver in ALL_SOLVERS {
        let params = with(solver).penalty(Penalty::None);
        let fitted = fit_integers(&params, &two, &[0, 0, 0, 1, 1]).unwrap();
        let convergence = fitted.convergence();
        assert_eq!(convergence.reason(), StopReason::Separable, "{solver}");
        assert!(!convergence.is_converged());
        let predicted = fitted.predict(two.view()).unwrap();
        assert_eq!(predicted.codes(), [0, 0, 0, 1, 1], "{solver}");
    }
    for solver in OWN_SOLVERS {
        let params = with(solver).c(f64::INFINITY);
        let fitted = fit_integers(&params, &three, &[4, 4, 7, 7, 9]).unwrap();
        assert_eq!(fitted.convergence().reason(), StopReason::Separable);
        // With a penalty there is one.
        let fitted = fit_integers(&with(solver).c(1e6), &three, &[4, 4, 7, 7, 9]).unwrap();
        assert!(
            fitted.convergence().is_converged(),
            "{}",
            fitted.convergence()
        );
    }
}

#[test]
fn constant_columns_take_no_part() {
    let plain = array![[0.3], [1.5], [-0.4], [0.9], [2.0], [-1.0]];
    let padded = array![
        [0.0, 0.3, 0.0],
        [0.0, 1.5, 0.0],
        [0.0, -0.4, 0.0],
        [0.0, 0.9, 0.0],
        [0.0, 2.0, 0.0],
        [0.0, -1.0, 0.0]
    ];
    let y = [0, 1, 1, 0, 1, 0];
    for c in [1.0, f64::INFINITY] {
        for solver in OWN_SOLVERS {
            let params = with(solver).c(c);
            let one = fit_integers(&params, &plain, &y).unwrap();
            let three = fit_integers(&params, &padded, &y).unwrap();
            assert!(
                three.convergence().is_converged(),
                "{}",
                three.convergence()
            );
            // A column of zeros adds nothing to any sum.
            assert!((one.coef()[[0, 0]] - three.coef()[[0, 1]]).abs() < 1e-12);
            assert_eq!((three.coef()[[0, 0]], three.coef()[[0, 2]]), (0.0, 0.0));
        }
    }
    // Without penalty a constant column and the intercept are the same direction: the plane is still found.
    let constant = array![
        [7.0, 0.3],
        [7.0, 1.5],
        [7.0, -0.4],
        [7.0, 0.9],
        [7.0, 2.0],
        [7.0, -1.0]
    ];
    let params = with(Solver::NewtonCholesky).c(f64::INFINITY);
    let one = fit_integers(&params, &plain, &y).unwrap();
    let two = fit_integers(&params, &constant, &y).unwrap();
    assert!(two.convergence().is_converged(), "{}", two.convergence());
    assert!((one.coef()[[0, 0]] - two.coef()[[0, 1]]).abs() < 1e-8);
    let (a, b) = (
        one.intercept()[0],
        two.intercept()[0] + 7.0 * two.coef()[[0, 0]],
    );
    assert!((a - b).abs() < 1e-8);
}

#[test]
fn units_of_the_features_do_not_matter_to_newton() {
    let x = array![
        [0.3, 1.0],
        [1.5, -0.5],
        [-0.4, 0.7],
        [0.9, 0.1],
        [2.0, 0.2],
        [-1.0, -0.6]
    ];
    let y = [0, 1, 1, 0, 1, 0];
    let params = with(Solver::NewtonCholesky).c(f64::INFINITY);
    let plain = fit_integers(&params, &x, &y).unwrap();
    assert!(plain.convergence().is_converged());
    for (first, second) in [(1e8, 1.0), (1e8, 1e-8), (1e-100, 1e100)] {
        let scaled = &x * &array![first, second];
        let fitted = fit_integers(&params, &scaled, &y).unwrap();
        assert!(
            fitted.convergence().is_converged(),
            "{}",
            fitted.convergence()
        );
        for (column, unit) in [first, second].into_iter().enumerate() {
            let expected = plain.coef()[[0, column]];
            // The scaled sums round otherwise.
            assert!((fitted.coef()[[0, column]] * unit - expected).abs() < 1e-9 * expected.abs());
        }
    }
}

#[test]
fn few_rows_are_enough() {
    // Two rows at ±1: w minimises ln(1 + e^-w) + w²/4 (c = 1, the mean of two equal losses, λ = 1/2); by symmetry
    // there is no intercept. The optimum solves w/2 = 1/(1 + e^w).
    let x = array![[-1.0], [1.0]];
    for solver in ALL_SOLVERS {
        let fitted = fit_integers(&with(solver).tol(1e-10), &x, &[0, 1]).unwrap();
        let w = fitted.coef()[[0, 0]];
        assert!(
            (w / 2.0 - 1.0 / (1.0 + w.exp())).abs() < 1e-9,
            "{solver}: {w}"
        );
        assert!(fitted.intercept()[0].abs() < 1e-9, "{solver}");
    }
    // More columns than rows.
    let wide = Array2::from_shape_fn((3, 40), |(row, column)| ((row * 40 + column) as f64).sin());
    for solver in OWN_SOLVERS {
        let fitted = fit_integers(&with(solver), &wide, &[1, 2, 3]).unwrap();
        assert!(
            fitted.convergence().is_converged(),
            "{}",
            fitted.convergence()
        );
        assert_eq!(fitted.coef().dim(), (3, 40));
    }
}

#[test]
fn a_start_that_is_the_end_takes_no_iteration() {
    // The rows of each class mirror each other: at 0 the gradient is exactly 0.
    let x = array![[1.0], [-1.0], [1.0], [-1.0]];
    for solver in OWN_SOLVERS {
        let fitted = fit_integers(&with(solver), &x, &[0, 0, 1, 1]).unwrap();
        assert_eq!(fitted.convergence().iterations(), Some(0));
        assert_eq!(fitted.convergence().reason(), StopReason::Gradient);
        assert!(fitted.coef()[[0, 0]].abs() < f64::MIN_POSITIVE);
        assert!(fitted.convergence().gradient_norm() < f64::MIN_POSITIVE);
        // ln 2, the loss of knowing nothing.
        assert!((fitted.convergence().loss() - 2.0_f64.ln()).abs() < 1e-15);
    }
    let x = array![[1.0], [-1.0], [2.0], [3.0]];
    let fitted = fit_integers(&with(Solver::Lbfgs).tol(1e6), &x, &[0, 0, 1, 1]).unwrap();
    assert_eq!(fitted.convergence().iterations(), Some(0));
    assert_eq!(
        fitted.positive_score(x.view(), &1.into()).unwrap(),
        [0.5; 4]
    );
}

#[test]
fn too_few_iterations_are_reported() {
    let x = array![[1.0, 0.5], [-1.0, 0.1], [2.0, -0.3], [3.0, 0.2], [0.5, 0.4]];
    for solver in ALL_SOLVERS {
        let params = with(solver).max_iter(1).tol(1e-12);
        let fitted = fit_integers(&params, &x, &[0, 0, 1, 1, 0]).unwrap();
        let convergence = fitted.convergence();
        assert!(!convergence.is_converged(), "{convergence}");
        assert!(convergence.gradient_norm() > 1e-12);
        let expected = match solver {
            Solver::Linfa => (StopReason::Unreported, None),
            _ => (StopReason::MaxIter, Some(1)),
        };
        assert_eq!((convergence.reason(), convergence.iterations()), expected);
    }
}

#[test]
fn numbers_too_large_or_too_small_are_named() {
    let y = [0, 1, 1, 0];
    let x = array![[1e300], [2e300], [-1e300], [0.0]];
    check_refused(
        &with(Solver::NewtonCholesky),
        &x,
        &y,
        "`x` must have features of mean magnitude 0 or in [1e-140, 1e140] for the solver newton-cholesky, got 1e300 in \
         column 0 (counted from 0)",
    );
    for solver in [Solver::Lbfgs, Solver::Linfa] {
        let fitted = fit_integers(&with(solver), &x, &y).unwrap();
        assert!(fitted.coef()[[0, 0]].is_finite());
    }
    check_refused(
        &with(Solver::Linfa),
        &array![[f64::MAX, 0.0], [f64::MAX, f64::MAX]],
        &[0, 1],
        "`x` must be scaled down for the solver linfa: its fit overflowed",
    );
    let x = array![[1.0], [2.0], [-1.0], [0.0]];
    check_refused(
        &with(Solver::Lbfgs).c(1e-310),
        &x,
        &y,
        "`c` is too extreme: 1 / (c × sum of weights) overflows",
    );
    check_refused(
        &with(Solver::Linfa).c(1e-40),
        &x,
        &y,
        "`1 / c` must be within ±1e30 for the solver linfa, got 1e40",
    );
}

#[test]
fn a_row_of_no_weight_is_no_row_even_if_its_score_overflows() {
    let x = array![
        [0.3, 1.0],
        [1.5, -0.5],
        [f64::MAX, f64::MAX],
        [-0.4, 0.7],
        [0.9, 0.1]
    ];
    let y = Labels::from_integers(&[0, 1, 0, 1, 0]);
    let kept = [0, 1, 3, 4];
    for solver in OWN_SOLVERS {
        let params = with(solver).c(1e3).tol(1e-9);
        let weight = [1.0, 1.0, 0.0, 1.0, 1.0];
        let with_it = fit(&params, x.view(), &y, Some(&weight)).unwrap();
        let x = x.select(Axis(0), &kept);
        let without = fit(&params, x.view(), &y.select(&kept).unwrap(), None).unwrap();
        assert!(with_it.convergence().is_converged());
        for (a, b) in with_it.coef().iter().zip(without.coef()) {
            // The same sums, one term less.
            assert!((a - b).abs() <= 1e-9 * b.abs(), "{solver}: {a} {b}");
        }
    }
}

#[test]
fn bad_data_are_named() {
    let params = LogisticParams::default();
    let x = array![[1.0, 2.0], [3.0, 4.0], [5.0, f64::NAN]];
    check_refused(
        &params,
        &x,
        &[0, 1, 0],
        "`x` must be finite, got NaN in row 2, column 1 (both counted from 0)",
    );
    let x = array![[1.0], [2.0], [3.0]];
    check_refused(&params, &x, &[0, 1], "`y` must have 3 rows, got 2");
    check_refused(
        &params,
        &x,
        &[7, 7, 7],
        "`y` must have at least 2 classes, got only `7` in 3 rows",
    );
    check_refused(
        &params,
        &Array2::zeros((0, 2)),
        &[],
        "`x` must have at least 1 row, got 0",
    );
    check_refused(
        &params,
        &Array2::zeros((2, 0)),
        &[0, 1],
        "`x` must have at least 1 feature, got 0",
    );
    check_refused(
        &with(Solver::NewtonCholesky),
        &Array2::eye(5000),
        &(0..5000).map(|row| row % 2).collect::<Vec<_>>(),
        "`x` must give at most 5000 parameters for the solver newton-cholesky, got 5001; lbfgs has no limit",
    );
}

#[test]
fn classes_without_rows_are_no_classes() {
    let y = Labels::from_texts(&["a", "b", "c", "a"]);
    let y = y.select(&[0, 2, 3, 2]).unwrap();
    let x = array![[0.0], [1.0], [0.2], [0.1]];
    let fitted = fit(&LogisticParams::default(), x.view(), &y, None).unwrap();
    assert_eq!(fitted.classes(), ["a".into(), "c".into()]);
    assert_eq!(fitted.n_outputs(), 1);
    assert!(fitted.coef()[[0, 0]] > 0.0);
}

#[test]
fn scikit_learn_refuses_the_same() {
    let x = array![[0.0], [1.0], [2.0], [3.0]];
    let cases = golden_cases("errors.json");
    let cases = cases
        .iter()
        .filter(|case| case["fn"] == "LogisticRegression")
        .collect::<Vec<_>>();
    assert_eq!(cases.len(), 2);
    for case in cases {
        let y = cutpoint_testkit::integers(&case["params"]["y"]);
        let c = case["params"]["C"].as_f64();
        let error = fit_integers(&LogisticParams::default().c(c.unwrap_or(1.0)), &x, &y);
        match (c, error.unwrap_err()) {
            (Some(c), Error::C { got }) => assert!((got - c).abs() < f64::EPSILON),
            (None, Error::OneClass { n_samples, .. }) => assert_eq!(n_samples, y.len()),
            (_, error) => panic!("{case}: {error}"),
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn wild_numbers_give_finite_models_or_errors(
        (values, codes, n_features) in (2..9_usize, 1..5_usize).prop_flat_map(|(n_samples, n_features)| {
            let wild = prop::sample::select(vec![
                0.0, -0.0, 1.0, -1.0, 0.5, 3.25, 1e-8, -1e8, 1e8, 1e-160, 1e150, -1e150, 1e300,
                f64::MAX, f64::MIN_POSITIVE, 5e-324,
            ]);
            (
                prop::collection::vec(wild, n_samples * n_features),
                prop::collection::vec(0..3_i64, n_samples),
                Just(n_features),
            )
        }),
        c in prop::sample::select(vec![f64::INFINITY, 1e300, 1.0, 1e-200]),
        tol in prop::sample::select(vec![0.0, 1e-4, 1e300]),
        max_iter in 1..40_usize,
        has_intercept in any::<bool>(),
        solver in prop::sample::select(ALL_SOLVERS.to_vec()),
    ) {
        let x = Array2::from_shape_vec((codes.len(), n_features), values).unwrap();
        let intercept = if has_intercept { Intercept::Fit } else { Intercept::None };
        let params = with(solver).c(c).tol(tol).max_iter(max_iter).intercept(intercept);
        match fit_integers(&params, &x, &codes) {
            Ok(fitted) => {
                prop_assert!(fitted.coef().iter().chain(fitted.intercept()).all(|value| value.is_finite()));
                match fitted.predict_proba(x.view()) {
                    Ok(proba) => prop_assert!(proba.iter().all(|p| (0.0..=1.0).contains(p))),
                    Err(error) => prop_assert!(matches!(error, Error::ScoreOverflow { .. }), "{}", error),
                }
            }
            Err(error) => prop_assert!(
                matches!(
                    error,
                    Error::OneClass { .. }
                        | Error::FeatureScale { .. }
                        | Error::FitOverflow { .. }
                        | Error::TooLarge { .. }
                        | Error::TooManyClasses { .. }
                        | Error::Overflow { .. }
                ),
                "{}", error
            ),
        }
    }
}
