//! Deals rows out to buckets that follow each other in score, without putting the rows of a bucket in order. It knows
//! neither classes nor weights.

use std::slice::IterMut;

use rayon::prelude::*;

use super::binning::{Binning, Chosen, N_BINS, choose};
use super::memory::zeroed;
use super::order::Workspace;
use super::record::{Record, Rows, Sign};

/// The sizes that decide how the work is cut. None of them changes a result.
#[derive(Debug, Clone, Copy)]
pub(super) struct Plan {
    /// Below this many rows, all of one sign are one bucket.
    pub(super) partition_from: usize,
    /// Rows that one thread takes at a time.
    pub(super) chunk_rows: usize,
    /// Rows that a bucket should have.
    pub(super) bucket_rows: usize,
    /// Rows from which on a bucket is sorted by all threads.
    pub(super) largest_bucket: usize,
}

impl Plan {
    /// Chunks for the threads of the current pool, buckets for the caches of its cores.
    pub(super) fn new(n_rows: usize) -> Self {
        /// Fewer rows than this are sorted before the bins of a partition are counted.
        const PARTITION_FROM: usize = 1 << 15;
        /// Chunks a thread: more even out what threads wait for each other.
        const CHUNKS_A_THREAD: usize = 4;
        /// A chunk with fewer rows than there are bins spends its time on bins.
        const CHUNK_ROWS: (usize, usize) = (1 << 17, 1 << 31);
        /// Few enough buckets that a line of each stays in the first cache while rows are dealt out.
        const N_BUCKETS: usize = 512;
        /// A bucket of this many rows and its copy stay in the second cache while it is sorted.
        const BUCKET_ROWS: (usize, usize) = (1 << 11, 1 << 15);

        let n_chunks = CHUNKS_A_THREAD * rayon::current_num_threads();
        Self {
            partition_from: PARTITION_FROM,
            chunk_rows: n_rows.div_ceil(n_chunks).clamp(CHUNK_ROWS.0, CHUNK_ROWS.1),
            bucket_rows: (n_rows / N_BUCKETS).clamp(BUCKET_ROWS.0, BUCKET_ROWS.1),
            largest_bucket: 4 * BUCKET_ROWS.1,
        }
    }
}

/// Records in buckets: every score of a bucket is below every score of the bucket before it.
pub(super) struct Buckets<R> {
    records: Vec<R>,
    spans: Vec<Span>,
    plan: Plan,
}

/// The records of one bucket, at least one, and the sign of all their scores.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Span {
    pub(super) n_rows: usize,
    pub(super) sign: Sign,
}

impl<R: Record> Buckets<R> {
    /// Deals out all rows.
    pub(super) fn new<T: Rows<Record = R>>(rows: &T, plan: Plan) -> Self {
        let (records, spans) = if rows.n_rows() < plan.partition_from {
            by_sign(rows)
        } else {
            match choose(rows) {
                Chosen::ByKey(binning) => partition(rows, plan, binning),
                Chosen::ByValue(binning) => partition(rows, plan, binning),
            }
        };
        Self {
            records,
            spans,
            plan,
        }
    }

    pub(super) fn n_rows(&self) -> usize {
        self.records.len()
    }

    pub(super) fn spans(&self) -> &[Span] {
        &self.spans
    }

    /// Something of the records of each bucket, which are in no order.
    pub(super) fn map<T: Send>(&self, of_bucket: impl Fn(&[R]) -> T + Sync) -> Vec<T> {
        let mut rest = &self.records[..];
        let buckets = self.spans.iter().map(|span| {
            let (bucket, others) = rest.split_at(span.n_rows);
            rest = others;
            bucket
        });
        let buckets = buckets.collect::<Vec<_>>();
        if self.is_small() {
            buckets.into_iter().map(of_bucket).collect()
        } else {
            let buckets = buckets.into_par_iter();
            buckets.map(&of_bucket).collect()
        }
    }

    /// Something of each bucket and of what belongs to it, by way of a sorter. The records may be overwritten.
    pub(super) fn map_sorted<I: Send, T: Send>(
        &mut self,
        items: impl IntoIterator<Item = I>,
        of_bucket: impl Fn(&mut Sorter<R>, &mut [R], I) -> T + Sync,
    ) -> Vec<T> {
        let is_small = self.is_small();
        let mut rest = &mut self.records[..];
        let buckets = self.spans.iter().zip(items).map(|(span, item)| {
            let (bucket, others) = std::mem::take(&mut rest).split_at_mut(span.n_rows);
            rest = others;
            (bucket, item)
        });
        let buckets = buckets.collect::<Vec<_>>();
        let sorter = || Sorter {
            workspace: Workspace::new(),
            largest: self.plan.largest_bucket,
        };
        if is_small {
            let mut sorter = sorter();
            let buckets = buckets.into_iter();
            buckets
                .map(|(bucket, item)| of_bucket(&mut sorter, bucket, item))
                .collect()
        } else {
            let buckets = buckets.into_par_iter();
            buckets
                .map_init(sorter, |sorter, (bucket, item)| {
                    of_bucket(sorter, bucket, item)
                })
                .collect()
        }
    }

    pub(super) fn into_records(self) -> Vec<R> {
        self.records
    }

    /// Whether waking other threads takes longer than the work.
    fn is_small(&self) -> bool {
        self.records.len() < self.plan.partition_from
    }
}

/// Sorts buckets, one after the other.
pub(super) struct Sorter<R> {
    workspace: Workspace<R>,
    largest: usize,
}

impl<R: Record> Sorter<R> {
    /// The records in ascending order, which is descending in score.
    pub(super) fn sort(&mut self, records: &[R]) -> &[R] {
        self.workspace.sort(records, self.largest)
    }
}

/// Two buckets at most.
fn by_sign<T: Rows>(rows: &T) -> (Vec<T::Record>, Vec<Span>) {
    let mut records = Vec::with_capacity(rows.n_rows());
    let mut negative = Vec::new();
    for (score, record) in rows.range(0..rows.n_rows()) {
        match Sign::of(score) {
            Sign::Positive => records.push(record),
            Sign::Negative => negative.push(record),
        }
    }
    let sizes = [
        (records.len(), Sign::Positive),
        (negative.len(), Sign::Negative),
    ];
    records.append(&mut negative);
    (records, spans(sizes))
}

fn spans(sizes: impl IntoIterator<Item = (usize, Sign)>) -> Vec<Span> {
    let spans = sizes
        .into_iter()
        .map(|(n_rows, sign)| Span { n_rows, sign });
    spans.filter(|span| span.n_rows > 0).collect()
}

fn partition<T: Rows>(rows: &T, plan: Plan, binning: impl Binning) -> (Vec<T::Record>, Vec<Span>) {
    let n_rows = rows.n_rows();
    let chunks = (0..n_rows)
        .step_by(plan.chunk_rows)
        .map(|start| start..n_rows.min(start + plan.chunk_rows))
        .collect::<Vec<_>>();
    let histograms = chunks
        .par_iter()
        .map(|chunk| histogram(rows.range(chunk.clone()).map(|(score, _)| score), binning))
        .collect::<Vec<_>>();
    let layout = Layout::new(&histograms, plan.bucket_rows, binning.bin(0.0));

    // A bucket's rows lie together, those of the first chunk first: each chunk writes to places of its own.
    let sizes = histograms
        .par_iter()
        .map(|histogram| layout.sizes(histogram))
        .collect::<Vec<_>>();
    let mut records = zeroed::<T::Record>(n_rows);
    let mut places = chunks
        .iter()
        .map(|_| Vec::<IterMut<'_, T::Record>>::with_capacity(layout.n_buckets()))
        .collect::<Vec<_>>();
    let mut rest = &mut records[..];
    let mut bucket_sizes = Vec::with_capacity(layout.n_buckets());
    for bucket in 0..layout.n_buckets() {
        let mut n_rows = 0;
        for (places, sizes) in places.iter_mut().zip(&sizes) {
            let (place, others) = std::mem::take(&mut rest).split_at_mut(sizes[bucket]);
            rest = others;
            n_rows += place.len();
            places.push(place.iter_mut());
        }
        bucket_sizes.push((n_rows, layout.sign(bucket)));
    }
    let work = chunks.into_par_iter().zip(places);
    work.with_max_len(1).for_each(|(chunk, mut places)| {
        for (score, record) in rows.range(chunk) {
            let bucket = layout.bucket(binning.bin(score));
            *places[bucket].next().expect("rows were counted before") = record;
        }
    });
    (records, spans(bucket_sizes))
}

/// Rows in each bin.
fn histogram(scores: impl Iterator<Item = f64>, binning: impl Binning) -> Vec<u32> {
    let mut counts = vec![0_u32; N_BINS];
    let bins: &mut [u32; N_BINS] = counts.as_mut_slice().try_into().expect("so many were made");
    for score in scores {
        bins[binning.bin(score)] += 1;
    }
    counts
}

/// Which bins make up which bucket.
struct Layout {
    buckets: Box<[u16; N_BINS]>,
    /// The first bin of each bucket, and the end of the last.
    first_bins: Vec<usize>,
    first_negative_bin: usize,
}

impl Layout {
    /// Fills buckets with bins in order until the next bin is too much; the first bin of negative scores starts anew.
    fn new(histograms: &[Vec<u32>], bucket_rows: usize, zero_bin: usize) -> Self {
        let mut totals = vec![0; N_BINS];
        for histogram in histograms {
            for (total, &count) in totals.iter_mut().zip(histogram) {
                *total += count as usize;
            }
        }
        let first_negative_bin = zero_bin + 1;
        let mut buckets = vec![0_u16; N_BINS];
        let mut first_bins = vec![0];
        let mut n_rows = 0;
        for (bin, (bucket, total)) in buckets.iter_mut().zip(totals).enumerate() {
            let is_full = n_rows > 0 && n_rows + total > bucket_rows;
            if is_full || bin == first_negative_bin {
                first_bins.push(bin);
                n_rows = 0;
            }
            n_rows += total;
            *bucket = u16::try_from(first_bins.len() - 1).expect("no more buckets than bins");
        }
        first_bins.push(N_BINS);
        Self {
            buckets: buckets.try_into().expect("one a bin"),
            first_bins,
            first_negative_bin,
        }
    }

    fn n_buckets(&self) -> usize {
        self.first_bins.len() - 1
    }

    #[inline]
    fn bucket(&self, bin: usize) -> usize {
        usize::from(self.buckets[bin])
    }

    fn sign(&self, bucket: usize) -> Sign {
        if self.first_bins[bucket] < self.first_negative_bin {
            Sign::Positive
        } else {
            Sign::Negative
        }
    }

    /// Rows of a chunk in each bucket.
    fn sizes(&self, histogram: &[u32]) -> Vec<usize> {
        let bins = self.first_bins.windows(2);
        bins.map(|bins| {
            let counts = histogram[bins[0]..bins[1]].iter();
            counts.map(|&count| count as usize).sum()
        })
        .collect()
    }
}
