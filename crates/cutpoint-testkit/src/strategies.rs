//! Scores as they come in the worst files: ties, one row, neighbours, extremes, both zeros.

use cutpoint_core::Scores;
use proptest::collection::vec;
use proptest::prelude::*;

use crate::OracleRows;

/// Rows of scores before they are `Scores`, so that they can be permuted and repeated.
#[derive(Debug, Clone, PartialEq)]
pub struct Rows {
    /// The class of each row.
    pub is_positive: Vec<bool>,
    /// Its score.
    pub score: Vec<f64>,
    /// Its weight; `None` where each counts once.
    pub weight: Option<Vec<f64>>,
}

impl Rows {
    /// What counts them one by one.
    pub fn oracle(&self) -> OracleRows {
        OracleRows::new(&self.is_positive, &self.score, self.weight.as_deref())
    }

    /// The rows as scores.
    ///
    /// # Panics
    /// If there are none, or all weigh nothing.
    pub fn scores(&self) -> Scores {
        let scores = Scores::new(self.is_positive.clone(), self.score.clone());
        let scores = scores.expect("finite scores, at least one");
        match &self.weight {
            None => scores,
            Some(weight) => scores.with_weight(weight.clone()).expect("weights above 0"),
        }
    }

    /// The rows in blocks of so many, in their order; a block of weights that are all 0 is no block of scores.
    pub fn blocks(&self, n_rows: usize) -> impl Iterator<Item = Scores> {
        let indices = (0..self.score.len()).collect::<Vec<_>>();
        let chunks = indices.chunks(n_rows).map(|chunk| self.select(chunk));
        let blocks = chunks
            .filter(Self::counts)
            .map(|rows| rows.scores())
            .collect::<Vec<_>>();
        blocks.into_iter()
    }

    /// Whether any row counts.
    pub fn counts(&self) -> bool {
        match &self.weight {
            None => !self.score.is_empty(),
            Some(weight) => weight.iter().any(|weight| *weight > 0.0),
        }
    }

    /// The rows named, in the order named.
    ///
    /// # Panics
    /// If one does not exist.
    #[must_use]
    pub fn select(&self, indices: &[usize]) -> Self {
        fn pick<T: Copy>(column: &[T], indices: &[usize]) -> Vec<T> {
            indices.iter().map(|&index| column[index]).collect()
        }
        Self {
            is_positive: pick(&self.is_positive, indices),
            score: pick(&self.score, indices),
            weight: self.weight.as_ref().map(|weight| pick(weight, indices)),
        }
    }
}

/// Any score a file may hold.
pub fn score() -> impl Strategy<Value = f64> {
    let extremes = vec![
        f64::MAX,
        f64::MIN,
        f64::MIN_POSITIVE,
        -f64::MIN_POSITIVE,
        f64::from_bits(1),
        -f64::from_bits(1),
        0.0,
        -0.0,
        1.0,
        -1.0,
        1e300,
    ];
    prop_oneof![
        4 => (0_u8..=4).prop_map(|step| f64::from(step) / 4.0),
        2 => prop::sample::select(extremes),
        2 => (0_u64..4).prop_map(|step| f64::from_bits(0.3_f64.to_bits() + step)),
        2 => 0.0..1.0,
        1 => prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::NEGATIVE,
    ]
}

/// Probabilities, with ties and both ends.
pub fn probability() -> impl Strategy<Value = f64> {
    prop_oneof![
        2 => (0_u8..=4).prop_map(|step| f64::from(step) / 4.0),
        1 => 0.0..1.0,
    ]
}

/// Rows of the same weight.
pub fn plain_rows(score: impl Strategy<Value = f64>) -> impl Strategy<Value = Rows> {
    vec((any::<bool>(), score), 1..40).prop_map(|rows| {
        let (is_positive, score) = rows.into_iter().unzip();
        Rows {
            is_positive,
            score,
            weight: None,
        }
    })
}

/// Rows with weights from those given; the first row has weight 1, so that not all are 0.
pub fn weighted_rows(
    score: impl Strategy<Value = f64>,
    weight: impl Strategy<Value = f64> + Clone + 'static,
) -> impl Strategy<Value = Rows> {
    plain_rows(score).prop_flat_map(move |rows| {
        let n_samples = rows.score.len();
        vec(weight.clone(), n_samples).prop_map(move |mut weight| {
            weight[0] = 1.0;
            Rows {
                weight: Some(weight),
                ..rows.clone()
            }
        })
    })
}

/// Weights of all sizes, 0 among them.
pub fn weight() -> impl Strategy<Value = f64> + Clone {
    prop_oneof![
        3 => 0.0..10.0,
        1 => Just(0.0),
        1 => 0.0..1e-9,
        1 => 1e6..1e9,
    ]
}

/// Rows with or without weights.
pub fn rows() -> impl Strategy<Value = Rows> {
    prop_oneof![plain_rows(score()), weighted_rows(score(), weight())]
}

/// A permutation of the rows.
pub fn shuffled(rows: impl Strategy<Value = Rows>) -> impl Strategy<Value = (Rows, Rows)> {
    rows.prop_flat_map(|rows| {
        let order = (0..rows.score.len()).collect::<Vec<_>>();
        let order = Just(order).prop_shuffle();
        (Just(rows), order).prop_map(|(rows, order)| {
            let permuted = rows.select(&order);
            (rows, permuted)
        })
    })
}

/// Weights that say how often a row is there.
pub fn whole_weight() -> impl Strategy<Value = f64> + Clone {
    (0_u8..4).prop_map(f64::from)
}

/// The same rows without weights, each as often as its weight says.
///
/// # Panics
/// If they have no weights.
pub fn repeat_by_weight(rows: &Rows) -> Rows {
    let weight = rows.weight.as_ref().expect("weighted rows");
    let mut indices = Vec::new();
    for (index, &weight) in weight.iter().enumerate() {
        let mut left = weight;
        while left > 0.0 {
            indices.push(index);
            left -= 1.0;
        }
    }
    Rows {
        weight: None,
        ..rows.select(&indices)
    }
}

/// Some rows of either class.
///
/// # Panics
/// If there are none, or a score is not finite.
pub fn scores_of(rows: &[(bool, f64)]) -> Scores {
    let (is_positive, score) = rows.iter().copied().unzip();
    Scores::new(is_positive, score).expect("finite scores, at least one")
}

/// 500 scores of two overlapping classes, all distinct.
pub fn overlapping_scores() -> Scores {
    let rows = (0..500).map(|row| {
        let is_positive = row % 3 == 0;
        let shift = if is_positive { 0.3 } else { 0.0 };
        (is_positive, shift + f64::from(row * 37 % 500) / 700.0)
    });
    scores_of(&rows.collect::<Vec<_>>())
}
