//! What is known of generated data besides the data: kinds of columns, clusters, labels drawn anew.

use std::fmt;

use cutpoint_core::{Dataset, Labels};
use ndarray::Array2;

use super::geometry::Geometry;
use super::plan::ClassificationPlan;

/// What a column is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum FeatureKind {
    /// The clusters differ in it.
    Informative,
    /// A combination of the informative columns.
    Redundant,
    /// A copy of an informative or redundant column.
    Repeated,
    /// Noise.
    Random,
}

impl FeatureKind {
    /// The name that scikit-learn gives it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Informative => "informative",
            Self::Redundant => "redundant",
            Self::Repeated => "repeated",
            Self::Random => "random",
        }
    }
}

impl fmt::Display for FeatureKind {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(self.name())
    }
}

/// What is known of a column.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Feature {
    pub(super) kind: FeatureKind,
    pub(super) original: usize,
    pub(super) copy_of: Option<usize>,
}

impl Feature {
    /// What it is.
    pub fn kind(self) -> FeatureKind {
        self.kind
    }

    /// Its place before columns were shuffled. An informative column is the coordinate of the centroids by that number.
    pub fn original(self) -> usize {
        self.original
    }

    /// The column, as they stand now, that a repeated one copies (before shift and scale, which each has its own).
    pub fn copy_of(self) -> Option<usize> {
        self.copy_of
    }
}

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
