//! One pass over rows: what it is to find out, who does so block by block, and what comes out.

use std::borrow::Cow;

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    CellSums, CellTally, Cells, CostBootstrapPart, CostTally, Error, MovesBuilder,
    PartialSweepBuilder, Result, RowCosts, ScoreSurveyBuilder, WeightedBootstrapPart,
};
use serde::{Deserialize, Serialize};

use crate::fingerprint::fingerprint;
use crate::folds::{FoldRows, RowCounts};
use crate::group_pass::{GroupParts, GroupPlan, GroupWorker};
use crate::row_sample::SampleWorker;
use crate::sweep_plan::{SweepPlan, add_to};
use crate::{Block, Classes, CostSpec, RowSample, SamplePlan, class_bytes};

/// What a pass over the rows of a source is to find out; what is left out is not looked for.
///
/// # Examples
/// ```
/// use cutpoint_choose::{Pass, RowSource, SweepPlan};
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::sweep;
///
/// let rows = Scores::new(vec![true, false, true], vec![0.9, 0.4, 0.3])?;
/// let mut pass = Pass::within(1 << 20);
/// pass.sweep = Some(SweepPlan::default());
/// pass.count_at = vec![Some(Threshold::HALF)].into();
/// let part = rows.run(&pass)?;
/// assert_eq!(part.counted[0].cells().tp(), 1.0);
/// assert_eq!(part.sweep.expect("asked for").finish()?.edges(), &sweep(&rows));
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
pub struct Pass<'p> {
    /// The most bytes that what is found may take.
    pub memory: usize,
    /// The rows of which fold take part, or of which others; all for `None`.
    pub fold: Option<FoldRows<'p>>,
    /// What rows cost, if they cost by themselves.
    pub costs: Option<Cow<'p, CostSpec>>,
    /// The sweep of the rows.
    pub sweep: Option<SweepPlan<'p>>,
    /// The cells at these thresholds, and where nothing is predicted positive for `None`.
    pub count_at: Cow<'p, [Option<Threshold>]>,
    /// The cells at this threshold, with what tells how sure sums of weights are.
    pub sums_at: Option<Threshold>,
    /// The sweep of each group.
    pub groups: Option<GroupPlan<'p>>,
    /// The rows as a bootstrap draws them, by their places among these thresholds, which descend.
    pub keep_in: Option<Cow<'p, [f64]>>,
    /// What moves between the cells when the threshold moves from the first of these to the second.
    pub moves: Option<[Threshold; 2]>,
    /// Whether the scores look like what they are taken for.
    pub with_survey: bool,
    /// Some rows by themselves.
    pub sample: Option<SamplePlan<'p>>,
}

/// What a pass found, or a part of it: what several workers found, each in some of the rows, merges into what one would
/// have found in all of them, whichever rows were whose and whoever comes first.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PassPart {
    /// What tells the pass from others.
    pass: u64,
    /// The most bytes that rows may take that are kept.
    pub(crate) memory: usize,
    /// How many rows there are, whether or not they take part.
    pub rows: RowCounts,
    /// The sweep of the rows, which has yet to be finished.
    pub sweep: Option<PartialSweepBuilder>,
    /// The rows at each threshold that was asked for.
    pub counted: Vec<Counted>,
    /// The cells, and how sure they are.
    pub sums: Option<CellSums>,
    /// The groups, which have yet to be finished.
    pub groups: Option<GroupParts>,
    /// The rows as a bootstrap draws them; `None` if they take more than the memory.
    pub kept: Option<KeptPart>,
    /// What moves between the cells.
    pub moves: Option<MovesBuilder>,
    /// What is known of the scores.
    pub survey: Option<ScoreSurveyBuilder>,
    /// The rows that were asked for by themselves.
    pub sample: Option<RowSample>,
    /// What the classes are called.
    #[serde(with = "class_bytes")]
    pub classes: Classes,
}

/// Rows as a bootstrap draws them, apart from the sweep that they are placed in: who asked for them has it.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub enum KeptPart {
    /// With weights.
    Weighted(WeightedBootstrapPart),
    /// With what they cost.
    Priced(CostBootstrapPart),
}

impl PassPart {
    /// Takes over what was found in other rows.
    ///
    /// # Errors
    /// [`cutpoint_metrics::Error::PartsDiffer`] for a part of another pass, or whose classes are called otherwise;
    /// nothing was taken over then.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        if self.pass != other.pass {
            return Err(Error::PartsDiffer { name: "pass" });
        }
        if self.counted.len() != other.counted.len() {
            return Err(Error::PartsDiffer { name: "count_at" });
        }
        self.classes.merge(other.classes)?;
        self.rows.merge(other.rows);
        for (own, counted) in self.counted.iter_mut().zip(&other.counted) {
            own.merge(counted);
        }
        match (&mut self.sweep, other.sweep) {
            (Some(own), Some(sweep)) => own.merge(sweep)?,
            (None, None) => {}
            _ => return Err(Error::PartsDiffer { name: "sweep" }),
        }
        match (&mut self.sums, &other.sums) {
            (Some(own), Some(sums)) => own.merge(sums)?,
            (None, None) => {}
            _ => return Err(Error::PartsDiffer { name: "sums_at" }),
        }
        match (&mut self.groups, other.groups) {
            (Some(own), Some(groups)) => own.merge(groups)?,
            (None, None) => {}
            _ => return Err(Error::PartsDiffer { name: "groups" }),
        }
        match (&mut self.moves, &other.moves) {
            (Some(own), Some(moves)) => own.merge(moves)?,
            (None, None) => {}
            _ => return Err(Error::PartsDiffer { name: "moves" }),
        }
        match (&mut self.survey, &other.survey) {
            (Some(own), Some(survey)) => own.merge(survey),
            (None, None) => {}
            _ => return Err(Error::PartsDiffer { name: "survey" }),
        }
        match (&mut self.sample, other.sample) {
            (Some(own), Some(sample)) => own.merge(sample),
            (None, None) => {}
            _ => return Err(Error::PartsDiffer { name: "sample" }),
        }
        self.kept = match (self.kept.take(), other.kept) {
            (Some(mut own), Some(kept)) => {
                own.merge(kept)?;
                Some(own)
            }
            // Some of them alone were too many, or none was asked for.
            _ => None,
        };
        self.keep_within_memory();
        Ok(())
    }

    fn keep_within_memory(&mut self) {
        if let Some(kept) = &self.kept
            && kept.n_bytes() > self.memory
        {
            self.kept = None;
        }
    }
}

impl KeptPart {
    fn merge(&mut self, other: Self) -> Result<()> {
        match (self, other) {
            (Self::Weighted(own), Self::Weighted(kept)) => own.merge(kept),
            (Self::Priced(own), Self::Priced(kept)) => own.merge(kept),
            _ => Err(Error::PartsDiffer { name: "costs" }),
        }
    }

    fn n_bytes(&self) -> usize {
        match self {
            Self::Weighted(kept) => kept.n_bytes(),
            Self::Priced(kept) => kept.n_bytes(),
        }
    }
}

/// The rows at a threshold.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct Counted {
    cells: CellTally,
    costs: CostTally,
}

impl Counted {
    /// The cells.
    pub fn cells(&self) -> Cells {
        self.cells.cells()
    }

    /// What the rows cost by themselves; nothing was added if they do not.
    pub fn costs(&self) -> &CostTally {
        &self.costs
    }

    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.cells.merge(&other.cells);
        self.costs.merge(&other.costs);
    }

    fn add(
        &mut self,
        rows: &Scores,
        costs: Option<&RowCosts>,
        threshold: Option<Threshold>,
    ) -> Result<()> {
        self.cells.add(rows, threshold);
        match costs {
            Some(costs) => self.costs.add(rows, costs, threshold),
            None => Ok(()),
        }
    }
}

impl Pass<'_> {
    /// A pass that finds out nothing yet, within so many bytes.
    pub fn within(memory: usize) -> Self {
        Self {
            memory,
            ..Self::default()
        }
    }

    /// Begins to answer it for rows that come block by block, in the order of their source.
    ///
    /// # Errors
    /// Those of [`PartialSweepBuilder::new`] and [`PartialSweepBuilder::within`].
    pub fn begin(&self) -> Result<PassWorker<'_>> {
        self.begin_at([0, 0])
    }

    /// The same for a worker who has some of the rows; `rows_before`: how many negative and positive rows come before
    /// its own in the order of all. Folds and the places of rows by themselves depend on that: where two workers say
    /// that they have the first row, neither is told ([`Error::RowOrder`](crate::Error::RowOrder)).
    ///
    /// # Errors
    /// As [`Pass::begin`].
    pub fn begin_at(&self, rows_before: [usize; 2]) -> Result<PassWorker<'_>> {
        let sweep = self
            .sweep
            .as_ref()
            .map(|plan| plan.builder(self.memory))
            .transpose()?;
        let kept = self.keep_in.as_ref().map(|thresholds| match self.costs {
            Some(_) => KeptPart::Priced(CostBootstrapPart::new(thresholds.len())),
            None => KeptPart::Weighted(WeightedBootstrapPart::new(thresholds.len())),
        });
        let groups = self
            .groups
            .as_ref()
            .map(|plan| GroupWorker::new(plan, self.memory));
        Ok(PassWorker {
            pass: fingerprint(self),
            memory: self.memory,
            costs: self.costs.as_deref(),
            count_at: &self.count_at,
            keep_in: self.keep_in.as_deref().unwrap_or_default(),
            counted: vec![Counted::default(); self.count_at.len()],
            fold: self.fold.as_ref(),
            rows_before,
            rows: RowCounts::default(),
            sweep,
            sums: self.sums_at.map(CellSums::new),
            kept,
            groups: groups.transpose()?,
            moves: self.moves.map(|[from, to]| MovesBuilder::new(from, to)),
            survey: self.with_survey.then(ScoreSurveyBuilder::default),
            sample: self.sample.as_ref().map(SampleWorker::new),
        })
    }
}

/// Who answers a pass.
#[derive(Debug)]
pub struct PassWorker<'p> {
    pass: u64,
    memory: usize,
    costs: Option<&'p CostSpec>,
    count_at: &'p [Option<Threshold>],
    keep_in: &'p [f64],
    counted: Vec<Counted>,
    fold: Option<&'p FoldRows<'p>>,
    /// Of either class, before the first row of this worker.
    rows_before: [usize; 2],
    rows: RowCounts,
    sweep: Option<PartialSweepBuilder>,
    sums: Option<CellSums>,
    kept: Option<KeptPart>,
    groups: Option<GroupWorker<'p>>,
    moves: Option<MovesBuilder>,
    survey: Option<ScoreSurveyBuilder>,
    sample: Option<SampleWorker>,
}

impl PassWorker<'_> {
    /// Adds some rows, which follow those before.
    ///
    /// # Errors
    /// - What is wrong with the costs of the rows; [`cutpoint_metrics::Error::AmountColumns`] for other columns of
    ///   amounts than they name.
    /// - [`cutpoint_metrics::Error::Input`] for amounts or ids of another number of rows.
    /// - [`cutpoint_metrics::Error::NoGroup`] for rows without a group where the pass tells groups apart.
    /// - [`cutpoint_metrics::Error::PassDiffers`] for more rows than were divided into folds.
    pub fn add(&mut self, block: &Block<'_>) -> Result<()> {
        self.check(block)?;
        let n_rows = self.rows.n_rows;
        self.rows.add(block.scores, self.rows_before);
        let rows_before = [0, 1].map(|class| self.rows_before[class] + n_rows[class]);
        let n_before = rows_before.iter().sum::<usize>();
        let Some(fold) = self.fold else {
            return self.add_rows(block, |row| (n_before + row) as u64);
        };
        let Some((rows, places)) = fold.of_block(block.scores, rows_before)? else {
            return Ok(());
        };
        let pick = |amounts: &Vec<f64>| places.iter().map(|&row| amounts[row]).collect();
        let amounts = block.amounts.iter().map(pick).collect::<Vec<_>>();
        let ids = match block.ids {
            [] => Vec::new(),
            ids => places.iter().map(|&row| ids[row]).collect(),
        };
        let kept = Block {
            scores: &rows,
            amounts: &amounts,
            ids: &ids,
            group: block.group,
        };
        self.add_rows(&kept, |row| (n_before + places[row]) as u64)
    }

    fn check(&self, block: &Block<'_>) -> Result<()> {
        if let Some(costs) = self.costs {
            let (expected, got) = (costs.columns().count(), block.amounts.len());
            if expected != got {
                return Err(Error::AmountColumns { expected, got });
            }
        }
        if self.groups.is_some() && block.group.is_none() {
            return Err(Error::NoGroup);
        }
        let n_samples = block.scores.n_samples();
        let amounts = block
            .amounts
            .iter()
            .map(|amounts| ("amounts", amounts.len()));
        let ids = Some(("ids", block.ids.len())).filter(|_| !block.ids.is_empty());
        match amounts.chain(ids).find(|(_, length)| *length != n_samples) {
            None => Ok(()),
            Some((name, got)) => Err(cutpoint_core::Error::Length {
                name,
                expected: n_samples,
                got,
            }
            .into()),
        }
    }

    fn add_rows(&mut self, block: &Block<'_>, place_of: impl Fn(usize) -> u64) -> Result<()> {
        let rows = block.scores;
        let costs = self
            .costs
            .map(|costs| costs.of_rows(rows, block.amounts))
            .transpose()?;
        let costs = costs.as_ref();
        if let Some(builder) = &mut self.sweep {
            add_to(builder, rows, costs)?;
        }
        for (counted, &threshold) in self.counted.iter_mut().zip(self.count_at) {
            counted.add(rows, costs, threshold)?;
        }
        if let Some(sums) = &mut self.sums {
            sums.add(rows);
        }
        if let Some(groups) = &mut self.groups {
            groups.add(block.group.unwrap_or_default(), rows, costs)?;
        }
        if let Some(moves) = &mut self.moves {
            moves.add(rows);
        }
        if let Some(survey) = &mut self.survey {
            survey.add(rows);
        }
        if let Some(sample) = &mut self.sample {
            sample.add(block, place_of);
        }
        match (&mut self.kept, costs) {
            (Some(KeptPart::Priced(kept)), Some(costs)) => kept.add(self.keep_in, rows, costs)?,
            (Some(KeptPart::Weighted(kept)), _) => kept.add(self.keep_in, rows),
            _ => {}
        }
        if let Some(kept) = &self.kept
            && kept.n_bytes() > self.memory
        {
            self.kept = None;
        }
        Ok(())
    }

    /// What was found. `classes`: what they are called, which may be known after the last row only.
    pub fn finish(mut self, classes: Classes) -> PassPart {
        if let Some(sweep) = &mut self.sweep {
            sweep.settle();
        }
        PassPart {
            pass: self.pass,
            memory: self.memory,
            rows: self.rows,
            sweep: self.sweep,
            counted: self.counted,
            sums: self.sums,
            groups: self.groups.map(GroupWorker::finish),
            kept: self.kept,
            moves: self.moves,
            survey: self.survey,
            sample: self.sample.map(SampleWorker::finish),
            classes,
        }
    }
}
