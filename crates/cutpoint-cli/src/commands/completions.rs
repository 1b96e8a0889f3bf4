//! `cutpoint completions`: tab completion for a shell.
//!
//! It is printed; nothing is installed.

use std::io::Write;

use clap_complete::Shell;

use crate::console::Console;

/// Print tab completions for a shell
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        cutpoint completions bash > ~/.local/share/bash-completion/completions/cutpoint\n  \
        cutpoint completions zsh > ~/.zfunc/_cutpoint\n  \
        cutpoint completions fish > ~/.config/fish/completions/cutpoint.fish")]
pub(crate) struct Args {
    /// The shell to complete for
    shell: Shell,
}

pub(crate) fn run(
    args: &Args,
    mut program: clap::Command,
    console: &mut Console,
) -> anyhow::Result<()> {
    // Written to memory first: the generator panics where a pipe is closed.
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut program, "cutpoint", &mut script);
    console.out().write_all(&script)?;
    Ok(())
}
