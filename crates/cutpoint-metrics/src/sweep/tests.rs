//! The partition against a plain sort of the same rows: whatever the sizes that cut the work, the threads that do it
//! and the way the scores lie.

use cutpoint_core::{Scores, Threshold};
use proptest::collection::vec;
use proptest::prelude::*;

use super::columns::{Columns, Count, Counts};
use super::pairs::Pairs;
use super::partition::{Buckets, Plan};
use super::record::PlainRows;
use super::{Sweep, build, counts, weights};

/// Cuts so small that a few rows make many chunks, buckets and slots.
fn plan() -> impl Strategy<Value = Plan> {
    let sizes = (1_usize..60, 1_usize..40, 1_usize..80);
    sizes.prop_map(|(chunk_rows, bucket_rows, largest_bucket)| Plan {
        partition_from: 1,
        chunk_rows,
        bucket_rows,
        largest_bucket,
    })
}

/// No partition at all.
const WHOLE: Plan = Plan {
    partition_from: usize::MAX,
    chunk_rows: 1,
    bucket_rows: 1,
    largest_bucket: usize::MAX,
};

/// Ways in which scores lie, each a map of numbers in `[0, 1)`.
const FAMILIES: [fn(f64) -> f64; 12] = [
    |x| x,
    // Log-odds.
    |x| 12.0 * x - 6.0,
    // Many orders of magnitude, of both signs.
    |x| (1400.0 * x - 700.0).exp(),
    |x| (x - 0.5).signum() * (2800.0 * (x - 0.5).abs() - 700.0).exp(),
    // Ties: few values, one value, half of them zero.
    |x| (10.0 * x).floor() / 10.0,
    |_| 0.25,
    |x| (x - 0.5).max(0.0),
    // Adjacent floats, and two heaps of them far apart.
    |x| f64::from_bits(0.3_f64.to_bits() + step(x)),
    |x| f64::from_bits(if x < 0.5 { 0.0_f64 } else { 1e300 }.to_bits() + step(x)),
    // Subnormal numbers of both signs.
    |x| (x - 0.5) * 1e-309,
    // A stray score at either end.
    |x| {
        if x < 0.02 {
            f64::MIN
        } else if x > 0.98 {
            f64::MAX
        } else {
            x
        }
    },
    // What a 32-bit model puts out.
    |x| f64::from_bits(x.to_bits() & !0x1fff_ffff),
];

/// A whole number below 40.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "the number is in [0, 40)"
)]
fn step(x: f64) -> u64 {
    (40.0 * x) as u64
}

fn score() -> impl Strategy<Value = Vec<f64>> {
    (0..FAMILIES.len(), vec(0.0..1.0, 1..500))
        .prop_map(|(family, x)| x.into_iter().map(FAMILIES[family]).collect())
}

fn scores() -> impl Strategy<Value = Scores> {
    score().prop_flat_map(|score| {
        let labels = vec(any::<bool>(), score.len());
        labels.prop_map(move |labels| Scores::new(labels, score.clone()).expect("finite scores"))
    })
}

fn weighted() -> impl Strategy<Value = Scores> {
    scores().prop_flat_map(|scores| {
        let weight = prop_oneof![4 => 0.0..10.0, 1 => Just(0.0), 1 => 0.0..1e-9, 1 => 1e6..1e9];
        vec(weight, scores.n_samples()).prop_map(move |mut weight| {
            weight[0] = 1.0;
            let scores = scores.clone().with_weight(weight);
            scores.expect("weights of at least 0")
        })
    })
}

/// Scores of a family, as many as wanted.
fn large(family: fn(f64) -> f64, n_rows: usize) -> Scores {
    let mut state = 0x2545_f491_4f6c_dd1d_u64;
    let mut draw = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 11) as f64 / (1_u64 << 53) as f64
    };
    let score = (0..n_rows).map(|_| family(draw())).collect();
    let is_positive = (0..n_rows).map(|_| draw() < 0.3).collect();
    Scores::new(is_positive, score).expect("finite scores")
}

/// The table as a person would make it: sort the rows, count them, keep the last of each score.
fn plain_sort(scores: &Scores) -> Vec<(f64, [u64; 2])> {
    let rows = scores.score().iter().zip(scores.is_positive());
    let mut rows = rows.collect::<Vec<_>>();
    rows.sort_by(|left, right| right.0.total_cmp(left.0));
    let mut table = Vec::<(f64, [u64; 2])>::new();
    let mut counts = [0, 0];
    for (&score, &is_positive) in rows {
        counts[usize::from(!is_positive)] += 1;
        match table.last_mut() {
            Some(last) if last.0.to_bits() == score.to_bits() => last.1 = counts,
            _ => table.push((score, counts)),
        }
    }
    table
}

fn rows_of(table: &Sweep) -> Vec<(f64, [u64; 2])> {
    let rows = table.thresholds().iter().enumerate();
    rows.map(|(place, &threshold)| {
        let counts = table.counts(place + 1);
        (threshold, counts.expect("rows without weights"))
    })
    .collect()
}

#[track_caller]
fn check(scores: &Scores, plan: Plan) {
    let table = build::build(scores, plan);
    let expected = plain_sort(scores);
    assert_eq!(rows_of(&table), expected);
    assert_eq!(table.n_samples(), scores.n_samples());
    // One column is left out if and only if it says nothing.
    let Columns::Counts(counts) = &table.columns else {
        panic!("rows without weights are counted");
    };
    assert_eq!(
        counts.predicted.is_none(),
        expected.len() == scores.n_samples()
    );

    let mut doubled_in_order = 0;
    let mut above = [0, 0];
    for (_, counts) in expected {
        doubled_in_order += u128::from((counts[1] - above[1]) * (counts[0] + above[0]));
        above = counts;
    }
    let pairs = 2 * above[0] * above[1];
    let area = (pairs > 0).then(|| doubled_in_order as f64 / pairs as f64);
    assert_eq!(build::build_pairs(scores, plan).share_in_order(), area);
    assert_eq!(table.pairs().and_then(Pairs::share_in_order), area);
}

fn bits_of(table: &Sweep) -> Vec<[u64; 5]> {
    let rows = 0..table.n_thresholds();
    rows.map(|place| {
        let (tp, fp) = (table.tp(place + 1).parts(), table.fp(place + 1).parts());
        [table.thresholds()[place], tp[0], tp[1], fp[0], fp[1]].map(f64::to_bits)
    })
    .collect()
}

proptest! {
    #[test]
    fn no_plan_changes_a_count(scores in scores(), plan in plan()) {
        check(&scores, plan);
        check(&scores, WHOLE);
    }

    #[test]
    fn no_plan_changes_a_bit_of_a_sum(scores in weighted(), plan in plan()) {
        let table = build::build(&scores, plan);
        prop_assert_eq!(bits_of(&table), bits_of(&build::build(&scores, WHOLE)));
    }

    #[test]
    fn counts_beyond_32_bits_are_kept_like_others(scores in scores(), plan in plan()) {
        fn count<C: Count>(scores: &Scores, plan: Plan) -> (Vec<f64>, Vec<[u64; 2]>) {
            let rows = PlainRows { is_positive: scores.is_positive(), score: scores.score() };
            let (thresholds, counts): (_, Counts<C>) = counts::count(Buckets::new(&rows, plan));
            let rows = (0..thresholds.len()).map(|place| [counts.tp(place), counts.fp(place)]);
            let rows = rows.collect();
            (thresholds, rows)
        }
        let expected = plain_sort(&scores).into_iter().unzip();
        prop_assert_eq!(&count::<u64>(&scores, plan), &expected);
        prop_assert_eq!(&count::<u32>(&scores, plan), &expected);
    }
}

#[test]
fn large_inputs_of_every_family() {
    for family in FAMILIES {
        let scores = large(family, 70_000);
        check(&scores, Plan::new(scores.n_samples()));
    }
}

#[test]
fn any_number_of_threads_gives_the_same_bits() {
    let weight = |scores: &Scores| {
        let rows = scores.is_positive().iter().zip(scores.score());
        let weight = rows.map(|(&is_positive, score)| {
            f64::from(u8::from(is_positive)) + 1.0 / (3.0 + score.abs())
        });
        weight.collect::<Vec<_>>()
    };
    for family in [FAMILIES[1], FAMILIES[4]] {
        let scores = large(family, 300_000);
        let weighted = scores
            .clone()
            .with_weight(weight(&scores))
            .expect("positive");
        let expected = plain_sort(&scores);
        let mut sums = Vec::new();
        for n_threads in [1, 2, 3, 7] {
            let pool = rayon::ThreadPoolBuilder::new().num_threads(n_threads);
            pool.build().expect("a pool").install(|| {
                assert_eq!(
                    rows_of(&super::sweep(&scores)),
                    expected,
                    "{n_threads} threads"
                );
                sums.push(bits_of(&super::sweep(&weighted)));
            });
        }
        assert!(sums.windows(2).all(|pair| pair[0] == pair[1]));
    }
}

#[test]
fn whole_weights_are_repeated_rows_across_blocks() {
    // Weights 1, 2, 3, 1, … over several blocks of the sum, with ties that cross their borders.
    let n_rows = 3 * weights::BLOCK_ROWS + 1000;
    for family in [FAMILIES[0], FAMILIES[4], FAMILIES[5]] {
        let scores = large(family, n_rows);
        let times = |row: usize| 1 + row % 3;
        let weight = (0..n_rows).map(|row| times(row) as f64).collect();
        let weighted = scores.clone().with_weight(weight).expect("weights above 0");
        let repeated = (0..n_rows).flat_map(|row| std::iter::repeat_n(row, times(row)));
        let repeated = Scores::new(
            repeated
                .clone()
                .map(|row| scores.is_positive()[row])
                .collect(),
            repeated.map(|row| scores.score()[row]).collect(),
        );
        let expected = plain_sort(&repeated.expect("finite scores"));
        let table = super::sweep(&weighted);
        assert_eq!(table.n_thresholds(), expected.len());
        for (row, (threshold, counts)) in table.rows().skip(1).zip(expected) {
            let got = row.cells().to_counts().expect("whole weights");
            assert_eq!(row.threshold().map(Threshold::value), Some(threshold));
            assert_eq!([got[0], got[1]], counts);
        }
    }
}

#[test]
fn scores_of_both_signs_with_the_same_lower_bits_do_not_tie() {
    // The bits of 4.0.next_down() without the sign are the complement of those of -1.0.
    let score = vec![4.0_f64.next_down(), -1.0, -1.0];
    let scores = Scores::new(vec![true, false, true], score).expect("finite scores");
    for plan in [
        WHOLE,
        Plan {
            partition_from: 1,
            ..WHOLE
        },
    ] {
        check(&scores, plan);
        let weighted = scores.clone().with_weight(vec![2.0, 3.0, 5.0]);
        let table = build::build(&weighted.expect("weights above 0"), plan);
        assert_eq!(table.thresholds(), [4.0_f64.next_down(), -1.0]);
        let (first, last) = (table.cells(1), table.cells(2));
        assert_eq!(first.to_counts(), Some([2, 0, 5, 3]));
        assert_eq!(last.to_counts(), Some([7, 3, 0, 0]));
    }
}

#[test]
fn rows_are_spread_by_rank_with_both_ends() {
    assert_eq!(super::evenly(10, 4), [0, 1, 4, 7, 10]);
    assert_eq!(super::evenly(10, 2), [0, 1, 10]);
    assert_eq!(super::evenly(10, 1), [0, 5]);
    assert_eq!(super::evenly(10, 0), [0]);
    assert_eq!(super::evenly(1, 5), [0, 1]);
    assert_eq!(super::evenly(3, 7), [0, 1, 2, 3]);
    // 5 ranks, 3 gaps: 0, 4/3, 8/3, 4 are nearest to 0, 1, 3, 4.
    assert_eq!(super::evenly(5, 4), [0, 1, 2, 4, 5]);
}
