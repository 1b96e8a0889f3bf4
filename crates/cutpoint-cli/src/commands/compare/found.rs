//! What a comparison finds: a threshold for each model, and tests of every model against the first.
//!
//! It refuses to compute; it asks `cutpoint-metrics`, and says what could not be told.

use anyhow::{Context, bail};
use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_metrics::{
    AucBounds, AucEstimate, AucScale, Bootstrap, Bounds, Cells, ConfidenceInterval, DelongBounds,
    DelongRows, DelongTest, Direction, McNemar, Metric, PairedCells, PairedChoice,
    PairedChoiceRows, PairedRows, PartialSweep, ScoreSurvey, delong, delong_bounds, holm, roc_auc,
};

use super::Args;
use super::input::Input;
use super::sweeps::{Choice, sweeps};
use crate::args::BootstrapArgs;
use crate::gather::MemoryArgs;
use crate::mixed_up;

/// All that is told.
pub(super) struct Found {
    pub(super) models: Vec<Model>,
    /// Each model but the first against the first.
    pub(super) pairs: Vec<Pair>,
    /// Negative and positive.
    pub(super) labels: [Label; 2],
    pub(super) n_samples: usize,
    pub(super) is_weighted: bool,
    /// Whether thresholds come from the rows.
    pub(super) is_chosen: bool,
    /// Whether rows were drawn anew.
    pub(super) is_bootstrapped: bool,
    pub(super) bootstrap: BootstrapArgs,
    pub(super) warnings: Vec<String>,
}

/// One model by itself.
pub(super) struct Model {
    pub(super) name: String,
    pub(super) auc: Option<f64>,
    /// The area with its variance, which weights do not have.
    pub(super) estimate: Option<AucEstimate>,
    /// What both can be, where scores are known in bins only.
    pub(super) bounds: ModelBounds,
    pub(super) auc_interval: Option<ConfidenceInterval>,
    /// `None` where nothing is predicted positive.
    pub(super) threshold: Option<Threshold>,
    pub(super) cells: Cells,
}

/// What the area of a model can be, and its standard error; nothing where both are known.
#[derive(Default)]
pub(super) struct ModelBounds {
    pub(super) auc: Option<Bounds>,
    pub(super) standard_error: Option<Bounds>,
}

/// The first model and another.
pub(super) struct Pair {
    pub(super) delong: Option<DelongTest>,
    /// What the test can say, where scores are known in bins only.
    pub(super) delong_bounds: Option<DelongBounds>,
    pub(super) delong_interval: Option<ConfidenceInterval>,
    pub(super) mcnemar: Option<McNemar>,
    pub(super) differences: Vec<(Metric, Difference)>,
    pub(super) cost: Option<Difference>,
}

/// A number of the first model and of the other.
pub(super) struct Difference {
    pub(super) first: Option<f64>,
    pub(super) second: Option<f64>,
    /// That of the first less the second.
    pub(super) interval: Option<ConfidenceInterval>,
}

impl Difference {
    /// Of what is computed from cells.
    fn new(
        observed: &PairedCells,
        replicates: &Replicates,
        statistic: impl Fn(&Cells) -> Option<f64> + Sync,
    ) -> Self {
        let difference =
            |cells: &PairedCells| Some(statistic(&cells.first())? - statistic(&cells.second())?);
        Self {
            first: statistic(&observed.first()),
            second: statistic(&observed.second()),
            interval: match replicates {
                Replicates::AtFixed(replicates) => replicates.interval(difference),
                Replicates::AtChosen(replicates) => {
                    replicates.interval(|cells| difference(cells.as_ref()?))
                }
                Replicates::None => None,
            },
        }
    }

    pub(super) fn value(&self) -> Option<f64> {
        Some(self.first? - self.second?)
    }
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

/// P-values of every pair, adjusted for all of them.
pub(super) struct Adjusted {
    pub(super) delong: Vec<Option<f64>>,
    pub(super) exact: Vec<Option<f64>>,
    pub(super) mid: Vec<Option<f64>>,
}

impl Found {
    pub(super) fn new(args: &Args, mut input: Input, choice: &Choice) -> anyhow::Result<Self> {
        let memory = args.memory.for_bins();
        let partials = sweeps(&mut input, choice, memory)?;
        let thresholds = choice.thresholds(&mut input, &partials, memory)?;
        let confidence = args.bootstrap.confidence();
        let is_weighted = args.columns.weight.is_some();
        let mut warnings = warnings(choice, is_weighted);

        let counted_at = thresholds.iter().zip(&partials);
        let counted_at =
            counted_at.map(|(&threshold, partial)| counting_threshold(threshold, partial));
        let counted_at = counted_at.collect::<anyhow::Result<Vec<_>>>()?;
        let of_rows = choice.of_rows();
        let is_chosen = of_rows.is_some();
        let unfit = of_rows
            .as_ref()
            .and_then(|of_rows| unfit(of_rows, &partials, memory));
        let of_rows = of_rows.as_ref().filter(|_| unfit.is_none());
        let is_bootstrapped = unfit.is_none();
        warnings.extend(unfit);
        let mut paired = Vec::with_capacity(partials.len() - 1);
        for (&at, partial) in counted_at[1..].iter().zip(&partials[1..]) {
            let thresholds = [counted_at[0], at];
            paired.push(Paired::new(thresholds, [&partials[0], partial], of_rows)?);
        }
        input.for_each_block(|block| {
            let mut n_bytes = 0;
            for (paired, second) in paired.iter_mut().zip(&block[1..]) {
                paired.add(&block[0], second)?;
                n_bytes += paired.rows.n_bytes();
            }
            if n_bytes > memory {
                bail!(
                    "the bootstrap keeps every weight, and there are so many that they do not fit: allow more with \
                     `--memory`"
                );
            }
            Ok(())
        })?;

        let cells = paired.iter().map(|paired| paired.rows.observed().second());
        let cells = std::iter::once(paired[0].rows.observed().first()).chain(cells);
        let cells = cells.collect::<Vec<_>>();
        let mut models = Vec::with_capacity(partials.len());
        for (((name, partial), &threshold), cells) in
            input.names().zip(&partials).zip(&thresholds).zip(cells)
        {
            let model = Model::new(name, partial, threshold, cells, confidence)?;
            warnings.extend(model.warning());
            let survey = ScoreSurvey::of_partial(partial);
            let odd = mixed_up::warnings(&survey, Some(input.labels()), choice.taken_for());
            warnings.extend(odd.into_iter().map(|warning| format!("{name}: {warning}")));
            models.push(model);
        }
        if !is_weighted && models.iter().any(|model| model.estimate.is_none()) {
            warnings.push(
                "one of the classes has a single row: how sure an area is cannot be told"
                    .to_owned(),
            );
        }
        let n_samples = paired[0].rows.n_samples();
        let mut pairs = Vec::with_capacity(paired.len());
        for (paired, model) in paired.into_iter().zip(&models[1..]) {
            let pair = Pair::new(args, paired, !is_chosen)?;
            if pair.delong.is_some_and(|test| test.z().is_none()) {
                warnings.push(format!(
                    "{} and {} rank the rows so alike that the difference of their areas has no variance, and no test",
                    models[0].name, model.name
                ));
            }
            pairs.push(pair);
        }
        warnings.extend(bins_warning(args, &models, &pairs));
        Ok(Self {
            n_samples,
            models,
            pairs,
            labels: input.labels().clone(),
            is_weighted,
            is_chosen,
            is_bootstrapped,
            bootstrap: args.bootstrap,
            warnings,
        })
    }

    /// P-values adjusted after Holm, if there is more than one pair.
    pub(super) fn adjusted(&self) -> Option<Adjusted> {
        let all = |p: &dyn Fn(&Pair) -> Option<f64>| {
            let pairs = self.pairs.iter();
            holm(&pairs.map(p).collect::<Vec<_>>())
        };
        (self.pairs.len() > 1).then(|| Adjusted {
            delong: all(&|pair| pair.delong?.p()),
            exact: all(&|pair| Some(pair.mcnemar?.p_exact())),
            mid: all(&|pair| Some(pair.mcnemar?.p_mid())),
        })
    }
}

/// What is odd about a comparison, whatever comes of it.
fn warnings(choice: &Choice, is_weighted: bool) -> Vec<String> {
    let mut warnings = Vec::new();
    if let Choice::Best(metric) = choice {
        if metric.direction() == Direction::Lower {
            warnings.push(format!(
                "lower values of `{metric}` are better, and the worst thresholds were asked for"
            ));
        }
        warnings.push(
            "chosen and compared on the same rows: what is said of the thresholds flatters the models; choose on other \
             rows, and name the thresholds with `--thresholds`"
                .to_owned(),
        );
    }
    if is_weighted {
        warnings.push(
            "weights do not tell how many rows there are: the tests of DeLong and McNemar are left out".to_owned(),
        );
    }
    warnings
}

/// How far off what is told may be, where scores are known in bins only.
fn bins_warning(args: &Args, models: &[Model], pairs: &[Pair]) -> Option<String> {
    let half = |bounds: Bounds| (bounds.high() - bounds.low()) / 2.0;
    let areas = models.iter().filter_map(|model| model.bounds.auc);
    let area = areas.map(half).reduce(f64::max)?;
    let tests = pairs
        .iter()
        .filter_map(|pair| Some((pair.delong?.p()?, pair.delong_bounds?.p())));
    let p = tests.map(|(p, bounds)| (p - bounds.low()).max(bounds.high() - p));
    let tests = p.reduce(f64::max).map_or_else(String::new, |p| {
        format!(", p-values of DeLong's test by at most {}", rounded_up(p))
    });
    Some(format!(
        "more distinct scores than fit into `--memory {}`: areas may be off by at most {}{tests}; more memory makes \
         them exact",
        args.memory,
        rounded_up(area)
    ))
}

/// A number in [0, 1] to two digits, rounded up.
fn rounded_up(number: f64) -> String {
    /// Beyond this, nobody counts.
    const MOST_DIGITS: usize = 7;
    let mut digits = 1;
    let mut unit = 0.1;
    while digits < MOST_DIGITS && number < 10.0 * unit {
        digits += 1;
        unit /= 10.0;
    }
    let rounded = ((number / unit).ceil().max(1.0) * unit).min(1.0);
    format!("{rounded:.digits$}")
}

/// A threshold that calls rows as the one chosen does, where that may be "predict none".
fn counting_threshold(
    threshold: Option<Threshold>,
    partial: &PartialSweep,
) -> anyhow::Result<Threshold> {
    let above = || Threshold::new(partial.bin(0).highest().next_up());
    threshold
        .map_or_else(above, Ok)
        .context("no threshold lies above the highest score")
}

/// The first model and another while their rows are counted.
struct Paired<'p> {
    rows: PairedRows,
    /// Where thresholds come from the rows, and these fit.
    chosen: Option<PairedChoiceRows<'p>>,
    /// Not of weights, nor of a class with a single row.
    delong: Option<DelongRows<'p>>,
}

impl<'p> Paired<'p> {
    fn new(
        [first_at, second_at]: [Threshold; 2],
        [first, second]: [&'p PartialSweep; 2],
        of_rows: Option<&PairedChoice>,
    ) -> anyhow::Result<Self> {
        let delong = if first.edges().is_weighted() {
            None
        } else {
            DelongRows::new(first, second)?
        };
        let sweeps = [first.edges(), second.edges()];
        Ok(Self {
            rows: PairedRows::new(first_at, second_at),
            chosen: of_rows.map(|choice| PairedChoiceRows::new(choice.clone(), sweeps)),
            delong,
        })
    }

    fn add(&mut self, first: &Scores, second: &Scores) -> anyhow::Result<()> {
        self.rows.add(first, second)?;
        if let Some(chosen) = &mut self.chosen {
            chosen.add(first, second)?;
        }
        if let Some(delong) = &mut self.delong {
            delong.add(first, second)?;
        }
        Ok(())
    }
}

/// What to say where thresholds come from rows that cannot be kept; nothing where they can.
fn unfit(choice: &PairedChoice, partials: &[PartialSweep], memory: usize) -> Option<String> {
    let first = partials[0].edges();
    let n_samples = first.n_samples();
    let pairs = partials[1..].iter();
    let pairs = pairs.map(|partial| PairedChoiceRows::n_bytes(n_samples, [first, partial.edges()]));
    let kept = 2 * pairs.sum::<usize>();
    let chosen = match choice {
        PairedChoice::Matched { .. } => &partials[1..],
        _ => partials,
    };
    let is_exact = chosen.iter().all(PartialSweep::is_exact);
    if is_exact && kept <= memory {
        return None;
    }
    let score = if first.is_weighted() { 120 } else { 80 };
    let enough = kept.max(partials.len() * score * n_samples);
    Some(format!(
        "the thresholds come from these rows, and intervals of what differs there need all of them in memory: allow up \
         to {} with `--memory`, or name thresholds that were fixed beforehand with `--thresholds`",
        MemoryArgs::that_leaves(enough)
    ))
}

impl Model {
    fn new(
        name: &str,
        partial: &PartialSweep,
        threshold: Option<Threshold>,
        cells: Cells,
        confidence: f64,
    ) -> anyhow::Result<Self> {
        let edges = partial.edges();
        let is_weighted = edges.is_weighted();
        let estimate = if is_weighted { None } else { delong(edges)? };
        let interval = estimate.map(|estimate| estimate.interval(confidence, AucScale::Plain));
        let bounds = if partial.is_exact() {
            ModelBounds::default()
        } else if is_weighted {
            ModelBounds {
                auc: partial.roc_auc_bounds(),
                standard_error: None,
            }
        } else {
            let bounds = delong_bounds(partial)?;
            ModelBounds {
                auc: bounds
                    .map(AucBounds::auc)
                    .or_else(|| partial.roc_auc_bounds()),
                standard_error: bounds.map(AucBounds::standard_error),
            }
        };
        Ok(Self {
            name: name.to_owned(),
            auc: roc_auc(edges),
            estimate,
            bounds,
            auc_interval: interval.transpose()?.flatten(),
            threshold,
            cells,
        })
    }

    /// What is odd about a threshold that tells nobody apart.
    fn warning(&self) -> Option<String> {
        let calls = if self.cells.predicted_positives() <= 0.0 {
            "nothing"
        } else if self.cells.predicted_negatives() <= 0.0 {
            "everything"
        } else {
            return None;
        };
        let at = match self.threshold {
            Some(threshold) => format!("at the threshold {threshold:?}"),
            None => "at the threshold chosen".to_owned(),
        };
        Some(format!("{}: {calls} is predicted positive {at}", self.name))
    }
}

impl Pair {
    fn new(args: &Args, paired: Paired<'_>, is_fixed: bool) -> anyhow::Result<Self> {
        let observed = paired.rows.observed();
        let options = args.bootstrap.options();
        let replicates = match paired.chosen {
            Some(rows) => Replicates::AtChosen(rows.bootstrap(&options)?),
            None if is_fixed => Replicates::AtFixed(paired.rows.bootstrap(&options)?),
            None => Replicates::None,
        };
        let metrics = args.metrics.0.iter();
        let differences = metrics.map(|metric| {
            let difference = Difference::new(&observed, &replicates, |cells| metric.value(cells));
            (metric.clone(), difference)
        });
        let cost = args.cost.as_ref();
        let cost =
            cost.map(|costs| Difference::new(&observed, &replicates, |cells| costs.total(cells)));
        let delong = paired.delong.map(DelongRows::finish).transpose()?;
        let (delong, bounds) = delong.unzip();
        let confidence = args.bootstrap.confidence();
        let interval = delong.filter(|test| test.z().is_some());
        let interval = interval.map(|test| test.interval(confidence));
        let counts = paired.rows.counts();
        Ok(Self {
            delong,
            delong_bounds: bounds.filter(|bounds| !bounds.difference().is_exact()),
            delong_interval: interval.transpose()?,
            mcnemar: counts.filter(|_| is_fixed).map(|counts| counts.mcnemar()),
            differences: differences.collect(),
            cost,
        })
    }
}
