//! Room for a copy: a folder, and enough space on its disk.

use std::fs::{self, DirBuilder};
use std::io;
use std::os::unix::fs::DirBuilderExt as _;
use std::path::{Path, PathBuf};

use weighbridge_model::id::HostId;

use super::BackupError;
use super::kept::PREFIX;
use crate::space::{free_bytes, is_full};

/// What a copy takes, and what is to be left beside it.
pub(super) struct Room {
    pub(super) bytes: u64,
    pub(super) space_min: u64,
}

impl Room {
    /// Makes the folder, and takes away what a host that died left of an earlier one.
    pub(super) fn make(&self, into: &Path, part: &Path, host: HostId) -> Result<(), BackupError> {
        let io = BackupError::io(into);
        DirBuilder::new().recursive(true).mode(0o700).create(into).map_err(&io)?;
        for entry in fs::read_dir(into).map_err(&io)? {
            let entry = entry.map_err(&io)?;
            let name = entry.file_name().to_string_lossy().into_owned();
            if name.starts_with(&format!(".{PREFIX}")) && name.ends_with(".part") && name.contains(&host.to_string()) {
                fs::remove_dir_all(entry.path()).map_err(&io)?;
            }
        }
        let needed = self.bytes.saturating_add(self.space_min);
        let free = free_bytes(into).map_err(&io)?;
        if free < needed {
            let (folder, free_mib, needed_mib) = (into.to_owned(), free >> 20, needed >> 20);
            return Err(BackupError::NoSpace { folder, free_mib, needed_mib });
        }
        DirBuilder::new().mode(0o700).create(part).map_err(BackupError::io(part))
    }
}

/// Looks at disks while a copy is made: the copy grows on one, and the live file on another, or on the same one.
pub(super) struct Watch<F> {
    /// Folders whose disks had room when it began: one that was full already is not filled by a copy elsewhere.
    folders: Vec<PathBuf>,
    space_min: u64,
    free: F,
}

impl<F: Fn(&Path) -> io::Result<u64>> Watch<F> {
    pub(super) fn begin(folders: [PathBuf; 2], space_min: u64, free: F) -> Self {
        let has_room = |folder: &PathBuf| free(folder).is_ok_and(|free| !is_full(free, space_min, true));
        Self { folders: folders.into_iter().filter(has_room).collect(), space_min, free }
    }

    /// Why no more may be written: the host keeps a quarter more than it needs, so that it is not the host that stands still.
    pub(super) fn look(&self) -> Option<BackupError> {
        self.folders.iter().find_map(|folder| {
            let free = (self.free)(folder).ok()?;
            is_full(free, self.space_min, true)
                .then(|| BackupError::Filling { folder: folder.clone(), free_mib: free >> 20 })
        })
    }
}

/// At most so many bytes will be written: pages of the store's file that are free are not copied.
pub(super) fn bytes_to_copy(store: &Path, packages: &Path) -> u64 {
    let folder = |path: &Path| {
        let files = fs::read_dir(path).into_iter().flatten().flatten();
        files.filter_map(|file| Some(file.metadata().ok()?.len())).sum::<u64>()
    };
    let file = fs::metadata(store).map_or(0, |file| file.len());
    file + folder(&store.with_extension("blobs")) + folder(packages)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;

    fn watch(live: &Cell<u64>) -> Watch<impl Fn(&Path) -> io::Result<u64>> {
        let free = |folder: &Path| Ok(if folder == Path::new("live") { live.get() } else { 1 << 40 });
        Watch::begin(["backups".into(), "live".into()], 512 << 20, free)
    }

    #[test]
    fn gives_up_before_the_host_has_to_stand_still() {
        let live = Cell::new(2 << 30);
        let watch = watch(&live);
        assert!(watch.look().is_none());
        live.set(639 << 20);
        assert!(!is_full(live.get(), 512 << 20, false), "the gate says yes still");
        let Some(BackupError::Filling { folder, free_mib: 639 }) = watch.look() else { panic!("goes on") };
        assert_eq!(folder, Path::new("live"));
    }

    #[test]
    fn goes_on_where_the_hosts_disk_was_full_before_it() {
        let live = Cell::new(100 << 20);
        let watch = watch(&live);
        assert!(watch.look().is_none(), "a host that stands still for want of space is saved to another disk");
    }
}
