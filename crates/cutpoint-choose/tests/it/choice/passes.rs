//! How many passes the search needs: three, the first one included, for every metric of the catalogue and a file of
//! which every fifteenth score fits into memory, as 10^8 distinct ones do into 512 MiB.

use cutpoint_choose::{Choice, Search, Step, choose, choose_reject_zone, frontier};
use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    Cells, Error, Goal, Metric, Objective, PartialSweep, PartialSweepBuilder, Problem, catalog,
    sweep,
};

use super::zones::search_zone;
use crate::partial;
use cutpoint_testkit::strategies::Rows;

pub(super) const N_ROWS: u32 = 150_000;
/// 10 000 bins.
const MEMORY: usize = 800_000;

/// A number in `[0, 1)` for each row, the same in every run.
pub(super) fn chance(row: u32, stream: u32) -> f64 {
    let word = u64::from(row) << 32 | u64::from(stream);
    let word = word.wrapping_add(1).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let word = (word ^ (word >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    ((word ^ (word >> 29)) >> 11) as f64 / (1_u64 << 53) as f64
}

/// Rows with distinct scores of which as many are positive as `share` of the score's rank says.
fn rows(share: impl Fn(f64) -> f64) -> Rows {
    let rank = |row: u32| f64::from(row * 7 % N_ROWS) / f64::from(N_ROWS);
    let score = |row: u32| rank(row) * 0.999 + 0.0005;
    Rows {
        is_positive: (0..N_ROWS)
            .map(|row| chance(row, 1) < share(rank(row)))
            .collect(),
        score: (0..N_ROWS).map(score).collect(),
        weight: None,
    }
}

/// Files that make the metrics come out in all ways.
pub(super) fn files() -> Vec<(&'static str, Rows)> {
    vec![
        ("calibrated", rows(|rank| rank)),
        ("rare", rows(|rank| 0.05 * rank.powi(8))),
        ("noise", rows(|_| 0.5)),
        ("rare noise", rows(|_| 0.01)),
        // The classes do not meet in the top and bottom fifths: metrics are flat there.
        (
            "plateaus",
            rows(|rank| ((rank - 0.2) / 0.6).clamp(0.0, 1.0)),
        ),
        ("apart", rows(|rank| f64::from(u8::from(rank > 0.7)))),
        ("upside down", rows(|rank| 1.0 - rank)),
    ]
}

fn choices(rows: &Rows, first: &PartialSweep, problem: &Problem) -> (Choice, usize) {
    let mut search = Search::of(first, [problem.clone()]).expect("a problem");
    while let Step::NeedPass(ranges) = search.step(PartialSweepBuilder::max_ranges(MEMORY)) {
        assert!(search.n_passes() < 6, "{problem} goes on");
        let mut pass = PartialSweepBuilder::within(MEMORY, &ranges).expect("some memory");
        for scores in rows.blocks(10_000) {
            pass.add(&scores);
        }
        search
            .feed(&pass.finish().expect("rows"))
            .expect("the same rows");
    }
    let n_passes = search.n_passes();
    (search.choices().remove(0), n_passes)
}

/// The two choices are the same, but that a file is not searched for ties that are not told.
#[track_caller]
pub(super) fn check_same(found: &Choice, expected: &Choice, context: &str) {
    let (Some(found), Some(expected)) = (found.found(), expected.found()) else {
        assert_eq!(found, expected, "{context}");
        return;
    };
    assert_eq!(
        (
            found.value().to_bits(),
            found.threshold(),
            found.interval(),
            found.cells()
        ),
        (
            expected.value().to_bits(),
            expected.threshold(),
            expected.interval(),
            expected.cells()
        ),
        "{context}"
    );
    assert_eq!(found.tied(), expected.tied(), "{context}");
    if found.n_tied().is_some() || expected.tied().len() < 1000 {
        assert_eq!(found.n_tied(), expected.n_tied(), "{context}");
    }
}

#[track_caller]
fn check_passes(problems: impl Fn() -> Vec<Problem>) {
    let mut slow = Vec::new();
    for (name, rows) in files() {
        let table = sweep(&rows.scores());
        let first = partial(&rows, 10_000, MEMORY);
        for problem in problems() {
            let context = format!("{name}: {problem}");
            let (found, n_passes) = choices(&rows, &first, &problem);
            check_same(
                &found,
                &choose(&table, &problem).expect("a problem"),
                &context,
            );
            if n_passes > 3 {
                slow.push((n_passes, context));
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn three_passes_for_every_metric() {
    check_passes(|| {
        let best = |metric: &Metric| Objective::best(metric.clone());
        let objectives = catalog().iter().filter_map(best);
        let neutral = [
            "maximize predicted_positive_rate",
            "minimize predicted_positive_rate",
        ];
        let others = [
            "maximize prevalence",
            "cost(fp=1,fn=10)",
            "cost(fp=0.1,fn=0.3,tp=-0.2)",
        ];
        let others = neutral
            .into_iter()
            .chain(others)
            .map(|text| text.parse().unwrap());
        objectives.chain(others).map(Problem::new).collect()
    });
}

#[test]
fn the_number_of_threads_changes_no_choice() {
    let rows = rows(|rank| ((rank - 0.2) / 0.6).clamp(0.0, 1.0));
    let table = sweep(&rows.scores());
    let problem = |objective: &str, constraint: &str| {
        Problem::new(objective.parse().unwrap()).subject_to(constraint.parse().unwrap())
    };
    let problems = [
        problem("mcc", "recall>=0.9"),
        // Ties in many blocks, more than are told.
        problem("specificity", "predicted_positives<=100000"),
        problem("f1", "predicted_positive_rate>=2"),
    ];
    let run = |n_threads: usize| {
        let pool = rayon::ThreadPoolBuilder::new()
            .num_threads(n_threads)
            .build()
            .unwrap();
        pool.install(|| {
            let choices = problems
                .iter()
                .map(|problem| choose(&table, problem).unwrap());
            let precision = "precision".parse().unwrap();
            let points = frontier(&table, &Problem::new("recall".parse().unwrap()), &precision);
            let zone = choose_reject_zone(&table, &"fp=1,fn=3".parse().unwrap(), 0.9, None);
            (choices.collect::<Vec<_>>(), points.unwrap(), zone.unwrap())
        })
    };
    let one = run(1);
    assert!(one.0[1].found().unwrap().n_tied() > Some(10_000));
    for n_threads in [2, 3, 8] {
        assert_eq!(run(n_threads), one, "{n_threads} threads");
    }
}

#[test]
fn three_passes_for_a_reject_zone() {
    let mut slow = Vec::new();
    for (name, rows) in files() {
        let table = sweep(&rows.scores());
        let costs = [
            // The ends are apart, cross, or to reject pays everywhere.
            ("fp=1,fn=1", [0.2, 0.5, 0.7, 0.0]),
            ("fp=1,fn=10", [0.5, 0.9, 2.0, -1.0]),
            ("fp=0.3,fn=0.7,tp=-0.1", [0.05, 0.2, 0.31, 0.6]),
            // Negative rows cost more than to be rejected whatever is predicted: the ends may cross and yet be apart.
            ("fp=2,fn=0.3,tn=3,tp=0.1", [0.2, 0.5, 1.0, 2.5]),
        ];
        for (text, rejects) in costs {
            let costs = text.parse().unwrap();
            for (reject, prevalence) in rejects
                .iter()
                .flat_map(|&reject| [(reject, None), (reject, Some(0.1))])
            {
                let context = format!("{name}: {text}, {reject} at {prevalence:?}");
                let zone = choose_reject_zone(&table, &costs, reject, prevalence).unwrap();
                let (found, n_passes) =
                    search_zone(&rows, 10_000, MEMORY, &costs, reject, prevalence);
                assert_eq!(found, zone, "{context}");
                if n_passes > 3 {
                    slow.push((n_passes, context));
                }
            }
        }
    }
    assert!(slow.is_empty(), "{slow:#?}");
}

#[test]
fn three_passes_with_constraints() {
    check_passes(|| {
        let problem = |objective: &str, constraints: &[&str]| {
            let constraints = constraints.iter().map(|text| text.parse().unwrap());
            constraints.fold(
                Problem::new(objective.parse().unwrap()),
                Problem::subject_to,
            )
        };
        vec![
            problem("precision", &["recall>=0.9"]),
            problem("recall", &["precision>=0.8", "fpr<=0.01"]),
            problem("f1", &["predicted_positive_rate<=5%"]),
            problem("recall", &["predicted_positives<=500", "precision>=0.1"]),
            problem("cost(fp=1,fn=10)", &["recall>=0.5", "fpr<=0.2", "mcc>=0"]),
            problem("specificity", &["recall>=1"]),
            problem("mcc", &["fp<=100"]).at_prevalence(0.02),
            problem("precision", &["recall>=0.5"]).at_prevalence(0.3),
            problem("accuracy", &["npv>=0.9"]).at_prevalence(0.2),
            // What cannot be.
            problem("f1", &["recall>=0.99", "predicted_positives<=20"]),
            problem("f1", &["precision>=1.1"]),
        ]
    });
}

#[test]
fn a_frontier_takes_each_row_once_more() {
    // Recall and the false positive rate rise with every row: nearly all bins are open until they are one score.
    let (problem, second) = (
        Problem::new("recall".parse().unwrap()),
        "fpr".parse().unwrap(),
    );
    let most_ranges = PartialSweepBuilder::max_ranges(MEMORY);
    // Bins are whole, so that a pass may be short of one.
    let most_passes = 2 + N_ROWS as usize * 5 / 4 / (2 * most_ranges);
    let weight = (0..N_ROWS)
        .map(|row| 0.25 * f64::from(row % 9))
        .collect::<Vec<_>>();
    let plain = files()
        .into_iter()
        .map(|(name, rows)| (name.to_owned(), rows));
    // Half as many rows a pass: how many a weight stands for is known on the whole only.
    let weighted = files().into_iter().map(|(name, rows)| {
        let weight = Some(weight.clone());
        (format!("{name}, weighted"), Rows { weight, ..rows })
    });
    for (name, rows) in plain.chain(weighted) {
        let most_passes = if rows.weight.is_some() {
            2 * most_passes
        } else {
            most_passes
        };
        let expected = frontier(&sweep(&rows.scores()), &problem, &second).unwrap();
        let first = partial(&rows, 10_000, MEMORY / 8);
        // The edges of bins are on it until thresholds between them are known.
        let most_points = expected.len() + first.n_bins();
        let search = Search::of(&first, []).unwrap();
        let mut search = search
            .and_frontier(&first, &problem, &second, most_points)
            .unwrap();
        let n_bytes = search.n_bytes();
        while let Step::NeedPass(ranges) = search.step(most_ranges) {
            let of_front = 100 * most_points;
            assert!(
                search.n_bytes() <= n_bytes + of_front,
                "{name}: {n_bytes} bytes grow"
            );
            assert!(
                search.n_passes() < most_passes,
                "{name}: {} passes",
                search.n_passes()
            );
            let mut pass = PartialSweepBuilder::within(MEMORY, &ranges).expect("some memory");
            for scores in rows.blocks(10_000) {
                pass.add(&scores);
            }
            search
                .feed(&pass.finish().expect("rows"))
                .expect("room for all");
        }
        assert_eq!(search.into_frontier(), Some(expected), "{name}");
    }
}

#[test]
fn a_frontier_that_has_no_room_is_refused() {
    let (problem, second) = (
        Problem::new("recall".parse().unwrap()),
        "fpr".parse().unwrap(),
    );
    for (name, rows) in files() {
        let expected = frontier(&sweep(&rows.scores()), &problem, &second).unwrap();
        let most = expected.len() - 1;
        let whole = partial(&rows, 10_000, 1 << 28);
        let search = Search::of(&whole, [])
            .unwrap()
            .and_frontier(&whole, &problem, &second, most);
        let refused = search.unwrap_err();
        assert!(
            matches!(refused, Error::FrontierTooLong { most: told } if told == most),
            "{name}: {refused}"
        );
    }
}

/// The worked example of the search, whose numbers are computed by hand: of F1, 2 tp / (2 tp + fp + fn).
#[test]
fn the_worked_example_asks_for_two_of_four_bins() {
    let score = (2..10).rev().map(|tenth| f64::from(tenth) / 10.0);
    let is_positive = [true, true, false, true, false, false, false, false];
    let rows = Scores::new(is_positive.to_vec(), score.collect()).expect("rows");
    let bins = ([0.8, 0.6, 0.4, 0.2], [0.9, 0.7, 0.5, 0.3]);
    let counts = ([2, 1, 0, 0], [0, 1, 2, 2]);
    let first = PartialSweep::from_counts(&bins.0, &bins.1, &counts.0, &counts.1).expect("bins");
    let objective = Objective::new("f1".parse().expect("a metric"), Goal::Maximize);
    let mut search = Search::new(&first, [objective]);
    let Step::NeedPass(ranges) = search.step(2) else {
        panic!("two bins can reach the best edge");
    };
    let asked = ranges.iter().map(|range| [range.lowest(), range.highest()]);
    assert_eq!(asked.collect::<Vec<_>>(), [[0.6, 0.7], [0.4, 0.5]]);
    let mut pass = PartialSweepBuilder::within(MEMORY, &ranges).expect("some memory");
    pass.add(&rows);
    search
        .feed(&pass.finish().expect("rows"))
        .expect("the same rows");
    let Step::Done(best) = search.step(2) else {
        panic!("every bin is one score");
    };
    let best = best[0].as_ref().expect("a threshold");
    assert_eq!(best.threshold(), Threshold::new(0.6).ok());
    assert_eq!(best.cells(), Cells::from_counts(3, 1, 0, 4));
    assert!((best.value() - 6.0 / 7.0).abs() < 1e-15);
    assert_eq!(search.n_passes(), 2);
}
