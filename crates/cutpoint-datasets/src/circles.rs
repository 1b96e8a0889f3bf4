//! `make_circles`: a circle inside a circle.

use std::f64::consts::PI;

use cutpoint_core::random::{Purpose, RandomStream};
use cutpoint_core::{Dataset, Seed};

use crate::curves::CurvePoints;
use crate::{Error, Result};

const PURPOSE: Purpose = Purpose::new("circles");

/// What [`make_circles`] is asked for. Defaults and names are scikit-learn's.
#[derive(Debug, Clone, PartialEq)]
pub struct CirclesParams {
    points: CurvePoints,
    factor: f64,
    seed: Seed,
}

impl Default for CirclesParams {
    fn default() -> Self {
        Self {
            points: CurvePoints::default(),
            factor: 0.8,
            seed: Seed::default(),
        }
    }
}

impl CirclesParams {
    /// Rows, half of them (rounded down) on the outer circle. Default 100; [1, inf).
    #[must_use]
    pub fn n_samples(mut self, n_samples: usize) -> Self {
        self.points.n_samples = n_samples;
        self
    }

    /// Whether rows are shuffled (default), or stand circle by circle.
    #[must_use]
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.points.shuffle = shuffle;
        self
    }

    /// Standard deviation of normal noise added to each coordinate. Default: none is drawn; [0, inf). Larger blurs the
    /// circles into each other.
    #[must_use]
    pub fn noise(mut self, noise: f64) -> Self {
        self.points.noise = Some(noise);
        self
    }

    /// Radius of the inner circle; the outer one has 1. Default 0.8; [0, 1). Larger brings the classes closer.
    #[must_use]
    pub fn factor(mut self, factor: f64) -> Self {
        self.factor = factor;
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
    /// - [`Error::Zero`] for no rows.
    /// - [`Error::Number`] for `noise` or `factor` outside its domain.
    pub fn check(&self) -> Result<()> {
        self.points.check()?;
        if !(0.0..1.0).contains(&self.factor) {
            return Err(Error::Number {
                name: "factor",
                domain: "[0, 1)",
                got: self.factor,
            });
        }
        Ok(())
    }
}

/// A circle of radius 1 and one inside it; on the NumPy stream those of scikit-learn's `make_circles`.
///
/// # Formula
/// ```text
/// label 0:  (cos t, sin t)                    t from 0 to 2π in equal steps, the end left out
/// label 1:  (factor cos t, factor sin t)
/// ```
///
/// # Shapes
/// `x`: `(n_samples, 2)`; `y`: `(n_samples,)` of 0 and 1.
///
/// # Errors
/// Those of [`CirclesParams::check`].
///
/// # Examples
/// ```
/// use cutpoint_datasets::{CirclesParams, make_circles};
///
/// let circles = make_circles(&CirclesParams::default().n_samples(5).factor(0.5).shuffle(false))?;
/// assert_eq!(circles.y().codes(), [0, 0, 1, 1, 1]);
/// assert_eq!(circles.x().row(0).to_vec(), [1.0, 0.0]);
/// assert_eq!(circles.x().row(2).to_vec(), [0.5, 0.0]);
/// # Ok::<(), cutpoint_datasets::Error>(())
/// ```
///
/// # References
/// scikit-learn 1.9.1, `sklearn/datasets/_samples_generator.py`.
pub fn make_circles(params: &CirclesParams) -> Result<Dataset> {
    make_circles_with(params, &mut params.seed.stream(PURPOSE))
}

/// The same from a stream that is already in use. The seed of the parameters is not used.
///
/// # Errors
/// Those of [`CirclesParams::check`].
pub fn make_circles_with(params: &CirclesParams, rng: &mut impl RandomStream) -> Result<Dataset> {
    params.check()?;
    let outer = |n| circle(n, 1.0);
    let inner = |n| circle(n, params.factor);
    Ok(params.points.make(outer, inner, rng))
}

fn circle(n: usize, radius: f64) -> Vec<[f64; 2]> {
    let step = 2.0 * PI / n.max(1) as f64;
    (0..n)
        .map(|i| {
            let angle = i as f64 * step;
            [angle.cos() * radius, angle.sin() * radius]
        })
        .collect()
}
