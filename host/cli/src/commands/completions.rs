//! `weighbridge completions SHELL`

use clap::{Args as ClapArgs, ValueEnum};
use clap_complete::{Shell, generate};

use crate::args::Args;
use crate::exit::Exit;
use crate::output;

#[derive(Debug, ClapArgs)]
pub(crate) struct CompletionsArgs {
    /// The shell that is to complete.
    shell: Known,
}

/// A shell whose completions are tried.
#[derive(Clone, Copy, Debug, ValueEnum)]
enum Known {
    /// `source <(weighbridge completions bash)`
    Bash,
    /// `source <(weighbridge completions zsh)`
    Zsh,
    /// `weighbridge completions fish | source`
    Fish,
}

/// The script is made from the command tree that is parsed, verbs of operations among it, so it knows every word of this version.
pub(crate) fn run(completions: &CompletionsArgs) -> Exit {
    let shell = match completions.shell {
        Known::Bash => Shell::Bash,
        Known::Zsh => Shell::Zsh,
        Known::Fish => Shell::Fish,
    };
    let mut script = Vec::new();
    generate(shell, &mut Args::tree(), "weighbridge", &mut script);
    output::line(String::from_utf8_lossy(&script).trim_end());
    Exit::Done
}
