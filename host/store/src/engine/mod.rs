//! What holds the bytes: rows that change together, and blobs beside them.

mod blobs;
mod bulk;
mod counts;
mod file;
mod memory;

use std::collections::BTreeMap;

use weighbridge_model::id::BlobId;

pub use bulk::BlobsKept;
pub(crate) use file::Fill;
pub use file::{FileEngine, FileSettings};
pub use memory::MemoryEngine;

/// What changes together: a row under its key, or its removal.
pub type Changes = BTreeMap<Vec<u8>, Option<Vec<u8>>>;

/// Rows in the order of their keys.
pub type Rows = Vec<(Vec<u8>, Vec<u8>)>;

/// How many rows there are by the first byte of their keys; one without rows may be left out.
pub type Counts = BTreeMap<u8, u64>;

/// The engine could not do its work.
#[derive(Debug, thiserror::Error)]
#[error("the store's engine failed: {0}")]
pub struct EngineError(pub String);

/// The rows as they were at one instant.
pub trait Snapshot {
    /// The row under a key.
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError>;
    /// At most `limit` rows whose keys begin with `prefix` and come after `after`, in order.
    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Rows, EngineError>;
}

/// What holds the bytes.
pub trait Engine: Send + Sync + 'static {
    /// The rows as they are now.
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError>;
    /// Makes all changes durable, or none. After an error nobody knows which.
    fn apply(&self, changes: Changes) -> Result<(), EngineError>;
    /// How many rows there are as of the last commit. It is asked often, so that an engine with many rows keeps count of them.
    fn counts(&self) -> Result<Counts, EngineError>;
    /// Makes a blob durable.
    fn put_blob(&self, id: BlobId, bytes: &[u8]) -> Result<(), EngineError>;
    /// A blob, if it is there.
    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, EngineError>;
    /// Removes a blob, if it is there.
    fn drop_blob(&self, id: BlobId) -> Result<(), EngineError>;
    /// Every blob there is, in no order.
    fn blobs(&self) -> Result<Vec<BlobId>, EngineError>;
    /// The bytes that rows take of what the engine takes on a disk; none where it takes nothing there. It may look at all of
    /// them, so it is asked seldom.
    fn live_bytes(&self) -> Result<Option<u64>, EngineError> {
        Ok(None)
    }
    /// What blobs take on a disk; none where they take nothing there.
    fn blobs_kept(&self) -> Result<Option<BlobsKept>, EngineError> {
        Ok(None)
    }
    /// Ends all work; nothing is called after it.
    fn close(&self) -> Result<(), EngineError>;
}
