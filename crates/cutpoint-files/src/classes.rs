//! Which rows of a score file are positive, told part by part though the classes are known only at the end.
//!
//! The positive class is not guessed.

use std::path::PathBuf;

use cutpoint_core::{Label, Labels};

use crate::columns::TextColumn;
use crate::labels::{Words, check_declared, labels};
use crate::{Error, Result, ScoreColumns};

/// The classes of a label column, as far as it has been read.
///
/// A verdict on a row is final: a later text that would change what an earlier one means (whole numbers turn out to be
/// text) makes a third class, or leaves the positive class unknown, and either ends the reading with an error.
#[derive(Debug)]
pub(crate) struct Classes {
    path: PathBuf,
    column: String,
    /// The positive class as the caller named it.
    named: Option<String>,
    /// All classes as the caller named them; none if nobody did.
    declared: Vec<String>,
    /// Words that are classes, whatever they look like.
    words: Vec<String>,
    /// The distinct texts so far.
    texts: TextColumn,
    /// Whether each distinct text is of the positive class.
    is_positive: Vec<bool>,
    /// The classes that have rows, ascending.
    with_rows: Vec<Label>,
    positive: Option<Label>,
}

impl Classes {
    pub(crate) fn new(path: PathBuf, columns: &ScoreColumns) -> Self {
        Self {
            path,
            column: columns.label.clone(),
            named: columns.positive.clone(),
            declared: columns.classes.clone(),
            words: columns.all_words(),
            texts: TextColumn::default(),
            is_positive: Vec::new(),
            with_rows: Vec::new(),
            positive: None,
        }
    }

    /// Which of the next rows are positive.
    pub(crate) fn take(&mut self, part: &TextColumn) -> Result<Vec<bool>> {
        let n_before = self.texts.distinct.len();
        let codes = self.texts.absorb(part);
        if self.texts.distinct.len() > n_before {
            self.resolve()?;
        }
        let flags = codes.iter().map(|&code| self.is_positive[code as usize]);
        let flags = flags.collect::<Vec<_>>();
        let mut positive_codes = (0..).zip(&flags).filter(|(_, flag)| **flag);
        let first = positive_codes.next().map(|(code, _): (u32, _)| code);
        let codes = part.codes.iter();
        Ok(match (first, positive_codes.next()) {
            // Whole columns of two texts compare faster than they look up.
            (Some(first), None) => codes.map(|&code| code == first).collect(),
            _ => codes.map(|&code| flags[code as usize]).collect(),
        })
    }

    /// The positive class, as soon as it is known.
    pub(crate) fn positive(&self) -> Option<&Label> {
        self.positive.as_ref()
    }

    /// The class that is not positive, as soon as the positive one is known. It may change its name once: where no row
    /// has it, it is the opposite of the positive class.
    pub(crate) fn negative(&self) -> Option<Label> {
        let positive = self.positive.as_ref()?;
        let other = self.with_rows.iter().find(|class| *class != positive);
        Some(other.cloned().unwrap_or_else(|| opposite(positive)))
    }

    /// The classes that have rows, ascending.
    pub(crate) fn classes(&self) -> &[Label] {
        &self.with_rows
    }

    /// The positive class, or why it is not known even now that all rows have been read. It may have no rows, on a
    /// quiet day: then it is what was named, if the class that has rows is of the same kind.
    pub(crate) fn finish(&mut self) -> Result<Label> {
        if let Some(positive) = &self.positive {
            return Ok(positive.clone());
        }
        let y = self.labels()?;
        let absent = match (&self.named, y.classes()) {
            (Some(named), [Label::Text(_)]) => Some(Label::Text(self.texts.named(named).into())),
            (Some(named), [Label::Integer(_)]) => Some(Label::read(&self.texts.named(named)))
                .filter(|label| matches!(label, Label::Integer(_))),
            _ => None,
        };
        let positive = match absent {
            Some(positive) => positive,
            None => self.positive_of(&y)?,
        };
        Ok(self.positive.insert(positive).clone())
    }

    /// Finds out what the distinct texts mean.
    fn resolve(&mut self) -> Result<()> {
        let n_texts = u32::try_from(self.texts.distinct.len());
        self.texts.codes = (0..n_texts.expect("fewer than 2^32 distinct texts")).collect();
        let y = self.labels()?;
        check_declared(&self.path, (&self.column, &self.texts), &y, &self.declared)?;
        if y.classes().len() > 2 {
            return Err(self.third_class(&y));
        }
        self.positive = match self.positive_of(&y) {
            Ok(positive) => Some(positive),
            // The class that was named may still come.
            Err(_) if self.named.is_some() && y.classes().len() < 2 => None,
            Err(error) => return Err(error),
        };
        self.is_positive = match &self.positive {
            Some(positive) => y.is(positive),
            None => vec![false; y.len()],
        };
        self.with_rows = y.classes().to_vec();
        Ok(())
    }

    /// The labels of the distinct texts.
    fn labels(&self) -> Result<Labels> {
        labels(&self.path, &self.column, &self.texts, Words(&self.words))
    }

    fn positive_of(&self, y: &Labels) -> Result<Label> {
        let named = self.named.as_deref().map(|name| self.texts.named(name));
        y.positive(named.as_deref())
            .map_err(|source| Error::Column {
                path: self.path.clone(),
                column: self.column.clone(),
                source: Box::new(source),
            })
    }

    fn third_class(&self, y: &Labels) -> Error {
        let mut seen = Vec::new();
        let mut text = 0;
        // Several texts may name one class (`1`, `1.0`), but the third class begins with a text of its own.
        for (index, &code) in y.codes().iter().enumerate() {
            if !seen.contains(&code) {
                seen.push(code);
            }
            if seen.len() == 3 {
                text = index;
                break;
            }
        }
        Error::ThirdClass {
            path: self.path.clone(),
            column: self.column.clone(),
            place: self.texts.first_places[text],
            classes: y.classes().to_vec(),
        }
    }
}

/// The name of the class that no row has.
fn opposite(class: &Label) -> Label {
    match class {
        Label::Bool(value) => (!value).into(),
        Label::Integer(0) => 1.into(),
        Label::Integer(1) => 0.into(),
        other => other.all_others(),
    }
}
