//! Columns of text as class labels.
//!
//! Which text is which class, `cutpoint_core::Labels::parse` says, and which columns go together,
//! `cutpoint_core::share_classes`.

use std::borrow::Cow;
use std::path::Path;

use cutpoint_core::{Label, Labels, share_classes};

use crate::columns::TextColumn;
use crate::names::name_of;
use crate::{Error, Result};

/// Words for a missing value, and numbers with a fraction or rounded ones, that are classes all the same, since they
/// were named so.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Words<'w>(pub(crate) &'w [String]);

/// The labels of a column.
pub(crate) fn labels(
    path: &Path,
    name: &str,
    texts: &TextColumn,
    words: Words<'_>,
) -> Result<Labels> {
    let is_named = |word: &str| {
        let is_same = |name: &String| name == word || texts.named(name) == texts.named(word);
        words.0.iter().any(is_same)
    };
    refuse_rounded(path, name, texts, is_named)?;
    // What a text is as a label, it says itself, and few are distinct; a number that is named has one spelling.
    let fields = texts.distinct.iter().map(|text| {
        if is_named(text) {
            texts.named(text)
        } else {
            Cow::Borrowed(text.as_str())
        }
    });
    let parsed = Labels::parse_with(&fields.collect::<Vec<_>>(), |word| {
        // Where columns have types, text is text, also if it looks like a number.
        let is_typed = texts.is_typed && word.parse::<f64>().is_ok_and(|number| !number.is_nan());
        is_typed || is_named(word)
    });
    let parsed = parsed.map_err(|error| refused(path, name, texts, error))?;
    let codes = texts
        .codes
        .iter()
        .map(|&code| parsed.codes()[code as usize]);
    Ok(
        Labels::from_codes(codes.collect(), parsed.classes().to_vec())
            .expect("the codes and classes come from `Labels` themselves"),
    )
}

/// The class among these that a person's text names: the one that it spells, or the same number spelled otherwise.
pub fn find_class<'l>(classes: &'l [Label], name: &str) -> Option<&'l Label> {
    let find = |name: &str| classes.iter().find(|class| class.is_named(name));
    find(name).or_else(|| find(&name_of(name)))
}

/// The positive class, as [`Labels::positive`] finds it, or the same number as the one named spelled otherwise.
///
/// # Errors
/// Those of [`Labels::positive`].
pub fn positive_of(y: &Labels, named: Option<&str>) -> cutpoint_core::Result<Label> {
    match named.and_then(|name| find_class(y.classes(), name)) {
        Some(class) => Ok(class.clone()),
        None => y.positive(named),
    }
}

/// The labels of two columns that share their classes: true and predicted ones.
pub(crate) fn shared_labels(
    path: &Path,
    columns: [(&str, &TextColumn); 2],
    words: Words<'_>,
) -> Result<[Labels; 2]> {
    let [first, second] = columns;
    let labels = [
        labels(path, first.0, first.1, words)?,
        labels(path, second.0, second.1, words)?,
    ];
    share_classes(labels).map_err(|source| Error::Columns {
        path: path.to_owned(),
        first: first.0.to_owned(),
        second: second.0.to_owned(),
        source: Box::new(source),
    })
}

/// Refuses a class that is none of those named, if any were.
pub(crate) fn check_declared(
    path: &Path,
    (column, texts): (&str, &TextColumn),
    y: &Labels,
    declared: &[String],
) -> Result<()> {
    let is_declared = |class: &Label| {
        let names = |name: &String| class.is_named(&texts.named(name));
        declared.is_empty() || declared.iter().any(names)
    };
    let Some(other) = y.classes().iter().position(|class| !is_declared(class)) else {
        return Ok(());
    };
    let row = y.codes().iter().position(|&code| code as usize == other);
    let text = row.map_or(0, |row| texts.codes[row] as usize);
    Err(Error::OtherClass {
        path: path.to_owned(),
        place: texts.first_places[text],
        column: column.to_owned(),
        classes: declared.to_vec(),
        found: y.classes()[other].clone(),
    })
}

/// Refuses a whole number that a narrow float may have rounded, unless it is named.
fn refuse_rounded(
    path: &Path,
    name: &str,
    texts: &TextColumn,
    is_named: impl Fn(&str) -> bool,
) -> Result<()> {
    let Some(first_gap) = texts.first_gap else {
        return Ok(());
    };
    let is_rounded = |text: &str| {
        let number = text.parse::<f64>().ok();
        number.is_some_and(|number| number.is_finite() && number.abs() >= first_gap)
    };
    let mut distinct = texts.distinct.iter().zip(&texts.first_places);
    match distinct.find(|(text, _)| is_rounded(text) && !is_named(text)) {
        None => Ok(()),
        Some((text, &place)) => Err(Error::NumberLabel {
            path: path.to_owned(),
            place,
            column: name.to_owned(),
            found: text.clone(),
        }),
    }
}

fn refused(path: &Path, name: &str, texts: &TextColumn, error: cutpoint_core::Error) -> Error {
    use cutpoint_core::Error::{ContinuousLabel, EmptyLabel, MissingLabel};
    let (EmptyLabel { row, .. } | ContinuousLabel { row, .. } | MissingLabel { row, .. }) = error
    else {
        return Error::Column {
            path: path.to_owned(),
            column: name.to_owned(),
            source: Box::new(error),
        };
    };
    let place = texts.first_places[row];
    let (path, column) = (path.to_owned(), name.to_owned());
    let found = texts.distinct[row].trim().to_owned();
    match error {
        MissingLabel { .. } => Error::MissingLabel {
            path,
            place,
            column,
            found,
        },
        ContinuousLabel { .. } => Error::NumberLabel {
            path,
            place,
            column,
            found,
        },
        _ => Error::Field {
            path,
            place,
            column,
            expected: "a class label (a whole number or text)",
            found,
        },
    }
}
