//! Decimal numbers as whole multiples of a common unit, so that sums of them are not rounded: three errors at 0.1 cost
//! what one at 0.3 does, which the doubles nearest to 0.1 and 0.3 do not say.

/// Whole numbers, and the power of ten that is one unit of them: the numbers are `units / per_unit`.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) struct Decimals<const N: usize> {
    pub(crate) units: [f64; N],
    pub(crate) per_unit: f64,
}

impl<const N: usize> Decimals<N> {
    /// The decimals that the numbers print as. Where these are too long to have a common unit, the numbers are
    /// themselves the units.
    pub(crate) fn of(numbers: [f64; N]) -> Self {
        Self::whole(numbers).unwrap_or(Self {
            units: numbers,
            per_unit: 1.0,
        })
    }

    fn whole(numbers: [f64; N]) -> Option<Self> {
        /// Ten to this power is a double.
        const MOST_PLACES: i32 = 22;
        /// Whole numbers up to here are doubles.
        const LARGEST: f64 = 9_007_199_254_740_992.0;
        let mut places = 0;
        for number in numbers {
            let text = format!("{number:e}");
            let (digits, exponent) = text.split_once('e')?;
            let n_behind = digits.split_once('.').map_or(0, |(_, behind)| behind.len());
            let exponent = exponent.parse::<i32>().ok()?;
            places = places.max(i32::try_from(n_behind).ok()? - exponent);
        }
        if places > MOST_PLACES {
            return None;
        }
        let mut units = numbers;
        for unit in &mut units {
            *unit = format!("{unit:e}")
                .split_once('e')
                .and_then(|(digits, exponent)| {
                    let exponent = exponent.parse::<i32>().ok()? + places;
                    format!("{digits}e{exponent}").parse::<f64>().ok()
                })?;
            if unit.abs() > LARGEST {
                return None;
            }
        }
        let per_unit = format!("1e{places}").parse().ok()?;
        Some(Self { units, per_unit })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check<const N: usize>(numbers: [f64; N], units: [f64; N], per_unit: f64) {
        assert_eq!(Decimals::of(numbers), Decimals { units, per_unit });
    }

    #[test]
    fn decimals_have_a_common_unit() {
        check([1.0, 10.0], [1.0, 10.0], 1.0);
        check([0.1, 0.25, -3.0, 0.0], [10.0, 25.0, -300.0, 0.0], 100.0);
        check([1e-3, 200.0], [1.0, 200_000.0], 1000.0);
        check([1e15], [1e15], 1.0);
    }

    #[test]
    fn numbers_without_a_short_unit_stay_as_they_are() {
        check([1e-30, 1.0], [1e-30, 1.0], 1.0);
        check([0.1 + 0.2, 5.0], [0.1 + 0.2, 5.0], 1.0);
        check([1e100, 0.5], [1e100, 0.5], 1.0);
    }
}
