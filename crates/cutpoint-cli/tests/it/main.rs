//! Drives the `cutpoint` command itself, on real files.

#![expect(
    clippy::unwrap_used,
    reason = "a helper of tests fails where it stands, like a test"
)]
#![expect(
    clippy::format_collect,
    clippy::format_push_string,
    reason = "small fixtures read better so"
)]

mod bad_input;
mod check;
mod choose;
mod compare;
mod compare_large;
mod curve;
mod evaluate;
mod help;
mod json_contract;
mod large;
mod large_costs;
mod moves;
mod output;
mod picture;
mod pipeline;
mod readme;
mod regression;
mod report;
mod split;
mod sweep;
mod tutorial;
mod usage;

use std::io::Write;
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};

use serde_json::Value;
use tempfile::TempDir;

/// A directory of its own for each test; commands run in it.
struct Sandbox(TempDir);

/// What a command left behind.
#[derive(Debug)]
struct Run {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Sandbox {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    /// A sandbox with one file.
    fn with(name: &str, content: impl AsRef<[u8]>) -> Self {
        let sandbox = Self::new();
        sandbox.file(name, content);
        sandbox
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn file(&self, name: &str, content: impl AsRef<[u8]>) {
        std::fs::write(self.path(name), content).unwrap();
    }

    fn text(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap()
    }

    /// Names of all files, sorted; hidden ones too.
    fn listing(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.0.path()).unwrap();
        let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names = names.collect::<Vec<_>>();
        names.sort();
        names
    }

    fn command<S: AsRef<str>>(&self, args: &[S]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cutpoint"));
        command
            .args(args.iter().map(AsRef::as_ref))
            .current_dir(self.0.path())
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE")
            .stdin(Stdio::null());
        command
    }

    /// Runs a command, whatever comes of it.
    #[track_caller]
    fn run<S: AsRef<str>>(&self, args: &[S]) -> Run {
        Run::from(self.command(args).output().unwrap())
    }

    /// Runs a command that reads stdin.
    fn run_with_stdin<S: AsRef<str>>(&self, args: &[S], stdin: &str) -> Run {
        let mut command = self.command(args);
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        child
            .stdin
            .take()
            .unwrap()
            .write_all(stdin.as_bytes())
            .unwrap();
        Run::from(child.wait_with_output().unwrap())
    }

    /// Runs a command line, split at spaces, that must succeed; what it prints.
    #[track_caller]
    fn ok(&self, line: &str) -> String {
        let run = self.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.code, Some(0), "{line}\n{}", run.stderr);
        run.stdout
    }

    /// The same, what it prints being JSON.
    #[track_caller]
    fn json(&self, line: &str) -> Value {
        serde_json::from_str(&self.ok(line)).unwrap()
    }

    /// Runs a command line, split at spaces, that must fail with this exit code and say this and no more.
    #[track_caller]
    fn fails(&self, line: &str, code: i32, message: &str) {
        let before = self.listing();
        let run = self.run(&line.split(' ').collect::<Vec<_>>());
        assert_eq!(run.stderr.trim_end(), message, "{line}");
        assert_eq!(run.code, Some(code), "{line}");
        assert_eq!(run.stdout, "", "{line}");
        assert_eq!(self.listing(), before, "{line} left a file");
    }
}

impl From<Output> for Run {
    #[track_caller]
    fn from(output: Output) -> Self {
        let run = Self {
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        };
        assert!(!run.stderr.contains("panicked"), "{}", run.stderr);
        run
    }
}

/// The columns of a CSV file without quotes, by name.
struct Csv {
    names: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Csv {
    fn parse(text: &str) -> Self {
        let mut lines = text
            .lines()
            .map(|line| line.split(',').map(str::to_owned).collect::<Vec<_>>());
        let names = lines.next().unwrap();
        Self {
            names,
            rows: lines.collect(),
        }
    }

    fn column(&self, name: &str) -> Vec<&str> {
        let column = self.names.iter().position(|other| other == name);
        let column = column.unwrap_or_else(|| panic!("no column {name} in {:?}", self.names));
        self.rows.iter().map(|row| row[column].as_str()).collect()
    }

    /// A column of numbers; an empty field is `None`.
    fn numbers(&self, name: &str) -> Vec<Option<f64>> {
        let fields = self.column(name).into_iter();
        fields
            .map(|field| (!field.is_empty()).then(|| field.parse().unwrap()))
            .collect()
    }
}
