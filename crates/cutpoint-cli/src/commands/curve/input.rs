//! What curves are read off: the sweep of a file's scores, or the sweeps of its classes, of its groups, of several
//! files.
//!
//! It refuses to know which curve is wanted.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use cutpoint_core::{ClassScores, Label, Scores};
use cutpoint_files::{AnyScores, positive_of, read_any_scores_with, read_scores_with};
use cutpoint_metrics::{OneVsRestSweeps, ScoreSurvey, Sweep, one_vs_rest_sweeps, sweep};

use super::Common;
use crate::console::Console;
use crate::failure::Usage;
use crate::mixed_up::{self, TakenFor};
use crate::progress::ProgressBar;
use crate::vocabulary::{beside, check_same};

pub(super) enum Input {
    Binary {
        sweep: Sweep,
        /// Negative and positive.
        labels: [Label; 2],
        /// Those that the file knows of.
        classes: Vec<Label>,
        /// The file and the column of scores.
        source: String,
    },
    Classes {
        scores: Box<ClassScores>,
        sweeps: OneVsRestSweeps,
        /// The file.
        source: String,
    },
    Several {
        /// What tells them apart: `model` or `group`.
        column: &'static str,
        curves: Vec<Named>,
    },
}

/// The sweep of a model or a group.
pub(super) struct Named {
    pub(super) name: String,
    pub(super) sweep: Sweep,
    /// Negative and positive.
    pub(super) labels: [Label; 2],
    /// Where the scores stand.
    pub(super) source: String,
}

impl Input {
    /// What is odd about the scores.
    pub(super) fn warnings(&self) -> Vec<String> {
        let told = |sweeps: &[&Sweep], labels| {
            let mut survey = ScoreSurvey::default();
            for sweep in sweeps {
                survey.add_sweep(sweep);
            }
            mixed_up::warnings(&survey, labels, TakenFor::Ranks)
        };
        match self {
            Self::Binary { sweep, labels, .. } => told(&[sweep], Some(labels)),
            Self::Several { column, curves } if *column == "group" => {
                let sweeps = curves.iter().map(|one| &one.sweep).collect::<Vec<_>>();
                told(&sweeps, curves.first().map(|one| &one.labels))
            }
            Self::Several { curves, .. } => {
                let told = curves.iter().flat_map(|one| {
                    let warnings = told(&[&one.sweep], Some(&one.labels)).into_iter();
                    warnings.map(|warning| format!("{}: {warning}", one.name))
                });
                told.collect()
            }
            // Of several classes, each may well have no score below or above 0.5.
            Self::Classes { .. } => Vec::new(),
        }
    }

    pub(super) fn read(common: &Common, console: &mut Console) -> anyhow::Result<Self> {
        let input = Self::of_common(common, console)?;
        for warning in input.warnings() {
            console.warn(warning);
        }
        Ok(input)
    }

    fn of_common(common: &Common, console: &mut Console) -> anyhow::Result<Self> {
        match (&common.scores[..], &common.group) {
            ([path], None) => Self::of_file(common, path, console),
            ([path], Some(group)) => Self::of_groups(common, path, group),
            (_, Some(_)) => Err(Usage::new("`--group` needs a single file").into()),
            (paths, None) => Self::of_files(common, paths, console),
        }
    }

    /// Where the scores stand, or the first of them.
    pub(super) fn source(&self) -> String {
        match self {
            Self::Binary { source, .. } | Self::Classes { source, .. } => source.clone(),
            Self::Several { curves, .. } => {
                let first = curves.first();
                first.map_or_else(String::new, |one| one.source.clone())
            }
        }
    }

    /// Several models, each in a file of its own.
    fn of_files(common: &Common, paths: &[PathBuf], console: &mut Console) -> anyhow::Result<Self> {
        if paths.iter().filter(|path| *path == Path::new("-")).count() > 1 {
            return Err(Usage::new(
                "stdin can be read only once: name a file for the other models",
            )
            .into());
        }
        let read = |path: &Path, first: Option<&Named>, console: &mut Console| {
            let read = Self::of_file(common, path, console);
            match first {
                Some(first) => beside(
                    read,
                    &first.name,
                    &first.labels,
                    &path.display().to_string(),
                ),
                None => read,
            }
        };
        let mut curves = Vec::<Named>::new();
        let mut vocabularies = Vec::<(String, Vec<Label>)>::new();
        for path in paths {
            let Self::Binary {
                sweep,
                labels,
                classes,
                source,
            } = read(path, curves.first(), console)?
            else {
                bail!(
                    "{}: has scores of several classes; name the one to compare models by with `--positive CLASS`",
                    path.display()
                );
            };
            if let Some(first) = curves.first()
                && !first.labels[1].is_same(&labels[1])
            {
                bail!(
                    "{} and {source} must have the same positive class, got `{}` and `{}`",
                    first.source,
                    first.labels[1],
                    labels[1]
                );
            }
            vocabularies.push((path.display().to_string(), classes));
            curves.push(Named {
                name: path.display().to_string(),
                sweep,
                labels,
                source,
            });
        }
        // A file of one class may not know what the other is called.
        if let Some((first, classes)) = vocabularies.iter().find(|(_, known)| known.len() > 1) {
            for (other, found) in &vocabularies {
                check_same(first, classes, other, found)?;
            }
        }
        Ok(Self::Several {
            column: "model",
            curves,
        })
    }

    /// The groups of the rows of one file, in the order of their names.
    fn of_groups(common: &Common, path: &Path, group: &str) -> anyhow::Result<Self> {
        let mut bar = ProgressBar::new("reading");
        let columns = common.columns.columns().group(Some(group.to_owned()));
        let file = read_scores_with(path, &columns, |progress| bar.update(progress))?;
        bar.finish();
        let groups = file.groups().context("a column of groups was asked for")?;
        let scores = file.scores();
        let mut rows = BTreeMap::<&str, Vec<usize>>::new();
        for (row, group) in groups.enumerate() {
            rows.entry(group).or_default().push(row);
        }
        let labels = [file.negative().clone(), file.positive().clone()];
        let curves = rows.into_iter().map(|(name, rows)| {
            let source = format!("{}, group `{name}`", path.display());
            let is_positive = rows.iter().map(|&row| scores.is_positive()[row]).collect();
            let score = rows.iter().map(|&row| scores.score()[row]).collect();
            let mut part = Scores::new(is_positive, score)?;
            if let Some(weight) = scores.weight() {
                let weight = rows.iter().map(|&row| weight[row]).collect();
                part = part.with_weight(weight).with_context(|| source.clone())?;
            }
            Ok(Named {
                name: name.to_owned(),
                sweep: sweep(&part),
                labels: labels.clone(),
                source,
            })
        });
        Ok(Self::Several {
            column: "group",
            curves: curves.collect::<anyhow::Result<_>>()?,
        })
    }

    fn of_file(common: &Common, path: &Path, console: &mut Console) -> anyhow::Result<Self> {
        let mut bar = ProgressBar::new("reading");
        let columns = common.columns.columns();
        let file = read_any_scores_with(path, &columns, |progress| bar.update(progress))?;
        bar.finish();
        let path = path.display();
        match file {
            AnyScores::Binary(file) => {
                if let [class] = file.classes() {
                    console.warn(format_args!(
                        "all rows are of one class, `{class}`: what needs both is undefined"
                    ));
                }
                Ok(Self::Binary {
                    sweep: sweep(file.scores()),
                    labels: [file.negative().clone(), file.positive().clone()],
                    classes: file.classes().to_vec(),
                    source: format!("{path}, column `{}`", common.columns.score),
                })
            }
            AnyScores::Classes(scores) => match &common.columns.positive {
                Some(positive) => {
                    let column = || format!("{path}, column `{}`", common.columns.label);
                    let positive = positive_of(scores.y(), Some(positive)).with_context(column)?;
                    Self::of_class(&scores, positive, &path)
                }
                None => Self::of_classes(scores, path.to_string(), console),
            },
        }
    }

    /// Every class against all others.
    fn of_classes(
        scores: ClassScores,
        source: String,
        console: &mut Console,
    ) -> anyhow::Result<Self> {
        for (class, count) in scores.classes().iter().zip(scores.y().counts()) {
            if count == 0 {
                console.warn(format_args!(
                    "no row is of class `{class}`: what needs one is undefined"
                ));
            }
        }
        Ok(Self::Classes {
            sweeps: one_vs_rest_sweeps(&scores).with_context(|| source.clone())?,
            scores: Box::new(scores),
            source,
        })
    }

    /// One class against all others.
    fn of_class(
        scores: &ClassScores,
        positive: Label,
        path: &impl std::fmt::Display,
    ) -> anyhow::Result<Self> {
        let others = scores.classes().iter().filter(|class| **class != positive);
        let negative = match others.collect::<Vec<_>>()[..] {
            [other] => other.clone(),
            _ => format!("not {positive}").into(),
        };
        let class_index = scores.classes().partition_point(|class| *class < positive);
        Ok(Self::Binary {
            sweep: sweep(&scores.one_vs_rest(class_index)?),
            source: format!("{path}, column `p_{positive}`"),
            labels: [negative, positive],
            classes: scores.classes().to_vec(),
        })
    }
}
