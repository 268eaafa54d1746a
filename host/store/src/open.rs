//! How a store is opened.

use std::path::Path;

use crate::engine::{Engine as _, FileEngine, FileSettings};
use crate::error::OpenError;
use crate::older::Older;
use crate::store::Store;

/// What an opening is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// Reading and writing; one process at a time.
    Write,
    /// Reading, beside a process that writes.
    Read,
}

impl Store {
    /// Opens the embedded file.
    pub fn open(path: &Path, access: Access) -> Result<Self, OpenError> {
        let engine = match access {
            Access::Write => FileEngine::open(path, FileSettings::default())?,
            Access::Read => FileEngine::open_reading(path, FileSettings::default())?,
        };
        Self::over(engine, access)
    }

    /// Opens the embedded file for writing. Where its rows have an older format, `before` sees them as they are, with nobody else
    /// at the file; unless it agrees nothing of them is changed. An upgrade that was cut off is gone on with unasked.
    pub fn open_upgrading(path: &Path, before: impl FnOnce(&Older<'_>) -> bool) -> Result<Self, OpenError> {
        let engine = FileEngine::open(path, FileSettings::default())?;
        if let Some(older) = Older::of(&engine)?
            && !before(&older)
        {
            engine.close()?;
            return Err(OpenError::Held);
        }
        Self::over(engine, Access::Write)
    }
}
