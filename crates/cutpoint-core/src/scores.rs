//! Binary scores: which rows are positive, what score each got, what weight each has.

use crate::{Error, Result};

/// The scores of labelled rows; the raw material of a sweep.
///
/// A higher score means "more likely positive". Scores may be probabilities, log-odds, margins or any other finite
/// number; none is transformed. `-0.0` is stored as `0.0`, so that the two tie.
///
/// # Shapes
/// `is_positive`, `score`, `weight`: `(n_samples,)`, at least one row.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
///
/// let scores = Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.35])?;
/// assert_eq!(scores.n_samples(), 3);
/// assert!(Scores::new(vec![true], vec![f64::NAN]).is_err());
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct Scores {
    is_positive: Vec<bool>,
    score: Vec<f64>,
    weight: Option<Vec<f64>>,
}

impl Scores {
    /// Scores of equal weight.
    ///
    /// # Errors
    /// - [`Error::Empty`] without rows.
    /// - [`Error::Length`] if the columns differ in length.
    /// - [`Error::Value`] for a score that is NaN or infinite.
    pub fn new(is_positive: Vec<bool>, mut score: Vec<f64>) -> Result<Self> {
        if is_positive.is_empty() {
            return Err(Error::Empty { name: "score" });
        }
        if score.len() != is_positive.len() {
            return Err(Error::Length {
                name: "score",
                expected: is_positive.len(),
                got: score.len(),
            });
        }
        if let Some(row) = score.iter().position(|value| !value.is_finite()) {
            return Err(Error::Value {
                name: "score",
                domain: "finite",
                value: score[row],
                row,
            });
        }
        for value in &mut score {
            // -0.0 + 0.0 is 0.0; every other value is left as it is.
            *value += 0.0;
        }
        Ok(Self {
            is_positive,
            score,
            weight: None,
        })
    }

    /// The same scores with a weight for each row; weight 2 counts like the row twice, weight 0 like no row.
    ///
    /// # Errors
    /// As [`check_weight`].
    pub fn with_weight(mut self, weight: Vec<f64>) -> Result<Self> {
        check_weight(&weight, self.n_samples())?;
        self.weight = Some(weight);
        Ok(self)
    }

    /// Some of the rows, in the order of these indices.
    ///
    /// # Errors
    /// [`Error::Empty`] without rows, and for weights that are all 0 as [`Scores::with_weight`].
    ///
    /// # Panics
    /// If there is no such row.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Scores;
    ///
    /// let scores = Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.35])?;
    /// assert_eq!(scores.select(&[2, 0])?.score(), [0.35, 0.9]);
    /// # Ok::<(), cutpoint_core::Error>(())
    /// ```
    pub fn select(&self, rows: &[usize]) -> Result<Self> {
        let selected = Self::new(
            rows.iter().map(|&row| self.is_positive[row]).collect(),
            rows.iter().map(|&row| self.score[row]).collect(),
        )?;
        match &self.weight {
            Some(weight) => selected.with_weight(rows.iter().map(|&row| weight[row]).collect()),
            None => Ok(selected),
        }
    }

    /// Number of rows.
    pub fn n_samples(&self) -> usize {
        self.score.len()
    }

    /// Which rows have the positive class.
    pub fn is_positive(&self) -> &[bool] {
        &self.is_positive
    }

    /// The score of each row; finite.
    pub fn score(&self) -> &[f64] {
        &self.score
    }

    /// The weight of each row, if weights were given; finite, at least 0, not all 0.
    pub fn weight(&self) -> Option<&[f64]> {
        self.weight.as_deref()
    }
}

/// Checks a column of weights that belongs to `n_samples` rows.
///
/// # Errors
/// - [`Error::Length`] unless there is one weight a row.
/// - [`Error::Value`] for a weight that is negative, NaN or infinite.
/// - [`Error::AllWeightsZero`] if no row is left.
/// - [`Error::WeightTotal`] if the weights sum to more than 1e300, so that every sum of them stays finite.
pub fn check_weight(weight: &[f64], n_samples: usize) -> Result<()> {
    if weight.len() != n_samples {
        return Err(Error::Length {
            name: "weight",
            expected: n_samples,
            got: weight.len(),
        });
    }
    if let Some(row) = weight
        .iter()
        .position(|value| !(value.is_finite() && *value >= 0.0))
    {
        return Err(Error::Value {
            name: "weight",
            domain: "finite and in [0, inf)",
            value: weight[row],
            row,
        });
    }
    if weight.iter().all(|&value| value == 0.0) {
        return Err(Error::AllWeightsZero { n_samples });
    }
    check_weight_total(weight.iter().sum())
}

/// Checks the sum of all weights, where these come in several parts.
///
/// # Errors
/// [`Error::WeightTotal`] if the weights sum to more than 1e300, so that every sum of them stays finite.
pub fn check_weight_total(total: f64) -> Result<()> {
    const HIGHEST_TOTAL: f64 = 1e300;
    if total > HIGHEST_TOTAL {
        return Err(Error::WeightTotal {
            limit: HIGHEST_TOTAL,
            total,
        });
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negative_zero_becomes_zero() {
        let scores = Scores::new(vec![true, false], vec![-0.0, -1.5]).unwrap();
        assert_eq!(scores.score()[0].to_bits(), 0.0_f64.to_bits());
        assert_eq!(scores.score()[1].to_bits(), (-1.5_f64).to_bits());
    }

    #[test]
    fn bad_rows_are_named() {
        let error = Scores::new(vec![true, false], vec![0.5, f64::INFINITY]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`score` must be finite, got inf in row 1 (counted from 0)"
        );
        assert_eq!(
            Scores::new(vec![], vec![]).unwrap_err(),
            Error::Empty { name: "score" }
        );
        let scores = Scores::new(vec![true, false], vec![0.5, 0.5]).unwrap();
        let error = scores.clone().with_weight(vec![1.0, -1.0]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`weight` must be finite and in [0, inf), got -1 in row 1 (counted from 0)"
        );
        assert_eq!(
            scores.with_weight(vec![0.0, 0.0]).unwrap_err(),
            Error::AllWeightsZero { n_samples: 2 }
        );
        let scores = Scores::new(vec![true, false], vec![0.5, 0.5]).unwrap();
        let error = scores.with_weight(vec![1e300, 1e300]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "`weight` must sum to at most 1e300, got 2e300"
        );
    }
}
