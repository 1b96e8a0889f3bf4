//! Columns of text as class labels.
//!
//! It refuses to guess: which text is which class, `cutpoint_core::Labels::parse` says, over all columns that must agree.

use std::path::Path;

use cutpoint_core::{Label, Labels};

use crate::columns::TextColumn;
use crate::{Error, Result};

/// The labels of columns that share their classes, for example true and predicted ones.
///
/// Spaces around a number or a truth value do not count; other text is taken as it is.
pub(crate) fn labels<const N: usize>(
    path: &Path,
    columns: [(&str, &TextColumn); N],
) -> Result<[Labels; N]> {
    // What is a number, a truth value or text depends only on which texts there are, and these are few.
    let distinct = columns
        .iter()
        .flat_map(|(_, texts)| texts.distinct.iter().map(String::as_str))
        .collect::<Vec<_>>();
    let trimmed = distinct.iter().map(|text| text.trim()).collect::<Vec<_>>();
    let parsed = Labels::parse(&trimmed).map_err(|error| refused(path, columns, error))?;
    let is_text = matches!(parsed.classes().first(), Some(Label::Text(_)));
    let parsed = if is_text {
        Labels::from_texts(&distinct)
    } else {
        parsed
    };
    let mut class_of = parsed.codes();
    Ok(columns.map(|(_, texts)| {
        let (of_column, others) = class_of.split_at(texts.distinct.len());
        class_of = others;
        let codes = texts.codes.iter().map(|&code| of_column[code as usize]);
        Labels::from_codes(codes.collect(), parsed.classes().to_vec())
            .expect("the codes and classes come from `Labels` themselves")
    }))
}

fn refused<const N: usize>(
    path: &Path,
    columns: [(&str, &TextColumn); N],
    error: cutpoint_core::Error,
) -> Error {
    let (cutpoint_core::Error::EmptyLabel { row, .. }
    | cutpoint_core::Error::ContinuousLabel { row, .. }) = error
    else {
        return Error::Column {
            path: path.to_owned(),
            column: columns[0].0.to_owned(),
            source: Box::new(error),
        };
    };
    let mut faults = columns.iter().flat_map(|(name, texts)| {
        texts
            .distinct
            .iter()
            .zip(&texts.first_places)
            .map(move |(text, place)| (name, text, place))
    });
    let (column, found, place) = faults
        .nth(row)
        .expect("the error names one of the texts it was given");
    Error::Field {
        path: path.to_owned(),
        place: *place,
        column: (*column).to_owned(),
        expected: "a class label (a whole number or text)",
        found: found.trim().to_owned(),
    }
}
