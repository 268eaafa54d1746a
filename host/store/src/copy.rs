//! A copy of everything as it was at one instant, made beside the work that goes on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weighbridge_model::id::BlobId;

use crate::engine::{Engine, EngineError, FileEngine, FileSettings, Rows};
use crate::error::OpenError;
use crate::scope::HostScope;
use crate::store::Store;

/// Rows read in one step.
const STEP: usize = 1_000;

/// How much of a copy is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Rows.
    pub rows: u64,
    /// Blobs.
    pub blobs: u64,
    /// Bytes of both.
    pub bytes: u64,
}

/// A copy that was not made. What there is of it is to be removed.
#[derive(Debug, thiserror::Error)]
pub enum CopyError {
    /// The engine could not read, or the copy could not be written.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// Whoever watched did not want more of it.
    #[error("the copy was not made to its end")]
    Stopped,
}

impl Store {
    /// Makes a store's file at `path`, and its blobs beside it, with everything as it is now. `go_on` is asked after every
    /// step: pages of the live file that change meanwhile are kept until the copy ends.
    pub async fn copy_to(
        &self,
        _host: HostScope,
        path: PathBuf,
        mut go_on: impl FnMut(Copied) -> bool + Send + 'static,
    ) -> Result<Copied, CopyError> {
        let drops = Arc::clone(&self.drops);
        let copied = self.blocking(move |engine| {
            drops.hold();
            let copied = copy(engine, &path, &mut go_on);
            // Whatever became of the copy, what waited for it is dropped; the copy's own fault tells more than theirs.
            let freed = drops.free(engine);
            Ok(copied.and_then(|copied| freed.map(|()| copied).map_err(CopyError::from)))
        });
        copied.await?
    }
}

/// Makes a copy of a store's file as it is, whatever format its rows have; it may be open in another process.
pub fn copy_file(from: &Path, to: &Path) -> Result<Copied, OpenError> {
    let engine = FileEngine::open_reading(from, FileSettings::default())?;
    let copied = copy(&engine, to, &mut |_| true).map_err(|error| match error {
        CopyError::Engine(error) => error,
        stopped @ CopyError::Stopped => EngineError(stopped.to_string()),
    })?;
    engine.close()?;
    Ok(copied)
}

pub(crate) fn copy(
    engine: &dyn Engine,
    path: &Path,
    go_on: &mut dyn FnMut(Copied) -> bool,
) -> Result<Copied, CopyError> {
    let snapshot = engine.snapshot()?;
    let blobs = engine.blobs()?;
    let (mut copied, mut last) = (Copied::default(), None::<Vec<u8>>);
    FileEngine::fill(path, || {
        let rows: Rows = snapshot.scan(&[], last.as_deref(), STEP)?;
        copied.rows += rows.len() as u64;
        copied.bytes += rows.iter().map(|(key, row)| (key.len() + row.len()) as u64).sum::<u64>();
        last = rows.last().map(|(key, _)| key.clone());
        if go_on(copied) { Ok(rows) } else { Err(CopyError::Stopped) }
    })?;
    drop(snapshot);
    let target = FileEngine::blobs_beside(path)?;
    for id in blobs {
        // One that was being dropped when the copy began belongs to no row of it.
        let Some(bytes) = engine.get_blob(id)? else { continue };
        target.put(id, &bytes).map_err(|error| EngineError(error.to_string()))?;
        copied.blobs += 1;
        copied.bytes += bytes.len() as u64;
        if !go_on(copied) {
            return Err(CopyError::Stopped);
        }
    }
    Ok(copied)
}

/// Blobs that are dropped when no copy is made any more: rows of a copy name them.
#[derive(Debug, Default)]
pub(crate) struct Drops(Mutex<Held>);

#[derive(Debug, Default)]
struct Held {
    copies: usize,
    waiting: BTreeSet<BlobId>,
}

impl Drops {
    fn held(&self) -> MutexGuard<'_, Held> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn hold(&self) {
        self.held().copies += 1;
    }

    /// The last of the copies drops what waited.
    fn free(&self, engine: &dyn Engine) -> Result<(), EngineError> {
        let mut held = self.held();
        held.copies -= 1;
        if held.copies > 0 {
            return Ok(());
        }
        std::mem::take(&mut held.waiting).into_iter().try_for_each(|id| engine.drop_blob(id))
    }

    /// Whether a blob is to be dropped later.
    pub(crate) fn keep(&self, id: BlobId) -> bool {
        let mut held = self.held();
        let keep = held.copies > 0;
        if keep {
            held.waiting.insert(id);
        }
        keep
    }

    /// A blob that is put again is dropped no more.
    pub(crate) fn put_again(&self, id: BlobId) {
        self.held().waiting.remove(&id);
    }
}
