//! Answers as JSON: several workers who have a part of the rows each give the text that the rows in one piece give.

use cutpoint_choose::{
    CheckOptions, ChooseOptions, ConfidenceOptions, CostSpec, Folds, OperatingPoint, RowSource,
    View, check, choose_and_measure, choose_by_group_from, frontier_from, reject_zone_from,
    validate_from,
};
use cutpoint_core::Scores;
use cutpoint_metrics::{Costs, Problem};
use serde::Serialize;

use crate::workers::{Rows, Workers};

/// So little that a choice takes several passes.
const MEMORY: usize = 1 << 16;

const N_ROWS: u32 = 12_000;

/// Scores with ties; the higher, the more are positive. `salt`: others of the same source.
fn scores(is_weighted: bool, salt: u32) -> Scores {
    let chance = |row: u32, salt: u32| {
        f64::from((row + salt).wrapping_mul(2_654_435_761) >> 8) / f64::from(1 << 24)
    };
    let score = |row: u32| f64::from(row * 7919 % N_ROWS / 2 * 2) / f64::from(N_ROWS);
    let is_positive = (0..N_ROWS).map(|row| chance(row, salt) < score(row));
    let rows = Scores::new(is_positive.collect(), (0..N_ROWS).map(score).collect());
    let rows = rows.expect("finite scores");
    if is_weighted {
        // Quarters, whose sums are exact in any order.
        let weight = (0..N_ROWS).map(|row| f64::from(row % 9) / 4.0 + 0.25);
        rows.with_weight(weight.collect()).expect("one a row")
    } else {
        rows
    }
}

fn problem() -> Problem {
    let problem = Problem::new("maximize precision".parse().expect("a metric"));
    problem
        .subject_to("recall>=0.7".parse().expect("a constraint"))
        .subject_to("predicted_positives<=9000".parse().expect("a constraint"))
}

fn json(answer: &impl Serialize) -> String {
    serde_json::to_string(answer).expect("text keys")
}

/// Asks the rows as they are, and workers in several numbers and orders; rows come with those that are held out.
fn assert_same(
    [rows, others]: [Scores; 2],
    of_scores: impl Fn(&View<'_, Scores>, &View<'_, Scores>) -> String,
    of_workers: impl Fn(&View<'_, Workers>, &View<'_, Workers>) -> String,
) {
    let expected = of_scores(&View::of(&rows), &View::of(&others));
    let [rows, others] = [rows, others].map(Rows::from);
    for (n_parts, order_seed) in [(1, 1), (5, 2), (5, 3), (40, 4)] {
        let [rows, others] = [&rows, &others].map(|rows| Workers::new(rows, n_parts, order_seed));
        let got = of_workers(&View::of(&rows), &View::of(&others));
        assert!(
            got == expected,
            "{n_parts} parts, order {order_seed}:\n{got}\nscores:\n{expected}"
        );
    }
}

/// A choice with its bootstrap and its validation on other rows.
fn choice<S: RowSource>(view: &View<'_, S>, others: &View<'_, S>, problem: &Problem) -> String
where
    S::Error: std::fmt::Debug,
{
    let options = ChooseOptions {
        memory: MEMORY,
        confidence: Some(ConfidenceOptions {
            bootstrap: Some(30),
            ..ConfidenceOptions::default()
        }),
        folds: None,
    };
    let mut decision = choose_and_measure(view, problem, &options).expect("valid rows");
    assert!(decision.n_passes > 1);
    let validated = validate_from(others, &decision).expect("valid rows");
    decision.validation = validated.map(|(validation, _)| validation);
    match decision.answer() {
        Some(answer) => {
            assert!(answer.bootstrap.is_some() && answer.validation.is_some());
            json(&answer)
        }
        None => json(&decision.infeasible_answer().expect("there is no choice")),
    }
}

#[test]
fn choices_of_workers_have_the_text_of_the_scores() {
    let infeasible = problem().subject_to("fpr<=0.01".parse().unwrap());
    for problem in [problem(), problem().at_prevalence(0.07), infeasible] {
        assert_same(
            [scores(false, 0), scores(false, 77)],
            |view, others| choice(view, others, &problem),
            |view, others| choice(view, others, &problem),
        );
    }
}

/// A point that was chosen on rows, checked on others.
fn checked<S: RowSource>(view: &View<'_, S>, others: &View<'_, S>) -> String
where
    S::Error: std::fmt::Debug,
{
    let options = ChooseOptions {
        memory: MEMORY,
        confidence: Some(ConfidenceOptions::default()),
        folds: None,
    };
    let decision = choose_and_measure(view, &problem(), &options).expect("valid rows");
    let point = decision.operating_point().expect("there is a threshold");
    assert_eq!(
        OperatingPoint::from_json(&point.to_json()).expect("as it was written"),
        point
    );
    let checked = check(&point, others, &CheckOptions::default()).expect("valid rows");
    assert_eq!(checked.constraints.len(), 2);
    format!("{}{}", point.to_json(), json(&checked))
}

#[test]
fn points_and_checks_of_workers_have_the_text_of_the_scores() {
    for is_weighted in [false, true] {
        let rows = || [scores(is_weighted, 0), scores(is_weighted, 77)];
        assert_same(rows(), checked, checked);
    }
}

fn frontier_and_zone<S: RowSource>(view: &View<'_, S>) -> String
where
    S::Error: std::fmt::Debug,
{
    let second = "recall".parse().expect("a metric");
    let frontier = frontier_from(view, &problem(), &second, 1 << 20).expect("valid rows");
    assert!(!frontier.points.is_empty());
    let costs = "fp=1,fn=3".parse::<Costs>().expect("costs");
    let zone = reject_zone_from(view, &costs, 0.4, Some(0.1), MEMORY).expect("valid rows");
    assert!(zone.n_passes > 1);
    json(&frontier.answer()) + &json(&zone.answer())
}

#[test]
fn frontiers_and_zones_of_workers_have_the_text_of_the_scores() {
    for is_weighted in [false, true] {
        assert_same(
            [scores(is_weighted, 0), scores(is_weighted, 77)],
            |view, _| frontier_and_zone(view),
            |view, _| frontier_and_zone(view),
        );
    }
}

#[test]
fn groups_costs_and_folds_of_workers_do_not_depend_on_the_parts() {
    let amounts = (0..N_ROWS).map(|row| f64::from(row % 50) / 4.0);
    let groups = (0..N_ROWS).map(|row| format!("group {}", row % 3));
    let rows = Rows::from(scores(false, 0))
        .with_amounts("amount", amounts.collect())
        .with_groups(groups.collect());
    let costs = "fp=2.5,fn=amount".parse::<CostSpec>().unwrap();
    let cheapest = Problem::new(costs.objective().unwrap());
    let ask = |workers: &Workers| {
        let view = View::of(workers);
        let groups = choose_by_group_from(&view, &problem(), MEMORY).unwrap();
        let view = view.with_costs(Some(&costs));
        let options = ChooseOptions {
            memory: 1 << 24,
            confidence: Some(ConfidenceOptions {
                bootstrap: Some(20),
                ..ConfidenceOptions::default()
            }),
            folds: None,
        };
        let cheapest = choose_and_measure(&view, &cheapest, &options).unwrap();
        json(&groups.answer()) + &json(&cheapest.answer().unwrap())
    };
    let whole = ask(&Workers::whole(&rows));
    for (n_parts, order_seed) in [(2, 1), (9, 2)] {
        assert_eq!(ask(&Workers::new(&rows, n_parts, order_seed)), whole);
    }
}

#[test]
fn a_cross_validated_choice_tells_every_fold() {
    let options = ChooseOptions {
        memory: MEMORY,
        confidence: None,
        folds: Some(Folds {
            n_folds: 4,
            random_state: 0,
        }),
    };
    let rows = scores(false, 0);
    let decision = choose_and_measure(&View::of(&rows), &problem(), &options).unwrap();
    let answer = decision.answer().unwrap();
    let validation = answer.validation.as_ref().unwrap();
    assert_eq!(validation.source, "4 folds");
    assert_eq!(validation.fold_thresholds.len(), 4);
    assert_eq!(answer.confidence, None);
    // Each row is held out once.
    let counts = decision.validation.unwrap().cells().to_counts();
    let n_held_out = counts.map(|counts| counts.iter().sum::<u64>());
    assert_eq!(n_held_out, Some(u64::from(N_ROWS)));
}
