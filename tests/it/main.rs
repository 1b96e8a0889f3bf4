//! Tests that span the crates: the layers, the tidiness of the sources, whole pipelines against scikit-learn.

mod dependencies;
mod imports;
mod layers;
mod pipelines;
mod tidy;

use std::path::{Path, PathBuf};

/// The root of the workspace.
fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the tests package lies in the workspace")
        .to_owned()
}
