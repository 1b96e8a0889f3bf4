//! Score files: one row a sample, with its true label, its score, and perhaps its weight.
//!
//! Scores are taken as they stand, and the positive class is not guessed.

use cutpoint_core::{Label, Labels, Scores};
use ndarray::ArrayView1;

use crate::column::Column;
use crate::columns::Ids;
use crate::table::Table;
use crate::table_write::TableWriter;
use crate::{Error, Output, Result};

/// Which columns of a file are what.
///
/// The default is what `predict` writes: `y_true`, `y_score`, no weights.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScoreColumns {
    pub(crate) label: String,
    pub(crate) score: String,
    pub(crate) positive: Option<String>,
    pub(crate) classes: Vec<String>,
    pub(crate) words: Vec<String>,
    pub(crate) weight: Option<String>,
    pub(crate) group: Option<String>,
    pub(crate) amounts: Vec<String>,
    pub(crate) id: Option<String>,
}

impl Default for ScoreColumns {
    fn default() -> Self {
        Self {
            label: "y_true".to_owned(),
            score: "y_score".to_owned(),
            positive: None,
            classes: Vec::new(),
            words: Vec::new(),
            weight: None,
            group: None,
            amounts: Vec::new(),
            id: None,
        }
    }
}

impl ScoreColumns {
    /// How many groups a file may have: more than anybody looks at. A column of ids, taken for one of groups, has more,
    /// and is refused as soon as that shows.
    pub const MOST_GROUPS: usize = 10_000;

    /// The column of true labels. Default `y_true`.
    #[must_use]
    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    /// The column of scores; a higher one means "more likely positive". Default `y_score`.
    #[must_use]
    pub fn score(mut self, score: impl Into<String>) -> Self {
        self.score = score.into();
        self
    }

    /// The positive class. Default: see [`Labels::positive`].
    #[must_use]
    pub fn positive(mut self, positive: Option<String>) -> Self {
        self.positive = positive;
        self
    }

    /// The classes that labels may be, so that any other is an error, and a word such as `NA` is a class if it is among
    /// them. Default: none are named, all labels are taken that are no words for a missing value.
    #[must_use]
    pub fn classes(mut self, classes: Vec<String>) -> Self {
        self.classes = classes;
        self
    }

    /// Classes that are written as words for a missing value (`NA`, `None`), which are refused otherwise. Default: the
    /// positive class and [`ScoreColumns::classes`].
    #[must_use]
    pub fn words(mut self, words: Vec<String>) -> Self {
        self.words = words;
        self
    }

    /// All words that are classes.
    pub(crate) fn all_words(&self) -> Vec<String> {
        let named = self.positive.iter().chain(&self.classes).chain(&self.words);
        named.cloned().collect()
    }

    /// The column of weights. Default: none, every row counts once.
    #[must_use]
    pub fn weight(mut self, weight: Option<String>) -> Self {
        self.weight = weight;
        self
    }

    /// The column of groups, at most [`ScoreColumns::MOST_GROUPS`], for
    /// [`ScoreReader::next_groups`](crate::ScoreReader::next_groups) and [`LabelledScores::groups`]. Default: none.
    #[must_use]
    pub fn group(mut self, group: Option<String>) -> Self {
        self.group = group;
        self
    }

    /// Columns of amounts, finite numbers of either sign, for [`ScoreReader::amounts`](crate::ScoreReader::amounts).
    /// Default: none. A column may have another role as well.
    #[must_use]
    pub fn amounts(mut self, amounts: Vec<String>) -> Self {
        self.amounts = amounts;
        self
    }

    /// The column that tells rows apart, for [`LabelledScores::ids`] and [`ScoreReader::id`](crate::ScoreReader::id).
    /// Default: none.
    #[must_use]
    pub fn id(mut self, id: Option<String>) -> Self {
        self.id = id;
        self
    }
}

/// The scores of a file and what its classes are called.
#[derive(Debug, Clone, PartialEq)]
pub struct LabelledScores {
    pub(crate) scores: Scores,
    pub(crate) positive: Label,
    pub(crate) negative: Label,
    pub(crate) classes: Vec<Label>,
    pub(crate) groups: Option<Groups>,
    pub(crate) ids: Option<Ids>,
}

/// A column of groups.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Groups {
    pub(crate) names: Vec<String>,
    /// The place of each row's group among the names.
    pub(crate) codes: Vec<u32>,
}

impl LabelledScores {
    /// The scores.
    pub fn scores(&self) -> &Scores {
        &self.scores
    }

    /// The scores by themselves.
    pub fn into_scores(self) -> Scores {
        self.scores
    }

    /// The positive class.
    pub fn positive(&self) -> &Label {
        &self.positive
    }

    /// The other class. Where no row has it: 0 for 1, `false` for `true` and the other way round, else `not` and the
    /// name of the positive class.
    pub fn negative(&self) -> &Label {
        &self.negative
    }

    /// The classes that have rows, ascending: one or two.
    pub fn classes(&self) -> &[Label] {
        &self.classes
    }

    /// The group of each row as text, if a column of groups was asked for.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_files::{ScoreColumns, read_scores};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("scores.csv");
    /// std::fs::write(&path, "y_true,y_score,site\n1,0.9,north\n0,0.2,south\n1,0.4,north\n")?;
    /// let file = read_scores(&path, &ScoreColumns::default().group(Some("site".to_owned())))?;
    /// assert!(file.groups().unwrap().eq(["north", "south", "north"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn groups(&self) -> Option<impl ExactSizeIterator<Item = &str>> {
        let groups = self.groups.as_ref()?;
        let codes = groups.codes.iter();
        Some(codes.map(|&code| groups.names[code as usize].as_str()))
    }

    /// What tells each row apart as text, if a column of ids was asked for.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_files::{ScoreColumns, read_scores};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("scores.csv");
    /// std::fs::write(&path, "id,y_true,y_score\nc7,1,0.9\nb2,0,0.2\n")?;
    /// let file = read_scores(&path, &ScoreColumns::default().id(Some("id".to_owned())))?;
    /// assert!(file.ids().unwrap().eq(["c7", "b2"]));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn ids(&self) -> Option<impl ExactSizeIterator<Item = &str>> {
        let ids = self.ids.as_ref()?;
        Some((0..ids.len()).map(|row| ids.get(row)))
    }
}

/// Refuses one column in two roles.
pub(crate) fn distinct_roles(table: &Table, roles: &[(usize, &'static str)]) -> Result<()> {
    for (index, &(column, second)) in roles.iter().enumerate() {
        if let Some(&(_, first)) = roles[..index].iter().find(|(other, _)| *other == column) {
            return Err(Error::ColumnRoles {
                path: table.path().to_owned(),
                column: table.names()[column].clone(),
                first,
                second,
            });
        }
    }
    Ok(())
}

/// Writes the scores of a binary model, rows in as many steps as the caller likes, in the format of the output:
/// `y_true` if it is known, `y_score`.
///
/// `.npy` has no names: the columns are `y_true` and `y_score` in that order, or `y_score` alone.
#[must_use = "nothing is written unless it is finished"]
pub struct ScoreWriter<'o> {
    writer: TableWriter<'o>,
    has_labels: bool,
}

impl<'o> ScoreWriter<'o> {
    /// Begins a file with or without the true labels.
    ///
    /// # Errors
    /// [`Error::Write`] if the system refuses.
    pub fn new(output: &'o mut Output, has_labels: bool) -> Result<Self> {
        let label = has_labels.then_some("y_true");
        let names = label.into_iter().chain(["y_score"]);
        Ok(Self {
            writer: TableWriter::new(output, names)?,
            has_labels,
        })
    }

    /// Writes rows.
    ///
    /// # Errors
    /// - [`Error::Write`] if the system refuses.
    /// - [`Error::NotFinite`] for a score that is NaN or infinite.
    /// - [`Error::MixedLabels`], [`Error::NpyText`] for labels that the format cannot hold.
    ///
    /// # Panics
    /// If there is not one label a score, or labels come to a file begun without them.
    pub fn write(&mut self, y_true: Option<&Labels>, y_score: &[f64]) -> Result<()> {
        assert_eq!(y_true.is_some(), self.has_labels, "labels as announced");
        let label = y_true.map(Column::Labels);
        let columns = label
            .into_iter()
            .chain([Column::Floats(ArrayView1::from(y_score))]);
        self.writer.write(&columns.collect::<Vec<_>>())
    }

    /// Writes what belongs at the end.
    ///
    /// # Errors
    /// [`Error::Write`] if the system refuses.
    pub fn finish(self) -> Result<()> {
        self.writer.finish()
    }
}

/// Writes the scores of a binary model: `y_true` if it is known, `y_score`.
///
/// # Errors
/// Those of [`ScoreWriter::write`].
///
/// # Panics
/// If there is not one label a score.
pub fn write_scores(output: &mut Output, y_true: Option<&Labels>, y_score: &[f64]) -> Result<()> {
    let mut writer = ScoreWriter::new(output, y_true.is_some())?;
    writer.write(y_true, y_score)?;
    writer.finish()
}
