//! The one handle to all rows and blobs.

use std::sync::Arc;

use tokio::sync::watch;
use weighbridge_model::id::BlobId;

use crate::committed::Committed;
use crate::copy::Drops;
use crate::engine::{BlobsKept, Changes, Counts, Engine, EngineError};
use crate::error::{OpenError, ReadError, TxError, WriteError};
use crate::format;
use crate::journal::Follower;
use crate::open::Access;
use crate::scope::HostScope;
use crate::table::Table;
use crate::touched::Touched;
use crate::tx::Tx;
use crate::vitals::Vitals;
use crate::writer::{Told, Writer};

/// All rows and blobs. A clone is the same store.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
    writer: Option<Arc<Writer>>,
    told: Told,
    pub(crate) drops: Arc<Drops>,
}

/// How many rows each table has, of everybody together.
#[derive(Clone, Debug)]
pub struct RowCounts(Counts);

impl RowCounts {
    /// Of one table.
    pub fn of<T: Table>(&self) -> u64 {
        self.of_number(T::NUMBER)
    }

    /// Of the table with this number.
    pub fn of_number(&self, number: u8) -> u64 {
        self.0.get(&number).copied().unwrap_or_default()
    }
}

impl Store {
    /// A store over an engine; one that only reads has no writer.
    pub fn over(engine: impl Engine, access: Access) -> Result<Self, OpenError> {
        let engine: Arc<dyn Engine> = Arc::new(engine);
        format::check(&*engine, access == Access::Write)?;
        let told = Told::default();
        let start = || Writer::start(Arc::clone(&engine), told.clone());
        let writer = (access == Access::Write).then(|| Arc::new(start()));
        Ok(Self { engine, writer, told, drops: Arc::default() })
    }

    /// Carries a closure out in the next group. What it answers is committed when this returns; the closure is synchronous,
    /// may run twice, and touches nothing but its transaction.
    pub async fn write<T, F>(&self, closure: F) -> Result<Committed<T>, WriteError>
    where
        T: Send + 'static,
        F: FnMut(&mut Tx<'_>) -> Result<T, TxError> + Send + 'static,
    {
        self.writer.as_ref().ok_or(WriteError::Stopped)?.write(closure).await
    }

    /// Reads rows as they were at one instant. Meant to be short: an open view keeps old pages alive.
    pub fn read<T>(&self, closure: impl FnOnce(&Tx<'_>) -> Result<T, TxError>) -> Result<T, ReadError> {
        let snapshot = self.engine.snapshot().map_err(TxError::from)?;
        let group = Changes::new();
        Ok(closure(&Tx::new(&*snapshot, &group))?)
    }

    /// How many rows there are as of the last commit. It costs the same however many they are.
    pub fn counts(&self, _host: HostScope) -> Result<RowCounts, ReadError> {
        Ok(RowCounts(self.engine.counts().map_err(TxError::from)?))
    }

    /// The bytes that rows take; none where they take nothing on a disk. It may look at all of them.
    pub async fn live_bytes(&self) -> Result<Option<u64>, ReadError> {
        Ok(self.blocking(|engine| engine.live_bytes()).await.map_err(TxError::from)?)
    }

    /// What blobs take; none where they take nothing on a disk. It looks at all of their names.
    pub fn blobs_kept(&self) -> Result<Option<BlobsKept>, ReadError> {
        Ok(self.engine.blobs_kept().map_err(TxError::from)?)
    }

    /// How the writer fares.
    pub fn vitals(&self) -> Arc<Vitals> {
        Arc::clone(&self.told.vitals)
    }

    /// Who keeps the keys of rows that change while a copy is made.
    pub(crate) fn touched(&self) -> Arc<Touched> {
        Arc::clone(&self.told.touched)
    }

    /// From now on keeps which rows of a table this process changes, for what is kept in memory beside them.
    pub fn follow<T: Table>(&self) -> Follower<T> {
        self.told.journal.follow()
    }

    /// Changes whenever this process committed something.
    pub fn commits(&self) -> watch::Receiver<()> {
        self.told.journal.commits()
    }

    /// Turns true when a commit failed: nobody knows whether it is durable, so the process must end.
    pub fn stopped(&self) -> Option<watch::Receiver<bool>> {
        self.writer.as_ref().map(|writer| writer.stopped())
    }

    /// Makes a blob durable.
    pub async fn put_blob(&self, id: BlobId, bytes: Vec<u8>) -> Result<(), EngineError> {
        let drops = Arc::clone(&self.drops);
        let put = move |engine: &dyn Engine| {
            drops.put_again(id);
            engine.put_blob(id, &bytes)
        };
        self.blocking(put).await
    }

    /// A blob, if it is there.
    pub async fn get_blob(&self, id: BlobId) -> Result<Option<Vec<u8>>, EngineError> {
        self.blocking(move |engine| engine.get_blob(id)).await
    }

    /// Removes a blob, if it is there; one that a copy is made of goes when that ends.
    pub async fn drop_blob(&self, id: BlobId) -> Result<(), EngineError> {
        let drops = Arc::clone(&self.drops);
        self.blocking(move |engine| if drops.keep(id) { Ok(()) } else { engine.drop_blob(id) }).await
    }

    pub(crate) async fn blocking<T: Send + 'static>(
        &self,
        work: impl FnOnce(&dyn Engine) -> Result<T, EngineError> + Send + 'static,
    ) -> Result<T, EngineError> {
        let engine = Arc::clone(&self.engine);
        let work = tokio::task::spawn_blocking(move || work(&*engine)).await;
        work.unwrap_or_else(|error| Err(EngineError(error.to_string())))
    }

    /// Commits what is queued, takes no more, and closes the engine.
    pub async fn close(self) -> Result<(), EngineError> {
        if let Some(writer) = self.writer {
            writer.close().await;
        }
        let engine = self.engine;
        let closed = tokio::task::spawn_blocking(move || engine.close()).await;
        closed.unwrap_or_else(|error| Err(EngineError(error.to_string())))
    }
}

impl std::fmt::Debug for Store {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(if self.writer.is_some() { "Store(writing)" } else { "Store(reading)" })
    }
}
