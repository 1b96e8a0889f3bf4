//! Rows that a pass hands out by themselves, whoever has looked at them.

use std::borrow::Cow;

use cutpoint_choose::{Block, Classes, Pass, RowSample, SamplePlan, SampledRow, View};
use cutpoint_core::{Label, Scores};

use crate::workers::{Rows, Workers};

const PLAN: SamplePlan<'_> = SamplePlan {
    scores: Cow::Borrowed(&[0.5, 0.25, 2.0]),
    most_tied: 2,
    longest_id: 3,
};

/// 60 rows of four scores, two of which are asked for.
fn columns() -> (Vec<bool>, Vec<f64>, Vec<String>) {
    let rows = 0..60_u32;
    let is_positive = rows.clone().map(|row| row % 7 < 3).collect();
    let score = rows
        .clone()
        .map(|row| f64::from(row * 11 % 4) / 4.0)
        .collect();
    (
        is_positive,
        score,
        rows.map(|row| format!("é{row:03}")).collect(),
    )
}

/// What a worker samples who gets the rows in blocks.
fn sampled(n_blocks: usize) -> RowSample {
    let (is_positive, score, ids) = columns();
    let mut pass = Pass::within(0);
    pass.sample = Some(PLAN);
    let mut worker = pass.begin().expect("a valid pass");
    for block in 0..n_blocks {
        let part = 60 * block / n_blocks..60 * (block + 1) / n_blocks;
        let scores = Scores::new(
            is_positive[part.clone()].to_vec(),
            score[part.clone()].to_vec(),
        );
        let ids = ids[part].iter().map(String::as_str).collect::<Vec<_>>();
        let added = worker.add(&Block {
            scores: &scores.expect("valid rows"),
            amounts: &[],
            ids: &ids,
            group: None,
        });
        added.expect("valid rows");
    }
    let labels = [Label::Integer(0), Label::Integer(1)];
    let present = labels.to_vec();
    let part = worker.finish(Classes { labels, present });
    part.sample.expect("asked for")
}

/// The first rows of each class and score by a plain search.
fn expected() -> Vec<SampledRow> {
    let (is_positive, score, ids) = columns();
    let mut rows = Vec::new();
    for wanted in PLAN.scores.iter() {
        for class in [false, true] {
            let found = (0..score.len()).filter(|&row| {
                score[row].to_bits() == wanted.to_bits() && is_positive[row] == class
            });
            rows.extend(found.take(PLAN.most_tied));
        }
    }
    rows.sort_unstable();
    let rows = rows.into_iter().map(|row| SampledRow {
        place: row as u64,
        id: Some(
            ids[row]
                .chars()
                .take(PLAN.longest_id)
                .chain(['…'])
                .collect(),
        ),
        score: score[row],
        is_positive: is_positive[row],
    });
    rows.collect()
}

#[test]
fn the_first_rows_of_each_class_and_score_are_sampled() {
    let expected = expected();
    assert_eq!(expected.len(), 8, "two of each class at two scores");
    for n_blocks in [1, 4, 60] {
        assert_eq!(sampled(n_blocks).rows(), expected);
    }
}

#[test]
fn samples_of_parts_merge_in_any_order() {
    let (is_positive, score, ids) = columns();
    let rows = Rows::from(Scores::new(is_positive, score).unwrap()).with_ids(ids);
    for (n_parts, order_seed) in [(1, 0), (2, 1), (3, 2), (9, 3), (60, 4)] {
        let workers = Workers::new(&rows, n_parts, order_seed);
        let sample = View::of(&workers).sample(PLAN).unwrap();
        assert_eq!(sample.rows(), expected(), "{n_parts} parts");
    }
}
