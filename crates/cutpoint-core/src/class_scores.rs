//! Scores of several classes: what class each row has, and what score it got for each. Which class is predicted is not
//! decided here.

use ndarray::{Array2, ArrayView2};

use crate::{Error, Label, Labels, Result, Scores, check_weight};

/// One score a class for labelled rows, as `predict_proba` gives them.
///
/// A higher score means "more likely this class". Scores may be any finite numbers and need not sum to 1; none is
/// transformed, except that `-0.0` is stored as `0.0`.
///
/// # Shapes
/// `y`, `weight`: `(n_samples,)`, at least one row; `score`: `(n_samples, n_classes)`, columns in the order of the
/// class table of `y`, of which a class may have no rows.
///
/// # Examples
/// ```
/// use cutpoint_core::{ClassScores, Label, Labels};
/// use ndarray::array;
///
/// let y = Labels::from_texts(&["a", "c", "b"]);
/// let scores = ClassScores::new(y, array![[0.6, 0.3, 0.1], [0.2, 0.3, 0.5], [0.4, 0.4, 0.2]])?;
/// let b = scores.one_vs_rest(1)?;
/// assert_eq!(b.is_positive(), [false, false, true]);
/// assert_eq!(b.score(), [0.3, 0.3, 0.4]);
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ClassScores {
    y: Labels,
    score: Array2<f64>,
    weight: Option<Vec<f64>>,
}

impl ClassScores {
    /// Scores of rows of equal weight.
    ///
    /// # Errors
    /// - [`Error::Empty`] without rows.
    /// - [`Error::Length`] if `y` and `score` differ in rows.
    /// - [`Error::ScoreColumns`] unless there is one column a class.
    /// - [`Error::Value`] for a score that is NaN or infinite.
    pub fn new(y: Labels, mut score: Array2<f64>) -> Result<Self> {
        if y.is_empty() {
            return Err(Error::Empty { name: "score" });
        }
        let (n_samples, n_columns) = score.dim();
        if n_samples != y.len() {
            return Err(Error::Length {
                name: "score",
                expected: y.len(),
                got: n_samples,
            });
        }
        if n_columns != y.classes().len() {
            return Err(Error::ScoreColumns {
                n_classes: y.classes().len(),
                got: n_columns,
            });
        }
        if let Some(((row, _), &value)) = score.indexed_iter().find(|(_, value)| !value.is_finite())
        {
            return Err(Error::Value {
                name: "score",
                domain: "finite",
                value,
                row,
            });
        }
        // -0.0 + 0.0 is 0.0; every other value is left as it is.
        score += 0.0;
        Ok(Self {
            y,
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

    /// Number of rows.
    pub fn n_samples(&self) -> usize {
        self.y.len()
    }

    /// The class of each row.
    pub fn y(&self) -> &Labels {
        &self.y
    }

    /// The classes, ascending: those of the columns.
    pub fn classes(&self) -> &[Label] {
        self.y.classes()
    }

    /// The scores, one row a sample, one column a class; finite.
    pub fn score(&self) -> ArrayView2<'_, f64> {
        self.score.view()
    }

    /// The weight of each row, if weights were given; finite, at least 0, not all 0.
    pub fn weight(&self) -> Option<&[f64]> {
        self.weight.as_deref()
    }

    /// The scores of one class, which is positive, against all others.
    ///
    /// # Errors
    /// [`Error::ClassIndex`] for a class that does not exist.
    pub fn one_vs_rest(&self, class_index: usize) -> Result<Scores> {
        let Some(class) = self.classes().get(class_index) else {
            return Err(Error::ClassIndex {
                n_classes: self.classes().len(),
                got: class_index,
            });
        };
        let scores = Scores::new(self.y.is(class), self.score.column(class_index).to_vec())?;
        match &self.weight {
            Some(weight) => scores.with_weight(weight.clone()),
            None => Ok(scores),
        }
    }
}

#[cfg(test)]
mod tests {
    use ndarray::array;

    use super::*;

    #[test]
    fn what_does_not_fit_is_refused() {
        let y = Labels::from_integers(&[2, 1, 3]);
        let refused =
            |y: &Labels, score| ClassScores::new(y.clone(), score).unwrap_err().to_string();
        assert_eq!(
            refused(&y, array![[0.5, 0.5], [0.5, 0.5], [0.5, 0.5]]),
            "`score` must have 3 columns, one for each class, got 2"
        );
        assert_eq!(
            refused(&y, array![[0.5, 0.5, 0.0]]),
            "`score` must have 3 rows, got 1"
        );
        let nan = array![[0.0, 0.0, 0.0], [0.0, f64::NAN, 0.0], [0.0, 0.0, 0.0]];
        assert_eq!(
            refused(&y, nan),
            "`score` must be finite, got NaN in row 1 (counted from 0)"
        );
        let none = Labels::from_integers(&[]);
        assert_eq!(
            refused(&none, Array2::zeros((0, 0))),
            "`score` must have at least 1 row, got 0"
        );
        let scores = ClassScores::new(y, Array2::from_elem((3, 3), -0.0)).unwrap();
        assert!(scores.score().iter().all(|score| score.is_sign_positive()));
        assert!(scores.clone().with_weight(vec![1.0, -1.0, 0.0]).is_err());
        assert_eq!(
            scores.one_vs_rest(3).unwrap_err().to_string(),
            "`class_index` must be below the number of classes 3, got 3"
        );
    }

    #[test]
    fn weights_go_with_the_class() {
        let y = Labels::from_integers(&[1, 0]);
        let scores = ClassScores::new(y, array![[0.25, 0.75], [0.5, 0.5]]).unwrap();
        let scores = scores.with_weight(vec![2.0, 0.5]).unwrap();
        let one = scores.one_vs_rest(1).unwrap();
        assert_eq!(one.is_positive(), [true, false]);
        assert_eq!(one.score(), [0.75, 0.5]);
        assert_eq!(one.weight(), Some(&[2.0, 0.5][..]));
    }
}
