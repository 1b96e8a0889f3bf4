//! Whole pipelines against scikit-learn 1.9.1: data, split, fit, probabilities, metrics of `pipelines.json`,
//! `tutorial.json` and `sweep_tutorial.json`.

use cutpoint::data::{Dataset, Label, Labels};
use cutpoint::datasets::{ClassificationParams, make_classification};
use cutpoint::logistic::{
    ClassWeight, FittedLogistic, Intercept, LogisticParams, Solver, fit_dataset,
};
use cutpoint::metrics::{
    ConfusionOptions, Metric, average_precision, brier_loss, confusion_matrix, log_loss, roc_auc,
    sweep,
};
use cutpoint::split::{HoldOutParams, Split, train_test_split};
use cutpoint_testkit::{
    digest_f64, digest_i64, doubles, golden, golden_cases, indices, integers, rows_of_doubles,
};
use ndarray::Axis;
use serde_json::Value;

/// Coefficients and probabilities: sums over rows are taken in another order than scikit-learn's, and a run of 26
/// iterations amplifies their rounding; scikit-learn itself moves by 2e-15 over the kinds of processor that were tried.
const SAME_ITERATION: f64 = 1e-12;
/// Metrics of equal counts.
const SAME_COUNTS: f64 = 1e-12;
/// Newton's method in doubles against the recorded optimum.
const SAME_OPTIMUM: f64 = 1e-11;

fn pipelines() -> Vec<Value> {
    let mut cases = golden_cases("pipelines.json");
    cases.extend([golden("tutorial.json"), golden("sweep_tutorial.json")]);
    cases
}

fn count(value: &Value) -> usize {
    let number = value.as_u64().expect("a whole number");
    usize::try_from(number).expect("a number of rows or features")
}

fn number(value: &Value) -> f64 {
    value.as_f64().expect("a number")
}

fn data(case: &Value) -> Dataset {
    let mut params = ClassificationParams::default();
    for (name, value) in case["mc"].as_object().expect("parameters") {
        params = match name.as_str() {
            "random_state" => params.seed(u32::try_from(count(value)).expect("a seed")),
            "n_samples" => params.n_samples(count(value)),
            "n_features" => params.n_features(count(value)),
            "n_informative" => params.n_informative(count(value)),
            "n_redundant" => params.n_redundant(count(value)),
            "n_classes" => params.n_classes(count(value)),
            "n_clusters_per_class" => params.n_clusters_per_class(count(value)),
            "flip_y" => params.flip_y(number(value)),
            "weights" => {
                let weights = value.as_array().expect("weights").iter().map(number);
                params.weights(weights.collect::<Vec<_>>())
            }
            other => panic!("unknown parameter {other}"),
        };
    }
    make_classification(&params)
        .expect("parameters of the golden file")
        .into_dataset()
}

fn split(case: &Value, y: &Labels) -> Split {
    let mut params = HoldOutParams::default();
    for (name, value) in case["split"].as_object().expect("parameters") {
        params = match name.as_str() {
            "random_state" => params.seed(u32::try_from(count(value)).expect("a seed")),
            "test_size" => params.test_size(number(value)),
            "stratify" => params.stratify(y),
            other => panic!("unknown parameter {other}"),
        };
    }
    train_test_split(y.len(), &params).expect("parameters of the golden file")
}

fn logistic(case: &Value) -> LogisticParams {
    let mut params = LogisticParams::default();
    for (name, value) in case["lr"].as_object().expect("parameters") {
        params = match name.as_str() {
            "C" => params.c(number(value)),
            "tol" => params.tol(number(value)),
            "max_iter" => params.max_iter(count(value)),
            "fit_intercept" if value == false => params.intercept(Intercept::None),
            "class_weight" if value == "balanced" => params.class_weight(ClassWeight::Balanced),
            other => panic!("unknown parameter {other}"),
        };
    }
    params
}

fn labels(y: &Labels) -> Vec<i64> {
    y.iter()
        .map(|label| match label {
            Label::Integer(value) => *value,
            other => panic!("{other:?} is no number"),
        })
        .collect()
}

#[track_caller]
fn check_close(got: &[f64], expected: &[f64], tolerance: f64, what: &str) {
    assert_eq!(got.len(), expected.len(), "{what}");
    for (index, (got, expected)) in got.iter().zip(expected).enumerate() {
        let allowed = tolerance * expected.abs().max(1.0);
        assert!(
            (got - expected).abs() <= allowed,
            "{what}[{index}]: {got} is not {expected}"
        );
    }
}

/// One number of a golden record, which writes them as decimal text.
fn metric(case: &Value, name: &str) -> f64 {
    case["metrics"][name]
        .as_str()
        .expect("decimal text")
        .parse()
        .expect("a number")
}

/// Values that a record holds as one text or as a list of them.
fn flat(value: &Value) -> Vec<f64> {
    if value.is_array() {
        rows_of_doubles(value).concat()
    } else {
        doubles(value)
    }
}

fn coef(fitted: &FittedLogistic) -> Vec<f64> {
    fitted.coef().iter().copied().collect()
}

fn check_pipeline(case: &Value) {
    let id = case["id"].as_str().expect("a name");
    let data = data(case);
    assert_eq!(
        digest_i64(&labels(data.y())),
        case["y_sha256_i64le"],
        "{id}: y"
    );
    let split = split(case, data.y());
    indices(&case["train_indices"], split.train(), id);
    indices(&case["test_indices"], split.test(), id);

    let test = data.select(split.test()).expect("rows of the data");
    let train = data.select(split.train()).expect("rows of the data");
    let fitted = fit_dataset(&logistic(case), &train, None).expect("a fit");
    let convergence = fitted.convergence();
    assert_eq!(
        convergence.iterations(),
        Some(count(&case["n_iter"])),
        "{id}: n_iter"
    );
    check_close(
        &coef(&fitted),
        &flat(&case["coef"]),
        SAME_ITERATION,
        &format!("{id}: coef"),
    );
    check_close(
        fitted.intercept(),
        &flat(&case["intercept"]),
        SAME_ITERATION,
        &format!("{id}: intercept"),
    );

    let x = test.x().view();
    let decision = fitted.decision_function(x).expect("scores");
    let decision = decision.iter().copied().collect::<Vec<_>>();
    check_close(
        &decision,
        &flat(&case["decision_function"]),
        SAME_ITERATION,
        &format!("{id}: decision"),
    );
    let proba = fitted.predict_proba(x).expect("probabilities");
    let larger = if fitted.n_classes() == 2 {
        proba.index_axis(Axis(1), 1).to_vec()
    } else {
        proba.iter().copied().collect()
    };
    check_close(
        &larger,
        &flat(&case["predict_proba"]),
        SAME_ITERATION,
        &format!("{id}: proba"),
    );

    let y_pred = fitted.predict(x).expect("labels");
    assert_eq!(labels(&y_pred), integers(&case["y_pred"]), "{id}: y_pred");
    assert_eq!(labels(test.y()), integers(&case["y_test"]), "{id}: y_test");
    check_metrics(case, &fitted, &test, &y_pred);
}

fn check_metrics(case: &Value, fitted: &FittedLogistic, test: &Dataset, y_pred: &Labels) {
    let id = case["id"].as_str().expect("a name");
    let matrix =
        confusion_matrix(test.y(), y_pred, &ConfusionOptions::default()).expect("a matrix");
    let counts = matrix
        .counts()
        .expect("unweighted")
        .iter()
        .copied()
        .collect::<Vec<_>>();
    let expected = case["metrics"]["confusion_matrix"]
        .as_array()
        .expect("rows");
    let expected = expected.iter().flat_map(|row| {
        row.as_array()
            .expect("cells")
            .iter()
            .map(|cell| cell.as_u64().expect("a count"))
    });
    assert_eq!(counts, expected.collect::<Vec<_>>(), "{id}");
    let accuracy = matrix.accuracy().expect("rows");
    check_close(
        &[accuracy],
        &[metric(case, "accuracy")],
        SAME_COUNTS,
        &format!("{id}: accuracy"),
    );
    if fitted.n_classes() > 2 {
        return;
    }
    let positive = Label::from(1);
    let cells = matrix.cells(&positive).expect("a class of the matrix");
    for (name, golden_name) in [
        ("precision", "precision"),
        ("recall", "recall"),
        ("f1", "f1"),
        ("mcc", "matthews"),
    ] {
        let value = name
            .parse::<Metric>()
            .expect("in the catalogue")
            .value(&cells)
            .expect("defined here");
        check_close(
            &[value],
            &[metric(case, golden_name)],
            SAME_COUNTS,
            &format!("{id}: {name}"),
        );
    }
    let scores = fitted
        .scores(test.x().view(), test.y(), &positive)
        .expect("scores");
    let table = sweep(&scores);
    for (name, value) in [
        ("roc_auc", roc_auc(&table).expect("both classes")),
        (
            "average_precision",
            average_precision(&table).expect("positives"),
        ),
    ] {
        check_close(
            &[value],
            &[metric(case, name)],
            SAME_COUNTS,
            &format!("{id}: {name}"),
        );
    }
    for (name, value) in [
        ("brier", brier_loss(&table).expect("probabilities")),
        ("log_loss", log_loss(&table).expect("probabilities")),
    ] {
        check_close(
            &[value],
            &[metric(case, name)],
            SAME_ITERATION,
            &format!("{id}: {name}"),
        );
    }
}

#[test]
fn pipelines_give_what_scikit_learn_gives() {
    for case in pipelines() {
        check_pipeline(&case);
    }
}

#[test]
fn newton_cholesky_reaches_the_optimum() {
    for case in pipelines() {
        let id = case["id"].as_str().expect("a name");
        let data = data(&case);
        let train = data
            .select(split(&case, data.y()).train())
            .expect("rows of the data");
        let params = logistic(&case).solver(Solver::NewtonCholesky).max_iter(100);
        let fitted = fit_dataset(&params, &train, None).expect("a fit");
        assert!(
            fitted.convergence().is_converged(),
            "{id}: {}",
            fitted.convergence()
        );
        let optimum = &case["optimum"];
        check_close(
            &coef(&fitted),
            &flat(&optimum["coef"]),
            SAME_OPTIMUM,
            &format!("{id}: coef"),
        );
        check_close(
            fitted.intercept(),
            &flat(&optimum["intercept"]),
            SAME_OPTIMUM,
            &format!("{id}: intercept"),
        );
    }
}

/// Bits of the features, where scikit-learn's own do not depend on the kind of processor.
#[test]
#[cfg(all(target_arch = "x86_64", target_os = "linux", target_env = "gnu"))]
fn features_have_the_same_bits_in_the_usual_shapes() {
    let mut n_equal = 0;
    for case in pipelines() {
        let n_informative = case["mc"]["n_informative"].as_u64().unwrap_or(2);
        let n_redundant = case["mc"]["n_redundant"].as_u64().unwrap_or(2);
        if n_informative <= 7 && n_redundant != 1 {
            let digest = digest_f64(data(&case).x().iter().copied());
            assert_eq!(digest, case["X_sha256_f64le"], "{}", case["id"]);
            n_equal += 1;
        }
    }
    assert!(n_equal >= 10, "{n_equal} cases compared");
}
