//! Two models on the same rows, each at a threshold of its own: who is right where, tested after McNemar and
//! bootstrapped. Areas under curves are for `delong`.

use std::iter::Sum;

use cutpoint_core::random::Purpose;
use cutpoint_core::{Scores, Threshold};

use super::binomial_tail::{at_most, probability};
use super::bootstrap::{Bootstrap, BootstrapOptions};
use super::confidence::ConfidenceInterval;
use super::resample::Table;
use crate::{Cells, Error, Metric, Result};

/// Rows counted by their class and by what either model calls them.
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{Cells, paired_counts};
///
/// let is_positive = vec![true, true, false, false];
/// let first = Scores::new(is_positive.clone(), vec![0.8, 0.3, 0.6, 0.1])?;
/// let second = Scores::new(is_positive, vec![7.0, 6.0, 1.0, 2.0])?;
/// let counts = paired_counts(&first, Threshold::HALF, &second, Threshold::new(5.0)?)?;
/// assert_eq!(counts.first(), Cells::from_counts(1, 1, 1, 1));
/// assert_eq!(counts.second(), Cells::from_counts(2, 0, 0, 2));
/// // On two rows only the second is right, on none only the first.
/// assert_eq!((counts.mcnemar().b(), counts.mcnemar().c()), (0, 2));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PairedCounts {
    /// The place of a row is its class, the first model's call and the second's as the bits 4, 2 and 1.
    pub(super) counts: [u64; 8],
}

const POSITIVE: usize = 4;
const FIRST: usize = 2;
const SECOND: usize = 1;
/// The stratum of each place where classes are drawn from each on their own.
pub(super) const BY_CLASS: [usize; 8] = [0, 0, 0, 0, 1, 1, 1, 1];

impl PairedCounts {
    /// The cells of the first model.
    pub fn first(&self) -> Cells {
        self.cells(0)
    }

    /// The cells of the second model.
    pub fn second(&self) -> Cells {
        self.cells(1)
    }

    /// The rows on which one model is right and the other wrong.
    pub fn mcnemar(&self) -> McNemar {
        let is_right = |place: usize, model| (place & POSITIVE > 0) == (place & model > 0);
        let only =
            |right, wrong| self.sum(|place| is_right(place, right) && !is_right(place, wrong));
        mcnemar(only(FIRST, SECOND), only(SECOND, FIRST))
    }

    /// The number of rows.
    pub fn n_samples(&self) -> u64 {
        self.sum(|_| true)
    }

    fn cells(&self, model: usize) -> Cells {
        let [tp, fp, fn_, tn] = cells_of(|place| self.counts[place])[model];
        Cells::from_counts(tp, fp, fn_, tn)
    }

    fn sum(&self, is_wanted: impl Fn(usize) -> bool) -> u64 {
        let places = (0..8).filter(|&place| is_wanted(place));
        places.map(|place| self.counts[place]).sum()
    }
}

/// The sums of tp, fp, fn and tn of the first model and of the second, from what is at each place.
pub(super) fn cells_of<T: Sum>(at: impl Fn(usize) -> T) -> [[T; 4]; 2] {
    [FIRST, SECOND].map(|model| {
        [POSITIVE | model, model, POSITIVE, 0].map(|cell| {
            let places = (0..8).filter(|place| place & (POSITIVE | model) == cell);
            places.map(&at).sum()
        })
    })
}

/// Counts the rows of two models, each at its threshold. Rows that come block by block are for
/// [`PairedRows`](crate::PairedRows).
///
/// # Errors
/// - [`Error::Input`] unless there are as many rows in both.
/// - [`Error::RowClass`] if a row has another class in the second.
/// - [`Error::WeightedRows`] for weights.
///
/// # Examples
/// See [`PairedCounts`].
pub fn paired_counts(
    first: &Scores,
    first_threshold: Threshold,
    second: &Scores,
    second_threshold: Threshold,
) -> Result<PairedCounts> {
    check_same_rows(first, second, "a paired comparison")?;
    let mut counts = [0; 8];
    for place in places(first, first_threshold, second, second_threshold) {
        counts[place] += 1;
    }
    Ok(PairedCounts { counts })
}

/// The place of each row.
pub(super) fn places<'a>(
    first: &'a Scores,
    first_threshold: Threshold,
    second: &'a Scores,
    second_threshold: Threshold,
) -> impl Iterator<Item = usize> + 'a {
    let rows = first.is_positive().iter().enumerate();
    rows.map(move |(row, &is_positive)| {
        let place = [
            (is_positive, POSITIVE),
            (first_threshold.is_positive(first.score()[row]), FIRST),
            (second_threshold.is_positive(second.score()[row]), SECOND),
        ];
        let place = place.into_iter().filter(|(is_set, _)| *is_set);
        place.map(|(_, bit)| bit).sum()
    })
}

/// That two models have the same rows: as many, of the same classes, without weights.
pub(super) fn check_same_rows(first: &Scores, second: &Scores, wanted: &'static str) -> Result<()> {
    check_same_classes(first, second, 0)?;
    if first.weight().is_some() || second.weight().is_some() {
        return Err(Error::WeightedRows { wanted });
    }
    Ok(())
}

/// That two models have as many rows, of the same classes; so many rows came before.
pub(super) fn check_same_classes(first: &Scores, second: &Scores, n_before: usize) -> Result<()> {
    let (expected, got) = (first.n_samples(), second.n_samples());
    if expected != got {
        let name = "score";
        return Err(cutpoint_core::Error::Length {
            name,
            expected,
            got,
        }
        .into());
    }
    let mut classes = first.is_positive().iter().zip(second.is_positive());
    if let Some(row) = classes.position(|(first, second)| first != second) {
        return Err(Error::RowClass {
            row: n_before + row,
        });
    }
    Ok(())
}

/// McNemar's test: whether two models err equally often, from the rows on which only one of them is right.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct McNemar {
    b: u64,
    c: u64,
}

/// McNemar's test of `b` rows on which only the first model is right, and `c` on which only the second is.
///
/// # Examples
/// ```
/// use cutpoint_metrics::mcnemar;
///
/// // Of 4 tosses, at most 1 heads: 5/16, twice. Mid-p takes half of the 4/16 for 1 off, twice.
/// let test = mcnemar(1, 3);
/// assert!((test.p_exact() - 10.0 / 16.0).abs() < 1e-14);
/// assert!((test.p_mid() - 6.0 / 16.0).abs() < 1e-14);
/// ```
pub fn mcnemar(b: u64, c: u64) -> McNemar {
    McNemar { b, c }
}

impl McNemar {
    /// Rows on which only the first model is right.
    pub fn b(self) -> u64 {
        self.b
    }

    /// Rows on which only the second model is right.
    pub fn c(self) -> u64 {
        self.c
    }

    /// The two-sided p-value of the exact conditional test: never below what it should be, and often well above.
    ///
    /// # Formula
    /// ```text
    /// 2 P(X <= min(b, c)), at most 1        X binomial with b + c trials of probability 1/2
    /// ```
    /// 1 if the models never differ.
    ///
    /// # References
    /// McNemar, 1947, *Note on the sampling error of the difference between correlated proportions or percentages*,
    /// Psychometrika 12, 153–157.
    pub fn p_exact(self) -> f64 {
        (2.0 * at_most(self.b.min(self.c), self.b + self.c, 0.5)).min(1.0)
    }

    /// The two-sided mid-p-value, which counts outcomes exactly as far apart half: closer to what it should be.
    ///
    /// # Formula
    /// ```text
    /// 2 P(X <= min(b, c)) - P(X = min(b, c));  1 - P(X = b) / 2  if b = c
    /// ```
    /// 1 if the models never differ.
    ///
    /// # References
    /// Fagerland, Lydersen and Laake, 2013, *The McNemar test for binary matched-pairs data: mid-p and asymptotic are
    /// better than exact conditional*, BMC Medical Research Methodology 13, 91.
    pub fn p_mid(self) -> f64 {
        let (least, n) = (self.b.min(self.c), self.b + self.c);
        if n == 0 {
            return 1.0;
        }
        let as_far = probability(least, n, 0.5);
        if self.b == self.c {
            1.0 - as_far / 2.0
        } else {
            2.0 * at_most(least, n, 0.5) - as_far
        }
    }
}

/// Bootstraps two models on the same rows, each at a threshold that was fixed beforehand.
///
/// Rows of the same class that both models call the same are the same row, so that a replicate is a multinomial draw of
/// eight counts. The models stay paired: what they have in common cancels in the difference.
///
/// # Errors
/// Those of [`BootstrapOptions::check`].
///
/// # Examples
/// ```
/// use cutpoint_core::{Scores, Threshold};
/// use cutpoint_metrics::{BootstrapOptions, paired_bootstrap, paired_counts};
///
/// let is_positive = (0..60).map(|row| row % 3 == 0).collect::<Vec<_>>();
/// let score = |noise: u32| (0..60).map(|row| f64::from(row % 3 == 0) + f64::from(row % noise)).collect();
/// let first = Scores::new(is_positive.clone(), score(2))?;
/// let second = Scores::new(is_positive, score(4))?;
/// let one = Threshold::new(1.0)?;
/// let counts = paired_counts(&first, one, &second, one)?;
/// let replicates = paired_bootstrap(&counts, &BootstrapOptions::default())?;
/// // The first is right on 40 rows, the second on 30.
/// let difference = replicates.difference_interval(&"accuracy".parse()?).unwrap();
/// assert!(difference.contains(10.0 / 60.0) && difference.low() > 0.0);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// Efron and Tibshirani, 1993, *An introduction to the bootstrap*, section 8.3 (whole rows are drawn).
pub fn paired_bootstrap(
    counts: &PairedCounts,
    options: &BootstrapOptions,
) -> Result<Bootstrap<PairedCounts>> {
    const PURPOSE: Purpose = Purpose::new("bootstrap/paired");
    options.check()?;
    let strata = if options.is_by_class() {
        BY_CLASS
    } else {
        [0; 8]
    };
    let table = Table::new(counts.counts, strata);
    let make = |counts| PairedCounts { counts };
    let replicates = options.replicate(PURPOSE, |stream| make(table.resample(stream)));
    Ok(Bootstrap::of_table(
        &table,
        counts.counts,
        replicates,
        options,
        make,
    ))
}

impl Bootstrap<PairedCounts> {
    /// The interval of a metric of the first model less that of the second; see [`Bootstrap::interval`], which takes
    /// any other comparison, of costs for example.
    pub fn difference_interval(&self, metric: &Metric) -> Option<ConfidenceInterval> {
        self.interval(|counts| {
            Some(metric.value(&counts.first())? - metric.value(&counts.second())?)
        })
    }
}
