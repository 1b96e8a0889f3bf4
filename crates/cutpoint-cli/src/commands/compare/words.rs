//! What is odd about a comparison, and why there is none, in words that name flags.

use anyhow::anyhow;
use bytesize::ByteSize;
use cutpoint_choose::{Comparison, ComparisonDoubt};
use cutpoint_files::{Error, PairedRow, PairingError};

use crate::gather::MemoryArgs;
use crate::mixed_up::{self, TakenFor};

/// What is odd about a comparison.
pub(super) fn warnings(comparison: &Comparison, memory: MemoryArgs) -> Vec<String> {
    let doubts = comparison.doubts.iter();
    doubts
        .filter_map(|doubt| warning(doubt, comparison, memory))
        .collect()
}

fn warning(doubt: &ComparisonDoubt, comparison: &Comparison, memory: MemoryArgs) -> Option<String> {
    let name = |model: &usize| &comparison.models[*model].name;
    Some(match doubt {
        ComparisonDoubt::WorstThresholds { metric } => format!(
            "lower values of `{metric}` are better, and the worst thresholds were asked for"
        ),
        ComparisonDoubt::ChosenOnTheseRows => {
            "chosen and compared on the same rows: what is said of the thresholds flatters the models; choose on other \
             rows, and name the thresholds with `--thresholds`"
                .to_owned()
        }
        ComparisonDoubt::Weights => {
            "weights do not tell how many rows there are: the tests of DeLong and McNemar are left out".to_owned()
        }
        ComparisonDoubt::RowsDoNotFit { n_bytes } => format!(
            "the thresholds come from these rows, and intervals of what differs there need all of them in memory: \
             allow up to {} with `--memory`, or name thresholds that were fixed beforehand with `--thresholds`",
            MemoryArgs::that_leaves(*n_bytes)
        ),
        ComparisonDoubt::OneCall { model, is_positive } => {
            let calls = if *is_positive { "everything" } else { "nothing" };
            let at = match comparison.models[*model].matrix.threshold {
                Some(threshold) => format!("at the threshold {:?}", threshold.value()),
                None => "at the threshold chosen".to_owned(),
            };
            format!("{}: {calls} is predicted positive {at}", name(model))
        }
        ComparisonDoubt::Odd { model, oddity } => {
            let labels = &comparison.models[*model].matrix.labels;
            let odd = mixed_up::warning(*oddity, Some(labels), TakenFor::Probabilities)?;
            format!("{}: {odd}", name(model))
        }
        ComparisonDoubt::SingleRow => {
            "one of the classes has a single row: how sure an area is cannot be told".to_owned()
        }
        ComparisonDoubt::RankedAlike { model } => format!(
            "{} and {} rank the rows so alike that the difference of their areas has no variance, and no test",
            name(&0),
            name(model)
        ),
        ComparisonDoubt::Binned { auc, p } => {
            let tests = p.map_or_else(String::new, |p| {
                format!(", p-values of DeLong's test by at most {}", rounded_up(p))
            });
            format!(
                "more distinct scores than fit into `--memory {memory}`: areas may be off by at most {}{tests}; more \
                 memory makes them exact",
                rounded_up(*auc)
            )
        }
        _ => return None,
    })
}

/// A number in [0, 1] to two digits, rounded up.
fn rounded_up(number: f64) -> String {
    /// Beyond this, nobody counts.
    const MOST_DIGITS: usize = 7;
    let mut digits = 1;
    let mut unit = 0.1;
    while digits < MOST_DIGITS && number < 10.0 * unit {
        digits += 1;
        unit /= 10.0;
    }
    let rounded = ((number / unit).ceil().max(1.0) * unit).min(1.0);
    format!("{rounded:.digits$}")
}

/// Why there is no comparison, and what flags can help with.
pub(super) fn worded(error: Error) -> anyhow::Error {
    match &error {
        Error::ReadOnce { .. } => {
            anyhow!("{error}: name a file, or allow the rows more memory with `--memory`")
        }
        Error::Models { source } if matches!(**source, cutpoint_choose::Error::KeptWeights) => {
            anyhow!("{error}: allow more with `--memory`")
        }
        Error::Pairing { source } => match &**source {
            PairingError::RowDiffers {
                row: PairedRow::Number(_),
                ..
            } => anyhow!(
                "{error}; if they stand in another order, name a column that tells rows apart with `--id COLUMN`"
            ),
            PairingError::RepeatedId { name, id, rows } => anyhow!(
                "{name}: `--id` must tell rows apart, got `{id}` in the rows {} and {} (counted from 0)",
                rows[0],
                rows[1]
            ),
            PairingError::KeptRows { n_bytes, memory } => anyhow!(
                "`--id` keeps all rows in memory, some {}, and {} are left for them: allow more with `--memory`, or \
                 sort the files alike and leave out `--id`",
                ByteSize(*n_bytes as u64),
                ByteSize(*memory as u64)
            ),
            _ => error.into(),
        },
        _ => error.into(),
    }
}
