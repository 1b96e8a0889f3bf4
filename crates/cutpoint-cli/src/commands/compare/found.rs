//! What a comparison finds: a threshold for each model, and tests of every model against the first.
//!
//! It refuses to compute; it asks `cutpoint-metrics`, and says what could not be told.

use anyhow::{Context, bail};
use cutpoint_core::{Label, Scores, Threshold};
use cutpoint_metrics::{
    AucEstimate, AucScale, Bootstrap, Cells, ConfidenceInterval, DelongTest, Direction, Goal,
    MatchRule, Matched, McNemar, Metric, Objective, PairedCells, Sweep, delong, delong_test, holm,
    matched_row, optimum, paired_bootstrap_rows, paired_counts, roc_auc, sweep,
};

use super::Args;
use super::input::Input;
use crate::args::BootstrapArgs;

/// How each model comes to its threshold.
pub(super) enum Choice {
    Given(Vec<Threshold>),
    Matched { first: Threshold, rate: Matched },
    Best(Metric),
}

/// All that is told.
pub(super) struct Found {
    pub(super) models: Vec<Model>,
    /// Each model but the first against the first.
    pub(super) pairs: Vec<Pair>,
    /// Negative and positive.
    pub(super) labels: [Label; 2],
    pub(super) n_samples: usize,
    pub(super) is_weighted: bool,
    pub(super) bootstrap: BootstrapArgs,
    pub(super) warnings: Vec<String>,
}

/// One model by itself.
pub(super) struct Model {
    pub(super) name: String,
    pub(super) auc: Option<f64>,
    /// The area with its variance, which weights do not have.
    pub(super) estimate: Option<AucEstimate>,
    pub(super) auc_interval: Option<ConfidenceInterval>,
    /// `None` where nothing is predicted positive.
    pub(super) threshold: Option<f64>,
    pub(super) cells: Cells,
}

/// The first model and another.
pub(super) struct Pair {
    pub(super) delong: Option<DelongTest>,
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
    fn of(
        replicates: &Bootstrap<PairedCells>,
        statistic: impl Fn(&Cells) -> Option<f64> + Sync,
    ) -> Self {
        let observed = replicates.observed();
        Self {
            first: statistic(&observed.first()),
            second: statistic(&observed.second()),
            interval: replicates
                .interval(|cells| Some(statistic(&cells.first())? - statistic(&cells.second())?)),
        }
    }

    pub(super) fn value(&self) -> Option<f64> {
        Some(self.first? - self.second?)
    }
}

/// P-values of every pair, adjusted for all of them.
pub(super) struct Adjusted {
    pub(super) delong: Vec<Option<f64>>,
    pub(super) exact: Vec<Option<f64>>,
    pub(super) mid: Vec<Option<f64>>,
}

impl Found {
    pub(super) fn new(args: &Args, input: Input, choice: &Choice) -> anyhow::Result<Self> {
        let Input { models, labels } = input;
        let sweeps = models.iter().map(|(_, scores)| sweep(scores));
        let sweeps = sweeps.collect::<Vec<_>>();
        let thresholds = choice.thresholds(&models, &sweeps)?;
        let confidence = args.bootstrap.confidence();
        let is_weighted = args.columns.weight.is_some();
        let mut warnings = warnings(choice, is_weighted);

        let mut found = Vec::with_capacity(models.len());
        let mut counted_at = Vec::with_capacity(models.len());
        for (((name, scores), table), &threshold) in models.iter().zip(&sweeps).zip(&thresholds) {
            let at = counting_threshold(threshold, scores)?;
            let model = Model::new(name, table, threshold, at, confidence, is_weighted)?;
            warnings.extend(model.warning(at));
            counted_at.push(at);
            found.push(model);
        }
        if !is_weighted && found.iter().any(|model| model.estimate.is_none()) {
            warnings.push(
                "one of the classes has a single row: how sure an area is cannot be told"
                    .to_owned(),
            );
        }

        let mut pairs = Vec::with_capacity(models.len() - 1);
        let first = (&models[0].1, counted_at[0]);
        for ((name, scores), &at) in models.iter().zip(&counted_at).skip(1) {
            let pair = Pair::new(args, first, (scores, at), is_weighted)?;
            if pair.delong.is_some_and(|test| test.z().is_none()) {
                warnings.push(format!(
                    "{} and {name} rank the rows so alike that the difference of their areas has no variance, and no test",
                    models[0].0
                ));
            }
            pairs.push(pair);
        }
        Ok(Self {
            n_samples: models[0].1.n_samples(),
            models: found,
            pairs,
            labels,
            is_weighted,
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

impl Choice {
    /// The threshold of each model; `None` where it had better predict none.
    fn thresholds(
        &self,
        models: &[(String, Scores)],
        sweeps: &[Sweep],
    ) -> anyhow::Result<Vec<Option<f64>>> {
        let names = models.iter().map(|(name, _)| name);
        match self {
            Self::Given(thresholds) => {
                let thresholds = thresholds.iter();
                Ok(thresholds
                    .map(|threshold| Some(threshold.value()))
                    .collect())
            }
            Self::Matched { first, rate } => {
                let cells = sweeps[0].cells_at(*first);
                let others = names.zip(sweeps).skip(1).map(|(name, table)| {
                    let row = matched_row(table, &cells, *rate, MatchRule::NotAbove);
                    let row = row.with_context(|| {
                        format!(
                            "{name}: the rate to match is undefined: no row that counts is negative"
                        )
                    })?;
                    Ok(table.threshold(row))
                });
                std::iter::once(Ok(Some(first.value())))
                    .chain(others)
                    .collect()
            }
            Self::Best(metric) => {
                let objective = Objective::new(metric.clone(), Goal::Maximize);
                let best = names.zip(sweeps).map(|(name, table)| {
                    let Some(best) = optimum(table, &objective) else {
                        bail!(
                            "{name}: `{metric}` is undefined at every threshold: {}",
                            metric.undefined_when()
                        );
                    };
                    Ok(best.threshold())
                });
                best.collect()
            }
        }
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
            "chosen and compared on the same rows: what is said of the thresholds flatters the models; choose on other rows, \
             and name the thresholds with `--thresholds`"
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

/// A threshold that calls rows as the one chosen does, where that may be "predict none".
fn counting_threshold(threshold: Option<f64>, scores: &Scores) -> anyhow::Result<Threshold> {
    let value = threshold.unwrap_or_else(|| {
        let highest = scores.score().iter().copied().fold(f64::MIN, f64::max);
        highest.next_up()
    });
    Threshold::new(value).context("no threshold lies above the highest score")
}

impl Model {
    fn new(
        name: &str,
        table: &Sweep,
        threshold: Option<f64>,
        at: Threshold,
        confidence: f64,
        is_weighted: bool,
    ) -> anyhow::Result<Self> {
        let estimate = if is_weighted { None } else { delong(table)? };
        let interval = estimate.map(|estimate| estimate.interval(confidence, AucScale::Plain));
        Ok(Self {
            name: name.to_owned(),
            auc: roc_auc(table),
            estimate,
            auc_interval: interval.transpose()?.flatten(),
            threshold,
            cells: table.cells_at(at),
        })
    }

    /// What is odd about a threshold that tells nobody apart.
    fn warning(&self, at: Threshold) -> Option<String> {
        let calls = if self.cells.predicted_positives() <= 0.0 {
            "nothing"
        } else if self.cells.predicted_negatives() <= 0.0 {
            "everything"
        } else {
            return None;
        };
        let at = match self.threshold {
            Some(_) => format!("at the threshold {:?}", at.value()),
            None => "at the threshold chosen".to_owned(),
        };
        Some(format!("{}: {calls} is predicted positive {at}", self.name))
    }
}

impl Pair {
    fn new(
        args: &Args,
        (first, first_at): (&Scores, Threshold),
        (second, second_at): (&Scores, Threshold),
        is_weighted: bool,
    ) -> anyhow::Result<Self> {
        let options = args.bootstrap.options();
        let replicates = paired_bootstrap_rows(first, first_at, second, second_at, &options)?;
        let metrics = args.metrics.0.iter();
        let differences = metrics.map(|metric| {
            let difference = Difference::of(&replicates, |cells| metric.value(cells));
            (metric.clone(), difference)
        });
        let cost = args.cost.as_ref();
        let cost = cost.map(|costs| Difference::of(&replicates, |cells| costs.total(cells)));
        let (delong, mcnemar) = if is_weighted {
            (None, None)
        } else {
            let counts = paired_counts(first, first_at, second, second_at)?;
            (delong_test(first, second)?, Some(counts.mcnemar()))
        };
        let confidence = args.bootstrap.confidence();
        let interval = delong.filter(|test| test.z().is_some());
        let interval = interval.map(|test| test.interval(confidence));
        Ok(Self {
            delong,
            delong_interval: interval.transpose()?,
            mcnemar,
            differences: differences.collect(),
            cost,
        })
    }
}
