//! The bootstrap of the choice for rows that have weights: the rows are drawn, each with its weight, and the threshold
//! is chosen anew. What does without weights is with `choice`.

use cutpoint_core::random::{ChaChaStream, Purpose};
use cutpoint_core::{Scores, Threshold};
use rayon::prelude::*;
use serde::{Deserialize, Serialize};

use super::bootstrap::{Bootstrap, BootstrapOptions};
use super::choice::{Choice, ChoiceBootstrap, bootstrap_choice};
use super::criterion::Criterion;
use super::draws::{class_draws, draw_rows};
use super::search::{Amount as _, Edge, best_row};
use crate::bytes::Checked as _;
use crate::compensated::CompensatedSum;
use crate::{Cells, Error, Result, Sweep, sweep};

/// Rows by their places in a sweep, with their weights, added up over blocks of rows: what a bootstrap of the choice
/// draws from. A row takes some 12 bytes, whatever its block took.
///
/// The sweep may be that of the edges of a [`PartialSweep`](crate::PartialSweep) of the rows; what is chosen then is
/// one of the edges.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, Objective, WeightedBootstrapRows, sweep};
///
/// let rows = Scores::new(vec![true, false, true, false], vec![0.9, 0.8, 0.4, 0.1])?
///     .with_weight(vec![1.0, 5.0, 2.0, 5.0])?;
/// let table = sweep(&rows);
/// let mut placed = WeightedBootstrapRows::new(&table);
/// placed.add(&rows);
/// let youden = Objective::best("youden".parse()?).expect("higher is better");
/// let options = BootstrapOptions::default().n_replicates(100);
/// let replicates = placed.bootstrap_choice(Threshold::HALF, &youden, &options)?;
/// assert_eq!(replicates.thresholds().len(), 100);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct WeightedBootstrapRows<'s> {
    sweep: &'s Sweep,
    part: WeightedBootstrapPart,
}

/// Some of the rows of [`WeightedBootstrapRows`], apart from the sweep that they are placed in: what is added up
/// elsewhere, by whoever knows the thresholds.
///
/// Draws do not depend on the order of the rows, and so neither on that of parts.
#[derive(Debug, Clone, Serialize, Deserialize)]
#[serde(try_from = "WeightedBootstrapBytes")]
pub struct WeightedBootstrapPart {
    n_thresholds: usize,
    /// Positive and negative rows.
    classes: [ClassRows; 2],
}

/// A part as it is read.
#[derive(Deserialize)]
struct WeightedBootstrapBytes {
    n_thresholds: usize,
    classes: [ClassRows; 2],
}

impl TryFrom<WeightedBootstrapBytes> for WeightedBootstrapPart {
    type Error = &'static str;

    fn try_from(
        WeightedBootstrapBytes {
            n_thresholds,
            classes,
        }: WeightedBootstrapBytes,
    ) -> Result<Self, &'static str> {
        let is_valid = |class: &ClassRows| {
            let mut places = class.place.iter();
            places.all(|&place| is_place(place, n_thresholds))
                && class.weight.len() == class.place.len()
                && class.weight.is_amount()
        };
        if classes.iter().all(is_valid) {
            Ok(Self {
                n_thresholds,
                classes,
            })
        } else {
            Err("no rows by their places")
        }
    }
}

/// The rows of a class.
#[derive(Debug, Clone, Default, Serialize, Deserialize)]
struct ClassRows {
    /// The first row of the sweep in which each is predicted positive.
    place: Vec<u32>,
    weight: Vec<f64>,
}

impl<'s> WeightedBootstrapRows<'s> {
    /// No rows yet; `sweep` tells the thresholds to choose from.
    pub fn new(sweep: &'s Sweep) -> Self {
        Self {
            sweep,
            part: WeightedBootstrapPart::new(sweep.n_thresholds()),
        }
    }

    /// Rows that were added up elsewhere.
    ///
    /// # Errors
    /// [`Error::PartsDiffer`] if they were placed among another number of thresholds.
    pub fn of_part(sweep: &'s Sweep, part: WeightedBootstrapPart) -> Result<Self> {
        if part.n_thresholds != sweep.n_thresholds() {
            return Err(Error::PartsDiffer { name: "thresholds" });
        }
        Ok(Self { sweep, part })
    }

    /// Adds rows; those without a weight have weight 1.
    ///
    /// # Panics
    /// If the sweep has 2^32 rows or more.
    pub fn add(&mut self, scores: &Scores) {
        self.part.add(self.sweep.thresholds(), scores);
    }

    /// What the rows take, in bytes, in columns that grow by doubling.
    pub fn n_bytes(&self) -> usize {
        self.part.n_bytes()
    }

    /// Bootstraps the choice of a threshold; see [`bootstrap_choice_rows`].
    ///
    /// # Errors
    /// - Those of [`BootstrapOptions::check`].
    /// - [`Error::WeightedBca`] for [`BootstrapInterval::Bca`](crate::BootstrapInterval::Bca).
    pub fn bootstrap_choice(
        mut self,
        fixed: Threshold,
        criterion: &impl Criterion,
        options: &BootstrapOptions,
    ) -> Result<ChoiceBootstrap> {
        const PURPOSE: Purpose = Purpose::new("bootstrap/choice-rows");
        options.check()?;
        if options.is_bca() {
            return Err(Error::WeightedBca);
        }
        self.part.classes.par_iter_mut().for_each(ClassRows::sort);
        let (sweep, fixed) = (self.sweep, self.sweep.index_at(fixed));
        let replicates = options.replicate(PURPOSE, |stream| {
            let resample = self.resample(stream, options.is_by_class());
            let last = sweep.n_thresholds();
            let mut indices = vec![0, fixed, last];
            indices.dedup();
            let edges = indices
                .into_iter()
                .map(|index| resample.edge(index))
                .collect::<Vec<_>>();
            let best = best_row(criterion, &edges, |_, _, middle| resample.edge(middle));
            let choice =
                best.map(|best| Choice::new(sweep, criterion, best.edge.index, best.merit));
            (resample.cells(fixed), choice)
        });
        let (cells, choices) = replicates.into_iter().unzip();
        let fixed = Bootstrap::new(sweep.cells(fixed), cells, options);
        Ok(ChoiceBootstrap::new(fixed, choices))
    }

    /// Resamples the rows.
    fn resample(&self, stream: &mut ChaChaStream, is_by_class: bool) -> Resample {
        let classes = &self.part.classes;
        let n_rows = [0, 1].map(|class| classes[class].weight.len());
        let draws = class_draws(stream, n_rows, is_by_class);
        let n_places = self.sweep.n_rows();
        Resample {
            called: [0, 1].map(|class| classes[class].resample(stream, draws[class], n_places)),
        }
    }
}

impl WeightedBootstrapPart {
    /// No rows yet, to be placed among so many thresholds.
    pub fn new(n_thresholds: usize) -> Self {
        Self {
            n_thresholds,
            classes: Default::default(),
        }
    }

    /// Adds rows by their places among the thresholds, which descend; those without a weight have weight 1.
    ///
    /// # Panics
    /// If there are other thresholds than were announced, or 2^32 or more.
    pub fn add(&mut self, thresholds: &[f64], scores: &Scores) {
        assert_eq!(thresholds.len(), self.n_thresholds, "thresholds");
        let place = |&score: &f64| place_among(thresholds, score);
        let places = scores.score().par_iter().map(place).collect::<Vec<_>>();
        for (row, place) in places.into_iter().enumerate() {
            let class = &mut self.classes[usize::from(!scores.is_positive()[row])];
            class.place.push(place);
            class
                .weight
                .push(scores.weight().map_or(1.0, |weight| weight[row]));
        }
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
            own.place.extend(class.place);
            own.weight.extend(class.weight);
        }
        Ok(())
    }

    /// What the rows take, in bytes, in columns that grow by doubling.
    pub fn n_bytes(&self) -> usize {
        let classes = self.classes.iter();
        let rows = classes.map(|class| room_for(class.weight.len()));
        rows.sum::<usize>() * (size_of::<u32>() + size_of::<f64>())
    }
}

/// The first row of a sweep of such thresholds in which a score is predicted positive.
pub(super) fn place_among(thresholds: &[f64], score: f64) -> u32 {
    let n_above = thresholds.partition_point(|&threshold| threshold > score);
    // Only a row that counts like no row can lie below all of them.
    let place = (n_above + 1).min(thresholds.len());
    u32::try_from(place).expect("fewer than 2^32 thresholds")
}

/// Whether a row can have that place in a sweep of so many thresholds.
pub(super) fn is_place(place: u32, n_thresholds: usize) -> bool {
    (1..=n_thresholds).contains(&(place as usize))
}

/// How many rows a column has room for that grew by doubling.
pub(super) fn room_for(n_rows: usize) -> usize {
    if n_rows == 0 {
        0
    } else {
        n_rows.next_power_of_two()
    }
}

impl ClassRows {
    /// Brings the rows into the order of their places; rows of one place, into that of their weights.
    fn sort(&mut self) {
        let mut rows = self
            .place
            .iter()
            .copied()
            .zip(self.weight.iter().copied())
            .collect::<Vec<_>>();
        rows.par_sort_unstable_by(|left, right| {
            left.0.cmp(&right.0).then(left.1.total_cmp(&right.1))
        });
        for (row, (place, weight)) in rows.into_iter().enumerate() {
            (self.place[row], self.weight[row]) = (place, weight);
        }
    }

    /// The sums of weights at every row of the sweep, of so many rows drawn.
    fn resample(
        &self,
        stream: &mut ChaChaStream,
        n_draws: u64,
        n_places: usize,
    ) -> Vec<CompensatedSum> {
        let mut sums = Vec::with_capacity(n_places);
        let mut sum = CompensatedSum::default();
        draw_rows(stream, self.weight.len(), n_draws, |start, times| {
            let rows = start..start + times.len();
            let rows = self.place[rows.clone()].iter().zip(&self.weight[rows]);
            for ((&place, &weight), &times) in rows.zip(times) {
                if sums.len() < place as usize {
                    sums.resize(place as usize, sum);
                }
                for _ in 0..times {
                    sum.add_fast(weight);
                }
            }
        });
        sums.resize(n_places, sum);
        sums
    }
}

/// The sums of weights of a resample at every row of the sweep, true positives and false.
struct Resample {
    called: [Vec<CompensatedSum>; 2],
}

impl Resample {
    fn edge(&self, index: usize) -> Edge<CompensatedSum> {
        let [tp, fp] = self.called_at(index);
        Edge { index, tp, fp }
    }

    fn cells(&self, index: usize) -> Cells {
        let last = self.called[0].len() - 1;
        CompensatedSum::cells(self.called_at(index), self.called_at(last))
    }

    fn called_at(&self, index: usize) -> [CompensatedSum; 2] {
        [0, 1].map(|class| self.called[class][index])
    }
}

/// Bootstraps the choice of a threshold, and the cells at the threshold that was chosen or is in use, by drawing rows
/// with their weights, each row of data as likely as any other.
///
/// As to what weights this is right for, see [`bootstrap_rows`](crate::bootstrap_rows). A replicate draws every row,
/// but sorts none. Without weights this is [`bootstrap_choice`], which draws no more than matters.
///
/// `fixed`: the threshold at which [`ChoiceBootstrap::fixed`] has the cells.
///
/// # Errors
/// - Those of [`BootstrapOptions::check`].
/// - [`Error::WeightedBca`] for [`BootstrapInterval::Bca`](crate::BootstrapInterval::Bca) and weights.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, Objective, bootstrap_choice_rows};
///
/// // Positive from 50 on, but for row 20, which weighs as much as all others.
/// let is_positive = (0..100).map(|row| row >= 50 || row == 20).collect();
/// let weight = (0..100).map(|row| if row == 20 { 99.0 } else { 1.0 }).collect();
/// let scores = Scores::new(is_positive, (0..100).map(f64::from).collect())?.with_weight(weight)?;
/// let accuracy = Objective::best("accuracy".parse()?).expect("higher is better");
/// let options = BootstrapOptions::default().n_replicates(200);
/// let replicates = bootstrap_choice_rows(&scores, Threshold::new(20.0)?, &accuracy, &options)?;
/// // A replicate either has that row, and calls it, or lacks it: (99/100)^100 = 37 % of them.
/// let interval = replicates.threshold_interval().unwrap();
/// assert_eq!(interval.low(), Some(Threshold::new(20.0)?));
/// assert!(interval.high() >= Some(Threshold::new(50.0)?));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// As [`bootstrap_choice`].
pub fn bootstrap_choice_rows(
    scores: &Scores,
    fixed: Threshold,
    criterion: &impl Criterion,
    options: &BootstrapOptions,
) -> Result<ChoiceBootstrap> {
    let table = sweep(scores);
    if scores.weight().is_none() {
        return bootstrap_choice(&table, fixed, criterion, options);
    }
    let mut rows = WeightedBootstrapRows::new(&table);
    rows.add(scores);
    rows.bootstrap_choice(fixed, criterion, options)
}
