//! How sure a choice is: intervals of its metrics, of the threshold itself, and how much too good it looks.

use cutpoint_metrics::{
    ConfidenceInterval, CostBootstrapRows, Metric, PartialSweep, Problem, ThresholdInterval,
    WeightedBootstrapRows, bootstrap_choice, catalog,
};

use crate::{
    Certainty, ConfidenceOptions, Error, KeptRows, MetricInterval, Optimum, RowSource, Told, View,
};

/// How sure a choice is.
#[derive(Debug, Clone)]
pub struct Confidence {
    /// How it was asked for.
    pub options: ConfidenceOptions,
    /// The intervals that belong beside values at the prevalence where the classifier will work.
    pub intervals: Vec<MetricInterval>,
    /// Those of the rows as they are, if their prevalence is another.
    pub of_rows: Option<Vec<MetricInterval>>,
    /// What the bootstrap says of the choice itself.
    pub choice: Option<ChoiceConfidence>,
    /// Whether the bootstrap chose among the thresholds that fit into memory, and not among all.
    pub is_coarse: bool,
}

/// What bootstrap resamples say of a choice.
#[derive(Debug, Clone, PartialEq)]
pub struct ChoiceConfidence {
    /// How many resamples there were.
    pub n_replicates: usize,
    /// Where their choices lie.
    pub threshold: Option<ThresholdInterval>,
    /// The interval of the objective at the threshold that was chosen.
    pub objective: Option<Told>,
    /// By how much the objective looks better where it was chosen than it is.
    pub optimism: Option<f64>,
    /// Resamples in which no threshold satisfies the constraints.
    pub n_without_choice: usize,
}

/// Intervals at the threshold that was chosen, and of the threshold. `first`: the first pass of the choice.
///
/// A bootstrap of rows that have weights, or that cost by themselves, reads the rows once more and keeps them.
///
/// # Errors
/// - Those of the options, and of [`RowSource::run`].
/// - [`Error::KeptRows`] where a bootstrap has to keep more rows than fit into `memory`.
pub fn confidence_of<S: RowSource>(
    view: &View<'_, S>,
    problem: &Problem,
    first: &PartialSweep,
    optimum: &Optimum,
    options: &ConfidenceOptions,
    memory: usize,
) -> Result<Confidence, S::Error> {
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    let cells = optimum.cells();
    let is_weighted = first.is_weighted();
    let objective = problem.objective().metric();
    let mut choices = None;
    // Of a cost by amounts, which cells do not tell.
    let mut cost: Option<ConfidenceInterval> = None;
    let mut is_coarse = false;
    if let (Some(_), Some(threshold)) = (options.bootstrap, optimum.threshold()) {
        is_coarse = !first.is_exact() && view.costs.is_none();
        let edges = first.edges();
        let bootstrap = options.of_bootstrap();
        choices = Some(if view.costs.is_some() {
            let rows = priced_rows(view, first, memory)?;
            let priced = rows
                .bootstrap_choice(threshold, problem, &bootstrap)
                .map_err(wrong)?;
            cost = priced.cost_interval();
            priced.choices().clone()
        } else if is_weighted {
            let rows = placed_rows(view, first, memory)?;
            rows.bootstrap_choice(threshold, problem, &bootstrap)
                .map_err(wrong)?
        } else {
            bootstrap_choice(edges, threshold, problem, &bootstrap).map_err(wrong)?
        });
    }
    let certainty = Certainty::new(problem, *options, is_weighted);
    let measured = match &choices {
        Some(choices) => certainty.with(cells, Some(choices.fixed().clone())),
        None => certainty.at(cells),
    }
    .map_err(wrong)?;
    let cost = cost.map(|interval| (interval, "bootstrap"));
    let choice = match (choices, options.bootstrap) {
        (Some(choices), Some(n_replicates)) => Some(ChoiceConfidence {
            n_replicates,
            threshold: choices.threshold_interval(),
            objective: match cost {
                Some(cost) => Some(cost),
                None => measured.by_draws(objective).map_err(wrong)?,
            },
            optimism: choices.optimism(),
            n_without_choice: choices.n_without_choice(),
        }),
        _ => None,
    };
    let mut intervals = Vec::new();
    if !catalog().contains(objective) {
        let found = match cost {
            Some(cost) => Some(cost),
            None => measured.there(objective).map_err(wrong)?,
        };
        intervals.extend(named(objective, found));
    }
    for metric in catalog() {
        intervals.extend(named(metric, measured.there(metric).map_err(wrong)?));
    }
    let mut of_rows = None;
    if problem.prevalence().is_some() {
        let here = catalog().iter().map(|metric| {
            let found = measured.here(metric).map_err(wrong)?;
            Ok(named(metric, found))
        });
        let here = here.collect::<Result<Vec<_>, S::Error>>()?;
        of_rows = Some(here.into_iter().flatten().collect());
    }
    Ok(Confidence {
        options: *options,
        intervals,
        of_rows,
        choice,
        is_coarse,
    })
}

pub(crate) fn named(metric: &Metric, found: Option<Told>) -> Option<MetricInterval> {
    found.map(|(interval, method)| MetricInterval::new(metric.name(), interval, method))
}

/// The rows as a bootstrap draws them if they have weights.
fn placed_rows<'p, S: RowSource>(
    view: &View<'p, S>,
    first: &'p PartialSweep,
    memory: usize,
) -> Result<WeightedBootstrapRows<'p>, S::Error> {
    match view.keep_in(first.edges(), memory)? {
        Some(KeptRows::Weighted(rows)) => Ok(rows),
        _ => Err(view.source.error(Error::KeptRows {
            rows: "rows with weights",
            bytes: 12,
            is_with_thresholds: false,
        })),
    }
}

/// The rows as a bootstrap draws them if they cost by themselves.
fn priced_rows<'p, S: RowSource>(
    view: &View<'p, S>,
    first: &'p PartialSweep,
    memory: usize,
) -> Result<CostBootstrapRows<'p>, S::Error> {
    view.source.refuse_second_pass()?;
    let kept = if first.is_exact() {
        view.keep_in(first.edges(), memory)?
    } else {
        None
    };
    match kept {
        Some(KeptRows::Priced(rows)) => Ok(rows),
        _ => Err(view.source.error(Error::KeptRows {
            rows: "a cost by amounts",
            bytes: 32,
            is_with_thresholds: true,
        })),
    }
}
