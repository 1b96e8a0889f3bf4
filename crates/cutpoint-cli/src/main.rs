//! The process edge of `cutpoint`: arguments in, exit code out.
//!
//! The work is done in `commands`, printed by `console`, and errors are worded in `failure`.

mod args;
mod commands;
mod console;
mod failure;
mod gather;
mod mixed_up;
mod paths;
mod picture;
mod progress;
mod stdout;
mod vocabulary;

use std::process::ExitCode;

use clap::{CommandFactory, FromArgMatches, Parser};

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
struct Args {
    #[command(subcommand)]
    command: Command,
}

fn main() -> ExitCode {
    let mut command = Args::command();
    let parsed = command
        .try_get_matches_from_mut(args::with_negative_numbers(std::env::args_os()))
        .and_then(|matches| Ok((Args::from_arg_matches(&matches)?, matches)))
        .map_err(|error| error.format(&mut command));
    let (args, matches) = match parsed {
        Ok(parsed) => parsed,
        Err(error) => return failure::bad_arguments(&error),
    };
    let mut console = console::Console::new();
    let result = paths::refuse_one_file_twice(&command, &matches, args.command.prints())
        .map_err(anyhow::Error::from)
        .and_then(|()| {
            if args.command.prints() {
                stdout::refuse_closed()?;
            }
            Ok(())
        })
        .and_then(|()| start_threads())
        .and_then(|()| args.command.run(Args::command, &mut console))
        .and_then(|()| Ok(console.flush()?));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(
            &error,
            &mut console,
            &failure::Flags::of(&command, &matches),
        ),
    }
}

/// Starts the threads that all work shares. Left to itself, rayon would start them at first use, and panic if it
/// cannot.
fn start_threads() -> anyhow::Result<()> {
    /// For each processor: more gain nothing, and thousands fail or take seconds to start.
    const MOST_THREADS: usize = 8;
    let n_processors = std::thread::available_parallelism().map_or(1, usize::from);
    // What rayon reads, too.
    let n_wanted = std::env::var_os("RAYON_NUM_THREADS")
        .and_then(|number| number.to_str()?.parse::<usize>().ok())
        .filter(|number| *number > 0);
    let n_threads = n_wanted
        .unwrap_or(n_processors)
        .min(MOST_THREADS * n_processors);
    rayon::ThreadPoolBuilder::new()
        .num_threads(n_threads)
        .build_global()
        .map_err(|error| anyhow::anyhow!("failed to start threads: {error}"))
}
