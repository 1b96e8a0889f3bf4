//! What is read of a table, whatever its format: some rows as columns of numbers and text.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::Place;
use crate::names::name_of;

/// A column of numbers to read, and what they must be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct NumberColumn {
    pub(crate) column: usize,
    pub(crate) domain: Domain,
}

/// What to read besides the number of rows.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Projection<'w> {
    pub(crate) numbers: &'w [NumberColumn],
    pub(crate) texts: &'w [usize],
    /// What each of these is, as errors say it; class labels where none is named.
    pub(crate) kinds: &'w [&'static str],
    /// Whether the last of the texts are nearly all different, so that none need be looked up. Formats that look them
    /// up all the same give what others do.
    pub(crate) has_ids: bool,
    /// Whole rows as they stand.
    pub(crate) rows: bool,
}

/// What a column of labels must hold.
pub(crate) const LABELS: &str = "class labels";
/// What a column of groups must hold.
pub(crate) const GROUPS: &str = "names of groups";
/// What a column that tells rows apart must hold.
pub(crate) const IDS: &str = "ids";

impl Projection<'_> {
    /// The columns of texts, each with what it must hold.
    pub(crate) fn kinds_of_texts(&self) -> impl Iterator<Item = (usize, &'static str)> {
        let kinds = self.kinds.iter().copied().chain(std::iter::repeat(LABELS));
        self.texts.iter().copied().zip(kinds)
    }
}

/// What the numbers of a column must be.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Domain {
    Finite,
    /// Finite and not negative.
    Weight,
    /// The same, and whether it is written as a whole number matters: see [`Columns::has_fractions`].
    Amount,
}

/// Some rows that were read, in file order.
#[derive(Debug, Default)]
pub(crate) struct Columns {
    pub(crate) n_rows: usize,
    /// Row after row, in the order asked for: `(n_rows, numbers asked for)`.
    pub(crate) numbers: Vec<f64>,
    pub(crate) texts: Vec<TextColumn>,
    /// Whether a number of [`Domain::Amount`] is written with a point or an exponent, as only CSV can tell.
    pub(crate) has_fractions: bool,
}

/// Some rows that were read, and the same rows as they stand in a file of some format, if they were asked for.
#[derive(Debug)]
pub(crate) struct Part<R> {
    pub(crate) columns: Columns,
    pub(crate) rows: Option<R>,
}

impl<R> Part<R> {
    /// The same, with the whole rows as something else.
    pub(crate) fn with_rows<S>(self, rows: impl FnOnce(R) -> S) -> Part<S> {
        Part {
            columns: self.columns,
            rows: self.rows.map(rows),
        }
    }
}

/// Rows of a part at most where each row has an id, a text of its own.
pub(crate) const ID_PART_ROWS: usize = 1 << 14;

/// A column of texts that are nearly all different, one after the other.
#[derive(Debug, Clone, Default, PartialEq)]
pub(crate) struct Ids {
    text: String,
    /// Where each ends.
    ends: Vec<usize>,
}

impl Ids {
    pub(crate) fn push(&mut self, id: &str) {
        self.text.push_str(id);
        self.ends.push(self.text.len());
    }

    pub(crate) fn append(&mut self, part: &Self) {
        let start = self.text.len();
        self.text.push_str(&part.text);
        self.ends.extend(part.ends.iter().map(|end| start + end));
    }

    pub(crate) fn len(&self) -> usize {
        self.ends.len()
    }

    /// The ids of some rows, one after the other.
    pub(crate) fn of_rows(&self, rows: std::ops::Range<usize>) -> Self {
        let place = |row: usize| row.checked_sub(1).map_or(0, |before| self.ends[before]);
        let (start, end) = (place(rows.start), place(rows.end));
        let ends = self.ends[rows].iter().map(|end| end - start);
        Self {
            text: self.text[start..end].to_owned(),
            ends: ends.collect(),
        }
    }

    pub(crate) fn get(&self, row: usize) -> &str {
        let start = row.checked_sub(1).map_or(0, |before| self.ends[before]);
        &self.text[start..self.ends[row]]
    }
}

/// A column of text in which few texts return often.
#[derive(Debug, Default)]
pub(crate) struct TextColumn {
    /// Which of the distinct texts each row has.
    pub(crate) codes: Vec<u32>,
    /// The distinct texts, in the order they first stand in.
    pub(crate) distinct: Vec<String>,
    /// Where each first stands.
    pub(crate) first_places: Vec<Place>,
    /// Whether the column is one of texts in a format that has types.
    pub(crate) is_typed: bool,
    /// For floats narrower than a double: from which one on a whole number may have been another before it was rounded.
    /// What a double may have rounded, its text tells.
    pub(crate) first_gap: Option<f64>,
    code_of: HashMap<String, u32>,
    /// Instead of all this, every text one after the other.
    ids: Option<Ids>,
    /// Where the first of these stands that is empty.
    first_empty: Option<Place>,
}

/// Whether short texts are the same, byte by byte: they are compared sooner than a call is made.
fn is_same(left: &str, right: &str) -> bool {
    left.len() == right.len()
        && left
            .bytes()
            .zip(right.bytes())
            .all(|(left, right)| left == right)
}

/// Texts that are compared one by one: the classes of a score file.
const FEW_TEXTS: usize = 4;

impl TextColumn {
    /// A column of texts in a format that has types.
    pub(crate) fn typed() -> Self {
        Self {
            is_typed: true,
            ..Self::default()
        }
    }

    /// The same, as a column of floats between which whole numbers are missing from this one on.
    pub(crate) fn with_first_gap(self, first_gap: f64) -> Self {
        Self {
            first_gap: Some(first_gap),
            ..self
        }
    }

    /// A class as a person names it, as it is called here: numbers have one spelling, texts are themselves.
    pub(crate) fn named<'n>(&self, name: &'n str) -> Cow<'n, str> {
        if self.is_typed {
            Cow::Borrowed(name)
        } else {
            name_of(name)
        }
    }

    /// A column of texts that are nearly all different.
    fn of_ids() -> Self {
        Self {
            ids: Some(Ids::default()),
            ..Self::default()
        }
    }

    /// The texts of all rows, one after the other.
    pub(crate) fn into_ids(self) -> Ids {
        self.ids.unwrap_or_else(|| {
            let names = self.distinct.iter().map(|text| name_of(text));
            let names = names.collect::<Vec<_>>();
            let mut ids = Ids::default();
            for code in self.codes {
                ids.push(&names[code as usize]);
            }
            ids
        })
    }

    /// Where a text first stands that is empty.
    pub(crate) fn first_empty(&self) -> Option<Place> {
        let mut texts = self.distinct.iter().zip(&self.first_places);
        let empty = texts.find(|(text, _)| text.trim().is_empty());
        empty.map(|(_, place)| *place).or(self.first_empty)
    }

    pub(crate) fn push(&mut self, text: &str, place: impl FnOnce() -> Place) {
        if let Some(ids) = &mut self.ids {
            if text.trim().is_empty() {
                self.first_empty.get_or_insert_with(place);
            }
            ids.push(&name_of(text));
            return;
        }
        // Neighbours often agree, and a few texts are compared sooner than looked up.
        let last = self.codes.last().copied();
        let is_last = |code: &u32| is_same(&self.distinct[*code as usize], text);
        let first = || {
            let mut few = self.distinct.iter().take(FEW_TEXTS);
            let first = few.position(|other| is_same(other, text));
            first.and_then(|code| u32::try_from(code).ok())
        };
        let code = match last.filter(is_last).or_else(first) {
            Some(code) => code,
            None => self.code(text, place),
        };
        self.codes.push(code);
    }

    /// The code of a text that stands at a place.
    pub(crate) fn code(&mut self, text: &str, place: impl FnOnce() -> Place) -> u32 {
        if let Some(&code) = self.code_of.get(text) {
            return code;
        }
        let code = u32::try_from(self.distinct.len()).expect("fewer than 2^32 distinct texts");
        self.distinct.push(text.to_owned());
        self.first_places.push(place());
        self.code_of.insert(text.to_owned(), code);
        code
    }

    /// Appends the rows of a later part of the file.
    fn append(&mut self, part: &Self) {
        let codes = self.absorb(part);
        self.codes
            .extend(part.codes.iter().map(|&code| codes[code as usize]));
    }

    /// Takes over the distinct texts of a later part of the file, but not its rows; the code of each here.
    pub(crate) fn absorb(&mut self, part: &Self) -> Vec<u32> {
        self.is_typed |= part.is_typed;
        self.first_gap = self.first_gap.or(part.first_gap);
        let texts = part.distinct.iter().zip(&part.first_places);
        texts
            .map(|(text, &place)| self.code(text, || place))
            .collect()
    }
}

impl Columns {
    pub(crate) fn empty(n_texts: usize) -> Self {
        Self {
            texts: (0..n_texts).map(|_| TextColumn::default()).collect(),
            ..Self::default()
        }
    }

    /// No rows of what is wanted.
    pub(crate) fn of_projection(projection: Projection<'_>) -> Self {
        let mut columns = Self::empty(projection.texts.len());
        if let (true, Some(last)) = (projection.has_ids, columns.texts.last_mut()) {
            *last = TextColumn::of_ids();
        }
        columns
    }

    /// Appends a later part of the file.
    pub(crate) fn append(&mut self, part: Self) {
        self.n_rows += part.n_rows;
        if self.numbers.is_empty() {
            self.numbers = part.numbers;
        } else {
            self.numbers.extend_from_slice(&part.numbers);
        }
        for (column, part) in self.texts.iter_mut().zip(&part.texts) {
            column.append(part);
        }
        self.has_fractions |= part.has_fractions;
    }

    /// Counts places from the beginning of the file instead of that of the part.
    pub(crate) fn shift(&mut self, first_place: u64) {
        for texts in &mut self.texts {
            for place in &mut texts.first_places {
                *place = place.after(first_place);
            }
            let empty = texts.first_empty;
            texts.first_empty = empty.map(|place| place.after(first_place));
        }
    }
}

/// Columns of numbers as rows after each other.
pub(crate) fn row_major(mut columns: Vec<Vec<f64>>) -> Vec<f64> {
    /// Rows that are laid out together, so that what is written stays in the cache.
    const ROWS: usize = 256;
    match &columns[..] {
        [] => return Vec::new(),
        [_] => return columns.remove(0),
        _ => {}
    }
    let (n_columns, n_rows) = (columns.len(), columns[0].len());
    let mut numbers = vec![0.0; n_rows * n_columns];
    for (block, rows) in numbers.chunks_mut(ROWS * n_columns).enumerate() {
        let first = block * ROWS;
        for (index, column) in columns.iter().enumerate() {
            for (row, number) in rows.chunks_exact_mut(n_columns).zip(&column[first..]) {
                row[index] = *number;
            }
        }
    }
    numbers
}

/// What a whole number must be: two of them must not become one.
pub(crate) const EXACT: &str = "a number that a double holds exactly";
/// Behind this double some whole numbers are none.
pub(crate) const FIRST_GAP: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;

/// Whether a number is what its text says, where the text is that of a whole number of 64 bits, as typed formats have
/// them. What has a point, an exponent or more digits was a double before it was written.
fn is_exact(field: &str, number: f64) -> bool {
    let digits = field.strip_prefix(['-', '+']).unwrap_or(field);
    match digits.parse::<u64>() {
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a 64-bit number as a double is whole and far within 128 bits"
        )]
        Ok(whole) => number.abs() as u128 == u128::from(whole),
        Err(_) => true,
    }
}

impl Domain {
    /// A number from its text, spaces around it allowed, or what was expected.
    pub(crate) fn parse(self, field: &str) -> Result<f64, &'static str> {
        let field = field.trim();
        let number = match field.parse::<f64>() {
            Ok(number) => number,
            Err(_) if field.eq_ignore_ascii_case("true") => 1.0,
            Err(_) if field.eq_ignore_ascii_case("false") => 0.0,
            Err(_) => return Err("a number"),
        };
        if number.abs() >= FIRST_GAP && !is_exact(field, number) {
            return Err(EXACT);
        }
        self.check(number)
    }

    /// Whether the text of a number is that of a fraction where this matters.
    pub(crate) fn is_fraction(self, field: &str) -> bool {
        matches!(self, Self::Amount) && field.contains(['.', 'e', 'E'])
    }

    /// The number, or what was expected.
    pub(crate) fn check(self, number: f64) -> Result<f64, &'static str> {
        if !number.is_finite() {
            return Err("a finite number");
        }
        match self {
            Self::Weight | Self::Amount if number < 0.0 => Err("a number in [0, inf)"),
            Self::Weight | Self::Amount | Self::Finite => Ok(number),
        }
    }
}
