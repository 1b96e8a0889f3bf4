//! Two models on the same rows whose thresholds come from these rows: the bootstrap that chooses them anew in every
//! replicate. Thresholds that were fixed beforehand are for `paired` and `paired_rows`.

use cutpoint_core::random::Purpose;
use cutpoint_core::{Scores, Threshold};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bootstrap::{Bootstrap, BootstrapOptions};
use super::choice_rows::{is_place, place_among};
use super::confidence::ConfidenceInterval;
use super::draws::{class_draws, draw_rows};
use super::matched::{Matched, matching};
use super::paired::check_same_classes;
use super::paired_rows::{PairedCells, common_weight};
use super::search::{Amount, Edge, best_row};
use crate::bytes::amounts;
use crate::compensated::CompensatedSum;
use crate::{Cells, Error, Metric, Problem, Result, Sweep};

/// How the thresholds of two models come from the rows.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub enum PairedChoice {
    /// The first model's was fixed beforehand; the second's is where it has the same rate or, where it has it nowhere,
    /// the highest rate below. See [`matching`].
    Matched {
        /// The first model's threshold.
        first: Threshold,
        /// What both shall have in common.
        rate: Matched,
    },
    /// Each model's is the solution of a problem.
    Best(Box<Problem>),
}

/// Rows of two models by their places in sweeps, added up over blocks of rows: what a bootstrap draws from that chooses
/// thresholds anew. A row takes 16 bytes, whatever its blocks took.
///
/// A threshold that was chosen on the rows depends on them as everything else does. With thresholds taken as fixed, two
/// models that are equally good look different by far too often: at a matched false positive rate of 1000 rows, of
/// which 9 in 10 are positive, intervals of 95 % of the difference of their recalls leave out 0 in more than half of
/// all samples, and in 5 % if the threshold is matched anew.
///
/// pROC's `roc.test(method = "specificity")` asks another question: it holds the specificity itself fixed, of both
/// models and in every replicate, draws either class on its own, and interpolates the recall between two thresholds.
/// Here the first model has its threshold, and its rate varies with the rows. On pROC's own markers s100b and ndka at a
/// specificity of 58/72, the difference is 12/41 either way; its standard deviation is 0.158 by pROC's rule (100 000
/// replicates; D = 1.85, p = 0.064, printed as 1.86 and 0.062 from 2000 of them) and 0.150 by this one (D = 1.95, p =
/// 0.051).
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, Matched, PairedChoice, PairedChoiceRows, sweep};
///
/// let is_positive = (0..60).map(|row| row % 3 == 0).collect::<Vec<_>>();
/// let score = |noise: u32| (0..60).map(|row| f64::from(row % 3 == 0) + f64::from(row % noise)).collect();
/// let first = Scores::new(is_positive.clone(), score(2))?;
/// let second = Scores::new(is_positive, score(4))?;
/// let choice = PairedChoice::Matched { first: Threshold::new(1.0)?, rate: Matched::AlertRate };
/// let sweeps = [sweep(&first), sweep(&second)];
/// let mut rows = PairedChoiceRows::new(choice, [&sweeps[0], &sweeps[1]]);
/// rows.add(&first, &second)?;
/// let replicates = rows.bootstrap(&BootstrapOptions::default())?;
/// // The first calls 40 of the rows, the second 35 from the score 2 on, and 50 from 1 on.
/// let observed = replicates.observed().expect("a threshold");
/// assert_eq!(observed.first().predicted_positives(), 40.0);
/// assert_eq!(observed.second().predicted_positives(), 35.0);
/// assert!(replicates.difference_interval(&"recall".parse()?).is_some());
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Efron and Tibshirani, 1993, *An introduction to the bootstrap*, chapter 8 (whatever was done to the rows is done to
/// those of each replicate). Robin and others, 2011, *pROC: an open-source package for R and S+ to analyze and compare
/// ROC curves*, BMC Bioinformatics 12, 77 (two curves at one specificity).
#[derive(Debug, Clone)]
pub struct PairedChoiceRows<'s> {
    choice: PairedChoice,
    sweeps: [&'s Sweep; 2],
    part: PairedChoicePart,
}

/// Some of the rows of [`PairedChoiceRows`], apart from the sweeps that they are placed in: what is added up elsewhere,
/// by whoever knows the thresholds of both.
///
/// Draws do not depend on the order of the rows, and so neither on that of parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct PairedChoicePart {
    n_thresholds: [usize; 2],
    /// Positive and negative rows.
    classes: [Vec<PlacedRow>; 2],
    is_weighted: bool,
}

#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
struct PlacedRow {
    /// The first row of each model's table in which this is predicted positive.
    places: [u32; 2],
    #[serde(deserialize_with = "amounts")]
    weight: f64,
}

/// Where a model's threshold is chosen.
#[derive(Debug, Clone, Copy)]
enum Table<'s> {
    /// "Predict none", the threshold, "everything positive".
    Fixed(Threshold),
    /// The thresholds of a sweep.
    Sweep(&'s [f64]),
}

impl Table<'_> {
    /// Where the cells of a fixed threshold are.
    const FIXED: usize = 1;

    fn n_rows(self) -> usize {
        match self {
            Self::Fixed(_) => 3,
            Self::Sweep(thresholds) => thresholds.len() + 1,
        }
    }

    fn place(self, score: f64) -> u32 {
        match self {
            Self::Fixed(threshold) => 1 + u32::from(!threshold.is_positive(score)),
            Self::Sweep(thresholds) => place_among(thresholds, score),
        }
    }
}

impl<'s> PairedChoiceRows<'s> {
    /// No rows yet; `sweeps` tell the thresholds that either model's is chosen from.
    pub fn new(choice: PairedChoice, sweeps: [&'s Sweep; 2]) -> Self {
        Self {
            choice,
            sweeps,
            part: PairedChoicePart::new(sweeps.map(Sweep::n_thresholds)),
        }
    }

    /// Adds rows of both models; where none has a weight, each has weight 1.
    ///
    /// # Errors
    /// - [`Error::Input`] unless there are as many rows in both.
    /// - [`Error::RowClass`], [`Error::RowWeight`] if a row has another class or weight in the second; rows are counted
    ///   over all blocks.
    ///
    /// # Panics
    /// If a sweep has 2^32 rows or more.
    pub fn add(&mut self, first: &Scores, second: &Scores) -> Result<()> {
        let thresholds = self.sweeps.map(Sweep::thresholds);
        let fixed = self.choice.fixed();
        self.part.add(fixed, thresholds, first, second)
    }

    /// Adds rows that were added elsewhere.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] if they were placed among another number of thresholds, or for another choice.
    pub fn merge(&mut self, part: PairedChoicePart) -> Result<()> {
        let tables = self.tables();
        let is_within = |row: &PlacedRow| {
            let mut places = row.places.iter().zip(&tables);
            places.all(|(&place, table)| is_place(place, table.n_rows() - 1))
        };
        if !part.classes.iter().flatten().all(is_within) {
            return Err(Error::PartsDiffer { name: "choice" });
        }
        self.part.merge(part)
    }

    /// What rows of two models take at most while they are bootstrapped, in bytes: the rows, and what the replicates
    /// that are drawn at once add up.
    pub fn n_bytes(n_samples: usize, sweeps: [&Sweep; 2]) -> usize {
        let is_weighted = sweeps.iter().any(|sweep| sweep.is_weighted());
        let amount = if is_weighted {
            size_of::<CompensatedSum>()
        } else {
            size_of::<u64>()
        };
        let n_places = sweeps.iter().map(|sweep| sweep.n_rows()).sum::<usize>();
        let replicate = 2 * n_places * amount;
        n_samples * size_of::<PlacedRow>() + rayon::current_num_threads() * replicate
    }

    /// Bootstraps both models, with their thresholds chosen anew in every replicate; `None` where one has none, for
    /// want of a rate or metric that is defined.
    ///
    /// # Errors
    /// - Those of [`BootstrapOptions::check`].
    /// - [`Error::ChosenBca`] for [`BootstrapInterval::Bca`](crate::BootstrapInterval::Bca).
    pub fn bootstrap(
        mut self,
        options: &BootstrapOptions,
    ) -> Result<Bootstrap<Option<PairedCells>>> {
        options.check()?;
        if options.is_bca() {
            return Err(Error::ChosenBca);
        }
        // The order in which rows came shall not matter.
        self.part.classes.par_iter_mut().for_each(|rows| {
            rows.par_sort_unstable_by(|left, right| {
                let places = left.places.cmp(&right.places);
                places.then(left.weight.total_cmp(&right.weight))
            });
        });
        Ok(if self.part.is_weighted {
            self.replicates::<CompensatedSum>(options)
        } else {
            self.replicates::<u64>(options)
        })
    }

    fn replicates<A: Drawn>(&self, options: &BootstrapOptions) -> Bootstrap<Option<PairedCells>> {
        const PURPOSE: Purpose = Purpose::new("bootstrap/paired-choice");
        let n_rows = [0, 1].map(|class| self.part.classes[class].len());
        let once = n_rows.map(|n_rows| vec![1; n_rows]);
        let observed = self.counted::<A>(|class, look| look(0, &once[class]));
        let replicates = options.replicate(PURPOSE, |stream| {
            let draws = class_draws(stream, n_rows, options.is_by_class());
            let counted = self.counted::<A>(|class, look| {
                draw_rows(stream, n_rows[class], draws[class], look);
            });
            self.chosen(&counted)
        });
        Bootstrap::new(self.chosen(&observed), replicates, options)
    }

    /// Counts the rows of both classes, which `draw` hands on: a stretch of rows, by its first, and how often each is
    /// there.
    fn counted<A: Drawn>(
        &self,
        mut draw: impl FnMut(usize, &mut dyn FnMut(usize, &[u32])),
    ) -> [Counted<A>; 2] {
        let mut counted = self.tables().map(|table| Counted::<A>::new(table.n_rows()));
        for (class, rows) in self.part.classes.iter().enumerate() {
            draw(class, &mut |start, times| {
                for (row, &times) in rows[start..].iter().zip(times) {
                    for (counted, &place) in counted.iter_mut().zip(&row.places) {
                        counted.called[class][place as usize].add_rows(times, row.weight);
                    }
                }
            });
        }
        counted.iter_mut().for_each(Counted::add_up);
        counted
    }

    /// The cells at the thresholds that are chosen of some rows.
    fn chosen<A: Amount>(&self, counted: &[Counted<A>; 2]) -> Option<PairedCells> {
        let [first, second] = counted;
        let (first, problem) = match &self.choice {
            PairedChoice::Matched { rate, .. } => {
                let first = first.cells(Table::FIXED);
                (first, &matching(*rate, &first)?)
            }
            PairedChoice::Best(problem) => (first.best(problem)?, problem.as_ref()),
        };
        Some(PairedCells::new(first, second.best(problem)?))
    }

    fn tables(&self) -> [Table<'s>; 2] {
        tables(self.choice.fixed(), self.sweeps.map(Sweep::thresholds))
    }
}

impl PairedChoice {
    /// The first model's threshold, if it was fixed beforehand.
    pub fn fixed(&self) -> Option<Threshold> {
        match self {
            Self::Matched { first, .. } => Some(*first),
            Self::Best(_) => None,
        }
    }
}

/// Where either model's threshold is chosen: the first model's may be fixed, all others are those of a sweep.
fn tables(fixed: Option<Threshold>, [first, second]: [&[f64]; 2]) -> [Table<'_>; 2] {
    [
        fixed.map_or(Table::Sweep(first), Table::Fixed),
        Table::Sweep(second),
    ]
}

impl PairedChoicePart {
    /// No rows yet, to be placed among so many thresholds of either model.
    pub fn new(n_thresholds: [usize; 2]) -> Self {
        Self {
            n_thresholds,
            classes: Default::default(),
            is_weighted: false,
        }
    }

    /// Adds rows of both models by their places among the thresholds of either, which descend; where no row has a
    /// weight, each has weight 1. `fixed`: the first model's threshold, if it was fixed beforehand
    /// ([`PairedChoice::fixed`]).
    ///
    /// # Errors
    /// - [`Error::Input`] unless there are as many rows in both.
    /// - [`Error::RowClass`], [`Error::RowWeight`] if a row has another class or weight in the second; rows are counted
    ///   over all blocks.
    ///
    /// # Panics
    /// If there are other thresholds than were announced, or 2^32 or more.
    pub fn add(
        &mut self,
        fixed: Option<Threshold>,
        thresholds: [&[f64]; 2],
        first: &Scores,
        second: &Scores,
    ) -> Result<()> {
        assert_eq!(
            thresholds.map(<[f64]>::len),
            self.n_thresholds,
            "thresholds"
        );
        let n_before = self.classes.iter().map(Vec::len).sum();
        check_same_classes(first, second, n_before)?;
        let weight = if first.weight().is_some() || second.weight().is_some() {
            self.is_weighted = true;
            Some(common_weight(first, second, n_before)?)
        } else {
            None
        };
        let [first_table, second_table] = tables(fixed, thresholds);
        let scores = first.score().par_iter().zip(second.score());
        let places =
            scores.map(|(&first, &second)| [first_table.place(first), second_table.place(second)]);
        for (row, places) in places.collect::<Vec<_>>().into_iter().enumerate() {
            let weight = weight.as_ref().map_or(1.0, |weight| weight[row]);
            let class = usize::from(!first.is_positive()[row]);
            self.classes[class].push(PlacedRow { places, weight });
        }
        Ok(())
    }

    /// Adds rows that were added elsewhere.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] if they were placed among another number of thresholds.
    pub fn merge(&mut self, other: Self) -> Result<()> {
        if self.n_thresholds != other.n_thresholds {
            return Err(Error::PartsDiffer { name: "thresholds" });
        }
        for (own, class) in self.classes.iter_mut().zip(other.classes) {
            own.extend(class);
        }
        self.is_weighted |= other.is_weighted;
        Ok(())
    }
}

/// What the rows of a resample come to, true positives and false, at every row of a table.
struct Counted<A> {
    called: [Vec<A>; 2],
}

impl<A: Drawn> Counted<A> {
    fn new(n_places: usize) -> Self {
        Self {
            called: [0, 1].map(|_| vec![A::default(); n_places]),
        }
    }

    /// Makes of what is called at each place what is called there and above.
    fn add_up(&mut self) {
        for called in &mut self.called {
            let mut sum = A::default();
            for at in called {
                sum = sum.plus(*at);
                *at = sum;
            }
        }
    }
}

impl<A: Amount> Counted<A> {
    fn edge(&self, index: usize) -> Edge<A> {
        let [tp, fp] = self.called_at(index);
        Edge { index, tp, fp }
    }

    fn cells(&self, index: usize) -> Cells {
        A::cells(self.called_at(index), self.called_at(self.last()))
    }

    /// The cells at the threshold that solves a problem.
    fn best(&self, problem: &Problem) -> Option<Cells> {
        let mut ends = vec![self.edge(0), self.edge(self.last())];
        ends.dedup_by_key(|edge| edge.index);
        let best = best_row(problem, &ends, |_, _, middle| self.edge(middle))?;
        Some(self.cells(best.edge.index))
    }

    fn called_at(&self, index: usize) -> [A; 2] {
        [0, 1].map(|class| self.called[class][index])
    }

    fn last(&self) -> usize {
        self.called[0].len() - 1
    }
}

/// What draws of rows come to.
trait Drawn: Amount + Send + Sync {
    /// Adds so many rows of one weight.
    fn add_rows(&mut self, n_rows: u32, weight: f64);

    fn plus(self, other: Self) -> Self;
}

impl Drawn for u64 {
    fn add_rows(&mut self, n_rows: u32, _: f64) {
        *self += Self::from(n_rows);
    }

    fn plus(self, other: Self) -> Self {
        self + other
    }
}

impl Drawn for CompensatedSum {
    fn add_rows(&mut self, n_rows: u32, weight: f64) {
        for _ in 0..n_rows {
            self.add_fast(weight);
        }
    }

    fn plus(self, other: Self) -> Self {
        Self::plus(self, other)
    }
}

impl Bootstrap<Option<PairedCells>> {
    /// The interval of a metric of the first model less that of the second; see [`Bootstrap::interval`], which takes
    /// any other comparison, of costs for example. Replicates without a choice count as undefined.
    pub fn difference_interval(&self, metric: &Metric) -> Option<ConfidenceInterval> {
        self.interval(|cells| {
            let cells = (*cells)?;
            Some(metric.value(&cells.first())? - metric.value(&cells.second())?)
        })
    }
}
