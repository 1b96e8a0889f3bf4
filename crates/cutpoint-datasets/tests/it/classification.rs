//! `make_classification` on the NumPy stream: `make_classification.json` and the data of every pipeline.

use cutpoint_core::random::RandomState;
use cutpoint_datasets::{
    Adjustment, Classification, ClassificationParams, ClassificationPlan, FeatureKind,
    make_classification, make_classification_with,
};
use cutpoint_testkit::{digest_f64, digest_i64, doubles, golden, golden_cases, integers};
use serde_json::Value;

use crate::{check_rows, check_state, count, is_platform_of_golden_files, random_state};

/// How far a sum of a column may be from the exactly rounded one, relative to the sum of absolute values: 5,000
/// additions of 2^-53 each, and the tolerance of the features.
const SUM_TOLERANCE: f64 = 1e-12;

/// Parameters as scikit-learn's keyword arguments.
pub(crate) fn params(arguments: &Value) -> ClassificationParams {
    let mut params = ClassificationParams::default();
    for (name, value) in arguments.as_object().unwrap() {
        let number = || value.as_f64().unwrap();
        let flag = || value.as_bool().unwrap();
        params = match name.as_str() {
            "n_samples" => params.n_samples(count(value)),
            "n_features" => params.n_features(count(value)),
            "n_informative" => params.n_informative(count(value)),
            "n_redundant" => params.n_redundant(count(value)),
            "n_repeated" => params.n_repeated(count(value)),
            "n_classes" => params.n_classes(count(value)),
            "n_clusters_per_class" => params.n_clusters_per_class(count(value)),
            "weights" => params.weights(numbers(value)),
            "flip_y" => params.flip_y(number()),
            "class_sep" => params.class_sep(number()),
            "hypercube" => params.hypercube(flag()),
            "shift" => params.shift(adjustment(value)),
            "scale" => params.scale(adjustment(value)),
            "shuffle" => params.shuffle(flag()),
            "random_state" => params.seed(random_state(value)),
            other => panic!("no such parameter: {other}"),
        };
    }
    params
}

fn numbers(value: &Value) -> Vec<f64> {
    let list = value.as_array().unwrap().iter();
    list.map(|number| number.as_f64().unwrap()).collect()
}

fn adjustment(value: &Value) -> Adjustment {
    match value {
        Value::Null => Adjustment::Drawn,
        Value::Array(_) => Adjustment::PerFeature(numbers(value)),
        number => Adjustment::Fixed(number.as_f64().unwrap()),
    }
}

/// The labels as scikit-learn's integers.
fn y(made: &Classification) -> Vec<i64> {
    let y = made.dataset().y();
    y.iter()
        .map(|label| label.to_string().parse().unwrap())
        .collect()
}

#[test]
fn data_are_those_of_scikit_learn() {
    for case in golden_cases("make_classification.json") {
        let context = case["id"].as_str().unwrap();
        let params = params(&case["params"]);
        let mut rng = RandomState::from_seed(random_state(&case["seed"]));
        let made = make_classification_with(&params, &mut rng).unwrap();
        check_state(&case["state_after"], rng, context);
        check_labels(&case, &made, context);
        check_features(&case, &made, context);
        if case.get("cluster_sizes").is_some() {
            let sizes = ClassificationPlan::new(&params)
                .unwrap()
                .cluster_sizes()
                .to_vec();
            let expected = integers(&case["cluster_sizes"]).into_iter();
            assert!(
                expected.eq(sizes.iter().map(|&size| i64::try_from(size).unwrap())),
                "{context}: {sizes:?}"
            );
        }
        let seeded = make_classification(&params.seed(random_state(&case["seed"]))).unwrap();
        assert_eq!(seeded, made, "{context}");
    }
}

#[track_caller]
fn check_labels(case: &Value, made: &Classification, context: &str) {
    let y = y(made);
    assert_eq!(digest_i64(&y), case["y_sha256_i64le"], "{context}");
    for (name, part) in [
        ("y", &y[..]),
        ("y_first50", &y[..y.len().min(50)]),
        ("y_last50", &y[y.len().saturating_sub(50)..]),
    ] {
        if let Some(expected) = case.get(name) {
            assert_eq!(part, integers(expected), "{context}");
        }
    }
    let expected = case["label_counts"].as_object().unwrap();
    let counts = made.dataset().y().counts();
    let classes = made.dataset().y().classes().iter();
    assert_eq!(counts.len(), expected.len(), "{context}");
    for (class, n_rows) in classes.zip(counts) {
        assert_eq!(count(&expected[&class.to_string()]), n_rows, "{context}");
    }
}

#[track_caller]
fn check_features(case: &Value, made: &Classification, context: &str) {
    let x = made.dataset().x();
    assert_eq!(
        Value::from(vec![x.nrows(), x.ncols()]),
        case["shape"],
        "{context}"
    );
    let kinds = made.features().iter();
    let kinds = kinds
        .map(|feature| feature.kind().name())
        .collect::<Vec<_>>();
    assert_eq!(Value::from(kinds), case["feature_info"], "{context}");
    if let Some(rows) = case.get("X_rows") {
        assert_eq!(rows.as_array().unwrap().len(), x.nrows(), "{context}");
        check_rows(rows, x, 0, context);
    } else {
        check_rows(&case["X_first3_rows"], x, 0, context);
        check_rows(&case["X_last3_rows"], x, x.nrows() - 3, context);
    }
    for (name, power) in [
        ("col_sum_exactly_rounded", 1),
        ("col_sum_sq_exactly_rounded", 2),
    ] {
        let sums = doubles(&case[name]);
        for (column, expected) in x.columns().into_iter().zip(sums) {
            let sum = column.iter().map(|x| x.powi(power)).sum::<f64>();
            let size = column.iter().map(|x| x.powi(power).abs()).sum::<f64>();
            assert!(
                (sum - expected).abs() <= SUM_TOLERANCE * size.max(1.0),
                "{context}: {sum} instead of {expected}"
            );
        }
    }
    if case["bit_exact_with"]["fma"] == true && is_platform_of_golden_files() {
        let digest = digest_f64(x.iter().copied());
        assert_eq!(digest, case["X_sha256_f64le"], "{context}");
    }
}

#[test]
fn data_of_every_pipeline_are_those_of_scikit_learn() {
    let mut cases = golden_cases("pipelines.json");
    cases.extend(["tutorial.json", "sweep_tutorial.json"].map(golden));
    for case in cases {
        let context = case["id"].as_str().unwrap();
        let made = make_classification(&params(&case["mc"])).unwrap();
        let y = y(&made);
        assert_eq!(digest_i64(&y), case["y_sha256_i64le"], "{context}");
        let test = integers(&case["y_test"]);
        if let Some(rows) = case["test_indices"].as_array() {
            let rows = rows.iter().map(count);
            assert!(rows.map(|row| y[row]).eq(test), "{context}");
        }
        // `bit_exact_with` is not recorded here, but the condition that it always holds under is known.
        let n_informative = case["mc"]["n_informative"].as_u64().unwrap_or(2);
        if n_informative <= 7 && case["mc"]["n_redundant"] != 1 && is_platform_of_golden_files() {
            let digest = digest_f64(made.dataset().x().iter().copied());
            assert_eq!(digest, case["X_sha256_f64le"], "{context}");
        }
    }
}

/// Without noise of any kind the truth can be read off the data: 40 rows, deviations 0 only where z is 0, so the mean
/// of each cluster is near its centroid, and repeated columns are copies.
#[test]
fn the_truth_describes_the_data() {
    let params = ClassificationParams::default()
        .n_samples(4000)
        .n_features(9)
        .n_informative(3)
        .n_redundant(1)
        .n_repeated(3)
        .class_sep(5.0)
        .flip_y(0.3)
        .seed(4);
    let made = make_classification(&params).unwrap();
    let x = made.dataset().x();
    let mut n_repeated = 0;
    for (column, feature) in made.features().iter().enumerate() {
        match feature.kind() {
            FeatureKind::Repeated => {
                let source = feature.copy_of().unwrap();
                assert_eq!(x.column(column), x.column(source));
                n_repeated += 1;
            }
            FeatureKind::Informative => {
                assert_eq!(feature.copy_of(), None);
                check_cluster_means(&made, column, feature.original());
            }
            FeatureKind::Redundant | FeatureKind::Random => assert_eq!(feature.copy_of(), None),
        }
    }
    assert_eq!(n_repeated, 3);

    let y = y(&made);
    let true_classes = made
        .true_classes()
        .map(|class| i64::try_from(class).unwrap());
    let mut n_kept = 0;
    for ((label, class), &redrawn) in y.iter().zip(true_classes).zip(made.redrawn()) {
        assert!(redrawn || *label == class);
        n_kept += u32::from(redrawn && *label == class);
    }
    // 1,200 expected of 4,000, of which half keep their class; 5 standard deviations are 145 and 87.
    let n_redrawn = made.redrawn().iter().filter(|&&redrawn| redrawn).count();
    assert!(n_redrawn.abs_diff(1200) < 145, "{n_redrawn}");
    assert!(n_kept.abs_diff(600) < 107, "{n_kept}");
}

/// A column of z A has a variance below 3 (three entries of at most 1), so a mean of 1,000 rows is within 5 · √(3/1000)
/// = 0.27 of the centroid, which is ±5.
#[track_caller]
fn check_cluster_means(made: &Classification, column: usize, coordinate: usize) {
    for (cluster, centroid) in made.centroids().rows().into_iter().enumerate() {
        let rows = (0..).zip(made.clusters());
        let rows = rows.filter(|(_, other)| **other as usize == cluster);
        let values = rows
            .map(|(row, _)| made.dataset().x()[[row, column]])
            .collect::<Vec<_>>();
        assert_eq!(values.len(), 1000);
        let mean = values.iter().sum::<f64>() / 1000.0;
        assert!((mean - centroid[coordinate]).abs() < 0.27, "{mean}");
    }
}

#[test]
fn the_same_for_every_number_of_threads() {
    let params = ClassificationParams::default()
        .n_samples(20_000)
        .n_features(25)
        .n_repeated(1)
        .seed(3);
    let on = |n_threads| {
        let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads);
        let pool = pool.build().unwrap();
        pool.install(|| make_classification(&params)).unwrap()
    };
    assert_eq!(on(1), on(3));
}

#[test]
fn a_class_that_does_not_occur_is_not_in_the_table() {
    let params = ClassificationParams::default()
        .n_samples(3)
        .n_classes(4)
        .n_clusters_per_class(1)
        .weights([0.0, 1.0, 0.0, 0.0])
        .flip_y(0.0);
    let made = make_classification(&params).unwrap();
    assert_eq!(made.dataset().y().classes(), [1.into()]);
    assert_eq!(made.dataset().y().counts(), [3]);
}
