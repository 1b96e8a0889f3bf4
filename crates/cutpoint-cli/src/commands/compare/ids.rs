//! Rows in any order, paired by a column that tells them apart. All rows are in memory for that.
//!
//! It refuses ids that come twice, and ids that are not in every file.

use std::collections::HashMap;

use anyhow::bail;
use bytesize::ByteSize;
use cutpoint_core::{Label, Scores};
use cutpoint_files::{LabelledScores, read_scores_with};

use super::rows::{Block, Source, both_classes, bytes_of, differ};
use crate::progress::ProgressBar;
use crate::vocabulary::beside;

/// Negative and positive, and the scores of every model in the order of the first.
pub(super) fn read(sources: &[Source], memory: usize) -> anyhow::Result<([Label; 2], Block)> {
    let first_source = &sources[0];
    let first = read_file(first_source)?;
    check_memory(&first, sources.len(), memory)?;
    let mut places = HashMap::with_capacity(first.scores().n_samples());
    for (row, id) in ids(&first).enumerate() {
        if let Some(before) = places.insert(id, row) {
            return Err(twice(&first_source.name, id, [before, row]));
        }
    }
    let mut block = vec![first.scores().clone()];
    for source in &sources[1..] {
        let names = [first_source.name.as_str(), source.name.as_str()];
        let file = beside(read_file(source), names[0], first.classes(), names[1])?;
        block.push(paired(names, &first, &file, &places)?);
    }
    let labels = [first.negative().clone(), first.positive().clone()];
    Ok((labels, block))
}

fn read_file(source: &Source) -> anyhow::Result<LabelledScores> {
    let mut bar = ProgressBar::new("reading");
    let file = read_scores_with(&source.path, &source.columns, |progress| {
        bar.update(progress);
    })?;
    bar.finish();
    both_classes(&source.name, file.classes())?;
    Ok(file)
}

/// Refuses rows that take more memory than is allowed, as far as the first file tells.
fn check_memory(first: &LabelledScores, n_models: usize, memory: usize) -> anyhow::Result<()> {
    /// What it takes to find an id and to remember its row.
    const PLACE: usize = 2 * (size_of::<&str>() + size_of::<usize>()) + size_of::<usize>();
    let id_bytes = ids(first).map(|id| id.len() + size_of::<usize>());
    // The ids of the first file, and of the one that is read.
    let id_bytes = 2 * id_bytes.sum::<usize>() + PLACE * first.scores().n_samples();
    let wanted = (n_models + 1) * bytes_of(first.scores()) + id_bytes;
    if wanted > memory {
        bail!(
            "`--id` keeps all rows in memory, some {}, and {} are left for them: allow more with `--memory`, or sort \
             the files alike and leave out `--id`",
            ByteSize(wanted as u64),
            ByteSize(memory as u64)
        );
    }
    Ok(())
}

/// The scores of a file in the order of the first, whose rows it must have.
fn paired(
    names: [&str; 2],
    first: &LabelledScores,
    file: &LabelledScores,
    places: &HashMap<&str, usize>,
) -> anyhow::Result<Scores> {
    const NONE: usize = usize::MAX;
    let [first_name, name] = names;
    let n_samples = first.scores().n_samples();
    // The row of the file for each row of the first.
    let mut rows = vec![NONE; n_samples];
    let mut unknown = None;
    for (row, id) in ids(file).enumerate() {
        match places.get(id) {
            Some(&place) if rows[place] == NONE => rows[place] = row,
            Some(&place) => return Err(twice(name, id, [rows[place], row])),
            None => unknown = unknown.or(Some((row, id))),
        }
    }
    if let Some(row) = rows.iter().position(|&row| row == NONE) {
        let id = ids(first).nth(row).unwrap_or_default();
        return Err(missing(id, (row, first_name), name));
    }
    if let Some((row, id)) = unknown {
        return Err(missing(id, (row, name), first_name));
    }
    for (place, &row) in rows.iter().enumerate() {
        let which = || format!("the id `{}`", ids(first).nth(place).unwrap_or_default());
        let labels = [label(first, place), label(file, row)];
        if !labels[0].is_same(labels[1]) {
            let labels = labels.map(|label| format!("`{label}`"));
            bail!(differ(names, "label", &labels, &which(), ""));
        }
        let weights = [weight(first, place), weight(file, row)];
        #[expect(clippy::float_cmp, reason = "weights that were read, not computed")]
        if weights[0] != weights[1] {
            bail!(differ(names, "weight", &weights, &which(), ""));
        }
    }
    let score = rows.iter().map(|&row| file.scores().score()[row]);
    let scores = Scores::new(first.scores().is_positive().to_vec(), score.collect())?;
    Ok(match first.scores().weight() {
        Some(weight) => scores.with_weight(weight.to_vec())?,
        None => scores,
    })
}

fn ids(file: &LabelledScores) -> impl ExactSizeIterator<Item = &str> {
    file.ids().expect("a column of ids was asked for")
}

fn twice(name: &str, id: &str, [before, row]: [usize; 2]) -> anyhow::Error {
    anyhow::anyhow!(
        "{name}: `--id` must tell rows apart, got `{id}` in the rows {before} and {row} (counted from 0)"
    )
}

fn missing(id: &str, (row, here): (usize, &str), there: &str) -> anyhow::Error {
    anyhow::anyhow!(
        "{here} and {there} must hold the same rows, got the id `{id}`, of row {row} (counted from 0), in {here} only"
    )
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
