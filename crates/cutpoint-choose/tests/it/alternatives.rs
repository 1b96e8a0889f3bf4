//! What a choice is compared with.

use cutpoint_choose::{Point, View, choose_from};
use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{Problem, sweep};

/// Ten rows: 4 positive, 6 negative.
/// ```text
/// score     1.0 0.9 0.8 0.7 0.6 0.5 0.4 0.3 0.2 0.1
/// positive   1   1   0   1   0   0   1   0   0   0
/// tp         1   2   2   3   3   3   4   4   4   4
/// fp         0   0   1   1   2   3   3   4   5   6
/// ```
fn ten() -> Scores {
    let label = [1, 1, 0, 1, 0, 0, 1, 0, 0, 0].map(|label| label == 1);
    let score = [1.0, 0.9, 0.8, 0.7, 0.6, 0.5, 0.4, 0.3, 0.2, 0.1];
    Scores::new(label.to_vec(), score.to_vec()).expect("finite scores")
}

fn problem() -> Problem {
    Problem::new("cost(fp=1,fn=5)".parse().expect("an objective"))
        .subject_to("fp<=2".parse().expect("a constraint"))
}

#[test]
fn the_alternatives_that_people_compare_with() {
    let problem = problem();
    let decision = choose_from(&View::of(&ten()), &problem, 1 << 20).unwrap();
    let told = decision.alternatives.iter().map(|(name, point)| {
        (
            *name,
            point.threshold().map(Threshold::value),
            point.value(),
            point.unmet(),
        )
    });
    let none: &[usize] = &[];
    let expected = [
        ("half", Some(0.5), Some(8.0), &[0][..]),
        // 1 / 6 lies between 0.1 and 0.2: all but one.
        ("bayes", Some(1.0 / 6.0), Some(5.0), &[0][..]),
        // 6/8 at 0.7, 8/11 at 0.4.
        ("max_f1", Some(0.7), Some(6.0), none),
        // 3/4 - 1/6 at 0.7; 1 - 1/2 at 0.4.
        ("max_youden", Some(0.7), Some(6.0), none),
        ("unconstrained", Some(0.4), Some(3.0), &[0][..]),
    ];
    assert_eq!(told.collect::<Vec<_>>(), expected);
}

#[test]
fn predict_none_is_a_point_too() {
    let (table, problem) = (sweep(&ten()), problem());
    let point = Point::new(table.point(0), &problem);
    assert_eq!((point.value(), point.threshold()), (Some(20.0), None));
    assert_eq!(point.unmet(), [] as [usize; 0]);
}
