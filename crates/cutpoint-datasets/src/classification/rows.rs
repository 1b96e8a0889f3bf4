//! Turns standard normals into finished rows in one pass: mix, centre, combine, copy, shift, scale, reorder.
//!
//! The hot loop of this crate. Sums of products are fused multiply-adds in order of the inner index, whatever the
//! machine: with an instruction where there is one, in software where there is none, and the same bits either way.
#![cfg_attr(
    target_arch = "x86_64",
    expect(
        unsafe_code,
        reason = "calling a function compiled for CPU features that were found at run time"
    )
)]

use super::geometry::Geometry;
use super::plan::ClassificationPlan;

/// Rows whose normals are gathered together, so that the memory they come from is waited for once.
const GATHERED: usize = 16;

/// What rows are made from.
#[derive(Clone, Copy)]
pub(super) struct Source<'a> {
    /// `n_informative` standard normals a row.
    pub(super) informative: &'a [f64],
    /// `n_random` standard normals a row.
    pub(super) random: &'a [f64],
    /// The cluster of each row.
    pub(super) clusters: &'a [u32],
}

/// Which rows of a source are wanted.
#[derive(Clone, Copy)]
pub(super) enum Rows<'a> {
    /// The rows from this one on, as they stand.
    From(usize),
    /// These.
    Picked(&'a [usize]),
}

/// Makes rows; one for all blocks and threads.
pub(super) struct RowMaker<'a> {
    n_informative: usize,
    n_redundant: usize,
    n_random: usize,
    geometry: &'a Geometry,
    /// Shift and scale by final column.
    adjustments: Vec<(f64, f64)>,
}

impl<'a> RowMaker<'a> {
    pub(super) fn new(plan: &ClassificationPlan, geometry: &'a Geometry) -> Self {
        let adjustments = geometry
            .columns
            .iter()
            .map(|&column| (geometry.shift[column], geometry.scale[column]))
            .collect();
        Self {
            n_informative: plan.params().n_informative,
            n_redundant: plan.params().n_redundant,
            n_random: plan.n_random(),
            geometry,
            adjustments,
        }
    }

    /// Fills `x`, row after row, with the rows wanted.
    ///
    /// # Panics
    /// If `x` is not a whole number of rows, or the source has too few.
    pub(super) fn fill(&self, source: Source<'_>, rows: Rows<'_>, x: &mut [f64]) {
        #[cfg(target_arch = "x86_64")]
        if is_x86_feature_detected!("avx2") && is_x86_feature_detected!("fma") {
            // SAFETY: the CPU has both features, as just found.
            unsafe { self.fill_with_fma(source, rows, x) };
            return;
        }
        self.fill_anywhere(source, rows, x);
    }

    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx2,fma")]
    fn fill_with_fma(&self, source: Source<'_>, rows: Rows<'_>, x: &mut [f64]) {
        self.fill_anywhere(source, rows, x);
    }

    /// Inlined into each caller, so that it is compiled for that caller's features.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "compiled for the caller's features")]
    fn fill_anywhere(&self, source: Source<'_>, rows: Rows<'_>, x: &mut [f64]) {
        let n_features = self.adjustments.len();
        let n_first = self.n_informative + self.n_redundant + self.geometry.copies.len();
        let mut gathered = vec![0.0; GATHERED * n_features];
        let mut normals = vec![0.0; GATHERED * self.n_informative];
        for (chunk, x) in x.chunks_mut(GATHERED * n_features).enumerate() {
            let n_rows = x.len() / n_features;
            let row_of = |i: usize| match rows {
                Rows::From(first) => first + chunk * GATHERED + i,
                Rows::Picked(rows) => rows[chunk * GATHERED + i],
            };
            let mut clusters = [0; GATHERED];
            for (i, cluster) in clusters[..n_rows].iter_mut().enumerate() {
                let row = row_of(i);
                *cluster = source.clusters[row] as usize;
                part_mut(&mut normals, i, self.n_informative).copy_from_slice(part(
                    source.informative,
                    row,
                    self.n_informative,
                ));
                gathered[i * n_features + n_first..(i + 1) * n_features].copy_from_slice(part(
                    source.random,
                    row,
                    self.n_random,
                ));
            }
            for (i, x) in x.chunks_exact_mut(n_features).enumerate() {
                let row = part_mut(&mut gathered, i, n_features);
                self.mix(clusters[i], part(&normals, i, self.n_informative), row);
                for ((x, &column), &(shift, scale)) in x
                    .iter_mut()
                    .zip(&self.geometry.columns)
                    .zip(&self.adjustments)
                {
                    *x = (row[column] + shift) * scale;
                }
            }
        }
    }

    /// The informative, redundant and repeated columns of a row, before shuffling.
    #[inline(always)]
    #[expect(clippy::inline_always, reason = "compiled for the caller's features")]
    fn mix(&self, cluster: usize, normals: &[f64], row: &mut [f64]) {
        let n_informative = self.n_informative;
        let (informative, rest) = row.split_at_mut(n_informative);
        let (redundant, _) = rest.split_at_mut(self.n_redundant);
        let mixing = part(
            &self.geometry.mixings,
            cluster,
            n_informative * n_informative,
        );
        product(normals, mixing, informative);
        let centroid = self.geometry.centroids.as_slice().expect("row-major");
        for (value, centre) in informative
            .iter_mut()
            .zip(part(centroid, cluster, n_informative))
        {
            *value += centre;
        }
        product(informative, &self.geometry.combinations, redundant);
        let n_sources = n_informative + self.n_redundant;
        for (copy, &source) in self.geometry.copies.iter().enumerate() {
            row[n_sources + copy] = row[source];
        }
    }
}

/// A row times a matrix of as many columns as `sums`: for each column, from 0, fused multiply-adds down the rows.
#[inline(always)]
#[expect(clippy::inline_always, reason = "compiled for the caller's features")]
fn product(row: &[f64], matrix: &[f64], sums: &mut [f64]) {
    if sums.is_empty() {
        return;
    }
    sums.fill(0.0);
    for (&left, right) in row.iter().zip(matrix.chunks_exact(sums.len())) {
        for (sum, &right) in sums.iter_mut().zip(right) {
            *sum = left.mul_add(right, *sum);
        }
    }
}

fn part(values: &[f64], index: usize, len: usize) -> &[f64] {
    &values[index * len..(index + 1) * len]
}

fn part_mut(values: &mut [f64], index: usize, len: usize) -> &mut [f64] {
    &mut values[index * len..(index + 1) * len]
}

#[cfg(test)]
mod tests {
    use cutpoint_core::random::{RandomState, RandomStream};
    use proptest::prelude::*;

    use super::*;
    use crate::ClassificationParams;
    use crate::classification::geometry;

    proptest! {
        /// Every case runs both ways on a machine with FMA; elsewhere `fill` is the other way already.
        #[test]
        fn with_and_without_the_instruction_the_bits_are_the_same(
            seed: u32,
            n_informative in 1..12_usize,
            n_redundant in 0..9_usize,
            n_repeated in 0..4_usize,
            n_random in 0..9_usize,
            n_rows in 1..70_usize,
        ) {
            let params = ClassificationParams::default()
                .n_features(n_informative + n_redundant + n_repeated + n_random)
                .n_informative(n_informative)
                .n_redundant(n_redundant)
                .n_repeated(n_repeated)
                .n_clusters_per_class(1)
                .n_samples(n_rows);
            let plan = ClassificationPlan::new(&params).unwrap();
            let rng = &mut RandomState::from_seed(seed);
            let geometry = Geometry {
                centroids: geometry::centroids(&plan, rng),
                mixings: geometry::mixings(&plan, rng),
                combinations: geometry::combinations(&params, rng),
                copies: geometry::copies(&params, rng),
                shift: geometry::shift(&params, rng),
                scale: geometry::scale(&params, rng),
                columns: geometry::columns(&params, rng),
            };
            let mut normals = vec![0.0; n_rows * (n_informative + n_random)];
            rng.fill_standard_normal(&mut normals);
            let (informative, random) = normals.split_at(n_rows * n_informative);
            let clusters = (0..n_rows).map(|row| plan.cluster_of(row)).collect::<Vec<_>>();
            let rows = rng.permutation(n_rows);
            let source = Source {
                informative,
                random,
                clusters: &clusters,
            };
            let maker = RowMaker::new(&plan, &geometry);
            let mut by_detection = vec![0.0; n_rows * geometry.columns.len()];
            let mut anywhere = by_detection.clone();
            maker.fill(source, Rows::Picked(&rows), &mut by_detection);
            maker.fill_anywhere(source, Rows::Picked(&rows), &mut anywhere);
            let bits = |values: &[f64]| values.iter().map(|value| value.to_bits()).collect::<Vec<_>>();
            prop_assert_eq!(bits(&by_detection), bits(&anywhere));
        }
    }
}
