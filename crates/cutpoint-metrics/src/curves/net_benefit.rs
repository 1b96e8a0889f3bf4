//! Decision curves: the net benefit of acting on a model, against treating all or none.

use crate::probability::check_probabilities;
use crate::{Error, Result, Sweep};
use cutpoint_core::Threshold;

/// Net benefit at threshold probabilities, in the order given.
///
/// # Shapes
/// All columns: `(n_points,)`.
#[derive(Debug, Clone, PartialEq)]
pub struct NetBenefitCurve {
    threshold_probabilities: Vec<f64>,
    model: Vec<f64>,
    treat_all: Vec<f64>,
    standardized: Option<Vec<f64>>,
}

/// Reads the net benefit off a sweep of probabilities.
///
/// The threshold probability is the chance of being positive from which one would act; it weighs a false positive
/// against a true one. A row is acted on iff its score reaches it.
///
/// # Formula
/// ```text
/// model        = tp / n - fp / n · pt / (1 - pt)
/// treat all    = (tp + fn) / n - (fp + tn) / n · pt / (1 - pt)
/// treat none   = 0
/// standardized = model / prevalence
/// ```
///
/// # Undefined
/// `standardized` without positive rows.
///
/// # Errors
/// - [`Error::Probability`] for a score outside `[0, 1]`.
/// - [`Error::ThresholdProbability`] for a threshold probability outside `[0, 1)`.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{net_benefit_curve, sweep};
///
/// let scores = Scores::new(vec![true, false, true, false], vec![0.8, 0.4, 0.35, 0.1])?;
/// let curve = net_benefit_curve(&sweep(&scores), &[0.2, 0.5])?;
/// // At 0.2: tp 2, fp 1, odds 1/4. At 0.5: tp 1, fp 0, odds 1.
/// assert_eq!(curve.model(), [(2.0 - 0.25) / 4.0, 0.25]);
/// assert_eq!(curve.treat_all(), [(2.0 - 2.0 * 0.25) / 4.0, 0.0]);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Vickers and Elkin, 2006, *Decision curve analysis: a novel method for evaluating prediction models*, Medical
/// Decision Making 26, 565–574. Kerr, Brown, Zhu and Janes, 2016, *Assessing the clinical impact of risk prediction
/// models with decision curves*, Journal of Clinical Oncology 34, 2534–2540 (standardized). dcurves 1.1.7.
pub fn net_benefit_curve(
    sweep: &Sweep,
    threshold_probabilities: &[f64],
) -> Result<NetBenefitCurve> {
    check_probabilities(sweep)?;
    let (positives, negatives) = (sweep.positives(), sweep.negatives());
    let n = positives + negatives;
    let benefit = |tp: f64, fp: f64, odds: f64| tp / n - fp / n * odds;
    let mut curve = NetBenefitCurve {
        threshold_probabilities: threshold_probabilities.to_vec(),
        model: Vec::with_capacity(threshold_probabilities.len()),
        treat_all: Vec::with_capacity(threshold_probabilities.len()),
        standardized: None,
    };
    for &value in threshold_probabilities {
        if !(0.0..1.0).contains(&value) {
            return Err(Error::ThresholdProbability { value });
        }
        let odds = value / (1.0 - value);
        let cells = sweep.cells_at(Threshold::new(value)?);
        curve.model.push(benefit(cells.tp(), cells.fp(), odds));
        curve.treat_all.push(benefit(positives, negatives, odds));
    }
    let prevalence = positives / n;
    curve.standardized = (prevalence > 0.0).then(|| {
        curve
            .model
            .iter()
            .map(|benefit| benefit / prevalence)
            .collect()
    });
    Ok(curve)
}

impl NetBenefitCurve {
    /// The threshold probabilities, as given.
    pub fn threshold_probabilities(&self) -> &[f64] {
        &self.threshold_probabilities
    }

    /// Net benefit of acting where the score reaches the threshold probability, in true positives a row; at most the
    /// prevalence, higher is better.
    pub fn model(&self) -> &[f64] {
        &self.model
    }

    /// Net benefit of acting on every row. That of acting on none is 0.
    pub fn treat_all(&self) -> &[f64] {
        &self.treat_all
    }

    /// The model's net benefit as a share of the highest there can be, at most 1; `None` without positive rows.
    pub fn standardized(&self) -> Option<&[f64]> {
        self.standardized.as_deref()
    }
}
