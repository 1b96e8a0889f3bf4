//! A comparison as JSON and as text.
//!
//! It refuses to compute anything but what is adjusted for many comparisons.

use std::fmt::Write as _;

use cutpoint_core::counted;
use cutpoint_metrics::{Bounds, ConfidenceInterval};

use super::found::{Adjusted, Difference, Found, Model, Pair};
use crate::json::Json;
use crate::matrix::matrix_keys;

impl Found {
    pub(super) fn as_json(&self) -> Json {
        let adjusted = self.adjusted();
        let adjusted = adjusted.as_ref();
        let models = self.models.iter().map(|model| self.model_keys(model));
        // Of two models the keys hold what was found, of more a list of it.
        let every = |make: &dyn Fn(usize, &Pair) -> Json| {
            let mut made = self
                .pairs
                .iter()
                .enumerate()
                .map(|(index, pair)| make(index, pair));
            match (made.len(), made.next()) {
                (1, Some(only)) => only,
                (_, first) => Json::List(first.into_iter().chain(made).collect()),
            }
        };
        let mut entries = vec![
            ("auc", Json::list(self.models.iter().map(|model| model.auc))),
            (
                "delong",
                every(&|index, pair| delong(pair, index, adjusted)),
            ),
            (
                "mcnemar",
                every(&|index, pair| mcnemar(pair, index, adjusted)),
            ),
            ("differences", every(&|_, pair| differences(pair))),
        ];
        if self.pairs.iter().any(|pair| pair.cost.is_some()) {
            entries.push((
                "cost",
                every(&|_, pair| pair.cost.as_ref().map(difference).into()),
            ));
        }
        entries.extend([
            ("models", Json::List(models.collect())),
            ("n_samples", self.n_samples.into()),
            ("confidence", self.bootstrap.confidence().into()),
            (
                "n_replicates",
                if self.is_bootstrapped {
                    self.bootstrap.n_replicates()
                } else {
                    0
                }
                .into(),
            ),
            (
                "thresholds",
                if self.is_chosen {
                    "chosen on these rows"
                } else {
                    "fixed beforehand"
                }
                .into(),
            ),
            ("random_state", self.bootstrap.random_state().into()),
            ("warnings", Json::list(&self.warnings)),
        ]);
        Json::object(entries)
    }

    fn model_keys(&self, model: &Model) -> Json {
        let error = model
            .estimate
            .map(cutpoint_metrics::AucEstimate::standard_error);
        let head = [
            ("name", Json::from(&model.name)),
            ("auc", model.auc.into()),
            ("auc_standard_error", error.into()),
            ("auc_interval", interval(model.auc_interval)),
        ];
        let bounds = [
            ("auc_bounds", model.bounds.auc),
            ("auc_standard_error_bounds", model.bounds.standard_error),
        ];
        let bounds = bounds
            .into_iter()
            .filter_map(|(key, found)| Some((key, bounds_json(found?))));
        let head = head.into_iter().chain(bounds);
        let head = head.map(|(key, value)| (key.to_owned(), value));
        let matrix = matrix_keys(model.threshold, &self.labels, model.cells, self.is_weighted);
        Json::object(head.chain(matrix))
    }

    pub(super) fn as_text(&self) -> String {
        let adjusted = self.adjusted();
        let adjusted = adjusted.as_ref();
        let mut text = String::new();
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("a String takes all text");
            text.push('\n');
        };
        let percent = 100.0 * self.bootstrap.confidence();
        let positives = self.models[0].cells.positives();
        let of_class = if self.is_weighted {
            format!("weight {positives:.3} of class `{}`", self.labels[1])
        } else {
            format!("{positives} of class `{}`", self.labels[1])
        };
        line(format_args!(
            "{}, {of_class}; {}% intervals\n",
            counted(self.n_samples, "row"),
            trimmed(percent)
        ));
        line(format_args!("{}", self.models_table()));
        if !self.is_weighted {
            line(format_args!(
                "areas under the ROC curves, DeLong's test\n{}",
                self.delong_table(adjusted)
            ));
            if self.is_chosen {
                line(format_args!(
                    "rows that only one model calls right: no test, since thresholds were chosen on these rows, and \
                     McNemar's test\n\
                     takes them as fixed beforehand\n"
                ));
            } else {
                line(format_args!(
                    "rows that only one model calls right, McNemar's test\n{}",
                    self.mcnemar_table(adjusted)
                ));
            }
        }
        let tables = self.differences_tables();
        if !tables.is_empty() {
            line(format_args!(
                "at the thresholds, {}\n{}",
                self.replicates(),
                tables.join("\n")
            ));
        }
        text.truncate(text.trim_end().len());
        text.push('\n');
        text
    }

    /// What intervals at the thresholds come from.
    fn replicates(&self) -> String {
        let drawn = counted(self.bootstrap.n_replicates(), "paired bootstrap replicate");
        match (self.is_chosen, self.is_bootstrapped) {
            (_, false) => "without intervals, for which the rows do not fit into memory".to_owned(),
            (false, true) => drawn,
            (true, true) => format!("{drawn}, each with thresholds of its own"),
        }
    }

    fn models_table(&self) -> String {
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
        let digits = if self.is_weighted { 3 } else { 0 };
        let models = self.models.iter().enumerate().map(|(index, model)| {
            let cells = model.cells;
            let counts = [cells.tp(), cells.fp(), cells.fn_(), cells.tn()];
            let threshold = model.threshold;
            let told = [
                letter(index),
                model.name.clone(),
                value(model.auc),
                interval_text(model.auc_interval),
                threshold.map_or_else(|| "none".to_owned(), |threshold| format!("{threshold:?}")),
            ];
            let counts = counts.map(|count| format!("{count:.digits$}"));
            told.into_iter().chain(counts).collect()
        });
        aligned(&head, models, 2)
    }

    fn delong_table(&self, adjusted: Option<&Adjusted>) -> String {
        let mut head = vec!["", "difference", "interval", "z", "p"];
        head.extend(adjusted.map(|_| "p (Holm)"));
        let pairs = self.pairs.iter().enumerate().map(|(index, pair)| {
            let test = pair.delong;
            let z = test.and_then(cutpoint_metrics::DelongTest::z);
            let mut row = vec![
                less(index),
                change(test.map(cutpoint_metrics::DelongTest::difference)),
                interval_text(pair.delong_interval),
                z.map_or_else(dash, |z| format!("{z:.3}")),
                p_text(test.and_then(cutpoint_metrics::DelongTest::p)),
            ];
            row.extend(adjusted.map(|adjusted| p_text(adjusted.delong[index])));
            row
        });
        aligned(&head, pairs, 1)
    }

    fn mcnemar_table(&self, adjusted: Option<&Adjusted>) -> String {
        let mut head = vec!["", "only first", "only second", "p exact", "p mid"];
        head.extend(
            adjusted
                .into_iter()
                .flat_map(|_| ["exact (Holm)", "mid (Holm)"]),
        );
        let pairs = self.pairs.iter().enumerate().map(|(index, pair)| {
            let test = pair.mcnemar;
            let count = |count: Option<u64>| count.map_or_else(dash, |count| count.to_string());
            let mut row = vec![
                format!("{}, {}", letter(0), letter(index + 1)),
                count(test.map(cutpoint_metrics::McNemar::b)),
                count(test.map(cutpoint_metrics::McNemar::c)),
                p_text(test.map(cutpoint_metrics::McNemar::p_exact)),
                p_text(test.map(cutpoint_metrics::McNemar::p_mid)),
            ];
            let adjusted = adjusted.map(|adjusted| [adjusted.exact[index], adjusted.mid[index]]);
            row.extend(adjusted.into_iter().flatten().map(p_text));
            row
        });
        aligned(&head, pairs, 1)
    }

    /// A table for each pair, unless nothing was asked for.
    fn differences_tables(&self) -> Vec<String> {
        let pairs = self.pairs.iter().enumerate();
        let pairs = pairs.filter(|(_, pair)| pair.cost.is_some() || !pair.differences.is_empty());
        let tables = pairs.map(|(index, pair)| {
            let (first, second, less) = (letter(0), letter(index + 1), less(index));
            let head = ["", &first, &second, &less, "interval"];
            let cost = pair.cost.iter().map(|cost| ("cost", cost));
            let metrics = pair.differences.iter();
            let metrics = metrics.map(|(metric, difference)| (metric.name(), difference));
            let rows = cost.chain(metrics).map(|(name, difference)| {
                vec![
                    name.to_owned(),
                    value(difference.first),
                    value(difference.second),
                    change(difference.value()),
                    interval_text(difference.interval),
                ]
            });
            aligned(&head, rows, 1)
        });
        tables.collect()
    }
}

fn delong(pair: &Pair, index: usize, adjusted: Option<&Adjusted>) -> Json {
    let Some(test) = pair.delong else {
        return Json::Null;
    };
    let keys = [
        ("z", test.z().into()),
        ("p", test.p().into()),
        ("difference", test.difference().into()),
        ("standard_error", test.variance().sqrt().into()),
        ("interval", interval(pair.delong_interval)),
    ];
    let adjusted = adjusted.map(|adjusted| ("p_holm", adjusted.delong[index].into()));
    let bounds = pair.delong_bounds.map(|bounds| {
        let keys = [
            ("z", bounds.z().map(bounds_json).into()),
            ("p", bounds_json(bounds.p())),
            ("difference", bounds_json(bounds.difference())),
            ("standard_error", bounds_json(bounds.standard_error())),
        ];
        ("bounds", Json::object(keys))
    });
    Json::object(keys.into_iter().chain(adjusted).chain(bounds))
}

fn mcnemar(pair: &Pair, index: usize, adjusted: Option<&Adjusted>) -> Json {
    let Some(test) = pair.mcnemar else {
        return Json::Null;
    };
    let keys = [
        ("b", test.b().into()),
        ("c", test.c().into()),
        ("p_exact", test.p_exact().into()),
        ("p_mid", test.p_mid().into()),
    ];
    let adjusted = adjusted.map(|adjusted| {
        [
            ("p_exact_holm", adjusted.exact[index].into()),
            ("p_mid_holm", adjusted.mid[index].into()),
        ]
    });
    Json::object(keys.into_iter().chain(adjusted.into_iter().flatten()))
}

fn differences(pair: &Pair) -> Json {
    let differences = pair.differences.iter();
    Json::object(differences.map(|(metric, found)| (metric.name(), difference(found))))
}

fn difference(found: &Difference) -> Json {
    Json::object([
        ("first", found.first.into()),
        ("second", found.second.into()),
        ("difference", found.value().into()),
        ("interval", interval(found.interval)),
    ])
}

fn interval(interval: Option<ConfidenceInterval>) -> Json {
    interval.map_or(Json::Null, |interval| {
        Json::list([interval.low(), interval.high()])
    })
}

fn bounds_json(bounds: Bounds) -> Json {
    Json::list([bounds.low(), bounds.high()])
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
