//! What `evaluate` looks at, read with a bar of progress, and what is said of it.

use cutpoint_files::{EvaluationRows, read_evaluation, read_predicted_evaluation};

use super::Args;
use crate::console::Console;
use crate::progress::ProgressBar;

pub(super) fn read(args: &Args, console: &mut Console) -> anyhow::Result<EvaluationRows> {
    let columns = &args.columns;
    let mut bar = ProgressBar::new("reading");
    let rows = if let Some(predicted) = &args.predicted {
        let words = columns
            .positive
            .iter()
            .chain(columns.labels.iter().flatten());
        let words = words.cloned().collect::<Vec<_>>();
        let names = [columns.label.as_str(), predicted];
        let (weight, positive) = (columns.weight.as_deref(), columns.positive.as_deref());
        read_predicted_evaluation(&args.scores, names, weight, positive, &words, |progress| {
            bar.update(progress);
        })?
    } else {
        // Labels to show are no labels to hold the rows to.
        let read = columns.columns().classes(Vec::new());
        let read = read.words(columns.labels.clone().unwrap_or_default());
        read_evaluation(&args.scores, &read, args.threshold, |progress| {
            bar.update(progress);
        })?
    };
    bar.finish();
    if rows.positive().is_none() && rows.classes().len() == 2 {
        console.hint("name the positive class with `--positive CLASS` to have its metrics");
    }
    Ok(match &columns.labels {
        Some(names) => rows.with_labels(names),
        None => rows,
    })
}

/// What is said of scores of one class only.
pub(super) fn one_class(rows: &EvaluationRows) -> Option<String> {
    let class = rows.one_class()?;
    Some(format!(
        "all rows are of one class, `{class}`: metrics that need both are undefined"
    ))
}
