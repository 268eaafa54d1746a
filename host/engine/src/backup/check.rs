//! Check a backup: every file is as it was written, the store opens, its ledger balances and its audit log is whole. No key
//! is needed.

use std::path::Path;

use weighbridge_store::tables::Tenants;
use weighbridge_store::verbs::check_ledger;
use weighbridge_store::{Access, FORMAT, HostScope, OpenError, Store, check_chain};

use super::BackupError;
use super::kept::Backup;
use super::manifest::{self, FileMark, Manifest};
use crate::account::audit_walk as walk;

/// The most tenants.
const TENANTS_MAX: usize = 1_000_000;

/// Checks all of a backup; answers what it is. The rows of one of an older format are added up when it is restored, since they
/// have to be brought to this one first.
pub fn check_backup(folder: &Path) -> Result<Backup, BackupError> {
    let manifest = Manifest::read(folder)?;
    if manifest.format > FORMAT {
        return Err(BackupError::NewerRows(manifest.format));
    }
    check_files(folder, &manifest)?;
    if manifest.format < FORMAT {
        return Ok(Backup { path: folder.to_owned(), manifest });
    }
    let store = Store::open(&folder.join("store.redb"), Access::Read).map_err(|error| match error {
        OpenError::Newer { found, .. } => BackupError::NewerRows(found),
        other => other.into(),
    })?;
    examine(&store)?;
    Ok(Backup { path: folder.to_owned(), manifest })
}

fn check_files(folder: &Path, manifest: &Manifest) -> Result<(), BackupError> {
    let there = manifest::files(folder)?;
    for (name, mark) in &manifest.files {
        let damaged = |what: &str| BackupError::Damaged { file: folder.join(name), what: what.into() };
        let path = there.get(name).ok_or_else(|| damaged("it is missing"))?;
        match FileMark::of(path)? {
            found if found == *mark => {}
            found if found.bytes != mark.bytes => return Err(damaged("it has another size than when it was written")),
            _ => return Err(damaged("it is not as it was written")),
        }
    }
    match there.keys().find(|name| !manifest.files.contains_key(*name)) {
        Some(more) => {
            Err(BackupError::Damaged { file: folder.join(more), what: "it does not belong to the backup".into() })
        }
        None => Ok(()),
    }
}

/// Adds up what a store says, and walks its audit log.
pub(crate) fn examine(store: &Store) -> Result<(), BackupError> {
    for (tenant, ()) in store.read(|tx| tx.keys::<Tenants>(HostScope::new(), None, TENANTS_MAX))? {
        let imbalances = store.read(|tx| check_ledger(tx, tenant))?;
        if let Some(first) = imbalances.first() {
            let what = format!(
                "the ledger of {} does not balance in {} places, first for {} in the period from {}",
                tenant.id(),
                imbalances.len(),
                first.owner,
                first.period
            );
            return Err(BackupError::Unsound(what));
        }
    }
    if let Some(fault) = store.read(check_chain)? {
        return Err(BackupError::Unsound(fault.to_string()));
    }
    for scope in walk::chains(store, std::iter::empty())? {
        if let (_, Some((line, what))) = walk::chain(store, scope, None)? {
            return Err(BackupError::Unsound(format!("line {line} of the audit log of {}: {what}", scope.id())));
        }
    }
    Ok(())
}
