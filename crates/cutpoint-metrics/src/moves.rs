//! What moves between the cells when the threshold moves: how much, from the sweep alone; and which rows, from the
//! scores. What errors cost is given.

mod builder;

pub use self::builder::MovesBuilder;

use std::ops::Range;

use cutpoint_core::{Scores, Threshold};
use rayon::prelude::*;

use crate::compensated::CompensatedSum;
use crate::decimal::Decimals;
use crate::{Cells, Costs, Metric, Sweep};

/// The ledger of a move from one threshold to another.
///
/// Raising the threshold moves rows out of the predicted positives (`tp_to_fn`, `fp_to_tn`), lowering it moves rows in
/// (`fn_to_tp`, `tn_to_fp`); the other two are then 0.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Moves {
    from: Threshold,
    to: Threshold,
    before: Cells,
    after: Cells,
    flow: Flow,
    next_up: Option<Threshold>,
    next_down: Option<Threshold>,
}

#[derive(Debug, Clone, Copy, PartialEq, Default)]
struct Flow {
    tp_to_fn: f64,
    fp_to_tn: f64,
    fn_to_tp: f64,
    tn_to_fp: f64,
}

/// What moves between the cells when the threshold moves.
///
/// # Formula
/// ```text
/// raised:   tp_to_fn = tp before - tp after     fp_to_tn = fp before - fp after
/// lowered:  fn_to_tp = tp after - tp before     tn_to_fp = fp after - fp before
/// ```
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{moves, sweep};
///
/// let scores = Scores::new(
///     vec![true, true, false, true, false, false],
///     vec![0.9, 0.7, 0.7, 0.6, 0.4, 0.1],
/// )?;
/// let ledger = moves(&sweep(&scores), Threshold::HALF, Threshold::new(0.8)?);
/// // 0.7 and 0.6 of the positives and 0.7 of the negatives fall below the new threshold.
/// assert_eq!((ledger.tp_to_fn(), ledger.fp_to_tn()), (2.0, 1.0));
/// assert_eq!((ledger.fn_to_tp(), ledger.tn_to_fp()), (0.0, 0.0));
/// assert_eq!((ledger.next_up(), ledger.next_down()), (None, Some(Threshold::new(0.7)?)));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
pub fn moves(sweep: &Sweep, from: Threshold, to: Threshold) -> Moves {
    let (before, after) = (sweep.index_at(from), sweep.index_at(to));
    Moves {
        from,
        to,
        before: sweep.cells(before),
        after: sweep.cells(after),
        flow: flow(sweep, before, after),
        next_up: sweep.next_up(to),
        next_down: sweep.next_down(to),
    }
}

/// What each row of the sweep adds to the row above, from the highest threshold to the lowest.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{step_moves, sweep};
///
/// let scores = Scores::new(vec![true, true, false], vec![0.9, 0.4, 0.4])?;
/// let table = sweep(&scores);
/// let steps = step_moves(&table).map(|step| (step.threshold(), step.fn_to_tp(), step.tn_to_fp()));
/// assert!(steps.eq([(0.9, 1.0, 0.0), (0.4, 1.0, 1.0)]));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
pub fn step_moves(sweep: &Sweep) -> impl ExactSizeIterator<Item = StepMove> + '_ {
    steps_within(sweep, 0..sweep.n_thresholds())
}

/// Those of some thresholds.
pub(crate) fn steps_within(
    sweep: &Sweep,
    places: Range<usize>,
) -> impl ExactSizeIterator<Item = StepMove> + '_ {
    let mut above = sweep.counts(places.start);
    places.map(move |place| {
        let below = sweep.counts(place + 1);
        let (Some([tp_above, fp_above]), Some([tp, fp])) = (above, below) else {
            return step_move(sweep, place, place + 1);
        };
        above = below;
        StepMove {
            threshold: sweep.thresholds()[place],
            fn_to_tp: (tp - tp_above) as f64,
            tn_to_fp: (fp - fp_above) as f64,
        }
    })
}

/// Something of each block of the steps, in their order. Where blocks end depends on the number of steps alone, so that
/// sums of them are the same for every number of threads.
pub(crate) fn of_step_blocks<T: Send>(
    sweep: &Sweep,
    of_block: impl Fn(Range<usize>) -> T + Sync,
) -> Vec<T> {
    /// Enough that the work of a block is worth another thread.
    const BLOCK_STEPS: usize = 1 << 16;
    let n_steps = sweep.n_thresholds();
    let blocks = (0..n_steps.div_ceil(BLOCK_STEPS)).into_par_iter();
    let blocks = blocks.map(|block| {
        let start = block * BLOCK_STEPS;
        of_block(start..n_steps.min(start + BLOCK_STEPS))
    });
    blocks.collect()
}

/// What a row of the sweep adds to another one above it, which need not be the next.
///
/// # Panics
/// If either row does not exist, or `from` does not stand above `to`.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{step_move, sweep};
///
/// let scores = Scores::new(vec![true, true, false], vec![0.9, 0.4, 0.4])?;
/// let step = step_move(&sweep(&scores), 0, 2);
/// assert_eq!((step.threshold(), step.fn_to_tp(), step.tn_to_fp()), (0.4, 2.0, 1.0));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
pub fn step_move(sweep: &Sweep, from: usize, to: usize) -> StepMove {
    assert!(from < to, "row {from} must stand above row {to}");
    let flow = flow(sweep, from, to);
    StepMove {
        threshold: sweep.thresholds()[to - 1],
        fn_to_tp: flow.fn_to_tp,
        tn_to_fp: flow.tn_to_fp,
    }
}

/// The rows of data that change cells when the threshold moves, in their order. Rows of weight 0 count like no row.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{MoveKind, moving_rows};
///
/// let scores = Scores::new(vec![true, false, true], vec![0.5, 0.6, 0.7])?;
/// let rows = moving_rows(&scores, Threshold::HALF, Threshold::new(0.7)?);
/// let rows = rows.iter().map(|row| (row.row_index(), row.kind()));
/// assert!(rows.eq([(0, MoveKind::TpToFn), (1, MoveKind::FpToTn)]));
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
pub fn moving_rows(scores: &Scores, from: Threshold, to: Threshold) -> Vec<MovingRow> {
    let rows = scores.is_positive().iter().zip(scores.score()).enumerate();
    rows.filter(|(row_index, _)| {
        scores
            .weight()
            .is_none_or(|weight| weight[*row_index] > 0.0)
    })
    .filter_map(|(row_index, (&is_positive, &score))| {
        let kind = match (from.is_positive(score), to.is_positive(score), is_positive) {
            (true, false, true) => MoveKind::TpToFn,
            (true, false, false) => MoveKind::FpToTn,
            (false, true, true) => MoveKind::FnToTp,
            (false, true, false) => MoveKind::TnToFp,
            (true, true, _) | (false, false, _) => return None,
        };
        Some(MovingRow { row_index, kind })
    })
    .collect()
}

fn flow(sweep: &Sweep, before: usize, after: usize) -> Flow {
    // Rows of the sweep count up as thresholds fall. The difference is taken before rounding, so that a small move
    // between large cells keeps its digits.
    if after < before {
        Flow {
            tp_to_fn: sweep.tp(before).minus(sweep.tp(after)),
            fp_to_tn: sweep.fp(before).minus(sweep.fp(after)),
            ..Flow::default()
        }
    } else {
        Flow {
            fn_to_tp: sweep.tp(after).minus(sweep.tp(before)),
            tn_to_fp: sweep.fp(after).minus(sweep.fp(before)),
            ..Flow::default()
        }
    }
}

impl Moves {
    /// The threshold that is left.
    pub fn from(&self) -> Threshold {
        self.from
    }

    /// The threshold that is gone to.
    pub fn to(&self) -> Threshold {
        self.to
    }

    /// Positive rows that are no longer predicted so.
    pub fn tp_to_fn(&self) -> f64 {
        self.flow.tp_to_fn
    }

    /// Negative rows that are no longer predicted positive.
    pub fn fp_to_tn(&self) -> f64 {
        self.flow.fp_to_tn
    }

    /// Positive rows that are now predicted so.
    pub fn fn_to_tp(&self) -> f64 {
        self.flow.fn_to_tp
    }

    /// Negative rows that are now predicted positive.
    pub fn tn_to_fp(&self) -> f64 {
        self.flow.tn_to_fp
    }

    /// The cells at the threshold that is left.
    pub fn before(&self) -> Cells {
        self.before
    }

    /// The cells at the threshold that is gone to.
    pub fn after(&self) -> Cells {
        self.after
    }

    /// How many rows, or how much weight, moves each way.
    pub fn flows(&self) -> [(MoveKind, f64); 4] {
        [
            (MoveKind::TpToFn, self.tp_to_fn()),
            (MoveKind::FpToTn, self.fp_to_tn()),
            (MoveKind::FnToTp, self.fn_to_tp()),
            (MoveKind::TnToFp, self.tn_to_fp()),
        ]
    }

    /// How much a metric grows.
    ///
    /// # Undefined
    /// Where the metric is, before or after.
    pub fn change(&self, metric: &Metric) -> Option<f64> {
        Some(metric.value(&self.after)? - metric.value(&self.before)?)
    }

    /// Whether any row moves.
    pub fn is_empty(&self) -> bool {
        self.flow == Flow::default()
    }

    /// The next score up from `to` whose matrix differs; `None` if higher thresholds only predict none.
    pub fn next_up(&self) -> Option<Threshold> {
        self.next_up
    }

    /// The next score down from `to` whose matrix differs; `None` if everything is predicted positive.
    pub fn next_down(&self) -> Option<Threshold> {
        self.next_down
    }
}

impl Costs {
    /// By how much a move of the threshold raises the cost of all rows together.
    ///
    /// # Formula
    /// ```text
    /// tp_to_fn (cost_fn - cost_tp) + fp_to_tn (cost_tn - cost_fp)
    ///     + fn_to_tp (cost_tp - cost_fn) + tn_to_fp (cost_fp - cost_tn)
    /// ```
    ///
    /// # Undefined
    /// If no double holds the sum.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::{Scores, Threshold};
    /// use cutpoint_metrics::{Costs, moves, sweep};
    ///
    /// // Down from 0.5 to 0.2 one positive row is found, at the price of two false alarms: 2 · 1 - 1 · 10.
    /// let scores = Scores::new(vec![true, true, false, false], vec![0.9, 0.4, 0.3, 0.2])?;
    /// let ledger = moves(&sweep(&scores), Threshold::HALF, Threshold::new(0.2)?);
    /// let costs = "fp=1,fn=10".parse::<Costs>().unwrap();
    /// assert_eq!(costs.change(&ledger), Some(-8.0));
    /// # Ok::<(), cutpoint_core::Error>(())
    /// ```
    pub fn change(&self, moves: &Moves) -> Option<f64> {
        let Decimals { units, per_unit } = self.decimals();
        let [fp, fn_, tp, tn] = units;
        let mut sum = CompensatedSum::default();
        for (moved, before, after) in [
            (moves.tp_to_fn(), tp, fn_),
            (moves.fp_to_tn(), fp, tn),
            (moves.fn_to_tp(), fn_, tp),
            (moves.tn_to_fp(), tn, fp),
        ] {
            sum.add_product(moved, after);
            sum.add_product(moved, -before);
        }
        let change = sum.value() / per_unit;
        change.is_finite().then_some(change)
    }
}

/// What the threshold's fall to one score adds to the predicted positives.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct StepMove {
    threshold: f64,
    fn_to_tp: f64,
    tn_to_fp: f64,
}

impl StepMove {
    /// The score that the threshold falls to.
    pub fn threshold(&self) -> f64 {
        self.threshold
    }

    /// Positive rows with that score.
    pub fn fn_to_tp(&self) -> f64 {
        self.fn_to_tp
    }

    /// Negative rows with that score.
    pub fn tn_to_fp(&self) -> f64 {
        self.tn_to_fp
    }
}

/// From which cell to which.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum MoveKind {
    /// A positive row is no longer found.
    TpToFn,
    /// A false alarm is gone.
    FpToTn,
    /// A positive row is found.
    FnToTp,
    /// A false alarm is added.
    TnToFp,
}

impl MoveKind {
    /// The name in files and JSON.
    pub fn name(self) -> &'static str {
        match self {
            Self::TpToFn => "tp_to_fn",
            Self::FpToTn => "fp_to_tn",
            Self::FnToTp => "fn_to_tp",
            Self::TnToFp => "tn_to_fp",
        }
    }
}

/// A row of data that changes cells.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MovingRow {
    row_index: usize,
    kind: MoveKind,
}

impl MovingRow {
    /// The row, counted from 0.
    pub fn row_index(&self) -> usize {
        self.row_index
    }

    /// From which cell to which it goes.
    pub fn kind(&self) -> MoveKind {
        self.kind
    }
}
