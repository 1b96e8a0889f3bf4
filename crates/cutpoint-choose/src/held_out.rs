//! What a choice does on rows that were held out: on other rows, or on each fold of those it was chosen on.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Cells, Goal, Metric, PartialSweep, Problem, Result, bootstrap, catalog};

use crate::confidence::named;
use crate::{
    Certainty, Choice, Classes, ConfidenceOptions, Counted, Error, FoldPlan, Folds, MetricInterval,
    Optimum, RowFilter, RowSource, Search, Told, View,
};

/// Rows that were held out, each counted at a threshold that was chosen without it.
#[derive(Debug, Clone, Default)]
pub struct HeldOut {
    /// The rows.
    pub counted: Counted,
    /// The threshold chosen without each fold; `None` for "predict none". Empty where there were no folds.
    pub thresholds: Vec<Option<Threshold>>,
    /// Folds without which no threshold satisfies the constraints.
    pub n_infeasible: usize,
}

/// Chooses without each fold, and counts its rows at that choice; the folds are those of scikit-learn's
/// `StratifiedKFold(n_splits, shuffle=True, random_state)`, rows of weight 0 included. `first`: the first pass of a
/// choice on all rows, whose result is `optimum`.
///
/// The fold of every row is held in memory, in 4 bits for up to 16 folds; it takes part of `memory`.
///
/// Where constraints are of counts or costs, as many rows as a choice is made on have their part of each bound.
///
/// # Errors
/// - [`Error::FewRows`] unless rows remain to choose on whichever fold is left out.
/// - Those of [`FoldPlan::new`](crate::FoldPlan::new).
/// - [`Error::FoldsReadOnce`] for rows that can be read only once.
/// - Those of [`RowSource::run`].
pub fn cross_validate<S: RowSource>(
    view: &View<'_, S>,
    problem: &Problem,
    first: &PartialSweep,
    optimum: &Optimum,
    folds: Folds,
    memory: usize,
) -> Result<HeldOut, S::Error> {
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    if view.source.is_read_once() {
        return Err(view.source.error(Error::FoldsReadOnce));
    }
    // Then the larger class has a row for every fold: whichever is left out, rows remain to choose on.
    let least = 2 * folds.n_folds - 1;
    if let Some(n_rows) = first.n_samples().filter(|&n_rows| n_rows < least) {
        let n_folds = folds.n_folds;
        return Err(view.source.error(Error::FewRows {
            least,
            n_folds,
            n_rows,
        }));
    }
    let plan = FoldPlan::new(folds, &view.count_rows()?, memory);
    let plan = &plan.map_err(|error| view.source.error(error))?;
    let memory = memory - plan.n_bytes(folds.n_folds);
    let rows = |fold, is_inside| {
        view.with_rows(RowFilter::Fold {
            plan,
            fold,
            is_inside,
        })
    };
    let n_all = optimum.cells().total();
    let mut held_out = HeldOut::default();
    for fold in 0..folds.n_folds {
        let others = rows(fold, false);
        let first = others.sweep(memory, &[])?;
        let edges = first.partial.edges();
        let share = (edges.positives() + edges.negatives()) / n_all;
        let search = Search::of(&first.partial, [problem.of_share(share)]).map_err(wrong)?;
        let search = others.finish(search, &first.partial, memory)?;
        match search.choices().pop() {
            Some(Choice::Found(best)) => {
                let (counted, _) = count(&rows(fold, true), best.threshold())?;
                held_out.counted.merge(&counted);
                held_out.thresholds.push(best.threshold());
            }
            _ => held_out.n_infeasible += 1,
        }
    }
    Ok(held_out)
}

/// Counts other rows at a threshold that was chosen, or where nothing is predicted positive.
///
/// # Errors
/// Those of [`RowSource::run`].
pub fn count_held_out<S: RowSource>(
    view: &View<'_, S>,
    threshold: Option<Threshold>,
) -> Result<(HeldOut, Classes), S::Error> {
    let (counted, classes) = count(view, threshold)?;
    Ok((
        HeldOut {
            counted,
            ..HeldOut::default()
        },
        classes,
    ))
}

fn count<S: RowSource>(
    view: &View<'_, S>,
    threshold: Option<Threshold>,
) -> Result<(Counted, Classes), S::Error> {
    let (mut counted, classes) = view.count_at(&[threshold])?;
    Ok((counted.pop().unwrap_or_default(), classes))
}

/// What a choice does on rows that were held out.
#[derive(Debug, Clone)]
pub struct Validation {
    /// Where the rows are from, for readers: `5 folds`, the name of a file. Empty until somebody says so.
    pub source: String,
    /// The rows.
    pub held_out: HeldOut,
    /// The objective there; `None` where it is undefined.
    pub value: Option<f64>,
    /// Its interval.
    pub interval: Option<Told>,
    /// By how much the objective looks better where it was chosen; of totals, a row.
    pub optimism: Option<f64>,
    /// The intervals of metrics there, as [`Confidence`](crate::Confidence) has them where it was chosen.
    pub intervals: Vec<MetricInterval>,
    problem: Problem,
    chosen_on: f64,
}

impl Validation {
    /// Measures a choice on rows that were held out.
    ///
    /// # Errors
    /// Those of the options, and of the bootstrap.
    pub fn new(
        held_out: HeldOut,
        problem: &Problem,
        optimum: &Optimum,
        options: &ConfidenceOptions,
        is_weighted: bool,
    ) -> Result<Self> {
        let objective = problem.objective();
        let metric = objective.metric();
        let certainty = Certainty::new(problem, *options, is_weighted);
        let (cells, costs) = (&held_out.counted.cells(), held_out.counted.costs());
        let measured = certainty.at(*cells)?;
        let (value, interval) = if metric.is_of_amounts() {
            let prevalence = problem.prevalence();
            let interval = costs.interval(prevalence, options.resampling, options.confidence)?;
            (
                costs.total(prevalence)?,
                interval.map(|interval| (interval, "normal")),
            )
        } else {
            let told = measured.there(metric)?;
            // What has no formula on the rows as they are is bootstrapped, even if nobody asked for it.
            let is_untold = told.is_none() && !certainty.is_moved(metric);
            let interval = if is_untold && !is_weighted && cells.total() > 0.0 {
                let drawn = bootstrap(cells, &options.of_bootstrap())?;
                certainty.of_draws(metric, cells, None, drawn.metric_interval(metric))?
            } else {
                told
            };
            (problem.value(metric, cells), interval)
        };
        let per_row = |value: f64, cells: &Cells| {
            if metric.is_total() {
                value / cells.total()
            } else {
                value
            }
        };
        let optimism = value.map(|there| {
            let here = per_row(optimum.value(), &optimum.cells());
            let there = per_row(there, cells);
            match objective.goal() {
                Goal::Maximize => here - there,
                Goal::Minimize => there - here,
            }
        });
        let mut intervals = Vec::new();
        for metric in catalog() {
            intervals.extend(named(metric, measured.there(metric)?));
        }
        Ok(Self {
            source: String::new(),
            value,
            interval,
            optimism,
            intervals,
            problem: problem.clone(),
            chosen_on: optimum.cells().total(),
            held_out,
        })
    }

    /// The cells of the rows.
    pub fn cells(&self) -> Cells {
        self.held_out.counted.cells()
    }

    /// What was chosen for.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// How many rows the choice was made on, or their weight.
    pub fn chosen_on(&self) -> f64 {
        self.chosen_on
    }

    /// A metric as a constraint is held against it: sums of cells, such as a capacity, are taken to as many rows as the
    /// constraint was meant for.
    pub fn constrained_value(&self, metric: &Metric) -> Option<f64> {
        let value = self.problem.value(metric, &self.cells())?;
        let total = self.cells().total();
        Some(if metric.is_total() && total > 0.0 {
            value * (self.chosen_on / total)
        } else {
            value
        })
    }
}
