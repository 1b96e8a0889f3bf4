//! Questions of rows that lie with several workers give what they give of rows in one piece, to the bit, whatever the
//! parts are and in whatever order they come back.

use cutpoint_choose::{
    ConfidenceOptions, CostSpec, Validation, View, choose_by_group_from, choose_from,
    confidence_of, count_held_out, frontier_from, reject_zone_from,
};
use cutpoint_core::Scores;
use cutpoint_metrics::{Costs, Objective, Problem, Resampling};

use crate::workers::{Rows, Workers};

/// So little that most questions take several passes.
const MEMORY: usize = 1 << 14;

/// Enough for all rows, as a bootstrap of costs needs.
const MUCH_MEMORY: usize = 1 << 24;

const N_ROWS: u32 = 3000;

/// Scores with ties; in the better half more are positive. Weights and amounts have all digits.
fn rows(is_weighted: bool) -> Rows {
    let chance = |row: u32, salt: u32| {
        f64::from((row + salt).wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24)
    };
    let score = |row: u32| f64::from(row * 7919 % N_ROWS / 2 * 2) / f64::from(N_ROWS);
    let is_positive = (0..N_ROWS).map(|row| chance(row, 0) < score(row)).collect();
    let rows = Scores::new(is_positive, (0..N_ROWS).map(score).collect()).expect("a valid input");
    let rows = if is_weighted {
        let weight = (0..N_ROWS).map(|row| 0.1 + chance(row, 7) * 3.3);
        rows.with_weight(weight.collect()).expect("a valid input")
    } else {
        rows
    };
    let amounts = (0..N_ROWS).map(|row| (chance(row, 99) * 40_000.0 - 3000.0) / 100.0);
    let groups = (0..N_ROWS).map(|row| format!("group {}", (row % 7) * (row % 5)));
    Rows::from(rows)
        .with_amounts("amount", amounts.collect())
        .with_groups(groups.collect())
}

/// Asks one worker who has all rows, and several workers in different numbers and orders; `ask` tells the answer to the
/// last digit.
fn assert_same(rows: &Rows, ask: impl Fn(&View<'_, Workers>) -> String) {
    let whole = ask(&View::of(&Workers::whole(rows)));
    for (n_parts, order_seed) in [(1, 1), (2, 2), (7, 3), (7, 4), (64, 5)] {
        let workers = Workers::new(rows, n_parts, order_seed);
        let merged = ask(&View::of(&workers));
        assert!(
            merged == whole,
            "{n_parts} parts, order {order_seed}:\n{merged}\nwhole:\n{whole}"
        );
    }
}

fn problem() -> Problem {
    let problem = Problem::new("precision".parse().expect("a valid input"));
    problem.subject_to("recall>=0.7".parse().expect("a valid input"))
}

fn costs() -> CostSpec {
    let none = Costs::default().fp(0.0).fn_(0.0);
    let columns = vec![("amount".to_owned(), none.fn_(1.0).tp(-0.3))];
    CostSpec::new("fp=2.5,fn=amount,tp=-0.3*amount", none.fp(2.5), columns)
}

fn of_costs() -> Problem {
    let problem = Problem::new(Objective::of_amounts("fp=2.5,fn=amount,tp=-0.3*amount"));
    problem.subject_to("recall>=0.7".parse().expect("a valid input"))
}

#[test]
fn a_choice_does_not_depend_on_the_parts() {
    for is_weighted in [false, true] {
        let rows = rows(is_weighted);
        for problem in [problem(), problem().at_prevalence(0.07)] {
            assert_same(&rows, |view| {
                let decision = choose_from(view, &problem, MEMORY).unwrap();
                assert!(decision.n_passes > 1 && !decision.partial.is_exact());
                format!("{decision:?}")
            });
        }
    }
}

#[test]
fn a_choice_by_amounts_does_not_depend_on_the_parts() {
    for is_weighted in [false, true] {
        let costs = costs();
        for problem in [of_costs(), of_costs().at_prevalence(0.07)] {
            assert_same(&rows(is_weighted), |view| {
                let view = view.with_costs(Some(&costs));
                let decision = choose_from(&view, &problem, MEMORY).unwrap();
                assert!(decision.n_passes > 1 && !decision.partial.is_exact());
                format!("{decision:?}")
            });
        }
    }
}

#[test]
fn frontiers_and_zones_do_not_depend_on_the_parts() {
    let (first, second) = (Problem::new("f1".parse().unwrap()), "mcc".parse().unwrap());
    let costs = "fp=1,fn=3".parse().unwrap();
    for is_weighted in [false, true] {
        assert_same(&rows(is_weighted), |view| {
            let frontier = frontier_from(view, &first, &second, MEMORY).unwrap();
            let zone = reject_zone_from(view, &costs, 0.4, None, MEMORY).unwrap();
            assert!(zone.n_passes > 1);
            format!("{frontier:?} {zone:?}")
        });
    }
}

#[test]
fn groups_do_not_depend_on_the_parts() {
    for is_weighted in [false, true] {
        for memory in [MEMORY, MUCH_MEMORY] {
            assert_same(&rows(is_weighted), |view| {
                let decision = choose_by_group_from(view, &problem(), memory).unwrap();
                let largest = view.sweep_largest_groups(memory, &[], 5).unwrap();
                assert!(decision.names.len() == 16 && largest.others.is_some());
                format!("{decision:?} {largest:?}")
            });
        }
    }
}

/// How sure a choice is, with so much memory.
fn confidence(view: &View<'_, Workers>, problem: &Problem, resampling: Resampling) -> String {
    let decision = choose_from(view, problem, MUCH_MEMORY).expect("valid rows");
    let best = decision.choice.found().expect("some threshold is feasible");
    let options = ConfidenceOptions {
        bootstrap: Some(50),
        resampling,
        ..ConfidenceOptions::default()
    };
    let confidence = confidence_of(
        view,
        problem,
        &decision.partial,
        best,
        &options,
        MUCH_MEMORY,
    );
    let (held_out, _) = count_held_out(view, best.threshold()).expect("valid rows");
    let is_weighted = decision.partial.is_weighted();
    let validation = Validation::new(held_out, problem, best, &options, is_weighted);
    let validation = validation.expect("valid options");
    // Sums of squares have more digits than are kept, of which the last of 32 may differ.
    let validation = (
        validation.cells(),
        validation.value,
        validation.interval,
        validation.optimism,
        validation.intervals,
    );
    format!("{confidence:?} {validation:?}")
}

#[test]
fn bootstrap_and_validation_do_not_depend_on_the_parts() {
    for resampling in [Resampling::Rows, Resampling::ByClass] {
        for is_weighted in [false, true] {
            let rows = rows(is_weighted);
            assert_same(&rows, |view| confidence(view, &problem(), resampling));
            let costs = costs();
            assert_same(&rows, |view| {
                confidence(&view.with_costs(Some(&costs)), &of_costs(), resampling)
            });
        }
    }
}

#[test]
fn rows_that_a_bootstrap_cannot_keep_are_refused_whatever_the_parts() {
    let rows = rows(true);
    assert_same(&rows, |view| {
        let decision = choose_from(view, &problem(), MUCH_MEMORY).unwrap();
        // 3000 rows of 12 bytes each, in columns of 2048 rows for either class.
        let [too_little, enough] = [2 * 2048 * 12 - 1, 2 * 2048 * 12].map(|memory| {
            let kept = view.keep_in(decision.partial.edges(), memory).unwrap();
            kept.is_some()
        });
        assert!(!too_little && enough);
        String::new()
    });
}

#[test]
fn workers_say_what_the_scores_themselves_say() {
    // 2000 rows by hand, without amounts or groups, as scores are a source by themselves.
    let score = (0..2000).map(|row| f64::from(row * 7919 % 2000));
    let is_positive = (0..2000)
        .map(|row| row * 7919 % 2000 > 900 + row % 300)
        .collect();
    let scores = Scores::new(is_positive, score.collect()).unwrap();
    let workers = Workers::new(&Rows::from(scores.clone()), 5, 9);
    let found = choose_from(&View::of(&workers), &problem(), MEMORY).unwrap();
    let expected = choose_from(&View::of(&scores), &problem(), MEMORY).unwrap();
    assert!(expected.n_passes > 1);
    assert_eq!(format!("{found:?}"), format!("{expected:?}"));
}
