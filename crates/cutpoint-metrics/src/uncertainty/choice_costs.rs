//! The bootstrap of the choice by amounts of rows: the rows are drawn, each with what it costs, and the threshold is
//! chosen anew. What cells alone tell is with `choice` and `choice_rows`.

use cutpoint_core::random::{ChaChaStream, Purpose};
use cutpoint_core::{Scores, Threshold};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bootstrap::{Bootstrap, BootstrapOptions};
use super::choice::{Choice, ChoiceBootstrap};
use super::choice_rows::{is_place, place_among, room_for};
use super::confidence::ConfidenceInterval;
use super::draws::{class_draws, draw_rows};
use super::search::Amount as _;
use crate::bytes::Checked as _;
use crate::compensated::CompensatedSum;
use crate::partial::ClassCosts;
use crate::prevalence::Rescaling;
use crate::{Cells, Constraint, Error, Goal, Metric, Problem, Result, RowCosts, Sweep};

/// Rows by their places in a sweep, with what they cost, added up over blocks of rows: what a bootstrap of a choice by
/// amounts draws from. A row takes some 32 bytes.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, CostBootstrapRows, Costs, Objective, Problem, RowCosts, sweep};
///
/// // A false alarm costs 10; a fraud that is missed costs its amount: 500, 20 and 300.
/// let rows = Scores::new(vec![true, false, true, false, true], vec![0.9, 0.8, 0.7, 0.6, 0.5])?;
/// let none = Costs::ZERO;
/// let amounts = [500.0, 40.0, 20.0, 90.0, 300.0];
/// let costs = RowCosts::new(&rows, &none.fp(10.0), &[(&amounts, none.fn_(1.0))])?;
/// let table = sweep(&rows);
/// let mut priced = CostBootstrapRows::new(&table);
/// priced.add(&rows, &costs)?;
/// let problem = Problem::new(Objective::of_amounts("fp=10,fn=amount"));
/// let options = BootstrapOptions::default().n_replicates(500);
/// let replicates = priced.bootstrap_choice(Threshold::HALF, &problem, &options)?;
/// // At 0.5 each of the two others costs 10, and is drawn up to five times.
/// let interval = replicates.cost_interval().unwrap();
/// assert_eq!((interval.low(), interval.high()), (0.0, 40.0));
/// assert_eq!(replicates.choices().threshold_interval().unwrap().low(), Some(Threshold::HALF));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct CostBootstrapRows<'s> {
    sweep: &'s Sweep,
    part: CostBootstrapPart,
}

/// Some of the rows of [`CostBootstrapRows`], apart from the sweep that they are placed in: what is added up elsewhere,
/// by whoever knows the thresholds.
///
/// Draws do not depend on the order of the rows, and so neither on that of parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "CostBootstrapBytes")]
pub struct CostBootstrapPart {
    n_thresholds: usize,
    /// Positive and negative rows.
    classes: [Vec<CostBootstrapRow>; 2],
}

/// A part as it is read.
#[derive(Deserialize)]
struct CostBootstrapBytes {
    n_thresholds: usize,
    classes: [Vec<CostBootstrapRow>; 2],
}

impl TryFrom<CostBootstrapBytes> for CostBootstrapPart {
    type Error = &'static str;

    fn try_from(
        CostBootstrapBytes {
            n_thresholds,
            classes,
        }: CostBootstrapBytes,
    ) -> Result<Self, &'static str> {
        let is_valid = |row: &CostBootstrapRow| {
            is_place(row.place, n_thresholds)
                && row.weight.is_amount()
                && [row.if_negative, row.more].is_finite()
        };
        if classes.iter().flatten().all(is_valid) {
            Ok(Self {
                n_thresholds,
                classes,
            })
        } else {
            Err("no rows by their places")
        }
    }
}

/// A row; costs with its weight.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct CostBootstrapRow {
    /// The first row of the sweep in which it is predicted positive.
    place: u32,
    weight: f64,
    /// What it costs if it is predicted negative.
    if_negative: f64,
    /// By how much more it costs if it is predicted positive.
    more: f64,
}

impl CostBootstrapRow {
    /// What tells rows apart; those it does not are the same row.
    fn key(&self) -> (u32, [u64; 3]) {
        let bits = [self.weight, self.if_negative, self.more].map(f64::to_bits);
        (self.place, bits)
    }
}

/// What a bootstrap of a choice by amounts found.
#[derive(Debug, Clone, PartialEq)]
pub struct CostChoiceBootstrap {
    choices: ChoiceBootstrap,
    costs: Bootstrap<Option<f64>>,
}

impl CostChoiceBootstrap {
    /// What was chosen in each replicate, and the cells at the fixed threshold; a merit is the cost below 0.
    pub fn choices(&self) -> &ChoiceBootstrap {
        &self.choices
    }

    /// The costs at the fixed threshold; `None` where no double holds one.
    pub fn costs(&self) -> &Bootstrap<Option<f64>> {
        &self.costs
    }

    /// The interval of the cost at the fixed threshold.
    ///
    /// # Undefined
    /// As for [`Bootstrap::interval`].
    pub fn cost_interval(&self) -> Option<ConfidenceInterval> {
        self.costs.interval(|cost| *cost)
    }
}

impl<'s> CostBootstrapRows<'s> {
    /// No rows yet; `sweep` tells the thresholds to choose from.
    pub fn new(sweep: &'s Sweep) -> Self {
        Self {
            sweep,
            part: CostBootstrapPart::new(sweep.n_thresholds()),
        }
    }

    /// Rows that were added up elsewhere.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] if they were placed among another number of thresholds.
    pub fn of_part(sweep: &'s Sweep, part: CostBootstrapPart) -> Result<Self> {
        if part.n_thresholds != sweep.n_thresholds() {
            return Err(Error::PartsDiffer { name: "thresholds" });
        }
        Ok(Self { sweep, part })
    }

    /// Adds rows; those without a weight have weight 1.
    ///
    /// # Errors
    /// - [`Error::Input`] unless there is one pair of costs a row.
    /// - [`Error::RowCost`] for a cost, times the weight of its row, outside `[-1e290, 1e290]`. Nothing was added then.
    ///
    /// # Panics
    /// If the sweep has 2^32 rows or more.
    pub fn add(&mut self, scores: &Scores, costs: &RowCosts) -> Result<()> {
        self.part.add(self.sweep.thresholds(), scores, costs)
    }

    /// What the rows take, and the replicates that are drawn at the same time, in bytes.
    pub fn n_bytes(&self) -> usize {
        self.part.n_bytes()
    }

    /// Bootstraps the choice of a threshold, and the cells and the cost at the threshold that was chosen or is in use,
    /// by drawing rows, each as likely as any other, with their weights and costs.
    ///
    /// A replicate draws every row and looks at every threshold, but sorts none.
    ///
    /// `fixed`: the threshold at which the cells and the cost are told.
    ///
    /// # Errors
    /// - Those of [`BootstrapOptions::check`] and [`Problem::check`].
    /// - [`Error::AmountObjective`] if the problem's objective is none of amounts.
    /// - [`Error::WeightedBca`] for [`BootstrapInterval::Bca`](crate::BootstrapInterval::Bca).
    ///
    /// # References
    /// As [`bootstrap_choice`](crate::bootstrap_choice).
    pub fn bootstrap_choice(
        mut self,
        fixed: Threshold,
        problem: &Problem,
        options: &BootstrapOptions,
    ) -> Result<CostChoiceBootstrap> {
        const PURPOSE: Purpose = Purpose::new("bootstrap/choice-costs");
        options.check()?;
        problem.check()?;
        if !problem.objective().metric().is_of_amounts() {
            let objective = problem.objective().to_string();
            return Err(Error::AmountObjective { objective });
        }
        if options.is_bca() {
            return Err(Error::WeightedBca);
        }
        for class in &mut self.part.classes {
            class.par_sort_unstable_by_key(CostBootstrapRow::key);
        }
        let fixed = self.sweep.index_at(fixed);
        let observed = self.observed();
        // What a choice of other rows costs here, whether or not it meets the constraints here.
        let unconstrained = Problem::new(problem.objective().clone());
        let unconstrained = match problem.prevalence() {
            Some(prevalence) => unconstrained.at_prevalence(prevalence),
            None => unconstrained,
        };
        let judge = observed.judge(&unconstrained);
        let merits = (0..self.sweep.n_rows())
            .into_par_iter()
            .map(|index| observed.merit(&judge, problem, index))
            .collect::<Vec<_>>();
        let told = |resample: &Resample| (resample.cells(fixed), resample.cost(problem, fixed));
        let replicates = options.replicate(PURPOSE, |stream| {
            let resample = self.resample(stream, options.is_by_class());
            let choice = resample.best(problem).map(|(index, merit)| {
                let threshold = self.sweep.threshold(index);
                Choice::of(threshold, merit, merits[index])
            });
            (told(&resample), choice)
        });
        let (at_fixed, choices): (Vec<_>, Vec<_>) = replicates.into_iter().unzip();
        let (cells, costs) = at_fixed.into_iter().unzip();
        let (observed_cells, observed_cost) = told(&observed);
        let fixed = Bootstrap::new(observed_cells, cells, options);
        Ok(CostChoiceBootstrap {
            choices: ChoiceBootstrap::new(fixed, choices),
            costs: Bootstrap::new(observed_cost, costs, options),
        })
    }

    /// The rows as they are.
    fn observed(&self) -> Resample {
        let n_places = self.sweep.n_rows();
        Resample::new([0, 1].map(|class| {
            let rows = &self.part.classes[class];
            let mut sums = ClassSums::new(n_places);
            for row in rows {
                sums.add(row, 1);
            }
            sums.finish(n_places)
        }))
    }

    /// Resamples the rows.
    fn resample(&self, stream: &mut ChaChaStream, is_by_class: bool) -> Resample {
        let n_rows = [0, 1].map(|class| self.part.classes[class].len());
        let draws = class_draws(stream, n_rows, is_by_class);
        let n_places = self.sweep.n_rows();
        Resample::new([0, 1].map(|class| {
            let rows = &self.part.classes[class];
            let mut sums = ClassSums::new(n_places);
            draw_rows(stream, rows.len(), draws[class], |start, times| {
                for (row, &times) in rows[start..].iter().zip(times) {
                    if times > 0 {
                        sums.add(row, times);
                    }
                }
            });
            sums.finish(n_places)
        }))
    }
}

impl CostBootstrapPart {
    /// No rows yet, to be placed among so many thresholds.
    pub fn new(n_thresholds: usize) -> Self {
        Self {
            n_thresholds,
            classes: Default::default(),
        }
    }

    /// Adds rows by their places among the thresholds, which descend; those without a weight have weight 1.
    ///
    /// # Errors
    /// - [`Error::Input`] unless there is one pair of costs a row.
    /// - [`Error::RowCost`] for a cost, times the weight of its row, outside `[-1e290, 1e290]`. Nothing was added then.
    ///
    /// # Panics
    /// If there are other thresholds than were announced, or 2^32 or more.
    pub fn add(&mut self, thresholds: &[f64], scores: &Scores, costs: &RowCosts) -> Result<()> {
        assert_eq!(thresholds.len(), self.n_thresholds, "thresholds");
        costs.check(scores)?;
        for (row, (&is_positive, &score)) in
            scores.is_positive().iter().zip(scores.score()).enumerate()
        {
            let weight = scores.weight().map_or(1.0, |weight| weight[row]);
            let if_negative = weight * costs.if_negative()[row];
            self.classes[usize::from(!is_positive)].push(CostBootstrapRow {
                place: place_among(thresholds, score),
                weight,
                if_negative,
                more: weight * costs.if_positive()[row] - if_negative,
            });
        }
        Ok(())
    }

    /// Adds rows that were added elsewhere.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] if they were placed among another number of thresholds.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        if self.n_thresholds != other.n_thresholds {
            return Err(Error::PartsDiffer { name: "thresholds" });
        }
        for (own, class) in self.classes.iter_mut().zip(other.classes) {
            own.extend(class);
        }
        Ok(())
    }

    /// What the rows take in columns that grow by doubling, and the replicates that are drawn at the same time, in
    /// bytes.
    pub fn n_bytes(&self) -> usize {
        let rows = self.classes.iter().map(|class| room_for(class.len()));
        let of_replicates = 2 * rayon::current_num_threads() * (self.n_thresholds + 1);
        rows.sum::<usize>() * size_of::<CostBootstrapRow>() + of_replicates * size_of::<Sums>()
    }
}

/// What the rows of a class come to that are predicted positive.
#[derive(Debug, Clone, Copy, Default)]
struct Sums {
    weight: CompensatedSum,
    /// By how much more they cost.
    more: CompensatedSum,
}

/// The rows of a class at every row of the sweep.
struct ClassSums {
    /// What they cost if none is predicted positive.
    none: CompensatedSum,
    at: Vec<Sums>,
    sum: Sums,
}

impl ClassSums {
    fn new(n_places: usize) -> Self {
        Self {
            none: CompensatedSum::default(),
            at: Vec::with_capacity(n_places),
            sum: Sums::default(),
        }
    }

    /// Adds a row so many times; rows come in the order of their places.
    fn add(&mut self, row: &CostBootstrapRow, times: u32) {
        let place = row.place as usize;
        if self.at.len() < place {
            self.at.resize(place, self.sum);
        }
        let times = f64::from(times);
        self.none.add_fast(times * row.if_negative);
        self.sum.weight.add_fast(times * row.weight);
        self.sum.more.add_fast(times * row.more);
    }

    fn finish(mut self, n_places: usize) -> Self {
        self.at.resize(n_places, self.sum);
        self
    }
}

/// Rows at every row of the sweep, positive and negative ones.
struct Resample {
    classes: [ClassSums; 2],
}

impl Resample {
    fn new(classes: [ClassSums; 2]) -> Self {
        Self { classes }
    }

    fn called_at(&self, index: usize) -> [CompensatedSum; 2] {
        [0, 1].map(|class| self.classes[class].at[index].weight)
    }

    fn totals(&self) -> [CompensatedSum; 2] {
        self.called_at(self.classes[0].at.len() - 1)
    }

    fn cells(&self, index: usize) -> Cells {
        CompensatedSum::cells(self.called_at(index), self.totals())
    }

    fn costs(&self, index: usize) -> ClassCosts {
        [0, 1].map(|class| {
            let sums = &self.classes[class];
            sums.none.plus(sums.at[index].more)
        })
    }

    fn rescaling(&self, problem: &Problem) -> Rescaling {
        let [positives, negatives] = self.totals().map(CompensatedSum::value);
        Rescaling::new(problem.prevalence(), positives, negatives)
    }

    fn judge<'p>(&self, problem: &'p Problem) -> Judge<'p> {
        Judge {
            problem,
            rescaling: self.rescaling(problem),
        }
    }

    /// The cost at a row of the sweep.
    fn cost(&self, problem: &Problem, index: usize) -> Option<f64> {
        self.rescaling(problem).cost(&self.costs(index))
    }

    /// How good a row of the sweep is, if it can be chosen.
    fn merit(&self, judge: &Judge<'_>, problem: &Problem, index: usize) -> Option<f64> {
        let value = judge.value(&self.cells(index), &self.costs(index))?;
        Some(match problem.objective().goal() {
            Goal::Maximize => value,
            Goal::Minimize => -value,
        })
    }

    /// The best row of the sweep that rows were drawn for: of several, that of the highest threshold, and "predict
    /// none" only where it is better than all.
    fn best(&self, problem: &Problem) -> Option<(usize, f64)> {
        let judge = self.judge(problem);
        let nothing = [CompensatedSum::default(); 2];
        let drawn = (1..self.classes[0].at.len()).filter(|&index| self.called_at(index) != nothing);
        let mut best: Option<(usize, f64)> = None;
        for index in drawn.chain([0]) {
            if let Some(merit) = self.merit(&judge, problem, index)
                && best.is_none_or(|(_, best)| merit > best)
            {
                best = Some((index, merit));
            }
        }
        best
    }
}

/// A problem, and how cells come to its prevalence.
struct Judge<'p> {
    problem: &'p Problem,
    rescaling: Rescaling,
}

impl Judge<'_> {
    /// The objective, if all constraints are met.
    fn value(&self, cells: &Cells, costs: &ClassCosts) -> Option<f64> {
        let value = |metric: &Metric| {
            if metric.is_of_amounts() {
                self.rescaling.cost(costs)
            } else {
                self.rescaling.value(metric, cells)
            }
        };
        let is_met = |constraint: &Constraint| {
            value(constraint.metric()).is_some_and(|value| constraint.is_met_by(value))
        };
        let is_allowed = self.problem.constraints().iter().all(is_met);
        value(self.problem.objective().metric()).filter(|_| is_allowed)
    }
}
