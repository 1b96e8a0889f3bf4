//! The blocks of a score file are the whole file, whatever their size, and its faults are the same.

use std::path::Path;

use cutpoint_core::{Label, Scores};
use cutpoint_files::{Error, ScoreColumns, ScoreReader, read_scores};
use proptest::prelude::*;

use crate::Sandbox;

/// All blocks of a file, or the error they end in.
fn blocks(path: &Path, columns: &ScoreColumns, block_rows: usize) -> Result<Vec<Scores>, Error> {
    let mut reader = ScoreReader::open(path, columns)?.block_rows(block_rows);
    let mut blocks = Vec::new();
    while let Some(block) = reader.next_block()? {
        blocks.push(block);
    }
    assert!(matches!(reader.next_block(), Ok(None)));
    Ok(blocks)
}

/// Blocks laid end to end, bit for bit: positive or not, score, weight.
fn joined(blocks: &[Scores]) -> Vec<(bool, u64, Option<u64>)> {
    blocks
        .iter()
        .flat_map(|block| {
            (0..block.n_samples()).map(|row| {
                let weight = block.weight().map(|weight| weight[row].to_bits());
                (
                    block.is_positive()[row],
                    block.score()[row].to_bits(),
                    weight,
                )
            })
        })
        .collect()
}

#[track_caller]
fn check_blocks(path: &Path, columns: &ScoreColumns) {
    let whole = read_scores(path, columns).unwrap();
    for block_rows in [1, 2, 3, 5, 7, 1000] {
        let blocks = blocks(path, columns, block_rows).unwrap();
        let expected = joined(std::slice::from_ref(whole.scores()));
        assert_eq!(joined(&blocks), expected, "blocks of {block_rows}");
        let (last, full) = blocks.split_last().unwrap();
        assert!(last.n_samples() <= block_rows);
        assert!(full.iter().all(|block| block.n_samples() == block_rows));
    }
}

#[test]
fn blocks_of_every_size_are_the_whole() {
    let sandbox = Sandbox::new();
    let path = sandbox.file(
        "scores.csv",
        "y_true,y_score,w\n1,0.5,2\n0,-0.0,1\n1.0,1e300,0.5\n0,3,1\n0,3,1e-300\n1,4,7\n0,2,3\n",
    );
    check_blocks(&path, &ScoreColumns::default());
    check_blocks(&path, &ScoreColumns::default().weight(Some("w".into())));
    let ill = "y_true,y_score\nwell,1\nwell,2\nill,3\nwell,4\nill,5\n";
    let path = sandbox.file("text.csv", ill);
    check_blocks(&path, &ScoreColumns::default().positive(Some("ill".into())));
    check_blocks(
        &path,
        &ScoreColumns::default().positive(Some("well".into())),
    );
}

#[test]
fn classes_become_known() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("scores.csv", "y_true,y_score\nwell,1\nwell,2\nill,3\n");
    let columns = ScoreColumns::default().positive(Some("ill".into()));
    // A file of two rows as one part is read at once, so that the classes of all rows are known.
    let mut reader = ScoreReader::open(&path, &columns).unwrap().block_rows(1);
    assert_eq!((reader.positive(), reader.negative()), (None, None));
    while reader.next_block().unwrap().is_some() {}
    assert_eq!(reader.positive(), Some(&Label::from("ill")));
    assert_eq!(reader.negative(), Some(Label::from("well")));
    assert_eq!(reader.progress().rows_read(), 3);
    assert_eq!(reader.progress().n_bytes(), Some(35));
    assert_eq!(reader.progress().bytes_read(), 35);
    assert_eq!(reader.n_rows(), None);
}

#[test]
fn a_named_class_may_come_late() {
    // 1 MiB of rows without it comes first, and is handed on before it comes.
    let sandbox = Sandbox::new();
    let mut content = "y_true,y_score\n".to_owned();
    let n_well = 300_000;
    content.push_str(&"well,0.5\n".repeat(n_well));
    content.push_str("ill,0.25\n");
    let path = sandbox.file("scores.csv", &content);
    let columns = ScoreColumns::default().positive(Some("ill".into()));
    let mut reader = ScoreReader::open(&path, &columns)
        .unwrap()
        .block_rows(100_000);
    let first = reader.next_block().unwrap().unwrap();
    assert_eq!(first.is_positive(), vec![false; 100_000]);
    let last = blocks(&path, &columns, 100_000).unwrap().pop().unwrap();
    assert_eq!(
        (last.is_positive(), last.score()),
        (&[true][..], &[0.25][..])
    );
    // One that never comes has no rows.
    let sick = ScoreColumns::default().positive(Some("sick".into()));
    let path = sandbox.file("never.csv", &content[..content.len() - 9]);
    let mut reader = ScoreReader::open(&path, &sick).unwrap();
    while let Some(block) = reader.next_block().unwrap() {
        assert!(!block.is_positive().contains(&true));
    }
    assert_eq!(reader.positive(), Some(&"sick".into()));
    assert_eq!(reader.negative(), Some("well".into()));
    // A third class is told where it stands.
    let path = sandbox.file("late.csv", format!("{content}sick,1\n"));
    let expected = format!(
        "{}, line {}, column `y_true`: must have two classes beside a score, got a third; the classes are `ill`, \
         `sick`, `well`",
        path.display(),
        n_well + 3
    );
    let error = blocks(&path, &columns, 1 << 18).unwrap_err();
    assert_eq!(error.to_string(), expected);
    assert_eq!(
        read_scores(&path, &columns).unwrap_err().to_string(),
        expected
    );
}

#[test]
fn rows_of_weight_0_make_no_block() {
    let sandbox = Sandbox::new();
    let columns = ScoreColumns::default().weight(Some("w".into()));
    let sizes = |weights: &[f64], block_rows: usize| {
        let rows = weights.iter().map(|weight| format!("1,0.5,{weight}\n"));
        let content = format!("y_true,y_score,w\n{}", rows.collect::<String>());
        let path = sandbox.file("scores.csv", content);
        let blocks = blocks(&path, &columns, block_rows);
        blocks.map(|blocks| blocks.iter().map(Scores::n_samples).collect::<Vec<_>>())
    };
    assert_eq!(sizes(&[0.0, 0.0, 1.0, 1.0, 1.0], 2).unwrap(), [4, 1]);
    assert_eq!(sizes(&[1.0, 0.0, 0.0, 0.0, 0.0], 2).unwrap(), [2]);
    assert_eq!(sizes(&[0.0, 0.0, 0.0, 0.0, 1.0], 2).unwrap(), [5]);
    for (weights, expected) in [
        (
            [0.0; 3],
            "`weight` must be above 0 in at least one row, got 0 in all 3",
        ),
        (
            [6e299; 3],
            "`weight` must sum to at most 1e300, got 1.2e300",
        ),
    ] {
        let error = sizes(&weights, 1).unwrap_err();
        assert_eq!(
            std::error::Error::source(&error).unwrap().to_string(),
            expected
        );
    }
}

#[test]
fn a_reader_that_failed_is_done() {
    let sandbox = Sandbox::new();
    let path = sandbox.file("scores.csv", "y_true,y_score\n1,0.5\n0,nan\n1,1\n");
    let mut reader = ScoreReader::open(&path, &ScoreColumns::default()).unwrap();
    assert!(matches!(reader.next_block(), Err(Error::Field { .. })));
    assert!(matches!(reader.next_block(), Ok(None)));
    let path = sandbox.file("none.csv", "y_true,y_score\n");
    let mut reader = ScoreReader::open(&path, &ScoreColumns::default()).unwrap();
    assert!(matches!(reader.next_block(), Err(Error::NoRows { .. })));
}

proptest! {
    #[test]
    fn any_rows_in_any_blocks_are_the_whole(
        rows in prop::collection::vec((any::<bool>(), -1e3..1e3, 0.0..2.0), 1..60),
        block_rows in 1_usize..70,
    ) {
        let sandbox = Sandbox::new();
        let lines = rows.iter().map(|(label, score, weight)| format!("{label},{score},{weight}\n"));
        let path = sandbox.file("scores.csv", format!("y_true,y_score,w\n{}", lines.collect::<String>()));
        let columns = ScoreColumns::default().weight(Some("w".into()));
        let whole = read_scores(&path, &columns).unwrap();
        let blocks = blocks(&path, &columns, block_rows).unwrap();
        prop_assert_eq!(joined(&blocks), joined(std::slice::from_ref(whole.scores())));
    }
}
