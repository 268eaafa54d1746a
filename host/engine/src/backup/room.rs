//! Room for a copy: a folder, and enough space on its disk.

use std::fs::{self, DirBuilder};
use std::os::unix::fs::DirBuilderExt as _;
use std::path::Path;

use weighbridge_model::id::HostId;

use super::BackupError;
use super::kept::PREFIX;
use crate::space::free_bytes;

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

/// At most so many bytes will be written: pages of the store's file that are free are not copied.
pub(super) fn bytes_to_copy(store: &Path, packages: &Path) -> u64 {
    let folder = |path: &Path| {
        let files = fs::read_dir(path).into_iter().flatten().flatten();
        files.filter_map(|file| Some(file.metadata().ok()?.len())).sum::<u64>()
    };
    let file = fs::metadata(store).map_or(0, |file| file.len());
    file + folder(&store.with_extension("blobs")) + folder(packages)
}
