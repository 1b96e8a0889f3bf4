//! Draws of rows with replacement where every row counts, because rows have weights. Rows come and go by their places
//! and weights; what a place means is the caller's.
//!
//! # Worked example
//!
//! Six rows and six draws, in chunks of four rows (in truth 4096). The first chunk has 4 of the 6 rows, so the number
//! of draws that fall into it is binomial, of 6 with a share of 4/6: say 5. Five draws among its rows come, say, to
//! `[2, 0, 1, 2]`. The second chunk has 2 of the 2 rows that are left, so it gets the draw that is left: `[0, 1]`. The
//! rows came `[2, 0, 1, 2, 0, 1]` times, which is as likely as in six draws from all of them, and four counters were
//! enough. With weights `[1, 1, 3, 1, 2, 2]` the resample weighs 2 + 0 + 3 + 2 + 0 + 2 = 9.

use cutpoint_core::random::{ChaChaStream, RandomStream};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::resample::share;
use crate::bytes::Checked as _;
use crate::compensated::CompensatedSum;

/// Rows that are drawn from together: few enough that counting what is drawn stays in the fastest cache.
const CHUNK: usize = 1 << CHUNK_BITS;
const CHUNK_BITS: u32 = 12;

/// Draws rows with replacement, each as likely as any other, and hands on how often each came: chunk by chunk, with the
/// first row of the chunk, in the order of the rows.
///
/// A chunk gets a binomial share of the draws that are left, which is as likely as drawing from all rows at once.
pub(super) fn draw_rows(
    stream: &mut ChaChaStream,
    n_rows: usize,
    n_draws: u64,
    mut look: impl FnMut(usize, &[u32]),
) {
    let mut times = [0; CHUNK];
    let (mut rows_left, mut draws_left) = (n_rows, n_draws);
    for start in (0..n_rows).step_by(CHUNK) {
        let times = &mut times[..CHUNK.min(rows_left)];
        let part = share(times.len() as u64, rows_left as u64);
        let n_draws = stream.binomial(draws_left, part);
        times.fill(0);
        count_draws(stream, n_draws, times);
        look(start, times);
        rows_left -= times.len();
        draws_left -= n_draws;
    }
}

/// How many positive and how many negative rows a replicate has: as many as there are, or as drawing from all rows
/// gives.
pub(super) fn class_draws(
    stream: &mut ChaChaStream,
    n_rows: [usize; 2],
    is_by_class: bool,
) -> [u64; 2] {
    let [positives, negatives] = n_rows.map(|n_rows| n_rows as u64);
    let n_rows = positives + negatives;
    let drawn = if is_by_class {
        positives
    } else {
        stream.binomial(n_rows, share(positives, n_rows))
    };
    [drawn, n_rows - drawn]
}

/// Draws rows of a chunk and counts how often each came.
fn count_draws(stream: &mut ChaChaStream, n_draws: u64, times: &mut [u32]) {
    const LAST: u32 = (1 << CHUNK_BITS) - 1;
    let Ok(times) = <&mut [u32; CHUNK]>::try_from(&mut *times) else {
        for _ in 0..n_draws {
            times[stream.index(times.len())] += 1;
        }
        return;
    };
    // A word has bits for two rows of a whole chunk.
    for _ in 0..n_draws / 2 {
        let word = stream.word();
        times[(word & LAST) as usize] += 1;
        times[(word >> CHUNK_BITS & LAST) as usize] += 1;
    }
    if n_draws % 2 == 1 {
        times[(stream.word() & LAST) as usize] += 1;
    }
}

/// The weights of rows that are the same row but for their weights, as runs of equal ones.
#[derive(Debug, Clone, Default, PartialEq)]
pub(super) struct WeightRuns {
    /// Ascending by weight, each there once.
    runs: Vec<Run>,
    /// Weights that are not among the runs yet.
    waiting: Vec<f64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Run {
    weight: f64,
    n_rows: u64,
}

impl WeightRuns {
    /// So many rows of one weight.
    pub(super) fn of_equal(weight: f64, n_rows: u64) -> Self {
        let run = (n_rows > 0).then_some(Run { weight, n_rows });
        Self {
            runs: run.into_iter().collect(),
            waiting: Vec::new(),
        }
    }

    /// Adds a row.
    pub(super) fn push(&mut self, weight: f64) {
        const LEAST: usize = 1 << 8;
        self.waiting.push(weight);
        // As many as there are runs, so that every run moves but a few times on the way.
        if self.waiting.len() >= self.runs.len().max(LEAST) {
            self.settle();
        }
    }

    /// What it takes, in bytes.
    pub(super) fn n_bytes(&self) -> usize {
        self.runs.capacity() * size_of::<Run>() + self.waiting.capacity() * size_of::<f64>()
    }

    /// The sum of all weights, added up in their order, so that the order of the rows does not show.
    pub(super) fn sum(&self) -> CompensatedSum {
        if !self.waiting.is_empty() {
            let mut settled = self.clone();
            settled.settle();
            return settled.sum();
        }
        let mut sum = CompensatedSum::default();
        for run in &self.runs {
            sum.add_product(run.n_rows as f64, run.weight);
        }
        sum
    }

    /// Adds rows that were added elsewhere.
    pub(super) fn merge(&mut self, mut other: Self) {
        self.settle();
        other.settle();
        let mut runs = Vec::with_capacity(self.runs.len() + other.runs.len());
        let mut own = self.runs.drain(..).peekable();
        for run in other.runs {
            while let Some(before) = own.next_if(|before| before.weight <= run.weight) {
                push_run(&mut runs, before);
            }
            push_run(&mut runs, run);
        }
        for run in own {
            push_run(&mut runs, run);
        }
        runs.shrink_to_fit();
        self.runs = runs;
    }

    /// Makes runs of the rows that wait.
    pub(super) fn settle(&mut self) {
        self.waiting.sort_unstable_by(f64::total_cmp);
        let one = |weight: f64| Run { weight, n_rows: 1 };
        let mut runs = Vec::with_capacity(self.runs.len() + self.waiting.len());
        let mut old = self.runs.drain(..).peekable();
        for weight in self.waiting.drain(..) {
            while let Some(run) = old.next_if(|run| run.weight <= weight) {
                push_run(&mut runs, run);
            }
            push_run(&mut runs, one(weight));
        }
        for run in old {
            push_run(&mut runs, run);
        }
        runs.shrink_to_fit();
        self.runs = runs;
    }
}

impl Serialize for WeightRuns {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.waiting.is_empty() {
            let mut settled = self.clone();
            settled.settle();
            return settled.serialize(serializer);
        }
        self.runs.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for WeightRuns {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let runs = Vec::<Run>::deserialize(deserializer)?;
        let is_ascending = runs.windows(2).all(|pair| pair[0].weight < pair[1].weight);
        let is_run = |run: &Run| run.weight.is_amount() && run.n_rows.is_amount() && run.n_rows > 0;
        if is_ascending && runs.iter().all(is_run) {
            let waiting = Vec::new();
            Ok(Self { runs, waiting })
        } else {
            Err(D::Error::custom("no runs of weights"))
        }
    }
}

fn push_run(runs: &mut Vec<Run>, run: Run) {
    match runs.last_mut() {
        Some(last) if last.weight >= run.weight => last.n_rows += run.n_rows,
        _ => runs.push(run),
    }
}

/// Rows in cells, each with its weight, in strata that are resampled each on its own: what
/// [`Table`](super::resample::Table) is for rows without.
#[derive(Debug)]
pub(super) struct WeightTable<const CELLS: usize> {
    /// The parts of each stratum that has rows.
    strata: Vec<Vec<Part>>,
}

#[derive(Debug)]
struct Part {
    cell: usize,
    n_rows: u64,
    rows: PartRows,
}

#[derive(Debug)]
enum PartRows {
    /// Of one weight.
    Equal(f64),
    /// A weight each.
    Each(Vec<f64>),
}

impl<const CELLS: usize> WeightTable<CELLS> {
    /// The weights in each cell, and the stratum of each.
    pub(super) fn new(cells: [WeightRuns; CELLS], strata: [usize; CELLS]) -> Self {
        let mut made = (0..CELLS).map(|_| Vec::new()).collect::<Vec<_>>();
        for ((cell, runs), stratum) in cells.into_iter().enumerate().zip(strata) {
            add_parts(&mut made[stratum], cell, runs);
        }
        made.retain(|parts| !parts.is_empty());
        Self { strata: made }
    }

    /// As many rows as each stratum has, drawn from it with replacement: the sums of weights in the cells.
    pub(super) fn resample(&self, stream: &mut ChaChaStream) -> [f64; CELLS] {
        let mut sums = [CompensatedSum::default(); CELLS];
        for parts in &self.strata {
            let mut rows_left = parts.iter().map(|part| part.n_rows).sum::<u64>();
            let mut draws_left = rows_left;
            for part in parts {
                let n_draws = stream.binomial(draws_left, share(part.n_rows, rows_left));
                part.add_draws(stream, n_draws, &mut sums[part.cell]);
                rows_left -= part.n_rows;
                draws_left -= n_draws;
            }
        }
        sums.map(CompensatedSum::value)
    }
}

/// Cuts the rows of a cell into parts: long runs of one weight, of which only the number is drawn, and the rest.
fn add_parts(parts: &mut Vec<Part>, cell: usize, mut runs: WeightRuns) {
    /// From here on, a binomial deviate costs less than so many draws.
    const LONG: u64 = 32;
    runs.settle();
    let mut rest = Vec::new();
    for Run { weight, n_rows } in runs.runs {
        if n_rows >= LONG {
            let rows = PartRows::Equal(weight);
            parts.push(Part { cell, n_rows, rows });
        } else {
            rest.extend((0..n_rows).map(|_| weight));
        }
    }
    if !rest.is_empty() {
        parts.push(Part {
            cell,
            n_rows: rest.len() as u64,
            rows: PartRows::Each(rest),
        });
    }
}

impl Part {
    /// Draws so many rows of the part.
    fn add_draws(&self, stream: &mut ChaChaStream, n_draws: u64, sum: &mut CompensatedSum) {
        match &self.rows {
            PartRows::Equal(weight) => sum.add_product(n_draws as f64, *weight),
            PartRows::Each(weights) => {
                draw_rows(stream, weights.len(), n_draws, |start, times| {
                    let weights = &weights[start..start + times.len()];
                    sum.add(dot(times, weights));
                });
            }
        }
    }
}

/// The sum of weights, each so many times. A few thousand products of at least 0 lose no digits that matter.
fn dot(times: &[u32], weights: &[f64]) -> f64 {
    const LANES: usize = 8;
    let product = |(times, weight): (&u32, &f64)| f64::from(*times) * weight;
    let mut lanes = [0.0; LANES];
    let (time_chunks, time_rest) = times.as_chunks::<LANES>();
    let (weight_chunks, weight_rest) = weights.as_chunks::<LANES>();
    for (times, weights) in time_chunks.iter().zip(weight_chunks) {
        for (lane, pair) in lanes.iter_mut().zip(times.iter().zip(weights)) {
            *lane += product(pair);
        }
    }
    let rest = time_rest.iter().zip(weight_rest).map(product);
    lanes.iter().sum::<f64>() + rest.sum::<f64>()
}

#[cfg(test)]
mod tests {
    use cutpoint_core::random::Purpose;

    use super::*;

    fn stream(block: u64) -> ChaChaStream {
        ChaChaStream::new(7, Purpose::new("test/draws"), block)
    }

    #[test]
    fn every_row_is_as_likely_as_any_other() {
        // Chunks of 4096, 4096 and 3: 200 times 20,000 draws of 8195 rows are 488.1 a row, give or take 22.
        let (n_rows, n_draws) = (2 * CHUNK + 3, 20_000);
        let mut totals = vec![0_u64; n_rows];
        for block in 0..200 {
            let mut n_drawn = 0;
            draw_rows(&mut stream(block), n_rows, n_draws, |start, times| {
                for (row, &times) in times.iter().enumerate() {
                    totals[start + row] += u64::from(times);
                    n_drawn += u64::from(times);
                }
            });
            assert_eq!(n_drawn, n_draws);
        }
        // Of 8195 normal deviates hardly one lies beyond 5.
        let (mean, deviation) = (200.0 * 20_000.0 / n_rows as f64, 22.1);
        for (row, &total) in totals.iter().enumerate() {
            let off = (total as f64 - mean) / deviation;
            assert!(off.abs() < 5.5, "row {row}: {total}");
        }
        // The three rows of the last chunk by themselves.
        let last = totals[2 * CHUNK..].iter().sum::<u64>() as f64;
        assert!((last - 3.0 * mean).abs() < 5.0 * deviation * 3.0_f64.sqrt());
    }

    #[test]
    fn runs_hold_every_row_whatever_the_order() {
        let mut runs = WeightRuns::of_equal(3.0, 7);
        for row in 0..20_000_u32 {
            runs.push(f64::from(row * 7919 % 13));
        }
        runs.settle();
        let weights = runs.runs.iter().map(|run| run.weight);
        assert!(weights.eq((0..13).map(f64::from)));
        // 20,000 = 13 · 1538 + 6, and 7 more rows of weight 3.
        let n_rows = runs.runs.iter().map(|run| run.n_rows);
        assert_eq!(n_rows.clone().sum::<u64>(), 20_007);
        assert!(
            n_rows
                .into_iter()
                .all(|n_rows| (1538..=1546).contains(&n_rows))
        );
        let expected = (0..20_000_u32).map(|row| u64::from(row * 7919 % 13));
        let expected = expected.sum::<u64>() + 21;
        assert_eq!(runs.sum().value().to_bits(), (expected as f64).to_bits());
    }

    #[test]
    fn a_resample_has_the_mean_and_variance_of_its_rows() {
        // Of 400 rows, 300 weigh 2 and 100 weigh 1/8 to 100/8; a draw weighs 2.0 · 0.75 + 6.3125 / 4 on average.
        let mut runs = WeightRuns::of_equal(2.0, 300);
        let mut weights = vec![2.0; 300];
        for row in 1..=100 {
            let weight = f64::from(row) / 8.0;
            runs.push(weight);
            weights.push(weight);
        }
        let mean = weights.iter().sum::<f64>() / 400.0;
        assert_eq!(mean.to_bits(), (1.5_f64 + 6.3125 / 4.0).to_bits());
        let squares = weights.iter().map(|weight| (weight - mean).powi(2));
        let variance = squares.sum::<f64>() / 400.0;
        let table = WeightTable::new([runs, WeightRuns::default()], [0, 0]);
        let n_resamples = 4000;
        let sums = (0..n_resamples).map(|block| table.resample(&mut stream(block)));
        let sums = sums.map(|[sum, empty]| {
            assert_eq!(empty.to_bits(), 0.0_f64.to_bits());
            sum
        });
        let sums = sums.collect::<Vec<_>>();
        let n = n_resamples as f64;
        let found = sums.iter().sum::<f64>() / n;
        let deviation = (400.0 * variance).sqrt();
        // The mean of 4000 is known to 1/63 of a deviation, the variance to 2.2 %.
        assert!((found - 400.0 * mean).abs() < 5.0 * deviation / n.sqrt());
        let squares = sums.iter().map(|sum| (sum - 400.0 * mean).powi(2));
        let ratio = squares.sum::<f64>() / n / (400.0 * variance);
        assert!((ratio - 1.0).abs() < 5.0 * 0.0224, "{ratio}");
    }
}
