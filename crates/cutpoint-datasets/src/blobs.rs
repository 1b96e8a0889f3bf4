//! `make_blobs`: normal clouds round centres.

use cutpoint_core::random::{Purpose, RandomStream};
use cutpoint_core::{Dataset, Label, Labels, Seed};
use ndarray::{Array2, Axis};

use crate::error::{check_count, check_finite, check_none_negative, check_not_negative};
use crate::{Error, Result};

/// Centres if neither they nor sizes are given.
const DEFAULT_N_CENTERS: usize = 3;

const PURPOSE: Purpose = Purpose::new("blobs");

/// How many rows there are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum BlobSizes {
    /// So many in all, dealt equally; the first centres get one more each if it does not go round.
    Total(usize),
    /// So many round each centre.
    PerCenter(Vec<usize>),
}

impl From<usize> for BlobSizes {
    fn from(n_samples: usize) -> Self {
        Self::Total(n_samples)
    }
}

impl From<Vec<usize>> for BlobSizes {
    fn from(sizes: Vec<usize>) -> Self {
        Self::PerCenter(sizes)
    }
}

/// Where the clouds stand.
#[derive(Debug, Clone, PartialEq)]
pub enum Centers {
    /// At so many places drawn from the box.
    Drawn(usize),
    /// At these, one a row.
    Given(Array2<f64>),
}

impl From<usize> for Centers {
    fn from(n_centers: usize) -> Self {
        Self::Drawn(n_centers)
    }
}

impl From<Array2<f64>> for Centers {
    fn from(centers: Array2<f64>) -> Self {
        Self::Given(centers)
    }
}

/// How wide the clouds are.
#[derive(Debug, Clone, PartialEq)]
enum Spread {
    Same(f64),
    PerCenter(Vec<f64>),
}

/// What [`make_blobs`] is asked for. Defaults and names are scikit-learn's.
#[derive(Debug, Clone, PartialEq)]
pub struct BlobsParams {
    n_samples: BlobSizes,
    n_features: usize,
    centers: Option<Centers>,
    cluster_std: Spread,
    center_box: (f64, f64),
    shuffle: bool,
    seed: Seed,
}

impl Default for BlobsParams {
    fn default() -> Self {
        Self {
            n_samples: BlobSizes::Total(100),
            n_features: 2,
            centers: None,
            cluster_std: Spread::Same(1.0),
            center_box: (-10.0, 10.0),
            shuffle: true,
            seed: Seed::default(),
        }
    }
}

impl BlobsParams {
    /// Rows, in all or round each centre. Default 100; [1, inf) in all.
    #[must_use]
    pub fn n_samples(mut self, n_samples: impl Into<BlobSizes>) -> Self {
        self.n_samples = n_samples.into();
        self
    }

    /// Columns. Default 2; [1, inf). Centres that are given have columns of their own, and this is not used.
    #[must_use]
    pub fn n_features(mut self, n_features: usize) -> Self {
        self.n_features = n_features;
        self
    }

    /// Centres: a number of them, in [1, inf), or the points themselves. Default: 3, or as many as `n_samples` has
    /// sizes.
    #[must_use]
    pub fn centers(mut self, centers: impl Into<Centers>) -> Self {
        self.centers = Some(centers.into());
        self
    }

    /// Standard deviation of every cloud. Default 1; [0, inf). Larger makes them overlap.
    #[must_use]
    pub fn cluster_std(mut self, cluster_std: f64) -> Self {
        self.cluster_std = Spread::Same(cluster_std);
        self
    }

    /// Standard deviation of each cloud; each in [0, inf).
    #[must_use]
    pub fn cluster_stds(mut self, cluster_stds: impl Into<Vec<f64>>) -> Self {
        self.cluster_std = Spread::PerCenter(cluster_stds.into());
        self
    }

    /// The range that each coordinate of a centre is drawn from. Default -10 to 10; finite, in order.
    #[must_use]
    pub fn center_box(mut self, low: f64, high: f64) -> Self {
        self.center_box = (low, high);
        self
    }

    /// Whether rows are shuffled (default), or stand cloud by cloud.
    #[must_use]
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// Where the draws come from. Default: the NumPy stream from 0.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<Seed>) -> Self {
        self.seed = seed.into();
        self
    }

    /// Checks everything together.
    ///
    /// # Errors
    /// - [`Error::Zero`] for no rows, columns or centres.
    /// - [`Error::Number`], [`Error::Entry`] for `cluster_std` or centres outside their domain.
    /// - [`Error::CenterBox`] for a box that is none.
    /// - [`Error::ListLength`] if there is not one size and one deviation a centre.
    pub fn check(&self) -> Result<()> {
        match &self.n_samples {
            BlobSizes::Total(n_samples) => check_count("n_samples", *n_samples)?,
            BlobSizes::PerCenter(sizes) => check_count("n_samples", sizes.iter().sum())?,
        }
        check_count("n_features", self.n_features)?;
        match &self.centers {
            None => {}
            Some(Centers::Drawn(n_centers)) => check_count("centers", *n_centers)?,
            Some(Centers::Given(centers)) => {
                check_count("centers", centers.len())?;
                check_finite("centers", centers)?;
            }
        }
        match &self.cluster_std {
            Spread::Same(deviation) => check_not_negative("cluster_std", *deviation)?,
            Spread::PerCenter(deviations) => check_none_negative("cluster_std", deviations)?,
        }
        let (low, high) = self.center_box;
        if !(low <= high && (high - low).is_finite()) {
            return Err(Error::CenterBox { low, high });
        }
        let n_centers = self.n_centers();
        if let BlobSizes::PerCenter(sizes) = &self.n_samples {
            check_length("n_samples", n_centers, sizes.len())?;
        }
        if let Spread::PerCenter(deviations) = &self.cluster_std {
            check_length("cluster_std", n_centers, deviations.len())?;
        }
        Ok(())
    }

    fn n_centers(&self) -> usize {
        match (&self.centers, &self.n_samples) {
            (Some(Centers::Drawn(n_centers)), _) => *n_centers,
            (Some(Centers::Given(centers)), _) => centers.nrows(),
            (None, BlobSizes::PerCenter(sizes)) => sizes.len(),
            (None, BlobSizes::Total(_)) => DEFAULT_N_CENTERS,
        }
    }

    fn sizes(&self) -> Vec<usize> {
        match &self.n_samples {
            BlobSizes::PerCenter(sizes) => sizes.clone(),
            BlobSizes::Total(n_samples) => {
                let n_centers = self.n_centers();
                (0..n_centers)
                    .map(|center| {
                        n_samples / n_centers + usize::from(center < n_samples % n_centers)
                    })
                    .collect()
            }
        }
    }

    fn deviation(&self, center: usize) -> f64 {
        match &self.cluster_std {
            Spread::Same(deviation) => *deviation,
            Spread::PerCenter(deviations) => deviations[center],
        }
    }
}

fn check_length(name: &'static str, expected: usize, got: usize) -> Result<()> {
    if got != expected {
        return Err(Error::ListLength {
            name,
            expected,
            of: "centre",
            got,
        });
    }
    Ok(())
}

/// Normal clouds, and where they stand.
#[derive(Debug, Clone, PartialEq)]
pub struct Blobs {
    dataset: Dataset,
    centers: Array2<f64>,
}

impl Blobs {
    /// The data; the label of a row is the number of its centre.
    pub fn dataset(&self) -> &Dataset {
        &self.dataset
    }

    /// The data alone.
    pub fn into_dataset(self) -> Dataset {
        self.dataset
    }

    /// The centres.
    ///
    /// # Shapes
    /// `(n_centers, n_features)`.
    pub fn centers(&self) -> &Array2<f64> {
        &self.centers
    }
}

/// Normal clouds round centres; on the NumPy stream those of scikit-learn's `make_blobs`.
///
/// # Formula
/// ```text
/// x = centre + cluster_std * z          z standard normal
/// ```
///
/// # Shapes
/// `x`: `(n_samples, n_features)`; `y`: `(n_samples,)`, the number of the centre.
///
/// # Errors
/// Those of [`BlobsParams::check`].
///
/// # Examples
/// ```
/// use cutpoint_datasets::{BlobsParams, make_blobs};
/// use ndarray::array;
///
/// let params = BlobsParams::default()
///     .n_samples(vec![2, 1])
///     .centers(array![[1.0, 2.0], [3.0, 4.0]])
///     .cluster_std(0.0)
///     .shuffle(false);
/// let blobs = make_blobs(&params)?;
/// assert_eq!(blobs.dataset().x(), array![[1.0, 2.0], [1.0, 2.0], [3.0, 4.0]]);
/// assert_eq!(blobs.dataset().y().codes(), [0, 0, 1]);
/// # Ok::<(), cutpoint_datasets::Error>(())
/// ```
///
/// # References
/// scikit-learn 1.9.1, `sklearn/datasets/_samples_generator.py`.
pub fn make_blobs(params: &BlobsParams) -> Result<Blobs> {
    make_blobs_with(params, &mut params.seed.stream(PURPOSE))
}

/// The same from a stream that is already in use. The seed of the parameters is not used.
///
/// # Errors
/// Those of [`BlobsParams::check`].
#[expect(
    clippy::missing_panics_doc,
    reason = "a class for each centre and a label a row, by construction"
)]
pub fn make_blobs_with(params: &BlobsParams, rng: &mut impl RandomStream) -> Result<Blobs> {
    params.check()?;
    let (low, high) = params.center_box;
    let centers = match &params.centers {
        Some(Centers::Given(centers)) => centers.clone(),
        _ => Array2::from_shape_simple_fn((params.n_centers(), params.n_features), || {
            rng.uniform(low, high)
        }),
    };
    let sizes = params.sizes();
    let mut clouds = Vec::with_capacity(sizes.iter().sum());
    for (cloud, size) in sizes.into_iter().enumerate() {
        clouds.extend(std::iter::repeat_n(cloud, size));
    }
    let n_features = centers.ncols();
    let mut x = Array2::zeros((clouds.len(), n_features));
    rng.fill_standard_normal(x.as_slice_mut().expect("a new matrix is row-major"));
    for (mut row, &cloud) in x.rows_mut().into_iter().zip(&clouds) {
        let deviation = params.deviation(cloud);
        for (value, centre) in row.iter_mut().zip(centers.row(cloud)) {
            *value = centre + deviation * *value;
        }
    }
    if params.shuffle {
        let order = rng.permutation(clouds.len());
        x = x.select(Axis(0), &order);
        clouds = order.into_iter().map(|row| clouds[row]).collect();
    }
    let codes = clouds
        .into_iter()
        .map(|cloud| u32::try_from(cloud).expect("fewer than 2^32 centres, as each is in memory"))
        .collect();
    let classes = (0..).map(Label::Integer).take(centers.nrows()).collect();
    let y = Labels::from_codes(codes, classes)
        .expect("a class for each centre")
        .compact();
    Ok(Blobs {
        dataset: Dataset::new(x, y).expect("a label a row"),
        centers,
    })
}
