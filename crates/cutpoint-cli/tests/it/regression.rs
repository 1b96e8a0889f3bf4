//! Inputs that once went wrong, by kind, run through the command; the right value's source stands beside each.

mod exactness;
mod flags;
mod intervals;
mod labels;
mod left_over;
mod listing;
mod memory;
mod mixed_up;
mod named;
mod outputs;
mod pairs;
mod pictures;
mod printed;
mod statistics;
mod told;
mod values;
mod wording;

use std::path::PathBuf;

use crate::Sandbox;

/// A small input that once went wrong.
fn case(name: &str) -> PathBuf {
    let cases = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/golden/cases");
    PathBuf::from(cases).join(name)
}

/// Runs a command line, split at spaces, that must fail with this exit code and say this among other things.
#[track_caller]
fn check_refused(line: &str, code: i32, messages: &[&str]) {
    let sandbox = Sandbox::new();
    let run = sandbox.run(&line.split(' ').collect::<Vec<_>>());
    for message in messages {
        assert!(run.stderr.contains(message), "{line}: {}", run.stderr);
    }
    assert_eq!(run.code, Some(code), "{line}: {}", run.stderr);
    assert_eq!(sandbox.listing(), Vec::<String>::new(), "{line}");
}
