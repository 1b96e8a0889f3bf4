//! Which rows of a source take part in a pass: all, or those inside or outside a fold. How rows are divided into folds
//! is decided by `cutpoint-split`.

use std::borrow::Cow;

use cutpoint_core::{Scores, Seed, StreamKind};
use cutpoint_split::{ClassFolds, StratifiedKFold};
use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The rows that take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum RowFilter<'p> {
    /// All rows.
    #[default]
    All,
    /// Those of one fold, or of all other folds.
    Fold {
        /// The division into folds.
        plan: &'p FoldPlan,
        /// The fold, from 0.
        fold: usize,
        /// Whether its rows take part; otherwise those of all other folds do.
        is_inside: bool,
    },
}

/// A division of the rows into folds as scikit-learn's `StratifiedKFold(n_splits, shuffle=True, random_state)` makes
/// it, row by row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Folds {
    /// How many there are.
    pub n_folds: usize,
    /// The seed of the order in which rows are dealt, in `[0, 2^32 - 1]`.
    pub random_state: u64,
}

impl Folds {
    /// Whether they can be right, whatever the rows are.
    ///
    /// # Errors
    /// [`cutpoint_core::Error::RandomState`] for a seed above 2^32 - 1.
    pub fn check(&self) -> Result<()> {
        self.seed().map(|_| ())
    }

    fn seed(&self) -> Result<Seed> {
        Ok(Seed::new(StreamKind::Numpy, self.random_state)?)
    }
}

/// How many rows of each class a source has, whatever their weights, and which class comes first: what folds follow
/// from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct RowCounts {
    /// Negative and positive.
    pub n_rows: [usize; 2],
    /// How many workers began at the first row of all and found it negative, and how many found it positive.
    begins_with: [usize; 2],
}

impl RowCounts {
    /// Adds rows that follow, in the order of the source; `rows_before`: how many of either class come before all.
    pub(crate) fn add(&mut self, rows: &Scores, rows_before: [usize; 2]) {
        let is_first = self.n_rows == [0, 0] && rows_before == [0, 0];
        let n_positives = rows.is_positive().iter().filter(|is| **is).count();
        self.n_rows[1] += n_positives;
        self.n_rows[0] += rows.n_samples() - n_positives;
        if is_first {
            self.begins_with[usize::from(rows.is_positive()[0])] = 1;
        }
    }

    /// Whether two workers say that they have the first row of all, so that no row has a place.
    pub(crate) fn is_first_twice(&self) -> bool {
        self.begins_with[0].saturating_add(self.begins_with[1]) > 1
    }

    pub(crate) fn merge(&mut self, other: Self) {
        for class in [0, 1] {
            self.n_rows[class] += other.n_rows[class];
            self.begins_with[class] =
                self.begins_with[class].saturating_add(other.begins_with[class]);
        }
    }
}

/// The fold of every row: of the first negative row, of the second and so on, and of the positive rows; some bits each.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoldPlan {
    /// Of negative and of positive rows.
    classes: [ClassFolds; 2],
}

impl FoldPlan {
    /// The folds of so many rows.
    ///
    /// `memory`: bytes of a pass, half of which the plan may take.
    ///
    /// # Errors
    /// - [`Error::FoldMemory`] if it takes more.
    /// - [`Error::RowOrder`] if nobody knows which class comes first.
    /// - [`Error::Split`] for more folds than either class has rows, and for a seed above 2^32 - 1.
    ///
    /// # Panics
    /// Never: there are as many columns as classes.
    pub fn new(folds: Folds, rows: &RowCounts, memory: usize) -> Result<Self> {
        let n_folds = folds.n_folds;
        let n_rows = rows.n_rows.iter().sum();
        let each = rows
            .n_rows
            .map(|n_rows| ClassFolds::n_bytes(n_rows, n_folds));
        let bytes = each[0].saturating_add(each[1]);
        if bytes > memory / 2 {
            return Err(Error::FoldMemory {
                n_folds,
                n_rows,
                bytes,
                memory,
            });
        }
        let dealt = StratifiedKFold::default()
            .n_splits(n_folds)
            .shuffle(true)
            .seed(folds.seed()?);
        // A class without rows draws nothing, wherever it stands.
        let is_positive_first = match rows.begins_with {
            [1, 0] => false,
            [0, 1] => true,
            _ => return Err(Error::RowOrder),
        };
        let mut counts = rows.n_rows;
        if is_positive_first {
            counts.reverse();
        }
        let classes = dealt.of_counts(&counts)?;
        let mut classes = <[ClassFolds; 2]>::try_from(classes).expect("two classes");
        if is_positive_first {
            classes.reverse();
        }
        Ok(Self { classes })
    }

    /// What it takes, in bytes.
    pub(crate) fn n_bytes(&self, n_folds: usize) -> usize {
        let each = self.classes.iter();
        each.map(|class| ClassFolds::n_bytes(class.n_rows(), n_folds))
            .sum()
    }

    /// The fold of a row, by its place among those of its class; `None` after the last.
    pub(crate) fn fold_of(&self, is_positive: bool, place: usize) -> Option<usize> {
        self.classes[usize::from(is_positive)].get(place)
    }
}

/// The rows of a fold, or of all others, in a pass.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoldRows<'p> {
    plan: Cow<'p, FoldPlan>,
    fold: usize,
    is_inside: bool,
}

impl<'p> RowFilter<'p> {
    /// What a pass is told; nothing for all rows.
    pub(crate) fn of_pass(self) -> Option<FoldRows<'p>> {
        match self {
            Self::All => None,
            Self::Fold {
                plan,
                fold,
                is_inside,
            } => Some(FoldRows {
                plan: Cow::Borrowed(plan),
                fold,
                is_inside,
            }),
        }
    }
}

impl FoldRows<'_> {
    /// The rows of a block that take part, and their places in it; `None` if there are none, or if all weigh nothing.
    /// `rows_before`: how many rows of either class come before the block.
    ///
    /// # Errors
    /// [`cutpoint_metrics::Error::PassDiffers`] for more rows of a class than were divided.
    pub(crate) fn of_block(
        &self,
        block: &Scores,
        rows_before: [usize; 2],
    ) -> cutpoint_metrics::Result<Option<(Scores, Vec<usize>)>> {
        let mut places = rows_before;
        let mut kept = Vec::new();
        for (row, &is_positive) in block.is_positive().iter().enumerate() {
            let place = &mut places[usize::from(is_positive)];
            let Some(fold) = self.plan.fold_of(is_positive, *place) else {
                let score = block.score()[row];
                return Err(cutpoint_metrics::Error::PassDiffers {
                    lowest: score,
                    highest: score,
                });
            };
            if (fold == self.fold) == self.is_inside {
                kept.push(row);
            }
            *place += 1;
        }
        Ok(select(block, &kept).map(|rows| (rows, kept)))
    }
}

/// Some rows of a block; `None` if there are none, or if all weigh nothing.
fn select(block: &Scores, rows: &[usize]) -> Option<Scores> {
    let pick = |values: &[f64]| rows.iter().map(|&row| values[row]).collect::<Vec<_>>();
    let is_positive = rows.iter().map(|&row| block.is_positive()[row]).collect();
    let selected = Scores::new(is_positive, pick(block.score())).ok()?;
    match block.weight() {
        Some(weight) => selected.with_weight(pick(weight)).ok(),
        None => Some(selected),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn counts(n_rows: [usize; 2], begins_with: [usize; 2]) -> RowCounts {
        RowCounts {
            n_rows,
            begins_with,
        }
    }

    #[test]
    fn a_plan_takes_half_of_the_memory_at_most() {
        let folds = Folds {
            n_folds: 5,
            random_state: 0,
        };
        // 4 bits a row: 500 and 1000 bytes.
        let rows = counts([1000, 2000], [1, 0]);
        let plan = FoldPlan::new(folds, &rows, 3000).unwrap();
        assert_eq!(plan.n_bytes(5), 1500);
        let error = FoldPlan::new(folds, &rows, 2999).unwrap_err();
        assert_eq!(
            error.to_string(),
            "5 folds of 3000 rows take 1500 bytes, more than half of the memory of 2999 bytes"
        );
        // Nobody has the first row, or two workers say so.
        for begins_with in [[0, 0], [1, 1], [2, 0]] {
            let rows = counts([9, 9], begins_with);
            let error = FoldPlan::new(folds, &rows, 1 << 16).unwrap_err();
            assert!(matches!(error, Error::RowOrder));
        }
    }

    #[test]
    fn rows_are_kept_with_their_weights() {
        let block = Scores::new(vec![true, false, true], vec![0.3, 0.2, 0.1]).unwrap();
        let block = block.with_weight(vec![1.0, 2.0, 0.0]).unwrap();
        let kept = select(&block, &[1]).unwrap();
        assert_eq!(
            (kept.score(), kept.weight()),
            (&[0.2][..], Some(&[2.0][..]))
        );
        assert_eq!(select(&block, &[2]), None, "it weighs nothing");
        assert_eq!(select(&block, &[]), None);
    }
}
