//! Sealed files beside the store: each whole or not there.

use std::fs::{self, File};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};

use weighbridge_model::id::BlobId;

/// A folder of blobs.
#[derive(Debug)]
pub(crate) struct BlobFolder(PathBuf);

impl BlobFolder {
    pub(super) fn open(path: PathBuf) -> io::Result<Self> {
        fs::create_dir_all(&path)?;
        Ok(Self(path))
    }

    pub(super) fn path_of_all(&self) -> &Path {
        &self.0
    }

    fn path(&self, id: BlobId) -> PathBuf {
        self.0.join(id.to_string())
    }

    /// Write, sync, rename, sync the folder.
    pub(crate) fn put(&self, id: BlobId, bytes: &[u8]) -> io::Result<()> {
        let fresh = self.0.join(format!("{id}.new"));
        let mut file = File::create(&fresh)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&fresh, self.path(id))?;
        sync_folder(&self.0)
    }

    pub(super) fn get(&self, id: BlobId) -> io::Result<Option<Vec<u8>>> {
        absent_is_none(fs::read(self.path(id)))
    }

    /// What a crash left half written is none.
    pub(super) fn all(&self) -> io::Result<Vec<BlobId>> {
        let mut all = Vec::new();
        for file in fs::read_dir(&self.0)? {
            all.extend(file?.file_name().to_str().and_then(|name| name.parse::<BlobId>().ok()));
        }
        Ok(all)
    }

    pub(super) fn drop(&self, id: BlobId) -> io::Result<()> {
        absent_is_none(fs::remove_file(self.path(id))).map(|_| ())
    }
}

/// Makes the names in a folder durable.
pub(super) fn sync_folder(path: &Path) -> io::Result<()> {
    File::open(path)?.sync_all()
}

fn absent_is_none<T>(result: io::Result<T>) -> io::Result<Option<T>> {
    match result {
        Ok(value) => Ok(Some(value)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(error) => Err(error),
    }
}
