//! The NumPy stream: every draw from one generator, in the very order of scikit-learn.

use cutpoint_core::random::{RandomState, RandomStream};
use ndarray::Array2;
use rayon::prelude::*;

use super::geometry::{self, Geometry};
use super::plan::{ClassificationPlan, class_code};
use super::rows::{RowMaker, Rows, Source};
use super::truth::Classification;
use crate::normals::standard_normals;

/// Rows of one task.
const TASK_ROWS: usize = 4096;

/// The data, and the generator left in the state that scikit-learn leaves it in.
pub(super) fn make(plan: &ClassificationPlan, rng: &mut RandomState) -> Classification {
    let params = plan.params();
    let n_samples = params.n_samples;
    let centroids = geometry::centroids(plan, rng);
    let informative = standard_normals(rng, n_samples * params.n_informative);
    let mixings = geometry::mixings(plan, rng);
    let combinations = geometry::combinations(params, rng);
    let copies = geometry::copies(params, rng);
    let random = standard_normals(rng, n_samples * plan.n_random());
    let clusters = (0..n_samples)
        .map(|row| plan.cluster_of(row))
        .collect::<Vec<_>>();
    let redrawn = (0..n_samples)
        .map(|_| rng.double() < params.flip_y)
        .collect::<Vec<_>>();
    let codes = redrawn
        .iter()
        .zip(&clusters)
        .map(|(&redrawn, &cluster)| {
            if redrawn {
                class_code(rng.index(params.n_classes))
            } else {
                class_code(cluster as usize % params.n_classes)
            }
        })
        .collect::<Vec<_>>();
    let shift = geometry::shift(params, rng);
    let scale = geometry::scale(params, rng);
    let order = params.shuffle.then(|| rng.permutation(n_samples));
    let geometry = Geometry {
        centroids,
        mixings,
        combinations,
        copies,
        shift,
        scale,
        columns: geometry::columns(params, rng),
    };

    let order = order.as_deref();
    let source = Source {
        informative: &informative,
        random: &random,
        clusters: &clusters,
    };
    let maker = RowMaker::new(plan, &geometry);
    let (x, (codes, clusters, redrawn)) = rayon::join(
        || filled(&maker, source, order, n_samples, params.n_features),
        || {
            (
                gathered(&codes, order),
                gathered(&clusters, order),
                gathered(&redrawn, order),
            )
        },
    );
    Classification::new(plan, geometry, x, codes, clusters, redrawn)
}

/// All rows, in the order given or as they stand, on all threads.
fn filled(
    maker: &RowMaker<'_>,
    source: Source<'_>,
    order: Option<&[usize]>,
    n_samples: usize,
    n_features: usize,
) -> Array2<f64> {
    let mut x = Array2::zeros((n_samples, n_features));
    x.as_slice_mut()
        .expect("a new matrix is row-major")
        .par_chunks_mut(TASK_ROWS * n_features)
        .enumerate()
        .for_each(|(task, x)| {
            let first = task * TASK_ROWS;
            let end = first + x.len() / n_features;
            let rows = order.map_or(Rows::From(first), |order| Rows::Picked(&order[first..end]));
            maker.fill(source, rows, x);
        });
    x
}

fn gathered<T: Copy>(values: &[T], order: Option<&[usize]>) -> Vec<T> {
    match order {
        Some(order) => order.iter().map(|&row| values[row]).collect(),
        None => values.to_vec(),
    }
}
