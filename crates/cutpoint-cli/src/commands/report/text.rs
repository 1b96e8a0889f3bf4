//! What people read of a report beside the page: warnings, refusals, what was written.

use std::convert::Infallible;
use std::path::{Path, PathBuf};

use anyhow::anyhow;
use bytesize::ByteSize;
use cutpoint_core::counted;
use cutpoint_plot::{Report, ReportError, ReportModel};

use super::is_stream;
use crate::gather::{Source, warnings_of};
use crate::mixed_up::TakenFor;
use crate::vocabulary::beside;

/// What is odd about the rows of each model.
pub(super) fn warnings(report: &Report, files: &[Source], taken_for: TakenFor) -> Vec<String> {
    let mut warnings = Vec::new();
    for (model, file) in report.models().iter().zip(files) {
        let odd = warnings_of(model.survey(), model.classes(), taken_for).into_iter();
        warnings.extend(odd.map(|warning| match files.len() {
            1 => warning,
            _ => format!("{}: {warning}", file.shown()),
        }));
    }
    warnings
}

/// Why there is no report, by the names of the files.
pub(super) fn refusal(error: ReportError<anyhow::Error>, files: &[Source]) -> anyhow::Error {
    let shown = |model: usize| files[model].shown();
    match error {
        ReportError::Rows {
            model,
            first_labels: Some(labels),
            source,
        } => {
            let read = Err::<Infallible, _>(source);
            match beside(read, &shown(0), &*labels, &shown(model)) {
                Ok(never) => match never {},
                Err(error) => error,
            }
        }
        ReportError::Rows { source, .. } => source,
        ReportError::Classes {
            models: [first, other],
            labels,
        } => {
            let [[negative, positive], [other_negative, other_positive]] = *labels;
            anyhow!(
                "{} and {} must have the same classes, got `{negative}`, `{positive}` and `{other_negative}`, \
                 `{other_positive}`",
                shown(first),
                shown(other)
            )
        }
        ReportError::Positive { meant, got } => {
            anyhow!("the operating point was chosen for the positive class `{meant}`, got `{got}`")
        }
        ReportError::Page { model, source } => anyhow::Error::from(source).context(shown(model)),
        error => anyhow!("{error}"),
    }
}

/// What people want to know of a page that was written.
pub(super) fn summary(report: &Report, path: &Path, n_bytes: usize) -> String {
    let n_embedded = report.n_embedded();
    let embedded = counted(n_embedded, "threshold");
    let thresholds = match (report.is_complete(), n_embedded) {
        (true, 1) => embedded,
        (true, _) => format!("all {embedded}"),
        (false, _) => format!("{embedded} of {} or more", report.n_thresholds()),
    };
    let n_rows: usize = report.models().iter().map(ReportModel::n_rows).sum();
    let size = ByteSize::b(n_bytes as u64);
    format!(
        "{}: {}, {thresholds}, {size}",
        path.display(),
        counted(n_rows, "row")
    )
}

/// The files by their last names, where these tell them apart.
pub(super) fn names(paths: &[PathBuf]) -> Vec<String> {
    let last = paths.iter().map(|path| match path.file_name() {
        _ if is_stream(path) => "stdin".to_owned(),
        Some(name) => name.to_string_lossy().into_owned(),
        None => path.display().to_string(),
    });
    let last = last.collect::<Vec<_>>();
    let mut distinct = last.clone();
    distinct.sort();
    distinct.dedup();
    if distinct.len() == last.len() {
        last
    } else {
        paths
            .iter()
            .map(|path| path.display().to_string())
            .collect()
    }
}
