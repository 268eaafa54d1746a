//! Signals to a host's process, and what is put around it.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::told;

/// What a process is sent.
#[derive(Clone, Copy, Debug)]
pub enum Signal {
    /// It is to end in order.
    Terminate,
    /// It stands still.
    Stop,
    /// It goes on.
    Continue,
}

/// Sends a signal by the command that every system has.
pub fn send(process: u32, signal: Signal) -> Result<(), String> {
    let signal = match signal {
        Signal::Terminate => "-TERM",
        Signal::Stop => "-STOP",
        Signal::Continue => "-CONT",
    };
    let status = Command::new("kill").args([signal, &process.to_string()]).status().map_err(told)?;
    if status.success() { Ok(()) } else { Err(format!("kill {signal} {process} did not work")) }
}

/// What is around a host's process.
#[derive(Clone, Debug, Default)]
pub enum Around {
    /// Nothing.
    #[default]
    Nothing,
    /// No file of it can be written behind so many KiB: the kernel answers EFBIG to what lies behind.
    FileMax(u64),
    /// A library that moves its clock by what stands in a file.
    Clock {
        /// The library, loaded before all others.
        library: PathBuf,
        /// The seconds.
        offset: PathBuf,
    },
}

impl Around {
    /// A command that runs a program with these words.
    pub(super) fn command(&self, program: &Path, words: &[PathBuf]) -> Command {
        let mut command = match self {
            Self::FileMax(kib) => {
                // The signal that the kernel sends beside its answer is ignored, as a full disk sends none.
                let script = format!("trap '' XFSZ; ulimit -f {}; exec \"$0\" \"$@\"", kib * 2);
                let mut shell = Command::new("sh");
                shell.arg("-c").arg(script).arg(program);
                shell
            }
            _ => Command::new(program),
        };
        if let Self::Clock { library, offset } = self {
            command.env("LD_PRELOAD", library).env("CAMPAIGN_CLOCK", offset);
        }
        command.args(words);
        command
    }
}
