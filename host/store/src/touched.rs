//! Which rows are changed while a copy is made: they are copied once more, so that no view of the file has to stay open for as
//! long as the whole copy takes. An open view keeps every page that changes, and a busy file grows by gigabytes meanwhile.

use std::collections::BTreeSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

use weighbridge_model::id::BlobId;

use crate::copy::Drops;
use crate::engine::{Changes, Engine, EngineError, Snapshot};

/// Keys that were written or removed, for as long as a copy is made.
#[derive(Debug, Default)]
pub(crate) struct Touched {
    keys: Mutex<Option<BTreeSet<Vec<u8>>>>,
    /// One copy after the other.
    copying: Mutex<()>,
}

/// A copy that is being made; when it is dropped, nobody keeps keys any more.
pub(crate) struct Touching<'a> {
    touched: &'a Touched,
    engine: &'a dyn Engine,
    drops: &'a Drops,
    _alone: MutexGuard<'a, ()>,
}

/// The rows as they are at one instant.
pub(crate) struct View<'a> {
    pub(crate) rows: Box<dyn Snapshot + 'a>,
    /// The keys of those that changed since the view before.
    pub(crate) changed: BTreeSet<Vec<u8>>,
    /// The blobs that were let go of before it, and are still there for the copy's sake alone.
    pub(crate) gone: BTreeSet<BlobId>,
}

impl Touched {
    fn keys(&self) -> MutexGuard<'_, Option<BTreeSet<Vec<u8>>>> {
        self.keys.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The writer holds what this gives until its commit is done: no view is opened between a note and its commit.
    pub(crate) fn note<'a>(&'a self, changes: &Changes) -> impl Sized + use<'a> {
        let mut keys = self.keys();
        if let Some(keys) = keys.as_mut() {
            keys.extend(changes.keys().cloned());
        }
        keys
    }

    /// From now on keys are kept.
    pub(crate) fn begin<'a>(&'a self, engine: &'a dyn Engine, drops: &'a Drops) -> Touching<'a> {
        let alone = self.copying.lock().unwrap_or_else(PoisonError::into_inner);
        *self.keys() = Some(BTreeSet::new());
        Touching { touched: self, engine, drops, _alone: alone }
    }
}

impl<'a> Touching<'a> {
    /// The rows as they are now.
    pub(crate) fn view(&self) -> Result<View<'a>, EngineError> {
        let mut keys = self.touched.keys();
        // Nothing is committed between the two, so no row of the view came to name one of these again.
        let (gone, rows) = (self.drops.waiting(), self.engine.snapshot()?);
        Ok(View { rows, changed: keys.replace(BTreeSet::new()).unwrap_or_default(), gone })
    }
}

impl Drop for Touching<'_> {
    fn drop(&mut self) {
        *self.touched.keys() = None;
    }
}
