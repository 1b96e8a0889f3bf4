//! Scores, probabilities and classes of models whose values a person can check, and the parts of a model.

use cutpoint_core::{Dataset, Label, Labels, Threshold};
use cutpoint_logistic::{
    Convergence, FittedLogistic, LogisticParams, Result, Solver, StopReason, fit, fit_dataset,
};
use ndarray::{Array2, ArrayView2, array};

/// Odds of small numbers through `ln` and `exp`: a rounding or two.
const ROUNDING: f64 = 4.0 * f64::EPSILON;

fn model(classes: &[&str], coef: Array2<f64>, intercept: Vec<f64>) -> Result<FittedLogistic> {
    let feature_names = (0..coef.ncols())
        .map(|feature| format!("f{feature}"))
        .collect();
    let convergence = Convergence::new(
        Solver::Lbfgs,
        StopReason::Gradient,
        Some(3),
        Some(4),
        0.25,
        1e-5,
    )?;
    FittedLogistic::from_parts(
        LogisticParams::default(),
        classes.iter().map(|class| Label::from(*class)).collect(),
        feature_names,
        coef,
        intercept,
        convergence,
    )
}

/// Log-odds ln 3 × x0 - ln 2 × x1.
fn two_classes() -> FittedLogistic {
    model(
        &["ham", "spam"],
        array![[3.0_f64.ln(), -2.0_f64.ln()]],
        vec![0.0],
    )
    .unwrap()
}

/// Odds 1 : 2 : 5 at x = 1 and 1 : 1 : 1 at x = 0.
fn three_classes() -> FittedLogistic {
    let coef = array![[0.0], [2.0_f64.ln()], [5.0_f64.ln()]];
    model(&["a", "b", "c"], coef, vec![0.0; 3]).unwrap()
}

#[track_caller]
fn check_rows(got: &Array2<f64>, expected: ArrayView2<'_, f64>) {
    assert_eq!(got.dim(), expected.dim());
    for (got, expected) in got.iter().zip(expected) {
        assert!((got - expected).abs() <= ROUNDING, "{got} {expected}");
    }
}

#[test]
fn two_classes_by_hand() {
    let model = two_classes();
    // Odds of spam: 3, 1, 1/2, 9/4.
    let x = array![[1.0, 0.0], [0.0, 0.0], [0.0, 1.0], [2.0, 2.0]];
    let expected = array![
        [1.0 / 4.0, 3.0 / 4.0],
        [1.0 / 2.0, 1.0 / 2.0],
        [2.0 / 3.0, 1.0 / 3.0],
        [4.0 / 13.0, 9.0 / 13.0]
    ];
    check_rows(&model.predict_proba(x.view()).unwrap(), expected.view());
    let scores = array![[3.0_f64.ln()], [0.0], [-2.0_f64.ln()], [2.25_f64.ln()]];
    check_rows(&model.decision_function(x.view()).unwrap(), scores.view());
    // A score of exactly 0 is the smaller class by `predict`, but its probability reaches the threshold 0.5.
    assert_eq!(model.predict(x.view()).unwrap().codes(), [1, 0, 0, 1]);
    let spam = Label::from("spam");
    let at = |threshold| {
        model
            .predict_at(x.view(), &spam, Threshold::new(threshold).unwrap())
            .unwrap()
    };
    assert_eq!(at(0.5), [true, true, false, true]);
    assert_eq!(at(0.7), [true, false, false, false]);
    assert_eq!(at(0.3), [true, true, true, true]);
    let ham = model.positive_score(x.view(), &"ham".into()).unwrap();
    assert_eq!(
        ham,
        model.predict_proba(x.view()).unwrap().column(0).to_vec()
    );
}

#[test]
fn three_classes_by_hand() {
    let model = three_classes();
    let x = array![[1.0], [0.0], [-1.0]];
    // Odds 1 : 2 : 5, 1 : 1 : 1 and 10 : 5 : 2.
    let expected = array![
        [1.0 / 8.0, 2.0 / 8.0, 5.0 / 8.0],
        [1.0 / 3.0, 1.0 / 3.0, 1.0 / 3.0],
        [10.0 / 17.0, 5.0 / 17.0, 2.0 / 17.0]
    ];
    check_rows(&model.predict_proba(x.view()).unwrap(), expected.view());
    // Of equal scores the first class.
    assert_eq!(model.predict(x.view()).unwrap().codes(), [2, 0, 0]);
    assert_eq!(model.decision_function(x.view()).unwrap().dim(), (3, 3));
    let b = model
        .predict_at(x.view(), &"b".into(), Threshold::new(0.25).unwrap())
        .unwrap();
    assert_eq!(b, [true, true, true]);
    let b = model
        .predict_at(x.view(), &"b".into(), Threshold::new(0.3).unwrap())
        .unwrap();
    assert_eq!(b, [false, true, false]);
}

#[test]
fn far_scores_saturate_without_nan() {
    let x = array![[1000.0, 0.0], [-1000.0, 0.0]];
    let expected = array![[0.0, 1.0], [1.0, 0.0]];
    check_rows(
        &two_classes().predict_proba(x.view()).unwrap(),
        expected.view(),
    );
    let x = array![[1e300], [-1e300]];
    let expected = array![[0.0, 0.0, 1.0], [1.0, 0.0, 0.0]];
    check_rows(
        &three_classes().predict_proba(x.view()).unwrap(),
        expected.view(),
    );
}

#[test]
fn scores_are_ready_for_a_sweep() {
    let x = array![[1.0, 0.0], [0.0, 1.0]];
    let y = Labels::from_texts(&["spam", "ham"]);
    let scores = two_classes().scores(x.view(), &y, &"spam".into()).unwrap();
    assert_eq!(scores.is_positive(), [true, false]);
    assert!((scores.score()[0] - 0.75).abs() <= ROUNDING);
    assert!((scores.score()[1] - 1.0 / 3.0).abs() <= ROUNDING);
}

#[test]
fn wrong_input_is_named() {
    let model = two_classes();
    let error = |x: &Array2<f64>| model.predict_proba(x.view()).unwrap_err().to_string();
    assert_eq!(
        error(&array![[1.0, 2.0, 3.0]]),
        "`x` must have 2 features, as the model was fitted with, got 3"
    );
    assert_eq!(
        error(&array![[1.0, 2.0], [f64::INFINITY, 0.0]]),
        "`x` must be finite, got inf in row 1, column 0 (both counted from 0)"
    );
    assert_eq!(
        error(&Array2::zeros((0, 2))),
        "`x` must have at least 1 row, got 0"
    );
    assert_eq!(
        error(&array![[1.0, 2.0], [1.7e308, 0.0]]),
        "`x` must give finite scores, got inf in row 1 (counted from 0): scale the features down"
    );
    let error = model
        .positive_score(array![[1.0, 2.0]].view(), &"eggs".into())
        .unwrap_err();
    assert_eq!(
        error.to_string(),
        "`positive` must be one of the classes `ham`, `spam`, got `eggs`"
    );
}

#[test]
fn a_model_is_its_parts() {
    let x = array![
        [0.3, 1.0],
        [1.5, -0.5],
        [-0.4, 0.7],
        [0.9, 0.1],
        [2.0, 0.2],
        [-1.0, -0.6]
    ];
    let y = Labels::from_integers(&[0, 1, 2, 0, 1, 2]);
    let data = Dataset::new(x.clone(), y)
        .unwrap()
        .with_names(vec!["height".to_owned(), "width".to_owned()], "kind")
        .unwrap();
    let fitted = fit_dataset(&LogisticParams::default().c(0.5), &data, None).unwrap();
    assert_eq!(fitted.feature_names(), ["height", "width"]);
    let again = FittedLogistic::from_parts(
        fitted.params().clone(),
        fitted.classes().to_vec(),
        fitted.feature_names().to_vec(),
        // Column by column in memory: the order must not matter.
        fitted.coef().t().to_owned().reversed_axes(),
        fitted.intercept().to_vec(),
        fitted.convergence().clone(),
    )
    .unwrap();
    assert_eq!(again, fitted);
    assert_eq!(
        again.predict_proba(x.view()).unwrap(),
        fitted.predict_proba(x.view()).unwrap()
    );
    let plain = fit(&LogisticParams::default().c(0.5), x.view(), data.y(), None).unwrap();
    assert_eq!(plain.feature_names(), ["x0", "x1"]);
    assert_eq!(plain.coef(), fitted.coef());
}

#[test]
fn parts_that_do_not_fit_are_named() {
    #[track_caller]
    fn check(got: Result<FittedLogistic>, expected: &str) {
        assert_eq!(got.unwrap_err().to_string(), expected);
    }
    check(
        model(&["a"], array![[1.0]], vec![0.0]),
        "`classes` must have at least 2 entries, got 1",
    );
    check(
        model(&["b", "a"], array![[1.0]], vec![0.0]),
        "`classes` must be strictly ascending, got `a` after `b`",
    );
    check(
        model(&["a", "b", "c"], array![[1.0]], vec![0.0]),
        "`coef` must have 3 entries, got 1",
    );
    check(
        model(&["a", "b"], array![[1.0]], vec![]),
        "`intercept` must have 1 entry, got 0",
    );
    check(
        model(&["a", "b"], Array2::zeros((1, 0)), vec![0.0]),
        "`feature_names` must have at least 1 entry, got 0",
    );
    check(
        model(&["a", "b"], array![[1.0, f64::NAN]], vec![0.0]),
        "`coef` must be finite, got NaN in entry 1 (counted from 0)",
    );
    check(
        model(&["a", "b"], array![[1.0]], vec![f64::INFINITY]),
        "`intercept` must be finite, got inf in entry 0 (counted from 0)",
    );
}
