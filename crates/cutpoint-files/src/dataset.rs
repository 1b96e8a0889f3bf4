//! Data sets: every column a feature but one, the label.
//!
//! Gaps are not filled here, and text is not encoded.

use std::path::Path;

use cutpoint_core::Dataset;
use ndarray::{Array2, Axis};

use crate::column::Column;
use crate::columns::{Domain, NumberColumn, Projection};
use crate::labels::{Words, check_declared, labels};
use crate::npy_table::MatrixNames;
use crate::scores::distinct_roles;
use crate::table::Table;
use crate::table_write::TableWriter;
use crate::{Error, Output, Result};

/// Which columns of a file of labelled rows are what.
///
/// # Examples
/// ```
/// use cutpoint_files::{DataColumns, read_data};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("data.csv");
/// std::fs::write(&path, "id,x0,y,x1,w\n7,0.5,1,2,1\n8,1.5,0,3,2\n")?;
/// let columns = DataColumns::new("y").weight(Some("w".into())).drop(vec!["id".into()]);
/// let (data, weight) = read_data(&path, &columns)?;
/// assert_eq!(data.feature_names(), ["x0", "x1"]);
/// assert_eq!(weight, Some(vec![1.0, 2.0]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DataColumns {
    target: String,
    weight: Option<String>,
    features: Option<Vec<String>>,
    drop: Vec<String>,
    classes: Vec<String>,
    words: Vec<String>,
}

impl DataColumns {
    /// The column of labels; every other one is a feature.
    pub fn new(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            weight: None,
            features: None,
            drop: Vec::new(),
            classes: Vec::new(),
            words: Vec::new(),
        }
    }

    /// The column of sample weights, each in `[0, inf)`, which is no feature. Default: none.
    #[must_use]
    pub fn weight(mut self, weight: Option<String>) -> Self {
        self.weight = weight;
        self
    }

    /// The features, in this order; other columns are ignored. Default: all columns that have no other role.
    #[must_use]
    pub fn features(mut self, features: Option<Vec<String>>) -> Self {
        self.features = features;
        self
    }

    /// Columns that are no features. Default: none.
    #[must_use]
    pub fn drop(mut self, drop: Vec<String>) -> Self {
        self.drop = drop;
        self
    }

    /// The classes that labels may be, so that any other is an error, and a word such as `NA` is a class if it is among
    /// them. Default: none are named.
    #[must_use]
    pub fn classes(mut self, classes: Vec<String>) -> Self {
        self.classes = classes;
        self
    }

    /// Classes that are written as words for a missing value (`NA`, `None`), which are refused otherwise. Default:
    /// none.
    #[must_use]
    pub fn words(mut self, words: Vec<String>) -> Self {
        self.words = words;
        self
    }

    /// The columns of the features.
    fn find_features(&self, table: &Table, others: [Option<usize>; 2]) -> Result<Vec<usize>> {
        let find = |name: &String| table.find(name);
        let dropped = self.drop.iter().map(find).collect::<Result<Vec<_>>>()?;
        let is_free =
            |column: &usize| !dropped.contains(column) && !others.contains(&Some(*column));
        if let Some(features) = &self.features {
            let features = features.iter().map(find).collect::<Result<Vec<_>>>()?;
            let [target, weight] = others;
            let roles = [(target, "the target"), (weight, "the sample weight")];
            let roles = roles
                .into_iter()
                .filter_map(|(column, role)| Some((column?, role)));
            let features_roles = features.iter().map(|&column| (column, "a feature"));
            let roles = roles.chain(features_roles).collect::<Vec<_>>();
            distinct_roles(table, &roles)?;
            return Ok(features.into_iter().filter(is_free).collect());
        }
        let features = (0..table.names().len()).filter(is_free).collect::<Vec<_>>();
        for &column in &features {
            let name = &table.names()[column];
            if is_row_index(name) {
                return Err(Error::IndexColumn {
                    path: table.path().to_owned(),
                    column: column + 1,
                    name: name.clone(),
                });
            }
        }
        Ok(features)
    }
}

/// Whether a column is named as pandas names a row index that it writes as a column: not at all or `Unnamed: 0` in a
/// CSV file that was written or read so, `__index_level_0__` in a Parquet file.
fn is_row_index(name: &str) -> bool {
    let number = name.strip_prefix("Unnamed: ");
    let level = name.strip_prefix("__index_level_");
    let level = level.and_then(|level| level.strip_suffix("__"));
    let is_numbered = |text: &str| {
        // Read and written again it is `Unnamed: 0.1`, or `Unnamed: 0_level_0`.
        text.split(['_', '.'])
            .next()
            .is_some_and(|text| text.parse::<u32>().is_ok())
    };
    name.trim().is_empty() || number.into_iter().chain(level).any(is_numbered)
}

/// Reads a data set: the column `target` holds the labels, every other column is a feature.
///
/// # Shapes
/// `x`: `(rows, columns - 1)` in the order of the file.
///
/// # Errors
/// - [`Error::Read`], [`Error::Directory`], [`Error::UnsupportedFormat`] if the file cannot be opened.
/// - [`Error::EmptyFile`], [`Error::NoRows`], [`Error::NoFeatures`] if too little is in it.
/// - [`Error::MissingColumn`], [`Error::DuplicateColumn`], [`Error::IndexColumn`] for the header.
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
    read_data(path, &DataColumns::new(target)).map(|(data, _)| data)
}

/// Reads a data set with a column of sample weights, which is no feature.
///
/// # Errors
/// Those of [`read_data`].
pub fn read_weighted_dataset(
    path: &Path,
    target: &str,
    weight: &str,
) -> Result<(Dataset, Vec<f64>)> {
    let columns = DataColumns::new(target).weight(Some(weight.to_owned()));
    let (data, weight) = read_data(path, &columns)?;
    Ok((data, weight.unwrap_or_default()))
}

/// Reads a data set, and the sample weights if a column of them is named.
///
/// # Errors
/// Those of [`read_dataset`], and
/// - [`Error::Field`] for a negative weight.
/// - [`Error::ColumnRoles`] for a column in two roles.
///
/// # Panics
/// Not for any file: it would be a fault of this crate if rows came without labels.
pub fn read_data(path: &Path, names: &DataColumns) -> Result<(Dataset, Option<Vec<f64>>)> {
    let table = Table::open(path, MatrixNames::DataSet)?;
    let target = &names.target;
    let target_column = table.find(target)?;
    let weight = names.weight.as_ref();
    let weight_column = weight.map(|weight| table.find(weight)).transpose()?;
    if weight_column == Some(target_column) {
        return Err(Error::ColumnRoles {
            path: path.to_owned(),
            column: target.clone(),
            first: "the target",
            second: "the sample weight",
        });
    }
    let features = names.find_features(&table, [Some(target_column), weight_column])?;
    if features.is_empty() {
        return Err(Error::NoFeatures {
            path: path.to_owned(),
            target: target.clone(),
        });
    }
    let feature_names = features.iter().map(|&column| table.names()[column].clone());
    let feature_names = feature_names.collect::<Vec<_>>();
    let finite = |column| NumberColumn {
        column,
        domain: Domain::Finite,
    };
    let mut numbers = features.into_iter().map(finite).collect::<Vec<_>>();
    // The weight comes last, so that it is cut off the features.
    numbers.extend(weight_column.map(|column| NumberColumn {
        column,
        domain: Domain::Weight,
    }));
    let columns = table.read(Projection {
        numbers: &numbers,
        texts: &[target_column],
        ..Projection::default()
    })?;
    let words = [names.classes.as_slice(), &names.words].concat();
    let y = labels(path, target, &columns.texts[0], Words(&words))?;
    check_declared(path, (target, &columns.texts[0]), &y, &names.classes)?;
    let mut x = matrix(columns.n_rows, columns.numbers);
    let weight = match weight_column {
        Some(_) => {
            let last = x.ncols() - 1;
            let weight = x.column(last).to_vec();
            x.remove_index(Axis(1), last);
            Some(weight)
        }
        None => None,
    };
    let data = Dataset::new(x, y)
        .and_then(|data| data.with_names(feature_names, target.as_str()))
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
