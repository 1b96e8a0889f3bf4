//! Resamples of a table of counts: rows that fall into the same cell are the same row, so a bootstrap draws counts, not
//! rows, and costs the same whatever their number.

use cutpoint_core::random::ChaChaStream;

/// Counts of rows in cells, in strata that are resampled each on its own.
#[derive(Debug, Clone, Copy)]
pub(super) struct Table<const CELLS: usize> {
    counts: [u64; CELLS],
    /// The stratum of each cell.
    strata: [usize; CELLS],
}

impl<const CELLS: usize> Table<CELLS> {
    pub(super) fn new(counts: [u64; CELLS], strata: [usize; CELLS]) -> Self {
        Self { counts, strata }
    }

    /// As many rows as each stratum has, drawn from it with replacement: multinomial counts, by one binomial a cell.
    pub(super) fn resample(&self, stream: &mut ChaChaStream) -> [u64; CELLS] {
        let mut resampled = [0; CELLS];
        for stratum in 0..CELLS {
            let mut rows = self.n_rows(stratum);
            let mut draws = rows;
            for cell in self.cells_of(stratum) {
                let count = self.counts[cell];
                if draws == 0 {
                    break;
                }
                resampled[cell] = stream.binomial(draws, share(count, rows));
                draws -= resampled[cell];
                rows -= count;
            }
        }
        resampled
    }

    /// The table without one row, for each kind of row there is, by stratum; `make` says what becomes of its counts.
    pub(super) fn without_one<T>(&self, make: impl Fn([u64; CELLS]) -> T) -> Vec<WithoutOne<T>> {
        let strata = (0..CELLS).filter(|&stratum| self.n_rows(stratum) > 0);
        let strata = strata.map(|stratum| {
            let cells = self.cells_of(stratum);
            let occupied = cells.filter(|&cell| self.counts[cell] > 0);
            let kinds = occupied.map(|cell| {
                let mut counts = self.counts;
                counts[cell] -= 1;
                (self.counts[cell], make(counts))
            });
            WithoutOne {
                n_rows: self.n_rows(stratum),
                kinds: kinds.collect(),
            }
        });
        strata.collect()
    }

    fn n_rows(&self, stratum: usize) -> u64 {
        self.cells_of(stratum).map(|cell| self.counts[cell]).sum()
    }

    fn cells_of(&self, stratum: usize) -> impl Iterator<Item = usize> {
        let strata = self.strata;
        (0..CELLS).filter(move |&cell| strata[cell] == stratum)
    }
}

/// A stratum's number of rows, and what is counted without one of so many rows of a kind.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct WithoutOne<T> {
    pub(super) n_rows: u64,
    pub(super) kinds: Vec<(u64, T)>,
}

/// A part of rows as a probability; 0 without rows.
pub(super) fn share(part: u64, rows: u64) -> f64 {
    if rows == 0 {
        0.0
    } else {
        part as f64 / rows as f64
    }
}
