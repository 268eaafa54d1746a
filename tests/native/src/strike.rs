//! The edge at which the process dies: everything passes it, and at the one that was chosen nothing goes on.

use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::thread;

use tokio::sync::Notify;
use weighbridge::model::id::BlobId;
use weighbridge_store::engine::{Changes, Counts, Engine, EngineError, MemoryEngine, Snapshot};

/// Counts edges, and strikes at one of them; a clone is the same one.
#[derive(Clone, Debug, Default)]
pub struct Strike(Arc<Struck>);

#[derive(Debug, Default)]
struct Struck {
    life: Mutex<Life>,
    next_life: Condvar,
    stalled: Mutex<bool>,
    goes_on: Condvar,
}

/// The name of the thread in which the store writes.
const WRITER: &str = "store-writer";

/// One process, from its start to its end.
#[derive(Debug, Default)]
struct Life {
    number: u64,
    /// The edge to die at; none lives to the end.
    at: Option<usize>,
    /// Every edge that was passed.
    edges: Vec<&'static str>,
    dead: bool,
    noticed: Arc<Notify>,
}

impl Strike {
    fn life(&self) -> MutexGuard<'_, Life> {
        self.0.life.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Another process begins, which dies at this edge. What is left of the one before changes nothing any more.
    pub fn arm(&self, at: Option<usize>) {
        let mut life = self.life();
        *life = Life { number: life.number + 1, at, ..Life::default() };
        self.0.next_life.notify_all();
    }

    /// The store begins no transaction from now on, so that whoever wants one waits.
    pub fn stall(&self) {
        *self.0.stalled.lock().unwrap_or_else(PoisonError::into_inner) = true;
    }

    /// It goes on, in the order in which transactions were wanted.
    pub fn go_on(&self) {
        *self.0.stalled.lock().unwrap_or_else(PoisonError::into_inner) = false;
        self.0.goes_on.notify_all();
    }

    /// Where the writer begins a transaction; whoever only reads waits for nothing.
    fn pass_stalled(&self) {
        if thread::current().name() == Some(WRITER) {
            let stalled = self.0.stalled.lock().unwrap_or_else(PoisonError::into_inner);
            drop(self.0.goes_on.wait_while(stalled, |stalled| *stalled));
        }
    }

    /// Every edge that this process passed, in order; the last one is where it died, if it did.
    pub fn edges(&self) -> Vec<&'static str> {
        self.life().edges.clone()
    }

    /// Comes back when the process died.
    pub async fn dies(&self) {
        let noticed = Arc::clone(&self.life().noticed);
        noticed.notified().await;
    }

    /// Whether all ends here, or has ended before.
    fn ends_at(&self, edge: &'static str) -> bool {
        let mut life = self.life();
        if life.dead {
            return true;
        }
        life.dead = life.at == Some(life.edges.len());
        life.edges.push(edge);
        if life.dead {
            life.noticed.notify_one();
        }
        life.dead
    }

    /// An edge of a connector.
    pub(crate) async fn pass(&self, edge: &'static str) {
        if self.ends_at(edge) {
            std::future::pending::<()>().await;
        }
    }

    /// An edge of the store in a process of this number: its thread waits until the next process begins, and then fails.
    fn pass_blocking(&self, number: u64, edge: &'static str) -> Result<(), EngineError> {
        let dead = || EngineError("the process is dead".into());
        if self.life().number != number {
            return Err(dead());
        }
        if !self.ends_at(edge) {
            return Ok(());
        }
        let life = self.0.next_life.wait_while(self.life(), |life| life.number == number);
        drop(life);
        Err(dead())
    }

    /// Rows and blobs, for the process that begins.
    pub(crate) fn over(&self, rows: &MemoryEngine) -> impl Engine + use<> {
        Mortal { rows: rows.clone(), number: self.life().number, strike: self.clone() }
    }
}

/// An engine in memory of one process.
struct Mortal {
    rows: MemoryEngine,
    number: u64,
    strike: Strike,
}

impl Mortal {
    fn between<T>(
        &self,
        [before, after]: [&'static str; 2],
        work: impl FnOnce() -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        self.strike.pass_blocking(self.number, before)?;
        let done = work()?;
        self.strike.pass_blocking(self.number, after)?;
        Ok(done)
    }
}

impl Engine for Mortal {
    fn snapshot(&self) -> Result<Box<dyn Snapshot + '_>, EngineError> {
        self.strike.pass_stalled();
        self.rows.snapshot()
    }

    fn apply(&self, changes: Changes) -> Result<(), EngineError> {
        self.between(["before a commit", "after a commit"], || self.rows.apply(changes))
    }

    fn counts(&self) -> Result<Counts, EngineError> {
        self.rows.counts()
    }

    fn put_blob(&self, id: BlobId, bytes: &[u8]) -> Result<(), EngineError> {
        self.between(["before a blob", "after a blob"], || self.rows.put_blob(id, bytes))
    }

    fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, EngineError> {
        self.rows.get_blob(id)
    }

    fn drop_blob(&self, id: BlobId) -> Result<(), EngineError> {
        self.between(["before a blob goes", "after a blob went"], || self.rows.drop_blob(id))
    }

    fn blobs(&self) -> Result<Vec<BlobId>, EngineError> {
        self.rows.blobs()
    }

    fn close(&self) -> Result<(), EngineError> {
        self.rows.close()
    }
}
