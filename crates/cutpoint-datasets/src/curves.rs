//! What moons and circles share: two curves of points in a plane, shuffled, then blurred.

use cutpoint_core::random::RandomStream;
use cutpoint_core::{Dataset, Labels};
use ndarray::Array2;

use crate::Result;
use crate::error::{check_count, check_not_negative};

/// The parameters that both have.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct CurvePoints {
    pub(crate) n_samples: usize,
    pub(crate) shuffle: bool,
    pub(crate) noise: Option<f64>,
}

impl Default for CurvePoints {
    fn default() -> Self {
        Self {
            n_samples: 100,
            shuffle: true,
            noise: None,
        }
    }
}

impl CurvePoints {
    pub(crate) fn check(&self) -> Result<()> {
        check_count("n_samples", self.n_samples)?;
        self.noise
            .map_or(Ok(()), |noise| check_not_negative("noise", noise))
    }

    /// Points of the first curve, labelled 0, and of the second, labelled 1: the first gets half, rounded down. Each
    /// curve makes the number of points it is asked for.
    pub(crate) fn make(
        &self,
        first: impl Fn(usize) -> Vec<[f64; 2]>,
        second: impl Fn(usize) -> Vec<[f64; 2]>,
        rng: &mut impl RandomStream,
    ) -> Dataset {
        let n_first = self.n_samples / 2;
        let mut points = first(n_first);
        points.extend(second(self.n_samples - n_first));
        let mut order = (0..self.n_samples).collect::<Vec<_>>();
        if self.shuffle {
            rng.shuffle(&mut order);
        }
        let labels = order
            .iter()
            .map(|&row| i64::from(row >= n_first))
            .collect::<Vec<_>>();
        let mut x = Array2::from_shape_fn((self.n_samples, 2), |(row, column)| {
            points[order[row]][column]
        });
        if let Some(noise) = self.noise {
            x.mapv_inplace(|value| value + rng.normal(0.0, noise));
        }
        Dataset::new(x, Labels::from_integers(&labels)).expect("a label a row")
    }
}
