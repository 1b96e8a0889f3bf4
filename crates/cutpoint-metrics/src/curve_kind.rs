//! The curves by name: which columns and facts each has. What these are is computed elsewhere.

use cutpoint_core::ClassScores;

use crate::curve_table::{CurveColumn, CurveFact, CurveFacts, CurveTable, EnvelopeVertex};
use crate::{
    AucScale, Average, BandOptions, CalibrationOptions, ConfidenceInterval, Costs, Error,
    Intermediate, OneVsRestSweeps, PairAverage, PrecisionRecallBand, Result, RocBand, Sweep,
    average_precision, average_roc_curve, brier_loss, calibration_curve, cost_curve, cost_envelope,
    delong, det_curve, gain_curve, ks_curve, lift_curve, log_loss, net_benefit_curve,
    one_vs_one_roc_auc, partial_roc_auc, precision_recall_band, precision_recall_curve, roc_auc,
    roc_band, roc_curve,
};

/// A curve, and what it is told.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub enum CurveKind {
    /// True against false positive rate.
    Roc {
        /// Which points are wanted.
        intermediate: Intermediate,
        /// Confidence of a band that holds the whole curve, in (0, 1), if one is wanted.
        band: Option<f64>,
        /// A false positive rate in (0, 1] up to which the area is wanted as well.
        max_fpr: Option<f64>,
    },
    /// Precision against recall.
    PrecisionRecall {
        /// Which points are wanted.
        intermediate: Intermediate,
        /// Confidence of a band that holds the whole curve, in (0, 1), if one is wanted.
        band: Option<f64>,
    },
    /// False negative against false positive rate.
    Det {
        /// Which points are wanted.
        intermediate: Intermediate,
    },
    /// How many times richer in positives the highest scores are than all rows.
    Lift,
    /// Which share of the positives the highest scores hold.
    Gain,
    /// How far apart the scores of the two classes are.
    Ks,
    /// How often probabilities come true, bin by bin.
    Calibration(CalibrationOptions),
    /// What acting on the scores is worth, at these threshold probabilities, each in [0, 1).
    NetBenefit(Vec<f64>),
    /// What the cells cost at each threshold.
    Cost(Costs),
}

impl CurveKind {
    /// The name in answers and on the command line.
    pub fn name(&self) -> &'static str {
        match self {
            Self::Roc { .. } => "roc",
            Self::PrecisionRecall { .. } => "pr",
            Self::Det { .. } => "det",
            Self::Lift => "lift",
            Self::Gain => "gain",
            Self::Ks => "ks",
            Self::Calibration(_) => "calibration",
            Self::NetBenefit(_) => "net-benefit",
            Self::Cost(_) => "cost",
        }
    }

    /// The curve of one sweep.
    ///
    /// # Errors
    /// Those of the function that reads the curve off a sweep ([`roc_curve`], [`roc_band`], [`calibration_curve`], …).
    pub fn table(&self, sweep: &Sweep) -> Result<CurveTable> {
        let facts = CurveFacts::default();
        match self {
            Self::Roc { max_fpr, .. } => {
                let facts = facts.number("roc_auc", roc_auc(sweep));
                let facts = with_partial_area(facts, *max_fpr, sweep)?;
                self.roc(sweep, facts)
            }
            Self::PrecisionRecall { intermediate, band } => {
                let facts = facts.number("average_precision", average_precision(sweep));
                precision_recall(sweep, *intermediate, *band, facts)
            }
            Self::Det { intermediate } => {
                let curve = det_curve(sweep, *intermediate);
                Ok(CurveTable::default()
                    .with("threshold", curve.thresholds())
                    .with_optional("fpr", curve.fpr())
                    .with_optional("fnr", curve.fnr()))
            }
            Self::Lift => {
                let curve = lift_curve(sweep);
                Ok(CurveTable::default()
                    .with("threshold", curve.thresholds())
                    .with("predicted_positive_rate", curve.predicted_positive_rate())
                    .with("lift", curve.lift()))
            }
            Self::Gain => {
                let curve = gain_curve(sweep);
                Ok(CurveTable::default()
                    .with("threshold", curve.thresholds())
                    .with("predicted_positive_rate", curve.predicted_positive_rate())
                    .with_optional("gain", curve.gain()))
            }
            Self::Ks => Ok(ks(sweep)),
            Self::Calibration(options) => calibration(sweep, options),
            Self::NetBenefit(thresholds) => net_benefit(sweep, thresholds),
            Self::Cost(costs) => cost(sweep, costs),
        }
    }

    /// The one curve of all classes together, each against the rest.
    ///
    /// The macro and weighted averages of ROC curves are means of several: their points have no threshold, and neither
    /// band nor partial area.
    ///
    /// # Errors
    /// [`Error::CurveAverage`] for a macro or weighted average of any other curve, and those of [`CurveKind::table`].
    pub fn average_table(&self, sweeps: &OneVsRestSweeps, average: Average) -> Result<CurveTable> {
        let facts = CurveFacts::default();
        match (self, average) {
            (Self::Roc { max_fpr, .. }, Average::Micro) => {
                let area = sweeps.average(average, roc_auc);
                let facts = facts.number("roc_auc_micro", area);
                let facts = with_partial_area(facts, *max_fpr, sweeps.micro())?;
                Ok(self.table(sweeps.micro())?.with_facts(facts))
            }
            (Self::Roc { .. }, Average::Macro | Average::Weighted) => {
                let name = match average {
                    Average::Macro => "roc_auc_macro",
                    _ => "roc_auc_weighted",
                };
                let curve = average_roc_curve(sweeps, average);
                let columns = curve.as_ref().map(|curve| (curve.fpr(), curve.tpr()));
                let (fpr, tpr) = columns.unwrap_or_default();
                Ok(CurveTable::default()
                    .with("threshold", CurveColumn::Numbers(vec![None; fpr.len()]))
                    .with("fpr", fpr)
                    .with("tpr", tpr)
                    .with_facts(facts.number(name, sweeps.average(average, roc_auc))))
            }
            (Self::PrecisionRecall { .. }, Average::Micro) => {
                let area = sweeps.average(average, average_precision);
                let facts = facts.number("average_precision_micro", area);
                Ok(self.table(sweeps.micro())?.with_facts(facts))
            }
            (_, Average::Micro) => self.table(sweeps.micro()),
            (_, Average::Macro | Average::Weighted) => {
                Err(Error::CurveAverage { curve: self.name() })
            }
        }
    }

    /// What is known of the curves of all classes together.
    pub fn facts_of_classes(&self, scores: &ClassScores, sweeps: &OneVsRestSweeps) -> CurveFacts {
        let facts = CurveFacts::default();
        match self {
            Self::Roc { .. } => {
                let over_pairs = |average| one_vs_one_roc_auc(scores, average);
                let mean = |average| sweeps.average(average, roc_auc);
                facts
                    .number("roc_auc_macro", mean(Average::Macro))
                    .number("roc_auc_weighted", mean(Average::Weighted))
                    .number("roc_auc_micro", mean(Average::Micro))
                    .number("roc_auc_ovo_macro", over_pairs(PairAverage::Macro))
                    .number("roc_auc_ovo_weighted", over_pairs(PairAverage::Weighted))
            }
            Self::PrecisionRecall { .. } => {
                let mean = |average| sweeps.average(average, average_precision);
                facts
                    .number("average_precision_macro", mean(Average::Macro))
                    .number("average_precision_weighted", mean(Average::Weighted))
                    .number("average_precision_micro", mean(Average::Micro))
            }
            _ => facts,
        }
    }

    fn roc(&self, sweep: &Sweep, facts: CurveFacts) -> Result<CurveTable> {
        let Self::Roc {
            intermediate, band, ..
        } = *self
        else {
            unreachable!("asked of ROC curves only");
        };
        let curve = roc_curve(sweep, intermediate);
        let points = CurveTable::default()
            .with("threshold", curve.thresholds())
            .with_optional("fpr", curve.fpr())
            .with_optional("tpr", curve.tpr());
        let Some(confidence) = band else {
            return Ok(points.with_facts(facts));
        };
        let band = roc_band(sweep, &BandOptions::default().confidence(confidence))?;
        let band = band.as_ref();
        let interval = match delong(sweep)? {
            Some(area) => area.interval(confidence, AucScale::Plain)?,
            None => None,
        };
        let facts = facts
            .number("confidence", confidence)
            .number("roc_auc_low", interval.map(ConfidenceInterval::low))
            .number("roc_auc_high", interval.map(ConfidenceInterval::high));
        Ok(points
            .with_optional("fpr_low", band.map(RocBand::fpr_low))
            .with_optional("fpr_high", band.map(RocBand::fpr_high))
            .with_optional("tpr_low", band.map(RocBand::tpr_low))
            .with_optional("tpr_high", band.map(RocBand::tpr_high))
            .with_facts(facts))
    }
}

/// Adds the area up to a false positive rate, if it is wanted.
fn with_partial_area(facts: CurveFacts, max_fpr: Option<f64>, sweep: &Sweep) -> Result<CurveFacts> {
    let Some(max_fpr) = max_fpr else {
        return Ok(facts);
    };
    Ok(facts
        .number("max_fpr", max_fpr)
        .number("partial_roc_auc", partial_roc_auc(sweep, max_fpr)?))
}

type BandColumn = fn(&PrecisionRecallBand) -> &[f64];

fn precision_recall(
    sweep: &Sweep,
    intermediate: Intermediate,
    band: Option<f64>,
    facts: CurveFacts,
) -> Result<CurveTable> {
    let curve = precision_recall_curve(sweep, intermediate);
    let mut points = CurveTable::default()
        .with("threshold", curve.thresholds())
        .with("precision", curve.precision())
        .with_optional("recall", curve.recall());
    if let Some(confidence) = band {
        let options = BandOptions::default().confidence(confidence);
        let band = precision_recall_band(sweep, &options)?;
        let columns: [(&'static str, BandColumn); 4] = [
            ("precision_low", PrecisionRecallBand::precision_low),
            ("precision_high", PrecisionRecallBand::precision_high),
            ("recall_low", PrecisionRecallBand::recall_low),
            ("recall_high", PrecisionRecallBand::recall_high),
        ];
        for (name, column) in columns {
            // The points ascend by threshold, the band descends.
            let ascending = band.as_ref().map(|band| {
                let descending = column(band).iter();
                descending.rev().copied().collect::<Vec<_>>()
            });
            points = points.with_optional(name, ascending.as_deref());
        }
    }
    Ok(points.with_facts(facts))
}

fn ks(sweep: &Sweep) -> CurveTable {
    let curve = ks_curve(sweep);
    let tied = CurveFact::Thresholds(curve.statistic_thresholds().to_vec());
    let facts = CurveFacts::default()
        .number("ks", curve.statistic())
        .with("ks_thresholds", tied);
    CurveTable::default()
        .with("threshold", curve.thresholds())
        .with_optional("tpr", curve.tpr())
        .with_optional("fpr", curve.fpr())
        .with_optional("difference", curve.difference())
        .with_facts(facts)
}

fn calibration(sweep: &Sweep, options: &CalibrationOptions) -> Result<CurveTable> {
    let curve = calibration_curve(sweep, options)?;
    let parts = curve.brier();
    let facts = CurveFacts::default()
        .number("brier", brier_loss(sweep)?)
        .number("reliability", parts.reliability())
        .number("resolution", parts.resolution())
        .number("uncertainty", parts.uncertainty())
        .number("within_bin_variance", parts.within_bin_variance())
        .number("within_bin_covariance", parts.within_bin_covariance())
        .number("log_loss", log_loss(sweep)?)
        .number(
            "expected_calibration_error",
            curve.expected_calibration_error(),
        );
    let cells = |values| CurveColumn::cells(values, sweep.is_weighted());
    Ok(CurveTable::default()
        .with("lower", curve.lower())
        .with("upper", curve.upper())
        .with("count", cells(curve.count()))
        .with("positives", cells(curve.positives()))
        .with("prob_pred", curve.prob_pred())
        .with("prob_true", curve.prob_true())
        .with("prob_true_low", curve.prob_true_low())
        .with("prob_true_high", curve.prob_true_high())
        .with_facts(facts))
}

fn net_benefit(sweep: &Sweep, thresholds: &[f64]) -> Result<CurveTable> {
    let curve = net_benefit_curve(sweep, thresholds)?;
    Ok(CurveTable::default()
        .with("threshold", curve.threshold_probabilities())
        .with("net_benefit", curve.model())
        .with("treat_all", curve.treat_all())
        .with("treat_none", &vec![0.0; thresholds.len()][..])
        .with_optional("standardized", curve.standardized()))
}

fn cost(sweep: &Sweep, costs: &Costs) -> Result<CurveTable> {
    let curve = cost_curve(sweep, costs)?;
    let envelope = cost_envelope(sweep).map(|envelope| EnvelopeVertex::all(&envelope));
    let tied = curve.lowest_thresholds().collect();
    let facts = CurveFacts::default()
        .number("lowest_cost", curve.lowest())
        .with("lowest_cost_thresholds", CurveFact::Thresholds(tied))
        .with("envelope", CurveFact::Envelope(envelope));
    Ok(CurveTable::default()
        .with("threshold", curve.thresholds())
        .with("cost", curve.cost())
        .with_facts(facts))
}
