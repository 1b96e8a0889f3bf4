//! Samples and vertices against what scikit-learn 1.9.1 drew (`sampling.json`).

use cutpoint_core::Error;
use cutpoint_core::random::{RandomState, RandomStream};
use cutpoint_testkit::{golden_cases, indices};
use proptest::prelude::*;
use serde_json::Value;

use crate::numpy_stream::check_state;

#[test]
fn samples_and_vertices_are_those_of_scikit_learn() {
    for case in golden_cases("sampling.json") {
        let number = |name: &str| usize::try_from(case[name].as_u64().unwrap()).unwrap();
        let mut rng = RandomState::from_seed(u32::try_from(number("seed")).unwrap());
        let context = &format!("seed {}, {}, n {}", case["seed"], case["kind"], case["n"]);
        match case["kind"].as_str().unwrap() {
            "sample_without_replacement" => {
                let sample = rng
                    .sample_without_replacement(number("population"), number("n"))
                    .unwrap();
                indices(&case["values"], &sample, context);
            }
            "hypercube" => {
                let vertices = rng.hypercube(number("n"), number("dims")).unwrap();
                let rows = vertices
                    .rows()
                    .into_iter()
                    .map(|row| row.iter().map(u8::to_string).collect::<String>())
                    .collect::<Vec<_>>();
                assert_eq!(Value::from(rows), case["rows"], "{context}");
            }
            other => panic!("no such kind here: {other}"),
        }
        check_state(&case["state_after"], rng, context);
    }
}

#[test]
fn more_than_there_is_is_refused() {
    let rng = &mut RandomState::from_seed(0);
    assert_eq!(
        rng.sample_without_replacement(3, 4).unwrap_err(),
        Error::SampleSize {
            population: 3,
            size: 4
        }
    );
    assert_eq!(
        rng.hypercube(5, 2).unwrap_err(),
        Error::SampleSize {
            population: 4,
            size: 5
        }
    );
    assert!(rng.sample_without_replacement(0, 0).unwrap().is_empty());
}

proptest! {
    #[test]
    fn samples_are_distinct_and_in_range(seed: u32, population in 1..2000_usize, part in 0.0..=1.0_f64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to population")]
        let n = (part * population as f64) as usize;
        let mut sample = RandomState::from_seed(seed)
            .sample_without_replacement(population, n)
            .unwrap();
        sample.sort_unstable();
        sample.dedup();
        prop_assert_eq!(sample.len(), n);
        prop_assert!(sample.iter().all(|&index| index < population));
    }
}
