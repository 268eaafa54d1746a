//! The version of all rows, checked at every opening.

use std::path::Path;

use crate::engine::{Changes, Engine, FileEngine, FileSettings, Snapshot};
use crate::error::{OpenError, TxError};
use crate::migrations::{self, MIGRATIONS};
use crate::scope::HostScope;
use crate::tables::{HostRow, Hosts};
use crate::tx::Tx;

/// The version that this code writes: the first one, and one more for each migration.
pub const FORMAT: u32 = 1 + MIGRATIONS.len() as u32;

/// What a store without a first row is given; one of an older format is brought to this one by whoever may write.
pub(crate) fn check(engine: &dyn Engine, may_write: bool) -> Result<(), OpenError> {
    match read(&*engine.snapshot()?)? {
        Some(row) if row.format > FORMAT => Err(OpenError::Newer { found: row.format, known: FORMAT }),
        Some(row) if row.rows_format() == FORMAT => Ok(()),
        Some(row) if may_write => migrations::carry_out(engine, row),
        Some(row) => Err(OpenError::Older { found: row.rows_format(), known: FORMAT }),
        None if may_write => Ok(engine.apply(first_row(&*engine.snapshot()?)?)?),
        None => Ok(()),
    }
}

/// The oldest format that the rows of a store's file may have; nothing where it has none yet. Nothing is changed.
pub fn format_of(path: &Path) -> Result<Option<u32>, OpenError> {
    let engine = FileEngine::open_reading(path, FileSettings::default())?;
    let row = read(&*engine.snapshot()?)?;
    engine.close()?;
    Ok(row.map(|row| row.rows_format()))
}

pub(crate) fn read(snapshot: &dyn Snapshot) -> Result<Option<HostRow>, TxError> {
    Tx::new(snapshot, &Changes::new()).get::<Hosts>(&HostScope::new(), &())
}

fn first_row(snapshot: &dyn Snapshot) -> Result<Changes, TxError> {
    let group = Changes::new();
    let mut tx = Tx::new(snapshot, &group);
    tx.put::<Hosts>(&HostScope::new(), &(), &HostRow::fresh(FORMAT))?;
    Ok(tx.into_changes())
}
