//! Numbers as text: short ones for coordinates, and those that people read on axes and in cells. Nothing is computed.

use std::fmt;

/// A coordinate: at most two decimals, no zeros after them, never `-0`.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Number(pub(crate) f64);

impl fmt::Display for Number {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = format!("{:.2}", self.0);
        let text = text.trim_end_matches('0').trim_end_matches('.');
        formatter.write_str(if text == "-0" { "0" } else { text })
    }
}

/// A count or a sum of weights: whole numbers as they are, others with six digits at most.
pub(crate) fn amount(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() < 1e15 {
        return format!("{value:.0}");
    }
    significant(value, 6)
}

/// A share of 1 with two digits after the decimal point; 0 and 1 as such.
pub(crate) fn share(value: f64) -> String {
    if value <= 0.0 || value >= 1.0 {
        return format!("{value:.0}");
    }
    // A cell that is not empty does not read 0.00, and one that is not full does not read 1.00.
    if value < 0.005 {
        return "<0.01".to_owned();
    }
    if value >= 0.995 {
        return ">0.99".to_owned();
    }
    format!("{value:.2}")
}

/// A share of 1 in per cent, with one digit after the decimal point.
pub(crate) fn percent(value: f64) -> String {
    if value <= 0.0 || value >= 1.0 {
        return format!("{:.0} %", value * 100.0);
    }
    if value < 0.0005 {
        return "<0.1 %".to_owned();
    }
    if value >= 0.9995 {
        return ">99.9 %".to_owned();
    }
    format!("{:.1} %", value * 100.0)
}

/// A number with so many digits that count, without zeros at the end.
pub(crate) fn significant(value: f64, n_digits: usize) -> String {
    if value == 0.0 {
        return "0".to_owned();
    }
    // The exponent after rounding: 9.9996 with four digits is 10.
    let text = format!("{value:.*e}", n_digits.saturating_sub(1));
    let (_, exponent) = text.split_once('e').expect("an exponent");
    let exponent = exponent.parse::<i32>().expect("a whole exponent");
    if !(-4..15).contains(&exponent) {
        return scientific(value, n_digits);
    }
    let n_decimals = usize::try_from(i32::try_from(n_digits).unwrap_or(17) - 1 - exponent);
    without_zeros(&format!("{value:.*}", n_decimals.unwrap_or(0))).to_owned()
}

/// A number in powers of ten, without zeros at the end.
pub(crate) fn scientific(value: f64, n_digits: usize) -> String {
    let text = format!("{value:.*e}", n_digits.saturating_sub(1));
    let (digits, exponent) = text.split_once('e').expect("an exponent");
    format!("{}e{exponent}", without_zeros(digits))
}

fn without_zeros(digits: &str) -> &str {
    if digits.contains('.') {
        digits.trim_end_matches('0').trim_end_matches('.')
    } else {
        digits
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn coordinates_are_short() {
        let texts = [1.0, -0.001, 0.125, 12.5, -3.999].map(|value| Number(value).to_string());
        assert_eq!(texts, ["1", "0", "0.12", "12.5", "-4"]);
    }

    #[test]
    fn amounts_keep_whole_numbers() {
        let texts = [0.0, 48.0, 1_234_567.0, 0.5, 12.345_678_9, 1e20].map(amount);
        assert_eq!(texts, ["0", "48", "1234567", "0.5", "12.3457", "1e20"]);
    }

    #[test]
    fn shares_are_0_or_1_only_where_they_are() {
        let texts = [0.0, 1e-9, 0.105_88, 0.894_12, 0.999_9, 1.0].map(share);
        assert_eq!(texts, ["0", "<0.01", "0.11", "0.89", ">0.99", "1"]);
        let texts = [0.0, 1e-9, 0.894_12, 0.999_9, 1.0].map(percent);
        assert_eq!(texts, ["0 %", "<0.1 %", "89.4 %", ">99.9 %", "100 %"]);
    }

    #[test]
    fn digits_that_count() {
        let texts = [0.5, 0.000_012_345, 123_456.0, -0.25, 1e300].map(|x| significant(x, 4));
        assert_eq!(texts, ["0.5", "1.234e-5", "123456", "-0.25", "1e300"]);
    }
}
