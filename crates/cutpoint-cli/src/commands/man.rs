//! `cutpoint man`: the manual pages.
//!
//! It prints one page, or writes all of them to a directory; nothing is installed.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Context;
use cutpoint_files::{Output, commit_all};

use crate::console::Console;

/// Print the manual page, or write one page for each command
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:\n  \
        cutpoint man | man -l -\n  \
        cutpoint man --output ~/.local/share/man/man1")]
pub(crate) struct Args {
    /// Directory to write `cutpoint.1`, `cutpoint-generate.1`, … to, made where it is missing [default: print
    /// `cutpoint.1` to stdout]
    #[arg(long, value_name = "DIR")]
    output: Option<PathBuf>,
}

impl Args {
    /// Whether the page goes to stdout.
    pub(crate) fn prints(&self) -> bool {
        self.output.is_none()
    }
}

pub(crate) fn run(
    args: &Args,
    program: clap::Command,
    console: &mut Console,
) -> anyhow::Result<()> {
    let Some(directory) = &args.output else {
        let mut page = Vec::new();
        clap_mangen::Man::new(program).render(&mut page)?;
        console.out().write_all(&page)?;
        return Ok(());
    };
    let failed = || {
        format!(
            "failed to write the manual pages to {}",
            directory.display()
        )
    };
    std::fs::create_dir_all(directory).with_context(failed)?;
    // As `clap_mangen::generate_to` does, but that all pages appear or none.
    let mut command = program.disable_help_subcommand(true);
    command.build();
    let mut outputs = Vec::new();
    write_pages(command, directory, &mut outputs)?;
    commit_all(outputs)?;
    Ok(())
}

/// Writes the page of a command after those of its subcommands.
fn write_pages(
    command: clap::Command,
    directory: &Path,
    outputs: &mut Vec<Output>,
) -> anyhow::Result<()> {
    let shown = command
        .get_subcommands()
        .filter(|inner| !inner.is_hide_set());
    for inner in shown.cloned().collect::<Vec<_>>() {
        write_pages(inner, directory, outputs)?;
    }
    let manual = clap_mangen::Man::new(command);
    let mut page = Vec::new();
    manual.render(&mut page)?;
    let mut output = Output::create(&directory.join(manual.get_filename()))?;
    output.put(&page)?;
    outputs.push(output);
    Ok(())
}
