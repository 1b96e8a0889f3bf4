//! Reads and writes real files, from outside the crate.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests fails where it stands, like a test"
)]

mod bad_input;
mod categories;
mod class_scores;
mod curve_scores;
mod fields;
mod model;
mod mutations;
mod npy;
mod operating_point;
mod output;
mod parquet;
mod round_trip;
mod rows;
mod score_reader;
mod written;

use std::path::{Path, PathBuf};

use cutpoint_files::Error;
use tempfile::TempDir;

/// A directory of its own for each test.
struct Sandbox(TempDir);

impl Sandbox {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        std::fs::write(&path, content).unwrap();
        path
    }

    /// Names of all files, sorted; hidden ones too.
    fn listing(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names = names.collect::<Vec<_>>();
        names.sort();
        names
    }
}

/// A file of `tests/golden/files`.
fn golden_file(name: &str) -> PathBuf {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../tests");
    tests.join("golden/files").join(name)
}

/// The message of an error with its source, less the path.
fn message(error: &Error, path: &Path) -> String {
    let message = match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    };
    message.replace(&path.display().to_string(), "FILE")
}
