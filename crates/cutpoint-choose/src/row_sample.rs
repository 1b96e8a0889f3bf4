//! Some rows of a source by themselves, where they stand and what they are called: the first of each class at some
//! scores. Which scores are of interest is for who asks.

use std::borrow::Cow;
use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use crate::Block;

/// Which rows a pass hands out: of each class and each of these scores, those that come first in the source.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct SamplePlan<'p> {
    /// The scores.
    pub scores: Cow<'p, [f64]>,
    /// The most rows of one class and score.
    pub most_tied: usize,
    /// The most characters of an id; of a longer one the first are kept, and `…` after them.
    pub longest_id: usize,
}

/// A row by itself.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct SampledRow {
    /// Its place in the source, from 0.
    pub place: u64,
    /// What it is called, if rows of the source have names.
    pub id: Option<String>,
    /// Its score.
    pub score: f64,
    /// Whether it is of the positive class.
    pub is_positive: bool,
}

/// The rows that a pass handed out, or a worker for its part of the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RowSample {
    most_tied: usize,
    /// In the order of the source.
    rows: Vec<SampledRow>,
}

impl RowSample {
    /// The rows in the order of the source.
    pub fn rows(&self) -> &[SampledRow] {
        &self.rows
    }

    /// Adds what was sampled of other rows of the source, before or after these.
    pub fn merge(&mut self, other: Self) {
        self.rows.extend(other.rows);
        self.rows.sort_by_key(|row| row.place);
        // What comes first of all, comes first in its part: it is among the rows that the part has kept.
        let mut taken = Taken::new(self.most_tied);
        self.rows
            .retain(|row| taken.takes(row.score, row.is_positive));
    }
}

/// How many rows of each score and class there were.
#[derive(Debug)]
struct Taken {
    most_tied: usize,
    n_rows: HashMap<u64, [usize; 2]>,
}

impl Taken {
    fn new(most_tied: usize) -> Self {
        Self {
            most_tied,
            n_rows: HashMap::new(),
        }
    }

    /// Counts a row, and whether it is among the first.
    fn takes(&mut self, score: f64, is_positive: bool) -> bool {
        let n_rows = self.n_rows.entry(score.to_bits()).or_default();
        n_rows[usize::from(is_positive)] += 1;
        n_rows[usize::from(is_positive)] <= self.most_tied
    }
}

/// Who samples rows that come block by block.
#[derive(Debug)]
pub(crate) struct SampleWorker {
    longest_id: usize,
    taken: Taken,
    rows: Vec<SampledRow>,
}

impl SampleWorker {
    pub(crate) fn new(plan: &SamplePlan<'_>) -> Self {
        let mut taken = Taken::new(plan.most_tied);
        // A score of no row may be among them; -0.0 is written as 0.0 in rows.
        let scores = plan.scores.iter().map(|score| (score + 0.0).to_bits());
        taken.n_rows = scores.map(|score| (score, [0; 2])).collect();
        Self {
            longest_id: plan.longest_id,
            taken,
            rows: Vec::new(),
        }
    }

    /// Adds rows, each of which has its place in the source.
    pub(crate) fn add(&mut self, block: &Block<'_>, place_of: impl Fn(usize) -> u64) {
        let rows = block.scores.score().iter().zip(block.scores.is_positive());
        for (row, (&score, &is_positive)) in rows.enumerate() {
            let is_wanted = self.taken.n_rows.contains_key(&score.to_bits());
            if is_wanted && self.taken.takes(score, is_positive) {
                self.rows.push(SampledRow {
                    place: place_of(row),
                    id: block.ids.get(row).map(|id| shortened(id, self.longest_id)),
                    score,
                    is_positive,
                });
            }
        }
    }

    pub(crate) fn finish(self) -> RowSample {
        RowSample {
            most_tied: self.taken.most_tied,
            rows: self.rows,
        }
    }
}

fn shortened(id: &str, longest: usize) -> String {
    match id.char_indices().nth(longest) {
        Some((end, _)) => format!("{}…", &id[..end]),
        None => id.to_owned(),
    }
}
