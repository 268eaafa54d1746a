//! Every exit code, and what it means.

use std::process::ExitCode;

use crate::output;

/// How a command ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(crate) enum Exit {
    /// All that was asked is done.
    Done = 0,
    /// It began and could not be finished.
    Failed = 1,
    /// The command line, a document, a package or a configuration is not right; nothing was done.
    Invalid = 2,
    /// The gate said no.
    Refused = 3,
    /// Another process has the store open for writing.
    InUse = 4,
    /// A commit failed and nobody knows whether it is durable; start again.
    Unknown = 5,
    /// The key ring or the store cannot be used.
    Unusable = 6,
    /// The master key does not open the key ring; nothing was changed.
    WrongMasterKey = 7,
    /// What was only to be planned would change something.
    WouldChange = 8,
}

/// What was asked for cannot be done as it was asked; nothing was done. It begins with a stable code and ends with a next step.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub(crate) struct Misasked(pub(crate) String);

/// For the end of the help.
pub(crate) const HELP: &str = "Exit codes: 0 done; 1 failed; 2 invalid input, nothing was done; 3 the gate said no; \
    4 the store is in use; 5 a commit is unknown, start again; 6 the store or the key ring cannot be used; \
    7 the master key does not open the key ring, nothing was changed; 8 `apply --plan`: something would be changed.";

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(exit as u8)
    }
}

/// Help and versions are asked for; all else is a mistake.
pub(crate) fn usage(error: &clap::Error) -> ExitCode {
    let exit = if error.use_stderr() { Exit::Invalid } else { Exit::Done };
    if exit == Exit::Invalid && std::env::args_os().any(|word| word == "--json") {
        let message = error.to_string();
        let message = message.trim_start_matches("error: ").trim_end();
        output::aside(serde_json::json!({ "code": "command.malformed", "message": message, "exit": exit as u8 }));
    } else {
        // Nothing is left to do where even the terminal is gone.
        let _ = error.print();
    }
    exit.into()
}
