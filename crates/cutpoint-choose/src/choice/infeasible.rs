//! Why no threshold meets all constraints: what each of them could have alone, which cannot be met together, which one
//! stands in the way, and the threshold that comes nearest.

use cutpoint_metrics::{
    CellBounds, ClassCosts, Constraint, Goal, Objective, Problem, Relation, Rescaling, SweepPoint,
};

use super::{Choice, Criteria, Found, Optimum, Ranking, Relevance, Table, Visitor, scan};

/// Constraints that no threshold meets together. They are named by their places in [`Problem::constraints`].
#[derive(Debug, Clone, PartialEq)]
pub struct Infeasible {
    alone: Vec<Attainable>,
    conflicts: Vec<[usize; 2]>,
    binding: Vec<usize>,
    nearest: Option<Nearest>,
}

impl Infeasible {
    /// What each constraint could have if it were the only one, in their order.
    pub fn alone(&self) -> &[Attainable] {
        &self.alone
    }

    /// The pairs each of which can be met alone, but not together with the other.
    ///
    /// There need be none where three constraints are in each other's way.
    pub fn conflicts(&self) -> &[[usize; 2]] {
        &self.conflicts
    }

    /// The constraints that stand in the way: without any one of them, some threshold meets all others. None if more
    /// than one would have to go.
    pub fn binding(&self) -> &[usize] {
        &self.binding
    }

    /// The threshold that comes nearest to meeting them all; `None` if at each a metric of them is undefined.
    pub fn nearest(&self) -> Option<&Nearest> {
        self.nearest.as_ref()
    }
}

/// What a constraint could have if it were the only one.
#[derive(Debug, Clone, PartialEq)]
pub struct Attainable {
    constraint: Constraint,
    best: Option<(f64, SweepPoint)>,
}

impl Attainable {
    fn new(constraint: Constraint, found: Option<Found>) -> Self {
        let best = found.map(|found| (found.value, found.point));
        Self { constraint, best }
    }

    /// The constraint.
    pub fn constraint(&self) -> &Constraint {
        &self.constraint
    }

    /// Whether some threshold meets it.
    pub fn is_attainable(&self) -> bool {
        let value = self.best_value();
        value.is_some_and(|value| self.constraint.is_met_by(value))
    }

    /// The highest value of the metric that any threshold has if it must not be too low, the lowest if it must not be
    /// too high; `None` if it is undefined at every threshold.
    pub fn best_value(&self) -> Option<f64> {
        self.best.map(|(value, _)| value)
    }

    /// A threshold with that value, chosen as in an [`Optimum`].
    pub fn point(&self) -> Option<SweepPoint> {
        self.best.map(|(_, point)| point)
    }
}

/// The threshold that comes nearest to meeting all constraints: the largest [`Constraint::shortfall`] is as small as
/// can be. Of several the highest, "predict none" only if it is nearer than all others.
#[derive(Debug, Clone, PartialEq)]
pub struct Nearest {
    point: SweepPoint,
    shortfall: f64,
    values: Vec<f64>,
}

impl Nearest {
    /// The threshold, a score, with its cells and the thresholds around that have the same.
    pub fn point(&self) -> SweepPoint {
        self.point
    }

    /// The largest shortfall of a constraint here.
    pub fn shortfall(&self) -> f64 {
        self.shortfall
    }

    /// The value of each constraint's metric here, at the prevalence that was asked for.
    pub fn values(&self) -> &[f64] {
        &self.values
    }
}

/// A problem on its way to a choice.
#[derive(Debug, Clone)]
pub(crate) struct ProblemSearch {
    problem: Problem,
    rescaling: Rescaling,
    ranking: Ranking,
    /// What matters as long as no threshold meets all constraints.
    diagnosis: Option<Diagnosis>,
}

#[derive(Debug, Clone)]
struct Diagnosis {
    alone: Vec<Ranking>,
    nearest: Ranking,
    together: Together,
}

/// Which constraints are met together by some threshold.
#[derive(Debug, Clone)]
struct Together {
    criteria: Criteria,
    /// Sets of them, bit by bit, none of which is part of another.
    sets: Vec<u64>,
}

impl ProblemSearch {
    /// How many ties are told of what is told of one threshold only.
    const FEW_TIED: usize = 2;

    pub(crate) fn new(problem: Problem, rescaling: Rescaling) -> Self {
        let criteria = Criteria::of_problem(&problem, rescaling);
        let diagnosis = (!problem.constraints().is_empty()).then(|| {
            let alone = |constraint: &Constraint| {
                let goal = match constraint.relation() {
                    Relation::AtLeast => Goal::Maximize,
                    Relation::AtMost => Goal::Minimize,
                };
                let objective = Objective::new(constraint.metric().clone(), goal);
                Ranking::new(Criteria::best(objective, rescaling), Self::FEW_TIED)
            };
            let shortfall = Criteria::shortfall(&problem, rescaling);
            Diagnosis {
                alone: problem.constraints().iter().map(alone).collect(),
                nearest: Ranking::new(shortfall, Self::FEW_TIED),
                together: Together {
                    criteria: criteria.clone(),
                    sets: Vec::new(),
                },
            }
        });
        Self {
            ranking: Ranking::new(criteria, Optimum::MOST_TIED),
            problem,
            rescaling,
            diagnosis,
        }
    }

    /// Looks through a whole table.
    pub(crate) fn scan(&mut self, table: &Table<'_>) {
        scan(table, &mut self.ranking);
        self.settle();
        if let Some(diagnosis) = &mut self.diagnosis {
            for ranking in &mut diagnosis.alone {
                scan(table, ranking);
            }
            scan(table, &mut diagnosis.nearest);
            scan(table, &mut diagnosis.together);
        }
    }

    pub(crate) fn objective(&self) -> &Objective {
        self.problem.objective()
    }

    /// Looks at a threshold.
    pub(crate) fn consider(&mut self, point: &SweepPoint, costs: Option<&ClassCosts>) {
        self.ranking.consider(point, costs);
        if let Some(diagnosis) = &mut self.diagnosis {
            for ranking in &mut diagnosis.alone {
                ranking.consider(point, costs);
            }
            diagnosis.nearest.consider(point, costs);
            diagnosis.together.consider(point, costs);
        }
    }

    /// Forgets why there is no threshold, if there is one.
    pub(crate) fn settle(&mut self) {
        if self.ranking.is_found() {
            self.diagnosis = None;
        }
    }

    /// Whether thresholds matter of which bounds are known.
    pub(crate) fn judge(&self, highest: f64, bounds: &CellBounds) -> Relevance {
        let relevance = self.ranking.judge(highest, bounds);
        let Some(diagnosis) = self
            .diagnosis
            .as_ref()
            .filter(|_| relevance != Relevance::Open)
        else {
            return relevance;
        };
        let is_open = |relevance| relevance == Relevance::Open;
        let mut alone = diagnosis.alone.iter();
        if is_open(diagnosis.together.judge(highest, bounds))
            || is_open(diagnosis.nearest.judge(highest, bounds))
            || alone.any(|ranking| is_open(ranking.judge(highest, bounds)))
        {
            return Relevance::Open;
        }
        relevance
    }

    /// Takes note that there may be more ties than were counted.
    pub(crate) fn may_have_more(&mut self) {
        self.ranking.may_have_more();
    }

    /// What has come out, when all that matters was looked at.
    pub(crate) fn choice(&self) -> Choice {
        if let Some(found) = self.ranking.found() {
            return Choice::Found(Optimum::new(self.problem.objective().clone(), found));
        }
        match &self.diagnosis {
            Some(diagnosis) if !diagnosis.together.has(self.all()) => {
                Choice::Infeasible(self.infeasible(diagnosis))
            }
            _ => Choice::Undefined,
        }
    }

    /// All constraints, bit by bit.
    fn all(&self) -> u64 {
        let n_constraints = self.problem.constraints().len();
        (0..n_constraints).fold(0, |bits, index| bits | (1 << index))
    }

    fn infeasible(&self, diagnosis: &Diagnosis) -> Infeasible {
        let constraints = self.problem.constraints();
        let together = &diagnosis.together;
        let alone = constraints.iter().zip(&diagnosis.alone);
        let alone =
            alone.map(|(constraint, ranking)| Attainable::new(constraint.clone(), ranking.found()));
        let indices = 0..constraints.len();
        let pairs = indices
            .clone()
            .flat_map(|left| (left + 1..constraints.len()).map(move |right| [left, right]));
        let is_conflict = |[left, right]: &[usize; 2]| {
            let (left, right) = (1 << left, 1 << right);
            together.has(left) && together.has(right) && !together.has(left | right)
        };
        let nearest = diagnosis.nearest.found().and_then(|found| {
            let cells = found.point.cells;
            let value = |constraint: &Constraint| self.rescaling.value(constraint.metric(), &cells);
            Some(Nearest {
                point: found.point,
                shortfall: found.value,
                values: constraints.iter().map(value).collect::<Option<_>>()?,
            })
        });
        Infeasible {
            alone: alone.collect(),
            conflicts: pairs.filter(is_conflict).collect(),
            binding: indices
                .filter(|index| together.has(self.all() & !(1 << index)))
                .collect(),
            nearest,
        }
    }
}

impl Together {
    /// Whether some threshold meets all of a set. Any threshold will do for the empty set.
    fn has(&self, set: u64) -> bool {
        self.sets.iter().any(|known| known & set == set)
    }

    fn insert(&mut self, set: u64) {
        if !self.has(set) {
            self.sets.retain(|known| known & set != *known);
            self.sets.push(set);
        }
    }
}

impl Visitor for Together {
    fn consider(&mut self, point: &SweepPoint, costs: Option<&ClassCosts>) {
        self.insert(self.criteria.met(&point.cells, costs));
    }

    fn judge(&self, _: f64, bounds: &CellBounds) -> Relevance {
        if self.has(self.criteria.may_meet(bounds)) {
            Relevance::Closed
        } else {
            Relevance::Open
        }
    }

    fn count_ties(&mut self, _: usize) {}

    fn fresh(&self) -> Self {
        self.clone()
    }

    fn merge(&mut self, other: Self) {
        for set in other.sets {
            self.insert(set);
        }
    }
}
