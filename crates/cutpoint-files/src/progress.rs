//! How far a long job on a file has come, in numbers.

/// How far reading a file has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    rows_read: u64,
    n_rows: Option<u64>,
    bytes_read: u64,
    n_bytes: Option<u64>,
}

impl Progress {
    pub(crate) fn new(
        rows_read: u64,
        n_rows: Option<u64>,
        bytes_read: u64,
        n_bytes: Option<u64>,
    ) -> Self {
        Self {
            rows_read,
            n_rows,
            bytes_read,
            n_bytes,
        }
    }

    /// Rows handed on so far.
    pub fn rows_read(&self) -> u64 {
        self.rows_read
    }

    /// Rows in all, where the file tells beforehand; CSV does not.
    pub fn n_rows(&self) -> Option<u64> {
        self.n_rows
    }

    /// Bytes behind the reader so far; never less than what was handed on takes.
    pub fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Bytes in all, unless the file is a pipe.
    pub fn n_bytes(&self) -> Option<u64> {
        self.n_bytes
    }
}
