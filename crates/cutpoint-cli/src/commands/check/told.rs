//! What `cutpoint check` tells: JSON for scripts, lines for people and logs.
//!
//! It refuses to judge; that is done already.

use std::fmt::Write as _;

use cutpoint_core::counted;
use cutpoint_metrics::{Constraint, ProportionTest, Standing};

use super::{Check, four, measured};
use crate::console::Terminal;
use crate::json::Json;
use crate::matrix::{MatrixTable, matrix_keys_at};

impl Check {
    pub(super) fn as_json(&self) -> Json {
        let constraints = self.constraints().map(|(constraint, kept)| {
            let interval = kept.interval();
            let interval = interval.map(|interval| Json::list([interval.low(), interval.high()]));
            let change = kept.change();
            let change = change.map(|change| Json::list([change.low(), change.high()]));
            let method = kept.interval().map(|_| kept.method());
            Json::object([
                ("constraint", Json::from(&constraint.to_string())),
                ("metric", (&constraint.metric().to_string()).into()),
                ("relation", (&constraint.relation().to_string()).into()),
                ("bound", constraint.bound().into()),
                ("verdict", kept.standing().name().into()),
                ("value", kept.value().into()),
                ("interval", interval.unwrap_or(Json::Null)),
                ("method", method.into()),
                ("change", change.unwrap_or(Json::Null)),
                ("then", self.then(constraint).into()),
            ])
        });
        let drift = self.drift.iter().map(|drift| {
            let keys = Json::object([
                ("then", Json::from(drift.then)),
                ("now", drift.now.into()),
                ("z", drift.test.as_ref().map(ProportionTest::z).into()),
                ("p", drift.test.as_ref().map(ProportionTest::p).into()),
            ]);
            (drift.key, keys)
        });
        let reasons = self.reasons();
        let head = [
            ("holds", Json::from(reasons.is_empty())),
            ("strict", self.is_strict.into()),
            ("confidence", self.confidence.into()),
            ("constraints", Json::List(constraints.collect())),
            ("reasons", Json::list(&reasons)),
            ("drift", Json::object(drift)),
            ("at_prevalence", self.point.prevalence().into()),
            ("per_rows", self.per_rows().into()),
            ("n_samples", self.n_samples.into()),
            ("warnings", Json::list(&self.warnings())),
        ];
        let threshold = Some(self.point.threshold());
        let prevalence = self.point.prevalence();
        let (labels, cells) = (&self.labels, self.cells);
        let matrix = matrix_keys_at(prevalence, threshold, labels, cells, self.is_weighted);
        let head = head.into_iter().map(|(key, value)| (key.to_owned(), value));
        Json::object(head.chain(matrix))
    }

    /// How many rows counts and costs are taken to, if any constraint is about such.
    fn per_rows(&self) -> Option<f64> {
        let mut metrics = self.point.constraints().iter().map(Constraint::metric);
        let is_any = metrics.any(cutpoint_metrics::Metric::is_total);
        is_any.then(|| self.point.cells().total())
    }

    pub(super) fn as_text(&self, terminal: Terminal) -> String {
        let mut text = String::new();
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("a String takes all text");
            text.push('\n');
        };
        let point = &self.point;
        line(format_args!(
            "threshold {:?}, positive class `{}`, chosen to {}",
            point.threshold().value(),
            self.labels[1],
            point.objective(),
        ));
        if let Some(prevalence) = point.prevalence() {
            line(format_args!("at a prevalence of {prevalence}"));
        }
        if let Some(n_rows) = self.per_rows() {
            line(format_args!(
                "counts and costs for {}",
                counted(n_rows, "row")
            ));
        }
        line(format_args!(""));
        if point.constraints().is_empty() {
            line(format_args!(
                "it was chosen without constraints: nothing has to hold"
            ));
        }
        let names = point.constraints().iter().map(ToString::to_string);
        let names = names.collect::<Vec<_>>();
        let width = names.iter().map(String::len).max().unwrap_or_default();
        for (name, (constraint, kept)) in names.iter().zip(self.constraints()) {
            let sort = match kept.standing() {
                Standing::Holds => "holds",
                Standing::WithinError => "within error",
                Standing::Broken => "broken",
                Standing::Undefined => "undefined",
            };
            let then = four(self.then(constraint));
            line(format_args!(
                "{sort:12}  {name:width$}  {}, {then} then",
                measured(kept)
            ));
        }
        line(format_args!(
            "\n{:10} {:>10} {:>10} {:>10}",
            "drift", "then", "now", "p"
        ));
        for drift in &self.drift {
            let p = drift
                .test
                .as_ref()
                .map_or_else(|| "-".to_owned(), |test| format!("{:.4}", test.p()));
            line(format_args!(
                "{:10} {:>10} {:>10} {p:>10}",
                drift.key,
                four(drift.then),
                four(drift.now)
            ));
        }
        let values = ndarray::arr2(&self.cells.to_sklearn());
        let names = self.labels.each_ref().map(ToString::to_string);
        let table = MatrixTable {
            title: "",
            names: &names,
            values: values.view(),
            digits: if self.is_weighted { 3 } else { 0 },
            terminal,
        };
        line(format_args!("\n{}", table.to_string().trim_end()));
        text
    }
}
