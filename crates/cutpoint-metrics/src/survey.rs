//! Whether scores look like what they are taken for: the probability of the positive class, or at least something that
//! rises with it. What is odd is told as data; nothing is refused, and nothing is put into words here.

use cutpoint_core::Scores;
use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::bytes::{Checked, amounts, finite};
use crate::compensated::CompensatedSum;
use crate::key::{key_of, score_of};
use crate::{PartialSweep, Sweep};

/// What is known of scores by looking at them once, with their labels.
///
/// It is the sum of what it was shown: sweeps of groups, of all rows, or rows in blocks
/// ([`ScoreSurveyBuilder`]). Pairs of rows are compared within a sweep only.
///
/// # Examples
/// ```
/// use cutpoint_core::Scores;
/// use cutpoint_metrics::{Oddity, ScoreSurvey, sweep};
///
/// // The confidence in the class that was predicted, which was wrong for the last row only.
/// let labels = vec![false, false, true, false, true, true];
/// let scores = Scores::new(labels, vec![0.95, 0.8, 0.9, 0.7, 0.6, 0.55])?;
/// let survey = ScoreSurvey::of_sweep(&sweep(&scores));
/// assert_eq!(survey.oddities(), [Oddity::NoneBelowHalf { lowest: 0.55, negatives: 0.5 }]);
/// # Ok::<(), cutpoint_core::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
pub struct ScoreSurvey {
    lowest: f64,
    highest: f64,
    /// Rows of each class; with weights, their shares of the rows there are.
    positives: f64,
    negatives: f64,
    /// Pairs of a positive and a negative row, those of them that are in order (ties half), and the variance of these
    /// if the scores said nothing.
    pairs: f64,
    in_order: f64,
    variance: f64,
    /// How many rows would be negative if the scores were probabilities, and the variance of that.
    expected_negatives: f64,
    expected_variance: f64,
}

/// Something that is odd about scores.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub enum Oddity {
    /// Some scores lie outside [0, 1], so that they are no probabilities: 0.5 is not their middle, and what follows
    /// from costs for probabilities does not follow for them.
    OutsideUnit {
        /// The lowest score.
        lowest: f64,
        /// The highest score.
        highest: f64,
    },
    /// The area under the ROC curve is below 0.5 by more than chance explains: higher scores go with the negative
    /// class.
    Reversed {
        /// The area, of rounded scores where there are many.
        auc: f64,
    },
    /// No score lies below 0.5, yet there are more negative rows than such probabilities explain: they are rather the
    /// confidence in whichever class was predicted.
    NoneBelowHalf {
        /// The lowest score.
        lowest: f64,
        /// The share of negative rows.
        negatives: f64,
    },
}

/// Rows of one class and the other whose scores are close together.
struct Block {
    lowest: f64,
    positives: f64,
    negatives: f64,
}

impl Default for ScoreSurvey {
    fn default() -> Self {
        Self {
            lowest: f64::INFINITY,
            highest: f64::NEG_INFINITY,
            positives: 0.0,
            negatives: 0.0,
            pairs: 0.0,
            in_order: 0.0,
            variance: 0.0,
            expected_negatives: 0.0,
            expected_variance: 0.0,
        }
    }
}

impl ScoreSurvey {
    /// What the table of all scores tells.
    pub fn of_sweep(sweep: &Sweep) -> Self {
        let mut survey = Self::default();
        survey.add_sweep(sweep);
        survey
    }

    /// What a sweep in bins tells.
    pub fn of_partial(partial: &PartialSweep) -> Self {
        let mut survey = Self::default();
        survey.add(partial);
        survey
    }

    /// Adds what a sweep of other rows tells.
    pub fn add(&mut self, partial: &PartialSweep) {
        let highest = (partial.n_bins() > 0).then(|| partial.bin(0).highest());
        let n_samples = partial.n_samples().unwrap_or_default();
        self.add_table(partial.edges(), highest, n_samples);
    }

    /// Adds what the table of other rows' scores tells.
    pub fn add_sweep(&mut self, sweep: &Sweep) {
        self.add_table(
            sweep,
            sweep.thresholds().first().copied(),
            sweep.n_samples(),
        );
    }

    fn add_table(&mut self, sweep: &Sweep, highest: Option<f64>, n_samples: usize) {
        /// Rounding the scores to so many ranks moves the area by less than 1/4096, whatever the size of the table.
        const BLOCKS: usize = 4096;
        let thresholds = sweep.thresholds();
        let step = thresholds.len().div_ceil(BLOCKS).max(1);
        let ends = (0..thresholds.len()).step_by(step);
        let blocks = ends.map(|start| {
            let end = thresholds.len().min(start + step);
            let (above, below) = (sweep.cells(start), sweep.cells(end));
            Block {
                lowest: thresholds[end - 1],
                positives: below.tp() - above.tp(),
                negatives: below.fp() - above.fp(),
            }
        });
        let weight = sweep.is_weighted().then_some(n_samples);
        let totals = [sweep.positives(), sweep.negatives()];
        if let (Some(&lowest), Some(highest)) = (thresholds.last(), highest) {
            self.add_blocks(blocks, totals, weight, [lowest, highest]);
        }
    }

    /// Adds rows in blocks of descending scores. `n_weighted`: how many rows there are, if they have weights.
    fn add_blocks(
        &mut self,
        blocks: impl Iterator<Item = Block>,
        [positives, negatives]: [f64; 2],
        n_weighted: Option<usize>,
        [lowest, highest]: [f64; 2],
    ) {
        /// By how much weights may raise a variance: how they differ is not known here.
        const DESIGN_EFFECT: f64 = 4.0;
        self.lowest = self.lowest.min(lowest);
        self.highest = self.highest.max(highest);
        let (mut in_order, mut fp) = (0.0, 0.0);
        let (mut expected, mut variance) = (0.0, 0.0);
        // Shares, as the products of weights may overflow.
        let total = positives / 2.0 + negatives / 2.0;
        if total <= 0.0 {
            return;
        }
        for block in blocks {
            let [share, other] = [block.positives / positives, block.negatives / negatives];
            in_order += share * (1.0 - fp - other / 2.0);
            fp += other;
            let rows = (block.positives / 2.0 + block.negatives / 2.0) / total;
            expected += rows * (1.0 - block.lowest);
            variance += rows * block.lowest * (1.0 - block.lowest);
        }
        let (n_rows, effect) = match n_weighted {
            Some(n_samples) => (n_samples as f64, DESIGN_EFFECT),
            None => (positives + negatives, 1.0),
        };
        let [m, n] = [positives, negatives].map(|rows| rows / 2.0 / total * n_rows);
        self.positives += m;
        self.negatives += n;
        self.expected_negatives += expected * n_rows;
        self.expected_variance += effect * variance * n_rows;
        if m > 0.0 && n > 0.0 {
            self.pairs += m * n;
            self.in_order += in_order.max(0.0) * m * n;
            self.variance += effect * m * n * (m + n + 1.0) / 12.0;
        }
    }

    /// What is odd about the scores; nothing if they look like probabilities of the positive class.
    ///
    /// # Formula
    /// - Reversed: of `m n` pairs of a positive and a negative row, `U` in order (ties half), with `m, n >= 2`:
    ///   ```text
    ///   m n / 2 - U  >=  1.96 sqrt(m n (m + n + 1) / 12),    or    U = 0
    ///   ```
    ///   Of groups, the sums of both sides, each variance for itself. Of weighted rows, the variance counts four times,
    ///   as weights do not tell how much they differ.
    /// - None below half: all scores `s` in `[0.5, 1]`, and `N >= 2` negative rows, which are half as many again as
    ///   such probabilities let expect, and more than chance explains:
    ///   ```text
    ///   N  >=  1.5 sum(1 - s),    N - sum(1 - s)  >=  1.28 sqrt(sum(s (1 - s)))
    ///   ```
    ///
    /// # References
    /// Mann and Whitney, 1947, *On a test of whether one of two random variables is stochastically larger than the
    /// other*, Annals of Mathematical Statistics 18, 50–60. van Elteren, 1960, *On the combination of independent two
    /// sample tests of Wilcoxon*, Bulletin of the International Statistical Institute 37, 351–361. Spiegelhalter, 1986,
    /// *Probabilistic prediction in patient management and clinical trials*, Statistics in Medicine 5, 421–433.
    pub fn oddities(&self) -> Vec<Oddity> {
        /// One in 40 of scores that say nothing is called reversed.
        const CLEARLY_REVERSED: f64 = 1.96;
        const FEWEST: f64 = 2.0;
        const EXCESS: f64 = 1.5;
        /// One in ten, of those that exceed.
        const CLEARLY_MORE: f64 = 1.28;
        let mut oddities = Vec::new();
        let (lowest, highest) = (self.lowest, self.highest);
        if lowest < 0.0 || highest > 1.0 {
            oddities.push(Oddity::OutsideUnit { lowest, highest });
        }
        let is_mixed = self.positives >= FEWEST && self.negatives >= FEWEST;
        let missing = self.pairs / 2.0 - self.in_order;
        let is_clear = missing >= CLEARLY_REVERSED * self.variance.sqrt();
        if is_mixed && self.pairs > 0.0 && (is_clear || self.in_order <= 0.0) {
            oddities.push(Oddity::Reversed {
                auc: self.in_order / self.pairs,
            });
        }
        let excess = self.negatives - self.expected_negatives;
        if is_mixed
            && lowest >= 0.5
            && highest <= 1.0
            && self.negatives >= EXCESS * self.expected_negatives
            && excess >= CLEARLY_MORE * self.expected_variance.max(0.0).sqrt()
        {
            oddities.push(Oddity::NoneBelowHalf {
                lowest,
                negatives: self.negatives / (self.positives + self.negatives),
            });
        }
        oddities
    }
}

/// Surveys rows that come block by block, for those who need no sweep, in a megabyte, or three if they have weights.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct ScoreSurveyBuilder {
    /// By the leading bits of a descending key: the rows of either class that have no weights.
    #[serde(serialize_with = "write_bins", deserialize_with = "read_bins")]
    counts: Vec<[u64; 2]>,
    /// The weights of the others, if there are any.
    #[serde(serialize_with = "write_weights", deserialize_with = "read_weights")]
    weights: Option<Vec<[CompensatedSum; 2]>>,
    #[serde(deserialize_with = "amounts")]
    n_samples: usize,
    lowest: f64,
    highest: f64,
    /// What probabilities let expect of negative rows, and its variance; bins would be too coarse for that.
    #[serde(deserialize_with = "finite")]
    expected: CompensatedSum,
    #[serde(deserialize_with = "finite")]
    variance: CompensatedSum,
}

impl Default for ScoreSurveyBuilder {
    fn default() -> Self {
        Self {
            counts: vec![[0; 2]; 1 << Self::BITS],
            weights: None,
            n_samples: 0,
            lowest: f64::INFINITY,
            highest: f64::NEG_INFINITY,
            expected: CompensatedSum::default(),
            variance: CompensatedSum::default(),
        }
    }
}

impl ScoreSurveyBuilder {
    /// Sign, exponent, and four digits of the fraction.
    const BITS: u32 = 16;

    /// Adds rows.
    pub fn add(&mut self, rows: &Scores) {
        self.n_samples += rows.n_samples();
        let labelled = rows.score().iter().zip(rows.is_positive());
        if let Some(weight) = rows.weight() {
            let weights = self.weights.get_or_insert_with(Self::no_weights);
            for ((&score, &is_positive), &weight) in labelled.zip(weight) {
                weights[Self::bin_of(score)][usize::from(!is_positive)].add(weight);
            }
        } else {
            for (&score, &is_positive) in labelled {
                self.counts[Self::bin_of(score)][usize::from(!is_positive)] += 1;
            }
        }
        self.expect(rows.score(), rows.weight().unwrap_or_default());
    }

    /// Adds what probabilities let expect of rows, whose weights are 1 if there are none.
    fn expect(&mut self, scores: &[f64], weights: &[f64]) {
        /// Sums apart, as a compensated sum waits for its step before.
        const LANES: usize = 4;
        let mut sums = [[CompensatedSum::default(); LANES]; 2];
        let (mut lowest, mut highest) = ([self.lowest; LANES], [self.highest; LANES]);
        let mut add = |lane: usize, score: f64, weight: f64| {
            let rest = 1.0 - score.clamp(0.0, 1.0);
            sums[0][lane].add_fast(weight * rest);
            sums[1][lane].add_fast(weight * rest * (1.0 - rest));
            lowest[lane] = lowest[lane].min(score);
            highest[lane] = highest[lane].max(score);
        };
        let (score_lanes, last_scores) = scores.as_chunks::<LANES>();
        let (weight_lanes, last_weights) = weights.as_chunks::<LANES>();
        for (place, scores) in score_lanes.iter().enumerate() {
            let weights = weight_lanes.get(place).unwrap_or(&[1.0; LANES]);
            for lane in 0..LANES {
                add(lane, scores[lane], weights[lane]);
            }
        }
        for (lane, &score) in last_scores.iter().enumerate() {
            add(lane, score, last_weights.get(lane).copied().unwrap_or(1.0));
        }
        for (sum, lanes) in [&mut self.expected, &mut self.variance]
            .into_iter()
            .zip(sums)
        {
            *sum = lanes.into_iter().fold(*sum, CompensatedSum::plus);
        }
        self.lowest = lowest.into_iter().fold(self.lowest, f64::min);
        self.highest = highest.into_iter().fold(self.highest, f64::max);
    }

    /// Adds rows that were added elsewhere.
    pub fn merge(&mut self, other: &Self) {
        for (own, counts) in self.counts.iter_mut().zip(&other.counts) {
            *own = [0, 1].map(|class| own[class] + counts[class]);
        }
        if let Some(weights) = &other.weights {
            let own = self.weights.get_or_insert_with(Self::no_weights);
            for (own, weights) in own.iter_mut().zip(weights) {
                *own = [0, 1].map(|class| own[class].plus(weights[class]));
            }
        }
        self.n_samples += other.n_samples;
        self.lowest = self.lowest.min(other.lowest);
        self.highest = self.highest.max(other.highest);
        self.expected = self.expected.plus(other.expected);
        self.variance = self.variance.plus(other.variance);
    }

    fn no_weights() -> Vec<[CompensatedSum; 2]> {
        vec![Default::default(); 1 << Self::BITS]
    }

    /// The rows of a bin, or their weights.
    fn bin(&self, place: usize) -> [f64; 2] {
        let counts = self.counts[place].map(|count| count as f64);
        let Some(weights) = &self.weights else {
            return counts;
        };
        let sum = |class: usize| CompensatedSum::from_parts(counts[class], 0.0);
        [0, 1].map(|class| sum(class).plus(weights[place][class]).value())
    }

    /// What the rows told.
    pub fn finish(self) -> ScoreSurvey {
        let mut survey = ScoreSurvey::default();
        if self.n_samples == 0 {
            return survey;
        }
        let bins = || (0..1 << Self::BITS).map(|place| (place, self.bin(place)));
        let totals = bins().fold([0.0; 2], |sums: [f64; 2], (_, bin)| {
            [sums[0] + bin[0], sums[1] + bin[1]]
        });
        let in_use = bins().filter(|(_, bin)| bin[0] + bin[1] > 0.0);
        let blocks = in_use.map(|(place, [positives, negatives])| Block {
            lowest: Self::lowest_of(place).max(self.lowest),
            positives,
            negatives,
        });
        let n_weighted = self.weights.is_some().then_some(self.n_samples);
        survey.add_blocks(blocks, totals, n_weighted, [self.lowest, self.highest]);
        // Weights count as shares of the rows there are.
        let total = totals[0] + totals[1];
        if total > 0.0 {
            let n_rows = survey.positives + survey.negatives;
            survey.expected_negatives = self.expected.value() / total * n_rows;
            survey.expected_variance = self.variance.value() / total * n_rows;
        }
        survey
    }

    fn bin_of(score: f64) -> usize {
        usize::try_from(key_of(score) >> (u64::BITS - Self::BITS)).expect("16 bits")
    }

    /// The lowest score of a bin.
    fn lowest_of(bin: usize) -> f64 {
        let rest = u64::MAX >> Self::BITS;
        score_of(((bin as u64) << (u64::BITS - Self::BITS)) | rest)
    }
}

/// Writes the bins that have rows, which are few, by their places.
fn write_bins<T, S>(bins: &[[T; 2]], serializer: S) -> Result<S::Ok, S::Error>
where
    T: Serialize + Default + PartialEq + Copy,
    S: Serializer,
{
    let bins = bins.iter().enumerate();
    let in_use = bins.filter(|(_, bin)| **bin != [T::default(); 2]);
    serializer.collect_seq(in_use.collect::<Vec<_>>())
}

fn read_bins<'de, T, D>(deserializer: D) -> Result<Vec<[T; 2]>, D::Error>
where
    T: Deserialize<'de> + Default + Copy + Checked,
    D: Deserializer<'de>,
{
    let mut bins = vec![[T::default(); 2]; 1 << ScoreSurveyBuilder::BITS];
    for (place, bin) in Vec::<(usize, [T; 2])>::deserialize(deserializer)? {
        match bins.get_mut(place) {
            Some(own) if bin.is_amount() => *own = bin,
            _ => return Err(D::Error::custom("no bin of a survey")),
        }
    }
    Ok(bins)
}

type Weights = Option<Vec<[CompensatedSum; 2]>>;

fn write_weights<S: Serializer>(weights: &Weights, serializer: S) -> Result<S::Ok, S::Error> {
    let has_weights = weights.is_some();
    let bins = weights.as_deref().unwrap_or_default();
    (has_weights, SparseBins(bins)).serialize(serializer)
}

struct SparseBins<'b>(&'b [[CompensatedSum; 2]]);

impl Serialize for SparseBins<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        write_bins(self.0, serializer)
    }
}

struct ReadBins(Vec<[CompensatedSum; 2]>);

impl<'de> Deserialize<'de> for ReadBins {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        read_bins(deserializer).map(Self)
    }
}

fn read_weights<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Weights, D::Error> {
    let (has_weights, ReadBins(bins)) = <(bool, ReadBins)>::deserialize(deserializer)?;
    Ok(has_weights.then_some(bins))
}
