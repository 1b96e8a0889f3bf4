//! The names that fields give to groups and rows, the same in every format.
//!
//! A name depends on the field alone: what other rows hold, and which format it is, changes none.

use std::borrow::Cow;

/// From this double on, not every whole number is one.
const FIRST_GAP: f64 = (1_u64 << f64::MANTISSA_DIGITS) as f64;

/// The name that a field gives to a group or a row: its text, but that a number has one spelling, and so has a truth
/// value.
///
/// A whole number is its digits, however many: `1` for `1.0`, `100000000000000000000` for `1e+20`. Any other double is
/// its shortest decimal without an exponent: `0.0000001` for `1e-07`. What is written as a whole number stays that
/// number, whether a double holds it or not, so that no two of them become one. A number with a leading zero is a code,
/// and text.
pub(crate) fn name_of(field: &str) -> Cow<'_, str> {
    let is_plain = |byte: u8| byte.is_ascii_digit();
    if field.bytes().all(is_plain) {
        return Cow::Borrowed(field);
    }
    let trimmed = field.trim();
    if trimmed.eq_ignore_ascii_case("true") || trimmed.eq_ignore_ascii_case("false") {
        return Cow::Owned(trimmed.to_ascii_lowercase());
    }
    let number = trimmed.strip_prefix('+').unwrap_or(trimmed);
    let digits = number.strip_prefix('-').unwrap_or(number);
    let is_digit = |place: usize| digits.as_bytes().get(place).is_some_and(u8::is_ascii_digit);
    let is_number = is_digit(0) || digits.starts_with('.') && is_digit(1);
    if !is_number || digits.starts_with('0') && is_digit(1) || trimmed.starts_with("+-") {
        return Cow::Borrowed(field);
    }
    if digits == "0" {
        return Cow::Borrowed(digits);
    }
    if digits.bytes().all(is_plain) {
        return Cow::Borrowed(number);
    }
    match number.parse::<f64>() {
        // No sign of zero.
        Ok(number) if number.is_finite() => Cow::Owned(digits_of(number + 0.0)),
        _ => Cow::Borrowed(field),
    }
}

/// A double as a text that says that it is one: with an exponent where a whole number without one could be another.
pub(crate) fn text_of(number: f64) -> String {
    if number.is_finite() && number.abs() >= FIRST_GAP {
        format!("{number:e}")
    } else {
        number.to_string()
    }
}

/// A finite double as a decimal without an exponent: exact if it is whole, otherwise the shortest that reads back.
fn digits_of(number: f64) -> String {
    if number.fract() == 0.0 {
        format!("{number:.0}")
    } else {
        number.to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_name_for_every_spelling_of_a_number() {
        for (name, fields) in [
            ("1", &["1", "1.0", "1e0", "+1", " 1 ", "0.1e1", "1."][..]),
            ("0", &["0", "-0", "-0.0", "+0", "0e5", ".0"]),
            ("-3", &["-3", "-3.0", "-3e+00", "-0.3e1"]),
            ("0.5", &["0.5", ".5", "0.50", "5e-1", "+.5"]),
            ("0.0000001", &["1e-07", "1e-7", "0.0000001", "1E-7"]),
            (
                "10000000000000000",
                &["10000000000000000", "1e+16", "1e16", "10000000000000000.0"],
            ),
            (
                "100000000000000000000",
                &["1e+20", "1e20", "100000000000000000000"],
            ),
            // 10^23 lies between two doubles; the lower one is what is read.
            (
                "99999999999999991611392",
                &["1e+23", "1e23", "99999999999999991611392"],
            ),
            // 2^55, where doubles are 4 and 8 apart: its shortest decimal is another whole number.
            (
                "36028797018963968",
                &[
                    "36028797018963968",
                    "3.602879701896397e+16",
                    "36028797018963970.0",
                ],
            ),
            ("true", &["true", "True", " TRUE"]),
        ] {
            for field in fields {
                assert_eq!(name_of(field), name, "{field:?}");
            }
        }
        // Whole numbers that no double holds, codes and words are themselves.
        for field in [
            "9007199254740993",
            "-9007199254740993",
            "36028797018963970",
            "100000000000000000000000",
            "01",
            "-01",
            "00.5",
            "+-1",
            "1e999",
            "inf",
            "NaN",
            "1_000",
            "0x10",
            "1.2.3",
            "e5",
            ".",
        ] {
            assert_eq!(name_of(field), field);
        }
    }

    #[test]
    fn a_double_is_never_the_text_of_a_whole_number_beyond_its_precision() {
        // 2^53 is the first one that another whole number is rounded to.
        for (number, text) in [
            (1.0, "1"),
            (-0.5, "-0.5"),
            (9_007_199_254_740_991.0, "9007199254740991"),
            (9_007_199_254_740_992.0, "9.007199254740992e15"),
            (-1e20, "-1e20"),
            (f64::INFINITY, "inf"),
        ] {
            assert_eq!(text_of(number), text);
            let back = name_of(text).parse::<f64>();
            assert_eq!(back, Ok(number), "{text}");
        }
    }
}
