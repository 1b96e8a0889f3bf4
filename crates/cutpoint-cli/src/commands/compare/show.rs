//! A comparison as text.

use std::fmt::Write as _;

use cutpoint_choose::{Comparison, ThresholdOrigin};
use cutpoint_core::counted;
use cutpoint_metrics::ConfidenceInterval;

/// A comparison for people.
pub(super) fn text(comparison: &Comparison) -> String {
    let mut text = String::new();
    let mut line = |written: std::fmt::Arguments<'_>| {
        text.write_fmt(written).expect("a String takes all text");
        text.push('\n');
    };
    let first = &comparison.models[0];
    let (positives, positive) = (first.cells.positives(), &first.matrix.labels[1]);
    let of_class = if comparison.is_weighted {
        format!("weight {positives:.3} of class `{positive}`")
    } else {
        format!("{positives} of class `{positive}`")
    };
    line(format_args!(
        "{}, {of_class}; {}% intervals\n",
        counted(comparison.n_samples, "row"),
        trimmed(100.0 * comparison.confidence)
    ));
    line(format_args!("{}", models_table(comparison)));
    if !comparison.is_weighted {
        line(format_args!(
            "areas under the ROC curves, DeLong's test\n{}",
            delong_table(comparison)
        ));
        if comparison.thresholds == ThresholdOrigin::Chosen {
            line(format_args!(
                "rows that only one model calls right: no test, since thresholds were chosen on these rows, and \
                 McNemar's test\n\
                 takes them as fixed beforehand\n"
            ));
        } else {
            line(format_args!(
                "rows that only one model calls right, McNemar's test\n{}",
                mcnemar_table(comparison)
            ));
        }
    }
    let tables = differences_tables(comparison);
    if !tables.is_empty() {
        line(format_args!(
            "at the thresholds, {}\n{}",
            replicates(comparison),
            tables.join("\n")
        ));
    }
    text.truncate(text.trim_end().len());
    text.push('\n');
    text
}

/// What intervals at the thresholds come from.
fn replicates(comparison: &Comparison) -> String {
    let drawn = counted(comparison.n_replicates, "paired bootstrap replicate");
    match (comparison.thresholds, comparison.n_replicates) {
        (_, 0) => "without intervals, for which the rows do not fit into memory".to_owned(),
        (ThresholdOrigin::Fixed, _) => drawn,
        (ThresholdOrigin::Chosen, _) => format!("{drawn}, each with thresholds of its own"),
    }
}

fn models_table(comparison: &Comparison) -> String {
    let head = [
        "",
        "model",
        "auc",
        "interval",
        "threshold",
        "tp",
        "fp",
        "fn",
        "tn",
    ];
    let digits = if comparison.is_weighted { 3 } else { 0 };
    let models = comparison.models.iter().enumerate().map(|(index, model)| {
        let cells = model.cells;
        let counts = [cells.tp(), cells.fp(), cells.fn_(), cells.tn()];
        let threshold = model.matrix.threshold;
        let told = [
            letter(index),
            model.name.clone(),
            value(model.auc),
            interval_text(model.auc_interval),
            threshold.map_or_else(
                || "none".to_owned(),
                |threshold| format!("{:?}", threshold.value()),
            ),
        ];
        let counts = counts.map(|count| format!("{count:.digits$}"));
        told.into_iter().chain(counts).collect()
    });
    aligned(&head, models, 2)
}

fn delong_table(comparison: &Comparison) -> String {
    let is_adjusted = comparison.delong.len() > 1;
    let mut head = vec!["", "difference", "interval", "z", "p"];
    if is_adjusted {
        head.push("p (Holm)");
    }
    let pairs = comparison.delong.iter().enumerate().map(|(index, test)| {
        let test = test.as_ref();
        let z = test.and_then(|test| test.z);
        let mut row = vec![
            less(index),
            change(test.map(|test| test.difference)),
            interval_text(test.and_then(|test| test.interval)),
            z.map_or_else(dash, |z| format!("{z:.3}")),
            p_text(test.and_then(|test| test.p)),
        ];
        if is_adjusted {
            row.push(p_text(test.and_then(|test| test.adjusted?.p_holm)));
        }
        row
    });
    aligned(&head, pairs, 1)
}

fn mcnemar_table(comparison: &Comparison) -> String {
    let is_adjusted = comparison.mcnemar.len() > 1;
    let mut head = vec!["", "only first", "only second", "p exact", "p mid"];
    if is_adjusted {
        head.extend(["exact (Holm)", "mid (Holm)"]);
    }
    let pairs = comparison.mcnemar.iter().enumerate().map(|(index, test)| {
        let test = test.as_ref();
        let count = |count: Option<u64>| count.map_or_else(dash, |count| count.to_string());
        let mut row = vec![
            format!("{}, {}", letter(0), letter(index + 1)),
            count(test.map(|test| test.b)),
            count(test.map(|test| test.c)),
            p_text(test.map(|test| test.p_exact)),
            p_text(test.map(|test| test.p_mid)),
        ];
        if is_adjusted {
            let adjusted = test.and_then(|test| test.adjusted);
            row.push(p_text(adjusted.and_then(|adjusted| adjusted.p_exact_holm)));
            row.push(p_text(adjusted.and_then(|adjusted| adjusted.p_mid_holm)));
        }
        row
    });
    aligned(&head, pairs, 1)
}

/// A table for each pair, unless nothing was asked for.
fn differences_tables(comparison: &Comparison) -> Vec<String> {
    let pairs = comparison.differences.iter().enumerate();
    let tables = pairs.filter_map(|(index, differences)| {
        let cost = comparison
            .cost
            .as_ref()
            .map(|costs| ("cost", &costs[index]));
        let metrics = differences.0.iter();
        let metrics = metrics.map(|(metric, difference)| (metric.name(), difference));
        let rows = cost.into_iter().chain(metrics).map(|(name, difference)| {
            vec![
                name.to_owned(),
                value(difference.first),
                value(difference.second),
                change(difference.difference),
                interval_text(difference.interval),
            ]
        });
        let (first, second, less) = (letter(0), letter(index + 1), less(index));
        let head = ["", &first, &second, &less, "interval"];
        let rows = rows.collect::<Vec<_>>();
        (!rows.is_empty()).then(|| aligned(&head, rows, 1))
    });
    tables.collect()
}

/// What a model is called in tables.
fn letter(index: usize) -> String {
    match u8::try_from(index) {
        Ok(place) if place < 26 => char::from(b'A' + place).to_string(),
        _ => format!("M{}", index + 1),
    }
}

/// The first model less another.
fn less(index: usize) -> String {
    format!("{} - {}", letter(0), letter(index + 1))
}

fn dash() -> String {
    "-".to_owned()
}

fn value(value: Option<f64>) -> String {
    value.map_or_else(dash, |value| format!("{value:.4}"))
}

fn change(value: Option<f64>) -> String {
    value.map_or_else(dash, |value| format!("{value:+.4}"))
}

fn interval_text(interval: Option<ConfidenceInterval>) -> String {
    interval.map_or_else(dash, |interval| {
        format!("[{:.4}, {:.4}]", interval.low(), interval.high())
    })
}

fn p_text(p: Option<f64>) -> String {
    match p {
        Some(p) if p < 0.0001 => "<0.0001".to_owned(),
        p => value(p),
    }
}

/// A number with no more digits than it needs, of those that are shown.
fn trimmed(number: f64) -> String {
    let text = format!("{number:.4}");
    text.trim_end_matches('0').trim_end_matches('.').to_owned()
}

/// Rows as lines in columns: so many of text, which begin together, and numbers, which end together.
fn aligned(head: &[&str], rows: impl IntoIterator<Item = Vec<String>>, n_texts: usize) -> String {
    let head = head.iter().map(|&name| name.to_owned()).collect();
    let rows = std::iter::once(head).chain(rows).collect::<Vec<Vec<_>>>();
    let width = |column: usize| {
        let fields = rows.iter().map(|row| row[column].chars().count());
        fields.max().unwrap_or_default()
    };
    let widths = (0..rows[0].len()).map(width).collect::<Vec<_>>();
    let mut text = String::new();
    for row in &rows {
        let fields = row.iter().zip(&widths).enumerate();
        let fields = fields.map(|(column, (field, &width))| {
            if column < n_texts {
                format!("{field:width$}")
            } else {
                format!("{field:>width$}")
            }
        });
        let line = fields.collect::<Vec<_>>().join("  ");
        text.push_str(line.trim_end());
        text.push('\n');
    }
    text
}
