//! Questions of rows in memory, asked in so little memory that they take passes, give what the whole sweep gives.

use cutpoint_choose::{
    Choice, Folds, RowFilter, View, choose, choose_from, choose_reject_zone, cross_validate,
    frontier, frontier_from, reject_zone_from,
};
use cutpoint_core::Scores;
use cutpoint_metrics::{Problem, confusion_at, sweep};

const MEMORY: usize = 1 << 16;

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
    // Each choice is that of the sweep of all other rows, in as much memory as it takes.
    for (fold, &threshold) in held_out.thresholds.iter().enumerate() {
        let others = view.with_rows(RowFilter::Fold {
            folds,
            fold,
            is_inside: false,
        });
        let others = others.sweep(1 << 24, &[]).unwrap().partial;
        assert!(others.is_exact());
        let Choice::Found(best) = choose(others.edges(), &problem()).unwrap() else {
            panic!("some threshold has that recall");
        };
        assert_eq!(best.threshold(), threshold);
    }
    // With one threshold for all folds, the sums would be those of all rows there.
    let one = held_out.thresholds[0].unwrap();
    let apart = held_out
        .thresholds
        .iter()
        .any(|other| *other != held_out.thresholds[0]);
    assert!(apart && held_out.counted.cells() != confusion_at(&rows, one));
}
