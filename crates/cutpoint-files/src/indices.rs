//! Index files: which rows of a file fell into which set, in order.

use std::path::Path;

use crate::column::Column;
use crate::columns::Projection;
use crate::npy_table::MatrixNames;
use crate::table::Table;
use crate::table_write::TableWriter;
use crate::{Error, Output, Result};

/// The rows of one set, counted from 0, in the order they fell.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IndexSet {
    name: String,
    indices: Vec<usize>,
}

impl IndexSet {
    /// A set by its name.
    pub fn new(name: impl Into<String>, indices: Vec<usize>) -> Self {
        Self {
            name: name.into(),
            indices,
        }
    }

    /// The name, for example `train`.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The rows, counted from 0.
    pub fn indices(&self) -> &[usize] {
        &self.indices
    }
}

/// Writes sets of rows: columns `set` and `index`, set after set.
///
/// # Errors
/// [`Error::Write`] if the system refuses.
pub fn write_indices(output: &mut Output, sets: &[IndexSet]) -> Result<()> {
    let mut writer = TableWriter::new(output, ["set", "index"])?;
    for set in sets {
        let names = vec![set.name.as_str(); set.indices.len()];
        let indices = set.indices.iter().map(|&index| index as u64);
        let indices = indices.collect::<Vec<_>>();
        writer.write(&[Column::Texts(&names), Column::Counts(&indices)])?;
    }
    writer.finish()
}

/// Reads sets of rows, in the order of the file.
///
/// # Errors
/// Those of [`crate::read_dataset`] for the file, header and rows; [`Error::Field`] for an index that is not a whole
/// number from 0.
pub fn read_indices(path: &Path) -> Result<Vec<IndexSet>> {
    let table = Table::open(path, MatrixNames::Roles(&["set", "index"]))?;
    let columns = table
        .find("set")
        .and_then(|set| Ok([set, table.find("index")?]))?;
    let columns = table.read(Projection {
        texts: &columns,
        ..Projection::default()
    })?;
    let [names, texts] = &columns.texts[..] else {
        unreachable!("two columns were asked for");
    };
    let mut sets = names
        .distinct
        .iter()
        .map(|name| IndexSet::new(name.clone(), Vec::new()))
        .collect::<Vec<_>>();
    for (&set, &text) in names.codes.iter().zip(&texts.codes) {
        let text = text as usize;
        let index = texts.distinct[text]
            .trim()
            .parse()
            .map_err(|_| Error::Field {
                path: path.to_owned(),
                place: texts.first_places[text],
                column: "index".to_owned(),
                expected: "a whole number from 0",
                found: texts.distinct[text].clone(),
            })?;
        sets[set as usize].indices.push(index);
    }
    Ok(sets)
}
