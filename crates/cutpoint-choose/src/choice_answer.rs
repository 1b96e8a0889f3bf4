//! The choice of one threshold as an answer: what `cutpoint choose --format json` prints, and every front end gives.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Cells, Interval, MatrixAnswer, MetricValues};
use serde::Serialize;

use crate::answer::{ConstraintAnswer, ObjectiveAnswer, by_metric};
use crate::{
    ChoiceConfidence, Decision, Infeasible, IntervalAnswer, MetricInterval, Optimum, Validation,
};

/// A threshold that was chosen, and all that is known of it.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ChoiceAnswer {
    /// The matrix of the rows, and metrics at the prevalence if one is given.
    #[serde(flatten)]
    pub matrix: MatrixAnswer,
    /// What it was chosen for.
    pub objective: ObjectiveAnswer,
    /// The constraints it has to satisfy.
    pub constraints: Vec<ConstraintAnswer>,
    /// The thresholds that give the same matrix.
    pub interval: Interval,
    /// Their middle.
    pub midpoint: Option<Threshold>,
    /// The thresholds that are as good, this one among them, descending.
    pub tied: Vec<Option<Threshold>>,
    /// How many there are, if somebody counted.
    pub n_tied: Option<usize>,
    /// What it is compared with.
    pub alternatives: Vec<AlternativeAnswer>,
    /// Number of rows; `None` where only sums of weights are known.
    pub n_samples: Option<usize>,
    /// How often the rows were read.
    pub n_passes: usize,
    /// The share of positive rows where the classifier will work, if it was given.
    pub at_prevalence: Option<f64>,
    /// Metrics of the rows as they are, if a prevalence was given.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub of_rows: Option<RowsAnswer>,
    /// How often intervals hold the truth; `None` if none were asked for.
    pub confidence: Option<f64>,
    /// The intervals of metrics, at the prevalence if one is given.
    #[serde(serialize_with = "by_metric")]
    pub intervals: Vec<MetricInterval>,
    /// What bootstrap resamples say, if some were drawn.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub bootstrap: Option<BootstrapAnswer>,
    /// What the choice does on rows that were held out, if there were some.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub validation: Option<ValidationAnswer>,
    /// What a reader should know, in the words of the front end, which adds them; empty until then.
    pub warnings: Vec<String>,
}

/// A threshold beside the one that was chosen.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AlternativeAnswer {
    /// `half`, `bayes`, `max_f1`, `max_youden`, `unconstrained`.
    pub name: &'static str,
    /// What the objective comes to.
    pub objective_value: Option<f64>,
    /// The constraints that are not met.
    pub unmet: Vec<String>,
    /// Its matrix.
    #[serde(flatten)]
    pub matrix: MatrixAnswer,
}

/// Metrics of the rows as they are.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RowsAnswer {
    /// The catalogue.
    #[serde(flatten)]
    pub metrics: MetricValues,
    /// Their intervals.
    #[serde(serialize_with = "by_metric")]
    pub intervals: Vec<MetricInterval>,
}

/// What bootstrap resamples say of a choice.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct BootstrapAnswer {
    /// How many resamples there were.
    pub n_replicates: usize,
    /// Where their choices lie.
    pub threshold: Option<ThresholdIntervalAnswer>,
    /// The interval of the objective at the threshold that was chosen.
    pub objective: Option<IntervalAnswer>,
    /// By how much the objective looks better where it was chosen than it is.
    pub optimism: Option<f64>,
    /// Resamples in which no threshold satisfies the constraints.
    pub n_without_choice: usize,
}

/// An interval of thresholds; an end is `None` for "predict none".
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct ThresholdIntervalAnswer {
    /// The lower end.
    pub low: Option<Threshold>,
    /// The upper end.
    pub high: Option<Threshold>,
}

/// What a choice does on rows that were held out.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ValidationAnswer {
    /// The matrix of those rows, and metrics at the prevalence if one is given; no threshold where each fold has its
    /// own.
    #[serde(flatten)]
    pub matrix: MatrixAnswer,
    /// Where the rows are from.
    pub source: String,
    /// The objective there.
    pub objective_value: Option<f64>,
    /// Its interval.
    pub objective_interval: Option<IntervalAnswer>,
    /// By how much the objective looks better where it was chosen; of totals, a row.
    pub optimism: Option<f64>,
    /// The constraints there; sums of cells are taken to as many rows as it was chosen on.
    pub constraints: Vec<ConstraintAnswer>,
    /// The intervals of metrics there.
    #[serde(serialize_with = "by_metric")]
    pub intervals: Vec<MetricInterval>,
    /// The threshold that was chosen without each fold.
    pub fold_thresholds: Vec<Option<Threshold>>,
    /// Folds without which no threshold satisfies the constraints.
    pub n_infeasible_folds: usize,
}

/// Why no threshold satisfies all constraints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct InfeasibleAnswer {
    /// There is none.
    pub threshold: Option<Threshold>,
    /// What was to be chosen for.
    pub objective: String,
    /// Always.
    pub infeasible: bool,
    /// What is in the way, in the words of the front end, which adds them; empty until then.
    pub reason: String,
    /// What each constraint could have alone.
    pub alone: Vec<AloneAnswer>,
    /// Pairs of constraints that no threshold satisfies together.
    pub conflicts: Vec<[String; 2]>,
    /// Constraints without which the others can be satisfied.
    pub binding: Vec<String>,
    /// The threshold that comes nearest.
    pub nearest: Option<NearestAnswer>,
    /// How often the rows were read.
    pub n_passes: usize,
    /// What a reader should know, in the words of the front end, which adds them; empty until then.
    pub warnings: Vec<String>,
}

/// What a constraint could have alone.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct AloneAnswer {
    /// The constraint.
    pub constraint: String,
    /// Whether any threshold satisfies it.
    pub is_attainable: bool,
    /// The best value of its metric.
    pub best_value: Option<f64>,
    /// Where that is.
    pub threshold: Option<Threshold>,
}

/// The threshold that comes nearest to satisfying all constraints.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct NearestAnswer {
    /// Its matrix.
    #[serde(flatten)]
    pub matrix: MatrixAnswer,
    /// The thresholds that give the same matrix.
    pub interval: Interval,
    /// How far it is from a bound at most, as a share of the bound.
    pub shortfall: f64,
    /// The constraints there.
    pub constraints: Vec<ConstraintAnswer>,
}

impl Decision {
    /// The choice as an answer; `None` if there is none.
    pub fn answer(&self) -> Option<ChoiceAnswer> {
        let best = self.choice.found()?;
        let (problem, cells) = (&self.problem, best.cells());
        let confidence = self.confidence.as_ref();
        Some(ChoiceAnswer {
            matrix: self.matrix(best.threshold(), &cells),
            objective: ObjectiveAnswer::new(problem.objective(), best.value()),
            constraints: ConstraintAnswer::all(problem, |metric| problem.value(metric, &cells)),
            interval: best.interval(),
            midpoint: best.interval().midpoint(),
            tied: best.tied().to_vec(),
            n_tied: best.n_tied(),
            alternatives: self.alternative_answers(),
            n_samples: self.partial.n_samples(),
            n_passes: self.n_passes,
            at_prevalence: problem.prevalence(),
            of_rows: problem.prevalence().map(|_| RowsAnswer {
                metrics: MetricValues::of(|metric| metric.value(&cells)),
                intervals: confidence
                    .and_then(|confidence| confidence.of_rows.clone())
                    .unwrap_or_default(),
            }),
            confidence: confidence.map(|confidence| confidence.options.confidence),
            intervals: confidence
                .map(|confidence| confidence.intervals.clone())
                .unwrap_or_default(),
            bootstrap: confidence
                .and_then(|confidence| confidence.choice.as_ref())
                .map(BootstrapAnswer::from),
            validation: self
                .validation
                .as_ref()
                .map(|validation| self.validation_answer(best, validation)),
            warnings: Vec::new(),
        })
    }

    /// Why there is no choice, as an answer; `None` if there is one, or if the objective is undefined everywhere.
    pub fn infeasible_answer(&self) -> Option<InfeasibleAnswer> {
        let why = self.choice.infeasible()?;
        let text = |&place: &usize| self.problem.constraints()[place].to_string();
        let alone = why.alone().iter().map(|alone| AloneAnswer {
            constraint: alone.constraint().to_string(),
            is_attainable: alone.is_attainable(),
            best_value: alone.best_value(),
            threshold: alone.point().and_then(|point| point.threshold),
        });
        let conflicts = why.conflicts().iter();
        Some(InfeasibleAnswer {
            threshold: None,
            objective: self.problem.objective().to_string(),
            infeasible: true,
            reason: String::new(),
            alone: alone.collect(),
            conflicts: conflicts.map(|pair| pair.each_ref().map(text)).collect(),
            binding: why.binding().iter().map(text).collect(),
            nearest: self.nearest_answer(why),
            n_passes: self.n_passes,
            warnings: Vec::new(),
        })
    }

    fn matrix(&self, threshold: Option<Threshold>, cells: &Cells) -> MatrixAnswer {
        let is_weighted = self.partial.is_weighted();
        let prevalence = self.problem.prevalence();
        MatrixAnswer::at_prevalence(
            threshold,
            &self.classes.labels,
            cells,
            is_weighted,
            prevalence,
        )
    }

    fn alternative_answers(&self) -> Vec<AlternativeAnswer> {
        let answers = self.alternatives.iter().map(|(name, point)| {
            let unmet = point.unmet().iter();
            let unmet = unmet.map(|&place| self.problem.constraints()[place].to_string());
            AlternativeAnswer {
                name,
                objective_value: point.value(),
                unmet: unmet.collect(),
                matrix: self.matrix(point.threshold(), &point.cells()),
            }
        });
        answers.collect()
    }

    fn nearest_answer(&self, why: &Infeasible) -> Option<NearestAnswer> {
        let nearest = why.nearest()?;
        let point = nearest.point();
        let value = |metric: &_| self.problem.value(metric, &point.cells);
        Some(NearestAnswer {
            matrix: self.matrix(point.threshold, &point.cells),
            interval: point.interval,
            shortfall: nearest.shortfall(),
            constraints: ConstraintAnswer::all(&self.problem, value),
        })
    }

    fn validation_answer(&self, best: &Optimum, validation: &Validation) -> ValidationAnswer {
        let held_out = &validation.held_out;
        // Otherwise each fold has its own.
        let threshold = best.threshold().filter(|_| held_out.thresholds.is_empty());
        let value = |metric: &_| validation.constrained_value(metric);
        let told = validation.interval;
        ValidationAnswer {
            matrix: self.matrix(threshold, &validation.cells()),
            source: validation.source.clone(),
            objective_value: validation.value,
            objective_interval: told.map(|(told, method)| IntervalAnswer::new(told, method)),
            optimism: validation.optimism,
            constraints: ConstraintAnswer::all(&self.problem, value),
            intervals: validation.intervals.clone(),
            fold_thresholds: held_out.thresholds.clone(),
            n_infeasible_folds: held_out.n_infeasible,
        }
    }
}

impl From<&ChoiceConfidence> for BootstrapAnswer {
    fn from(choice: &ChoiceConfidence) -> Self {
        Self {
            n_replicates: choice.n_replicates,
            threshold: choice.threshold.map(|interval| ThresholdIntervalAnswer {
                low: interval.low(),
                high: interval.high(),
            }),
            objective: choice
                .objective
                .map(|(told, method)| IntervalAnswer::new(told, method)),
            optimism: choice.optimism,
            n_without_choice: choice.n_without_choice,
        }
    }
}
