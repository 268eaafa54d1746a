//! `weighbridge backup …`: what is done where no host runs. Taking and listing are operations.

mod check;
mod restore;

use std::path::PathBuf;

use clap::Subcommand;

use crate::args::Args;
use crate::exit::Exit;

#[derive(Debug, Subcommand)]
pub(crate) enum BackupCommand {
    /// Check a backup: every file, the ledger and the audit log. It needs no key, and works on any machine.
    Check {
        /// The backup's folder.
        folder: PathBuf,
    },
    /// Restore a backup into a data folder that has its key ring and no store. What is restored stays frozen until it is thawed.
    Restore {
        /// The backup's folder.
        folder: PathBuf,
        /// Let it move at once: the host that the backup is of does not run any more.
        #[arg(long)]
        thawed: bool,
    },
}

pub(crate) async fn run(args: &Args, command: &BackupCommand) -> anyhow::Result<Exit> {
    match command {
        BackupCommand::Check { folder } => check::run(args, folder),
        BackupCommand::Restore { folder, thawed } => restore::run(args, folder, *thawed).await,
    }
}
