//! The rows of a block of CSV that has nothing to watch out for: no quotes, no carriage returns, no blank lines,
//! numbers that are written as numbers are. A number then ends its own field, and nothing is looked at twice. Whatever
//! is unusual, and all that is wrong, is left to `csv_parse`.

use crate::Place;
use crate::columns::{Columns, Domain, FIRST_GAP, NumberColumn, Part, Projection};
use crate::csv_blocks::Block;
use crate::lines::Lines;

/// What is read of a column.
#[derive(Clone, Copy)]
enum Wanted {
    Nothing,
    /// A number, by its place among those asked for.
    Number(usize, Domain),
    /// A text, by its place among those asked for.
    Text(usize),
}

/// The rows, if there is nothing unusual in the block.
pub(crate) fn parse_plain(
    block: &Block,
    n_columns: usize,
    projection: Projection<'_>,
) -> Option<Part<Lines>> {
    let bytes = block.bytes.as_slice();
    let wanted = wanted(n_columns, projection)?;
    if memchr::memchr2(b'"', b'\r', bytes).is_some() {
        return None;
    }
    let text = std::str::from_utf8(bytes).ok()?;
    let n_numbers = projection.numbers.len();
    let mut columns = Columns::of_projection(projection);
    let mut starts = Vec::new();
    // Up to where line breaks have been counted.
    let mut counted = (0, 0);
    let mut place = 0;
    while place < bytes.len() {
        let start = place;
        let first_number = columns.numbers.len();
        columns.numbers.resize(first_number + n_numbers, 0.0);
        for (column, wanted) in wanted.iter().enumerate() {
            let field = place;
            place = match *wanted {
                Wanted::Number(slot, domain) => {
                    let (number, n_bytes) =
                        fast_float2::parse_partial::<f64, _>(&bytes[field..]).ok()?;
                    if number.abs() >= FIRST_GAP {
                        return None;
                    }
                    let end = field + n_bytes;
                    columns.numbers[first_number + slot] = domain.check(number).ok()?;
                    columns.has_fractions |= domain.is_fraction(&text[field..end]);
                    end
                }
                Wanted::Nothing => end_of_field(bytes, field),
                Wanted::Text(slot) => {
                    let end = end_of_field(bytes, field);
                    columns.texts[slot].push(&text[field..end], || {
                        Place::Line(block.lines_since(start, &mut counted))
                    });
                    end
                }
            };
            // What ends the field must be what ends it in every row: too few or too many fields are told elsewhere.
            let is_last = column + 1 == n_columns;
            match bytes.get(place) {
                Some(b',') if !is_last => place += 1,
                Some(b'\n') if is_last && place > start => place += 1,
                None if is_last && place > start => {}
                _ => return None,
            }
        }
        if projection.rows {
            starts.push(start);
        }
        columns.n_rows += 1;
    }
    let rows = projection.rows.then(|| Lines {
        bytes: Vec::new(),
        starts,
    });
    Some(Part { columns, rows })
}

/// What is wanted of each column; nothing if more than one thing is.
fn wanted(n_columns: usize, projection: Projection<'_>) -> Option<Vec<Wanted>> {
    let mut wanted = vec![Wanted::Nothing; n_columns];
    let numbers = projection.numbers.iter().enumerate();
    let numbers = numbers
        .map(|(slot, &NumberColumn { column, domain })| (column, Wanted::Number(slot, domain)));
    let texts = projection.texts.iter().enumerate();
    let texts = texts.map(|(slot, &column)| (column, Wanted::Text(slot)));
    for (column, what) in numbers.chain(texts) {
        if !matches!(wanted[column], Wanted::Nothing) {
            return None;
        }
        wanted[column] = what;
    }
    Some(wanted)
}

fn end_of_field(bytes: &[u8], start: usize) -> usize {
    let is_end = |byte: &u8| *byte == b',' || *byte == b'\n';
    let length = bytes[start..].iter().position(is_end);
    length.map_or(bytes.len(), |length| start + length)
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;
    use crate::csv_parse::parse_any;

    const NUMBERS: [NumberColumn; 2] = [
        NumberColumn {
            column: 2,
            domain: Domain::Finite,
        },
        NumberColumn {
            column: 0,
            domain: Domain::Amount,
        },
    ];

    fn projection() -> Projection<'static> {
        Projection {
            numbers: &NUMBERS,
            texts: &[1],
            rows: true,
            ..Projection::default()
        }
    }

    /// What is read of a block, to the bit.
    fn shown(part: &Part<Lines>) -> impl PartialEq + std::fmt::Debug {
        let columns = &part.columns;
        let texts = &columns.texts[0];
        (
            columns.n_rows,
            columns.has_fractions,
            columns
                .numbers
                .iter()
                .map(|number| number.to_bits())
                .collect::<Vec<_>>(),
            (
                texts.codes.clone(),
                texts.distinct.clone(),
                texts.first_places.clone(),
            ),
            part.rows.as_ref().map(|rows| rows.starts.clone()),
        )
    }

    fn block(text: &str) -> Block {
        Block {
            bytes: text.as_bytes().to_vec(),
            is_last: true,
        }
    }

    #[track_caller]
    fn check(text: &str) -> bool {
        let block = block(text);
        let Some(plain) = parse_plain(&block, 3, projection()) else {
            return false;
        };
        let any = parse_any(&block, 3, projection());
        let any = any.unwrap_or_else(|_| panic!("{text:?} is wrong, and was read"));
        assert_eq!(shown(&plain), shown(&any), "{text:?}");
        true
    }

    #[test]
    fn plain_rows_are_read_as_all_rows_are() {
        for text in [
            "1,a,0.5\n2.5,b,-1e-9\n0,a,7",
            "3,é,.5\n1.,,+0.25\n",
            "0.1,x y,0.30000000000000004\n5e-324,z,9007199254740991\n",
            "0, a ,-0\n",
        ] {
            assert!(check(text), "{text:?} is plain");
        }
    }

    #[test]
    fn what_is_unusual_is_left_to_others() {
        for text in [
            "1,\"a\",2\n",
            "1,a,2\r\n",
            "1,a,2\n\n3,b,4\n",
            "1,a\n",
            "1,a,2,3\n",
            "1,a, 2\n",
            "1,a,2 \n",
            "1,a,\n",
            "1,a,nan\n",
            "1,a,true\n",
            "1,a,0x1\n",
            "1,a,9007199254740993\n",
            "-1,a,2\n",
            "1,a,2\n3",
        ] {
            assert!(!check(text), "{text:?}");
        }
    }

    /// A row of the three columns, right or wrong.
    fn row() -> impl Strategy<Value = String> {
        let number = "[-+]?[0-9]{0,20}[.]?[0-9]{0,20}(e[-+]?[0-9]{1,3})?";
        let row = ("[-+0-9.eEinfa ]{0,6}", "[ab\", é]{0,2}", number);
        row.prop_map(|(first, text, last)| format!("{first},{text},{last}"))
    }

    proptest! {
        #[test]
        fn whatever_is_read_is_read_the_same(rows in vec(row(), 0..6), end in "(\n|\r\n|)") {
            check(&(rows.join("\n") + &end));
        }

        #[test]
        fn numbers_are_those_of_the_standard_library(number in any::<f64>()) {
            prop_assume!(number.abs() < FIRST_GAP);
            for text in [format!("0,a,{number}\n"), format!("0,a,{number:e}\n"), format!("0,a,{number:.17}\n")] {
                prop_assert!(check(&text), "{}", text);
            }
        }
    }
}
