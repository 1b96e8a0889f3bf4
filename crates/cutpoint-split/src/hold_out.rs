//! One split into rows to train on and rows to test on: scikit-learn's `train_test_split`, as indices.

use cutpoint_core::random::Purpose;
use cutpoint_core::{Labels, Seed};

use crate::shuffle::{permuted, stratified};
use crate::size::SizeRequest;
use crate::stratify::Strata;
use crate::{Error, HoldOutSizes, Result, Split, SplitSize};

/// The fraction to test on if neither size is given.
const DEFAULT_TEST_SIZE: f64 = 0.25;

const PURPOSE: Purpose = Purpose::new("split.hold_out");

/// Whether both sides get the classes in the same proportions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Stratify<'y> {
    /// Rows are drawn whatever their class.
    #[default]
    No,
    /// Each class is split by itself, in proportion.
    ByLabel(&'y Labels),
}

impl<'y> From<&'y Labels> for Stratify<'y> {
    fn from(labels: &'y Labels) -> Self {
        Self::ByLabel(labels)
    }
}

/// How to split once.
#[derive(Debug, Clone, PartialEq)]
pub struct HoldOutParams<'y> {
    sizes: SizeRequest,
    shuffle: bool,
    stratify: Stratify<'y>,
    seed: Seed,
}

impl Default for HoldOutParams<'_> {
    fn default() -> Self {
        Self {
            sizes: SizeRequest::default(),
            shuffle: true,
            stratify: Stratify::No,
            seed: Seed::default(),
        }
    }
}

impl<'y> HoldOutParams<'y> {
    /// Size of the side to test on: a fraction in (0, 1), rounded up to whole rows, or a number of rows in [1, inf).
    /// Default: what `train_size` leaves, or 0.25. Larger tests on more rows.
    #[must_use]
    pub fn test_size(mut self, test_size: impl Into<SplitSize>) -> Self {
        self.sizes.test = Some(test_size.into());
        self
    }

    /// Size of the side to train on: a fraction in (0, 1), rounded down to whole rows, or a number of rows in [1, inf).
    /// Default: what `test_size` leaves. Larger trains on more rows; if both sizes leave rows over, those are in
    /// neither side.
    #[must_use]
    pub fn train_size(mut self, train_size: impl Into<SplitSize>) -> Self {
        self.sizes.train = Some(train_size.into());
        self
    }

    /// Whether rows are drawn at random (default), or the first rows train and the next ones test.
    #[must_use]
    pub fn shuffle(mut self, shuffle: bool) -> Self {
        self.shuffle = shuffle;
        self
    }

    /// Whether both sides get the classes in proportion, and by which labels. Default: [`Stratify::No`].
    #[must_use]
    pub fn stratify(mut self, stratify: impl Into<Stratify<'y>>) -> Self {
        self.stratify = stratify.into();
        self
    }

    /// Where the draws come from. Default: the NumPy stream from 0.
    #[must_use]
    pub fn seed(mut self, seed: impl Into<Seed>) -> Self {
        self.seed = seed.into();
        self
    }

    /// Checks everything together for that many rows, in scikit-learn's order.
    ///
    /// # Errors
    /// - [`Error::Size`] for a fraction outside (0, 1) or 0 rows.
    /// - [`Error::SizeOfSamples`] for as many rows as there are.
    /// - [`Error::FractionSum`], [`Error::CountSum`] if the sides together are larger than the whole.
    /// - [`Error::EmptyTrain`] if nothing is left to train on.
    /// - [`Error::StratifyUnshuffled`] for strata without a shuffle.
    /// - [`Error::StratifyLength`] for labels of other rows.
    /// - [`Error::SingleRowClasses`] for classes with one row, when stratifying.
    /// - [`Error::SizeOfClasses`] for a side with fewer rows than there are classes, when stratifying.
    pub fn check(&self, n_samples: usize) -> Result<HoldOutSizes> {
        let sizes = self.sizes.resolve(n_samples, DEFAULT_TEST_SIZE)?;
        if let Stratify::ByLabel(y) = self.stratify {
            if !self.shuffle {
                return Err(Error::StratifyUnshuffled);
            }
            if y.len() != n_samples {
                return Err(Error::StratifyLength {
                    expected: n_samples,
                    got: y.len(),
                });
            }
            crate::shuffle::check_strata(&Strata::new(y), sizes)?;
        }
        Ok(sizes)
    }
}

/// Rows to train on and rows to test on.
///
/// On the NumPy stream the indices and their order are those that scikit-learn's `train_test_split` gathers by. (The
/// test rows are the first of the permutation, the training rows come after.)
///
/// # Errors
/// Those of [`HoldOutParams::check`].
///
/// # Examples
/// ```
/// use cutpoint_split::{HoldOutParams, train_test_split};
///
/// let split = train_test_split(5, &HoldOutParams::default().test_size(0.4).shuffle(false))?;
/// assert_eq!((split.train(), split.test()), (&[0, 1, 2][..], &[3, 4][..]));
///
/// // scikit-learn: train_test_split(range(5), test_size=0.4, random_state=42)
/// let split = train_test_split(5, &HoldOutParams::default().test_size(0.4).seed(42))?;
/// assert_eq!((split.train(), split.test()), (&[2, 0, 3][..], &[1, 4][..]));
/// # Ok::<(), cutpoint_split::Error>(())
/// ```
///
/// # References
/// scikit-learn 1.9.1, `sklearn/model_selection/_split.py`.
pub fn train_test_split(n_samples: usize, params: &HoldOutParams<'_>) -> Result<Split> {
    let sizes = params.check(n_samples)?;
    if !params.shuffle {
        let n_train = sizes.n_train();
        return Ok(Split::new(
            (0..n_train).collect(),
            (n_train..n_train + sizes.n_test()).collect(),
        ));
    }
    let mut rng = params.seed.stream(PURPOSE);
    Ok(match params.stratify {
        Stratify::No => permuted(n_samples, sizes, &mut rng),
        Stratify::ByLabel(y) => stratified(&Strata::new(y), sizes, &mut rng),
    })
}
