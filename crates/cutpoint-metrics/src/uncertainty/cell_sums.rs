//! The cells at one threshold with what tells how sure sums of weights are, block by block. Nothing is judged here.

use cutpoint_core::{Scores, Threshold};
use serde::{Deserialize, Serialize};

use crate::at_threshold::sums_of_weights;
use crate::bytes::amounts;
use crate::compensated::CompensatedSum;
use crate::{CellTally, Cells, Error, Result};

/// The cells at a threshold and, for rows with weights, the sum of the squared weights in each cell; added up over
/// blocks of rows, so that rows of any number take no memory.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{CellSums, Cells};
///
/// let mut sums = CellSums::new(Threshold::HALF);
/// sums.add(&Scores::new(vec![true, false], vec![0.9, 0.1])?);
/// sums.add(&Scores::new(vec![true, false], vec![0.4, 0.2])?);
/// assert_eq!(sums.cells(), Cells::from_counts(1, 0, 1, 2));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct CellSums {
    threshold: Threshold,
    cells: CellTally,
    /// Sums of squared weights: tp, fp, fn, tn. Nothing where rows have no weights.
    squares: Option<[CompensatedSum; 4]>,
    #[serde(deserialize_with = "amounts")]
    n_samples: usize,
}

impl CellSums {
    /// No rows yet. Positive iff `score >= threshold`.
    pub fn new(threshold: Threshold) -> Self {
        Self {
            threshold,
            cells: CellTally::default(),
            squares: None,
            n_samples: 0,
        }
    }

    /// Rows without weights that were counted already; `None` for cells that are not whole numbers.
    pub fn of_counts(threshold: Threshold, cells: Cells) -> Option<Self> {
        let counts = cells.to_counts()?;
        Some(Self {
            cells: CellTally::of_counts(counts),
            n_samples: usize::try_from(counts.iter().sum::<u64>()).ok()?,
            ..Self::new(threshold)
        })
    }

    /// Adds rows. Either all blocks have weights or none has.
    pub fn add(&mut self, scores: &Scores) {
        self.n_samples += scores.n_samples();
        self.cells.add(scores, Some(self.threshold));
        let Some(weight) = scores.weight() else {
            return;
        };
        let threshold = Some(self.threshold);
        let [tn, fp, fn_, tp] =
            sums_of_weights(scores, weight, threshold, |weight| weight * weight);
        let squares = self.squares.get_or_insert_default();
        for (own, square) in squares.iter_mut().zip([tp, fp, fn_, tn]) {
            *own = own.plus(square);
        }
    }

    /// Adds rows that were added elsewhere.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] for those of another threshold.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if self.threshold != other.threshold {
            return Err(Error::PartsDiffer { name: "threshold" });
        }
        self.n_samples += other.n_samples;
        self.cells.merge(&other.cells);
        if let Some(squares) = &other.squares {
            let own = self.squares.get_or_insert_default();
            for (own, square) in own.iter_mut().zip(squares) {
                *own = own.plus(*square);
            }
        }
        Ok(())
    }

    /// The cells.
    pub fn cells(&self) -> Cells {
        self.cells.cells()
    }

    /// The sums of squared weights, of rows that have weights; infinite where no double holds one.
    fn squares(&self) -> Option<[f64; 4]> {
        let squares = self.squares?.map(CompensatedSum::value);
        // What is cut off an infinite sum is no number.
        Some(squares.map(|sum| if sum.is_nan() { f64::INFINITY } else { sum }))
    }

    /// Number of rows, whatever their weights.
    pub fn n_samples(&self) -> usize {
        self.n_samples
    }

    /// Whether the rows have weights.
    pub fn is_weighted(&self) -> bool {
        self.squares.is_some()
    }

    /// How many positive and negative rows of equal weight tell as much as those that are there; not finite if no
    /// double holds the squared weights.
    ///
    /// # References
    /// As [`Self::effective`].
    pub(super) fn effective_by_class(&self) -> [f64; 2] {
        let cells = self.cells();
        let sizes = [cells.positives(), cells.negatives()];
        let Some([tp, fp, fn_, tn]) = self.squares() else {
            return sizes;
        };
        [
            sizes[0] / (tp + fn_) * sizes[0],
            sizes[1] / (fp + tn) * sizes[1],
        ]
    }

    /// As many rows of equal weight in each cell as tell as much as those that are there, and what each weighs. `None`
    /// if no double holds the squared weights.
    ///
    /// # Formula
    /// ```text
    /// rows = (sum of w)² / (sum of w²), rounded, 1 at least; weight = (sum of w) / rows
    /// ```
    /// Of rows that all weigh the same there are just as many.
    ///
    /// # References
    /// Kish, 1965, *Survey sampling*, section 11.7.
    pub(super) fn effective(&self) -> Option<([u64; 4], [f64; 4])> {
        let cells = self.cells();
        let Some(squares) = self.squares() else {
            return Some((cells.to_counts()?, [1.0; 4]));
        };
        let sums = [cells.tp(), cells.fp(), cells.fn_(), cells.tn()];
        let (mut rows, mut weights) = ([0; 4], [1.0; 4]);
        for (place, (sum, squares)) in sums.into_iter().zip(squares).enumerate() {
            if sum > 0.0 {
                let effective = (sum / squares * sum).round().max(1.0);
                rows[place] = Cells::from_weights(effective, 0.0, 0.0, 0.0)
                    .ok()?
                    .to_counts()?[0];
                weights[place] = sum / effective;
            }
        }
        Some((rows, weights))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn weights_tell_as_much_as_so_many_rows() {
        let mut sums = CellSums::new(Threshold::HALF);
        let is_positive = [true, true, true, false, false, true, false];
        let score = [0.9, 0.8, 0.5, 0.7, 0.1, 0.2, 0.3];
        // tp 4, 4 and 2: 100 / 36 rows, 3 of 10/3 each; fp 0.5; tn 1 and 3: 16 / 10 rows, 2 of 2 each; fn 8.
        let weight = [4.0, 4.0, 2.0, 0.5, 1.0, 8.0, 3.0];
        for rows in [0..2, 2..7] {
            let scores = Scores::new(
                is_positive[rows.clone()].to_vec(),
                score[rows.clone()].to_vec(),
            );
            sums.add(&scores.unwrap().with_weight(weight[rows].to_vec()).unwrap());
        }
        assert_eq!(
            sums.cells(),
            Cells::from_weights(10.0, 0.5, 8.0, 4.0).unwrap()
        );
        assert_eq!(
            sums.effective(),
            Some(([3, 1, 1, 2], [10.0 / 3.0, 0.5, 8.0, 2.0]))
        );
        // Positive: 18² of 16 + 16 + 4 + 64; negative: 4.5² of 0.25 + 1 + 9.
        // Quotients come first, so that no square of a large sum is formed; the last bit may differ.
        for (got, expected) in sums
            .effective_by_class()
            .into_iter()
            .zip([3.24, 20.25 / 10.25])
        {
            assert!((got - expected).abs() < 1e-15, "{got}, {expected}");
        }
        assert_eq!((sums.n_samples(), sums.is_weighted()), (7, true));
    }

    #[test]
    fn weights_whose_squares_are_beyond_doubles_tell_nothing() {
        let mut sums = CellSums::new(Threshold::HALF);
        let scores = Scores::new(vec![true, false], vec![0.9, 0.1]).unwrap();
        sums.add(&scores.with_weight(vec![1e-200, 1e-200]).unwrap());
        assert_eq!(sums.effective(), None);
    }
}
