//! The command line as typed: the top level, and the flag values that several commands share.
//!
//! It refuses to check values against each other or against data; each command does that for its own.

use clap::{Parser, ValueEnum};

use crate::commands::Command;

/// Every confusion matrix a classifier can produce, and the threshold to ship.
///
/// Data go to stdout, talk to stderr. Exit code 0: done; 1: failed; 2: bad usage.
#[derive(Debug, Parser)]
#[command(
    name = "cutpoint",
    version,
    arg_required_else_help = true,
    max_term_width = 100,
    after_help = "Examples:\n  \
        cutpoint generate -o data.csv --n-samples 500 --random-state 42\n  \
        cutpoint split data.csv --train train.csv --test test.csv --test-size 0.3 --random-state 42\n  \
        cutpoint fit train.csv -o model.json\n  \
        cutpoint predict model.json test.csv -o scores.csv\n  \
        cutpoint evaluate scores.csv --threshold 0.5\n  \
        cutpoint sweep scores.csv -o sweep.csv"
)]
pub(crate) struct Args {
    #[command(subcommand)]
    pub(crate) command: Command,
}

/// How a result is printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(crate) enum OutputFormat {
    /// For people.
    #[default]
    Text,
    /// For scripts.
    Json,
}
