//! A copy of everything as it is at one instant, which is near its end, made beside the work that goes on.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use weighbridge_model::id::BlobId;

use crate::engine::{Engine, EngineError, FileEngine, FileSettings, Fill, Rows};
use crate::error::OpenError;
use crate::scope::HostScope;
use crate::store::Store;
use crate::touched::{Touched, View};

/// Rows read in one step.
const STEP: usize = 1_000;
/// Bytes of rows that are copied from one view of the file, which keeps old pages alive for so long.
const VIEW_BYTES: u64 = 32 << 20;

/// How much of a copy is made.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Copied {
    /// Rows.
    pub rows: u64,
    /// Blobs.
    pub blobs: u64,
    /// Bytes of both, those that were copied again too.
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
    /// Makes a store's file at `path`, and its blobs beside it, with everything as it is at one instant near the end of the copy. `go_on` is
    /// asked after every step.
    pub async fn copy_to(
        &self,
        _host: HostScope,
        path: PathBuf,
        mut go_on: impl FnMut(Copied) -> bool + Send + 'static,
    ) -> Result<Copied, CopyError> {
        let (drops, touched) = (Arc::clone(&self.drops), self.touched());
        let copied = self.blocking(move |engine| {
            drops.hold();
            let copied = copy(engine, (&touched, &drops), &path, &mut go_on);
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
    let copied =
        copy(&engine, (&Touched::default(), &Drops::default()), to, &mut |_| true).map_err(|error| match error {
            CopyError::Engine(error) => error,
            stopped @ CopyError::Stopped => EngineError(stopped.to_string()),
        })?;
    engine.close()?;
    Ok(copied)
}

pub(crate) fn copy(
    engine: &dyn Engine,
    (touched, drops): (&Touched, &Drops),
    path: &Path,
    go_on: &mut dyn FnMut(Copied) -> bool,
) -> Result<Copied, CopyError> {
    let touching = touched.begin(engine, drops);
    let (mut copied, mut last, mut gone) = (Copied::default(), Vec::new(), BTreeSet::new());
    FileEngine::fill(path, |file| {
        let view = touching.view()?;
        let more = copy_view(&view, &mut last, file, &mut copied, go_on);
        gone = view.gone;
        more
    })?;
    drop(touching);
    // A blob is there before the row that names it, and while a copy is made none is dropped.
    let blobs: Vec<BlobId> = engine.blobs()?.into_iter().filter(|id| !gone.contains(id)).collect();
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

/// Rows in the order of their keys, as many as one view stays open for; before them, what changed since the view before among
/// those that are copied already. Up to the last key, the file is what the view shows; where there is no row after it, it is the
/// store at that instant. Answers whether there may be more.
fn copy_view(
    view: &View<'_>,
    last: &mut Vec<u8>,
    file: &mut dyn Fill,
    copied: &mut Copied,
    go_on: &mut dyn FnMut(Copied) -> bool,
) -> Result<bool, CopyError> {
    let (begun, view, changed) = (copied.bytes, &*view.rows, &view.changed);
    for key in changed.range::<Vec<u8>, _>(..=&*last) {
        copied.set(file, key, view.get(key)?.as_deref())?;
    }
    loop {
        let after = Some(last.as_slice()).filter(|last| !last.is_empty());
        let rows: Rows = view.scan(&[], after, STEP)?;
        for (key, row) in &rows {
            copied.set(file, key, Some(row))?;
        }
        if !go_on(*copied) {
            return Err(CopyError::Stopped);
        }
        match rows.into_iter().next_back() {
            None => return Ok(false),
            Some((key, _)) => *last = key,
        }
        if copied.bytes - begun >= VIEW_BYTES {
            return Ok(true);
        }
    }
}

impl Copied {
    fn set(&mut self, file: &mut dyn Fill, key: &[u8], row: Option<&[u8]>) -> Result<(), EngineError> {
        let was_there = file.set(key, row)?;
        self.rows = self.rows + u64::from(row.is_some()) - u64::from(was_there);
        self.bytes += row.map_or(0, |row| (key.len() + row.len()) as u64);
        Ok(())
    }
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

    /// Those that are to be dropped.
    pub(crate) fn waiting(&self) -> BTreeSet<BlobId> {
        self.held().waiting.clone()
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
