//! Score files of several classes: one row a sample, with its true label and a score `p_<class>` for each class.
//!
//! Scores are taken as they stand. Which class a column means, its name says; where it does not, nothing is guessed.

use std::path::Path;

use cutpoint_core::{ClassScores, Label, Labels};
use ndarray::Array2;

use crate::columns::{Columns, Domain, NumberColumn, Projection};
use crate::labels::{Words, check_declared, find_class, labels};
use crate::npy_table::MatrixNames;
use crate::score_parts::ScoreParts;
use crate::scores::distinct_roles;
use crate::table::Table;
use crate::{Error, LabelledScores, Progress, Result, ScoreColumns};

/// What the name of a class's score begins with.
const PREFIX: &str = "p_";

/// The scores of a file, of whichever kind they are.
#[derive(Debug, Clone, PartialEq)]
pub enum AnyScores {
    /// One score a row, of the positive class.
    Binary(LabelledScores),
    /// One score a row and class.
    Classes(ClassScores),
}

/// Reads the scores of several classes: every column `p_<class>`. Other columns are ignored.
///
/// A class may have a column and no rows. Labels are read as [`crate::read_scores`] reads them, and the names of the
/// classes in the columns mean what they mean as labels: `p_1` is 1 where the labels are whole numbers.
///
/// # Errors
/// Those of [`crate::read_scores`] but for the ones about two classes, and
/// - [`Error::MissingColumn`] for a class that has rows and no column.
/// - [`Error::ClassColumn`] for a column whose name can be no class beside those of the labels.
/// - [`Error::ClassTwice`] for two columns of one class.
///
/// # Examples
/// ```
/// use cutpoint_files::read_class_scores;
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("scores.csv");
/// std::fs::write(&path, "y_true,y_pred,p_a,p_b,p_c\nb,b,0.2,0.7,0.1\nc,a,0.5,0.1,0.4\n")?;
/// let scores = read_class_scores(&path, "y_true", None)?;
/// assert_eq!(scores.classes().len(), 3);
/// assert_eq!(scores.one_vs_rest(2)?.is_positive(), [false, true]);
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_class_scores(path: &Path, label: &str, weight: Option<&str>) -> Result<ClassScores> {
    let table = Table::open(path, MatrixNames::SCORES)?;
    let reader = ClassScoreReader::new(&table, label, weight)?;
    reader.read(table, |_| {})
}

/// Reads the score of the positive class if the file has that column; if not, the columns `p_<class>` if it has any.
///
/// # Errors
/// Those of [`crate::read_scores`] or of [`read_class_scores`].
pub fn read_any_scores(path: &Path, columns: &ScoreColumns) -> Result<AnyScores> {
    read_any_scores_with(path, columns, |_| {})
}

/// Reads as [`read_any_scores`] does, and tells now and then how far it has come.
///
/// # Errors
/// Those of [`read_any_scores`].
pub fn read_any_scores_with(
    path: &Path,
    columns: &ScoreColumns,
    on_progress: impl FnMut(Progress),
) -> Result<AnyScores> {
    match AnyReader::open(path, columns)? {
        AnyReader::Binary(parts) => Ok(AnyScores::Binary(parts.read_all(on_progress)?)),
        AnyReader::Classes(table, reader) => {
            Ok(AnyScores::Classes(reader.read(*table, on_progress)?))
        }
    }
}

/// The scores of a file of whichever kind, before they are read.
pub(crate) enum AnyReader<'c> {
    Binary(Box<ScoreParts>),
    Classes(Box<Table>, ClassScoreReader<'c>),
}

impl<'c> AnyReader<'c> {
    pub(crate) fn open(path: &Path, columns: &'c ScoreColumns) -> Result<Self> {
        let table = Table::open(path, MatrixNames::SCORES)?;
        // A column that was named is wanted, whether it is there or not.
        let has_score = columns.score != ScoreColumns::default().score
            || table.names().contains(&columns.score);
        if has_score || class_columns(&table).next().is_none() {
            return Ok(Self::Binary(Box::new(ScoreParts::new(table, columns)?)));
        }
        let reader = ClassScoreReader::new(&table, &columns.label, columns.weight.as_deref())?;
        Ok(Self::Classes(
            Box::new(table),
            reader.among(&columns.classes),
        ))
    }
}

/// The columns whose names are those of class scores: each with the name of the class.
fn class_columns(table: &Table) -> impl Iterator<Item = (usize, &str)> {
    let names = table.names().iter().enumerate();
    names.filter_map(|(column, name)| Some((column, name.strip_prefix(PREFIX)?)))
}

/// Where the columns of a file of class scores are.
pub(crate) struct ClassScoreReader<'c> {
    label: (usize, &'c str),
    weight: Option<(usize, &'c str)>,
    /// The score columns, in file order, and the names of their classes.
    scores: Vec<(usize, String)>,
    /// The classes that labels may be; none if nobody named them.
    declared: &'c [String],
}

impl<'c> ClassScoreReader<'c> {
    fn new(table: &Table, label: &'c str, weight: Option<&'c str>) -> Result<Self> {
        let label = (table.find(label)?, label);
        let weight = match weight {
            Some(weight) => Some((table.find(weight)?, weight)),
            None => None,
        };
        let is_other =
            |column: usize| column == label.0 || weight.is_some_and(|(weight, _)| column == weight);
        let scores = class_columns(table)
            .filter(|(column, _)| !is_other(*column))
            .map(|(column, class)| (column, class.to_owned()));
        let mut roles = vec![(label.0, "the label")];
        roles.extend(weight.map(|(weight, _)| (weight, "the weight")));
        distinct_roles(table, &roles)?;
        Ok(Self {
            label,
            weight,
            scores: scores.collect(),
            declared: &[],
        })
    }

    /// The same, where labels may be of some classes only.
    fn among(self, declared: &'c [String]) -> Self {
        Self { declared, ..self }
    }

    pub(crate) fn read(
        &self,
        table: Table,
        on_progress: impl FnMut(Progress),
    ) -> Result<ClassScores> {
        let path = table.path().to_owned();
        let names = table.names().to_vec();
        let scores = self.scores.iter().map(|(column, _)| NumberColumn {
            column: *column,
            domain: Domain::Finite,
        });
        let weight = self.weight.map(|(column, _)| NumberColumn {
            column,
            domain: Domain::Weight,
        });
        let projection = Projection {
            numbers: &scores.chain(weight).collect::<Vec<_>>(),
            texts: &[self.label.0],
            ..Projection::default()
        };
        let columns = table.read_with(projection, on_progress)?;
        self.finish(&path, &names, &columns)
    }

    fn finish(&self, path: &Path, names: &[String], columns: &Columns) -> Result<ClassScores> {
        let named = self
            .scores
            .iter()
            .map(|(_, class)| class.clone())
            .collect::<Vec<_>>();
        let words = Words(&named);
        let y = labels(path, self.label.1, &columns.texts[0], words)?;
        let column = (self.label.1, &columns.texts[0]);
        check_declared(path, column, &y, self.declared)?;
        let in_file_order = self.classes(path, names, &y)?;
        let mut classes = in_file_order.clone();
        classes.sort();
        let mut codes = Vec::with_capacity(y.classes().len());
        for class in y.classes() {
            let code = (0_u32..).zip(&classes).find(|(_, other)| *other == class);
            let (code, _) = code.ok_or_else(|| Error::MissingColumn {
                path: path.to_owned(),
                column: format!("{PREFIX}{class}"),
                columns: names.to_vec(),
                near: None,
            })?;
            codes.push(code);
        }
        let codes = y.codes().iter().map(|&code| codes[code as usize]).collect();

        let stride = self.scores.len() + usize::from(self.weight.is_some());
        let numbers = |place: usize| columns.numbers[place..].iter().step_by(stride).copied();
        let mut score = Array2::zeros((columns.n_rows, classes.len()));
        for (place, class) in in_file_order.iter().enumerate() {
            let mut rows = score.column_mut(classes.partition_point(|other| other < class));
            rows.iter_mut()
                .zip(numbers(place))
                .for_each(|(cell, value)| *cell = value);
        }
        let refused = |column: &str| {
            let (path, column) = (path.to_owned(), column.to_owned());
            |source| Error::Column {
                path,
                column,
                source: Box::new(source),
            }
        };
        let scores = Labels::from_codes(codes, classes)
            .and_then(|y| ClassScores::new(y, score))
            .map_err(refused(self.label.1))?;
        match self.weight {
            None => Ok(scores),
            Some((_, name)) => scores
                .with_weight(numbers(self.scores.len()).collect())
                .map_err(refused(name)),
        }
    }

    /// The class of each score column, in file order.
    fn classes(&self, path: &Path, names: &[String], y: &Labels) -> Result<Vec<Label>> {
        let mut classes = Vec::<Label>::with_capacity(self.scores.len());
        for (column, name) in &self.scores {
            let class = class_named(name, y).ok_or_else(|| Error::ClassColumn {
                path: path.to_owned(),
                column: names[*column].clone(),
                classes: y.classes().to_vec(),
            })?;
            if let Some(first) = classes.iter().position(|other| *other == class) {
                return Err(Error::ClassTwice {
                    path: path.to_owned(),
                    class,
                    first: names[self.scores[first].0].clone(),
                    second: names[*column].clone(),
                });
            }
            classes.push(class);
        }
        Ok(classes)
    }
}

/// The class that a name means beside labels: one of theirs, or another of their kind.
fn class_named(name: &str, y: &Labels) -> Option<Label> {
    if let Some(class) = find_class(y.classes(), name) {
        return Some(class.clone());
    }
    if name.trim().is_empty() {
        return None;
    }
    let other = Label::read(name);
    match (&y.classes()[0], other) {
        (Label::Text(_), _) => Some(name.into()),
        (Label::Bool(_), other @ Label::Bool(_))
        | (Label::Integer(_), other @ Label::Integer(_)) => Some(other),
        _ => None,
    }
}
