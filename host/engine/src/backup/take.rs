//! Take a backup of an open host, beside the work that goes on.

use std::fs::{self, DirBuilder};
use std::io::Write as _;
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};
use std::time::{Duration, Instant};

use weighbridge_model::access::ActorRef;
use weighbridge_model::id::HostId;
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::Hosts;
use weighbridge_store::{Access, CopyError, FORMAT, HostScope, Store};

use super::check::examine;
use super::kept::{Backup, PREFIX};
use super::manifest::{self, LAYOUT, MANIFEST, Manifest};
use super::room::{Room, Watch, bytes_to_copy};
use super::{BackupError, blocking, copy_file, sync_folder};
use crate::chance;
use crate::engine::{Engine, Host};
use crate::error::EngineError;
use crate::space::free_bytes;

/// A copy that takes longer is given up: blobs that are let go of meanwhile are kept until it ends.
const LONGEST: Duration = Duration::from_secs(60 * 60);

impl Engine {
    /// Takes a backup into a folder of its own below `into`, checks it, and gives it its name.
    pub async fn take_backup(&self, by: ActorRef, into: &Path) -> Result<Backup, BackupError> {
        let _one_at_a_time = self.host.backing_up.lock().await;
        let (host, now) = (self.host_id().await?, self.host.now());
        let name = format!("{PREFIX}{}-{host}", stamp(now));
        let (part, target) = (into.join(format!(".{name}.part")), into.join(&name));
        let bytes = bytes_to_copy(&self.host.store_path, self.host.packages.folder());
        Room { bytes, space_min: self.host.conduct().space_min }.make(into, &part, host)?;
        let taken = self.fill(&part, host, now).await;
        let kept = match taken {
            Ok(manifest) => blocking(move || keep(&part, &target, manifest)).await,
            Err(error) => {
                // What is there of it is nobody's; the reason tells more than a folder that does not go.
                let _ = fs::remove_dir_all(&part);
                Err(error)
            }
        }?;
        self.note_backup(by, &kept).await?;
        Ok(kept)
    }

    /// The id of this host; a store that has none yet is given one.
    pub(crate) async fn host_id(&self) -> Result<HostId, EngineError> {
        if let Some(id) = self.host.known_id()? {
            return Ok(id);
        }
        let (scope, fresh) = (HostScope::new(), HostId::new(self.host.now(), chance::bytes()?));
        let written = self.host.store.write(move |tx| {
            let mut row = tx.need::<Hosts>(&scope, &())?;
            let id = *row.host.get_or_insert(fresh);
            tx.put::<Hosts>(&scope, &(), &row)?;
            Ok(id)
        });
        Ok(written.await?.into_inner())
    }

    /// Rows and blobs of one instant, then the packages: one that a row names is there before it, and none is taken away.
    async fn fill(&self, part: &Path, host: HostId, now: Timestamp) -> Result<Manifest, BackupError> {
        let (store, given_up) = (part.join("store.redb"), Arc::new(OnceLock::new()));
        let (reason, why) = (self.reason_to_give_up(part), Arc::clone(&given_up));
        let go_on = move |_| reason().is_none_or(|reason| why.set(reason).is_err());
        let copied = self.host.store.copy_to(HostScope::new(), store, go_on).await;
        let copied =
            copied.map_err(|error| match (error, Arc::into_inner(given_up).and_then(OnceLock::into_inner)) {
                (CopyError::Stopped, Some(reason)) => reason,
                (error, _) => error.into(),
            })?;
        let (packages, part) = (self.host.packages.folder().to_owned(), part.to_owned());
        blocking(move || {
            copy_packages(&packages, &part.join("packages"))?;
            let files = manifest::marks(&part)?;
            let opened = Store::open(&part.join("store.redb"), Access::Read)?;
            examine(&opened)?;
            Ok(Manifest {
                layout: LAYOUT,
                format: FORMAT,
                version: env!("CARGO_PKG_VERSION").into(),
                host,
                taken_at: now,
                taken: now.to_string(),
                rows: copied.rows,
                files,
            })
        })
        .await
    }

    /// What a copy asks itself after every step.
    fn reason_to_give_up(&self, part: &Path) -> impl Fn() -> Option<BackupError> + Send + use<> {
        let (begun, drains) = (Instant::now(), self.host.drains());
        let folders = [part, self.host.store_path.parent().unwrap_or(Path::new("."))].map(Path::to_owned);
        let watch = Watch::begin(folders, self.host.conduct().space_min, free_bytes);
        move || match watch.look() {
            _ if *drains.borrow() => Some(BackupError::Stopped),
            _ if begun.elapsed() >= LONGEST => Some(BackupError::TooLong(LONGEST.as_secs() / 60)),
            nearly_full => nearly_full,
        }
    }

    pub(crate) async fn note_backup(&self, by: ActorRef, backup: &Backup) -> Result<(), EngineError> {
        let what = format!("{} rows, {} bytes", backup.manifest.rows, backup.manifest.bytes());
        let line = self.audit_on_host(by, "host.backed_up", what.as_str().into())?;
        self.host.store.write(move |tx| line.write(tx)).await?;
        Ok(())
    }
}

impl Host {
    /// The id of this host, where it has one already.
    pub(crate) fn known_id(&self) -> Result<Option<HostId>, EngineError> {
        let row = self.store.read(|tx| tx.get::<Hosts>(&HostScope::new(), &()))?;
        Ok(row.and_then(|row| row.host))
    }
}

pub(super) fn copy_packages(from: &Path, to: &Path) -> Result<(), BackupError> {
    DirBuilder::new().mode(0o700).create(to).map_err(BackupError::io(to))?;
    if !from.exists() {
        return Ok(());
    }
    for entry in fs::read_dir(from).map_err(BackupError::io(from))? {
        let path: PathBuf = entry.map_err(BackupError::io(from))?.path();
        if let Some(name) = path.file_name().filter(|_| path.extension().is_some_and(|kind| kind == "wbc")) {
            copy_file(&path, &to.join(name))?;
        }
    }
    sync_folder(to)
}

/// Writes what it has, and gives it its name when all of it is durable.
pub(super) fn keep(part: &Path, target: &Path, manifest: Manifest) -> Result<Backup, BackupError> {
    let path = part.join(MANIFEST);
    let text = serde_json::to_vec_pretty(&manifest).map_err(|error| EngineError::Interrupted(error.to_string()))?;
    let write = || {
        let mut file = fs::OpenOptions::new().write(true).create_new(true).mode(0o600).open(&path)?;
        file.write_all(&text)?;
        file.sync_all()
    };
    write().map_err(BackupError::io(&path))?;
    sync_folder(part)?;
    fs::rename(part, target).map_err(BackupError::io(target))?;
    sync_folder(target.parent().unwrap_or(Path::new(".")))?;
    Ok(Backup { path: target.to_owned(), manifest })
}

/// An instant as it stands in a name, so that names sort by time: `20261122T233000.123Z`.
pub(super) fn stamp(at: Timestamp) -> String {
    let (text, millis) = (at.to_string(), at.as_millis().rem_euclid(1_000));
    let whole = text.split(['.', 'Z']).next().unwrap_or_default();
    format!("{}.{millis:03}Z", whole.replace(['-', ':'], ""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_sort_as_their_instants_do() {
        let stamps =
            [0, 1, 999, 1_000, 1_763_855_999_999, 1_763_856_000_000].map(|ms| stamp(Timestamp::from_millis(ms)));
        assert_eq!(stamps[1], "19700101T000000.001Z");
        assert!(stamps.is_sorted(), "{stamps:?}");
    }
}
