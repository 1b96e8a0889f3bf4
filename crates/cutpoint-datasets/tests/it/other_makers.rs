//! Blobs, moons and circles on both streams; on NumPy's against `other_makers.json`.

use cutpoint_core::random::RandomState;
use cutpoint_core::{Dataset, Seed};
use cutpoint_datasets::{
    BlobSizes, BlobsParams, CirclesParams, MoonsParams, make_blobs, make_blobs_with, make_circles,
    make_circles_with, make_moons, make_moons_with,
};
use cutpoint_testkit::{golden_cases, integers};
use serde_json::Value;

use crate::{check_rows, check_state, count, random_state};

fn blobs(arguments: &Value) -> BlobsParams {
    let mut params = BlobsParams::default();
    for (name, value) in arguments.as_object().unwrap() {
        params = match (name.as_str(), value.as_array()) {
            ("n_samples", None) => params.n_samples(count(value)),
            ("n_samples", Some(sizes)) => {
                params.n_samples(BlobSizes::PerCenter(sizes.iter().map(count).collect()))
            }
            ("n_features", _) => params.n_features(count(value)),
            ("centers", None) => params.centers(count(value)),
            ("cluster_std", Some(deviations)) => {
                let deviations = deviations.iter().map(|value| value.as_f64().unwrap());
                params.cluster_stds(deviations.collect::<Vec<_>>())
            }
            ("shuffle", _) => params.shuffle(value.as_bool().unwrap()),
            other => panic!("no such parameter: {other:?}"),
        };
    }
    params
}

fn moons(arguments: &Value) -> MoonsParams {
    let mut params = MoonsParams::default();
    for (name, value) in arguments.as_object().unwrap() {
        params = match name.as_str() {
            "n_samples" => params.n_samples(count(value)),
            "noise" => params.noise(value.as_f64().unwrap()),
            "shuffle" => params.shuffle(value.as_bool().unwrap()),
            other => panic!("no such parameter: {other}"),
        };
    }
    params
}

fn circles(arguments: &Value) -> CirclesParams {
    let mut params = CirclesParams::default();
    for (name, value) in arguments.as_object().unwrap() {
        params = match name.as_str() {
            "n_samples" => params.n_samples(count(value)),
            "noise" => params.noise(value.as_f64().unwrap()),
            "factor" => params.factor(value.as_f64().unwrap()),
            "shuffle" => params.shuffle(value.as_bool().unwrap()),
            other => panic!("no such parameter: {other}"),
        };
    }
    params
}

#[test]
fn data_are_those_of_scikit_learn() {
    for case in golden_cases("other_makers.json") {
        let seed = random_state(&case["seed"]);
        let rng = &mut RandomState::from_seed(seed);
        let arguments = &case["params"];
        let context = &format!("{} {arguments} seed {seed}", case["fn"]);
        let (made, seeded) = match case["fn"].as_str().unwrap() {
            "make_blobs" => {
                let params = blobs(arguments);
                (
                    make_blobs_with(&params, rng).unwrap().into_dataset(),
                    make_blobs(&params.seed(seed)).unwrap().into_dataset(),
                )
            }
            "make_moons" => {
                let params = moons(arguments);
                (
                    make_moons_with(&params, rng).unwrap(),
                    make_moons(&params.seed(seed)).unwrap(),
                )
            }
            "make_circles" => {
                let params = circles(arguments);
                (
                    make_circles_with(&params, rng).unwrap(),
                    make_circles(&params.seed(seed)).unwrap(),
                )
            }
            other => panic!("no such function here: {other}"),
        };
        assert_eq!(seeded, made, "{context}");
        check_state(&case["state_after"], rng.clone(), context);
        let expected = integers(&case["y"]);
        let y = made
            .y()
            .iter()
            .map(|label| label.to_string().parse::<i64>().unwrap());
        assert!(y.eq(expected), "{context}");
        let n_rows = case["X_rows"].as_array().unwrap().len();
        assert_eq!(made.n_samples(), n_rows, "{context}");
        check_rows(&case["X_rows"], made.x(), 0, context);
    }
}

/// On ChaCha nothing comes from outside; what each shape is, is checked instead.
#[test]
fn shapes_are_kept_on_the_chacha_stream() {
    /// Rounding of a sine, a cosine and a hypotenuse.
    const RADIUS_TOLERANCE: f64 = 1e-15;
    let seed = Seed::chacha(5);
    let radius = f64::hypot;
    let each = |data: &Dataset, check: &dyn Fn(u32, f64, f64)| {
        assert_eq!(data.y().counts(), [25, 26]);
        for (row, &code) in data.x().rows().into_iter().zip(data.y().codes()) {
            check(code, row[0], row[1]);
        }
    };
    let params = CirclesParams::default().n_samples(51).factor(0.25);
    let data = make_circles(&params.seed(seed)).unwrap();
    each(&data, &|code, x, y| {
        let expected = if code == 0 { 1.0 } else { 0.25 };
        assert!((radius(x, y) - expected).abs() <= RADIUS_TOLERANCE);
    });
    let data = make_moons(&MoonsParams::default().n_samples(51).seed(seed)).unwrap();
    each(&data, &|code, x, y| {
        let (x, y) = if code == 0 {
            (x, y)
        } else {
            (1.0 - x, 0.5 - y)
        };
        assert!((radius(x, y) - 1.0).abs() <= RADIUS_TOLERANCE);
        assert!(y >= -RADIUS_TOLERANCE);
    });
    let blobs = make_blobs(
        &BlobsParams::default()
            .n_samples(vec![5, 3])
            .cluster_std(0.0)
            .seed(seed),
    )
    .unwrap();
    assert_eq!(blobs.dataset().y().counts(), [5, 3]);
    let rows = blobs.dataset().x().rows().into_iter();
    for (row, &code) in rows.zip(blobs.dataset().y().codes()) {
        assert_eq!(row, blobs.centers().row(code as usize));
        assert!(row.iter().all(|x| (-10.0..10.0).contains(x)));
    }
}

#[test]
fn centres_may_be_given() {
    let centers = ndarray::array![[100.0, 0.0, 5.0], [-100.0, 0.0, 5.0]];
    let params = BlobsParams::default()
        .centers(centers.clone())
        .n_samples(50_usize);
    let blobs = make_blobs(&params.cluster_stds([1.0, 2.0]).seed(1)).unwrap();
    assert_eq!(blobs.centers(), centers);
    assert_eq!(blobs.dataset().n_features(), 3);
    let rows = blobs.dataset().x().rows().into_iter();
    for (row, &code) in rows.zip(blobs.dataset().y().codes()) {
        assert_eq!(row[0] > 0.0, code == 0);
    }
}
