//! Numbers as Python prints and NumPy adds them, where a report has to be the same to the character. Everything else in
//! this crate sums with compensation.

/// A float as Python's `str` gives it: the fewest digits that identify it, with at least one after the point; in
/// scientific notation below 1e-4 and from 1e16 on.
pub(crate) fn python_float(number: f64) -> String {
    let text = format!("{number:e}");
    let Some((mantissa, exponent)) = text
        .split_once('e')
        .and_then(|(mantissa, exponent)| Some((mantissa, exponent.parse::<i32>().ok()?)))
    else {
        return text;
    };
    if (-4..16).contains(&exponent) {
        format!("{number:?}")
    } else {
        let sign = if exponent < 0 { '-' } else { '+' };
        format!("{mantissa}e{sign}{:02}", exponent.unsigned_abs())
    }
}

/// The sum of doubles in the order in which NumPy adds them.
///
/// # References
/// NumPy 2.4.6, `numpy/_core/src/umath/loops_utils.h.src`, `pairwise_sum`: eight running sums per block of at most 128
/// numbers, longer arrays in halves.
pub(crate) fn numpy_sum(values: &[f64]) -> f64 {
    const N_LANES: usize = 8;
    const BLOCK: usize = 128;
    if values.len() < N_LANES {
        return values.iter().sum();
    }
    if values.len() > BLOCK {
        let half = values.len() / 2;
        let (left, right) = values.split_at(half - half % N_LANES);
        return numpy_sum(left) + numpy_sum(right);
    }
    let mut lanes = [0.0; N_LANES];
    let (blocks, rest) = values.as_chunks::<N_LANES>();
    for block in blocks {
        for (lane, value) in lanes.iter_mut().zip(block) {
            *lane += value;
        }
    }
    let [a, b, c, d, e, f, g, h] = lanes;
    let sum = ((a + b) + (c + d)) + ((e + f) + (g + h));
    rest.iter().fold(sum, |sum, value| sum + value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(number: f64, python: &str) {
        assert_eq!(python_float(number), python);
    }

    #[test]
    fn floats_print_as_python_prints_them() {
        // From Python 3.11's `str`.
        check(31.613_999_999_999_997, "31.613999999999997");
        check(3.0, "3.0");
        check(0.0, "0.0");
        check(0.0001, "0.0001");
        check(0.000_01, "1e-05");
        check(1.25e-7, "1.25e-07");
        check(1e15, "1000000000000000.0");
        check(1e16, "1e+16");
        check(1.000_000_000_000_000_4e16, "1.0000000000000004e+16");
        check(1e100, "1e+100");
    }

    #[test]
    fn sums_have_the_last_digit_of_numpy() {
        // `np.sum(np.full(n, 0.1))` of NumPy 2.4.6; a plain loop gives 0.9999999999999999 for ten of them.
        let expected = [
            (1, 0.1),
            (7, 0.7),
            (8, 0.8),
            (10, 1.0),
            (15, 1.500_000_000_000_000_4),
            (16, 1.6),
            (100, 9.999_999_999_999_998),
            (128, 12.800_000_000_000_002),
            (129, 12.899_999_999_999_999),
            (300, 29.999_999_999_999_996),
            (1000, 100.000_000_000_000_01),
            (5000, 499.999_999_999_999_94),
        ];
        for (n, sum) in expected {
            let got = numpy_sum(&vec![0.1; n]);
            assert_eq!(got.to_bits(), f64::to_bits(sum), "{n} times 0.1: {got}");
        }
    }
}
