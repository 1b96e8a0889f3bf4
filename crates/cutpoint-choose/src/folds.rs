//! Which rows of a source take part in a pass: all, or those inside or outside a fold.

use cutpoint_core::Scores;
use cutpoint_core::random::{ChaChaStream, Purpose, RandomStream};
use serde::{Deserialize, Serialize};

/// The rows that take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub enum RowFilter {
    /// All rows.
    #[default]
    All,
    /// Those of one fold, or of all other folds.
    Fold {
        /// The division into folds.
        folds: Folds,
        /// The fold, from 0.
        fold: usize,
        /// Whether its rows take part; otherwise those of all other folds do.
        is_inside: bool,
    },
}

/// A division of the rows into folds, each with nearly the same share of either class.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Folds {
    /// How many there are.
    pub n_folds: usize,
    /// The seed of the order in which rows are dealt.
    pub random_state: u64,
}

/// Deals the rows of a source to the folds, in their order.
///
/// Of either class, as many rows in a row as there are folds go to a fold each, in an order of their own. So the folds
/// are the same in every pass, and no row has to be remembered.
#[derive(Debug, Clone)]
pub(crate) struct FoldDealer {
    folds: Folds,
    /// Of negative and of positive rows.
    classes: [ClassDealer; 2],
}

#[derive(Debug, Clone)]
struct ClassDealer {
    stream: ChaChaStream,
    /// Folds that get the next rows; the last first.
    next: Vec<usize>,
}

impl FoldDealer {
    pub(crate) fn new(folds: Folds) -> Self {
        const PURPOSE: Purpose = Purpose::new("choose/folds");
        let class = |block| ClassDealer {
            stream: ChaChaStream::new(folds.random_state, PURPOSE, block),
            next: Vec::new(),
        };
        Self {
            folds,
            classes: [class(0), class(1)],
        }
    }

    /// The fold of the next row.
    pub(crate) fn deal(&mut self, is_positive: bool) -> usize {
        let class = &mut self.classes[usize::from(is_positive)];
        if class.next.is_empty() {
            class.next = (0..self.folds.n_folds).collect();
            for last in (1..class.next.len()).rev() {
                let other = class.stream.interval(last as u64);
                let other = usize::try_from(other).expect("at most the last index");
                class.next.swap(last, other);
            }
        }
        class.next.pop().expect("there are folds")
    }
}

/// The rows of a block that are kept, and their places in it; `None` if none is, or if all weigh nothing.
pub(crate) fn keep(
    block: &Scores,
    mut is_kept: impl FnMut(bool) -> bool,
) -> Option<(Scores, Vec<usize>)> {
    let kept = block.is_positive().iter().enumerate();
    let kept = kept.filter(|(_, is_positive)| is_kept(**is_positive));
    let kept = kept.map(|(row, _)| row).collect::<Vec<_>>();
    let pick = |values: &[f64]| kept.iter().map(|&row| values[row]).collect::<Vec<_>>();
    let is_positive = kept.iter().map(|&row| block.is_positive()[row]).collect();
    let rows = Scores::new(is_positive, pick(block.score())).ok()?;
    let rows = match block.weight() {
        Some(weight) => rows.with_weight(pick(weight)).ok()?,
        None => rows,
    };
    Some((rows, kept))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folds_have_the_same_share_of_either_class_and_depend_on_the_seed() {
        let folds = |random_state| {
            let mut dealer = FoldDealer::new(Folds {
                n_folds: 5,
                random_state,
            });
            (0..1003).map(move |row| (row % 3 == 0, dealer.deal(row % 3 == 0)))
        };
        for is_positive in [false, true] {
            let mut sizes = [0_usize; 5];
            for (_, fold) in folds(1).filter(|(class, _)| *class == is_positive) {
                sizes[fold] += 1;
            }
            let (least, most) = (sizes.iter().min().unwrap(), sizes.iter().max().unwrap());
            assert!(most - least <= 1, "{sizes:?}");
        }
        assert!(folds(1).eq(folds(1)));
        assert!(!folds(1).eq(folds(2)));
        assert!(
            !folds(1)
                .map(|(_, fold)| fold)
                .eq((0..1003).map(|row| row % 5))
        );
    }

    #[test]
    fn rows_are_kept_with_their_weights() {
        let block = Scores::new(vec![true, false, true], vec![0.3, 0.2, 0.1]).unwrap();
        let block = block.with_weight(vec![1.0, 2.0, 0.0]).unwrap();
        let (kept, places) = keep(&block, |is_positive| !is_positive).unwrap();
        assert_eq!(
            (kept.score(), kept.weight()),
            (&[0.2][..], Some(&[2.0][..]))
        );
        assert_eq!(places, [1]);
        let mut row = 0;
        let last = keep(&block, |_| {
            row += 1;
            row == 3
        });
        assert_eq!(last, None, "it weighs nothing");
        assert_eq!(keep(&block, |_| false), None);
    }
}
