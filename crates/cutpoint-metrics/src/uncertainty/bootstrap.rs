//! The bootstrap of everything that is a function of the cells at a fixed threshold: options, replicates and intervals.
//! Choosing a threshold in every replicate is for `choice`.

use cutpoint_core::Seed;
use cutpoint_core::random::{ChaChaStream, Purpose};
use rayon::prelude::*;

use super::confidence::{ConfidenceInterval, check_confidence};
use super::percentile::Sorted;
use super::proportion::whole_counts;
use super::resample::{Table, WithoutOne};
use crate::{Cells, Error, Metric, Result};

/// What is drawn in a replicate.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Resampling {
    /// All rows together: their prevalence varies from replicate to replicate, as it does if rows were collected as
    /// they came.
    #[default]
    Rows,
    /// Positive and negative rows each on their own: there are as many of each in every replicate, as it is if their
    /// numbers were decided beforehand. Also called stratified.
    ByClass,
}

/// How an interval is read off the replicates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub enum BootstrapInterval {
    /// The percentiles of the replicates.
    #[default]
    Percentile,
    /// Percentiles corrected for bias and acceleration, which hold the truth closer to as often as they should if the
    /// statistic is skewed. Undefined if leaving out a single row makes the statistic so.
    Bca,
}

/// How a bootstrap is done.
///
/// # Examples
/// ```
/// use cutpoint_core::Seed;
/// use cutpoint_metrics::{BootstrapOptions, Cells, Resampling, bootstrap};
///
/// let options = BootstrapOptions::default()
///     .n_replicates(500)
///     .resampling(Resampling::ByClass)
///     .seed(Seed::from(42));
/// let replicates = bootstrap(&Cells::from_counts(50, 5, 10, 100), &options)?;
/// assert!(replicates.replicates().iter().all(|cells| cells.positives() == 60.0));
/// let f1 = replicates.metric_interval(&"f1".parse()?).unwrap();
/// assert!(f1.low() < 100.0 / 115.0 && 100.0 / 115.0 < f1.high());
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct BootstrapOptions {
    n_replicates: usize,
    resampling: Resampling,
    interval: BootstrapInterval,
    confidence: f64,
    seed: Seed,
}

impl Default for BootstrapOptions {
    fn default() -> Self {
        Self {
            n_replicates: 2000,
            resampling: Resampling::Rows,
            interval: BootstrapInterval::Percentile,
            confidence: 0.95,
            seed: Seed::default(),
        }
    }
}

impl BootstrapOptions {
    /// The most replicates there can be.
    pub const MOST_REPLICATES: usize = 10_000_000;

    /// How many replicates. Default 2000, domain `[1, 10000000]`; more make intervals steadier from seed to seed.
    #[must_use]
    pub fn n_replicates(mut self, n_replicates: usize) -> Self {
        self.n_replicates = n_replicates;
        self
    }

    /// What is drawn in a replicate. Default [`Resampling::Rows`].
    #[must_use]
    pub fn resampling(mut self, resampling: Resampling) -> Self {
        self.resampling = resampling;
        self
    }

    /// How intervals are read off. Default [`BootstrapInterval::Percentile`].
    #[must_use]
    pub fn interval(mut self, interval: BootstrapInterval) -> Self {
        self.interval = interval;
        self
    }

    /// How often intervals shall hold the truth. Default 0.95, domain `(0, 1)`; larger is wider.
    #[must_use]
    pub fn confidence(mut self, confidence: f64) -> Self {
        self.confidence = confidence;
        self
    }

    /// Where randomness comes from. Default 0. Of the seed only its random state counts: replicate `i` is drawn from
    /// block `i` of a ChaCha stream, whichever stream the seed names, so that threads change nothing.
    #[must_use]
    pub fn seed(mut self, seed: Seed) -> Self {
        self.seed = seed;
        self
    }

    /// Checks all options.
    ///
    /// # Errors
    /// - [`Error::ReplicateNumber`] for a number of replicates outside its domain.
    /// - [`Error::Confidence`] for a confidence outside its domain.
    pub fn check(&self) -> Result<()> {
        if !(1..=Self::MOST_REPLICATES).contains(&self.n_replicates) {
            return Err(Error::ReplicateNumber {
                max: Self::MOST_REPLICATES,
                got: self.n_replicates,
            });
        }
        check_confidence(self.confidence)?;
        Ok(())
    }

    pub(super) fn is_by_class(&self) -> bool {
        self.resampling == Resampling::ByClass
    }

    pub(super) fn confidence_level(&self) -> f64 {
        self.confidence
    }

    pub(super) fn is_bca(&self) -> bool {
        self.interval == BootstrapInterval::Bca
    }

    /// Draws every replicate, in rayon's current pool, each from a stream of its own.
    pub(super) fn replicate<T: Send>(
        &self,
        purpose: Purpose,
        draw: impl Fn(&mut ChaChaStream) -> T + Sync,
    ) -> Vec<T> {
        let state = self.seed.random_state();
        let replicates = (0..self.n_replicates).into_par_iter();
        let drawn = replicates.map(|index| {
            let mut stream = ChaChaStream::new(state, purpose, index as u64);
            draw(&mut stream)
        });
        drawn.collect()
    }
}

/// Replicates of the cells (or of whatever else was counted), and intervals of any statistic of them.
#[derive(Debug, Clone, PartialEq)]
pub struct Bootstrap<T> {
    observed: T,
    replicates: Vec<T>,
    options: BootstrapOptions,
    /// What is left without one row; only for intervals that need it.
    without_one: Vec<WithoutOne<T>>,
}

impl<T: Sync> Bootstrap<T> {
    /// What the rows themselves give.
    pub fn observed(&self) -> &T {
        &self.observed
    }

    /// What every replicate gives, in the order of their streams.
    pub fn replicates(&self) -> &[T] {
        &self.replicates
    }

    /// How it was done.
    pub fn options(&self) -> &BootstrapOptions {
        &self.options
    }

    /// The interval of a statistic, whatever it computes from what was counted.
    ///
    /// # Undefined
    /// If the statistic is undefined for the rows themselves, or in a larger share of the replicates than either tail
    /// holds, `(1 - confidence) / 2`. Replicates fewer than that are left out.
    /// With [`BootstrapInterval::Bca`] also if all replicates lie on one side of the observed value, or if the
    /// statistic is undefined without one of the rows.
    ///
    /// # References
    /// Efron and Tibshirani, 1993, *An introduction to the bootstrap*, chapters 13 (percentiles) and 14 (the corrected
    /// ones).
    pub fn interval(
        &self,
        statistic: impl Fn(&T) -> Option<f64> + Sync,
    ) -> Option<ConfidenceInterval> {
        let confidence = self.options.confidence;
        let observed = statistic(&self.observed)?;
        let values = self.replicates.par_iter().map(&statistic).collect();
        let sorted = Sorted::new(values, confidence)?;
        match self.options.interval {
            BootstrapInterval::Percentile => Some(sorted.percentile_interval(confidence)),
            BootstrapInterval::Bca => {
                let acceleration = self.acceleration(statistic)?;
                sorted.bca_interval(observed, acceleration, confidence)
            }
        }
    }

    /// How skewed the influence of the rows on the statistic is, by leaving each out.
    fn acceleration(&self, statistic: impl Fn(&T) -> Option<f64>) -> Option<f64> {
        let (mut cubes, mut squares) = (0.0, 0.0);
        for stratum in &self.without_one {
            let n_rows = stratum.n_rows as f64;
            let values = stratum.kinds.iter().map(|(n_such, without)| {
                let value = statistic(without)?;
                Some((*n_such as f64, value))
            });
            let values = values.collect::<Option<Vec<_>>>()?;
            let mean = values.iter().map(|(n_such, value)| n_such / n_rows * value);
            let mean = mean.sum::<f64>();
            for (n_such, value) in values {
                let influence = (n_rows - 1.0) / n_rows * (mean - value);
                squares += n_such * influence * influence;
                cubes += n_such * influence * influence * influence;
            }
        }
        let acceleration = cubes / (6.0 * squares * squares.sqrt());
        acceleration.is_finite().then_some(acceleration)
    }

    pub(super) fn new(observed: T, replicates: Vec<T>, options: &BootstrapOptions) -> Self {
        Self {
            observed,
            replicates,
            options: *options,
            without_one: Vec::new(),
        }
    }

    /// The same replicates as something else.
    pub(super) fn map<U: Sync>(self, make: impl Fn(T) -> U) -> Bootstrap<U> {
        let without_one = self.without_one.into_iter().map(|stratum| {
            let kinds = stratum.kinds.into_iter();
            WithoutOne {
                n_rows: stratum.n_rows,
                kinds: kinds.map(|(n_such, kind)| (n_such, make(kind))).collect(),
            }
        });
        Bootstrap {
            without_one: without_one.collect(),
            observed: make(self.observed),
            replicates: self.replicates.into_iter().map(make).collect(),
            options: self.options,
        }
    }

    /// Of a table of counts, by what is made of them.
    pub(super) fn of_table<const CELLS: usize>(
        table: &Table<CELLS>,
        observed: [u64; CELLS],
        replicates: Vec<T>,
        options: &BootstrapOptions,
        make: impl Fn([u64; CELLS]) -> T,
    ) -> Self {
        let mut bootstrap = Self::new(make(observed), replicates, options);
        if options.is_bca() {
            bootstrap.without_one = table.without_one(make);
        }
        bootstrap
    }
}

impl Bootstrap<Cells> {
    /// The interval of a metric; see [`Bootstrap::interval`].
    pub fn metric_interval(&self, metric: &Metric) -> Option<ConfidenceInterval> {
        self.interval(|cells| metric.value(cells))
    }
}

/// Bootstraps the cells at a threshold that was fixed beforehand.
///
/// Rows of one cell are the same row to every metric, so that a replicate is a multinomial draw of the four counts:
/// exact in distribution, at a cost that does not depend on the number of rows.
///
/// # Errors
/// - Those of [`BootstrapOptions::check`].
/// - [`Error::WeightedRows`] for cells that are not whole numbers: what a weight stands for is lost in their sums.
///   [`bootstrap_rows`](crate::bootstrap_rows) takes the rows themselves.
///
/// # Examples
/// See [`BootstrapOptions`].
///
/// # References
/// Efron, 1979, *Bootstrap methods: another look at the jackknife*, Annals of Statistics 7, 1–26.
pub fn bootstrap(cells: &Cells, options: &BootstrapOptions) -> Result<Bootstrap<Cells>> {
    const PURPOSE: Purpose = Purpose::new("bootstrap/cells");
    options.check()?;
    let counts = whole_counts(cells, "a bootstrap of the cells")?;
    let table = cells_table(counts, options);
    let replicates = options.replicate(PURPOSE, |stream| from_counts(table.resample(stream)));
    Ok(Bootstrap::of_table(
        &table,
        counts,
        replicates,
        options,
        from_counts,
    ))
}

/// The table of `[tp, fp, fn, tn]`.
pub(super) fn cells_table(counts: [u64; 4], options: &BootstrapOptions) -> Table<4> {
    let strata = if options.is_by_class() {
        [0, 1, 0, 1]
    } else {
        [0; 4]
    };
    Table::new(counts, strata)
}

pub(super) fn from_counts([tp, fp, fn_, tn]: [u64; 4]) -> Cells {
    Cells::from_counts(tp, fp, fn_, tn)
}

#[cfg(test)]
mod tests {
    use cutpoint_testkit::{golden, integers};

    use super::*;

    #[test]
    fn intervals_of_given_replicates_are_those_of_scipy() {
        const TOLERANCE: f64 = 1e-12;
        let golden = golden("uncertainty.json");
        let cases = golden["bootstrap"].as_array().expect("a list");
        assert!(!cases.is_empty());
        let counts = |value| {
            let counts = integers(value)
                .into_iter()
                .map(|count| u64::try_from(count).unwrap());
            <[u64; 4]>::try_from(counts.collect::<Vec<_>>()).unwrap()
        };
        for case in cases {
            let metric = case["metric"].as_str().unwrap().parse::<Metric>().unwrap();
            let resampling = match case["by_class"].as_bool() {
                Some(true) => Resampling::ByClass,
                _ => Resampling::Rows,
            };
            let options = BootstrapOptions::default()
                .confidence(0.9)
                .resampling(resampling);
            let observed = counts(&case["counts"]);
            let given = case["replicates"].as_array().expect("a list").iter();
            let given = given.map(|replicate| from_counts(counts(replicate)));
            let given = given.collect::<Vec<_>>();
            for (name, interval) in [
                ("percentile", BootstrapInterval::Percentile),
                ("bca", BootstrapInterval::Bca),
            ] {
                let options = options.interval(interval);
                let table = cells_table(observed, &options);
                let bootstrap =
                    Bootstrap::of_table(&table, observed, given.clone(), &options, from_counts);
                let got = bootstrap.metric_interval(&metric).expect("defined");
                for (got, expected) in [(got.low(), &case[name][0]), (got.high(), &case[name][1])] {
                    let expected = expected.as_f64().expect("a number");
                    assert!(
                        (got - expected).abs() < TOLERANCE,
                        "{metric}, {name}: {got}, {expected}"
                    );
                }
            }
        }
    }

    #[test]
    fn undefined_replicates_are_left_out_up_to_a_tail() {
        let options = BootstrapOptions::default().confidence(0.9);
        let interval = |n_undefined: usize| {
            // Precision is undefined where nothing was predicted positive.
            let mut replicates = vec![Cells::from_counts(0, 0, 3, 3); n_undefined];
            replicates.resize(100, Cells::from_counts(1, 1, 2, 2));
            let observed = Cells::from_counts(1, 1, 2, 2);
            let bootstrap = Bootstrap::new(observed, replicates, &options);
            bootstrap.metric_interval(&"precision".parse().unwrap())
        };
        assert_eq!(interval(5), Some(ConfidenceInterval::new(0.5, 0.5)));
        assert_eq!(interval(6), None);
    }
}
