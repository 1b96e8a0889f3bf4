//! Opens what a path names, to be read from its start to its end or at positions.
//!
//! Directories are errors.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use crate::{Error, Result, is_read_once};

/// Opens a file to be read from its start to its end, or stdin for `-`; the size of a file that has one.
pub(crate) fn open_stream(path: &Path) -> Result<(Box<dyn Read + Send>, Option<u64>)> {
    // A socket cannot be opened by its path.
    let is_stdin = path == Path::new("/dev/stdin") && is_read_once(path);
    if path == Path::new("-") || is_stdin {
        return Ok((Box::new(io::stdin()), None));
    }
    let (file, n_bytes) = open_file(path)?;
    Ok((Box::new(file), n_bytes))
}

/// Opens a file, and its size if it has one.
pub(crate) fn open_file(path: &Path) -> Result<(File, Option<u64>)> {
    let failed = |source| Error::Read {
        path: path.to_owned(),
        source,
    };
    let file = File::open(path).map_err(failed)?;
    let metadata = file.metadata().map_err(failed)?;
    if metadata.is_dir() {
        return Err(Error::Directory {
            path: path.to_owned(),
        });
    }
    let n_bytes = metadata.is_file().then_some(metadata.len());
    Ok((file, n_bytes))
}
