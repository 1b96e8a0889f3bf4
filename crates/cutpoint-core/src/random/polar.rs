//! Marsaglia's polar method: pairs of standard normals from words, as NumPy's legacy generator makes them.
//!
//! Owns the arithmetic only; which words are drawn, and what becomes of the second normal, is the caller's.

/// Words of one attempt: two doubles.
pub(super) const WORDS: usize = 4;
/// Attempts worked on together: as many as one refill of the generator serves.
const BLOCK: usize = 156;

/// A double in [0, 1) with 53 random bits; every step is exact.
#[inline]
pub(super) fn unit_double(first: u32, second: u32) -> f64 {
    let high = f64::from(first >> 5);
    let low = f64::from(second >> 6);
    (high * 67_108_864.0 + low) / 9_007_199_254_740_992.0
}

/// One attempt: the normal that comes out first and the one kept for later, unless the point is outside the circle.
#[inline]
pub(super) fn attempt(u1: f64, u2: f64) -> Option<[f64; 2]> {
    let x1 = 2.0 * u1 - 1.0;
    let x2 = 2.0 * u2 - 1.0;
    let r2 = x1 * x1 + x2 * x2;
    accepted(r2).then(|| {
        let factor = (-2.0 * r2.ln() / r2).sqrt();
        [factor * x2, factor * x1]
    })
}

fn accepted(r2: f64) -> bool {
    r2 < 1.0 && r2 > 0.0
}

/// The standard normals that words give, four words an attempt, and how many there are: two for each attempt that
/// succeeds (π/4 of them), in the order of [`RandomState::standard_normal`](super::RandomState).
///
/// This is the part of drawing normals that threads can share: draw words with
/// [`RandomState::fill_words`](super::RandomState::fill_words), cut them into pieces of whole attempts, and join what
/// the pieces give.
///
/// # Panics
/// If `words` are not whole attempts, or `normals` is shorter than half as many as the words.
pub fn polar_normals(words: &[u32], normals: &mut [f64]) -> usize {
    assert!(words.len().is_multiple_of(WORDS), "4 words an attempt");
    assert!(
        normals.len() >= words.len() / 2,
        "room for 2 normals an attempt"
    );
    let mut n_normals = 0;
    for words in words.chunks(WORDS * BLOCK) {
        n_normals += block(words, &mut normals[n_normals..]);
    }
    n_normals
}

/// In steps over arrays, so that all but the logarithm vectorises.
fn block(words: &[u32], normals: &mut [f64]) -> usize {
    let (mut x1, mut x2, mut r2) = ([0.0; BLOCK], [0.0; BLOCK], [0.0; BLOCK]);
    let n_attempts = words.len() / WORDS;
    let (attempts, _) = words.as_chunks::<WORDS>();
    for (i, &[a, b, c, d]) in attempts.iter().enumerate() {
        x1[i] = 2.0 * unit_double(a, b) - 1.0;
        x2[i] = 2.0 * unit_double(c, d) - 1.0;
        r2[i] = x1[i] * x1[i] + x2[i] * x2[i];
    }
    let mut n_accepted = 0;
    for i in 0..n_attempts {
        (x1[n_accepted], x2[n_accepted], r2[n_accepted]) = (x1[i], x2[i], r2[i]);
        n_accepted += usize::from(accepted(r2[i]));
    }
    let mut factor = [0.0; BLOCK];
    for (factor, r2) in factor[..n_accepted].iter_mut().zip(&r2) {
        *factor = r2.ln();
    }
    for (factor, r2) in factor.iter_mut().zip(&r2) {
        *factor = (-2.0 * *factor / r2).sqrt();
    }
    let (pairs, _) = normals.as_chunks_mut::<2>();
    for (i, pair) in pairs[..n_accepted].iter_mut().enumerate() {
        *pair = [factor[i] * x2[i], factor[i] * x1[i]];
    }
    2 * n_accepted
}
