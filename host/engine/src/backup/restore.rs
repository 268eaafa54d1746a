//! Restore a backup into a data folder that has the keys and no store.
//!
//! What is restored is another host: it has an id of its own and says whose backup it came from. It is frozen until somebody
//! has looked at it, since the host that it was taken from may still run, and since what was switched off or revoked after
//! the backup is on again. Nobody is signed in.

use std::collections::BTreeSet;
use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use weighbridge_model::access::ActorRef;
use weighbridge_model::customer::{Customer, CustomerStatus};
use weighbridge_model::deletion::Deletion;
use weighbridge_model::id::{HostId, TenantId};
use weighbridge_model::time::Timestamp;
use weighbridge_store::tables::{Customers, Deletions, Hosts, OneUseLinks, Restored, Returning, Sessions, Tenants};
use weighbridge_store::{
    Access, CustomerScope, FORMAT, HostScope, OpenError, Store, Table, TenantScope, Tx, TxError, chain_anew,
};
use weighbridge_vault::{KeyRing, Owner};

use super::check::{check_backup, examine};
use super::kept::Backup;
use super::{BackupError, blocking, copy_file, sync_folder};
use crate::chance;
use crate::engine::Engine;
use crate::error::EngineError;
use crate::options::Options;
use crate::texts::customer_owner;

/// Rows that one transaction looks at.
const STEP: usize = 400;
const TENANTS_MAX: usize = 1_000_000;

/// How a backup is restored.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RestoreHow {
    /// It may move at once: the host that it was taken from does not run any more.
    pub thawed: bool,
}

/// What came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RestoredHost {
    /// What was restored.
    pub backup: Backup,
    /// The host that it is now.
    pub host: HostId,
    /// Customers that were deleted after the backup, whose deletion goes on.
    pub deleted_again: usize,
}

/// Restores a backup, after all of it was checked. A restore that was cut off is begun again by the next one.
pub async fn restore_backup(options: &Options, from: &Path, how: RestoreHow) -> Result<RestoredHost, BackupError> {
    let folder = options.folder.clone();
    let target = folder.store();
    if target.exists() {
        return match Store::open_upgrading(&target, |_| false) {
            Err(OpenError::InUse { path }) => Err(BackupError::Running(path)),
            Err(_) => Err(BackupError::Present(folder.path().to_owned())),
            Ok(store) => {
                store.close().await.map_err(TxError::from).map_err(EngineError::from)?;
                Err(BackupError::Present(folder.path().to_owned()))
            }
        };
    }
    if !folder.keys().exists() {
        return Err(BackupError::NoKeys(folder.keys()));
    }
    let ring = KeyRing::open(&folder.keys(), options.master.clone()).map_err(EngineError::from)?;
    let (from, packages) = (from.to_owned(), folder.packages());
    let fresh = folder.path().join("restoring.redb");
    let (copied, to) = (fresh.clone(), packages.clone());
    let backup = blocking(move || {
        let backup = check_backup(&from)?;
        copy(&from, &copied, &to)?;
        Ok(backup)
    })
    .await?;
    let begun = begin_anew(&fresh, &ring, options.clock.now(), &backup).await?;
    let restored = RestoredHost { backup, ..begun };
    blocking(move || give_name(&fresh, &target)).await?;
    settle(options, how, &restored).await?;
    Ok(restored)
}

/// Copies the store under another name, and what else there is.
fn copy(from: &Path, store: &Path, packages: &Path) -> Result<(), BackupError> {
    let blobs = store.with_extension("blobs");
    for left in [&blobs, &store.to_owned()] {
        let removed = if left.is_dir() { fs::remove_dir_all(left) } else { fs::remove_file(left) };
        match removed {
            Err(error) if error.kind() != std::io::ErrorKind::NotFound => return Err(BackupError::io(left)(error)),
            _ => {}
        }
    }
    copy_folder(&from.join("packages"), packages)?;
    copy_folder(&from.join("store.blobs"), &blobs)?;
    copy_file(&from.join("store.redb"), store)
}

fn copy_folder(from: &Path, to: &Path) -> Result<(), BackupError> {
    DirBuilder::new().recursive(true).mode(0o700).create(to).map_err(BackupError::io(to))?;
    for entry in fs::read_dir(from).map_err(BackupError::io(from))? {
        let path: PathBuf = entry.map_err(BackupError::io(from))?.path();
        if let Some(name) = path.file_name() {
            copy_file(&path, &to.join(name))?;
        }
    }
    sync_folder(to)
}

/// Makes another host of the copied rows.
async fn begin_anew(path: &Path, ring: &KeyRing, now: Timestamp, backup: &Backup) -> Result<RestoredHost, BackupError> {
    let store = Store::open(path, Access::Write)?;
    if backup.manifest.format < FORMAT {
        let older = store.clone();
        blocking(move || examine(&older)).await?;
    }
    let deleted = deleted_since(&store, ring)?;
    for (scope, row) in &deleted {
        delete_again(&store, *scope, row.clone(), now).await?;
    }
    forget::<Sessions>(&store).await?;
    forget::<OneUseLinks>(&store).await?;
    let host = HostId::new(now, chance::bytes()?);
    let restored = Restored { of: Some(backup.manifest.host), taken_at: backup.manifest.taken_at, at: now };
    let written = store.write(move |tx| {
        let mut row = tx.need::<Hosts>(&HostScope::new(), &())?;
        (row.host, row.restored, row.frozen, row.full) = (Some(host), Some(restored), true, false);
        tx.put::<Hosts>(&HostScope::new(), &(), &row)?;
        chain_anew(tx)
    });
    written.await?;
    store.close().await.map_err(TxError::from).map_err(EngineError::from)?;
    Ok(RestoredHost { backup: backup.clone(), host, deleted_again: deleted.len() })
}

/// The customers whose keys were destroyed since. A key that is missing and was never destroyed is a fault of the ring.
fn deleted_since(store: &Store, ring: &KeyRing) -> Result<Vec<(CustomerScope, Customer)>, BackupError> {
    let (mut deleted, mut missing) = (Vec::new(), BTreeSet::<TenantId>::new());
    let mut count = 0;
    for (tenant, ()) in store.read(|tx| tx.keys::<Tenants>(HostScope::new(), None, TENANTS_MAX))? {
        if !ring.has(Owner::Tenant(tenant.id())) {
            missing.insert(tenant.id());
        }
        for (scope, row) in customers_without_key(store, ring, tenant)? {
            if ring.is_burned(row.name.key()) { deleted.push((scope, row)) } else { count += 1 }
        }
    }
    match missing.len() + count {
        0 => Ok(deleted),
        count => Err(BackupError::KeysMissing { path: ring.path().to_owned(), count }),
    }
}

fn customers_without_key(
    store: &Store,
    ring: &KeyRing,
    tenant: TenantScope,
) -> Result<Vec<(CustomerScope, Customer)>, BackupError> {
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let rows = store.read(|tx| tx.scan::<Customers>(&tenant, after.as_ref(), STEP))?;
        let Some((last, _)) = rows.last() else { return Ok(found) };
        after = Some(*last);
        let rows = rows.into_iter().map(|(id, row)| (tenant.customer(id), row));
        found.extend(
            rows.filter(|(scope, row)| row.status != CustomerStatus::Deleted && !ring.has(customer_owner(*scope))),
        );
    }
}

/// Whoever was deleted stays deleted: nothing of it is readable, and what is left of it goes as it went before.
async fn delete_again(store: &Store, scope: CustomerScope, row: Customer, now: Timestamp) -> Result<(), BackupError> {
    let written = store.write(move |tx| {
        let (tenant, id) = (scope.tenant(), scope.id());
        if let Some(at) = row.active_from() {
            tx.remove::<Returning>(&HostScope::new(), &(at, tenant.id(), id))?;
        }
        let row = Customer { status: CustomerStatus::Deleting, inactivity: None, ..row.clone() };
        tx.put::<Customers>(&tenant, &id, &row)?;
        match tx.get::<Deletions>(&tenant, &id)? {
            Some(_) => Ok(()),
            None => tx.put::<Deletions>(&tenant, &id, &Deletion::new(id, ActorRef::HOST, now)),
        }
    });
    written.await?;
    Ok(())
}

/// Removes all rows of a table of the host's.
async fn forget<T: Table<Scope = HostScope> + 'static>(store: &Store) -> Result<(), BackupError> {
    loop {
        let step = move |tx: &mut Tx<'_>| {
            let keys = tx.keys::<T>(HostScope::new(), None, STEP)?;
            keys.iter().try_for_each(|(scope, key)| tx.remove::<T>(scope, key))?;
            Ok::<_, TxError>(keys.len())
        };
        if store.write(step).await?.into_inner() < STEP {
            return Ok(());
        }
    }
}

/// The blobs first: a store is there when its file is. Blobs without a store are of one that is gone.
fn give_name(fresh: &Path, target: &Path) -> Result<(), BackupError> {
    let (from, to) = (fresh.with_extension("blobs"), target.with_extension("blobs"));
    if to.exists() {
        fs::remove_dir_all(&to).map_err(BackupError::io(&to))?;
    }
    fs::rename(&from, &to).map_err(BackupError::io(&from))?;
    fs::rename(fresh, target).map_err(BackupError::io(fresh))?;
    sync_folder(target.parent().unwrap_or(Path::new(".")))
}

/// Opens it as a host does, writes to the audit log what happened, and lets it go on where that was asked for.
async fn settle(options: &Options, how: RestoreHow, restored: &RestoredHost) -> Result<(), BackupError> {
    let engine = Engine::open(options.clone()).await?;
    let manifest = &restored.backup.manifest;
    let what =
        format!("the backup of {} that host {} took; this is host {}", manifest.taken, manifest.host, restored.host);
    let line = engine.audit_host("host.restored", &what)?;
    let thawed = how.thawed.then(|| engine.audit_host("host.thawed", "restored to go on")).transpose()?;
    let written = engine.host.store.write(move |tx| {
        line.write(tx)?;
        let Some(thawed) = &thawed else { return Ok(()) };
        let mut row = tx.need::<Hosts>(&HostScope::new(), &())?;
        row.frozen = false;
        tx.put::<Hosts>(&HostScope::new(), &(), &row)?;
        thawed.write(tx)
    });
    written.await?;
    engine.close(std::time::Duration::from_secs(10)).await?;
    Ok(())
}
