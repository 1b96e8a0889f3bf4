//! The commands by name. One file a command; each owns its flags, their check, and its output.
//!
//! It refuses to know how any of them works.

mod completions;
mod man;

use clap::Subcommand;

use crate::console::Console;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    pub(crate) fn run(self, console: &mut Console) -> anyhow::Result<()> {
        match self {
            Self::Completions(args) => completions::run(&args, console),
            Self::Man(args) => man::run(&args, console),
        }
    }
}
