//! The files of the tutorial: what the commands `generate`, `split`, `fit`, `predict` and `sweep` would write,
//! the pictures and the report.
//!
//! All of them appear or none.

use std::fs;
use std::path::Path;

use anyhow::Context;
use cutpoint_core::Label;
use cutpoint_files::{
    IndexSet, Output, SavedModel, commit_all, write_dataset, write_indices, write_model,
    write_scores, write_sweep,
};
use cutpoint_metrics::catalog;
use cutpoint_plot::Picture;

use super::Study;
use super::pictures::report;

/// Writes the files into a directory; their names.
pub(super) fn write(
    directory: &Path,
    study: &Study,
    pictures: &[(&'static str, Picture)],
) -> anyhow::Result<Vec<&'static str>> {
    fs::create_dir_all(directory)
        .with_context(|| format!("failed to make the directory {}", directory.display()))?;
    let data = &study.data;
    let (train, test) = (study.split.train(), study.split.test());
    let mut files = Files {
        directory,
        names: Vec::new(),
        outputs: Vec::new(),
    };
    write_dataset(files.create("data.csv")?, data)?;
    write_indices(
        files.create("indices.csv")?,
        &[
            IndexSet::new("train", train.to_vec()),
            IndexSet::new("test", test.to_vec()),
        ],
    )?;
    write_dataset(files.create("train.csv")?, &data.select(train)?)?;
    write_dataset(files.create("test.csv")?, &data.select(test)?)?;
    let model = SavedModel::new(
        study.fitted.clone(),
        data.target_name(),
        Some(Label::from(1)),
    )?;
    write_model(files.create("model.json")?, &model)?;
    write_scores(
        files.create("scores.csv")?,
        Some(&study.y_test),
        study.scores.score(),
    )?;
    let rows = study.sweep.rows().collect::<Vec<_>>();
    write_sweep(
        files.create("sweep.csv")?,
        &rows,
        study.sweep.is_weighted(),
        catalog(),
    )?;
    for (name, picture) in pictures {
        files.create(name)?.put(picture.svg().as_bytes())?;
    }
    let page = report(study, &directory.join("scores.csv"))?;
    files.create("report.html")?.put(page.as_bytes())?;
    commit_all(files.outputs)?;
    Ok(files.names)
}

struct Files<'a> {
    directory: &'a Path,
    names: Vec<&'static str>,
    outputs: Vec<Output>,
}

impl Files<'_> {
    fn create(&mut self, name: &'static str) -> anyhow::Result<&mut Output> {
        self.names.push(name);
        self.outputs
            .push(Output::create(&self.directory.join(name))?);
        self.outputs.last_mut().context("an output was added")
    }
}
