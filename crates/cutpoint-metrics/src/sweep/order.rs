//! Sorts the records of one bucket, which fits into a core's cache: spreads them by their leading bits, which leaves
//! most where they belong, then puts neighbours right.

use rayon::slice::ParallelSliceMut;

use super::record::Record;

/// Slots with more records than this are sorted on their own: the last pass takes time with the square of their size.
const LARGE_SLOT: u32 = 24;

/// What a sorting thread keeps from one bucket to the next.
pub(super) struct Workspace<R> {
    sorted: Vec<R>,
    starts: Vec<u32>,
}

impl<R: Record> Workspace<R> {
    pub(super) fn new() -> Self {
        Self {
            sorted: Vec::new(),
            starts: Vec::new(),
        }
    }

    /// The records in ascending order. More than `largest` go to a general sort in parallel: so many are left together
    /// only if they lie too close to be spread.
    pub(super) fn sort(&mut self, records: &[R], largest: usize) -> &[R] {
        let n_records = records.len();
        if self.sorted.len() < n_records {
            self.sorted.resize(n_records, R::ZERO);
        }
        let sorted = &mut self.sorted[..n_records];
        if n_records > largest {
            sorted.copy_from_slice(records);
            sorted.par_sort_unstable();
        } else {
            spread(records, &mut self.starts, sorted);
            exchange_neighbours(sorted);
            insert(sorted);
        }
        sorted
    }
}

/// Copies the records to slots by their leading bits: slots are in order, records within a slot need not be, unless the
/// slot is large. There is about a slot a record.
fn spread<R: Record>(records: &[R], starts: &mut Vec<u32>, spread: &mut [R]) {
    let packed = records.iter().map(|record| record.packed());
    let (lowest, highest) = packed.fold((u64::MAX, 0), |(lowest, highest), packed| {
        (packed.min(lowest), packed.max(highest))
    });
    let n_slot_bits = usize::BITS - records.len().leading_zeros();
    let n_range_bits = u64::BITS - (highest - lowest).leading_zeros();
    let shift = n_range_bits.saturating_sub(n_slot_bits);
    let slot = |record: R| to_index((record.packed() - lowest) >> shift);

    // The start of each slot, the first left out, which then moves on to the slot's end.
    let n_slots = slot_count(highest, lowest, shift);
    starts.clear();
    starts.resize(n_slots + 1, 0);
    for &record in records {
        starts[slot(record) + 1] += 1;
    }
    let mut largest = 0;
    let mut end = 0;
    for start in starts.iter_mut() {
        largest = largest.max(*start);
        end += *start;
        *start = end;
    }
    for &record in records {
        let place = &mut starts[slot(record)];
        spread[*place as usize] = record;
        *place += 1;
    }
    if largest > LARGE_SLOT {
        let mut start = 0;
        for &end in &starts[..n_slots] {
            if end - start > LARGE_SLOT {
                spread[start as usize..end as usize].sort_unstable();
            }
            start = end;
        }
    }
}

fn slot_count(highest: u64, lowest: u64, shift: u32) -> usize {
    to_index((highest - lowest) >> shift) + 1
}

fn to_index(slot: u64) -> usize {
    usize::try_from(slot).expect("slots are about as many as records")
}

/// Carries the higher of each pair of neighbours on to the next pair, without a branch: what it leaves out of order is
/// rare enough for [`insert`], whose branches are then foreseen.
fn exchange_neighbours<R: Record>(records: &mut [R]) {
    let Some(&first) = records.first() else {
        return;
    };
    let mut highest = first;
    for place in 1..records.len() {
        let record = records[place];
        records[place - 1] = highest.min(record);
        highest = highest.max(record);
    }
    records[records.len() - 1] = highest;
}

/// Insertion sort, for records that are nearly in order.
fn insert<R: Record>(records: &mut [R]) {
    for place in 1..records.len() {
        let record = records[place];
        let mut to = place;
        while to > 0 && records[to - 1] > record {
            records[to] = records[to - 1];
            to -= 1;
        }
        records[to] = record;
    }
}

#[cfg(test)]
mod tests {
    use proptest::collection::vec;
    use proptest::prelude::*;

    use super::*;

    const LARGEST: usize = 200;

    #[track_caller]
    fn check<R: Record + std::fmt::Debug>(records: &[R]) {
        let mut expected = records.to_vec();
        expected.sort();
        let mut workspace = Workspace::new();
        // What an earlier bucket has left behind does no harm.
        workspace.sort(&[R::ZERO; 300], usize::MAX);
        assert_eq!(workspace.sort(records, LARGEST), expected);
        assert_eq!(workspace.sort(records, usize::MAX), expected);
    }

    fn packed() -> impl Strategy<Value = u64> {
        prop_oneof![
            4 => any::<u64>(),
            4 => 0_u64..1000,
            1 => Just(u64::MAX),
            1 => (u64::MAX - 5)..,
            1 => (1_u64 << 40)..(1 << 41),
        ]
    }

    proptest! {
        #[test]
        fn buckets_come_out_sorted(records in vec(packed(), 1..400)) {
            check(&records);
        }

        #[test]
        fn tied_records_are_sorted_by_weight(records in vec((0_u64..9, any::<u64>()), 1..400)) {
            check(&records);
        }
    }

    #[test]
    fn one_stray_record_does_not_matter() {
        let mut records = (0..150).rev().collect::<Vec<u64>>();
        records.push(u64::MAX);
        check(&records);
        check(&[7_u64; 100]);
        check(&[3_u64]);
    }
}
