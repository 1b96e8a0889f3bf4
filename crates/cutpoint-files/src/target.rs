//! Which file a path leads to, so that two paths can be told to be one file.
//!
//! A file that is asked about is neither read nor made.

use std::fs::{self, Metadata};
use std::io;
use std::path::{Path, PathBuf};

/// Symbolic links followed before they are taken for a loop; Linux gives up at the same number.
const MAX_LINKS: usize = 40;

/// The file that a path leads to: the same however the path is written, through whatever links, whether the file
/// exists or not.
///
/// A terminal or a device such as `/dev/null` is the same as nothing else: two outputs may go there.
///
/// # Examples
/// ```
/// use cutpoint_files::Target;
///
/// let directory = tempfile::tempdir()?;
/// let of = |name: &str| Target::of(&directory.path().join(name));
/// assert!(of("scores.csv").is(&of("./scores.csv")));
/// assert!(!of("scores.csv").is(&of("sweep.csv")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, Default)]
pub struct Target {
    /// What tells the file from all others, links included, if it exists.
    id: Option<(u64, u64)>,
    /// Its resolved name, if it is a file in a directory, or may become one.
    place: Option<PathBuf>,
}

impl Target {
    /// The file that a path leads to.
    pub fn of(path: &Path) -> Self {
        match fs::metadata(path) {
            Ok(there) => Self {
                id: id(&there),
                place: (there.is_file())
                    .then(|| fs::canonicalize(path).ok())
                    .flatten(),
            },
            Err(_) => Self {
                id: None,
                place: place_of_new(path),
            },
        }
    }

    /// What stdin reads from.
    #[must_use]
    pub fn stdin() -> Self {
        Self::of_descriptor(&io::stdin())
    }

    /// What stdout writes to.
    #[must_use]
    pub fn stdout() -> Self {
        Self::of_descriptor(&io::stdout())
    }

    #[cfg(unix)]
    fn of_descriptor(stream: &impl std::os::fd::AsFd) -> Self {
        let file = stream.as_fd().try_clone_to_owned().map(fs::File::from);
        let there = file.and_then(|file| file.metadata());
        Self {
            id: there.ok().as_ref().and_then(id),
            place: None,
        }
    }

    #[cfg(not(unix))]
    fn of_descriptor<T>(_: &T) -> Self {
        Self::default()
    }

    /// Whether both are one file.
    #[must_use]
    pub fn is(&self, other: &Self) -> bool {
        (self.id.is_some() && self.id == other.id)
            || (self.place.is_some() && self.place == other.place)
    }
}

/// Whether what a path leads to can be read only once: stdin, a pipe, a terminal. A file can be read again and again,
/// and so can `/dev/stdin` where a shell leads a file there.
///
/// # Examples
/// ```
/// assert!(cutpoint_files::is_read_once("-".as_ref()));
/// assert!(!cutpoint_files::is_read_once("scores.csv".as_ref()));
/// ```
#[must_use]
pub fn is_read_once(path: &Path) -> bool {
    let is_stream = |there: Metadata| !there.is_file() && !there.is_dir();
    path == Path::new("-") || fs::metadata(path).is_ok_and(is_stream)
}

/// What tells a file from all others. Files and pipes hold what is written to them; terminals and devices do not.
#[cfg(unix)]
fn id(there: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::{FileTypeExt, MetadataExt};
    let holds = there.is_file() || there.file_type().is_fifo();
    holds.then(|| (there.dev(), there.ino()))
}

#[cfg(not(unix))]
fn id(_: &Metadata) -> Option<(u64, u64)> {
    None
}

/// The resolved name of a file that does not exist yet.
fn place_of_new(path: &Path) -> Option<PathBuf> {
    let target = behind_links(path).ok()?;
    let name = target.file_name()?;
    let directory = directory_of(&target);
    // A directory that is missing is an error of its own, once the file is to be made.
    let directory = fs::canonicalize(directory).unwrap_or_else(|_| directory.to_owned());
    Some(directory.join(name))
}

/// Whether the path stands for a file that the process has open already.
pub(crate) fn is_descriptor(path: &Path) -> bool {
    ["/dev/fd", "/proc/self/fd"]
        .iter()
        .any(|directory| path.parent() == Some(Path::new(directory)))
        || ["/dev/stdin", "/dev/stdout", "/dev/stderr"]
            .iter()
            .any(|stream| path == Path::new(stream))
}

/// The file that a path leads to, whether it exists or not.
pub(crate) fn behind_links(path: &Path) -> io::Result<PathBuf> {
    let mut target = path.to_owned();
    for _ in 0..MAX_LINKS {
        match fs::read_link(&target) {
            Ok(next) => target = directory_of(&target).join(next),
            // No link, or nothing there: this is the name to take.
            Err(_) => return Ok(target),
        }
    }
    Err(io::Error::other("too many symbolic links"))
}

pub(crate) fn directory_of(path: &Path) -> &Path {
    match path.parent() {
        Some(parent) if parent != Path::new("") => parent,
        _ => Path::new("."),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[cfg(unix)]
    #[test]
    fn one_file_by_many_names() {
        use std::os::unix::fs::symlink;

        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::create_dir(path("d")).unwrap();
        fs::write(path("there"), "").unwrap();
        fs::hard_link(path("there"), path("hard")).unwrap();
        symlink("there", path("soft")).unwrap();
        symlink("new", path("dangling")).unwrap();
        symlink(".", path("here")).unwrap();
        let is = |left: &str, right: &str| Target::of(&path(left)).is(&Target::of(&path(right)));
        for same in [
            "there",
            "./there",
            "d/../there",
            "hard",
            "soft",
            "here/soft",
        ] {
            assert!(is("there", same), "{same}");
        }
        for same in ["new", "./new", "d/../new", "dangling", "here/new"] {
            assert!(is("new", same), "{same}");
        }
        for other in ["new2", "d/new", "there", "missing/new"] {
            assert!(!is("new", other), "{other}");
        }
        let null = Target::of(Path::new("/dev/null"));
        assert!(!null.is(&null));
    }
}
