//! Bring a store to the format of this version, or try that on a copy.
//!
//! Whatever opens a store for writing brings it there first, so nobody has to ask for it; here it is looked at, and tried.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use weighbridge_store::{Access, FORMAT, Store, TxError, copy_file, format_of};

use crate::backup::{BackupError, blocking, examine, open_store};
use crate::error::EngineError;
use crate::options::Options;
use crate::space::free_bytes;

/// What it came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Upgraded {
    /// The format that the rows had.
    pub from: u32,
    /// The format that they have now, or would have.
    pub to: u32,
    /// How long that took, and on a copy looking whether all adds up.
    pub took: Duration,
    /// Where it was kept as it was; nowhere where no backups are taken, or where nothing was to be done.
    pub backup: Option<PathBuf>,
}

/// Brings the store of a data folder to the format of this version, after it was copied where backups are taken.
pub async fn upgrade(options: &Options) -> Result<Upgraded, BackupError> {
    let (path, begun) = (options.folder.store(), Instant::now());
    let from = format_of(&path)?.unwrap_or(FORMAT);
    let (store, backup) = open_store(options)?;
    store.close().await.map_err(TxError::from).map_err(EngineError::from)?;
    Ok(Upgraded { from, to: FORMAT, took: begun.elapsed(), backup: backup.map(|backup| backup.path) })
}

/// Tries it on a copy beside the store, which may be open meanwhile, and looks whether all of it still adds up.
pub async fn rehearse_upgrade(options: &Options) -> Result<Upgraded, BackupError> {
    let (path, begun) = (options.folder.store(), Instant::now());
    let from = format_of(&path)?.unwrap_or(FORMAT);
    make_room(options, &path)?;
    let copy = options.folder.path().join("rehearsal.redb");
    remove(&copy)?;
    let (source, target) = (path, copy.clone());
    let tried = blocking(move || Ok(copy_file(&source, &target)?)).await;
    let tried = match tried {
        Ok(_) => try_on(&copy).await,
        Err(error) => Err(error),
    };
    remove(&copy)?;
    tried.map(|()| Upgraded { from, to: FORMAT, took: begun.elapsed(), backup: None })
}

async fn try_on(copy: &Path) -> Result<(), BackupError> {
    let store = Store::open(copy, Access::Write)?;
    let examined = store.clone();
    let sound = blocking(move || examine(&examined)).await;
    store.close().await.map_err(TxError::from).map_err(EngineError::from)?;
    sound
}

fn make_room(options: &Options, store: &Path) -> Result<(), BackupError> {
    let folder = options.folder.path();
    let needed = fs::metadata(store).map_or(0, |file| file.len()).saturating_add(options.conduct.space_min);
    let free = free_bytes(folder).map_err(BackupError::io(folder))?;
    if free >= needed {
        return Ok(());
    }
    Err(BackupError::NoSpace { folder: folder.to_owned(), free_mib: free >> 20, needed_mib: needed >> 20 })
}

fn remove(copy: &Path) -> Result<(), BackupError> {
    for left in [copy.to_owned(), copy.with_extension("blobs")] {
        let removed = if left.is_dir() { fs::remove_dir_all(&left) } else { fs::remove_file(&left) };
        match removed {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(BackupError::io(&left)(error)),
            _ => {}
        }
    }
    Ok(())
}
