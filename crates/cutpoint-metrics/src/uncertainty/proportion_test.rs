//! Whether two lots of rows have the same share of something: the test by the pooled share. The interval of one share
//! is in `proportion`.

use super::proportion::whole_counts;
use crate::normal::two_sided_p;
use crate::{Cells, Error, Metric, Result};

/// How far two shares are apart, and how often chance alone puts them so far apart.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ProportionTest {
    z: f64,
    p: f64,
}

impl ProportionTest {
    /// The second share less the first, in standard deviations.
    pub fn z(&self) -> f64 {
        self.z
    }

    /// How often two lots of rows from one source differ so much or more.
    pub fn p(&self) -> f64 {
        self.p
    }
}

/// Tests whether two lots of rows come from sources with the same share of successes; `None` if a lot is empty.
///
/// # Formula
/// ```text
/// z = (k2 / n2 - k1 / n1) / sqrt(k (1 - k) (1 / n1 + 1 / n2))        k = (k1 + k2) / (n1 + n2)
/// p = P(|normal| >= |z|)
/// ```
/// `z` is 0 if all rows or none are successes. Its square is Pearson's chi-square of the 2 × 2 table, without a
/// correction for continuity; with fewer than about 5 successes or failures expected in a lot, `p` is rough.
///
/// # Errors
/// [`Error::Successes`] for more successes than trials.
///
/// # Examples
/// ```
/// use cutpoint_metrics::proportion_test;
///
/// // 0.2 of all: z = 0.2 / sqrt(0.2 · 0.8 · 2 / 50) = 0.2 / 0.08
/// let test = proportion_test([5, 15], [50, 50])?.unwrap();
/// assert!((test.z() - 2.5).abs() < 1e-15);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Pearson, 1900, *On the criterion that a given system of deviations … can be reasonably supposed to have arisen from
/// random sampling*, Philosophical Magazine 50, 157–175.
pub fn proportion_test(successes: [u64; 2], trials: [u64; 2]) -> Result<Option<ProportionTest>> {
    for (successes, trials) in successes.into_iter().zip(trials) {
        if successes > trials {
            return Err(Error::Successes { successes, trials });
        }
    }
    let [k1, k2] = successes.map(|count| count as f64);
    let [n1, n2] = trials.map(|count| count as f64);
    if trials.contains(&0) {
        return Ok(None);
    }
    let pooled = (k1 + k2) / (n1 + n2);
    let rest = ((n1 - k1) + (n2 - k2)) / (n1 + n2);
    let deviation = (pooled * rest * (1.0 / n1 + 1.0 / n2)).sqrt();
    let z = if deviation > 0.0 {
        (k2 / n2 - k1 / n1) / deviation
    } else {
        0.0
    };
    let p = two_sided_p(z);
    Ok(Some(ProportionTest { z, p }))
}

/// The test of a metric of two matrices; `None` if the metric is no proportion of rows (see
/// [`metric_interval`](crate::metric_interval)), or undefined in one.
///
/// # Errors
/// [`Error::WeightedRows`] for cells that are not whole numbers: weights do not tell how many rows they stand for.
pub fn metric_test(
    metric: &Metric,
    first: &Cells,
    second: &Cells,
) -> Result<Option<ProportionTest>> {
    let [first, second] = [first, second].map(|cells| whole_counts(cells, "a test of proportions"));
    let (first, second) = (first?, second?);
    let Some(share) = metric.share() else {
        return Ok(None);
    };
    let ((k1, others1), (k2, others2)) = (share.of_counts(first), share.of_counts(second));
    proportion_test([k1, k2], [k1 + others1, k2 + others2])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Of values of order 1 that take a dozen roundings.
    const TOLERANCE: f64 = 1e-14;

    #[test]
    fn a_test_worked_by_hand() {
        // 15 of 100 and 5 of 100: Pearson's chi-square of [[15, 85], [5, 95]] is
        // 200 (15 · 95 - 85 · 5)² / (100 · 100 · 20 · 180) = 50 / 9.
        let test = proportion_test([15, 5], [100, 100]).unwrap().unwrap();
        assert!((test.z() + (50.0_f64 / 9.0).sqrt()).abs() < TOLERANCE);
        // erfc(sqrt(25 / 9)), by Python's math.erfc.
        assert!(
            (test.p() - 0.018_422_125_454_099_01).abs() < TOLERANCE,
            "{}",
            test.p()
        );
        // 30 of 120 and 8 of 64: 184 (30 · 56 - 90 · 8)² / (120 · 64 · 38 · 146).
        let test = proportion_test([30, 8], [120, 64]).unwrap().unwrap();
        let chi_square = 184.0 * 960.0 * 960.0 / (120.0 * 64.0 * 38.0 * 146.0);
        assert!((test.z() * test.z() - chi_square).abs() < TOLERANCE);
        assert!(test.z() < 0.0);
    }

    #[test]
    fn shares_that_cannot_differ() {
        for successes in [[0, 0], [7, 9]] {
            let test = proportion_test(successes, [7, 9]).unwrap().unwrap();
            assert_eq!(
                (test.z().to_string(), test.p().to_string()),
                ("0".to_owned(), "1".to_owned())
            );
        }
        assert_eq!(proportion_test([0, 1], [0, 3]).unwrap(), None);
        let error = proportion_test([1, 4], [2, 3]).unwrap_err();
        assert_eq!(
            error,
            Error::Successes {
                successes: 4,
                trials: 3
            }
        );
    }

    #[test]
    fn the_test_of_a_metric_is_that_of_its_share() {
        let (first, second) = (
            Cells::from_counts(50, 5, 11, 103),
            Cells::from_counts(40, 9, 13, 70),
        );
        let of = |name: &str| metric_test(&name.parse().unwrap(), &first, &second).unwrap();
        assert_eq!(of("recall"), proportion_test([50, 40], [61, 53]).unwrap());
        assert_eq!(of("fpr"), proportion_test([5, 9], [108, 79]).unwrap());
        assert_eq!(
            of("alert_rate"),
            proportion_test([55, 49], [169, 132]).unwrap()
        );
        assert_eq!(of("f1"), None);
        let weighted = Cells::from_weights(0.5, 1.0, 1.0, 1.0).unwrap();
        assert!(metric_test(&"recall".parse().unwrap(), &first, &weighted).is_err());
    }
}
