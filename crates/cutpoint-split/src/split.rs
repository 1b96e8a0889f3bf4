//! What a splitter returns: index sets, and what the caller should know about them.

use std::{fmt, slice, vec};

use cutpoint_core::{Label, counted};

/// One split: the rows to train on and the rows to test on. No row is in both.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Split {
    train: Vec<usize>,
    test: Vec<usize>,
}

impl Split {
    pub(crate) fn new(train: Vec<usize>, test: Vec<usize>) -> Self {
        Self { train, test }
    }

    /// The rows to train on; their order is part of the result.
    pub fn train(&self) -> &[usize] {
        &self.train
    }

    /// The rows to test on; their order is part of the result.
    pub fn test(&self) -> &[usize] {
        &self.test
    }

    /// The rows to train on and the rows to test on.
    pub fn into_parts(self) -> (Vec<usize>, Vec<usize>) {
        (self.train, self.test)
    }
}

/// Several splits of the same rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Splits {
    splits: Vec<Split>,
    warnings: Vec<Warning>,
}

impl Splits {
    pub(crate) fn new(splits: Vec<Split>, warnings: Vec<Warning>) -> Self {
        Self { splits, warnings }
    }

    /// How many splits there are.
    pub fn len(&self) -> usize {
        self.splits.len()
    }

    /// Whether there are none; no splitter returns that.
    pub fn is_empty(&self) -> bool {
        self.splits.is_empty()
    }

    /// The splits, in order.
    pub fn as_slice(&self) -> &[Split] {
        &self.splits
    }

    /// The splits, in order.
    pub fn iter(&self) -> slice::Iter<'_, Split> {
        self.splits.iter()
    }

    /// What is doubtful about them.
    pub fn warnings(&self) -> &[Warning] {
        &self.warnings
    }
}

impl IntoIterator for Splits {
    type Item = Split;
    type IntoIter = vec::IntoIter<Split>;

    fn into_iter(self) -> Self::IntoIter {
        self.splits.into_iter()
    }
}

impl<'a> IntoIterator for &'a Splits {
    type Item = &'a Split;
    type IntoIter = slice::Iter<'a, Split>;

    fn into_iter(self) -> Self::IntoIter {
        self.iter()
    }
}

/// Something doubtful that is no error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Warning {
    /// A class with fewer rows than there are folds: some folds test without it.
    SmallClass {
        /// The smallest class; of several, the first in sorted order.
        class: Label,
        /// Rows it has.
        n_members: usize,
        /// Folds there are.
        n_splits: usize,
    },
}

impl fmt::Display for Warning {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SmallClass {
                class,
                n_members,
                n_splits,
            } => write!(
                formatter,
                "class `{class}` has {}, fewer than the {n_splits} folds: some folds test without it",
                counted(n_members, "row")
            ),
        }
    }
}
