//! Whole rows of an `.npy` file as they stand.
//!
//! `npy_records` knows their fields.

/// Records of `.npy`, all of one size.
#[derive(Debug, Default)]
pub(crate) struct Records {
    pub(crate) bytes: Vec<u8>,
    pub(crate) size: usize,
}

impl Records {
    pub(crate) fn n_rows(&self) -> usize {
        self.bytes.len().checked_div(self.size).unwrap_or_default()
    }

    pub(crate) fn record(&self, row: usize) -> &[u8] {
        &self.bytes[row * self.size..][..self.size]
    }
}
