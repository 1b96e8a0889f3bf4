//! What is known of generated data besides the data: columns, clusters, labels drawn anew.

use cutpoint_core::{Dataset, Labels};
use ndarray::Array2;

use super::feature::Feature;
use super::geometry::Geometry;
use super::plan::ClassificationPlan;

/// Labelled data, and what is known of how they were made.
#[derive(Debug, Clone, PartialEq)]
pub struct Classification {
    dataset: Dataset,
    features: Vec<Feature>,
    clusters: Vec<u32>,
    redrawn: Vec<bool>,
    centroids: Array2<f64>,
    n_classes: usize,
}

impl Classification {
    /// The result of finished columns; a code is a class of [`ClassificationPlan::classes`].
    pub(super) fn new(
        plan: &ClassificationPlan,
        geometry: Geometry,
        x: Array2<f64>,
        codes: Vec<u32>,
        clusters: Vec<u32>,
        redrawn: Vec<bool>,
    ) -> Self {
        let y = Labels::from_codes(codes, plan.classes())
            .expect("codes are below the number of classes")
            .compact();
        Self {
            dataset: Dataset::new(x, y).expect("a label a row"),
            features: geometry.features(plan),
            clusters,
            redrawn,
            centroids: geometry.centroids,
            n_classes: plan.params().n_classes,
        }
    }

    /// The data.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The data alone.
    pub fn into_dataset(self) -> Dataset {
        self.dataset
    }

    /// What each column is.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The cluster of each row.
    pub fn clusters(&self) -> &[u32] {
        &self.clusters
    }

    /// The class of each row before labels were drawn anew: its cluster's.
    pub fn true_classes(&self) -> impl ExactSizeIterator<Item = usize> {
        let n_classes = self.n_classes;
        self.clusters
            .iter()
            .map(move |&cluster| cluster as usize % n_classes)
    }

    /// Whether the label of each row was drawn anew. It may have been drawn the same.
    pub fn redrawn(&self) -> &[bool] {
        &self.redrawn
    }

    /// The centre of each cluster.
    ///
    /// # Shapes
    /// `(n_clusters, n_informative)`, in the columns' order before shuffling, and before shift and scale.
    pub fn centroids(&self) -> &Array2<f64> {
        &self.centroids
    }
}
