//! The files on a command line: what is read, what is written, and that no file is both or written twice.

use std::any::TypeId;
use std::path::{Path, PathBuf};

use clap::{ArgMatches, Command};
use cutpoint_files::{Target, is_read_once};

use crate::failure::Usage;
use crate::stdout;

/// The arguments that name what is written; every other path is read. By their names in the code.
const WRITTEN: [&str; 9] = [
    "output",
    "partial_out",
    "plot",
    "plot_scores",
    "rows",
    "save",
    "test",
    "train",
    "indices",
];

/// A file that a command line names.
struct Named {
    /// Of the argument, which may take several.
    argument: String,
    /// As it is told, with the flag that names it.
    shown: String,
    path: PathBuf,
    target: Target,
    is_written: bool,
}

/// Refuses a command line in which a file is written that is also read, or written twice, by whatever names.
///
/// `prints`: whether the result goes to stdout, where then nothing else is written.
pub(crate) fn refuse_one_file_twice(
    command: &Command,
    matches: &ArgMatches,
    prints: bool,
) -> Result<(), Usage> {
    let (mut command, mut matches) = (command, matches);
    while let Some((name, inner)) = matches.subcommand()
        && let Some(found) = command.find_subcommand(name)
    {
        (command, matches) = (found, inner);
    }
    let files = named(command, matches);
    let is_dash = |file: &&Named| file.is_written && file.path == Path::new("-");
    if let Some(file) = files.iter().find(is_dash)
        && stdout::is_closed()
    {
        return Err(Usage::new(format_args!(
            "{} is stdout: {}",
            file.shown,
            stdout::CLOSED
        )));
    }
    if let Some(file) = files
        .iter()
        .find(|file| !file.is_written && is_stdin(&file.path))
        && stdout::is_stdin_closed()
    {
        return Err(Usage::new(format_args!(
            "{} is stdin, and stdin is closed: there is nothing to read",
            file.shown
        )));
    }
    if let Some(file) = files
        .iter()
        .find(|file| file.is_written && is_stdout(&file.path))
        && prints
    {
        return Err(Usage::new(format_args!(
            "{} and the result would both be written to stdout: name a file",
            file.shown
        )));
    }
    let (written, read) = files.iter().partition::<Vec<_>, _>(|file| file.is_written);
    for (place, file) in written.iter().enumerate() {
        for other in &written[..place] {
            if file.is(other) {
                return Err(Usage::new(format_args!(
                    "{} and {} must name two files: both lead to one",
                    other.shown, file.shown
                )));
            }
        }
        for other in &read {
            if file.is(other) {
                return Err(Usage::new(format_args!(
                    "{} leads to the file that is read as {}: an input is never an output",
                    file.shown, other.shown
                )));
            }
        }
    }
    for (place, file) in read.iter().enumerate() {
        // A list says by itself what more than one `-` in it means.
        let is_dash = |named: &Named| named.path == Path::new("-");
        let once =
            |other: &&&Named| other.is(file) && (!is_dash(file) || other.argument != file.argument);
        if let Some(other) = read[..place].iter().find(once)
            && is_read_once(&file.path)
        {
            return Err(Usage::new(format_args!(
                "{} and {} are one stream, which can be read only once: name a file for one of them",
                other.shown, file.shown
            )));
        }
    }
    // What a shell does with `> FILE`; the file was emptied before this program began.
    let target = Target::stdout();
    let is_redirected = |file: &Named| file.target.is(&target) && !is_stream(&file.path);
    if let Some(file) = files.iter().find(|file| is_redirected(file)) {
        return Err(Usage::new(format_args!(
            "stdout leads to the file that is {} as {}: send it elsewhere",
            if file.is_written { "written" } else { "read" },
            file.shown
        )));
    }
    Ok(())
}

/// The paths of a command line, those that are set by default included.
fn named(command: &Command, matches: &ArgMatches) -> Vec<Named> {
    let mut files = Vec::new();
    for argument in command.get_arguments() {
        if argument.get_value_parser().type_id() != TypeId::of::<PathBuf>() {
            continue;
        }
        let id = argument.get_id().as_str();
        let is_written = WRITTEN.contains(&id);
        let paths = matches.get_many::<PathBuf>(id).into_iter().flatten();
        files.extend(paths.map(|path| Named {
            argument: id.to_owned(),
            shown: match argument.get_long() {
                Some(flag) => format!("`--{flag} {}`", path.display()),
                None => format!("`{}`", path.display()),
            },
            path: path.clone(),
            target: target(path, is_written),
            is_written,
        }));
    }
    files
}

fn target(path: &Path, is_written: bool) -> Target {
    match (path == Path::new("-"), is_written) {
        (false, _) => Target::of(path),
        (true, false) => Target::stdin(),
        (true, true) => Target::stdout(),
    }
}

/// Whether a path stands for stdin.
fn is_stdin(path: &Path) -> bool {
    ["-", "/dev/stdin", "/dev/fd/0", "/proc/self/fd/0"]
        .iter()
        .any(|stdin| path == Path::new(stdin))
}

/// Whether a path stands for stdout.
fn is_stdout(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"]
        .iter()
        .any(|stdout| path == Path::new(stdout))
}

/// Whether a path stands for a stream that the process was started with.
fn is_stream(path: &Path) -> bool {
    path == Path::new("-")
        || ["/dev/fd", "/proc/self/fd"]
            .iter()
            .any(|directory| path.parent() == Some(Path::new(directory)))
        || path == Path::new("/dev/stdout")
}

impl Named {
    fn is(&self, other: &Self) -> bool {
        // Two outputs to a terminal run into each other too.
        let both_dashes = self.is_written && other.is_written && self.path == other.path;
        self.target.is(&other.target) || (both_dashes && self.path == Path::new("-"))
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;

    /// Arguments that name what is read.
    const READ: [&str; 6] = ["file", "model", "partial_in", "point", "scores", "validate"];

    fn check(command: &Command) {
        for argument in command.get_arguments() {
            if argument.get_value_parser().type_id() == TypeId::of::<PathBuf>() {
                let id = argument.get_id().as_str();
                assert!(
                    WRITTEN.contains(&id) != READ.contains(&id),
                    "{} {id}: is it read or written?",
                    command.get_name()
                );
            }
        }
        command.get_subcommands().for_each(check);
    }

    #[test]
    fn every_path_is_known_to_be_read_or_written() {
        check(&crate::Args::command());
    }
}
