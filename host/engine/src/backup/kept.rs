//! Which backups there are.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use weighbridge_model::id::HostId;

use super::BackupError;
use super::manifest::Manifest;

/// What the name of every backup's folder begins with.
pub(super) const PREFIX: &str = "weighbridge-";

/// What stands before the format in the name of one that was taken before rows were changed.
pub(super) const WAY_BACK: &str = "-format-";

/// A backup that is there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Backup {
    /// Its folder.
    pub path: PathBuf,
    /// What it has.
    pub manifest: Manifest,
}

/// The backups in a folder, the newest first. Whatever else is there is left out, and a folder that is not there has none.
pub fn backups_in(folder: &Path) -> Result<Vec<Backup>, BackupError> {
    let entries = match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        entries => entries.map_err(BackupError::io(folder))?,
    };
    let mut found = Vec::new();
    for entry in entries {
        let path = entry.map_err(BackupError::io(folder))?.path();
        let is_named = path.file_name().is_some_and(|name| name.to_string_lossy().starts_with(PREFIX));
        if let Some(manifest) = is_named.then(|| Manifest::read(&path).ok()).flatten() {
            found.push(Backup { path, manifest });
        }
    }
    found.sort_by_key(|backup| std::cmp::Reverse(backup.manifest.taken_at));
    Ok(found)
}

/// The newest backup of a host.
pub fn newest_backup(folder: &Path, host: HostId) -> Result<Option<Backup>, BackupError> {
    Ok(backups_in(folder)?.into_iter().find(|backup| backup.manifest.host == host))
}

/// Removes all backups of a host but the newest ones; those of other hosts are not touched, nor those that lead back to an older
/// version.
pub(super) fn rotate(folder: &Path, host: HostId, keep: usize) -> Result<usize, BackupError> {
    let is_own = |backup: &Backup| backup.manifest.host == host && !name_of(&backup.path).contains(WAY_BACK);
    let own = backups_in(folder)?.into_iter().filter(is_own);
    let old: Vec<Backup> = own.skip(keep.max(1)).collect();
    for backup in &old {
        // One that is half removed is none any more.
        let gone = backup.path.with_file_name(format!(".{}.part", name_of(&backup.path)));
        fs::rename(&backup.path, &gone).map_err(BackupError::io(&backup.path))?;
        fs::remove_dir_all(&gone).map_err(BackupError::io(&gone))?;
    }
    Ok(old.len())
}

fn name_of(path: &Path) -> String {
    path.file_name().unwrap_or_default().to_string_lossy().into_owned()
}

#[cfg(test)]
mod tests {
    use weighbridge_model::time::Timestamp;

    use super::*;

    #[test]
    fn the_oldest_go_and_what_leads_back_to_an_older_version_stays() {
        let (folder, host) = (tempfile::tempdir().unwrap(), HostId::from_bytes([1; 16]));
        for (name, taken_at) in [("weighbridge-1-format-1", 1), ("weighbridge-2", 2), ("weighbridge-3", 3)] {
            let taken_at = Timestamp::from_millis(taken_at);
            let (version, taken) = ("0.1.0".to_owned(), taken_at.to_string());
            let files = std::collections::BTreeMap::new();
            let manifest = Manifest { layout: 1, format: 1, version, host, taken_at, taken, rows: 0, files };
            fs::create_dir(folder.path().join(name)).unwrap();
            fs::write(folder.path().join(name).join("backup.json"), serde_json::to_vec(&manifest).unwrap()).unwrap();
        }
        assert_eq!(rotate(folder.path(), host, 1).unwrap(), 1);
        let left: Vec<_> = backups_in(folder.path()).unwrap().iter().map(|backup| name_of(&backup.path)).collect();
        assert_eq!(left, ["weighbridge-3", "weighbridge-1-format-1"]);
    }
}
