//! The bins that come out: whole numbers recounted, their edges exact, and which they are.

use std::collections::BTreeMap;

use cutpoint_core::Threshold;
use cutpoint_metrics::{Error, PartialSweep, PartialSweepBuilder, ScoreRange, sweep};
use cutpoint_testkit::OracleRows;
use proptest::prelude::*;

use super::{bytes_per_bin, max_bins, memory, partial};
use crate::number_of;
use crate::oracle::{check_cells, oracle};
use crate::strategies::{Rows, plain_rows, rows, score, shuffled};

/// Checks each bin and each edge against the rows.
#[track_caller]
pub(super) fn check_bins(partial: &PartialSweep, rows: &Rows) {
    let oracle = oracle(rows);
    let edges = partial.edges();
    assert_eq!(edges.n_rows(), partial.n_bins() + 1);
    for row in edges.rows() {
        check_cells(
            rows,
            row.cells(),
            oracle.cells_at(number_of(row.threshold())),
        );
    }
    let thresholds = oracle.thresholds();
    let mut lowest_above = f64::INFINITY;
    let mut n_scores = 0;
    for (index, bin) in partial.bins().enumerate() {
        assert!(bin.highest() < lowest_above, "bins descend and are apart");
        assert!(bin.lowest() <= bin.highest());
        // Both ends are scores of rows.
        assert!(thresholds.contains(&bin.lowest()) && thresholds.contains(&bin.highest()));
        assert_eq!(edges.thresholds()[index].to_bits(), bin.lowest().to_bits());
        let interval = partial.interval(index);
        assert_eq!(number_of(interval.lower()), Some(bin.highest()));
        let inside = |score: &&f64| (bin.lowest()..=bin.highest()).contains(*score);
        let n_inside = thresholds.iter().filter(inside).count();
        assert_eq!(bin.is_one_score(), n_inside == 1);
        n_scores += n_inside;
        lowest_above = bin.lowest();
    }
    assert_eq!(n_scores, thresholds.len(), "every score is in a bin");
    assert_eq!(partial.is_exact(), partial.n_bins() == thresholds.len());
    assert_eq!(partial.interval(partial.n_bins()).lower(), None);
}

/// The lowest and highest score of each bin, found by trying every resolution, the finest first.
fn bins_by_trying(rows: &OracleRows, max_bins: usize) -> Vec<(f64, f64)> {
    let mut n_bits = 64;
    loop {
        let mut bins = BTreeMap::<_, (f64, f64)>::new();
        for score in rows.thresholds() {
            // The bits of a double, turned so that they are in the order of the doubles.
            let bits = (score + 0.0).to_bits();
            let ordered = if bits >> 63 == 1 {
                !bits
            } else {
                bits | 1 << 63
            };
            let leading = u128::from(ordered) >> (64 - n_bits);
            let bin = bins
                .entry(std::cmp::Reverse(leading))
                .or_insert((score, score));
            *bin = (bin.0.min(score), bin.1.max(score));
        }
        if bins.len() <= max_bins {
            return bins.into_values().collect();
        }
        n_bits -= 1;
    }
}

proptest! {
    #[test]
    fn edges_are_exact_whatever_the_memory(rows in rows(), block in 1_usize..20, memory in memory()) {
        let partial = partial(&rows, block, memory);
        check_bins(&partial, &rows);
        let n_samples = sweep(&rows.scores()).n_samples();
        prop_assert_eq!(partial.n_samples(), Some(n_samples));
        prop_assert_eq!(partial.edges().n_samples(), n_samples);
        prop_assert_eq!(partial.is_weighted(), rows.weight.is_some());
    }

    #[test]
    fn bins_are_as_fine_as_fits(rows in rows(), block in 1_usize..20, memory in memory()) {
        let partial = partial(&rows, block, memory);
        let max_bins = max_bins(&rows, memory);
        let expected = bins_by_trying(&oracle(&rows), max_bins);
        let got = partial.bins().map(|bin| (bin.lowest(), bin.highest())).collect::<Vec<_>>();
        prop_assert_eq!(got, expected);
    }

    #[test]
    fn with_room_for_every_score_it_is_the_sweep(rows in plain_rows(score()), block in 1_usize..20) {
        let partial = partial(&rows, block, 1 << 20);
        let table = sweep(&rows.scores());
        prop_assert!(partial.is_exact());
        prop_assert_eq!(partial.n_wide_bins(), 0);
        prop_assert_eq!(partial.exact(), Some(&table));
        prop_assert_eq!(partial.into_edges(), table);
    }

    #[test]
    fn order_and_blocks_change_nothing(
        (rows, permuted) in shuffled(plain_rows(score())),
        (left, right) in (1_usize..20, 1_usize..20), memory in memory()
    ) {
        prop_assert_eq!(partial(&rows, left, memory), partial(&permuted, right, memory));
    }

    #[test]
    fn only_the_rows_in_the_ranges_are_counted(
        rows in rows(), block in 1_usize..20, ends in (score(), score(), score(), score()), memory in memory()
    ) {
        let mut ends = [ends.0, ends.1, ends.2, ends.3];
        ends.sort_by(f64::total_cmp);
        // Ranges that share a score are one range.
        prop_assume!(ends[1] < ends[2]);
        let ranges = [(ends[0], ends[1]), (ends[2], ends[3])].map(|(low, high)| ScoreRange::new(low, high).unwrap());
        let mut builder = PartialSweepBuilder::within(memory, &ranges).unwrap();
        for scores in rows.blocks(block) {
            builder.add(&scores);
        }
        let is_inside = |index: &usize| {
            let weight = rows.weight.as_ref().map_or(1.0, |weight| weight[*index]);
            weight > 0.0 && ranges.iter().any(|range| range.contains(rows.score[*index]))
        };
        let inside = (0..rows.score.len()).filter(is_inside).collect::<Vec<_>>();
        match builder.finish() {
            Err(error) => {
                prop_assert!(inside.is_empty(), "{}", error);
            }
            Ok(partial) => {
                check_bins(&partial, &rows.select(&inside));
                for bin in partial.bins() {
                    let is_inside = |range: &ScoreRange| {
                        range.contains(bin.lowest()) && range.contains(bin.highest())
                    };
                    prop_assert!(ranges.iter().any(is_inside));
                }
            }
        }
    }
}

proptest! {
    #[test]
    fn cuts_are_edges(
        rows in rows(), block in 1_usize..20, cuts in prop::collection::vec(score(), 1..4), memory in memory()
    ) {
        let cuts = cuts.into_iter().map(|cut| Threshold::new(cut).unwrap()).collect::<Vec<_>>();
        let mut builder = PartialSweepBuilder::cut_at(memory, &cuts).unwrap();
        for scores in rows.blocks(block) {
            builder.add(&scores);
        }
        let partial = builder.finish().unwrap();
        check_bins(&partial, &rows);
        prop_assert!(partial.n_bins() <= cuts.len() + max_bins(&rows, memory));
        for cut in cuts {
            let bounds = partial.cell_bounds(cut);
            prop_assert!(bounds.is_exact());
            check_cells(&rows, bounds.lower(), oracle(&rows).cells_at(Some(cut.value())));
        }
    }
}

#[test]
fn threads_change_nothing() {
    // Enough rows that the work is shared: 2^18, with ties, from a generator small enough to be seen through.
    let mut state = 1_u64;
    let mut next = || {
        state = state
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        state >> 40
    };
    let score = (0..1 << 18)
        .map(|_| next() as f64 / 3.0)
        .collect::<Vec<_>>();
    let is_positive = score.iter().map(|_| next() % 3 == 0).collect::<Vec<_>>();
    let weight = score.iter().map(|_| (next() % 7) as f64 + 0.25).collect();
    let plain = Rows {
        is_positive,
        score,
        weight: None,
    };
    let weighted = Rows {
        weight: Some(weight),
        ..plain.clone()
    };
    for (rows, memory) in [(&plain, 1 << 20), (&plain, 1 << 27), (&weighted, 1 << 20)] {
        let of = |n_threads, block| {
            let pool = rayon::ThreadPoolBuilder::new()
                .num_threads(n_threads)
                .build()
                .unwrap();
            pool.install(|| partial(rows, block, memory))
        };
        let one = of(1, 1 << 18);
        assert_eq!(one, of(3, 10_000));
        assert_eq!(one.is_exact(), memory == 1 << 27);
        assert!(one.n_bins() <= memory / bytes_per_bin(rows));
        let table = sweep(&rows.scores());
        for (index, row) in one.edges().rows().enumerate().skip(1).step_by(997) {
            let threshold = row.threshold().unwrap();
            assert_eq!(row.cells(), table.cells_at(threshold), "edge {index}");
        }
    }
}

#[test]
fn weighted_and_unweighted_blocks_go_together() {
    let plain = Rows {
        is_positive: vec![true, false],
        score: vec![0.5, 0.25],
        weight: None,
    };
    let weighted = Rows {
        is_positive: vec![true, false],
        score: vec![0.5, 0.75],
        weight: Some(vec![2.5, 3.0]),
    };
    let whole = Rows {
        is_positive: vec![true, false, true, false],
        score: vec![0.5, 0.25, 0.5, 0.75],
        weight: Some(vec![1.0, 1.0, 2.5, 3.0]),
    };
    for order in [[&plain, &weighted], [&weighted, &plain]] {
        let mut builder = PartialSweepBuilder::new(1 << 20).unwrap();
        for rows in order {
            builder.add(&rows.scores());
        }
        let partial = builder.finish().unwrap();
        assert_eq!(partial.exact(), Some(&sweep(&whole.scores())));
    }
}

#[test]
fn too_little_is_refused() {
    let error = PartialSweepBuilder::new(239).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`memory` must be at least 240 bytes, got 239"
    );
    let error = PartialSweepBuilder::new(240).unwrap().finish().unwrap_err();
    assert_eq!(error.to_string(), "`score` must have at least 1 row, got 0");
    assert_eq!(
        PartialSweepBuilder::within(240, &[]).unwrap_err(),
        Error::NoRanges
    );
    let error = ScoreRange::new(0.5, f64::INFINITY).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`lowest` and `highest` must be finite and in this order, got 0.5 and inf"
    );
}

#[test]
fn bins_from_elsewhere_are_checked() {
    let counts = |lowest: &[f64], highest: &[f64], positives: &[u64], negatives: &[u64]| {
        PartialSweep::from_counts(lowest, highest, positives, negatives)
            .map_err(|error| error.to_string())
    };
    let error = counts(&[0.5, 0.9], &[0.6, 0.8], &[1, 1], &[0, 0]).unwrap_err();
    assert_eq!(
        error,
        "`lowest` and `highest` must be finite and in this order, got 0.9 and 0.8 in bin 1 (counted from 0)"
    );
    let error = counts(&[f64::NAN], &[0.6], &[1], &[0]).unwrap_err();
    assert!(error.contains("got NaN and 0.6 in bin 0"), "{error}");
    let error = counts(&[0.5], &[0.6], &[1], &[0, 3]).unwrap_err();
    assert_eq!(error, "`negatives` must have 1 bin, got 2");
    let error = counts(&[0.5, 0.1], &[0.6, 0.2], &[0, 0], &[0, 0]).unwrap_err();
    assert_eq!(error, "`bins` must hold at least 1 row, got 0 in 2 bins");
    let error = counts(&[0.5, 0.1], &[0.6, 0.2], &[u64::MAX, 1], &[0, 0]).unwrap_err();
    assert!(
        error.starts_with("`bins` must hold at most 9.007199254740992e15 rows"),
        "{error}"
    );
    let error = PartialSweep::from_weights(&[0.5], &[0.6], &[1.5], &[-1.0]).unwrap_err();
    assert_eq!(
        error.to_string(),
        "`negatives` must be finite and in [0, inf), got -1 in bin 0 (counted from 0)"
    );
    let error = PartialSweep::from_weights(&[0.5], &[0.6], &[1e300], &[1e300]).unwrap_err();
    assert!(error.to_string().contains("got 2e300"), "{error}");

    // In any order; what shares a score is one bin, what is empty none.
    let partial = counts(
        &[0.1, 0.5, 0.7, 0.3],
        &[0.2, 0.6, 0.9, 0.5],
        &[1, 2, 4, 8],
        &[16, 32, 64, 128],
    )
    .unwrap();
    assert_eq!(partial.edges().thresholds(), [0.7, 0.3, 0.1]);
    assert_eq!(partial.edges().cells(2).to_counts(), Some([14, 224, 1, 16]));
    assert_eq!(partial.n_samples(), Some(255));
    let partial =
        PartialSweep::from_weights(&[0.5, 0.1], &[0.6, 0.1], &[0.0, 1.5], &[0.0, 0.25]).unwrap();
    assert_eq!(
        (partial.n_bins(), partial.n_samples(), partial.is_exact()),
        (1, None, true)
    );
}
