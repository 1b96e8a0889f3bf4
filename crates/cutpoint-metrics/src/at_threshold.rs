//! The cells at one threshold or at a few, counted from scores: one pass over the rows, and no sort. The cells at every
//! threshold belong to `sweep`.

use std::ops::Range;

use cutpoint_core::{Scores, Threshold};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use crate::Cells;
use crate::bytes::amounts;
use crate::compensated::CompensatedSum;

/// Rows that one thread takes at a time; fewer are counted where they are. As blocks do not depend on the threads,
/// neither do sums of weights.
const BLOCK_ROWS: usize = 1 << 16;

/// The cells at one threshold, from one pass over the rows: positive iff `score >= threshold`.
///
/// Unweighted rows are counted in `u64`; weights are summed with compensation. Large inputs are counted in rayon's
/// current pool, at about the speed at which memory gives out the columns.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Cells, confusion_at};
///
/// let scores = Scores::new(vec![true, true, true, false, false], vec![0.9, 0.5, 0.2, 0.5, 0.1])?;
/// // A score on the threshold is positive.
/// assert_eq!(confusion_at(&scores, Threshold::HALF), Cells::from_counts(2, 1, 1, 1));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
pub fn confusion_at(scores: &Scores, threshold: Threshold) -> Cells {
    let mut tally = CellTally::default();
    tally.add(scores, Some(threshold));
    tally.cells()
}

/// The cells at a threshold of rows that come block by block, or in parts that are merged: sums of weights keep the
/// digits that a double drops, so that how the rows were cut does not show.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{CellTally, Cells};
///
/// let mut tally = CellTally::default();
/// tally.add(&Scores::new(vec![true, false], vec![0.9, 0.1])?, Some(Threshold::HALF));
/// let mut other = CellTally::default();
/// other.add(&Scores::new(vec![true, false], vec![0.4, 0.2])?, Some(Threshold::HALF));
/// tally.merge(&other);
/// assert_eq!(tally.cells(), Cells::from_counts(1, 0, 1, 2));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CellTally {
    /// Rows without weights: tn, fp, fn, tp.
    #[serde(deserialize_with = "amounts")]
    counts: [u64; 4],
    /// The weights of the others.
    #[serde(deserialize_with = "amounts")]
    weights: [CompensatedSum; 4],
}

impl CellTally {
    /// Rows that were counted already: tp, fp, fn, tn.
    pub(crate) fn of_counts([tp, fp, fn_, tn]: [u64; 4]) -> Self {
        Self {
            counts: [tn, fp, fn_, tp],
            weights: Default::default(),
        }
    }

    /// Adds rows at a threshold; at "predict none" for `None`.
    pub fn add(&mut self, scores: &Scores, threshold: Option<Threshold>) {
        let (is_positive, score) = (scores.is_positive(), scores.score());
        if let Some(weight) = scores.weight() {
            let sums = sums_of_weights(scores, weight, threshold, |weight| weight);
            self.weights = [0, 1, 2, 3].map(|cell| self.weights[cell].plus(sums[cell]));
            return;
        }
        let blocks = in_blocks(score.len(), BLOCK_ROWS, |rows| {
            let (is_positive, score) = (&is_positive[rows.clone()], &score[rows]);
            match threshold {
                Some(threshold) => count_block(is_positive, score, threshold),
                None => [0, 0, is_positive.iter().map(|&is| u64::from(is)).sum()],
            }
        });
        let [tp, predicted, positives] = blocks
            .into_iter()
            .fold([0; 3], |sum, block| [0, 1, 2].map(|i| sum[i] + block[i]));
        let (fp, fn_) = (predicted - tp, positives - tp);
        let cells = [score.len() as u64 - tp - fp - fn_, fp, fn_, tp];
        self.counts = [0, 1, 2, 3].map(|cell| self.counts[cell] + cells[cell]);
    }

    /// Adds rows that were counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        for cell in 0..4 {
            self.counts[cell] += other.counts[cell];
            self.weights[cell] = self.weights[cell].plus(other.weights[cell]);
        }
    }

    /// The cells.
    pub fn cells(&self) -> Cells {
        let sum = |cell: usize| {
            let count = CompensatedSum::from_parts(self.counts[cell] as f64, 0.0);
            count.plus(self.weights[cell]).value()
        };
        let [tn, fp, fn_, tp] = [0, 1, 2, 3].map(sum);
        Cells::from_sums(tp, fp, fn_, tn)
    }
}

/// The sum of what each weight is taken for, in each cell: tn, fp, fn, tp; at "predict none" for `None`.
pub(crate) fn sums_of_weights(
    scores: &Scores,
    weight: &[f64],
    threshold: Option<Threshold>,
    taken_for: impl Fn(f64) -> f64 + Sync,
) -> [CompensatedSum; 4] {
    let (is_positive, score) = (scores.is_positive(), scores.score());
    let blocks = in_blocks(score.len(), BLOCK_ROWS, |rows| {
        let mut sums = [CompensatedSum::default(); 4];
        for row in rows {
            let is_called = threshold.is_some_and(|threshold| threshold.is_positive(score[row]));
            let cell = 2 * usize::from(is_positive[row]) + usize::from(is_called);
            sums[cell].add(taken_for(weight[row]));
        }
        sums
    });
    let blocks = blocks.into_iter();
    blocks.fold([CompensatedSum::default(); 4], |sums, block| {
        [0, 1, 2, 3].map(|cell| sums[cell].plus(block[cell]))
    })
}

/// The cells at each of a grid of thresholds, in the order given: one pass over the rows for all of them.
///
/// The time is nearly the same for one threshold or a thousand. For the cells at every score, [`sweep`](crate::sweep())
/// is the way.
///
/// # Shapes
/// `thresholds`: any order, repeats allowed; one matrix for each.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Cells, confusion_at_thresholds};
///
/// let scores = Scores::new(vec![true, true, true, false, false], vec![0.9, 0.5, 0.2, 0.5, 0.1])?;
/// let grid = [Threshold::HALF, Threshold::new(0.15)?];
/// let cells = confusion_at_thresholds(&scores, &grid);
/// assert_eq!(cells, [Cells::from_counts(2, 1, 1, 1), Cells::from_counts(3, 1, 0, 1)]);
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
pub fn confusion_at_thresholds(scores: &Scores, thresholds: &[Threshold]) -> Vec<Cells> {
    let ladder = Ladder::new(thresholds);
    let cells = match scores.weight() {
        None => counts_on(&ladder, scores),
        Some(weight) => sums_on(&ladder, scores, weight),
    };
    let of_threshold = thresholds.iter().map(|threshold| {
        let value = threshold.value();
        cells[ladder.rungs.partition_point(|&rung| rung < value)]
    });
    of_threshold.collect()
}

/// Something of each block of rows, in their order.
fn in_blocks<T: Send>(
    n_rows: usize,
    block_rows: usize,
    of_block: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    if n_rows <= block_rows {
        return vec![of_block(0..n_rows)];
    }
    let starts = (0..n_rows.div_ceil(block_rows)).into_par_iter();
    let blocks = starts.map(|block| {
        let start = block * block_rows;
        of_block(start..n_rows.min(start + block_rows))
    });
    blocks.collect()
}

/// Counts true positives, predicted positives and positives. Rows are taken in small groups without branches, which
/// compilers turn into instructions that count many at once.
fn count_block(is_positive: &[bool], score: &[f64], threshold: Threshold) -> [u64; 3] {
    /// What a byte can count; a power of two.
    const GROUP: usize = 128;

    let (labels, last_labels) = is_positive.as_chunks::<GROUP>();
    let (scores, last_scores) = score.as_chunks::<GROUP>();
    let mut sums = [0; 3];
    for (labels, scores) in labels.iter().zip(scores) {
        let predicted = scores.map(|score| u8::from(threshold.is_positive(score)));
        let mut counts = [0_u8; 3];
        for (&label, predicted) in labels.iter().zip(predicted) {
            let label = u8::from(label);
            counts[0] += label & predicted;
            counts[1] += predicted;
            counts[2] += label;
        }
        for (sum, count) in sums.iter_mut().zip(counts) {
            *sum += u64::from(count);
        }
    }
    for (&label, &score) in last_labels.iter().zip(last_scores) {
        let predicted = threshold.is_positive(score);
        sums[0] += u64::from(label && predicted);
        sums[1] += u64::from(predicted);
        sums[2] += u64::from(label);
    }
    sums
}

/// Thresholds in ascending order, and a table that leads close to a score's place among them.
struct Ladder {
    rungs: Vec<f64>,
    lowest: f64,
    /// Bins a unit.
    scale: f64,
    /// For each bin how many thresholds lie in those below it, and last how many there are.
    below: Vec<usize>,
}

impl Ladder {
    fn new(thresholds: &[Threshold]) -> Self {
        /// Bins for each threshold, so that most bins have none; and as many as stay in cache.
        const BINS: (usize, usize) = (16, 1 << 15);

        let mut rungs = thresholds
            .iter()
            .map(|threshold| threshold.value())
            .collect::<Vec<_>>();
        rungs.sort_by(f64::total_cmp);
        rungs.dedup();
        let (lowest, highest) = match rungs[..] {
            [first, .., last] => (first, last),
            _ => (0.0, 0.0),
        };
        let n_bins = (BINS.0 * rungs.len()).min(BINS.1);
        let scale = n_bins as f64 / (highest - lowest);
        // Otherwise all scores go to one bin, where the search is among all thresholds.
        let (n_bins, scale) = if scale.is_normal() {
            (n_bins, scale)
        } else {
            (1, 0.0)
        };
        let mut ladder = Self {
            rungs,
            lowest,
            scale,
            below: vec![0; n_bins + 1],
        };
        for place in 0..ladder.rungs.len() {
            let bin = ladder.bin(ladder.rungs[place]);
            ladder.below[bin + 1] += 1;
        }
        for bin in 1..ladder.below.len() {
            ladder.below[bin] += ladder.below[bin - 1];
        }
        ladder
    }

    /// A bin that is never higher for a lower number: rounding keeps the order of differences and products.
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "it saturates, as outermost bins should"
    )]
    fn bin(&self, value: f64) -> usize {
        let bin = ((value - self.lowest) * self.scale) as u32;
        (bin as usize).min(self.below.len() - 2)
    }

    /// How many thresholds a score is at or above.
    fn height(&self, score: f64) -> usize {
        let bin = self.bin(score);
        let (start, end) = (self.below[bin], self.below[bin + 1]);
        start + self.rungs[start..end].partition_point(|&rung| score >= rung)
    }

    /// A place for each height and class.
    fn n_places(&self) -> usize {
        2 * (self.rungs.len() + 1)
    }

    /// Blocks large enough that adding up their histograms does not take longer than making them.
    fn block_rows(&self) -> usize {
        BLOCK_ROWS.max(16 * self.rungs.len())
    }
}

/// The cells at each threshold in ascending order, from sums by height and class.
fn cells_on<T: Copy + Default>(
    histogram: &[T],
    plus: impl Fn(T, T) -> T,
    cells: impl Fn([T; 4]) -> Cells,
) -> Vec<Cells> {
    // Added up from both ends, and not subtracted from a total: weights would lose digits.
    let classes = histogram.as_chunks::<2>().0;
    let add = |sum: &mut [T; 2], row: &[T; 2]| {
        *sum = [plus(sum[0], row[0]), plus(sum[1], row[1])];
        Some(*sum)
    };
    let below = classes.iter().scan([T::default(); 2], add);
    let from_top = classes.iter().rev().scan([T::default(); 2], add);
    let mut above = from_top.collect::<Vec<_>>();
    above.reverse();
    let pairs = below.zip(&above[1..]);
    pairs
        .map(|([tn, fn_], &[fp, tp])| cells([tp, fp, fn_, tn]))
        .collect()
}

fn counts_on(ladder: &Ladder, scores: &Scores) -> Vec<Cells> {
    let blocks = in_blocks(scores.n_samples(), ladder.block_rows(), |rows| {
        let labels = &scores.is_positive()[rows.clone()];
        let mut counts = vec![0_u64; ladder.n_places()];
        for (&score, &label) in scores.score()[rows].iter().zip(labels) {
            counts[2 * ladder.height(score) + usize::from(label)] += 1;
        }
        counts
    });
    let counts = added_up(blocks, |left, right| left + right);
    cells_on(
        &counts,
        |left, right| left + right,
        |[tp, fp, fn_, tn]| Cells::from_counts(tp, fp, fn_, tn),
    )
}

fn sums_on(ladder: &Ladder, scores: &Scores, weight: &[f64]) -> Vec<Cells> {
    let blocks = in_blocks(scores.n_samples(), ladder.block_rows(), |rows| {
        let labels = &scores.is_positive()[rows.clone()];
        let weight = &weight[rows.clone()];
        let mut sums = vec![CompensatedSum::default(); ladder.n_places()];
        for ((&score, &label), &weight) in scores.score()[rows].iter().zip(labels).zip(weight) {
            sums[2 * ladder.height(score) + usize::from(label)].add(weight);
        }
        sums
    });
    let sums = added_up(blocks, CompensatedSum::plus);
    cells_on(&sums, CompensatedSum::plus, |sums| {
        let [tp, fp, fn_, tn] = sums.map(CompensatedSum::value);
        Cells::from_sums(tp, fp, fn_, tn)
    })
}

/// The sum of the blocks' histograms, in the order of the blocks.
fn added_up<T: Copy>(blocks: Vec<Vec<T>>, plus: impl Fn(T, T) -> T) -> Vec<T> {
    let sum = blocks.into_iter().reduce(|mut sum, block| {
        for (sum, value) in sum.iter_mut().zip(block) {
            *sum = plus(*sum, value);
        }
        sum
    });
    sum.expect("scores have at least one row")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rows of several blocks, their scores on quarters and around them.
    fn rows() -> Scores {
        let n_rows = 3 * BLOCK_ROWS + 77;
        let score = (0..n_rows).map(|row| (row * 7919 % 1013) as f64 / 1012.0 - 0.25);
        let is_positive = (0..n_rows).map(|row| row * 31 % 97 < 40);
        Scores::new(is_positive.collect(), score.collect()).expect("finite scores")
    }

    fn grid() -> Vec<Threshold> {
        let values = [0.5, -0.25, -7.0, 0.25, 0.75, 1e300, 0.0, 0.5, 0.1, f64::MIN];
        let grid = values.map(|value| Threshold::new(value).expect("finite"));
        grid.to_vec()
    }

    /// One row after the other.
    fn recount(scores: &Scores, threshold: Threshold) -> Cells {
        let mut cells = [0, 0, 0, 0];
        for (&is_positive, &score) in scores.is_positive().iter().zip(scores.score()) {
            match (is_positive, score >= threshold.value()) {
                (true, true) => cells[0] += 1,
                (false, true) => cells[1] += 1,
                (true, false) => cells[2] += 1,
                (false, false) => cells[3] += 1,
            }
        }
        let [tp, fp, fn_, tn] = cells;
        Cells::from_counts(tp, fp, fn_, tn)
    }

    #[test]
    fn many_blocks_are_counted_like_one_row_after_the_other() {
        let scores = rows();
        let on_grid = confusion_at_thresholds(&scores, &grid());
        for (threshold, cells) in grid().into_iter().zip(on_grid) {
            assert_eq!(cells, recount(&scores, threshold));
            assert_eq!(cells, confusion_at(&scores, threshold));
        }
        assert_eq!(confusion_at_thresholds(&scores, &[]), []);
        let one = confusion_at_thresholds(&scores, &[Threshold::HALF]);
        assert_eq!(one, [recount(&scores, Threshold::HALF)]);
    }

    #[test]
    fn no_number_of_threads_changes_a_bit_of_a_sum() {
        let scores = rows();
        let n_rows = scores.n_samples();
        let weight = (0..n_rows).map(|row| 1.0 / (1 + row % 11) as f64).collect();
        let scores = scores.with_weight(weight).expect("weights above 0");
        let bits =
            |cells: &Cells| [cells.tp(), cells.fp(), cells.fn_(), cells.tn()].map(f64::to_bits);
        let mut results = Vec::new();
        for n_threads in [1, 2, 3, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads);
            pool.build().expect("a pool").install(|| {
                let mut cells = confusion_at_thresholds(&scores, &grid());
                cells.push(confusion_at(&scores, Threshold::HALF));
                results.push(cells.iter().map(bits).collect::<Vec<_>>());
            });
        }
        assert!(results.windows(2).all(|pair| pair[0] == pair[1]));
    }
}
