//! Folds: every row tests exactly once. scikit-learn's `KFold` and `StratifiedKFold`, as indices.

use cutpoint_core::random::{Purpose, RandomStream};
use cutpoint_core::{Labels, Seed};

use crate::stratify::Strata;
use crate::{ClassFolds, Error, Result, Split, Splits, Warning};

/// Folds if no number is given.
pub(crate) const DEFAULT_N_SPLITS: usize = 5;

pub(crate) const PURPOSE: Purpose = Purpose::new("split.folds");

/// What both splitters are asked for.
#[derive(Debug, Clone, PartialEq)]
struct Request {
    n_splits: usize,
    shuffle: bool,
    seed: Option<Seed>,
}

impl Default for Request {
    fn default() -> Self {
        Self {
            n_splits: DEFAULT_N_SPLITS,
            shuffle: false,
            seed: None,
        }
    }
}

impl Request {
    fn check(&self, n_samples: usize) -> Result<()> {
        check_n_splits(self.n_splits)?;
        if self.seed.is_some() && !self.shuffle {
            return Err(Error::SeedUnshuffled);
        }
        check_n_samples(self.n_splits, n_samples)
    }

    /// The stream to shuffle by, if there is a shuffle.
    fn stream(&self) -> Option<impl RandomStream + use<>> {
        self.shuffle
            .then(|| self.seed.unwrap_or_default().stream(PURPOSE))
    }
}

/// `n_splits` folds, each testing once while the others train. Indices are ascending on both sides.
///
/// # Examples
/// ```
/// use cutpoint_split::KFold;
///
/// let folds = KFold::default().n_splits(2).split(5)?;
/// assert_eq!(folds.as_slice()[0].test(), [0, 1, 2]);
/// assert_eq!(folds.as_slice()[1].test(), [3, 4]);
/// # Ok::<(), cutpoint_split::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct KFold {
    request: Request,
}

/// `n_splits` folds with the classes in proportion. Indices are ascending on both sides.
///
/// # Examples
/// ```
/// use cutpoint_core::Labels;
/// use cutpoint_split::StratifiedKFold;
///
/// let y = Labels::from_integers(&[0, 0, 1, 0, 0, 1]);
/// let folds = StratifiedKFold::default().n_splits(2).split(&y)?;
/// assert_eq!(folds.as_slice()[0].test(), [0, 1, 2]);
/// assert_eq!(folds.as_slice()[1].test(), [3, 4, 5]);
/// # Ok::<(), cutpoint_split::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StratifiedKFold {
    request: Request,
}

macro_rules! setters {
    () => {
        /// How many folds. Default 5; [2, inf). Larger trains on more rows and tests on fewer, more often.
        #[must_use]
        pub fn n_splits(mut self, n_splits: usize) -> Self {
            self.request.n_splits = n_splits;
            self
        }

        /// Whether rows are dealt to the folds at random, or in order (default).
        #[must_use]
        pub fn shuffle(mut self, shuffle: bool) -> Self {
            self.request.shuffle = shuffle;
            self
        }

        /// Where the draws of a shuffle come from. Default: the NumPy stream from 0.
        #[must_use]
        pub fn seed(mut self, seed: impl Into<Seed>) -> Self {
            self.request.seed = Some(seed.into());
            self
        }
    };
}

impl KFold {
    setters!();

    /// The folds of `n_samples` rows. Every call starts from the seed again.
    ///
    /// # Errors
    /// - [`Error::Count`] for fewer than 2 folds.
    /// - [`Error::SeedUnshuffled`] for a seed without a shuffle.
    /// - [`Error::FoldsOfSamples`] for more folds than rows.
    pub fn split(&self, n_samples: usize) -> Result<Splits> {
        self.request.check(n_samples)?;
        let folds = dealt(
            n_samples,
            self.request.n_splits,
            self.request.stream().as_mut(),
        );
        Ok(Splits::new(folds, Vec::new()))
    }
}

impl StratifiedKFold {
    setters!();

    /// The folds of rows with those labels. Every call starts from the seed again. A class with fewer rows than there
    /// are folds is a [`Warning`] in the result.
    ///
    /// # Errors
    /// - [`Error::Count`] for fewer than 2 folds.
    /// - [`Error::SeedUnshuffled`] for a seed without a shuffle.
    /// - [`Error::FoldsOfSamples`] for more folds than rows.
    /// - [`Error::FoldsOfClasses`] for more folds than even the largest class has rows.
    pub fn split(&self, y: &Labels) -> Result<Splits> {
        self.request.check(y.len())?;
        let n_splits = self.request.n_splits;
        let strata = Strata::new(y);
        let warnings = check_classes(n_splits, &strata)?;
        let folds = dealt_by_class(&strata, y.len(), n_splits, self.request.stream().as_mut());
        Ok(Splits::new(folds, warnings))
    }

    /// The same folds of rows that need not be there: `counts` tells how many rows each class has, the class whose
    /// first row comes first being the first. What comes out tells the fold of the first row of each class, of the
    /// second and so on, so that rows which are read one after the other can be told their folds.
    ///
    /// # Errors
    /// - [`Error::Count`] for fewer than 2 folds.
    /// - [`Error::SeedUnshuffled`] for a seed without a shuffle.
    /// - [`Error::FoldsOfSamples`] for more folds than rows.
    /// - [`Error::FoldsOfClasses`] for more folds than even the largest class has rows, or more than 2^16.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Labels;
    /// use cutpoint_split::StratifiedKFold;
    ///
    /// let folds = StratifiedKFold::default().n_splits(3).shuffle(true).seed(42);
    /// let [zeros, ones] = &folds.of_counts(&[5, 4])?[..] else { panic!("two classes") };
    /// // Rows 1, 3, 5 and 7 of these are the first, second, third and fourth of class 1.
    /// let y = Labels::from_integers(&[0, 1, 0, 1, 0, 1, 0, 1, 0]);
    /// for (fold, split) in folds.split(&y)?.iter().enumerate() {
    ///     let of_ones = (0..4).filter(|&row| ones.get(row) == Some(fold)).map(|row| 2 * row + 1);
    ///     assert!(of_ones.eq(split.test().iter().copied().filter(|row| row % 2 == 1)));
    /// }
    /// # Ok::<(), cutpoint_split::Error>(())
    /// ```
    pub fn of_counts(&self, counts: &[usize]) -> Result<Vec<ClassFolds>> {
        self.request.check(counts.iter().sum())?;
        let n_splits = self.request.n_splits;
        let largest = counts.iter().copied().max().unwrap_or(0);
        if n_splits > largest {
            return Err(Error::FoldsOfClasses { largest, n_splits });
        }
        let mut rng = self.request.stream();
        let mut n_before = 0;
        let folds = counts.iter().map(|&n_rows| {
            let sizes = fold_sizes(n_before, n_rows, n_splits);
            n_before += n_rows;
            let mut folds = ClassFolds::in_order(&sizes).ok_or(Error::FoldsOfClasses {
                largest: 1 << 16,
                n_splits,
            })?;
            if let Some(rng) = &mut rng {
                folds.shuffle(rng);
            }
            Ok(folds)
        });
        folds.collect()
    }
}

pub(crate) fn check_n_splits(n_splits: usize) -> Result<()> {
    if n_splits < 2 {
        return Err(Error::Count {
            name: "n_splits",
            least: 2,
            got: n_splits,
        });
    }
    Ok(())
}

pub(crate) fn check_n_samples(n_splits: usize, n_samples: usize) -> Result<()> {
    if n_splits > n_samples {
        return Err(Error::FoldsOfSamples {
            n_samples,
            n_splits,
        });
    }
    Ok(())
}

/// An error if no class reaches all folds, a warning if the smallest does not. There is a row, so there is a class.
pub(crate) fn check_classes(n_splits: usize, strata: &Strata<'_>) -> Result<Vec<Warning>> {
    let counts = strata.counts();
    let largest = counts.iter().copied().max().unwrap_or(0);
    if n_splits > largest {
        return Err(Error::FoldsOfClasses { largest, n_splits });
    }
    let smallest = strata
        .classes()
        .iter()
        .zip(counts)
        .min_by_key(|(_, count)| *count)
        .filter(|(_, count)| *count < n_splits);
    let warnings = smallest.map(|(&class, n_members)| Warning::SmallClass {
        class: class.clone(),
        n_members,
        n_splits,
    });
    Ok(warnings.into_iter().collect())
}

/// Consecutive parts of the rows, shuffled first if there is a stream; the first parts take what does not go round.
pub(crate) fn dealt<R: RandomStream>(
    n_samples: usize,
    n_splits: usize,
    rng: Option<&mut R>,
) -> Vec<Split> {
    let mut order = (0..n_samples).collect::<Vec<_>>();
    if let Some(rng) = rng {
        rng.shuffle(&mut order);
    }
    let mut fold_of_row = vec![0; n_samples];
    let mut order = order.into_iter();
    for fold in 0..n_splits {
        let n_rows = n_samples / n_splits + usize::from(fold < n_samples % n_splits);
        for row in order.by_ref().take(n_rows) {
            fold_of_row[row] = fold;
        }
    }
    splits_of(&fold_of_row, n_splits)
}

/// Classes are numbered by first appearance. If their rows stood sorted by that number and were dealt round, each fold
/// would get so many of each class; those numbers are kept, and the rows of a class go to the folds in consecutive
/// parts, or at random if there is a stream.
pub(crate) fn dealt_by_class<R: RandomStream>(
    strata: &Strata<'_>,
    n_samples: usize,
    n_splits: usize,
    mut rng: Option<&mut R>,
) -> Vec<Split> {
    let mut by_appearance = strata.members().iter().collect::<Vec<_>>();
    by_appearance.sort_by_key(|members| members[0]);
    let mut fold_of_row = vec![0; n_samples];
    let mut n_before = 0;
    for members in by_appearance {
        let mut folds = Vec::with_capacity(members.len());
        for (fold, n_rows) in fold_sizes(n_before, members.len(), n_splits)
            .into_iter()
            .enumerate()
        {
            folds.extend(std::iter::repeat_n(fold, n_rows));
        }
        if let Some(rng) = rng.as_mut() {
            rng.shuffle(&mut folds);
        }
        for (&row, fold) in members.iter().zip(folds) {
            fold_of_row[row] = fold;
        }
        n_before += members.len();
    }
    splits_of(&fold_of_row, n_splits)
}

/// How many of so many rows of a class each fold gets, if as many rows of other classes stand before them.
fn fold_sizes(n_before: usize, n_rows: usize, n_splits: usize) -> Vec<usize> {
    let size = |fold: usize| {
        // Of the sorted places n_before .. n_before + n_rows, those that leave `fold` when divided by `n_splits`.
        let n_up_to = |end: usize| (end + n_splits - 1 - fold) / n_splits;
        n_up_to(n_before + n_rows) - n_up_to(n_before)
    };
    (0..n_splits).map(size).collect()
}

fn splits_of(fold_of_row: &[usize], n_splits: usize) -> Vec<Split> {
    (0..n_splits)
        .map(|fold| {
            let (test, train) = (0..fold_of_row.len()).partition(|&row| fold_of_row[row] == fold);
            Split::new(train, test)
        })
        .collect()
}
