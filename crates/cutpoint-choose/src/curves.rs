//! The curves of rows of any source: of all rows, of several models, of groups or of classes, as one answer.

use std::collections::BTreeMap;

use cutpoint_core::{ClassScores, Label, Scores};
use cutpoint_metrics::{
    Average, CurveFacts, CurveKind, CurveTable, OneVsRestSweeps, Sweep, one_vs_rest_sweeps, sweep,
};
use serde::Serialize;

use crate::{Error, Result, RowSource, View};

/// What curves are read off.
#[derive(Debug, Clone)]
pub enum CurveSweeps {
    /// The sweep of all rows.
    One(LabelledSweep),
    /// A sweep each of several models.
    Models(Vec<NamedSweep>),
    /// A sweep each of several groups of rows.
    Groups(Vec<NamedSweep>),
    /// A sweep each of several classes against the rest, and what these were made of.
    Classes {
        /// The scores of all classes.
        scores: Box<ClassScores>,
        /// Their sweeps.
        sweeps: OneVsRestSweeps,
    },
}

/// A sweep, and what its classes are called.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledSweep {
    /// Negative and positive.
    pub labels: [Label; 2],
    /// The sweep of every distinct score.
    pub sweep: Sweep,
}

/// The sweep of a model or of a group.
#[derive(Debug, Clone, PartialEq)]
pub struct NamedSweep {
    /// What the model or the group is called.
    pub name: String,
    /// The sweep.
    pub of: LabelledSweep,
}

/// A curve of all rows, or several of one kind.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Curves {
    /// Which curve, by its name.
    pub curve: &'static str,
    /// How many rows there are, of a source those of weight above 0; not told of several models or groups.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub n_samples: Option<usize>,
    /// Negative and positive, or all of several classes.
    pub labels: Vec<Label>,
    /// The positive class, unless the curves are of several classes.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub positive: Option<Label>,
    /// The points, and what is known besides.
    #[serde(flatten)]
    pub parts: CurveParts,
}

/// The points of a curve, or of several.
#[derive(Debug, Clone, PartialEq, Serialize)]
#[serde(untagged)]
pub enum CurveParts {
    /// One curve.
    One(CurveTable),
    /// A curve a model.
    Models {
        /// In the order they were given.
        models: Vec<ModelCurve>,
    },
    /// A curve a group.
    Groups {
        /// Ascending by name.
        groups: Vec<GroupCurve>,
    },
    /// A curve a class, against the rest.
    Classes {
        /// What is known of all of them together.
        #[serde(flatten)]
        facts: CurveFacts,
        /// Ascending by class.
        classes: Vec<ClassCurve>,
    },
}

/// The curve of a model.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ModelCurve {
    /// What it is called.
    pub model: String,
    /// Its curve.
    #[serde(flatten)]
    pub table: CurveTable,
}

/// The curve of a group.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct GroupCurve {
    /// What it is called.
    pub group: String,
    /// Its curve.
    #[serde(flatten)]
    pub table: CurveTable,
}

/// The curve of a class against the rest.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct ClassCurve {
    /// The class.
    pub class: Label,
    /// Its curve.
    #[serde(flatten)]
    pub table: CurveTable,
}

/// The curve of all rows of a source, in one pass.
///
/// # Errors
/// Those of [`CurveKind::table`] and [`RowSource::run`]; [`Error::ManyScores`] if not every distinct score fits into
/// the memory.
///
/// # Examples
/// ```
/// use cutpoint_choose::{CurveParts, View, curve_from};
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::CurveKind;
///
/// // At 0.7 both positive rows are found, and one of three negative ones is taken for positive.
/// let rows = Scores::new(vec![true, false, true, false, false], vec![0.9, 0.8, 0.7, 0.2, 0.1])?;
/// let curves = curve_from(&View::of(&rows), &CurveKind::Ks, 1 << 20)?;
/// let json = serde_json::to_value(&curves)?;
/// assert_eq!((&json["ks"], &json["ks_thresholds"][0]), (&(2.0 / 3.0).into(), &0.7.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn curve_from<S: RowSource>(
    view: &View<'_, S>,
    kind: &CurveKind,
    memory: usize,
) -> Result<Curves, S::Error> {
    let sweeps = CurveSweeps::One(labelled(view, memory)?);
    sweeps
        .curves(kind)
        .map_err(|error| view.source.error(error))
}

/// A curve for each model, each a source of its own.
///
/// # Errors
/// As [`curve_from`], of the source that is at fault.
pub fn curve_by_model_from<S: RowSource>(
    models: &[(&str, View<'_, S>)],
    kind: &CurveKind,
    memory: usize,
) -> Result<Curves, S::Error> {
    let (mut sweeps, mut curves) = (Vec::new(), Vec::new());
    for (name, view) in models {
        let of = labelled(view, memory)?;
        let table = kind.table(&of.sweep);
        curves.push(ModelCurve {
            model: (*name).to_owned(),
            table: table.map_err(|error| view.source.error(error.into()))?,
        });
        sweeps.push(NamedSweep {
            name: (*name).to_owned(),
            of,
        });
    }
    let parts = CurveParts::Models { models: curves };
    Ok(CurveSweeps::Models(sweeps).answer(kind, parts))
}

/// A curve for each group of the rows of a source, whose rows have groups.
///
/// # Errors
/// As [`curve_from`] and [`View::sweep_groups`].
pub fn curve_by_group_from<S: RowSource>(
    view: &View<'_, S>,
    kind: &CurveKind,
    memory: usize,
) -> Result<Curves, S::Error> {
    let swept = view.sweep_groups(memory, &[])?;
    let labels = swept.classes.labels;
    let groups = swept.groups.into_iter().map(|(name, partial)| {
        if !partial.is_exact() {
            return Err(view.source.error(Error::ManyScores));
        }
        let of = LabelledSweep {
            labels: labels.clone(),
            sweep: partial.into_edges(),
        };
        Ok(NamedSweep { name, of })
    });
    let sweeps = CurveSweeps::Groups(groups.collect::<Result<_, _>>()?);
    sweeps
        .curves(kind)
        .map_err(|error| view.source.error(error))
}

fn labelled<S: RowSource>(view: &View<'_, S>, memory: usize) -> Result<LabelledSweep, S::Error> {
    let swept = view.sweep(memory, &[])?;
    if !swept.partial.is_exact() {
        return Err(view.source.error(Error::ManyScores));
    }
    Ok(LabelledSweep {
        labels: swept.classes.labels,
        sweep: swept.partial.into_edges(),
    })
}

impl CurveSweeps {
    /// The groups of rows, in the order of their names. `groups`: that of each row.
    ///
    /// # Errors
    /// [`Error::Part`] for a group all of whose weights are 0.
    pub fn of_groups<'g>(
        scores: &Scores,
        labels: &[Label; 2],
        groups: impl IntoIterator<Item = &'g str>,
    ) -> Result<Self> {
        let mut rows = BTreeMap::<&str, Vec<usize>>::new();
        for (row, group) in groups.into_iter().enumerate() {
            rows.entry(group).or_default().push(row);
        }
        let groups = rows.into_iter().map(|(name, rows)| {
            let part = scores.select(&rows);
            let part = part.map_err(|error| Error::part(name, error.into()))?;
            Ok(NamedSweep {
                name: name.to_owned(),
                of: LabelledSweep {
                    labels: labels.clone(),
                    sweep: sweep(&part),
                },
            })
        });
        Ok(Self::Groups(groups.collect::<Result<_>>()?))
    }

    /// One of several classes against the others; of two, the other goes by its name.
    ///
    /// # Errors
    /// Those of [`ClassScores::one_vs_rest`].
    pub fn of_class(scores: &ClassScores, positive: &Label) -> Result<Self> {
        let others = scores.classes().iter().filter(|class| *class != positive);
        let negative = match others.collect::<Vec<_>>()[..] {
            [other] => other.clone(),
            _ => positive.all_others(),
        };
        let class_index = scores.classes().partition_point(|class| class < positive);
        Ok(Self::One(LabelledSweep {
            labels: [negative, positive.clone()],
            sweep: sweep(&scores.one_vs_rest(class_index)?),
        }))
    }

    /// Every class against all others.
    ///
    /// # Errors
    /// Those of [`one_vs_rest_sweeps`].
    pub fn of_classes(scores: ClassScores) -> Result<Self> {
        Ok(Self::Classes {
            sweeps: one_vs_rest_sweeps(&scores)?,
            scores: Box::new(scores),
        })
    }

    /// A curve of each sweep.
    ///
    /// # Errors
    /// Those of [`CurveKind::table`]: as [`Error::Part`] that names the model, the group or the class, unless there is
    /// one sweep only.
    pub fn curves(&self, kind: &CurveKind) -> Result<Curves> {
        let table = |name: &dyn std::fmt::Display, sweep| {
            let table = kind.table(sweep);
            table.map_err(|error| Error::part(name, error))
        };
        let parts = match self {
            Self::One(one) => CurveParts::One(kind.table(&one.sweep)?),
            Self::Models(models) => {
                let models = models.iter().map(|one| {
                    Ok(ModelCurve {
                        model: one.name.clone(),
                        table: table(&one.name, &one.of.sweep)?,
                    })
                });
                CurveParts::Models {
                    models: models.collect::<Result<_>>()?,
                }
            }
            Self::Groups(groups) => {
                let groups = groups.iter().map(|one| {
                    Ok(GroupCurve {
                        group: one.name.clone(),
                        table: table(&one.name, &one.of.sweep)?,
                    })
                });
                CurveParts::Groups {
                    groups: groups.collect::<Result<_>>()?,
                }
            }
            Self::Classes { scores, sweeps } => {
                let classes = sweeps.classes().iter().zip(sweeps.sweeps());
                let classes = classes.map(|(class, sweep)| {
                    Ok(ClassCurve {
                        class: class.clone(),
                        table: table(class, sweep)?,
                    })
                });
                CurveParts::Classes {
                    classes: classes.collect::<Result<_>>()?,
                    facts: kind.facts_of_classes(scores, sweeps),
                }
            }
        };
        Ok(self.answer(kind, parts))
    }

    /// The one curve of all classes together.
    ///
    /// # Errors
    /// - [`Error::OneClassScores`] unless there are the scores of several classes.
    /// - Those of [`CurveKind::average_table`].
    pub fn average_curve(&self, kind: &CurveKind, average: Average) -> Result<Curves> {
        let Self::Classes { sweeps, .. } = self else {
            return Err(Error::OneClassScores);
        };
        let table = kind.average_table(sweeps, average)?;
        Ok(self.answer(kind, CurveParts::One(table)))
    }

    fn answer(&self, kind: &CurveKind, parts: CurveParts) -> Curves {
        let (n_samples, labels) = match self {
            Self::One(one) => (Some(one.sweep.n_samples()), Some(&one.labels)),
            Self::Models(parts) | Self::Groups(parts) => {
                (None, parts.first().map(|one| &one.of.labels))
            }
            Self::Classes { scores, .. } => (Some(scores.n_samples()), None),
        };
        Curves {
            curve: kind.name(),
            n_samples,
            positive: labels.map(|labels| labels[1].clone()),
            labels: match self {
                Self::Classes { scores, .. } => scores.classes().to_vec(),
                _ => labels.map_or_else(Vec::new, |labels| labels.to_vec()),
            },
            parts,
        }
    }
}

impl CurveParts {
    /// The curves, each with the name of its model, group or class, if there are several.
    pub fn tables(&self) -> Vec<(Option<String>, &CurveTable)> {
        match self {
            Self::One(table) => vec![(None, table)],
            Self::Models { models } => {
                let named = models.iter();
                named
                    .map(|one| (Some(one.model.clone()), &one.table))
                    .collect()
            }
            Self::Groups { groups } => {
                let named = groups.iter();
                named
                    .map(|one| (Some(one.group.clone()), &one.table))
                    .collect()
            }
            Self::Classes { classes, .. } => {
                let named = classes.iter();
                named
                    .map(|one| (Some(one.class.to_string()), &one.table))
                    .collect()
            }
        }
    }
}
