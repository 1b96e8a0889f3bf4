//! What other tools got wrong.

use cutpoint_choose::{choose, optimum};
use cutpoint_metrics::{Objective, Problem, catalog, confusion_at, sweep};

use cutpoint_testkit::strategies::{overlapping_scores, scores_of};

use crate::number_of;

/// `TunedThresholdClassifierCV` interpolates between thresholds, where no matrix has the value that it reports.
#[test]
fn an_optimum_is_attained_on_the_data() {
    let scores = overlapping_scores();
    for metric in catalog() {
        let Some(objective) = Objective::best(metric.clone()) else {
            continue;
        };
        let best = optimum(&sweep(&scores), &objective).unwrap();
        let Some(chosen) = best.threshold() else {
            continue;
        };
        assert!(scores.score().contains(&chosen.value()), "{metric}");
        let cells = confusion_at(&scores, chosen);
        assert_eq!(metric.value(&cells), Some(best.value()), "{metric}");
    }
}

/// cutpointr returns 0, torchmetrics 1e6, others NaN where no threshold meets a constraint.
#[test]
fn a_constraint_that_cannot_be_met_is_no_value() {
    // Both negatives stand above both positives: recall is above 0 only where precision is at most a half.
    let scores = scores_of(&[(false, 0.9), (false, 0.8), (true, 0.7), (true, 0.6)]);
    let problem =
        Problem::new("recall".parse().unwrap()).subject_to("precision>=0.6".parse().unwrap());
    let choice = choose(&sweep(&scores), &problem).unwrap();
    assert!(choice.found().is_none());
    let why = choice.infeasible().unwrap();
    // At best 2 of 4 that are predicted positive are so.
    assert_eq!(why.alone()[0].best_value(), Some(0.5));
    assert_eq!(
        number_of(why.nearest().unwrap().point().threshold),
        Some(0.6)
    );
}
