//! What scikit-learn refuses is refused here, naming the same parameter (`errors.json`), in its order.

use cutpoint_core::{Seed, StreamKind};
use cutpoint_datasets::{
    Adjustment, BlobsParams, CirclesParams, ClassificationBlocks, ClassificationParams, Error,
    MoonsParams, make_blobs, make_circles, make_classification, make_moons,
};
use cutpoint_testkit::golden_cases;
use serde_json::Value;

use crate::classification::params;

/// Calls that cannot be written in Rust, where counts are `usize` and a random state is a `u64`; the command line
/// refuses them as it reads its flags.
const IMPOSSIBLE: &[(&str, &str)] = &[
    ("n_samples", "10.5"),
    ("n_redundant", "-1"),
    ("random_state", "-1"),
];

#[test]
fn what_scikit_learn_refuses_is_refused_by_name() {
    let mut n_checked = 0;
    let mut n_impossible = 0;
    for case in golden_cases("errors.json") {
        if case["fn"] != "make_classification" {
            continue;
        }
        let arguments = &case["params"];
        let (name, value) = arguments.as_object().unwrap().iter().next().unwrap();
        if IMPOSSIBLE.contains(&(name.as_str(), value.to_string().as_str())) {
            n_impossible += 1;
            continue;
        }
        let refused = if name == "random_state" {
            let refused = Seed::new(StreamKind::Numpy, value.as_u64().unwrap());
            refused.unwrap_err().to_string()
        } else {
            let refused = make_classification(&params(arguments));
            refused.unwrap_err().to_string()
        };
        // Each of these calls has one parameter, which is at fault.
        assert!(refused.starts_with(&format!("`{name}`")), "{refused}");
        n_checked += 1;
    }
    assert_eq!((n_checked, n_impossible), (14, IMPOSSIBLE.len()));
}

#[track_caller]
fn check(params: &ClassificationParams, expected: &str) {
    assert_eq!(params.check().unwrap_err().to_string(), expected);
}

#[test]
fn messages_name_parameter_domain_and_value() {
    let default = ClassificationParams::default;
    check(
        &default().n_samples(0),
        "`n_samples` must be in [1, inf), got 0",
    );
    check(
        &default().flip_y(1.5),
        "`flip_y` must be in [0, 1], got 1.5",
    );
    check(
        &default().flip_y(f64::NAN),
        "`flip_y` must be in [0, 1], got NaN",
    );
    check(
        &default().class_sep(f64::INFINITY),
        "`class_sep` must be in (0, inf), got inf",
    );
    check(
        &default().shift(f64::NAN),
        "`shift` must be in (-inf, inf), got NaN",
    );
    check(
        &default().scale(-1.0),
        "`scale` must be in (0, inf), got -1.0",
    );
    check(
        &default().n_features(3),
        "`n_features` must be at least `n_informative` + `n_redundant` + `n_repeated` = 2 + 2 + 0, got 3",
    );
    check(
        &default().n_classes(3),
        "`n_classes` * `n_clusters_per_class` must be at most 2^`n_informative` = 2^2, got 3 * 2",
    );
    check(
        &default().weights([0.1, 0.2, 0.7]),
        "`weights` must have 2 entries, as `n_classes` says, or one fewer (the last is then inferred), got 3",
    );
    check(
        &default().weights([0.5, -0.5]),
        "`weights` must hold numbers in [0, inf), got -0.5 at index 1",
    );
    check(
        &default().weights([1.25]),
        "`weights` must sum to at most 1 when the last is inferred, got 1.25",
    );
    check(
        &default().shift(vec![1.0, 2.0]),
        "`shift` must have 20 entries, one a feature, got 2",
    );
    check(
        &default().n_features(4).scale(vec![1.0, 2.0, f64::NAN, 4.0]),
        "`scale` must hold numbers in (-inf, inf), got NaN at index 2",
    );
    check(
        &default().n_samples(usize::MAX / 2),
        "`n_samples` * `n_features` must be addressable in memory, got 9223372036854775807 * 20",
    );
}

/// Of two faults, scikit-learn names the one it checks first.
#[test]
fn the_first_fault_is_named() {
    let params = ClassificationParams::default().n_features(3).n_classes(9);
    assert!(matches!(params.check(), Err(Error::Columns { .. })));
    let params = ClassificationParams::default().n_classes(9).weights([0.5]);
    assert!(matches!(params.check(), Err(Error::Clusters { .. })));
    let params = ClassificationParams::default().n_features(3).scale(0.0);
    assert!(matches!(
        params.check(),
        Err(Error::Number { name: "scale", .. })
    ));
    let params = ClassificationParams::default().scale(0.0).flip_y(2.0);
    assert!(matches!(
        params.check(),
        Err(Error::Number { name: "flip_y", .. })
    ));
    let params = ClassificationParams::default().n_classes(0).n_features(0);
    assert!(matches!(
        params.check(),
        Err(Error::Zero { name: "n_features" })
    ));
}

#[test]
fn counts_that_overflow_are_refused() {
    let params = ClassificationParams::default()
        .n_informative(usize::MAX)
        .n_redundant(usize::MAX);
    assert!(matches!(params.check(), Err(Error::Columns { .. })));
    let params = ClassificationParams::default()
        .n_classes(usize::MAX)
        .n_clusters_per_class(2);
    assert!(matches!(params.check(), Err(Error::Clusters { .. })));
}

#[test]
fn blocks_need_the_chacha_stream() {
    let refused = ClassificationBlocks::new(&ClassificationParams::default()).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`random_state` must seed the chacha stream for data in blocks, got the numpy stream"
    );
}

#[test]
fn other_makers_refuse_by_name() {
    let blobs = |params: BlobsParams| make_blobs(&params).unwrap_err().to_string();
    assert_eq!(
        blobs(BlobsParams::default().centers(0)),
        "`centers` must be in [1, inf), got 0"
    );
    assert_eq!(
        blobs(BlobsParams::default().n_samples(vec![0, 0])),
        "`n_samples` must be in [1, inf), got 0"
    );
    assert_eq!(
        blobs(BlobsParams::default().cluster_std(-1.0)),
        "`cluster_std` must be in [0, inf), got -1.0"
    );
    assert_eq!(
        blobs(BlobsParams::default().cluster_stds([1.0])),
        "`cluster_std` must have 3 entries, one a centre, got 1"
    );
    assert_eq!(
        blobs(BlobsParams::default().center_box(1.0, 0.0)),
        "`center_box` must be two finite numbers in order, got (1.0, 0.0)"
    );
    let moons = make_moons(&MoonsParams::default().noise(f64::NAN));
    assert_eq!(
        moons.unwrap_err().to_string(),
        "`noise` must be in [0, inf), got NaN"
    );
    let circles = make_circles(&CirclesParams::default().factor(1.0));
    assert_eq!(
        circles.unwrap_err().to_string(),
        "`factor` must be in [0, 1), got 1.0"
    );
    assert_eq!(
        "some".parse::<Adjustment>().unwrap_err().to_string(),
        "`shift` and `scale` must be a number or `none`, got \"some\""
    );
}

/// The values of `IMPOSSIBLE` stand in the file as written there.
#[test]
fn impossible_calls_are_in_the_file() {
    let cases = golden_cases("errors.json");
    for (name, value) in IMPOSSIBLE {
        let value: Value = serde_json::from_str(value).unwrap();
        assert!(cases.iter().any(|case| case["params"][name] == value));
    }
}
