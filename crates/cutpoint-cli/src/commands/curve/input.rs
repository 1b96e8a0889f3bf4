//! What curves are read off: the sweep of a file's scores, or the sweeps of its classes, of its groups, of several
//! files; and where the scores of each stand.

use std::path::{Path, PathBuf};

use anyhow::{Context, bail};
use cutpoint_choose::{CurveSweeps, LabelledSweep, NamedSweep};
use cutpoint_core::{ClassScores, Label};
use cutpoint_files::{AnyScores, positive_of, read_any_scores_with, read_scores_with};
use cutpoint_metrics::{ScoreSurvey, Sweep, sweep};

use super::Common;
use crate::console::Console;
use crate::failure::Usage;
use crate::mixed_up::{self, TakenFor};
use crate::progress::ProgressBar;
use crate::vocabulary::{beside, check_same};

pub(super) struct Input {
    pub(super) sweeps: CurveSweeps,
    /// The file and the column of scores, or the group, of each sweep; of classes the file.
    sources: Vec<String>,
    /// Those that a file of scores of one class knows of.
    classes: Vec<Label>,
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
        match &self.sweeps {
            CurveSweeps::One(one) => told(&[&one.sweep], Some(&one.labels)),
            CurveSweeps::Groups(groups) => {
                let sweeps = groups.iter().map(|one| &one.of.sweep).collect::<Vec<_>>();
                told(&sweeps, groups.first().map(|one| &one.of.labels))
            }
            CurveSweeps::Models(models) => {
                let told = models.iter().flat_map(|one| {
                    let warnings = told(&[&one.of.sweep], Some(&one.of.labels)).into_iter();
                    warnings.map(|warning| format!("{}: {warning}", one.name))
                });
                told.collect()
            }
            // Of several classes, each may well have no score below or above 0.5.
            CurveSweeps::Classes { .. } => Vec::new(),
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
    pub(super) fn source(&self) -> &str {
        self.sources.first().map_or("", String::as_str)
    }

    /// Where the scores of a model, a group or a class stand.
    pub(super) fn source_of(&self, name: &str) -> String {
        match &self.sweeps {
            CurveSweeps::Models(parts) | CurveSweeps::Groups(parts) => {
                let named = parts.iter().zip(&self.sources);
                let mut named = named.filter(|(one, _)| one.name == name);
                let source = named.next().map(|(_, source)| source);
                source.cloned().unwrap_or_default()
            }
            _ => format!("{}, column `p_{name}`", self.source()),
        }
    }

    /// What is wrong with a curve, and with the scores of which file, column or group.
    pub(super) fn placed(&self, error: cutpoint_choose::Error) -> anyhow::Error {
        match error {
            cutpoint_choose::Error::Part { name, source } => {
                anyhow::Error::from(*source).context(self.source_of(&name))
            }
            cutpoint_choose::Error::Metrics(source) => {
                anyhow::Error::from(source).context(self.source().to_owned())
            }
            error => anyhow::Error::from(error).context(self.source().to_owned()),
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
        let read = |path: &Path, first: Option<&NamedSweep>, console: &mut Console| {
            let read = Self::of_file(common, path, console);
            match first {
                Some(first) => beside(
                    read,
                    &first.name,
                    &first.of.labels,
                    &path.display().to_string(),
                ),
                None => read,
            }
        };
        let mut models = Vec::<NamedSweep>::new();
        let mut sources = Vec::<String>::new();
        let mut vocabularies = Vec::<(String, Vec<Label>)>::new();
        for path in paths {
            let input = read(path, models.first(), console)?;
            let source = input.source().to_owned();
            let CurveSweeps::One(of) = input.sweeps else {
                bail!(
                    "{}: has scores of several classes; name the one to compare models by with `--positive CLASS`",
                    path.display()
                );
            };
            if let Some(first) = models.first()
                && !first.of.labels[1].is_same(&of.labels[1])
            {
                bail!(
                    "{} and {source} must have the same positive class, got `{}` and `{}`",
                    sources[0],
                    first.of.labels[1],
                    of.labels[1]
                );
            }
            let name = path.display().to_string();
            vocabularies.push((name.clone(), input.classes));
            models.push(NamedSweep { name, of });
            sources.push(source);
        }
        // A file of one class may not know what the other is called.
        if let Some((first, classes)) = vocabularies.iter().find(|(_, known)| known.len() > 1) {
            for (other, found) in &vocabularies {
                check_same(first, classes, other, found)?;
            }
        }
        Ok(Self {
            sweeps: CurveSweeps::Models(models),
            sources,
            classes: Vec::new(),
        })
    }

    /// The groups of the rows of one file, in the order of their names.
    fn of_groups(common: &Common, path: &Path, group: &str) -> anyhow::Result<Self> {
        let mut bar = ProgressBar::new("reading");
        let columns = common.columns.columns().group(Some(group.to_owned()));
        let file = read_scores_with(path, &columns, |progress| bar.update(progress))?;
        bar.finish();
        let source = |name: &str| format!("{}, group `{name}`", path.display());
        let groups = file.groups().context("a column of groups was asked for")?;
        let labels = [file.negative().clone(), file.positive().clone()];
        let sweeps = CurveSweeps::of_groups(file.scores(), &labels, groups);
        let sweeps = sweeps.map_err(|error| match error {
            cutpoint_choose::Error::Part {
                name,
                source: error,
            } => match *error {
                cutpoint_metrics::Error::Input { source: error } => anyhow::Error::from(error),
                error => error.into(),
            }
            .context(source(&name)),
            error => error.into(),
        })?;
        let sources = match &sweeps {
            CurveSweeps::Groups(groups) => groups.iter().map(|one| source(&one.name)).collect(),
            _ => Vec::new(),
        };
        Ok(Self {
            sweeps,
            sources,
            classes: Vec::new(),
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
                Ok(Self {
                    sweeps: CurveSweeps::One(LabelledSweep {
                        labels: [file.negative().clone(), file.positive().clone()],
                        sweep: sweep(file.scores()),
                    }),
                    sources: vec![format!("{path}, column `{}`", common.columns.score)],
                    classes: file.classes().to_vec(),
                })
            }
            AnyScores::Classes(scores) => match &common.columns.positive {
                Some(positive) => {
                    let column = || format!("{path}, column `{}`", common.columns.label);
                    let positive = positive_of(scores.y(), Some(positive)).with_context(column)?;
                    Ok(Self {
                        sweeps: CurveSweeps::of_class(&scores, &positive)?,
                        sources: vec![format!("{path}, column `p_{positive}`")],
                        classes: scores.classes().to_vec(),
                    })
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
        Ok(Self {
            sweeps: CurveSweeps::of_classes(scores).with_context(|| source.clone())?,
            sources: vec![source],
            classes: Vec::new(),
        })
    }
}
