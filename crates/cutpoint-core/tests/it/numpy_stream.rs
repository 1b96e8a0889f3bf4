//! The NumPy stream against what NumPy 2.4.6 drew (`rng_*.json`).

use cutpoint_core::random::{DrawnInteger, RandomState, RandomStream, Replacement, polar_normals};
use cutpoint_core::{Error, Seed};
use cutpoint_testkit::{
    digest_f64, digest_u32, double, doubles, golden, golden_cases, indices, integers,
};
use proptest::prelude::*;
use serde_json::Value;

/// The generator of a case: seeded by a number or by a list of numbers.
fn seeded(seed: &Value) -> RandomState {
    match seed {
        Value::Array(_) => {
            let key = integers(seed).into_iter().map(word).collect::<Vec<_>>();
            RandomState::from_key(&key).unwrap()
        }
        number => RandomState::from_seed(word(number.as_i64().unwrap())),
    }
}

fn word(number: i64) -> u32 {
    u32::try_from(number).unwrap()
}

fn size(value: &Value) -> usize {
    usize::try_from(value.as_u64().unwrap()).unwrap()
}

fn words(rng: &mut RandomState, n: usize) -> Vec<u32> {
    (0..n).map(|_| rng.word()).collect()
}

fn bits(values: &[f64]) -> Vec<u64> {
    values.iter().map(|value| value.to_bits()).collect()
}

#[track_caller]
fn check_words(expected: &Value, got: &[u32], context: &str) {
    let expected = integers(expected).into_iter().map(word).collect::<Vec<_>>();
    assert_eq!(got, expected, "{context}");
}

/// The cached normal and the next three words; consumes the generator, since it draws them.
#[track_caller]
pub(crate) fn check_state(expected: &Value, mut rng: RandomState, context: &str) {
    let cached = rng.cached_normal();
    assert_eq!(
        cached.is_some(),
        expected["has_gauss"].as_bool().unwrap(),
        "{context}"
    );
    if let Some(normal) = cached {
        assert_eq!(
            normal.to_bits(),
            double(&expected["gauss"]).to_bits(),
            "{context}"
        );
    }
    check_words(&expected["next_u32"], &words(&mut rng, 3), context);
}

#[test]
fn words_doubles_and_normals_are_those_of_numpy() {
    for case in golden_cases("rng_streams.json") {
        let seed = &case["seed"];
        let context = &format!("seed {seed:.40}");
        let drawn = words(&mut seeded(seed), 10_000);
        check_words(&case["u32_first"], &drawn[..20], context);
        check_words(&case["u32_at_620"], &drawn[620..630], context);
        check_words(&case["u32_at_1244"], &drawn[1244..1254], context);
        assert_eq!(
            digest_u32(&drawn),
            case["u32_10000_sha256_u32le"],
            "{context}"
        );

        let mut rng = seeded(seed);
        for expected in case["u64_first"].as_array().unwrap() {
            assert_eq!(
                rng.word64().to_string(),
                expected.as_str().unwrap(),
                "{context}"
            );
        }

        let mut rng = seeded(seed);
        let drawn = (0..5000).map(|_| rng.double()).collect::<Vec<_>>();
        assert_eq!(
            bits(&drawn[..20]),
            bits(&doubles(&case["double_first"])),
            "{context}"
        );
        assert_eq!(
            digest_f64(drawn),
            case["double_5000_sha256_f64le"],
            "{context}"
        );

        let mut rng = seeded(seed);
        let drawn = (0..5001).map(|_| rng.standard_normal()).collect::<Vec<_>>();
        check_normals(&case, &drawn, rng, context);

        let mut rng = seeded(seed);
        let mut drawn = vec![0.0; 5001];
        rng.fill_standard_normal(&mut drawn);
        check_normals(&case, &drawn, rng, context);
    }
}

#[track_caller]
fn check_normals(case: &Value, drawn: &[f64], rng: RandomState, context: &str) {
    let first = doubles(&case["gauss_first"]);
    assert_eq!(bits(&drawn[..first.len()]), bits(&first), "{context}");
    assert_eq!(
        digest_f64(drawn.iter().copied()),
        case["gauss_5001_sha256_f64le"],
        "{context}"
    );
    check_state(&case["state_after_5001_gauss"], rng, context);
}

#[test]
fn randint_draws_every_width_as_numpy_does() {
    for case in golden_cases("rng_randint.json") {
        match case["dtype"].as_str().unwrap() {
            "int64" => check_randint::<i64>(&case),
            "uint64" => check_randint::<u64>(&case),
            "int32" => check_randint::<i32>(&case),
            "uint32" => check_randint::<u32>(&case),
            "int16" => check_randint::<i16>(&case),
            "uint16" => check_randint::<u16>(&case),
            "int8" => check_randint::<i8>(&case),
            "uint8" => check_randint::<u8>(&case),
            "bool" => check_randint::<bool>(&case),
            other => panic!("no such dtype here: {other}"),
        }
    }
}

#[track_caller]
fn check_randint<T: DrawnInteger + PartialOrd>(case: &Value) {
    let context = format!("{} {}..{}", case["dtype"], case["low"], case["high"]);
    let bound = |name: &str| case[name].as_str().unwrap().parse::<i128>().unwrap();
    let mut rng = seeded(&case["seed"]);
    let range = T::from_i128(bound("low"))..=T::from_i128(bound("high") - 1);
    let drawn = rng.randint(range, size(&case["n"])).unwrap();
    let drawn = drawn
        .into_iter()
        .map(|number| number.to_i128().to_string())
        .collect::<Vec<_>>();
    assert_eq!(Value::from(drawn), case["values"], "{context}");
    check_state(&case["state_after"], rng, &context);
}

#[test]
fn permutations_and_choices_are_those_of_numpy() {
    for case in golden_cases("rng_permutation.json") {
        let op = case["op"].as_str().unwrap();
        let n = size(&case["n"]);
        let context = &format!("seed {} {op} {n}", case["seed"]);
        let replacement = if case["replace"].as_bool() == Some(true) {
            Replacement::With
        } else {
            Replacement::Without
        };
        let mut rng = seeded(&case["seed"]);
        let drawn = match op {
            "permutation" => rng.permutation(n),
            "shuffle_twice_of_10*arange" => {
                let mut items = (0..n).map(|item| 10 * item).collect::<Vec<_>>();
                rng.shuffle(&mut items);
                rng.shuffle(&mut items);
                items
            }
            "choice" => rng.choice(n, size(&case["size"]), replacement).unwrap(),
            "choice_p" => rng
                .weighted_choice(&doubles(&case["p"]), size(&case["size"]), replacement)
                .unwrap(),
            other => panic!("no such op here: {other}"),
        };
        indices(&case["values"], &drawn, context);
        check_state(&case["state_after"], rng, context);
    }
}

/// NumPy 2.4.6: `RandomState(s).choice(5, 4, replace=False, p=[0.1, 0.05, 0.4, 0.2, 0.25])`, then the next word.
#[test]
fn weighted_choice_without_replacement_draws_in_rounds() {
    let expected = [
        (0, [2, 3, 4, 0], 3_830_135_878_u32),
        (1, [2, 3, 0, 1], 396_591_248),
        (2, [2, 0, 3, 4], 2_659_748_565),
        (3, [3, 2, 4, 0], 890_101_386),
        (42, [2, 4, 3, 0], 669_991_378),
    ];
    for (seed, values, next) in expected {
        let mut rng = RandomState::from_seed(seed);
        let p = [0.1, 0.05, 0.4, 0.2, 0.25];
        let drawn = rng.weighted_choice(&p, 4, Replacement::Without).unwrap();
        assert_eq!((drawn, rng.word()), (values.to_vec(), next), "seed {seed}");
    }
}

#[test]
fn the_cached_normal_survives_other_draws() {
    for case in golden_cases("rng_mixed.json") {
        let mut rng = seeded(&case["seed"]);
        for (step, op) in case["ops"].as_array().unwrap().iter().enumerate() {
            let context = &format!("seed {}, step {step}: {}", case["seed"], op["op"]);
            check_op(op, &mut rng, context);
        }
        check_state(&case["state_after"], rng, &format!("seed {}", case["seed"]));
    }
}

#[track_caller]
fn check_op(op: &Value, rng: &mut RandomState, context: &str) {
    let n = size(&op["n"]);
    let number = |name: &str| op[name].as_f64().unwrap();
    let mut draw = |one: &dyn Fn(&mut RandomState) -> f64| {
        let drawn = (0..n).map(|_| one(rng)).collect::<Vec<_>>();
        assert_eq!(bits(&drawn), bits(&doubles(&op["values"])), "{context}");
    };
    match op["op"].as_str().unwrap() {
        "random_sample" => draw(&|rng| rng.double()),
        "standard_normal" => draw(&|rng| rng.standard_normal()),
        "uniform" => draw(&|rng| rng.uniform(number("low"), number("high"))),
        "normal" => draw(&|rng| rng.normal(number("loc"), number("scale"))),
        "randint" => {
            let [low, high] = ["low", "high"].map(|name| op[name].as_i64().unwrap());
            let drawn = rng.randint(low..high, n).unwrap();
            assert_eq!(drawn, integers(&op["values"]), "{context}");
        }
        "permutation" => indices(&op["values"], &rng.permutation(n), context),
        "choice" => {
            let drawn = rng.choice(n, n, Replacement::Without).unwrap();
            indices(&op["values"], &drawn, context);
        }
        other => panic!("no such op here: {other}"),
    }
}

#[test]
fn what_numpy_refuses_is_refused_by_the_same_name() {
    let cases = golden("errors.json")["cases"].take();
    let mut n_checked = 0;
    for case in cases.as_array().unwrap() {
        let params = &case["params"];
        let (message, name) = match case["fn"].as_str().unwrap() {
            "RandomState" => {
                // A negative seed cannot be written: `Seed::new` takes a `u64`.
                let Some(seed) = params["seed"].as_u64() else {
                    continue;
                };
                let refused = Seed::new(cutpoint_core::StreamKind::Numpy, seed).unwrap_err();
                (refused.to_string(), "`random_state`")
            }
            "randint" => {
                let [low, high] = ["low", "high"].map(|name| params[name].as_i64().unwrap());
                let refused = RandomState::from_seed(0).randint(low..high, 1).unwrap_err();
                (refused.to_string(), "`high`")
            }
            "choice" => {
                let refused = RandomState::from_seed(0)
                    .choice(
                        size(&params["n"]),
                        size(&params["size"]),
                        Replacement::Without,
                    )
                    .unwrap_err();
                (refused.to_string(), "`size`")
            }
            _ => continue,
        };
        assert!(message.starts_with(name), "{case}: {message}");
        n_checked += 1;
    }
    assert_eq!(n_checked, 4);
}

#[test]
fn impossible_draws_are_refused() {
    let rng = &mut RandomState::from_seed(0);
    assert_eq!(
        RandomState::from_key(&[]).unwrap_err().to_string(),
        "`seed` must hold at least 1 word, got 0"
    );
    assert_eq!(
        rng.choice(0, 1, Replacement::With).unwrap_err(),
        Error::EmptyPopulation { size: 1 }
    );
    assert_eq!(
        rng.weighted_choice(&[0.5, -0.5, 1.0], 1, Replacement::With)
            .unwrap_err(),
        Error::Value {
            name: "p",
            domain: "in [0, 1]",
            value: -0.5,
            row: 1
        }
    );
    assert_eq!(
        rng.weighted_choice(&[0.5, 0.25], 1, Replacement::With)
            .unwrap_err(),
        Error::ProbabilitySum { sum: 0.75 }
    );
    assert_eq!(
        rng.weighted_choice(&[1.0, 0.0, 0.0], 2, Replacement::Without)
            .unwrap_err(),
        Error::SampleSize {
            population: 1,
            size: 2
        }
    );
    assert_eq!(rng.word(), RandomState::from_seed(0).word());
}

proptest! {
    /// Against another implementation of MT19937. (It seeds otherwise from more than 624 words.)
    #[test]
    fn words_are_those_of_rand_mt(seed: u32, key in prop::collection::vec(any::<u32>(), 1..=624)) {
        let mut oracle = rand_mt::Mt::new(seed);
        let mut rng = RandomState::from_seed(seed);
        for _ in 0..2000 {
            prop_assert_eq!(rng.word(), oracle.next_u32());
        }
        let mut oracle = rand_mt::Mt::new_with_key(key.iter().copied());
        let mut rng = RandomState::from_key(&key).unwrap();
        for _ in 0..2000 {
            prop_assert_eq!(rng.word(), oracle.next_u32());
        }
    }

    #[test]
    fn words_in_bulk_are_words_one_by_one(seed: u32, sizes in prop::collection::vec(0..1500_usize, 1..5)) {
        let mut bulk = RandomState::from_seed(seed);
        let mut single = bulk.clone();
        for size in sizes {
            let mut filled = vec![0; size];
            bulk.fill_words(&mut filled);
            prop_assert_eq!(filled, words(&mut single, size));
            prop_assert_eq!(bulk.word(), single.word());
        }
    }

    #[test]
    fn normals_in_bulk_are_normals_one_by_one(seed: u32, sizes in prop::collection::vec(0..1500_usize, 1..5)) {
        let mut bulk = RandomState::from_seed(seed);
        let mut single = bulk.clone();
        for size in sizes {
            let mut filled = vec![0.0; size];
            bulk.fill_standard_normal(&mut filled);
            let expected = (0..size).map(|_| single.standard_normal()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&filled), bits(&expected));
            prop_assert_eq!(bulk.word(), single.word());
        }
    }

    #[test]
    fn normals_from_words_are_those_of_the_generator(seed: u32, n_attempts in 0..1000_usize) {
        let mut rng = RandomState::from_seed(seed);
        let mut single = rng.clone();
        let mut drawn = vec![0; 4 * n_attempts];
        rng.fill_words(&mut drawn);
        let mut normals = vec![0.0; 2 * n_attempts];
        let n_normals = polar_normals(&drawn, &mut normals);
        let expected = (0..n_normals).map(|_| single.standard_normal()).collect::<Vec<_>>();
        prop_assert_eq!(bits(&normals[..n_normals]), bits(&expected));
    }
}
