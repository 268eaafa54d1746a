//! A backup of a store of an older format, taken before this version changes any of it: the way back.
//!
//! It is a backup as any other, but that its rows have the older format, so that the version that wrote them restores it. No
//! rotation removes it.

use std::fs;
use std::path::Path;

use weighbridge_model::id::HostId;
use weighbridge_model::time::Timestamp;
use weighbridge_store::{FORMAT, Older, Store};

use super::kept::{Backup, PREFIX, WAY_BACK};
use super::manifest::{self, LAYOUT, Manifest};
use super::room::{Room, bytes_to_copy};
use super::take::{copy_packages, keep, stamp};
use super::{BackupError, BackupSettings};
use crate::chance;
use crate::error::EngineError;
use crate::options::Options;

/// Opens the store of a data folder for writing. One of an older format is copied first, where backups are taken; where that
/// does not work, it is left as it is.
pub(crate) fn open_store(options: &Options) -> Result<(Store, Option<Backup>), EngineError> {
    let mut taken = Ok(None);
    let opened = Store::open_upgrading(&options.folder.store(), |older| {
        taken = take(options, older);
        taken.is_ok()
    });
    let backup = taken.map_err(|error| EngineError::NoWayBack(error.to_string()))?;
    Ok((opened?, backup))
}

fn take(options: &Options, older: &Older<'_>) -> Result<Option<Backup>, BackupError> {
    let wanted = options.conduct.backups.as_ref().filter(|_| !options.upgrade_without_backup);
    let Some(BackupSettings { folder: into, .. }) = wanted else {
        tracing::warn!(
            from = older.format(),
            to = FORMAT,
            "no backup is taken before rows are changed: only a copy of your own leads back"
        );
        return Ok(None);
    };
    let (now, fresh) = (options.clock.now(), chance::bytes()?);
    let host = older.host().unwrap_or_else(|| HostId::new(now, fresh));
    let name = format!("{PREFIX}{}-{host}{WAY_BACK}{}", stamp(now), older.format());
    let (part, target, packages) = (into.join(format!(".{name}.part")), into.join(&name), options.folder.packages());
    let bytes = bytes_to_copy(&options.folder.store(), &packages);
    Room { bytes, space_min: options.conduct.space_min }.make(into, &part, host)?;
    let kept = fill(older, &part, &packages, (host, now)).and_then(|manifest| keep(&part, &target, manifest));
    match &kept {
        Ok(backup) => tracing::info!(backup = %backup.path.display(), "a backup was taken before rows are changed"),
        // The reason tells more than a folder that does not go.
        Err(_) => drop(fs::remove_dir_all(&part)),
    }
    kept.map(Some)
}

fn fill(
    older: &Older<'_>,
    part: &Path,
    packages: &Path,
    (host, now): (HostId, Timestamp),
) -> Result<Manifest, BackupError> {
    let copied = older.copy_to(&part.join("store.redb"))?;
    copy_packages(packages, &part.join("packages"))?;
    Ok(Manifest {
        layout: LAYOUT,
        format: older.format(),
        version: env!("CARGO_PKG_VERSION").into(),
        host,
        taken_at: now,
        taken: now.to_string(),
        rows: copied.rows,
        files: manifest::marks(part)?,
    })
}
