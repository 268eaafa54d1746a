//! Rows in memory under an engine that does as a test says: holds a commit up, counts them, or fails one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use weighbridge_model::id::BlobId;
use weighbridge_store::engine::{Changes, Counts, Engine, EngineError, MemoryEngine, Snapshot};
use weighbridge_store::{Access, Store};

/// What the engine is to do, and what it did.
#[derive(Clone, Default)]
pub struct Script {
    hold: Arc<AtomicBool>,
    fail: Arc<AtomicBool>,
    applying: Arc<AtomicBool>,
    applied: Arc<AtomicUsize>,
}

struct Scripted {
    rows: MemoryEngine,
    script: Script,
}

/// A store that does as its script says.
pub fn store() -> (Store, Script) {
    let script = Script::default();
    let engine = Scripted { rows: MemoryEngine::default(), script: script.clone() };
    let store = Store::over(engine, Access::Write).unwrap();
    script.applied.store(0, Ordering::SeqCst);
    (store, script)
}

impl Script {
    /// The next commits fail.
    pub fn fail(&self) {
        self.fail.store(true, Ordering::SeqCst);
    }

    /// How many commits went well.
    pub fn applied(&self) -> usize {
        self.applied.load(Ordering::SeqCst)
    }

    /// Holds a commit up until all of `work` has queued, so that `work` is one group.
    pub async fn group<T>(&self, store: &Store, work: impl Future<Output = T>) -> T {
        self.hold.store(true, Ordering::SeqCst);
        let first = tokio::spawn({
            let store = store.clone();
            async move { store.write(|tx| crate::writer::put(tx, 255, 1)).await }
        });
        while !self.applying.load(Ordering::SeqCst) {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        let go_on = async { self.hold.store(false, Ordering::SeqCst) };
        let (answer, ()) = tokio::join!(biased; work, go_on);
        first.await.unwrap().unwrap();
        answer
    }
}

impl Engine for Scripted {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        self.rows.snapshot()
    }

    fn apply(&self, changes: Changes) -> Result<(), EngineError> {
        let failing = self.script.fail.load(Ordering::SeqCst);
        self.script.applying.store(true, Ordering::SeqCst);
        while self.script.hold.load(Ordering::SeqCst) {
            std::thread::sleep(Duration::from_millis(1));
        }
        self.script.applying.store(false, Ordering::SeqCst);
        if failing {
            return Err(EngineError("the disk is gone".into()));
        }
        self.script.applied.fetch_add(1, Ordering::SeqCst);
        self.rows.apply(changes)
    }

    fn counts(&self) -> Result<Counts, EngineError> {
        self.rows.counts()
    }

    fn put_blob(&self, id: BlobId, bytes: &[u8]) -> Result<(), EngineError> {
        self.rows.put_blob(id, bytes)
    }

    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, EngineError> {
        self.rows.get_blob(id)
    }

    fn drop_blob(&self, id: BlobId) -> Result<(), EngineError> {
        self.rows.drop_blob(id)
    }

    fn blobs(&self) -> Result<Vec<BlobId>, EngineError> {
        self.rows.blobs()
    }

    fn close(&self) -> Result<(), EngineError> {
        self.rows.close()
    }
}
