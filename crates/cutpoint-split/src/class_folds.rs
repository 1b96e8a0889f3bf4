//! The folds of the rows of a class, packed: as many bits a row as tell the folds apart. How many rows each fold gets
//! is decided in `fold`.

use cutpoint_core::random::RandomStream;
use serde::{Deserialize, Serialize};

/// The fold of the first row of a class, of the second and so on, in 1, 2, 4, 8 or 16 bits each.
///
/// # Shapes
/// As many folds as the class has rows.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "Packed")]
pub struct ClassFolds {
    n_rows: usize,
    n_bits: usize,
    bytes: Vec<u8>,
}

/// Folds as they are read.
#[derive(Deserialize)]
struct Packed {
    n_rows: usize,
    n_bits: usize,
    bytes: Vec<u8>,
}

impl TryFrom<Packed> for ClassFolds {
    type Error = &'static str;

    fn try_from(packed: Packed) -> Result<Self, &'static str> {
        let Packed {
            n_rows,
            n_bits,
            bytes,
        } = packed;
        if WIDTHS.contains(&n_bits) && n_bytes(n_rows, n_bits) == Some(bytes.len()) {
            Ok(Self {
                n_rows,
                n_bits,
                bytes,
            })
        } else {
            Err("no folds of a class")
        }
    }
}

/// Bits that a fold may take.
const WIDTHS: [usize; 5] = [1, 2, 4, 8, 16];

/// The fewest bits that tell so many folds apart; `None` for more than there are numbers.
fn width(n_splits: usize) -> Option<usize> {
    let mut widths = WIDTHS.into_iter();
    widths.find(|&n_bits| n_splits <= 1 << n_bits)
}

fn n_bytes(n_rows: usize, n_bits: usize) -> Option<usize> {
    Some(n_rows.checked_mul(n_bits)?.div_ceil(8))
}

impl ClassFolds {
    /// What the folds of so many rows take in all, in bytes, or `usize::MAX` where nothing holds them.
    pub fn n_bytes(n_rows: usize, n_splits: usize) -> usize {
        let needed = width(n_splits).and_then(|n_bits| n_bytes(n_rows, n_bits));
        needed.unwrap_or(usize::MAX)
    }

    /// So many rows in each fold, one fold after the other; `None` for more folds than 2^16.
    pub(crate) fn in_order(sizes: &[usize]) -> Option<Self> {
        let n_bits = width(sizes.len())?;
        let n_rows = sizes.iter().sum();
        let mut folds = Self {
            n_rows,
            n_bits,
            bytes: vec![0; n_bytes(n_rows, n_bits)?],
        };
        let mut row = 0;
        for (fold, &size) in sizes.iter().enumerate() {
            for _ in 0..size {
                folds.set(row, fold);
                row += 1;
            }
        }
        Some(folds)
    }

    /// Brings the folds into a random order, as the stream does with a list of them.
    pub(crate) fn shuffle(&mut self, rng: &mut impl RandomStream) {
        for last in (1..self.n_rows).rev() {
            let other = rng.index(last + 1);
            let (here, there) = (self.at(last), self.at(other));
            self.set(last, there);
            self.set(other, here);
        }
    }

    /// The fold of a row, counted from the first of its class; `None` after the last.
    pub fn get(&self, row: usize) -> Option<usize> {
        (row < self.n_rows).then(|| self.at(row))
    }

    /// Number of rows of the class.
    pub fn n_rows(&self) -> usize {
        self.n_rows
    }

    fn at(&self, row: usize) -> usize {
        if self.n_bits == 16 {
            return usize::from(u16::from_le_bytes([
                self.bytes[2 * row],
                self.bytes[2 * row + 1],
            ]));
        }
        let (byte, shift) = (row * self.n_bits / 8, row * self.n_bits % 8);
        usize::from(self.bytes[byte] >> shift) & self.mask()
    }

    fn set(&mut self, row: usize, fold: usize) {
        let [low, high, ..] = fold.to_le_bytes();
        if self.n_bits == 16 {
            self.bytes[2 * row..2 * row + 2].copy_from_slice(&[low, high]);
            return;
        }
        let [mask, ..] = self.mask().to_le_bytes();
        let (byte, shift) = (row * self.n_bits / 8, row * self.n_bits % 8);
        let byte = &mut self.bytes[byte];
        *byte = *byte & !(mask << shift) | (low & mask) << shift;
    }

    fn mask(&self) -> usize {
        (1 << self.n_bits) - 1
    }
}

#[cfg(test)]
mod tests {
    use cutpoint_core::Seed;
    use cutpoint_core::random::Purpose;

    use super::*;

    #[test]
    fn packed_folds_are_shuffled_as_a_list_of_them() {
        for (n_splits, n_bits) in [
            (2, 1),
            (3, 2),
            (5, 4),
            (16, 4),
            (17, 8),
            (256, 8),
            (300, 16),
        ] {
            let sizes = (0..n_splits).map(|fold| 1 + fold % 3).collect::<Vec<_>>();
            let each = sizes.iter().enumerate();
            let mut list = each
                .flat_map(|(fold, &size)| std::iter::repeat_n(fold, size))
                .collect::<Vec<_>>();
            let mut packed = ClassFolds::in_order(&sizes).unwrap();
            let stream = || Seed::numpy(7).stream(Purpose::new("test/class-folds"));
            packed.shuffle(&mut stream());
            stream().shuffle(&mut list);
            let found = (0..list.len()).map(|row| packed.get(row).unwrap());
            assert!(found.eq(list.iter().copied()), "{n_splits} folds");
            assert_eq!(packed.get(list.len()), None);
            let n_bytes = (list.len() * n_bits).div_ceil(8);
            assert_eq!(packed.bytes.len(), n_bytes);
            assert_eq!(ClassFolds::n_bytes(list.len(), n_splits), n_bytes);
        }
        assert_eq!(ClassFolds::n_bytes(10, 70_000), usize::MAX);
    }
}
