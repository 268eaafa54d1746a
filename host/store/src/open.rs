//! How a store is opened.

use std::path::Path;

use crate::engine::{FileEngine, FileSettings};
use crate::error::OpenError;
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
}
