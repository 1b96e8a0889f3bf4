//! All rows of a file as they stand, to be copied to others in any order.
//!
//! What becomes of them in another format is said in `row_writer`.

use std::path::Path;

use cutpoint_core::Labels;

use crate::columns::Projection;
use crate::labels::{Words, check_declared, labels};
use crate::npy_table::MatrixNames;
use crate::row_block::{RowBlock, RowLayout};
use crate::table::Table;
use crate::{Error, Output, Result, RowWriter};

/// A whole file of rows, kept in memory as they stand.
///
/// # Examples
/// ```
/// use cutpoint_files::{Output, Rows};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("data.csv");
/// std::fs::write(&path, "id,y\n007, 1\n\"8\",0\n")?;
/// let (rows, _) = Rows::read(&path, None)?;
/// let copy = directory.path().join("copy.csv");
/// let mut output = Output::create_table(&copy)?;
/// rows.write(&mut output, &[1, 0])?;
/// output.commit()?;
/// assert_eq!(std::fs::read_to_string(&copy)?, "id,y\n\"8\",0\n007, 1\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Rows {
    layout: RowLayout,
    block: RowBlock,
}

impl Rows {
    /// Reads a file, and the labels of the column `target` if there is to be one. The columns of a matrix without names
    /// are called `x0`, `x1`, … and `y`.
    ///
    /// # Errors
    /// Those of [`crate::read_dataset`], but that columns may hold anything that is one value a row.
    pub fn read(path: &Path, target: Option<&str>) -> Result<(Self, Option<Labels>)> {
        Self::read_among(path, target, &[])
    }

    /// Reads as [`Rows::read`] does, where labels may be of some classes only; a word such as `NA` is a class if it is
    /// among them.
    ///
    /// # Errors
    /// Those of [`Rows::read`], and [`Error::OtherClass`].
    pub fn read_among(
        path: &Path,
        target: Option<&str>,
        classes: &[String],
    ) -> Result<(Self, Option<Labels>)> {
        let table = Table::open(path, MatrixNames::DataSet)?;
        let layout = table.row_layout()?;
        let column = target.map(|target| table.find(target)).transpose()?;
        let whole = table.read_whole(Projection {
            texts: column.as_slice(),
            rows: true,
            ..Projection::default()
        })?;
        let y = match (target, &whole.columns.texts[..]) {
            (Some(target), [texts]) => {
                let y = labels(path, target, texts, Words(classes))?;
                check_declared(path, (target, texts), &y, classes)?;
                Some(y)
            }
            _ => None,
        };
        match whole.rows {
            Some(block) => Ok((Self { layout, block }, y)),
            None => Err(Error::NoRows {
                path: path.to_owned(),
            }),
        }
    }

    /// The names of the columns.
    pub fn names(&self) -> &[String] {
        &self.layout.names
    }

    /// Number of rows.
    pub fn n_rows(&self) -> usize {
        self.block.n_rows()
    }

    /// Copies the rows named, in the order named, in the format of the output; see [`RowWriter`].
    ///
    /// # Errors
    /// - [`crate::Error::Write`] if the system refuses.
    /// - [`crate::Error::ColumnType`], [`crate::Error::UnnamedColumn`], [`crate::Error::NpyGap`],
    ///   [`crate::Error::NpyName`] for a column that the format of the output cannot hold.
    /// - [`crate::Error::Field`] for bytes that are not text.
    ///
    /// # Panics
    /// If a row does not exist.
    pub fn write(&self, output: &mut Output, indices: &[usize]) -> Result<()> {
        let mut writer = RowWriter::new(output, self.layout.clone(), None)?;
        writer.look(&self.block, 0..self.n_rows());
        writer.write(&self.block, 0, indices, &[])?;
        writer.finish()
    }
}
