//! Questions of rows in memory, asked in so little memory that they take passes, give what the whole sweep gives.

use cutpoint_choose::{
    Choice, Folds, HeldOut, RowSource, View, choose, choose_from, choose_reject_zone,
    cross_validate, frontier, frontier_from, reject_zone_from,
};
use cutpoint_core::{Labels, Scores};
use cutpoint_metrics::{Cells, Problem, confusion_at, sweep};
use cutpoint_split::StratifiedKFold;
use cutpoint_testkit::{golden, integers};

use crate::workers::{Rows, Workers};

const MEMORY: usize = 1 << 16;

/// NumPy's sums of some 100 weights below 2 round each time.
const OFF: f64 = 1e-12;

/// 20 000 distinct scores, of which some 800 fit into the memory; in the better half more are positive.
fn rows(is_weighted: bool) -> Scores {
    let score = |row: u32| f64::from(row * 7919 % 20_000) / 20_000.0;
    let chance = |row: u32| f64::from(row.wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24);
    let is_positive = (0..20_000).map(|row| chance(row) < score(row)).collect();
    let rows = Scores::new(is_positive, (0..20_000).map(score).collect()).expect("a valid input");
    if is_weighted {
        let weight = (0..20_000).map(|row| f64::from(row % 5)).collect();
        rows.with_weight(weight).expect("a valid input")
    } else {
        rows
    }
}

fn problem() -> Problem {
    Problem::new("precision".parse().expect("a valid input"))
        .subject_to("recall>=0.7".parse().expect("a valid input"))
}

#[test]
fn what_takes_passes_is_what_the_whole_sweep_gives() {
    for is_weighted in [false, true] {
        let rows = rows(is_weighted);
        let (view, table) = (View::of(&rows), sweep(&rows));

        let decision = choose_from(&view, &problem(), MEMORY).unwrap();
        assert!(decision.n_passes > 1 && !decision.partial.is_exact());
        assert_eq!(decision.choice, choose(&table, &problem()).unwrap());

        let (first, second) = (Problem::new("f1".parse().unwrap()), "mcc".parse().unwrap());
        let found = frontier_from(&view, &first, &second, MEMORY).unwrap();
        assert_eq!(found.points, frontier(&table, &first, &second).unwrap());

        let costs = "fp=1,fn=3".parse().unwrap();
        let zone = reject_zone_from(&view, &costs, 0.4, None, MEMORY).unwrap();
        assert!(zone.n_passes > 1);
        assert_eq!(
            zone.zone,
            choose_reject_zone(&table, &costs, 0.4, None).unwrap()
        );
    }
}

#[test]
fn every_row_is_held_out_once_at_the_choice_without_its_fold() {
    let rows = rows(false);
    let view = View::of(&rows);
    let decision = choose_from(&view, &problem(), MEMORY).unwrap();
    let best = decision.choice.found().unwrap();
    let folds = Folds {
        n_folds: 3,
        random_state: 5,
    };
    let held_out =
        cross_validate(&view, &problem(), &decision.partial, best, folds, MEMORY).unwrap();
    let n_held_out = held_out
        .counted
        .cells()
        .to_counts()
        .map(|counts| counts.iter().sum::<u64>());
    assert_eq!(n_held_out, Some(20_000));
    assert_eq!((held_out.thresholds.len(), held_out.n_infeasible), (3, 0));
    // Each choice is that of all rows that the splitter trains on, picked by their indices.
    let labels = rows.is_positive().iter().map(|&is| i64::from(is));
    let labels = Labels::from_integers(&labels.collect::<Vec<_>>());
    let splits = StratifiedKFold::default()
        .n_splits(3)
        .shuffle(true)
        .seed(5_u32);
    let splits = splits.split(&labels).unwrap();
    let mut cells = Cells::default();
    for (split, &threshold) in splits.iter().zip(&held_out.thresholds) {
        let select = |indices: &[usize]| {
            let is_positive = indices.iter().map(|&row| rows.is_positive()[row]);
            let score = indices.iter().map(|&row| rows.score()[row]);
            Scores::new(is_positive.collect(), score.collect()).unwrap()
        };
        let Choice::Found(best) = choose(&sweep(&select(split.train())), &problem()).unwrap()
        else {
            panic!("some threshold has that recall");
        };
        assert_eq!(best.threshold(), threshold);
        cells = cells + confusion_at(&select(split.test()), threshold.unwrap());
    }
    assert_eq!(held_out.counted.cells(), cells);
    // With one threshold for all folds, the sums would be those of all rows there.
    let one = held_out.thresholds[0].unwrap();
    let apart = held_out
        .thresholds
        .iter()
        .any(|other| *other != held_out.thresholds[0]);
    assert!(apart && held_out.counted.cells() != confusion_at(&rows, one));
}

#[test]
fn folds_are_those_of_scikit_learn() {
    for case in golden("cross_validation.json")["cases"].as_array().unwrap() {
        let is_positive = integers(&case["y"]).into_iter().map(|label| label == 1);
        let rows = Scores::new(is_positive.collect(), numbers(&case["score"])).unwrap();
        let rows = if case["weight"].is_null() {
            rows
        } else {
            rows.with_weight(numbers(&case["weight"])).unwrap()
        };
        let folds = Folds {
            n_folds: usize::try_from(case["n_splits"].as_u64().unwrap()).unwrap(),
            random_state: case["random_state"].as_u64().unwrap(),
        };
        let problem = Problem::new("f1".parse().unwrap());
        let sources = [1, 5].map(|n_parts| Workers::new(&Rows::from(rows.clone()), n_parts, 3));
        let check = |held_out: HeldOut| {
            let thresholds = held_out.thresholds.iter();
            let thresholds = thresholds.map(|threshold| threshold.unwrap().value());
            assert!(thresholds.eq(numbers(&case["thresholds"])), "{case}");
            let cells = held_out.counted.cells().to_sklearn();
            let expected = case["confusion_matrix"].as_array().unwrap();
            for (cells, expected) in cells.iter().zip(expected) {
                for (cell, expected) in cells.iter().zip(numbers(expected)) {
                    assert!((cell - expected).abs() < OFF, "{case}: {cell}, {expected}");
                }
            }
        };
        check(held_out_of(&View::of(&rows), &problem, folds));
        for source in &sources {
            check(held_out_of(&View::of(source), &problem, folds));
        }
    }
}

fn held_out_of<S: RowSource<Error = cutpoint_choose::Error>>(
    view: &View<'_, S>,
    problem: &Problem,
    folds: Folds,
) -> HeldOut {
    let decision = choose_from(view, problem, MEMORY).expect("valid rows");
    let best = decision.choice.found().expect("some threshold is the best");
    let held_out = cross_validate(view, problem, &decision.partial, best, folds, MEMORY);
    held_out.expect("rows of every fold")
}

fn numbers(list: &serde_json::Value) -> Vec<f64> {
    let list = list.as_array().expect("a list");
    list.iter()
        .map(|number| number.as_f64().expect("a number"))
        .collect()
}
