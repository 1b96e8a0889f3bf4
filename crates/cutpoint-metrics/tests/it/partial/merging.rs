//! Parts of the rows, merged: the whole comes out, whatever the parts are and in which order they come.

use cutpoint_metrics::{BinJoin, Error, PartialSweep, PartialSweepMerger};
use proptest::collection::vec;
use proptest::prelude::*;

use super::bins::check_bins;
use super::{max_bins, memory, partial};
use crate::strategies::{Rows, plain_rows, rows, score};

/// Rows and the part that each goes to.
fn sharded(rows: impl Strategy<Value = Rows>) -> impl Strategy<Value = (Rows, Vec<Rows>)> {
    rows.prop_flat_map(|rows| {
        let shards = vec(0_usize..5, rows.score.len());
        (Just(rows), shards).prop_map(|(rows, shards)| {
            let part = |part: usize| {
                let indices = (0..shards.len()).filter(|&index| shards[index] == part);
                rows.select(&indices.collect::<Vec<_>>())
            };
            let parts = (0..5).map(part).filter(Rows::counts).collect();
            (rows, parts)
        })
    })
}

/// Groups of scores as an engine may make them: by rounding down to some grid, which knows nothing of bits.
fn engine_bins(rows: &Rows, steps: f64) -> PartialSweep {
    let bucket = |score: f64| (score * steps).floor();
    let mut buckets = rows
        .score
        .iter()
        .map(|&score| bucket(score))
        .collect::<Vec<_>>();
    buckets.sort_by(f64::total_cmp);
    buckets.dedup();
    let (mut lowest, mut highest, mut positives, mut negatives) = (vec![], vec![], vec![], vec![]);
    for wanted in buckets {
        let inside = (0..rows.score.len()).filter(|&index| {
            (bucket(rows.score[index])..=wanted).contains(&wanted)
                && bucket(rows.score[index]) >= wanted
        });
        let inside = inside.collect::<Vec<_>>();
        lowest.push(
            inside
                .iter()
                .map(|&index| rows.score[index])
                .fold(f64::INFINITY, f64::min),
        );
        highest.push(
            inside
                .iter()
                .map(|&index| rows.score[index])
                .fold(f64::NEG_INFINITY, f64::max),
        );
        let n_positives = inside
            .iter()
            .filter(|&&index| rows.is_positive[index])
            .count();
        positives.push(n_positives as u64);
        negatives.push((inside.len() - n_positives) as u64);
    }
    PartialSweep::from_counts(&lowest, &highest, &positives, &negatives).expect("bins of rows")
}

proptest! {
    #[test]
    fn parts_merge_into_the_whole((rows, parts) in sharded(plain_rows(score())), memory in memory()) {
        let whole = partial(&rows, 7, memory);
        let mut parts = parts.iter().map(|rows| partial(rows, 3, memory)).collect::<Vec<_>>();
        prop_assert_eq!(&PartialSweep::merge(&parts, memory).unwrap(), &whole);
        parts.reverse();
        prop_assert_eq!(&PartialSweep::merge(&parts, memory).unwrap(), &whole);
        // Parts of parts.
        let middle = parts.len() / 2;
        let halves = [&parts[..middle], &parts[middle..]];
        let halves = halves.iter().filter(|half| !half.is_empty());
        let halves = halves.map(|half| PartialSweep::merge(*half, memory).unwrap()).collect::<Vec<_>>();
        prop_assert_eq!(&PartialSweep::merge(&halves, memory).unwrap(), &whole);
    }

    #[test]
    fn finer_parts_merge_into_the_same_whole((rows, parts) in sharded(plain_rows(score())), memory in memory()) {
        let whole = partial(&rows, 7, memory);
        let sizes = [memory, 2 * memory, 1 << 20].into_iter().cycle();
        let parts = parts.iter().zip(sizes).map(|(rows, memory)| partial(rows, 3, memory)).collect::<Vec<_>>();
        prop_assert_eq!(PartialSweep::merge(&parts, memory).unwrap(), whole);
    }

    #[test]
    fn parts_of_weights_are_exact_at_their_edges((rows, parts) in sharded(rows()), memory in memory()) {
        let parts = parts.iter().map(|rows| partial(rows, 3, memory)).collect::<Vec<_>>();
        check_bins(&PartialSweep::merge(&parts, memory).unwrap(), &rows);
    }

    #[test]
    fn bins_of_engines_merge_in_any_order(
        (rows, parts) in sharded(plain_rows(0.0..1.0)), steps in 1_u8..100
    ) {
        let mut parts = parts.iter().map(|rows| engine_bins(rows, f64::from(steps))).collect::<Vec<_>>();
        let merged = PartialSweep::merge(&parts, 1 << 20).unwrap();
        check_bins(&merged, &rows);
        parts.reverse();
        prop_assert_eq!(&PartialSweep::merge(&parts, 1 << 20).unwrap(), &merged);
    }

    #[test]
    fn bins_of_different_engines_are_exact_at_their_edges(
        (rows, parts) in sharded(plain_rows(score())), memory in memory()
    ) {
        let parts = parts.iter().enumerate().map(|(index, rows)| match index % 3 {
            0 => engine_bins(rows, 10.0),
            1 => engine_bins(rows, 0.3),
            _ => partial(rows, 3, memory),
        });
        let parts = parts.collect::<Vec<_>>();
        let merged = PartialSweep::merge(&parts, memory).unwrap();
        check_bins(&merged, &rows);
        prop_assert!(merged.n_bins() <= max_bins(&rows, memory));
    }
}

#[test]
fn the_buckets_of_shards_are_kept() {
    // Hundredths, two shards that share them; no bucket of the whole has scores on both sides of a border.
    let bins = |offset: f64| {
        let lowest = (0..100)
            .map(|step| f64::from(step) / 100.0 + offset)
            .collect::<Vec<_>>();
        let highest = lowest.iter().map(|low| low + 0.005).collect::<Vec<_>>();
        PartialSweep::from_counts(&lowest, &highest, &[1; 100], &[2; 100]).unwrap()
    };
    let shards = [bins(0.001), bins(0.003)];
    assert_eq!(shards[0].join(), BinJoin::Overlap);
    let merged = PartialSweep::merge(&shards, 1 << 20).unwrap();
    assert_eq!(merged.n_bins(), 100);
    // The edges are those of the first shard, whose scores are lower.
    assert_eq!(merged.edges().thresholds(), shards[0].edges().thresholds());
    assert_eq!(
        merged.edges().cells(10).to_counts(),
        Some([20, 40, 180, 360])
    );
}

#[test]
fn what_cannot_be_merged_is_refused() {
    let error = PartialSweep::merge(&[], 1 << 20).unwrap_err();
    assert_eq!(error.to_string(), "`score` must have at least 1 row, got 0");
    // Both in [0.25, 0.5), and one of them reaches below.
    let part = PartialSweep::from_counts(&[0.3, 0.2], &[0.4, 0.29], &[1, 1], &[1, 1]).unwrap();
    assert_eq!(part.join(), BinJoin::Overlap);
    let mut merger = PartialSweepMerger::new(1 << 20, BinJoin::Bits).unwrap();
    assert_eq!(merger.add(&part).unwrap_err(), Error::BinsNotCutByBits);
    assert!(matches!(
        PartialSweepMerger::new(1, BinJoin::Bits),
        Err(Error::Memory { .. })
    ));
    let many = PartialSweep::from_counts(&[0.5], &[0.5], &[1 << 52], &[0]).unwrap();
    let error = PartialSweep::merge([&many, &many, &many], 1 << 20).unwrap_err();
    assert!(matches!(error, Error::BinTotal { .. }));
}

#[test]
fn counts_and_weights_merge_as_weights() {
    let counts = PartialSweep::from_counts(&[0.5], &[0.5], &[2], &[1]).unwrap();
    let weights = PartialSweep::from_weights(&[0.5], &[0.5], &[0.5], &[0.0]).unwrap();
    for parts in [[&counts, &weights], [&weights, &counts]] {
        let merged = PartialSweep::merge(parts, 1 << 20).unwrap();
        assert!(merged.is_weighted());
        assert_eq!(merged.n_samples(), None);
        assert_eq!(
            (merged.bin(0).positives(), merged.bin(0).negatives()),
            (2.5, 1.0)
        );
    }
}
