//! What is said where scores do not look like what they are taken for: the usual cause, and the cure.
//!
//! `ScoreSurvey` judges the scores.

use cutpoint_core::{Label, Threshold};
use cutpoint_metrics::{Oddity, ScoreSurvey};

/// What a command takes scores for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TakenFor {
    /// Something that rises with the chance of the positive class.
    Ranks,
    /// Its probability: 0.5, or what costs say, is a threshold.
    Probabilities,
}

impl TakenFor {
    /// What some thresholds take scores for: 0.5 is the middle of probabilities.
    pub(crate) fn by(thresholds: impl IntoIterator<Item = Threshold>) -> Self {
        if thresholds
            .into_iter()
            .any(|threshold| threshold == Threshold::HALF)
        {
            Self::Probabilities
        } else {
            Self::Ranks
        }
    }
}

/// What is odd about scores, in words. `labels`: negative and positive, where they are known.
pub(crate) fn warnings(
    survey: &ScoreSurvey,
    labels: Option<&[Label; 2]>,
    taken_for: TakenFor,
) -> Vec<String> {
    let oddities = survey.oddities().into_iter();
    oddities
        .filter_map(|oddity| warning(oddity, labels, taken_for))
        .collect()
}

/// One oddity in words.
pub(crate) fn warning(
    oddity: Oddity,
    labels: Option<&[Label; 2]>,
    taken_for: TakenFor,
) -> Option<String> {
    let [negative, positive] = match labels {
        Some(labels) => labels.each_ref().map(|label| format!("`{label}`")),
        None => ["the negative class", "the positive class"].map(str::to_owned),
    };
    match oddity {
        Oddity::OutsideUnit { lowest, highest } => {
            (taken_for == TakenFor::Probabilities).then(|| {
                format!(
                    "scores lie outside [0, 1], from {lowest:?} to {highest:?}, and are no probabilities, for which \
                     0.5 would be the middle: if they are log odds, that is 0, and 1 / (1 + exp(-score)) makes \
                     probabilities of them; otherwise take a threshold from `cutpoint choose`"
                )
            })
        }
        Oddity::Reversed { auc } => Some(format!(
            "the higher the score, the rarer is {positive} (ROC AUC {auc:.4}, clearly below 0.5): usually these are \
             the scores of {negative}, such as the first column of `predict_proba`, or distances; use 1 - score (or \
             -score), or name the class that they are of with `--positive`"
        )),
        Oddity::NoneBelowHalf { lowest, negatives } => Some(format!(
            "no score is below 0.5 (the lowest is {lowest:?}), though {:.0} % of the rows are {negative}: usually \
             these are the confidence in the class that was predicted, whichever it was; where that is {negative}, use \
             1 - score",
            100.0 * negatives
        )),
        _ => None,
    }
}
