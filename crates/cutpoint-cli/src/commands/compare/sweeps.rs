//! The first pass over the rows, which sweeps every model, and further ones where a threshold is to be found that did
//! not fit.
//!
//! It refuses to judge thresholds; `Search` does that.

use anyhow::{Context, bail};
use cutpoint_choose::{Choice as Chosen, Search, Step};
use cutpoint_core::Threshold;
use cutpoint_metrics::{
    Goal, Matched, Metric, Objective, PairedChoice, PartialSweep, PartialSweepBuilder, Problem,
    matching,
};

use super::input::Input;
use crate::mixed_up::TakenFor;

/// How each model comes to its threshold.
pub(super) enum Choice {
    Given(Vec<Threshold>),
    Matched { first: Threshold, rate: Matched },
    Best(Metric),
}

/// Sweeps every model, in equal parts of so much memory.
pub(super) fn sweeps(
    input: &mut Input,
    choice: &Choice,
    memory: usize,
) -> anyhow::Result<Vec<PartialSweep>> {
    let memory = memory / input.names().len();
    let builders = (0..input.names().len()).map(|model| match choice {
        // The rate to match has to be known to the last row.
        Choice::Matched { first, .. } if model == 0 => {
            PartialSweepBuilder::cut_at(memory, &[*first])
        }
        _ => PartialSweepBuilder::new(memory),
    });
    let mut builders = builders.collect::<Result<Vec<_>, _>>()?;
    input.for_each_block(|block| {
        for (builder, scores) in builders.iter_mut().zip(block) {
            builder.add(scores);
        }
        Ok(())
    })?;
    let partials = builders.into_iter().zip(input.names());
    let partials = partials.map(|(builder, name)| builder.finish().context(name.to_owned()));
    partials.collect()
}

impl Choice {
    /// What the thresholds that were named take scores for.
    pub(super) fn taken_for(&self) -> TakenFor {
        match self {
            Self::Given(thresholds) => TakenFor::by(thresholds.iter().copied()),
            Self::Matched { first, .. } => TakenFor::by([*first]),
            Self::Best(_) => TakenFor::Ranks,
        }
    }

    /// How the thresholds of a pair come from its rows; `None` if they were fixed beforehand.
    pub(super) fn of_rows(&self) -> Option<PairedChoice> {
        match self {
            Self::Given(_) => None,
            &Self::Matched { first, rate } => Some(PairedChoice::Matched { first, rate }),
            Self::Best(metric) => Some(PairedChoice::Best(Box::new(best(metric)))),
        }
    }

    /// The threshold of each model; `None` where it had better predict none.
    pub(super) fn thresholds(
        &self,
        input: &mut Input,
        partials: &[PartialSweep],
        memory: usize,
    ) -> anyhow::Result<Vec<Option<Threshold>>> {
        match self {
            Self::Given(thresholds) => Ok(thresholds.iter().copied().map(Some).collect()),
            Self::Matched { first, rate } => {
                let cells = partials[0].cell_bounds(*first).fewest();
                let undefined = "the rate to match is undefined: no row that counts is negative";
                let Some(problem) = matching(*rate, &cells) else {
                    bail!("{}: {undefined}", input.names().nth(1).unwrap_or_default());
                };
                let found = search(input, &partials[1..], 1, &problem, memory)?;
                let mut thresholds = vec![Some(*first)];
                for (chosen, name) in found.iter().zip(input.names().skip(1)) {
                    let Chosen::Found(best) = chosen else {
                        bail!("{name}: {undefined}");
                    };
                    thresholds.push(best.threshold());
                }
                Ok(thresholds)
            }
            Self::Best(metric) => {
                let found = search(input, partials, 0, &best(metric), memory)?;
                let best = found.iter().zip(input.names()).map(|(chosen, name)| {
                    let Chosen::Found(best) = chosen else {
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

fn best(metric: &Metric) -> Problem {
    Problem::new(Objective::new(metric.clone(), Goal::Maximize))
}

/// Solves a problem for some of the models, the first of which is told, in as many passes as it takes.
fn search(
    input: &mut Input,
    partials: &[PartialSweep],
    first_model: usize,
    problem: &Problem,
    memory: usize,
) -> anyhow::Result<Vec<Chosen>> {
    /// What a bin of the first pass takes while it is kept.
    const BIN_BYTES: usize = 32;
    let memory = memory / input.names().len();
    let searches = partials
        .iter()
        .map(|partial| Search::of(partial, [problem.clone()]));
    let mut searches = searches.collect::<Result<Vec<_>, _>>()?;
    loop {
        let mut builders = Vec::new();
        for (model, search) in searches.iter_mut().enumerate() {
            let taken = search.n_bytes() + BIN_BYTES * partials[model].n_bins();
            let memory = memory.saturating_sub(taken).max(memory / 4);
            if let Step::NeedPass(ranges) = search.step(PartialSweepBuilder::max_ranges(memory)) {
                builders.push((model, PartialSweepBuilder::within(memory, &ranges)?));
            }
        }
        if builders.is_empty() {
            return Ok(searches.iter().flat_map(Search::choices).collect());
        }
        input.for_each_block(|block| {
            for (model, builder) in &mut builders {
                builder.add(&block[first_model + *model]);
            }
            Ok(())
        })?;
        for (model, builder) in builders {
            let name = || {
                input
                    .names()
                    .nth(first_model + model)
                    .unwrap_or_default()
                    .to_owned()
            };
            let pass = builder.finish().with_context(name)?;
            searches[model].feed(&pass).with_context(name)?;
        }
    }
}
