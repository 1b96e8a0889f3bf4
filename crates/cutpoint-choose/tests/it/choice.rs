//! Choosing a threshold: against trying every threshold of the rows, and by hand.

mod amounts;
mod by_hand;
mod passes;
mod text;
mod trying;
mod zones;

use cutpoint_metrics::{
    Cells, Constraint, Costs, Goal, Metric, Objective, Problem, Relation, Sweep, catalog, sweep,
    value_at_prevalence,
};
use proptest::prelude::*;

use crate::{number_of, oracle};
use cutpoint_testkit::strategies::Rows;

/// Every matrix of the rows with its threshold, "predict none" first: recounted for counts; for weights, whose sums
/// have their own tests, those of the sweep.
fn matrices(rows: &Rows) -> Vec<(Option<f64>, Cells)> {
    if rows.weight.is_some() {
        let table = sweep(&rows.scores());
        return table
            .rows()
            .map(|row| (number_of(row.threshold()), row.cells()))
            .collect();
    }
    let oracle = oracle(rows);
    let thresholds = oracle.thresholds().into_iter().map(Some);
    let cells = |threshold| {
        let cells = oracle.cells_at(threshold);
        Cells::from_weights(cells.tp, cells.fp, cells.fn_, cells.tn).expect("cells")
    };
    [None]
        .into_iter()
        .chain(thresholds)
        .map(|threshold| (threshold, cells(threshold)))
        .collect()
}

/// Metrics whose rates are within the classes, which no prevalence changes.
const WITHIN_CLASSES: [&str; 9] = [
    "balanced_accuracy",
    "recall",
    "specificity",
    "fpr",
    "fnr",
    "youden",
    "likelihood_ratio_positive",
    "likelihood_ratio_negative",
    "diagnostic_odds_ratio",
];

/// A metric where a share of the rows is positive; `None` if a class has no rows. Of counts as the library says, which
/// is held against fractions of whole numbers (`exact_ratios`); of weights by the formula.
fn value_at(metric: &Metric, cells: &Cells, table: &Sweep, prevalence: Option<f64>) -> Option<f64> {
    let Some(prevalence) = prevalence.filter(|_| !WITHIN_CLASSES.contains(&metric.name())) else {
        return metric.value(cells);
    };
    let (positives, negatives) = (table.positives(), table.negatives());
    if positives.fract() == 0.0 && negatives.fract() == 0.0 {
        return value_at_prevalence(metric, cells, Some(prevalence));
    }
    if positives <= 0.0 || negatives <= 0.0 {
        return None;
    }
    if metric.name() == "prevalence" {
        return Some(prevalence);
    }
    let total = positives + negatives;
    let (positive, negative) = (
        prevalence * total / positives,
        (1.0 - prevalence) * total / negatives,
    );
    let cells = Cells::from_weights(
        cells.tp() * positive,
        cells.fp() * negative,
        cells.fn_() * positive,
        cells.tn() * negative,
    );
    metric.value(&cells.expect("cells"))
}

/// What has a value: the catalogue, an F-measure, counts, costs that are whole and costs that are not.
fn metrics() -> Vec<Metric> {
    let mut metrics = catalog().to_vec();
    metrics.push(Metric::fbeta(3.0).expect("in its domain"));
    let sums = [
        "tp",
        "fp",
        "fn",
        "tn",
        "predicted_positives",
        "predicted_negatives",
        "cost(fp=1,fn=10)",
        "cost(fp=3,fn=2,tp=-1,tn=-2)",
        "cost(fp=-1,fn=4,tn=2.5)",
        "cost(fp=0.1,fn=0.3)",
        "utility(fp=-0.7,fn=0,tp=5)",
        "cost(fp=0.3,fn=0.1,tp=0.1,tn=0.3)",
    ];
    metrics.extend(sums.map(|text| text.parse().expect("a sum of cells")));
    metrics
}

fn metric() -> impl Strategy<Value = Metric> {
    prop::sample::select(metrics())
}

fn goal() -> impl Strategy<Value = Goal> {
    prop_oneof![Just(Goal::Maximize), Just(Goal::Minimize)]
}

fn objective() -> impl Strategy<Value = Objective> {
    (metric(), goal()).prop_map(|(metric, goal)| Objective::new(metric, goal))
}

fn prevalence() -> impl Strategy<Value = Option<f64>> {
    prop_oneof![2 => Just(None), 1 => (0.001..0.999).prop_map(Some)]
}

/// A constraint before its bound is known: that of a matrix of the rows, one next to it, or any number.
#[derive(Debug, Clone)]
struct Draft {
    metric: Metric,
    relation: Relation,
    at: prop::sample::Index,
    nudge: i8,
    other: Option<f64>,
}

fn draft() -> impl Strategy<Value = Draft> {
    let relation = prop_oneof![Just(Relation::AtLeast), Just(Relation::AtMost)];
    let other = prop_oneof![4 => Just(None), 1 => (-1.0..2.0).prop_map(Some)];
    (
        metric(),
        relation,
        any::<prop::sample::Index>(),
        -1_i8..=1,
        other,
    )
        .prop_map(|(metric, relation, at, nudge, other)| Draft {
            metric,
            relation,
            at,
            nudge,
            other,
        })
}

impl Draft {
    fn constraint(&self, rows: &Rows, prevalence: Option<f64>) -> Constraint {
        let table = sweep(&rows.scores());
        let matrices = matrices(rows);
        let (_, cells) = matrices[self.at.index(matrices.len())];
        let attained = value_at(&self.metric, &cells, &table, prevalence).unwrap_or(0.5);
        let nudged = match self.nudge {
            -1 => attained.next_down(),
            1 => attained.next_up(),
            _ => attained,
        };
        let bound = self.other.unwrap_or(nudged);
        Constraint::new(self.metric.clone(), self.relation, bound).expect("finite")
    }
}

/// A problem before its bounds are known.
#[derive(Debug, Clone)]
struct ProblemDraft {
    objective: Objective,
    drafts: Vec<Draft>,
    prevalence: Option<f64>,
}

fn problem(
    n_constraints: impl Into<prop::collection::SizeRange>,
) -> impl Strategy<Value = ProblemDraft> {
    let drafts = prop::collection::vec(draft(), n_constraints);
    (objective(), drafts, prevalence()).prop_map(|(objective, drafts, prevalence)| ProblemDraft {
        objective,
        drafts,
        prevalence,
    })
}

impl ProblemDraft {
    fn problem(&self, rows: &Rows) -> Problem {
        let constraints = self
            .drafts
            .iter()
            .map(|draft| draft.constraint(rows, self.prevalence));
        let problem = constraints.fold(Problem::new(self.objective.clone()), Problem::subject_to);
        match self.prevalence {
            Some(prevalence) => problem.at_prevalence(prevalence),
            None => problem,
        }
    }
}

fn costs(tp: f64, fp: f64, fn_: f64, tn: f64) -> Costs {
    Costs::default().tp(tp).fp(fp).fn_(fn_).tn(tn)
}
