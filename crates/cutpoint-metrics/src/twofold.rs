//! Numbers as the sum of two doubles, some 106 bits: what products of counts need, so that ratios of them are rounded
//! once. Only what the metrics of the cells need.

use crate::compensated::{fast_two_sum, two_sum};

/// A number that is `high + low`, where `high` is what it rounds to.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Twofold {
    high: f64,
    low: f64,
}

impl Twofold {
    /// `left * right` without any rounding, unless it is nearly too small for a double.
    pub(crate) fn product(left: f64, right: f64) -> Self {
        let high = left * right;
        Self {
            high,
            low: left.mul_add(right, -high),
        }
    }

    pub(crate) fn double(value: f64) -> Self {
        Self {
            high: value,
            low: 0.0,
        }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        let (high, error) = two_sum(self.high, other.high);
        let (low, low_error) = two_sum(self.low, other.low);
        let (high, error) = fast_two_sum(high, error + low);
        let (high, low) = fast_two_sum(high, error + low_error);
        Self { high, low }
    }

    pub(crate) fn minus(self, other: Self) -> Self {
        self.plus(Self {
            high: -other.high,
            low: -other.low,
        })
    }

    pub(crate) fn times(self, other: Self) -> Self {
        let product = Self::product(self.high, other.high);
        let rest = self.high.mul_add(other.low, self.low * other.high);
        let (high, low) = fast_two_sum(product.high, product.low + rest);
        Self { high, low }
    }

    /// The square root of a number that is at least 0.
    pub(crate) fn sqrt(self) -> Self {
        let high = self.high.sqrt();
        if high <= 0.0 {
            return Self::double(0.0);
        }
        let rest = (-high).mul_add(high, self.high) + self.low;
        let (high, low) = fast_two_sum(high, rest / (2.0 * high));
        Self { high, low }
    }

    /// The ratio of two numbers, rounded once. Not finite if `divisor` is 0.
    ///
    /// Numbers that are the same fraction give the same double: the ratio is within 2^-100 of the true one before it is
    /// rounded, which is nearer than any fraction of two products of counts comes to a number halfway between two
    /// doubles.
    pub(crate) fn over(self, divisor: Self) -> f64 {
        let ratio = self.high / divisor.high;
        if !ratio.is_finite() {
            return ratio;
        }
        let rest = (-ratio).mul_add(divisor.high, self.high);
        let rest = rest + (-ratio).mul_add(divisor.low, self.low);
        ratio + rest / divisor.high
    }

    /// The number, if it is a double, and not so small that digits may have been lost below it.
    pub(crate) fn to_double(self) -> Option<f64> {
        (self.low.to_bits() << 1 == 0 && self.is_full()).then_some(self.high)
    }

    /// Whether the number is above 0.
    pub(crate) fn is_positive(self) -> bool {
        self.high > 0.0
    }

    /// Whether the number is 0, or large enough for its last digits to be doubles.
    pub(crate) fn is_full(self) -> bool {
        const LEAST: f64 = 1e-250;
        self.high.abs() >= LEAST || self.high.abs() <= 0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digits_beyond_a_double_count() {
        // (2^53 - 1)^2 = 2^106 - 2^54 + 1; less 2^106 - 2^54 it is 1.
        let number = 9_007_199_254_740_991.0;
        let square = Twofold::product(number, number);
        let rest = square.minus(Twofold::double(2.0_f64.powi(106)));
        let rest = rest.plus(Twofold::double(2.0_f64.powi(54)));
        assert_eq!(rest.over(Twofold::double(1.0)).to_bits(), 1.0_f64.to_bits());
        assert_eq!(square.sqrt(), Twofold::double(number));
        let fourth = square.times(square);
        let root = fourth.sqrt().sqrt().over(Twofold::double(1.0));
        assert_eq!(root.to_bits(), number.to_bits());
    }

    #[test]
    fn a_ratio_is_rounded_once() {
        // The products are no doubles; their ratio is one third all the same.
        let (one, three) = (9_007_199_254_740_991.0, 3.0);
        let left = Twofold::product(one, one);
        let right = Twofold::product(one, one).times(Twofold::double(three));
        assert_eq!(left.over(right).to_bits(), (1.0_f64 / 3.0).to_bits());
        assert!(left.over(Twofold::double(0.0)).is_infinite());
    }
}
