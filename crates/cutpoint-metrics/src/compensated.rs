//! Sums and products of doubles that keep the digits a plain sum would lose. Not a general numeric library: only what
//! counting with weights and the metrics of the cells need.

use serde::{Deserialize, Serialize};

/// A running sum that carries what rounding cut off, as if it had twice the digits.
///
/// # References
/// Knuth, 1997, *The Art of Computer Programming*, vol. 2, 3rd ed., section 4.2.2, theorem B (the error of a sum).
/// Dekker, 1971, *A floating-point technique for extending the available precision*, Numerische Mathematik 18, 224–242.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
pub struct CompensatedSum {
    high: f64,
    low: f64,
}

impl CompensatedSum {
    /// A sum whose value is `high + low`.
    pub(crate) fn from_parts(high: f64, low: f64) -> Self {
        Self { high, low }
    }

    /// What [`Self::from_parts`] takes.
    pub(crate) fn parts(self) -> [f64; 2] {
        [self.high, self.low]
    }

    /// Adds a number.
    pub fn add(&mut self, value: f64) {
        let (high, error) = two_sum(self.high, value);
        // What was cut off is folded back in at every step: left to grow, it would lose digits of its own.
        (self.high, self.low) = fast_two_sum(high, self.low + error);
    }

    /// Adds a number, faster than [`Self::add`], since what was cut off is not folded back in: of a sum of up to 10^8
    /// numbers of one sign, no more is lost than a double rounds off.
    ///
    /// # References
    /// Ogita, Rump and Oishi, 2005, *Accurate sum and dot product*, SIAM Journal on Scientific Computing 26, 1955–1988,
    /// algorithm 4.4.
    pub(crate) fn add_fast(&mut self, value: f64) {
        let (high, error) = two_sum(self.high, value);
        (self.high, self.low) = (high, self.low + error);
    }

    /// Adds `left * right` without rounding the product first.
    pub(crate) fn add_product(&mut self, left: f64, right: f64) {
        let product = left * right;
        self.add(product);
        self.add(left.mul_add(right, -product));
    }

    /// The sum of two sums.
    #[must_use]
    pub fn plus(self, other: Self) -> Self {
        let (high, error) = two_sum(self.high, other.high);
        let (high, low) = fast_two_sum(high, error + (self.low + other.low));
        Self { high, low }
    }

    /// What is left of a sum of positive numbers without some of them.
    #[must_use]
    pub fn without(self, part: Self) -> Self {
        let rest = self.plus(Self::from_parts(-part.high, -part.low));
        // Numbers below 1e-32 of the sum lie beyond its digits, where the difference may come out below 0.
        if rest.high > 0.0 {
            rest
        } else {
            Self::default()
        }
    }

    /// The difference of two sums, rounded once.
    pub fn minus(self, other: Self) -> f64 {
        let (high, error) = two_sum(self.high, -other.high);
        high + (error + (self.low - other.low))
    }

    /// The sum, rounded once.
    pub fn value(self) -> f64 {
        self.high + self.low
    }
}

impl std::iter::Sum for CompensatedSum {
    fn sum<I: Iterator<Item = Self>>(sums: I) -> Self {
        sums.fold(Self::default(), Self::plus)
    }
}

impl FromIterator<f64> for CompensatedSum {
    fn from_iter<I: IntoIterator<Item = f64>>(values: I) -> Self {
        let mut sum = Self::default();
        for value in values {
            sum.add(value);
        }
        sum
    }
}

/// `a * b - c * d` within 1.5 units in the last place, where the plain expression may lose every digit.
///
/// For arguments of at least 0 the result lies within `[-fl(c * d), fl(a * b)]`, `fl` being one rounding.
///
/// # References
/// Jeannerod, Louvet and Muller, 2013, *Further analysis of Kahan's algorithm for the accurate computation of 2×2
/// determinants*, Mathematics of Computation 82, 2245–2264.
pub(crate) fn difference_of_products(a: f64, b: f64, c: f64, d: f64) -> f64 {
    let product = c * d;
    let error = (-c).mul_add(d, product);
    let difference = a.mul_add(b, -product);
    difference + error
}

/// The power of two that brings a positive number into `[1, 2)` (near the ends of the range: as close as a double can).
///
/// Multiplying by it is exact, so that products of the scaled numbers neither overflow nor vanish.
pub(crate) fn power_of_two_scale(value: f64) -> f64 {
    const BIAS: i64 = 1023;
    const FRACTION_BITS: u32 = 52;
    let exponent_bits = i64::try_from((value.to_bits() >> FRACTION_BITS) & 0x7ff).expect("11 bits");
    let scale_bits = (2 * BIAS - exponent_bits).clamp(1, 2 * BIAS);
    f64::from_bits(u64::try_from(scale_bits).expect("clamped to be positive") << FRACTION_BITS)
}

/// The rounded sum and its rounding error: together they are exact.
pub(crate) fn two_sum(left: f64, right: f64) -> (f64, f64) {
    let sum = left + right;
    let right_part = sum - left;
    let left_part = sum - right_part;
    (sum, (left - left_part) + (right - right_part))
}

/// As [`two_sum`], for a `left` that is the larger in size.
pub(crate) fn fast_two_sum(left: f64, right: f64) -> (f64, f64) {
    let sum = left + right;
    (sum, right - (sum - left))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sum_keeps_what_doubles_drop() {
        // 1e16 + 1 is 1e16 in doubles; ten of the ones are lost by a plain sum.
        let mut values = vec![1e16];
        values.extend([1.0; 10]);
        values.push(-1e16);
        let sum = values.iter().copied().collect::<CompensatedSum>();
        assert_eq!(sum.value().to_bits(), 10.0_f64.to_bits());
        assert_eq!(values.iter().sum::<f64>().to_bits(), 0.0_f64.to_bits());
    }

    #[test]
    fn a_difference_of_products_is_exact_where_doubles_cancel() {
        // (2^27 + 1)^2 - 2^27 (2^27 + 2) = 1, while both products round to the same double.
        let base = f64::from(1 << 27);
        let got = difference_of_products(base + 1.0, base + 1.0, base, base + 2.0);
        assert_eq!(got.to_bits(), 1.0_f64.to_bits());
    }

    #[test]
    fn scaling_brings_numbers_near_one() {
        for value in [1.0, 150.0, 1e-300, 8e307, f64::MIN_POSITIVE] {
            let scaled = value * power_of_two_scale(value);
            assert!((1.0..2.0).contains(&scaled), "{value} became {scaled}");
        }
        assert!(power_of_two_scale(f64::from_bits(1)).is_finite());
    }
}
