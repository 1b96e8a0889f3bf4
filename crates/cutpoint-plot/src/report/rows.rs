//! A sample of the rows, to be listed behind the cells of a page: near the thresholds that people look at, and spread
//! over all others. It holds a few thousand rows at most, however many there are.

use cutpoint_choose::{RowSample, RowSource, SamplePlan, View};
use cutpoint_core::Threshold;
use cutpoint_metrics::PartialSweep;

/// Scores that rows are taken from.
const MOST_SCORES: usize = 2000;
/// Scores on either side of a threshold of interest, all of which are taken.
const NEAR: usize = 60;
/// Rows of one class and score; of more, the first are taken.
const MOST_TIED: usize = 4;
/// Characters of a name that a page shows.
const LONGEST_ID: usize = 120;

/// Rows by their names or places, with score and class.
#[derive(Debug, Clone)]
pub(super) struct ReportRows {
    pub(super) sample: RowSample,
    /// How many rows there are, of which these are a sample.
    pub(super) n_rows: u64,
}

impl ReportRows {
    /// Scores whose rows are taken: some around each threshold of interest, and of those that the page embeds evenly
    /// many.
    pub(super) fn scores(sweep: &PartialSweep, embedded: &[f64], wanted: &[f64]) -> Vec<f64> {
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

    /// Reads the rows with one of these scores.
    pub(super) fn read<S: RowSource>(
        view: &View<'_, S>,
        scores: &[f64],
        n_rows: usize,
    ) -> Result<Self, S::Error> {
        let sample = view.sample(SamplePlan {
            scores: scores.into(),
            most_tied: MOST_TIED,
            longest_id: LONGEST_ID,
        })?;
        Ok(Self {
            sample,
            n_rows: n_rows as u64,
        })
    }
}
