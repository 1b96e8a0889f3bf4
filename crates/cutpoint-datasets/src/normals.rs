//! Many standard normals of the NumPy stream on all threads, the same bits as one at a time.
//!
//! The words come from one generator in order and are cheap; what is made of them is shared out.

use cutpoint_core::random::{RandomState, RandomStream, polar_normals};
use rayon::prelude::*;

/// Words of one task: whole attempts of 4 words.
const PIECE_WORDS: usize = 4 * 2048;
/// Words drawn ahead at a time.
const BATCH_WORDS: usize = 16 * PIECE_WORDS;
/// Normals that a batch gives at most.
const BATCH_NORMALS: usize = BATCH_WORDS / 2;

/// The next `n` standard normals of the generator, which is left as if they had been drawn one by one.
pub(crate) fn standard_normals(rng: &mut RandomState, n: usize) -> Vec<f64> {
    let mut normals = vec![0.0; n];
    let mut rest = normals.as_mut_slice();
    if rest.len() > BATCH_NORMALS {
        if let Some(cached) = rng.take_cached_normal() {
            rest[0] = cached;
            rest = &mut rest[1..];
        }
        rest = fill_batches(rng, rest);
    }
    rng.fill_standard_normal(rest);
    normals
}

/// Fills as many batches as are certain to fit, and returns what is left. No word is drawn in vain.
fn fill_batches<'a>(rng: &mut RandomState, mut rest: &'a mut [f64]) -> &'a mut [f64] {
    let mut words = vec![0; BATCH_WORDS];
    let mut next_words = vec![0; BATCH_WORDS];
    let mut scratch = vec![0.0; BATCH_NORMALS];
    let mut is_drawn = false;
    while rest.len() >= BATCH_NORMALS {
        if !is_drawn {
            rng.fill_words(&mut words);
        }
        let another_fits = rest.len() >= 2 * BATCH_NORMALS;
        let (n_normals, ()) = rayon::join(
            || place(&words, &mut scratch, rest),
            || {
                if another_fits {
                    rng.fill_words(&mut next_words);
                }
            },
        );
        rest = &mut rest[n_normals..];
        std::mem::swap(&mut words, &mut next_words);
        is_drawn = another_fits;
    }
    rest
}

/// Puts the normals of the words at the start of `normals`, and says how many there are.
fn place(words: &[u32], scratch: &mut [f64], normals: &mut [f64]) -> usize {
    let counts = words
        .par_chunks(PIECE_WORDS)
        .zip(scratch.par_chunks_mut(PIECE_WORDS / 2))
        .map(|(words, scratch)| polar_normals(words, scratch))
        .collect::<Vec<_>>();
    let mut free = normals;
    let mut moves = Vec::with_capacity(counts.len());
    for (&count, made) in counts.iter().zip(scratch.chunks(PIECE_WORDS / 2)) {
        let (place, rest) = free.split_at_mut(count);
        moves.push((&made[..count], place));
        free = rest;
    }
    moves
        .into_par_iter()
        .for_each(|(made, place)| place.copy_from_slice(made));
    counts.iter().sum()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Across the sizes where batches begin, with and without a cached normal, on 1 and 3 threads.
    #[test]
    fn many_at_once_are_the_same_as_one_by_one() {
        for n_threads in [1, 3] {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(n_threads)
                .build()
                .unwrap();
            for n in [
                0,
                1,
                BATCH_NORMALS,
                BATCH_NORMALS + 1,
                2 * BATCH_NORMALS + 7,
                200_001,
            ] {
                for n_before in [0, 1] {
                    let mut rng = RandomState::from_seed(7);
                    let mut single = rng.clone();
                    let bits = |values: &[f64]| {
                        values
                            .iter()
                            .map(|value| value.to_bits())
                            .collect::<Vec<_>>()
                    };
                    for _ in 0..n_before {
                        assert_eq!(
                            rng.standard_normal().to_bits(),
                            single.standard_normal().to_bits()
                        );
                    }
                    let drawn = pool.install(|| standard_normals(&mut rng, n));
                    let expected = (0..n).map(|_| single.standard_normal()).collect::<Vec<_>>();
                    assert_eq!(bits(&drawn), bits(&expected), "{n}");
                    assert_eq!(rng.cached_normal(), single.cached_normal(), "{n}");
                    assert_eq!(rng.word(), single.word(), "{n}");
                }
            }
        }
    }
}
