//! How the models of a comparison come to their thresholds, and the passes that this takes where scores do not fit into
//! memory.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    Direction, Goal, Matched, Metric, Objective, PairedChoice, PartialSweep, PartialSweepBuilder,
    Problem, matching,
};

use super::pass::{ModelSweep, PairedPass, PairedSource};
use crate::{Choice, Error, Result, Search, Step, SweepPlan};

/// How each model comes to its threshold.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum ThresholdRule {
    /// It is the same for all models.
    Same(Threshold),
    /// Each model has its own.
    Each(Vec<Threshold>),
    /// The first model has this one, and every other the threshold at which it has the same rate or, where it has it
    /// nowhere, the highest rate below.
    Matched {
        /// The first model's threshold.
        first: Threshold,
        /// What all shall have in common.
        rate: Matched,
    },
    /// Each model has the threshold at which this metric is highest on these rows.
    Highest(Metric),
}

impl Default for ThresholdRule {
    /// 0.5 for all models.
    fn default() -> Self {
        Self::Same(Threshold::HALF)
    }
}

impl ThresholdRule {
    /// Refuses a rule for another number of models.
    pub(super) fn check(&self, n_models: usize) -> Result<()> {
        match self {
            Self::Each(thresholds) if thresholds.len() != n_models => Err(Error::ThresholdCount {
                n_models,
                got: thresholds.len(),
            }),
            _ => Ok(()),
        }
    }

    /// Where the sweep of a model has to be exact.
    pub(super) fn cut_at(&self, model: usize) -> &[Threshold] {
        match self {
            // The rate to match has to be known to the last row.
            Self::Matched { first, .. } if model == 0 => std::slice::from_ref(first),
            _ => &[],
        }
    }

    /// Whether it takes scores for probabilities, of which 0.5 is the middle.
    pub(super) fn takes_probabilities(&self) -> bool {
        match self {
            Self::Same(threshold)
            | Self::Matched {
                first: threshold, ..
            } => *threshold == Threshold::HALF,
            Self::Each(thresholds) => thresholds.contains(&Threshold::HALF),
            Self::Highest(_) => false,
        }
    }

    /// The metric whose worst values are chosen.
    pub(super) fn worst(&self) -> Option<&Metric> {
        match self {
            Self::Highest(metric) => {
                Some(metric).filter(|metric| metric.direction() == Direction::Lower)
            }
            _ => None,
        }
    }

    /// How the thresholds of a pair come from its rows; `None` if they were fixed beforehand.
    pub(super) fn of_rows(&self) -> Option<PairedChoice> {
        match self {
            Self::Same(_) | Self::Each(_) => None,
            &Self::Matched { first, rate } => Some(PairedChoice::Matched { first, rate }),
            Self::Highest(metric) => Some(PairedChoice::Best(Box::new(highest(metric)))),
        }
    }

    /// The threshold of each model; `None` where it had better predict none.
    pub(super) fn thresholds<S: PairedSource + ?Sized>(
        &self,
        source: &S,
        sweeps: &[PartialSweep],
        memory: usize,
    ) -> Result<Vec<Option<Threshold>>, S::Error> {
        let of_model = |model: usize, error: Error| source.error(Error::of_model(model, error));
        match self {
            Self::Same(threshold) => Ok(vec![Some(*threshold); sweeps.len()]),
            Self::Each(thresholds) => Ok(thresholds.iter().copied().map(Some).collect()),
            Self::Matched { first, rate } => {
                let cells = sweeps[0].cell_bounds(*first).lower();
                let problem = matching(*rate, &cells);
                let problem = problem.ok_or_else(|| of_model(1, Error::UndefinedRate))?;
                let mut thresholds = vec![Some(*first)];
                for (model, choice) in (1..).zip(search(source, sweeps, 1, &problem, memory)?) {
                    let best = choice.found();
                    let best = best.ok_or_else(|| of_model(model, Error::UndefinedRate))?;
                    thresholds.push(best.threshold());
                }
                Ok(thresholds)
            }
            Self::Highest(metric) => {
                let choices = search(source, sweeps, 0, &highest(metric), memory)?;
                let thresholds = (0..).zip(choices).map(|(model, choice)| {
                    let best = choice.found();
                    let undefined = || Error::UndefinedMetric {
                        metric: Box::new(metric.clone()),
                    };
                    let best = best.ok_or_else(|| of_model(model, undefined()))?;
                    Ok(best.threshold())
                });
                thresholds.collect()
            }
        }
    }
}

fn highest(metric: &Metric) -> Problem {
    Problem::new(Objective::new(metric.clone(), Goal::Maximize))
}

/// Solves a problem for the models from some model on, in as many passes as it takes.
fn search<S: PairedSource + ?Sized>(
    source: &S,
    sweeps: &[PartialSweep],
    first_model: usize,
    problem: &Problem,
    memory: usize,
) -> Result<Vec<Choice>, S::Error> {
    /// What a bin of the first pass takes while it is kept.
    const BIN_BYTES: usize = 32;
    let memory = memory / sweeps.len();
    let searches = sweeps[first_model..]
        .iter()
        .map(|sweep| Search::of(sweep, [problem.clone()]));
    let searches = searches.collect::<cutpoint_metrics::Result<Vec<_>>>();
    let mut searches = searches.map_err(|error| source.error(error.into()))?;
    loop {
        let mut wanted = Vec::new();
        for (model, search) in (first_model..).zip(&mut searches) {
            let taken = search.n_bytes() + BIN_BYTES * sweeps[model].n_bins();
            let memory = memory.saturating_sub(taken).max(memory / 4);
            if let Step::NeedPass(ranges) = search.step(PartialSweepBuilder::max_ranges(memory)) {
                wanted.push((model, memory, ranges));
            }
        }
        if wanted.is_empty() {
            return Ok(searches.iter().flat_map(Search::choices).collect());
        }
        let of_models = wanted.iter().map(|(model, memory, ranges)| ModelSweep {
            model: *model,
            memory: *memory,
            plan: SweepPlan {
                ranges: ranges.into(),
                ..SweepPlan::default()
            },
        });
        let part = source.run(&PairedPass {
            sweeps: of_models.collect(),
            ..PairedPass::default()
        })?;
        let found = part.finish_sweeps().map_err(|error| source.error(error))?;
        for ((model, ..), sweep) in wanted.iter().zip(&found) {
            let fed = searches[model - first_model].feed(sweep);
            fed.map_err(|error| source.error(Error::of_model(*model, error)))?;
        }
    }
}
