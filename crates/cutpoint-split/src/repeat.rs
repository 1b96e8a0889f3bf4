//! Folds made again and again: scikit-learn's `RepeatedKFold` and `RepeatedStratifiedKFold`, as indices.

use cutpoint_core::{Labels, Seed};

use crate::fold::{
    DEFAULT_N_SPLITS, PURPOSE, check_classes, check_n_samples, check_n_splits, dealt,
    dealt_by_class,
};
use crate::stratify::Strata;
use crate::{Error, Result, Splits};

/// Repeats if no number is given.
const DEFAULT_N_REPEATS: usize = 10;

/// What both splitters are asked for.
#[derive(Debug, Clone, PartialEq)]
struct Request {
    n_splits: usize,
    n_repeats: usize,
    seed: Seed,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            n_splits: DEFAULT_N_SPLITS,
            n_repeats: DEFAULT_N_REPEATS,
            seed: Seed::default(),
        }
    }
}

impl Request {
    fn check(&self, n_samples: usize) -> Result<()> {
        if self.n_repeats == 0 {
            return Err(Error::Count {
                name: "n_repeats",
                least: 1,
                got: 0,
            });
        }
        check_n_splits(self.n_splits)?;
        check_n_samples(self.n_splits, n_samples)
    }
}

/// Shuffled [`KFold`](crate::KFold) several times over; one stream runs through all repeats.
///
/// # Examples
/// ```
/// use cutpoint_split::RepeatedKFold;
///
/// let splits = RepeatedKFold::default().n_splits(4).n_repeats(2).seed(42).split(20)?;
/// assert_eq!(splits.len(), 8);
/// assert!(splits.iter().all(|split| split.test().len() == 5));
/// # Ok::<(), cutpoint_split::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepeatedKFold {
    request: Request,
}

/// Shuffled [`StratifiedKFold`](crate::StratifiedKFold) several times over; one stream runs through all repeats.
///
/// # Examples
/// ```
/// use cutpoint_core::Labels;
/// use cutpoint_split::RepeatedStratifiedKFold;
///
/// let y = Labels::from_integers(&[0, 1, 1, 0, 1, 1]);
/// let splits = RepeatedStratifiedKFold::default().n_splits(2).n_repeats(3).seed(42).split(&y)?;
/// for split in &splits {
///     let positives = split.test().iter().filter(|&&row| row != 0 && row != 3).count();
///     assert_eq!((split.test().len(), positives), (3, 2));
/// }
/// # Ok::<(), cutpoint_split::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct RepeatedStratifiedKFold {
    request: Request,
}

macro_rules! setters {
    () => {
        /// How many folds each time. Default 5; [2, inf). Larger trains on more rows and tests on fewer, more often.
        #[must_use]
        pub fn n_splits(mut self, n_splits: usize) -> Self {
            self.request.n_splits = n_splits;
            self
        }

        /// How many times the folds are made. Default 10; [1, inf). Larger averages over more shuffles.
        #[must_use]
        pub fn n_repeats(mut self, n_repeats: usize) -> Self {
            self.request.n_repeats = n_repeats;
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

impl RepeatedKFold {
    setters!();

    /// The folds of `n_samples` rows, all of the first repeat first. Every call starts from the seed again.
    ///
    /// # Errors
    /// - [`Error::Count`] for no repeats or fewer than 2 folds.
    /// - [`Error::FoldsOfSamples`] for more folds than rows.
    pub fn split(&self, n_samples: usize) -> Result<Splits> {
        self.request.check(n_samples)?;
        let mut rng = self.request.seed.stream(PURPOSE);
        let folds = (0..self.request.n_repeats)
            .flat_map(|_| dealt(n_samples, self.request.n_splits, Some(&mut rng)))
            .collect();
        Ok(Splits::new(folds, Vec::new()))
    }
}

impl RepeatedStratifiedKFold {
    setters!();

    /// The folds of rows with those labels, all of the first repeat first. Every call starts from the seed again. A
    /// class with fewer rows than there are folds is a [`Warning`](crate::Warning) in the result.
    ///
    /// # Errors
    /// - [`Error::Count`] for no repeats or fewer than 2 folds.
    /// - [`Error::FoldsOfSamples`] for more folds than rows.
    /// - [`Error::FoldsOfClasses`] for more folds than even the largest class has rows.
    pub fn split(&self, y: &Labels) -> Result<Splits> {
        self.request.check(y.len())?;
        let strata = Strata::new(y);
        let warnings = check_classes(self.request.n_splits, &strata)?;
        let mut rng = self.request.seed.stream(PURPOSE);
        let folds = (0..self.request.n_repeats)
            .flat_map(|_| dealt_by_class(&strata, y.len(), self.request.n_splits, Some(&mut rng)))
            .collect();
        Ok(Splits::new(folds, warnings))
    }
}
