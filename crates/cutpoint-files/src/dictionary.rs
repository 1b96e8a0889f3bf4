//! Columns of values of any type as class labels: which distinct values there are, and which each row has.
//!
//! What a value means as a label, its text says, as in a CSV file.

use std::collections::HashMap;
use std::hash::Hash;

use crate::Place;
use crate::columns::TextColumn;

/// Values that are looked at together.
const CHUNK: usize = 1024;

/// The values as texts, the first of them in the row `first_row` of the file.
pub(crate) fn text_column<K: Copy + Eq + Hash>(
    values: &[K],
    text: impl Fn(K) -> String,
    first_row: u64,
) -> TextColumn {
    let mut column = TextColumn::default();
    let mut codes = Vec::with_capacity(values.len());
    let mut known = Vec::<(K, u32)>::new();
    let mut code_of = HashMap::new();
    for chunk in values.chunks(CHUNK) {
        // Nearly always there are two values, and whole chunks are compared at once.
        if let [(first, first_code), (second, second_code)] = known[..] {
            let is_known = |value: &K| *value == first || *value == second;
            let n_known = chunk.iter().map(|value| usize::from(is_known(value)));
            if n_known.sum::<usize>() == chunk.len() {
                let code = |value: &K| {
                    if *value == first {
                        first_code
                    } else {
                        second_code
                    }
                };
                codes.extend(chunk.iter().map(code));
                continue;
            }
        }
        for &value in chunk {
            let row = first_row + codes.len() as u64;
            let code = *code_of.entry(value).or_insert_with(|| {
                let code = column.code(&text(value), || Place::Row(row));
                known.push((value, code));
                code
            });
            codes.push(code);
        }
    }
    column.codes = codes;
    column
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_value_has_the_code_of_its_text() {
        // A third value after chunks of two, and two values of one text.
        let mut values = [7_u64, 9].repeat(2 * CHUNK);
        values.extend([11, 9, 107, 7]);
        let column = text_column(&values, |value| (value % 100).to_string(), 5);
        assert_eq!(column.distinct, ["7", "9", "11"]);
        let third = Place::Row(5 + 4 * CHUNK as u64);
        assert_eq!(column.first_places, [Place::Row(5), Place::Row(6), third]);
        let texts = column
            .codes
            .iter()
            .map(|&code| &*column.distinct[code as usize]);
        let expected = values.iter().map(|value| (value % 100).to_string());
        assert!(texts.eq(expected));
    }
}
