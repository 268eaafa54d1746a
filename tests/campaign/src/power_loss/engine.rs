//! The store's own engine over a disk that loses power, and blobs that are whole or not there.

use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weighbridge_model::id::BlobId;
use weighbridge_outage::{Blobs, Commit, Disk, OPENED, Rows};
use weighbridge_store::engine::{Changes, Counts, Engine, EngineError, FileEngine, FileSettings, Snapshot};

use super::used::Backend;

/// Little memory, so that pages are read from the disk again.
const SETTINGS: FileSettings = FileSettings { cache_bytes: 1 << 20 };

/// What was committed, and what blobs there are.
#[derive(Debug, Default)]
struct Noted {
    commits: Vec<Commit>,
    blobs: Blobs,
}

/// An engine that marks its commits on the disk; a clone is the same one.
#[derive(Clone)]
pub struct Marked {
    file: Arc<FileEngine>,
    disk: Disk,
    noted: Arc<Mutex<Noted>>,
}

impl Marked {
    /// Opens the file on a disk. The folder is where blobs would be.
    pub fn open(disk: &Disk, blobs: &Blobs, folder: PathBuf) -> Result<Self, String> {
        let file = FileEngine::with_backend(Backend(disk.clone()), folder, SETTINGS).map_err(|e| e.to_string())?;
        disk.mark(OPENED);
        let noted = Noted { commits: Vec::new(), blobs: Arc::clone(blobs) };
        Ok(Self { file: Arc::new(file), disk: disk.clone(), noted: Arc::new(Mutex::new(noted)) })
    }

    fn noted(&self) -> MutexGuard<'_, Noted> {
        self.noted.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// All rows as they are.
    pub fn rows(&self) -> Result<Rows, EngineError> {
        Ok(self.snapshot()?.scan(b"", None, usize::MAX)?.into_iter().collect())
    }

    /// The commits since it was opened.
    pub fn commits(&self) -> Vec<Commit> {
        self.noted().commits.clone()
    }
}

impl Engine for Marked {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        self.file.snapshot()
    }

    fn apply(&self, changes: Changes) -> Result<(), EngineError> {
        let number = {
            let mut noted = self.noted();
            let blobs = Arc::clone(&noted.blobs);
            noted.commits.push(Commit { changes: changes.clone(), blobs });
            noted.commits.len() - 1
        };
        self.disk.mark(OPENED + 2 * number + 1);
        self.file.apply(changes)?;
        self.disk.mark(OPENED + 2 * number + 2);
        Ok(())
    }

    fn counts(&self) -> Result<Counts, EngineError> {
        self.file.counts()
    }

    fn put_blob(&self, id: BlobId, bytes: &[u8]) -> Result<(), EngineError> {
        Arc::make_mut(&mut self.noted().blobs).insert(*id.as_bytes(), bytes.to_vec());
        Ok(())
    }

    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(self.noted().blobs.get(id.as_bytes()).cloned())
    }

    fn drop_blob(&self, id: BlobId) -> Result<(), EngineError> {
        Arc::make_mut(&mut self.noted().blobs).remove(id.as_bytes());
        Ok(())
    }

    fn blobs(&self) -> Result<Vec<BlobId>, EngineError> {
        Ok(self.noted().blobs.keys().map(|id| BlobId::from_bytes(*id)).collect())
    }

    fn close(&self) -> Result<(), EngineError> {
        self.file.close()
    }
}
