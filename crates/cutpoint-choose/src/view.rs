//! The rows of a source that a question is about, and the passes that questions are made of.

use std::borrow::Cow;

use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{
    CostBootstrapRows, PartialSweep, PartialSweepBuilder, Result, ScoreRange, Sweep,
    WeightedBootstrapRows,
};

use crate::folds::{RowCounts, RowFilter};
use crate::{
    Classes, CostSpec, Counted, Error, KeptPart, Pass, PassPart, RowSample, RowSource, SamplePlan,
    SweepPlan,
};

/// The rows of a source that a question is about, and what they cost, if they cost by themselves.
#[derive(Debug)]
pub struct View<'s, S> {
    /// Where they are.
    pub source: &'s S,
    /// Which of them take part.
    pub rows: RowFilter<'s>,
    /// What they cost.
    pub costs: Option<&'s CostSpec>,
}

impl<S> Clone for View<'_, S> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<S> Copy for View<'_, S> {}

/// Rows as a bootstrap draws them.
#[derive(Debug, Clone)]
pub enum KeptRows<'p> {
    /// With weights.
    Weighted(WeightedBootstrapRows<'p>),
    /// With what they cost.
    Priced(CostBootstrapRows<'p>),
}

/// What one pass over all rows gives.
#[derive(Debug, Clone)]
pub struct Swept {
    /// The sweep; of all scores, if these fit into the memory.
    pub partial: PartialSweep,
    /// What the classes are called.
    pub classes: Classes,
}

impl Swept {
    /// Negative and positive.
    pub fn labels(&self) -> &[Label; 2] {
        &self.classes.labels
    }
}

impl<'s, S: RowSource> View<'s, S> {
    /// All rows.
    pub fn of(source: &'s S) -> Self {
        Self {
            source,
            rows: RowFilter::All,
            costs: None,
        }
    }

    /// The same rows, which cost by themselves.
    #[must_use]
    pub fn with_costs(self, costs: Option<&'s CostSpec>) -> Self {
        Self { costs, ..self }
    }

    /// Others of the rows.
    #[must_use]
    pub fn with_rows(self, rows: RowFilter<'s>) -> Self {
        Self { rows, ..self }
    }

    /// A pass over these rows, which finds out nothing yet.
    pub fn pass<'p>(&self, memory: usize) -> Pass<'p>
    where
        's: 'p,
    {
        Pass {
            fold: self.rows.of_pass(),
            costs: self.costs.map(Cow::Borrowed),
            ..Pass::within(memory)
        }
    }

    /// Sweeps the rows; the matrices at some thresholds are exact, whatever the memory is.
    ///
    /// # Errors
    /// Those of [`RowSource::run`].
    ///
    /// # Panics
    /// If the source leaves out what a pass asks for.
    pub fn sweep(&self, memory: usize, cut_at: &[Threshold]) -> Result<Swept, S::Error> {
        let mut pass = self.pass(memory);
        pass.sweep = Some(SweepPlan {
            cut_at: cut_at.into(),
            ..SweepPlan::default()
        });
        let part = self.source.run(&pass)?;
        let classes = part.classes.clone();
        Ok(Swept {
            partial: self.swept(part)?,
            classes,
        })
    }

    fn swept(&self, part: PassPart) -> Result<PartialSweep, S::Error> {
        let sweep = part.sweep.expect("a sweep was asked for");
        sweep
            .finish()
            .map_err(|error| self.source.error(error.into()))
    }

    /// Sweeps the rows in some ranges of scores.
    ///
    /// # Errors
    /// Those of [`RowSource::run`], and of [`RowSource::refuse_second_pass`]: which ranges matter is known of a pass.
    ///
    /// # Panics
    /// If the source leaves out what a pass asks for.
    pub fn sweep_within(
        &self,
        memory: usize,
        ranges: &[ScoreRange],
    ) -> Result<PartialSweep, S::Error> {
        self.source.refuse_second_pass()?;
        let mut pass = self.pass(memory);
        pass.sweep = Some(SweepPlan {
            ranges: ranges.into(),
            ..SweepPlan::default()
        });
        self.swept(self.source.run(&pass)?)
    }

    /// Counts the rows at some thresholds, in one pass; where nothing is predicted positive, for `None`.
    ///
    /// # Errors
    /// Those of [`RowSource::run`].
    pub fn count_at(
        &self,
        thresholds: &[Option<Threshold>],
    ) -> Result<(Vec<Counted>, Classes), S::Error> {
        let mut pass = self.pass(0);
        pass.count_at = thresholds.into();
        let part = self.source.run(&pass)?;
        Ok((part.counted, part.classes))
    }

    /// The rows as a bootstrap draws them, by their places in a sweep; `None` if they take more than the memory.
    ///
    /// # Errors
    /// Those of [`RowSource::run`], and of [`RowSource::refuse_second_pass`]: the sweep is known of a pass.
    pub fn keep_in<'p>(
        &self,
        sweep: &'p Sweep,
        memory: usize,
    ) -> Result<Option<KeptRows<'p>>, S::Error> {
        self.source.refuse_second_pass()?;
        let mut pass = self.pass(memory);
        pass.keep_in = Some(sweep.thresholds().into());
        let kept = self.source.run(&pass)?.kept;
        let kept = kept.map(|kept| match kept {
            KeptPart::Weighted(part) => {
                WeightedBootstrapRows::of_part(sweep, part).map(KeptRows::Weighted)
            }
            KeptPart::Priced(part) => CostBootstrapRows::of_part(sweep, part).map(KeptRows::Priced),
        });
        kept.transpose()
            .map_err(|error| self.source.error(error.into()))
    }

    /// How many rows of each class the source has, whether or not they take part, in one pass.
    pub(crate) fn count_rows(&self) -> Result<RowCounts, S::Error> {
        Ok(self.source.run(&Pass::within(0))?.rows)
    }

    /// Some of the rows by themselves.
    ///
    /// # Errors
    /// - Those of [`RowSource::run`], and of [`RowSource::refuse_second_pass`]: the scores are known of a pass.
    /// - [`Error::RowOrder`] if workers do not know where their rows begin.
    ///
    /// # Panics
    /// If the source leaves out what a pass asks for.
    pub fn sample(&self, plan: SamplePlan<'_>) -> Result<RowSample, S::Error> {
        self.source.refuse_second_pass()?;
        let mut pass = self.pass(0);
        pass.sample = Some(plan);
        let part = self.source.run(&pass)?;
        if part.rows.is_first_twice() {
            return Err(self.source.error(Error::RowOrder));
        }
        Ok(part.sample.expect("rows were asked for"))
    }

    pub(crate) fn refuse_second_pass(&self) -> Result<(), S::Error> {
        self.source.refuse_second_pass()
    }

    /// How many ranges of scores a pass can tell apart in so much memory.
    pub fn max_ranges(&self, memory: usize) -> usize {
        match self.costs {
            Some(_) => PartialSweepBuilder::max_ranges_with_costs(memory),
            None => PartialSweepBuilder::max_ranges(memory),
        }
    }
}
