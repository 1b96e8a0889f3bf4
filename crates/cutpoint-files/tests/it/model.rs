//! Models keep every bit, and files that are no models are refused.

use cutpoint_core::{Label, Labels};
use cutpoint_files::{Output, SavedModel, read_model, write_model};
use cutpoint_logistic::{
    ClassWeight, Convergence, FittedLogistic, Intercept, LogisticParams, Penalty, Solver,
    StopReason, fit,
};
use ndarray::array;
use serde_json::Value;

use crate::Sandbox;

fn hard_model() -> SavedModel {
    let convergence = Convergence::new(
        Solver::NewtonCholesky,
        StopReason::MaxIter,
        Some(7),
        None,
        0.1 + 0.2,
        5e-324,
    )
    .unwrap();
    let params = LogisticParams::default()
        .solver(Solver::NewtonCholesky)
        .c(f64::INFINITY)
        .tol(1e-300)
        .max_iter(7)
        .intercept(Intercept::None)
        .class_weight(ClassWeight::Given(vec![(true.into(), 0.3)]));
    let fitted = FittedLogistic::from_parts(
        params,
        vec![false.into(), true.into()],
        vec!["a,\"b\"\n".to_owned(), "ü".to_owned(), String::new()],
        array![[f64::MAX, -5e-324, 0.1 + 0.2]],
        vec![-0.0],
        convergence,
    )
    .unwrap();
    SavedModel::new(fitted, "truth", Some(false.into())).unwrap()
}

fn three_classes() -> SavedModel {
    let x = array![[0.0], [0.5], [1.0], [1.5], [2.0], [2.5]];
    let y = Labels::from_texts(&["a", "a", "b", "b", "c", "c"]);
    let params = LogisticParams::default()
        .penalty(Penalty::L2)
        .class_weight(ClassWeight::Balanced);
    SavedModel::new(fit(&params, x.view(), &y, None).unwrap(), "y", None).unwrap()
}

fn write(sandbox: &Sandbox, model: &SavedModel) -> std::path::PathBuf {
    let path = sandbox.path("model.json");
    let mut output = Output::create(&path).unwrap();
    write_model(&mut output, model).unwrap();
    output.commit().unwrap();
    path
}

#[test]
fn models_keep_every_bit() {
    let sandbox = Sandbox::new();
    for model in [hard_model(), three_classes()] {
        let path = write(&sandbox, &model);
        let back = read_model(&path).unwrap();
        assert_eq!(back, model);
        let bits = |model: &SavedModel| {
            let coef = model.fitted().coef().to_owned();
            coef.iter()
                .chain(model.fitted().intercept())
                .map(|number| number.to_bits())
                .collect::<Vec<_>>()
        };
        assert_eq!(bits(&back), bits(&model));
        // The same model gives the same bytes.
        let first = std::fs::read(&path).unwrap();
        write(&sandbox, &back);
        assert_eq!(std::fs::read(&path).unwrap(), first);
    }
}

#[test]
fn keys_stand_in_one_order() {
    let sandbox = Sandbox::new();
    let text = std::fs::read_to_string(write(&sandbox, &hard_model())).unwrap();
    let keys = text.lines().filter_map(|line| line.strip_prefix("  \""));
    let keys = keys.filter_map(|line| line.split('"').next());
    assert_eq!(
        keys.collect::<Vec<_>>(),
        [
            "format",
            "version",
            "kind",
            "target",
            "positive",
            "classes",
            "features",
            "coef",
            "intercept",
            "params",
            "convergence"
        ]
    );
    assert!(text.ends_with("}\n"));
}

#[test]
fn the_positive_class_is_one_of_two() {
    let fitted = hard_model().fitted().clone();
    assert!(SavedModel::new(fitted, "y", Some(Label::Integer(1))).is_err());
    let fitted = three_classes().fitted().clone();
    let model = SavedModel::new(fitted, "y", Some("a".into())).unwrap();
    assert_eq!(model.positive(), None);
}

/// Checks what is said of a good model file after a change.
#[track_caller]
fn check_changed(change: impl FnOnce(&mut Value), expected: &str) {
    let sandbox = Sandbox::new();
    let text = std::fs::read_to_string(write(&sandbox, &three_classes())).unwrap();
    let mut value = serde_json::from_str(&text).unwrap();
    change(&mut value);
    check_text(&value.to_string(), expected);
}

#[track_caller]
fn check_text(text: &str, expected: &str) {
    let sandbox = Sandbox::new();
    let path = sandbox.file("model.json", text);
    let error = read_model(&path).unwrap_err();
    let message = match std::error::Error::source(&error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    let message = message.replace(&path.display().to_string(), "FILE");
    assert_eq!(message, expected);
}

#[test]
fn cut_files() {
    let sandbox = Sandbox::new();
    let path = write(&sandbox, &three_classes());
    let text = std::fs::read_to_string(&path).unwrap();
    for length in 0..text.trim_end().len() {
        let path = sandbox.file("cut.json", &text[..length]);
        let message = read_model(&path).unwrap_err().to_string();
        assert!(
            message.ends_with("is not a cutpoint model: it is not whole, valid JSON"),
            "{length}: {message}"
        );
    }
}

#[test]
fn foreign_files() {
    check_text(
        "x0,y\n1,0\n",
        "FILE is not a cutpoint model: it is not whole, valid JSON: expected value at line 1 column 1",
    );
    for foreign in [
        "{}",
        "[1, 2]",
        "3",
        "{\"format\": \"other\", \"version\": 1, \"kind\": \"logistic\"}",
    ] {
        check_text(
            foreign,
            "FILE is not a cutpoint model: it is JSON, but its `format` is not `cutpoint-model`",
        );
    }
    let sandbox = Sandbox::new();
    let message = read_model(&sandbox.path("missing.json"))
        .unwrap_err()
        .to_string();
    assert!(message.starts_with("failed to read "), "{message}");
    let message = read_model(sandbox.0.path()).unwrap_err().to_string();
    assert!(
        message.ends_with("is a directory; a file was expected"),
        "{message}"
    );
}

#[test]
fn files_of_another_version_or_kind() {
    check_changed(
        |value| value["version"] = 2.into(),
        "FILE is a model of version 2, and this cutpoint reads versions up to 1",
    );
    check_changed(
        |value| value["kind"] = "tree".into(),
        "FILE is a model of the kind \"tree\", which this cutpoint does not know",
    );
}

#[test]
fn inconsistent_files() {
    check_changed(
        |value| {
            value.as_object_mut().unwrap().remove("coef");
        },
        "FILE is not a model that can be used: missing field `coef`",
    );
    check_changed(
        |value| value["intercept"] = "none".into(),
        "FILE is not a model that can be used: invalid type: string \"none\", expected a sequence",
    );
    check_changed(
        |value| value["intercept"] = serde_json::json!([1.0]),
        "FILE is not a model that can be used: `intercept` must have 3 entries, got 1",
    );
    check_changed(
        |value| value["coef"][1] = serde_json::json!([1.0, 2.0]),
        "FILE is not a model that can be used: `coef[0]` must have 1 entry, got 2",
    );
    check_changed(
        |value| value["classes"] = serde_json::json!(["b", "a", "c"]),
        "FILE is not a model that can be used: `classes` must be strictly ascending, got `a` after `b`",
    );
    check_changed(
        |value| value["params"]["c"] = serde_json::json!(-1.0),
        "FILE is not a model that can be used: `c` must be in (0, inf], got -1",
    );
    check_changed(
        |value| value["positive"] = "d".into(),
        "FILE is not a model that can be used: `positive` must be one of the classes `a`, `b`, `c`, got `d`",
    );
    // What JSON cannot hold as a finite number.
    check_text(
        "{\"coef\": [[1e999]]}",
        "FILE is not a cutpoint model: it is not whole, valid JSON: number out of range at line 1 column 17",
    );
}
