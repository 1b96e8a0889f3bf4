//! The process edge of `cutpoint`: arguments in, exit code out.
//!
//! It refuses to do the work itself (`commands`), to print (`console`) and to word errors (`failure`).

mod args;
mod chart;
mod commands;
mod console;
mod failure;
mod gather;
mod json;
mod matrix;
mod picture;
mod progress;
mod rows;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let args = match args::Args::try_parse() {
        Ok(args) => args,
        Err(error) => return failure::bad_arguments(&error),
    };
    let mut console = console::Console::new();
    let result = start_threads()
        .and_then(|()| args.command.run(&mut console))
        .and_then(|()| Ok(console.flush()?));
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => failure::report(&error, &mut console),
    }
}

/// Starts the threads that all work shares. Left to itself, rayon would start them at first use, and panic if it cannot.
fn start_threads() -> anyhow::Result<()> {
    rayon::ThreadPoolBuilder::new()
        .build_global()
        .map_err(|error| anyhow::anyhow!("failed to start threads: {error}"))
}
