//! `weighbridge keys …`

mod export;
mod recovery_key;
mod restore;
mod rotate;
mod status;

use std::fs::OpenOptions;
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};

use anyhow::Context as _;
use clap::Subcommand;

use crate::args::Args;
use crate::exit::Exit;

#[derive(Debug, Subcommand)]
pub(crate) enum KeysCommand {
    /// Show where the master key comes from, its version, and how many keys it wraps.
    Status,
    /// Wrap all data keys by a new master key. A host may run meanwhile.
    Rotate {
        /// Where the new key goes: `file:PATH` (a new file) or `passphrase`; in place of the old one where it is left out.
        #[arg(long, value_name = "SOURCE")]
        to: Option<crate::options::MasterKeyArg>,
    },
    /// Make a recovery key pair: the secret half goes to the safe.
    RecoveryKey {
        /// The new file for the secret half.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Copy the key ring, sealed to a recovery key: the only copy of it that leaves.
    Export {
        /// The public half of the recovery key: `weighbridge-recovery-…`.
        #[arg(long, value_name = "KEY")]
        to: String,
        /// The new file for the copy.
        #[arg(long, value_name = "FILE")]
        out: PathBuf,
    },
    /// Bring the key ring back from its copy, under a new master key.
    Restore {
        /// The copy.
        file: PathBuf,
        /// The file with the secret half of the recovery key.
        #[arg(long, value_name = "FILE")]
        recovery_key: PathBuf,
    },
}

pub(crate) async fn run(args: &Args, command: &KeysCommand) -> anyhow::Result<Exit> {
    match command {
        KeysCommand::Status => status::run(args),
        KeysCommand::Rotate { to } => rotate::run(args, to.as_ref()).await,
        KeysCommand::RecoveryKey { out } => recovery_key::run(args, out),
        KeysCommand::Export { to, out } => export::run(args, to, out),
        KeysCommand::Restore { file, recovery_key } => restore::run(args, file, recovery_key),
    }
}

/// Writes a file that only its owner may read, and never over another one.
fn write_new(path: &Path, bytes: &[u8]) -> anyhow::Result<()> {
    let unwritable = || format!("keys.file_unwritable: {}; name a new file in a folder that is there", path.display());
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).with_context(unwritable)?;
    file.write_all(bytes).and_then(|()| file.sync_all()).with_context(unwritable)
}
