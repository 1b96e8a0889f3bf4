//! How a run that failed ends: the message, the hint, the exit code.
//!
//! A reader who closed the pipe (`| head -1`) has what it wanted: that is no failure.

use std::ffi::OsString;
use std::fmt::Display;
use std::io::{self, Write as _};
use std::path::Path;
use std::process::ExitCode;

use cutpoint_files::{Content, Format, printable};

use crate::console::Console;
use crate::stdout;

/// The exit code of a run that failed.
const FAILED: u8 = 1;
/// The exit code of a command line that cannot be right, whatever the data; clap uses the same.
const BAD_USAGE: u8 = 2;

/// Flags that parse but do not go together, or a value outside its domain, whatever is in the files.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Usage {
    message: String,
}

impl Usage {
    pub(crate) fn new(message: impl Display) -> Self {
        Self {
            message: message.to_string(),
        }
    }
}

/// A run that did what it was asked for, and whose answer its exit code tells.
#[derive(Debug, thiserror::Error)]
#[error("{message}")]
pub(crate) struct Answer {
    pub(crate) message: String,
    pub(crate) exit_code: u8,
}

/// Ends a run whose arguments did not parse, or that only asked for help or the version.
pub(crate) fn bad_arguments(error: &clap::Error) -> ExitCode {
    // An argument that is echoed may hold anything. Its sequences cannot be told from clap's own: then there are none.
    let is_plain = |argument: OsString| {
        let argument = argument.to_string_lossy();
        printable(&argument) == argument
    };
    let printed = if error.use_stderr() {
        let text = error.render();
        if std::env::args_os().all(is_plain) {
            write!(anstream::stderr(), "{}", text.ansi())
        } else {
            write!(anstream::stderr(), "{}", printable(&text.to_string()))
        }
    } else if stdout::is_closed() {
        writeln!(anstream::stderr(), "error: {}", stdout::CLOSED).ok();
        return ExitCode::from(FAILED);
    } else {
        error.print()
    };
    match printed {
        Err(broken) if broken.kind() != io::ErrorKind::BrokenPipe => {
            writeln!(
                anstream::stderr(),
                "error: failed to write stdout: {broken}"
            )
            .ok();
            ExitCode::from(FAILED)
        }
        _ => ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(BAD_USAGE)),
    }
}

/// The flags that the command has, so that no hint names another.
pub(crate) struct Flags(Vec<String>);

impl Flags {
    /// Those of the command that was asked for.
    pub(crate) fn of(command: &clap::Command, matches: &clap::ArgMatches) -> Self {
        let (mut command, mut matches) = (command, matches);
        while let Some((name, below)) = matches.subcommand()
            && let Some(inner) = command.find_subcommand(name)
        {
            (command, matches) = (inner, below);
        }
        let flags = command.get_arguments().filter_map(clap::Arg::get_long);
        Self(flags.map(str::to_owned).collect())
    }

    fn has(&self, name: &str) -> bool {
        self.0.iter().any(|flag| flag == name)
    }
}

/// How a column is named that goes by another name.
fn missing_column(column: &str, flags: &Flags) -> Option<String> {
    let roles = match column {
        "y" | "y_true" => &[("label", "true labels"), ("target", "labels")][..],
        "y_score" => &[("score", "scores"), ("predicted", "predicted labels")][..],
        _ => return None,
    };
    let known = roles.iter().filter(|(flag, _)| flags.has(flag));
    let ways = known.map(|(flag, what)| format!("that of {what} with `--{flag} COLUMN`"));
    let ways = ways.collect::<Vec<_>>();
    let way = ways.join(", or ");
    let way = way.strip_prefix("that of")?;
    Some(format!("name the column of{way}"))
}

/// Ends a run that failed.
pub(crate) fn report(error: &anyhow::Error, console: &mut Console, flags: &Flags) -> ExitCode {
    if is_broken_pipe(error) {
        return ExitCode::SUCCESS;
    }
    // What was said before it failed stays said.
    console.flush().ok();
    console.error(format_args!("{error:#}"));
    if let Some(hint) = hint(error, flags) {
        console.hint(hint);
    }
    ExitCode::from(match error.downcast_ref::<Answer>() {
        Some(answer) => answer.exit_code,
        None if is_usage(error) => BAD_USAGE,
        None => FAILED,
    })
}

/// Whether the command line cannot be right, whatever the data: names of outputs are looked at before anything is read.
fn is_usage(error: &anyhow::Error) -> bool {
    use cutpoint_files::Error::{OutputEnding, UnsupportedOutput};
    let file = error.downcast_ref::<cutpoint_files::Error>();
    error.is::<Usage>() || matches!(file, Some(OutputEnding { .. } | UnsupportedOutput { .. }))
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<io::Error>()
            .is_some_and(|cause| cause.kind() == io::ErrorKind::BrokenPipe)
    })
}

/// Whether a header looks like a row of data: all of it is numbers, or one of them has decimals, as no name of a class
/// has.
pub(crate) fn are_fields(header: &[String]) -> bool {
    let is_number = |name: &String| name.trim().parse::<f64>().is_ok();
    let has_decimals = |name: &String| is_number(name) && name.trim().parse::<i64>().is_err();
    header.iter().all(is_number) || header.iter().any(has_decimals)
}

/// A header for so many columns, as the command takes them without being told.
fn names_for(n_columns: usize, flags: &Flags) -> String {
    if flags.has("score") && n_columns == 2 {
        return "y_true,y_score".to_owned();
    }
    let features = (0..n_columns.saturating_sub(1)).map(|column| format!("x{column}"));
    features
        .chain(["y".to_owned()])
        .collect::<Vec<_>>()
        .join(",")
}

/// What may cure an error, where there is a cure.
fn hint(error: &anyhow::Error, flags: &Flags) -> Option<String> {
    error.chain().find_map(|cause| {
        let file = cause.downcast_ref::<cutpoint_files::Error>();
        let noun = cause.downcast_ref::<cutpoint_core::Error>();
        let noun = noun.or_else(|| Some(&**cause.downcast_ref::<Box<cutpoint_core::Error>>()?));
        file.and_then(|error| file_hint(error, flags))
            .or_else(|| noun.and_then(|error| noun_hint(error, flags)))
            .or_else(|| metrics_hint(cause.downcast_ref::<Box<cutpoint_metrics::Error>>()?))
    })
}

fn file_hint(error: &cutpoint_files::Error, flags: &Flags) -> Option<String> {
    use cutpoint_files::{Document, Error};
    let hint = match error {
        Error::MissingColumn { path, columns, .. }
            if is_csv(path) && separator(columns).is_some() =>
        {
            return separator(columns).map(other_separator);
        }
        Error::Ragged { expected: 1, .. } => {
            "the header is one name: fields are separated by commas, and numbers have points; pandas: \
             `pd.read_csv(FILE, sep=\";\", decimal=\",\").to_csv(NEW, index=False)`"
        }
        Error::OtherContent { path, found, .. } => return other_content(path, *found),
        Error::NotUtf8 { .. } => {
            "if it is in Latin-1 or Windows-1252: `iconv -f WINDOWS-1252 -t UTF-8 FILE > NEW.csv`"
        }
        Error::UnsupportedFormat { path, ending } => match ending.to_lowercase().as_str() {
            ".tsv" | ".tab" => return Some(other_separator('\t')),
            ".gz" => return Some(decompress("gzip", path)),
            ".zst" => return Some(decompress("zstd", path)),
            ".xz" => return Some(decompress("xz", path)),
            ".bz2" => return Some(decompress("bzip2", path)),
            _ => return None,
        },
        Error::MissingColumn { columns, .. }
            if ["lowest", "highest", "positives", "negatives"]
                .iter()
                .all(|name| columns.iter().any(|column| column == name)) =>
        {
            "this is a part of a sweep, as `--partial-out` writes it: `cutpoint sweep --partial-in FILE`"
        }
        Error::MissingColumn { path, columns, .. } if is_csv(path) && are_fields(columns) => {
            return Some(format!(
                "the first line is taken for the names of the columns; write them before it: \
                 `(echo {}; cat FILE) > NEW.csv`",
                names_for(columns.len(), flags)
            ));
        }
        Error::MissingColumn { column, .. } => return missing_column(column, flags),
        Error::ClassColumn { column, .. } if flags.has("score") => {
            return Some(format!(
                "to take one column as the score of the positive class: `--score {column}`"
            ));
        }
        Error::UnsupportedOutput { ending, .. }
            if [".pdf", ".jpg", ".jpeg", ".gif", ".eps", ".webp"]
                .contains(&ending.to_lowercase().as_str()) =>
        {
            "pictures are written as `.svg` or `.png`"
        }
        Error::UnnamedColumn { path, .. } if is_csv(path) => {
            "pandas writes its row index so; write the file with `to_csv(…, index=False)`"
        }
        Error::UnnamedColumn { .. } => "give the column a name",
        Error::IndexColumn { path, name, .. } => return Some(without_index(path, name)),
        Error::MissingLabel { .. } if flags.has("labels") => {
            "leave such rows out; or, if it is a class, name all classes with `--labels A,B`"
        }
        Error::MissingLabel { .. } => "leave such rows out",
        Error::NumberLabel { .. } if flags.has("labels") => {
            "a label is a class, no amount; if it is one, name all classes with `--labels A,B`"
        }
        Error::NumberLabel { .. } => {
            "a label is a class, no amount: write classes as whole numbers or words"
        }
        Error::ThirdClass { .. } => {
            "a score tells one class from one other: relabel the rows as that class and the rest, or evaluate \
             predicted labels of all classes with `cutpoint evaluate FILE --predicted COLUMN`"
        }
        Error::DocumentSyntax { document, .. } | Error::ForeignDocument { document, .. } => {
            match document {
                Document::Model => {
                    "the model comes first: `cutpoint predict MODEL.json FILE -o SCORES`"
                }
                Document::OperatingPoint => {
                    "the operating point comes first: `cutpoint check POINT.json SCORES`"
                }
                _ => return None,
            }
        }
        Error::PointChanged { .. } => {
            "choose again and save the result: `cutpoint choose SCORES … --save POINT.json`"
        }
        Error::NewerDocument { .. } => "it was written by a later cutpoint; update this one",
        Error::Write { path, source }
            if source.kind() == io::ErrorKind::NotFound
                && !path.parent().is_some_and(is_directory) =>
        {
            "make the directory first"
        }
        _ => return None,
    };
    Some(hint.to_owned())
}

/// Whether there is such a directory; a file named without one is in the present one.
fn is_directory(path: &Path) -> bool {
    path == Path::new("") || path.is_dir()
}

/// Whether a file is read as CSV.
fn is_csv(path: &Path) -> bool {
    matches!(Format::of(path), Ok(Format::Csv))
}

/// What separates the names of a header that was read as one name.
pub(crate) fn separator(names: &[String]) -> Option<char> {
    match names {
        [name] => name.chars().find(|letter| ";\t|".contains(*letter)),
        _ => None,
    }
}

/// How a file with other separators is made one with commas.
pub(crate) fn other_separator(separator: char) -> String {
    let (shown, more) = match separator {
        ';' => (";", ", decimal=\",\""),
        '\t' => ("\\t", ""),
        _ => ("|", ""),
    };
    format!(
        "fields are separated by commas, and numbers have points; pandas: \
         `pd.read_csv(FILE, sep=\"{shown}\"{more}).to_csv(NEW, index=False)`"
    )
}

/// How a row index is kept out of a data set.
fn without_index(path: &Path, name: &str) -> String {
    let write = match Format::of(path) {
        Ok(Format::Parquet) => "to_parquet",
        Ok(Format::Npy) => "to_records",
        _ => "to_csv",
    };
    format!(
        "leave it out with `--drop '{name}'`, name the features with `--features A,B`, or write the file without it: \
         `{write}(…, index=False)`"
    )
}

/// How a compressed file is read; stdin is for CSV only.
fn decompress(program: &str, path: &Path) -> String {
    let inner = path.file_stem().map(Path::new);
    let is_known = Format::of(path).is_ok();
    if is_known && is_csv(path) || !is_known && inner.is_none_or(is_csv) {
        format!("decompress it: `{program} -dc FILE | cutpoint … -`")
    } else {
        format!("decompress it: `{program} -dc FILE > NEW`, with the ending of its format")
    }
}

/// How a file that is something else than its name says can be read.
fn other_content(path: &Path, found: Content) -> Option<String> {
    let is_stdin = path == Path::new("-");
    Some(match found {
        Content::Parquet | Content::Npy if is_stdin => {
            "only CSV is read from stdin; name the file".to_owned()
        }
        Content::Parquet => "give it a name that ends in .parquet".to_owned(),
        Content::Npy => "give it a name that ends in .npy".to_owned(),
        Content::Text => "if it is CSV, give it a name that ends in .csv".to_owned(),
        Content::Zip => "take out of it the table, as .csv, .parquet or .npy".to_owned(),
        Content::Compressed { program } => decompress(program, path),
        Content::Wide { encoding } => {
            format!("write it as UTF-8: `iconv -f {encoding} -t UTF-8 FILE > NEW.csv`")
        }
        _ => return None,
    })
}

fn metrics_hint(error: &cutpoint_metrics::Error) -> Option<String> {
    let is_too_long = matches!(error, cutpoint_metrics::Error::FrontierTooLong { .. });
    is_too_long.then(|| {
        "allow more with `--memory`, or ask for a part of it, for example with `--subject-to 'recall>=0.8'`".to_owned()
    })
}

fn noun_hint(error: &cutpoint_core::Error, flags: &Flags) -> Option<String> {
    let is_needed = matches!(error, cutpoint_core::Error::PositiveNeeded { .. });
    (is_needed && flags.has("positive"))
        .then(|| "name the positive class with `--positive CLASS`".to_owned())
}
