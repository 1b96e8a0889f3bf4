//! What must hold of every fit: invariances, bounds, the same bits for every number of threads.

use cutpoint_core::{Label, Labels};
use cutpoint_logistic::{ClassWeight, FittedLogistic, LogisticParams, Solver, fit};
use ndarray::{Array2, ArrayView2, Axis, concatenate};
use proptest::prelude::*;

/// Two fits to the optimum of the same objective: rounding times a condition number of at most a few thousand.
const SAME_OPTIMUM: f64 = 1e-9;
/// Two runs of the same iteration on sums taken in another order.
const SAME_ITERATION: f64 = 1e-9;

#[derive(Debug, Clone)]
struct Data {
    x: Array2<f64>,
    codes: Vec<i64>,
    weight: Vec<f64>,
    c: f64,
}

/// Up to 4 classes, each with rows, that overlap; whole-number weights from 0 to 3, above 0 in every class.
fn data() -> impl Strategy<Value = Data> {
    (2..5_usize, 1..4_usize, 8..30_usize).prop_flat_map(|(n_classes, n_features, n_samples)| {
        let last = i64::try_from(n_classes).unwrap();
        (
            prop::collection::vec(-2.0..2.0, n_samples * n_features),
            prop::collection::vec(0..last, n_samples),
            prop::collection::vec(0..4_u8, n_samples),
            prop::sample::select(vec![0.1, 1.0, 5.0]),
        )
            .prop_map(move |(values, mut codes, weight, c)| {
                let mut weight = weight.into_iter().map(f64::from).collect::<Vec<_>>();
                for class in 0..n_classes {
                    codes[class] = i64::try_from(class).unwrap();
                    weight[class] = 1.0;
                }
                Data {
                    x: Array2::from_shape_vec((n_samples, n_features), values).unwrap(),
                    codes,
                    weight,
                    c,
                }
            })
    })
}

fn newton(c: f64) -> LogisticParams {
    LogisticParams::default()
        .c(c)
        .solver(Solver::NewtonCholesky)
}

fn fitted(
    params: &LogisticParams,
    x: ArrayView2<'_, f64>,
    codes: &[i64],
    weight: Option<&[f64]>,
) -> FittedLogistic {
    fit(params, x, &Labels::from_integers(codes), weight).unwrap()
}

fn parameters(fitted: &FittedLogistic) -> Vec<f64> {
    fitted
        .coef()
        .iter()
        .chain(fitted.intercept())
        .copied()
        .collect()
}

#[track_caller]
fn check_same(a: &FittedLogistic, b: &FittedLogistic, tolerance: f64) {
    let (a, b) = (parameters(a), parameters(b));
    assert_eq!(a.len(), b.len());
    for (a, b) in a.iter().zip(&b) {
        assert!((a - b).abs() <= tolerance * a.abs().max(1.0), "{a} {b}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn the_order_of_rows_is_irrelevant(data in data()) {
        let back = (0..data.codes.len()).rev().collect::<Vec<_>>();
        let codes = back.iter().map(|row| data.codes[*row]).collect::<Vec<_>>();
        let params = newton(data.c);
        check_same(
            &fitted(&params, data.x.view(), &data.codes, None),
            &fitted(&params, data.x.select(Axis(0), &back).view(), &codes, None),
            SAME_OPTIMUM,
        );
    }

    #[test]
    fn a_whole_weight_is_that_many_rows(data in data()) {
        let copies = data.weight.iter().enumerate();
        let rows = copies
            .flat_map(|(row, weight)| (0..4_u8).filter(move |copy| f64::from(*copy) < *weight).map(move |_| row))
            .collect::<Vec<_>>();
        let codes = rows.iter().map(|row| data.codes[*row]).collect::<Vec<_>>();
        let params = newton(data.c);
        check_same(
            &fitted(&params, data.x.view(), &data.codes, Some(&data.weight)),
            &fitted(&params, data.x.select(Axis(0), &rows).view(), &codes, None),
            SAME_OPTIMUM,
        );
    }

    #[test]
    fn weights_and_c_trade_off(data in data()) {
        // c Σ s loss + ‖w‖²/2: a quarter of the weights with four times the c.
        let weight = data.weight.iter().map(|weight| weight / 4.0).collect::<Vec<_>>();
        for solver in [Solver::Lbfgs, Solver::NewtonCholesky] {
            let params = newton(data.c).solver(solver);
            check_same(
                &fitted(&params, data.x.view(), &data.codes, Some(&data.weight)),
                &fitted(&params.clone().c(4.0 * data.c), data.x.view(), &data.codes, Some(&weight)),
                SAME_ITERATION,
            );
        }
    }

    #[test]
    fn a_class_weight_is_a_weight_of_its_rows(data in data()) {
        let weight = data.codes.iter().zip(&data.weight);
        let weight = weight.map(|(code, weight)| if *code == 1 { 2.5 * weight } else { *weight }).collect::<Vec<_>>();
        let given = ClassWeight::Given(vec![(Label::Integer(1), 2.5)]);
        let params = newton(data.c);
        check_same(
            &fitted(&params.clone().class_weight(given), data.x.view(), &data.codes, Some(&data.weight)),
            &fitted(&params, data.x.view(), &data.codes, Some(&weight)),
            SAME_OPTIMUM,
        );
    }

    #[test]
    fn turning_the_labels_round_turns_the_outputs_round(data in data()) {
        let turned = data.codes.iter().map(|code| -code).collect::<Vec<_>>();
        for solver in [Solver::Lbfgs, Solver::NewtonCholesky] {
            let params = newton(data.c).solver(solver);
            let one = fitted(&params, data.x.view(), &data.codes, None);
            let other = fitted(&params, data.x.view(), &turned, None);
            let (mut coef, mut intercept) = (other.coef().to_owned(), other.intercept().to_vec());
            if one.n_outputs() == 1 {
                coef.mapv_inplace(|value| -value);
                intercept[0] = -intercept[0];
            } else {
                coef.invert_axis(Axis(0));
                intercept.reverse();
            }
            let back = FittedLogistic::from_parts(
                params,
                one.classes().to_vec(),
                one.feature_names().to_vec(),
                coef,
                intercept,
                other.convergence().clone(),
            );
            check_same(&one, &back.unwrap(), SAME_ITERATION);
        }
    }

    #[test]
    fn a_feature_that_is_another_twice_as_large_shares_its_coefficient(data in data()) {
        // w₁ x + w₂ 2x with w₁² + w₂² least: w₂ = 2 w₁.
        let doubled = concatenate![Axis(1), data.x, 2.0 * &data.x];
        let both = fitted(&newton(data.c), doubled.view(), &data.codes, None);
        let n_features = data.x.ncols();
        for output in both.coef().outer_iter() {
            for feature in 0..n_features {
                let (one, two) = (output[feature], output[n_features + feature]);
                prop_assert!((2.0 * one - two).abs() <= SAME_OPTIMUM * two.abs().max(1.0));
            }
        }
    }

    #[test]
    fn no_solver_beats_the_optimum_and_probabilities_are_shares(data in data()) {
        let best = fitted(&newton(data.c), data.x.view(), &data.codes, None);
        prop_assert!(best.convergence().is_converged(), "{}", best.convergence());
        let early = fitted(&LogisticParams::default().c(data.c), data.x.view(), &data.codes, None);
        prop_assert!(early.convergence().is_converged(), "{}", early.convergence());
        prop_assert!(early.convergence().gradient_norm() <= 1e-4);
        let slack = 4.0 * f64::EPSILON;
        prop_assert!(early.convergence().loss() >= best.convergence().loss() - slack);
        for row in best.predict_proba(data.x.view()).unwrap().outer_iter() {
            prop_assert!((row.sum() - 1.0).abs() <= slack);
            prop_assert!(row.iter().all(|p| (0.0..=1.0).contains(p)));
        }
        // Without weights the intercepts make the mean probability of each class its share of the rows.
        let mean = best.predict_proba(data.x.view()).unwrap().mean_axis(Axis(0)).unwrap();
        for (class, mean) in (0..).zip(mean) {
            let n_of_class = data.codes.iter().filter(|code| **code == class).count();
            let share = n_of_class as f64 / data.codes.len() as f64;
            prop_assert!((share - mean).abs() < SAME_OPTIMUM);
        }
    }
}

#[test]
fn the_number_of_threads_changes_no_bit() {
    // 30 000 rows are four shards. Multiples of the golden ratio, so that no two rows are alike.
    let x = Array2::from_shape_fn((30_000, 3), |(row, column)| {
        ((row * 3 + column) as f64 * 0.618_033_988_749_895).fract() * 4.0 - 2.0
    });
    let codes = x
        .outer_iter()
        .map(|row| i64::from(row[0] + 0.3 * row[1] > 0.1) + i64::from(row[2] > row[0]))
        .collect::<Vec<_>>();
    for solver in [Solver::Lbfgs, Solver::NewtonCholesky] {
        let bits = [1, 2, 5].map(|n_threads| {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads);
            pool.build().unwrap().install(|| {
                let fitted = fitted(&newton(1.0).solver(solver), x.view(), &codes, None);
                let proba = fitted.predict_proba(x.view()).unwrap();
                let all = parameters(&fitted);
                let all = all.iter().chain(&proba).map(|value| value.to_bits());
                all.collect::<Vec<_>>()
            })
        });
        assert_eq!(bits[0], bits[1]);
        assert_eq!(bits[0], bits[2]);
    }
}
