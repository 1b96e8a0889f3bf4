//! Index sets against those of scikit-learn: `splits.json` and the split of every pipeline.

use cutpoint_core::Seed;
use cutpoint_split::{
    HoldOutParams, KFold, RepeatedKFold, RepeatedStratifiedKFold, ShuffleSplit, Split,
    StratifiedKFold, StratifiedShuffleSplit, train_test_split,
};
use cutpoint_testkit::{golden, golden_cases, indices};
use serde_json::Value;

use crate::{count, labels, seed, size};

#[test]
fn every_splitter_gives_the_indices_of_scikit_learn() {
    for case in golden_cases("splits.json") {
        let context = case["id"].as_str().unwrap();
        let expected = case["splits"].as_array().unwrap();
        let got = splits(&case);
        assert_eq!(got.len(), expected.len(), "{context}");
        for (expected, got) in expected.iter().zip(got) {
            check(&case, expected, &got, context);
        }
    }
}

#[track_caller]
fn check(case: &Value, expected: &Value, got: &Split, context: &str) {
    indices(&expected["test"], got.test(), context);
    if expected.get("train").is_some() {
        indices(&expected["train"], got.train(), context);
    } else {
        // Folds: the training side is the ascending complement.
        let complement = (0..count(&case["n"]))
            .filter(|row| !got.test().contains(row))
            .collect::<Vec<_>>();
        assert_eq!(got.train(), complement, "{context}");
    }
}

fn splits(case: &Value) -> Vec<Split> {
    let n = count(&case["n"]);
    let n_splits = || count(&case["n_splits"]);
    let random_state = seed(&case["seed"]);
    let shuffle = case["shuffle"].as_bool().unwrap_or(false);
    let y = || labels(&case["y"]);
    let [test_size, train_size] =
        ["test_size", "train_size"].map(|name| size(&case["sizes"][name]));
    // Sets a size only where the case has one.
    macro_rules! sized {
        ($params:expr) => {{
            let mut params = $params;
            if let Some(size) = test_size {
                params = params.test_size(size);
            }
            if let Some(size) = train_size {
                params = params.train_size(size);
            }
            params
        }};
    }
    macro_rules! folds {
        ($params:expr) => {{
            let params = $params.n_splits(n_splits()).shuffle(shuffle);
            match random_state {
                Some(seed) => params.seed(seed),
                None => params,
            }
        }};
    }
    let repeats = || count(&case["n_repeats"]);
    let drawn = random_state.unwrap_or_default();
    let splits = match case["kind"].as_str().unwrap() {
        "train_test_split" => {
            let y = case.get("y").map(labels);
            let mut params = sized!(HoldOutParams::default())
                .shuffle(case["shuffle"].as_bool().unwrap_or(true))
                .seed(drawn);
            if let Some(y) = &y {
                params = params.stratify(y);
            }
            return vec![train_test_split(n, &params).unwrap()];
        }
        "ShuffleSplit" => sized!(ShuffleSplit::default())
            .n_splits(n_splits())
            .seed(drawn)
            .split(n),
        "StratifiedShuffleSplit" => sized!(StratifiedShuffleSplit::default())
            .n_splits(n_splits())
            .seed(drawn)
            .split(&y()),
        "KFold" => folds!(KFold::default()).split(n),
        "StratifiedKFold" => folds!(StratifiedKFold::default()).split(&y()),
        "RepeatedKFold" => RepeatedKFold::default()
            .n_splits(n_splits())
            .n_repeats(repeats())
            .seed(drawn)
            .split(n),
        "RepeatedStratifiedKFold" => RepeatedStratifiedKFold::default()
            .n_splits(n_splits())
            .n_repeats(repeats())
            .seed(drawn)
            .split(&y()),
        other => panic!("no such kind here: {other}"),
    };
    splits.unwrap().into_iter().collect()
}

/// Stratified pipelines need the labels of generated data, which this crate does not know: `tests/it` has them.
#[test]
fn every_pipeline_is_split_as_scikit_learn_splits_it() {
    let mut cases = golden_cases("pipelines.json");
    cases.extend(["tutorial.json", "sweep_tutorial.json"].map(golden));
    let mut n_checked = 0;
    for case in cases {
        let split = &case["split"];
        if split["stratify"] == true {
            continue;
        }
        let n = case["mc"]["n_samples"].as_u64().unwrap_or(100);
        let mut params = HoldOutParams::default().seed(seed(&split["random_state"]).unwrap());
        if let Some(size) = size(&split["test_size"]) {
            params = params.test_size(size);
        }
        let got = train_test_split(usize::try_from(n).unwrap(), &params).unwrap();
        let context = case["id"].as_str().unwrap();
        indices(&case["train_indices"], got.train(), context);
        indices(&case["test_indices"], got.test(), context);
        n_checked += 1;
    }
    assert_eq!(n_checked, 13);
}

#[test]
fn the_default_seed_is_the_numpy_stream_from_0() {
    let by_default = train_test_split(50, &HoldOutParams::default()).unwrap();
    let params = HoldOutParams::default().seed(Seed::numpy(0));
    assert_eq!(train_test_split(50, &params).unwrap(), by_default);
}
