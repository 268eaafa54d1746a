//! A store whose rows have an older format, seen before anything of it is changed.

use std::path::Path;

use weighbridge_model::id::HostId;

use crate::copy::{self, Copied, CopyError, Drops};
use crate::engine::Engine;
use crate::error::OpenError;
use crate::format::{self, FORMAT};
use crate::rows::HostRow;
use crate::touched::Touched;

/// Such a store, which this process alone has open.
pub struct Older<'a> {
    engine: &'a dyn Engine,
    row: HostRow,
}

impl<'a> Older<'a> {
    /// What is there is older, and nothing has been changed yet.
    pub(crate) fn of(engine: &'a dyn Engine) -> Result<Option<Self>, OpenError> {
        let row = format::read(&*engine.snapshot()?)?;
        Ok(row.filter(|row| row.format < FORMAT).map(|row| Self { engine, row }))
    }

    /// The format of its rows.
    pub const fn format(&self) -> u32 {
        self.row.format
    }

    /// Which host it is of; nothing where no version has said so yet.
    pub const fn host(&self) -> Option<HostId> {
        self.row.host
    }

    /// Makes a copy of it at `path`, and of its blobs beside that, which the version that wrote it opens.
    pub fn copy_to(&self, path: &Path) -> Result<Copied, CopyError> {
        copy::copy(self.engine, (&Touched::default(), &Drops::default()), path, &mut |_| true)
    }
}
