//! What is said of a sweep: of a file, of each of its groups, or of parts that were counted before.

use std::path::PathBuf;

use anyhow::bail;
use cutpoint_core::counted;
use cutpoint_files::{Error, SweepPart, SweepParts, merge_partial_sweeps};
use cutpoint_metrics::Metric;

use crate::console::Console;
use crate::gather::MemoryArgs;
use crate::mixed_up::{self, TakenFor};

/// Makes one sweep of many.
pub(super) fn merge(paths: &[PathBuf], memory: usize) -> anyhow::Result<SweepParts> {
    match merge_partial_sweeps(paths, memory) {
        Ok(partial) => Ok(partial.into()),
        Err(Error::ReadOnce { path }) => bail!(
            "{} can be read only once, and several partial sweeps are read twice: name files",
            path.display()
        ),
        Err(error) => Err(error.into()),
    }
}

/// What is odd about the scores.
pub(super) fn warnings(sweeps: &SweepParts) -> Vec<String> {
    let mut warnings = sweeps.only_class().map_or_else(Vec::new, |is_positive| {
        let class = usize::from(is_positive);
        let class = match &sweeps.labels {
            Some(labels) => format!("`{}`", labels[class]),
            None => ["the negative one", "the positive one"][class].to_owned(),
        };
        vec![format!(
            "all rows are of one class, {class}: what needs both is undefined"
        )]
    });
    warnings.extend(mixed_up::warnings(
        &sweeps.survey(),
        sweeps.labels.as_ref(),
        TakenFor::Ranks,
    ));
    warnings
}

/// How much was read and written.
pub(super) fn tell_size(sweeps: &SweepParts, n_matrices: Option<usize>, console: &mut Console) {
    let mut told = Vec::new();
    if let Some(n_samples) = sweeps.n_samples() {
        told.push(format!("{} of data", counted(n_samples, "row")));
    }
    let n_bins = sweeps.n_bins();
    told.push(if sweeps.is_exact() {
        counted(n_bins, "distinct score")
    } else {
        format!("{} of scores", counted(n_bins, "bin"))
    });
    if sweeps.has_groups() {
        told.push(counted(sweeps.parts.len(), "group"));
    }
    if let Some(n_matrices) = n_matrices {
        told.push(counted(n_matrices, "matrix"));
    }
    console.note(told.join(", "));
}

/// What is left open between the thresholds of sweeps that did not fit into memory.
pub(super) fn tell_bounds(
    sweeps: &SweepParts,
    metrics: &[Metric],
    memory: MemoryArgs,
    console: &mut Console,
) {
    for SweepPart { group, partial } in &sweeps.parts {
        if partial.is_exact() {
            continue;
        }
        let of = group
            .as_ref()
            .map_or_else(String::new, |group| format!("group `{group}`: "));
        let why = if sweeps.labels.is_none() {
            format!("bins of several scores, in the parts or as no more fit into {memory}")
        } else {
            format!("more distinct scores than fit into {memory}")
        };
        console.note(format_args!(
            "{of}{why}: the matrix is exact at {}, and between {} of them bounded",
            counted(partial.n_bins(), "threshold"),
            partial.n_wide_bins()
        ));
        let areas = [
            ("ROC AUC", partial.roc_auc_bounds()),
            ("average precision", partial.average_precision_bounds()),
        ];
        for (name, bounds) in areas {
            if let Some(bounds) = bounds {
                console.note(format_args!(
                    "{of}{name} is in [{}, {}]",
                    bounds.low(),
                    bounds.high()
                ));
            }
        }
        let widths = metrics.iter().map(|metric| {
            let width = partial.widest_bounds(metric);
            width.map_or_else(
                || format!("{metric} not bounded"),
                |width| format!("{metric} {width:.2e}"),
            )
        });
        let widths = widths.collect::<Vec<_>>().join(", ");
        if !widths.is_empty() {
            console.note(format_args!(
                "{of}between two thresholds, bounds are at most so far apart: {widths}"
            ));
        }
    }
}
