//! Several tests at once: p-values that say so. Which tests belong together is the caller's.

/// P-values adjusted after Holm for being looked at together: the chance that any test of equal models comes out below
/// a level is at most that level, whatever the tests have to do with each other. `None`, a test that is undefined,
/// stays so and is not counted.
///
/// # Formula
/// ```text
/// of m p-values in ascending order, the i-th (from 1):  max over j <= i of (m - j + 1) p_j, at most 1
/// ```
///
/// # Examples
/// ```
/// use cutpoint_metrics::holm;
///
/// // In order 1/64 · 3, 1/32 · 2 and 1/4 · 1.
/// let adjusted = holm(&[Some(1.0 / 32.0), None, Some(1.0 / 4.0), Some(1.0 / 64.0)]);
/// assert_eq!(adjusted, [Some(1.0 / 16.0), None, Some(1.0 / 4.0), Some(3.0 / 64.0)]);
/// ```
///
/// # References
/// Holm, 1979, *A simple sequentially rejective multiple test procedure*, Scandinavian Journal of Statistics 6, 65–70.
pub fn holm(p: &[Option<f64>]) -> Vec<Option<f64>> {
    let defined = p.iter().enumerate();
    let mut defined = defined
        .filter_map(|(index, p)| Some((index, (*p)?)))
        .collect::<Vec<_>>();
    defined.sort_by(|(_, left), (_, right)| left.total_cmp(right));
    let mut adjusted = vec![None; p.len()];
    let mut highest = 0.0_f64;
    for (rank, &(index, p)) in defined.iter().enumerate() {
        let n_left = (defined.len() - rank) as f64;
        highest = highest.max(n_left * p).min(1.0);
        adjusted[index] = Some(highest);
    }
    adjusted
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Rounding of one product.
    const TOLERANCE: f64 = 1e-15;

    #[track_caller]
    fn check(p: &[f64], expected: &[f64]) {
        let adjusted = holm(&p.iter().copied().map(Some).collect::<Vec<_>>());
        assert_eq!(adjusted.len(), expected.len());
        for (got, expected) in adjusted.iter().zip(expected) {
            let got = got.expect("defined");
            assert!((got - expected).abs() < TOLERANCE, "{adjusted:?}");
        }
    }

    #[test]
    fn worked_by_hand() {
        // In order 4 · 0.005, 3 · 0.01, 2 · 0.03, and 0.04 raised to the one before it.
        check(&[0.01, 0.04, 0.03, 0.005], &[0.03, 0.06, 0.06, 0.02]);
        // 2 · 0.6 is above 1, and so is what comes after it.
        check(&[0.7, 0.6], &[1.0, 1.0]);
        check(&[0.2, 0.2, 0.2], &[0.6, 0.6, 0.6]);
        check(&[0.03], &[0.03]);
        check(&[], &[]);
    }
}
