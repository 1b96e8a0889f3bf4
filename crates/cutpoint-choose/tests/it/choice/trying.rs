//! The choice in a sweep, and the search in few bins, against trying every threshold.

use cutpoint_choose::{Choice, FrontierPoint, Infeasible, Search, Step, choose, frontier};
use cutpoint_core::Threshold;
use cutpoint_metrics::{
    Cells, Constraint, Goal, Objective, PartialSweepBuilder, Problem, Sweep, sweep,
};
use proptest::prelude::*;

use super::{ProblemDraft, matrices, objective, problem, value_at};
use crate::{number_of, numbers_of, partial};
use cutpoint_testkit::strategies::{
    Rows, plain_rows, probability, rows, score, shuffled, weighted_rows, whole_weight,
};

/// Whether a value is as good as another; 0.0 is as good as -0.0.
fn is_same(left: f64, right: f64) -> bool {
    (left + 0.0).total_cmp(&(right + 0.0)).is_eq()
}

/// The best value and every threshold that has it, of those of which a value is given.
fn best_of(
    values: impl Iterator<Item = (Option<f64>, Option<f64>)>,
    goal: Goal,
) -> Option<(f64, Vec<Option<f64>>)> {
    let values = values.filter_map(|(threshold, value)| Some((threshold, value?)));
    let values = values.collect::<Vec<_>>();
    let best = values.iter().map(|(_, value)| *value);
    let best = best.reduce(|left, right| match goal {
        Goal::Maximize => left.max(right),
        Goal::Minimize => left.min(right),
    })?;
    let tied = values.iter().filter(|(_, value)| is_same(*value, best));
    Some((best, tied.map(|(threshold, _)| *threshold).collect()))
}

/// The highest threshold; "predict none" only if there is no other.
fn chosen(tied: &[Option<f64>]) -> Option<f64> {
    tied.iter().flatten().next().copied()
}

fn index_of(table: &Sweep, threshold: Option<Threshold>) -> usize {
    let index = (0..table.n_rows()).find(|&index| table.threshold(index) == threshold);
    index.expect("a row of the table")
}

struct Trial<'t> {
    problem: &'t Problem,
    table: Sweep,
    matrices: Vec<(Option<f64>, Cells)>,
}

impl<'t> Trial<'t> {
    fn new(rows: &Rows, problem: &'t Problem) -> Self {
        Self {
            problem,
            table: sweep(&rows.scores()),
            matrices: matrices(rows),
        }
    }

    fn value(&self, metric: &cutpoint_metrics::Metric, cells: &Cells) -> Option<f64> {
        value_at(metric, cells, &self.table, self.problem.prevalence())
    }

    fn is_met(&self, constraint: &Constraint, cells: &Cells) -> bool {
        use cutpoint_metrics::Relation::{AtLeast, AtMost};
        match (
            self.value(constraint.metric(), cells),
            constraint.relation(),
        ) {
            (Some(value), AtLeast) => value >= constraint.bound(),
            (Some(value), AtMost) => value <= constraint.bound(),
            (None, _) => false,
        }
    }

    /// Whether some threshold meets all of some constraints.
    fn is_feasible(&self, constraints: &[&Constraint]) -> bool {
        let mut cells = self.matrices.iter().map(|(_, cells)| cells);
        cells.any(|cells| {
            constraints
                .iter()
                .all(|constraint| self.is_met(constraint, cells))
        })
    }

    #[track_caller]
    fn check(&self, choice: &Choice) {
        let all = self.problem.constraints().iter().collect::<Vec<_>>();
        let objective = self.problem.objective();
        let value = |(threshold, cells): &(Option<f64>, Cells)| {
            let is_feasible = all.iter().all(|constraint| self.is_met(constraint, cells));
            let value = self.value(objective.metric(), cells);
            (*threshold, value.filter(|_| is_feasible))
        };
        let expected = best_of(self.matrices.iter().map(value), objective.goal());
        match choice {
            Choice::Found(optimum) => {
                let (value, tied) = expected.expect("nothing can be chosen");
                assert!(
                    is_same(optimum.value(), value),
                    "{}, not {value}",
                    optimum.value()
                );
                assert_eq!(numbers_of(optimum.tied()), tied);
                assert_eq!(optimum.n_tied(), Some(tied.len()));
                assert_eq!(number_of(optimum.threshold()), chosen(&tied));
                assert_eq!(optimum.objective(), objective);
                let index = index_of(&self.table, optimum.threshold());
                assert_eq!(optimum.interval(), self.table.interval(index));
                assert_eq!(optimum.cells(), self.matrices[index].1);
            }
            Choice::Undefined => {
                assert_eq!(expected, None);
                assert!(self.is_feasible(&all));
            }
            Choice::Infeasible(infeasible) => {
                assert!(!self.is_feasible(&all));
                self.check_reasons(infeasible, &all);
            }
        }
    }

    #[track_caller]
    fn check_reasons(&self, infeasible: &Infeasible, all: &[&Constraint]) {
        use cutpoint_metrics::Relation::{AtLeast, AtMost};
        assert_eq!(infeasible.alone().len(), all.len());
        for (attainable, constraint) in infeasible.alone().iter().zip(all) {
            assert_eq!(attainable.constraint(), *constraint);
            let goal = match constraint.relation() {
                AtLeast => Goal::Maximize,
                AtMost => Goal::Minimize,
            };
            let values = self
                .matrices
                .iter()
                .map(|(threshold, cells)| (*threshold, self.value(constraint.metric(), cells)));
            let expected = best_of(values, goal);
            let value = attainable.best_value();
            assert_eq!(value.is_some(), expected.is_some());
            if let (Some(value), Some((best, tied))) = (value, expected) {
                assert!(is_same(value, best));
                let point = attainable.point().expect("as its value");
                assert_eq!(number_of(point.threshold), chosen(&tied));
                let index = index_of(&self.table, point.threshold);
                assert_eq!(point.interval, self.table.interval(index));
                assert_eq!(point.cells, self.matrices[index].1);
            }
            assert_eq!(attainable.is_attainable(), self.is_feasible(&[*constraint]));
        }
        let indices = 0..all.len();
        let mut conflicts = Vec::new();
        for left in indices.clone() {
            for right in left + 1..all.len() {
                let alone = [left, right]
                    .iter()
                    .all(|index| self.is_feasible(&[all[*index]]));
                if alone && !self.is_feasible(&[all[left], all[right]]) {
                    conflicts.push([left, right]);
                }
            }
        }
        assert_eq!(infeasible.conflicts(), conflicts);
        let others = |index: usize| {
            let others = all.iter().enumerate().filter(|(other, _)| *other != index);
            others
                .map(|(_, constraint)| *constraint)
                .collect::<Vec<_>>()
        };
        let binding = indices.filter(|index| self.is_feasible(&others(*index)));
        assert_eq!(infeasible.binding(), binding.collect::<Vec<_>>());

        let shortfall = |cells: &Cells| {
            all.iter().try_fold(0.0, |most, constraint| {
                let value = self.value(constraint.metric(), cells)?;
                let distance = (value - constraint.bound()).abs();
                let size = constraint.bound().abs();
                let distance = if size > 0.0 {
                    distance / size
                } else {
                    distance
                };
                let is_met = self.is_met(constraint, cells);
                Some(if is_met {
                    most
                } else {
                    f64::max(most, distance.min(f64::MAX))
                })
            })
        };
        let values = self
            .matrices
            .iter()
            .map(|(threshold, cells)| (*threshold, shortfall(cells)));
        let expected = best_of(values, Goal::Minimize);
        assert_eq!(infeasible.nearest().is_some(), expected.is_some());
        if let (Some(nearest), Some((least, tied))) = (infeasible.nearest(), expected) {
            assert!(is_same(nearest.shortfall(), least));
            let point = nearest.point();
            assert_eq!(number_of(point.threshold), chosen(&tied));
            let index = index_of(&self.table, point.threshold);
            assert_eq!(point.interval, self.table.interval(index));
            let cells = self.matrices[index].1;
            assert_eq!(point.cells, cells);
            let values = all
                .iter()
                .map(|constraint| self.value(constraint.metric(), &cells));
            assert_eq!(Some(nearest.values().to_vec()), values.collect());
        }
    }
}

#[track_caller]
fn check_choice(rows: &Rows, draft: &ProblemDraft) {
    let problem = draft.problem(rows);
    let choice = choose(&sweep(&rows.scores()), &problem).expect("a problem");
    Trial::new(rows, &problem).check(&choice);
}

fn search(rows: &Rows, block: usize, memory: usize, problems: &[Problem]) -> Vec<Choice> {
    let first = partial(rows, block, memory);
    let search = Search::of(&first, problems.to_vec()).expect("problems");
    finish(search, rows, block, memory).choices()
}

fn finish(mut search: Search, rows: &Rows, block: usize, memory: usize) -> Search {
    while let Step::NeedPass(ranges) = search.step(PartialSweepBuilder::max_ranges(memory)) {
        let mut pass = PartialSweepBuilder::within(memory, &ranges).expect("some memory");
        for scores in rows.blocks(block) {
            pass.add(&scores);
        }
        search
            .feed(&pass.finish().expect("rows"))
            .expect("the same rows");
    }
    search
}

/// More rows than a few, so that blocks of them can be passed over.
fn many_rows() -> impl Strategy<Value = Rows> {
    let score = prop_oneof![1 => (0_u8..=50).prop_map(f64::from), 4 => 0.0..50.0];
    // Positive rows are more frequent among high scores, or there are none.
    let row = (0.0..1.0, score);
    (prop::collection::vec(row, 100..600), 0.0..2.0).prop_map(|(rows, bias)| {
        let is_positive = rows
            .iter()
            .map(|(chance, score)| chance * bias < score / 50.0);
        Rows {
            is_positive: is_positive.collect(),
            score: rows.iter().map(|(_, score)| *score).collect(),
            weight: None,
        }
    })
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn the_choice_is_the_best_of_all_thresholds(rows in rows(), draft in problem(0..=3)) {
        check_choice(&rows, &draft);
    }

    #[test]
    fn the_choice_among_plateaus(rows in plain_rows(probability()), draft in problem(0..=3)) {
        check_choice(&rows, &draft);
    }

    #[test]
    fn the_choice_among_many_rows(rows in many_rows(), draft in problem(0..=3)) {
        check_choice(&rows, &draft);
    }

    #[test]
    fn the_choice_under_many_constraints(rows in plain_rows(score()), draft in problem(4..=6)) {
        check_choice(&rows, &draft);
    }

    #[test]
    fn the_search_chooses_what_the_scan_chooses(
        rows in prop_oneof![
            plain_rows(score()), many_rows(), weighted_rows(score(), whole_weight()),
        ],
        drafts in prop::collection::vec(problem(0..=3), 1..3),
        block in 1_usize..200, memory in 240_usize..4_000,
    ) {
        let problems = drafts.iter().map(|draft| draft.problem(&rows)).collect::<Vec<_>>();
        let table = sweep(&rows.scores());
        let expected = problems.iter().map(|problem| choose(&table, problem).unwrap());
        prop_assert_eq!(search(&rows, block, memory, &problems), expected.collect::<Vec<_>>());
    }

    #[test]
    fn the_search_finds_the_frontier(
        rows in prop_oneof![plain_rows(score()), many_rows(), weighted_rows(score(), whole_weight())],
        draft in problem(0..=1), second in objective(), block in 1_usize..200, memory in 240_usize..4_000,
    ) {
        let problem = draft.problem(&rows);
        let first = partial(&rows, block, memory);
        let search = Search::of(&first, [problem.clone()]).unwrap();
        let search = search.and_frontier(&first, &problem, &second, usize::MAX).unwrap();
        let search = finish(search, &rows, block, memory);
        let table = sweep(&rows.scores());
        prop_assert_eq!(&search.choices()[0], &choose(&table, &problem).unwrap());
        let expected = frontier(&table, &problem, &second).unwrap();
        prop_assert_eq!(search.into_frontier(), Some(expected));
    }

    #[test]
    fn the_order_of_the_rows_changes_no_choice(
        (rows, permuted) in shuffled(rows()), draft in problem(0..=3)
    ) {
        let problem = draft.problem(&rows);
        let choice = |rows: &Rows| choose(&sweep(&rows.scores()), &problem).unwrap();
        prop_assert_eq!(choice(&rows), choice(&permuted));
    }

    #[test]
    fn the_frontier_is_what_nothing_dominates(
        rows in prop_oneof![rows(), many_rows()], draft in problem(0..=1), second in objective()
    ) {
        check_frontier(&rows, &draft.problem(&rows), &second);
    }
}

/// Checks the frontier against comparing all pairs of thresholds.
#[track_caller]
fn check_frontier(rows: &Rows, problem: &Problem, second: &Objective) {
    let trial = Trial::new(rows, problem);
    let first = problem.objective();
    let candidates = trial.matrices.iter().filter(|(_, cells)| {
        problem
            .constraints()
            .iter()
            .all(|constraint| trial.is_met(constraint, cells))
    });
    let candidates = candidates.filter_map(|(threshold, cells)| {
        let values = [first, second].map(|objective| trial.value(objective.metric(), cells));
        Some((*threshold, [values[0]? + 0.0, values[1]? + 0.0]))
    });
    let candidates = candidates.collect::<Vec<_>>();
    let at_least = |goal: Goal, left: f64, right: f64| match goal {
        Goal::Maximize => left >= right,
        Goal::Minimize => left <= right,
    };
    let dominates = |left: &[f64; 2], right: &[f64; 2]| {
        at_least(first.goal(), left[0], right[0])
            && at_least(second.goal(), left[1], right[1])
            && left.map(f64::to_bits) != right.map(f64::to_bits)
    };
    let mut expected = Vec::new();
    for (threshold, values) in &candidates {
        let is_dominated = candidates.iter().any(|(_, other)| dominates(other, values));
        let is_repeated = candidates.iter().any(|(other, same)| {
            let is_taken_first = match (other, threshold) {
                (Some(other), Some(threshold)) => other > threshold,
                (Some(_), None) => true,
                (None, _) => false,
            };
            same.map(f64::to_bits) == values.map(f64::to_bits) && is_taken_first
        });
        if !is_dominated && !is_repeated {
            expected.push((*threshold, *values));
        }
    }
    expected.sort_by(|(_, left), (_, right)| match first.goal() {
        Goal::Maximize => right[0].total_cmp(&left[0]),
        Goal::Minimize => left[0].total_cmp(&right[0]),
    });
    let got = frontier(&trial.table, problem, second).expect("a problem");
    for point in got.iter().map(FrontierPoint::point) {
        let index = index_of(&trial.table, point.threshold);
        assert_eq!(point.interval, trial.table.interval(index));
        assert_eq!(point.cells, trial.matrices[index].1);
    }
    let got = got
        .iter()
        .map(|point| (number_of(point.point().threshold), point.values()))
        .collect::<Vec<_>>();
    assert_eq!(got, expected);
}
