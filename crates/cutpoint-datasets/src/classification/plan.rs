//! What follows from the parameters without a draw: how many rows each cluster has, and which columns are which.

use cutpoint_core::Label;

use super::feature::FeatureKind;
use super::params::ClassificationParams;
use crate::Result;

/// Checked parameters, and the layout of the data they ask for.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassificationPlan {
    params: ClassificationParams,
    cluster_sizes: Vec<usize>,
    cluster_ends: Vec<usize>,
}

impl ClassificationPlan {
    /// What follows from parameters, which are checked.
    ///
    /// Rows of each cluster: its class's weight of them, shared by the clusters of the class and rounded down; what is
    /// missing goes to the clusters in turn.
    ///
    /// # Errors
    /// Those of [`ClassificationParams::check`].
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "truncation is the rule; weights are not negative, and what is too large saturates"
    )]
    pub fn new(params: &ClassificationParams) -> Result<Self> {
        params.check()?;
        let weights = params.class_weights()?;
        let n_clusters = params.n_classes * params.n_clusters_per_class;
        let mut cluster_sizes = (0..n_clusters)
            .map(|cluster| {
                let n_of_class = params.n_samples as f64 * weights[cluster % params.n_classes];
                (n_of_class / params.n_clusters_per_class as f64) as usize
            })
            .collect::<Vec<_>>();
        let n_placed = cluster_sizes
            .iter()
            .fold(0_usize, |sum, &size| sum.saturating_add(size));
        for extra in 0..params.n_samples.saturating_sub(n_placed) {
            cluster_sizes[extra % n_clusters] += 1;
        }
        let mut end = 0_usize;
        let cluster_ends = cluster_sizes
            .iter()
            .map(|&size| {
                end = end.saturating_add(size).min(params.n_samples);
                end
            })
            .collect();
        Ok(Self {
            params: params.clone(),
            cluster_sizes,
            cluster_ends,
        })
    }

    pub(super) fn params(&self) -> &ClassificationParams {
        &self.params
    }

    /// Clusters in all; cluster `c` is of class `c` mod `n_classes`.
    pub fn n_clusters(&self) -> usize {
        self.cluster_sizes.len()
    }

    /// Rows that each cluster asks for. If the weights sum to more than 1 they are more than `n_samples`, and the last
    /// clusters get fewer or none.
    pub fn cluster_sizes(&self) -> &[usize] {
        &self.cluster_sizes
    }

    /// Columns that are noise.
    pub fn n_random(&self) -> usize {
        self.params.n_features - self.n_before(FeatureKind::Random)
    }

    /// All classes, whether they occur or not.
    pub(super) fn classes(&self) -> Vec<Label> {
        (0..)
            .map(Label::Integer)
            .take(self.params.n_classes)
            .collect()
    }

    /// The cluster of a row, before rows are shuffled.
    pub(super) fn cluster_of(&self, row: usize) -> u32 {
        let cluster = self.cluster_ends.partition_point(|&end| end <= row);
        u32::try_from(cluster).expect("fewer than 2^32 clusters, as each has a matrix in memory")
    }

    /// Columns of the kinds that come before this one, before columns are shuffled.
    pub(super) fn n_before(&self, kind: FeatureKind) -> usize {
        let counts = [
            (FeatureKind::Informative, self.params.n_informative),
            (FeatureKind::Redundant, self.params.n_redundant),
            (FeatureKind::Repeated, self.params.n_repeated),
        ];
        counts
            .iter()
            .take_while(|(other, _)| *other != kind)
            .map(|(_, count)| count)
            .sum()
    }
}

/// The code of a class in [`ClassificationPlan::classes`].
pub(super) fn class_code(class: usize) -> u32 {
    u32::try_from(class).expect("fewer than 2^32 classes, as each has a matrix in memory")
}
