//! `make_moons`: two interleaving half circles.

use std::f64::consts::PI;

use cutpoint_core::random::{Purpose, RandomStream};
use cutpoint_core::{Dataset, Seed};

use crate::Result;
use crate::curves::CurvePoints;

const PURPOSE: Purpose = Purpose::new("moons");

/// What [`make_moons`] is asked for. Defaults and names are scikit-learn's.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct MoonsParams {
    points: CurvePoints,
    seed: Seed,
}

impl MoonsParams {
    /// Rows, half of them (rounded down) on the upper moon. Default 100; [1, inf).
    #[must_use]
    pub fn n_samples(mut self, n_samples: usize) -> Self {
        self.points.n_samples = n_samples;
        self
    }

    /// Whether rows are shuffled (default), or stand moon by moon.
    #[must_use]
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.points.shuffle = shuffle;
        self
    }

    /// Standard deviation of normal noise added to each coordinate. Default: none is drawn; [0, inf). Larger blurs the
    /// moons into each other.
    #[must_use]
    pub fn noise(mut self, noise: f64) -> Self {
        self.points.noise = Some(noise);
        self
    }

    /// Where the draws come from. Default: the NumPy stream from 0.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<Seed>) -> Self {
        self.seed = seed.into();
        self
    }

    /// Checks everything together.
    ///
    /// # Errors
    /// - [`Error::Zero`](crate::Error::Zero) for no rows.
    /// - [`Error::Number`](crate::Error::Number) for `noise` outside its domain.
    pub fn check(&self) -> Result<()> {
        self.points.check()
    }
}

/// Two half circles of radius 1 that reach into each other; on the NumPy stream those of scikit-learn's `make_moons`.
///
/// # Formula
/// ```text
/// label 0:  (cos t, sin t)              t from 0 to π in equal steps
/// label 1:  (1 - cos t, 1/2 - sin t)
/// ```
///
/// # Shapes
/// `x`: `(n_samples, 2)`; `y`: `(n_samples,)` of 0 and 1.
///
/// # Errors
/// Those of [`MoonsParams::check`].
///
/// # Examples
/// ```
/// use cutpoint_datasets::{MoonsParams, make_moons};
///
/// let moons = make_moons(&MoonsParams::default().n_samples(4).shuffle(false))?;
/// assert_eq!(moons.y().codes(), [0, 0, 1, 1]);
/// assert_eq!(moons.x().row(0).to_vec(), [1.0, 0.0]);
/// assert_eq!(moons.x().row(2).to_vec(), [0.0, 0.5]);
/// # Ok::<(), cutpoint_datasets::Error>(())
/// ```
///
/// # References
/// scikit-learn 1.9.1, `sklearn/datasets/_samples_generator.py`.
pub fn make_moons(params: &MoonsParams) -> Result<Dataset> {
    make_moons_with(params, &mut params.seed.stream(PURPOSE))
}

/// The same from a stream that is already in use. The seed of the parameters is not used.
///
/// # Errors
/// Those of [`MoonsParams::check`].
pub fn make_moons_with(params: &MoonsParams, rng: &mut impl RandomStream) -> Result<Dataset> {
    params.check()?;
    let upper = |n| half_circle(n, |sin, cos| [cos, sin]);
    let lower = |n| half_circle(n, |sin, cos| [1.0 - cos, 1.0 - sin - 0.5]);
    Ok(params.points.make(upper, lower, rng))
}

/// Points at angles from 0 to π, both ends included; the last is π itself, whatever the steps sum to.
fn half_circle(n: usize, point: impl Fn(f64, f64) -> [f64; 2]) -> Vec<[f64; 2]> {
    let step = PI / (n.max(2) - 1) as f64;
    (0..n)
        .map(|i| {
            let angle = if i > 0 && i + 1 == n {
                PI
            } else {
                i as f64 * step
            };
            point(angle.sin(), angle.cos())
        })
        .collect()
}
