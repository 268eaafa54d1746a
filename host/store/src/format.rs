//! The version of all rows, checked at every opening.

use crate::engine::{Changes, Engine, Snapshot};
use crate::error::{OpenError, TxError};
use crate::scope::HostScope;
use crate::tables::{HostRow, Hosts};
use crate::tx::Tx;

/// The version that this code writes.
pub const FORMAT: u32 = 1;

/// What a store without a first row is given.
pub(crate) fn check(engine: &dyn Engine, may_write: bool) -> Result<(), OpenError> {
    match read(&*engine.snapshot()?)? {
        Some(row) if row.format > FORMAT => Err(OpenError::Newer { found: row.format, known: FORMAT }),
        Some(_) => Ok(()),
        None if may_write => Ok(engine.apply(first_row(&*engine.snapshot()?)?)?),
        None => Ok(()),
    }
}

fn read(snapshot: &dyn Snapshot) -> Result<Option<HostRow>, TxError> {
    Tx::new(snapshot, &Changes::new()).get::<Hosts>(&HostScope::new(), &())
}

fn first_row(snapshot: &dyn Snapshot) -> Result<Changes, TxError> {
    let group = Changes::new();
    let mut tx = Tx::new(snapshot, &group);
    tx.put::<Hosts>(&HostScope::new(), &(), &HostRow::fresh(FORMAT))?;
    Ok(tx.into_changes())
}
