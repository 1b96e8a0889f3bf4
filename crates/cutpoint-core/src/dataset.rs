//! A labelled data set: features, their names, labels.

use ndarray::{Array2, ArrayView1, Axis};

use crate::label::check_indices;
use crate::{Error, Labels, Result};

/// Features and labels of the same rows.
///
/// # Shapes
/// `x`: `(n_samples, n_features)`; `feature_names`: `(n_features,)`; `y`: `(n_samples,)`.
#[derive(Debug, Clone, PartialEq)]
pub struct Dataset {
    x: Array2<f64>,
    y: Labels,
    feature_names: Vec<String>,
    target_name: String,
}

impl Dataset {
    /// Features named `x0 … x{n_features - 1}` and a target named `y`.
    ///
    /// # Errors
    /// [`Error::Length`] if `y` has other rows than `x`.
    pub fn new(x: Array2<f64>, y: Labels) -> Result<Self> {
        if y.len() != x.nrows() {
            return Err(Error::Length {
                name: "y",
                expected: x.nrows(),
                got: y.len(),
            });
        }
        let feature_names = (0..x.ncols())
            .map(|feature| format!("x{feature}"))
            .collect();
        Ok(Self {
            x,
            y,
            feature_names,
            target_name: "y".to_owned(),
        })
    }

    /// The features that only count the rows: whole numbers one after the other, each once, in order or shuffled; or
    /// whole numbers that rise, or fall, from every row to the next, as a count does of which some rows were taken out.
    /// A model learns from them in which order the rows stood. Of fewer than 5 rows none is told, as chance makes such
    /// columns.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::{Dataset, Labels};
    /// use ndarray::array;
    ///
    /// let x = array![[3.0, 0.1, 0.0], [1.0, 0.2, 2.0], [5.0, 0.1, 3.0], [4.0, 0.7, 7.0], [2.0, 0.3, 9.0]];
    /// let data = Dataset::new(x, Labels::from_integers(&[0, 1, 0, 1, 1]))?;
    /// assert_eq!(data.row_counters(), [0, 2]);
    /// # Ok::<(), cutpoint_core::Error>(())
    /// ```
    pub fn row_counters(&self) -> Vec<usize> {
        const FEWEST_ROWS: usize = 5;
        if self.x.nrows() < FEWEST_ROWS {
            return Vec::new();
        }
        let columns = self.x.columns().into_iter().enumerate();
        let counters = columns.filter(|(_, column)| is_count(*column) || is_thinned_count(*column));
        counters.map(|(feature, _)| feature).collect()
    }

    /// The same data under other names.
    ///
    /// # Errors
    /// [`Error::Length`] unless there is one name a feature.
    pub fn with_names(
        mut self,
        feature_names: Vec<String>,
        target_name: impl Into<String>,
    ) -> Result<Self> {
        if feature_names.len() != self.x.ncols() {
            return Err(Error::Length {
                name: "feature_names",
                expected: self.x.ncols(),
                got: feature_names.len(),
            });
        }
        self.feature_names = feature_names;
        self.target_name = target_name.into();
        Ok(self)
    }

    /// The features, one row a sample.
    pub fn x(&self) -> &Array2<f64> {
        &self.x
    }

    /// The labels.
    pub fn y(&self) -> &Labels {
        &self.y
    }

    /// The names of the features, in column order.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// The name of the label column.
    pub fn target_name(&self) -> &str {
        &self.target_name
    }

    /// Number of rows.
    pub fn n_samples(&self) -> usize {
        self.x.nrows()
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.x.ncols()
    }

    /// The rows named, in the order named.
    ///
    /// # Errors
    /// [`Error::Index`] for a row that does not exist.
    pub fn select(&self, indices: &[usize]) -> Result<Self> {
        check_indices(indices, self.n_samples())?;
        Ok(Self {
            x: self.x.select(Axis(0), indices),
            y: self.y.select(indices)?,
            feature_names: self.feature_names.clone(),
            target_name: self.target_name.clone(),
        })
    }
}

/// Whether a column holds whole numbers one after the other, each once, in any order.
fn is_count(column: ArrayView1<'_, f64>) -> bool {
    let n_rows = column.len();
    let first = column.iter().copied().fold(f64::INFINITY, f64::min);
    let mut seen = vec![false; n_rows];
    column.iter().all(|value| {
        let place = value - first;
        let is_row = place.fract() == 0.0 && place < n_rows as f64;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a whole number in [0, n_rows), looked at only then"
        )]
        let place = if is_row { place as usize } else { return false };
        !std::mem::replace(&mut seen[place], true)
    })
}

/// Whether a column holds whole numbers that rise from every row to the next, or fall.
fn is_thinned_count(column: ArrayView1<'_, f64>) -> bool {
    let pairs = || column.iter().zip(column.iter().skip(1));
    column.iter().all(|value| value.fract() == 0.0)
        && (pairs().all(|(before, after)| before < after)
            || pairs().all(|(before, after)| before > after))
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn select_gathers_rows_in_the_order_named() {
        let data = Dataset::new(
            array![[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]],
            Labels::from_integers(&[7, 8, 9]),
        )
        .unwrap();
        let picked = data.select(&[2, 0, 2]).unwrap();
        assert_eq!(picked.x(), array![[5.0, 6.0], [1.0, 2.0], [5.0, 6.0]]);
        assert_eq!(
            picked.y().iter().cloned().collect::<Vec<_>>(),
            [9.into(), 7.into(), 9.into()]
        );
        assert_eq!(
            data.select(&[3]).unwrap_err(),
            Error::Index {
                n_samples: 3,
                index: 3
            }
        );
    }

    #[test]
    fn lengths_must_agree() {
        let error = Dataset::new(array![[1.0]], Labels::from_integers(&[0, 1])).unwrap_err();
        assert_eq!(
            error,
            Error::Length {
                name: "y",
                expected: 1,
                got: 2
            }
        );
    }
}
