//! How a run that failed ends: the message, the hint, the exit code.
//!
//! It refuses to be called for anything that went well, except that a reader who closed the pipe (`| head -1`) has what
//! it wanted.

use std::io;
use std::process::ExitCode;

use crate::console::Console;

/// The exit code of a run that failed.
const FAILED: u8 = 1;
/// The exit code of a command line that cannot be right, whatever the data; clap uses the same.
const BAD_USAGE: u8 = 2;

/// Flags that parse but do not go together, or a value outside its domain.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Usage {
    message: String,
}

#[expect(dead_code, reason = "first used by `generate`")]
impl Usage {
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self {
            message: message.into(),
        }
    }
}

/// Ends a run whose arguments did not parse, or that only asked for help or the version.
pub(crate) fn bad_arguments(error: &clap::Error) -> ExitCode {
    match error.print() {
        Err(broken) if broken.kind() != io::ErrorKind::BrokenPipe => ExitCode::from(FAILED),
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(BAD_USAGE)),
    }
}

/// Ends a run that failed.
pub(crate) fn report(error: &anyhow::Error, console: &mut Console) -> ExitCode {
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    // What was said before it failed stays said.
    console.flush().ok();
    console.error(format_args!("{error:#}"), None);
    ExitCode::from(if error.is::<Usage>() {
        BAD_USAGE
    } else {
        FAILED
    })
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    })
}
