//! Synthetic labelled data: `make_classification`, `make_blobs`, `make_moons`, `make_circles`.
//!
//! On the NumPy stream the data are those of scikit-learn 1.9.1 for the same parameters and `random_state`; on ChaCha
//! they are drawn block by block. Nothing here is written to a file or split.

mod blobs;
mod circles;
mod classification;
mod curves;
mod error;
mod moons;
mod normals;

pub use blobs::{BlobSizes, Blobs, BlobsParams, Centers, make_blobs, make_blobs_with};
pub use circles::{CirclesParams, make_circles, make_circles_with};
pub use classification::{
    Adjustment, BLOCK_ROWS, Classification, ClassificationBlock, ClassificationBlocks,
    ClassificationParams, ClassificationPlan, Feature, FeatureKind, make_classification,
    make_classification_with,
};
pub use error::{Error, Result};
pub use moons::{MoonsParams, make_moons, make_moons_with};
