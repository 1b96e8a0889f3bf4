//! The NumPy stream: every draw from one generator, in the very order of scikit-learn.

use cutpoint_core::random::{RandomState, RandomStream};
use cutpoint_core::{Dataset, Label, Labels};
use ndarray::Array2;
use rayon::prelude::*;

use super::geometry::{self, Geometry};
use super::plan::ClassificationPlan;
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

    let maker = RowMaker::new(plan, &geometry);
    let mut x = Array2::zeros((n_samples, params.n_features));
    let values = x.as_slice_mut().expect("a new matrix is row-major");
    values
        .par_chunks_mut(TASK_ROWS * params.n_features)
        .enumerate()
        .for_each(|(task, values)| {
            let n_rows = values.len() / params.n_features;
            let rows = task * TASK_ROWS..task * TASK_ROWS + n_rows;
            let source = match &order {
                Some(order) => Source {
                    informative: &informative,
                    random: &random,
                    clusters: &clusters,
                    rows: Rows::Picked(&order[rows]),
                },
                None => Source {
                    informative: &informative[rows.start * params.n_informative..],
                    random: &random[rows.start * plan.n_random()..],
                    clusters: &clusters[rows],
                    rows: Rows::InOrder,
                },
            };
            maker.fill(source, values);
        });
    finished(
        plan,
        geometry,
        x,
        gathered(codes, order.as_deref()),
        gathered(clusters, order.as_deref()),
        gathered(redrawn, order.as_deref()),
    )
}

/// The result of finished columns.
pub(super) fn finished(
    plan: &ClassificationPlan,
    geometry: Geometry,
    x: Array2<f64>,
    codes: Vec<u32>,
    clusters: Vec<u32>,
    redrawn: Vec<bool>,
) -> Classification {
    let n_classes = plan.params().n_classes;
    let y = Labels::from_codes(codes, class_labels(n_classes))
        .expect("codes are below the number of classes")
        .compact();
    Classification {
        dataset: Dataset::new(x, y).expect("a label a row"),
        features: geometry.features(plan),
        clusters,
        redrawn,
        centroids: geometry.centroids,
        n_classes,
    }
}

pub(super) fn class_labels(n_classes: usize) -> Vec<Label> {
    (0..).map(Label::Integer).take(n_classes).collect()
}

pub(super) fn class_code(class: usize) -> u32 {
    u32::try_from(class).expect("fewer than 2^32 classes, as each has a matrix in memory")
}

fn gathered<T: Copy>(values: Vec<T>, order: Option<&[usize]>) -> Vec<T> {
    match order {
        Some(order) => order.iter().map(|&row| values[row]).collect(),
        None => values,
    }
}
