//! One pass over rows: what it is to find out, who does so block by block, and what comes out.

use cutpoint_core::{Scores, Threshold};
use cutpoint_metrics::{
    Cells, CostTally, MovesBuilder, PartialSweep, PartialSweepBuilder, PlacedRows, PricedRows,
    Result, RowCosts, ScoreSurveyBuilder, Sweep, confusion_at,
};

use crate::folds::{FoldDealer, RowFilter, keep};
use crate::group_pass::{GroupParts, GroupPlan, GroupWorker};
use crate::sweep_plan::{SweepPlan, add_to};
use crate::{Block, Classes, CostSpec};

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
/// pass.count_at = &[Some(Threshold::HALF)];
/// let part = rows.run(&pass)?;
/// assert_eq!(part.sweep.expect("asked for").edges(), &sweep(&rows));
/// assert_eq!(part.counted[0].cells.tp(), 1.0);
/// # Ok::<(), cutpoint_choose::Error>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Pass<'p> {
    /// The most bytes that what is found may take.
    pub memory: usize,
    /// Which rows take part.
    pub rows: RowFilter,
    /// What rows cost, if they cost by themselves.
    pub costs: Option<&'p CostSpec>,
    /// The sweep of the rows.
    pub sweep: Option<SweepPlan<'p>>,
    /// The cells at these thresholds, and where nothing is predicted positive for `None`.
    pub count_at: &'p [Option<Threshold>],
    /// The sweep of each group.
    pub groups: Option<GroupPlan<'p>>,
    /// The rows as a bootstrap draws them, by their places in this sweep.
    pub keep_in: Option<&'p Sweep>,
    /// What moves between the cells when the threshold moves from the first of these to the second.
    pub moves: Option<[Threshold; 2]>,
    /// Whether the scores look like what they are taken for.
    pub with_survey: bool,
}

/// What a pass found, or a part of it.
#[derive(Debug, Clone)]
pub struct PassPart<'p> {
    /// The sweep of the rows.
    pub sweep: Option<PartialSweep>,
    /// The rows at each threshold that was asked for.
    pub counted: Vec<Counted>,
    /// The groups.
    pub groups: Option<GroupParts>,
    /// The rows as a bootstrap draws them; `None` if they take more than the memory.
    pub kept: Option<KeptRows<'p>>,
    /// What moves between the cells.
    pub moves: Option<MovesBuilder>,
    /// What is known of the scores.
    pub survey: Option<ScoreSurveyBuilder>,
    /// What the classes are called.
    pub classes: Classes,
}

/// Rows as a bootstrap draws them.
#[derive(Debug, Clone)]
pub enum KeptRows<'p> {
    /// With weights.
    Weighted(PlacedRows<'p>),
    /// With what they cost.
    Priced(PricedRows<'p>),
}

/// The rows at a threshold.
#[derive(Debug, Clone)]
pub struct Counted {
    /// The cells.
    pub cells: Cells,
    /// What the rows cost by themselves; nothing was added if they do not.
    pub costs: CostTally,
}

impl Default for Counted {
    fn default() -> Self {
        Self {
            cells: Cells::from_counts(0, 0, 0, 0),
            costs: CostTally::default(),
        }
    }
}

impl Counted {
    /// Adds what was counted elsewhere.
    pub fn merge(&mut self, other: &Self) {
        self.cells = self.cells + other.cells;
        self.costs.merge(&other.costs);
    }

    fn add(
        &mut self,
        rows: &Scores,
        costs: Option<&RowCosts>,
        threshold: Option<Threshold>,
    ) -> Result<()> {
        let cells = match threshold {
            Some(threshold) => confusion_at(rows, threshold),
            None => none_predicted(rows)?,
        };
        self.cells = self.cells + cells;
        match costs {
            Some(costs) => self.costs.add(rows, costs, threshold),
            None => Ok(()),
        }
    }
}

/// The cells of rows of which none is predicted positive.
fn none_predicted(rows: &Scores) -> Result<Cells> {
    // Every score reaches the lowest number there is: what is positive then is missed now.
    let all = confusion_at(rows, Threshold::new(f64::MIN)?);
    Cells::from_weights(0.0, 0.0, all.tp(), all.fp())
}

impl<'p> Pass<'p> {
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
    pub fn begin(&self) -> Result<PassWorker<'p>> {
        let sweep = self
            .sweep
            .map(|plan| plan.builder(self.memory))
            .transpose()?;
        let kept = self.keep_in.map(|sweep| match self.costs {
            Some(_) => KeptRows::Priced(PricedRows::new(sweep)),
            None => KeptRows::Weighted(PlacedRows::new(sweep)),
        });
        let groups = self
            .groups
            .clone()
            .map(|plan| GroupWorker::new(plan, self.memory));
        Ok(PassWorker {
            memory: self.memory,
            costs: self.costs,
            count_at: self.count_at,
            counted: vec![Counted::default(); self.count_at.len()],
            dealer: match self.rows {
                RowFilter::All => None,
                RowFilter::Fold {
                    folds,
                    fold,
                    is_inside,
                } => Some((FoldDealer::new(folds), fold, is_inside)),
            },
            sweep,
            kept,
            groups: groups.transpose()?,
            moves: self.moves.map(|[from, to]| MovesBuilder::new(from, to)),
            survey: self.with_survey.then(ScoreSurveyBuilder::default),
        })
    }
}

/// Who answers a pass.
#[derive(Debug)]
pub struct PassWorker<'p> {
    memory: usize,
    costs: Option<&'p CostSpec>,
    count_at: &'p [Option<Threshold>],
    counted: Vec<Counted>,
    /// Deals rows to folds; the one in question, and whether its rows take part or all others.
    dealer: Option<(FoldDealer, usize, bool)>,
    sweep: Option<PartialSweepBuilder>,
    kept: Option<KeptRows<'p>>,
    groups: Option<GroupWorker<'p>>,
    moves: Option<MovesBuilder>,
    survey: Option<ScoreSurveyBuilder>,
}

impl<'p> PassWorker<'p> {
    /// Adds some rows, which follow those before.
    ///
    /// # Errors
    /// What is wrong with the costs of the rows.
    pub fn add(&mut self, block: &Block<'_>) -> Result<()> {
        let Some((dealer, fold, is_inside)) = &mut self.dealer else {
            return self.add_rows(block);
        };
        let kept = keep(block.scores, |is_positive| {
            (dealer.deal(is_positive) == *fold) == *is_inside
        });
        let Some((rows, places)) = kept else {
            return Ok(());
        };
        let pick = |amounts: &Vec<f64>| places.iter().map(|&row| amounts[row]).collect();
        let amounts = block.amounts.iter().map(pick).collect::<Vec<_>>();
        self.add_rows(&Block {
            scores: &rows,
            amounts: &amounts,
            group: block.group,
        })
    }

    fn add_rows(&mut self, block: &Block<'_>) -> Result<()> {
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
        if let Some(groups) = &mut self.groups {
            groups.add(block.group.unwrap_or_default(), rows, costs)?;
        }
        if let Some(moves) = &mut self.moves {
            moves.add(rows);
        }
        if let Some(survey) = &mut self.survey {
            survey.add(rows);
        }
        let n_bytes = match (&mut self.kept, costs) {
            (Some(KeptRows::Priced(kept)), Some(costs)) => {
                kept.add(rows, costs)?;
                kept.n_bytes()
            }
            (Some(KeptRows::Weighted(kept)), _) => {
                kept.add(rows);
                kept.n_bytes()
            }
            _ => 0,
        };
        if n_bytes > self.memory {
            self.kept = None;
        }
        Ok(())
    }

    /// What was found. `classes`: what they are called, which may be known behind the last row only.
    ///
    /// # Errors
    /// [`Error::Input`](cutpoint_metrics::Error::Input) if there were no rows to sweep.
    pub fn finish(self, classes: Classes) -> Result<PassPart<'p>> {
        Ok(PassPart {
            sweep: self.sweep.map(PartialSweepBuilder::finish).transpose()?,
            counted: self.counted,
            groups: self.groups.map(GroupWorker::finish).transpose()?,
            kept: self.kept,
            moves: self.moves,
            survey: self.survey,
            classes,
        })
    }
}
