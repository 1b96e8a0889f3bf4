//! Score files, whole or in blocks, so that files larger than memory can be read.
//!
//! Of a file that is read in blocks, no more than a few are held. What rows are is said in `score_parts`.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::Path;

use cutpoint_choose::Classes;
use cutpoint_core::{Label, Scores};

use crate::columns::Ids;
use crate::row_block::RowBlock;
use crate::score_parts::{Rows, ScoreParts};
use crate::{LabelledScores, Output, Progress, Result, RowWriter, ScoreColumns};

/// Rows of a block unless the caller asks for others.
const BLOCK_ROWS: usize = 1 << 16;
/// The same, where whole rows are kept.
const KEPT_BLOCK_ROWS: usize = 1 << 14;

/// Reads a score file; other columns are ignored.
///
/// # Errors
/// - [`crate::Error::Read`], [`crate::Error::Directory`], [`crate::Error::UnsupportedFormat`] if the file cannot be
///   opened.
/// - [`crate::Error::EmptyFile`], [`crate::Error::NoRows`] if too little is in it.
/// - [`crate::Error::MissingColumn`], [`crate::Error::DuplicateColumn`], [`crate::Error::ColumnRoles`] for the header.
/// - [`crate::Error::Ragged`], [`crate::Error::NotUtf8`], [`crate::Error::OpenQuote`], [`crate::Error::Field`] for a
///   row; NaN, infinities and negative weights are refused.
/// - [`crate::Error::ThirdClass`] for labels of more than two classes, [`crate::Error::OtherClass`] for one that is not
///   among those named, [`crate::Error::MissingLabel`] for a word such as `NA` that is not.
/// - [`crate::Error::Column`] if the positive class is not known, or all weights are 0.
/// - [`crate::Error::TooManyGroups`] for more groups than [`ScoreColumns::MOST_GROUPS`].
///
/// # Examples
/// ```
/// use cutpoint_files::{ScoreColumns, read_scores};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("scores.csv");
/// std::fs::write(&path, "diagnosis,y_score\nill,0.9\nwell,0.2\nill,0.4\n")?;
/// let columns = ScoreColumns::default().label("diagnosis").positive(Some("ill".into()));
/// let file = read_scores(&path, &columns)?;
/// assert_eq!(file.scores().is_positive(), [true, false, true]);
/// assert_eq!(file.negative().to_string(), "well");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub fn read_scores(path: &Path, columns: &ScoreColumns) -> Result<LabelledScores> {
    read_scores_with(path, columns, |_| {})
}

/// Reads a score file as [`read_scores`] does, and tells now and then how far it has come.
///
/// # Errors
/// Those of [`read_scores`].
pub fn read_scores_with(
    path: &Path,
    columns: &ScoreColumns,
    on_progress: impl FnMut(Progress),
) -> Result<LabelledScores> {
    ScoreParts::open(path, columns)?.read_all(on_progress)
}

/// Reads a score file block by block, in file order and in bounded memory.
///
/// The blocks together are what [`crate::read_scores`] reads at once, but for one thing: a block must have a row of
/// weight above 0, so rows of weight 0, which count like no row, may join the block before them, make the block larger
/// or, at the end of the file, be left out.
///
/// # Examples
/// ```
/// use cutpoint_files::{ScoreColumns, ScoreReader};
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("scores.csv");
/// std::fs::write(&path, "y_true,y_score\n1,0.9\n0,0.2\n1,0.4\n")?;
/// let mut reader = ScoreReader::open(&path, &ScoreColumns::default())?.block_rows(2);
/// let mut sizes = Vec::new();
/// while let Some(block) = reader.next_block()? {
///     sizes.push(block.n_samples());
/// }
/// assert_eq!(sizes, [2, 1]);
/// assert_eq!(reader.positive(), Some(&1.into()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct ScoreReader {
    parts: ScoreParts,
    block_rows: usize,
    /// Rows that were read and not handed on.
    ahead: Rows,
    kept: KeptRows,
    /// The amounts of the rows handed on last: part by part, column by column.
    amounts: Vec<Vec<Vec<f64>>>,
    /// What tells the rows handed on last apart.
    ids: Option<Ids>,
    weight_total: f64,
    state: State,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Reading,
    /// The last row has been read, but not all rows have been handed on.
    AtEnd,
    /// All is said, or an error was.
    Done,
}

impl ScoreReader {
    /// Opens a file in the format that its ending tells.
    ///
    /// # Errors
    /// Those of [`crate::read_scores`] for the file and the names of its columns.
    pub fn open(path: &Path, columns: &ScoreColumns) -> Result<Self> {
        Ok(Self::of_parts(ScoreParts::open(path, columns)?))
    }

    /// Reads rows whose columns are known.
    pub(crate) fn of_parts(parts: ScoreParts) -> Self {
        Self {
            ahead: Rows::new(&parts),
            parts,
            kept: KeptRows::default(),
            amounts: Vec::new(),
            ids: None,
            block_rows: BLOCK_ROWS,
            weight_total: 0.0,
            state: State::Reading,
        }
    }

    /// Rows of each block but the last, in [1, inf). Default 65,536. More take more memory.
    ///
    /// # Panics
    /// If it is 0.
    #[must_use]
    pub fn block_rows(mut self, block_rows: usize) -> Self {
        assert!(block_rows > 0, "a block has rows");
        self.block_rows = block_rows;
        self
    }

    /// Keeps whole rows, so that those of the block handed on last can be copied; blocks then have 16,384 rows.
    ///
    /// # Panics
    /// If a block has been read already.
    #[must_use]
    pub fn keep_rows(mut self) -> Self {
        assert!(
            self.progress().rows_read() == 0,
            "rows that were read are gone"
        );
        self.parts.keeps_rows = true;
        self.block_rows(KEPT_BLOCK_ROWS)
    }

    /// Begins a copy of some of the rows, with one more column of text after the others.
    ///
    /// # Errors
    /// - [`crate::Error::ColumnTaken`] if there is a column of that name.
    /// - [`crate::Error::ColumnType`], [`crate::Error::UnnamedColumn`] for a column that the format of the output
    ///   cannot hold.
    /// - [`crate::Error::Write`] if the system refuses.
    pub fn row_writer<'o>(&self, output: &'o mut Output, column: &str) -> Result<RowWriter<'o>> {
        RowWriter::new(output, self.parts.table.row_layout()?, Some(column))
    }

    /// Copies rows of the block handed on last, each with the text of the column added. They are named by their place
    /// in the block, ascending.
    ///
    /// # Errors
    /// - [`crate::Error::Write`] if the system refuses.
    /// - [`crate::Error::Field`] for bytes that are not text.
    ///
    /// # Panics
    /// If rows are not kept, the block does not have them, or a text has more than 8 characters.
    pub fn copy_rows<'t>(
        &self,
        writer: &mut RowWriter<'_>,
        rows: impl IntoIterator<Item = (usize, &'t str)>,
    ) -> Result<()> {
        assert!(self.parts.keeps_rows, "rows are kept if they are copied");
        let mut rows = rows.into_iter().peekable();
        let mut first_row = self.kept.first_row;
        for part in &self.kept.parts {
            // From a place in the part to a place in the block.
            let shift = |row: usize| first_row + row as u64 - self.kept.block.start;
            let part_rows = first_row..first_row + part.n_rows() as u64;
            let start = part_rows.start.max(self.kept.block.start);
            let end = part_rows.end.min(self.kept.block.end);
            if start < end {
                let local = |row: u64| usize::try_from(row - first_row).expect("within a part");
                let seen = local(start)..local(end);
                let (mut indices, mut texts) = (Vec::new(), Vec::new());
                let behind = shift(seen.end);
                while let Some((row, text)) = rows.next_if(|(row, _)| (*row as u64) < behind) {
                    indices.push(local(self.kept.block.start + row as u64));
                    texts.push(text);
                }
                writer.look(part, seen);
                writer.write(part, first_row, &indices, &texts)?;
            }
            first_row = part_rows.end;
        }
        assert!(rows.next().is_none(), "rows of the block handed on last");
        Ok(())
    }

    /// Rows in all, where the file tells beforehand; CSV does not.
    pub fn n_rows(&self) -> Option<u64> {
        self.progress().n_rows()
    }

    /// How far reading has come.
    pub fn progress(&self) -> Progress {
        self.parts.table.progress()
    }

    /// The positive class, as soon as a row told it; at the latest after the last block.
    pub fn positive(&self) -> Option<&Label> {
        self.parts.classes.positive()
    }

    /// The other class, see [`LabelledScores::negative`]; final after the last block.
    pub fn negative(&self) -> Option<Label> {
        self.parts.classes.negative()
    }

    /// The classes that have rows so far, ascending.
    pub fn classes(&self) -> &[Label] {
        self.parts.classes.classes()
    }

    /// What the classes are called, once all rows have been read.
    ///
    /// # Panics
    /// Before the last block.
    pub fn class_names(&self) -> Classes {
        let labels = self.negative().zip(self.positive().cloned());
        Classes {
            labels: labels
                .expect("the positive class is known after the last row")
                .into(),
            present: self.classes().to_vec(),
        }
    }

    /// The groups that have rows so far, in the order they first stand in; none without a column of groups.
    pub fn groups(&self) -> &[String] {
        &self.parts.groups.distinct
    }

    /// The next rows; `None` after the last ones, and after an error.
    ///
    /// # Errors
    /// Those of [`crate::read_scores`], as soon as they are certain. Which of several faults is told depends on the
    /// file alone.
    pub fn next_block(&mut self) -> Result<Option<Scores>> {
        let Some(mut rows) = self.next_rows()? else {
            return Ok(None);
        };
        self.amounts = vec![std::mem::take(&mut rows.amounts)];
        self.ids = rows.id.take();
        self.scores(rows).map(Some)
    }

    /// The columns of amounts and the ids of the rows that [`ScoreReader::next_block`] handed on last, which are not to
    /// be asked for again.
    pub(crate) fn take_beside(&mut self) -> (Vec<Vec<f64>>, Option<Ids>) {
        (self.amounts.pop().unwrap_or_default(), self.ids.take())
    }

    /// What tells a row apart of those that [`ScoreReader::next_block`] handed on last, as text.
    ///
    /// # Panics
    /// If no column of ids was asked for, or there is no such row.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_files::{ScoreColumns, ScoreReader};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("scores.csv");
    /// std::fs::write(&path, "id,y_true,y_score\nc7,1,0.9\nb2,0,0.2\na9,0,0.1\n")?;
    /// let columns = ScoreColumns::default().id(Some("id".to_owned()));
    /// let mut reader = ScoreReader::open(&path, &columns)?.block_rows(2);
    /// reader.next_block()?;
    /// assert_eq!((reader.id(0), reader.id(1)), ("c7", "b2"));
    /// reader.next_block()?;
    /// assert_eq!(reader.id(0), "a9");
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn id(&self, row: usize) -> &str {
        let ids = self.ids.as_ref();
        ids.expect("a column of ids was asked for").get(row)
    }

    /// The columns of amounts of the rows that [`ScoreReader::next_block`] handed on last (part 0), or of a part of
    /// those that [`ScoreReader::next_groups`] did; none unless they were asked for.
    ///
    /// # Shapes
    /// As many columns as were asked for, `(n_samples,)` each.
    ///
    /// # Panics
    /// If there is no such part.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_files::{ScoreColumns, ScoreReader};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("scores.csv");
    /// std::fs::write(&path, "y_true,y_score,amount\n1,0.9,500\n0,0.2,-3.5\n")?;
    /// let columns = ScoreColumns::default().amounts(vec!["amount".to_owned()]);
    /// let mut reader = ScoreReader::open(&path, &columns)?;
    /// assert_eq!(reader.next_block()?.unwrap().score(), [0.9, 0.2]);
    /// assert_eq!(reader.amounts(0), [[500.0, -3.5]]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn amounts(&self, part: usize) -> &[Vec<f64>] {
        &self.amounts[part]
    }

    /// The next rows, group by group: the index of each in [`ScoreReader::groups`] and its rows, in ascending order.
    /// Groups whose rows all have weight 0 are left out, for they count like no row.
    ///
    /// # Errors
    /// As for [`ScoreReader::next_block`].
    ///
    /// # Panics
    /// If no column of groups was asked for.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_files::{ScoreColumns, ScoreReader};
    ///
    /// let directory = tempfile::tempdir()?;
    /// let path = directory.path().join("scores.csv");
    /// std::fs::write(&path, "y_true,y_score,site\n1,0.9,north\n0,0.2,south\n1,0.4,north\n")?;
    /// let columns = ScoreColumns::default().group(Some("site".to_owned()));
    /// let mut reader = ScoreReader::open(&path, &columns)?;
    /// let parts = reader.next_groups()?.unwrap();
    /// let scores = parts.iter().map(|(group, rows)| (*group, rows.score()));
    /// assert!(scores.eq([(0, &[0.9, 0.4][..]), (1, &[0.2][..])]));
    /// assert_eq!(reader.groups(), ["north", "south"]);
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn next_groups(&mut self) -> Result<Option<Vec<(usize, Scores)>>> {
        let Some(rows) = self.next_rows()? else {
            return Ok(None);
        };
        let parts = rows.by_group(self.groups().len());
        let has_weight = |rows: &Rows| {
            let weight = rows.weight.as_ref();
            weight.is_none_or(|weight| weight.iter().any(|&weight| weight > 0.0))
        };
        let parts = parts.into_iter().enumerate();
        let parts = parts.filter(|(_, rows)| rows.len() > 0 && has_weight(rows));
        self.amounts.clear();
        let scores = parts.map(|(group, mut rows)| {
            self.amounts.push(std::mem::take(&mut rows.amounts));
            Ok((group, self.scores(rows)?))
        });
        scores.collect::<Result<_>>().map(Some)
    }

    fn scores(&mut self, rows: Rows) -> Result<Scores> {
        let scores = self.parts.scores(rows);
        if scores.is_err() {
            self.state = State::Done;
        }
        scores
    }

    fn next_rows(&mut self) -> Result<Option<Rows>> {
        let rows = self.try_next_rows();
        if !matches!(rows, Ok(Some(_))) {
            self.state = State::Done;
        }
        rows
    }

    fn try_next_rows(&mut self) -> Result<Option<Rows>> {
        if self.state == State::Done {
            return Ok(None);
        }
        let mut n_rows = self.block_rows;
        loop {
            while self.state == State::Reading && self.ahead.len() < n_rows {
                self.ahead.drop_taken();
                if let Some((part, whole)) = self.parts.next()? {
                    self.ahead.append(part);
                    self.kept.parts.extend(whole);
                } else {
                    self.parts.finish()?;
                    self.state = State::AtEnd;
                }
            }
            n_rows = n_rows.min(self.ahead.len());
            if n_rows == 0 {
                return Ok(None);
            }
            let Some(weight) = self.ahead.weight(n_rows) else {
                break;
            };
            let total = weight.iter().sum::<f64>();
            self.weight_total += total;
            if total > 0.0 {
                break;
            }
            if self.state == State::Reading {
                n_rows += self.block_rows;
            } else if n_rows < self.ahead.len() {
                n_rows = self.ahead.len();
            } else if self.weight_total > 0.0 {
                return Ok(None);
            } else {
                // All weights are 0: refused below.
                break;
            }
        }
        let block = self.ahead.take(n_rows);
        self.kept.hand_on(n_rows);
        self.parts.check_weight_total(self.weight_total)?;
        Ok(Some(block))
    }
}

/// Whole rows of the block handed on last and of what comes after it.
#[derive(Default)]
struct KeptRows {
    parts: VecDeque<RowBlock>,
    /// The row of the file that the first part begins with.
    first_row: u64,
    /// The rows of the file that were handed on last.
    block: Range<u64>,
}

impl KeptRows {
    /// Goes on to the next rows, and forgets the parts before them.
    fn hand_on(&mut self, n_rows: usize) {
        self.block = self.block.end..self.block.end + n_rows as u64;
        while let Some(part) = self.parts.front() {
            let end = self.first_row + part.n_rows() as u64;
            if end > self.block.start {
                break;
            }
            self.first_row = end;
            self.parts.pop_front();
        }
    }
}
