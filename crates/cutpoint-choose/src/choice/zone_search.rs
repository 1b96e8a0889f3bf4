//! Which thresholds, and which bins of thresholds, can be the ends of the cheapest reject zone. Who looks at them, in a
//! table or in a file, is up to `reject` and to `search`.
//!
//! # Worked example
//!
//! Rows with the scores 0.9 (positive), 0.7 (negative), 0.5 (positive), 0.3 (negative); an error costs 1, a rejected
//! row 0.3. Rows from the upper end on are predicted positive, those below the lower end negative. An upper end adds
//! -0.3 tp + 0.7 fp, a lower end 0.3 (tp + fp) + fn:
//! ```text
//! threshold  none   0.9   0.7   0.5   0.3
//! tp, fp      0,0   1,0   1,1   2,1   2,2
//! upper       0    -0.3   0.4   0.1   0.8
//! lower       2     1.3   1.6   0.9   1.2
//! ```
//! The cheapest pair in order is 0.9 with 0.5: 0.6, two rejected rows and no error.
//!
//! If nobody had looked at 0.7 and 0.5 yet, a bin between 0.9 and 0.3, the cheapest known pair would be 0.9 with 0.3,
//! at 0.9. In the bin tp is 1 or 2 and fp 0 to 2: as a lower end it adds 0.6 at least, where all of tp and no fp is in
//! it, and with 0.9 as the upper end that makes 0.3. That is less than 0.9, so the bin is looked at again.

use cutpoint_core::Threshold;
use cutpoint_metrics::{Bounds, CellBounds, Cells, Metric, RejectCosts, Rescaling, SweepPoint};
use rayon::prelude::*;

use super::Table;

/// Rows of a table that are looked at in one go.
const BLOCK: usize = 256;

/// A threshold, or those of a bin, and the least that they can add to the cost as either end.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate {
    /// The highest threshold; infinite for "predict none".
    highest: f64,
    upper: f64,
    lower: f64,
    /// Whether it is one threshold, which adds just that much.
    is_known: bool,
}

/// The cheapest pair of known thresholds.
#[derive(Debug, Clone, Copy)]
struct Pair {
    cost: f64,
    upper: Candidate,
    /// The threshold; infinite for "predict none".
    lower: f64,
}

/// The search for the cheapest pair of thresholds that are in order.
///
/// The cost of a pair is a function of the upper end plus one of the lower end. Candidates in a row, known thresholds
/// and bins between them, have a least cost as either end. The least of an upper end among the candidates before each,
/// and of a lower end among those behind, tell the cheapest pair that it could be part of: those that cannot be cheaper
/// than the cheapest known pair, nor as cheap and higher, are forgotten, and what is left of the bins has to be looked
/// at again.
///
/// Whether the ends would cross if each were the best by itself makes no difference. (Where every error costs more than
/// every right prediction they cross only if no zone pays; with other costs they may cross and yet be apart.)
#[derive(Debug, Clone)]
pub(crate) struct ZoneSearch {
    ends: RejectCosts,
    rescaling: Rescaling,
    /// "Predict none".
    none: SweepPoint,
    /// Thresholds that may be an end.
    known: Vec<SweepPoint>,
    /// The same as numbers, descending.
    kept: Vec<f64>,
    /// The highest scores of the bins that may hold an end, descending.
    open: Vec<f64>,
    /// The thresholds of the cheapest pair.
    cheapest: Option<[f64; 2]>,
}

impl ZoneSearch {
    /// How cells come to the prevalence that was asked for.
    pub(super) fn rescaling(&self) -> Rescaling {
        self.rescaling
    }

    pub(super) fn new(ends: RejectCosts, rescaling: Rescaling, none: SweepPoint) -> Self {
        Self {
            ends,
            rescaling,
            none,
            known: Vec::new(),
            kept: Vec::new(),
            open: Vec::new(),
            cheapest: None,
        }
    }

    /// Looks through a whole table: at every so many rows, and then at the rows of the blocks between them that may
    /// hold an end. `bin`: the thresholds between a row and the next, if there are any, as the edges of a partial sweep
    /// have them.
    pub(crate) fn look_through(
        &mut self,
        table: &Table<'_>,
        bin: impl Fn(&Self, usize) -> Option<Candidate> + Sync,
    ) {
        let n_rows = table.sweep().n_rows();
        let last = n_rows - 1;
        let row = |row: usize| self.known(table.sweep().threshold(row), &table.sweep().cells(row));
        let block = |first: usize| {
            let end = last.min(first + BLOCK);
            let between = table.below(first).filter(|_| first < end);
            between.map(|highest| self.unknown(highest, &table.bounds(first, end)))
        };
        let firsts = (0..n_rows).into_par_iter().step_by(BLOCK);
        let blocks = firsts.flat_map_iter(|first| [row(first), block(first)]);
        let candidates = blocks.flatten().collect();
        self.settle(candidates);
        for row in (0..=last).step_by(BLOCK) {
            self.take_row(table, row);
        }

        let is_open = |first: &usize| {
            let highest = table.below(*first);
            highest.is_some_and(|highest| self.is_open(highest))
        };
        let firsts = (0..=last)
            .step_by(BLOCK)
            .filter(is_open)
            .collect::<Vec<_>>();
        let row = |row: usize| self.known(table.sweep().threshold(row), &table.sweep().cells(row));
        let inside = |&first: &usize| first + 1..=last.min(first + BLOCK - 1);
        let known = firsts.par_iter().flat_map_iter(inside).filter_map(row);
        let bins = |&first: &usize| first..last.min(first + BLOCK);
        let unknown = firsts
            .par_iter()
            .flat_map_iter(bins)
            .filter_map(|row| bin(self, row));
        let candidates = known.chain(unknown).collect();
        self.settle(candidates);
        for row in firsts.iter().flat_map(inside) {
            self.take_row(table, row);
        }
    }

    fn take_row(&mut self, table: &Table<'_>, row: usize) {
        if self.keeps(table.sweep().threshold(row)) {
            self.known.push(table.point(row));
        }
    }

    /// A threshold as a candidate; `None` if no double holds what it adds.
    pub(crate) fn known(&self, threshold: Option<Threshold>, cells: &Cells) -> Option<Candidate> {
        Some(Candidate {
            highest: height(threshold),
            upper: self.rescaling.value(self.ends.upper(), cells)?,
            lower: self.rescaling.value(self.ends.lower(), cells)?,
            is_known: true,
        })
    }

    /// The thresholds of a bin as a candidate.
    pub(crate) fn unknown(&self, highest: f64, bounds: &CellBounds) -> Candidate {
        let least = |metric: &Metric| {
            let constant = self.rescaling.constant(metric, bounds);
            let low = || self.rescaling.bounds(metric, bounds).map(Bounds::low);
            constant.or_else(low).unwrap_or(f64::NEG_INFINITY)
        };
        Candidate {
            highest,
            upper: least(self.ends.upper()),
            lower: least(self.ends.lower()),
            is_known: false,
        }
    }

    /// Compares new candidates with each other and with the thresholds that were kept, and forgets those that can be no
    /// end. What is new and kept has to be handed to [`ZoneSearch::take`] next.
    pub(crate) fn settle(&mut self, new: Vec<Candidate>) {
        let mut candidates = new;
        let kept = self.known.iter();
        candidates.extend(kept.filter_map(|point| self.known(point.threshold, &point.cells)));
        // No two are at the same threshold.
        candidates.par_sort_unstable_by(|left, right| right.highest.total_cmp(&left.highest));
        // The least of a lower end, among each candidate and those after it, and among the known ones after it.
        let (mut least, mut known) = (f64::INFINITY, f64::INFINITY);
        let behind = candidates.iter().rev().map(|candidate| {
            least = candidate.lower.min(least);
            let behind = [least, known];
            if candidate.is_known {
                known = candidate.lower.min(known);
            }
            behind
        });
        let behind = behind.collect::<Vec<_>>();
        self.kept.clear();
        self.open.clear();
        let cheapest = cheapest_pair(&candidates);
        self.cheapest = cheapest.map(|pair| [pair.upper.highest, pair.lower]);
        let mut filter = Filter::new(cheapest);
        for (candidate, &[least, known]) in candidates.iter().zip(behind.iter().rev()) {
            if filter.may_be_end(candidate, least, known) {
                let list = if candidate.is_known {
                    &mut self.kept
                } else {
                    &mut self.open
                };
                list.push(candidate.highest);
            }
        }
        let mut known = std::mem::take(&mut self.known);
        known.retain(|point| self.keeps(point.threshold));
        self.known = known;
    }

    /// Takes note of a threshold that was new, if it may be an end.
    pub(crate) fn take(&mut self, point: &SweepPoint) {
        if self.keeps(point.threshold) {
            self.known.push(*point);
        }
    }

    /// Whether a bin may hold an end.
    pub(crate) fn is_open(&self, highest: f64) -> bool {
        has(&self.open, highest)
    }

    fn keeps(&self, threshold: Option<Threshold>) -> bool {
        has(&self.kept, height(threshold))
    }

    /// The cheapest pair of all that were looked at, the upper end first, and what it costs.
    pub(super) fn cheapest(&self) -> ([SweepPoint; 2], f64) {
        // Sums that no double holds are the only ones that are left out: nothing is predicted positive, then.
        let point = |threshold: f64| {
            let is_there = |point: &&SweepPoint| {
                let here = height(point.threshold);
                here.total_cmp(&threshold).is_eq()
            };
            self.known.iter().find(is_there).copied()
        };
        let ends = self.cheapest.map(|ends| ends.map(point));
        let [upper, lower] = ends.unwrap_or_default().map(|end| end.unwrap_or(self.none));
        let cost = self.ends.total(&upper.cells, &lower.cells, self.rescaling);
        ([upper, lower], cost)
    }
}

/// Whether one of some descending numbers is this one.
fn has(descending: &[f64], number: f64) -> bool {
    let place = descending.partition_point(|&other| other > number);
    descending.get(place).is_some_and(|&other| other >= number)
}

/// A threshold as a number; infinite for "predict none".
fn height(threshold: Option<Threshold>) -> f64 {
    threshold.map_or(f64::INFINITY, Threshold::value)
}

/// How high a threshold is among those of the same cost: "predict none" is the last to be taken.
fn rank(threshold: f64) -> f64 {
    if threshold.is_finite() {
        threshold
    } else {
        f64::NEG_INFINITY
    }
}

/// The cheapest pair of known thresholds; of several that with the highest upper end, and of those with the highest
/// lower one.
fn cheapest_pair(descending: &[Candidate]) -> Option<Pair> {
    let mut cheapest = None::<Pair>;
    let mut lowest = None::<(f64, f64)>;
    for candidate in descending
        .iter()
        .rev()
        .filter(|candidate| candidate.is_known)
    {
        // From below, whatever costs no more takes the place of the one before.
        let is_none = candidate.highest.is_infinite();
        let is_less = |cost: f64, least: f64| cost < least || (cost <= least && !is_none);
        let (mut cost, mut lower) = (candidate.lower, candidate.highest);
        if let Some((least, threshold)) = lowest
            && !is_less(cost, least)
        {
            (cost, lower) = (least, threshold);
        }
        lowest = Some((cost, lower));
        let cost = candidate.upper + cost;
        if cheapest.is_none_or(|pair| is_less(cost, pair.cost)) {
            let upper = *candidate;
            cheapest = Some(Pair { cost, upper, lower });
        }
    }
    cheapest
}

/// Tells, of candidates that descend, which can be an end of a pair that is cheaper than the cheapest known one, or as
/// cheap and to be taken instead; the ends of that pair are among them.
///
/// An upper end is none if a known threshold above costs no more there. A lower end is none if a known threshold below
/// costs less there; and where one above costs no more, it is none but to upper ends below that one.
struct Filter {
    cheapest: Option<Pair>,
    /// The least of a known upper end so far.
    known_upper: f64,
    /// The same of a lower end.
    known_lower: f64,
    /// Upper ends so far.
    uppers: Uppers,
    /// Those after the lowest known threshold that costs as little as `known_lower`.
    uppers_since: Uppers,
}

/// Upper ends that a lower end could go with.
#[derive(Debug, Clone, Copy)]
struct Uppers {
    least: f64,
    /// The least of those that are taken rather than the upper end of the cheapest pair if they cost the same.
    least_above: f64,
    /// Whether that one is among them.
    has_cheapest: bool,
}

impl Uppers {
    const NONE: Self = Self {
        least: f64::INFINITY,
        least_above: f64::INFINITY,
        has_cheapest: false,
    };
}

impl Filter {
    fn new(cheapest: Option<Pair>) -> Self {
        Self {
            cheapest,
            known_upper: f64::INFINITY,
            known_lower: f64::INFINITY,
            uppers: Uppers::NONE,
            uppers_since: Uppers::NONE,
        }
    }

    /// The least of a lower end behind it: `behind` among this candidate and all others, `known_behind` among the known
    /// ones without it.
    fn may_be_end(&mut self, candidate: &Candidate, behind: f64, known_behind: f64) -> bool {
        let Some(Pair { cost, upper, lower }) = self.cheapest else {
            return true;
        };
        let (here, there) = (rank(candidate.highest), rank(upper.highest));
        let is_at = |end: f64| candidate.highest.total_cmp(&end).is_eq();
        for uppers in [&mut self.uppers, &mut self.uppers_since] {
            uppers.least = uppers.least.min(candidate.upper);
            if here > there {
                uppers.least_above = uppers.least_above.min(candidate.upper);
            }
            uppers.has_cheapest |= is_at(upper.highest);
        }
        let as_upper = candidate.upper + behind;
        let may_be_upper = candidate.upper < self.known_upper
            && (as_upper < cost || (as_upper <= cost && here >= there));
        let uppers = if candidate.lower < self.known_lower {
            &self.uppers
        } else {
            &self.uppers_since
        };
        let may_be_lower = candidate.lower <= known_behind
            && (uppers.least + candidate.lower < cost
                || uppers.least_above + candidate.lower <= cost
                || (uppers.has_cheapest
                    && upper.upper + candidate.lower <= cost
                    && here >= rank(lower)));
        // "Predict none" gives way to others that cost the same.
        if candidate.is_known && candidate.highest.is_finite() {
            self.known_upper = self.known_upper.min(candidate.upper);
            if candidate.lower <= self.known_lower {
                self.known_lower = candidate.lower;
                self.uppers_since = Uppers::NONE;
            }
        }
        let is_cheapest = candidate.is_known && (is_at(upper.highest) || is_at(lower));
        may_be_upper || may_be_lower || is_cheapest
    }
}
