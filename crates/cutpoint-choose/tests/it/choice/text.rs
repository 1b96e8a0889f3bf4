//! Objectives and constraints as text: what is read, what is refused, and that what is printed reads back.

use cutpoint_metrics::{
    Cells, Constraint, Error, Goal, Metric, Objective, Problem, Relation, catalog,
};
use proptest::prelude::*;

use super::{costs, goal, metric};

proptest! {
    #[test]
    fn constraints_read_back(
        metric in metric(), at_least in any::<bool>(),
        bound in prop::num::f64::NORMAL | prop::num::f64::SUBNORMAL | prop::num::f64::ZERO | prop::num::f64::NEGATIVE,
    ) {
        let relation = if at_least { Relation::AtLeast } else { Relation::AtMost };
        let constraint = Constraint::new(metric, relation, bound).unwrap();
        prop_assert_eq!(constraint.to_string().parse::<Constraint>().unwrap(), constraint);
    }

    #[test]
    fn objectives_read_back(metric in metric(), goal in goal()) {
        let objective = Objective::new(metric, goal);
        prop_assert_eq!(objective.to_string().parse::<Objective>().unwrap(), objective);
    }

    #[test]
    fn costs_read_back(
        cells in prop::array::uniform4(-1e3..1e3), is_cost in any::<bool>()
    ) {
        let [tp, fp, fn_, tn] = cells;
        let make = if is_cost { Metric::cost } else { Metric::utility };
        let metric = make(costs(tp, fp, fn_, tn)).unwrap();
        prop_assert_eq!(metric.to_string().parse::<Metric>().unwrap(), metric);
    }
}

#[test]
fn constraints_are_read() {
    let read = |text: &str| text.parse::<Constraint>().unwrap();
    let constraint = read(" False-Positive-Rate ≤ 1.5 % ");
    assert_eq!(constraint.metric().name(), "fpr");
    assert_eq!(constraint.relation(), Relation::AtMost);
    assert_eq!(constraint.bound().to_bits(), 0.015_f64.to_bits());
    assert_eq!(read("mcc>=-0.25").to_string(), "mcc>=-0.25");
    assert_eq!(read("lr+>=10").metric().name(), "likelihood_ratio_positive");
    assert_eq!(
        read("cost(fn=10, fp=1)<=5e3").to_string(),
        "cost(fp=1,fn=10)<=5000"
    );
    // -0 is 0.
    assert_eq!(read("recall>=-0").to_string(), "recall>=0");
}

#[test]
fn other_text_is_refused() {
    let refuse = |text: &str| text.parse::<Constraint>().unwrap_err();
    for text in [
        "recall",
        "recall=0.9",
        "recall>0.9",
        "recall>=",
        "recall>=x",
        "recall>=%",
        "",
    ] {
        let error = refuse(text);
        assert!(
            matches!(error, Error::ConstraintSyntax { .. }),
            "{text}: {error}"
        );
    }
    assert!(matches!(refuse("recal>=0.9"), Error::MetricUnknown { .. }));
    assert!(matches!(refuse(">=0.9"), Error::MetricUnknown { .. }));
    for text in ["recall>=inf", "recall>=NaN%"] {
        assert!(
            matches!(refuse(text), Error::ConstraintBound { .. }),
            "{text}"
        );
    }
    for text in [
        "fp<=5%",
        "predicted_positives<=5%",
        "cost(fp=1,fn=1)<=5%",
        "lr+>=5%",
    ] {
        assert!(
            matches!(refuse(text), Error::ConstraintPercent { .. }),
            "{text}"
        );
    }
    assert!(matches!(refuse("cost(fp)<=5"), Error::CostSyntax { .. }));
    assert!(matches!(
        refuse("cost(fp=1,fn=1e101)<=5"),
        Error::Cost { .. }
    ));
    assert_eq!(
        refuse("recall>0.9").to_string(),
        "`constraint` must be `METRIC>=NUMBER` or `METRIC<=NUMBER`, got \"recall>0.9\" (did you mean \
         `recall>=0.9`?)"
    );
}

#[test]
fn objectives_are_read() {
    let read = |text: &str| text.parse::<Objective>();
    assert_eq!(
        read("F1").unwrap(),
        Objective::new("f1".parse().unwrap(), Goal::Maximize)
    );
    assert_eq!(
        read("Minimize  alert rate").unwrap().to_string(),
        "minimize predicted_positive_rate"
    );
    assert_eq!(
        read("balanced accuracy").unwrap().to_string(),
        "maximize balanced_accuracy"
    );
    assert!(matches!(
        read("predicted_positives"),
        Err(Error::ObjectiveSyntax { .. })
    ));
    assert!(matches!(read("maximize"), Err(Error::MetricUnknown { .. })));
}

#[test]
fn sums_of_cells_are_no_part_of_the_catalogue() {
    let cells = Cells::from_counts(7, 5, 3, 11);
    let value = |name: &str| name.parse::<Metric>().unwrap().value(&cells);
    let values = [
        "tp",
        "fp",
        "fn",
        "tn",
        "predicted_positives",
        "predicted_negatives",
    ]
    .map(value);
    assert_eq!(values, [7.0, 5.0, 3.0, 11.0, 12.0, 14.0].map(Some));
    assert_eq!(
        value("cost(fp=2,fn=10,tp=-1,tn=0.5)"),
        Some(10.0 + 30.0 - 7.0 + 5.5)
    );
    assert_eq!(value("utility(fp=-2,fn=0,tp=3)"), Some(-10.0 + 21.0));
    let is_listed = |name: &str| catalog().iter().any(|metric| metric.name() == name);
    assert!(!is_listed("tp") && !is_listed("cost"));
    // Costs are the same if all cells cost the same.
    let cost = |text: &str| text.parse::<Metric>().unwrap();
    assert_eq!(cost("cost(fp=1,fn=2)"), cost("cost(fn=2,fp=1,tn=0)"));
    assert_ne!(cost("cost(fp=1,fn=2)"), cost("cost(fp=2,fn=1)"));
    assert_ne!(cost("cost(fp=1,fn=2)"), cost("utility(fp=1,fn=2)"));
}

#[test]
fn problems_are_checked() {
    let problem = || Problem::new("f1".parse().unwrap());
    for value in [0.0, 1.0, -0.1, 1.1, f64::NAN] {
        let error = problem().at_prevalence(value).check().unwrap_err();
        assert!(matches!(error, Error::Prevalence { .. }), "{value}");
    }
    let constraint = "recall>=0.5".parse::<Constraint>().unwrap();
    let many = (0..65).fold(problem(), |problem, _| {
        problem.subject_to(constraint.clone())
    });
    assert_eq!(
        many.check(),
        Err(Error::ConstraintNumber { most: 64, got: 65 })
    );
}
