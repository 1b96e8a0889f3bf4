//! A fitted model: its parts, and the scores, probabilities and classes it predicts. It never changes.

use cutpoint_core::{Label, Labels, Scores, Threshold};
use ndarray::{Array2, ArrayView2};
use rayon::prelude::*;

use crate::rows::{Rows, dot};
use crate::{Convergence, Error, LogisticParams, Result};

/// A fitted logistic regression.
///
/// # Shapes
/// `coef`: `(n_outputs, n_features)`; `intercept`: `(n_outputs,)`; `classes`: `(n_classes,)`, ascending. Two classes
/// have one output, the score of the larger class; more classes have one each.
#[derive(Debug, Clone, PartialEq)]
pub struct FittedLogistic {
    params: LogisticParams,
    classes: Vec<Label>,
    feature_names: Vec<String>,
    coef: Array2<f64>,
    intercept: Vec<f64>,
    convergence: Convergence,
}

impl FittedLogistic {
    /// A model from its parts, for example from a file.
    ///
    /// # Errors
    /// - Those of [`LogisticParams::check`].
    /// - [`Error::Core`] for classes that are not strictly ascending.
    /// - [`Error::PartTooShort`] for fewer than 2 classes, or no features.
    /// - [`Error::PartLength`] for parts that do not fit together.
    /// - [`Error::PartValue`] for a coefficient or an intercept that is not finite.
    pub fn from_parts(
        params: LogisticParams,
        classes: Vec<Label>,
        feature_names: Vec<String>,
        coef: Array2<f64>,
        intercept: Vec<f64>,
        convergence: Convergence,
    ) -> Result<Self> {
        params.check()?;
        let classes = Labels::from_codes(Vec::new(), classes)?.classes().to_vec();
        let part_length = |name, expected, got| Error::PartLength {
            name,
            expected,
            got,
        };
        for (name, least, got) in [
            ("classes", 2, classes.len()),
            ("feature_names", 1, feature_names.len()),
        ] {
            if got < least {
                return Err(Error::PartTooShort { name, least, got });
            }
        }
        let n_outputs = if classes.len() == 2 { 1 } else { classes.len() };
        for (name, expected, got) in [
            ("coef", n_outputs, coef.nrows()),
            ("coef[0]", feature_names.len(), coef.ncols()),
            ("intercept", n_outputs, intercept.len()),
        ] {
            if got != expected {
                return Err(part_length(name, expected, got));
            }
        }
        // Predictions read the coefficients of an output as one slice.
        let coef = if coef.is_standard_layout() {
            coef
        } else {
            coef.as_standard_layout().into_owned()
        };
        let values = [
            ("coef", coef.iter().copied().collect::<Vec<_>>()),
            ("intercept", intercept.clone()),
        ];
        for (name, values) in values {
            if let Some(index) = values.iter().position(|value| !value.is_finite()) {
                return Err(Error::PartValue {
                    name,
                    domain: "finite",
                    index,
                    value: values[index],
                });
            }
        }
        Ok(Self {
            params,
            classes,
            feature_names,
            coef,
            intercept,
            convergence,
        })
    }

    /// The parameters of the fit.
    pub fn params(&self) -> &LogisticParams {
        &self.params
    }

    /// The classes, ascending.
    pub fn classes(&self) -> &[Label] {
        &self.classes
    }

    /// The names of the features, in column order.
    pub fn feature_names(&self) -> &[String] {
        &self.feature_names
    }

    /// The coefficients, one row an output.
    pub fn coef(&self) -> ArrayView2<'_, f64> {
        self.coef.view()
    }

    /// The intercept of each output; 0 if none was fitted.
    pub fn intercept(&self) -> &[f64] {
        &self.intercept
    }

    /// How the fit ended.
    pub fn convergence(&self) -> &Convergence {
        &self.convergence
    }

    /// Number of features.
    pub fn n_features(&self) -> usize {
        self.feature_names.len()
    }

    /// Number of classes.
    pub fn n_classes(&self) -> usize {
        self.classes.len()
    }

    /// Number of outputs: 1 for two classes, otherwise one a class.
    pub fn n_outputs(&self) -> usize {
        self.intercept.len()
    }

    /// The scores `z = x·w + b`, in (-inf, inf): log-odds of the larger class for two classes.
    ///
    /// # Shapes
    /// `x`: `(n_samples, n_features)`; result: `(n_samples, n_outputs)`.
    ///
    /// # Errors
    /// - [`Error::FeatureCount`] for other features than the fit's.
    /// - [`Error::NoSamples`], [`Error::NotFinite`] for `x` without rows, or with NaN or infinities.
    /// - [`Error::ScoreOverflow`] for a score that is not finite.
    pub fn decision_function(&self, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        self.map_scores(x, self.n_outputs(), |scores, out| {
            out.copy_from_slice(scores);
        })
    }

    /// The probability of each class, in [0, 1].
    ///
    /// # Formula
    /// ```text
    /// two classes:  P(larger) = 1 / (1 + e^(-z)),  P(smaller) = 1 - P(larger)
    /// more classes: P(k) = e^(z_k - m) / Σ_j e^(z_j - m),  m = max_j z_j
    /// ```
    ///
    /// # Shapes
    /// `x`: `(n_samples, n_features)`; result: `(n_samples, n_classes)`, in the order of [`classes`](Self::classes).
    ///
    /// # Errors
    /// Those of [`decision_function`](Self::decision_function).
    pub fn predict_proba(&self, x: ArrayView2<'_, f64>) -> Result<Array2<f64>> {
        self.map_scores(x, self.n_classes(), |scores, out| {
            if let [score] = *scores {
                let larger = 1.0 / (1.0 + (-score).exp());
                out[0] = 1.0 - larger;
                out[1] = larger;
                return;
            }
            let largest = scores.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            let mut sum = 0.0;
            for (out, score) in out.iter_mut().zip(scores) {
                *out = (score - largest).exp();
                sum += *out;
            }
            for out in out {
                *out /= sum;
            }
        })
    }

    /// The most probable class of each row: for two classes the larger iff `z > 0`, for more the first of the highest
    /// scores.
    ///
    /// At `z = 0` exactly this gives the smaller class, as scikit-learn does, although both probabilities are 0.5; the
    /// rule of [`predict_at`](Self::predict_at) is `score >= threshold`.
    ///
    /// # Errors
    /// Those of [`decision_function`](Self::decision_function).
    pub fn predict(&self, x: ArrayView2<'_, f64>) -> Result<Labels> {
        let scores = self.decision_function(x)?;
        let codes = scores.outer_iter().map(|scores| {
            if self.n_outputs() == 1 {
                return u32::from(scores[0] > 0.0);
            }
            let (mut best, mut highest) = (0, scores[0]);
            for (class, score) in (0..).zip(scores) {
                if *score > highest {
                    (best, highest) = (class, *score);
                }
            }
            best
        });
        Ok(Labels::from_codes(codes.collect(), self.classes.clone())?)
    }

    /// The probability of one class for each row, in [0, 1]: the score that a sweep takes.
    ///
    /// # Errors
    /// - [`Error::PositiveUnknown`] for a class that the model does not know.
    /// - Those of [`decision_function`](Self::decision_function).
    pub fn positive_score(&self, x: ArrayView2<'_, f64>, positive: &Label) -> Result<Vec<f64>> {
        let class = self
            .classes
            .binary_search(positive)
            .map_err(|_| Error::PositiveUnknown {
                positive: positive.clone(),
                classes: self.classes.clone(),
            })?;
        Ok(self.predict_proba(x)?.column(class).to_vec())
    }

    /// Which rows are predicted to be of class `positive`: those whose probability is at least `threshold`.
    ///
    /// # Errors
    /// Those of [`positive_score`](Self::positive_score).
    pub fn predict_at(
        &self,
        x: ArrayView2<'_, f64>,
        positive: &Label,
        threshold: Threshold,
    ) -> Result<Vec<bool>> {
        let score = self.positive_score(x, positive)?;
        Ok(score
            .into_iter()
            .map(|score| threshold.is_positive(score))
            .collect())
    }

    /// The probability of `positive` for labelled rows, as [`Scores`].
    ///
    /// # Errors
    /// - [`Error::Core`] if `y` has other rows than `x`.
    /// - Those of [`positive_score`](Self::positive_score).
    pub fn scores(&self, x: ArrayView2<'_, f64>, y: &Labels, positive: &Label) -> Result<Scores> {
        let score = self.positive_score(x, positive)?;
        Ok(Scores::new(y.is(positive), score)?)
    }

    /// Turns the scores of each row into `width` numbers. Each row stands alone, so threads change nothing.
    fn map_scores(
        &self,
        x: ArrayView2<'_, f64>,
        width: usize,
        map: impl Fn(&[f64], &mut [f64]) + Sync,
    ) -> Result<Array2<f64>> {
        if x.ncols() != self.n_features() {
            return Err(Error::FeatureCount {
                expected: self.n_features(),
                got: x.ncols(),
            });
        }
        let rows = Rows::new(x)?;
        let mut out = vec![0.0; rows.n_samples() * width];
        let size = rows.rows_per_shard(usize::MAX);
        let bad = out
            .par_chunks_mut(size * width)
            .enumerate()
            .find_map_first(|(chunk, out)| {
                let mut scores = vec![0.0; self.n_outputs()];
                for (offset, out) in out.chunks_exact_mut(width).enumerate() {
                    let index = chunk * size + offset;
                    let row = rows.row(index);
                    for ((score, coef), intercept) in scores
                        .iter_mut()
                        .zip(self.coef.outer_iter())
                        .zip(&self.intercept)
                    {
                        let coef = coef.to_slice().expect("coefficients lie row after row");
                        *score = dot(coef, row) + intercept;
                    }
                    if let Some(value) = scores.iter().find(|score| !score.is_finite()) {
                        return Some(Error::ScoreOverflow {
                            row: index,
                            value: *value,
                        });
                    }
                    map(&scores, out);
                }
                None
            });
        match bad {
            Some(error) => Err(error),
            None => Ok(Array2::from_shape_vec((rows.n_samples(), width), out)
                .expect("as many values as rows times width")),
        }
    }
}
