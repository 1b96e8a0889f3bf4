//! A file that is read at positions, by several threads at once.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;
use std::sync::Arc;

use crate::open::open_file;
use crate::{Content, Error, Result, is_read_once};

/// An open file and its size.
#[derive(Clone)]
pub(crate) struct Positioned {
    file: Arc<File>,
    n_bytes: u64,
}

impl Positioned {
    /// Opens a file. What can only be read from its start to its end is refused, without waiting for who writes there.
    pub(crate) fn open(path: &Path) -> Result<Self> {
        if is_read_once(path) {
            return Err(Error::NoPositions {
                path: path.to_owned(),
            });
        }
        let (file, n_bytes) = open_file(path)?;
        Ok(Self {
            file: Arc::new(file),
            n_bytes: n_bytes.unwrap_or_default(),
        })
    }

    /// The size when it was opened.
    pub(crate) fn n_bytes(&self) -> u64 {
        self.n_bytes
    }

    /// The bytes from a position on, that many.
    pub(crate) fn read(&self, start: u64, n_bytes: usize) -> io::Result<Vec<u8>> {
        let mut bytes = vec![0; n_bytes];
        self.from(start).read_exact(&mut bytes)?;
        Ok(bytes)
    }

    /// The error for a file that is something else than its ending says, where its first bytes tell, or the one given.
    pub(crate) fn or_other_content(
        &self,
        path: &Path,
        expected: &'static str,
        error: Error,
    ) -> Error {
        const START: u64 = 512;
        let n_bytes = usize::try_from(self.n_bytes.min(START)).unwrap_or_default();
        let start = self.read(0, n_bytes).unwrap_or_default();
        let is_as_named = |found: Content| match found {
            Content::Parquet => expected == "Parquet",
            Content::Npy => expected == ".npy",
            _ => false,
        };
        match Content::of(&start) {
            Some(found) if !is_as_named(found) => Error::OtherContent {
                path: path.to_owned(),
                expected,
                found,
            },
            _ => error,
        }
    }

    /// A reader of the bytes from a position on.
    pub(crate) fn from(&self, position: u64) -> FromPosition {
        FromPosition {
            file: self.clone(),
            position,
        }
    }

    #[cfg(unix)]
    fn read_at(&self, bytes: &mut [u8], position: u64) -> io::Result<usize> {
        std::os::unix::fs::FileExt::read_at(&*self.file, bytes, position)
    }

    #[cfg(windows)]
    fn read_at(&self, bytes: &mut [u8], position: u64) -> io::Result<usize> {
        // It moves the file's own position, which nobody here uses.
        std::os::windows::fs::FileExt::seek_read(&*self.file, bytes, position)
    }
}

/// The bytes of a file from a position on.
pub(crate) struct FromPosition {
    file: Positioned,
    position: u64,
}

impl Read for FromPosition {
    fn read(&mut self, bytes: &mut [u8]) -> io::Result<usize> {
        let n_read = self.file.read_at(bytes, self.position)?;
        self.position += n_read as u64;
        Ok(n_read)
    }
}
