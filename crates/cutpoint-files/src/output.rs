//! Output that appears whole or not at all.
//!
//! A file is written out of sight and takes its name only when it is complete; a run that fails, or is killed, leaves
//! what stood there before.

use std::collections::BTreeSet;
use std::fs::{self, File, OpenOptions};
use std::io::{self, BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use crate::stdout::StandardOutput;
use crate::target::{Target, behind_links, directory_of, is_descriptor};
use crate::{Error, Format, Result};

/// Bytes gathered before the operating system is asked to write them.
const BUFFER: usize = 1 << 16;
/// How the names begin that a file may have for a moment before it takes its own.
const PREFIX: &str = ".cutpoint-";

/// A place to write to: a file, stdout (`-`), or a device or pipe by its path.
///
/// - A regular file is written out of sight in the same directory and takes its name in [`Output::commit`], replacing a
///   file of that name in one step. Dropped before that, nothing has happened. On Linux it has no name at all until
///   then, so that a killed process leaves nothing either; on systems and file systems without such files, and between
///   two steps of replacing a file, one that is killed leaves a hidden `.cutpoint-….tmp`. On Linux the next output in
///   that directory removes it.
/// - What is written is on the disk before it takes its name: a machine that stops leaves the old file or the new one.
/// - A symbolic link stays; the file it leads to is replaced.
/// - A new file has the permissions every new file gets; a file that replaces another keeps that one's.
/// - `-`, devices, pipes and sockets are written as the bytes come; if `-` is a terminal,
///   [`printable`](crate::printable).
///
/// # Examples
/// ```
/// use cutpoint_files::Output;
///
/// let directory = tempfile::tempdir()?;
/// let path = directory.path().join("scores.csv");
/// let mut output = Output::create(&path)?;
/// output.put(b"y_true,y_score\n")?;
/// assert!(!path.exists());
/// output.commit()?;
/// assert_eq!(std::fs::read(&path)?, b"y_true,y_score\n");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
#[must_use = "nothing is written unless it is committed"]
pub struct Output {
    path: PathBuf,
    format: Format,
    writer: BufWriter<Sink>,
}

#[derive(Debug)]
enum Sink {
    Stdout(StandardOutput),
    /// A device, a pipe: what is written cannot be taken back.
    Direct(File),
    /// A file without a name; the kernel drops it when the process ends, however it ends.
    #[cfg(target_os = "linux")]
    Unnamed {
        file: File,
        target: PathBuf,
    },
    /// A file under another name, removed when dropped.
    Beside {
        file: tempfile::NamedTempFile,
        target: PathBuf,
    },
}

impl Output {
    /// Opens a place to write to; a table is written to it as CSV, whatever its name is. A place that cannot be written
    /// is refused here, before any work is done.
    ///
    /// # Errors
    /// - [`Error::Directory`] for a directory.
    /// - [`Error::Write`] if the directory is missing or forbids it, or the file that stands there is read-only.
    pub fn create(path: &Path) -> Result<Self> {
        let sink = open(path).map_err(|source| {
            if source.kind() == io::ErrorKind::IsADirectory {
                Error::Directory {
                    path: path.to_owned(),
                }
            } else {
                Error::Write {
                    path: path.to_owned(),
                    source,
                }
            }
        })?;
        Ok(Self {
            path: path.to_owned(),
            format: Format::Csv,
            writer: BufWriter::with_capacity(BUFFER, sink),
        })
    }

    /// Opens a place to write a table to, in the format that the ending of its name tells.
    ///
    /// # Errors
    /// Those of [`Output::create`], and [`Error::UnsupportedOutput`].
    pub fn create_table(path: &Path) -> Result<Self> {
        let format = Format::of(path).map_err(|error| match error {
            Error::UnsupportedFormat { path, ending } => Error::UnsupportedOutput { path, ending },
            other => other,
        })?;
        Ok(Self {
            format,
            ..Self::create(path)?
        })
    }

    /// Opens a place to write something to that is no table, and whose names end in one way, such as `.json`. Streams,
    /// devices and pipes have no names of their own, and take everything.
    ///
    /// # Errors
    /// Those of [`Output::create`], and [`Error::OutputEnding`]: a table that was named by mistake is not replaced.
    pub fn create_named(path: &Path, ending: &'static str) -> Result<Self> {
        let is_stream = path == Path::new("-")
            || is_descriptor(path)
            || fs::metadata(path).is_ok_and(|there| !there.is_file());
        let has_ending = path.extension().is_some_and(|found| {
            let found = found.to_str().unwrap_or_default();
            found.eq_ignore_ascii_case(ending.trim_start_matches('.'))
        });
        if !is_stream && !has_ending {
            return Err(Error::OutputEnding {
                path: path.to_owned(),
                ending,
            });
        }
        Self::create(path)
    }

    /// The format of the table to be written.
    pub(crate) fn format(&self) -> Format {
        self.format
    }

    /// Takes bytes as [`Output::put`] does, and tells what the system says.
    pub(crate) fn writer(&mut self) -> &mut impl Write {
        &mut self.writer
    }

    /// Writes bytes over those at the start; a pipe cannot do that.
    pub(crate) fn put_at_start(&mut self, bytes: &[u8]) -> Result<()> {
        let written = self.writer.flush().and_then(|()| {
            let file = match self.writer.get_mut() {
                Sink::Stdout(_) => {
                    return Err(io::Error::new(
                        io::ErrorKind::NotSeekable,
                        "stdout has no start to go back to",
                    ));
                }
                Sink::Direct(file) => file,
                #[cfg(target_os = "linux")]
                Sink::Unnamed { file, .. } => file,
                Sink::Beside { file, .. } => file.as_file_mut(),
            };
            file.seek(SeekFrom::Start(0))?;
            file.write_all(bytes)?;
            file.seek(SeekFrom::End(0))?;
            Ok(())
        });
        written.map_err(|source| self.failed(source))
    }

    /// Where the file will be, if it is none that is written as the bytes come.
    pub(crate) fn directory(&self) -> Option<&Path> {
        self.writer.get_ref().target().map(directory_of)
    }

    /// The path as it was given.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Writes bytes, after those written before.
    ///
    /// # Errors
    /// [`Error::Write`] if the system refuses, for example because the disk is full.
    pub fn put(&mut self, bytes: &[u8]) -> Result<()> {
        self.writer
            .write_all(bytes)
            .map_err(|source| self.failed(source))
    }

    /// Gives the complete file its name.
    ///
    /// # Errors
    /// [`Error::Write`] if the last bytes cannot be written or the name cannot be taken; then nothing has changed.
    pub fn commit(self) -> Result<()> {
        commit_all([self])
    }

    fn failed(&self, source: io::Error) -> Error {
        Error::Write {
            path: self.path.clone(),
            source,
        }
    }
}

/// Gives several complete files their names: all or, as far as a file system can, none.
///
/// Every byte of every file is written before the first name is taken. If a name then cannot be taken, the new names
/// taken before it are removed again; only a file that was replaced stays replaced.
///
/// # Errors
/// - [`Error::Write`] for the first file that cannot be completed.
/// - [`Error::OneTarget`] if two outputs lead to one file; then no name is taken.
pub fn commit_all(outputs: impl IntoIterator<Item = Output>) -> Result<()> {
    let mut outputs = outputs.into_iter().collect::<Vec<_>>();
    refuse_one_target(&outputs)?;
    for output in &mut outputs {
        let flushed = output.writer.flush();
        let flushed = flushed.and_then(|()| output.writer.get_ref().sync());
        flushed.map_err(|source| output.failed(source))?;
    }
    let mut appeared = Vec::new();
    let mut taken = Vec::<(PathBuf, Target)>::new();
    let mut directories = BTreeSet::new();
    for output in outputs {
        let path = output.path;
        let named = output.writer.into_inner();
        let named = named.map_err(io::IntoInnerError::into_error);
        let named = named.map_err(|source| Error::Write {
            path: path.clone(),
            source,
        });
        let named = named.and_then(|sink| {
            // Where names differ in case only, that they are one shows when the first has been taken.
            if let Some(target) = sink.target().map(Target::of)
                && let Some((first, _)) = taken.iter().find(|(_, other)| other.is(&target))
            {
                return Err(Error::OneTarget {
                    first: first.clone(),
                    second: path.clone(),
                });
            }
            let target = sink.target().map(Path::to_owned);
            let new_path = take_name(sink).map_err(|source| Error::Write {
                path: path.clone(),
                source,
            })?;
            if let Some(target) = target {
                taken.push((path, Target::of(&target)));
                directories.insert(directory_of(&target).to_owned());
            }
            Ok(new_path)
        });
        match named {
            Ok(new_path) => appeared.extend(new_path),
            Err(error) => {
                for path in appeared {
                    // The error to report is the one that led here.
                    fs::remove_file(path).ok();
                }
                return Err(error);
            }
        }
    }
    for directory in &directories {
        sync_directory(directory);
    }
    Ok(())
}

/// Puts on the disk that names were taken. Where a system cannot do that, the files are there all the same.
fn sync_directory(directory: &Path) {
    #[cfg(unix)]
    if let Ok(directory) = File::open(directory) {
        directory.sync_all().ok();
    }
    #[cfg(not(unix))]
    let _ = directory;
}

impl Sink {
    /// Waits until what was written to a file is on the disk.
    fn sync(&self) -> io::Result<()> {
        match self {
            Self::Stdout(_) | Self::Direct(_) => Ok(()),
            #[cfg(target_os = "linux")]
            Self::Unnamed { file, .. } => file.sync_all(),
            Self::Beside { file, .. } => file.as_file().sync_all(),
        }
    }

    /// The name that a file will have.
    fn target(&self) -> Option<&Path> {
        match self {
            Self::Stdout(_) | Self::Direct(_) => None,
            #[cfg(target_os = "linux")]
            Self::Unnamed { target, .. } => Some(target),
            Self::Beside { target, .. } => Some(target),
        }
    }
}

/// Refuses outputs of which a later one would replace an earlier one.
fn refuse_one_target(outputs: &[Output]) -> Result<()> {
    let mut seen = Vec::<(&Path, Target)>::new();
    for output in outputs {
        let Some(target) = output.writer.get_ref().target().map(Target::of) else {
            continue;
        };
        if let Some((first, _)) = seen.iter().find(|(_, other)| other.is(&target)) {
            return Err(Error::OneTarget {
                first: (*first).to_owned(),
                second: output.path.clone(),
            });
        }
        seen.push((&output.path, target));
    }
    Ok(())
}

impl Write for Sink {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        match self {
            Self::Stdout(stdout) => stdout.write(bytes),
            Self::Direct(file) => file.write(bytes),
            #[cfg(target_os = "linux")]
            Self::Unnamed { file, .. } => file.write(bytes),
            // The file itself: through its name, errors would tell that name.
            Self::Beside { file, .. } => file.as_file_mut().write(bytes),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Stdout(stdout) => stdout.flush(),
            // Files of the operating system hold nothing back.
            _ => Ok(()),
        }
    }
}

fn open(path: &Path) -> io::Result<Sink> {
    if path == Path::new("-") || path == Path::new("/dev/stdout") {
        return Ok(Sink::Stdout(StandardOutput::new()));
    }
    match fs::metadata(path) {
        Ok(there) if there.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(there) if !there.is_file() || is_descriptor(path) => {
            return OpenOptions::new().write(true).open(path).map(Sink::Direct);
        }
        // A file that may not be written is not replaced either, though its directory would allow it.
        Ok(_) => drop(OpenOptions::new().write(true).open(path)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(error),
    }
    let target = behind_links(path)?;
    if target.file_name().is_none() {
        return Err(io::Error::new(
            io::ErrorKind::InvalidInput,
            "the path names no file",
        ));
    }
    beside(target)
}

fn beside(target: PathBuf) -> io::Result<Sink> {
    #[cfg(target_os = "linux")]
    linux::remove_left(directory_of(&target));
    #[cfg(target_os = "linux")]
    if let Some(file) = linux::unnamed(directory_of(&target))? {
        return Ok(Sink::Unnamed { file, target });
    }
    hidden_beside(target)
}

fn hidden_beside(target: PathBuf) -> io::Result<Sink> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(".tmp");
    let mut options = OpenOptions::new();
    options.read(true).write(true).create_new(true);
    // Opened here, as tempfile would tell the hidden name in an error, and make the file readable by the owner alone: a
    // new file has the permissions that every new file gets.
    let file = builder.make_in(directory_of(&target), |path| options.open(path))?;
    #[cfg(target_os = "linux")]
    linux::hold(file.as_file());
    Ok(Sink::Beside { file, target })
}

/// Gives a complete file its name; the path is returned if it is new.
fn take_name(sink: Sink) -> io::Result<Option<PathBuf>> {
    match sink {
        Sink::Stdout(_) | Sink::Direct(_) => Ok(None),
        #[cfg(target_os = "linux")]
        Sink::Unnamed { file, target } => {
            let replaces = keep_permissions(&file, &target)?;
            linux::name(&file, &target, replaces)?;
            Ok((!replaces).then_some(target))
        }
        Sink::Beside { file, target } => {
            let replaces = keep_permissions(file.as_file(), &target)?;
            file.persist(&target).map_err(|error| error.error)?;
            Ok((!replaces).then_some(target))
        }
    }
}

/// Gives a file the permissions of the one it is about to replace; whether there is one.
fn keep_permissions(file: &File, target: &Path) -> io::Result<bool> {
    match fs::metadata(target) {
        Ok(there) => {
            file.set_permissions(there.permissions())?;
            Ok(true)
        }
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
        Err(error) => Err(error),
    }
}

#[cfg(target_os = "linux")]
mod linux {
    //! Files without a name (`O_TMPFILE`), named once they are complete (`linkat`).

    use std::fs::{self, File, OpenOptions};
    use std::io;
    use std::os::fd::AsRawFd;
    use std::os::unix::fs::OpenOptionsExt;
    use std::path::{Path, PathBuf};

    use rustix::fs::{AtFlags, CWD, FlockOperation, OFlags, flock, linkat};
    use rustix::io::Errno;

    /// A file without a name, or `None` where the file system knows no such thing.
    pub(super) fn unnamed(directory: &Path) -> io::Result<Option<File>> {
        if !Path::new("/proc/self/fd").exists() {
            return Ok(None);
        }
        let flags =
            i32::try_from(OFlags::TMPFILE.bits()).expect("open(2) takes its flags as an int");
        let opened = OpenOptions::new()
            .write(true)
            .custom_flags(flags)
            .open(directory);
        match opened {
            Ok(file) => {
                hold(&file);
                Ok(Some(file))
            }
            Err(error) => match Errno::from_io_error(&error) {
                // What open(2) lists for file systems and kernels without O_TMPFILE.
                Some(Errno::OPNOTSUPP | Errno::ISDIR | Errno::INVAL) => Ok(None),
                _ => Err(error),
            },
        }
    }

    /// Shows others that somebody still writes a file: the lock ends with the process, however it ends.
    pub(super) fn hold(file: &File) {
        // Without locks nobody is able to take one in order to remove the file either.
        flock(file, FlockOperation::NonBlockingLockExclusive).ok();
    }

    /// Removes the files that killed processes left under names of a moment: those that nobody holds.
    pub(super) fn remove_left(directory: &Path) {
        let Ok(entries) = fs::read_dir(directory) else {
            return;
        };
        for entry in entries.flatten() {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let is_ours = name.starts_with(super::PREFIX) && name.ends_with(".tmp");
            if !is_ours || !entry.file_type().is_ok_and(|kind| kind.is_file()) {
                continue;
            }
            // Who may not open it leaves it to others.
            if let Ok(file) = File::open(entry.path())
                && flock(&file, FlockOperation::NonBlockingLockExclusive).is_ok()
            {
                fs::remove_file(entry.path()).ok();
            }
        }
    }

    /// Names the file. A name that is taken is replaced in one step, by way of a name beside it.
    pub(super) fn name(file: &File, target: &Path, replaces: bool) -> io::Result<()> {
        let open_file = format!("/proc/self/fd/{}", file.as_raw_fd());
        let link = |path: &Path| linkat(CWD, &open_file, CWD, path, AtFlags::SYMLINK_FOLLOW);
        if !replaces {
            match link(target) {
                Ok(()) => return Ok(()),
                // Somebody was faster: that file is replaced.
                Err(Errno::EXIST) => {}
                Err(error) => return Err(error.into()),
            }
        }
        let mut attempt = 0_u32;
        let waypoint = loop {
            let path = waypoint(target, attempt);
            match link(&path) {
                Ok(()) => break path,
                Err(Errno::EXIST) => attempt += 1,
                Err(error) => return Err(error.into()),
            }
        };
        fs::rename(&waypoint, target).inspect_err(|_| {
            // The error to report is that of the rename.
            fs::remove_file(&waypoint).ok();
        })
    }

    fn waypoint(target: &Path, attempt: u32) -> PathBuf {
        let process = std::process::id();
        target.with_file_name(format!("{}{process}-{attempt}.tmp", super::PREFIX))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// An output that takes the way of systems without files that have no name.
    fn hidden(path: &Path) -> Output {
        Output {
            path: path.to_owned(),
            format: Format::Csv,
            writer: BufWriter::new(hidden_beside(path.to_owned()).unwrap()),
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_a_killed_process_left_is_removed_and_what_is_held_stays() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path(".cutpoint-1-0.tmp"), "left").unwrap();
        fs::write(path(".cutpoint-notes.txt"), "mine").unwrap();
        let held = hidden(&path("other.csv"));
        let output = Output::create(&path("out.csv")).unwrap();
        assert!(!path(".cutpoint-1-0.tmp").exists());
        assert!(path(".cutpoint-notes.txt").exists());
        output.commit().unwrap();
        held.commit().unwrap();
        assert!(path("other.csv").exists());
    }

    #[cfg(unix)]
    #[test]
    fn two_outputs_of_one_file_are_refused_before_it_is_replaced() {
        let directory = tempfile::tempdir().unwrap();
        let path = |name: &str| directory.path().join(name);
        fs::write(path("old"), "old").unwrap();
        std::os::unix::fs::symlink("old", path("link")).unwrap();
        let outputs = ["old", "link"].map(|name| Output::create(&path(name)).unwrap());
        assert!(matches!(commit_all(outputs), Err(Error::OneTarget { .. })));
        assert_eq!(fs::read(path("old")).unwrap(), b"old");
    }

    #[test]
    fn a_hidden_file_takes_its_name_or_goes() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("out.csv");
        let n_files = || fs::read_dir(directory.path()).unwrap().count();
        let mut output = hidden(&path);
        output.put(b"dropped").unwrap();
        assert_eq!((n_files(), path.exists()), (1, false));
        drop(output);
        assert_eq!(n_files(), 0);
        for content in [&b"first"[..], b"second"] {
            let mut output = hidden(&path);
            output.put(content).unwrap();
            output.commit().unwrap();
            assert_eq!(fs::read(&path).unwrap(), content);
            assert_eq!(n_files(), 1);
        }
        let any = directory.path().join("any.csv");
        fs::write(&any, "").unwrap();
        let permissions = |path| fs::metadata(path).unwrap().permissions();
        assert_eq!(permissions(&path), permissions(&any));
    }
}
