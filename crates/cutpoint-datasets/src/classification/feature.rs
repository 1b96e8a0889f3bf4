//! What is known of a column: its kind, and where it comes from. The numbers in it are made in `rows`.

use std::fmt;

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
