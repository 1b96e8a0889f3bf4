//! Prints a table of numbers as NumPy prints a two-dimensional array, to the character.
//!
//! Covered: whole numbers at least 0 and finite floats, with NumPy's default print options (8 digits, 75 columns, `...`
//! above 1000 cells). Not covered, because no matrix here has them: other shapes, negative numbers, NaN and infinities.

use std::fmt::{self, Write};

use ndarray::ArrayView2;

const LINE_WIDTH: usize = 75;
const PRECISION: usize = 8;
const SUMMARY_ABOVE: usize = 1000;
const EDGE_ITEMS: usize = 3;

/// Writes whole numbers, right-aligned to the widest.
pub(crate) fn write_integers(output: &mut dyn Write, table: ArrayView2<'_, u64>) -> fmt::Result {
    let words = shown(table, u64::to_string);
    write_words(output, &words, table.dim())
}

/// Writes floats with at most 8 digits after the point; all in scientific notation if one is 1e8 or more, one is below
/// 1e-4, or the largest is more than 1000 times the smallest (zeros aside).
pub(crate) fn write_floats(output: &mut dyn Write, table: ArrayView2<'_, f64>) -> fmt::Result {
    let numbers = shown(table, |&number| number);
    let flat = || numbers.iter().flatten().copied();
    let sizes = flat().map(f64::abs).filter(|&size| size > 0.0);
    let (low, high) = sizes.fold((f64::INFINITY, 0.0_f64), |(low, high), size| {
        (low.min(size), high.max(size))
    });
    let is_scientific = high > 0.0 && (high >= 1e8 || low < 1e-4 || high / low > 1000.0);
    let words = if is_scientific {
        let n_digits = flat().map(scientific_digits).max().unwrap_or(0);
        let n_exponent = flat()
            .map(|number| exponent(number).len())
            .max()
            .map_or(2, |widest| widest.max(2));
        let as_text = |number: &f64| scientific(*number, n_digits, n_exponent);
        numbers
            .iter()
            .map(|row| row.iter().map(as_text).collect())
            .collect()
    } else {
        let n_digits = flat()
            .map(|number| positional(number).1.len())
            .max()
            .unwrap_or(0);
        let as_text = |number: &f64| {
            let (whole, digits) = positional(*number);
            format!("{whole}.{digits:<n_digits$}")
        };
        numbers
            .iter()
            .map(|row| row.iter().map(as_text).collect())
            .collect::<Vec<Vec<_>>>()
    };
    write_words(output, &words, table.dim())
}

/// The cells NumPy shows: all, or the corners of a large table.
fn shown<T, U>(table: ArrayView2<'_, T>, map: impl Fn(&T) -> U) -> Vec<Vec<U>> {
    let (n_rows, n_columns) = table.dim();
    let is_summary = table.len() > SUMMARY_ABOVE;
    let keep = |index: usize, n: usize| !(is_summary && is_hidden(index, n));
    let rows = table.outer_iter().enumerate();
    rows.filter(|(row, _)| keep(*row, n_rows))
        .map(|(_, cells)| {
            let cells = cells.into_iter().enumerate();
            cells
                .filter(|(column, _)| keep(*column, n_columns))
                .map(|(_, cell)| map(cell))
                .collect()
        })
        .collect()
}

fn is_hidden(index: usize, n: usize) -> bool {
    n > 2 * EDGE_ITEMS && (EDGE_ITEMS..n - EDGE_ITEMS).contains(&index)
}

/// Lays out the words in brackets, right-aligned, wrapped at the line width.
fn write_words(
    output: &mut dyn Write,
    words: &[Vec<String>],
    (n_rows, n_columns): (usize, usize),
) -> fmt::Result {
    let is_summary = n_rows * n_columns > SUMMARY_ABOVE;
    let has_gap = |n: usize| is_summary && n > 2 * EDGE_ITEMS;
    let width = words.iter().flatten().map(String::len).max().unwrap_or(0);
    for (index, row) in words.iter().enumerate() {
        output.write_str(if index == 0 { "[" } else { "\n " })?;
        if index == EDGE_ITEMS && has_gap(n_rows) {
            output.write_str("...\n ")?;
        }
        write_row(output, row, width, has_gap(n_columns))?;
    }
    output.write_char(']')
}

fn write_row(output: &mut dyn Write, row: &[String], width: usize, has_gap: bool) -> fmt::Result {
    // One column is kept for the bracket that closes the row, one for that of the table.
    const LAST_COLUMN: usize = LINE_WIDTH - 2;
    let gap = "...".to_owned();
    let mut padded = row
        .iter()
        .map(|word| format!("{word:>width$}"))
        .collect::<Vec<_>>();
    if has_gap {
        padded.insert(EDGE_ITEMS, gap);
    }
    let mut lines = Vec::new();
    let mut line = "[".to_owned();
    for word in &padded {
        // The space before a word counts even where the line breaks in its place; the two brackets count as columns.
        let column = 1 + line.len() + usize::from(line.len() > 1);
        if line.len() > 1 && column + word.len() > LAST_COLUMN {
            lines.push(line.trim_end().to_owned());
            " ".clone_into(&mut line);
        } else if line.len() > 1 {
            line.push(' ');
        }
        line.push_str(word);
    }
    lines.push(line);
    output.write_str(&lines.join("\n "))?;
    output.write_char(']')
}

/// The digits before and after the point: the fewest that identify the number, at most 8 after the point.
fn positional(number: f64) -> (String, String) {
    let shortest = number.to_string();
    let text = match shortest.split_once('.') {
        Some((_, digits)) if digits.len() > PRECISION => format!("{number:.PRECISION$}"),
        _ => shortest,
    };
    let (whole, digits) = text.split_once('.').unwrap_or((&text, ""));
    (whole.to_owned(), digits.trim_end_matches('0').to_owned())
}

/// How many digits after the point the number needs in scientific notation, at most 8.
fn scientific_digits(number: f64) -> usize {
    let n_digits = |text: &str| {
        let (_, digits) = split_exponent(text).0.split_once('.').unwrap_or_default();
        digits.trim_end_matches('0').len()
    };
    let n_shortest = n_digits(&format!("{number:e}"));
    if n_shortest > PRECISION {
        n_digits(&format!("{number:.PRECISION$e}"))
    } else {
        n_shortest
    }
}

/// The digits of the number's exponent, without its sign.
fn exponent(number: f64) -> String {
    split_exponent(&format!("{number:.PRECISION$e}"))
        .1
        .trim_start_matches('-')
        .to_owned()
}

/// Scientific notation with that many digits after the point and in the exponent, which has a sign.
fn scientific(number: f64, n_digits: usize, n_exponent: usize) -> String {
    let text = format!("{number:.n_digits$e}");
    let (mantissa, exponent) = split_exponent(&text);
    let point = if n_digits == 0 { "." } else { "" };
    let (sign, digits) = match exponent.strip_prefix('-') {
        Some(digits) => ('-', digits),
        None => ('+', exponent),
    };
    format!("{mantissa}{point}e{sign}{digits:0>n_exponent$}")
}

fn split_exponent(text: &str) -> (&str, &str) {
    text.split_once('e')
        .expect("scientific notation has an exponent")
}

#[cfg(test)]
mod tests {
    //! What is expected here was printed by NumPy 2.4.6.

    use ndarray::{Array2, array};

    use super::*;

    #[track_caller]
    fn check_integers(table: &Array2<u64>, expected: &str) {
        let mut text = String::new();
        write_integers(&mut text, table.view()).unwrap();
        assert_eq!(text, expected);
    }

    #[track_caller]
    fn check_floats(table: &Array2<f64>, expected: &str) {
        let mut text = String::new();
        write_floats(&mut text, table.view()).unwrap();
        assert_eq!(text, expected);
    }

    #[test]
    fn whole_numbers_align_right() {
        check_integers(&array![[76, 9], [17, 48]], "[[76  9]\n [17 48]]");
        check_integers(&array![[5]], "[[5]]");
    }

    #[test]
    fn floats_keep_eight_digits_and_align_at_the_point() {
        check_floats(
            &array![[76.0 / 85.0, 9.0 / 85.0], [17.0 / 65.0, 48.0 / 65.0]],
            "[[0.89411765 0.10588235]\n [0.26153846 0.73846154]]",
        );
        check_floats(
            &array![[76.0, 9.5], [17.25, 48.0]],
            "[[76.    9.5 ]\n [17.25 48.  ]]",
        );
        check_floats(&array![[0.0, 0.0], [0.0, 0.0]], "[[0. 0.]\n [0. 0.]]");
        // 1 / 512 and 3 / 512 have nine digits and end in 5: the even neighbour wins.
        check_floats(
            &array![[1.0 / 512.0, 3.0 / 512.0], [0.5, 0.25]],
            "[[0.00195312 0.00585938]\n [0.5        0.25      ]]",
        );
    }

    #[test]
    fn wide_ranges_are_scientific() {
        check_floats(
            &array![[1e8, 1.0], [2.5, 0.0]],
            "[[1.0e+08 1.0e+00]\n [2.5e+00 0.0e+00]]",
        );
        check_floats(
            &array![[1000.5, 1.0], [0.25, 0.0]],
            "[[1.0005e+03 1.0000e+00]\n [2.5000e-01 0.0000e+00]]",
        );
        check_floats(
            &array![[1e-5, 1.0 / 3.0], [0.25, 0.0]],
            "[[1.00000000e-05 3.33333333e-01]\n [2.50000000e-01 0.00000000e+00]]",
        );
        check_floats(
            &array![[1e100, 1.0 / 3.0], [1e-5, 0.0]],
            "[[1.00000000e+100 3.33333333e-001]\n [1.00000000e-005 0.00000000e+000]]",
        );
        check_floats(
            &array![[5e8, 2e8], [1e9, 4e8]],
            "[[5.e+08 2.e+08]\n [1.e+09 4.e+08]]",
        );
    }

    #[test]
    fn long_rows_wrap() {
        let counts = Array2::from_shape_fn((24, 24), |(row, column)| (24 * row + column) as u64);
        let mut text = String::new();
        write_integers(&mut text, counts.view()).unwrap();
        let start = "\
[[  0   1   2   3   4   5   6   7   8   9  10  11  12  13  14  15  16  17
   18  19  20  21  22  23]
 [ 24  25";
        assert!(text.starts_with(start), "{text}");
        let end = "568 569\n  570 571 572 573 574 575]]";
        assert!(text.ends_with(end), "{text}");

        let shares = Array2::from_shape_fn((10, 10), |(row, column)| {
            (10 * row + column) as f64 / 7.0 + 1.0
        });
        let mut text = String::new();
        write_floats(&mut text, shares.view()).unwrap();
        // The spaces that pad a number are cut where a line ends with it.
        let rows = "\
 [ 5.28571429  5.42857143  5.57142857  5.71428571  5.85714286  6.
   6.14285714  6.28571429  6.42857143  6.57142857]
 [ 6.71428571  6.85714286  7.          7.14285714  7.28571429  7.42857143
   7.57142857  7.71428571  7.85714286  8.        ]
";
        assert!(text.contains(rows), "{text}");
    }

    #[test]
    fn large_tables_show_their_corners() {
        let counts = Array2::from_shape_fn((32, 32), |(row, column)| (32 * row + column) as u64);
        check_integers(
            &counts,
            "\
[[   0    1    2 ...   29   30   31]
 [  32   33   34 ...   61   62   63]
 [  64   65   66 ...   93   94   95]
 ...
 [ 928  929  930 ...  957  958  959]
 [ 960  961  962 ...  989  990  991]
 [ 992  993  994 ... 1021 1022 1023]]",
        );
    }
}
