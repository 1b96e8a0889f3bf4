//! Floats of 32 and 16 bits as doubles: each is the double that its shortest decimal names.
//!
//! A column that holds 0.7 as 32 bits is written `0.7` to a text file by every program, and means 0.7; with its bits
//! widened it would be 0.699999988079071, a column of other numbers in another format.

/// From this number on, not every whole number is a float of 32 bits.
pub(crate) const F32_FIRST_GAP: f64 = (1_u64 << f32::MANTISSA_DIGITS) as f64;

/// From this number on, not every whole number is a float of 16 bits, which have 11 binary digits.
pub(crate) const F16_FIRST_GAP: f64 = (1_u64 << 11) as f64;

/// Decimals after the point that suffice for 32-bit floats of an exponent, while all fits into 64 bits.
const MAX_DECIMALS: usize = 16;

/// Powers of ten that are doubles; a decimal of at most nine digits divided by one of them is rounded once.
const POWERS: [f64; MAX_DECIMALS + 1] = [
    1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16,
];

const POWERS_OF_5: [u64; MAX_DECIMALS + 1] = {
    let mut powers = [1; MAX_DECIMALS + 1];
    let mut power = 1;
    while power <= MAX_DECIMALS {
        powers[power] = 5 * powers[power - 1];
        power += 1;
    }
    powers
};

/// Units in the last place that are looked up: from 1, of floats of 32 bits below 2^24, to 2^-53, of those above 2^-30.
const EXPONENTS: usize = 54;

/// For the power of two of a unit in the last place, 2^-n, the fewest decimals after the point whose unit is no
/// larger.
const DECIMALS: [u8; EXPONENTS] = {
    let mut decimals = [0; EXPONENTS];
    let mut n = 1;
    while n < EXPONENTS {
        let mut count = decimals[n - 1];
        // 10^count >= 2^n
        while 10_u128.pow(count as u32) < 1_u128 << n {
            count += 1;
        }
        decimals[n] = count;
        n += 1;
    }
    decimals
};

/// The double that the shortest decimal of a 32-bit float names: the shortest that reads back as the same float, and of
/// those the closest to it, as NumPy, pandas and polars write it. It is strictly monotone.
///
/// # References
/// Giulietti, 2021, *The Schubfach way to render doubles*, section 9, for the shortest decimals of an interval.
pub(crate) fn of_f32(value: f32) -> f64 {
    const FRACTION_BITS: u32 = f32::MANTISSA_DIGITS - 1;
    const BIAS: u32 = 127 + FRACTION_BITS;
    let bits = value.to_bits();
    let exponent = (bits >> FRACTION_BITS) & 0xff;
    let fraction = bits & ((1 << FRACTION_BITS) - 1);
    let n = BIAS.wrapping_sub(exponent) as usize;
    if n >= EXPONENTS {
        return far_off(value);
    }
    let significand = u64::from(fraction | 1 << FRACTION_BITS);
    let number = if fraction == 0 {
        shortest(significand, n, true)
    } else {
        shortest_within(significand, n)
    };
    number.copysign(f64::from(value))
}

/// The same as [`shortest`] for floats that are no power of two: their intervals are the same to both sides, so that
/// the closest whole number is always in them. Without branches that depend on the digits, which no processor can
/// foresee.
#[inline]
fn shortest_within(significand: u64, n: usize) -> f64 {
    let decimals = usize::from(DECIMALS[n]);
    let scale = POWERS_OF_5[decimals];
    let shift = n - decimals + 2;
    let middle = 4 * significand * scale;
    let reach = 2 * scale - (significand & 1);
    let whole = middle >> shift;
    let tens = 10 * (whole / 10);
    let is_lower = middle - (tens << shift) <= reach;
    let is_upper = ((tens + 10) << shift) - middle <= reach;
    let part = middle - (whole << shift);
    let half = 1 << (shift - 1);
    let goes_up = part > half - (whole & 1);
    let one = whole + u64::from(goes_up);
    let ten = tens + if is_upper { 10 } else { 0 };
    let digits = if is_lower | is_upper { ten } else { one };
    // Signed numbers convert faster.
    digits.cast_signed() as f64 / POWERS[decimals]
}

/// Any float, by its text.
#[cold]
fn far_off(value: f32) -> f64 {
    if value == 0.0 || !value.is_finite() {
        return f64::from(value);
    }
    let mut buffer = zmij::Buffer::new();
    let text = buffer.format_finite(value);
    text.parse().expect("the text of a number is one")
}

/// The double that the shortest decimal of a 16-bit float names, from its bits; see [`of_f32`].
pub(crate) fn of_f16(bits: u16) -> f64 {
    const FRACTION_BITS: u32 = 10;
    let exponent = usize::from(bits >> FRACTION_BITS & 0x1f);
    let fraction = u64::from(bits & ((1 << FRACTION_BITS) - 1));
    let is_negative = bits >> 15 == 1;
    let number = match (exponent, fraction) {
        (0, 0) => 0.0,
        (0x1f, 0) => f64::INFINITY,
        (0x1f, _) => f64::NAN,
        (0, _) => shortest(fraction, 24, false),
        // Whole numbers, in quarters.
        (26.., _) => {
            let unit = 1 << (exponent - 25);
            let middle = 4 * unit * (fraction | 1 << FRACTION_BITS);
            let interval = Interval {
                below: middle - if fraction == 0 { unit } else { 2 * unit },
                middle,
                above: middle + 2 * unit,
                shift: 2,
                is_closed: fraction.is_multiple_of(2),
            };
            // As many as 32 numbers are one.
            let hundreds = nearest::<100>(interval);
            hundreds.unwrap_or_else(|| shortest_in(interval)) as f64
        }
        _ => shortest(
            fraction | 1 << FRACTION_BITS,
            25 - exponent,
            fraction == 0 && exponent > 1,
        ),
    };
    if is_negative { -number } else { number }
}

/// The double that the shortest decimal of `significand / 2^n` names. At a power of two the next lower float is half as
/// far as the next higher one.
#[inline]
fn shortest(significand: u64, n: usize, is_power: bool) -> f64 {
    let decimals = usize::from(DECIMALS[n]);
    // In units of 10^-decimals · 2^-shift, all is whole.
    let scale = POWERS_OF_5[decimals];
    let interval = Interval {
        below: (4 * significand - if is_power { 1 } else { 2 }) * scale,
        middle: 4 * significand * scale,
        above: (4 * significand + 2) * scale,
        shift: n - decimals + 2,
        is_closed: significand.is_multiple_of(2),
    };
    shortest_in(interval) as f64 / POWERS[decimals]
}

/// What rounds to a float: numbers in units of 2^-shift.
#[derive(Clone, Copy)]
struct Interval {
    below: u64,
    middle: u64,
    above: u64,
    shift: usize,
    /// Whether the ends round to the float, too.
    is_closed: bool,
}

/// The whole number with most zeros at its end, and of those the closest to the middle, of an interval that is less
/// than ten wide or holds none that ends in two zeros.
#[inline]
fn shortest_in(interval: Interval) -> u64 {
    nearest::<10>(interval)
        .or_else(|| nearest::<1>(interval))
        .expect("an interval is one wide, or a power of two, all of which are tried below")
}

/// The multiple of a step in the interval that is closest to the middle; if two are, the even one.
#[inline]
fn nearest<const STEP: u64>(interval: Interval) -> Option<u64> {
    let Interval {
        below,
        middle,
        above,
        shift,
        is_closed,
    } = interval;
    let lower = (middle >> shift) / STEP * STEP;
    let upper = lower + STEP;
    let (scaled_lower, scaled_upper) = (lower << shift, upper << shift);
    let is_lower = scaled_lower > below || is_closed && scaled_lower == below;
    let is_upper = scaled_upper < above || is_closed && scaled_upper == above;
    let (down, up) = (middle - scaled_lower, scaled_upper.wrapping_sub(middle));
    match (is_lower, is_upper) {
        (true, true) => {
            let is_even = (lower / STEP).is_multiple_of(2);
            Some(if down < up || down == up && is_even {
                lower
            } else {
                upper
            })
        }
        (true, false) => Some(lower),
        (false, true) => Some(upper),
        (false, false) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The number that the text of a float names, as zmij writes it. (The standard library rounds up where two decimals
    /// are equally close, as in 2^-12; NumPy, polars and zmij choose the even one.)
    fn by_text(value: f32) -> f64 {
        zmij::Buffer::new().format(value).parse().unwrap()
    }

    #[track_caller]
    fn check(bits: u32) {
        let value = f32::from_bits(bits);
        if value.is_nan() {
            assert!(of_f32(value).is_nan());
        } else {
            assert_eq!(
                of_f32(value).to_bits(),
                by_text(value).to_bits(),
                "{value:e}"
            );
        }
    }

    #[test]
    fn floats_are_what_their_shortest_decimals_name() {
        assert_eq!(of_f32(0.7).to_bits(), 0.7_f64.to_bits());
        // Every power of two and its neighbours, and every 4093rd float: 4093 is a prime.
        for exponent in 0..=255_u32 {
            for fraction in [0, 1, 2, 3, (1 << 23) - 2, (1 << 23) - 1] {
                check(exponent << 23 | fraction);
                check(1 << 31 | exponent << 23 | fraction);
            }
        }
        (0..=u32::MAX).step_by(4093).for_each(check);
        // Tenths of thousandths, and what stands in a column of probabilities.
        for number in 0..=10_000_u16 {
            let (value, double) = (f32::from(number) / 1e4, f64::from(number) / 1e4);
            assert_eq!(of_f32(value).to_bits(), double.to_bits(), "{double}");
        }
        // Two decimals are equally close: the CSV of pandas 3.1 and polars 2.1 has the even one.
        for (value, expected) in [
            ((1 << 22 | 1) as f32 / 4.0, 1_048_576.2_f64),
            ((1 << 22 | 3) as f32 / 4.0, 1_048_576.8),
            (1.0 / 4096.0, 0.000_244_140_62),
        ] {
            assert_eq!(of_f32(value).to_bits(), expected.to_bits(), "{value}");
        }
    }

    #[test]
    fn floats_stay_distinct_and_in_order() {
        let mut before = f64::NEG_INFINITY;
        for bits in (0x3f00_0000_u32..0x3f80_0000).step_by(7) {
            let next = of_f32(f32::from_bits(bits));
            #[expect(
                clippy::cast_possible_truncation,
                reason = "reading back as 32 bits is what is tried"
            )]
            let back = next as f32;
            assert!(next > before, "{next}");
            assert_eq!(back.to_bits(), bits);
            before = next;
        }
    }

    /// The value of 16 bits, by the formula of IEEE 754.
    fn f16(bits: u16) -> f64 {
        let (exponent, fraction) = (i32::from(bits >> 10 & 0x1f), f64::from(bits & 0x3ff));
        let number = match exponent {
            0 => fraction * 2_f64.powi(-24),
            _ => (1024.0 + fraction) * 2_f64.powi(exponent - 25),
        };
        if bits >> 15 == 1 { -number } else { number }
    }

    #[test]
    fn every_16_bit_float_is_the_shortest_decimal_between_its_neighbours() {
        for bits in 0..0x7c00_u16 {
            let number = of_f16(bits);
            assert_eq!(of_f16(bits | 0x8000).to_bits(), (-number).to_bits());
            let value = f16(bits);
            if bits == 0 {
                assert_eq!(number.to_bits(), 0);
                continue;
            }
            let below = f64::midpoint(f16(bits - 1), value);
            // Behind the last one, infinity begins where the next one would be.
            let above = f64::midpoint(value, f16(bits + 1));
            let is_even = bits.is_multiple_of(2);
            let reads_back = |number: f64| {
                let is_end = [below, above].map(f64::to_bits).contains(&number.to_bits());
                below < number && number < above || is_even && is_end
            };
            assert!(reads_back(number), "{value} as {number}");
            let n_digits = |number: f64| {
                let text = format!("{number:e}");
                let digits = text.split('e').next().unwrap().replace('.', "");
                digits.len()
            };
            // No decimal of fewer digits reads back, and none of as many is closer.
            let n = n_digits(number);
            let unit = |n: usize| {
                let exponent = format!("{value:e}");
                let exponent = exponent.split('e').nth(1).unwrap().parse::<i32>().unwrap();
                exponent + 1 - i32::try_from(n).unwrap()
            };
            for digits in 1..=n {
                let unit = unit(digits);
                let step = |steps: f64| format!("{steps}e{unit}").parse::<f64>().unwrap();
                let steps = (value / step(1.0)).floor();
                for candidate in [step(steps), step(steps + 1.0)] {
                    if digits < n && n_digits(candidate) <= digits {
                        assert!(!reads_back(candidate), "{candidate} for {value}");
                    } else if digits == n && reads_back(candidate) {
                        let distance = (candidate - value).abs();
                        assert!(distance >= (number - value).abs(), "{value}");
                    }
                }
            }
        }
        // NumPy 2.4: `str(np.float16(x))`.
        for (bits, expected) in [
            (0x3800, 0.5),
            (0x3999, 0.6997),
            (0x399a, 0.7),
            (0x2e66, 0.1),
            (0x7bff, 65_500.0),
            (0x0001, 6e-8),
            (0x0400, 6.104e-5),
        ] {
            assert_eq!(of_f16(bits).to_bits(), f64::to_bits(expected), "{expected}");
        }
        assert!(of_f16(0x7c00).is_infinite() && of_f16(0x7c01).is_nan());
        assert_eq!(of_f16(0x8000).to_bits(), (-0.0_f64).to_bits());
    }
}
