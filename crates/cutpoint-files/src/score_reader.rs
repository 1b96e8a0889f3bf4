//! Score files in blocks, so that files larger than memory can be read.
//!
//! It refuses to hold more than a few blocks, to change a score and to guess the positive class.

use std::collections::VecDeque;
use std::ops::Range;
use std::path::Path;

use cutpoint_core::{Label, Scores};

use crate::classes::Classes;
use crate::columns::{Columns, Domain, Ids, NumberColumn, Part, TextColumn, Wanted};
use crate::names::name_of;
use crate::npy_table::Unnamed;
use crate::row_block::RowBlock;
use crate::scores::{Groups, distinct_roles};
use crate::table::Table;
use crate::{Error, LabelledScores, Output, Progress, Result, RowWriter, ScoreColumns};

/// Rows of a block unless the caller asks for others.
const BLOCK_ROWS: usize = 1 << 16;
/// The same, where whole rows are kept.
const KEPT_BLOCK_ROWS: usize = 1 << 14;

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
        let parts = ScoreParts::open(path, columns)?;
        Ok(Self {
            ahead: Rows::new(&parts),
            parts,
            kept: KeptRows::default(),
            amounts: Vec::new(),
            ids: None,
            block_rows: BLOCK_ROWS,
            weight_total: 0.0,
            state: State::Reading,
        })
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

    /// Begins a copy of some of the rows, with one more column of text behind the others.
    ///
    /// # Errors
    /// - [`Error::ColumnTaken`] if there is a column of that name.
    /// - [`Error::ColumnType`], [`Error::UnnamedColumn`] for a column that the format of the output cannot hold.
    /// - [`Error::Write`] if the system refuses.
    pub fn row_writer<'o>(&self, output: &'o mut Output, column: &str) -> Result<RowWriter<'o>> {
        RowWriter::new(output, self.parts.table.row_form()?, Some(column))
    }

    /// Copies rows of the block handed on last, each with the text of the column added. They are named by their place in
    /// the block, ascending.
    ///
    /// # Errors
    /// - [`Error::Write`] if the system refuses.
    /// - [`Error::Field`] for bytes that are not text.
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

    /// The positive class, as soon as a row told it; at the latest behind the last block.
    pub fn positive(&self) -> Option<&Label> {
        self.parts.classes.positive()
    }

    /// The other class, see [`LabelledScores::negative`]; final behind the last block.
    pub fn negative(&self) -> Option<Label> {
        self.parts.classes.negative()
    }

    /// The classes that have rows so far, ascending.
    pub fn classes(&self) -> &[Label] {
        self.parts.classes.classes()
    }

    /// The groups that have rows so far, in the order they first stand in; none without a column of groups.
    pub fn groups(&self) -> &[String] {
        &self.parts.groups.distinct
    }

    /// The next rows; `None` behind the last ones, and after an error.
    ///
    /// # Errors
    /// Those of [`crate::read_scores`], as soon as they are certain. Which of several faults is told depends on the file
    /// alone.
    pub fn next_block(&mut self) -> Result<Option<Scores>> {
        let Some(mut rows) = self.next_rows()? else {
            return Ok(None);
        };
        self.amounts = vec![std::mem::take(&mut rows.amounts)];
        self.ids = rows.id.take();
        self.scores(rows).map(Some)
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

    /// The columns of amounts of the rows that [`ScoreReader::next_block`] handed on last (part 0), or of a part of those
    /// that [`ScoreReader::next_groups`] did; none unless they were asked for.
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

/// Whole rows of the block handed on last and of what comes behind it.
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

/// The rows of a score file, part by part, as they come from the file.
pub(crate) struct ScoreParts {
    table: Table,
    columns: ScoreColumns,
    /// The label and, if asked for, the group and the id.
    texts: Vec<usize>,
    /// The score, the weight if asked for, and columns of amounts that are neither.
    numbers: Vec<NumberColumn>,
    /// Where the columns of amounts stand among the numbers.
    amounts: Vec<usize>,
    /// Whether whole rows come along.
    keeps_rows: bool,
    classes: Classes,
    /// The distinct groups so far, and no rows.
    groups: TextColumn,
}

impl ScoreParts {
    pub(crate) fn open(path: &Path, columns: &ScoreColumns) -> Result<Self> {
        Self::new(Table::open(path, Unnamed::SCORES)?, columns)
    }

    pub(crate) fn new(table: Table, columns: &ScoreColumns) -> Result<Self> {
        let label = table.find(&columns.label)?;
        let mut numbers = vec![NumberColumn {
            column: table.find(&columns.score)?,
            domain: Domain::Finite,
        }];
        if let Some(weight) = &columns.weight {
            numbers.push(NumberColumn {
                column: table.find(weight)?,
                domain: Domain::Weight,
            });
        }
        let mut roles = vec![(label, "the label"), (numbers[0].column, "the score")];
        roles.extend(numbers.get(1).map(|weight| (weight.column, "the weight")));
        let mut texts = vec![label];
        if let Some(group) = &columns.group {
            texts.push(table.find(group)?);
            roles.push((texts[1], "the group"));
        }
        if let Some(id) = &columns.id {
            let column = table.find(id)?;
            texts.push(column);
            roles.push((column, "the id"));
        }
        distinct_roles(&table, &roles)?;
        let mut amounts = Vec::with_capacity(columns.amounts.len());
        for name in &columns.amounts {
            let column = table.find(name)?;
            let known = numbers.iter().position(|number| number.column == column);
            amounts.push(known.unwrap_or(numbers.len()));
            if known.is_none() {
                let domain = Domain::Finite;
                numbers.push(NumberColumn { column, domain });
            }
        }
        Ok(Self {
            classes: Classes::new(table.path().to_owned(), columns),
            table,
            columns: columns.clone(),
            texts,
            numbers,
            amounts,
            keeps_rows: false,
            groups: TextColumn::default(),
        })
    }

    /// Reads every row.
    pub(crate) fn read_all(
        mut self,
        mut on_progress: impl FnMut(Progress),
    ) -> Result<LabelledScores> {
        let mut rows = Rows::new(&self);
        while let Some((part, _)) = self.next()? {
            rows.append(part);
            on_progress(self.table.progress());
        }
        let positive = self.finish()?;
        let codes = rows.group.take();
        let ids = rows.id.take();
        let scores = self.scores(rows)?;
        let negative = self.classes.negative();
        Ok(LabelledScores {
            scores,
            positive,
            negative: negative.expect("the positive class is known"),
            classes: self.classes.classes().to_vec(),
            groups: codes.map(|codes| Groups {
                names: self.groups.distinct,
                codes,
            }),
            ids,
        })
    }

    fn is_weighted(&self) -> bool {
        self.columns.weight.is_some()
    }

    /// The next rows, and the same rows whole if they are kept.
    fn next(&mut self) -> Result<Option<(Rows, Option<RowBlock>)>> {
        let part = self.table.next_part(Wanted {
            numbers: &self.numbers,
            texts: &self.texts,
            has_ids: self.columns.id.is_some(),
            rows: self.keeps_rows,
        })?;
        let Some(Part { columns, rows }) = part else {
            return Ok(None);
        };
        Ok(Some((self.rows(columns)?, rows)))
    }

    fn rows(&mut self, columns: Columns) -> Result<Rows> {
        let is_positive = self.classes.take(&columns.texts[0])?;
        let n_numbers = self.numbers.len();
        let column = |place: usize| {
            let numbers = columns.numbers[place..].iter().step_by(n_numbers);
            numbers.copied().collect::<Vec<_>>()
        };
        let weight = self.is_weighted().then(|| column(1));
        let amounts = self.amounts.iter().map(|&place| column(place)).collect();
        let score = if n_numbers > 1 {
            column(0)
        } else {
            columns.numbers
        };
        let mut others = columns.texts.into_iter().skip(1);
        let mut group = None;
        if let Some(column) = &self.columns.group
            && let Some(part) = others.next()
        {
            self.no_empty(column, "the name of a group", &part)?;
            let texts = part.distinct.iter().zip(&part.first_places);
            let codes = texts.map(|(text, &place)| self.groups.code(&name_of(text), || place));
            let codes = codes.collect::<Vec<_>>();
            self.refuse_many_groups(column)?;
            let codes = part.codes.iter().map(|&code| codes[code as usize]);
            group = Some(codes.collect());
        }
        let mut id = None;
        if let Some(column) = &self.columns.id
            && let Some(part) = others.next()
        {
            self.no_empty(column, "what tells a row apart", &part)?;
            id = Some(part.into_ids());
        }
        Ok(Rows {
            is_positive,
            score,
            weight,
            group,
            amounts,
            id,
            n_taken: 0,
        })
    }

    fn refuse_many_groups(&self, column: &str) -> Result<()> {
        if self.groups.distinct.len() <= ScoreColumns::MOST_GROUPS {
            return Ok(());
        }
        Err(Error::TooManyGroups {
            path: self.table.path().to_owned(),
            column: column.to_owned(),
            most: ScoreColumns::MOST_GROUPS,
        })
    }

    /// Refuses empty fields: in a typed format they would be null.
    fn no_empty(&self, column: &str, expected: &'static str, texts: &TextColumn) -> Result<()> {
        match texts.first_empty() {
            None => Ok(()),
            Some(place) => Err(Error::Field {
                path: self.table.path().to_owned(),
                place,
                column: column.to_owned(),
                expected,
                found: String::new(),
            }),
        }
    }

    /// The positive class, once all rows have been read: there must be some.
    fn finish(&mut self) -> Result<Label> {
        if self.classes.classes().is_empty() {
            return Err(self.table.no_rows());
        }
        self.classes.finish()
    }

    fn scores(&self, rows: Rows) -> Result<Scores> {
        let scores = Scores::new(rows.is_positive, rows.score)
            .map_err(|source| self.refused(&self.columns.score, source))?;
        match (rows.weight, &self.columns.weight) {
            (Some(weight), Some(column)) => scores
                .with_weight(weight)
                .map_err(|source| self.refused(column, source)),
            _ => Ok(scores),
        }
    }

    /// Refuses weights of several blocks that only together are too large.
    fn check_weight_total(&self, total: f64) -> Result<()> {
        match &self.columns.weight {
            Some(column) => cutpoint_core::check_weight_total(total)
                .map_err(|source| self.refused(column, source)),
            _ => Ok(()),
        }
    }

    fn refused(&self, column: &str, source: cutpoint_core::Error) -> Error {
        Error::Column {
            path: self.table.path().to_owned(),
            column: column.to_owned(),
            source: Box::new(source),
        }
    }
}

/// Rows in file order, of which the first may have been taken already.
struct Rows {
    is_positive: Vec<bool>,
    score: Vec<f64>,
    weight: Option<Vec<f64>>,
    group: Option<Vec<u32>>,
    /// Column by column.
    amounts: Vec<Vec<f64>>,
    id: Option<Ids>,
    n_taken: usize,
}

impl Rows {
    fn new(parts: &ScoreParts) -> Self {
        Self {
            is_positive: Vec::new(),
            score: Vec::new(),
            weight: parts.is_weighted().then(Vec::new),
            amounts: vec![Vec::new(); parts.amounts.len()],
            group: parts.columns.group.is_some().then(Vec::new),
            id: parts.columns.id.is_some().then(Ids::default),
            n_taken: 0,
        }
    }

    /// Rows that have not been taken.
    fn len(&self) -> usize {
        self.score.len() - self.n_taken
    }

    /// The weights of the next rows.
    fn weight(&self, n_rows: usize) -> Option<&[f64]> {
        let weight = self.weight.as_deref()?;
        Some(&weight[self.n_taken..self.n_taken + n_rows])
    }

    fn append(&mut self, part: Self) {
        if self.score.is_empty() {
            *self = part;
            return;
        }
        self.is_positive.extend(part.is_positive);
        self.score.extend(part.score);
        if let (Some(weight), Some(part)) = (&mut self.weight, part.weight) {
            weight.extend(part);
        }
        if let (Some(group), Some(part)) = (&mut self.group, part.group) {
            group.extend(part);
        }
        for (amounts, part) in self.amounts.iter_mut().zip(part.amounts) {
            amounts.extend(part);
        }
        if let (Some(ids), Some(part)) = (&mut self.id, part.id) {
            ids.append(&part);
        }
    }

    fn drop_taken(&mut self) {
        self.is_positive.drain(..self.n_taken);
        self.score.drain(..self.n_taken);
        if let Some(weight) = &mut self.weight {
            weight.drain(..self.n_taken);
        }
        if let Some(group) = &mut self.group {
            group.drain(..self.n_taken);
        }
        for amounts in &mut self.amounts {
            amounts.drain(..self.n_taken);
        }
        if let Some(ids) = &mut self.id {
            *ids = ids.of_rows(self.n_taken..ids.len());
        }
        self.n_taken = 0;
    }

    fn take(&mut self, n_rows: usize) -> Self {
        let taken = self.n_taken..self.n_taken + n_rows;
        self.n_taken = taken.end;
        Self {
            is_positive: self.is_positive[taken.clone()].to_vec(),
            score: self.score[taken.clone()].to_vec(),
            weight: self
                .weight
                .as_ref()
                .map(|weight| weight[taken.clone()].to_vec()),
            group: self
                .group
                .as_ref()
                .map(|group| group[taken.clone()].to_vec()),
            amounts: self
                .amounts
                .iter()
                .map(|amounts| amounts[taken.clone()].to_vec())
                .collect(),
            id: self.id.as_ref().map(|ids| ids.of_rows(taken)),
            n_taken: 0,
        }
    }

    /// The rows of each group, of which none have been taken.
    fn by_group(self, n_groups: usize) -> Vec<Self> {
        let group = self.group.expect("a column of groups was asked for");
        let empty = || Self {
            is_positive: Vec::new(),
            score: Vec::new(),
            weight: self.weight.as_ref().map(|_| Vec::new()),
            group: None,
            amounts: vec![Vec::new(); self.amounts.len()],
            id: None,
            n_taken: 0,
        };
        let mut parts = (0..n_groups).map(|_| empty()).collect::<Vec<_>>();
        for (row, &group) in group.iter().enumerate() {
            let part = &mut parts[group as usize];
            part.is_positive.push(self.is_positive[row]);
            part.score.push(self.score[row]);
            if let (Some(weight), Some(all)) = (&mut part.weight, &self.weight) {
                weight.push(all[row]);
            }
            for (amounts, all) in part.amounts.iter_mut().zip(&self.amounts) {
                amounts.push(all[row]);
            }
        }
        parts
    }
}
