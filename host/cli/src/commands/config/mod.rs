//! `weighbridge config`

mod check;
mod show;

use clap::Subcommand;

use crate::args::Args;
use crate::config::example;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, Subcommand)]
pub(crate) enum ConfigCommand {
    /// Look whether a host could serve with `--config FILE` and this environment: unknown settings, files that are missing,
    /// settings that do not go together. Nothing is started.
    Check,
    /// Show every setting, its value, and whether that is the default, the file's or the environment's.
    Show,
    /// Print a file with every setting as a comment, to begin with.
    Example,
}

pub(crate) fn run(args: &Args, command: &ConfigCommand) -> anyhow::Result<Exit> {
    match command {
        ConfigCommand::Check => check::run(args),
        ConfigCommand::Show => show::run(args),
        ConfigCommand::Example => {
            output::line(example::text().trim_end());
            Ok(Exit::Done)
        }
    }
}
