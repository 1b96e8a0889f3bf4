//! Whether there is a stdout, and a stdin: a process may be started without one (`>&-`, `<&-`), and the standard
//! library then puts the null device in its place, where everything written is lost without an error, and nothing is
//! there to be read.
#![cfg_attr(
    target_os = "linux",
    expect(
        unsafe_code,
        reason = "only what runs before the standard library starts sees that a stream is closed"
    )
)]

use std::io::{self, Stdout, Write};
use std::sync::atomic::{AtomicBool, Ordering};

static IS_CLOSED: AtomicBool = AtomicBool::new(false);
static IS_STDIN_CLOSED: AtomicBool = AtomicBool::new(false);

/// Whether the process was started without stdout. Only Linux tells; elsewhere it is `false`.
pub(crate) fn is_closed() -> bool {
    IS_CLOSED.load(Ordering::Relaxed)
}

/// Whether the process was started without stdin. Only Linux tells; elsewhere it is `false`.
pub(crate) fn is_stdin_closed() -> bool {
    IS_STDIN_CLOSED.load(Ordering::Relaxed)
}

/// Refuses to go on where stdout is to be written and is closed.
pub(crate) fn refuse_closed() -> anyhow::Result<()> {
    anyhow::ensure!(!is_closed(), CLOSED);
    Ok(())
}

/// What to say where something was to be written.
pub(crate) const CLOSED: &str = "stdout is closed: what would be printed is lost";

/// Stdout, which refuses to be written where there is none.
pub(crate) struct OpenStdout(Stdout);

impl OpenStdout {
    pub(crate) fn new() -> Self {
        Self(io::stdout())
    }

    /// The stream itself, to ask what it is.
    pub(crate) fn stream(&self) -> &Stdout {
        &self.0
    }
}

impl Write for OpenStdout {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        if is_closed() {
            return Err(io::Error::other(CLOSED));
        }
        self.0.write(bytes).map_err(failed)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush().map_err(failed)
    }
}

/// What was written when the system refused; a pipe that was closed stays one.
#[derive(Debug, thiserror::Error)]
#[error("failed to write stdout")]
struct Failed {
    source: io::Error,
}

fn failed(source: io::Error) -> io::Error {
    io::Error::new(source.kind(), Failed { source })
}

/// Looks at the streams before `main`, where the standard library has not opened anything in its place yet.
#[cfg(target_os = "linux")]
extern "C" fn look() {
    // The name of an open file descriptor; a lookup opens none, which would take the place of the one that is missing.
    let is_there = |name: &str| std::fs::symlink_metadata(name).is_ok();
    let is_told = is_there("/proc/self/fd");
    IS_CLOSED.store(is_told && !is_there("/proc/self/fd/1"), Ordering::Relaxed);
    IS_STDIN_CLOSED.store(is_told && !is_there("/proc/self/fd/0"), Ordering::Relaxed);
}

// SAFETY: the C library calls every pointer of this section once, before `main` and before there are other threads,
// with arguments that a function without parameters does not look at. `look` neither unwinds nor needs what `main` sets
// up: it asks the system for three names and writes two atomics.
#[cfg(target_os = "linux")]
#[used]
#[unsafe(link_section = ".init_array")]
static LOOK: extern "C" fn() = look;
