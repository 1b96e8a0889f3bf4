//! The scores of several models, paired row by row.
//!
//! It refuses files that do not hold the same rows.

use std::collections::HashMap;
use std::path::PathBuf;

use anyhow::bail;
use cutpoint_core::{Label, Scores};
use cutpoint_files::{LabelledScores, ScoreColumns, read_scores_with};

use crate::progress::ProgressBar;

/// Where the scores of a model stand, and what the model is called.
pub(super) struct Source {
    pub(super) path: PathBuf,
    pub(super) columns: ScoreColumns,
    pub(super) name: String,
}

/// Models by their names, with their scores of the same rows in the same order.
pub(super) struct Input {
    pub(super) models: Vec<(String, Scores)>,
    /// Negative and positive.
    pub(super) labels: [Label; 2],
}

impl Input {
    pub(super) fn read(sources: &[Source], id: Option<&str>) -> anyhow::Result<Self> {
        let mut first = None;
        let mut models = Vec::with_capacity(sources.len());
        for source in sources {
            let mut bar = ProgressBar::new("reading");
            let file = read_scores_with(&source.path, &source.columns, |progress| {
                bar.update(progress);
            })?;
            bar.finish();
            let name = &source.name;
            if let [class] = file.classes() {
                bail!(
                    "{name}: must have rows of both classes to compare models, got `{class}` in all rows"
                );
            }
            let scores = match &first {
                None => {
                    if let Some(ids) = file.groups() {
                        places(name, ids)?;
                    }
                    file.scores().clone()
                }
                Some(first) => paired(first, (name, &file), id.is_some())?,
            };
            models.push((name.clone(), scores));
            first.get_or_insert((name, file));
        }
        let Some((_, first)) = first else {
            unreachable!("there is at least one source");
        };
        Ok(Self {
            models,
            labels: [first.negative().clone(), first.positive().clone()],
        })
    }
}

type Named<'a> = (&'a String, LabelledScores);

/// The scores of a file in the order of the first, whose rows it must have.
fn paired(
    (first_name, first): &Named<'_>,
    (name, file): (&String, &LabelledScores),
    has_ids: bool,
) -> anyhow::Result<Scores> {
    let rows = match (first.groups(), file.groups()) {
        (Some(first_ids), Some(ids)) => {
            let place_of = places(name, ids)?;
            let rows = first_ids.enumerate().map(|(row, id)| {
                let place = place_of.get(id).copied();
                place.ok_or_else(|| missing(id, (row, first_name), name))
            });
            let rows = rows.collect::<anyhow::Result<Vec<_>>>()?;
            if place_of.len() > rows.len() {
                let first_ids = first.groups().into_iter().flatten();
                let known = places(first_name, first_ids)?;
                let ids = file.groups().into_iter().flatten();
                let other = ids.enumerate().find(|(_, id)| !known.contains_key(id));
                let (row, id) = other.unwrap_or_default();
                return Err(missing(id, (row, name), first_name));
            }
            rows
        }
        _ => (0..file.scores().n_samples()).collect(),
    };
    let [n_first, n_samples] = [first, file].map(|file| file.scores().n_samples());
    if n_first != n_samples {
        bail!(
            "{first_name} and {name} must hold the same rows, got {n_first} rows and {n_samples}"
        );
    }
    let cure = if has_ids {
        ""
    } else {
        "; if they stand in another order, name a column that tells rows apart with `--id COLUMN`"
    };
    for (row, &place) in rows.iter().enumerate() {
        let labels = [label(first, row), label(file, place)];
        if labels[0] != labels[1] {
            let which = which_row(first, row);
            bail!(
                "{first_name} and {name} must hold the same rows, got the label `{}` in one and `{}` in the other for \
                 {which}{cure}",
                labels[0],
                labels[1]
            );
        }
        let weights = [weight(first, row), weight(file, place)];
        #[expect(clippy::float_cmp, reason = "weights that were read, not computed")]
        if weights[0] != weights[1] {
            let which = which_row(first, row);
            bail!(
                "{first_name} and {name} must hold the same rows, got the weight {} in one and {} in the other for \
                 {which}{cure}",
                weights[0],
                weights[1]
            );
        }
    }
    let score = rows.iter().map(|&place| file.scores().score()[place]);
    let scores = Scores::new(first.scores().is_positive().to_vec(), score.collect())?;
    Ok(match first.scores().weight() {
        Some(weight) => scores.with_weight(weight.to_vec())?,
        None => scores,
    })
}

/// The row of each id, which must all be different.
fn places<'a>(
    name: &str,
    ids: impl Iterator<Item = &'a str>,
) -> anyhow::Result<HashMap<&'a str, usize>> {
    let mut places = HashMap::new();
    for (row, id) in ids.enumerate() {
        if let Some(before) = places.insert(id, row) {
            bail!(
                "{name}: `--id` must tell rows apart, got `{id}` in the rows {before} and {row} (counted from 0)"
            );
        }
    }
    Ok(places)
}

fn missing(id: &str, (row, here): (usize, &str), there: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{here} and {there} must hold the same rows, got the id `{id}`, of row {row} (counted from 0), in {here} only"
    )
}

fn which_row(file: &LabelledScores, row: usize) -> String {
    match file.groups().and_then(|mut ids| ids.nth(row)) {
        Some(id) => format!("the id `{id}`"),
        None => format!("row {row} (counted from 0)"),
    }
}

fn label(file: &LabelledScores, row: usize) -> &Label {
    if file.scores().is_positive()[row] {
        file.positive()
    } else {
        file.negative()
    }
}

fn weight(file: &LabelledScores, row: usize) -> f64 {
    file.scores().weight().map_or(1.0, |weight| weight[row])
}
