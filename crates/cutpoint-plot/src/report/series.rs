//! One curve of a report: the cells at every threshold of the page, and the views that need all of its scores. All of
//! it is read off a sweep; between its exact thresholds nothing is made up.

use cutpoint_core::Threshold;
use cutpoint_metrics::{
    CalibrationCurve, CalibrationOptions, Cells, NetBenefitCurve, PartialSweep, average_precision,
    brier_loss, calibration_curve, log_loss, net_benefit_curve, roc_auc,
};

use super::thresholds::{CALIBRATION_BINS, HISTOGRAM_BINS, NET_BENEFIT_STEPS};
use crate::scale::Scale;
use crate::{Error, Result};

/// The rows of one model, all of them or a group, at the thresholds of a page.
#[derive(Debug, Clone)]
pub(super) struct ReportSeries {
    pub(super) name: String,
    pub(super) n_samples: Option<usize>,
    pub(super) is_weighted: bool,
    is_exact: bool,
    /// "Predict none", then one matrix a threshold.
    pub(super) cells: Vec<Cells>,
    /// Lower and upper bound, equal if the sweep is exact.
    pub(super) roc_auc: Option<[f64; 2]>,
    pub(super) average_precision: Option<[f64; 2]>,
    pub(super) brier: Option<f64>,
    pub(super) log_loss: Option<f64>,
    pub(super) histogram: Histogram,
    /// Of probabilities.
    pub(super) calibration: Option<CalibrationCurve>,
    pub(super) net_benefit: Option<NetBenefitCurve>,
}

/// How many rows of each class have scores from one edge up to the next.
#[derive(Debug, Clone)]
pub(super) struct Histogram {
    /// Ascending; one more than there are bins.
    pub(super) edges: Vec<f64>,
    pub(super) positives: Vec<f64>,
    pub(super) negatives: Vec<f64>,
}

impl ReportSeries {
    /// Reads the cells and views off a sweep.
    ///
    /// # Errors
    /// - [`Error::NotExact`] if the sweep does not tell the cells at one of the thresholds; one that was cut there
    ///   does.
    /// - [`Error::Domain`] for a threshold that is not finite.
    pub(super) fn new(
        name: impl Into<String>,
        sweep: &PartialSweep,
        thresholds: &[f64],
    ) -> Result<Self> {
        let edges = sweep.edges();
        let mut cells = Vec::with_capacity(thresholds.len() + 1);
        cells.push(edges.cells(0));
        for &value in thresholds {
            let bounds = sweep.cell_bounds(threshold(value)?);
            if !bounds.is_exact() {
                return Err(Error::NotExact { threshold: value });
            }
            cells.push(bounds.lower());
        }
        let is_exact = sweep.is_exact();
        let point = |value: f64| [value, value];
        let grid =
            (1..NET_BENEFIT_STEPS).map(|step| f64::from(step) / f64::from(NET_BENEFIT_STEPS));
        let grid = grid.collect::<Vec<_>>();
        let is_known =
            |value: f64| threshold(value).is_ok_and(|value| sweep.cell_bounds(value).is_exact());
        let bins = (1..CALIBRATION_BINS)
            .map(|bin| (f64::from(bin) / f64::from(CALIBRATION_BINS)).next_up());
        let has_bins = bins.clone().all(is_known);
        let options = CalibrationOptions::default().n_bins(CALIBRATION_BINS as usize);
        Ok(Self {
            name: name.into(),
            n_samples: sweep.n_samples(),
            is_weighted: sweep.is_weighted(),
            is_exact,
            cells,
            roc_auc: if is_exact {
                roc_auc(edges).map(point)
            } else {
                sweep
                    .roc_auc_bounds()
                    .map(|bounds| [bounds.low(), bounds.high()])
            },
            average_precision: if is_exact {
                average_precision(edges).map(point)
            } else {
                let bounds = sweep.average_precision_bounds();
                bounds.map(|bounds| [bounds.low(), bounds.high()])
            },
            brier: brier_loss(edges).ok().filter(|_| is_exact),
            log_loss: log_loss(edges).ok().filter(|_| is_exact),
            histogram: Histogram::of(sweep),
            // Counts are exact; a mean of a sweep that is not is off by no more than its bins are wide.
            calibration: has_bins
                .then(|| calibration_curve(edges, &options).ok())
                .flatten(),
            net_benefit: grid
                .iter()
                .all(|&value| is_known(value))
                .then(|| net_benefit_curve(edges, &grid).ok())
                .flatten(),
        })
    }

    /// Whether all scores of the series were kept apart.
    pub(super) fn is_exact(&self) -> bool {
        self.is_exact
    }
}

fn threshold(value: f64) -> Result<Threshold> {
    Threshold::new(value).map_err(|_| Error::Domain {
        name: "thresholds",
        low: f64::MIN,
        high: f64::MAX,
        value,
    })
}

impl Histogram {
    /// Equal steps from the lowest score to the highest, or from 0 to 1; where the sweep does not tell the counts at
    /// the end of one, it ends at the next score up that has them.
    fn of(sweep: &PartialSweep) -> Self {
        let table = sweep.edges();
        let scores = table.thresholds();
        let highest = sweep.interval(0).lower().map(Threshold::value);
        let ends = highest.into_iter().chain(scores.last().copied());
        let scale = Scale::of_scores(ends);
        let last = HISTOGRAM_BINS;
        let mut edges = Vec::new();
        for step in 0..=last {
            let share = f64::from(step) / f64::from(last);
            let place = if step == last {
                scale.high()
            } else {
                scale.low() * (1.0 - share) + scale.high() * share
            };
            let known = threshold(place).is_ok_and(|place| sweep.cell_bounds(place).is_exact());
            let index = scores.partition_point(|&score| score >= place);
            let up = index
                .checked_sub(1)
                .map_or(scale.high(), |index| scores[index]);
            let edge = if known || step == 0 || step == last {
                place
            } else {
                up
            };
            if edges.last().is_none_or(|&before| edge > before) {
                edges.push(edge);
            }
        }
        let above = |edge: &f64| {
            let index = scores.partition_point(|score| score >= edge);
            let cells = table.cells(index);
            [cells.tp(), cells.fp()]
        };
        // The first bin reaches down to the lowest score, the last up to the highest.
        let n_bins = edges.len() - 1;
        let mut counts = edges.iter().map(above).collect::<Vec<_>>();
        counts[0] = [table.positives(), table.negatives()];
        counts[n_bins] = [0.0, 0.0];
        let column = |class: usize| {
            let pairs = counts.windows(2);
            pairs.map(|pair| pair[0][class] - pair[1][class]).collect()
        };
        Self {
            positives: column(0),
            negatives: column(1),
            edges,
        }
    }
}
