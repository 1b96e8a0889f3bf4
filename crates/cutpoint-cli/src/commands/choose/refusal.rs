//! Why no threshold meets all constraints, as people and scripts read it.

use std::fmt::Write as _;

use cutpoint_choose::Decision;
use cutpoint_metrics::{Infeasible, Problem};

use super::answer::interval_json;
use super::constraints::constraints_json;
use super::text::{number, shown};
use crate::json::Json;
use crate::matrix::matrix_keys_at;

/// A problem without an answer.
pub(super) struct Refusal<'a> {
    pub(super) problem: &'a Problem,
    pub(super) why: &'a Infeasible,
    pub(super) looked: &'a Decision,
    pub(super) warnings: &'a [String],
}

impl Refusal<'_> {
    fn text_of(&self, place: usize) -> String {
        self.problem.constraints()[place].to_string()
    }

    /// What is in the way, in a line.
    pub(super) fn reason(&self) -> String {
        let alone = self.why.alone().iter();
        let impossible = alone.filter(|alone| !alone.is_attainable());
        let impossible = impossible.map(|alone| {
            let best = alone.best_value();
            let best = best.map_or_else(
                || "is undefined everywhere".to_owned(),
                |best| format!("{} at best", number(best)),
            );
            format!("`{}` ({best})", alone.constraint())
        });
        let impossible = impossible.collect::<Vec<_>>();
        if !impossible.is_empty() {
            return format!("no threshold meets {}", impossible.join(" or "));
        }
        let pairs = self.why.conflicts().iter();
        let pairs = pairs.map(|&[first, second]| {
            format!("`{}` and `{}`", self.text_of(first), self.text_of(second))
        });
        let pairs = pairs.collect::<Vec<_>>();
        if pairs.is_empty() {
            return "no threshold meets all constraints together".to_owned();
        }
        format!(
            "no threshold meets both {}, nor all constraints",
            pairs.join(", nor both ")
        )
    }

    pub(super) fn as_json(&self) -> Json {
        let looked = self.looked;
        let is_weighted = looked.partial.is_weighted();
        let texts = |places: &[usize]| {
            let texts = places.iter().map(|&place| Json::from(&self.text_of(place)));
            Json::List(texts.collect())
        };
        let alone = self.why.alone().iter().map(|alone| {
            Json::object([
                ("constraint", Json::from(&alone.constraint().to_string())),
                ("is_attainable", alone.is_attainable().into()),
                ("best_value", alone.best_value().into()),
                (
                    "threshold",
                    alone.point().and_then(|point| point.threshold).into(),
                ),
            ])
        });
        let nearest = self.why.nearest().map(|nearest| {
            let matrix = matrix_keys_at(
                self.problem.prevalence(),
                nearest.point().threshold,
                &looked.classes.labels,
                nearest.point().cells,
                is_weighted,
            );
            let told = [
                ("interval", interval_json(nearest.point().interval)),
                ("shortfall", nearest.shortfall().into()),
                (
                    "constraints",
                    Json::List(constraints_json(self.problem, |metric| {
                        self.problem.value(metric, &nearest.point().cells)
                    })),
                ),
            ];
            let told = told.map(|(name, value)| (name.to_owned(), value));
            Json::object(matrix.chain(told))
        });
        Json::object([
            ("threshold", Json::Null),
            (
                "objective",
                Json::from(&self.problem.objective().to_string()),
            ),
            ("infeasible", true.into()),
            ("reason", Json::from(&self.reason())),
            ("alone", Json::List(alone.collect())),
            (
                "conflicts",
                Json::List(
                    self.why
                        .conflicts()
                        .iter()
                        .map(|pair| texts(pair))
                        .collect(),
                ),
            ),
            ("binding", texts(self.why.binding())),
            ("nearest", nearest.unwrap_or(Json::Null)),
            ("n_passes", looked.n_passes.into()),
            ("warnings", Json::list(self.warnings)),
        ])
    }

    pub(super) fn as_text(&self) -> String {
        let mut text = String::new();
        let mut line = |written: std::fmt::Arguments<'_>| {
            text.write_fmt(written).expect("a String takes all text");
            text.push('\n');
        };
        line(format_args!("no threshold: {}\n", self.reason()));
        line(format_args!("alone, each could have"));
        for alone in self.why.alone() {
            let best = alone.best_value();
            line(format_args!(
                "  {}: {} at threshold {}{}",
                alone.constraint(),
                best.map_or_else(|| "-".to_owned(), number),
                shown(alone.point().and_then(|point| point.threshold)),
                if alone.is_attainable() {
                    ""
                } else {
                    ", which is not enough"
                }
            ));
        }
        for &place in self.why.binding() {
            line(format_args!(
                "without {} the others can be met",
                self.text_of(place)
            ));
        }
        if let Some(nearest) = self.why.nearest() {
            line(format_args!(
                "\nnearest is threshold {}, short of a bound by {} of it at most:",
                shown(nearest.point().threshold),
                number(nearest.shortfall())
            ));
            for (constraint, value) in self.problem.constraints().iter().zip(nearest.values()) {
                let verdict = if constraint.is_met_by(*value) {
                    "met"
                } else {
                    "not met"
                };
                line(format_args!(
                    "  {constraint}: {}, {verdict}",
                    number(*value)
                ));
            }
        }
        text
    }
}
