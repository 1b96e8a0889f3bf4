//! The commands by name. One file a command; each owns its flags, their check, and its output.

mod check;
mod choose;
mod compare;
mod completions;
mod curve;
mod evaluate;
mod fit;
mod generate;
mod man;
mod moves;
mod predict;
mod report;
mod split;
mod sweep;
mod tutorial;

use clap::Subcommand;

use crate::console::Console;

/// What to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    Tutorial(tutorial::Args),
    Generate(Box<generate::Args>),
    Split(split::Args),
    Fit(fit::Args),
    Predict(predict::Args),
    Evaluate(evaluate::Args),
    Sweep(sweep::Args),
    Moves(moves::Args),
    Curve(curve::Args),
    Choose(Box<choose::Args>),
    Check(check::Args),
    Compare(Box<compare::Args>),
    Report(Box<report::Args>),
    Completions(completions::Args),
    Man(man::Args),
}

impl Command {
    /// Whether the result goes to stdout besides what flags send there by `-`.
    pub(crate) fn prints(&self) -> bool {
        match self {
            Self::Tutorial(_)
            | Self::Evaluate(_)
            | Self::Moves(_)
            | Self::Check(_)
            | Self::Compare(_)
            | Self::Completions(_) => true,
            Self::Generate(_) | Self::Split(_) | Self::Predict(_) | Self::Report(_) => false,
            Self::Fit(args) => args.prints(),
            Self::Sweep(args) => args.prints(),
            Self::Curve(args) => args.prints(),
            Self::Choose(args) => args.prints(),
            Self::Man(args) => args.prints(),
        }
    }

    /// Runs it; `program` makes the whole command line, for its manual and its completions.
    pub(crate) fn run(
        self,
        program: fn() -> clap::Command,
        console: &mut Console,
    ) -> anyhow::Result<()> {
        match self {
            Self::Tutorial(args) => tutorial::run(&args, console),
            Self::Generate(args) => generate::run(&args, console),
            Self::Split(args) => split::run(&args, console),
            Self::Fit(args) => fit::run(&args, console),
            Self::Predict(args) => predict::run(&args, console),
            Self::Evaluate(args) => evaluate::run(&args, console),
            Self::Sweep(args) => sweep::run(&args, console),
            Self::Moves(args) => moves::run(&args, console),
            Self::Curve(args) => curve::run(&args, console),
            Self::Choose(args) => choose::run(&args, console),
            Self::Check(args) => check::run(&args, console),
            Self::Compare(args) => compare::run(&args, console),
            Self::Report(args) => report::run(&args, console),
            Self::Completions(args) => completions::run(&args, program(), console),
            Self::Man(args) => man::run(&args, program(), console),
        }
    }
}
