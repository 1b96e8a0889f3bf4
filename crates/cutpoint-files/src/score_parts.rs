//! The rows of a score file as they come from the file, part by part: which columns are what, and what may stand in
//! them.
//!
//! Scores are taken as they stand, and the positive class is not guessed.

use std::path::Path;

use cutpoint_core::{Label, Scores};

use crate::classes::Classes;
use crate::columns::{
    Columns, Domain, GROUPS, IDS, Ids, LABELS, NumberColumn, Part, Projection, TextColumn,
};
use crate::names::name_of;
use crate::npy_table::MatrixNames;
use crate::row_block::RowBlock;
use crate::scores::{Groups, distinct_roles};
use crate::table::Table;
use crate::{Error, LabelledScores, Progress, Result, ScoreColumns};

/// The rows of a score file, part by part, as they come from the file.
pub(crate) struct ScoreParts {
    pub(crate) table: Table,
    columns: ScoreColumns,
    /// The label and, if asked for, the group and the id.
    texts: Vec<usize>,
    /// What each of these must hold.
    kinds: Vec<&'static str>,
    /// The score, the weight if asked for, and columns of amounts that are neither.
    numbers: Vec<NumberColumn>,
    /// Where the columns of amounts stand among the numbers.
    pub(crate) amounts: Vec<usize>,
    /// Whether whole rows come along.
    pub(crate) keeps_rows: bool,
    pub(crate) classes: Classes,
    /// The distinct groups so far, and no rows.
    pub(crate) groups: TextColumn,
}

impl ScoreParts {
    pub(crate) fn open(path: &Path, columns: &ScoreColumns) -> Result<Self> {
        Self::new(Table::open(path, MatrixNames::SCORES)?, columns)
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
        let mut kinds = vec![LABELS];
        if let Some(group) = &columns.group {
            texts.push(table.find(group)?);
            kinds.push(GROUPS);
            roles.push((texts[1], "the group"));
        }
        if let Some(id) = &columns.id {
            let column = table.find(id)?;
            texts.push(column);
            kinds.push(IDS);
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
            kinds,
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
        // The next rows are read while those before are taken over.
        let mut next = self.next()?;
        while let Some((part, _)) = next {
            let progress = self.table.progress();
            let ((), read) = rayon::join(|| rows.append(part), || self.next());
            next = read?;
            on_progress(progress);
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
    pub(crate) fn next(&mut self) -> Result<Option<(Rows, Option<RowBlock>)>> {
        let part = self.table.next_part(Projection {
            numbers: &self.numbers,
            texts: &self.texts,
            kinds: &self.kinds,
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
    pub(crate) fn finish(&mut self) -> Result<Label> {
        if self.classes.classes().is_empty() {
            return Err(self.table.no_rows());
        }
        self.classes.finish()
    }

    pub(crate) fn scores(&self, rows: Rows) -> Result<Scores> {
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
    pub(crate) fn check_weight_total(&self, total: f64) -> Result<()> {
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
pub(crate) struct Rows {
    is_positive: Vec<bool>,
    score: Vec<f64>,
    pub(crate) weight: Option<Vec<f64>>,
    group: Option<Vec<u32>>,
    /// Column by column.
    pub(crate) amounts: Vec<Vec<f64>>,
    pub(crate) id: Option<Ids>,
    n_taken: usize,
}

impl Rows {
    pub(crate) fn new(parts: &ScoreParts) -> Self {
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
    pub(crate) fn len(&self) -> usize {
        self.score.len() - self.n_taken
    }

    /// The weights of the next rows.
    pub(crate) fn weight(&self, n_rows: usize) -> Option<&[f64]> {
        let weight = self.weight.as_deref()?;
        Some(&weight[self.n_taken..self.n_taken + n_rows])
    }

    pub(crate) fn append(&mut self, part: Self) {
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

    pub(crate) fn drop_taken(&mut self) {
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

    pub(crate) fn take(&mut self, n_rows: usize) -> Self {
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
    pub(crate) fn by_group(self, n_groups: usize) -> Vec<Self> {
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
