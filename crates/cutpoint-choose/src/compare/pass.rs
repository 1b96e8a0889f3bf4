//! One pass over rows that several models scored: what it is to find out, who does so block by block, and what comes
//! out. Where such rows are is not known here.

use std::borrow::Cow;

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::Error::PartsDiffer;
use cutpoint_metrics::{
    DelongPart, DelongRows, PairedChoice, PairedChoicePart, PairedRows, PartialSweep,
    PartialSweepBuilder,
};
use serde::{Deserialize, Serialize};

use crate::{Classes, Error, Result, SweepPlan, class_bytes};

/// The scores that several models gave to the same rows, which can be read as often as need be: in memory, in files, or
/// on other machines.
///
/// What a pass is to find out is plain data ([`PairedPass`]), and so is the answer ([`PairedPart`]), whose parts merge,
/// as for a [`RowSource`](crate::RowSource) of one model.
pub trait PairedSource {
    /// What can go wrong. What is wrong with the rows themselves comes through [`PairedSource::error`].
    type Error;

    /// What the models are called; the others are compared with the first.
    fn names(&self) -> Vec<String>;

    /// Reads all rows once.
    ///
    /// # Errors
    /// If the rows cannot be read, or not once more, or are not the same for all models; and as [`PairedSource::error`]
    /// words what a pass finds wrong.
    fn run(&self, pass: &PairedPass<'_>) -> Result<PairedPart, Self::Error>;

    /// What is wrong with a question about the rows, in the words of the source, which knows what models are called.
    fn error(&self, error: Error) -> Self::Error;
}

/// What a pass over the rows of several models is to find out.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct PairedPass<'p> {
    /// Sweeps of single models.
    pub sweeps: Vec<ModelSweep<'p>>,
    /// The first model beside others.
    pub pairs: Vec<PairPlan>,
    /// The sweeps that the rows of pairs are placed in, of each model from the first to the last of a pair.
    pub swept: Cow<'p, [PartialSweep]>,
    /// How the thresholds of pairs came from the rows, if a bootstrap is to choose them in each resample; the sweeps
    /// are exact then.
    pub choice: Option<Cow<'p, PairedChoice>>,
    /// The most bytes that the pairs may take.
    pub memory: usize,
}

/// The sweep of a model.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ModelSweep<'p> {
    /// The model, from 0.
    pub model: usize,
    /// The most bytes that its bins may take.
    pub memory: usize,
    /// Which scores, and where cells are exact.
    pub plan: SweepPlan<'p>,
}

/// The first model and another, each at a threshold.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
pub struct PairPlan {
    /// The other, from 1.
    pub second: usize,
    /// The threshold of each.
    pub thresholds: [Threshold; 2],
}

/// What a pass found, or a part of it: what several workers found, each in some of the rows, merges into what one would
/// have found in all of them, whichever rows were whose and whoever comes first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairedPart {
    /// The most bytes that the pairs may take.
    memory: usize,
    /// The sweeps that were asked for, which have yet to be finished, by model.
    pub sweeps: Vec<(usize, PartialSweepBuilder)>,
    /// The pairs that were asked for.
    pub pairs: Vec<PairPart>,
    /// What the classes are called.
    #[serde(with = "class_bytes")]
    pub classes: Classes,
}

/// The rows of the first model and of another, apart from the sweeps that they are placed in: who asked for them has
/// these.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairPart {
    /// The cells of both, and what a bootstrap at these thresholds draws from.
    pub rows: PairedRows,
    /// What a bootstrap that chooses thresholds in each resample draws from, if one was asked for.
    pub chosen: Option<PairedChoicePart>,
    /// What DeLong's test takes; `None` of weights, and of a class with a single row.
    pub delong: Option<DelongPart>,
}

impl PairedPart {
    /// The sweeps of all rows.
    pub(super) fn finish_sweeps(self) -> Result<Vec<PartialSweep>> {
        let sweeps = self.sweeps.into_iter().map(|(model, builder)| {
            let sweep = builder.finish();
            sweep.map_err(|error| Error::of_model(model, error))
        });
        sweeps.collect()
    }

    /// Takes over what was found in other rows.
    ///
    /// # Errors
    /// - [`cutpoint_metrics::Error::PartsDiffer`] for a part of another pass.
    /// - [`Error::KeptWeights`] where a bootstrap has to keep more weights than fit.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        let models = |part: &Self| {
            part.sweeps
                .iter()
                .map(|(model, _)| *model)
                .collect::<Vec<_>>()
        };
        if models(self) != models(&other) {
            return Err(PartsDiffer { name: "sweeps" }.into());
        }
        if (self.memory, self.pairs.len()) != (other.memory, other.pairs.len()) {
            return Err(PartsDiffer { name: "pairs" }.into());
        }
        self.classes.merge(other.classes)?;
        for ((_, own), (_, sweep)) in self.sweeps.iter_mut().zip(other.sweeps) {
            own.merge(sweep)?;
        }
        for (own, pair) in self.pairs.iter_mut().zip(other.pairs) {
            own.merge(pair)?;
        }
        check_memory(self.pairs.iter().map(|pair| &pair.rows), self.memory)
    }
}

impl PairPart {
    fn merge(&mut self, other: Self) -> Result<()> {
        self.rows.merge(other.rows)?;
        match (&mut self.chosen, other.chosen) {
            (Some(own), Some(chosen)) => own.merge(chosen)?,
            (None, None) => {}
            _ => return Err(PartsDiffer { name: "choice" }.into()),
        }
        match (&mut self.delong, other.delong) {
            (Some(own), Some(delong)) => own.merge(delong),
            (None, None) => {}
            _ => return Err(PartsDiffer { name: "sweeps" }.into()),
        }
        Ok(())
    }
}

/// Refuses pairs that keep more weights than fit.
fn check_memory<'r>(pairs: impl Iterator<Item = &'r PairedRows>, memory: usize) -> Result<()> {
    if pairs.map(PairedRows::n_bytes).sum::<usize>() > memory {
        return Err(Error::KeptWeights);
    }
    Ok(())
}

impl PairedPass<'_> {
    /// Begins to answer it for rows that come block by block, in the same order for all models.
    ///
    /// # Errors
    /// - Those of [`PartialSweepBuilder::new`] and [`PartialSweepBuilder::within`].
    /// - [`Error::NoModel`] for a pair of a model whose sweep is not there.
    /// - [`cutpoint_metrics::Error::WeightedRows`] where only the second sweep of a pair is of weights.
    pub fn begin(&self) -> Result<PairedWorker<'_>> {
        let sweeps = self
            .sweeps
            .iter()
            .map(|sweep| Ok((sweep.model, sweep.plan.builder(sweep.memory)?)));
        let pairs = self.pairs.iter().map(|plan| PairWorker::new(self, plan));
        Ok(PairedWorker {
            sweeps: sweeps.collect::<Result<_>>()?,
            pairs: pairs.collect::<Result<_>>()?,
            memory: self.memory,
        })
    }

    /// The sweeps of both models of a pair.
    pub(super) fn sweeps_of(&self, plan: &PairPlan) -> Result<[&PartialSweep; 2]> {
        match [0, plan.second].map(|model| self.swept.get(model)) {
            [Some(first), Some(second)] => Ok([first, second]),
            _ => Err(Error::NoModel {
                model: plan.second,
                n_models: self.swept.len(),
            }),
        }
    }
}

/// Who answers a pass.
#[derive(Debug, Clone)]
pub struct PairedWorker<'p> {
    /// By model.
    sweeps: Vec<(usize, PartialSweepBuilder)>,
    pairs: Vec<PairWorker<'p>>,
    memory: usize,
}

#[derive(Debug, Clone)]
struct PairWorker<'p> {
    second: usize,
    sweeps: [&'p PartialSweep; 2],
    rows: PairedRows,
    chosen: Option<(Option<Threshold>, PairedChoicePart)>,
    delong: Option<DelongRows<'p>>,
}

impl<'p> PairWorker<'p> {
    fn new(pass: &'p PairedPass<'_>, plan: &PairPlan) -> Result<Self> {
        let sweeps = pass.sweeps_of(plan)?;
        let n_thresholds = sweeps.map(|sweep| sweep.edges().n_thresholds());
        let chosen = pass.choice.as_ref();
        Ok(Self {
            second: plan.second,
            sweeps,
            rows: PairedRows::new(plan.thresholds[0], plan.thresholds[1]),
            chosen: chosen.map(|choice| (choice.fixed(), PairedChoicePart::new(n_thresholds))),
            delong: delong_rows(sweeps)?,
        })
    }

    fn add(&mut self, first: &Scores, second: &Scores) -> Result<()> {
        self.rows.add(first, second)?;
        if let Some((fixed, chosen)) = &mut self.chosen {
            let thresholds = self.sweeps.map(|sweep| sweep.edges().thresholds());
            chosen.add(*fixed, thresholds, first, second)?;
        }
        if let Some(delong) = &mut self.delong {
            delong.add(first, second)?;
        }
        Ok(())
    }

    fn finish(self) -> PairPart {
        PairPart {
            rows: self.rows,
            chosen: self.chosen.map(|(_, chosen)| chosen),
            delong: self.delong.map(DelongRows::into_part),
        }
    }
}

/// What DeLong's test starts from; `None` of weights, and of a class with a single row.
pub(super) fn delong_rows([first, second]: [&PartialSweep; 2]) -> Result<Option<DelongRows<'_>>> {
    if first.is_weighted() {
        return Ok(None);
    }
    Ok(DelongRows::new(first, second)?)
}

/// The scores of a model in a block.
fn of_model(block: &[Scores], model: usize) -> Result<&Scores> {
    let n_models = block.len();
    block.get(model).ok_or(Error::NoModel { model, n_models })
}

impl PairedWorker<'_> {
    /// Adds some rows as every model scored them, which follow those before.
    ///
    /// # Errors
    /// - What is wrong with the rows of a pair, as that they are not the same.
    /// - [`Error::NoModel`] for a block without a model that the pass asks of.
    /// - [`Error::KeptWeights`] where a bootstrap has to keep more weights than fit.
    pub fn add(&mut self, block: &[Scores]) -> Result<()> {
        for (model, builder) in &mut self.sweeps {
            builder.add(of_model(block, *model)?);
        }
        for pair in &mut self.pairs {
            pair.add(of_model(block, 0)?, of_model(block, pair.second)?)?;
        }
        check_memory(self.pairs.iter().map(|pair| &pair.rows), self.memory)
    }

    /// What was found. `classes`: what they are called, which may be known after the last row only.
    pub fn finish(mut self, classes: Classes) -> PairedPart {
        for (_, builder) in &mut self.sweeps {
            builder.settle();
        }
        PairedPart {
            memory: self.memory,
            sweeps: self.sweeps,
            pairs: self.pairs.into_iter().map(PairWorker::finish).collect(),
            classes,
        }
    }
}

/// Scores in memory, one a model, whose classes are called 0 and 1.
impl PairedSource for [Scores] {
    type Error = Error;

    fn names(&self) -> Vec<String> {
        (1..=self.len())
            .map(|number| format!("model {number}"))
            .collect()
    }

    fn run(&self, pass: &PairedPass<'_>) -> Result<PairedPart> {
        let mut worker = pass.begin()?;
        worker.add(self)?;
        Ok(worker.finish(Classes::in_memory(&self[0])))
    }

    fn error(&self, error: Error) -> Error {
        error
    }
}
