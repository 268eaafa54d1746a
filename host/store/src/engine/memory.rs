//! Rows in memory: for tests, and for embedders who want nothing kept.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError};

use weighbridge_model::id::BlobId;

use super::{Changes, Counts, Engine, EngineError, Rows, Snapshot};

type Map = BTreeMap<Vec<u8>, Vec<u8>>;

/// Rows and blobs in memory. A clone shares them, as a second opening of a file would.
#[derive(Clone, Debug, Default)]
pub struct MemoryEngine {
    rows: Arc<Mutex<Arc<Map>>>,
    blobs: Arc<Mutex<BTreeMap<BlobId, Vec<u8>>>>,
}

impl Engine for MemoryEngine {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        Ok(Box::new(MemorySnapshot(self.rows.lock().unwrap_or_else(PoisonError::into_inner).clone())))
    }

    fn apply(&self, changes: Changes) -> Result<(), EngineError> {
        let mut rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner);
        let rows = Arc::make_mut(&mut rows);
        for (key, row) in changes {
            match row {
                Some(row) => rows.insert(key, row),
                None => rows.remove(&key),
            };
        }
        Ok(())
    }

    fn counts(&self) -> Result<Counts, EngineError> {
        let rows = self.rows.lock().unwrap_or_else(PoisonError::into_inner).clone();
        let mut counts = Counts::new();
        for number in rows.keys().filter_map(|key| key.first()) {
            *counts.entry(*number).or_default() += 1;
        }
        Ok(counts)
    }

    fn put_blob(&self, id: BlobId, bytes: &[u8]) -> Result<(), EngineError> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner).insert(id, bytes.to_vec());
        Ok(())
    }

    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(self.blobs.lock().unwrap_or_else(PoisonError::into_inner).get(&id).cloned())
    }

    fn drop_blob(&self, id: BlobId) -> Result<(), EngineError> {
        self.blobs.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
        Ok(())
    }

    fn blobs(&self) -> Result<Vec<BlobId>, EngineError> {
        Ok(self.blobs.lock().unwrap_or_else(PoisonError::into_inner).keys().copied().collect())
    }

    fn close(&self) -> Result<(), EngineError> {
        Ok(())
    }
}

struct MemorySnapshot(Arc<Map>);

impl Snapshot for MemorySnapshot {
    fn get(&self, key: &[u8]) -> Result<Option<Vec<u8>>, EngineError> {
        Ok(self.0.get(key).cloned())
    }

    fn scan(&self, prefix: &[u8], after: Option<&[u8]>, limit: usize) -> Result<Rows, EngineError> {
        let start = after.filter(|after| *after >= prefix).map_or(Bound::Included(prefix), Bound::Excluded);
        let rows = self.0.range::<[u8], _>((start, Bound::Unbounded));
        let rows = rows.take_while(|(key, _)| key.starts_with(prefix)).take(limit);
        Ok(rows.map(|(key, row)| (key.clone(), row.clone())).collect())
    }
}
