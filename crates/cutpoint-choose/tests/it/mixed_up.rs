//! What workers and sources get wrong: parts of another pass, places that nobody told, amounts and groups that are
//! missing. None of it may come out as an answer.

use cutpoint_choose::{
    Block, ChooseOptions, Classes, CostSpec, Error, Folds, Pass, PassPart, Result, RowSource,
    SamplePlan, View, choose_and_measure, choose_by_group_from, choose_from,
};
use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_metrics::{Error as MetricsError, Problem};

const MEMORY: usize = 1 << 20;

fn rows() -> Scores {
    let score = (0..60).map(|row| f64::from(row * 37 % 60) / 60.0);
    let is_positive = (0..60).map(|row| row % 3 == 0 || row > 50);
    Scores::new(is_positive.collect(), score.collect()).expect("valid rows")
}

fn block(scores: &Scores) -> Block<'_> {
    Block {
        scores,
        amounts: &[],
        ids: &[],
        group: None,
    }
}

fn part(pass: &Pass<'_>, scores: &Scores) -> PassPart {
    let mut worker = pass.begin().expect("a valid pass");
    worker.add(&block(scores)).expect("valid rows");
    let labels = [Label::Integer(0), Label::Integer(1)];
    let present = labels.to_vec();
    worker.finish(Classes { labels, present })
}

#[test]
fn parts_of_another_pass_are_refused_and_leave_no_trace() {
    let at = |threshold| vec![Some(Threshold::new(threshold).expect("a threshold"))];
    let count_at = |threshold| {
        let mut pass = Pass::within(MEMORY);
        pass.count_at = at(threshold).into();
        pass
    };
    let scores = rows();
    let mut whole = part(&count_at(0.5), &scores);
    let before = whole.to_bytes();
    let keep_in = |threshold: f64| {
        let mut pass = count_at(0.5);
        pass.keep_in = Some(vec![threshold].into());
        pass
    };
    for other in [count_at(0.3), keep_in(0.5), Pass::within(MEMORY)] {
        let refused = whole.merge(part(&other, &scores)).unwrap_err();
        assert_eq!(refused, MetricsError::PartsDiffer { name: "pass" });
        assert_eq!(whole.to_bytes(), before);
    }
    whole
        .merge(part(&count_at(0.5), &scores))
        .expect("the same pass");
    assert_eq!(whole.rows.n_rows.iter().sum::<usize>(), 120);
}

/// Rows of two workers, neither of whom is told that there is another.
struct Untold([Scores; 2]);

impl RowSource for Untold {
    type Error = Error;

    fn run(&self, pass: &Pass<'_>) -> Result<PassPart> {
        let [mut whole, other] = self.0.each_ref().map(|scores| part(pass, scores));
        whole.merge(other)?;
        Ok(whole)
    }

    fn error(&self, error: Error) -> Error {
        error
    }
}

#[test]
fn rows_whose_places_nobody_knows_have_no_folds_and_no_places() {
    let scores = rows();
    // Both parts begin with a row of the same class.
    let parts = [(0..30).collect::<Vec<_>>(), (30..60).collect()];
    let parts = parts.map(|rows| scores.select(&rows).expect("rows"));
    let source = Untold(parts);
    let view = View::of(&source);
    let folds = Folds {
        n_folds: 3,
        random_state: 0,
    };
    let problem = Problem::new("f1".parse().expect("a metric"));
    let options = ChooseOptions {
        folds: Some(folds),
        ..ChooseOptions::default()
    };
    let refused = choose_and_measure(&view, &problem, &options).unwrap_err();
    assert!(matches!(refused, Error::RowOrder), "{refused}");
    let plan = SamplePlan {
        scores: vec![0.5].into(),
        most_tied: 1,
        longest_id: 8,
    };
    let refused = view.sample(plan).unwrap_err();
    assert!(matches!(refused, Error::RowOrder), "{refused}");
    // What does not depend on places is told.
    let choice = choose_from(&view, &problem, MEMORY).expect("a choice");
    let whole = choose_from(&View::of(&scores), &problem, MEMORY).expect("a choice");
    assert_eq!(choice.choice, whole.choice);
}

#[test]
fn amounts_and_groups_that_are_missing_are_refused() {
    let scores = rows();
    let costs = "fp=1,fn=amount".parse::<CostSpec>().expect("costs");
    let problem = Problem::new(costs.objective().expect("an objective"));
    let view = View::of(&scores).with_costs(Some(&costs));
    let refused = choose_from(&view, &problem, MEMORY).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`amounts` must have 1 column of the rows, as the costs name, got 0"
    );
    let problem = Problem::new("f1".parse().expect("a metric"));
    let refused = choose_by_group_from(&View::of(&scores), &problem, MEMORY).unwrap_err();
    assert_eq!(
        refused.to_string(),
        "`group` must be given for rows of which groups are told apart"
    );
    let mut pass = Pass::within(MEMORY);
    pass.costs = Some(std::borrow::Cow::Borrowed(&costs));
    let mut worker = pass.begin().expect("a valid pass");
    let short = [vec![1.0; 59]];
    let refused = worker.add(&Block {
        amounts: &short,
        ..block(&scores)
    });
    assert_eq!(
        refused.unwrap_err().to_string(),
        "`amounts` must have 60 rows, got 59"
    );
}
