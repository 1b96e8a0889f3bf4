//! Operating points as values: what they are of, what they expect, and that their text keeps them.

use cutpoint_choose::{OperatingPoint, PointData, View, choose_from, data_digest};
use cutpoint_core::{Error, Label, Scores, Threshold};
use cutpoint_metrics::{
    Cells, Interval, Objective, PartialSweep, PartialSweepBuilder, Problem, sweep,
};
use proptest::prelude::*;

/// At 0.1 + 0.2: tp 2, fp 1, fn 1, tn 3.
fn scores() -> Scores {
    let score = vec![0.9, 0.1 + 0.2, 0.8, 0.1, 0.2, 0.15, -5e-324];
    let label = vec![true, true, false, true, false, false, false];
    Scores::new(label, score).expect("as many of each")
}

fn partial(scores: &Scores) -> PartialSweep {
    let mut builder = PartialSweepBuilder::new(1 << 20).expect("enough memory");
    builder.add(scores);
    builder.finish().expect("there are rows")
}

fn problem() -> Problem {
    Problem::new("minimize cost(fp=1,fn=2.5)".parse().expect("known names"))
        .subject_to("recall>=0.6666666666666666".parse().expect("known names"))
        .subject_to("predicted_positives<=5".parse().expect("known names"))
}

#[test]
fn a_point_knows_its_problem_again() {
    let amounts = Problem::new(Objective::of_amounts("fp=10,fn=2*amount")).at_prevalence(0.25);
    let own = Problem::new("maximize f3".parse().unwrap()).subject_to("fp<=4".parse().unwrap());
    for problem in [problem(), amounts, own] {
        let interval = sweep(&scores()).interval(2);
        let labels = ["no".into(), "yes".into()];
        let cells = Cells::from_counts(2, 1, 1, 3);
        let data = PointData::of(&partial(&scores()));
        let point = OperatingPoint::new(Threshold::HALF, interval, labels, cells, &problem, data);
        let back = OperatingPoint::from_json(&point.to_json()).unwrap();
        assert_eq!(back.problem(), Some(problem));
    }
}

#[test]
fn where_it_will_work_may_be_elsewhere() {
    let (partial, table) = (partial(&scores()), sweep(&scores()));
    let cells = Cells::from_weights(0.75, 1.5, 0.25, 4.5).unwrap();
    let point = OperatingPoint::new(
        Threshold::HALF,
        table.interval(table.n_rows() - 1),
        [false.into(), true.into()],
        cells,
        &problem().at_prevalence(0.1),
        PointData::of(&partial),
    )
    .with_objective_value(f64::INFINITY);
    let back = OperatingPoint::from_json(&point.to_json()).unwrap();
    assert_eq!(back, point);
    assert_eq!(
        back.interval(),
        Interval::new(None, Threshold::new(-5e-324).ok())
    );
    assert_eq!((back.midpoint(), back.objective_value()), (None, None));
    assert_eq!(back.expected_prevalence(), Some(0.1));
    // A tenth of the rows, of which 3 of 4 are found, and nine tenths, of which a quarter is: 0.075 + 0.225.
    let rate = back.expected_alert_rate().unwrap();
    assert!((rate - 0.3).abs() < 4.0 * f64::EPSILON, "{rate}");
}

#[test]
fn the_digest_is_that_of_the_bins() {
    // Two scores; SHA-256 of 0.5, 0.5, 1.0, 0.0, 0.25, 0.25, 0.0, 2.0 as doubles, least byte first, by Python's
    // hashlib.
    let scores = Scores::new(vec![false, true, false], vec![0.25, 0.5, 0.25]).unwrap();
    assert_eq!(
        data_digest(&partial(&scores)),
        "sha256:1fcce45da3c4e76f131760482ccee382af09b10adeb4510a9e1d69d460dc1dad"
    );
}

proptest! {
    #[test]
    fn rows_in_any_order_have_one_digest(
        rows in prop::collection::vec((any::<bool>(), -4_i8..4, 0_u8..8), 1..40)
            .prop_filter("a row of weight above 0", |rows| rows.iter().any(|row| row.2 > 0)),
        seed in any::<u64>(),
    ) {
        let columns = |rows: &[(bool, i8, u8)], is_weighted: bool| {
            let label = rows.iter().map(|row| row.0).collect();
            let score = rows.iter().map(|row| f64::from(row.1) / 3.0).collect();
            let weight = rows.iter().map(|row| f64::from(row.2) / 4.0).collect();
            let scores = Scores::new(label, score).unwrap();
            if is_weighted { scores.with_weight(weight).unwrap() } else { scores }
        };
        let mut other = rows.clone();
        for index in (1..other.len()).rev() {
            let turned = seed.rotate_left(7 * u32::try_from(index).unwrap());
            other.swap(index, usize::try_from(turned % (index as u64 + 1)).unwrap());
        }
        for is_weighted in [false, true] {
            let digest = |rows| data_digest(&partial(&columns(rows, is_weighted)));
            prop_assert_eq!(digest(&rows), digest(&other));
        }
        // One row more, or one label changed, is other data.
        other.push((true, 9, 1));
        let unweighted = |rows: &[_]| data_digest(&partial(&columns(rows, false)));
        prop_assert_ne!(unweighted(&rows), unweighted(&other));
        other.pop();
        other[0].0 = !other[0].0;
        prop_assert_ne!(unweighted(&rows), unweighted(&other));
    }
}

#[test]
fn labels_keep_their_kind() {
    for labels in [
        [Label::Integer(0), Label::Integer(i64::MAX)],
        [Label::Bool(false), Label::Bool(true)],
        [Label::from("1"), Label::from("true")],
    ] {
        let table = sweep(&scores());
        let point = OperatingPoint::new(
            Threshold::HALF,
            table.interval(1),
            labels.clone(),
            table.cells(1),
            &problem(),
            PointData::of(&partial(&scores())),
        );
        let back = OperatingPoint::from_json(&point.to_json()).unwrap();
        assert_eq!(back.labels(), &labels);
    }
}

#[test]
fn a_choice_is_a_point() {
    // From the highest score down, 1 a false alarm and 2.5 a miss: 7.5, 5, 6, 3.5, 4.5, 5.5, 3. The last calls 6 rows
    // positive, which is more than 5.
    let decision = choose_from(&View::of(&scores()), &problem(), 1 << 20).unwrap();
    let point = decision.operating_point().unwrap();
    assert_eq!(point.objective(), "minimize cost(fp=1,fn=2.5)");
    assert_eq!(point.cells(), Cells::from_counts(2, 1, 1, 3));
    assert_eq!(point.objective_value(), Some(3.5));
    assert_eq!(point.labels(), &[Label::Integer(0), Label::Integer(1)]);
    assert_eq!(point.data(), &PointData::of(&partial(&scores())));
    let decided = point.decide(scores().score()).unwrap();
    assert_eq!(decided, [true, true, true, false, false, false, false]);
    assert!(matches!(
        point.decide(&[0.5, f64::NAN]),
        Err(Error::Value {
            name: "score",
            row: 1,
            ..
        })
    ));
    // A false alarm costs more than the one row that is found: nothing is called positive, and there is no threshold.
    let problem = Problem::new("minimize cost(fp=100,fn=1)".parse().unwrap());
    let rows = Scores::new(vec![false, true], vec![0.5, 0.5]).unwrap();
    let decision = choose_from(&View::of(&rows), &problem, 1 << 20).unwrap();
    assert!(decision.choice.found().is_some());
    assert_eq!(decision.operating_point(), None);
}
