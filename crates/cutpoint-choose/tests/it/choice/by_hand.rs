//! Choices that a person can check.

use cutpoint_choose::{Choice, choose};
use cutpoint_core::Scores;
use cutpoint_metrics::{
    Cells, Problem, Sweep, at_prevalence, bayes_threshold, bayes_threshold_of, sweep,
};

use crate::number_of;

/// Ten rows: 4 positive, 6 negative.
/// ```text
/// score     1.0 0.9 0.8 0.7 0.6 0.5 0.4 0.3 0.2 0.1
/// positive   1   1   0   1   0   0   1   0   0   0
/// tp         1   2   2   3   3   3   4   4   4   4
/// fp         0   0   1   1   2   3   3   4   5   6
/// ```
fn ten() -> Sweep {
    let label = [1, 1, 0, 1, 0, 0, 1, 0, 0, 0].map(|label| label == 1);
    let score = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
    sweep(&Scores::new(label.to_vec(), score.to_vec()).expect("finite scores"))
}

fn problem(objective: &str, constraints: &[&str]) -> Problem {
    let constraints = constraints
        .iter()
        .map(|text| text.parse().expect("a constraint"));
    constraints.fold(
        Problem::new(objective.parse().expect("an objective")),
        Problem::subject_to,
    )
}

#[track_caller]
fn check_found(problem: &Problem, threshold: Option<f64>, value: f64) {
    let choice = choose(&ten(), problem).expect("a problem");
    let Choice::Found(best) = choice else {
        panic!("{problem}: {choice:?}");
    };
    assert_eq!(number_of(best.threshold()), threshold, "{problem}");
    assert!(
        (best.value() - value).abs() < 1e-15,
        "{problem}: {}",
        best.value()
    );
}

#[test]
fn constraints_move_the_best_threshold() {
    // Precision: 1, 1, 2/3, 3/4, 3/5, 1/2, 4/7, ...
    check_found(&problem("precision", &[]), Some(1.0), 1.0);
    check_found(&problem("precision", &["recall>=0.75"]), Some(0.7), 0.75);
    check_found(
        &problem("precision", &["recall>=75.1%"]),
        Some(0.4),
        4.0 / 7.0,
    );
    check_found(&problem("recall", &["precision>=0.75"]), Some(0.7), 0.75);
    check_found(
        &problem("recall", &["predicted_positives<=2"]),
        Some(0.9),
        0.5,
    );
    check_found(
        &problem("recall", &["predicted_positive_rate<=35%"]),
        Some(0.9),
        0.5,
    );
    check_found(
        &problem("recall", &["fp<=3", "precision>=0.58"]),
        Some(0.7),
        0.75,
    );
    // Two of six negatives and no more than four alerts: 0.7, or 0.6 with the same recall.
    check_found(&problem("recall", &["fpr<=34%"]), Some(0.7), 0.75);
    // "Predict none" meets what nothing else can: no row is predicted positive.
    check_found(&problem("recall", &["predicted_positives<=0"]), None, 0.0);
}

#[test]
fn costs_move_the_best_threshold() {
    // fp + 5 fn: 20, 15, 10, 11, 6, 7, 8, 3, 4, 5, 6.
    check_found(&problem("cost(fp=1,fn=5)", &[]), Some(0.4), 3.0);
    // 5 fp + fn: 4, 3, 2, 7, 6, ...
    check_found(&problem("cost(fp=5,fn=1)", &[]), Some(0.9), 2.0);
    // 4 tp - 3 fp: 4, 8, 5, 9, ...
    check_found(&problem("utility(tp=4,fp=-3,fn=0)", &[]), Some(0.7), 9.0);
    check_found(
        &problem("cost(fp=5,fn=1)", &["recall>=0.6"]),
        Some(0.7),
        6.0,
    );
}

#[test]
fn prevalence_moves_the_best_threshold() {
    // At a prevalence of 0.1 a positive row stands for a quarter of one and a negative one for one and a half.
    // 1.5 fp + 5 · 0.25 fn: 5, 3.75, 2.5, 4, 2.75, ...
    check_found(
        &problem("cost(fp=1,fn=5)", &[]).at_prevalence(0.1),
        Some(0.9),
        2.5,
    );
    // Precision at 0.7: 0.75 / (0.75 + 1.5).
    check_found(
        &problem("precision", &["recall>=0.75"]).at_prevalence(0.1),
        Some(0.7),
        1.0 / 3.0,
    );
    // Recall does not change: the bound is met to the last bit.
    for prevalence in [0.001, 0.1, 0.3, 0.37, 0.9] {
        check_found(
            &problem("recall", &["fpr<=0.16666666666666666"]).at_prevalence(prevalence),
            Some(0.7),
            0.75,
        );
    }
    let cells = ten().cells(4);
    let there = at_prevalence(&cells, 0.1).unwrap().unwrap();
    assert_eq!(there, Cells::from_weights(0.75, 1.5, 0.25, 7.5).unwrap());
}

#[test]
fn one_class_has_no_other_prevalence() {
    let table = sweep(&Scores::new(vec![true, true], vec![0.9, 0.1]).unwrap());
    let precision = problem("precision", &[]).at_prevalence(0.5);
    assert_eq!(choose(&table, &precision), Ok(Choice::Undefined));
    assert_eq!(at_prevalence(&table.cells(1), 0.5), Ok(None));
}

#[test]
fn the_reasons_why_nothing_is_feasible() {
    // Alone each can be met, but not 3 of 4 positives with at most 3 alerts.
    let choice = choose(
        &ten(),
        &problem(
            "f1",
            &["recall>=0.75", "predicted_positives<=3", "fpr<=0.5"],
        ),
    );
    let choice = choice.unwrap();
    let why = choice.infeasible().unwrap();
    assert!(
        why.alone()
            .iter()
            .all(cutpoint_choose::Attainable::is_attainable)
    );
    assert_eq!(
        (why.conflicts(), why.binding()),
        (&[[0, 1]][..], &[0, 1][..])
    );
    // 0.8: 2/4 misses 0.75 by a third of it; 0.7: 4 alerts miss 3 by a third. The higher threshold is taken, if
    // rounding makes them equal.
    let nearest = why.nearest().unwrap();
    assert!((nearest.shortfall() - 1.0 / 3.0).abs() < 1e-15);
    assert!([Some(0.9), Some(0.8), Some(0.7)].contains(&number_of(nearest.point().threshold)));

    // A precision that no threshold has; the other constraint does not matter.
    let choice = choose(&ten(), &problem("f1", &["precision>=1.01", "recall>=0.5"])).unwrap();
    let why = choice.infeasible().unwrap();
    let [precision, recall] = why.alone() else {
        panic!("two constraints");
    };
    assert!(!precision.is_attainable() && recall.is_attainable());
    assert_eq!(
        (
            precision.best_value(),
            number_of(precision.point().unwrap().threshold)
        ),
        (Some(1.0), Some(1.0))
    );
    assert_eq!(
        (
            recall.best_value(),
            number_of(recall.point().unwrap().threshold)
        ),
        (Some(1.0), Some(0.4))
    );
    assert_eq!((why.conflicts(), why.binding()), (&[][..], &[0][..]));
    assert_eq!(
        number_of(why.nearest().unwrap().point().threshold),
        Some(0.9)
    );
    assert_eq!(why.nearest().unwrap().values(), [1.0, 0.5]);

    // Two that cannot be met each: neither alone would have to go.
    let choice = choose(&ten(), &problem("f1", &["tp>=5", "fp<=-1"])).unwrap();
    let why = choice.infeasible().unwrap();
    assert_eq!((why.conflicts(), why.binding()), (&[][..], &[][..]));

    // Three alerts are at least one false alarm; two of the four positives are in nobody's way.
    let three = ["recall>=0.5", "predicted_positives>=3", "fp<=0"];
    let choice = choose(&ten(), &problem("f1", &three)).unwrap();
    assert_eq!(choice.infeasible().unwrap().conflicts(), [[1, 2]]);
}

#[test]
fn what_is_undefined_meets_no_constraint() {
    // Without negative rows there is no false positive rate.
    let table = sweep(&Scores::new(vec![true, true], vec![0.9, 0.1]).unwrap());
    let choice = choose(&table, &problem("recall", &["fpr<=1"])).unwrap();
    let why = choice.infeasible().unwrap();
    assert_eq!(why.alone()[0].best_value(), None);
    assert_eq!((why.binding(), why.nearest()), (&[0][..], None));
    // What can be met, where the objective is undefined.
    let choice = choose(&table, &problem("specificity", &["recall>=0.5"])).unwrap();
    assert_eq!(choice, Choice::Undefined);
}

#[test]
fn the_bayes_threshold_moves_with_prevalence() {
    assert_eq!(
        number_of(bayes_threshold(&"fp=1,fn=1".parse().unwrap())),
        Some(0.5)
    );
    // (3 - (-1)) / (3 + 1 + 7 - (-5))
    let costs = "fp=3,fn=7,tp=-5,tn=-1".parse().unwrap();
    assert_eq!(number_of(bayes_threshold(&costs)), Some(0.25));
    // A right prediction that costs more than an error: no threshold pays.
    assert_eq!(bayes_threshold(&"fp=1,fn=1,tp=2".parse().unwrap()), None);
    // At the data's own prevalence of 0.4 nothing moves. At 0.1 the odds of a score are 6 times too high:
    // s / (1 - s) = 6 · 1/5 for the probability 1/6, so that s is 6/11.
    let bayes = |prevalence: f64| {
        let problem = problem("cost(fp=1,fn=5)", &[]).at_prevalence(prevalence);
        number_of(bayes_threshold_of(&problem, 0.4)).unwrap()
    };
    assert!((bayes(0.4) - 1.0 / 6.0).abs() < 1e-15);
    assert!((bayes(0.1) - 6.0 / 11.0).abs() < 1e-15);
}
