//! The best threshold: scanned for in a sweep, searched for in a few passes with little memory, and found by trying
//! every threshold of the rows.

use cutpoint_choose::{Optimum, Search, Step, optimum};
use cutpoint_core::Scores;
use cutpoint_metrics::{
    Cells, Error, Goal, Metric, Objective, PartialSweep, PartialSweepBuilder, catalog, sweep,
};
use proptest::prelude::*;

use crate::{number_of, numbers_of, oracle, partial};
use cutpoint_testkit::strategies::{Rows, plain_rows, rows, score, shuffled};

/// Compensated sums are off by 1e-31 of their total. The smallest weights of these tests come to 1e-20 of it or more,
/// and a metric may divide by them.
const SUMS_OFF: f64 = 1e-10;

/// Every metric both ways, whichever is better.
fn objectives() -> Vec<Objective> {
    let metrics = catalog().iter().cloned();
    let metrics = metrics.chain([Metric::fbeta(3.0).expect("in its domain")]);
    let both = |metric: Metric| {
        [Goal::Maximize, Goal::Minimize].map(|goal| Objective::new(metric.clone(), goal))
    };
    metrics.flat_map(both).collect()
}

/// Searches with so much memory for each pass; also, how many passes it took.
fn search(
    rows: &Rows,
    block: usize,
    memory: usize,
    objectives: Vec<Objective>,
) -> (Vec<Option<Optimum>>, usize) {
    let mut search = Search::new(&partial(rows, block, memory), objectives);
    loop {
        match search.step(PartialSweepBuilder::max_ranges(memory)) {
            Step::NeedPass(ranges) => {
                assert!(ranges.len() <= PartialSweepBuilder::max_ranges(memory));
                let mut pass = PartialSweepBuilder::within(memory, &ranges).expect("some memory");
                for scores in rows.blocks(block) {
                    pass.add(&scores);
                }
                let pass = pass.finish().expect("rows");
                search.feed(&pass).expect("the same rows");
            }
            Step::Done(best) => return (best, search.n_passes()),
        }
    }
}

/// The best value and every threshold that has it, by trying them all.
fn by_trying(rows: &Rows, objective: &Objective) -> Option<(f64, Vec<Option<f64>>)> {
    let oracle = oracle(rows);
    let mut best = None::<(f64, Vec<_>)>;
    let thresholds = oracle.thresholds().into_iter().map(Some);
    for threshold in [None].into_iter().chain(thresholds) {
        let cells = oracle.cells_at(threshold);
        let cells = Cells::from_weights(cells.tp, cells.fp, cells.fn_, cells.tn).expect("cells");
        let Some(value) = objective.metric().value(&cells) else {
            continue;
        };
        let is_better = |other: f64| match objective.goal() {
            Goal::Maximize => value > other,
            Goal::Minimize => value < other,
        };
        match &mut best {
            Some((other, _)) if is_better(*other) => best = Some((value, vec![threshold])),
            Some((other, tied)) => {
                // Neither better nor worse; 0.0 ties with -0.0.
                if (value + 0.0).total_cmp(&(*other + 0.0)).is_eq() {
                    tied.push(threshold);
                }
            }
            None => best = Some((value, vec![threshold])),
        }
    }
    best
}

proptest! {
    #[test]
    fn the_scan_finds_what_trying_finds(rows in plain_rows(score())) {
        let table = sweep(&rows.scores());
        for objective in objectives() {
            let got = optimum(&table, &objective);
            let expected = by_trying(&rows, &objective);
            prop_assert_eq!(got.is_some(), expected.is_some());
            let (Some(got), Some((value, tied))) = (got, expected) else {
                continue;
            };
            prop_assert!(got.value() >= value && got.value() <= value);
            prop_assert_eq!(numbers_of(got.tied()), &tied[..]);
            prop_assert_eq!(got.n_tied(), Some(tied.len()));
            // The highest threshold; "predict none" only if there is no other.
            let chosen = tied.iter().flatten().next().copied();
            prop_assert_eq!(number_of(got.threshold()), chosen);
            let index = table.thresholds().iter().position(|threshold| Some(*threshold) == chosen);
            let index = index.map_or(0, |index| index + 1);
            prop_assert_eq!(got.interval(), table.interval(index));
            prop_assert_eq!(got.cells(), table.cells(index));
            prop_assert_eq!(got.objective(), &objective);
        }
    }

    #[test]
    fn the_search_finds_what_the_scan_finds(
        rows in plain_rows(score()),
        block in 1_usize..20,
        memory in 240_usize..1_000,
        one in any::<prop::sample::Index>(),
    ) {
        let table = sweep(&rows.scores());
        let expected = objectives().iter().map(|objective| optimum(&table, objective)).collect::<Vec<_>>();
        prop_assert_eq!(&search(&rows, block, memory, objectives()).0, &expected);
        // By itself, when fewer ranges matter.
        let one = one.index(expected.len());
        let objective = objectives().swap_remove(one);
        prop_assert_eq!(&search(&rows, block, memory, vec![objective]).0[0], &expected[one]);
    }

    #[test]
    fn the_search_among_weights_finds_as_good_a_threshold(
        rows in rows(), block in 1_usize..20, memory in 240_usize..1_000
    ) {
        let table = sweep(&rows.scores());
        for (objective, got) in objectives().iter().zip(search(&rows, block, memory, objectives()).0) {
            let expected = optimum(&table, objective);
            prop_assert_eq!(got.is_some(), expected.is_some());
            let (Some(got), Some(expected)) = (got, expected) else {
                continue;
            };
            // Sums in another order differ in their last digits: another of two thresholds as good may come out.
            let difference = (got.value() - expected.value()).abs();
            prop_assert!(difference <= SUMS_OFF * expected.value().abs().max(1.0), "{}", objective.metric());
            let index = table.thresholds().iter().position(|value| Some(*value) == number_of(got.threshold()));
            let index = index.map_or(0, |index| index + 1);
            prop_assert_eq!(got.interval(), table.interval(index));
            prop_assert_eq!(got.threshold(), table.threshold(index));
        }
    }

    #[test]
    fn order_and_blocks_change_no_optimum(
        (rows, permuted) in shuffled(plain_rows(score())), memory in 240_usize..1_000
    ) {
        let (left, _) = search(&rows, 3, memory, objectives());
        let (right, _) = search(&permuted, 8, memory, objectives());
        prop_assert_eq!(left, right);
    }
}

/// Rows whose scores are a permutation of `0..n`, positive more often the higher they are.
fn many_rows(n_rows: u64) -> Rows {
    let rows = (0..n_rows).map(|row| {
        let place = row * 7_919 % n_rows;
        let noise = place.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> 40;
        (noise % n_rows < place, place as f64)
    });
    let (is_positive, score) = rows.unzip();
    Rows {
        is_positive,
        score,
        weight: None,
    }
}

#[test]
fn three_passes_are_enough() {
    // 100 000 distinct scores, room for 2 000 bins.
    let rows = many_rows(100_000);
    let table = sweep(&rows.scores());
    for name in ["f1", "accuracy", "youden", "mcc", "cohen_kappa", "jaccard"] {
        let objective = Objective::best(name.parse().unwrap()).unwrap();
        let (best, n_passes) = search(&rows, 10_000, 160_000, vec![objective.clone()]);
        assert_eq!(best[0], optimum(&table, &objective));
        assert!((2..=3).contains(&n_passes), "{name}: {n_passes} passes");
    }
}

#[test]
fn ties_beyond_number_are_not_told_one_by_one() {
    // The last positive row is at 90 000 of 100 000: recall is 1 at every threshold from there down.
    let rows = Rows {
        is_positive: (0..100_000).map(|row| row >= 90_000).collect(),
        score: (0..100_000).map(f64::from).collect(),
        weight: None,
    };
    let recall = Objective::best("recall".parse().unwrap()).unwrap();
    let scanned = optimum(&sweep(&rows.scores()), &recall).unwrap();
    assert_eq!(number_of(scanned.threshold()), Some(90_000.0));
    assert_eq!(
        (scanned.tied().len(), scanned.n_tied()),
        (1000, Some(90_001))
    );
    assert_eq!(number_of(scanned.tied()[999]), Some(89_001.0));
    let (best, n_passes) = search(&rows, 10_000, 1_600_000, vec![recall]);
    let best = best[0].clone().unwrap();
    assert_eq!(best.n_tied(), None);
    assert_eq!(best.tied(), scanned.tied());
    assert_eq!(best.interval(), scanned.interval());
    assert_eq!(best.cells(), scanned.cells());
    assert!(n_passes <= 3, "{n_passes}");
}

#[test]
fn predict_none_wins_only_where_it_is_better() {
    let best = |rows: &[(bool, f64)], name: &str| {
        let (is_positive, score) = rows.iter().copied().unzip();
        let table = sweep(&Scores::new(is_positive, score).unwrap());
        optimum(&table, &Objective::best(name.parse().unwrap()).unwrap()).unwrap()
    };
    // Accuracy: 2/3 above every score, then 1/3, 0, 1/3.
    let rows = [(false, 0.9), (false, 0.6), (true, 0.3)];
    let none = best(&rows, "accuracy");
    assert_eq!((none.threshold(), none.tied()), (None, &[None][..]));
    assert_eq!(
        (number_of(none.interval().lower()), none.interval().upper()),
        (Some(0.9), None)
    );
    assert_eq!(none.interval().midpoint(), None);
    // Youden's J: 0, -1/2, -1, 0. The threshold 0.3 is as good, and is one.
    let tied = best(&rows, "youden");
    assert_eq!(
        (number_of(tied.threshold()), numbers_of(tied.tied())),
        (Some(0.3), vec![None, Some(0.3)])
    );
    assert_eq!(tied.interval().lower(), None);
}

#[test]
fn an_optimum_lies_on_the_data() {
    // Between 0.9 and 0.2 a line would put the best threshold somewhere; the sweep has only steps.
    let scores = Scores::new(vec![true, true, false], vec![0.9, 0.2, 0.1]).unwrap();
    let table = sweep(&scores);
    let best = optimum(&table, &Objective::best("f1".parse().unwrap()).unwrap()).unwrap();
    assert_eq!(
        (best.value(), number_of(best.threshold())),
        (1.0, Some(0.2))
    );
    assert_eq!(best.cells(), Cells::from_counts(2, 0, 0, 1));
}

#[test]
fn undefined_values_never_win() {
    // All positive: specificity is undefined everywhere.
    let scores = Scores::new(vec![true, true], vec![0.9, 0.2]).unwrap();
    let specificity = Objective::best("specificity".parse().unwrap()).unwrap();
    assert_eq!(optimum(&sweep(&scores), &specificity), None);
    // Precision is undefined at "predict none", and 0 is the best that there is.
    let scores = Scores::new(vec![false, false], vec![0.9, 0.2]).unwrap();
    let precision = Objective::best("precision".parse().unwrap()).unwrap();
    let best = optimum(&sweep(&scores), &precision).unwrap();
    assert_eq!(
        (best.value(), number_of(best.threshold()), best.n_tied()),
        (0.0, Some(0.9), Some(2))
    );
}

#[test]
fn other_rows_in_a_later_pass_are_noticed() {
    let first = PartialSweep::from_counts(&[0.8, 0.2], &[0.9, 0.4], &[3, 1], &[1, 3]).unwrap();
    let f1 = || Objective::best("f1".parse().unwrap()).unwrap();
    let feed = |lowest: &[f64], highest: &[f64], positives: &[u64], negatives: &[u64]| {
        let mut search = Search::new(&first, [f1()]);
        let Step::NeedPass(ranges) = search.step(10) else {
            panic!("the first bin may hold the optimum");
        };
        assert_eq!((ranges[0].lowest(), ranges[0].highest()), (0.8, 0.9));
        let pass = PartialSweep::from_counts(lowest, highest, positives, negatives).unwrap();
        search.feed(&pass)
    };
    let upper = |lowest: &[f64], highest: &[f64], positives: &[u64], negatives: &[u64]| {
        let both = |column: &[f64], last| [column, &[last]].concat();
        let all = |column: &[u64], last| [column, &[last]].concat();
        feed(
            &both(lowest, 0.2),
            &both(highest, 0.4),
            &all(positives, 1),
            &all(negatives, 3),
        )
    };
    let differs = |result: Result<(), Error>| {
        let error = result.unwrap_err();
        assert!(matches!(error, Error::PassDiffers { .. }), "{error}");
    };
    let mut search = Search::new(&first, [f1()]);
    let Step::NeedPass(ranges) = search.step(10) else {
        panic!("the first bin may hold the optimum");
    };
    if ranges.len() == 2 {
        // As it should be.
        upper(&[0.9, 0.8], &[0.9, 0.85], &[2, 1], &[0, 1]).unwrap();
        // A row less; another highest score; another lowest one; a row outside of the ranges; nothing finer.
        differs(upper(&[0.9, 0.8], &[0.9, 0.85], &[2, 1], &[0, 0]));
        differs(upper(&[0.89, 0.8], &[0.89, 0.85], &[2, 1], &[0, 1]));
        differs(upper(&[0.9, 0.81], &[0.9, 0.85], &[2, 1], &[0, 1]));
        differs(upper(
            &[0.9, 0.8, 0.5],
            &[0.9, 0.85, 0.5],
            &[2, 1, 0],
            &[0, 1, 1],
        ));
        let error = upper(&[0.8], &[0.9], &[3], &[1]).unwrap_err();
        assert_eq!(error, Error::PassNoFiner { n_ranges: 2 });
    } else {
        feed(&[0.9, 0.8], &[0.9, 0.85], &[2, 1], &[0, 1]).unwrap();
        differs(feed(&[0.9, 0.8], &[0.9, 0.85], &[2, 1], &[0, 0]));
        differs(feed(&[0.89, 0.8], &[0.89, 0.85], &[2, 1], &[0, 1]));
        differs(feed(&[0.9, 0.81], &[0.9, 0.85], &[2, 1], &[0, 1]));
        differs(feed(
            &[0.9, 0.8, 0.5],
            &[0.9, 0.85, 0.5],
            &[2, 1, 0],
            &[0, 1, 1],
        ));
        let error = feed(&[0.8], &[0.9], &[3], &[1]).unwrap_err();
        assert_eq!(error, Error::PassNoFiner { n_ranges: 1 });
    }
}
