//! The byte form of a builder: how its bins are cut, and what they hold to the bit. Rows that wait are added first.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de::Error as _};

use super::{PartialSweepBuilder, Priced, Store};
use crate::bytes::Checked;
use crate::compensated::CompensatedSum;
use crate::partial::bins::{Amount, Bin};
use crate::partial::costs::PricedSum;
use crate::partial::kept::{Gathered, Kept};
use crate::partial::limits::{Limits, check_memory};
use crate::partial::range::KeyRanges;
use crate::partial::rows::{Accumulator, Row, WeightedRow};
use crate::sweep::PackedRows;

#[derive(Serialize, Deserialize)]
struct BuilderBytes<'b> {
    memory: usize,
    ranges: Cow<'b, KeyRanges>,
    store: StoreBytes<'b>,
}

#[derive(Serialize, Deserialize)]
enum StoreBytes<'b> {
    Counts(RowsBytes<'b, u64>),
    Weights(RowsBytes<'b, WeightedRow>),
    Costs {
        bins: BinsBytes<'b, PricedSum>,
        is_weighted: bool,
        none: [CompensatedSum; 2],
    },
}

/// Rows as they are, or their bins.
#[derive(Serialize, Deserialize)]
#[serde(bound(
    serialize = "R::Record: Serialize, R::Amount: Serialize",
    deserialize = "R::Record: Deserialize<'de>, R::Amount: Deserialize<'de>"
))]
enum RowsBytes<'b, R: Kept> {
    Kept {
        not_negative: Cow<'b, [R::Record]>,
        negative: Cow<'b, [R::Record]>,
    },
    Binned(BinsBytes<'b, R::Amount>),
}

impl<'b, R: Kept> RowsBytes<'b, R> {
    fn of(rows: &'b Gathered<R>) -> Self {
        match rows {
            Gathered::Kept(kept) => Self::Kept {
                not_negative: Cow::Borrowed(&kept.rows().not_negative),
                negative: Cow::Borrowed(&kept.rows().negative),
            },
            Gathered::Binned(accumulator) => Self::Binned(BinsBytes::of(accumulator)),
        }
    }

    /// The rows, if a builder of so much memory can have gathered them.
    fn into_rows(self, memory: usize, ranges: &KeyRanges) -> Option<Gathered<R>> {
        match self {
            Self::Kept {
                not_negative,
                negative,
            } => {
                let rows = PackedRows {
                    not_negative: not_negative.into_owned(),
                    negative: negative.into_owned(),
                };
                Gathered::of_rows(memory, ranges, rows)
            }
            Self::Binned(bins) => bins.into_rows(memory, ranges).map(Gathered::Binned),
        }
    }
}

#[derive(Serialize, Deserialize)]
struct BinsBytes<'b, A: Amount> {
    n_bits: u32,
    n_rows: usize,
    bins: Cow<'b, [Bin<A>]>,
}

impl<'b, A: Amount> BinsBytes<'b, A> {
    fn of<R: Row<Amount = A>>(rows: &'b Accumulator<R>) -> Self {
        let (n_bits, n_rows, bins) = rows.settled();
        Self {
            n_bits,
            n_rows,
            bins: Cow::Borrowed(bins),
        }
    }

    /// The rows, if a builder of so much memory can have made these bins.
    fn into_rows<R: Row<Amount = A>>(
        self,
        memory: usize,
        ranges: &KeyRanges,
    ) -> Option<Accumulator<R>> {
        let limits = Limits::of::<A>(memory);
        let bins = self.bins.into_owned();
        Accumulator::of_bins(limits, ranges.clone(), self.n_bits, self.n_rows, bins)
    }
}

impl Serialize for PartialSweepBuilder {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        if !self.is_settled() {
            let mut settled = self.clone();
            settled.settle();
            return settled.serialize(serializer);
        }
        let bytes = BuilderBytes {
            memory: self.memory,
            ranges: Cow::Borrowed(&self.ranges),
            store: match &self.store {
                Store::Counts(rows) => StoreBytes::Counts(RowsBytes::of(rows)),
                Store::Weights(rows) => StoreBytes::Weights(RowsBytes::of(rows)),
                Store::Costs(priced) => StoreBytes::Costs {
                    bins: BinsBytes::of(&priced.rows),
                    is_weighted: priced.is_weighted,
                    none: priced.none,
                },
            },
        };
        bytes.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for PartialSweepBuilder {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let bytes = BuilderBytes::deserialize(deserializer)?;
        of_bytes(bytes).ok_or_else(|| D::Error::custom("no bins that a builder can have made"))
    }
}

fn of_bytes(bytes: BuilderBytes<'_>) -> Option<PartialSweepBuilder> {
    let BuilderBytes {
        memory,
        ranges,
        store,
    } = bytes;
    let ranges = ranges.into_owned();
    if check_memory(memory).is_err() || !ranges.is_valid() {
        return None;
    }
    let store = match store {
        StoreBytes::Counts(rows) => Store::Counts(rows.into_rows(memory, &ranges)?),
        StoreBytes::Weights(rows) => Store::Weights(rows.into_rows(memory, &ranges)?),
        StoreBytes::Costs {
            bins,
            is_weighted,
            none,
        } if is_weighted || bins.bins.iter().all(is_counted) => Store::Costs(Priced {
            rows: bins.into_rows(memory, &ranges)?,
            is_weighted,
            none: Some(none).filter(Checked::is_finite)?,
        }),
        StoreBytes::Costs { .. } => return None,
    };
    Some(PartialSweepBuilder {
        memory,
        ranges,
        store,
    })
}

/// Whether the rows of a bin, which have no weights, are whole numbers of them.
fn is_counted(bin: &Bin<PricedSum>) -> bool {
    let rows = [bin.positives.rows, bin.negatives.rows];
    rows.iter().all(|rows| rows.value().fract() <= 0.0)
}
