//! What scikit-learn refuses is refused here, naming the same parameter (`errors.json`).

use cutpoint_core::Labels;
use cutpoint_split::{
    Error, HoldOutParams, KFold, RepeatedKFold, ShuffleSplit, SplitSize, StratifiedKFold, Warning,
    train_test_split,
};
use cutpoint_testkit::golden_cases;
use serde_json::Value;

use crate::{count, labels, seed, size};

/// Parameters that a message of scikit-learn or ours may name.
const NAMES: &[&str] = &[
    "test_size",
    "train_size",
    "stratify",
    "shuffle",
    "n_splits",
    "random_state",
];

#[test]
fn what_scikit_learn_refuses_is_refused_by_name() {
    let mut n_checked = 0;
    for case in golden_cases("errors.json") {
        let params = &case["params"];
        let refused = match case["fn"].as_str().unwrap() {
            "train_test_split" => hold_out_error(params).to_string(),
            "KFold" => {
                let mut folds = KFold::default().n_splits(count(&params["n_splits"]));
                if let Some(seed) = seed(&params["random_state"]) {
                    folds = folds.seed(seed);
                }
                folds.split(count(&params["n"])).unwrap_err().to_string()
            }
            "StratifiedKFold" if params["y"][0].is_f64() => {
                // A continuous target is refused before it is split: it does not become labels.
                let fields = params["y"].as_array().unwrap().iter();
                let fields = fields.map(Value::to_string).collect::<Vec<_>>();
                let refused = Labels::parse(&fields).unwrap_err().to_string();
                assert!(
                    refused.starts_with("`labels` must hold class labels"),
                    "{refused}"
                );
                n_checked += 1;
                continue;
            }
            "StratifiedKFold" => StratifiedKFold::default()
                .n_splits(count(&params["n_splits"]))
                .split(&labels(&params["y"]))
                .unwrap_err()
                .to_string(),
            _ => continue,
        };
        let theirs = case["message"].as_str().unwrap();
        let named = if theirs.contains("least populated classes") || theirs.contains("inconsistent")
        {
            // Their message speaks of `y`, or of nothing: what is wrong is the argument `stratify`.
            "stratify"
        } else {
            let named = NAMES.iter().filter(|name| theirs.contains(**name));
            named.min_by_key(|name| theirs.find(**name)).unwrap()
        };
        assert!(
            refused.contains(&format!("`{named}`")),
            "{theirs}\n{refused}"
        );
        assert!(refused.starts_with('`'), "{refused}");
        n_checked += 1;
    }
    assert_eq!(n_checked, 20);
}

fn hold_out_error(params: &Value) -> Error {
    let y = params.get("stratify").map(labels);
    let mut hold_out =
        HoldOutParams::default().shuffle(params["shuffle"].as_bool().unwrap_or(true));
    if let Some(size) = size(&params["test_size"]) {
        hold_out = hold_out.test_size(size);
    }
    if let Some(size) = size(&params["train_size"]) {
        hold_out = hold_out.train_size(size);
    }
    if let Some(y) = &y {
        hold_out = hold_out.stratify(y);
    }
    train_test_split(count(&params["n"]), &hold_out).unwrap_err()
}

#[track_caller]
fn check(refused: &Error, expected: &str) {
    assert_eq!(refused.to_string(), expected);
}

#[test]
fn messages_name_parameter_domain_and_value() {
    let hold_out = |params: HoldOutParams<'_>| train_test_split(10, &params).unwrap_err();
    check(
        &hold_out(HoldOutParams::default().test_size(1.0)),
        "`test_size` must be a fraction in (0, 1) or a number of rows in [1, inf), got 1.0",
    );
    check(
        &hold_out(HoldOutParams::default().train_size(f64::NAN)),
        "`train_size` must be a fraction in (0, 1) or a number of rows in [1, inf), got NaN",
    );
    check(
        &hold_out(HoldOutParams::default().test_size(0_usize)),
        "`test_size` must be a fraction in (0, 1) or a number of rows in [1, inf), got 0",
    );
    check(
        &hold_out(HoldOutParams::default().test_size(10_usize)),
        "`test_size` must be below the number of samples 10, got 10 rows",
    );
    check(
        &hold_out(
            HoldOutParams::default()
                .test_size(6_usize)
                .train_size(5_usize),
        ),
        "`test_size` and `train_size` must sum to at most the number of samples 10, got 6 + 5 rows",
    );
    check(
        &hold_out(HoldOutParams::default().test_size(0.95)),
        "`train_size` must leave at least 1 row to train on, got 0 of 10 (`test_size` 0.95, `train_size` not given)",
    );
    let y = Labels::from_texts(&["a", "a", "b", "c", "c", "d", "c", "c", "c", "c"]);
    check(
        &hold_out(HoldOutParams::default().stratify(&y)),
        "`stratify` must have at least 2 rows of every class, got 1 of `b`, `d`",
    );
    check(
        &ShuffleSplit::default().n_splits(0).split(5).unwrap_err(),
        "`n_splits` must be in [1, inf), got 0",
    );
    check(
        &RepeatedKFold::default().n_repeats(0).split(5).unwrap_err(),
        "`n_repeats` must be in [1, inf), got 0",
    );
    check(
        &"third".parse::<SplitSize>().unwrap_err(),
        "`size` must be a fraction such as 0.3 or a number of rows such as 30, got \"third\"",
    );
}

#[test]
fn the_type_decides_whether_1_is_a_row_or_a_fraction() {
    let split = |size: &str| {
        let params = HoldOutParams::default().test_size(size.parse::<SplitSize>().unwrap());
        train_test_split(10, &params).map(|split| split.test().len())
    };
    assert_eq!(split("1"), Ok(1));
    assert_eq!(split("0.1"), Ok(1));
    assert_eq!(split("1e-1"), Ok(1));
    for refused in ["1.0", "-1", "-0.5", "1e1", "inf", "nan"] {
        assert!(
            matches!(split(refused), Err(Error::Size { .. })),
            "{refused}"
        );
    }
}

/// scikit-learn prints a warning; here it is part of the result.
#[test]
fn a_class_smaller_than_the_folds_is_a_warning() {
    let y = Labels::from_texts(&["x", "y", "x", "x", "z", "z", "y"]);
    let folds = StratifiedKFold::default().n_splits(3).split(&y).unwrap();
    assert_eq!(
        folds.warnings(),
        [Warning::SmallClass {
            class: "y".into(),
            n_members: 2,
            n_splits: 3
        }]
    );
    assert_eq!(
        folds.warnings()[0].to_string(),
        "class `y` has 2 rows, fewer than the 3 folds: some folds test without it"
    );
    let folds = StratifiedKFold::default().n_splits(2).split(&y).unwrap();
    assert_eq!(folds.warnings(), []);
}

/// A class of the table without rows is no class of these rows.
#[test]
fn classes_without_rows_do_not_count() {
    let all = Labels::from_texts(&["a", "b", "c", "a", "b", "a", "b"]);
    let y = all.select(&[0, 1, 3, 4, 5, 6]).unwrap();
    let params = HoldOutParams::default().test_size(2_usize).stratify(&y);
    let split = train_test_split(6, &params).unwrap();
    let compact = y.compact();
    let params = HoldOutParams::default()
        .test_size(2_usize)
        .stratify(&compact);
    assert_eq!(train_test_split(6, &params).unwrap(), split);
    let folds = StratifiedKFold::default().n_splits(3).split(&y).unwrap();
    assert_eq!(folds.warnings(), []);
}
