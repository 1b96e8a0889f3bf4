//! The rows of a feature table as slices, cut into shards that do not depend on the number of threads.
//! It knows no labels and no loss.

use std::borrow::Cow;
use std::ops::Range;

use ndarray::ArrayView2;
use rayon::prelude::*;

use crate::{Error, Result};

/// Values that one task should work through at the least: about half a megabyte, so that a task is worth its start.
const SHARD_VALUES: usize = 1 << 16;
/// The most shards, so that their partial results stay small beside the table.
const MAX_SHARDS: usize = 256;

/// A finite table with at least one row and one column, row after row.
pub(crate) struct Rows<'a> {
    values: Cow<'a, [f64]>,
    n_samples: usize,
    n_features: usize,
}

impl<'a> Rows<'a> {
    /// Takes the view as it is if its rows lie one after another, and copies it otherwise.
    pub(crate) fn new(x: ArrayView2<'a, f64>) -> Result<Self> {
        let (n_samples, n_features) = x.dim();
        if n_samples == 0 {
            return Err(Error::NoSamples);
        }
        if n_features == 0 {
            return Err(Error::NoFeatures);
        }
        let values = match x.to_slice() {
            Some(values) => Cow::Borrowed(values),
            None => Cow::Owned(x.iter().copied().collect::<Vec<_>>()),
        };
        let bad = values
            .par_chunks(SHARD_VALUES)
            .enumerate()
            .find_map_first(|(chunk, values)| {
                let position = values.iter().position(|value| !value.is_finite())?;
                Some(chunk * SHARD_VALUES + position)
            });
        if let Some(position) = bad {
            return Err(Error::NotFinite {
                row: position / n_features,
                column: position % n_features,
                value: values[position],
            });
        }
        Ok(Self {
            values,
            n_samples,
            n_features,
        })
    }

    pub(crate) fn n_samples(&self) -> usize {
        self.n_samples
    }

    pub(crate) fn n_features(&self) -> usize {
        self.n_features
    }

    /// All values, row after row.
    pub(crate) fn values(&self) -> &[f64] {
        &self.values
    }

    pub(crate) fn row(&self, row: usize) -> &[f64] {
        &self.values[row * self.n_features..(row + 1) * self.n_features]
    }

    /// Rows of a shard, given that there are at most `max_shards`.
    pub(crate) fn rows_per_shard(&self, max_shards: usize) -> usize {
        let worth_a_task = (SHARD_VALUES / self.n_features).clamp(64, 8192);
        worth_a_task.max(self.n_samples.div_ceil(max_shards))
    }

    /// Computes a part for each shard, on the caller's rayon pool, and folds the parts in the order of the rows, so
    /// that sums have the same bits for every number of threads.
    pub(crate) fn fold_shards<T: Send>(
        &self,
        max_shards: usize,
        part: impl Fn(Range<usize>) -> T + Sync,
        mut fold: impl FnMut(&mut T, T),
    ) -> T {
        let size = self.rows_per_shard(max_shards.min(MAX_SHARDS));
        let n_shards = self.n_samples.div_ceil(size);
        let range = |shard: usize| shard * size..((shard + 1) * size).min(self.n_samples);
        if n_shards == 1 {
            return part(range(0));
        }
        let mut parts = (0..n_shards)
            .into_par_iter()
            .map(|shard| part(range(shard)))
            .collect::<Vec<_>>()
            .into_iter();
        let mut total = parts.next().expect("a table has at least one shard");
        for part in parts {
            fold(&mut total, part);
        }
        total
    }
}

/// The most shards for parts of that many values: all of them together stay near 64 megabytes.
pub(crate) fn shards_for(n_values: usize) -> usize {
    const ALL_VALUES: usize = 1 << 23;
    (ALL_VALUES / n_values.max(1)).clamp(1, MAX_SHARDS)
}

/// The scalar product, in four running sums that the compiler can keep in vector registers.
pub(crate) fn dot(a: &[f64], b: &[f64]) -> f64 {
    let mut sums = [0.0; 4];
    let (a_groups, b_groups) = (a.chunks_exact(4), b.chunks_exact(4));
    let mut rest = 0.0;
    for (a, b) in a_groups.remainder().iter().zip(b_groups.remainder()) {
        rest += a * b;
    }
    for (a, b) in a_groups.zip(b_groups) {
        for lane in 0..4 {
            sums[lane] += a[lane] * b[lane];
        }
    }
    (sums[0] + sums[2]) + (sums[1] + sums[3]) + rest
}

/// `y += a * x`.
pub(crate) fn add_scaled(y: &mut [f64], a: f64, x: &[f64]) {
    for (y, x) in y.iter_mut().zip(x) {
        *y += a * x;
    }
}

/// The largest absolute entry; infinity if one is NaN, so that no tolerance takes it for small.
pub(crate) fn max_abs(values: &[f64]) -> f64 {
    values.iter().fold(0.0, |largest: f64, value| {
        if value.is_nan() {
            f64::INFINITY
        } else {
            largest.max(value.abs())
        }
    })
}

#[cfg(test)]
mod tests {
    use ndarray::{Array2, array};

    use super::*;

    #[test]
    fn a_transposed_view_is_read_row_by_row() {
        let x = array![[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]];
        let rows = Rows::new(x.t()).unwrap();
        assert_eq!((rows.n_samples(), rows.n_features()), (3, 2));
        assert_eq!(rows.row(1), [2.0, 5.0]);
    }

    #[test]
    fn the_first_bad_value_is_named() {
        let mut x = Array2::zeros((70_000, 2));
        x[[69_999, 0]] = f64::NAN;
        x[[40_001, 1]] = f64::NEG_INFINITY;
        let error = Rows::new(x.view()).err().unwrap();
        assert_eq!(
            error.to_string(),
            "`x` must be finite, got -inf in row 40001, column 1 (both counted from 0)"
        );
    }

    #[test]
    fn shards_cover_every_row_once_and_in_order() {
        let x = Array2::zeros((20_001, 3));
        let rows = Rows::new(x.view()).unwrap();
        for max_shards in [1, 2, 7, 1000] {
            let seen = rows.fold_shards(
                max_shards,
                |range| vec![range],
                |all, mut part| all.append(&mut part),
            );
            assert!(seen.len() <= max_shards);
            assert_eq!(
                seen.into_iter().flatten().collect::<Vec<_>>(),
                (0..20_001).collect::<Vec<_>>()
            );
        }
    }

    #[test]
    fn dot_takes_every_entry() {
        for n in 0..10_u32 {
            let a = (1..=n).map(f64::from).collect::<Vec<_>>();
            // 1^2 + … + n^2
            let expected = f64::from(n * (n + 1) * (2 * n + 1) / 6);
            assert!((dot(&a, &a) - expected).abs() < f64::EPSILON);
        }
    }

    #[test]
    fn nan_is_never_small() {
        assert!(max_abs(&[0.0, f64::NAN, 1.0]).is_infinite());
        assert!((max_abs(&[0.5, -2.0, 1.0]) - 2.0).abs() < f64::EPSILON);
    }
}
