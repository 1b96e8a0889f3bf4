//! Class labels: the name of one class, and a column of them with its sorted class table.

use std::collections::BTreeSet;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::{Error, Result};

/// The name of a class.
///
/// Labels sort as scikit-learn sorts them: whole numbers by value, text by code point, `false` before `true`.
/// In JSON each is what it is: a truth value, a number, a text.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(
    untagged,
    expecting = "a class must be true, false, a whole number or text"
)]
pub enum Label {
    /// `false` or `true`.
    Bool(bool),
    /// A whole number.
    Integer(i64),
    /// Any other name.
    Text(String),
}

impl fmt::Display for Label {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Bool(value) => formatter.pad(if *value { "true" } else { "false" }),
            Self::Integer(value) => formatter.pad(&value.to_string()),
            Self::Text(value) => formatter.pad(value),
        }
    }
}

impl From<i64> for Label {
    fn from(value: i64) -> Self {
        Self::Integer(value)
    }
}

impl From<bool> for Label {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<&str> for Label {
    fn from(value: &str) -> Self {
        Self::Text(value.to_owned())
    }
}

impl From<String> for Label {
    fn from(value: String) -> Self {
        Self::Text(value)
    }
}

/// A column of class labels: one code a row, and the table of classes that the codes point into.
///
/// # Shapes
/// `codes`: `(n_samples,)`, each below `n_classes`; `classes`: `(n_classes,)`, strictly ascending.
///
/// # Examples
/// ```
/// use cutpoint_core::{Label, Labels};
///
/// let y = Labels::from_texts(&["spam", "ham", "spam"]);
/// assert_eq!(y.classes(), [Label::from("ham"), Label::from("spam")]);
/// assert_eq!(y.codes(), [1, 0, 1]);
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Labels {
    codes: Vec<u32>,
    classes: Vec<Label>,
}

impl Labels {
    /// Labels in row order; the class table is their sorted set.
    ///
    /// # Panics
    /// If there are more than 2^32 distinct labels.
    pub fn new(labels: &[Label]) -> Self {
        let classes = labels
            .iter()
            .collect::<BTreeSet<_>>()
            .into_iter()
            .cloned()
            .collect::<Vec<_>>();
        let codes = labels
            .iter()
            .map(|label| {
                let code = classes
                    .binary_search(label)
                    .expect("the table was made from these labels");
                u32::try_from(code).expect("fewer than 2^32 classes")
            })
            .collect();
        Self { codes, classes }
    }

    /// Whole-number labels in row order.
    pub fn from_integers(labels: &[i64]) -> Self {
        Self::new(
            &labels
                .iter()
                .map(|&label| Label::Integer(label))
                .collect::<Vec<_>>(),
        )
    }

    /// Text labels in row order, taken as they are (see [`Labels::parse`] for text that may mean numbers).
    pub fn from_texts<S: AsRef<str>>(labels: &[S]) -> Self {
        Self::new(
            &labels
                .iter()
                .map(|label| Label::from(label.as_ref()))
                .collect::<Vec<_>>(),
        )
    }

    /// Labels from the text fields of a file. What a field is as a label depends on that field alone, see
    /// [`Label::read`]; words for a missing value are refused, and so are numbers that are no class.
    ///
    /// # Errors
    /// As [`Labels::parse_with`].
    pub fn parse<S: AsRef<str>>(fields: &[S]) -> Result<Self> {
        Self::parse_with(fields, |_| false)
    }

    /// Labels from the text fields of a file, where some are classes that would be refused otherwise.
    ///
    /// All classes have one kind: truth values beside 0 and 1 are these numbers; numbers and truth values beside text
    /// are their text.
    ///
    /// `is_class`: whether a word is a class though it may mean that the value is missing, or a number is one though it
    /// has a fraction.
    ///
    /// # Errors
    /// - [`Error::EmptyLabel`] for an empty field.
    /// - [`Error::MissingLabel`] for a word that stands for a missing value.
    /// - [`Error::ContinuousLabel`] for a number that has a fraction, or is written as one and so large that a double
    ///   does not tell it from its neighbours, whatever the other fields are.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Labels;
    ///
    /// // `01` is a code, not the number 1, whatever else there is.
    /// assert_eq!(Labels::parse(&["01", "1", "1.0"])?.codes(), [0, 1, 1]);
    /// assert!(Labels::parse(&["yes", "NA"]).is_err());
    /// assert_eq!(Labels::parse_with(&["yes", "NA"], |word| word == "NA")?.codes(), [1, 0]);
    /// assert!(Labels::parse(&["yes", "0.5"]).is_err());
    /// # Ok::<(), cutpoint_core::Error>(())
    /// ```
    pub fn parse_with<S: AsRef<str>>(
        fields: &[S],
        is_class: impl Fn(&str) -> bool,
    ) -> Result<Self> {
        let mut labels = Vec::with_capacity(fields.len());
        for (row, field) in fields.iter().map(AsRef::as_ref).enumerate() {
            let (name, text) = ("labels", field.trim());
            if text.is_empty() {
                return Err(Error::EmptyLabel { name, row });
            }
            if is_missing(text) && !is_class(text) {
                let word = text.to_owned();
                return Err(Error::MissingLabel { name, word, row });
            }
            if is_inexact(text) && !is_class(text) {
                let value = text.to_owned();
                return Err(Error::ContinuousLabel { name, value, row });
            }
            labels.push(Label::read(field));
        }
        unify([&mut labels]);
        Ok(Self::new(&labels))
    }

    /// Labels from codes and their class table.
    ///
    /// # Errors
    /// - [`Error::ClassOrder`] if the table is not strictly ascending.
    /// - [`Error::Code`] if a code has no class.
    pub fn from_codes(codes: Vec<u32>, classes: Vec<Label>) -> Result<Self> {
        for pair in classes.windows(2) {
            if pair[0] >= pair[1] {
                return Err(Error::ClassOrder {
                    first: pair[0].clone(),
                    second: pair[1].clone(),
                });
            }
        }
        let n_classes = classes.len();
        if let Some(row) = codes.iter().position(|&code| code as usize >= n_classes) {
            return Err(Error::Code {
                n_classes,
                code: codes[row],
                row,
            });
        }
        Ok(Self { codes, classes })
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.codes.len()
    }

    /// Whether there are no rows.
    pub fn is_empty(&self) -> bool {
        self.codes.is_empty()
    }

    /// The code of each row.
    pub fn codes(&self) -> &[u32] {
        &self.codes
    }

    /// The class table, ascending. After [`Labels::select`] some classes may have no rows; see [`Labels::compact`].
    pub fn classes(&self) -> &[Label] {
        &self.classes
    }

    /// The label of a row.
    ///
    /// # Panics
    /// If the row does not exist.
    pub fn label(&self, row: usize) -> &Label {
        &self.classes[self.codes[row] as usize]
    }

    /// The labels in row order.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &Label> {
        self.codes.iter().map(|&code| &self.classes[code as usize])
    }

    /// How many rows each class of the table has.
    pub fn counts(&self) -> Vec<usize> {
        let mut counts = vec![0; self.classes.len()];
        for &code in &self.codes {
            counts[code as usize] += 1;
        }
        counts
    }

    /// The rows named, in the order named; the class table stays whole, so that codes keep their meaning.
    ///
    /// # Errors
    /// [`Error::Index`] for a row that does not exist.
    pub fn select(&self, indices: &[usize]) -> Result<Self> {
        check_indices(indices, self.len())?;
        Ok(Self {
            codes: indices.iter().map(|&index| self.codes[index]).collect(),
            classes: self.classes.clone(),
        })
    }

    /// The same labels with a table of only the classes that have rows.
    #[must_use]
    pub fn compact(&self) -> Self {
        let counts = self.counts();
        let mut new_codes = Vec::with_capacity(counts.len());
        let mut n_kept = 0;
        for &count in &counts {
            new_codes.push(n_kept);
            n_kept += u32::from(count > 0);
        }
        let kept = self
            .classes
            .iter()
            .zip(&counts)
            .filter(|(_, count)| **count > 0);
        Self {
            classes: kept.map(|(class, _)| class.clone()).collect(),
            codes: self
                .codes
                .iter()
                .map(|&code| new_codes[code as usize])
                .collect(),
        }
    }

    /// The code of a class.
    pub fn code_of(&self, class: &Label) -> Option<u32> {
        self.classes
            .binary_search(class)
            .ok()
            .and_then(|code| u32::try_from(code).ok())
    }

    /// The class that a person's text names: the class that prints as that text, or the same whole number.
    pub fn find(&self, text: &str) -> Option<&Label> {
        self.classes.iter().find(|class| class.is_named(text))
    }

    /// The positive class: the one named, or by default 1 for labels within {0, 1} or {-1, 1} and `true` for labels
    /// within {`false`, `true`}. It is never guessed from the data.
    ///
    /// # Errors
    /// - [`Error::PositiveNeeded`] if none is named and the labels are others.
    /// - [`Error::PositiveUnknown`] if the one named is not a class here.
    ///
    /// # References
    /// scikit-learn 1.9.1, `sklearn/utils/validation.py`, `_check_pos_label_consistency`.
    pub fn positive(&self, named: Option<&str>) -> Result<Label> {
        let within = |allowed: &[Label]| self.classes.iter().all(|class| allowed.contains(class));
        let default = if within(&[Label::Integer(0), Label::Integer(1)])
            || within(&[Label::Integer(-1), Label::Integer(1)])
        {
            Some(Label::Integer(1))
        } else if within(&[Label::Bool(false), Label::Bool(true)]) {
            Some(Label::Bool(true))
        } else {
            None
        };
        let Some(text) = named else {
            return default.ok_or_else(|| Error::PositiveNeeded {
                classes: self.classes.clone(),
            });
        };
        if let Some(class) = self.find(text) {
            return Ok(class.clone());
        }
        // All rows negative: the default positive class may be named though no row has it.
        default
            .filter(|class| class.is_named(text))
            .ok_or_else(|| Error::PositiveUnknown {
                positive: text.to_owned(),
                classes: self.classes.clone(),
            })
    }

    /// Which rows have the class.
    pub fn is(&self, class: &Label) -> Vec<bool> {
        let code = self.code_of(class);
        self.codes
            .iter()
            .map(|&other| Some(other) == code)
            .collect()
    }
}

impl Label {
    /// What a field is as a label, whatever other rows hold: a whole number (`1`, `-3`, `1.0`, `1e0`) of 64 bits, or,
    /// with a point or an exponent, below 2^53; `true` or `false` in any case; otherwise text. A number with a leading
    /// zero is a code, and text. Spaces around a number or a truth value do not count.
    ///
    /// # Examples
    /// ```
    /// use cutpoint_core::Label;
    ///
    /// assert_eq!(Label::read(" 1.0"), Label::Integer(1));
    /// assert_eq!(Label::read("True"), Label::Bool(true));
    /// assert_eq!(Label::read("007"), Label::from("007"));
    /// ```
    pub fn read(field: &str) -> Self {
        let text = field.trim();
        if text.eq_ignore_ascii_case("true") || text.eq_ignore_ascii_case("false") {
            return Self::Bool(text.eq_ignore_ascii_case("true"));
        }
        let number =
            is_numeral(text).then(|| text.parse().ok().or_else(|| whole(text.parse().ok()?)));
        match number.flatten() {
            Some(number) => Self::Integer(number),
            None => Self::from(field),
        }
    }

    /// Whether a person's text names this class: as it prints, or as the same whole number or truth value; 1 is `true`
    /// and 0 is `false`.
    pub fn is_named(&self, text: &str) -> bool {
        if let Self::Text(value) = self
            && value == text
        {
            return true;
        }
        self.is_same(&Self::read(text))
    }

    /// What all classes but this one are called together: `not spam`.
    #[must_use]
    pub fn all_others(&self) -> Self {
        format!("not {self}").into()
    }

    /// Whether two labels of different columns or files are one class: 1 and `true`, 0 and `false` are.
    pub fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Bool(value), Self::Integer(number))
            | (Self::Integer(number), Self::Bool(value)) => *number == i64::from(*value),
            (Self::Text(text), other @ (Self::Integer(_) | Self::Bool(_)))
            | (other @ (Self::Integer(_) | Self::Bool(_)), Self::Text(text)) => {
                // A number among text is its text.
                *text == other.to_string()
            }
            _ => self == other,
        }
    }
}

/// Gives the labels of columns that share their classes one kind: truth values beside 0 and 1 are these numbers;
/// numbers and truth values beside text, or beside each other otherwise, are their text.
fn unify<const N: usize>(columns: [&mut Vec<Label>; N]) {
    let all = || columns.iter().flat_map(|labels| labels.iter());
    let has = |is: fn(&Label) -> bool| all().any(is);
    let has_bool = has(|label| matches!(label, Label::Bool(_)));
    let has_integer = has(|label| matches!(label, Label::Integer(_)));
    let has_text = has(|label| matches!(label, Label::Text(_)));
    let is_bit =
        |label: &Label| !matches!(label, Label::Integer(number) if !(0..=1).contains(number));
    let are_bits = all().all(is_bit);
    if usize::from(has_bool) + usize::from(has_integer) + usize::from(has_text) < 2 {
        return;
    }
    for label in columns.into_iter().flatten() {
        *label = match &*label {
            Label::Bool(value) if !has_text && are_bits => Label::Integer(i64::from(*value)),
            Label::Integer(number) if !has_text && are_bits => Label::Integer(*number),
            other => Label::Text(other.to_string()),
        };
    }
}

/// One class table for labels of columns or files that share their classes.
///
/// # Errors
/// [`Error::OtherClasses`] if they share no class, as numbers and words do not, and the classes are not within {-1, 0,
/// 1} or {0, 1, `false`, `true`}, where rows of one class and predictions of the other are nothing odd; and for truth
/// values beside other numbers than 0 and 1.
///
/// # Panics
/// If there are more than 2^32 distinct labels.
///
/// # Examples
/// ```
/// use cutpoint_core::{Labels, share_classes};
///
/// let [y_true, y_pred] = share_classes([Labels::parse(&["1", "0"])?, Labels::parse(&["True", "False"])?])?;
/// assert_eq!(y_true, y_pred);
/// assert!(share_classes([Labels::parse(&["yes", "no"])?, Labels::parse(&["1", "0"])?]).is_err());
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
///
/// # References
/// scikit-learn 1.9.1, `sklearn/utils/multiclass.py`, `unique_labels` ("Mix of label input types").
pub fn share_classes(columns: [Labels; 2]) -> Result<[Labels; 2]> {
    let [first, second] = &columns;
    let is_shared = |class: &Label| second.classes.iter().any(|other| class.is_same(other));
    let is_standard = |class: &Label| matches!(class, Label::Bool(_) | Label::Integer(-1..=1));
    let all = || first.classes.iter().chain(&second.classes);
    let has = |is: fn(&Label) -> bool| all().any(is);
    // Of numbers, truth values are 0 and 1 only, and no class among others.
    let mixes = has(|label| matches!(label, Label::Bool(_)))
        && has(|label| matches!(label, Label::Integer(number) if !(0..=1).contains(number)));
    let shares = !mixes && (all().all(is_standard) || first.classes.iter().any(is_shared));
    if !shares {
        return Err(Error::OtherClasses {
            first: first.classes.clone(),
            second: second.classes.clone(),
        });
    }
    let mut labels = columns.each_ref().map(|labels| labels.classes.clone());
    let [first_classes, second_classes] = &mut labels;
    unify([first_classes, second_classes]);
    let mut classes = labels.concat();
    classes.sort();
    classes.dedup();
    let mut labels = labels.into_iter();
    Ok(columns.map(|column| {
        let own = labels.next().expect("one for each column");
        let code = |class: &Label| {
            let code = classes.binary_search(class).expect("all are in the table");
            u32::try_from(code).expect("fewer than 2^32 classes")
        };
        let codes = own.iter().map(code).collect::<Vec<_>>();
        Labels {
            codes: column
                .codes
                .iter()
                .map(|&old| codes[old as usize])
                .collect(),
            classes: classes.clone(),
        }
    }))
}

/// Words that other tools write where a value is missing, as pandas reads them.
const MISSING: [&str; 17] = [
    "#N/A", "#N/A N/A", "#NA", "-1.#IND", "-1.#QNAN", "-nan", "-NaN", "1.#IND", "1.#QNAN", "<NA>",
    "N/A", "n/a", "NA", "NaT", "nan", "NaN", "null",
];

/// Whether a field is a word for a missing value.
fn is_missing(field: &str) -> bool {
    let text = field.trim();
    MISSING.contains(&text) || ["None", "NULL", "NAN", "Null"].contains(&text)
}

/// Whether a text is written as a number, and not as a code that begins with zeros.
fn is_numeral(text: &str) -> bool {
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text).as_bytes();
    let is_digit = |place: usize| digits.get(place).is_some_and(u8::is_ascii_digit);
    let has_leading_zero = digits.first() == Some(&b'0') && is_digit(1);
    (is_digit(0) || (digits.first() == Some(&b'.') && is_digit(1))) && !has_leading_zero
}

/// Whether a text is a number, but no class: it has a fraction, or is so large that a double may have rounded it.
fn is_inexact(text: &str) -> bool {
    is_numeral(text)
        && text.parse::<i64>().is_err()
        && text
            .parse::<f64>()
            .is_ok_and(|number| whole(number).is_none())
}

pub(crate) fn check_indices(indices: &[usize], n_samples: usize) -> Result<()> {
    match indices.iter().find(|&&index| index >= n_samples) {
        Some(&index) => Err(Error::Index { n_samples, index }),
        None => Ok(()),
    }
}

/// The whole number a float is, if it is one below 2^53 in size: from there on, it may have been another before it was
/// rounded.
fn whole(number: f64) -> Option<i64> {
    const LIMIT: f64 = 9_007_199_254_740_992.0;
    if number.fract() != 0.0 || number.abs() >= LIMIT {
        return None;
    }
    #[expect(
        clippy::cast_possible_truncation,
        reason = "a whole number below 2^53 fits"
    )]
    let integer = number as i64;
    Some(integer)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check_parse(fields: &[&str], expected: &[Label]) {
        assert_eq!(
            Labels::parse(fields)
                .unwrap()
                .iter()
                .cloned()
                .collect::<Vec<_>>(),
            expected
        );
    }

    #[test]
    fn parse_knows_numbers_booleans_and_text() {
        check_parse(&["1", "0.0", "-1e0"], &[1.into(), 0.into(), (-1).into()]);
        check_parse(&["True", "false"], &[true.into(), false.into()]);
        check_parse(&["true", "1", "0"], &[1.into(), 1.into(), 0.into()]);
        check_parse(&["true", "2"], &["true".into(), "2".into()]);
        check_parse(
            &["01", "1", "001", "1.0"],
            &["01".into(), "1".into(), "001".into(), "1".into()],
        );
        check_parse(&["malignant", "2"], &["malignant".into(), "2".into()]);
        check_parse(
            &["9007199254740993", "1"],
            &[9_007_199_254_740_993.into(), 1.into()],
        );
    }

    #[test]
    fn parse_refuses_fractions_and_gaps() {
        let error = Labels::parse(&["1", "0.5"]).unwrap_err();
        assert_eq!(
            error,
            Error::ContinuousLabel {
                name: "labels",
                value: "0.5".to_owned(),
                row: 1
            }
        );
        let error = Labels::parse(&["1", "NaN"]).unwrap_err();
        assert_eq!(
            error,
            Error::MissingLabel {
                name: "labels",
                word: "NaN".to_owned(),
                row: 1
            }
        );
        for large in [
            "9007199254740992.0",
            "9007199254740993.0",
            "-9007199254740993e0",
            "1e300",
        ] {
            assert!(
                matches!(
                    Labels::parse(&["1", large]),
                    Err(Error::ContinuousLabel { .. })
                ),
                "{large}"
            );
        }
        // A word beside it changes nothing; a name does.
        for fields in [["yes", "0.5"], ["true", "0.5"]] {
            let error = Labels::parse(&fields).unwrap_err();
            assert!(matches!(error, Error::ContinuousLabel { row: 1, .. }));
            let named = Labels::parse_with(&fields, |word| word == "0.5").unwrap();
            assert_eq!(named.classes(), ["0.5".into(), Label::from(fields[0])]);
        }
        check_parse(&["9007199254740991.0"], &[9_007_199_254_740_991.into()]);
        assert_eq!(
            Labels::parse(&["a", ""]).unwrap_err(),
            Error::EmptyLabel {
                name: "labels",
                row: 1
            }
        );
    }

    #[test]
    fn classes_sort_numbers_by_value_and_text_by_code_point() {
        assert_eq!(Labels::from_integers(&[10, 9, -1]).codes(), [2, 1, 0]);
        assert_eq!(Labels::from_texts(&["b", "B", "Ä"]).codes(), [1, 0, 2]);
    }

    #[test]
    fn positive_is_named_or_standard_never_guessed() {
        let standard = Labels::from_integers(&[0, 1]);
        assert_eq!(standard.positive(None), Ok(Label::Integer(1)));
        assert_eq!(standard.positive(Some("0")), Ok(Label::Integer(0)));
        assert_eq!(
            Labels::from_integers(&[0, 0]).positive(Some("1.0")),
            Ok(Label::Integer(1))
        );
        assert_eq!(
            Labels::parse(&["False"]).unwrap().positive(None),
            Ok(Label::Bool(true))
        );
        let named = Labels::from_texts(&["benign", "malignant"]);
        assert_eq!(named.positive(Some("malignant")), Ok("malignant".into()));
        assert!(matches!(
            named.positive(None),
            Err(Error::PositiveNeeded { .. })
        ));
        assert!(matches!(
            named.positive(Some("ill")),
            Err(Error::PositiveUnknown { .. })
        ));
        assert!(matches!(
            Labels::from_integers(&[1, 2]).positive(None),
            Err(Error::PositiveNeeded { .. })
        ));
    }

    #[test]
    fn select_keeps_the_table_and_compact_drops_empty_classes() {
        let y = Labels::from_texts(&["a", "b", "c"])
            .select(&[2, 0])
            .unwrap();
        assert_eq!((y.codes(), y.counts()), (&[2, 0][..], vec![1, 0, 1]));
        assert_eq!(y.compact(), Labels::from_texts(&["c", "a"]));
        assert_eq!(
            y.select(&[2]).unwrap_err(),
            Error::Index {
                n_samples: 2,
                index: 2
            }
        );
    }
}
