//! Who a command is that root types: whoever owns the data folder, as the host that serves it is.
//!
//! What it makes there, the host can use; and nothing that lies there can turn root against the machine. What only root may
//! read is read before: the master key, and the files that the command names.

use std::fs;
use std::os::unix::fs::MetadataExt as _;
use std::path::Path;

use anyhow::{Context as _, bail};
use rustix::process::{Gid, Uid, geteuid};
use rustix::thread::{set_thread_groups, set_thread_res_gid, set_thread_res_uid};

use crate::args::{Args, Command};
use crate::beside;
use crate::commands::backup::BackupCommand;
use crate::options::MasterKeyArg;

/// Becomes the owner of the data folder, where root types a command that writes there. No thread may run yet.
pub(crate) fn become_it(args: &Args) -> anyhow::Result<()> {
    if !geteuid().is_root() || !writes(&args.command) {
        return Ok(());
    }
    // Where there is none, the command says so.
    let Ok(folder) = fs::metadata(&args.data) else { return Ok(()) };
    if folder.uid() == 0 {
        return Ok(());
    }
    if let Command::Serve(_) = args.command {
        bail!(
            "serve.not_owner: {} is another user's, and root would leave files there that this user cannot use; start the host as that user: systemctl start weighbridge",
            args.data.display()
        );
    }
    let key = match &args.master_key {
        Some(MasterKeyArg::File(path)) => Some(path.as_path()),
        _ => None,
    };
    beside::read_now(&args.command, &key.into_iter().collect::<Vec<&Path>>());
    let (user, group) = (Uid::from_raw(folder.uid()), Gid::from_raw(folder.gid()));
    let become_it = || {
        set_thread_groups(&[])?;
        set_thread_res_gid(group, group, group)?;
        set_thread_res_uid(user, user, user)
    };
    become_it().with_context(|| {
        format!("system.not_owner: root cannot become the user {user} that {} belongs to", args.data.display())
    })
}

fn writes(command: &Command) -> bool {
    let others =
        matches!(command, Command::Serve(_) | Command::Upgrade(_) | Command::Backup(BackupCommand::Restore { .. }));
    others || command.changes_the_store()
}
