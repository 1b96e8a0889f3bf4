//! Threshold probabilities in equal steps, which are exact as decimals only.

use std::str::FromStr;

use crate::{Error, Result};

/// Most thresholds of a grid.
const MOST_THRESHOLDS: i64 = 1_000_000;

/// A probability in `[0, 1)` as it was typed: `digits / 10^places`.
///
/// Multiples of 0.01 are exact as such, and as doubles they are not: 7 times 0.01 is more than 0.07, and a score of
/// 0.07 would not reach it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DecimalProbability {
    digits: i64,
    places: u32,
}

impl FromStr for DecimalProbability {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self> {
        let refused = || Error::DecimalProbability {
            most_places: Self::MOST_PLACES,
            got: text.to_owned(),
        };
        let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
        let is_plain = [whole, fraction]
            .iter()
            .all(|digits| digits.bytes().all(|byte| byte.is_ascii_digit()));
        let places = u32::try_from(fraction.len()).unwrap_or(u32::MAX);
        let is_zero = whole.bytes().all(|digit| digit == b'0');
        if !is_plain || !is_zero || whole.len() + fraction.len() == 0 || places > Self::MOST_PLACES
        {
            return Err(refused());
        }
        let digits = format!("0{fraction}").parse().map_err(|_| refused())?;
        Ok(Self { digits, places })
    }
}

impl DecimalProbability {
    /// Digits after the point that it may have, so that a double holds the digits and the power of ten.
    pub const MOST_PLACES: u32 = 12;

    /// The digits with so many places after the point, no fewer than it has.
    fn scaled(self, places: u32) -> i64 {
        self.digits * 10_i64.pow(places - self.places)
    }
}

/// Threshold probabilities from one to another, in equal steps, each the double that its decimal is read as.
///
/// # Errors
/// - [`Error::GridStep`] for a step of 0.
/// - [`Error::GridEnds`] if `to` lies below `from`.
/// - [`Error::GridSize`] for more than 1 000 000 of them.
///
/// # Examples
/// ```
/// use cutpoint_metrics::probability_grid;
///
/// let grid = probability_grid("0.05".parse()?, "0.2".parse()?, "0.05".parse()?)?;
/// assert_eq!(grid, [0.05, 0.1, 0.15, 0.2]);
/// // 3 times 0.05 is another double.
/// assert_ne!(3.0 * 0.05, 0.15);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn probability_grid(
    from: DecimalProbability,
    to: DecimalProbability,
    step: DecimalProbability,
) -> Result<Vec<f64>> {
    let numbers = [from, to, step];
    let places = from.places.max(to.places).max(step.places);
    let [from, to, step] = numbers.map(|number| number.scaled(places));
    if step == 0 {
        return Err(Error::GridStep);
    }
    if to < from {
        return Err(Error::GridEnds);
    }
    let last = (to - from) / step;
    if last >= MOST_THRESHOLDS {
        return Err(Error::GridSize {
            most: MOST_THRESHOLDS,
            got: last + 1,
        });
    }
    // A quotient of two whole numbers is rounded once, to the double that the decimal is read as.
    let unit = 10_i64.pow(places) as f64;
    Ok((0..=last)
        .map(|index| (from + index * step) as f64 / unit)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_as_typed() {
        let read = |text: &str| {
            let number = text.parse::<DecimalProbability>().unwrap();
            (number.digits, number.places)
        };
        assert_eq!(read("0.07"), (7, 2));
        assert_eq!(read(".070"), (70, 3));
        assert_eq!(read("0"), (0, 0));
        assert_eq!(read("0."), (0, 0));
        for text in [
            "",
            ".",
            "1",
            "1.0",
            "-0.1",
            "0.1e-3",
            "nan",
            "0.0000000000001",
            "0,1",
            "+0.1",
        ] {
            assert!(text.parse::<DecimalProbability>().is_err(), "{text}");
        }
    }
}
