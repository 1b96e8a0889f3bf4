//! Two or more models on the same rows, in pairs against the first: a threshold for each, and tests of what differs.
//! The tests themselves are in `cutpoint-metrics`.

mod answer;
mod options;
mod pass;
mod rule;

use std::borrow::Cow;

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    AucBounds, AucScale, Bootstrap, Bounds, Cells, DelongRows, MatrixAnswer, Oddity, PairedCells,
    PairedChoice, PairedChoiceRows, PartialSweep, ScoreSurvey, delong, delong_bounds, holm,
    roc_auc,
};

pub use self::answer::{
    AdjustedDelong, AdjustedMcNemar, Comparison, ComparisonDoubt, DelongAnswer, Difference,
    Differences, McNemarAnswer, ModelAnswer, PerPair, ThresholdOrigin,
};
pub use self::options::CompareOptions;
use self::pass::delong_rows;
pub use self::pass::{
    ModelSweep, PairPart, PairPlan, PairedPart, PairedPass, PairedSource, PairedWorker,
};
pub use self::rule::ThresholdRule;
use crate::{Classes, Error, Result, SweepPlan};

/// Compares every model with the first: the areas under their ROC curves by DeLong's test; who is right, each at its
/// threshold, by McNemar's test; metrics and costs at the thresholds by a paired bootstrap, which draws whole rows.
///
/// `memory`: the most bytes that bins of scores may take, in `[65536, usize::MAX]`, shared by the models. All is exact
/// but for areas and DeLong's tests of more distinct scores than fit, which come with bounds. Where thresholds come
/// from the rows, and these do not fit, differences have no intervals.
///
/// # Errors
/// - Those of [`CompareOptions::check`], and of [`PairedSource::run`].
/// - [`Error::OneClass`] if all rows are of one class.
/// - [`Error::UndefinedRate`], [`Error::UndefinedMetric`] if there is no threshold to match or to choose.
/// - [`Error::KeptWeights`] where a bootstrap has to keep more weights than fit.
///
/// # Panics
/// If the source leaves out what a pass asks for.
///
/// # Examples
/// ```
/// use cutpoint_choose::{CompareOptions, compare};
/// use cutpoint_core::Scores;
///
/// let is_positive = vec![true, true, false, false];
/// let first = Scores::new(is_positive.clone(), vec![0.8, 0.3, 0.6, 0.1])?;
/// let second = Scores::new(is_positive, vec![0.9, 0.7, 0.2, 0.1])?;
/// let options = CompareOptions { metrics: vec!["recall".parse()?], ..CompareOptions::default() };
/// let comparison = compare(&[first, second][..], &options, 64 << 20)?;
/// assert_eq!(comparison.auc, [Some(0.75), Some(1.0)]);
/// assert_eq!(comparison.differences[0].get("recall").and_then(|recall| recall.difference), Some(-0.5));
/// // On two rows only the second is right.
/// assert_eq!(comparison.mcnemar[0].as_ref().map(|test| (test.b, test.c)), Some((0, 2)));
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
pub fn compare<S: PairedSource + ?Sized>(
    source: &S,
    options: &CompareOptions,
    memory: usize,
) -> Result<Comparison, S::Error> {
    let wrong = |error: Error| source.error(error);
    let names = source.names();
    options.check(names.len()).map_err(wrong)?;
    let rule = &options.thresholds;
    let (sweeps, classes) = sweep_all(source, rule, names.len(), memory)?;
    let thresholds = rule.thresholds(source, &sweeps, memory)?;
    let is_weighted = sweeps[0].is_weighted();
    let mut doubts = Vec::new();
    doubts.extend(rule.worst().map(|metric| {
        let metric = metric.clone();
        ComparisonDoubt::WorstThresholds { metric }
    }));
    if let ThresholdRule::Highest(_) = rule {
        doubts.push(ComparisonDoubt::ChosenOnTheseRows);
    }
    if is_weighted {
        doubts.push(ComparisonDoubt::Weights);
    }

    let choice = rule.of_rows();
    let too_large = choice
        .as_ref()
        .and_then(|choice| too_large(choice, &sweeps, memory));
    let resampled = choice.as_ref().filter(|_| too_large.is_none());
    doubts.extend(too_large.map(|n_bytes| ComparisonDoubt::RowsDoNotFit { n_bytes }));
    let counted_at = thresholds.iter().zip(&sweeps);
    let counted_at = counted_at.map(|(&threshold, sweep)| counting_threshold(threshold, sweep));
    let counted_at = counted_at.collect::<Result<Vec<_>>>().map_err(wrong)?;
    let pairs = (1..names.len()).map(|second| PairPlan {
        second,
        thresholds: [counted_at[0], counted_at[second]],
    });
    let pass = PairedPass {
        pairs: pairs.collect(),
        swept: sweeps.as_slice().into(),
        choice: resampled.map(Cow::Borrowed),
        memory,
        ..PairedPass::default()
    };
    let found = source.run(&pass)?.pairs;

    let n_samples = found[0].rows.n_samples();
    let seconds = found.iter().map(|pair| pair.rows.observed().second());
    let cells = std::iter::once(found[0].rows.observed().first()).chain(seconds);
    let mut models = Vec::with_capacity(names.len());
    for (model, (name, cells)) in names.into_iter().zip(cells).enumerate() {
        let (sweep, threshold) = (&sweeps[model], thresholds[model]);
        let matrix = MatrixAnswer::new(threshold, &classes.labels, &cells, is_weighted);
        let answer = ModelAnswer::new(name, sweep, matrix, cells, options.confidence);
        models.push(answer.map_err(wrong)?);
        doubts.extend(one_call(model, &cells));
        let oddities = ScoreSurvey::of_partial(sweep).oddities().into_iter();
        let told = oddities.filter(|oddity| {
            !matches!(oddity, Oddity::OutsideUnit { .. }) || rule.takes_probabilities()
        });
        doubts.extend(told.map(|oddity| ComparisonDoubt::Odd { model, oddity }));
    }
    if !is_weighted
        && models
            .iter()
            .any(|model| model.auc_standard_error.is_none())
    {
        doubts.push(ComparisonDoubt::SingleRow);
    }
    let mut comparison = Comparison {
        auc: models.iter().map(|model| model.auc).collect(),
        delong: PerPair(Vec::new()),
        mcnemar: PerPair(Vec::new()),
        differences: PerPair(Vec::new()),
        cost: options.costs.map(|_| PerPair(Vec::new())),
        models,
        n_samples,
        confidence: options.confidence,
        n_replicates: if too_large.is_some() {
            0
        } else {
            options.n_replicates
        },
        thresholds: match choice {
            Some(_) => ThresholdOrigin::Chosen,
            None => ThresholdOrigin::Fixed,
        },
        random_state: options.random_state,
        warnings: Vec::new(),
        doubts,
        is_weighted,
    };
    for (plan, part) in pass.pairs.iter().zip(found) {
        let pushed = comparison.push(&pass, plan, part, options);
        pushed.map_err(wrong)?;
    }
    comparison.adjust();
    comparison.doubts.extend(comparison.binned());
    Ok(comparison)
}

/// Sweeps every model in one pass, in equal parts of the memory.
fn sweep_all<S: PairedSource + ?Sized>(
    source: &S,
    rule: &ThresholdRule,
    n_models: usize,
    memory: usize,
) -> Result<(Vec<PartialSweep>, Classes), S::Error> {
    let sweeps = (0..n_models).map(|model| ModelSweep {
        model,
        memory: memory / n_models,
        plan: SweepPlan {
            cut_at: rule.cut_at(model).into(),
            ..SweepPlan::default()
        },
    });
    let part = source.run(&PairedPass {
        sweeps: sweeps.collect(),
        ..PairedPass::default()
    })?;
    if let [class] = &part.classes.present[..] {
        let class = class.clone();
        return Err(source.error(Error::of_model(0, Error::OneClass { class })));
    }
    let classes = part.classes.clone();
    let sweeps = part.finish_sweeps().map_err(|error| source.error(error))?;
    Ok((sweeps, classes))
}

/// A threshold that calls rows as the one chosen does, where that may be "predict none".
fn counting_threshold(threshold: Option<Threshold>, sweep: &PartialSweep) -> Result<Threshold> {
    let above = || Threshold::new(sweep.bin(0).highest().next_up());
    threshold
        .map_or_else(above, Ok)
        .map_err(|source| Error::NoThresholdAbove { source })
}

/// What rows take of which thresholds come that a bootstrap chooses in each resample; `None` where they fit.
fn too_large(choice: &PairedChoice, sweeps: &[PartialSweep], memory: usize) -> Option<usize> {
    let first = sweeps[0].edges();
    let n_samples = first.n_samples();
    let pairs = sweeps[1..].iter();
    let pairs = pairs.map(|second| PairedChoiceRows::n_bytes(n_samples, [first, second.edges()]));
    let kept = 2 * pairs.sum::<usize>();
    let chosen = match choice {
        PairedChoice::Matched { .. } => &sweeps[1..],
        _ => sweeps,
    };
    let is_exact = chosen.iter().all(PartialSweep::is_exact);
    if is_exact && kept <= memory {
        return None;
    }
    let score = if first.is_weighted() { 120 } else { 80 };
    Some(kept.max(sweeps.len() * score * n_samples))
}

/// What is odd about a threshold that tells nobody apart.
fn one_call(model: usize, cells: &Cells) -> Option<ComparisonDoubt> {
    let is_positive = if cells.predicted_positives() <= 0.0 {
        false
    } else if cells.predicted_negatives() <= 0.0 {
        true
    } else {
        return None;
    };
    Some(ComparisonDoubt::OneCall { model, is_positive })
}

impl ModelAnswer {
    fn new(
        name: String,
        sweep: &PartialSweep,
        matrix: MatrixAnswer,
        cells: Cells,
        confidence: f64,
    ) -> Result<Self> {
        let edges = sweep.edges();
        let is_weighted = edges.is_weighted();
        let estimate = if is_weighted { None } else { delong(edges)? };
        let interval = estimate.map(|estimate| estimate.interval(confidence, AucScale::Plain));
        let (mut auc_bounds, mut error_bounds) = (None, None);
        if !sweep.is_exact() {
            let bounds = if is_weighted {
                None
            } else {
                delong_bounds(sweep)?
            };
            auc_bounds = bounds
                .map(AucBounds::auc)
                .or_else(|| sweep.roc_auc_bounds());
            error_bounds = bounds.map(AucBounds::standard_error);
        }
        Ok(Self {
            name,
            auc: roc_auc(edges),
            auc_standard_error: estimate.map(cutpoint_metrics::AucEstimate::standard_error),
            auc_interval: interval.transpose()?.flatten(),
            auc_bounds,
            auc_standard_error_bounds: error_bounds,
            matrix,
            cells,
        })
    }
}

impl Comparison {
    /// Adds the first model and another.
    fn push(
        &mut self,
        pass: &PairedPass<'_>,
        plan: &PairPlan,
        part: PairPart,
        options: &CompareOptions,
    ) -> Result<()> {
        let observed = part.rows.observed();
        let is_fixed = self.thresholds == ThresholdOrigin::Fixed;
        let bootstrap = options.of_bootstrap();
        let sweeps = pass.sweeps_of(plan)?;
        let replicates = match (pass.choice.as_deref(), part.chosen) {
            (Some(choice), Some(chosen)) => {
                let edges = sweeps.map(PartialSweep::edges);
                let mut rows = PairedChoiceRows::new(choice.clone(), edges);
                rows.merge(chosen)?;
                Replicates::AtChosen(rows.bootstrap(&bootstrap)?)
            }
            _ if is_fixed => Replicates::AtFixed(part.rows.bootstrap(&bootstrap)?),
            _ => Replicates::None,
        };
        let differences = options.metrics.iter().map(|metric| {
            let difference = replicates.difference(&observed, |cells| metric.value(cells));
            (metric.clone(), difference)
        });
        self.differences.0.push(Differences(differences.collect()));
        if let (Some(all), Some(costs)) = (&mut self.cost, &options.costs) {
            all.0
                .push(replicates.difference(&observed, |cells| costs.total(cells)));
        }
        let delong = match (delong_rows(sweeps)?, part.delong) {
            (Some(mut rows), Some(part)) => {
                rows.merge(part);
                Some(delong_answer(rows, self.confidence)?)
            }
            _ => None,
        };
        if delong.as_ref().is_some_and(|test| test.z.is_none()) {
            self.doubts
                .push(ComparisonDoubt::RankedAlike { model: plan.second });
        }
        self.delong.0.push(delong);
        let counts = part.rows.counts().filter(|_| is_fixed);
        self.mcnemar
            .0
            .push(counts.map(|counts| counts.mcnemar().into()));
        Ok(())
    }

    /// Adjusts p-values after Holm, if there is more than one pair.
    fn adjust(&mut self) {
        if self.delong.len() < 2 {
            return;
        }
        let delong = self.delong.iter().map(|test| test.as_ref()?.p);
        let p_holm = holm(&delong.collect::<Vec<_>>());
        for (test, p_holm) in self.delong.0.iter_mut().zip(p_holm) {
            if let Some(test) = test {
                test.adjusted = Some(AdjustedDelong { p_holm });
            }
        }
        let of_mcnemar = |p: fn(&McNemarAnswer) -> f64| {
            let tests = self.mcnemar.iter().map(|test| test.as_ref().map(p));
            holm(&tests.collect::<Vec<_>>())
        };
        let exact = of_mcnemar(|test| test.p_exact);
        let mid = of_mcnemar(|test| test.p_mid);
        for (test, (p_exact_holm, p_mid_holm)) in
            self.mcnemar.0.iter_mut().zip(exact.into_iter().zip(mid))
        {
            if let Some(test) = test {
                test.adjusted = Some(AdjustedMcNemar {
                    p_exact_holm,
                    p_mid_holm,
                });
            }
        }
    }

    /// How far off what is told may be, where scores are known in bins only.
    fn binned(&self) -> Option<ComparisonDoubt> {
        let half = |bounds: Bounds| (bounds.high() - bounds.low()) / 2.0;
        let areas = self.models.iter().filter_map(|model| model.auc_bounds);
        let auc = areas.map(half).reduce(f64::max)?;
        let tests = self.delong.iter().flatten();
        let tests = tests.filter_map(|test| Some((test.p?, test.bounds?.p())));
        let off = tests.map(|(p, bounds)| (p - bounds.low()).max(bounds.high() - p));
        Some(ComparisonDoubt::Binned {
            auc,
            p: off.reduce(f64::max),
        })
    }
}

fn delong_answer(rows: DelongRows<'_>, confidence: f64) -> Result<DelongAnswer> {
    let (test, bounds) = rows.finish()?;
    let interval = test.z().map(|_| test.interval(confidence)).transpose()?;
    Ok(DelongAnswer {
        z: test.z(),
        p: test.p(),
        difference: test.difference(),
        standard_error: test.variance().sqrt(),
        interval,
        adjusted: None,
        bounds: Some(bounds).filter(|bounds| !bounds.difference().is_exact()),
    })
}

/// Resamples of a pair.
enum Replicates {
    /// At thresholds that were fixed beforehand.
    AtFixed(Bootstrap<PairedCells>),
    /// At thresholds that each resample chose.
    AtChosen(Bootstrap<Option<PairedCells>>),
    /// The rows do not fit.
    None,
}

impl Replicates {
    /// The difference of what is computed from cells.
    fn difference(
        &self,
        observed: &PairedCells,
        statistic: impl Fn(&Cells) -> Option<f64> + Sync,
    ) -> Difference {
        let difference =
            |cells: &PairedCells| Some(statistic(&cells.first())? - statistic(&cells.second())?);
        Difference {
            first: statistic(&observed.first()),
            second: statistic(&observed.second()),
            difference: difference(observed),
            interval: match self {
                Self::AtFixed(replicates) => replicates.interval(difference),
                Self::AtChosen(replicates) => {
                    replicates.interval(|cells| difference(cells.as_ref()?))
                }
                Self::None => None,
            },
        }
    }
}
