//! One threshold for all groups, and one for each.

use cutpoint_choose::{Choice, GroupDecision, Optimum, View, choose_by_group_from, gaps};
use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{Cells, Metric, Problem};

use crate::workers::{Rows, Workers};

fn choose(problem: &Problem) -> GroupDecision {
    // The first group has 0.9, 0.75, 0.6, 0.5 and 0.3, the second the others.
    let label = [1, 1, 0, 1, 0, 1, 0, 0, 0].map(|label| label == 1);
    let score = [0.9, 0.8, 0.75, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2];
    let group = ["a", "b", "a", "b", "a", "a", "b", "a", "b"].map(str::to_owned);
    let scores = Scores::new(label.to_vec(), score.to_vec()).expect("finite scores");
    let workers = Workers::whole(&Rows::from(scores).with_groups(group.to_vec()));
    choose_by_group_from(&View::of(&workers), problem, 1 << 20).expect("rows of both classes")
}

#[test]
fn groups_at_one_threshold_and_at_their_own() {
    // Right: 5, 6, 7, 6, 7, 6, 7, 6, 5, 4 of 9: the highest of 0.8, 0.7 and 0.5.
    let problem = Problem::new("accuracy".parse().unwrap());
    let decision = choose(&problem);
    let threshold = |choice: &Choice| choice.found().and_then(Optimum::threshold);
    assert_eq!(decision.names, ["a", "b"]);
    assert_eq!(threshold(&decision.shared), Threshold::new(0.8).ok());
    let at_shared = decision.at_shared.clone().unwrap();
    assert_eq!(
        at_shared,
        [
            Cells::from_counts(1, 0, 1, 3),
            Cells::from_counts(1, 0, 1, 2)
        ]
    );
    let own = decision.own.iter().map(threshold).collect::<Vec<_>>();
    assert_eq!(own, [0.9, 0.7].map(|value| Threshold::new(value).ok()));
    let at_own = decision.at_own().unwrap();
    assert_eq!(
        at_own,
        [
            Cells::from_counts(1, 0, 1, 3),
            Cells::from_counts(2, 0, 0, 2)
        ]
    );
    let gap = |cells: &[Cells], name: &str| {
        let metric = name.parse::<Metric>().unwrap();
        let gaps = gaps(cells, None);
        let mut gaps = gaps.iter();
        gaps.find(|gap| *gap.metric() == metric).unwrap().size()
    };
    assert_eq!(gap(&at_shared, "recall"), Some(0.0));
    assert_eq!(gap(&at_own, "recall"), Some(0.5));
    // 3/4 and 2/3.
    let npv = gap(&at_shared, "npv").unwrap();
    assert!((npv - 1.0 / 12.0).abs() < 1e-15);
    // The odds ratio is undefined without a false positive in either.
    assert_eq!(gap(&at_shared, "diagnostic_odds_ratio"), None);
    // Nothing is shared where nothing is feasible.
    let decision = choose(&problem.subject_to("recall>=2".parse().unwrap()));
    assert_eq!((&decision.at_shared, decision.at_own()), (&None, None));
}
