//! The ledger of a move from rows that come in blocks: two comparisons a row, no sweep, no memory. What the ledger
//! means is in `moves`.

use cutpoint_core::{Scores, Threshold};
use serde::{Deserialize, Serialize};

use super::{Flow, Moves};
use crate::bytes::{amounts, finite};
use crate::compensated::CompensatedSum;
use crate::sweep::at_score;
use crate::{Cells, Error, Result};

/// Makes the ledger of a move of the threshold from rows that come block by block.
///
/// It is that of [`moves`](crate::moves()) for all rows together. (Sums of weights are compensated, and the order of
/// the rows may show in the last of their 32 or so digits.)
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::MovesBuilder;
///
/// let mut builder = MovesBuilder::new(Threshold::HALF, Threshold::new(0.8)?);
/// builder.add(&Scores::new(vec![true, true, false], vec![0.9, 0.7, 0.7])?);
/// builder.add(&Scores::new(vec![true, false, false], vec![0.6, 0.4, 0.1])?);
/// let ledger = builder.finish();
/// assert_eq!((ledger.tp_to_fn(), ledger.fp_to_tn()), (2.0, 1.0));
/// assert_eq!((ledger.next_up(), ledger.next_down()), (None, Some(Threshold::new(0.7)?)));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct MovesBuilder {
    from: Threshold,
    to: Threshold,
    #[serde(deserialize_with = "amounts")]
    counts: Zones<u64>,
    #[serde(deserialize_with = "amounts")]
    weights: Zones<CompensatedSum>,
    is_weighted: bool,
    nearest: Nearest,
}

/// Negative and positive rows below both thresholds, between them, and from both of them up.
type Zones<A> = [[A; 2]; 3];

impl MovesBuilder {
    /// No rows so far.
    pub fn new(from: Threshold, to: Threshold) -> Self {
        Self {
            from,
            to,
            counts: Zones::default(),
            weights: Zones::default(),
            is_weighted: false,
            nearest: Nearest::default(),
        }
    }

    /// Adds rows; those of weight 0 count like no row.
    pub fn add(&mut self, scores: &Scores) {
        let (from, to) = (self.from, self.to);
        let zone =
            |score| usize::from(from.is_positive(score)) + usize::from(to.is_positive(score));
        let rows = scores.is_positive().iter().zip(scores.score());
        let Some(weight) = scores.weight() else {
            for (&is_positive, &score) in rows {
                self.counts[zone(score)][usize::from(is_positive)] += 1;
                self.nearest.add(score, to);
            }
            return;
        };
        self.is_weighted = true;
        // -0.0 is a weight of 0, too.
        for ((&is_positive, &score), &weight) in rows.zip(weight).filter(|(_, w)| **w > 0.0) {
            self.weights[zone(score)][usize::from(is_positive)].add(weight);
            self.nearest.add(score, to);
        }
    }

    /// Whether rows have weights.
    pub fn is_weighted(&self) -> bool {
        self.is_weighted
    }

    /// Adds rows that were added elsewhere.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] for those of another move.
    pub fn merge(&mut self, other: &Self) -> Result<()> {
        if (self.from, self.to) != (other.from, other.to) {
            return Err(Error::PartsDiffer { name: "threshold" });
        }
        self.is_weighted |= other.is_weighted;
        for zone in 0..3 {
            for class in [0, 1] {
                self.counts[zone][class] += other.counts[zone][class];
                let weights = &mut self.weights[zone][class];
                *weights = weights.plus(other.weights[zone][class]);
            }
        }
        let Nearest {
            first,
            second,
            below,
        } = other.nearest;
        for score in [first, second, below].into_iter().flatten() {
            self.nearest.add(score, self.to);
        }
        Ok(())
    }

    /// The ledger of all rows.
    pub fn finish(&self) -> Moves {
        let zones = self.counts.map(|zone| zone.map(|count| count as f64));
        let mut sums = zones.map(|zone| zone.map(|sum| CompensatedSum::from_parts(sum, 0.0)));
        for (zone, weights) in sums.iter_mut().zip(self.weights) {
            for (sum, weight) in zone.iter_mut().zip(weights) {
                *sum = sum.plus(weight);
            }
        }
        let [below, between, above] = sums;
        // Predicted positive without the rows between the thresholds, and with them.
        let raised = cells(above, plus(between, below));
        let lowered = cells(plus(above, between), below);
        let [negatives, positives] = between.map(CompensatedSum::value);
        let (before, after, flow) = if self.from.value() > self.to.value() {
            let flow = Flow {
                fn_to_tp: positives,
                tn_to_fp: negatives,
                ..Flow::default()
            };
            (raised, lowered, flow)
        } else {
            let flow = Flow {
                tp_to_fn: positives,
                fp_to_tn: negatives,
                ..Flow::default()
            };
            (lowered, raised, flow)
        };
        Moves {
            from: self.from,
            to: self.to,
            before,
            after,
            flow,
            next_up: self.nearest.second.map(at_score),
            next_down: self.nearest.below.map(at_score),
        }
    }
}

/// Negative and positive rows, added class by class.
fn plus(left: [CompensatedSum; 2], right: [CompensatedSum; 2]) -> [CompensatedSum; 2] {
    [left[0].plus(right[0]), left[1].plus(right[1])]
}

fn cells(predicted: [CompensatedSum; 2], rest: [CompensatedSum; 2]) -> Cells {
    let [fp, tp] = predicted.map(CompensatedSum::value);
    let [tn, fn_] = rest.map(CompensatedSum::value);
    Cells::from_sums(tp, fp, fn_, tn)
}

/// The scores around a threshold: those at which the matrix changes next.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct Nearest {
    /// The lowest score that reaches the threshold: up to it, the matrix stays.
    #[serde(deserialize_with = "finite")]
    first: Option<f64>,
    /// The next one up, where it changes.
    #[serde(deserialize_with = "finite")]
    second: Option<f64>,
    /// The highest score that does not reach it.
    #[serde(deserialize_with = "finite")]
    below: Option<f64>,
}

impl Nearest {
    fn add(&mut self, score: f64, threshold: Threshold) {
        if !threshold.is_positive(score) {
            if self.below.is_none_or(|below| score > below) {
                self.below = Some(score);
            }
        } else if self.first.is_none_or(|first| score < first) {
            self.second = self.first;
            self.first = Some(score);
        } else if self.first.is_some_and(|first| score > first)
            && self.second.is_none_or(|second| score < second)
        {
            self.second = Some(score);
        }
    }
}
