//! Several independent hold-out splits: scikit-learn's `ShuffleSplit` and `StratifiedShuffleSplit`, as indices.

use cutpoint_core::random::{Purpose, RandomStream};
use cutpoint_core::{Labels, Seed};

use crate::size::SizeRequest;
use crate::stratify::{Strata, approximate_mode};
use crate::{Error, HoldOutSizes, Result, Split, SplitSize, Splits};

/// The fraction to test on if neither size is given.
const DEFAULT_TEST_SIZE: f64 = 0.1;

/// Splits if no number is given.
const DEFAULT_N_SPLITS: usize = 10;

const PURPOSE: Purpose = Purpose::new("split.shuffle");

/// What both splitters are asked for.
#[derive(Debug, Clone, PartialEq)]
struct Request {
    n_splits: usize,
    sizes: SizeRequest,
    seed: Seed,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            n_splits: DEFAULT_N_SPLITS,
            sizes: SizeRequest::default(),
            seed: Seed::default(),
        }
    }
}

impl Request {
    fn check(&self, n_samples: usize) -> Result<HoldOutSizes> {
        if self.n_splits == 0 {
            return Err(Error::Count {
                name: "n_splits",
                least: 1,
                got: 0,
            });
        }
        self.sizes.resolve(n_samples, DEFAULT_TEST_SIZE)
    }
}

/// Splits that each draw a new permutation of all rows. Unlike folds, their test sides may overlap.
///
/// # Examples
/// ```
/// use cutpoint_split::ShuffleSplit;
///
/// let splits = ShuffleSplit::default().n_splits(3).test_size(0.2).seed(42).split(10)?;
/// assert_eq!(splits.len(), 3);
/// assert!(splits.iter().all(|split| split.test().len() == 2));
/// # Ok::<(), cutpoint_split::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct ShuffleSplit {
    request: Request,
}

/// Splits that each draw new rows of every class, in proportion.
///
/// # Examples
/// ```
/// use cutpoint_core::Labels;
/// use cutpoint_split::StratifiedShuffleSplit;
///
/// let y = Labels::from_integers(&[0, 0, 0, 0, 0, 0, 1, 1, 1]);
/// let splits = StratifiedShuffleSplit::default().test_size(3_usize).seed(42).split(&y)?;
/// for split in &splits {
///     let positives = split.test().iter().filter(|&&row| row >= 6).count();
///     assert_eq!(positives, 1);
/// }
/// # Ok::<(), cutpoint_split::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StratifiedShuffleSplit {
    request: Request,
}

macro_rules! setters {
    () => {
        /// How many splits. Default 10; [1, inf).
        #[must_use]
        pub fn n_splits(mut self, n_splits: usize) -> Self {
            self.request.n_splits = n_splits;
            self
        }

        /// Size of the side to test on: a fraction in (0, 1), rounded up to whole rows, or a number of rows in
        /// [1, inf). Default: what `train_size` leaves, or 0.1. Larger tests on more rows.
        #[must_use]
        pub fn test_size(mut self, test_size: impl Into<SplitSize>) -> Self {
            self.request.sizes.test = Some(test_size.into());
            self
        }

        /// Size of the side to train on: a fraction in (0, 1), rounded down to whole rows, or a number of rows in
        /// [1, inf). Default: what `test_size` leaves. Larger trains on more rows.
        #[must_use]
        pub fn train_size(mut self, train_size: impl Into<SplitSize>) -> Self {
            self.request.sizes.train = Some(train_size.into());
            self
        }

        /// Where the draws come from. Default: the NumPy stream from 0.
        #[must_use]
        pub fn seed(mut self, seed: impl Into<Seed>) -> Self {
            self.request.seed = seed.into();
            self
        }
    };
}

impl ShuffleSplit {
    setters!();

    /// The splits of `n_samples` rows. Every call starts from the seed again.
    ///
    /// # Errors
    /// - [`Error::Count`] for no splits.
    /// - Those of the sizes, as in [`HoldOutParams::check`](crate::HoldOutParams::check).
    pub fn split(&self, n_samples: usize) -> Result<Splits> {
        let sizes = self.request.check(n_samples)?;
        let mut rng = self.request.seed.stream(PURPOSE);
        let splits = (0..self.request.n_splits)
            .map(|_| permuted(n_samples, sizes, &mut rng))
            .collect();
        Ok(Splits::new(splits, Vec::new()))
    }
}

impl StratifiedShuffleSplit {
    setters!();

    /// The splits of rows with those labels. Every call starts from the seed again.
    ///
    /// # Errors
    /// - [`Error::Count`] for no splits.
    /// - Those of the sizes and strata, as in [`HoldOutParams::check`](crate::HoldOutParams::check).
    pub fn split(&self, y: &Labels) -> Result<Splits> {
        let sizes = self.request.check(y.len())?;
        let strata = Strata::new(y);
        check_strata(&strata, sizes)?;
        let mut rng = self.request.seed.stream(PURPOSE);
        let splits = (0..self.request.n_splits)
            .map(|_| stratified(&strata, sizes, &mut rng))
            .collect();
        Ok(Splits::new(splits, Vec::new()))
    }
}

/// Whether every class can be on both sides, in scikit-learn's order.
pub(crate) fn check_strata(strata: &Strata<'_>, sizes: HoldOutSizes) -> Result<()> {
    let n_classes = strata.classes().len();
    let single = strata
        .classes()
        .iter()
        .zip(strata.counts())
        .filter(|(_, count)| *count < 2)
        .map(|(&class, _)| class.clone())
        .collect::<Vec<_>>();
    if !single.is_empty() {
        return Err(Error::SingleRowClasses { classes: single });
    }
    for (name, got) in [
        ("train_size", sizes.n_train()),
        ("test_size", sizes.n_test()),
    ] {
        if got < n_classes {
            return Err(Error::SizeOfClasses {
                name,
                n_classes,
                got,
            });
        }
    }
    Ok(())
}

/// The test side is the first part of a permutation, the training side the next.
pub(crate) fn permuted(
    n_samples: usize,
    sizes: HoldOutSizes,
    rng: &mut impl RandomStream,
) -> Split {
    let mut test = rng.permutation(n_samples);
    test.truncate(sizes.n_test() + sizes.n_train());
    let train = test.split_off(sizes.n_test());
    Split::new(train, test)
}

/// Each class by itself, training rows first; then both sides are shuffled, the training side first.
pub(crate) fn stratified(
    strata: &Strata<'_>,
    sizes: HoldOutSizes,
    rng: &mut impl RandomStream,
) -> Split {
    let counts = strata.counts();
    let n_train = approximate_mode(&counts, sizes.n_train(), rng);
    let left = counts
        .iter()
        .zip(&n_train)
        .map(|(&count, &taken)| count.saturating_sub(taken))
        .collect::<Vec<_>>();
    let n_test = approximate_mode(&left, sizes.n_test(), rng);
    let mut train = Vec::with_capacity(sizes.n_train());
    let mut test = Vec::with_capacity(sizes.n_test());
    for ((members, n_train), n_test) in strata.members().iter().zip(n_train).zip(n_test) {
        let mut rows = members.clone();
        rng.shuffle(&mut rows);
        let mut rows = rows.into_iter();
        train.extend(rows.by_ref().take(n_train));
        test.extend(rows.take(n_test));
    }
    rng.shuffle(&mut train);
    rng.shuffle(&mut test);
    Split::new(train, test)
}
