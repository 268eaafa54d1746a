//! Backups: everything that a host knows but its keys, as it was at one instant, each in a folder of its own.
//!
//! A backup has the store's file, its blobs, and the installed packages, and says what each file must be. It is opened and
//! balanced before it gets its name, so that one that is there can be restored. Sealed texts stay sealed in it: whoever has
//! the folder without the key ring reads ids, times and amounts.

mod before;
mod check;
mod keep;
mod kept;
mod manifest;
mod restore;
mod room;
mod take;

use std::io;
use std::path::{Path, PathBuf};

use weighbridge_model::schedule::Schedule;
use weighbridge_store::{CopyError, FORMAT, OpenError, ReadError, WriteError};

use crate::error::EngineError;

pub(crate) use before::open_store;
pub use check::check_backup;
pub(crate) use check::examine;
pub use keep::BackupsNow;
pub use kept::{Backup, backups_in, newest_backup};
pub use manifest::{FileMark, Manifest};
pub use restore::{RestoreHow, RestoredHost, restore_backup};

/// Where a host's backups go, and when.
#[derive(Clone, Debug)]
pub struct BackupSettings {
    /// The folder that has one folder for each of them.
    pub folder: PathBuf,
    /// When one is taken; only when somebody asks for one where it is left out.
    pub schedule: Option<Schedule>,
    /// So many of this host are kept.
    pub keep: usize,
}

/// A backup was not taken, not found good, or not restored; nothing of it is left behind.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// A file or folder cannot be used.
    #[error("backup.unusable: {path}: {source}")]
    Io {
        /// Which.
        path: PathBuf,
        /// What the operating system said.
        source: io::Error,
    },
    /// There is none.
    #[error("backup.absent: there is no backup in {0}; see what there is with: weighbridge backup list")]
    Absent(PathBuf),
    /// The folder does not have enough room.
    #[error(
        "backup.no_space: {free_mib} MiB are free at {folder}, and about {needed_mib} are needed; free some, or name a folder on another disk"
    )]
    NoSpace {
        /// Where.
        folder: PathBuf,
        /// What is free.
        free_mib: u64,
        /// What it takes.
        needed_mib: u64,
    },
    /// A disk ran full while the copy was made.
    #[error(
        "backup.no_space: only {free_mib} MiB were left at {folder} while the backup was taken, and it was given up; free some, name a folder on another disk, or take it when less is written"
    )]
    Filling {
        /// Where.
        folder: PathBuf,
        /// What was left.
        free_mib: u64,
    },
    /// It took so long that too much would have been kept for its sake.
    #[error("backup.too_long: the backup was given up after {0} minutes; name a folder on a faster disk")]
    TooLong(u64),
    /// The host stops.
    #[error("backup.stopped: the host is stopping; take it when it runs again")]
    Stopped,
    /// A file is not what it must be.
    #[error("backup.damaged: {file}: {what}; use another backup, and look at the disk that this one was on")]
    Damaged {
        /// Which.
        file: PathBuf,
        /// What is wrong with it.
        what: String,
    },
    /// What the rows say does not add up.
    #[error("backup.unsound: {0}; use an earlier backup, and tell the makers of this program")]
    Unsound(String),
    /// A later version laid it out.
    #[error("backup.newer: this backup has layout {found}, and this version knows {known}; use a newer version")]
    NewerLayout {
        /// What it says.
        found: u32,
        /// What this version knows.
        known: u32,
    },
    /// A later version wrote its rows.
    #[error("backup.newer: this backup has rows of format {0}, and this version knows {FORMAT}; use a newer version")]
    NewerRows(u32),
    /// There is a store where it would be restored to.
    #[error("restore.present: {0} has a store already; move that folder away, or name another one with --data")]
    Present(PathBuf),
    /// A host has the store open.
    #[error("restore.running: a host has {0} open; stop it, and move its data folder away")]
    Running(PathBuf),
    /// The keys are not there, which no backup has.
    #[error(
        "restore.no_keys: there is no key ring at {0}; put your copy of keys.json, keys.burned and the master key there, or bring an exported ring back with: weighbridge keys restore"
    )]
    NoKeys(PathBuf),
    /// The key ring is another host's, or an older one.
    #[error(
        "restore.keys_missing: the key ring at {path} lacks the keys of {count} organisations and customers of this backup; bring the ring back as it was last"
    )]
    KeysMissing {
        /// Whose.
        path: PathBuf,
        /// How many owners have no key in it.
        count: usize,
    },
    /// The copy could not be made.
    #[error("backup.unreadable: {0}")]
    Copy(#[from] CopyError),
    /// The copy cannot be opened.
    #[error("backup.unsound: {0}")]
    Open(#[from] OpenError),
    /// The engine could not do its part.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// The copy cannot be read.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The copy cannot be written.
    #[error(transparent)]
    Write(#[from] WriteError),
}

impl BackupError {
    /// For `map_err`: a file or folder cannot be used.
    pub(crate) fn io(path: &Path) -> impl Fn(io::Error) -> Self {
        let path = path.to_owned();
        move |source| Self::Io { path: path.clone(), source }
    }
}

/// Does something that blocks where that keeps nobody waiting.
pub(crate) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    let done = tokio::task::spawn_blocking(work).await;
    done.unwrap_or_else(|error| Err(EngineError::Interrupted(error.to_string()).into()))
}

/// Makes the names in a folder durable.
fn sync_folder(path: &Path) -> Result<(), BackupError> {
    let io = BackupError::io(path);
    std::fs::File::open(path).and_then(|folder| folder.sync_all()).map_err(io)
}

/// Copies a file, and makes it durable.
fn copy_file(from: &Path, to: &Path) -> Result<(), BackupError> {
    let mut source = std::fs::File::open(from).map_err(BackupError::io(from))?;
    let mut target = std::fs::File::create(to).map_err(BackupError::io(to))?;
    io::copy(&mut source, &mut target).map_err(BackupError::io(to))?;
    target.sync_all().map_err(BackupError::io(to))
}
