//! Rows in any order, paired by a column that tells them apart. All rows are in memory for that.

use std::collections::HashMap;

use cutpoint_choose::Classes;
use cutpoint_core::{Label, Scores};

use crate::pairing::{PairedRow, PairingError, beside, both_classes, row_differs};
use crate::{Error, LabelledScores, Result, ScoreFile};

/// What the classes are called, and the scores of every model in the order of the first.
pub(crate) fn read_paired(
    models: &[(String, ScoreFile)],
    memory: usize,
) -> Result<(Classes, Vec<Scores>)> {
    let (first_name, file) = &models[0];
    let first = read_file(first_name, file)?;
    check_memory(&first, models.len(), memory)?;
    let mut places = HashMap::with_capacity(first.scores().n_samples());
    for (row, id) in ids(&first).enumerate() {
        if let Some(before) = places.insert(id, row) {
            return Err(repeated(first_name, id, [before, row]));
        }
    }
    let mut block = vec![first.scores().clone()];
    for (name, file) in &models[1..] {
        let names = [first_name.as_str(), name.as_str()];
        let file = beside(read_file(name, file), names, first.classes())?;
        block.push(paired(names, &first, &file, &places)?);
    }
    let classes = Classes {
        labels: [first.negative().clone(), first.positive().clone()],
        present: first.classes().to_vec(),
    };
    Ok((classes, block))
}

/// What rows take in memory.
pub(crate) fn bytes_of(scores: &Scores) -> usize {
    let row = size_of::<bool>() + size_of::<f64>();
    let weight = scores.weight().map_or(0, |_| size_of::<f64>());
    scores.n_samples() * (row + weight)
}

fn read_file(name: &str, file: &ScoreFile) -> Result<LabelledScores> {
    let scores = file.read()?;
    both_classes(name, scores.classes())?;
    Ok(scores)
}

/// Refuses rows that take more memory than is allowed, as far as the first file tells.
fn check_memory(first: &LabelledScores, n_models: usize, memory: usize) -> Result<()> {
    /// What it takes to find an id and to remember its row.
    const PLACE: usize = 2 * (size_of::<&str>() + size_of::<usize>()) + size_of::<usize>();
    let id_bytes = ids(first).map(|id| id.len() + size_of::<usize>());
    // The ids of the first file, and of the one that is read.
    let id_bytes = 2 * id_bytes.sum::<usize>() + PLACE * first.scores().n_samples();
    let n_bytes = (n_models + 1) * bytes_of(first.scores()) + id_bytes;
    if n_bytes > memory {
        return Err(PairingError::KeptRows { n_bytes, memory }.told());
    }
    Ok(())
}

/// The scores of a file in the order of the first, whose rows it must have.
fn paired(
    names: [&str; 2],
    first: &LabelledScores,
    file: &LabelledScores,
    places: &HashMap<&str, usize>,
) -> Result<Scores> {
    const NONE: usize = usize::MAX;
    let [first_name, name] = names;
    let n_samples = first.scores().n_samples();
    // The row of the file for each row of the first.
    let mut rows = vec![NONE; n_samples];
    let mut unknown = None;
    for (row, id) in ids(file).enumerate() {
        match places.get(id) {
            Some(&place) if rows[place] == NONE => rows[place] = row,
            Some(&place) => return Err(repeated(name, id, [rows[place], row])),
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
        let which = || PairedRow::Id(ids(first).nth(place).unwrap_or_default().to_owned());
        let labels = [label(first, place), label(file, row)];
        if !labels[0].is_same(labels[1]) {
            let labels = labels.map(|label| format!("`{label}`"));
            return Err(row_differs(names, "label", labels, which()));
        }
        let weights = [weight(first, place), weight(file, row)];
        #[expect(clippy::float_cmp, reason = "weights that were read, not computed")]
        if weights[0] != weights[1] {
            let weights = weights.map(|weight| weight.to_string());
            return Err(row_differs(names, "weight", weights, which()));
        }
    }
    let score = rows.iter().map(|&row| file.scores().score()[row]);
    let scores = Scores::new(first.scores().is_positive().to_vec(), score.collect());
    let scores = scores.expect("scores that were read");
    Ok(match first.scores().weight() {
        Some(weight) => scores
            .with_weight(weight.to_vec())
            .expect("weights that were read"),
        None => scores,
    })
}

fn ids(file: &LabelledScores) -> impl ExactSizeIterator<Item = &str> {
    file.ids().expect("a column of ids was asked for")
}

fn repeated(name: &str, id: &str, rows: [usize; 2]) -> Error {
    PairingError::RepeatedId {
        name: name.to_owned(),
        id: id.to_owned(),
        rows,
    }
    .told()
}

fn missing(id: &str, (row, here): (usize, &str), there: &str) -> Error {
    PairingError::MissingId {
        here: here.to_owned(),
        there: there.to_owned(),
        id: id.to_owned(),
        row,
    }
    .told()
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
