//! `make_classification`: clusters on the vertices of a cube, with redundant, repeated and useless features.
//!
//! `params` says what is wanted, `plan` what follows without a draw, `geometry` what is drawn once, `rows` turns
//! normals into rows, `numpy` and `blocks` are the two ways to draw, `truth` is what is known of the result, `feature`
//! of a column.

mod blocks;
mod feature;
mod geometry;
mod numpy;
mod params;
mod plan;
mod rows;
mod truth;

use cutpoint_core::random::RandomState;

pub use blocks::{BLOCK_ROWS, ClassificationBlock, ClassificationBlocks};
pub use feature::{Feature, FeatureKind};
pub use params::{Adjustment, ClassificationParams};
pub use plan::ClassificationPlan;
pub use truth::Classification;

use crate::Result;

/// Labelled data of clusters on the vertices of a cube, and what is known of how they were made.
///
/// Each class has `n_clusters_per_class` clusters, each round a vertex of a cube with edges of 2 `class_sep` in the
/// space of the informative features, correlated by a random matrix. Redundant features are random combinations of
/// the informative ones, repeated features copies, and the rest noise.
///
/// On the NumPy stream this is scikit-learn's `make_classification(..., random_state)`: labels, clusters, order and
/// the state of the generator are equal, and so are features but for the last bits of matrix products. (They are equal
/// to the bit where scikit-learn runs with `OpenBLAS` on a CPU with FMA, `n_informative` ≤ 7, `n_redundant` ≠ 1, and
/// clusters of 2 rows or more.) Its normals come before the order of the rows, so they are held as well as the result:
/// while the data are made they take twice their memory.
///
/// On ChaCha it is the same algorithm in blocks that need no such thing, see [`ClassificationBlocks`].
///
/// # Formula
/// ```text
/// informative = z A[c] + centroid[c]            z standard normal, A[c] uniform in [-1, 1), c the row's cluster
/// redundant   = informative B                   B uniform in [-1, 1)
/// x           = (all columns + shift) * scale
/// y           = c mod n_classes, or with probability flip_y a class drawn anew (it may be the same)
/// ```
///
/// # Shapes
/// `x`: `(n_samples, n_features)`; `y`: `(n_samples,)`, its table holding only the classes that occur.
///
/// # Errors
/// Those of [`ClassificationParams::check`].
///
/// # Examples
/// ```
/// use cutpoint_datasets::{ClassificationParams, make_classification};
///
/// let params = ClassificationParams::default().n_samples(200).weights([0.9, 0.1]).flip_y(0.0).seed(42);
/// let made = make_classification(&params)?;
/// assert_eq!(made.dataset().x().dim(), (200, 20));
/// assert_eq!(made.dataset().y().counts(), [180, 20]);
/// # Ok::<(), cutpoint_datasets::Error>(())
/// ```
///
/// # References
/// - Guyon 2003, "Design of experiments for the NIPS 2003 variable selection benchmark".
/// - scikit-learn 1.9.1, `sklearn/datasets/_samples_generator.py`.
pub fn make_classification(params: &ClassificationParams) -> Result<Classification> {
    let plan = ClassificationPlan::new(params)?;
    Ok(match params.seed.numpy_generator() {
        Some(mut rng) => numpy::make(&plan, &mut rng),
        None => ClassificationBlocks::of(plan).all(),
    })
}

/// The same from a generator that is already in use, and goes on from where it stands: scikit-learn's
/// `make_classification(..., random_state=generator)`. The seed of the parameters is not used.
///
/// # Errors
/// Those of [`ClassificationParams::check`].
///
/// # Examples
/// ```
/// use cutpoint_core::random::RandomState;
/// use cutpoint_datasets::{ClassificationParams, make_classification, make_classification_with};
///
/// let params = ClassificationParams::default();
/// let mut generator = RandomState::from_seed(42);
/// let first = make_classification_with(&params, &mut generator)?;
/// let second = make_classification_with(&params, &mut generator)?;
/// assert_eq!(first, make_classification(&params.seed(42))?);
/// assert_ne!(first, second);
/// # Ok::<(), cutpoint_datasets::Error>(())
/// ```
pub fn make_classification_with(
    params: &ClassificationParams,
    rng: &mut RandomState,
) -> Result<Classification> {
    Ok(numpy::make(&ClassificationPlan::new(params)?, rng))
}
