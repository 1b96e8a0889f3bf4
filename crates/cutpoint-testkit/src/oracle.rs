//! A brute-force oracle: counts every threshold anew from the rows, compares every pair of them, and sums as plainly as
//! can be. It is slow on purpose, and shares nothing with the code it checks.

/// The cells of one threshold: counts, or sums of weights.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct OracleCells {
    /// Positive rows whose score is at least the threshold.
    pub tp: f64,
    /// Negative rows whose score is at least the threshold.
    pub fp: f64,
    /// Positive rows whose score is below the threshold.
    pub fn_: f64,
    /// Negative rows whose score is below the threshold.
    pub tn: f64,
}

/// Rows of scores, each a positive or not, a score and a weight.
#[derive(Debug, Clone, PartialEq)]
pub struct OracleRows {
    rows: Vec<(bool, f64, f64)>,
}

impl OracleRows {
    /// Rows from columns; without weights each counts 1. Rows of weight 0 are dropped.
    ///
    /// # Panics
    /// If the columns differ in length.
    pub fn new(is_positive: &[bool], score: &[f64], weight: Option<&[f64]>) -> Self {
        assert_eq!(is_positive.len(), score.len(), "one score a row");
        let mut rows = Vec::new();
        for index in 0..score.len() {
            let weight = match weight {
                Some(weight) => weight[index],
                None => 1.0,
            };
            if weight > 0.0 {
                rows.push((is_positive[index], score[index], weight));
            }
        }
        Self { rows }
    }

    /// The cells at a threshold, counted row by row; at `None`, which no score reaches, nothing is predicted positive.
    pub fn cells_at(&self, threshold: Option<f64>) -> OracleCells {
        let mut cells = OracleCells {
            tp: 0.0,
            fp: 0.0,
            fn_: 0.0,
            tn: 0.0,
        };
        for &(is_positive, score, weight) in &self.rows {
            let predicted = match threshold {
                Some(threshold) => score >= threshold,
                None => false,
            };
            if predicted && is_positive {
                cells.tp += weight;
            }
            if predicted && !is_positive {
                cells.fp += weight;
            }
            if !predicted && is_positive {
                cells.fn_ += weight;
            }
            if !predicted && !is_positive {
                cells.tn += weight;
            }
        }
        cells
    }

    /// The distinct scores, highest first: each is found by looking for the highest score below the last.
    pub fn thresholds(&self) -> Vec<f64> {
        let mut thresholds = Vec::new();
        let mut last = f64::INFINITY;
        loop {
            let mut next = f64::NEG_INFINITY;
            for &(_, score, _) in &self.rows {
                if score < last && score > next {
                    next = score;
                }
            }
            if next == f64::NEG_INFINITY {
                return thresholds;
            }
            thresholds.push(next);
            last = next;
        }
    }

    /// The share of pairs of a positive and a negative row that are in order, ties counting half; `None` without pairs.
    pub fn roc_auc(&self) -> Option<f64> {
        let (mut in_order, mut pairs) = (0.0, 0.0);
        for &(left_is_positive, left, left_weight) in &self.rows {
            for &(right_is_positive, right, right_weight) in &self.rows {
                if left_is_positive && !right_is_positive {
                    let pair = left_weight * right_weight;
                    pairs += pair;
                    if left > right {
                        in_order += pair;
                    } else if left >= right {
                        in_order += pair / 2.0;
                    }
                }
            }
        }
        if pairs > 0.0 {
            Some(in_order / pairs)
        } else {
            None
        }
    }

    /// The mean over the positive rows of the precision at their score; `None` without positive rows.
    pub fn average_precision(&self) -> Option<f64> {
        let (mut sum, mut positives) = (0.0, 0.0);
        for &(is_positive, score, weight) in &self.rows {
            if is_positive {
                let cells = self.cells_at(Some(score));
                sum += weight * cells.tp / (cells.tp + cells.fp);
                positives += weight;
            }
        }
        if positives > 0.0 {
            Some(sum / positives)
        } else {
            None
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_oracle_counts_as_a_person_does() {
        // Scores 0.8 + and 0.5 + - - and 0.2 +.
        let rows = OracleRows::new(
            &[true, true, false, false, true],
            &[0.8, 0.5, 0.5, 0.5, 0.2],
            None,
        );
        assert_eq!(rows.thresholds(), [0.8, 0.5, 0.2]);
        let cells = rows.cells_at(Some(0.5));
        let expected = OracleCells {
            tp: 2.0,
            fp: 2.0,
            fn_: 1.0,
            tn: 0.0,
        };
        assert_eq!(cells, expected);
        // Of the six pairs two are in order, two tie, two are not.
        assert_eq!(rows.roc_auc(), Some(0.5));
        // (1/1 + 2/4 + 3/5) / 3
        let area = rows.average_precision().expect("there are positive rows");
        assert!((area - 0.7).abs() < 1e-15);
    }
}
