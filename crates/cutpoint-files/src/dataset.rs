//! Data sets: every column a feature but one, the label.
//!
//! It refuses to fill gaps, to encode text features and to drop columns.

use std::path::Path;

use cutpoint_core::Dataset;
use ndarray::{Array2, Axis};

use crate::columns::{Domain, NumberColumn, Wanted};
use crate::labels::labels;
use crate::npy_table::Unnamed;
use crate::table::Table;
use crate::table_write::{Column, TableWriter};
use crate::{Error, Output, Result};

/// How pandas names the row index in a Parquet file, if it writes it as a column.
const PANDAS_INDEX: &str = "__index_level_";

/// Reads a data set: the column `target` holds the labels, every other column is a feature.
///
/// # Shapes
/// `x`: `(rows, columns - 1)` in the order of the file.
///
/// # Errors
/// - [`Error::Read`], [`Error::Directory`], [`Error::UnsupportedFormat`] if the file cannot be opened.
/// - [`Error::EmptyFile`], [`Error::NoRows`], [`Error::NoFeatures`] if too little is in it.
/// - [`Error::MissingColumn`], [`Error::DuplicateColumn`], [`Error::UnnamedColumn`] for the header.
/// - [`Error::Ragged`], [`Error::NotUtf8`], [`Error::OpenQuote`], [`Error::Field`] for a row; NaN and infinities are
///   refused.
///
/// # Examples
/// ```
/// use cutpoint_core::Label;
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("data.csv");
/// std::fs::write(&path, "x0,y,x1\n0.5,1,2\n1.5,0,-3e2\n")?;
/// let data = cutpoint_files::read_dataset(&path, "y")?;
/// assert_eq!(data.feature_names(), ["x0", "x1"]);
/// assert_eq!(data.x()[[1, 1]], -300.0);
/// assert_eq!(data.y().classes(), [Label::Integer(0), Label::Integer(1)]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_dataset(path: &Path, target: &str) -> Result<Dataset> {
    read(path, target, None).map(|(data, _)| data)
}

/// Reads a data set with a column of sample weights, which is no feature.
///
/// # Errors
/// Those of [`read_dataset`], and
/// - [`Error::Field`] for a negative weight.
/// - [`Error::ColumnRoles`] if the weights are the target.
pub fn read_weighted_dataset(
    path: &Path,
    target: &str,
    weight: &str,
) -> Result<(Dataset, Vec<f64>)> {
    read(path, target, Some(weight))
}

fn read(path: &Path, target: &str, weight: Option<&str>) -> Result<(Dataset, Vec<f64>)> {
    let table = Table::open(path, Unnamed::DataSet)?;
    let target_column = table.find(target)?;
    let weight_column = weight.map(|weight| table.find(weight)).transpose()?;
    if weight_column == Some(target_column) {
        return Err(Error::ColumnRoles {
            path: path.to_owned(),
            column: target.to_owned(),
            first: "the target",
            second: "the sample weight",
        });
    }
    let mut feature_names = Vec::new();
    let mut numbers = Vec::new();
    for (column, name) in table.names().iter().enumerate() {
        if column == target_column || Some(column) == weight_column {
            continue;
        }
        if name.is_empty() || name.starts_with(PANDAS_INDEX) {
            return Err(Error::UnnamedColumn {
                path: path.to_owned(),
                column: column + 1,
            });
        }
        feature_names.push(name.clone());
        numbers.push(NumberColumn {
            column,
            domain: Domain::Finite,
        });
    }
    if feature_names.is_empty() {
        return Err(Error::NoFeatures {
            path: path.to_owned(),
            target: target.to_owned(),
        });
    }
    // The weight comes last, so that it is cut off the features.
    numbers.extend(weight_column.map(|column| NumberColumn {
        column,
        domain: Domain::Weight,
    }));
    let columns = table.read(Wanted {
        numbers: &numbers,
        texts: &[target_column],
        ..Wanted::default()
    })?;
    let [y] = labels(path, [(target, &columns.texts[0])])?;
    let mut x = matrix(columns.n_rows, columns.numbers);
    let weight = match weight_column {
        Some(_) => {
            let last = x.ncols() - 1;
            let weight = x.column(last).to_vec();
            x.remove_index(Axis(1), last);
            weight
        }
        None => Vec::new(),
    };
    let data = Dataset::new(x, y)
        .and_then(|data| data.with_names(feature_names, target))
        .expect("every row has a label and every column a name");
    Ok((data, weight))
}

pub(crate) fn matrix(n_rows: usize, numbers: Vec<f64>) -> Array2<f64> {
    let n_columns = numbers.len() / n_rows;
    Array2::from_shape_vec((n_rows, n_columns), numbers).expect("every row has one number a column")
}

/// Writes data sets row after row in the format of the output; the label is the last column.
///
/// Parquet has the features as DOUBLE, and the labels as INT64, BOOLEAN or text. `.npy` has a matrix of doubles without
/// names, with labels that are whole numbers, or truth values as 0 and 1.
///
/// Several blocks of rows may follow each other, so that data larger than memory can be written as they are made.
#[must_use = "nothing is written unless it is finished"]
pub struct DatasetWriter<'o> {
    writer: TableWriter<'o>,
}

impl<'o> DatasetWriter<'o> {
    /// Writes the header.
    ///
    /// # Errors
    /// [`Error::Write`] if the system refuses.
    pub fn new(output: &'o mut Output, feature_names: &[String], target: &str) -> Result<Self> {
        let names = feature_names.iter().map(String::as_str).chain([target]);
        Ok(Self {
            writer: TableWriter::new(output, names)?,
        })
    }

    /// Writes rows. Numbers are written in the shortest form that reads back as the same bits.
    ///
    /// # Errors
    /// - [`Error::Write`] if the system refuses.
    /// - [`Error::NotFinite`] for NaN and infinities.
    /// - [`Error::MixedLabels`], [`Error::NpyText`] for labels that the format cannot hold.
    pub fn write(&mut self, data: &Dataset) -> Result<()> {
        let columns = data.x().columns();
        let columns = columns
            .into_iter()
            .map(Column::Floats)
            .chain([Column::Labels(data.y())])
            .collect::<Vec<_>>();
        self.writer.write(&columns)
    }

    /// Writes what belongs at the end.
    ///
    /// # Errors
    /// [`Error::Write`] if the system refuses.
    pub fn finish(self) -> Result<()> {
        self.writer.finish()
    }
}

/// Writes a data set as [`read_dataset`] reads it.
///
/// # Errors
/// Those of [`DatasetWriter::write`].
pub fn write_dataset(output: &mut Output, data: &Dataset) -> Result<()> {
    let mut writer = DatasetWriter::new(output, data.feature_names(), data.target_name())?;
    writer.write(data)?;
    writer.finish()
}
