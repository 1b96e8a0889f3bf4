//! What curves are read off, with a bar of progress, and what is odd about the scores, in words.

use std::path::Path;

use anyhow::bail;
use cutpoint_choose::CurveSweeps;
use cutpoint_files::{
    ClassGap, CurveModels, CurveScores, ScoreColumns, read_curve_groups, read_curve_scores,
};
use cutpoint_metrics::{ScoreSurvey, Sweep};

use super::Common;
use crate::console::Console;
use crate::failure::Usage;
use crate::mixed_up::{self, TakenFor};
use crate::progress::ProgressBar;

/// What is odd about the scores.
pub(super) fn warnings(scores: &CurveScores) -> Vec<String> {
    let told = |sweeps: &[&Sweep], labels| {
        let mut survey = ScoreSurvey::default();
        for sweep in sweeps {
            survey.add_sweep(sweep);
        }
        mixed_up::warnings(&survey, labels, TakenFor::Ranks)
    };
    match scores.sweeps() {
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

pub(super) fn read(common: &Common, console: &mut Console) -> anyhow::Result<CurveScores> {
    let columns = common.columns.columns();
    let scores = match (&common.scores[..], &common.group) {
        ([path], None) => {
            let mut bar = ProgressBar::new("reading");
            let scores = read_curve_scores(path, &columns, |progress| bar.update(progress))?;
            bar.finish();
            warn_of_gap(&scores, console);
            scores
        }
        ([path], Some(group)) => {
            let mut bar = ProgressBar::new("reading");
            let columns = columns.group(Some(group.clone()));
            let scores = read_curve_groups(path, &columns, |progress| bar.update(progress))?;
            bar.finish();
            scores
        }
        (_, Some(_)) => return Err(Usage::new("`--group` needs a single file").into()),
        (_, None) => read_models(common, &columns, console)?,
    };
    for warning in warnings(&scores) {
        console.warn(warning);
    }
    Ok(scores)
}

/// Several models, each in a file of its own.
fn read_models(
    common: &Common,
    columns: &ScoreColumns,
    console: &mut Console,
) -> anyhow::Result<CurveScores> {
    let paths = &common.scores;
    if paths.iter().filter(|path| *path == Path::new("-")).count() > 1 {
        return Err(
            Usage::new("stdin can be read only once: name a file for the other models").into(),
        );
    }
    let mut models = CurveModels::default();
    for path in paths {
        let mut bar = ProgressBar::new("reading");
        let scores = models.read(path, columns, |progress| bar.update(progress))?;
        bar.finish();
        warn_of_gap(&scores, console);
        if matches!(scores.sweeps(), CurveSweeps::Classes { .. }) {
            bail!(
                "{}: has scores of several classes; name the one to compare models by with `--positive CLASS`",
                path.display()
            );
        }
        models.add(path, scores)?;
    }
    Ok(models.finish()?)
}

fn warn_of_gap(scores: &CurveScores, console: &mut Console) {
    match scores.gap() {
        Some(ClassGap::Only(class)) => console.warn(format_args!(
            "all rows are of one class, `{class}`: what needs both is undefined"
        )),
        Some(ClassGap::Without(classes)) => {
            for class in classes {
                console.warn(format_args!(
                    "no row is of class `{class}`: what needs one is undefined"
                ));
            }
        }
        _ => {}
    }
}
