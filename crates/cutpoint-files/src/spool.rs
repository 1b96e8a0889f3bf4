//! Rows that wait until it is known what they are written as: in memory while they are few, then in a file that has no
//! name.

use std::io::{self, BufRead, BufReader, BufWriter, Read, Seek, SeekFrom, Write};
use std::path::PathBuf;

use tempfile::SpooledTempFile;

use crate::{Error, Output, Result};

/// Bytes that wait in memory at most.
const IN_MEMORY: usize = 1 << 22;

/// Bytes that are put one after the other, and read when all are there.
///
/// The file, if there is one, is beside the output, where there has to be room for as much, and goes with this.
pub(crate) struct Spool {
    writer: BufWriter<SpooledTempFile>,
    /// What the bytes are for.
    path: PathBuf,
}

/// The bytes of a [`Spool`], from the first on.
pub(crate) struct SpoolReader {
    reader: BufReader<SpooledTempFile>,
    path: PathBuf,
}

impl Spool {
    /// An empty one, of what is to become an output.
    pub(crate) fn beside(output: &Output) -> Self {
        let file = match output.directory() {
            Some(directory) => tempfile::spooled_tempfile_in(IN_MEMORY, directory),
            None => tempfile::spooled_tempfile(IN_MEMORY),
        };
        Self {
            writer: BufWriter::new(file),
            path: output.path().to_owned(),
        }
    }

    /// Appends bytes that are told from those after them.
    pub(crate) fn put(&mut self, bytes: &[u8]) -> Result<()> {
        let length = (bytes.len() as u64).to_le_bytes();
        let written = self.writer.write_all(&length);
        let written = written.and_then(|()| self.writer.write_all(bytes));
        written.map_err(|source| failed(&self.path, source))
    }

    /// Goes back to the start.
    pub(crate) fn read(self) -> Result<SpoolReader> {
        let path = self.path;
        let file = self.writer.into_inner();
        let file = file.map_err(io::IntoInnerError::into_error);
        let file = file.and_then(|mut file| {
            file.seek(SeekFrom::Start(0))?;
            Ok(file)
        });
        match file {
            Ok(file) => Ok(SpoolReader {
                reader: BufReader::new(file),
                path,
            }),
            Err(source) => Err(failed(&path, source)),
        }
    }
}

impl SpoolReader {
    /// Reads the next bytes that were put into `bytes`, instead of what is there; whether there were some.
    pub(crate) fn next(&mut self, bytes: &mut Vec<u8>) -> Result<bool> {
        bytes.clear();
        let read = self.try_next(bytes);
        read.map_err(|source| failed(&self.path, source))
    }

    fn try_next(&mut self, bytes: &mut Vec<u8>) -> io::Result<bool> {
        if self.reader.fill_buf()?.is_empty() {
            return Ok(false);
        }
        let mut length = [0; 8];
        self.reader.read_exact(&mut length)?;
        let length = u64::from_le_bytes(length);
        let got = (&mut self.reader).take(length).read_to_end(bytes)?;
        if got as u64 == length {
            Ok(true)
        } else {
            Err(io::ErrorKind::UnexpectedEof.into())
        }
    }
}

fn failed(path: &std::path::Path, source: io::Error) -> Error {
    Error::Write {
        path: path.to_owned(),
        source,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_put_is_read_again_from_memory_and_from_a_file() {
        let directory = tempfile::tempdir().unwrap();
        let output = Output::create(&directory.path().join("out.csv")).unwrap();
        for n_pieces in [0, 3, 100_000] {
            let piece = |index: usize| "x".repeat(index % 200);
            let mut spool = Spool::beside(&output);
            for index in 0..n_pieces {
                spool.put(piece(index).as_bytes()).unwrap();
            }
            let mut reader = spool.read().unwrap();
            let mut bytes = Vec::new();
            for index in 0..n_pieces {
                assert!(reader.next(&mut bytes).unwrap());
                assert_eq!(bytes, piece(index).as_bytes());
            }
            assert!(!reader.next(&mut bytes).unwrap());
        }
        drop(output);
        assert_eq!(directory.path().read_dir().unwrap().count(), 0);
    }
}
