//! A sample of the rows of a file, near the thresholds that people look at and spread over all others.
//!
//! It refuses to hold more than a few thousand rows, however many there are.

use std::collections::HashMap;

use cutpoint_core::{Scores, Threshold};
use cutpoint_files::ScoreReader;
use cutpoint_metrics::PartialSweep;
use cutpoint_plot::ReportRows;

use crate::gather::Source;
use crate::progress::ProgressBar;

/// Rows whose names are read at a time: names may be long.
const NAMED_ROWS: usize = 1 << 13;
/// Scores that rows are taken from.
const MOST_SCORES: usize = 2000;
/// Scores on either side of a threshold of interest, all of which are taken.
const NEAR: usize = 60;
/// Rows of one class and score; of more, the first of the file are taken.
const MOST_TIED: usize = 4;

/// Scores whose rows are taken: some around each threshold of interest, and of those that the page embeds evenly many.
pub(super) fn sampled_scores(sweep: &PartialSweep, embedded: &[f64], wanted: &[f64]) -> Vec<f64> {
    let scores = sweep.edges().thresholds();
    let mut sampled = Vec::new();
    for &value in wanted {
        if let Ok(threshold) = Threshold::new(value) {
            let index = sweep.edges().index_at(threshold);
            let near = index.saturating_sub(NEAR)..scores.len().min(index + NEAR);
            sampled.extend_from_slice(&scores[near]);
        }
    }
    let stride = embedded.len().div_ceil(MOST_SCORES).max(1);
    sampled.extend(embedded.iter().step_by(stride));
    sampled
}

/// Reads the file once more, and keeps the rows with one of these scores.
pub(super) fn sample(
    source: &Source,
    id: Option<&str>,
    scores: &[f64],
) -> anyhow::Result<ReportRows> {
    let mut sampler = Sampler {
        rows: ReportRows::new(id.is_some()),
        taken: scores
            .iter()
            .map(|score| (score.to_bits(), [0; 2]))
            .collect(),
    };
    let Some(id) = id else {
        let mut n_before = 0;
        source.for_each_block(|block| {
            for (row, score, is_positive) in sampler.taken_of(block) {
                sampler
                    .rows
                    .add_numbered(n_before + row as u64, score, is_positive);
            }
            n_before += block.n_samples() as u64;
        })?;
        return Ok(sampler.rows);
    };
    let columns = source.columns().clone().id(Some(id.to_owned()));
    let mut reader = ScoreReader::open(source.path(), &columns)?.block_rows(NAMED_ROWS);
    let mut bar = ProgressBar::new("reading");
    while let Some(block) = reader.next_block()? {
        for (row, score, is_positive) in sampler.taken_of(&block) {
            sampler.rows.add_named(reader.id(row), score, is_positive);
        }
        bar.update(reader.progress());
    }
    bar.finish();
    Ok(sampler.rows)
}

struct Sampler {
    rows: ReportRows,
    /// How many negative and positive rows of each score were taken.
    taken: HashMap<u64, [usize; 2]>,
}

impl Sampler {
    /// The rows of a block that are taken: their places, scores and classes.
    fn taken_of(&mut self, block: &Scores) -> Vec<(usize, f64, bool)> {
        let rows = block.score().iter().zip(block.is_positive()).enumerate();
        let rows = rows.filter_map(|(row, (&score, &is_positive))| {
            let taken = &mut self.taken.get_mut(&score.to_bits())?[usize::from(is_positive)];
            *taken += 1;
            (*taken <= MOST_TIED).then_some((row, score, is_positive))
        });
        rows.collect()
    }
}
