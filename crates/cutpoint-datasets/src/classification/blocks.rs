//! The ChaCha stream: rows in blocks that need nothing of each other, for data of any size.

use std::ops::Range;

use cutpoint_core::random::{ChaChaStream, KeyedPermutation, Purpose, RandomStream};
use cutpoint_core::{Label, StreamKind};
use ndarray::Array2;
use rayon::prelude::*;

use super::feature::Feature;
use super::geometry::{self, Geometry};
use super::params::ClassificationParams;
use super::plan::{ClassificationPlan, class_code};
use super::rows::{RowMaker, Rows, Source};
use super::truth::Classification;
use crate::{Error, Result};

/// Rows of a block; the last block may have fewer. Part of the stream: another number would make other data.
pub const BLOCK_ROWS: usize = 4096;

const CENTROIDS: Purpose = Purpose::new("classification.centroids");
const MIXINGS: Purpose = Purpose::new("classification.mixings");
const COMBINATIONS: Purpose = Purpose::new("classification.combine");
const COPIES: Purpose = Purpose::new("classification.copies");
const SHIFT: Purpose = Purpose::new("classification.shift");
const SCALE: Purpose = Purpose::new("classification.scale");
const COLUMNS: Purpose = Purpose::new("classification.columns");
const ROWS: Purpose = Purpose::new("classification.rows");
const INFORMATIVE: Purpose = Purpose::new("classification.inform");
const RANDOM: Purpose = Purpose::new("classification.random");
const LABELS: Purpose = Purpose::new("classification.labels");

/// [`make_classification`](crate::make_classification) on the ChaCha stream, block by block: any block can be made at
/// any time, on any thread, and is always the same.
///
/// What concerns all rows (centroids, matrices, copies, shift, scale, order of columns) is drawn once, each from a
/// stream of its own. Each block draws its normals and its labels from streams keyed by its number. Instead of a
/// shuffle, a [`KeyedPermutation`] of the rows decides which cluster stands in which row, so cluster sizes are exact.
///
/// # Examples
/// ```
/// use cutpoint_core::Seed;
/// use cutpoint_datasets::{ClassificationBlocks, ClassificationParams, make_classification};
///
/// let params = ClassificationParams::default().n_samples(10_000).seed(Seed::chacha(42));
/// let blocks = ClassificationBlocks::new(&params)?;
/// assert_eq!(blocks.n_blocks(), 3);
/// let last = blocks.block(2);
/// assert_eq!(last.rows(), 8192..10_000);
///
/// let whole = make_classification(&params)?;
/// assert_eq!(last.x().row(0), whole.dataset().x().row(8192));
/// # Ok::<(), cutpoint_datasets::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct ClassificationBlocks {
    plan: ClassificationPlan,
    geometry: Geometry,
    features: Vec<Feature>,
    order: Option<KeyedPermutation>,
}

/// Consecutive rows.
#[derive(Debug, Clone, PartialEq)]
pub struct ClassificationBlock {
    first_row: usize,
    x: Array2<f64>,
    codes: Vec<u32>,
    clusters: Vec<u32>,
    redrawn: Vec<bool>,
}

impl ClassificationBlock {
    /// Which rows of the whole these are.
    pub fn rows(&self) -> Range<usize> {
        self.first_row..self.first_row + self.codes.len()
    }

    /// Their features.
    ///
    /// # Shapes
    /// `(rows().len(), n_features)`, row-major.
    pub fn x(&self) -> &Array2<f64> {
        &self.x
    }

    /// Their labels, as places in [`ClassificationBlocks::classes`].
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// Their clusters.
    pub fn clusters(&self) -> &[u32] {
        &self.clusters
    }

    /// Whether each label was drawn anew. It may have been drawn the same.
    pub fn redrawn(&self) -> &[bool] {
        &self.redrawn
    }
}

impl ClassificationBlocks {
    /// Draws what concerns all rows.
    ///
    /// # Errors
    /// - Those of [`ClassificationParams::check`].
    /// - [`Error::BlocksOfNumpy`] for a seed of the NumPy stream, which only runs from start to end.
    pub fn new(params: &ClassificationParams) -> Result<Self> {
        let plan = ClassificationPlan::new(params)?;
        if params.seed.kind() != StreamKind::ChaCha {
            return Err(Error::BlocksOfNumpy);
        }
        Ok(Self::of(plan))
    }

    pub(super) fn of(plan: ClassificationPlan) -> Self {
        let params = plan.params();
        let stream = |purpose| ChaChaStream::new(params.seed.random_state(), purpose, 0);
        let geometry = Geometry {
            centroids: geometry::centroids(&plan, &mut stream(CENTROIDS)),
            mixings: geometry::mixings(&plan, &mut stream(MIXINGS)),
            combinations: geometry::combinations(params, &mut stream(COMBINATIONS)),
            copies: geometry::copies(params, &mut stream(COPIES)),
            shift: geometry::shift(params, &mut stream(SHIFT)),
            scale: geometry::scale(params, &mut stream(SCALE)),
            columns: geometry::columns(params, &mut stream(COLUMNS)),
        };
        let order = params
            .shuffle
            .then(|| KeyedPermutation::new(params.n_samples as u64, &mut stream(ROWS)));
        Self {
            features: geometry.features(&plan),
            geometry,
            order,
            plan,
        }
    }

    /// Rows in all.
    pub fn n_samples(&self) -> usize {
        self.plan.params().n_samples
    }

    /// Columns.
    pub fn n_features(&self) -> usize {
        self.plan.params().n_features
    }

    /// Blocks of [`BLOCK_ROWS`] rows.
    pub fn n_blocks(&self) -> usize {
        self.n_samples().div_ceil(BLOCK_ROWS)
    }

    /// The classes that codes point into: all that were asked for, whether they occur or not.
    pub fn classes(&self) -> Vec<Label> {
        self.plan.classes()
    }

    /// What each column is.
    pub fn features(&self) -> &[Feature] {
        &self.features
    }

    /// The centre of each cluster, as in [`Classification::centroids`].
    pub fn centroids(&self) -> &Array2<f64> {
        &self.geometry.centroids
    }

    /// A block.
    ///
    /// # Panics
    /// If `index` is not below [`n_blocks`](Self::n_blocks).
    pub fn block(&self, index: usize) -> ClassificationBlock {
        assert!(index < self.n_blocks(), "a block that exists");
        let first_row = index * BLOCK_ROWS;
        let n_rows = BLOCK_ROWS.min(self.n_samples() - first_row);
        let mut block = ClassificationBlock {
            first_row,
            x: Array2::zeros((n_rows, self.n_features())),
            codes: vec![0; n_rows],
            clusters: vec![0; n_rows],
            redrawn: vec![false; n_rows],
        };
        let maker = RowMaker::new(&self.plan, &self.geometry);
        self.fill(
            &maker,
            index,
            block.x.as_slice_mut().expect("a new matrix is row-major"),
            [&mut block.codes, &mut block.clusters],
            &mut block.redrawn,
        );
        block
    }

    /// All blocks, on all threads.
    pub(super) fn all(self) -> Classification {
        let (n_samples, n_features) = (self.n_samples(), self.n_features());
        let mut x = Array2::zeros((n_samples, n_features));
        let mut codes = vec![0; n_samples];
        let mut clusters = vec![0; n_samples];
        let mut redrawn = vec![false; n_samples];
        let maker = RowMaker::new(&self.plan, &self.geometry);
        x.as_slice_mut()
            .expect("a new matrix is row-major")
            .par_chunks_mut(BLOCK_ROWS * n_features)
            .zip(codes.par_chunks_mut(BLOCK_ROWS))
            .zip(clusters.par_chunks_mut(BLOCK_ROWS))
            .zip(redrawn.par_chunks_mut(BLOCK_ROWS))
            .enumerate()
            .for_each(|(index, (((x, codes), clusters), redrawn))| {
                self.fill(&maker, index, x, [codes, clusters], redrawn);
            });
        drop(maker);
        Classification::new(&self.plan, self.geometry, x, codes, clusters, redrawn)
    }

    fn fill(
        &self,
        maker: &RowMaker<'_>,
        index: usize,
        x: &mut [f64],
        [codes, clusters]: [&mut [u32]; 2],
        redrawn: &mut [bool],
    ) {
        let params = self.plan.params();
        let stream = |purpose| ChaChaStream::new(params.seed.random_state(), purpose, index as u64);
        let n_rows = codes.len();
        for (row, cluster) in (index * BLOCK_ROWS..).zip(clusters.iter_mut()) {
            *cluster = self.plan.cluster_of(self.original_row(row));
        }
        let mut labels = stream(LABELS);
        for redrawn in redrawn.iter_mut() {
            *redrawn = labels.double() < params.flip_y;
        }
        for ((code, &cluster), &redrawn) in codes.iter_mut().zip(&*clusters).zip(&*redrawn) {
            *code = class_code(if redrawn {
                labels.index(params.n_classes)
            } else {
                cluster as usize % params.n_classes
            });
        }
        let informative = stream(INFORMATIVE).standard_normals(n_rows, params.n_informative);
        let random = stream(RANDOM).standard_normals(n_rows, self.plan.n_random());
        let source = Source {
            informative: informative.as_slice().expect("row-major"),
            random: random.as_slice().expect("row-major"),
            clusters,
        };
        maker.fill(source, Rows::From(0), x);
    }

    /// The row that would stand here without a shuffle.
    fn original_row(&self, row: usize) -> usize {
        let Some(order) = &self.order else {
            return row;
        };
        #[expect(clippy::cast_possible_truncation, reason = "below n_samples")]
        let original = order.get(row as u64) as usize;
        original
    }
}
