//! The byte form of a partial sweep: the scores of its bins, and what is counted and costs at its edges, to the bit.
//! That of a builder, whose rows may not all have come, is in `builder`.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use crate::Sweep;
use crate::bytes::Checked;
use crate::compensated::CompensatedSum;
use crate::key::{is_score, key_of};
use crate::partial::PartialSweep;
use crate::partial::bins::Cell;
use crate::partial::costs::{ClassCosts, CostColumns, CostSums};

#[derive(Serialize, Deserialize)]
struct PartialBytes<'s> {
    lowest: Cow<'s, [f64]>,
    /// `None` if every bin is one score.
    highest: Option<Cow<'s, [f64]>>,
    n_samples: Option<usize>,
    cells: CellBytes,
    costs: Option<CostBytes<'s>>,
}

/// Positive and negative rows, one pair a bin.
#[derive(Serialize, Deserialize)]
enum CellBytes {
    /// Those of the bin itself, which are small numbers.
    Counts(Vec<[u64; 2]>),
    /// The weights of those of the bin and above: they are not the sum of its parts to the last bit.
    Weights(Vec<[CompensatedSum; 2]>),
}

#[derive(Serialize, Deserialize)]
struct CostBytes<'s> {
    none: ClassCosts,
    sums: Cow<'s, [CostSums]>,
}

impl Serialize for PartialSweep {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let highest = self.highest.as_deref().map(Cow::Borrowed);
        let bytes = PartialBytes {
            lowest: Cow::Borrowed(self.edges.thresholds()),
            highest,
            n_samples: self.n_samples,
            cells: CellBytes::of(&self.edges),
            costs: self.costs.as_ref().map(|costs| CostBytes {
                none: costs.none(),
                sums: Cow::Borrowed(costs.edges()),
            }),
        };
        bytes.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PartialSweep {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = PartialBytes::deserialize(deserializer)?;
        of_bytes(bytes).ok_or_else(|| D::Error::custom("no bins that rows can lie in"))
    }
}

fn of_bytes(bytes: PartialBytes<'_>) -> Option<PartialSweep> {
    let lowest = bytes.lowest.into_owned();
    let highest = bytes.highest.map(Cow::into_owned);
    let n_samples = bytes.n_samples;
    if !are_bins(highest.as_deref().unwrap_or(&lowest), &lowest) || !n_samples.is_amount() {
        return None;
    }
    let highest = highest.filter(|highest| *highest != lowest);
    let n_bins = lowest.len();
    let edges = match bytes.cells {
        CellBytes::Counts(bins) => counted(lowest, &bins, n_samples?)?,
        CellBytes::Weights(sums) => weighted(lowest, sums, n_samples.unwrap_or(0))?,
    };
    let costs = match bytes.costs {
        Some(costs) => Some(priced(costs, n_bins)?),
        None => None,
    };
    Some(PartialSweep {
        edges,
        highest,
        n_samples,
        costs,
    })
}

/// Whether there are bins, which descend and are apart.
fn are_bins(highest: &[f64], lowest: &[f64]) -> bool {
    let ends = highest.iter().zip(lowest);
    let mut keys = ends
        .clone()
        .map(|(&highest, &lowest)| [highest, lowest].map(key_of));
    let are_scores = ends
        .flat_map(|(&highest, &lowest)| [highest, lowest])
        .all(is_score);
    let are_apart = keys.try_fold(None, |above, [first, last]| {
        (above < Some(first) && first <= last).then_some(Some(last))
    });
    !lowest.is_empty() && highest.len() == lowest.len() && are_scores && are_apart.is_some()
}

/// Edges of bins of so many positive and negative rows, none of which is empty.
fn counted(thresholds: Vec<f64>, bins: &[[u64; 2]], n_samples: usize) -> Option<Sweep> {
    let mut total = 0;
    let is_sound = bins.iter().all(|&[positives, negatives]| {
        let is_used = positives.is_amount() && negatives.is_amount() && positives + negatives > 0;
        // At most four times 2^53, so that no sum is too large.
        total += if is_used { positives + negatives } else { 0 };
        is_used && total.is_amount()
    });
    let is_whole = bins.len() == thresholds.len() && total == n_samples as u64;
    if !(is_sound && is_whole) {
        return None;
    }
    let sums = bins.iter().scan([0; 2], |sums, bin| {
        *sums = [0, 1].map(|class| sums[class] + bin[class]);
        Some(*sums)
    });
    Some(Sweep::from_counts(thresholds, sums, total, n_samples))
}

/// Edges with so much weight above each.
fn weighted(
    thresholds: Vec<f64>,
    sums: Vec<[CompensatedSum; 2]>,
    n_samples: usize,
) -> Option<Sweep> {
    let [positives, negatives] = *sums.last()?;
    let total = positives.plus(negatives).value();
    let is_total = total > 0.0 && total <= CompensatedSum::MOST;
    let is_whole = sums.len() == thresholds.len() && is_total && are_rising(&sums, total);
    is_whole.then(|| Sweep::from_sums(thresholds, sums.into_iter(), n_samples))
}

fn priced(CostBytes { none, sums }: CostBytes<'_>, n_bins: usize) -> Option<CostColumns> {
    if sums.len() != n_bins || !none.is_finite() {
        return None;
    }
    let costs = CostColumns::of_edges(none, sums.into_owned());
    let size = costs.total().size();
    let columns = costs.edges().iter().map(CostSums::all);
    let are_sound = size.is_finite() && are_rising(&columns.collect::<Vec<_>>(), size);
    are_sound.then_some(costs)
}

/// Whether cumulative sums are sums of positive numbers: they never fall, but for what rounding may do to sums that are
/// of this size in all.
fn are_rising<const N: usize>(sums: &[[CompensatedSum; N]], size: f64) -> bool {
    /// As for bounds of the cells, far more than the digits that are lost.
    const ROUNDING: f64 = 1.0 / (1_u128 << 70) as f64;
    let slack = ROUNDING * size;
    let mut above = [CompensatedSum::default(); N];
    sums.iter().all(|sums| {
        let mut pairs = sums.iter().zip(&above);
        let is_rising = sums.is_amount() && pairs.all(|(sum, above)| sum.minus(*above) >= -slack);
        above = *sums;
        is_rising
    })
}

impl CellBytes {
    fn of(edges: &Sweep) -> Self {
        let rows = 1..edges.n_rows();
        let Some(none) = edges.counts(0) else {
            return Self::Weights(rows.map(|row| [edges.tp(row), edges.fp(row)]).collect());
        };
        let counts = rows.map_while(|row| edges.counts(row));
        let bins = counts.scan(none, |above, counts| {
            let bin = [0, 1].map(|class| counts[class] - above[class]);
            *above = counts;
            Some(bin)
        });
        Self::Counts(bins.collect())
    }
}
