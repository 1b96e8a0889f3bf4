//! DeLong's test of two models whose rows come block by block: placements are looked up in either model's sweep, and
//! where that has bins of several scores, it is told how far the outcome can be off.

use cutpoint_core::Scores;
use rayon::prelude::*;
use serde::ser::SerializeStruct;
use serde::{Deserialize, Serialize, Serializer};

use super::delong::{AucEstimate, DelongTest, Placements, mean_variance};
use super::paired::check_same_rows;
use crate::bytes::{amounts, finite};
use crate::compensated::CompensatedSum;
use crate::normal::two_sided_p;
use crate::partial::{Bounds, PartialSweep};
use crate::{Error, Result, sweep};

/// DeLong's paired test of two models on rows that come block by block, in any number.
///
/// It needs the sweep of all rows under either model first, whole or in bins, and then the rows once more, the same in
/// both models. Rows in a bin of several scores are placed as if they were tied, in the middle of where they can be;
/// [`DelongRows::finish`] says what the areas, their difference and the test can be at most and at least.
///
/// # Formula
/// With `q` for a placement that was looked up and `p` for the one it stands for, in a bin with `m` of the `n` rows of
/// the other class:
/// ```text
/// |q - p| <= m / 2n
/// | |p₁ - p₂| - |q₁ - q₂| | <= |q₁ - p₁| + |q₂ - p₂|        |x|: root of the sum of squares over the rows of a class
/// ```
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{DelongRows, PartialSweep, delong_test, sweep};
///
/// let is_positive = vec![true, true, false, false];
/// let first = Scores::new(is_positive.clone(), vec![0.8, 0.35, 0.4, 0.1])?;
/// let second = Scores::new(is_positive, vec![0.9, 0.2, 0.1, 0.7])?;
/// let tables = [&first, &second].map(|scores| PartialSweep::from(sweep(scores)));
/// let mut rows = DelongRows::new(&tables[0], &tables[1])?.unwrap();
/// rows.add(&first, &second)?;
/// let (test, bounds) = rows.finish()?;
/// assert_eq!(Some(test), delong_test(&first, &second)?);
/// assert!(bounds.difference().is_exact());
///
/// // All that is known of the second model is that its scores lie between 0.1 and 0.9.
/// let coarse = PartialSweep::from_counts(&[0.1], &[0.9], &[2], &[2])?;
/// let mut rows = DelongRows::new(&tables[0], &coarse)?.unwrap();
/// rows.add(&first, &second)?;
/// let (test, bounds) = rows.finish()?;
/// assert_eq!((test.second().auc(), test.difference()), (0.5, 0.25));
/// assert!(bounds.second().auc().contains(0.0) && bounds.second().auc().contains(1.0));
/// assert!(bounds.p().contains(1.0));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// As [`delong`](crate::delong).
#[derive(Debug, Clone)]
pub struct DelongRows<'s> {
    models: [ModelTable<'s>; 2],
    part: DelongPart,
}

/// What some of the rows of [`DelongRows`] come to, apart from the sweeps that they were placed in: what is added up
/// elsewhere.
#[derive(Debug, Clone, Copy, Default, Serialize, Deserialize)]
pub struct DelongPart {
    /// The sums of products of placements less their means, of positive and negative rows.
    #[serde(deserialize_with = "finite")]
    products: [CompensatedSum; 2],
    /// Positive and negative rows so far.
    #[serde(deserialize_with = "amounts")]
    n_rows: [u64; 2],
}

/// Where the rows of a model are placed.
#[derive(Debug, Clone)]
struct ModelTable<'s> {
    table: &'s PartialSweep,
    placements: Placements<'s>,
}

/// What the sweep of a model says by itself. Who adds up rows needs none of it, so that it is computed by who finishes
/// the test alone.
#[derive(Debug, Clone, Copy)]
struct ModelSums<'t, 's> {
    model: &'t ModelTable<'s>,
    /// The sums of squares of placements less their means, of positive and negative rows.
    squares: [f64; 2],
    /// The roots of the sums of squares of how far placements may be off, of positive and negative rows.
    off: [f64; 2],
}

/// What the area under a ROC curve and its standard error can be, where scores are known in bins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct AucBounds {
    auc: Bounds,
    standard_error: Bounds,
}

impl AucBounds {
    /// The area.
    pub fn auc(self) -> Bounds {
        self.auc
    }

    /// Its standard error, after DeLong.
    pub fn standard_error(self) -> Bounds {
        self.standard_error
    }
}

/// What DeLong's paired test can say, where scores are known in bins.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct DelongBounds {
    models: [AucBounds; 2],
    difference: Bounds,
    standard_error: Bounds,
}

impl DelongBounds {
    /// The first area.
    pub fn first(self) -> AucBounds {
        self.models[0]
    }

    /// The second area.
    pub fn second(self) -> AucBounds {
        self.models[1]
    }

    /// The first area less the second.
    pub fn difference(self) -> Bounds {
        self.difference
    }

    /// The standard error of the difference.
    pub fn standard_error(self) -> Bounds {
        self.standard_error
    }

    /// The difference in standard errors; `None` if the standard error may be 0.
    pub fn z(self) -> Option<Bounds> {
        let [least, most] = [self.standard_error.low(), self.standard_error.high()];
        let (low, high) = (self.difference.low(), self.difference.high());
        (least > 0.0).then(|| {
            let low = low / if low < 0.0 { least } else { most };
            let high = high / if high < 0.0 { most } else { least };
            Bounds::new(low, high)
        })
    }

    /// The two-sided p-value.
    pub fn p(self) -> Bounds {
        let Some(z) = self.z() else {
            return Bounds::new(0.0, 1.0);
        };
        let (low, high) = (z.low(), z.high());
        let nearest = if low <= 0.0 && high >= 0.0 {
            0.0
        } else {
            low.abs().min(high.abs())
        };
        let farthest = low.abs().max(high.abs());
        Bounds::new(two_sided_p(farthest), two_sided_p(nearest))
    }
}

/// In JSON, what the test says: `z`, `p`, `difference` and `standard_error`.
impl Serialize for DelongBounds {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        let mut keys = serializer.serialize_struct("DelongBounds", 4)?;
        keys.serialize_field("z", &self.z())?;
        keys.serialize_field("p", &self.p())?;
        keys.serialize_field("difference", &self.difference)?;
        keys.serialize_field("standard_error", &self.standard_error)?;
        keys.end()
    }
}

/// DeLong's paired test of two areas under ROC curves, of two models on the same rows. Rows that come block by block
/// are for [`DelongRows`].
///
/// # Formula
/// As [`delong`](crate::delong), with the covariance of the two models' placements:
/// ```text
/// z = (auc₁ - auc₂) / sqrt(variance₁ + variance₂ - 2 covariance)
/// ```
///
/// # Undefined
/// With fewer than two rows of a class.
///
/// # Errors
/// - [`Error::Input`] unless there are as many rows in both.
/// - [`Error::RowClass`] if a row has another class in the second.
/// - [`Error::WeightedRows`] for weights.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::delong_test;
///
/// let is_positive = vec![true, true, false, false];
/// let first = Scores::new(is_positive.clone(), vec![0.8, 0.35, 0.4, 0.1])?;
/// let second = Scores::new(is_positive, vec![0.9, 0.2, 0.1, 0.7])?;
/// // Placements of the positive rows: 1, 1/2 and 1, 1/2; of the negative rows: 1/2, 1 and 1, 1/2.
/// let test = delong_test(&first, &second)?.unwrap();
/// assert_eq!((test.difference(), test.covariance()), (0.0, 0.0));
/// assert_eq!((test.variance(), test.p()), (0.25, Some(1.0)));
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
///
/// # References
/// As [`delong`](crate::delong).
pub fn delong_test(first: &Scores, second: &Scores) -> Result<Option<DelongTest>> {
    check_same_rows(first, second, "DeLong's test")?;
    let tables = [first, second].map(|scores| PartialSweep::from(sweep(scores)));
    let Some(mut rows) = DelongRows::new(&tables[0], &tables[1])? else {
        return Ok(None);
    };
    rows.add(first, second)?;
    let (test, _) = rows.finish()?;
    Ok(Some(test))
}

/// What the area under the ROC curve and its standard error can be, of rows of which only a partial sweep is known; the
/// middle is what [`delong`](crate::delong) says of its edges.
///
/// # Formula
/// See [`DelongRows`].
///
/// # Undefined
/// With fewer than two rows of a class.
///
/// # Errors
/// [`Error::WeightedRows`] for a sweep of weights.
///
/// # Examples
/// ```
/// use cutpoint_metrics::{PartialSweep, delong_bounds};
///
/// // A positive row above all others, and two rows of either class in one bin: of 3 · 2 pairs 2 to 6 are in order.
/// let partial = PartialSweep::from_counts(&[0.9, 0.1], &[0.9, 0.5], &[1, 2], &[0, 2])?;
/// let bounds = delong_bounds(&partial)?.unwrap();
/// assert!((bounds.auc().low() - 2.0 / 6.0).abs() < 1e-12 && (bounds.auc().high() - 1.0).abs() < 1e-12);
/// // If all are in order, nothing varies.
/// assert_eq!(bounds.standard_error().low(), 0.0);
/// # Ok::<(), cutpoint_metrics::Error>(())
/// ```
pub fn delong_bounds(partial: &PartialSweep) -> Result<Option<AucBounds>> {
    Ok(ModelTable::new(partial)?.map(|model| model.sums().bounds()))
}

impl<'s> DelongRows<'s> {
    /// No rows yet; the sweeps of all rows under the first model and under the second, whole or in bins.
    ///
    /// # Undefined
    /// With fewer than two rows of a class.
    ///
    /// # Errors
    /// [`Error::WeightedRows`] for sweeps of weights.
    pub fn new(first: &'s PartialSweep, second: &'s PartialSweep) -> Result<Option<Self>> {
        let models = ModelTable::new(first)?.zip(ModelTable::new(second)?);
        Ok(models.map(|(first, second)| Self {
            models: [first, second],
            part: DelongPart::default(),
        }))
    }

    /// What the rows so far come to.
    pub fn into_part(self) -> DelongPart {
        self.part
    }

    /// Adds rows that were added elsewhere, by their places in the same sweeps.
    pub fn merge(&mut self, part: DelongPart) {
        self.part.merge(part);
    }

    /// Adds rows. How they are cut into blocks changes no more than the last of 32 or so digits of a sum.
    ///
    /// # Errors
    /// - [`Error::Input`] unless there are as many rows in both.
    /// - [`Error::RowClass`] if a row has another class in the second, counted from the first row of the block.
    /// - [`Error::WeightedRows`] for weights.
    /// - [`Error::PassDiffers`] for a score below all of its sweep.
    pub fn add(&mut self, first: &Scores, second: &Scores) -> Result<()> {
        /// Rows that are added up by themselves, whatever the number of threads.
        const CHUNK: usize = 1 << 15;
        check_same_rows(first, second, "DeLong's test")?;
        let models = &self.models;
        let chunks = first.is_positive().par_chunks(CHUNK);
        let chunks = chunks.zip(first.score().par_chunks(CHUNK));
        let chunks = chunks.zip(second.score().par_chunks(CHUNK));
        let sums = chunks.map(|((is_positive, first), second)| {
            let (first, second) = rayon::join(
                || models[0].placements.of_rows(is_positive, first),
                || models[1].placements.of_rows(is_positive, second),
            );
            let mut products = [CompensatedSum::default(); 2];
            let mut n_rows = [0; 2];
            let rows = is_positive.iter().zip(first?).zip(second?);
            for ((&is_positive, first), second) in rows {
                let class = usize::from(!is_positive);
                products[class].add(first * second);
                n_rows[class] += 1;
            }
            Ok((products, n_rows))
        });
        for sums in sums.collect::<Vec<_>>() {
            let (products, n_rows) = sums.map_err(|score| Error::PassDiffers {
                lowest: score,
                highest: score,
            })?;
            for class in [0, 1] {
                self.part.products[class] = self.part.products[class].plus(products[class]);
                self.part.n_rows[class] += n_rows[class];
            }
        }
        Ok(())
    }

    /// The test, and what it can be at most and at least: exactly itself where both sweeps are exact.
    ///
    /// # Errors
    /// [`Error::PassDiffers`] unless as many rows of either class came as the sweeps have.
    pub fn finish(self) -> Result<(DelongTest, DelongBounds)> {
        for model in &self.models {
            if model.placements.n_rows() != self.part.n_rows {
                let thresholds = model.table.edges().thresholds();
                return Err(Error::PassDiffers {
                    lowest: thresholds[thresholds.len() - 1],
                    highest: model.table.bin(0).highest(),
                });
            }
        }
        let [first, second] = self.models.each_ref().map(ModelTable::sums);
        let products = self.part.products.map(CompensatedSum::value);
        let n_rows = self.part.n_rows.map(|n_rows| n_rows as f64);
        let covariance =
            mean_variance(products[0], n_rows[0]) + mean_variance(products[1], n_rows[1]);
        let test = DelongTest::new([first.estimate(), second.estimate()], covariance);
        let [mut least, mut most] = [0.0; 2];
        for class in [0, 1] {
            let squares = first.squares[class] + second.squares[class] - 2.0 * products[class];
            let squares = squares.max(0.0);
            let off = first.off[class] + second.off[class];
            let [low, high] = squares_within(squares, off);
            least += mean_variance(low, n_rows[class]);
            most += mean_variance(high, n_rows[class]);
        }
        let models = [first.bounds(), second.bounds()];
        let is_exact = first.is_exact() && second.is_exact();
        let auc = |index: usize| models[index].auc;
        let difference = [auc(0).low() - auc(1).high(), auc(0).high() - auc(1).low()];
        let bounds = if is_exact {
            DelongBounds {
                models,
                difference: known(test.difference()),
                standard_error: known(test.variance().sqrt()),
            }
        } else {
            DelongBounds {
                models,
                difference: Bounds::new(difference[0] - ROUNDING, difference[1] + ROUNDING),
                standard_error: standard_error(least, most),
            }
        };
        Ok((test, bounds))
    }
}

impl DelongPart {
    /// Adds rows that were added elsewhere.
    pub fn merge(&mut self, other: Self) {
        for class in [0, 1] {
            self.products[class] = self.products[class].plus(other.products[class]);
            self.n_rows[class] += other.n_rows[class];
        }
    }
}

/// By how much an area or a share of a variance may come out wrong.
const ROUNDING: f64 = 64.0 * f64::EPSILON;

fn known(value: f64) -> Bounds {
    Bounds::new(value, value)
}

/// The least and the most that a sum of squares can be, whose terms are off by so much in all, as roots of sums of
/// squares add up.
fn squares_within(squares: f64, off: f64) -> [f64; 2] {
    let root = squares.sqrt();
    [(root - off).max(0.0), root + off].map(|root| root * root)
}

fn standard_error(least: f64, most: f64) -> Bounds {
    let [least, most] = [least, most].map(f64::sqrt);
    Bounds::new(least * (1.0 - ROUNDING), most * (1.0 + ROUNDING))
}

impl<'s> ModelTable<'s> {
    /// `None` with fewer than two rows of a class.
    fn new(table: &'s PartialSweep) -> Result<Option<Self>> {
        let placements = Placements::new(table.edges())?;
        Ok(placements.map(|placements| Self { table, placements }))
    }

    fn sums(&self) -> ModelSums<'_, 's> {
        let n_rows = self.placements.n_rows().map(|n_rows| n_rows as f64);
        let mut off = [CompensatedSum::default(); 2];
        for bin in self.table.bins().filter(|bin| !bin.is_one_score()) {
            let bin = [bin.positives(), bin.negatives()];
            for class in [0, 1] {
                let most = bin[1 - class] / n_rows[1 - class] / 2.0;
                off[class].add(bin[class] * (most * most));
            }
        }
        ModelSums {
            model: self,
            squares: self.placements.squares(),
            off: off.map(|squares| squares.value().sqrt()),
        }
    }
}

impl ModelSums<'_, '_> {
    fn estimate(&self) -> AucEstimate {
        self.model.placements.estimate(self.squares)
    }

    fn is_exact(&self) -> bool {
        // A bin of several scores of one class leaves nothing open.
        self.off.iter().all(|&off| off <= 0.0)
    }

    fn bounds(&self) -> AucBounds {
        let estimate = self.estimate();
        if self.is_exact() {
            return AucBounds {
                auc: known(estimate.auc()),
                standard_error: known(estimate.standard_error()),
            };
        }
        let n_rows = self.model.placements.n_rows().map(|n_rows| n_rows as f64);
        let [mut least, mut most] = [0.0; 2];
        for class in [0, 1] {
            let [low, high] = squares_within(self.squares[class], self.off[class]);
            least += mean_variance(low, n_rows[class]);
            most += mean_variance(high, n_rows[class]);
        }
        let auc = self.model.table.roc_auc_bounds();
        AucBounds {
            auc: auc.expect("both classes have rows"),
            standard_error: standard_error(least, most),
        }
    }
}
