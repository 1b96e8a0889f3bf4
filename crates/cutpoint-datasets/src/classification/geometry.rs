//! What is drawn once for all rows: centroids, matrices, copies, shift, scale, order of columns.
//!
//! Each part is drawn by a function of its own, since on the NumPy stream the rows are drawn in between.

use cutpoint_core::random::RandomStream;
use ndarray::Array2;

use super::feature::{Feature, FeatureKind};
use super::params::{Adjustment, ClassificationParams};
use super::plan::ClassificationPlan;

/// Everything that turns standard normals into rows.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Geometry {
    /// `(n_clusters, n_informative)`.
    pub(super) centroids: Array2<f64>,
    /// The square matrix of each cluster, one after another, row by row.
    pub(super) mixings: Vec<f64>,
    /// `n_informative` rows of `n_redundant` each.
    pub(super) combinations: Vec<f64>,
    /// For each repeated column the one it copies.
    pub(super) copies: Vec<usize>,
    /// One a column, before columns are shuffled.
    pub(super) shift: Vec<f64>,
    /// One a column, before columns are shuffled.
    pub(super) scale: Vec<f64>,
    /// For each final column where it stood before.
    pub(super) columns: Vec<usize>,
}

impl Geometry {
    /// What is known of each final column.
    pub(super) fn features(&self, plan: &ClassificationPlan) -> Vec<Feature> {
        let n_redundant_from = plan.n_before(FeatureKind::Redundant);
        let n_repeated_from = plan.n_before(FeatureKind::Repeated);
        let n_random_from = plan.n_before(FeatureKind::Random);
        let mut place_of = vec![0; self.columns.len()];
        for (place, &original) in self.columns.iter().enumerate() {
            place_of[original] = place;
        }
        let feature = |&original: &usize| Feature {
            kind: match original {
                _ if original < n_redundant_from => FeatureKind::Informative,
                _ if original < n_repeated_from => FeatureKind::Redundant,
                _ if original < n_random_from => FeatureKind::Repeated,
                _ => FeatureKind::Random,
            },
            original,
            copy_of: original
                .checked_sub(n_repeated_from)
                .and_then(|repeated| self.copies.get(repeated))
                .map(|&source| place_of[source]),
        };
        self.columns.iter().map(feature).collect()
    }
}

/// The vertices that the clusters stand on.
pub(super) fn centroids(plan: &ClassificationPlan, rng: &mut impl RandomStream) -> Array2<f64> {
    let params = plan.params();
    let vertices = rng
        .hypercube(plan.n_clusters(), params.n_informative)
        .expect("no more clusters than vertices");
    let edge = 2.0 * params.class_sep;
    let mut centroids = vertices.mapv(|bit| f64::from(bit) * edge - params.class_sep);
    if !params.hypercube {
        let by_cluster = doubles(plan.n_clusters(), rng);
        let by_feature = doubles(params.n_informative, rng);
        for ((cluster, feature), coordinate) in centroids.indexed_iter_mut() {
            *coordinate = *coordinate * by_cluster[cluster] * by_feature[feature];
        }
    }
    centroids
}

/// The matrix that correlates the features of each cluster, also of a cluster without rows.
pub(super) fn mixings(plan: &ClassificationPlan, rng: &mut impl RandomStream) -> Vec<f64> {
    let n_informative = plan.params().n_informative;
    signed(plan.n_clusters() * n_informative * n_informative, rng)
}

/// The combinations that the redundant columns are.
pub(super) fn combinations(params: &ClassificationParams, rng: &mut impl RandomStream) -> Vec<f64> {
    signed(params.n_informative * params.n_redundant, rng)
}

/// The columns that are copied.
pub(super) fn copies(params: &ClassificationParams, rng: &mut impl RandomStream) -> Vec<usize> {
    let n_sources = params.n_informative + params.n_redundant;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a place below n_sources, truncated by rule"
    )]
    let place = |u: f64| ((n_sources - 1) as f64 * u + 0.5) as usize;
    (0..params.n_repeated)
        .map(|_| place(rng.double()))
        .collect()
}

/// The shift of each column.
pub(super) fn shift(params: &ClassificationParams, rng: &mut impl RandomStream) -> Vec<f64> {
    adjusted(&params.shift, params.n_features, || {
        (2.0 * rng.double() - 1.0) * params.class_sep
    })
}

/// The scale of each column.
pub(super) fn scale(params: &ClassificationParams, rng: &mut impl RandomStream) -> Vec<f64> {
    adjusted(&params.scale, params.n_features, || {
        1.0 + 100.0 * rng.double()
    })
}

/// For each final column where it stood before; must be drawn last, and only after the rows' order.
pub(super) fn columns(params: &ClassificationParams, rng: &mut impl RandomStream) -> Vec<usize> {
    if params.shuffle {
        rng.permutation(params.n_features)
    } else {
        (0..params.n_features).collect()
    }
}

fn adjusted(adjustment: &Adjustment, n: usize, mut draw: impl FnMut() -> f64) -> Vec<f64> {
    match adjustment {
        Adjustment::Fixed(value) => vec![*value; n],
        Adjustment::PerFeature(values) => values.clone(),
        Adjustment::Drawn => (0..n).map(|_| draw()).collect(),
    }
}

fn doubles(n: usize, rng: &mut impl RandomStream) -> Vec<f64> {
    (0..n).map(|_| rng.double()).collect()
}

/// Numbers in [-1, 1).
fn signed(n: usize, rng: &mut impl RandomStream) -> Vec<f64> {
    (0..n).map(|_| 2.0 * rng.double() - 1.0).collect()
}
