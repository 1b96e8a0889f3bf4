//! The points of curves, and what is told beside them: as CSV, as JSON, and for people.
//!
//! It refuses to compute them.

use cutpoint_core::{Label, Labels};
use cutpoint_files::{Output, TableColumn, write_curve};

use super::Kind;
use super::input::Input;
use crate::chart::{Chart, Line};
use crate::console::Console;
use crate::json::Json;

/// The points of one curve.
#[derive(Default)]
pub(super) struct Curve {
    columns: Vec<(&'static str, Values)>,
    facts: Facts,
}

/// The values of a column.
#[derive(Clone)]
pub(super) enum Values {
    Numbers(Vec<Option<f64>>),
    Counts(Vec<u64>),
}

impl From<&[f64]> for Values {
    fn from(values: &[f64]) -> Self {
        Self::Numbers(values.iter().copied().map(Some).collect())
    }
}

impl From<&[Option<f64>]> for Values {
    fn from(values: &[Option<f64>]) -> Self {
        Self::Numbers(values.to_vec())
    }
}

impl Values {
    /// Rows that were counted, or their weights.
    pub(super) fn cells(values: &[f64], is_weighted: bool) -> Self {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "without weights a cell is a whole number from 0"
        )]
        if is_weighted {
            values.into()
        } else {
            Self::Counts(values.iter().map(|&cell| cell as u64).collect())
        }
    }

    fn len(&self) -> usize {
        match self {
            Self::Numbers(values) => values.len(),
            Self::Counts(values) => values.len(),
        }
    }

    fn followed_by(mut self, other: Self) -> Self {
        match (&mut self, other) {
            (Self::Numbers(first), Self::Numbers(second)) => first.extend(second),
            (Self::Counts(first), Self::Counts(second)) => first.extend(second),
            _ => unreachable!("a column is of one kind in all curves of a run"),
        }
        self
    }

    fn number(&self, row: usize) -> Option<f64> {
        match self {
            Self::Numbers(values) => values[row],
            Self::Counts(values) => Some(values[row] as f64),
        }
    }

    fn json(&self, row: usize) -> Json {
        match self {
            Self::Numbers(values) => values[row].into(),
            Self::Counts(values) => values[row].into(),
        }
    }
}

impl Curve {
    pub(super) fn with(mut self, name: &'static str, values: impl Into<Values>) -> Self {
        self.columns.push((name, values.into()));
        self
    }

    /// A column that may be undefined as a whole; there must be one before it that is not.
    pub(super) fn with_optional(self, name: &'static str, values: Option<&[f64]>) -> Self {
        let n_points = self.n_points();
        match values {
            Some(values) => self.with(name, values),
            None => self.with(name, Values::Numbers(vec![None; n_points])),
        }
    }

    pub(super) fn facts(mut self, facts: Facts) -> Self {
        self.facts = facts;
        self
    }

    fn n_points(&self) -> usize {
        self.columns.first().map_or(0, |(_, values)| values.len())
    }

    /// The points of two columns, where both are defined.
    fn pairs(&self, x: &str, y: &str) -> Vec<(f64, f64)> {
        let column = |wanted: &str| {
            let mut columns = self.columns.iter();
            columns.find(|(name, _)| *name == wanted)
        };
        let (Some((_, x)), Some((_, y))) = (column(x), column(y)) else {
            return Vec::new();
        };
        let rows = 0..self.n_points();
        rows.filter_map(|row| x.number(row).zip(y.number(row)))
            .collect()
    }

    fn points(&self) -> Json {
        let point = |row: usize| {
            let columns = self.columns.iter();
            Json::object(columns.map(|(name, values)| (*name, values.json(row))))
        };
        Json::List((0..self.n_points()).map(point).collect())
    }
}

/// What is told of a curve besides its points.
#[derive(Default)]
pub(super) struct Facts {
    keys: Vec<(&'static str, Json)>,
    lines: Vec<String>,
}

impl Facts {
    /// For scripts only.
    pub(super) fn key(mut self, name: &'static str, value: impl Into<Json>) -> Self {
        self.keys.push((name, value.into()));
        self
    }

    /// For people only.
    pub(super) fn line(mut self, line: impl Into<String>) -> Self {
        self.lines.push(line.into());
        self
    }

    /// A number for both.
    pub(super) fn number(self, name: &'static str, value: Option<f64>) -> Self {
        let line = format!("{name} {}", rounded(value));
        self.key(name, value).line(line)
    }
}

/// A number for people.
pub(super) fn rounded(value: Option<f64>) -> String {
    value.map_or_else(|| "undefined".to_owned(), |value| format!("{value:.4}"))
}

/// Thresholds that tie, for people.
pub(super) fn thresholds(tied: &[Option<f64>]) -> String {
    const SHOWN: usize = 3;
    let shown = tied.iter().take(SHOWN).map(|threshold| {
        threshold.map_or_else(
            || "none (predict none)".to_owned(),
            |value| value.to_string(),
        )
    });
    let shown = shown.collect::<Vec<_>>().join(", ");
    match tied.len() {
        1 => format!("threshold {shown}"),
        ..=SHOWN => format!("thresholds {shown}"),
        n_tied => format!("thresholds {shown} and {} more", n_tied - SHOWN),
    }
}

/// What a run shows.
pub(super) enum Shown {
    /// One curve.
    One(Curve),
    /// A curve for each model or group, and what these are.
    Several {
        column: &'static str,
        curves: Vec<(String, Curve)>,
    },
    /// A curve a class, and what is told of all.
    Classes {
        classes: Vec<Label>,
        curves: Vec<Curve>,
        facts: Facts,
    },
}

impl Shown {
    pub(super) fn as_json(&self, name: &str, input: &Input) -> Json {
        let mut entries = vec![("curve", name.into())];
        match input {
            Input::Binary { sweep, labels, .. } => {
                entries.push(("n_samples", sweep.n_samples().into()));
                entries.push(("labels", Json::list(labels)));
                entries.push(("positive", (&labels[1]).into()));
            }
            Input::Several { curves, .. } => {
                let labels = curves.first().map(|one| &one.labels);
                entries.push(("labels", labels.map_or(Json::Null, Json::list)));
                let positive = labels.map(|labels| &labels[1]);
                entries.push(("positive", positive.into()));
            }
            Input::Classes { scores, .. } => {
                entries.push(("n_samples", scores.n_samples().into()));
                entries.push(("labels", Json::list(scores.classes())));
            }
        }
        let of_curve = |curve: &Curve| {
            let facts = curve.facts.keys.iter().cloned();
            facts
                .chain([("points", curve.points())])
                .collect::<Vec<_>>()
        };
        match self {
            Self::One(curve) => entries.extend(of_curve(curve)),
            Self::Several { column, curves } => {
                let key = if *column == "model" {
                    "models"
                } else {
                    "groups"
                };
                let curves = curves.iter().map(|(name, curve)| {
                    let name = (*column, Json::from(name));
                    Json::object([name].into_iter().chain(of_curve(curve)))
                });
                entries.push((key, Json::List(curves.collect())));
            }
            Self::Classes {
                classes,
                curves,
                facts,
            } => {
                entries.extend(facts.keys.iter().cloned());
                let curves = classes.iter().zip(curves).map(|(class, curve)| {
                    let class = ("class", Json::from(class));
                    Json::object([class].into_iter().chain(of_curve(curve)))
                });
                entries.push(("classes", Json::List(curves.collect())));
            }
        }
        entries.push(("warnings", Json::list(&input.warnings())));
        Json::object(entries)
    }

    pub(super) fn write_table(&self, output: &mut Output) -> anyhow::Result<()> {
        let mut names = Vec::new();
        let (classes, curves) = match self {
            Self::One(curve) => (None, vec![curve]),
            Self::Several { column, curves } => {
                let texts = curves.iter();
                let texts = texts
                    .flat_map(|(name, curve)| std::iter::repeat_n(name.as_str(), curve.n_points()));
                names.push((*column, texts.collect::<Vec<_>>()));
                (None, curves.iter().map(|(_, curve)| curve).collect())
            }
            Self::Classes {
                classes, curves, ..
            } => (Some(classes), curves.iter().collect::<Vec<_>>()),
        };
        let classes = classes.map(|classes| {
            let codes = (0..).zip(&curves);
            let codes = codes.flat_map(|(code, curve)| std::iter::repeat_n(code, curve.n_points()));
            Labels::from_codes(codes.collect(), classes.clone())
        });
        let classes = classes.transpose()?;
        let columns = joined(&curves);
        let class = classes.as_ref();
        let class = class.map(|classes| ("class", TableColumn::Classes(classes)));
        let columns = columns.iter().map(|(name, values)| {
            let values = match values {
                Values::Numbers(values) => TableColumn::Numbers(values),
                Values::Counts(values) => TableColumn::Counts(values),
            };
            (*name, values)
        });
        let names = names.iter();
        let names = names.map(|(column, texts)| (*column, TableColumn::Texts(texts)));
        let columns = names.chain(class).chain(columns).collect::<Vec<_>>();
        write_curve(output, &columns)?;
        Ok(())
    }

    /// The curves as lines of characters.
    pub(super) fn chart<K: Kind>(&self) -> Chart {
        let (y, columns) = K::Y;
        let lines = match self {
            Self::One(curve) => {
                let lines = columns.iter().map(|column| Line {
                    name: (*column).to_owned(),
                    points: curve.pairs(K::X.label, column),
                });
                lines.collect()
            }
            Self::Several { curves, .. } => {
                let lines = curves.iter().map(|(name, curve)| Line {
                    name: name.clone(),
                    points: curve.pairs(K::X.label, columns[0]),
                });
                lines.collect()
            }
            Self::Classes {
                classes, curves, ..
            } => {
                let lines = classes.iter().zip(curves).map(|(class, curve)| Line {
                    name: class.to_string(),
                    points: curve.pairs(K::X.label, columns[0]),
                });
                lines.collect()
            }
        };
        Chart {
            title: K::NAME.to_owned(),
            x: K::X,
            y,
            lines,
        }
    }

    /// Says what people want to know besides the points.
    pub(super) fn tell(&self, console: &mut Console) {
        match self {
            Self::One(curve) => {
                for line in &curve.facts.lines {
                    console.note(line);
                }
            }
            Self::Several { curves, .. } => {
                for (name, curve) in curves {
                    for line in &curve.facts.lines {
                        console.note(format_args!("{name}: {line}"));
                    }
                }
            }
            Self::Classes {
                classes,
                curves,
                facts,
            } => {
                for (class, curve) in classes.iter().zip(curves) {
                    for line in &curve.facts.lines {
                        console.note(format_args!("class `{class}`: {line}"));
                    }
                }
                for line in &facts.lines {
                    console.note(line);
                }
            }
        }
    }
}

/// The columns of curves of one kind, one curve under the other.
fn joined(curves: &[&Curve]) -> Vec<(&'static str, Values)> {
    let names = curves
        .first()
        .map(|curve| curve.columns.iter().map(|(name, _)| *name));
    let names = names.into_iter().flatten().enumerate();
    let columns = names.map(|(place, name)| {
        let values = curves.iter().map(|curve| &curve.columns[place].1);
        let joined = values.cloned().reduce(Values::followed_by);
        (name, joined.expect("the first curve has the column"))
    });
    columns.collect()
}
