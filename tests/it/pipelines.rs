//! `make_classification`, `train_test_split` and `LogisticRegression` in a row, as a library: the numbers of scikit-learn
//! 1.9.1, and the optimum that its solver stops short of. The command line is tested in its own package.

use cutpoint::core::{Dataset, Label};
use cutpoint::datasets::{ClassificationParams, make_classification};
use cutpoint::logistic::{
    ClassWeight, FittedLogistic, Intercept, LogisticParams, Solver, fit_dataset,
};
use cutpoint::split::{HoldOutParams, Stratify, train_test_split};
use cutpoint_testkit::{doubles, golden, golden_cases, indices, integers, rows_of_doubles};
use serde_json::Value;

/// Sums over rows are taken in another order than scikit-learn's, and a run of 26 iterations amplifies their rounding;
/// scikit-learn itself moves by 2e-15 over the kinds of processor that were tried.
const FIT: f64 = 1e-12;
/// Newton's method in doubles against the recorded optimum.
const OPTIMUM: f64 = 1e-11;

fn cases() -> Vec<Value> {
    let mut cases = golden_cases("pipelines.json");
    cases.extend(["tutorial.json", "sweep_tutorial.json"].map(golden));
    cases
}

fn count(value: &Value) -> usize {
    let count = value.as_u64().expect("a count");
    usize::try_from(count).expect("a count fits")
}

fn seed(value: &Value) -> u32 {
    u32::try_from(count(value)).expect("a seed of the NumPy stream")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn data_params(case: &Value) -> ClassificationParams {
    let given = case["mc"].as_object().expect("parameters by name");
    given.iter().fold(
        ClassificationParams::default(),
        |params, (name, value)| match name.as_str() {
            "random_state" => params.seed(seed(value)),
            "n_samples" => params.n_samples(count(value)),
            "n_features" => params.n_features(count(value)),
            "n_informative" => params.n_informative(count(value)),
            "n_redundant" => params.n_redundant(count(value)),
            "n_classes" => params.n_classes(count(value)),
            "n_clusters_per_class" => params.n_clusters_per_class(count(value)),
            "flip_y" => params.flip_y(number(value)),
            "weights" => {
                let weights = value.as_array().expect("weights are a list");
                params.weights(weights.iter().map(number).collect::<Vec<_>>())
            }
            _ => panic!("unknown parameter {name}"),
        },
    )
}

fn fit_params(case: &Value) -> LogisticParams {
    let given = case["lr"].as_object().expect("parameters by name");
    given
        .iter()
        .fold(LogisticParams::default(), |params, (name, value)| {
            match (name.as_str(), value) {
                ("C", value) => params.c(number(value)),
                ("tol", value) => params.tol(number(value)),
                ("max_iter", value) => params.max_iter(count(value)),
                ("fit_intercept", Value::Bool(false)) => params.intercept(Intercept::None),
                ("class_weight", value) if value == "balanced" => {
                    params.class_weight(ClassWeight::Balanced)
                }
                _ => panic!("unknown parameter {name}: {value}"),
            }
        })
}

/// The rows to train on and the rows to test on, checked against the golden indices.
fn split(case: &Value) -> (Dataset, Dataset) {
    let id = case["id"].as_str().expect("an id");
    let data = make_classification(&data_params(case))
        .expect("good parameters")
        .into_dataset();
    let mut params = HoldOutParams::default();
    for (name, value) in case["split"].as_object().expect("parameters by name") {
        params = match name.as_str() {
            "random_state" => params.seed(seed(value)),
            "test_size" => params.test_size(number(value)),
            "stratify" => params.stratify(Stratify::ByLabel(data.y())),
            _ => panic!("unknown parameter {name}"),
        };
    }
    let split = train_test_split(data.n_samples(), &params).expect("a good split");
    indices(&case["train_indices"], split.train(), id);
    indices(&case["test_indices"], split.test(), id);
    let select = |rows| data.select(rows).expect("rows of these data");
    (select(split.train()), select(split.test()))
}

/// Doubles in one text, or row by row.
fn all_doubles(value: &Value) -> Vec<f64> {
    if value.is_array() {
        rows_of_doubles(value).concat()
    } else {
        doubles(value)
    }
}

#[track_caller]
fn check_all<'a>(
    got: impl IntoIterator<Item = &'a f64>,
    expected: &Value,
    tolerance: f64,
    context: &str,
) {
    let got = got.into_iter().collect::<Vec<_>>();
    let expected = all_doubles(expected);
    assert_eq!(got.len(), expected.len(), "{context}");
    for (got, expected) in got.into_iter().zip(expected) {
        assert!(
            (got - expected).abs() <= tolerance * expected.abs().max(1.0),
            "{context}: {got} is not {expected}"
        );
    }
}

fn fit(params: &LogisticParams, train: &Dataset) -> FittedLogistic {
    fit_dataset(params, train, None).expect("a fit")
}

#[test]
fn lbfgs_gives_the_models_of_scikit_learn() {
    for case in cases() {
        let id = case["id"].as_str().expect("an id");
        let (train, test) = split(&case);
        let model = fit(&fit_params(&case), &train);
        assert_eq!(
            model.convergence().iterations(),
            Some(count(&case["n_iter"])),
            "{id}"
        );
        let classes = integers(&case["classes"]).into_iter().map(Label::from);
        assert!(classes.eq(model.classes().iter().cloned()), "{id}");
        check_all(model.coef(), &case["coef"], FIT, id);
        check_all(model.intercept(), &case["intercept"], FIT, id);

        let x = test.x().view();
        let scores = model.decision_function(x).expect("scores");
        check_all(&scores, &case["decision_function"], FIT, id);
        let proba = model.predict_proba(x).expect("probabilities");
        if model.n_classes() == 2 {
            check_all(proba.column(1), &case["predict_proba"], FIT, id);
        } else {
            check_all(&proba, &case["predict_proba"], FIT, id);
        }
        let predicted = model.predict(x).expect("predictions");
        let expected = integers(&case["y_pred"]).into_iter().map(Label::from);
        assert!(expected.eq(predicted.iter().cloned()), "{id}");
    }
}

#[test]
fn newton_goes_on_to_the_optimum() {
    let mut n_cases = 0;
    for case in cases().iter().filter(|case| !case["optimum"].is_null()) {
        let id = case["id"].as_str().expect("an id");
        let (train, _) = split(case);
        // One case stops lbfgs after 5 iterations: the optimum knows no such limit.
        let params = fit_params(case)
            .solver(Solver::NewtonCholesky)
            .max_iter(100);
        let model = fit(&params, &train);
        assert!(
            model.convergence().is_converged(),
            "{id}: {}",
            model.convergence()
        );
        check_all(model.coef(), &case["optimum"]["coef"], OPTIMUM, id);
        check_all(
            model.intercept(),
            &case["optimum"]["intercept"],
            OPTIMUM,
            id,
        );
        n_cases += 1;
    }
    assert!(n_cases >= 15, "only {n_cases} cases have an optimum");
}

#[test]
fn linfa_gives_the_labels_of_the_optimum() {
    let mut n_cases = 0;
    for case in cases() {
        let id = case["id"].as_str().expect("an id");
        let (train, test) = split(&case);
        let params = fit_params(&case).max_iter(1000).tol(1e-7);
        if *params.get_class_weight() != ClassWeight::None || train.y().classes().len() > 2 {
            continue;
        }
        let linfa = fit(&params.clone().solver(Solver::Linfa), &train);
        let newton = fit(&params.solver(Solver::NewtonCholesky), &train);
        let predict = |model: &FittedLogistic| model.predict(test.x().view()).expect("predictions");
        assert_eq!(predict(&linfa), predict(&newton), "{id}");
        n_cases += 1;
    }
    assert!(n_cases >= 14, "only {n_cases} cases are for linfa");
}
