//! Wilson's interval of a proportion. Whether to believe the proportion is not judged here.

/// The proportions that `positives` out of `count` do not rule out, within `[0, 1]`; `z` is the normal quantile of the
/// confidence, `count` above 0.
///
/// # References
/// Wilson, 1927, *Probable inference, the law of succession, and statistical inference*, Journal of the American
/// Statistical Association 22, 209–212.
pub(crate) fn interval(positives: f64, count: f64, z: f64) -> (f64, f64) {
    let share = positives / count;
    let rest = (count - positives) / count;
    // Divided by the count throughout, so that no square of a large one is formed.
    let centre = share + z * z / 2.0 / count;
    let half = z * ((share * rest + z * z / 4.0 / count) / count).sqrt();
    let whole = 1.0 + z * z / count;
    // At the ends of the range the formula gives 0 or 1 but for rounding.
    let low = if positives > 0.0 {
        (centre - half) / whole
    } else {
        0.0
    };
    let high = if positives < count {
        (centre + half) / whole
    } else {
        1.0
    };
    (low.max(0.0), high.min(1.0))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_interval_worked_by_hand() {
        // 3 of 4, z = 2: (3 + 2 ± 2 sqrt(3 · 1 / 4 + 1)) / (4 + 4)
        let (low, high) = interval(3.0, 4.0, 2.0);
        let half = 2.0 * 1.75_f64.sqrt();
        assert!((low - (5.0 - half) / 8.0).abs() < 1e-15, "{low}");
        assert!((high - (5.0 + half) / 8.0).abs() < 1e-15, "{high}");
        // 0 of 4, z = 2: (0 + 2 + 2 sqrt(0 + 1)) / 8
        let bits = |(low, high): (f64, f64)| (low.to_bits(), high.to_bits());
        assert_eq!(bits(interval(0.0, 4.0, 2.0)), bits((0.0, 0.5)));
        assert_eq!(bits(interval(4.0, 4.0, 2.0)), bits((0.5, 1.0)));
    }
}
