//! Metrics of a whole n × n matrix. For two classes each is that of the 2 × 2 cells.

use crate::compensated::{CompensatedSum, power_of_two_scale};
use crate::{ConfusionMatrix, formulas};

impl ConfusionMatrix {
    /// Share of rows that were predicted right, in `[0, 1]`; higher is better.
    ///
    /// # Formula
    /// ```text
    /// sum of the diagonal / sum of all cells
    /// ```
    ///
    /// # Undefined
    /// When all cells are 0.
    ///
    /// # References
    /// scikit-learn 1.9.1, `accuracy_score`.
    pub fn accuracy(&self) -> Option<f64> {
        let (right, wrong) = self.right_and_wrong();
        formulas::share(right, wrong)
    }

    /// Mean recall of the classes that have rows, in `[0, 1]`; higher is better.
    ///
    /// # Formula
    /// ```text
    /// mean over the classes with rows of  cell on the diagonal / sum of its row
    /// ```
    ///
    /// # Undefined
    /// When all cells are 0. A class without rows is left out, as in scikit-learn.
    ///
    /// # References
    /// scikit-learn 1.9.1, `balanced_accuracy_score`.
    pub fn balanced_accuracy(&self) -> Option<f64> {
        if let Some(cells) = self.binary() {
            return formulas::balanced_accuracy(&cells);
        }
        let recalls = self.one_vs_rest();
        let recalls = recalls.cells().iter().filter_map(formulas::recall);
        let recalls = recalls.collect::<Vec<_>>();
        let sum = recalls.iter().copied().collect::<CompensatedSum>();
        (!recalls.is_empty()).then(|| sum.value() / recalls.len() as f64)
    }

    /// Matthews' correlation coefficient of several classes, in `[-1, 1]`; higher is better.
    ///
    /// # Formula
    /// ```text
    /// (c s - sum t p) / sqrt((s² - sum t²) (s² - sum p²))
    /// ```
    /// `t` and `p`: rows of a class and rows predicted so; `c`: rows predicted right; `s`: all rows.
    ///
    /// # Undefined
    /// When all cells are 0. When all rows are of one class, or all were predicted so, it is 0 by definition, as in
    /// scikit-learn.
    ///
    /// # References
    /// Gorodkin, 2004, *Comparing two K-category assignments by a K-category correlation coefficient*, Computational
    /// Biology and Chemistry 28, 367–374. scikit-learn 1.9.1, `matthews_corrcoef`.
    pub fn mcc(&self) -> Option<f64> {
        if let Some(cells) = self.binary() {
            return formulas::mcc(&cells);
        }
        let margins = self.scaled_margins()?;
        let covariance = margins.covariance();
        let true_variance = margins.co_occurrence(&margins.truly, &margins.truly);
        let pred_variance = margins.co_occurrence(&margins.predicted, &margins.predicted);
        let deviation = (true_variance * pred_variance).sqrt();
        if deviation == 0.0 {
            return Some(0.0);
        }
        // A covariance is no larger than the deviations' product (Cauchy and Schwarz); where they meet, a rounding of
        // the root must not turn that around.
        Some(covariance / deviation.max(covariance.abs()))
    }

    /// Cohen's kappa, the agreement beyond chance, in `[-1, 1]`; higher is better.
    ///
    /// # Formula
    /// ```text
    /// (c s - sum t p) / (s² - sum t p)
    /// ```
    /// `t` and `p`: rows of a class and rows predicted so; `c`: rows predicted right; `s`: all rows.
    ///
    /// # Undefined
    /// When all rows are of one class and all were predicted so: chance alone would agree on every row.
    ///
    /// # References
    /// Cohen, 1960, *A coefficient of agreement for nominal scales*, Educational and Psychological Measurement 20,
    /// 37–46. scikit-learn 1.9.1, `cohen_kappa_score`.
    pub fn cohen_kappa(&self) -> Option<f64> {
        if let Some(cells) = self.binary() {
            return formulas::cohen_kappa(&cells);
        }
        let margins = self.scaled_margins()?;
        let by_chance = margins.co_occurrence(&margins.truly, &margins.predicted);
        formulas::quotient(margins.covariance(), by_chance)
    }

    fn binary(&self) -> Option<crate::Cells> {
        (self.n_labels() == 2).then(|| self.one_vs_rest().cells()[1])
    }

    fn right_and_wrong(&self) -> (f64, f64) {
        let (mut right, mut wrong) = (CompensatedSum::default(), CompensatedSum::default());
        for ((row, column), &value) in self.values().indexed_iter() {
            if row == column {
                right.add(value);
            } else {
                wrong.add(value);
            }
        }
        (right.value(), wrong.value())
    }

    /// The margins brought near 1 by a power of two, so that their products stay within range; `None` without rows.
    fn scaled_margins(&self) -> Option<Margins> {
        let total = self.total();
        let scale = power_of_two_scale(total);
        let scaled = |values: Vec<f64>| values.into_iter().map(|value| scale * value).collect();
        (total > 0.0).then(|| Margins {
            truly: scaled(self.true_totals()),
            predicted: scaled(self.pred_totals()),
            right: scale * self.right_and_wrong().0,
            total: scale * total,
        })
    }
}

struct Margins {
    truly: Vec<f64>,
    predicted: Vec<f64>,
    right: f64,
    total: f64,
}

impl Margins {
    /// `c s - sum t p`, its products unrounded: near independence they cancel.
    fn covariance(&self) -> f64 {
        let mut sum = CompensatedSum::default();
        sum.add_product(self.right, self.total);
        for (&truly, &predicted) in self.truly.iter().zip(&self.predicted) {
            sum.add_product(-truly, predicted);
        }
        sum.value()
    }

    /// `s² - sum l r`, as a sum of what is at least 0: each class of the left with all others of the right.
    fn co_occurrence(&self, left: &[f64], right: &[f64]) -> f64 {
        let mut sum = CompensatedSum::default();
        for (&left, &right) in left.iter().zip(right) {
            sum.add_product(left, self.total - right);
        }
        sum.value()
    }
}
