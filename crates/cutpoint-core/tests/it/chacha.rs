//! The ChaCha stream: its key layout against `rand_chacha` itself, its independence, its moments.

use cutpoint_core::Seed;
use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream, Stream};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{RngCore, SeedableRng};

const NOISE: Purpose = Purpose::new("noise");

#[test]
fn a_stream_is_keyed_as_documented() {
    let mut key = [0; 32];
    key[..2].copy_from_slice(&[0x02, 0x01]);
    key[8..13].copy_from_slice(b"noise");
    let mut documented = ChaCha8Rng::from_seed(key);
    documented.set_stream(7);
    let mut stream = ChaChaStream::new(0x0102, NOISE, 7);
    for _ in 0..100 {
        assert_eq!(stream.word(), documented.next_u32());
    }
}

#[test]
fn every_part_of_the_name_matters() {
    let start = |random_state, purpose, block| {
        let mut stream = ChaChaStream::new(random_state, purpose, block);
        [stream.word64(), stream.word64()]
    };
    let mut starts = vec![
        start(1, NOISE, 0),
        start(2, NOISE, 0),
        start(1 << 32, NOISE, 0),
        start(1, NOISE, 1),
        start(1, NOISE, 1 << 32),
        start(1, Purpose::new("nois"), 0),
        start(1, Purpose::new("a purpose of 24 letters!"), 0),
    ];
    assert_eq!(start(1, NOISE, 0), starts[0]);
    let n = starts.len();
    starts.sort_unstable();
    starts.dedup();
    assert_eq!(starts.len(), n);
    assert_eq!(format!("{NOISE:?}"), r#"Purpose("noise")"#);
}

#[test]
fn a_seed_opens_the_stream_of_its_kind() {
    let mut stream = Seed::chacha(5).stream(NOISE);
    assert_eq!(stream.word(), ChaChaStream::new(5, NOISE, 0).word());
    let Stream::Numpy(mut state) = Seed::numpy(0).stream(NOISE) else {
        panic!("a seed of the NumPy stream");
    };
    // The first word of NumPy's `RandomState(0)`, `rng_streams.json`.
    assert_eq!(state.word(), 2_357_136_044);
}

/// Moments of 100,000 draws within 5 standard errors: for a uniform, variance 1/12; for a normal, 1 and (of the
/// square) 2. A fixed seed, so this passes always or never.
#[test]
fn moments_are_those_of_the_distributions() {
    const N: u32 = 100_000;
    const STANDARD_ERRORS: f64 = 5.0;
    let near = |sum: f64, mean: f64, variance: f64| {
        let error = (sum / f64::from(N) - mean).abs();
        assert!(
            error < STANDARD_ERRORS * (variance / f64::from(N)).sqrt(),
            "{error}"
        );
    };
    let mut stream = ChaChaStream::new(0, NOISE, 0);
    let doubles = (0..N).map(|_| stream.double()).collect::<Vec<_>>();
    assert!(doubles.iter().all(|value| (0.0..1.0).contains(value)));
    near(doubles.iter().sum(), 0.5, 1.0 / 12.0);
    let normals = stream.standard_normals(N as usize / 4, 4);
    assert_eq!(normals.dim(), (25_000, 4));
    near(normals.sum(), 0.0, 1.0);
    near(normals.iter().map(|normal| normal * normal).sum(), 1.0, 2.0);
    let ranks = (0..N).map(|_| stream.interval(9)).collect::<Vec<_>>();
    near(ranks.iter().map(|&rank| rank as f64).sum(), 4.5, 8.25);
    assert_eq!(ranks.iter().max(), Some(&9));
}

#[test]
fn normals_by_matrix_are_normals_one_by_one() {
    let matrix = ChaChaStream::new(3, NOISE, 2).standard_normals(3, 2);
    let mut stream = ChaChaStream::new(3, NOISE, 2);
    let mut single = [0.0; 6];
    stream.fill_standard_normal(&mut single);
    assert_eq!(matrix.into_raw_vec_and_offset().0, single);
}
