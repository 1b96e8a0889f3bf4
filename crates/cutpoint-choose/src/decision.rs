//! The choice of one threshold for all rows, and what it is compared with.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    Cells, Goal, Interval, Metric, Objective, Oddity, PartialSweep, Problem, Result, ScoreSurvey,
    SweepPoint, bayes_threshold_of, catalog,
};

use crate::{
    Choice, Classes, Confidence, MetricInterval, OperatingPoint, Point, PointData, RowSource,
    Search, Swept, Validation, View,
};

/// A threshold that was chosen, or why there is none, and what it is compared with.
#[derive(Debug, Clone)]
pub struct Decision {
    /// What was chosen for.
    pub problem: Problem,
    /// The best threshold under the constraints.
    pub choice: Choice,
    /// What it is compared with, by name: `half`, `bayes`, `max_f1`, `max_youden`, `unconstrained`.
    pub alternatives: Vec<(&'static str, Point)>,
    /// The first pass; the whole sweep, if it fits into memory.
    pub partial: PartialSweep,
    /// What the classes are called.
    pub classes: Classes,
    /// How often the rows were read.
    pub n_passes: usize,
    /// How sure it is, if that was asked.
    pub confidence: Option<Confidence>,
    /// What it does on rows that were held out, if there are some.
    pub validation: Option<Validation>,
}

impl Decision {
    /// The choice as a point to ship and to check later. `None` if there is none, or if it is "predict none", which has
    /// no threshold.
    pub fn operating_point(&self) -> Option<OperatingPoint> {
        let optimum = self.choice.found()?;
        let point = OperatingPoint::new(
            optimum.threshold()?,
            optimum.interval(),
            self.classes.labels.clone(),
            optimum.cells(),
            &self.problem,
            PointData::of(&self.partial),
        );
        let point = point.with_objective_value(optimum.value());
        Some(match &self.confidence {
            Some(confidence) => {
                let level = confidence.options.confidence;
                point.with_intervals(level, confidence.intervals.clone())
            }
            None => point,
        })
    }

    /// The interval of a metric at the threshold, if that is known.
    pub fn interval_of(&self, metric: &Metric) -> Option<&MetricInterval> {
        // Others may share the name of a cost.
        let is_known = metric == self.problem.objective().metric() || catalog().contains(metric);
        let mut told = self.confidence.iter().flat_map(|told| &told.intervals);
        told.find(|told| is_known && told.metric() == metric.name())
    }
}

/// Finds the best threshold of all rows, and what it is compared with.
///
/// The answer is that of [`choose`](crate::choose), whatever the memory is: rows that do not fit are read
/// again, only where the best threshold can be.
///
/// `memory`: the most bytes that bins of scores may take, in `[65536, usize::MAX]`; more mean fewer passes.
///
/// # Errors
/// Those of [`Problem::check`], and of [`RowSource::run`].
///
/// # Panics
/// If the source leaves out what a pass asks for.
///
/// # Examples
/// ```
/// use cutpoint_choose::{View, choose_from};
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::Problem;
///
/// let rows = Scores::new(vec![true, false, true, false, true], vec![0.9, 0.8, 0.7, 0.6, 0.5])?;
/// let problem = Problem::new("precision".parse()?).subject_to("recall>=0.6".parse()?);
/// let decision = choose_from(&View::of(&rows), &problem, 1 << 20)?;
/// let best = decision.choice.found().expect("there is one");
/// assert_eq!((best.threshold(), best.value()), (Some(Threshold::new(0.7)?), 2.0 / 3.0));
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
pub fn choose_from<S: RowSource>(
    view: &View<'_, S>,
    problem: &Problem,
    memory: usize,
) -> Result<Decision, S::Error> {
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    let first = view.sweep(memory, &known_thresholds(problem))?;
    let others = others(problem);
    let problems = std::iter::once(problem).chain(others.iter().map(|(_, problem)| problem));
    let search = Search::of(&first.partial, problems.cloned()).map_err(wrong)?;
    let search = view.finish(search, &first.partial, memory)?;
    let mut choices = search.choices().into_iter();
    let choice = choices.next().expect("the problem itself comes first");

    let point = |threshold: Threshold, cells: Cells, interval: Interval| {
        let threshold = Some(threshold);
        let point = SweepPoint {
            threshold,
            interval,
            cells,
        };
        Point::new(point, problem)
    };
    let mut alternatives = Vec::new();
    let mut n_passes = search.n_passes();
    for (name, threshold) in fixed_thresholds(problem, &first.partial) {
        let (cells, interval) = if let Some(known) = known_at(&first.partial, threshold) {
            known
        } else {
            n_passes += 1;
            let (counted, _) = view.count_at(&[Some(threshold)])?;
            (counted[0].cells(), Interval::at(threshold))
        };
        alternatives.push((name, point(threshold, cells, interval)));
    }
    for ((name, _), choice) in others.iter().zip(choices) {
        if let Choice::Found(best) = choice {
            alternatives.push((*name, Point::new(best.point(), problem)));
        }
    }
    let prices = prices(view, problem, &first.partial, &alternatives)?;
    if let Some(prices) = prices {
        n_passes += usize::from(prices.took_a_pass);
        for ((_, point), value) in alternatives.iter_mut().zip(prices.values) {
            *point = point.clone().with_value(value);
        }
    }
    let Swept { partial, classes } = first;
    Ok(Decision {
        problem: problem.clone(),
        choice,
        alternatives,
        partial,
        classes,
        n_passes,
        confidence: None,
        validation: None,
    })
}

/// What rows cost by themselves at some thresholds.
struct Prices {
    values: Vec<Option<f64>>,
    took_a_pass: bool,
}

/// What the alternatives cost, if rows cost by themselves: by the first pass, or by one more where that does not tell.
fn prices<S: RowSource>(
    view: &View<'_, S>,
    problem: &Problem,
    first: &PartialSweep,
    alternatives: &[(&'static str, Point)],
) -> Result<Option<Prices>, S::Error> {
    let wrong = |error: cutpoint_metrics::Error| view.source.error(error.into());
    if !problem.objective().metric().is_of_amounts() {
        return Ok(None);
    }
    let prevalence = problem.prevalence();
    let thresholds = alternatives.iter().map(|(_, point)| point.threshold());
    let thresholds = thresholds.collect::<Vec<_>>();
    let values = thresholds.iter();
    let values = values.map(|&threshold| first.cost_at(threshold, prevalence));
    let values = values.collect::<Result<Vec<_>, _>>().map_err(wrong)?;
    let is_missing = |place: &usize| values[*place].is_none();
    let missing = (0..values.len()).filter(is_missing).collect::<Vec<_>>();
    let mut prices = Prices {
        values,
        took_a_pass: !missing.is_empty() && !first.is_exact() && !view.source.is_read_once(),
    };
    if prices.took_a_pass {
        let asked = missing.iter().map(|&place| thresholds[place]);
        let (counted, _) = view.count_at(&asked.collect::<Vec<_>>())?;
        for (place, counted) in missing.into_iter().zip(counted) {
            prices.values[place] = counted.costs().total(prevalence).map_err(wrong)?;
        }
    }
    Ok(Some(prices))
}

/// The cells at a threshold and the thresholds that share them, if the first pass tells.
fn known_at(partial: &PartialSweep, threshold: Threshold) -> Option<(Cells, Interval)> {
    let bounds = partial.cell_bounds(threshold);
    let interval = partial.interval(partial.edges().index_at(threshold));
    bounds.is_exact().then(|| (bounds.lower(), interval))
}

/// Other problems whose answers stand beside the choice: usual ones at the same prevalence, and the same one without
/// its constraints.
fn others(problem: &Problem) -> Vec<(&'static str, Problem)> {
    let at_prevalence = |objective: Objective| {
        let other = Problem::new(objective);
        match problem.prevalence() {
            Some(prevalence) => other.at_prevalence(prevalence),
            None => other,
        }
    };
    let best = |metric: &str| {
        let metric = metric.parse().expect("a name of the catalogue");
        at_prevalence(Objective::new(metric, Goal::Maximize))
    };
    let mut others = vec![("max_f1", best("f1")), ("max_youden", best("youden"))];
    if !problem.constraints().is_empty() {
        others.push(("unconstrained", at_prevalence(problem.objective().clone())));
    }
    others
}

/// Thresholds of interest that no data are needed for.
fn known_thresholds(problem: &Problem) -> Vec<Threshold> {
    let bayes = match problem.prevalence() {
        // It depends on the prevalence of the data.
        Some(_) => None,
        None => bayes_threshold_of(problem, 0.5),
    };
    std::iter::once(Threshold::HALF).chain(bayes).collect()
}

/// Thresholds of interest that are not searched for.
fn fixed_thresholds(problem: &Problem, first: &PartialSweep) -> Vec<(&'static str, Threshold)> {
    let edges = first.edges();
    let prevalence = edges.positives() / (edges.positives() + edges.negatives());
    // What follows from the costs of probabilities does not follow for other scores.
    let oddities = ScoreSurvey::of_partial(first).oddities();
    let is_outside = |oddity: &Oddity| matches!(oddity, Oddity::OutsideUnit { .. });
    let bayes = if oddities.iter().any(is_outside) {
        None
    } else {
        bayes_threshold_of(problem, prevalence)
    };
    let bayes = bayes.map(|threshold| ("bayes", threshold));
    std::iter::once(("half", Threshold::HALF))
        .chain(bayes)
        .collect()
}
