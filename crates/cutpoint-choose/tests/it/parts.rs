//! Questions of rows that lie with several workers give what they give of rows in one piece, to the bit, whatever the
//! parts are and in whatever order they come back.

use cutpoint_choose::{
    ConfidenceOptions, CostSpec, Folds, Pass, PassPart, RowSource, SweepPlan, Validation, View,
    choose_by_group_from, choose_from, confidence_of, count_held_out, cross_validate,
    curve_by_group_from, curve_from, frontier_from, moves_from, reject_zone_from,
};
use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    CalibrationOptions, Costs, CurveKind, Intermediate, Objective, PartialSweepBuilder, Problem,
    Resampling,
};

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
    let none = Costs::ZERO;
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

#[test]
fn a_ledger_does_not_depend_on_the_parts() {
    let [from, to] = [0.4, 0.7].map(|value| Threshold::new(value).unwrap());
    for is_weighted in [false, true] {
        assert_same(&rows(is_weighted), |view| {
            let ledger = moves_from(view, from, to, None).unwrap();
            assert!(ledger.moves.next_up().is_some());
            format!("{ledger:?}")
        });
    }
}

#[test]
fn cross_validation_does_not_depend_on_the_parts() {
    let folds = Folds {
        n_folds: 3,
        random_state: 11,
    };
    for is_weighted in [false, true] {
        let (rows, costs) = (rows(is_weighted), costs());
        for costs in [None, Some(&costs)] {
            assert_same(&rows, |view| {
                let view = view.with_costs(costs);
                let problem = costs.map_or_else(problem, |_| of_costs());
                let decision = choose_from(&view, &problem, MEMORY).unwrap();
                let best = decision.choice.found().unwrap();
                let held_out =
                    cross_validate(&view, &problem, &decision.partial, best, folds, MEMORY)
                        .unwrap();
                assert_eq!(held_out.thresholds.len(), 3);
                let counted = &held_out.counted;
                let cost = counted.costs().total(None).unwrap();
                format!("{:?} {:?} {cost:?}", held_out.thresholds, counted.cells())
            });
        }
    }
}

#[test]
fn bytes_of_something_else_are_refused() {
    let mut pass = Pass::within(MEMORY);
    pass.sweep = Some(SweepPlan::default());
    pass.count_at = vec![Some(Threshold::HALF), None].into();
    pass.with_survey = true;
    let part = Scores::new(vec![true, false], vec![0.9, 0.4]).unwrap();
    let part = part.run(&pass).unwrap().to_bytes();
    PassPart::from_bytes(&part).unwrap();
    let refused = |bytes: &[u8]| PassPart::from_bytes(bytes).unwrap_err().to_string();
    let expected = "the bytes must hold a part of a pass, as this version writes it";
    assert_eq!(refused(&[]), expected);
    assert_eq!(refused(&part[..part.len() - 1]), expected);
    assert_eq!(refused(&[part.as_slice(), &[0]].concat()), expected);
    assert_eq!(refused(&[&[1], &part[1..]].concat()), expected);
    let expected = "the bytes must hold a pass, as this version writes it";
    let error = Pass::from_bytes(&pass.to_bytes()[1..]).unwrap_err();
    assert_eq!(error.to_string(), expected);
}

/// Changes every so many bytes of a part: what is still read can be merged and finished, and what cannot is an error.
/// How many were still read, and how many were not.
fn disturb(whole: &PassPart, step: usize) -> [usize; 2] {
    let bytes = whole.to_bytes();
    let mut n_read = [0, 0];
    for place in (0..bytes.len()).step_by(step) {
        let mut bytes = bytes.clone();
        bytes[place] ^= [1, 0x80, 0xff][place / step % 3];
        let Ok(mut part) = PassPart::from_bytes(&bytes) else {
            n_read[1] += 1;
            continue;
        };
        n_read[0] += 1;
        part.merge(whole.clone()).ok();
        for counted in &part.counted {
            counted.cells();
            counted
                .costs()
                .total(Some(0.5))
                .expect("a valid prevalence");
        }
        let _moves = part.moves.map(|moves| moves.finish());
        let _cells = part.sums.map(|sums| sums.cells());
        part.survey.map(|survey| survey.finish().oddities());
        if let Some(Ok(partial)) = part.sweep.map(PartialSweepBuilder::finish) {
            let cost = partial.cost_at(Some(Threshold::HALF), None);
            cost.expect("no prevalence");
        }
    }
    n_read
}

#[test]
fn no_bytes_break_what_reads_them() {
    let costs = costs();
    let few = Workers::whole(&Workers::new(&rows(true), 40, 1).part(3));
    let view = View::of(&few).with_costs(Some(&costs));
    let thresholds = [0.9, 0.5, 0.1];
    let mut pass = view.pass(MEMORY);
    pass.sweep = Some(SweepPlan::default());
    pass.count_at = vec![Some(Threshold::HALF), None].into();
    pass.keep_in = Some(thresholds[..].into());
    pass.moves = Some([Threshold::HALF, Threshold::new(0.7).unwrap()]);
    pass.sums_at = Some(Threshold::HALF);
    let whole = few.run(&pass).unwrap();
    assert!(whole.kept.is_some());
    // Most of the bytes are digits, which may be others.
    let [n_read, n_refused] = disturb(&whole, 1);
    assert!(n_read > n_refused && n_refused > 0);

    let mut pass = view.pass(MEMORY);
    pass.with_survey = true;
    let [n_read, n_refused] = disturb(&few.run(&pass).unwrap(), 13);
    assert!(n_read > n_refused && n_refused > 0);
}

#[test]
fn curves_do_not_depend_on_the_parts() {
    let intermediate = Intermediate::Drop;
    let kinds = [
        CurveKind::Roc {
            intermediate,
            band: None,
            max_fpr: Some(0.3),
        },
        CurveKind::PrecisionRecall {
            intermediate,
            band: None,
        },
        CurveKind::Det { intermediate },
        CurveKind::Lift,
        CurveKind::Gain,
        CurveKind::Ks,
        CurveKind::Calibration(CalibrationOptions::default()),
        CurveKind::NetBenefit(vec![0.1, 0.25]),
        CurveKind::Cost("fp=1,fn=3".parse().unwrap()),
    ];
    for is_weighted in [false, true] {
        let rows = rows(is_weighted);
        for kind in &kinds {
            assert_same(&rows, |view| {
                let all = curve_from(view, kind, MUCH_MEMORY).unwrap();
                let groups = curve_by_group_from(view, kind, MUCH_MEMORY).unwrap();
                format!("{all:?} {groups:?}")
            });
        }
    }
}
