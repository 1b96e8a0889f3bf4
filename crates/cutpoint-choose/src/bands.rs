//! Pointwise intervals along curves of metrics, which hold every step that is drawn.
//!
//! Formulas are asked at every row of the sweep; rows are resampled at some hundred rows, between which the interval
//! is as wide on either side of the value as at these.

use std::collections::BTreeSet;

use cutpoint_core::Threshold;
use cutpoint_metrics::{Cells, Constraint, Metric, PartialSweep, Problem, Result, Sweep};

use crate::{Certainty, ConfidenceOptions, Decision, Optimum, RowSource, View};

/// Rows at which the cells are resampled: so many evenly by rank, and by threshold.
const PLACES: usize = 100;
/// Parts of the horizontal axis, each with one interval that holds those of all its rows; narrower than a pixel.
const COLUMNS: f64 = 2000.0;

/// An interval along thresholds, as steps: what a picture draws.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct StepBand {
    /// Thresholds, descending; each step has one at both of its ends.
    pub x: Vec<f64>,
    /// The lower end of the interval there; NaN where there is none.
    pub low: Vec<f64>,
    /// The upper end.
    pub high: Vec<f64>,
}

/// What a choice is about, against the threshold, and how sure it is.
#[derive(Debug, Clone)]
pub struct ChoiceBands {
    /// The rows swept once more, if the first pass does not tell those at the choice exactly.
    pub again: Option<PartialSweep>,
    /// The objective's metric and those of the constraints, each once.
    pub metrics: Vec<Metric>,
    /// The band of each that has intervals.
    pub bands: Vec<Option<StepBand>>,
}

impl ChoiceBands {
    /// The sweep that the bands are of.
    pub fn sweep<'b>(&'b self, decision: &'b Decision) -> &'b Sweep {
        self.again.as_ref().unwrap_or(&decision.partial).edges()
    }
}

/// Pointwise intervals of the metrics that a choice is about, along all thresholds that fit into memory: of the first
/// pass, or of another, if that does not tell the rows at the choice exactly.
///
/// # Errors
/// Those of the intervals, and of [`RowSource::run`].
///
/// # Panics
/// If the source leaves out what a pass asks for.
pub fn choice_bands<S: RowSource>(
    view: &View<'_, S>,
    decision: &Decision,
    memory: usize,
) -> Result<ChoiceBands, S::Error> {
    let (first, best) = (&decision.partial, decision.choice.found());
    let is_known = |threshold: Threshold| {
        let row = first.edges().index_at(threshold);
        let cells = best.map(Optimum::cells);
        Some(first.edges().cells(row)) == cells && first.cell_bounds(threshold).is_exact()
    };
    let again = match decision.threshold() {
        Some(threshold) if !is_known(threshold) => {
            Some(view.sweep(memory, &[threshold, Threshold::HALF])?.partial)
        }
        _ => None,
    };
    let mut found = ChoiceBands {
        again,
        metrics: metrics(&decision.problem),
        bands: Vec::new(),
    };
    let bands = bands(&found.metrics, found.sweep(decision), decision);
    found.bands = bands.map_err(|error| view.source.error(error.into()))?;
    Ok(found)
}

/// The objective's metric and those of the constraints, each once.
fn metrics(problem: &Problem) -> Vec<Metric> {
    let mut metrics = vec![problem.objective().metric().clone()];
    for metric in problem.constraints().iter().map(Constraint::metric) {
        if !metrics.contains(metric) {
            metrics.push(metric.clone());
        }
    }
    metrics
}

/// A band for each metric that has intervals.
fn bands(metrics: &[Metric], sweep: &Sweep, decision: &Decision) -> Result<Vec<Option<StepBand>>> {
    let confidence = decision.confidence.as_ref();
    let options = confidence.map_or_else(ConfidenceOptions::default, |told| told.options);
    let certainty = &Certainty::new(&decision.problem, options, decision.partial.is_weighted());
    let chosen = decision
        .threshold()
        .map(|threshold| sweep.index_at(threshold));
    let columns = Columns::new(sweep);
    let drawn = metrics
        .iter()
        .filter(|metric| certainty.is_by_draws(metric));
    let drawn = drawn.collect::<Vec<_>>();
    let mut widths = vec![Widths::default(); drawn.len()];
    let places = if drawn.is_empty() {
        BTreeSet::new()
    } else {
        places(sweep, chosen)
    };
    for row in places {
        let cells = sweep.cells(row);
        let measured = certainty.at(cells)?;
        for (metric, widths) in drawn.iter().zip(&mut widths) {
            let found = measured.there(metric)?;
            let found = found.map(|(interval, _)| [interval.low(), interval.high()]);
            // At the choice, what is told of it: other draws differ a little.
            let told = chosen.filter(|chosen| *chosen == row);
            let told = told.and_then(|_| decision.interval_of(metric));
            let interval = told.map(|told| [told.low(), told.high()]).or(found);
            let value = certainty.problem().value(metric, &cells);
            widths.push(row, value.zip(interval));
        }
    }
    let mut widths = widths.into_iter();
    let bands = metrics.iter().map(|metric| {
        if certainty.is_by_draws(metric) {
            let mut widths = widths.next().expect("one of each drawn metric");
            let interval = |row, cells: &Cells| {
                let value = certainty.problem().value(metric, cells)?;
                widths.around(row, value, metric)
            };
            return Ok(Some(columns.band(sweep, interval)));
        }
        if !certainty.has_formula(metric)? {
            return Ok(None);
        }
        let interval = |_, cells: &Cells| {
            let told = certainty.by_formula_there(metric, cells).ok()??;
            Some([told.0.low(), told.0.high()])
        };
        Ok(Some(columns.band(sweep, interval)))
    });
    bands.collect()
}

/// Rows to resample at, ascending: both ends closely, as intervals change most there, and the chosen one.
fn places(sweep: &Sweep, chosen: Option<usize>) -> BTreeSet<usize> {
    let last = sweep.n_thresholds();
    let thresholds = sweep.thresholds();
    let mut places = BTreeSet::from_iter(chosen);
    let (Some(&highest), Some(&lowest)) = (thresholds.first(), thresholds.last()) else {
        return places;
    };
    for place in 0..=PLACES {
        places.insert(place * last / PLACES);
        let share = place as f64 / PLACES as f64;
        let threshold = Threshold::new(lowest * (1.0 - share) + highest * share);
        places.extend(threshold.ok().map(|threshold| sweep.index_at(threshold)));
    }
    let powers = std::iter::successors(Some(1_usize), |power| power.checked_mul(2));
    for power in powers.take_while(|power| *power <= last) {
        places.extend([power, last - power]);
    }
    places
}

/// How far intervals reach below and above the value, at some rows, ascending.
#[derive(Debug, Clone, Default)]
struct Widths {
    known: Vec<(usize, Option<[f64; 2]>)>,
    /// The place of the row that was asked for last.
    at: usize,
}

impl Widths {
    fn push(&mut self, row: usize, told: Option<(f64, [f64; 2])>) {
        let widths = told.map(|(value, [low, high])| {
            // Percentiles may leave out the value itself, which the band is to hold.
            [value - low, high - value].map(|width| width.max(0.0))
        });
        self.known.push((row, widths));
    }

    /// The interval around the value of a row, rows ascending; none between rows of which one has none.
    fn around(&mut self, row: usize, value: f64, metric: &Metric) -> Option<[f64; 2]> {
        while self
            .known
            .get(self.at + 1)
            .is_some_and(|next| next.0 <= row)
        {
            self.at += 1;
        }
        let &(from, here) = self.known.get(self.at)?;
        let [below, above] = if from == row {
            here?
        } else {
            let &(to, there) = self.known.get(self.at + 1)?;
            let (here, there) = (here?, there?);
            let share = (row - from) as f64 / (to - from) as f64;
            [0, 1].map(|end| here[end] * (1.0 - share) + there[end] * share)
        };
        let range = metric.range();
        Some([
            (value - below).max(range.low()),
            (value + above).min(range.high()),
        ])
    }
}

/// Where the thresholds of a sweep lie on an axis.
struct Columns {
    lowest: f64,
    highest: f64,
}

impl Columns {
    fn new(sweep: &Sweep) -> Self {
        let thresholds = sweep.thresholds();
        Self {
            lowest: thresholds.last().copied().unwrap_or_default(),
            highest: thresholds.first().copied().unwrap_or_default(),
        }
    }

    /// The number of the column of a threshold, a whole one.
    fn of(&self, threshold: f64) -> f64 {
        // Halves, because the ends may be so far apart that no double holds the distance.
        let share =
            (threshold / 2.0 - self.lowest / 2.0) / (self.highest / 2.0 - self.lowest / 2.0);
        (share * COLUMNS).floor()
    }

    /// The intervals of all rows, as steps: that of a row holds from its threshold down to the next. Rows whose
    /// thresholds lie in one column have the interval that holds all of theirs.
    fn band(
        &self,
        sweep: &Sweep,
        mut interval: impl FnMut(usize, &Cells) -> Option<[f64; 2]>,
    ) -> StepBand {
        let mut steps = Steps::default();
        let mut open = f64::NAN;
        for row in 0..sweep.n_rows() {
            let threshold = sweep.threshold(row).map(Threshold::value);
            let column = threshold.map_or(f64::INFINITY, |threshold| self.of(threshold));
            let found = interval(row, &sweep.cells(row));
            if steps.joins(found) && column.total_cmp(&open).is_eq() {
                steps.widen(found);
            } else {
                steps.begin(threshold.unwrap_or(f64::MAX), found);
            }
            open = column;
        }
        steps.end();
        steps.band
    }
}

/// A band in the making.
#[derive(Default)]
struct Steps {
    band: StepBand,
    open: Option<[f64; 2]>,
}

impl Steps {
    /// Whether the interval goes on as the last one did: both are known or neither is.
    fn joins(&self, interval: Option<[f64; 2]>) -> bool {
        !self.band.x.is_empty() && self.open.is_some() == interval.is_some()
    }

    fn widen(&mut self, interval: Option<[f64; 2]>) {
        let (Some(open), Some([low, high])) = (&mut self.open, interval) else {
            return;
        };
        *open = [open[0].min(low), open[1].max(high)];
        let band = &mut self.band;
        for (ends, end) in [(&mut band.low, open[0]), (&mut band.high, open[1])] {
            if let Some(last) = ends.last_mut() {
                *last = end;
            }
        }
    }

    /// Ends the last step, if there is one, and begins another.
    fn begin(&mut self, x: f64, interval: Option<[f64; 2]>) {
        if !self.band.x.is_empty() {
            self.put(x);
        }
        self.open = interval;
        self.put(x);
    }

    fn end(&mut self) {
        self.put(f64::MIN);
    }

    fn put(&mut self, x: f64) {
        let [low, high] = self.open.unwrap_or([f64::NAN; 2]);
        self.band.x.push(x);
        self.band.low.push(low);
        self.band.high.push(high);
    }
}
